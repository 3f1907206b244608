package exchange

import (
	"slices"

	"github.com/rapsheet/rapsheet/intel"
)

// Watch is a list of names that somebody follows; it has a collection of its own.
type Watch struct {
	ID, Title string
	// Since says from which change on an incident is followed; false says that it is not.
	Since func(intel.Incident) (Stamp, bool)
}

// watched is a Watch with what it has collected.
type watched struct {
	Watch
	c *Collection
}

// Watch sets the lists that are followed. A list that is there keeps what it collected, so that who follows it loses nothing; a name that
// is new to it brings what concerns it as added when the name was.
func (g *Graph) Watch(all []Watch) {
	held := g.watches
	g.watches = map[string]*watched{}
	for _, w := range all {
		n := held[w.ID]
		if n == nil {
			n = &watched{c: newCollection("")}
			n.c.ID, n.c.Alias = intel.UUIDv5("taxii", "watchlist", w.ID), "watchlist-"+w.ID
		}
		n.Watch, n.c.Title = w, w.Title
		g.watches[w.ID] = n
		if list := g.collectWatched(n, nil, sortedKeys(g.incidents)); len(list) > 0 {
			n.c.enter(list)
		}
	}
}

// collectWatched gives what enters the collection of a list: what newly concerns it, and new versions of what concerned it before.
func (g *Graph) collectWatched(w *watched, fresh []*Version, incidents []string) []joined {
	brought := map[owner]Stamp{}
	for _, id := range incidents {
		n, ok := g.incidents[id]
		if !ok || !g.incidentLive(id) && !ended(n.v) {
			continue
		}
		since, ok := w.Since(n.v)
		if !ok {
			continue
		}
		for _, o := range g.concerned(n.v) {
			if !w.c.members[o] {
				w.c.members[o] = true
				brought[o] = n.stamp.later(since)
			}
		}
	}
	var list []joined
	for o, stamp := range brought {
		for _, id := range g.byOwner[o] {
			if v := g.held[id]; v != nil {
				list = append(list, joined{v, v.Stamp.later(stamp)})
			}
		}
	}
	for _, v := range fresh {
		if _, now := brought[v.owner]; w.c.members[v.owner] && !now {
			list = append(list, joined{v, v.Stamp})
		}
	}
	return list
}

// watchCollections are the collections of the lists, by id.
func (g *Graph) watchCollections() []*Collection {
	out := make([]*Collection, 0, len(g.watches))
	for _, id := range sortedKeys(g.watches) {
		out = append(out, g.watches[id].c)
	}
	return slices.Clip(out)
}
