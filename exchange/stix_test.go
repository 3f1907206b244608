package exchange_test

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

type object map[string]any

// text is a property that is a string, or empty.
func (o object) text(key string) string {
	s, _ := o[key].(string)
	return s
}

func (o object) list(key string) []string {
	var out []string
	all, _ := o[key].([]any)
	for _, v := range all {
		s, _ := v.(string)
		out = append(out, s)
	}
	return out
}

// read reads a bundle back and checks it against the rules of STIX 2.1 that concern what is exported.
func read(t *testing.T, b []byte) []object {
	t.Helper()
	var doc struct {
		Type    string   `json:"type"`
		ID      string   `json:"id"`
		Objects []object `json:"objects"`
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Type != "bundle" || !stixID.MatchString(doc.ID) {
		t.Errorf("bundle type %q, id %q", doc.Type, doc.ID)
	}
	checkObjects(t, doc.Objects)
	return doc.Objects
}

func bundleOf(t *testing.T, g *exchange.Graph) []byte {
	t.Helper()
	b, err := exchange.StixBundle(live(g))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var (
	stixID   = regexp.MustCompile(`^([a-z][a-z0-9-]+)--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	stixTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
)

// required are the properties that STIX 2.1 asks for, besides those of every object.
func required() map[string][]string {
	return map[string][]string{
		"threat-actor": {"name"}, "identity": {"name"}, "relationship": {"relationship_type", "source_ref", "target_ref"}, "incident": {"name"},
		"opinion": {"opinion", "object_refs"}, "note": {"content", "object_refs"}, "report": {"name", "published", "object_refs"},
		"marking-definition": {"name", "extensions"},
	}
}

func checkObjects(t *testing.T, objects []object) {
	t.Helper()
	byID := map[string]object{}
	for _, o := range objects {
		if byID[o.text("id")] != nil {
			t.Errorf("%s stands twice", o.text("id"))
		}
		byID[o.text("id")] = o
	}
	for id, o := range byID {
		kind := o.text("type")
		need, known := required()[kind]
		if m := stixID.FindStringSubmatch(id); m == nil || m[1] != kind || !known {
			t.Errorf("id %q of a %q", id, kind)
		}
		if o["spec_version"] != "2.1" || !stixTime.MatchString(o.text("created")) || o.text("modified") < o.text("created") && kind != "marking-definition" {
			t.Errorf("%s: spec_version %v, created %q, modified %q", id, o["spec_version"], o.text("created"), o.text("modified"))
		}
		if kind != "marking-definition" {
			need = append(need, "modified", "object_marking_refs")
		}
		for _, k := range need {
			if o[k] == nil || o[k] == "" {
				t.Errorf("%s lacks %s", id, k)
			}
		}
		checkValues(t, o, byID)
	}
}

// vocabularies are the closed lists of STIX 2.1 that are used.
func vocabularies() map[string][]string {
	return map[string][]string{
		"threat_actor_types": {"activist", "competitor", "crime-syndicate", "criminal", "hacker", "insider-accidental", "insider-disgruntled", "nation-state", "sensationalist", "spy", "terrorist", "unknown"},
		"opinion":            {"strongly-disagree", "disagree", "neutral", "agree", "strongly-agree"},
		"identity_class":     {"individual", "group", "system", "organization", "class", "unknown"},
	}
}

// checkValues checks that nothing is null or empty, that references lead to objects of the bundle, and the vocabularies.
func checkValues(t *testing.T, o object, byID map[string]object) {
	t.Helper()
	for k, v := range o {
		list, isList := v.([]any)
		if v == nil || isList && len(list) == 0 || k != strings.ToLower(k) {
			t.Errorf("%s: %s is %v", o.text("id"), k, v)
		}
		for _, s := range append(o.list(k), o.text(k)) {
			if words := vocabularies()[k]; words != nil && s != "" && !slices.Contains(words, s) {
				t.Errorf("%s: %s %q is not of the vocabulary", o.text("id"), k, s)
			}
		}
		for _, e := range list {
			s, _ := e.(string)
			if strings.HasSuffix(k, "_refs") && byID[s] == nil {
				t.Errorf("%s: %s leads to %q", o.text("id"), k, s)
			}
			if ref, ok := e.(map[string]any); ok && (ref["source_name"] == nil || ref["source_name"] == "") {
				t.Errorf("%s: reference %v has no source_name", o.text("id"), ref)
			}
		}
		if strings.HasSuffix(k, "_ref") && byID[o.text(k)] == nil {
			t.Errorf("%s: %s leads to %v", o.text("id"), k, v)
		}
		if strings.HasSuffix(k, "_time") && !stixTime.MatchString(o.text(k)) {
			t.Errorf("%s: %s %v", o.text("id"), k, v)
		}
	}
	if o.text("start_time") != "" && o.text("stop_time") != "" && o.text("stop_time") <= o.text("start_time") {
		t.Errorf("%s: it stops at %s and starts at %s", o.text("id"), o.text("stop_time"), o.text("start_time"))
	}
	if c, ok := o["confidence"].(float64); ok && (c < 0 || c > 100 || c != math.Trunc(c)) {
		t.Errorf("%s: confidence %v", o.text("id"), c)
	}
}

func TestStixBundle(t *testing.T) {
	all := sample().all
	one := bundleOf(t, graph(t, all, 100))
	if two := bundleOf(t, graph(t, all, 1)); !bytes.Equal(one, two) {
		t.Errorf("a server that followed change by change writes something else:\n%s", cmp.Diff(string(one), string(two)))
	}
	golden(t, "bundle.json", one)
	read(t, one)
}

// TestTimesComeFromTheRecords: nothing is of the time of export, and what did not change keeps its times.
func TestTimesComeFromTheRecords(t *testing.T) {
	f := sample()
	before := map[string]string{}
	for _, o := range read(t, bundleOf(t, graph(t, f.all, 100))) {
		before[o.text("id")] = o.text("modified")
		if o.text("modified") > recorded(f.n).Format("2006-01-02T15:04:05.000Z") {
			t.Errorf("%s was modified at %s, after the last record", o.text("id"), o.text("modified"))
		}
	}
	late := newIncident("two", intel.VictimRef{Ref: intel.Ref{ID: "v-Larkspur Rail", Name: "Larkspur Rail"}}, actors()[0].Actor)
	late.ClaimOnly, late.VictimAnswer = true, string(intel.StanceDenied)
	f.incident(late)
	moved := map[string]int{}
	for _, o := range read(t, bundleOf(t, graph(t, f.all, 100))) {
		if before[o.text("id")] != o.text("modified") {
			moved[o.text("type")]++
		}
	}
	if d := cmp.Diff(map[string]int{"incident": 1, "relationship": 2, "identity": 1, "note": 1, "report": 1}, moved); d != "" {
		t.Errorf("the answer of one organisation moved (-want +got):\n%s", d)
	}
}

func TestStixSaysWhoSaysSo(t *testing.T) {
	objects := read(t, bundleOf(t, graph(t, sample().all, 100)))
	kinds, relations := map[string]int{}, map[string]int{}
	links := map[string]object{}
	for _, o := range objects {
		kinds[o.text("type")]++
		if o.text("type") != "relationship" {
			continue
		}
		links[o.text("id")] = o
		relations[o.text("relationship_type")]++
		confidence, _ := o["confidence"].(float64)
		claimOnly := slices.Contains(o.list("labels"), "claim-only")
		if actorsLink := o.text("relationship_type") == "targets"; claimOnly && (actorsLink || confidence > 30) {
			t.Errorf("%v with confidence %v is %s", o.list("labels"), confidence, o.text("relationship_type"))
		}
		if strings.Contains(o.text("description"), "breached by") {
			t.Errorf("description %q asserts what nobody proved", o.text("description"))
		}
	}
	want := map[string]int{"targets": 1, "claims-to-have-targeted": 3, "member-of": 1, "related-to": 4}
	if d := cmp.Diff(want, relations); d != "" {
		t.Errorf("relations (-want +got):\n%s", d)
	}
	want = map[string]int{"marking-definition": 1, "opinion": 4, "identity": 5, "threat-actor": 2, "incident": 4, "note": 6, "report": 4, "relationship": 9}
	if d := cmp.Diff(want, kinds); d != "" {
		t.Errorf("objects (-want +got):\n%s", d)
	}
	for _, o := range objects {
		if o.text("type") == "opinion" && o.text("opinion") == "strongly-agree" {
			for _, ref := range o.list("object_refs") {
				if links[ref] != nil {
					t.Errorf("a victim that confirms the event is said to confirm who did it: %v", o)
				}
			}
		}
		if strings.Contains(o.text("content"), "https://evil.example") {
			t.Errorf("a quote is not defanged: %q", o.text("content"))
		}
	}
}

// TestNothingAboveClearLeaves: neither the incident nor anything that names it.
func TestNothingAboveClearLeaves(t *testing.T) {
	b := bundleOf(t, graph(t, sample().all, 100))
	for _, word := range []string{"Secret", "few eyes", "Doubtful"} {
		if bytes.Contains(b, []byte(word)) {
			t.Errorf("%q left the house", word)
		}
	}
}

func TestRemovals(t *testing.T) {
	f := sample()
	g := graph(t, f.all, 100)
	mark := g.Seq()
	revoked := func(do func(f *feed)) map[string]int {
		changes := &feed{n: f.n, all: slices.Clone(f.all)}
		do(changes)
		out := map[string]int{}
		followed := graph(t, changes.all, 1)
		var gone []*exchange.Version
		for _, v := range followed.Versions() {
			if v.Stamp.Seq > mark && v.Revoked {
				gone = append(gone, v)
				out[v.Type]++
			}
		}
		b, err := exchange.StixBundle(followed.Objects(gone))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("Larkspur")) {
			t.Errorf("a removal still names what is removed:\n%s", b)
		}
		return out
	}
	retracted := newIncident("two", intel.VictimRef{Ref: intel.Ref{ID: "v-Larkspur Rail", Name: "Larkspur Rail"}}, actors()[0].Actor)
	retracted.Status, retracted.Reports = intel.StanceRetracted, []string{}
	purged := intel.Incident{ID: "two", RecordedFrom: recorded(1), Status: intel.StanceRetracted}
	tests := []struct {
		name string
		do   func(*feed)
		want map[string]int
	}{
		{"retracted", func(f *feed) { f.incident(retracted) }, map[string]int{"incident": 1, "relationship": 2, "identity": 1, "note": 1, "report": 1}},
		{"purged", func(f *feed) {
			f.add(intel.Change{What: "victim", ID: "v-Larkspur Rail"})
			f.incident(purged)
			f.add(intel.Change{What: "purge", ID: "r-two"})
		}, map[string]int{"incident": 1, "relationship": 2, "identity": 1, "note": 1, "report": 1}},
		{"actor merged", func(f *feed) {
			a := actors()[1].Actor
			a.MergedInto = "amber-heron"
			f.actor(a)
		}, map[string]int{"threat-actor": 1, "relationship": 3}},
		{"actor purged", func(f *feed) { f.add(intel.Change{What: "actor", ID: exchange.ActorRef("quiet-moth")}) }, map[string]int{"threat-actor": 1, "relationship": 3}},
		{"wrong actor", func(f *feed) {
			in := newIncident("one", intel.VictimRef{Ref: intel.Ref{ID: "v-Brightwater Foods", Name: "Brightwater Foods"}}, actors()[0].Actor)
			in.Actors = nil
			f.incident(in)
		}, map[string]int{"relationship": 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, revoked(tt.do)); d != "" {
				t.Errorf("revoked (-want +got):\n%s", d)
			}
		})
	}
}

// TestAddedTimesAreDistinctAndGrow is what TAXII pages rest on, however the feed is cut.
func TestAddedTimesAreDistinctAndGrow(t *testing.T) {
	all := sample().all
	for i := range all {
		all[i].At = at().Add(time.Duration(i/7) * time.Second) // seven changes a transaction
	}
	all[len(all)-1].At = at() // the clock went back
	for _, piece := range []int{1, 7, 100} {
		var last time.Time
		for _, c := range graph(t, all, piece).Collections() {
			last = time.Time{}
			page, _ := c.After(last, 1<<20, func(exchange.Entry) bool { return true })
			for _, e := range page {
				if !e.Added.After(last) || !e.Added.Equal(e.Added.Truncate(time.Microsecond)) {
					t.Errorf("pieces of %d, %s: %s was added at %v, the one before at %v", piece, c.Alias, e.ID(), e.Added, last)
				}
				last = e.Added
			}
		}
	}
}

func TestStixSurvivesHostileAndEmptyInput(t *testing.T) {
	read(t, bundleOf(t, exchange.NewGraph(0)))
	f := &feed{}
	bad := actors()[0].Actor
	bad.Name = "</script>\x00\xff" + strings.Repeat("x", 1<<16)
	bad.Names = append(bad.Names, named("a\u202eb", "\xff\xfe")...)
	bad.Relations = []intel.Relation{{From: bad.ID, Type: intel.RelOperates, To: "software"}, {From: bad.ID, Type: intel.RelOverlaps, To: bad.ID}, {From: "other", To: bad.ID}}
	f.actor(bad)
	ref := f.victim("Fernhill\nBank")
	f.incident(intel.Incident{ID: "nothing", Reports: []string{"r"}})
	bare := newIncident("five", ref, bad)
	bare.Confidence, bare.VictimAnswer, bare.Status, bare.RecordedFrom = math.Inf(1), "", "", time.Time{}
	bare.Actors = append(bare.Actors, intel.ActorRef{Ref: intel.Ref{Name: "nobody known"}}, intel.ActorRef{Ref: intel.Ref{ID: "never recorded"}})
	f.incident(bare)
	rec := f.report(bare, said("", "", "", "", strings.Repeat("long quote with https://evil.example ", 100)))
	if len(rec.Claims) != 1 {
		t.Fatal("no claim")
	}
	f.add(intel.Change{What: "report", ID: "empty"})
	f.add(intel.Change{What: "incident", ID: "empty"})
	f.add(intel.Change{What: "journal", ID: "x"})
	g := graph(t, f.all, 1)
	objects := read(t, bundleOf(t, g))
	n := 0
	for _, o := range objects {
		if o.text("type") == "relationship" && strings.HasPrefix(o.text("source_ref"), "threat-actor") {
			n++
		}
		if len([]rune(o.text("content"))) > 240 {
			t.Errorf("a quote of %d characters left the house", len([]rune(o.text("content"))))
		}
	}
	if n != 1 {
		t.Errorf("%d links: actors that nobody recorded have none", n)
	}
}
