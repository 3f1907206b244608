package index

import (
	"slices"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// settle brings tags, lists and relations in line with the records after a batch, and gives the tags whose history changed.
func (m *model) settle() {
	for ord := range m.dirtyIncidents {
		m.settleIncident(ord)
	}
	for ord := range m.dirtyReports {
		m.settleReport(ord)
	}
	clear(m.dirtyIncidents)
	clear(m.dirtyReports)
	m.post.settle()
	m.ipost.settle()
	m.all.settle(m.newer)
	m.iall.settle(m.newerIncident)
	m.names.settle(m)
	if m.relationsDirty {
		m.settleRelations()
		m.relationsDirty, m.relationsMoved = false, true
	}
}

// settleIncident recomputes the columns of an incident and marks its reports.
func (m *model) settleIncident(ord uint32) {
	in := m.incidents[ord]
	was := in.strictest
	in.strictest = ""
	delete(m.ended, ord)
	for _, r := range in.reports {
		m.dirtyReports[r] = struct{}{}
		for i := range m.reports[r].claims {
			c := &m.reports[r].claims[i]
			if m.canonIncident(c.inc) != ord {
				continue
			}
			if !c.held(time.Time{}) {
				m.ended[ord] = struct{}{}
			} else if !in.strictest.Allows(c.shape.TLP) {
				in.strictest = c.shape.TLP
			}
		}
	}
	m.restricted += above(in.strictest) - above(was)
	var tags []tag
	if in.live {
		tags = m.incidentTags(&in.inc, m.tag)
	}
	m.retagList(m.ipost, in.tags, tags, ord)
	in.tags = tags
}

// above is one for a label that not everybody may read.
func above(t intel.TLP) int {
	if intel.TLPClear.Allows(t) {
		return 0
	}
	return 1
}

func (m *model) settleReport(ord uint32) {
	r := m.reports[ord]
	if !r.live {
		return
	}
	tags := m.reportTags(r)
	m.retagList(m.post, r.tags, tags, ord)
	r.tags = tags
	m.days[ord] = m.spanOf(r)
}

// retagList moves ord from the lists of old to those of now, touching only what differs; every tag of both counts as touched,
// because the record behind them changed.
func (m *model) retagList(p *postings, old, now []tag, ord uint32) {
	for _, t := range old {
		m.touched[t] = struct{}{}
		if !slices.Contains(now, t) {
			p.remove(t, ord)
		}
	}
	for _, t := range now {
		m.touched[t] = struct{}{}
		if !slices.Contains(old, t) {
			p.add(t, ord)
		}
	}
}

// settleRelations collects who is a member of whom: relations may be recorded on either side.
func (m *model) settleRelations() {
	clear(m.members)
	clear(m.umbrellas)
	for _, a := range m.actors {
		if a.Withdrawn {
			continue
		}
		for _, r := range a.Relations {
			if r.Type != intel.RelMemberOf && r.Type != intel.RelPartOf {
				continue
			}
			r.From, r.To = m.canonActor(r.From), m.canonActor(r.To)
			if r.From == r.To || r.From == "" || r.To == "" {
				continue
			}
			m.members[r.To] = addRelation(m.members[r.To], r)
			m.umbrellas[r.From] = addRelation(m.umbrellas[r.From], r)
		}
	}
	for _, l := range []map[string][]intel.Relation{m.members, m.umbrellas} {
		for _, rs := range l {
			slices.SortFunc(rs, compareRelations)
		}
	}
}

// addRelation adds r unless the same two are related already; the one with a date wins, then the earlier, then by source, so
// that the order of the records does not matter.
func addRelation(rs []intel.Relation, r intel.Relation) []intel.Relation {
	for i, o := range rs {
		if o.From != r.From || o.To != r.To {
			continue
		}
		if o.Since.IsZero() && !r.Since.IsZero() || compareRelations(r, o) < 0 && r.Since.IsZero() == o.Since.IsZero() {
			rs[i] = r
		}
		return rs
	}
	return append(rs, r)
}

func compareRelations(a, b intel.Relation) int {
	for _, p := range [][2]string{{a.From, b.From}, {a.To, b.To}, {a.Since.String(), b.Since.String()}, {a.Source, b.Source}} {
		if p[0] != p[1] {
			if p[0] < p[1] {
				return -1
			}
			return 1
		}
	}
	return 0
}

// settleCoverage counts what could have told.
func (m *model) settleCoverage() {
	c := intel.Coverage{Reports: m.liveCount}
	for _, s := range m.sources {
		c.Sources++
		if !s.LastSuccess.IsZero() {
			c.Read++
		}
		if s.State == "failing" {
			c.Failing++
		}
		if s.State == "stale" {
			c.Stale++
		}
		if s.State == "stale" || s.State == "failing" {
			c.Late = append(c.Late, s.ID)
		}
		if s.LastSuccess.After(c.LastRead) {
			c.LastRead = s.LastSuccess
		}
		c.Demo = c.Demo || s.Demo
	}
	c.Late = fewLate(c.Late)
	for _, v := range slices.Backward(m.all.list) {
		if r := m.reports[v]; !r.published.IsZero() {
			c.Since = r.published.Date()
			break
		}
	}
	if len(m.all.list) > 0 {
		c.Demo = c.Demo || m.reports[m.all.list[0]].demo
	}
	m.coverage = c
}

// fewLate sorts ids of sources and keeps as many as a coverage names.
func fewLate(ids []string) []string {
	slices.Sort(ids)
	return ids[:min(len(ids), intel.MostLate)]
}
