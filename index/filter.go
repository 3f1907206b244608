package index

import (
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// alternative is one thing that satisfies a condition, from and until when, and through which member it does.
type alternative struct {
	tag          tag
	since, until intel.Date
	bounded      bool
	via, of      string
}

// condition holds when one of its alternatives does.
type condition []alternative

// filter is the structured part of a query. Conditions on incidents hold for one and the same incident.
type filter struct {
	view
	incident  []condition
	report    []condition
	obs       []string
	from, to  intel.Date
	timeField string
	// never says that some condition names a value that no record has.
	never bool
	// weigh asks matches to say how a report met the filter.
	weigh bool
}

// newFilter compiles the fields of a query.
func (m *model) newFilter(q intel.Query) (*filter, error) {
	f := &filter{view: viewOf(q), from: q.From, to: q.To, timeField: q.TimeField}
	if err := checkQuery(q); err != nil {
		return nil, err
	}
	for _, c := range [][2]string{
		{"actor", q.Actor},
		{"victim", q.Victim},
		{"sector", q.Sector},
		{"country", q.Country},
		{"kind", string(q.Kind)},
		{"status", string(q.Status)},
		{"source", q.Source},
		{"lang", q.Language},
		{"cve", q.CVE},
		{"technique", q.Technique},
		{"observable", q.Observable},
	} {
		if c[1] == "" {
			continue
		}
		if err := m.addCondition(f, c[0], c[1], q.ExpandMembers); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func checkQuery(q intel.Query) error {
	if q.Kind != "" && !q.Kind.Valid() {
		return invalid("kind %q: use one of %s", q.Kind, join(intel.Kinds()))
	}
	if q.Status != "" && !q.Status.Valid() {
		return invalid("status %q: use one of %s", q.Status, join(intel.Stances()))
	}
	if q.MaxTLP != "" && !q.MaxTLP.Valid() {
		return invalid("max_tlp %q: use one of %s", q.MaxTLP, join(intel.TLPs()))
	}
	if !slices.Contains([]string{"", "occurred", "published", "recorded"}, q.TimeField) {
		return invalid("time %q: use occurred, published or recorded", q.TimeField)
	}
	if !q.From.IsZero() && !q.To.IsZero() && q.To.Before(q.From) {
		return invalid("from %s is after to %s: exchange them", q.From, q.To)
	}
	if q.MinConfidence < 0 || q.MinConfidence > 1 || q.MinConfidence != q.MinConfidence {
		return invalid("min_confidence %v: use a number from 0 to 1", q.MinConfidence)
	}
	if !slices.Contains([]string{"", "relevance", "newest", "oldest"}, q.Sort) {
		return invalid("sort %q: use relevance, newest or oldest", q.Sort)
	}
	for _, name := range q.Facets {
		if facetDim(name) == 0 {
			return invalid("facet %q: use actor, victim, sector, country, kind, status, source, language or year", name)
		}
	}
	return nil
}

func join[T ~string](vs []T) string {
	out := make([]string, len(vs))
	for i, v := range vs {
		out[i] = string(v)
	}
	return strings.Join(out, ", ")
}

// addCondition narrows f to field = value.
func (m *model) addCondition(f *filter, field, value string, expand bool) error {
	switch field {
	case "actor":
		id, err := m.who(value, sideActor, f.view)
		if err != nil {
			return err
		}
		f.incident = append(f.incident, m.actorCondition(id, expand))
		return nil
	case "victim":
		id, err := m.who(value, sideVictim, f.view)
		if err != nil {
			return err
		}
		f.incident = append(f.incident, condition{{tag: m.find(dimVictim, id)}})
		return nil
	case "observable":
		f.obs = append(f.obs, observableKey(refang(strings.ToLower(value))))
		return nil
	}
	d, v, err := columnValue(field, value)
	if err != nil {
		return err
	}
	t := m.find(d, v)
	if t == 0 {
		f.never = true
		return nil
	}
	if d <= dimStatus {
		f.incident = append(f.incident, condition{{tag: t}})
	} else {
		f.report = append(f.report, condition{{tag: t}})
	}
	return nil
}

// columnValue gives the column of a field and the spelling its values have there.
func columnValue(field, value string) (dim, string, error) {
	switch field {
	case "sector":
		return dimSector, fold(value), nil
	case "country":
		return dimCountry, fold(value), nil
	case "kind":
		if v := intel.Kind(fold(value)); v.Valid() {
			return dimKind, string(v), nil
		}
		return 0, "", invalid("kind %q: use one of %s", value, join(intel.Kinds()))
	case "status":
		if v := intel.Stance(fold(value)); v.Valid() {
			return dimStatus, string(v), nil
		}
		return 0, "", invalid("status %q: use one of %s", value, join(intel.Stances()))
	case "source":
		return dimSource, value, nil
	case "lang":
		return dimLanguage, strings.ToLower(value), nil
	case "cve":
		return dimCVE, strings.ToUpper(value), nil
	default:
		return dimTechnique, strings.ToUpper(value), nil
	}
}

// actorCondition is satisfied by the actor and, when expanded, by whom it is dated to be united with. A relation without a
// date binds nothing: an umbrella's history does not swallow its members' past.
func (m *model) actorCondition(id string, expand bool) condition {
	c := condition{{tag: m.find(dimActor, id)}}
	if !expand {
		return c
	}
	add := func(other string, r intel.Relation) {
		if t := m.find(dimActor, other); t != 0 && !r.Since.IsZero() {
			c = append(c, alternative{tag: t, since: r.Since, until: r.Until, bounded: true, via: m.actorName(other), of: m.actorName(id)})
		}
	}
	for _, r := range m.members[id] {
		add(r.From, r)
	}
	for _, r := range m.umbrellas[id] {
		add(r.To, r)
	}
	return c
}

// meets gives the alternative of c that tags satisfy at a time; the direct one wins.
func (c condition) meets(tags []tag, when intel.Date) *alternative {
	for i := range c {
		a := &c[i]
		if a.tag == 0 || !slices.Contains(tags, a.tag) {
			continue
		}
		if a.bounded && (when.IsZero() || when.Before(a.since) || !a.until.IsZero() && a.until.Before(when)) {
			continue
		}
		return a
	}
	return nil
}

// incidentDay is the day an incident counts for.
func incidentDay(i *intel.Incident) intel.Date {
	switch {
	case !i.Occurred.To.IsZero():
		return i.Occurred.To
	case !i.Occurred.From.IsZero():
		return i.Occurred.From
	default:
		return i.FirstReported.Date()
	}
}

// matchIncident reports whether an incident meets every condition on incidents.
func (m *model) matchIncident(f *filter, ord uint32) (*intel.Incident, bool) {
	inc, tags, ok := m.incidentIn(ord, f.view)
	if !ok || !f.confident(inc) {
		return nil, false
	}
	_, ok = f.meetsAll(tags, incidentDay(inc))
	return inc, ok && f.incidentInRange(inc)
}

// ranged reports whether the query has a time range.
func (f *filter) ranged() bool { return !f.from.IsZero() || !f.to.IsZero() }

// overlaps reports whether the days from a to b meet the range; an unknown end is the other end.
func (f *filter) overlaps(a, b intel.Date) bool {
	if a.IsZero() {
		a = b
	}
	if b.IsZero() {
		b = a
	}
	if a.IsZero() {
		return false
	}
	return (f.to.IsZero() || !f.to.Before(a)) && (f.from.IsZero() || !b.Before(f.from))
}

// incidentInRange applies the time range to an incident.
func (f *filter) incidentInRange(i *intel.Incident) bool {
	switch {
	case !f.ranged():
		return true
	case f.timeField == "recorded":
		d := intel.DateOf(i.RecordedFrom)
		return f.overlaps(d, d)
	case f.timeField == "published" || !i.Occurred.Known():
		return f.overlaps(i.FirstReported.Date(), i.LastReported.Date())
	default:
		return f.overlaps(i.Occurred.From, i.Occurred.To)
	}
}
