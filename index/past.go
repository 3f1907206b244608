package index

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
	"github.com/rapsheet/rapsheet/names"
)

// pastKept is how many moments are kept ready: a person pages through one, a SIEM asks for a few.
const pastKept = 8

// past is who was who at a moment: the actors with the names, relations and merges held then, and the decisions in force then. A
// model that has one answers with it instead of with what is held now.
type past struct {
	at     time.Time
	purged int
	gen    uint64

	actors             map[string]*intel.Actor
	names              *nameTable
	members, umbrellas map[string][]intel.Relation
	// into are the merges in force then, by what was merged; decided the decisions in force then, by subject.
	into    map[string]string
	decided map[string][]intel.Decision
	// groups are incidents that a merge, then or now, puts together.
	groups map[string][]string
	// moved are tags by which today's columns do not find what the moment holds; again are incidents to look at in any case.
	moved map[tag]struct{}
	again []uint32
	// met are the organisations that some report had named by then, with the names and domains it gave.
	met map[string]map[string]bool
	// named are the organisations that had fewer names then than they have now.
	named map[string]*intel.Victim
	// also are the organisations that a correction gave a name which they do not have now, by that name.
	also map[string][]string

	// facts are organisations as their incidents gave them then, made when they are asked for.
	facts *sync.Map

	// fit is the model that answers for the moment, made of today's as it stood at a change; both are guarded by pasts.mu.
	fit    *model
	fitted fitted
}

// fitted says what a fit was made of.
type fitted struct {
	of  *model
	seq int64
}

// pasts keeps moments that were asked for lately, the latest last.
type pasts struct {
	mu   sync.Mutex
	kept []*past
}

func (c *pasts) find(at time.Time, purged int, gen uint64, settled bool) *past {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.kept {
		if p.at.Equal(at) && p.purged == purged && (settled || p.gen == gen) {
			return p
		}
	}
	return nil
}

func (c *pasts) keep(p *past) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept = slices.DeleteFunc(c.kept, func(o *past) bool { return o.at.Equal(p.at) })
	if len(c.kept) >= pastKept {
		c.kept = slices.Delete(c.kept, 0, 1)
	}
	c.kept = append(c.kept, p)
}

// lookBack makes a moment ready before the lock is taken, so that a store that fails is an error and not a wrong answer.
func (ix *Index) lookBack(ctx context.Context, at time.Time) error {
	if at.IsZero() || ix.o.Past == nil {
		return nil
	}
	ix.mu.RLock()
	p := ix.pastOf(at)
	purged, gen := len(ix.model.purged), ix.model.gen
	ix.mu.RUnlock()
	if p != nil {
		return nil
	}
	_, err := ix.remember(ctx, at, purged, gen)
	return err
}

// pastOf is the moment kept; under the lock. What is recorded of a moment before the last change cannot change any more.
func (ix *Index) pastOf(at time.Time) *past {
	return ix.pasts.find(at, len(ix.model.purged), ix.model.gen, at.Before(ix.model.at))
}

// remember reads a moment from the store.
func (ix *Index) remember(ctx context.Context, at time.Time, purged int, gen uint64) (*past, error) {
	actors, err := ix.o.Past.ActorsAt(ctx, at)
	if err != nil {
		return nil, wrap("actors as of "+at.Format(time.RFC3339), err)
	}
	decisions, err := ix.o.Past.DecisionsAt(ctx, at)
	if err != nil {
		return nil, wrap("decisions as of "+at.Format(time.RFC3339), err)
	}
	p := &past{
		at: at, purged: purged, gen: gen, actors: make(map[string]*intel.Actor, len(actors)), into: map[string]string{},
		decided: map[string][]intel.Decision{}, members: map[string][]intel.Relation{}, umbrellas: map[string][]intel.Relation{},
	}
	for i := range actors {
		p.actors[actors[i].ID] = &actors[i]
	}
	for _, d := range decisions {
		if !d.UndoneAt.IsZero() {
			continue
		}
		p.decided[d.Subject] = append(p.decided[d.Subject], d)
		if d.Kind == intel.DecideMerge {
			p.into[d.Subject] = d.Object
		}
	}
	// A model of actors alone settles their names and relations as the index does.
	m := &model{actors: p.actors, members: p.members, umbrellas: p.umbrellas, past: p}
	m.names = newNameTable()
	for _, a := range p.actors {
		m.names.prefixes.put(bearer{id: a.ID}, nil, actorNames(a))
	}
	m.names.stale = true
	m.names.settle(m)
	m.settleRelations()
	p.names = m.names
	ix.pasts.keep(p)
	return p, nil
}

// as gives the model that answers for a moment: today's for the zero time. The caller holds the read lock and lets go of the model
// with it.
func (ix *Index) as(at time.Time) *model {
	if at.IsZero() || ix.o.Past == nil {
		return ix.model
	}
	p := ix.pastOf(at)
	if p == nil {
		// It was pushed out since lookBack, or the index has moved on.
		var err error
		if p, err = ix.remember(context.Background(), at, len(ix.model.purged), ix.model.gen); err != nil {
			ix.log.Error("the past cannot be read, names are today's", "error", err.Error())
			return ix.model
		}
	}
	ix.pasts.mu.Lock()
	defer ix.pasts.mu.Unlock()
	if is := (fitted{ix.model, ix.model.seq}); p.fitted != is {
		p.fit, p.fitted = p.over(ix.model), is
	}
	return p.fit
}

// over lays a moment over today's model. What it answers holds until the next change.
func (p *past) over(now *model) *model {
	m := *now
	then := past{at: p.at, actors: p.actors, into: p.into, decided: p.decided, facts: &sync.Map{}}
	m.past, m.actors, m.members, m.umbrellas = &then, p.actors, p.members, p.umbrellas
	table := *p.names
	table.victims, table.domains, table.base = now.names.victims, now.names.domains, now.names
	m.names = &table
	then.compare(now)
	return &m
}

// compare finds where today's columns do not fit the moment.
func (p *past) compare(now *model) {
	p.moved, p.groups, p.met = map[tag]struct{}{}, map[string][]string{}, map[string]map[string]bool{}
	for _, r := range now.reports {
		for i := range r.claims {
			if s := r.claims[i].shape; s.Victim.ID != "" && !s.RecordedFrom.After(p.at) {
				p.meet(s.Victim)
			}
		}
	}
	p.rename(now)
	then := &model{actors: p.actors, past: p}
	for id, a := range now.actors {
		if a.MergedInto == "" && p.into[id] == "" {
			continue
		}
		p.move(now, dimActor, id, now.canonActor(id), then.canonActor(id))
	}
	for id := range p.into {
		p.move(now, dimVictim, id, now.canonVictim(id), then.canonVictim(id))
		p.move(now, dimActor, id, now.canonActor(id), then.canonActor(id))
	}
	for id, v := range now.victims {
		if v.MergedInto != "" && p.into[id] != v.MergedInto {
			p.move(now, dimVictim, id, now.canonVictim(id), then.canonVictim(id))
		}
	}
	for ord, in := range now.incidents {
		if in.inc.MergedInto != "" {
			p.together(in.inc.ID, in.inc.MergedInto)
		}
		// What a decision changed since stands in today's columns.
		if in.inc.Reviewed || in.inc.MergedInto != "" || len(p.decided[in.inc.ID]) > 0 || in.inc.Victim.ID == "" && len(in.reports) > 0 {
			p.again = append(p.again, uint32(ord)) //nolint:gosec // fewer than four billion incidents
		}
	}
	for from, into := range p.into {
		if _, ok := now.incOrd[from]; ok {
			p.together(from, into)
		}
	}
	// What a merge brought may have changed the victim of the incident that it went to.
	for id := range p.groups {
		if ord, ok := now.incOrd[id]; ok {
			p.again = appendNew(p.again, ord)
		}
	}
}

func (p *past) move(now *model, d dim, ids ...string) {
	if ids[1] == ids[2] {
		return
	}
	for _, id := range ids {
		if t := now.find(d, id); t != 0 {
			p.moved[t] = struct{}{}
		}
	}
}

// together puts two incidents, and those already with either, in one group.
func (p *past) together(a, b string) {
	all := appendNew(append([]string{}, p.groups[a]...), a, b)
	all = appendNew(all, p.groups[b]...)
	for _, id := range all {
		p.groups[id] = all
	}
}

// knows reports whether a thing was met by the moment.
func (m *model) knows(d dim, id string) bool {
	switch {
	case m.past == nil:
		return true
	case d == dimActor:
		return m.actors[id] != nil
	default:
		return m.past.met[id] != nil
	}
}

// victim gives the record of an organisation; of the past, with the names, sector, country and merge that were held then.
func (m *model) victim(id string) *intel.Victim {
	now := m.victims[id]
	if m.past == nil || now == nil || m.past.met[id] == nil {
		return now
	}
	if known, ok := m.past.facts.Load(id); ok {
		if v, is := known.(*intel.Victim); is {
			return v
		}
	}
	v := *m.called(id)
	v.MergedInto = m.past.into[id]
	v.Sector, v.Country = ledger.VictimFacts(m.filedUnder(id))
	for _, d := range m.past.decided[id] {
		switch {
		case d.Kind == intel.DecideCorrection && d.Field == "sector":
			v.Sector = d.Value
		case d.Kind == intel.DecideCorrection && d.Field == "country":
			v.Country = d.Value
		}
	}
	m.past.facts.Store(id, &v)
	return &v
}

// meet keeps the names and domains that a claim gives an organisation.
func (p *past) meet(v intel.VictimRef) {
	said := p.met[v.ID]
	if said == nil {
		said = map[string]bool{}
		p.met[v.ID] = said
	}
	said[v.Name] = true
	for _, n := range v.Aliases {
		said[n] = true
	}
	for _, d := range v.Domains {
		said[d] = true
	}
}

// rename takes from the organisations met by then the names that only later claims and corrections gave them.
func (p *past) rename(now *model) {
	p.named, p.also = map[string]*intel.Victim{}, map[string][]string{}
	for id, said := range p.met {
		v := now.victims[id]
		if v == nil {
			continue
		}
		then := *v
		then.Names, then.Domains = held(v.Names, said), held(v.Domains, said)
		then.Name = names.Whole(then.Names)
		for _, d := range p.decided[id] {
			if d.Kind == intel.DecideCorrection && d.Field == "name" {
				then.Name = d.Value
			}
		}
		if then.Name == "" {
			continue
		}
		if !slices.Contains(then.Names, then.Name) {
			then.Names = append([]string{then.Name}, then.Names...)
		}
		if !slices.Contains(v.Names, then.Name) {
			p.also[victimKey(then.Name)] = append(p.also[victimKey(then.Name)], id)
		}
		if then.Name == v.Name && slices.Equal(then.Names, v.Names) && len(then.Domains) == len(v.Domains) {
			continue
		}
		p.named[id] = &then
	}
}

func held(all []string, said map[string]bool) []string {
	var out []string
	for _, n := range all {
		if said[n] {
			out = append(out, n)
		}
	}
	return out
}

// victimsCalled are the organisations that have a name, which may be compared by its key, or had it at the model's moment.
func (m *model) victimsCalled(key string) []string {
	ids := m.names.victims[key]
	if m.past != nil {
		ids = slices.Concat(ids, m.past.also[key])
	}
	return ids
}

// called gives an organisation with the names it has, at the moment when the model answers for one.
func (m *model) called(id string) *intel.Victim {
	if m.past != nil {
		if v := m.past.named[id]; v != nil {
			return v
		}
	}
	return m.victims[id]
}

// filedUnder are the incidents of an organisation at the moment.
func (m *model) filedUnder(id string) []intel.Incident {
	v := view{asOf: m.past.at, tlp: intel.TLPRed}
	var out []intel.Incident
	for _, ord := range m.incidentsFor(&filter{view: v, incident: []condition{{{tag: m.find(dimVictim, m.canonVictim(id))}}}}) {
		claims := m.claimsOf(ord, v)
		if len(claims) == 0 {
			continue
		}
		inc := derive(&m.incidents[ord].inc, claims)
		if inc.Victim.ID == "" || m.canonVictim(inc.Victim.ID) != id {
			continue
		}
		m.past.lay(m, &inc)
		out = append(out, inc)
	}
	return out
}

// follow gives what an id was merged into then.
func (p *past) follow(id string) string {
	for range 8 {
		into := p.into[id]
		if into == "" {
			return id
		}
		id = into
	}
	return id
}

// reportsOf are the reports with a claim of an incident, as the model's time groups them; some may have none.
func (m *model) reportsOf(ord uint32) []uint32 {
	in := m.incidents[ord]
	if m.past == nil || m.past.groups[in.inc.ID] == nil {
		return in.reports
	}
	var out []uint32
	for _, id := range m.past.groups[in.inc.ID] {
		if o, ok := m.incOrd[id]; ok {
			out = appendNew(out, m.incidents[o].reports...)
		}
	}
	return out
}

// unsettled calls f with every incident that today's columns may not find for a moment.
func (m *model) unsettled(f func(ord uint32)) {
	for ord := range m.ended {
		f(ord)
	}
	if m.past != nil {
		for _, ord := range m.past.again {
			f(ord)
		}
	}
}

// strays reports whether today's columns would miss what a condition asks of a moment.
func (m *model) strays(c condition) bool {
	if m.past == nil {
		return false
	}
	return slices.ContainsFunc(c, func(a alternative) bool { _, ok := m.past.moved[a.tag]; return ok })
}

// lay puts what stood for an incident's victim and actors then in their place, and the decisions in force then over it, as the
// store does when it saves.
func (p *past) lay(m *model, in *intel.Incident) {
	actors := make([]intel.ActorRef, 0, len(in.Actors))
	for _, a := range in.Actors {
		if id := m.canonActor(a.ID); id != a.ID {
			a.ID, a.Name = id, m.actorName(id)
		}
		if !slices.ContainsFunc(actors, func(b intel.ActorRef) bool { return refID(a.Ref) == refID(b.Ref) }) {
			actors = append(actors, a)
		}
	}
	in.Actors = actors
	if in.Victim.ID != "" {
		p.standFor(m, &in.Victim)
		for _, d := range p.decided[in.Victim.ID] {
			if d.Kind == intel.DecideNotVictim {
				intel.Lay(in, d)
			}
		}
	}
	for _, d := range p.decided[in.ID] {
		intel.Lay(in, d)
	}
}

// standFor gives a victim the id and name of its record.
func (p *past) standFor(m *model, ref *intel.VictimRef) {
	id := m.canonVictim(ref.ID)
	name := ref.Name
	if v := m.called(id); v != nil && v.Name != "" {
		name = v.Name
	}
	ref.Aliases = slices.DeleteFunc(slices.Clone(ref.Aliases), func(a string) bool { return a == name })
	if name != ref.Name && !slices.Contains(ref.Aliases, ref.Name) {
		ref.Aliases = append(ref.Aliases, ref.Name)
	}
	ref.ID, ref.Name = id, name
}
