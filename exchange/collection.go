package exchange

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// Entry is a version in a collection, with the time it was added to that collection. No two entries of a collection share one.
type Entry struct {
	Added time.Time
	v     *Version
	fixed Object
}

// ID names the entry's object.
func (e Entry) ID() string {
	if e.v != nil {
		return e.v.ID
	}
	return text(e.fixed["id"])
}

// Type is the STIX type of the entry's object.
func (e Entry) Type() string {
	if e.v != nil {
		return e.v.Type
	}
	return text(e.fixed["type"])
}

// Version is the entry's version as its object writes it.
func (e Entry) Version() string {
	if e.v != nil {
		return stixTime(e.v.Modified)
	}
	return cmp.Or(text(e.fixed["modified"]), text(e.fixed["created"]))
}

func (e Entry) over() bool { return e.v != nil && e.v.over }

// Collection is what a TAXII client can follow: all objects, or those of one sector. An object enters a sector's collection when the
// first incident of the sector that concerns it does, and leaves it never: what is withdrawn is told there.
type Collection struct {
	// ID is a UUID, Alias a name to write by hand; Sector is empty for the collection of everything.
	ID, Alias, Sector string
	// Title is that of a watchlist; empty for the others.
	Title   string
	members map[owner]bool
	order   []Entry
	at      map[string]Entry
	ended   int
}

func newCollection(sector string) *Collection {
	c := &Collection{ID: intel.UUIDv5("taxii", "collection", sector), Alias: "all", Sector: sector, members: map[owner]bool{}, at: map[string]Entry{}}
	if sector != "" {
		c.Alias = "sector-" + strings.Join(strings.FieldsFunc(strings.ToLower(sector), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }), "-")
	}
	for i, o := range Fixed() {
		e := Entry{Added: epoch().Add(time.Duration(i) * time.Microsecond), fixed: o}
		c.order = append(c.order, e)
		c.at[e.ID()] = e
	}
	return c
}

// Collections are the collections of a graph: all first, then the sectors by name, then the watchlists by id.
func (g *Graph) Collections() []*Collection {
	out := make([]*Collection, 0, len(g.collections))
	for _, sector := range sortedKeys(g.collections) {
		out = append(out, g.collections[sector])
	}
	return append(out, g.watchCollections()...)
}

// Collection finds a collection by id or alias.
func (g *Graph) Collection(idOrAlias string) *Collection {
	for _, c := range g.Collections() {
		if c.ID == idOrAlias || c.Alias == idOrAlias {
			return c
		}
	}
	return nil
}

// After gives up to limit entries added after a time that meet a condition, and whether there are more. Only the latest version of an
// object is there; an object that changes moves to the end, so that who follows misses nothing.
func (c *Collection) After(after time.Time, limit int, meets func(Entry) bool) (page []Entry, more bool) {
	from := sort.Search(len(c.order), func(i int) bool { return c.order[i].Added.After(after) })
	for _, e := range c.order[from:] {
		if e.over() || !meets(e) {
			continue
		}
		if len(page) == limit {
			return page, true
		}
		page = append(page, e)
	}
	return page, false
}

// Entry gives the entry of an object.
func (c *Collection) Entry(id string) (Entry, bool) {
	e, ok := c.at[id]
	return e, ok
}

// Write writes entries as STIX objects.
func (g *Graph) Write(entries []Entry) []Object {
	versions := make([]*Version, 0, len(entries))
	for _, e := range entries {
		if e.v != nil {
			versions = append(versions, e.v)
		}
	}
	written := g.Objects(versions)
	out := make([]Object, len(entries))
	for i, e := range entries {
		if e.v == nil {
			out[i] = e.fixed
			continue
		}
		out[i], written = written[0], written[1:]
	}
	return out
}

// joined is a version on its way into a collection, with the change that brought it there.
type joined struct {
	v     *Version
	stamp Stamp
}

// collect puts fresh versions, and what newly belongs to a sector, into the collections.
func (g *Graph) collect(fresh []*Version, incidents []string) {
	enter := map[*Collection][]joined{}
	all := g.collection("")
	for _, v := range fresh {
		enter[all] = append(enter[all], joined{v, v.Stamp})
	}
	brought := map[*Collection]map[owner]Stamp{}
	for _, id := range incidents {
		n, ok := g.incidents[id]
		if !ok || n.v.Sector == "" {
			continue
		}
		c := g.collection(n.v.Sector)
		if !g.incidentLive(id) && !ended(n.v) {
			continue
		}
		for _, o := range g.concerned(n.v) {
			if c.members[o] {
				continue
			}
			c.members[o] = true
			if brought[c] == nil {
				brought[c] = map[owner]Stamp{}
			}
			brought[c][o] = n.stamp
		}
	}
	for _, sector := range sortedKeys(g.collections) {
		c := g.collections[sector]
		if sector == "" {
			continue
		}
		for o, stamp := range brought[c] {
			for _, id := range g.byOwner[o] {
				if v := g.held[id]; v != nil {
					enter[c] = append(enter[c], joined{v, v.Stamp.later(stamp)})
				}
			}
		}
		for _, v := range fresh {
			if _, now := brought[c][v.owner]; c.members[v.owner] && !now {
				enter[c] = append(enter[c], joined{v, v.Stamp})
			}
		}
	}
	for _, w := range g.watches {
		if list := g.collectWatched(w, fresh, incidents); len(list) > 0 {
			enter[w.c] = list
		}
	}
	for c, list := range enter {
		c.enter(list)
	}
}

func (g *Graph) collection(sector string) *Collection {
	if g.collections[sector] == nil {
		g.collections[sector] = newCollection(sector)
	}
	return g.collections[sector]
}

// concerned are the things that an incident is written with.
func (g *Graph) concerned(in intel.Incident) []owner {
	out := []owner{{"incident", in.ID}}
	if in.Victim.ID != "" {
		out = append(out, owner{"victim", in.Victim.ID})
	}
	for _, a := range in.Actors {
		out = append(out, owner{"actor", a.ID})
	}
	for _, r := range slices.Concat(in.Reports, sortedKeys(g.tells[in.ID])) {
		out = append(out, owner{"report", r})
	}
	return out
}

// enter appends versions with the time each was added. What one transaction of the store made is spread over the microseconds before
// its time, so that times are distinct; when the program starts anew and some of it has changed since, the rest moves later, never
// earlier: a client in the middle of it gets an object twice and misses none.
func (c *Collection) enter(list []joined) {
	slices.SortFunc(list, func(a, b joined) int {
		return cmp.Or(cmp.Compare(a.stamp.Seq, b.stamp.Seq), cmp.Compare(a.v.owner.kind, b.v.owner.kind), cmp.Compare(a.v.owner.id, b.v.owner.id), cmp.Compare(a.v.ID, b.v.ID))
	})
	last := c.order[len(c.order)-1].Added
	for i := 0; i < len(list); {
		j := i
		for j < len(list) && list[j].stamp.At.Equal(list[i].stamp.At) {
			j++
		}
		at := list[i].stamp.At.Truncate(time.Microsecond)
		for k := i; k < j; k++ {
			added := at.Add(-time.Duration(j-1-k) * time.Microsecond)
			if !added.After(last) {
				added = last.Add(time.Microsecond)
			}
			e := Entry{Added: added, v: list[k].v}
			if _, again := c.at[e.ID()]; again {
				c.ended++
			}
			c.at[e.ID()] = e
			c.order = append(c.order, e)
			last = added
		}
		i = j
	}
	if c.ended > len(c.order)/2 {
		tail := c.order[len(c.order)-1]
		c.order = slices.DeleteFunc(c.order, func(e Entry) bool { return e.over() && e.v != tail.v })
		c.ended = 0
	}
}
