package index

import (
	"slices"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

// apply takes one change into the columns. What follows from it for tags and order is left to settle, once a batch.
func (m *model) apply(c intel.Change) {
	moved := false
	switch c.What {
	case "report":
		moved = m.applyRecord(c.Record)
	case "incident":
		moved = m.applyIncident(c.Incident)
	case "actor":
		if c.Actor == nil {
			moved = m.forgetActor(c.ID)
			break
		}
		moved = m.applyActor(c.Actor)
	case "victim":
		if c.Victim == nil {
			moved = m.forgetVictim(c.ID)
			break
		}
		moved = m.applyVictim(c.Victim)
	case "decision":
		moved = m.applyDecision(c.Decision)
	case "source", "journal":
		moved = m.applySource(c.Source)
	case "purge":
		m.purge(c.ID)
		moved = true
	}
	m.seq = max(m.seq, c.Seq)
	if moved {
		m.gen = uint64(max(c.Seq, 0))
		if c.At.After(m.at) {
			m.at = c.At
		}
	}
}

func (m *model) applyRecord(rec *intel.Record) bool {
	if rec == nil || rec.Report.ID == "" {
		return false
	}
	delete(m.purged, rec.Report.ID)
	ord, ok := m.reportOrd[rec.Report.ID]
	if !ok {
		ord = uint32(len(m.reports)) //nolint:gosec // fewer than four billion reports
		id := m.intern(rec.Report.ID)
		m.reports = append(m.reports, &report{id: id})
		m.days = append(m.days, daySpan{})
		m.reportOrd[id] = ord
	}
	old := m.reports[ord]
	m.unlink(ord)
	r := m.newReport(rec)
	r.key, r.tags = old.key, old.tags
	if old.live {
		if key := momentKey(ledger.ToldAt(r.published, r.recorded)); key != old.key {
			m.unlist(ord)
			r.key, r.tags = key, nil
			m.reports[ord] = r
			m.all.add(ord)
		}
	} else {
		r.key, r.tags = momentKey(ledger.ToldAt(r.published, r.recorded)), nil
		m.reports[ord] = r
		m.all.add(ord)
		m.liveCount++
	}
	m.reports[ord] = r
	m.link(ord)
	m.dirtyReports[ord] = struct{}{}
	return true
}

// applyDecision keeps a decision's values: a moment when it was in force counts them, also where nothing has them now.
func (m *model) applyDecision(d *intel.Decision) bool {
	if d != nil && d.Kind == intel.DecideCorrection {
		switch d.Field {
		case "sector":
			m.place(d.Value, "")
		case "country":
			m.place("", d.Value)
		}
	}
	return d != nil
}

// place makes room in the columns for a sector and a country that some moment may count.
func (m *model) place(sector, country string) {
	if sector != "" {
		m.keepSector(sector)
		m.tag(dimSector, fold(sector))
	}
	if country != "" {
		m.tag(dimCountry, fold(country))
	}
}

// newReport copies what the columns keep of a record; shared strings are interned and its text is let go.
func (m *model) newReport(rec *intel.Record) *report {
	p := rec.Report
	r := &report{
		id: strings.Clone(p.ID), url: strings.Clone(p.URL), title: strings.Clone(p.Title), source: m.intern(p.SourceID),
		publisher: m.intern(p.Publisher), lang: m.intern(strings.ToLower(p.Language)), published: p.Published, first: p.Recorded,
		recorded: p.Recorded, tlp: p.TLP, live: true, demo: p.Demo, rights: p.RightsReserved,
	}
	for _, v := range rec.Versions {
		r.versions = append(r.versions, version{strings.Clone(v.Title), v.Published, v.Recorded})
		if !v.Recorded.IsZero() && v.Recorded.Before(r.first) {
			r.first = v.Recorded
		}
	}
	r.claims = m.newClaims(rec)
	for _, a := range rec.Actors {
		if a.ID != "" {
			r.actors = appendNew(r.actors, m.intern(a.ID))
		}
	}
	for _, c := range rec.CVEs {
		r.cves = appendNew(r.cves, m.intern(strings.ToUpper(mentionID(c))))
	}
	for _, t := range rec.Techniques {
		r.techs = appendNew(r.techs, m.intern(strings.ToUpper(mentionID(t))))
	}
	for _, o := range rec.Observables {
		r.obs = appendNew(r.obs, m.obs.hash(observableKey(o.Value)))
	}
	return r
}

func mentionID(n intel.Mention) string {
	if n.ID != "" {
		return n.ID
	}
	return n.Name
}

// observableKey is the spelling observables are compared by.
func observableKey(v string) string { return strings.ToLower(strings.TrimSpace(v)) }

func appendNew[T comparable](s []T, vs ...T) []T {
	for _, v := range vs {
		if !slices.Contains(s, v) {
			s = append(s, v)
		}
	}
	return s
}

// newClaims keeps the claims of a record; what neighbours share is kept once.
func (m *model) newClaims(rec *intel.Record) []claim {
	out := make([]claim, 0, len(rec.Claims))
	var shapes []*intel.Claim
	for _, c := range rec.Claims {
		k := claim{
			id: strings.Clone(c.ID), quote: strings.Clone(c.Quote), facet: c.Facet, stance: c.Stance,
			saidBy: intel.Speaker{Name: m.intern(c.SaidBy.Name), Kind: c.SaidBy.Kind}, span: c.Span, confidence: c.Confidence,
			origin: m.intern(c.Origin), cred: c.Credibility, inc: m.incident(c.IncidentID),
		}
		if c.TLP == "" {
			c.TLP = rec.Report.TLP
		}
		c.ReportID, c.ID, c.Quote, c.Facet, c.Stance, c.SaidBy, c.Span = rec.Report.ID, "", "", "", "", intel.Speaker{}, intel.Span{}
		c.Confidence, c.Origin, c.Credibility = 0, "", 0
		i := slices.IndexFunc(shapes, func(s *intel.Claim) bool { return sameShape(s, &c) })
		if i < 0 {
			m.internShape(&c)
			shapes = append(shapes, &c)
			i = len(shapes) - 1
		}
		k.shape = shapes[i]
		out = append(out, k)
	}
	return out
}

func (m *model) internShape(c *intel.Claim) {
	for _, s := range []*string{
		&c.Actor.ID, &c.Actor.Name, &c.Actor.Via, &c.Victim.ID, &c.Victim.Name, &c.Sector, &c.Country, &c.Extractor,
		&c.Occurred.Words, &c.IncidentID, &c.ReportID,
		(*string)(&c.Kind),
	} {
		*s = m.intern(*s)
	}
	// The past may hold values that the present does not.
	for d, v := range map[dim]string{
		dimActor: refID(c.Actor.Ref), dimVictim: refID(c.Victim.Ref), dimSector: fold(c.Sector), dimCountry: fold(c.Country),
	} {
		if v != "" {
			m.tag(d, v)
		}
	}
	m.place(c.Sector, c.Country)
	c.Kinds, c.Victim.Aliases, c.Victim.Domains = slices.Clone(c.Kinds), slices.Clone(c.Victim.Aliases), slices.Clone(c.Victim.Domains)
}

func sameShape(a, b *intel.Claim) bool {
	return a.IncidentID == b.IncidentID && a.Actor == b.Actor && a.Victim.Ref == b.Victim.Ref && a.Victim.Role == b.Victim.Role &&
		slices.Equal(a.Victim.Aliases, b.Victim.Aliases) && slices.Equal(a.Victim.Domains, b.Victim.Domains) &&
		a.Kind == b.Kind && slices.Equal(a.Kinds, b.Kinds) && a.Occurred == b.Occurred && a.Sector == b.Sector &&
		a.Country == b.Country && a.Published == b.Published && a.Extractor == b.Extractor && a.TLP == b.TLP &&
		a.RecordedFrom.Equal(b.RecordedFrom) && a.RecordedTo.Equal(b.RecordedTo)
}

// full gives the claim back as it was fed.
func (c *claim) full() intel.Claim {
	out := *c.shape
	out.ID, out.Quote, out.Facet, out.Stance, out.SaidBy, out.Span = c.id, c.quote, c.facet, c.stance, c.saidBy, c.span
	out.Confidence, out.Origin, out.Credibility = c.confidence, c.origin, c.cred
	return out
}

func (c *claim) held(t time.Time) bool { return c.shape.HeldAt(t) }

// link makes the incidents and observables of a report point at it.
func (m *model) link(ord uint32) {
	r := m.reports[ord]
	for i := range r.claims {
		inc := m.canonIncident(r.claims[i].inc)
		m.dirtyIncidents[inc] = struct{}{}
		in := m.incidents[inc]
		in.reports = appendNew(in.reports, ord)
		r.ever = appendNew(r.ever, inc)
		if r.claims[i].held(time.Time{}) {
			r.incs = appendNew(r.incs, inc)
		}
	}
	for _, h := range r.obs {
		m.obs.add(h, ord)
	}
	if r.tlp != "" && r.tlp != intel.TLPClear {
		m.restricted++
	}
}

// unlink undoes link.
func (m *model) unlink(ord uint32) {
	r := m.reports[ord]
	if !r.live {
		return
	}
	for _, inc := range r.ever {
		in := m.incidents[inc]
		if i := slices.Index(in.reports, ord); i >= 0 {
			in.reports = slices.Delete(in.reports, i, i+1)
		}
		m.dirtyIncidents[inc] = struct{}{}
	}
	for _, h := range r.obs {
		m.obs.remove(h, ord)
	}
	if r.tlp != "" && r.tlp != intel.TLPClear {
		m.restricted--
	}
	r.incs, r.ever = nil, nil
}

// unlist takes a report out of every list, while it still has the key it was listed by.
func (m *model) unlist(ord uint32) {
	r := m.reports[ord]
	m.all.remove(ord, m.newer)
	for _, t := range r.tags {
		m.post.remove(t, ord)
		m.touched[t] = struct{}{}
	}
	r.tags = nil
}

// purge takes a report out of every column.
func (m *model) purge(id string) {
	m.purged[id] = struct{}{}
	ord, ok := m.reportOrd[id]
	if !ok || !m.reports[ord].live {
		return
	}
	m.unlink(ord)
	m.unlist(ord)
	m.reports[ord] = &report{id: id}
	m.liveCount--
}

func (m *model) applyIncident(i *intel.Incident) bool {
	if i == nil || i.ID == "" {
		return false
	}
	ord := m.incident(i.ID)
	in := m.incidents[ord]
	remerged, stood := in.inc.MergedInto != i.MergedInto, m.canonIncident(ord)
	if i.MergedInto != "" {
		m.incident(i.MergedInto)
	}
	m.unlistIncident(ord)
	in.inc = m.compact(*i)
	m.keepSector(i.Sector)
	// An incident that no claim is left of stays for the past only.
	in.live = i.MergedInto == "" && len(i.Reports) > 0
	in.key = incidentKey(i)
	if in.live {
		m.iall.add(ord)
	}
	m.dirtyIncidents[ord] = struct{}{}
	if remerged {
		m.relink(ord)
		m.relink(stood)
	}
	return true
}

// compact shares the strings of an incident with the records they come from.
func (m *model) compact(i intel.Incident) intel.Incident {
	for _, s := range []*string{&i.ID, &i.Victim.ID, &i.Victim.Name, &i.Sector, &i.Country, &i.VictimAnswer, &i.MergedInto, &i.Occurred.Words} {
		*s = m.intern(*s)
	}
	i.Kind, i.Status = intel.Kind(m.intern(string(i.Kind))), intel.Stance(m.intern(string(i.Status)))
	i.Actors, i.Kinds, i.Reports = slices.Clone(i.Actors), slices.Clone(i.Kinds), slices.Clone(i.Reports)
	for k := range i.Actors {
		a := &i.Actors[k]
		a.ID, a.Name, a.Via = m.intern(a.ID), m.intern(a.Name), m.intern(a.Via)
	}
	for k := range i.Kinds {
		i.Kinds[k] = intel.Kind(m.intern(string(i.Kinds[k])))
	}
	for k := range i.Reports {
		i.Reports[k] = m.intern(i.Reports[k])
	}
	return i
}

// relink lets the reports of an incident find the one that it stands for now.
func (m *model) relink(ord uint32) {
	for _, r := range slices.Clone(m.incidents[ord].reports) {
		m.unlink(r)
		m.link(r)
		m.dirtyReports[r] = struct{}{}
	}
}

func (m *model) unlistIncident(ord uint32) {
	in := m.incidents[ord]
	if in.live {
		m.iall.remove(ord, m.newerIncident)
	}
	for _, t := range in.tags {
		m.ipost.remove(t, ord)
		m.touched[t] = struct{}{}
	}
	in.tags = nil
}

func (m *model) applyActor(a *intel.Actor) bool {
	if a == nil || a.ID == "" {
		return false
	}
	old := m.actors[a.ID]
	m.actors[a.ID] = a
	m.names.putActor(old, a)
	m.relationsDirty = true
	m.touched[m.tag(dimActor, a.ID)] = struct{}{}
	if old == nil && a.MergedInto != "" || old != nil && old.MergedInto != a.MergedInto {
		m.retag(m.find(dimActor, a.ID))
		if old != nil && old.MergedInto != "" {
			m.retag(m.find(dimActor, m.canonActor(old.MergedInto)))
		}
	}
	return true
}

func (m *model) applyVictim(v *intel.Victim) bool {
	if v == nil || v.ID == "" {
		return false
	}
	old := m.victims[v.ID]
	m.victims[v.ID] = v
	m.keepSector(v.Sector)
	m.names.putVictim(old, v)
	m.touched[m.tag(dimVictim, v.ID)] = struct{}{}
	if old == nil || old.MergedInto != v.MergedInto || old.Sector != v.Sector || old.Country != v.Country {
		m.retag(m.find(dimVictim, v.ID))
		if old != nil && old.MergedInto != "" {
			m.retag(m.find(dimVictim, m.canonVictim(old.MergedInto)))
		}
	}
	return true
}

// forgetVictim drops a victim that only purged reports named.
func (m *model) forgetVictim(id string) bool {
	old := m.victims[id]
	if old == nil {
		return false
	}
	m.names.putVictim(old, &intel.Victim{ID: id})
	delete(m.victims, id)
	m.touched[m.tag(dimVictim, id)] = struct{}{}
	return true
}

// forgetActor drops an actor that only purged reports named. The feed names it by a digest of its id, because the id is a name.
func (m *model) forgetActor(id string) bool {
	for known, a := range m.actors {
		if known != id && intel.UUIDv5("actor", known) != id {
			continue
		}
		m.names.putActor(a, &intel.Actor{ID: known, Withdrawn: true})
		delete(m.actors, known)
		m.relationsDirty = true
		m.touched[m.tag(dimActor, known)] = struct{}{}
		return true
	}
	return false
}

// retag marks whatever carries t for another look.
func (m *model) retag(t tag) {
	for _, ord := range m.ipost.get(t) {
		m.dirtyIncidents[ord] = struct{}{}
	}
	for _, ord := range m.post.get(t) {
		m.dirtyReports[ord] = struct{}{}
	}
}

// applySource keeps a source's health. Only a new source or state, reliability or licence moves the generation.
func (m *model) applySource(s *intel.SourceHealth) bool {
	if s == nil || s.ID == "" {
		return false
	}
	old, ok := m.sources[s.ID]
	m.sources[s.ID] = *s
	return !ok || old.State != s.State || old.Reliability != s.Reliability || old.ServeText != s.ServeText
}
