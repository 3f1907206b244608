package index

import (
	"context"
	"fmt"
	"slices"

	"github.com/rapsheet/rapsheet/intel"
)

// listed is an incident in a list, as its view sees it.
type listed struct {
	ord   uint32
	inc   *intel.Incident
	tags  []tag
	match match
	place place
}

// Incidents lists incidents with their claims. Words, sources, languages and values hold for one of the reports that tell of
// it.
func (ix *Index) Incidents(ctx context.Context, q intel.Query) (intel.Page[intel.IncidentDetail], error) {
	var none intel.Page[intel.IncidentDetail]
	limit, err := checkLimit(q.Limit)
	if err != nil {
		return none, err
	}
	hash := queryHash("incidents", q)
	cur, err := decodeCursor(q.Cursor, hash)
	if err != nil {
		return none, err
	}
	allowed, f, err := ix.reportsFor(ctx, q)
	if err != nil {
		return none, err
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	m := ix.as(q.AsOf)
	list := m.listIncidents(f, allowed)
	page := intel.Page[intel.IncidentDetail]{Items: []intel.IncidentDetail{}, Total: len(list), Coverage: ix.coverage()}
	page.Facets = m.answerCounts(m.facets(q.Facets, len(list), func(i int) []tag { return list[i].tags }), f.view)
	shown, more := pageOf(list, cur, limit, q.Sort == "oldest", func(l listed) place { return l.place })
	for _, l := range shown {
		page.Items = append(page.Items, m.detail(l, f.view))
	}
	if more && len(shown) > 0 {
		last := shown[len(shown)-1].place
		page.NextCursor = cursor{query: hash, order: orderNewest, key: last.key, id: last.id}.encode()
	}
	return page, ctx.Err()
}

// reportsFor gives the reports that the words and the conditions on reports leave; nil means any.
func (ix *Index) reportsFor(ctx context.Context, q intel.Query) (map[uint32]struct{}, *filter, error) {
	s, err := ix.begin(ctx, intel.Query{
		Text: q.Text, Actor: q.Actor, Victim: q.Victim, Sector: q.Sector, Country: q.Country, Kind: q.Kind, Status: q.Status,
		Source: q.Source, Language: q.Language, CVE: q.CVE, Technique: q.Technique, Observable: q.Observable, From: q.From, To: q.To,
		TimeField: q.TimeField, AsOf: q.AsOf, ExpandMembers: q.ExpandMembers, MinConfidence: q.MinConfidence, MaxTLP: q.MaxTLP,
		Sort: q.Sort, Facets: q.Facets,
	})
	if err != nil {
		return nil, nil, err
	}
	f := s.p.filter
	if s.p.root == nil && len(f.report)+len(f.obs) == 0 {
		return nil, f, nil
	}
	s.scored = false
	loose := *f
	loose.incident, loose.from, loose.to = nil, intel.Date{}, intel.Date{}
	s.p.filter = &loose
	if s.p.root == nil {
		ix.mu.RLock()
		list, _ := ix.as(q.AsOf).candidatesFor(&loose)
		ix.mu.RUnlock()
		hits := make([]textHit, len(list))
		for i, ord := range list {
			hits[i].ord = ord
		}
		s.keep(hits)
	} else if err := s.evaluate(ctx); err != nil {
		return nil, nil, err
	}
	out := make(map[uint32]struct{}, len(s.list))
	for _, ord := range s.list {
		out[ord] = struct{}{}
	}
	return out, f, nil
}

// listIncidents gives every incident that meets a filter and is told of by an allowed report.
func (m *model) listIncidents(f *filter, allowed map[uint32]struct{}) []listed {
	if f.never {
		return nil
	}
	ords := m.incidentsFor(f)
	out := make([]listed, 0, min(len(ords), 1024))
	for _, ord := range ords {
		if allowed != nil && !slices.ContainsFunc(m.reportsOf(ord), func(r uint32) bool {
			_, ok := allowed[r]
			return ok && slices.Contains(m.tells(m.reports[r], f.view), ord)
		}) {
			continue
		}
		inc, tags, ok := m.incidentIn(ord, f.view)
		if !ok || !f.confident(inc) || !f.incidentInRange(inc) {
			continue
		}
		if hit, ok := f.meetsAll(tags, incidentDay(inc)); ok {
			out = append(out, listed{ord, inc, tags, hit, place{f.incidentTime(inc), inc.ID}})
		}
	}
	return out
}

// incidentsFor gives incidents among which all that meet the conditions of a filter are, each once.
func (m *model) incidentsFor(f *filter) []uint32 {
	ords, narrowed := m.iall.list, false
	for _, c := range f.incident {
		if l, ok := m.narrow(m.ipost, c, f.asOf); ok && (!narrowed || len(l) < len(ords)) {
			ords, narrowed = l, true
		}
	}
	if narrowed || f.asOf.IsZero() {
		return ords
	}
	ords = slices.Clone(ords)
	m.unsettled(func(ord uint32) {
		if !m.incidents[ord].live {
			ords = append(ords, ord)
		}
	})
	slices.SortFunc(ords, func(a, b uint32) int {
		switch {
		case a == b:
			return 0
		case m.newerIncident(a, b):
			return -1
		default:
			return 1
		}
	})
	return slices.Compact(ords)
}

// incidentTime is what a list of incidents is sorted by: the time that is asked for.
func (f *filter) incidentTime(i *intel.Incident) int64 {
	switch f.timeField {
	case "published":
		return momentKey(i.LastReported)
	case "recorded":
		return dateKey(intel.DateOf(i.RecordedFrom))
	default:
		return incidentKey(i)
	}
}

// detail adds the claims and the reports they rest on.
func (m *model) detail(l listed, v view) intel.IncidentDetail {
	d := intel.IncidentDetail{Incident: *l.inc, Via: l.match.via, Claims: []intel.ClaimDetail{}}
	for _, c := range m.claimsOf(l.ord, v) {
		r := m.reports[m.reportOrd[c.ReportID]]
		title, _ := v.face(r)
		d.Claims = append(d.Claims, intel.ClaimDetail{Claim: c, Title: title, URL: r.url, Publisher: r.publisher})
	}
	return d
}

// Incident gives one incident. The id of a merged one gives what it was merged into, with MergedInto set.
func (ix *Index) Incident(ctx context.Context, id string, q intel.Query) (intel.IncidentDetail, error) {
	if err := checkQuery(q); err != nil {
		return intel.IncidentDetail{}, err
	}
	if err := ix.lookBack(ctx, q.AsOf); err != nil {
		return intel.IncidentDetail{}, err
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	m, v := ix.as(q.AsOf), viewOf(q)
	asked, ok := m.incOrd[id]
	if !ok {
		return intel.IncidentDetail{}, fmt.Errorf("index: incident %q: %w", id, intel.ErrNotFound)
	}
	ord := m.canonIncident(asked)
	inc, tags, ok := m.incidentIn(ord, v)
	if !ok || !v.confident(inc) {
		return intel.IncidentDetail{}, fmt.Errorf("index: incident %q: %w", id, intel.ErrNotFound)
	}
	d := m.detail(listed{ord: ord, inc: inc, tags: tags}, v)
	if ord != asked {
		d.MergedInto = inc.ID
	}
	return d, nil
}
