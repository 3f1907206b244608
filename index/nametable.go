package index

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// prefix is one place where type-ahead may begin: a name, or a later word of it.
type prefix struct {
	key    string
	id     string
	name   string
	victim bool
	inner  bool
}

// nameTable finds actors and victims by any of their names. Actors are few, change seldom and have hard names: their resolver
// is made anew when one changes. Victims are many, and reports bring new ones all the time: their names are kept one by one.
type nameTable struct {
	resolver *names.Resolver
	stale    bool
	// external are actors by their ids in other catalogues, folded.
	external map[string][]string

	victims  map[string][]string
	domains  map[string][]string
	prefixes []prefix
	sorted   int
	gone     bool
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
	if old != nil {
		t.gone = true
		return
	}
	t.prefixActor(a)
}

func (t *nameTable) prefixActor(a *intel.Actor) {
	if a.Withdrawn {
		return
	}
	t.addPrefixes(a.ID, a.Name, false)
	for _, n := range a.Names {
		if !n.Withdrawn && n.Name != a.Name {
			t.addPrefixes(a.ID, n.Name, false)
		}
	}
}

func victimNames(v *intel.Victim) []string { return appendNew([]string{v.Name}, v.Names...) }

func (t *nameTable) putVictim(old, v *intel.Victim) {
	if old != nil && slices.Equal(victimNames(old), victimNames(v)) && slices.Equal(old.Domains, v.Domains) {
		return
	}
	if old != nil {
		for _, n := range victimNames(old) {
			dropID(t.victims, victimKey(n), v.ID)
		}
		for _, d := range old.Domains {
			dropID(t.domains, strings.ToLower(d), v.ID)
		}
		t.gone = true
	}
	for _, n := range victimNames(v) {
		if k := victimKey(n); k != "" {
			t.victims[k] = appendNew(t.victims[k], v.ID)
		}
	}
	for _, d := range v.Domains {
		t.domains[strings.ToLower(d)] = appendNew(t.domains[strings.ToLower(d)], v.ID)
	}
	if !t.gone {
		t.prefixVictim(v)
	}
}

func (t *nameTable) prefixVictim(v *intel.Victim) {
	for _, n := range victimNames(v) {
		t.addPrefixes(v.ID, n, true)
	}
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

// addPrefixes lets type-ahead find a name by its beginning and by the beginning of its later words.
func (t *nameTable) addPrefixes(id, name string, victim bool) {
	key := names.Fold(name)
	if key == "" {
		return
	}
	t.prefixes = append(t.prefixes, prefix{key, id, name, victim, false})
	words := 0
	for i := 1; i < len(key) && words < 6; i++ {
		if key[i-1] == ' ' && key[i] != ' ' {
			t.prefixes = append(t.prefixes, prefix{key[i:], id, name, victim, true})
			words++
		}
	}
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
	if t.gone {
		t.prefixes, t.sorted, t.gone = nil, 0, false
		for _, a := range m.actors {
			t.prefixActor(a)
		}
		for _, v := range m.victims {
			t.prefixVictim(v)
		}
	}
	if t.sorted == len(t.prefixes) {
		return
	}
	tail := t.prefixes[t.sorted:]
	slices.SortFunc(tail, comparePrefixes)
	merged := make([]prefix, 0, len(t.prefixes)+len(t.prefixes)/8)
	for head := t.prefixes[:t.sorted]; len(head) > 0 || len(tail) > 0; {
		if len(tail) == 0 || len(head) > 0 && comparePrefixes(head[0], tail[0]) <= 0 {
			merged, head = append(merged, head[0]), head[1:]
		} else {
			merged, tail = append(merged, tail[0]), tail[1:]
		}
	}
	t.prefixes = slices.Compact(merged)
	t.sorted = len(t.prefixes)
}

func comparePrefixes(a, b prefix) int {
	return cmp.Or(strings.Compare(a.key, b.key), strings.Compare(a.id, b.id), strings.Compare(a.name, b.name))
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
func (t *nameTable) starting(key string) []prefix {
	out := t.own(key)
	if t.base == nil {
		return out
	}
	out = slices.Clone(out)
	for _, p := range t.base.own(key) {
		if p.victim {
			out = append(out, p)
		}
	}
	return out
}

func (t *nameTable) own(key string) []prefix {
	lo := sort.Search(len(t.prefixes), func(i int) bool { return t.prefixes[i].key >= key })
	hi := lo
	for hi < len(t.prefixes) && strings.HasPrefix(t.prefixes[hi].key, key) {
		hi++
	}
	return t.prefixes[lo:hi]
}
