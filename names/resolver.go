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
	byFold map[string][]owned
	byKey  map[string][]owned
	byLeet map[string][]owned
}

// owned is one assertion: the actor and which of its names.
type owned struct{ actor, name int }

// NewResolver indexes every name of a catalogue.
func NewResolver(c intel.Catalogue) *Resolver {
	r := &Resolver{actors: c.Actors, byID: map[string]int{}, byFold: map[string][]owned{}, byKey: map[string][]owned{}, byLeet: map[string][]owned{}}
	for i, a := range c.Actors {
		r.byID[a.ID] = i
	}
	for i, a := range c.Actors {
		if a.MergedInto != "" {
			if j, ok := r.byID[a.MergedInto]; ok {
				r.enter(j, i, a)
			}
			continue
		}
		r.enter(i, i, a)
	}
	return r
}

// enter records the names of actor from as meaning actor to; they differ where a person merged the two.
func (r *Resolver) enter(to, from int, a intel.Actor) {
	for n, name := range a.Names {
		o := owned{to, n}
		if from != to {
			o.name = -1
		}
		fold := StripSuffix(Fold(name.Name))
		key := FoldKey(fold)
		if key == "" {
			key = fold
		}
		r.byFold[Fold(name.Name)] = append(r.byFold[Fold(name.Name)], o)
		if fold != Fold(name.Name) {
			r.byFold[fold] = append(r.byFold[fold], o)
		}
		r.byKey[key] = append(r.byKey[key], o)
		if leet := Unleet(key); leet != key || !strings.ContainsAny(key, "0123456789") {
			r.byLeet[leet] = append(r.byLeet[leet], o)
		}
	}
}

// Actor gives an actor by id, following a merge.
func (r *Resolver) Actor(id string) (intel.Actor, bool) {
	for range 8 {
		i, ok := r.byID[id]
		if !ok {
			return intel.Actor{}, false
		}
		if r.actors[i].MergedInto == "" {
			return r.actors[i], true
		}
		id = r.actors[i].MergedInto
	}
	return intel.Actor{}, false
}

// Resolve gives every actor the name may mean, best first; none is an answer too. An id resolves to its actor. Folded names come
// before squashed ones, and those before spellings with digits for letters: a weaker way is tried only when the stronger found
// nobody.
func (r *Resolver) Resolve(name string) []intel.Candidate {
	if len(name) > maxName || strings.TrimSpace(name) == "" {
		return nil
	}
	if a, ok := r.Actor(name); ok {
		return []intel.Candidate{{ID: a.ID, Name: a.Name, Type: "actor", Match: MatchExact, Why: "its id", Confidence: 1}}
	}
	fold := Fold(name)
	if c := r.candidates(name, r.byFold[fold], 1); len(c) > 0 {
		return c
	}
	stripped := StripSuffix(fold)
	if c := r.candidates(name, r.byFold[stripped], 0.95); len(c) > 0 {
		return c
	}
	key := FoldKey(stripped)
	if len(key) < 3 {
		return nil
	}
	if c := r.candidates(name, r.byKey[key], 0.9); len(c) > 0 {
		return c
	}
	if len(key) < 4 || isDigits(key) {
		return nil
	}
	return r.candidates(name, r.byLeet[Unleet(key)], 0.7)
}

// candidates turns assertions into one candidate an actor.
func (r *Resolver) candidates(asked string, found []owned, strength float64) []intel.Candidate {
	byActor := map[int]*intel.Candidate{}
	var order []int
	for _, o := range found {
		c := byActor[o.actor]
		if c == nil {
			a := r.actors[o.actor]
			c = &intel.Candidate{ID: a.ID, Name: a.Name, Type: "actor"}
			byActor[o.actor] = c
			order = append(order, o.actor)
		}
		r.weigh(c, o, asked, strength)
	}
	out := make([]intel.Candidate, 0, len(order))
	for _, i := range order {
		c := byActor[i]
		slices.Sort(c.UsedBy)
		c.UsedBy = slices.Compact(c.UsedBy)
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b intel.Candidate) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), strings.Compare(a.ID, b.ID))
	})
	return dropWithdrawn(out)
}

// weigh adds one assertion to its actor's candidate.
func (r *Resolver) weigh(c *intel.Candidate, o owned, asked string, strength float64) {
	a := r.actors[o.actor]
	match, why, conf, usedBy := MatchFolded, "a name of an actor merged into it", 0.8*strength, ""
	if o.name >= 0 {
		n := a.Names[o.name]
		match, why, conf = matchOf(asked, n, a, strength)
		usedBy = n.UsedBy
		if usedBy == "" {
			usedBy = n.Source
		}
	}
	if usedBy != "" {
		c.UsedBy = append(c.UsedBy, usedBy)
	}
	if conf > c.Confidence {
		c.Match, c.Why, c.Confidence = match, why, conf
	}
}

func matchOf(asked string, n intel.Name, a intel.Actor, strength float64) (match, why string, conf float64) {
	match, conf = MatchFolded, strength*0.97
	switch {
	case n.Name == asked && n.Name == a.Name:
		match, conf = MatchExact, strength
	case n.Name == asked:
		match, conf = MatchAlias, strength*0.98
	}
	why = "“" + n.Name + "” is a name of it"
	if n.Name == a.Name {
		why = "“" + n.Name + "” is its primary name"
	}
	switch {
	case n.Withdrawn:
		why, conf = why+", since withdrawn by its source", conf*0.3
	case n.Extent == intel.ExtentDisputed:
		why, conf = why+", disputed", conf*0.6
	case n.Extent == intel.ExtentPartial:
		why, conf = why+", for a part of it", conf*0.8
	}
	return match, why, conf
}

// dropWithdrawn keeps withdrawn assertions only where nothing stronger is left.
func dropWithdrawn(all []intel.Candidate) []intel.Candidate {
	if len(all) == 0 || all[0].Confidence < 0.4 {
		return all
	}
	return slices.DeleteFunc(all, func(c intel.Candidate) bool { return c.Confidence < 0.4 })
}

// Conflict is one name that several actors own.
type Conflict struct {
	Name       string
	Candidates []intel.Candidate
}

// Conflicts lists every name that is unsafe to resolve automatically, sorted.
func (r *Resolver) Conflicts() []Conflict {
	var out []Conflict
	for fold, found := range r.byFold {
		c := r.candidates(fold, found, 1)
		if len(c) > 1 {
			out = append(out, Conflict{r.spelling(found[0], fold), c})
		}
	}
	slices.SortFunc(out, func(a, b Conflict) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(out, func(a, b Conflict) bool { return a.Name == b.Name })
}

func (r *Resolver) spelling(o owned, fold string) string {
	if o.name < 0 {
		return fold
	}
	return r.actors[o.actor].Names[o.name].Name
}

// Members are the relations by which others are members or parts of an actor, sorted by the member's id.
func (r *Resolver) Members(id string) []intel.Relation {
	var out []intel.Relation
	for _, a := range r.actors {
		for _, rel := range a.Relations {
			if rel.To == id && (rel.Type == intel.RelMemberOf || rel.Type == intel.RelPartOf) {
				out = append(out, rel)
			}
		}
	}
	slices.SortFunc(out, func(a, b intel.Relation) int { return strings.Compare(a.From, b.From) })
	return out
}
