package incidents

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// columns finds a CSV's fields by name. The collection has renamed some of them.
type columns map[string]int

func (c columns) get(row []string, names ...string) string {
	for _, n := range names {
		if i, ok := c[n]; ok && i < len(row) {
			return strings.TrimSpace(row[i])
		}
	}
	return ""
}

// list splits a field that holds several values.
func (c columns) list(row []string, names ...string) []string {
	v := c.get(row, names...)
	if v == "" {
		return nil
	}
	out := strings.Split(v, ";")
	for i := range out {
		out[i] = strings.TrimSpace(out[i])
	}
	return out
}

// readEuRepoC reads the CSV of the global dataset, with a comma or a semicolon between fields.
func readEuRepoC(b *builder, r io.Reader, take func(Row) error) error {
	in := bufio.NewReader(r)
	head, err := firstByte(in)
	if err != nil || head == 0 {
		return take(Row{Number: 1, Problem: fmt.Errorf("the file is empty: %w", intel.ErrInvalid)})
	}
	d := csv.NewReader(in)
	d.Comma, d.FieldsPerRecord, d.LazyQuotes = separator(in), -1, true
	names, err := d.Read()
	if err != nil {
		return take(Row{Number: 1, Problem: fmt.Errorf("no header: %w: %w", err, intel.ErrInvalid)})
	}
	cols := columns{}
	for i, n := range names {
		cols[strings.ToLower(strings.Trim(n, "\ufeff \""))] = i
	}
	if cols.get(names, "id", "incident_id", "incident id") == "" || cols.get(names, "receiver_name") == "" {
		return take(Row{Number: 1, Problem: fmt.Errorf("the header names no id and receiver_name: %w", intel.ErrInvalid)})
	}
	for n := 1; ; n++ {
		row, err := d.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		out := Row{Number: n}
		if err == nil && len(row) != len(names) {
			err = fmt.Errorf("%d fields where the header has %d: %w", len(row), len(names), intel.ErrInvalid)
		}
		if err == nil {
			out.Entry, out.Left, err = b.operation(cols, row)
		}
		if err != nil {
			out.Problem, out.Raw = err, []byte(cut(strings.Join(row, string(d.Comma)), maxRecord))
		}
		if err := take(out); err != nil {
			return err
		}
	}
}

// separator is what stands between the names of the header.
func separator(in *bufio.Reader) rune {
	b, _ := in.Peek(4096)
	line, _, _ := strings.Cut(string(b), "\n")
	if strings.Count(line, ";") > strings.Count(line, ",") {
		return ';'
	}
	return ','
}

// operation makes one report of one row, with an incident for each organisation it names.
func (b *builder) operation(c columns, row []string) (*intel.Entry, string, error) {
	id := c.get(row, "id", "incident_id", "incident id")
	if id == "" || len(id) > 20 || strings.Trim(id, "0123456789") != "" {
		return nil, "", fmt.Errorf("id %q is no number: %w", cut(id, 64), intel.ErrInvalid)
	}
	occurred, err := span(c.get(row, "start_date"), c.get(row, "end_date"))
	if err != nil {
		return nil, "", err
	}
	published, err := dayOf(c.get(row, "added_to_db", "added_to_DB"))
	if err != nil {
		return nil, "", fmt.Errorf("added_to_db: %w", err)
	}
	modified, _ := dayOf(c.get(row, "updated_at"))
	kinds := operationKinds(c.list(row, "incident_type"))
	if len(kinds) == 0 {
		return nil, "no kind of attack is given", nil
	}
	actors, boast := b.initiators(c, row)
	receivers := b.receivers(c, row)
	if len(receivers) > maxVictims {
		return nil, "", fmt.Errorf("%d receivers are more than %d: %w", len(receivers), maxVictims, intel.ErrInvalid)
	}
	rec := record{
		url: "https://eurepoc.eu/table-view/?cyber_incident=" + id, title: b.title + ": " + tidy(c.get(row, "name")), published: published, modified: modified,
		summary: summary(c.get(row, "description")), cites: firstURL(c.get(row, "sources_url", "sources_attribution")),
	}
	for _, r := range receivers {
		f := r
		f.Kind, f.Kinds, f.Occurred, f.Confidence, f.Actors = kinds[0], kinds, occurred, 0.9, actors
		stolen := slices.Contains(kinds, intel.KindDataBreach)
		f.Claims = b.sentences(f, stolen)
		if boast {
			selfClaimed(f.Claims)
		}
		rec.finding = append(rec.finding, f)
	}
	return b.entry(rec), "", nil
}

// selfClaimed puts the attribution in the actors' mouths, where nobody else is recorded to have made it.
func selfClaimed(said []intel.Statement) {
	for i := range said {
		s := &said[i]
		if s.Facet != intel.FacetAttribution {
			continue
		}
		s.Stance, s.SaidBy = intel.StanceClaimed, intel.Speaker{Name: s.Actor, Kind: intel.SpeakerActor}
		s.Quote = strings.Replace(s.Quote, " gives "+s.Actor+" as the actor behind ", " records that "+s.Actor+" claimed ", 1)
	}
}

// initiators are the actors of a row, and whether they alone say so.
func (b *builder) initiators(c columns, row []string) (out []intel.ActorRef, boast bool) {
	categories := c.list(row, "initiator_category")
	for i, n := range c.list(row, "initiator_name") {
		category := at(categories, i)
		// A state is no group; and whoever is one person is none unless a catalogue knows the pseudonym.
		fresh := strings.HasPrefix(strings.ToLower(category), "non-state")
		a, ok := b.actor(n, fresh)
		if ok && !slices.ContainsFunc(out, func(o intel.ActorRef) bool { return o.ID == a.ID && o.Name == a.Name }) && len(out) < maxVictims {
			out = append(out, a)
		}
	}
	types := c.list(row, "attribution_type")
	boast = len(types) > 0
	for _, t := range types {
		boast = boast && (strings.HasPrefix(strings.ToLower(t), "attacker confirms") || nameless(t))
	}
	boast = boast && slices.ContainsFunc(types, func(t string) bool { return !nameless(t) })
	return out, boast
}

// receivers are the organisations of a row, each with its country and sector; one without a name where there is none.
func (b *builder) receivers(c columns, row []string) []intel.Finding {
	names := c.list(row, "receiver_name")
	countries := c.list(row, "receiver_country_alpha_2_code", "receiver_country_alpha_2")
	categories, subs := c.list(row, "receiver_category"), c.list(row, "receiver_category_subcode", "receiver_subcategory")
	var out []intel.Finding
	for i, n := range names {
		category := at(categories, i)
		if strings.HasPrefix(strings.ToLower(category), "end user") {
			continue // people, not organisations
		}
		v, ok := b.victim(n)
		if !ok || slices.ContainsFunc(out, func(f intel.Finding) bool { return f.Victims[0].Name == v.Name }) {
			continue
		}
		f := intel.Finding{Victims: []intel.VictimRef{v}, Sector: eurepocSector(category, at(subs, i))}
		if code := strings.ToUpper(at(countries, i)); len(code) == 2 && (len(countries) == 1 || len(countries) == len(names)) {
			f.Country = code
		}
		out = append(out, f)
	}
	if len(out) == 0 {
		out = []intel.Finding{{Country: oneCountry(countries)}}
	}
	return out
}

// at is the value beside the ith name; a field with one value gives it to all.
func at(values []string, i int) string {
	switch {
	case len(values) == 1:
		return values[0]
	case i < len(values):
		return values[i]
	}
	return ""
}

// operationKinds are the kinds of the collection's types of incident.
func operationKinds(types []string) []intel.Kind {
	var out []intel.Kind
	add := func(k intel.Kind) {
		if !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	for _, t := range types {
		switch t = strings.ToLower(t); {
		case strings.HasPrefix(t, "ransomware"):
			add(intel.KindRansomware)
		case strings.HasPrefix(t, "data theft"), strings.HasPrefix(t, "doxing"):
			add(intel.KindDataBreach)
		case strings.HasPrefix(t, "disruption"):
			add(intel.KindDisruption)
		case strings.HasPrefix(t, "hijacking"):
			add(intel.KindIntrusion)
		case !nameless(t):
			add(intel.KindOther)
		}
	}
	slices.SortStableFunc(out, func(a, b intel.Kind) int { return weight(a) - weight(b) })
	return out
}

// weight puts the kind that tells most first.
func weight(k intel.Kind) int {
	return slices.Index([]intel.Kind{intel.KindRansomware, intel.KindDataBreach, intel.KindDisruption, intel.KindIntrusion, intel.KindOther}, k)
}

// span is when an operation ran; unknown ends stay unknown.
func span(start, end string) (intel.Interval, error) {
	from, err := dayOf(start)
	if err != nil {
		return intel.Interval{}, fmt.Errorf("start_date: %w", err)
	}
	to, err := dayOf(end)
	if err != nil {
		return intel.Interval{}, fmt.Errorf("end_date: %w", err)
	}
	if from.IsZero() {
		return intel.Interval{}, nil
	}
	out := interval(from, from.String())
	if !to.IsZero() {
		last := interval(to, "").To
		if last.Before(out.From) {
			return intel.Interval{}, fmt.Errorf("end_date %s is before start_date %s: %w", end, start, intel.ErrInvalid)
		}
		out.To = last
		if end != start {
			out.Words += " to " + to.String()
		}
	}
	return out, nil
}

// dayOf reads a date as the collection has written it over the years; an empty field is an unknown date.
func dayOf(s string) (intel.Moment, error) {
	s = strings.TrimSpace(s)
	if nameless(s) {
		return intel.Moment{}, nil
	}
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05Z07:00", "02.01.2006", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1970 && t.Year() <= 2100 {
			return intel.OnDay(intel.DateOf(t)), nil
		}
	}
	m, err := intel.ParseMoment(s)
	if err == nil && (m.Time().Year() < 1970 || m.Time().Year() > 2100) {
		err = fmt.Errorf("%q is out of time: %w", s, intel.ErrInvalid)
	}
	if err != nil {
		return intel.Moment{}, err
	}
	return m, nil
}
