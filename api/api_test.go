package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
)

func newServer(t *testing.T, change ...func(*Options)) (*fake, http.Handler) {
	t.Helper()
	f := &fake{gen: 5}
	o := Options{Reader: f, Saver: f, Archive: archive{f}, Clock: time.Now, Version: "test"}
	for _, c := range change {
		c(&o)
	}
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return f, h
}

func call(h http.Handler, method, target, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Host = "127.0.0.1:8080"
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// fakeAdd stores texts and fails on addresses.
func fakeAdd(_ context.Context, items []AddItem) ([]Added, error) {
	out := make([]Added, len(items))
	for i, it := range items {
		out[i] = Added{ID: it.ID, Status: "stored", ReportID: "r1", Version: 1, Claims: 2}
		if it.Text == "" {
			out[i] = Added{ID: it.ID, Status: "failed", Problem: "there is no such page"}
		}
	}
	return out, nil
}

// Reports are added by who may, to what is no demo; a demo and a process that only answers say what to do instead.
func TestAddingReports(t *testing.T) {
	keys := func(k string) (Key, bool) {
		return Key{k, map[string][]string{"reader": {"read"}, "adder": {"add"}}[k]}, k != "wrong"
	}
	body := `{"items":[{"id":"mine","text":"A text."}]}`
	_, open := newServer(t, func(o *Options) { o.Add, o.Keys, o.RequireKey = fakeAdd, keys, true })
	_, demo := newServer(t, func(o *Options) { o.Add, o.Demo = fakeAdd, true })
	_, answers := newServer(t)
	for name, tt := range map[string]struct {
		h    http.Handler
		key  string
		want int
		says string
	}{
		"with the scope": {open, "adder", 200, `"stored"`}, "without the scope": {open, "reader", 403, "scope add"}, "without a key": {open, "", 401, "keys add"},
		"to a demo": {demo, "", 409, "rapsheet serve"}, "to who only answers": {answers, "", 501, "rapsheet serve"},
	} {
		w := call(tt.h, "POST", "/v1/reports", body, "X-API-Key", tt.key)
		if w.Code != tt.want || !strings.Contains(w.Body.String(), tt.says) {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	for _, bad := range []string{`{"items":[]}`, `{"items":[` + strings.Repeat(`{"text":"x"},`, maxAdded) + `{"text":"x"}]}`} {
		if w := call(demo, "POST", "/v1/reports", bad); w.Code < 400 {
			t.Errorf("%.40s: %d", bad, w.Code)
		}
	}
}

// TestEveryAnswerKeepsTheContract asks every route of the contract and validates what comes back.
func TestEveryAnswerKeepsTheContract(t *testing.T) {
	_, h := newServer(t, func(o *Options) { o.Add, o.Watchlists = fakeAdd, &fakeWatchlists{} })
	doc, err := openapi3.NewLoader().LoadFromData(contract)
	if err != nil {
		t.Fatal(err)
	}
	ids := strings.NewReplacer("/actors/{id}", "/actors/umbrella", "/victims/{id}", "/victims/v1", "/incidents/{id}", "/incidents/i1", "/reports/{id}", "/reports/r1",
		"/sources/{id}", "/sources/paper", "/decisions/{id}", "/decisions/d1?by=a&reason=b", "/watchlists/{id}", "/watchlists/suppliers", "{value}", "UNC3944")
	bodies := map[string]string{
		"/v1/resolve": `{"items":[{"value":"x"}]}`, "/v1/enrich": `{"items":[{"id":"1","value":"x"}]}`,
		"/v1/decisions":       `{"kind":"not-victim","subject":"i1","by":"ana","reason":"it is a vendor"}`,
		"/v1/reports":         `{"items":[{"id":"mine","text":"A text."},{"url":"https://a.example/bad"}]}`,
		"/v1/watchlists/{id}": `{"names":["Fernhollow Logistics"],"by":"ana","reason":"suppliers"}`,
		"/v1/corrections":     `{"subject":"i1","field":"country","value":"GB","by":"ana","reason":"it is British"}`,
	}
	for _, r := range contractRoutes() {
		t.Run(r.method+" "+r.path, func(t *testing.T) {
			target := ids.Replace(r.path)
			if r.method == "DELETE" && !strings.Contains(target, "?") {
				target += "?by=ana&reason=done"
			}
			w := call(h, r.method, target, map[bool]string{true: bodies[r.path]}[r.body != nil])
			op := doc.Paths.Find(r.path).GetOperation(r.method)
			res := op.Responses.Value(r.status)
			if res == nil || w.Code != map[string]int{"200": 200, "201": 201}[r.status] {
				t.Fatalf("%d, want %s: %s", w.Code, r.status, w.Body)
			}
			validate(t, res.Value.Content.Get("application/json").Schema.Value, w.Body.Bytes())
		})
	}
}

func validate(t *testing.T, schema *openapi3.Schema, body []byte) {
	t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	if err := schema.VisitJSON(v, openapi3.MultiErrors()); err != nil {
		t.Errorf("the answer breaks the contract: %v", err)
	}
}

// TestRoutesAndContractAgree holds the echo routes and the contract together.
func TestRoutesAndContractAgree(t *testing.T) {
	s := &server{}
	s.metrics = newMetrics(prometheus.NewRegistry())
	e := echo.New()
	s.routes(e)
	said := map[string]bool{}
	for _, r := range contractRoutes() {
		said[r.method+" "+strings.NewReplacer("{", ":", "}", "").Replace(r.path)] = true
	}
	for _, r := range rawRoutes() {
		for _, method := range append(r.refused, "GET") {
			said[method+" "+strings.NewReplacer("{", ":", "}", "").Replace(r.path)] = true
		}
	}
	for _, r := range e.Routes() {
		if slices.Contains([]string{"/metrics", "/openapi.json", "/docs"}, r.Path) {
			continue
		}
		if !said[r.Method+" "+r.Path] {
			t.Errorf("%s %s is served and not in the contract", r.Method, r.Path)
		}
		delete(said, r.Method+" "+r.Path)
	}
	for r := range said {
		t.Errorf("%s is in the contract and not served", r)
	}
}

// problemTest is a request that must be refused, and what the answer must say.
type problemTest struct {
	name, method, target, body string
	status                     int
	says                       string
}

func problemTests() []problemTest {
	long := `{"items":[` + strings.Repeat(`{"value":"x"},`, 1000) + `{"value":"x"}]}`
	return []problemTest{
		{"unknown parameter", "GET", "/v1/search?sectr=x", "", 400, "sectr"},
		{"parameter of another route", "GET", "/v1/suggest?sector=x", "", 400, "sector"},
		{"parameter where none is", "GET", "/v1/sources?limit=3", "", 400, "limit"},
		{"parameter given twice", "GET", "/v1/search?limit=3&limit=4", "", 400, "once"},
		{"unreadable query string", "GET", "/v1/search?limit=%zz", "", 400, "query string"},
		{"bad limit", "GET", "/v1/search?limit=5000", "", 400, "limit"},
		{"limit that is no number", "GET", "/v1/search?limit=NaN", "", 400, "limit"},
		{"limit that is not whole", "GET", "/v1/search?limit=2.5", "", 400, "limit"},
		{"confidence that is no number", "GET", "/v1/incidents?min_confidence=NaN", "", 400, "min_confidence"},
		{"bad date", "GET", "/v1/search?from=yesterday", "", 400, "YYYY-MM-DD"},
		{"bad kind", "GET", "/v1/incidents?kind=hacking", "", 400, "ransomware"},
		{"bad query", "GET", "/v1/search?q=(", "", 400, "bracket"},
		{"bad as_of", "GET", "/v1/actors/umbrella?as_of=2025", "", 400, "RFC 3339"},
		{"unknown actor", "GET", "/v1/actors/nobody", "", 404, "nobody"},
		{"no such route", "GET", "/v1/nothing", "", 404, "/docs"},
		{"path tricks", "GET", "/v1/actors/..%2f..%2fetc%2fpasswd", "", 404, "passwd"},
		{"purged", "GET", "/v1/reports/purged", "", 410, "purged"},
		{"ambiguous", "GET", "/v1/actors/two", "", 300, "two"},
		{"wrong method", "PUT", "/v1/search", "", 405, ""},
		{"not JSON", "POST", "/v1/enrich", "{", 400, "JSON"},
		{"unknown field", "POST", "/v1/enrich", `{"itms":[]}`, 400, "itms"},
		{"two values", "POST", "/v1/enrich", `{"items":[{"value":"x"}]} {}`, 400, "more than one"},
		{"no items", "POST", "/v1/enrich", `{"items":[]}`, 422, "1 to 1,000"},
		{"too many items", "POST", "/v1/resolve", long, 422, "1000"},
		{"too large", "POST", "/v1/enrich", `{"items":[{"value":"` + strings.Repeat("x", maxBody) + `"}]}`, 413, "several requests"},
		{"unsigned decision", "POST", "/v1/decisions", `{"kind":"not-victim","subject":"i1"}`, 422, "signed"},
		{"no such decision", "POST", "/v1/decisions", `{"kind":"punish","subject":"i1","by":"a","reason":"b"}`, 422, "not-victim"},
		{"about nobody", "POST", "/v1/decisions", `{"kind":"not-victim","subject":"nobody","by":"a","reason":"b"}`, 404, "not found"},
	}
}

func TestProblems(t *testing.T) {
	_, h := newServer(t)
	doc, err := openapi3.NewLoader().LoadFromData(contract)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range problemTests() {
		t.Run(tt.name, func(t *testing.T) {
			w := call(h, tt.method, tt.target, tt.body)
			if w.Code != tt.status || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Fatalf("%d %s, want %d: %s", w.Code, w.Header().Get("Content-Type"), tt.status, w.Body)
			}
			var p Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != tt.status {
				t.Fatalf("%v: %s", err, w.Body)
			}
			validate(t, doc.Components.Schemas["Problem"].Value, w.Body.Bytes())
			if !strings.Contains(w.Body.String(), tt.says) {
				t.Errorf("%s does not say %q", w.Body, tt.says)
			}
		})
	}
}

func TestAmbiguityIsAnAnswer(t *testing.T) {
	_, h := newServer(t)
	w := call(h, "GET", "/v1/actors/two", "")
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || len(p.Candidates) != 2 || w.Header().Get("Location") != "" {
		t.Errorf("%v, %d candidates, Location %q", err, len(p.Candidates), w.Header().Get("Location"))
	}
}

func TestOurFailuresKeepTheirSecrets(t *testing.T) {
	_, h := newServer(t)
	w := call(h, "GET", "/v1/actors/broken", "")
	if w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
}

func TestUnchangedAnswersAreNotSentAgain(t *testing.T) {
	f, h := newServer(t)
	first := call(h, "GET", "/v1/actors/umbrella", "")
	tag := first.Header().Get("ETag")
	if tag == "" || strings.HasPrefix(tag, "W/") {
		t.Fatalf("ETag %q is not strong", tag)
	}
	if w := call(h, "GET", "/v1/actors/umbrella", "", "If-None-Match", tag); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("%d with %d bytes, want 304 and none", w.Code, w.Body.Len())
	}
	f.gen++
	if w := call(h, "GET", "/v1/actors/umbrella", "", "If-None-Match", tag); w.Code != http.StatusOK {
		t.Errorf("%d after the generation moved", w.Code)
	}
	if w := call(h, "GET", "/v1/actors/nobody", "", "If-None-Match", "*"); w.Code != http.StatusNotFound {
		t.Errorf("%d for an unknown actor", w.Code)
	}
}

func TestKeys(t *testing.T) {
	_, h := newServer(t, func(o *Options) {
		o.RequireKey = true
		o.Keys = func(k string) (Key, bool) { return Key{"reader", []string{"read"}}, k == "good" }
	})
	none := call(h, "GET", "/v1/search", "")
	if none.Code != 401 || none.Header().Get("WWW-Authenticate") == "" {
		t.Errorf("%d, WWW-Authenticate %q", none.Code, none.Header().Get("WWW-Authenticate"))
	}
	tests := []struct {
		target string
		header []string
		want   int
	}{
		{"/v1/search", []string{"X-API-Key", "good"}, 200},
		{"/v1/search", []string{"Authorization", "Bearer good"}, 200},
		{"/v1/search", []string{"X-API-Key", "bad"}, 401},
		{"/v1/enrich/x", []string{"X-API-Key", "good"}, 403},
		{"/v1/decisions", []string{"X-API-Key", "good"}, 403},
		{"/metrics", []string{"X-API-Key", "good"}, 403},
		{"/healthz", nil, 200},
	}
	for _, tt := range tests {
		if w := call(h, "GET", tt.target, "", tt.header...); w.Code != tt.want {
			t.Errorf("%s with %v: %d, want %d", tt.target, tt.header, w.Code, tt.want)
		}
	}
}

func TestOtherSitesCannotUseTheKeylessServer(t *testing.T) {
	f, h := newServer(t)
	body := `{"kind":"not-victim","subject":"i1","by":"a","reason":"b"}`
	if w := call(h, "POST", "/v1/decisions", body, "Sec-Fetch-Site", "cross-site"); w.Code != 403 || len(f.decided) != 0 {
		t.Errorf("%d, %d decided: a page elsewhere wrote", w.Code, len(f.decided))
	}
	r := httptest.NewRequest("GET", "/v1/search", nil)
	r.Host = "attacker.example"
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusMisdirectedRequest {
		t.Errorf("%d for a foreign host name: DNS rebinding reads the store", w.Code)
	}
}

func TestTextIsServedOnlyWhereItsLicenceAllows(t *testing.T) {
	_, h := newServer(t)
	if w := call(h, "GET", "/v1/reports/r1", ""); strings.Contains(w.Body.String(), "the whole text") {
		t.Error("the article's text was served")
	}
}

func TestHead(t *testing.T) {
	_, h := newServer(t)
	if w := call(h, "HEAD", "/v1/search", ""); w.Code != 200 || w.Body.Len() != 0 {
		t.Errorf("HEAD: %d with %d bytes", w.Code, w.Body.Len())
	}
}

func FuzzParameters(f *testing.F) {
	f.Add("q=a&limit=3&from=2025-01-01")
	f.Add("limit=-1&as_of=x&facets=actor,,&cursor=%00")
	f.Add("kind=ddos&status=denied&expand=members&min_confidence=NaN")
	fk := &fake{}
	h, err := New(Options{Reader: fk, Saver: fk, Archive: archive{fk}, Clock: time.Now})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest("GET", "/v1/search", nil)
		r.Host, r.URL.RawQuery = "localhost", query
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Errorf("%q: %d %s", query, w.Code, w.Body)
		}
	})
}
