package index

import (
	"slices"
	"sync"

	"github.com/rapsheet/rapsheet/intel"
)

// maxLatest is how many incidents an enrichment answer lists.
const maxLatest = 10

// history is what is known of one thing, in numbers, with its latest incidents.
type history struct {
	summary intel.Summary
	latest  []intel.Incident
	// answer is the organisation's answer to the newest incident that it answered to.
	answer string
	// votes are the reports behind each sector and country of an organisation; nil for an actor.
	votes *votes
}

type summaryKey struct {
	tag     tag
	tlp     intel.TLP
	minConf float64
	expand  bool
}

// summaryCache keeps histories until a record behind them changes. Only answers about now are kept.
type summaryCache struct {
	mu sync.Mutex
	by map[tag]map[summaryKey]*history
}

func (c *summaryCache) get(k summaryKey) *history {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.by[k.tag][k]
}

func (c *summaryCache) put(k summaryKey, h *history) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		c.by = map[tag]map[summaryKey]*history{}
	}
	// A client may ask for any confidence; a thing keeps a handful of answers.
	if c.by[k.tag] == nil || len(c.by[k.tag]) >= 8 {
		c.by[k.tag] = map[summaryKey]*history{}
	}
	c.by[k.tag][k] = h
}

func (c *summaryCache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by = nil
}

// drop forgets what touched things were known for, and whoever is united with them.
func (c *summaryCache) drop(m *model, touched map[tag]struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m.relationsMoved {
		m.relationsMoved = false
		c.by = nil
		return
	}
	for t := range touched {
		delete(c.by, t)
		if t.dim() != dimActor {
			continue
		}
		id := m.value(t)
		for _, r := range m.members[id] {
			delete(c.by, m.find(dimActor, r.From))
		}
		for _, r := range m.umbrellas[id] {
			delete(c.by, m.find(dimActor, r.To))
		}
	}
}

// historyOf gives the history of an actor or victim in a view; the caller holds the read lock.
func (ix *Index) historyOf(d dim, id string, v view, expand bool) *history {
	m := ix.as(v.asOf)
	t := m.find(d, id)
	if t == 0 {
		return &history{summary: emptySummary()}
	}
	k := summaryKey{t, v.tlp, v.minConf, expand}
	if v.asOf.IsZero() {
		if h := ix.summaries.get(k); h != nil {
			return h
		}
	}
	c := condition{{tag: t}}
	if d == dimActor {
		c = m.actorCondition(id, expand)
	}
	victim := ""
	if d == dimVictim {
		victim = id
	}
	h := m.history(&filter{view: v, incident: []condition{c}}, v.minConf, victim)
	if v.asOf.IsZero() {
		ix.summaries.put(k, h)
	}
	return h
}

func emptySummary() intel.Summary {
	return intel.Summary{Sectors: []intel.Count{}, Countries: []intel.Count{}}
}

// history counts what a filter finds.
func (m *model) history(f *filter, minConf float64, victim string) *history {
	list := m.incidentsFor(f)
	reports := 0
	h := &history{summary: emptySummary()}
	all := *f
	all.minConf = 0
	var shown []uint32
	t := newTally(m, f.view)
	if victim != "" {
		t.victim, h.votes = victim, newVotes()
		t.votes = h.votes
	}
	for _, ord := range list {
		inc, ok := m.matchIncident(&all, ord)
		if !ok {
			continue
		}
		threshold := view{minConf: minConf}
		if !threshold.confident(inc) {
			h.summary.BelowThreshold++
			continue
		}
		shown = append(shown, ord)
		t.add(ord, inc)
		if h.answer == "" && answered(inc.VictimAnswer) {
			h.answer = inc.VictimAnswer
		}
		if len(h.latest) < maxLatest {
			h.latest = append(h.latest, *inc)
		}
	}
	candidates, exact := m.candidatesFor(f)
	for _, ord := range candidates {
		ok := exact
		if !ok {
			_, ok = m.matchReport(f, ord)
		}
		if ok {
			reports++
			t.report(m.reports[ord], f.view)
		}
	}
	t.write(&h.summary)
	h.summary.Incidents, h.summary.Reports = len(shown), reports
	return h
}

// tally adds incidents and reports up.
type tally struct {
	m                  *model
	v                  view
	claimOnly, denied  int
	corroborated       int
	origins            map[string]struct{}
	counts             map[tag]int
	first, last        intel.Moment
	fallback, origined int
	// votes are gathered of the claims on victim, where one is asked about.
	victim string
	votes  *votes
}

func newTally(m *model, v view) *tally {
	return &tally{m: m, v: v, origins: map[string]struct{}{}, counts: map[tag]int{}}
}

func (t *tally) add(ord uint32, inc *intel.Incident) {
	if inc.ClaimOnly {
		t.claimOnly++
	}
	if inc.Corroborated {
		t.corroborated++
	}
	if inc.Status == intel.StanceDenied || inc.VictimAnswer == string(intel.StanceDenied) {
		t.denied++
	}
	for _, n := range inc.Origins {
		t.fallback += n
	}
	for _, ro := range t.m.reportsOf(ord) {
		r := t.m.reports[ro]
		for i := range r.claims {
			c := &r.claims[i]
			if t.m.canonIncident(c.inc) != ord || !t.v.seesClaim(r, c) {
				continue
			}
			if t.votes != nil && t.m.canonVictim(refID(c.shape.Victim.Ref)) == t.victim {
				t.votes.add(r, c.shape)
			}
			if c.origin != "" {
				t.origins[string(c.saidBy.Kind)+"\x00"+c.origin] = struct{}{}
				t.origined++
			}
		}
	}
	for _, tg := range t.m.incidentTags(inc, t.m.find) {
		if tg.dim() == dimSector || tg.dim() == dimCountry {
			t.counts[tg]++
		}
	}
	t.moment(inc.FirstReported)
	t.moment(inc.LastReported)
}

func (t *tally) report(r *report, v view) {
	published := v.told(r)
	t.moment(published)
}

func (t *tally) moment(at intel.Moment) {
	if at.IsZero() {
		return
	}
	if t.first.IsZero() || at.Time().Before(t.first.Time()) {
		t.first = at
	}
	if t.last.IsZero() || at.Time().After(t.last.Time()) {
		t.last = at
	}
}

func (t *tally) write(s *intel.Summary) {
	s.ClaimOnly, s.Denied, s.Corroborated = t.claimOnly, t.denied, t.corroborated
	s.FirstReported, s.LastReported = t.first, t.last
	s.Origins = len(t.origins)
	if t.origined == 0 {
		s.Origins = t.fallback
	}
	for tg, n := range t.counts {
		if tg.dim() == dimSector {
			s.Sectors = append(s.Sectors, t.m.count(tg, n))
		} else {
			s.Countries = append(s.Countries, t.m.count(tg, n))
		}
	}
	sortCounts(s.Sectors)
	sortCounts(s.Countries)
	s.Sectors, s.Countries = slices.Clip(s.Sectors), slices.Clip(s.Countries)
}
