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
	// Why and Reference say on what it rests.
	Why       string `yaml:"why"`
	Reference string `yaml:"reference"`
}

// Join puts the catalogues together. Records of two catalogues are one actor only one to one: by identical primary name first,
// then by an ATT&CK id that exactly one actor carries which carries no other, then by the crosswalk. A row of Microsoft's joins the
// one actor that carries its primary name, when no other row does. What is not joined but shares a name overlaps. Nothing is
// joined because it shares a name, and nothing transitively.
func Join(misp, attack, microsoft intel.Catalogue, links []Link) intel.Catalogue {
	j := &joiner{actors: slices.Clone(misp.Actors), into: map[string]string{}}
	j.join(attack.Actors, j.attackPartner(attack.Actors, links))
	j.join(microsoft.Actors, j.microsoftPartner(microsoft.Actors, links))
	j.overlap()
	out := intel.Catalogue{
		Actors: j.actors, Software: slices.Concat(misp.Software, attack.Software, microsoft.Software),
		Techniques: slices.Concat(misp.Techniques, attack.Techniques, microsoft.Techniques),
	}
	slices.SortFunc(out.Actors, func(a, b intel.Actor) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(out.Software, func(a, b intel.Software) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(out.Techniques, func(a, b intel.Technique) int { return strings.Compare(a.ID, b.ID) })
	operators(&out)
	return out
}

type joiner struct {
	actors []intel.Actor
	// into says which joined actor a primary name of a later catalogue became.
	into map[string]string
}

// byPrimary indexes actors by folded primary name; a name that two carry finds nobody.
func byPrimary(actors []intel.Actor) map[string]int {
	out := map[string]int{}
	for i, a := range actors {
		key := Fold(a.Name)
		if _, twice := out[key]; twice {
			out[key] = -1
			continue
		}
		out[key] = i
	}
	return out
}

func (j *joiner) attackPartner(groups []intel.Actor, links []Link) func(intel.Actor) int {
	primary := byPrimary(j.actors)
	taken := map[int]bool{}
	for _, g := range groups {
		if i, ok := primary[Fold(g.Name)]; ok && i >= 0 {
			taken[i] = true
		}
	}
	carriers := map[string][]int{}
	for i, a := range j.actors {
		if ids := a.ExternalIDs["attack"]; len(ids) == 1 {
			carriers[ids[0]] = append(carriers[ids[0]], i)
		} else {
			for _, id := range ids {
				carriers[id] = append(carriers[id], -1)
			}
		}
	}
	crosswalk := map[string]string{}
	for _, l := range links {
		if l.Attack != "" && l.MISP != "" {
			crosswalk[l.Attack] = Fold(l.MISP)
		}
	}
	return func(g intel.Actor) int {
		if i, ok := primary[Fold(g.Name)]; ok && i >= 0 {
			return i
		}
		id := g.ExternalIDs["attack"][0]
		if c := carriers[id]; len(c) == 1 && c[0] >= 0 && !taken[c[0]] {
			taken[c[0]] = true
			return c[0]
		}
		if i, ok := primary[crosswalk[id]]; ok && i >= 0 && !taken[i] {
			taken[i] = true
			return i
		}
		return -1
	}
}

func (j *joiner) microsoftPartner(rows []intel.Actor, links []Link) func(intel.Actor) int {
	primary := byPrimary(j.actors)
	owners := map[string][]int{}
	for i, a := range j.actors {
		for _, n := range a.Names {
			if k := Fold(n.Name); !slices.Contains(owners[k], i) {
				owners[k] = append(owners[k], i)
			}
		}
	}
	claimed := map[int]int{}
	for _, r := range rows {
		if o := owners[Fold(r.Name)]; len(o) == 1 {
			claimed[o[0]]++
		}
	}
	crosswalk := map[string]string{}
	for _, l := range links {
		if l.Microsoft != "" {
			crosswalk[Fold(l.Microsoft)] = Fold(l.MISP)
		}
	}
	return func(r intel.Actor) int {
		if i, ok := primary[crosswalk[Fold(r.Name)]]; ok && i >= 0 {
			return i
		}
		if i, ok := primary[Fold(r.Name)]; ok && i >= 0 {
			return i
		}
		if o := owners[Fold(r.Name)]; len(o) == 1 && claimed[o[0]] == 1 {
			return o[0]
		}
		return -1
	}
}

// join lays each record over its partner, or adds it as an actor of its own.
func (j *joiner) join(records []intel.Actor, partner func(intel.Actor) int) {
	ids := map[string]bool{}
	for _, a := range j.actors {
		ids[a.ID] = true
	}
	for _, r := range records {
		i := partner(r)
		if i < 0 {
			if ids[r.ID] {
				r.ID += "-" + r.Origin
			}
			ids[r.ID] = true
			j.into[r.Name] = r.ID
			j.actors = append(j.actors, r)
			continue
		}
		a := &j.actors[i]
		j.into[r.Name] = a.ID
		for _, n := range r.Names {
			if !slices.ContainsFunc(a.Names, func(o intel.Name) bool { return o.Name == n.Name && o.Source == n.Source }) {
				a.Names = append(a.Names, n)
			}
		}
		for k, v := range r.ExternalIDs {
			a.ExternalIDs[k] = slices.Compact(slices.Sorted(slices.Values(append(a.ExternalIDs[k], v...))))
		}
		a.Country = cmp.Or(a.Country, r.Country)
	}
}

// overlap relates actors of different catalogues that share a name and were not joined.
func (j *joiner) overlap() {
	owners := map[string][]int{}
	for i, a := range j.actors {
		for _, n := range a.Names {
			if k := Fold(n.Name); !slices.Contains(owners[k], i) {
				owners[k] = append(owners[k], i)
			}
		}
	}
	for _, o := range owners {
		for _, x := range o {
			for _, y := range o {
				a, b := &j.actors[x], j.actors[y]
				if a.ID >= b.ID || slices.ContainsFunc(a.Relations, func(r intel.Relation) bool { return r.To == b.ID }) {
					continue
				}
				a.Relations = append(a.Relations, intel.Relation{From: a.ID, Type: intel.RelOverlaps, To: b.ID, Source: "shared name", Confidence: 0.5})
			}
		}
	}
	for i := range j.actors {
		slices.SortFunc(j.actors[i].Relations, func(a, b intel.Relation) int {
			return cmp.Or(strings.Compare(string(a.Type), string(b.Type)), strings.Compare(a.To, b.To))
		})
	}
}

// operators ties software to actors: a ransomware brand to the actor of the same primary name, and what ATT&CK says a group
// uses to the joined actor.
func operators(c *intel.Catalogue) {
	primary := byPrimary(c.Actors)
	byAttack := map[string]string{}
	for _, a := range c.Actors {
		for _, id := range a.ExternalIDs["stix"] {
			byAttack[id] = a.ID
		}
	}
	for i := range c.Software {
		s := &c.Software[i]
		var users []string
		for _, group := range s.UsedBy {
			if id := byAttack[group]; id != "" {
				users = append(users, id)
			}
		}
		s.UsedBy = users
		if s.Kind != "ransomware-brand" {
			continue
		}
		if o, ok := primary[StripSuffix(Fold(s.Name))]; ok && o >= 0 {
			s.OperatedBy = append(s.OperatedBy, c.Actors[o].ID)
		}
	}
}
