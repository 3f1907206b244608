package index

import (
	"slices"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// match says how a report met a filter.
type match struct {
	// via is the member of an umbrella that it was found through, of the umbrella.
	via, of string
	// told says that a claim of the report itself speaks of the actor or victim asked for, mentioned that it is named. Both are
	// looked at only when the filter weighs.
	told, mentioned bool
}

// matchReport reports whether a report meets the whole filter.
func (m *model) matchReport(f *filter, ord uint32) (match, bool) {
	r := m.reports[ord]
	if f.never || !f.sees(r) || !m.meetsReport(f, r, ord) {
		return match{}, false
	}
	if len(f.incident) == 0 {
		return match{}, m.reportInRange(f, r)
	}
	best, found := match{}, false
	for _, io := range m.tells(r, f.view) {
		inc, tags, ok := m.incidentIn(io, f.view)
		if !ok || !f.confident(inc) {
			continue
		}
		hit, ok := f.meetsAll(tags, incidentDay(inc))
		if !ok || !m.toldInRange(f, r, inc) {
			continue
		}
		hit.told = f.weigh && m.claimsIt(f, r, io)
		if !found || hit.told && !best.told && hit.via == "" || best.via != "" && hit.via == "" {
			best, found = hit, true
		}
	}
	if found && best.via == "" && (best.told || !f.weigh) {
		return best, true
	}
	if hit, ok := m.mentioned(f, r); ok && (!found || hit.via == "") {
		hit.mentioned = true
		return hit, true
	}
	return best, found
}

// claimsIt reports whether a claim of the report itself, about one incident, names what is asked for.
func (m *model) claimsIt(f *filter, r *report, inc uint32) bool {
	for i := range r.claims {
		c := &r.claims[i]
		if m.canonIncident(c.inc) != inc || !f.seesClaim(r, c) {
			continue
		}
		tags := []tag{m.find(dimVictim, m.canonVictim(refID(c.shape.Victim.Ref))), m.find(dimActor, m.canonActor(refID(c.shape.Actor.Ref)))}
		for _, cond := range f.incident {
			if cond.meets(tags, incidentDay(&m.incidents[inc].inc)) != nil {
				return true
			}
		}
	}
	return false
}

// meetsAll applies the conditions on incidents to tags.
func (f *filter) meetsAll(tags []tag, when intel.Date) (match, bool) {
	var out match
	for _, c := range f.incident {
		a := c.meets(tags, when)
		if a == nil {
			return match{}, false
		}
		if a.via != "" {
			out.via, out.of = a.via, a.of
		}
	}
	return out, true
}

// mentioned lets a report that only names the actor meet a filter that asks for nothing but actors.
func (m *model) mentioned(f *filter, r *report) (match, bool) {
	if f.minConf > 0 || len(r.actors) == 0 || !f.current(r) {
		return match{}, false
	}
	tags := make([]tag, 0, len(r.actors))
	for _, a := range r.actors {
		tags = append(tags, m.find(dimActor, m.canonActor(a)))
	}
	_, published := f.face(r)
	hit, ok := f.meetsAll(tags, published.Date())
	return hit, ok && m.reportInRange(f, r)
}

// meetsReport applies what is asked of the report itself.
func (m *model) meetsReport(f *filter, r *report, ord uint32) bool {
	for _, c := range f.report {
		ok := false
		for _, a := range c {
			ok = ok || slices.Contains(r.tags, a.tag) && (a.tag.dim() < dimCVE || f.current(r))
		}
		if !ok {
			return false
		}
	}
	for _, v := range f.obs {
		if !slices.Contains(m.obs.get(v), ord) || !f.current(r) {
			return false
		}
	}
	return true
}

// reportInRange applies the time range to a report: by what it tells, where that has a time, else by its publication.
func (m *model) reportInRange(f *filter, r *report) bool {
	if !f.ranged() {
		return true
	}
	if f.timeField == "" || f.timeField == "occurred" {
		known := false
		for _, io := range m.tells(r, f.view) {
			inc, _, ok := m.incidentIn(io, f.view)
			if !ok || !f.confident(inc) || !inc.Occurred.Known() {
				continue
			}
			known = true
			if f.overlaps(inc.Occurred.From, inc.Occurred.To) {
				return true
			}
		}
		if known {
			return false
		}
	}
	return m.publishedInRange(f, r)
}

func (m *model) publishedInRange(f *filter, r *report) bool {
	_, published := f.face(r)
	d := published.Date()
	if published.IsZero() {
		d = intel.Date{}
	}
	if f.timeField == "recorded" {
		d = intel.DateOf(r.first)
	}
	return f.overlaps(d, d)
}

// toldInRange applies the time range to what a report tells of one incident.
func (m *model) toldInRange(f *filter, r *report, inc *intel.Incident) bool {
	if !f.ranged() {
		return true
	}
	if (f.timeField == "" || f.timeField == "occurred") && inc.Occurred.Known() {
		return f.overlaps(inc.Occurred.From, inc.Occurred.To)
	}
	return m.publishedInRange(f, r)
}

// candidatesFor gives reports among which all that meet f are, newest first. exact says that all of them do.
func (m *model) candidatesFor(f *filter) (list []uint32, exact bool) {
	if f.never {
		return nil, true
	}
	list, exact = m.all.list, len(f.incident)+len(f.report)+len(f.obs) == 0
	for _, c := range f.incident {
		if l, ok := m.narrow(m.post, c, f.asOf); ok && len(l) < len(list) {
			list = l
			exact = len(f.incident) == 1 && len(f.report)+len(f.obs) == 0 && len(c) == 1
		}
	}
	for _, c := range f.report {
		if l := m.post.get(c[0].tag); len(l) < len(list) {
			list = l
			exact = len(f.incident)+len(f.obs) == 0 && len(f.report) == 1
		}
	}
	for _, v := range f.obs {
		if l := m.obs.get(v); len(l) < len(list) {
			list, exact = slices.Clone(l), false
			slices.SortFunc(list, m.compareReports)
		}
	}
	plain := f.asOf.IsZero() && (f.minConf == 0 || len(f.incident) == 0) && m.restricted == 0 && !f.ranged()
	return m.prefilter(f, list), exact && plain
}

// narrow gives the lists of a condition's alternatives, merged. Under as_of only who and whom may narrow, and whatever ever
// changed has to be looked at again.
func (m *model) narrow(p *postings, c condition, asOf time.Time) ([]uint32, bool) {
	if len(c) == 1 && asOf.IsZero() {
		return p.get(c[0].tag), true
	}
	if !asOf.IsZero() && c[0].tag != 0 && c[0].tag.dim() > dimVictim {
		return nil, false
	}
	if !asOf.IsZero() && m.strays(c) {
		return nil, false
	}
	var out []uint32
	for _, a := range c {
		out = append(out, p.get(a.tag)...)
	}
	if !asOf.IsZero() {
		m.unsettled(func(ord uint32) {
			if p == m.ipost {
				out = append(out, ord)
			} else {
				out = append(out, m.reportsOf(ord)...)
			}
		})
	}
	slices.SortFunc(out, func(a, b uint32) int {
		switch {
		case a == b:
			return 0
		case p.before(a, b):
			return -1
		default:
			return 1
		}
	})
	return slices.Compact(out), true
}

// prefilter drops reports that cannot lie in the time range, by a small column of days.
func (m *model) prefilter(f *filter, list []uint32) []uint32 {
	if !f.ranged() || !f.asOf.IsZero() || f.timeField == "recorded" {
		return list
	}
	lo, hi := dayNumber(f.from, -1<<30), dayNumber(f.to, 1<<30)
	var out []uint32
	if len(list) < len(m.all.list) {
		for _, ord := range list {
			if s := m.days[ord]; s.lo <= hi && s.hi >= lo {
				out = append(out, ord)
			}
		}
		return out
	}
	// The whole column, as it lies in memory; what is left is put in order.
	for ord, s := range m.days {
		if s.lo <= hi && s.hi >= lo && m.reports[ord].live {
			out = append(out, uint32(ord))
		}
	}
	slices.SortFunc(out, m.compareReports)
	return out
}

// daySpan is the days a report may count for, published and occurred, as days since 1970.
type daySpan struct{ lo, hi int32 }

func dayNumber(d intel.Date, unknown int32) int32 {
	if d.IsZero() {
		return unknown
	}
	return int32(d.UTC().Unix() / 86400) //nolint:gosec // years have four digits
}

// spanOf covers every day that a report may count for.
func (m *model) spanOf(r *report) daySpan {
	s := daySpan{1 << 30, -1 << 30}
	widen := func(d intel.Date) {
		if !d.IsZero() {
			n := dayNumber(d, 0)
			s.lo, s.hi = min(s.lo, n), max(s.hi, n)
		}
	}
	if !r.published.IsZero() {
		widen(r.published.Date())
	}
	for _, ord := range r.ever {
		widen(m.incidents[ord].inc.Occurred.From)
		widen(m.incidents[ord].inc.Occurred.To)
	}
	return s
}

func (m *model) compareReports(a, b uint32) int {
	switch {
	case a == b:
		return 0
	case m.newer(a, b):
		return -1
	default:
		return 1
	}
}
