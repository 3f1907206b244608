package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/rapsheet/rapsheet/intel"
)

// paramExamples are values that a reader can try.
func paramExamples() map[string]any {
	return map[string]any{
		"q": `"data breach" Qilin`, "actor": "qilin", "victim": "Fernhollow Logistics", "sector": "Manufacturing", "country": "GB", "kind": "ransomware", "status": "confirmed",
		"lang": "en", "cve": "CVE-2025-61882", "technique": "T1566", "observable": "login[.]example[.]com", "from": "2025-09-01", "to": "2025-09-30", "time": "published",
		"as_of": "2025-09-10T00:00:00Z", "expand": "members", "min_confidence": 0.8, "sort": "newest", "limit": 20, "facets": "actor,year", "type": "actor", "format": "ecs",
		"fields": "candidates,summary", "max_candidates": 5, "value": "UNC3944", "by": "ana", "reason": "a supplier, not the victim",
	}
}

// bodyExamples are request bodies by operation.
func bodyExamples() map[string]any {
	items := map[string]any{"items": []any{map[string]any{"id": "1", "value": "UNC3944"}, map[string]any{"value": "portal[.]fernhollow[.]example", "type": "domain"}, map[string]any{"value": "CVE-2025-61882"}}}
	return map[string]any{
		"POST /v1/resolve": items, "POST /v1/enrich": items,
		"POST /v1/reports":        map[string]any{"items": []any{map[string]any{"id": "mine-1", "title": "Fernhollow stops its lorries", "text": "Fernhollow Logistics confirmed a cyber attack.", "published": "2025-09-03"}}},
		"POST /v1/decisions":      map[string]any{"kind": "not-victim", "subject": "3f0e9a52-5a3f-5d0b-9a6e-0f6f0c1d2e3f", "by": "ana", "reason": "a supplier, not the victim"},
		"PUT /v1/watchlists/{id}": map[string]any{"title": "Suppliers", "names": []any{"Fernhollow Logistics", "UNC3944"}, "by": "ana", "reason": "suppliers of 2026"},
		"POST /v1/corrections":    map[string]any{"subject": "3f0e9a52-5a3f-5d0b-9a6e-0f6f0c1d2e3f", "field": "country", "value": "GB", "by": "ana", "reason": "it is British"},
	}
}

// answerExamples are answers by operation, made of the types that answers are made of.
func answerExamples() map[string]any {
	at := time.Date(2025, 9, 10, 12, 0, 0, 0, time.UTC)
	day, _ := intel.ParseMoment("2025-09-03") //nolint:errcheck // a constant
	candidate := intel.Candidate{ID: "scattered-spider", Name: "Scattered Spider", Type: "actor", Match: "alias", Why: "“UNC3944” is a name of it, used by Mandiant", UsedBy: []string{"Mandiant"}, Confidence: 0.98}
	result := intel.EnrichResult{ID: "1", Value: "UNC3944", Type: "actor", Status: "found", Candidates: []intel.Candidate{candidate}}
	resolved := enrichAnswer{GeneratedAt: at, Generation: 4711, Coverage: intel.Coverage{Sources: 120, Read: 117, Reports: 9000}, Results: []intel.EnrichResult{result}}
	enriched := resolved
	result.Summary = &intel.Summary{Incidents: 12, Reports: 31, LastReported: day, ClaimOnly: 3, Denied: 1, Corroborated: 7, Origins: 9, Sectors: []intel.Count{{Value: "Manufacturing", Count: 4}}, Countries: []intel.Count{{Value: "GB", Count: 6}}}
	enriched.Results = []intel.EnrichResult{result}
	return map[string]any{
		"POST /v1/resolve": resolved, "POST /v1/enrich": enriched, "GET /v1/enrich/{value}": enriched,
		"POST /v1/reports": addAnswer{[]Added{{ID: "mine-1", Status: "stored", ReportID: "7d9b5c1e-0f57-5a55-8a0e-2f0f8f4f9b11", Version: 1, Title: "Fernhollow stops its lorries", Published: day, Claims: 2}}},
		"GET /healthz":     healthAnswer{"ok", "1.0.0"}, "GET /readyz": readyAnswer{"ready", 4711, 4711},
	}
}

// plain is a value as JSON has it.
func plain(t *testing.T, v any) any {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// addExamples puts examples into an operation.
func addExamples(t *testing.T, op *openapi3.Operation, r contractRoute) {
	t.Helper()
	for _, p := range op.Parameters {
		if v, ok := paramExamples()[p.Value.Name]; ok {
			if p.Value.Example = v; p.Value.Schema.Value.Type.Is("string") {
				p.Value.Example = fmt.Sprint(v)
			}
		}
	}
	key := r.method + " " + r.path
	if v, ok := bodyExamples()[key]; ok {
		op.RequestBody.Value.Content["application/json"].Example = plain(t, v)
	}
	if v, ok := answerExamples()[key]; ok {
		op.Responses.Value(r.status).Value.Content["application/json"].Example = plain(t, v)
	}
}

// refusals are the statuses that an operation is refused with, each with what its problem says.
func refusals(r contractRoute) map[int]string {
	if strings.HasSuffix(r.path, "z") {
		return nil
	}
	out := map[int]string{
		401: "send a valid key as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'; 'rapsheet keys add NAME' makes one", 403: "this key lacks the scope enrich",
		429: "more than 600000 requests a minute: wait 12 seconds, or send up to 1,000 items in one request", 503: "",
	}
	if len(r.params) > 0 {
		out[400] = "limit: give a whole number from 1 to 200"
	}
	if strings.Contains(r.path, "{id}") {
		out[404] = "index: actor \"nobody\": not found"
	}
	if strings.Contains(r.path, "/actors/{") || strings.Contains(r.path, "/victims/{") {
		out[300] = "the name carbanak means several things; ask again with the id of a candidate"
	}
	if r.body != nil {
		out[400], out[413], out[415], out[422] = "the body is not the JSON expected; /docs shows it", "a body may have 1048576 bytes: send several requests", "send Content-Type: application/json", "items: give 1 to 1,000 items"
	}
	return out
}

// addRefusals lists an operation's problems with an example each.
func addRefusals(t *testing.T, op *openapi3.Operation, r contractRoute, problem *openapi3.SchemaRef) {
	t.Helper()
	for status, detail := range refusals(r) {
		p := Problem{Type: problemType(status), Title: http.StatusText(status), Status: status, Detail: detail}
		media := openapi3.NewMediaType().WithSchemaRef(problem)
		media.Example = plain(t, p)
		res := openapi3.NewResponse().WithDescription(http.StatusText(status) + ".").WithContent(openapi3.Content{"application/problem+json": media})
		if status == http.StatusTooManyRequests {
			res.Headers = openapi3.Headers{"Retry-After": {Value: &openapi3.Header{Parameter: openapi3.Parameter{Description: "seconds to wait", Schema: openapi3.NewIntegerSchema().NewRef()}}}}
		}
		op.Responses.Set(strconv.Itoa(status), &openapi3.ResponseRef{Value: res})
	}
}

// TestRefusalsAreListed asks for refusals and looks them up in the contract.
func TestRefusalsAreListed(t *testing.T) {
	doc, err := openapi3.NewLoader().LoadFromData(contract)
	if err != nil {
		t.Fatal(err)
	}
	h, _, _ := guarded(t, 1)
	_, open := newServer(t)
	for _, tt := range []struct {
		h                  http.Handler
		method, path, body string
		header             []string
		route              string
		want               int
	}{
		{open, "GET", "/v1/search?limit=0", "", nil, "/v1/search", 400},
		{h, "GET", "/v1/search", "", nil, "/v1/search", 401},
		{h, "POST", "/v1/decisions", "{}", []string{"X-API-Key", "secret-one"}, "/v1/decisions", 403},
		{open, "GET", "/v1/actors/nobody", "", nil, "/v1/actors/{id}", 404},
		{open, "GET", "/v1/actors/two", "", nil, "/v1/actors/{id}", 300},
		{open, "POST", "/v1/enrich", strings.Repeat(" ", maxBody+1), []string{"Content-Type", "application/json"}, "/v1/enrich", 413},
		{open, "POST", "/v1/enrich", "a,b", []string{"Content-Type", "text/csv"}, "/v1/enrich", 415},
		{open, "POST", "/v1/enrich", `{"items":[]}`, []string{"Content-Type", "application/json"}, "/v1/enrich", 422},
		{h, "GET", "/v1/enrich/x", "", []string{"X-API-Key", "secret-one"}, "/v1/enrich/{value}", 429},
	} {
		w := call(tt.h, tt.method, tt.path, tt.body, tt.header...)
		res := doc.Paths.Find(tt.route).GetOperation(tt.method).Responses.Value(strconv.Itoa(tt.want))
		if w.Code != tt.want || res == nil {
			t.Errorf("%s %s: %d, want %d, listed: %v", tt.method, tt.path, w.Code, tt.want, res != nil)
			continue
		}
		validate(t, res.Value.Content.Get("application/problem+json").Schema.Value, w.Body.Bytes())
	}
}
