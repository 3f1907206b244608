package index

import (
	"cmp"
	"context"
	"math"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
	"github.com/rapsheet/rapsheet/names"
)

// Actor gives an actor by id or unambiguous name, with its history in numbers.
func (ix *Index) Actor(ctx context.Context, idOrName string, q intel.Query) (intel.ActorProfile, error) {
	if err := checkQuery(q); err != nil {
		return intel.ActorProfile{}, err
	}
	if err := ix.lookBack(ctx, q.AsOf); err != nil {
		return intel.ActorProfile{}, err
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	id, err := ix.as(q.AsOf).who(idOrName, sideActor, viewOf(q))
	if err == nil && !ix.shown(dimActor, id, viewOf(q)) {
		err = notFound("actor", idOrName)
	}
	if err != nil {
		return intel.ActorProfile{}, err
	}
	p := ix.actorProfile(id, viewOf(q), q.ExpandMembers)
	if a := ix.as(q.AsOf).actors[idOrName]; a != nil && a.MergedInto != "" {
		p.MergedInto = id
	}
	return p, nil
}

// Victim gives a victim by id or unambiguous name, with its history in numbers.
func (ix *Index) Victim(ctx context.Context, idOrName string, q intel.Query) (intel.VictimProfile, error) {
	if err := checkQuery(q); err != nil {
		return intel.VictimProfile{}, err
	}
	if err := ix.lookBack(ctx, q.AsOf); err != nil {
		return intel.VictimProfile{}, err
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	id, err := ix.as(q.AsOf).who(idOrName, sideVictim, viewOf(q))
	if err == nil && !ix.shown(dimVictim, id, viewOf(q)) {
		err = notFound("victim", idOrName)
	}
	if err != nil {
		return intel.VictimProfile{}, err
	}
	p := ix.victimProfile(id, viewOf(q))
	if m := ix.as(q.AsOf); m.victims[idOrName] != nil && m.canonVictim(idOrName) != idOrName {
		p.MergedInto = id
	}
	return p, nil
}

func (ix *Index) actorProfile(id string, v view, expand bool) intel.ActorProfile {
	m := ix.as(v.asOf)
	p := intel.ActorProfile{Summary: ix.historyOf(dimActor, id, v, expand).summary, Members: m.members[id], Umbrellas: m.umbrellas[id]}
	if a := m.actors[id]; a != nil {
		p.Actor = *a
	} else {
		p.Actor = intel.Actor{ID: id, Name: id, Names: []intel.Name{}, Origin: "reported"}
	}
	return p
}

func (ix *Index) victimProfile(id string, v view) intel.VictimProfile {
	h := ix.historyOf(dimVictim, id, v, false)
	p := intel.VictimProfile{Summary: h.summary, VictimAnswer: cmp.Or(h.answer, ledger.NoAnswer)}
	if r := ix.as(v.asOf).victim(id); r != nil {
		p.Victim = *r
	} else {
		p.Victim = intel.Victim{ID: id, Name: id, Names: []string{}}
	}
	p.SectorsReported, p.CountriesReported = []intel.Count{}, []intel.Count{}
	if h.votes != nil {
		p.SectorsReported, p.CountriesReported = ranked(h.votes.sectors), ranked(h.votes.countries)
	}
	return p
}

// shown reports whether a view may know that a thing exists: catalogues are public, but what only reports name is hidden with
// them.
func (ix *Index) shown(d dim, id string, v view) bool {
	m := ix.as(v.asOf)
	if (v.asOf.IsZero() || m.past != nil) && m.restricted == 0 {
		return m.knows(d, id)
	}
	if a := m.actors[id]; d == dimActor && a != nil && a.Origin != "reported" {
		return true
	}
	t := m.find(d, id)
	if t == 0 || len(m.post.get(t)) == 0 && len(m.ended) == 0 {
		// Nothing was ever reported: an imported record, not a secret. Under as_of nothing says when it came.
		return v.asOf.IsZero()
	}
	_, ok := m.lastSeen(&filter{view: view{asOf: v.asOf, tlp: v.tlp}, incident: []condition{{{tag: t}}}})
	return ok
}

// lastSeen is when the newest report that meets a filter was published.
func (m *model) lastSeen(f *filter) (int64, bool) {
	list, exact := m.candidatesFor(f)
	best, found := int64(math.MinInt64), false
	for _, ord := range list {
		ok := exact
		if !ok {
			_, ok = m.matchReport(f, ord)
		}
		if !ok {
			continue
		}
		found = true
		published := f.told(m.reports[ord])
		best = max(best, momentKey(published))
		if f.asOf.IsZero() {
			break
		}
	}
	return best, found
}

// Actors lists actors, the latest reported first. Text narrows to names that hold it at the beginning of a word; the other
// fields to actors of incidents that meet them.
func (ix *Index) Actors(ctx context.Context, q intel.Query) (intel.Page[intel.ActorProfile], error) {
	return list(ctx, ix, q, dimActor, func(id string) intel.ActorProfile { return ix.actorProfile(id, viewOf(q), q.ExpandMembers) })
}

// Victims lists victims as Actors lists actors.
func (ix *Index) Victims(ctx context.Context, q intel.Query) (intel.Page[intel.VictimProfile], error) {
	return list(ctx, ix, q, dimVictim, func(id string) intel.VictimProfile { return ix.victimProfile(id, viewOf(q)) })
}

func list[T any](ctx context.Context, ix *Index, q intel.Query, d dim, profile func(string) T) (intel.Page[T], error) {
	var none intel.Page[T]
	limit, err := checkLimit(q.Limit)
	if err != nil {
		return none, err
	}
	hash := queryHash(map[dim]string{dimActor: "actors", dimVictim: "victims"}[d], q)
	cur, err := decodeCursor(q.Cursor, hash)
	if err != nil {
		return none, err
	}
	rest := q
	rest.Text = ""
	allowed, f, err := ix.reportsFor(ctx, rest)
	if err != nil {
		return none, err
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	m := ix.as(q.AsOf)
	places, tags := ix.entities(d, q, f, allowed)
	page := intel.Page[T]{Items: []T{}, Total: len(places), Coverage: ix.coverage()}
	page.Facets = m.answerCounts(m.facets(q.Facets, len(places), func(i int) []tag { return tags[places[i].id] }), f.view)
	shown, more := pageOf(places, cur, limit, q.Sort == "oldest", func(p place) place { return p })
	for _, p := range shown {
		page.Items = append(page.Items, profile(p.id))
	}
	if more && len(shown) > 0 {
		last := shown[len(shown)-1]
		page.NextCursor = cursor{query: hash, order: orderNewest, key: last.key, id: last.id}.encode()
	}
	return page, ctx.Err()
}

// entities gives the things of one kind that a query leaves, with their place in time and, where incidents were looked at,
// the columns of those.
func (ix *Index) entities(d dim, q intel.Query, f *filter, allowed map[uint32]struct{}) ([]place, map[string][]tag) {
	m := ix.as(q.AsOf)
	named := m.named(d, q.Text)
	tags := map[string][]tag{}
	var out []place
	add := func(id string) {
		if named != nil && !named[id] {
			return
		}
		if key, ok := ix.entityKey(d, id, f.view); ok {
			out = append(out, place{key, id})
		}
	}
	if f.never {
		return nil, nil
	}
	if len(f.incident) > 0 || allowed != nil || f.ranged() || len(q.Facets) > 0 && named == nil {
		for _, l := range m.listIncidents(f, allowed) {
			for _, t := range l.tags {
				if t.dim() == d {
					id := m.value(t)
					tags[id] = appendNew(tags[id], l.tags...)
				}
			}
		}
	}
	if len(f.incident) > 0 || allowed != nil || f.ranged() {
		for id := range tags {
			add(id)
		}
		return out, tags
	}
	m.standing(d, add)
	return out, tags
}

// standing gives every id of a kind that stands for itself.
func (m *model) standing(d dim, f func(id string)) {
	if d == dimActor {
		for id, a := range m.actors {
			if a.MergedInto == "" && !a.Withdrawn {
				f(id)
			}
		}
		return
	}
	for id, v := range m.victims {
		if m.knows(dimVictim, id) && m.canonVictim(id) == id && (m.past != nil || v.MergedInto == "") {
			f(id)
		}
	}
}

// named gives the ids of which some name begins a word with text; nil when there is no text.
func (m *model) named(d dim, text string) map[string]bool {
	key := names.Fold(text)
	if key == "" {
		return nil
	}
	out := map[string]bool{}
	for p := range m.names.starting(key) {
		switch {
		case d == dimVictim && p.victim:
			out[m.canonVictim(p.id)] = true
		case d == dimActor && !p.victim:
			out[m.canonActor(p.id)] = true
		}
	}
	return out
}

// entityKey is when a thing was last reported in a view; false when the view must not know it.
func (ix *Index) entityKey(d dim, id string, v view) (int64, bool) {
	m := ix.as(v.asOf)
	if !ix.shown(d, id, v) {
		return 0, false
	}
	t := m.find(d, id)
	if t == 0 {
		return math.MinInt64, true
	}
	if v.asOf.IsZero() && v.minConf == 0 && m.restricted == 0 {
		if l := m.post.get(t); len(l) > 0 {
			return m.reports[l[0]].key, true
		}
		return math.MinInt64, true
	}
	key, _ := m.lastSeen(&filter{view: v, incident: []condition{{{tag: t}}}})
	return key, true
}
