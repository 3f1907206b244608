package index

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/rapsheet/rapsheet/intel"
)

func notFound(what, id string) error {
	return fmt.Errorf("index: %s %q: %w", what, id, intel.ErrNotFound)
}

// Report gives a report with the claims that the query may see. Its text is there only where the source allows it to be served.
func (ix *Index) Report(ctx context.Context, id string, q intel.Query) (intel.Record, error) {
	if err := checkQuery(q); err != nil {
		return intel.Record{}, err
	}
	if err := ix.lookBack(ctx, q.AsOf); err != nil {
		return intel.Record{}, err
	}
	v := viewOf(q)
	rec, serve, err := ix.recordOf(id, v)
	if err != nil || ix.o.Archive == nil {
		return rec, err
	}
	full, err := ix.o.Archive.Record(ctx, id)
	if err != nil {
		if errors.Is(err, intel.ErrNotFound) || errors.Is(err, intel.ErrPurged) {
			return intel.Record{}, fmt.Errorf("index: report %q: %w", id, err)
		}
		return intel.Record{}, wrap("report "+id, err)
	}
	full.Claims, full.Ended = rec.Claims, rec.Ended
	if rec.Versions == nil && !v.asOf.IsZero() {
		full.Versions = nil
	}
	if !ix.currentIn(id, v) {
		// The version held now is younger than the view: what it mentions was not known yet.
		full.Report.Title, full.Report.Published = rec.Report.Title, rec.Report.Published
		full.Actors, full.Software, full.Observables, full.CVEs, full.Techniques, full.Relations = nil, nil, nil, nil, nil, nil
		serve = false
	}
	full.Report.Text = ""
	if !serve || full.Report.RightsReserved {
		full.Text = ""
	}
	return full, nil
}

func (ix *Index) currentIn(id string, v view) bool {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	ord, ok := ix.model.reportOrd[id]
	return ok && v.current(ix.model.reports[ord])
}

// recordOf gives what the columns hold of a report, and whether its text may be served.
func (ix *Index) recordOf(id string, v view) (intel.Record, bool, error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	m := ix.as(v.asOf)
	if _, ok := m.purged[id]; ok {
		return intel.Record{}, false, fmt.Errorf("index: report %q: %w", id, intel.ErrPurged)
	}
	ord, ok := m.reportOrd[id]
	if !ok || !v.sees(m.reports[ord]) {
		return intel.Record{}, false, notFound("report", id)
	}
	r := m.reports[ord]
	title, published := v.face(r)
	rec := intel.Record{Claims: []intel.Claim{}, Report: intel.Report{
		ID: r.id, URL: r.url, SourceID: r.source, Publisher: r.publisher, Title: title, Published: published, Recorded: r.recorded,
		Language: r.lang, TLP: r.tlp, RightsReserved: r.rights, Demo: r.demo, Version: len(r.versions) + 1,
	}}
	for i := range r.claims {
		c := &r.claims[i]
		if v.seesClaim(r, c) && c.confidence >= v.minConf {
			full := c.full()
			full.IncidentID = m.incidents[m.canonIncident(c.inc)].inc.ID
			rec.Claims = append(rec.Claims, full)
		}
	}
	rec.Ended = m.endedOf(r, v, rec.Claims)
	return rec, m.sources[r.source].ServeText, nil
}

// endedOf are the claims of a report that a view saw end. One that stands elsewhere now was moved by a person and is not among them.
func (m *model) endedOf(r *report, v view, held []intel.Claim) []intel.Claim {
	out := []intel.Claim{}
	for i := range r.claims {
		c := &r.claims[i]
		over := c.shape.RecordedTo
		if over.IsZero() || !v.asOf.IsZero() && over.After(v.asOf) || !v.tlp.Allows(c.shape.TLP) || c.confidence < v.minConf {
			continue
		}
		if !slices.ContainsFunc(held, func(h intel.Claim) bool { return h.ID == c.id }) {
			full := c.full()
			full.IncidentID = m.incidents[m.canonIncident(c.inc)].inc.ID
			out = append(out, full)
		}
	}
	return out
}
