package incidents

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// oneOrMany is a string, a number or a list of them: VERIS changed its mind over the years.
type oneOrMany []string

// UnmarshalJSON implements json.Unmarshaler.
func (l *oneOrMany) UnmarshalJSON(b []byte) error {
	var any any
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(&any); err != nil {
		return err
	}
	*l = flatten(nil, any)
	return nil
}

func flatten(to []string, v any) []string {
	switch v := v.(type) {
	case string:
		return append(to, v)
	case json.Number:
		return append(to, v.String())
	case []any:
		for _, e := range v {
			to = flatten(to, e)
		}
	}
	return to
}

// verisAction is what was done, in one of the seven ways of VERIS.
type verisAction struct {
	Variety oneOrMany `json:"variety"`
	Vector  oneOrMany `json:"vector"`
}

// verisRecord are the fields of a VERIS record that are read.
type verisRecord struct {
	IncidentID string `json:"incident_id"`
	Summary    string `json:"summary"`
	Reference  string `json:"reference"`
	Security   string `json:"security_incident"`
	Confidence string `json:"confidence"`
	Victim     struct {
		ID        string    `json:"victim_id"`
		Industry  oneOrMany `json:"industry"`
		Country   oneOrMany `json:"country"`
		Employees string    `json:"employee_count"`
	} `json:"victim"`
	Actor struct {
		External *struct {
			Name    oneOrMany `json:"name"`
			Variety oneOrMany `json:"variety"`
			Motive  oneOrMany `json:"motive"`
		} `json:"external"`
	} `json:"actor"`
	Action    map[string]verisAction `json:"action"`
	Attribute struct {
		Confidentiality struct {
			Disclosure string `json:"data_disclosure"`
		} `json:"confidentiality"`
		Integrity struct {
			Variety oneOrMany `json:"variety"`
		} `json:"integrity"`
		Availability struct {
			Variety oneOrMany `json:"variety"`
		} `json:"availability"`
	} `json:"attribute"`
	Timeline struct {
		Incident struct {
			Year  int `json:"year"`
			Month int `json:"month"`
			Day   int `json:"day"`
		} `json:"incident"`
	} `json:"timeline"`
	Plus struct {
		Created  string `json:"created"`
		Modified string `json:"modified"`
		MasterID string `json:"master_id"`
	} `json:"plus"`
}

// readVCDB reads one record, a list of them, or records one after another.
func readVCDB(b *builder, r io.Reader, take func(Row) error) error {
	return eachJSON(r, "", func(n int, raw json.RawMessage) error {
		row := Row{Number: n}
		var rec verisRecord
		err := json.Unmarshal(raw, &rec)
		if err == nil {
			row.Entry, row.Left, err = b.veris(rec)
		}
		if err != nil {
			row.Problem, row.Raw = plain(err), raw
		}
		return take(row)
	}, func(n int, err error) error { return take(Row{Number: n, Problem: err}) })
}

func (b *builder) veris(rec verisRecord) (*intel.Entry, string, error) {
	id := strings.TrimSpace(rec.Plus.MasterID)
	if id == "" {
		id = strings.TrimSpace(rec.IncidentID)
	}
	if id == "" || len(id) > 64 || strings.ContainsAny(id, " /?#%") {
		return nil, "", fmt.Errorf("incident_id %q is no id: %w", cut(id, 64), intel.ErrInvalid)
	}
	occurred, err := verisTime(rec)
	if err != nil {
		return nil, "", err
	}
	switch s := strings.ToLower(rec.Security); {
	case s == "false positive" || s == "near miss":
		return nil, "no incident: " + s, nil
	case rec.Actor.External == nil:
		return nil, "no outsider did it", nil
	}
	kinds := verisKinds(rec)
	if len(kinds) == 0 {
		return nil, "lost, stolen or mistaken: no attack on a system", nil
	}
	f := intel.Finding{Kind: kinds[0], Kinds: kinds, Occurred: occurred, Confidence: verisConfidence(rec), Sector: naicsSector(rec.Victim.Industry)}
	f.Country = oneCountry(rec.Victim.Country)
	if v, ok := b.verisVictim(rec); ok {
		f.Victims = append(f.Victims, v)
	}
	for _, n := range rec.Actor.External.Name {
		if a, ok := b.actor(n, true); ok && len(f.Actors) < maxVictims {
			f.Actors = append(f.Actors, a)
		}
	}
	f.Claims = b.sentences(f, rec.Attribute.Confidentiality.Disclosure == "Yes")
	out := record{
		url:   "https://github.com/vz-risk/VCDB/blob/master/data/json/validated/" + id + ".json",
		title: b.title + ": " + headline(f), summary: summary(rec.Summary), finding: []intel.Finding{f}, cites: firstURL(rec.Reference),
		published: instant(rec.Plus.Created), modified: instant(rec.Plus.Modified),
	}
	return b.entry(out), "", nil
}

// verisVictim is the organisation hit. One with a staff is no person, whatever its name.
func (b *builder) verisVictim(rec verisRecord) (intel.VictimRef, bool) {
	switch rec.Victim.Employees {
	case "", "Unknown", "1 to 10", "Small", "NA":
		return b.victim(rec.Victim.ID)
	}
	name := tidy(rec.Victim.ID)
	if nameless(name) || titled(name) {
		return intel.VictimRef{}, false
	}
	return intel.VictimRef{Ref: intel.Ref{Name: name}}, true
}

// verisTime is when it happened, as exactly as the record knows. A date that cannot be is a mistake, not an unknown date.
func verisTime(rec verisRecord) (intel.Interval, error) {
	at := rec.Timeline.Incident
	if at.Year == 0 {
		return intel.Interval{}, nil
	}
	if at.Year < 1970 || at.Year > 2100 || at.Month < 0 || at.Month > 12 || at.Day < 0 || at.Day > 31 {
		return intel.Interval{}, fmt.Errorf("timeline.incident %d-%d-%d is no date: %w", at.Year, at.Month, at.Day, intel.ErrInvalid)
	}
	words := fmt.Sprintf("%04d", at.Year)
	if at.Month > 0 {
		words += fmt.Sprintf("-%02d", at.Month)
		if at.Day > 0 {
			words += fmt.Sprintf("-%02d", at.Day)
		}
	}
	m, err := intel.ParseMoment(words)
	if err != nil {
		return intel.Interval{}, fmt.Errorf("timeline.incident: %w", err)
	}
	return interval(m, words), nil
}

// interval is the span of days that a date covers.
func interval(m intel.Moment, words string) intel.Interval {
	out := intel.Interval{From: m.Date(), To: m.Date(), Precision: m.Precision(), Words: words}
	switch m.Precision() {
	case intel.PrecisionYear:
		out.To = intel.DateOf(m.Time().AddDate(1, 0, -1))
	case intel.PrecisionMonth:
		out.To = intel.DateOf(m.Time().AddDate(0, 1, -1))
	default:
		out.Precision = intel.PrecisionDay
	}
	return out
}

// verisKinds are the kinds that actions and attributes tell of, the most telling first; none when nobody attacked a system.
func verisKinds(rec verisRecord) []intel.Kind {
	has := func(what string, variety ...string) bool {
		a, ok := rec.Action[what]
		return ok && (len(variety) == 0 || slices.ContainsFunc(a.Variety, func(v string) bool { return slices.Contains(variety, v) }))
	}
	if !has("hacking") && !has("malware") && !has("social") {
		return nil
	}
	var out []intel.Kind
	add := func(k intel.Kind, is bool) {
		if is {
			out = append(out, k)
		}
	}
	add(intel.KindRansomware, has("malware", "Ransomware"))
	add(intel.KindDDoS, has("hacking", "DoS"))
	add(intel.KindDefacement, slices.Contains(rec.Attribute.Integrity.Variety, "Defacement"))
	add(intel.KindDestructive, slices.Contains(rec.Attribute.Availability.Variety, "Destruction") || has("malware", "Destroy data"))
	add(intel.KindEspionage, slices.Contains(rec.Actor.External.Motive, "Espionage"))
	add(intel.KindDataBreach, rec.Attribute.Confidentiality.Disclosure == "Yes")
	add(intel.KindExtortion, has("social", "Extortion"))
	add(intel.KindPhishing, has("social", "Phishing"))
	add(intel.KindMalware, has("malware"))
	flood := has("hacking", "DoS") && len(rec.Action["hacking"].Variety) == 1
	add(intel.KindIntrusion, has("hacking") && !flood)
	add(intel.KindOther, len(out) == 0)
	return out
}

// verisConfidence is how sure the compiler is, as a number: a default, like those of the extractor.
func verisConfidence(rec verisRecord) float64 {
	c := map[string]float64{"": 0.9, "High": 0.95, "Medium": 0.85, "Low": 0.65, "None": 0.5}[rec.Confidence]
	if c == 0 {
		c = 0.85
	}
	if !strings.EqualFold(rec.Security, "Confirmed") && rec.Security != "" {
		c = min(c, 0.6)
	}
	return c
}

func instant(s string) intel.Moment {
	t, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(s))
	if err != nil {
		return intel.Moment{}
	}
	return intel.Instant(t)
}

// firstURL is the first web address of a field that may hold several.
func firstURL(s string) string {
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == ',' || r == ' ' || r == '\n' || r == '\t' }) {
		if (strings.HasPrefix(w, "https://") || strings.HasPrefix(w, "http://")) && len(w) < 2048 && !strings.Contains(w, ".onion") {
			return w
		}
	}
	return ""
}
