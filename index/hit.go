package index

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// hit is what is shown of a report that was found.
func (m *model) hit(s *searching, ord uint32, base []intel.Why) intel.Hit {
	r, f := m.reports[ord], s.p.filter
	h := intel.Hit{
		ReportID: r.id, URL: r.url, SourceID: r.source, Publisher: r.publisher, Language: r.lang, Demo: r.demo,
		Actors: []intel.Ref{}, Victims: []intel.Ref{}, Incidents: []intel.Incident{},
	}
	h.Title, h.Published = f.face(r)
	for _, io := range m.tells(r, f.view) {
		inc, _, ok := m.incidentIn(io, f.view)
		if !ok || !f.confident(inc) {
			continue
		}
		h.Incidents = append(h.Incidents, *inc)
		for _, a := range inc.Actors {
			id := m.canonActor(refID(a.Ref))
			h.Actors = appendNew(h.Actors, intel.Ref{ID: id, Name: m.nameOr(m.actors[id] != nil, m.actorName(id), a.Name)})
		}
		if id := m.canonVictim(refID(inc.Victim.Ref)); id != "" {
			h.Victims = appendNew(h.Victims, intel.Ref{ID: id, Name: m.nameOr(m.victims[id] != nil, m.victimName(id), inc.Victim.Name)})
		}
	}
	if f.minConf == 0 && f.current(r) {
		for _, a := range r.actors {
			id := m.canonActor(a)
			if !slices.ContainsFunc(h.Actors, func(o intel.Ref) bool { return o.ID == id }) {
				h.Actors = append(h.Actors, intel.Ref{ID: id, Name: m.actorName(id)})
			}
		}
	}
	h.Why = m.why(s, r, ord, base)
	return h
}

func (m *model) nameOr(known bool, name, otherwise string) string {
	if known || otherwise == "" {
		return name
	}
	return otherwise
}

// whyAll explains what every report of an answer matched: the fields of the query.
func (m *model) whyAll(s *searching) []intel.Why {
	var out []intel.Why
	q := s.q
	if q.Actor != "" {
		if id, err := m.who(q.Actor, sideActor, viewOf(q)); err == nil {
			out = append(out, intel.Why{Field: "actor", Matched: q.Actor, Of: m.actorName(id)})
		}
	}
	if q.Victim != "" {
		if id, err := m.who(q.Victim, sideVictim, viewOf(q)); err == nil {
			out = append(out, intel.Why{Field: "victim", Matched: q.Victim, Of: m.victimName(id)})
		}
	}
	for _, c := range [][2]string{{"cve", q.CVE}, {"observable", q.Observable}} {
		if c[1] != "" {
			out = append(out, intel.Why{Field: c[0], Matched: defang(c[1])})
		}
	}
	return out
}

// why explains what the columns matched in one report; highlight adds what words did.
func (m *model) why(s *searching, r *report, ord uint32, base []intel.Why) []intel.Why {
	out := make([]intel.Why, 0, len(base)+2)
	for _, w := range base {
		if w.Field == "actor" && s.q.ExpandMembers {
			if hit, _ := m.matchReport(s.p.filter, ord); hit.via != "" {
				w = intel.Why{Field: "member", Matched: hit.via, Of: hit.of}
			}
		}
		out = append(out, w)
	}
	for _, n := range s.p.knownInOrder() {
		out = m.whyKnown(out, n, r, ord)
	}
	if len(out) == 0 && s.p.root == nil {
		out = append(out, intel.Why{Field: "filter"})
	}
	return out
}

func (m *model) whyKnown(out []intel.Why, k *known, r *report, ord uint32) []intel.Why {
	for _, n := range k.names {
		hit, ok := m.matchReport(n.filter, ord)
		switch {
		case !ok:
		case hit.via != "":
			out = appendNew(out, intel.Why{Field: "member", Matched: k.typed, Of: hit.via})
		default:
			out = appendNew(out, intel.Why{Field: n.cand.Type, Matched: k.typed, Of: n.cand.Name})
		}
	}
	if k.tag != 0 && slices.Contains(r.tags, k.tag) {
		field := "cve"
		if k.tag.dim() == dimTechnique {
			field = "technique"
		}
		out = appendNew(out, intel.Why{Field: field, Matched: m.value(k.tag)})
	}
	if k.value != "" && slices.Contains(m.obs.get(k.value), ord) {
		out = appendNew(out, intel.Why{Field: "observable", Matched: defang(k.value)})
	}
	return out
}

// knownInOrder gives what was recognised in a query, in the order it was typed.
func (p *plan) knownInOrder() []*known {
	var out []*known
	var walk func(*node)
	walk = func(n *node) {
		if n == nil || n.op == opNot {
			return
		}
		if k := p.known[n]; k != nil {
			out = append(out, k)
			return
		}
		for _, k := range n.kids {
			walk(k)
		}
	}
	walk(p.root)
	return out
}

// highlight adds excerpts and the words that matched to the hits of a page. It runs outside the lock: texts come from the
// archive.
func (s *searching) highlight(ctx context.Context, ords []uint32, page *intel.Page[intel.Hit]) {
	if s.p.root == nil || len(ords) == 0 {
		return
	}
	l := s.ix.lookFor(s.p)
	if len(l.phrases) == 0 {
		return
	}
	for i := range page.Items {
		h := &page.Items[i]
		if _, found := l.excerpts(h.Title, 1); len(found) > 0 {
			h.Why = append(h.Why, intel.Why{Field: "title", Matched: strings.Join(found, ", ")})
		}
		text := s.ix.readable(ctx, h.ReportID, s.p.filter.view)
		excerpts, found := l.excerpts(text, maxExcerpts)
		if len(found) > 0 {
			h.Highlights = excerpts
			h.Why = append(h.Why, intel.Why{Field: "text", Matched: strings.Join(found, ", ")})
		}
	}
}

// readable gives the text of a report that excerpts may be cut from: where rights are reserved, or the version held now is
// younger than the view, only the quotes of its claims.
func (ix *Index) readable(ctx context.Context, id string, v view) string {
	ix.mu.RLock()
	r := ix.model.reports[ix.model.reportOrd[id]]
	var quotes []string
	for i := range r.claims {
		if v.seesClaim(r, &r.claims[i]) {
			quotes = appendNew(quotes, r.claims[i].quote)
		}
	}
	whole := !r.rights && v.current(r) && ix.o.Archive != nil
	ix.mu.RUnlock()
	if whole {
		rec, err := ix.o.Archive.Record(ctx, id)
		switch {
		case err == nil && rec.Text != "":
			return rec.Text
		case errors.Is(err, intel.ErrPurged):
			return ""
		case err != nil && ctx.Err() == nil:
			ix.log.DebugContext(ctx, "excerpt read", "report", id, "error", err)
		}
	}
	return strings.Join(quotes, "\n")
}
