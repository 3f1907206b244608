package names

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// Link says that a person found two records to be one actor: an entry of data/crosswalk.yaml.
type Link struct {
	// MISP is a primary name of MISP galaxy, Attack an ATT&CK group id, Microsoft a primary name of Microsoft's table.
	MISP      string `yaml:"misp"`
	Attack    string `yaml:"attack"`
	Microsoft string `yaml:"microsoft"`
	// ID, where given, is the id of the actor, for one whose primary name in its first catalogue is not what people look for. It
	// never changes.
	ID string `yaml:"id"`
	// Apart says that the records are not one actor, whatever else would join them: how a join is undone.
	Apart bool `yaml:"apart"`
	// Actor, with Apart, is the id of the actor that the record is kept apart from, in place of its name in MISP galaxy.
	Actor string `yaml:"-"`
	// By and At say who decided, and when, where it was a user of the program.
	By string `yaml:"by,omitempty"`
	At string `yaml:"at,omitempty"`
	// Why and Reference say on what it rests.
	Why       string `yaml:"why"`
	Reference string `yaml:"reference"`
}

// The reasons of a join, in the order in which they are tried.
const (
	whyPrimary   = "identical primary name"
	whyAttackID  = "carries this ATT&CK id and no other, and nobody else carries it"
	whyCrosswalk = "crosswalk"
	whyRow       = "alone carries the row's primary name, and no other row's"
)

// Join puts the catalogues together. Records of two catalogues are one actor only one to one: by identical primary name first,
// then by an ATT&CK id that exactly one actor carries which carries no other, then by the crosswalk. A row of Microsoft's joins the
// one actor that carries its primary name, when no other row does. What is not joined but shares a name overlaps. Nothing is
// joined because it shares a name, and nothing transitively. The catalogues' own order does not matter; each join is recorded.
func Join(misp, attack, microsoft intel.Catalogue, links []Link) intel.Catalogue {
	j := &joiner{}
	j.add(misp.Actors, links)
	attack.Actors = pin(attack.Actors, links)
	links, apart := sides(links)
	j.apart = apart
	j.join(attack.Actors, j.attackPartner(attack.Actors, links))
	j.join(microsoft.Actors, j.microsoftPartner(microsoft.Actors, links))
	overlap(j.actors)
	out := intel.Catalogue{
		Actors: j.actors, Software: slices.Concat(misp.Software, attack.Software, microsoft.Software),
		Techniques: slices.Concat(misp.Techniques, attack.Techniques, microsoft.Techniques),
		Campaigns:  slices.Concat(misp.Campaigns, attack.Campaigns, microsoft.Campaigns), Joins: j.joins,
	}
	slices.SortFunc(out.Actors, func(a, b intel.Actor) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(out.Software, func(a, b intel.Software) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(out.Techniques, func(a, b intel.Technique) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(out.Campaigns, func(a, b intel.Campaign) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(out.Joins, func(a, b intel.Join) int {
		return cmp.Or(strings.Compare(a.Actor, b.Actor), strings.Compare(a.Origin, b.Origin), strings.Compare(a.Record, b.Record))
	})
	tie(&out)
	return out
}

// add takes the actors of the first catalogue, those that the crosswalk pins under their pinned ids.
func (j *joiner) add(actors []intel.Actor, links []Link) {
	pinned := map[string]string{}
	for _, l := range links {
		if l.ID != "" && l.MISP != "" {
			pinned[Fold(l.MISP)] = l.ID
		}
	}
	j.actors = renamed(actors, func(a intel.Actor) string { return pinned[Fold(a.Name)] })
}

// pin gives groups that the crosswalk pins without a MISP actor their ids.
func pin(groups []intel.Actor, links []Link) []intel.Actor {
	pinned := map[string]string{}
	for _, l := range links {
		if l.ID != "" && l.MISP == "" && l.Attack != "" {
			pinned[l.Attack] = l.ID
		}
	}
	return renamed(groups, func(a intel.Actor) string { return pinned[recordID(a)] })
}

// renamed copies actors under the ids that id gives them, where it gives one, and lets their relations follow.
func renamed(actors []intel.Actor, id func(intel.Actor) string) []intel.Actor {
	to := map[string]string{}
	out := make([]intel.Actor, len(actors))
	for i, a := range actors {
		out[i] = clone(a)
		if to[a.ID] = id(a); to[a.ID] != "" {
			out[i].ID = to[a.ID]
		}
	}
	for i := range out {
		for k := range out[i].Relations {
			r := &out[i].Relations[k]
			r.From, r.To = out[i].ID, cmp.Or(to[r.To], r.To)
		}
	}
	return out
}

// clone copies an actor as far as a join writes to it.
func clone(a intel.Actor) intel.Actor {
	ids := make(map[string][]string, len(a.ExternalIDs))
	for k, v := range a.ExternalIDs {
		ids[k] = slices.Clone(v)
	}
	a.Names, a.Relations, a.ExternalIDs = slices.Clone(a.Names), slices.Clone(a.Relations), ids
	return a
}

type joiner struct {
	actors []intel.Actor
	joins  []intel.Join
	// apart are the records that people keep from an actor, as "origin record\x00folded primary name".
	apart map[string]bool
}

// sides parts the links that join from those that keep apart. What a later link says about the same records stands.
func sides(links []Link) (together []Link, apart map[string]bool) {
	apart = map[string]bool{}
	for _, l := range links {
		for _, key := range []string{apartKey("attack", l.Attack, l.MISP), apartKey("microsoft", Fold(l.Microsoft), l.MISP)} {
			if l.MISP != "" && (l.Attack != "" || l.Microsoft != "") {
				apart[key] = l.Apart
			}
		}
		for _, key := range []string{idKey("attack", l.Attack, l.Actor), idKey("microsoft", Fold(l.Microsoft), l.Actor)} {
			if l.Actor != "" {
				apart[key] = l.Apart
			}
		}
		if !l.Apart {
			together = append(together, l)
		}
	}
	return together, apart
}

func apartKey(origin, record, misp string) string { return origin + " " + record + "\x00" + Fold(misp) }

func idKey(origin, record, id string) string { return origin + " " + record + "\x00\x00" + id }

// Apart is the link that keeps a joined record from its actor: the one that key names.
func Apart(actor, key, by, at, why string) Link {
	l := Link{Actor: actor, Apart: true, By: by, At: at, Why: why}
	switch origin, record, _ := strings.Cut(key, ":"); origin {
	case "attack":
		l.Attack = record
	case "microsoft":
		l.Microsoft = record
	}
	return l
}

// kept reports whether people keep a record from an actor.
func (j *joiner) kept(r intel.Actor, i int) bool {
	record := recordID(r)
	if r.Origin == "microsoft" {
		record = Fold(record)
	}
	return j.apart[apartKey(r.Origin, record, j.actors[i].Name)] || j.apart[idKey(r.Origin, record, j.actors[i].ID)]
}

// partner says which actor a record is, and why; -1 for none.
type partner func(intel.Actor) (int, string)

// byPrimary indexes actors by folded primary name; a name that two carry finds nobody.
func byPrimary(actors []intel.Actor, fold func(string) string) map[string]int {
	out := map[string]int{}
	for i, a := range actors {
		key := fold(a.Name)
		if _, twice := out[key]; twice {
			out[key] = -1
			continue
		}
		out[key] = i
	}
	return out
}

// byName indexes actors by every folded name, each once.
func byName(actors []intel.Actor) map[string][]int {
	out := map[string][]int{}
	for i, a := range actors {
		for _, n := range a.Names {
			if k := Fold(n.Name); !slices.Contains(out[k], i) {
				out[k] = append(out[k], i)
			}
		}
	}
	return out
}

// attackPartner finds a group's actor, one to one. The ways go one after another over all groups, and an actor that two groups
// find in the same way is neither's: so the order of the groups does not matter.
func (j *joiner) attackPartner(groups []intel.Actor, links []Link) partner {
	primary, theirs, carriers := byPrimary(j.actors, Fold), byPrimary(groups, Fold), j.carriers()
	crosswalk := map[string]string{}
	for _, l := range links {
		if l.Attack != "" && l.MISP != "" {
			crosswalk[l.Attack] = Fold(l.MISP)
		}
	}
	ways := map[string]func(intel.Actor) (int, bool){
		whyPrimary: func(g intel.Actor) (int, bool) {
			i, ok := primary[Fold(g.Name)]
			return i, ok && theirs[Fold(g.Name)] >= 0
		},
		whyAttackID: func(g intel.Actor) (int, bool) {
			i, ok := carriers[recordID(g)]
			return i, ok
		},
		whyCrosswalk: func(g intel.Actor) (int, bool) {
			i, ok := primary[crosswalk[recordID(g)]]
			return i, ok
		},
	}
	found, why, taken := map[string]int{}, map[string]string{}, map[int]bool{}
	for _, way := range []string{whyPrimary, whyAttackID, whyCrosswalk} {
		finders := map[int][]string{}
		for _, g := range groups {
			if i, ok := ways[way](g); ok && i >= 0 && !j.kept(g, i) && why[g.ID] == "" && !taken[i] {
				finders[i] = append(finders[i], g.ID)
			}
		}
		for i, ids := range finders {
			if len(ids) == 1 {
				found[ids[0]], why[ids[0]], taken[i] = i, way, true
			}
		}
	}
	return func(g intel.Actor) (int, string) {
		if why[g.ID] == "" {
			return -1, ""
		}
		return found[g.ID], why[g.ID]
	}
}

// carriers says which actor alone carries an ATT&CK id and no other; -1 where there is no such actor.
func (j *joiner) carriers() map[string]int {
	out := map[string]int{}
	for i, a := range j.actors {
		ids := slices.Compact(slices.Sorted(slices.Values(a.ExternalIDs["attack"])))
		for _, id := range ids {
			if _, twice := out[id]; twice || len(ids) > 1 {
				out[id] = -1
				continue
			}
			out[id] = i
		}
	}
	return out
}

func (j *joiner) microsoftPartner(rows []intel.Actor, links []Link) partner {
	primary := byPrimary(j.actors, Fold)
	owners := byName(j.actors)
	crosswalk := map[string]string{}
	for _, l := range links {
		if l.Microsoft != "" && l.MISP != "" {
			crosswalk[Fold(l.Microsoft)] = Fold(l.MISP)
		}
	}
	anyway := func(r intel.Actor) (int, string) {
		key := Fold(r.Name)
		if i, ok := primary[crosswalk[key]]; ok && i >= 0 {
			return i, whyCrosswalk
		}
		if i, ok := primary[key]; ok && i >= 0 {
			return i, whyPrimary
		}
		if o := owners[key]; len(o) == 1 {
			return o[0], whyRow
		}
		return -1, ""
	}
	find := func(r intel.Actor) (int, string) {
		i, why := anyway(r)
		if i >= 0 && j.kept(r, i) {
			return -1, ""
		}
		return i, why
	}
	// One to one: what people decided goes first, then the primary name, then the only row that an actor carries.
	rank := map[string]int{whyCrosswalk: 1, whyPrimary: 2, whyRow: 3}
	best, rivals := map[int]int{}, map[int]int{}
	for _, r := range rows {
		i, why := find(r)
		switch k := rank[why]; {
		case i < 0:
		case best[i] == 0 || k < best[i]:
			best[i], rivals[i] = k, 1
		case k == best[i]:
			rivals[i]++
		}
	}
	return func(r intel.Actor) (int, string) {
		i, why := find(r)
		if i >= 0 && (rank[why] != best[i] || rivals[i] > 1) {
			return -1, ""
		}
		return i, why
	}
}

// join lays each record over its partner, or adds it as an actor of its own.
func (j *joiner) join(records []intel.Actor, partner partner) {
	ids := map[string]bool{}
	for _, a := range j.actors {
		ids[a.ID] = true
	}
	for _, r := range records {
		i, why := partner(r)
		if i < 0 {
			r = clone(r)
			if ids[r.ID] {
				r.ID += "-" + r.Origin
				for k := range r.Relations {
					r.Relations[k].From = r.ID
				}
			}
			ids[r.ID] = true
			j.actors = append(j.actors, r)
			continue
		}
		merge(&j.actors[i], r)
		j.joins = append(j.joins, intel.Join{Actor: j.actors[i].ID, Origin: r.Origin, Record: recordID(r), Why: why})
	}
}

// recordID is a record's id in its own catalogue.
func recordID(a intel.Actor) string {
	if ids := a.ExternalIDs[a.Origin]; len(ids) > 0 {
		return ids[0]
	}
	return a.Name
}

// merge adds what record r says to actor a.
func merge(a *intel.Actor, r intel.Actor) {
	for _, n := range r.Names {
		if !slices.ContainsFunc(a.Names, func(o intel.Name) bool { return o.Name == n.Name && o.Source == n.Source }) {
			a.Names = append(a.Names, n)
		}
	}
	if a.ExternalIDs == nil {
		a.ExternalIDs = map[string][]string{}
	}
	for k, v := range r.ExternalIDs {
		a.ExternalIDs[k] = slices.Compact(slices.Sorted(slices.Values(slices.Concat(a.ExternalIDs[k], v))))
	}
	for _, rel := range r.Relations {
		rel.From = a.ID
		if rel.To != a.ID {
			a.Relations = append(a.Relations, rel)
		}
	}
	for _, m := range r.Motivation {
		if !slices.Contains(a.Motivation, m) {
			a.Motivation = append(a.Motivation, m)
		}
	}
	a.Country = cmp.Or(a.Country, r.Country)
}

// overlap relates actors that share a name and are not one.
func overlap(actors []intel.Actor) {
	for _, o := range byName(actors) {
		for _, x := range o {
			for _, y := range o {
				a, b := &actors[x], actors[y]
				if a.ID >= b.ID || slices.ContainsFunc(a.Relations, func(r intel.Relation) bool { return r.To == b.ID }) {
					continue
				}
				a.Relations = append(a.Relations, intel.Relation{From: a.ID, Type: intel.RelOverlaps, To: b.ID, Source: "shared name", Confidence: 0.5})
			}
		}
	}
	for i := range actors {
		slices.SortFunc(actors[i].Relations, func(a, b intel.Relation) int {
			return cmp.Or(strings.Compare(string(a.Type), string(b.Type)), strings.Compare(a.To, b.To), strings.Compare(a.Source, b.Source))
		})
	}
}

// tie turns the STIX ids of groups in software and campaigns into actor ids, and ties a ransomware brand to the actor of the
// same primary name.
func tie(c *intel.Catalogue) {
	primary, whole := byPrimary(c.Actors, Fold), byPrimary(c.Actors, FoldKey)
	bySTIX := map[string]string{}
	for _, a := range c.Actors {
		for _, id := range a.ExternalIDs["stix"] {
			bySTIX[id] = a.ID
		}
	}
	known := func(groups []string) []string {
		var out []string
		for _, g := range groups {
			if id := bySTIX[g]; id != "" && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
		slices.Sort(out)
		return out
	}
	for i := range c.Campaigns {
		c.Campaigns[i].AttributedTo = known(c.Campaigns[i].AttributedTo)
	}
	for i := range c.Software {
		s := &c.Software[i]
		s.UsedBy = known(s.UsedBy)
		o, ok := primary[StripSuffix(Fold(s.Name))]
		if !ok {
			o, ok = whole[FoldKey(s.Name)]
		}
		if ok && o >= 0 && s.Kind == "ransomware-brand" {
			s.OperatedBy = append(s.OperatedBy, c.Actors[o].ID)
		}
	}
}
