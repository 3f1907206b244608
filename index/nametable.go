package index

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// nameTable finds actors and victims by any of their names. Actors are few, change seldom and have hard names: their resolver
// is made anew when one changes. Victims are many, and reports bring new ones all the time: their names are kept one by one.
type nameTable struct {
	resolver *names.Resolver
	stale    bool
	// external are actors by their ids in other catalogues, folded.
	external map[string][]string

	victims  map[string][]string
	domains  map[string][]string
	prefixes prefixes
	// base is the table of today, whose organisations a table of the past has.
	base *nameTable
}

func newNameTable() *nameTable {
	return &nameTable{
		resolver: names.NewResolver(intel.Catalogue{}), victims: map[string][]string{}, domains: map[string][]string{},
	}
}

// victimKey is what two spellings of an organisation's name share.
func victimKey(name string) string {
	if k := names.FoldKey(names.FoldOrg(name)); k != "" {
		return k
	}
	return fold(strings.TrimSpace(name))
}

func (t *nameTable) putActor(old, a *intel.Actor) {
	if old == nil && a.Withdrawn {
		t.stale = true
		return
	}
	if old != nil && old.Name == a.Name && slices.Equal(old.Names, a.Names) && old.MergedInto == a.MergedInto &&
		old.Withdrawn == a.Withdrawn && maps.EqualFunc(old.ExternalIDs, a.ExternalIDs, slices.Equal) {
		return
	}
	t.stale = true
	t.prefixes.put(bearer{id: a.ID}, actorNames(old), actorNames(a))
}

// actorNames are the names that type-ahead finds an actor by: none of one that is withdrawn, or not there.
func actorNames(a *intel.Actor) []string {
	if a == nil || a.Withdrawn {
		return nil
	}
	out := []string{a.Name}
	for _, n := range a.Names {
		if !n.Withdrawn {
			out = appendNew(out, n.Name)
		}
	}
	return out
}

func victimNames(v *intel.Victim) []string { return appendNew([]string{v.Name}, v.Names...) }

func (t *nameTable) putVictim(old, v *intel.Victim) {
	if old != nil && slices.Equal(victimNames(old), victimNames(v)) && slices.Equal(old.Domains, v.Domains) {
		return
	}
	var was []string
	if old != nil {
		was = victimNames(old)
		for _, n := range was {
			dropID(t.victims, victimKey(n), v.ID)
		}
		for _, d := range old.Domains {
			dropID(t.domains, strings.ToLower(d), v.ID)
		}
	}
	for _, n := range victimNames(v) {
		if k := victimKey(n); k != "" {
			t.victims[k] = appendNew(t.victims[k], v.ID)
		}
	}
	for _, d := range v.Domains {
		t.domains[strings.ToLower(d)] = appendNew(t.domains[strings.ToLower(d)], v.ID)
	}
	t.prefixes.put(bearer{v.ID, true}, was, victimNames(v))
}

func dropID(by map[string][]string, key, id string) {
	l := by[key]
	if i := slices.Index(l, id); i >= 0 {
		l = slices.Delete(slices.Clone(l), i, i+1)
	}
	if len(l) == 0 {
		delete(by, key)
		return
	}
	by[key] = l
}

// settle brings resolver and type-ahead in line with the records after a batch.
func (t *nameTable) settle(m *model) {
	if t.stale {
		t.stale = false
		c := m.catalogue()
		t.resolver, t.external = names.NewResolver(c), map[string][]string{}
		for _, a := range c.Actors {
			for _, ids := range a.ExternalIDs {
				for _, id := range ids {
					t.external[fold(id)] = appendNew(t.external[fold(id)], m.canonActor(a.ID))
				}
			}
		}
	}
	t.prefixes.settle()
}

// catalogue gives the actors that may be meant, sorted by id. One that its catalogue withdrew may be meant still: the resolver says
// so, and prefers those that stand.
func (m *model) catalogue() intel.Catalogue {
	var c intel.Catalogue
	for _, a := range m.actors {
		c.Actors = append(c.Actors, *a)
	}
	slices.SortFunc(c.Actors, func(a, b intel.Actor) int { return strings.Compare(a.ID, b.ID) })
	return c
}

// starting gives the type-ahead entries that begin with key: of a table of the past, its actors and the organisations held.
func (t *nameTable) starting(key string) iter.Seq[prefix] {
	if t.base == nil {
		return t.prefixes.starting(key)
	}
	return func(yield func(prefix) bool) {
		for p := range t.prefixes.starting(key) {
			if !yield(p) {
				return
			}
		}
		for p := range t.base.prefixes.starting(key) {
			if p.victim && !yield(p) {
				return
			}
		}
	}
}
