package names

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// maxName is the longest name that is looked up, in bytes: no longer one is anybody's.
const maxName = 512

// How a name matched; the words of Candidate.Match.
const (
	MatchExact   = "exact"
	MatchAlias   = "alias"
	MatchFolded  = "folded"
	MatchPartial = "partial"
)

// Resolver answers which actors a name may mean. It is immutable and safe for use by many goroutines.
type Resolver struct {
	actors []intel.Actor
	byID   map[string]int
	// byFold, byKey and byLeet are the ways a name is found, from strong to weak.
	byFold map[string][]owned
	byKey  map[string][]owned
	byLeet map[string][]owned
	// members are the relations to an actor from its members and parts.
	members map[string][]intel.Relation
	// parts finds known names inside a longer string.
	parts *Matcher
}

// owned is one assertion: the actor meant, the actor whose record holds the name (another one where a person merged the two),
// and which of its names.
type owned struct{ actor, holder, name int }

// NewResolver indexes every name of a catalogue.
func NewResolver(c intel.Catalogue) *Resolver {
	r := &Resolver{
		actors: c.Actors, byID: make(map[string]int, len(c.Actors)), byFold: map[string][]owned{}, byKey: map[string][]owned{},
		byLeet: map[string][]owned{}, members: map[string][]intel.Relation{},
	}
	for i, a := range c.Actors {
		r.byID[a.ID] = i
	}
	var entries []Entry
	for i, a := range c.Actors {
		to := r.follow(i)
		for n, name := range a.Names {
			r.enter(owned{to, i, n}, name.Name)
			if !a.Withdrawn && !name.Withdrawn && name.Match == intel.MatchAlways {
				entries = append(entries, Entry{name.Name, intel.MatchAlways, to})
			}
		}
		for _, rel := range a.Relations {
			if rel.Type == intel.RelMemberOf || rel.Type == intel.RelPartOf {
				r.members[rel.To] = append(r.members[rel.To], rel)
			}
		}
	}
	for _, rels := range r.members {
		slices.SortFunc(rels, func(a, b intel.Relation) int { return strings.Compare(a.From, b.From) })
	}
	r.parts = NewMatcher(entries)
	return r
}

// maxMerges bounds a chain of merges, so that a circle of them ends.
const maxMerges = 8

// follow gives the actor that actor i was merged into, or i.
func (r *Resolver) follow(i int) int {
	for range maxMerges {
		j, ok := r.byID[r.actors[i].MergedInto]
		if r.actors[i].MergedInto == "" || !ok {
			return i
		}
		i = j
	}
	return i
}

// enter records one name under every way it may be found.
func (r *Resolver) enter(o owned, name string) {
	if len(name) > maxName {
		return
	}
	fold := Fold(name)
	bare := StripSuffix(fold)
	r.byFold[fold] = append(r.byFold[fold], o)
	// "The Com" must not be found by "com", but "Lazarus" finds the Lazarus Group. "Royal APT" is not what people call Royal: what
	// is left of such a name is found by byKey, when nobody has it as it stands.
	if bare != fold && letters(bare) > 3 && !isCommon(bare) && !isPartOfName(fold[strings.LastIndexByte(fold, ' ')+1:]) {
		r.byFold[bare] = append(r.byFold[bare], o)
	}
	for _, key := range slices.Compact([]string{FoldKey(fold), FoldKey(bare)}) {
		if len(key) < 3 {
			continue
		}
		r.byKey[key] = append(r.byKey[key], o)
		if leet := Unleet(key); !isDigits(key) {
			r.byLeet[leet] = append(r.byLeet[leet], o)
		}
	}
}

// Actor gives an actor by id, following merges.
func (r *Resolver) Actor(id string) (intel.Actor, bool) {
	i, ok := r.byID[id]
	if !ok {
		return intel.Actor{}, false
	}
	return r.actors[r.follow(i)], true
}

// Resolve gives every actor the name may mean, best first; none is an answer too. An id resolves to its actor alone, even where
// others bear a name that is spelled like it; ResolveName does not look at ids.
func (r *Resolver) Resolve(name string) []intel.Candidate {
	if a, ok := r.Actor(name); ok {
		return []intel.Candidate{{ID: a.ID, Name: a.Name, Type: "actor", Match: MatchExact, Why: "its id", Confidence: 1}}
	}
	return r.ResolveName(name)
}

// ResolveName is Resolve for names only. Folded names come before squashed ones, those before spellings with digits for letters,
// and those before names that are only part of what was asked: a weaker way is tried only when the stronger found nobody.
func (r *Resolver) ResolveName(name string) []intel.Candidate {
	if len(name) > maxName || strings.TrimSpace(name) == "" {
		return nil
	}
	bare := Fold(name)
	if c := r.candidates(name, r.byFold[bare], 1); len(c) > 0 {
		return c
	}
	// Word by word, so that "the Mana Team group" is Mana Team and not Mana.
	for s, ok := stripWord(bare); ok; s, ok = stripWord(bare) {
		bare = s
		if c := r.candidates(name, r.byFold[bare], 0.95); len(c) > 0 {
			return c
		}
	}
	key := FoldKey(bare)
	if len(key) < 3 {
		return nil
	}
	if c := r.candidates(name, r.byKey[key], 0.9); len(c) > 0 {
		return c
	}
	if len(key) > 3 && !isDigits(key) && !isCode(key) {
		if c := r.candidates(name, r.byLeet[Unleet(key)], 0.7); len(c) > 0 {
			return c
		}
	}
	return r.partial(name)
}

// isCode reports whether a key is letters and then a number of two digits or more (UNC3944, APT28): there digits are digits.
func isCode(key string) bool {
	i := strings.IndexAny(key, "0123456789")
	return i > 0 && len(key)-i > 1 && isDigits(key[i:])
}

// partialConfidence is that of a name found inside what was asked: below what leaves the house by default.
const partialConfidence = 0.5

// partial finds names inside a longer string that lists several, "UNC3944 / Octo Tempest" or "APT28 (Fancy Bear)". A string that
// merely contains a name among other words ("Akira Foods Ltd") is somebody else's.
func (r *Resolver) partial(asked string) []intel.Candidate {
	if !strings.ContainsAny(asked, "/,;(|") && !strings.Contains(strings.ToLower(asked), " aka ") {
		return nil
	}
	pieces := strings.FieldsFunc(strings.ReplaceAll(asked, " aka ", "/"), func(c rune) bool { return strings.ContainsRune("/,;()[]|", c) })
	byActor := map[int]bool{}
	var out []intel.Candidate
	for _, p := range pieces {
		p = strings.TrimSpace(p)
		for _, m := range r.parts.Find(p) {
			if m.Start != 0 || m.End != len(p) {
				continue
			}
			for _, i := range m.IDs {
				if byActor[i] {
					continue
				}
				byActor[i] = true
				a := r.actors[i]
				out = append(out, intel.Candidate{ID: a.ID, Name: a.Name, Type: "actor", Match: MatchPartial, Why: "“" + p + "” stands in what was asked", Confidence: partialConfidence})
			}
		}
	}
	slices.SortFunc(out, func(a, b intel.Candidate) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// candidates turns assertions into one candidate an actor.
func (r *Resolver) candidates(asked string, found []owned, strength float64) []intel.Candidate {
	if len(found) == 0 {
		return nil
	}
	out := make([]intel.Candidate, 0, 2)
	for _, o := range found {
		i := slices.IndexFunc(out, func(c intel.Candidate) bool { return c.ID == r.actors[o.actor].ID })
		if i < 0 {
			i = len(out)
			out = append(out, intel.Candidate{ID: r.actors[o.actor].ID, Name: r.actors[o.actor].Name, Type: "actor"})
		}
		r.weigh(&out[i], o, asked, strength)
	}
	for i := range out {
		slices.Sort(out[i].UsedBy)
		out[i].UsedBy = slices.Compact(out[i].UsedBy)
	}
	slices.SortFunc(out, func(a, b intel.Candidate) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), strings.Compare(a.ID, b.ID))
	})
	return r.tell(dropWithdrawn(out))
}

// weigh adds one assertion to its actor's candidate. The reason is put in words for the strongest alone.
func (r *Resolver) weigh(c *intel.Candidate, o owned, asked string, strength float64) {
	holder := &r.actors[o.holder]
	n := &holder.Names[o.name]
	match, conf := matchOf(asked, n, holder, strength)
	if o.holder != o.actor {
		conf *= 0.95
	}
	if by := cmp.Or(n.UsedBy, n.Source); by != "" && !slices.Contains(c.UsedBy, by) {
		c.UsedBy = append(c.UsedBy, by)
	}
	c.FirstAsserted, c.LastAsserted = earlier(c.FirstAsserted, n.FirstAsserted), later(c.LastAsserted, n.LastAsserted)
	if conf > c.Confidence {
		c.Match, c.Confidence, c.Withdrawn = match, conf, n.Withdrawn || holder.Withdrawn
		if c.Why = reasonOf(n, holder); o.holder != o.actor {
			c.Why += ", and " + holder.Name + " was merged into it"
		}
	}
}

// matchOf is how a name matches what was asked, and how sure that makes of its actor.
func matchOf(asked string, n *intel.Name, a *intel.Actor, strength float64) (match string, conf float64) {
	match, conf = MatchFolded, strength*0.97
	if n.Name == asked {
		match, conf = MatchAlias, strength*0.98
		if asked == a.Name {
			match, conf = MatchExact, strength
		}
	}
	switch {
	case n.Withdrawn || a.Withdrawn:
		conf *= 0.3
	case n.Extent == intel.ExtentDisputed:
		conf *= 0.6
	case n.Extent == intel.ExtentPartial:
		conf *= 0.8
	}
	return match, conf
}

// reasonOf says in words what a name is to its actor.
func reasonOf(n *intel.Name, a *intel.Actor) string {
	why := "“" + n.Name + "” is a name of it"
	if n.Name == a.Name {
		why = "“" + n.Name + "” is its primary name"
	}
	if n.UsedBy != "" {
		why += ", used by " + n.UsedBy
	}
	switch {
	case n.Withdrawn || a.Withdrawn:
		why += ", since withdrawn by its source"
	case n.Extent == intel.ExtentDisputed:
		why += ", disputed"
	case n.Extent == intel.ExtentPartial:
		why += ", for a part of it"
	}
	return why
}

// dropWithdrawn keeps withdrawn assertions only where nothing stronger is left.
func dropWithdrawn(all []intel.Candidate) []intel.Candidate {
	if len(all) == 0 || all[0].Confidence < 0.4 {
		return all
	}
	return slices.DeleteFunc(all, func(c intel.Candidate) bool { return c.Confidence < 0.4 })
}

// Members are the relations by which others are members or parts of an actor, sorted by the member's id. Their dates say from
// when the member's doings are also the actor's: what a member did before is not.
func (r *Resolver) Members(id string) []intel.Relation { return slices.Clone(r.members[id]) }

// MembersOn are the Members on a day: those that had joined and not left. A relation without a date counts as of always, and
// the unknown day finds only such.
func (r *Resolver) MembersOn(id string, day intel.Date) []intel.Relation {
	return slices.DeleteFunc(r.Members(id), func(rel intel.Relation) bool {
		joined := rel.Since.IsZero() || !day.IsZero() && !day.Before(rel.Since)
		left := !rel.Until.IsZero() && (day.IsZero() || rel.Until.Before(day))
		return !joined || left
	})
}
