package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
)

// statusOf lists what an answer says of each item: id, value and status.
func statuses(t *testing.T, body []byte) []string {
	t.Helper()
	var a struct {
		Results []struct{ ID, Value, Status, Problem string }
	}
	if err := json.Unmarshal(body, &a); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	var out []string
	for _, r := range a.Results {
		out = append(out, strings.TrimSpace(r.ID+" "+r.Value+" "+r.Status))
		if (r.Status == "invalid") != (r.Problem != "") {
			t.Errorf("%q is %s with the problem %q", r.Value, r.Status, r.Problem)
		}
	}
	return out
}

// TestABadItemFailsNoOther: every item has its answer at its place.
func TestABadItemFailsNoOther(t *testing.T) {
	_, h := newServer(t)
	w := call(h, "POST", "/v1/enrich", `{"items":[{"id":"a","value":"one"},"two",{"id":"c","value":7},null,{"id":"e","valu":"x"},[],{"id":"g","value":"last"}]}`)
	if w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	want := []string{"a one not_found", "two not_found", `c {"id":"c","value":7} invalid`, "null invalid", `e {"id":"e","valu":"x"} invalid`, "[] invalid", "g last not_found"}
	if d := cmp.Diff(want, statuses(t, w.Body.Bytes())); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestLinesInLinesOut(t *testing.T) {
	_, h := newServer(t)
	var in strings.Builder
	for i := range 1203 {
		fmt.Fprintf(&in, "{\"id\":\"%d\",\"value\":\"v%d\"}\n", i, i)
		if i == 700 {
			in.WriteString("\n{broken\n\"bare\"\n" + strings.Repeat("x", 70<<10) + "\n")
		}
	}
	r := httptest.NewRequest("POST", "/v1/enrich?max_candidates=3", strings.NewReader(strings.TrimSuffix(in.String(), "\n")))
	r.Host = "localhost"
	r.Header.Set("Content-Type", ndjson)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	lines := strings.Split(strings.TrimSuffix(w.Body.String(), "\n"), "\n")
	if w.Code != 200 || w.Header().Get("Content-Type") != ndjson || len(lines) != 1203+3+1 {
		t.Fatalf("%d %s, %d lines", w.Code, w.Header().Get("Content-Type"), len(lines))
	}
	var last linesEnd
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || !last.End || last.Count != 1206 || last.Problem != nil {
		t.Errorf("last line %s, %v", lines[len(lines)-1], err)
	}
	for i, want := range map[int]string{0: `"id":"0"`, 700: `"id":"700"`, 701: "invalid", 702: `"value":"bare"`, 703: "invalid", 704: `"id":"701"`, 1205: `"id":"1202"`} {
		if !strings.Contains(lines[i], want) {
			t.Errorf("line %d is %s, want %s", i, lines[i], want)
		}
	}
}

func TestItemsInLinesOut(t *testing.T) {
	_, h := newServer(t)
	w := call(h, "POST", "/v1/enrich", `{"items":["a","b"],"format":"ecs"}`, "Accept", ndjson)
	lines := bytes.Split(bytes.TrimSpace(w.Body.Bytes()), []byte("\n"))
	if len(lines) != 3 || !bytes.Contains(lines[0], []byte(`"kind":"enrichment"`)) || !bytes.Contains(lines[2], []byte(`"end":true`)) {
		t.Errorf("%s", w.Body)
	}
}

func TestLinesThatCannotBeRead(t *testing.T) {
	_, h := newServer(t)
	for _, tt := range []struct {
		target, body string
		status       int
	}{
		{"/v1/enrich", "\n\n", 422}, {"/v1/enrich?format=paper", "\"x\"", 422}, {"/v1/enrich?limit=3", "\"x\"", 400}, {"/v1/enrich?max_candidates=0", "\"x\"", 400},
	} {
		w := call(h, "POST", tt.target, tt.body, "Content-Type", ndjson)
		if w.Code != tt.status || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s, want %d: %s", tt.target, w.Code, w.Header().Get("Content-Type"), tt.status, w.Body)
		}
	}
}

func TestEverySettingIsChecked(t *testing.T) {
	_, h := newServer(t)
	for setting, says := range map[string]string{
		`"format":"paper"`: "splunk", `"as_of":"yesterday"`: "RFC 3339", `"expand":"all"`: "members", `"min_confidence":1.5`: "0 to 1", `"max_candidates":101`: "100",
		`"max_candidates":-1`: "100", `"fields":["all"]`: "summary",
	} {
		w := call(h, "POST", "/v1/enrich", `{"items":["x"],`+setting+`}`)
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), says) {
			t.Errorf("%s: %d %s", setting, w.Code, w.Body)
		}
	}
	if w := call(h, "POST", "/v1/enrich?format=ecs", `{"items":["x"]}`); w.Code != 400 {
		t.Errorf("a setting at two places: %d", w.Code)
	}
}

func TestFormatsOfEnrich(t *testing.T) {
	_, h := newExportServer(t)
	for _, f := range formatNames() {
		for _, w := range []*httptest.ResponseRecorder{
			call(h, "POST", "/v1/enrich", `{"items":["x"],"format":"`+f+`"}`), call(h, "GET", "/v1/enrich/x?format="+f, ""),
		} {
			if w.Code != 200 || !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s: %d %s", f, w.Code, w.Body)
			}
			experimental := f == "ocsf" || f == "qradar" || f == "cortex"
			if strings.Contains(w.Body.String(), `"experimental":true`) != experimental {
				t.Errorf("%s: experimental is wrong: %s", f, w.Body)
			}
		}
	}
}

func TestFieldsAreKept(t *testing.T) {
	a := asking{enrichSettings: enrichSettings{Fields: []string{"summary"}}}
	r := intel.EnrichResult{Value: "x", Status: "found", Candidates: []intel.Candidate{{ID: "a"}}, Summary: &intel.Summary{}, Incidents: []intel.Incident{{ID: "i"}}}
	a.trim(&r)
	if r.Summary == nil || len(r.Candidates) != 0 || r.Incidents != nil || r.Status != "found" {
		t.Errorf("%+v", r)
	}
}

func FuzzEnrichBody(f *testing.F) {
	f.Add(`{"items":["x",{"value":"y"},{"value":3}]}`, false)
	f.Add("\"x\"\n{\"value\":\"y\"}\n{", true)
	f.Add(`{"items":[null],"fields":[],"format":"stix"}`, false)
	fk := &fake{}
	h, err := New(Options{Reader: fk, Saver: fk, Archive: archive{fk}, Clock: noon})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string, lines bool) {
		ct := map[bool]string{true: ndjson, false: "application/json"}[lines]
		w := call(h, "POST", "/v1/enrich", body, "Content-Type", ct)
		if w.Code >= 500 {
			t.Errorf("%q: %d %s", body, w.Code, w.Body)
		}
	})
}

// TestResultsAreWrittenAsTheLibraryDoes holds the fast writer to encoding/json, byte for byte, the second time too.
func TestResultsAreWrittenAsTheLibraryDoes(t *testing.T) {
	in := fakeIncident().Incident
	results := []intel.EnrichResult{
		{},
		{ID: "1", Value: "x", Type: "text", Status: "not_found", Candidates: []intel.Candidate{}},
		{ID: hostile, Value: hostile + "\u2028\xff\\\"", Type: "actor", Status: "found", Candidates: []intel.Candidate{{ID: "a", Name: hostile, UsedBy: []string{"é"}, Withdrawn: true}}, Summary: &intel.Summary{Incidents: 2}, Incidents: []intel.Incident{in, in}, Problem: "p<"},
		{Value: "“é”", Candidates: []intel.Candidate{{Why: "“x” is it", Confidence: 0.97, UsedBy: []string{"a", "b"}}, {Confidence: 1e-9}, {Confidence: 7}, {Why: "cut\xe2\x80"}}},
		{Value: "\x7f", Incidents: []intel.Incident{in}},
		filled[intel.EnrichResult](t), // a field that the writer forgets is missed here
	}
	var e encoded
	for range 3 {
		for i, r := range results {
			for range 2 {
				got, err1 := e.appendResult(nil, &r, true)
				want, err2 := json.Marshal(r)
				if err1 != nil || err2 != nil || !bytes.Equal(got, want) {
					t.Errorf("result %d, %v %v:\n%s\n%s", i, err1, err2, got, want)
				}
			}
		}
	}
	other := results[2]
	other.Summary = &intel.Summary{Incidents: 3}
	if got, err := e.appendResult(nil, &other, true); err != nil || !bytes.Contains(got, []byte(`{"incidents":3,`)) {
		t.Errorf("another count was written as the one before: %s, %v", got, err)
	}
	shorter := results[2]
	shorter.Incidents = shorter.Incidents[:1]
	if got, err := e.appendResult(nil, &shorter, true); err != nil || bytes.Count(got, []byte(`"i1"`)) != 1 {
		t.Errorf("a part of a list was written as the whole: %s, %v", got, err)
	}
}

func FuzzFastItem(f *testing.F) {
	for _, s := range []string{`{"id":"1","value":"x"}`, ` { "value" : "x" , "type":"actor" } `, `{"value":"a\u0041"}`, `{"value":"x"}}`, `{"value":"x",}`, `{}`, `{"VALUE":"x"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, ok := fastItem(raw)
		var want intel.EnrichItem
		if err := json.Unmarshal(raw, &want); ok && (err != nil || got != want) {
			t.Errorf("%q is read as %+v, %v; the library reads %+v", raw, got, err, want)
		}
	})
}

// filled is a value whose every field is set, down to the fields of lists.
func filled[T any](t *testing.T) T {
	t.Helper()
	var v T
	fill(t, reflect.ValueOf(&v).Elem(), 0)
	return v
}

func fill(t *testing.T, v reflect.Value, depth int) {
	t.Helper()
	if depth > 8 || !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("word")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
	case reflect.Float64:
		v.SetFloat(0.5)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(t, v.Index(0), depth+1)
		fill(t, v.Index(1), depth+1)
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(t, field, depth+1)
		}
	}
}
