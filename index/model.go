package index

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// dim is a column: what a tag speaks of.
type dim uint8

const (
	dimActor dim = iota + 1
	dimVictim
	dimSector
	dimCountry
	dimKind
	dimStatus
	dimSource
	dimLanguage
	dimYear
	dimCVE
	dimTechnique
	dims
)

// tag is one value of one column.
type tag uint64

func (t tag) dim() dim    { return dim(t >> 32) } //nolint:gosec // the high half is the column, of which there are few
func (t tag) sym() uint32 { return uint32(t) }    //nolint:gosec // the low half is the symbol

// report is what the columns hold of one report: no text.
type report struct {
	id, url, title          string
	source, publisher, lang string
	published               intel.Moment
	// key sorts by publication; unknown is last.
	key int64
	// first is when any version was recorded, recorded when this one was.
	first, recorded time.Time
	tlp             intel.TLP
	live, demo      bool
	rights          bool
	versions        []version
	claims          []claim
	actors          []string
	cves, techs     []string
	obs             []uint64
	// incs are the incidents it tells of now, ever those of ended claims too.
	incs, ever []uint32
	tags       []tag
}

// version is what an earlier version of a report said of itself.
type version struct {
	title     string
	published intel.Moment
	recorded  time.Time
}

// claim is an intel.Claim with what it shares with its neighbours kept once.
type claim struct {
	shape      *intel.Claim
	id, quote  string
	facet      intel.Facet
	stance     intel.Stance
	saidBy     intel.Speaker
	span       intel.Span
	confidence float64
	origin     string
	cred       int
	// inc is the ordinal of its incident as the claim names it, before merges.
	inc uint32
}

// incident is one incident with the reports that speak of it.
type incident struct {
	inc  intel.Incident
	live bool
	key  int64
	tags []tag
	// reports are ordinals of reports with a claim of it, ended claims included.
	reports []uint32
	// strictest is the most restrictive label of its claims.
	strictest intel.TLP
}

// model is everything the columns hold. It is guarded by Index.mu.
type model struct {
	// pool holds the one copy of strings that many records share; syms and values are the symbols of each column.
	pool   map[string]string
	syms   [dims]map[string]uint32
	values [dims][]string

	reports   []*report
	reportOrd map[string]uint32
	incidents []*incident
	incOrd    map[string]uint32
	actors    map[string]*intel.Actor
	victims   map[string]*intel.Victim
	sources   map[string]intel.SourceHealth
	// sectors are sector names as written, by their folded form.
	sectors map[string]string
	purged  map[string]struct{}

	post, ipost *postings
	all, iall   posting
	obs         *sparse
	// days is a column by report; ended are the incidents with claims that are no longer held.
	days  []daySpan
	ended map[uint32]struct{}
	names *nameTable
	// members and umbrellas are dated relations by umbrella and by member.
	members, umbrellas map[string][]intel.Relation

	dirtyReports, dirtyIncidents map[uint32]struct{}
	touched                      map[tag]struct{}
	relationsDirty               bool
	relationsMoved               bool

	// restricted counts live reports above CLEAR.
	restricted int
	liveCount  int
	gen        uint64
	at         time.Time
	seq        int64
	coverage   intel.Coverage
	// past is set on a copy that answers for a moment.
	past *past
}

func newModel() *model {
	m := &model{
		pool: map[string]string{}, reportOrd: map[string]uint32{}, incOrd: map[string]uint32{},
		actors: map[string]*intel.Actor{}, victims: map[string]*intel.Victim{}, sources: map[string]intel.SourceHealth{},
		sectors: map[string]string{}, purged: map[string]struct{}{}, obs: newSparse(), names: newNameTable(),
		members: map[string][]intel.Relation{}, umbrellas: map[string][]intel.Relation{},
		ended: map[uint32]struct{}{}, dirtyReports: map[uint32]struct{}{}, dirtyIncidents: map[uint32]struct{}{}, touched: map[tag]struct{}{},
	}
	m.post, m.ipost = newPostings(m.newer), newPostings(m.newerIncident)
	for d := range m.syms {
		m.syms[d] = map[string]uint32{}
	}
	// Values that only the past may hold need their symbol too.
	for _, s := range intel.Stances() {
		m.tag(dimStatus, string(s))
	}
	for _, k := range intel.Kinds() {
		m.tag(dimKind, string(k))
	}
	return m
}

// intern gives the one copy of a string that many records share.
func (m *model) intern(s string) string {
	if s == "" {
		return ""
	}
	if one, ok := m.pool[s]; ok {
		return one
	}
	s = strings.Clone(s)
	m.pool[s] = s
	return s
}

// tag gives the tag of a value, making its symbol; the reader's twin is find.
func (m *model) tag(d dim, value string) tag {
	n, ok := m.syms[d][value]
	if !ok {
		n = uint32(len(m.values[d])) //nolint:gosec // fewer than four billion symbols
		value = m.intern(value)
		m.values[d] = append(m.values[d], value)
		m.syms[d][value] = n
	}
	return tag(d)<<32 | tag(n)
}

// find gives the tag of a value that some record may carry; zero when none does.
func (m *model) find(d dim, value string) tag {
	n, ok := m.syms[d][value]
	if !ok {
		return 0
	}
	return tag(d)<<32 | tag(n)
}

// value gives the value of a tag.
func (m *model) value(t tag) string { return m.values[t.dim()][t.sym()] }

// newer orders reports newest first, ties by id.
func (m *model) newer(a, b uint32) bool {
	x, y := m.reports[a], m.reports[b]
	if x.key != y.key {
		return x.key > y.key
	}
	return x.id < y.id
}

// newerIncident orders incidents newest first, ties by id.
func (m *model) newerIncident(a, b uint32) bool {
	x, y := m.incidents[a], m.incidents[b]
	if x.key != y.key {
		return x.key > y.key
	}
	return x.inc.ID < y.inc.ID
}

func momentKey(t intel.Moment) int64 {
	if t.IsZero() {
		return math.MinInt64
	}
	return t.Time().Unix()
}

func dateKey(d intel.Date) int64 {
	if d.IsZero() {
		return math.MinInt64
	}
	return d.UTC().Unix()
}

// incidentKey sorts incidents by when they occurred, else by when they were first reported.
func incidentKey(i *intel.Incident) int64 {
	if !i.Occurred.From.IsZero() {
		return dateKey(i.Occurred.From)
	}
	if !i.Occurred.To.IsZero() {
		return dateKey(i.Occurred.To)
	}
	return momentKey(i.FirstReported)
}

// canonActor follows merges of an actor id.
func (m *model) canonActor(id string) string {
	for range 8 {
		a := m.actors[id]
		if a == nil || a.MergedInto == "" {
			return id
		}
		id = a.MergedInto
	}
	return id
}

// canonVictim follows merges of a victim id.
func (m *model) canonVictim(id string) string {
	if m.past != nil {
		return m.past.follow(id)
	}
	for range 8 {
		v := m.victims[id]
		if v == nil || v.MergedInto == "" {
			return id
		}
		id = v.MergedInto
	}
	return id
}

// canonIncident follows merges of an incident.
func (m *model) canonIncident(ord uint32) uint32 {
	if m.past != nil {
		if into, ok := m.incOrd[m.past.follow(m.incidents[ord].inc.ID)]; ok {
			return into
		}
		return ord
	}
	for range 8 {
		into := m.incidents[ord].inc.MergedInto
		if into == "" {
			return ord
		}
		next, ok := m.incOrd[into]
		if !ok {
			return ord
		}
		ord = next
	}
	return ord
}

// refID is the id of a reference; a thing without an id is known by its folded name.
func refID(r intel.Ref) string {
	if r.ID != "" {
		return r.ID
	}
	return fold(r.Name)
}

// incident gives the ordinal of an incident, making room for it when it is first heard of.
func (m *model) incident(id string) uint32 {
	if ord, ok := m.incOrd[id]; ok {
		return ord
	}
	ord := uint32(len(m.incidents)) //nolint:gosec // fewer than four billion incidents
	m.incidents = append(m.incidents, &incident{inc: intel.Incident{ID: id}, key: math.MinInt64})
	m.incOrd[id] = ord
	return ord
}

// incidentTags are the columns of an incident, as stored or as derived for a view.
func (m *model) incidentTags(i *intel.Incident, tagOf func(dim, string) tag) []tag {
	var out []tag
	add := func(d dim, v string) {
		if v == "" {
			return
		}
		if t := tagOf(d, v); t != 0 && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	for _, a := range i.Actors {
		add(dimActor, m.canonActor(refID(a.Ref)))
	}
	victim := m.canonVictim(refID(i.Victim.Ref))
	add(dimVictim, victim)
	sector, country := i.Sector, i.Country
	if v := m.victim(victim); v != nil {
		if sector == "" {
			sector = v.Sector
		}
		if country == "" {
			country = v.Country
		}
	}
	add(dimSector, fold(sector))
	add(dimCountry, fold(country))
	add(dimKind, string(i.Kind))
	for _, k := range i.Kinds {
		add(dimKind, string(k))
	}
	add(dimStatus, string(i.Status))
	return out
}

// keepSector remembers how a sector is written.
func (m *model) keepSector(name string) {
	if key := fold(name); key != "" && m.sectors[key] == "" {
		m.sectors[key] = name
	}
}

// reportTags are the columns of a report: its own and those of the incidents it tells of now.
func (m *model) reportTags(r *report) []tag {
	out := make([]tag, 0, 12)
	add := func(t tag) {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	if r.source != "" {
		add(m.tag(dimSource, r.source))
	}
	if r.lang != "" {
		add(m.tag(dimLanguage, r.lang))
	}
	if d := r.published; !d.IsZero() {
		add(m.tag(dimYear, d.Date().String()[:4]))
	}
	for _, a := range r.actors {
		add(m.tag(dimActor, m.canonActor(a)))
	}
	for _, c := range r.cves {
		add(m.tag(dimCVE, c))
	}
	for _, t := range r.techs {
		add(m.tag(dimTechnique, t))
	}
	for _, ord := range r.incs {
		if i := m.incidents[ord]; i.live {
			for _, t := range i.tags {
				add(t)
			}
		}
	}
	return out
}
