package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/intel"
)

// bulkReader answers 60 % not found, 30 % found and 10 % ambiguous from memory, as an index does whose histories are counted.
type bulkReader struct {
	*fake
	histories [][]intel.Incident
}

func newBulkReader() *bulkReader {
	r := &bulkReader{fake: &fake{gen: 1}}
	for i := range 300 {
		var latest []intel.Incident
		for j := range 1 + i%10 {
			in := fakeIncident().Incident
			in.ID, in.Victim.Name = fmt.Sprintf("incident-%d-%d", i, j), fmt.Sprintf("Organisation %d", j)
			latest = append(latest, in)
		}
		r.histories = append(r.histories, latest)
	}
	return r
}

func (r *bulkReader) Enrich(_ context.Context, items []intel.EnrichItem, _ intel.EnrichOptions) ([]intel.EnrichResult, error) {
	out := make([]intel.EnrichResult, len(items))
	one := intel.Candidate{ID: "amber-heron", Name: "Amber Heron", Type: "actor", Match: "alias", Why: "“HERON-7” is a name of it, used by Northfield Labs", UsedBy: []string{"Northfield Labs"}, Confidence: 0.97}
	for i, it := range items {
		out[i] = intel.EnrichResult{ID: it.ID, Value: it.Value, Type: "text", Status: "not_found", Candidates: []intel.Candidate{}}
		switch {
		case i%10 < 3:
			h := r.histories[(i*7)%len(r.histories)]
			out[i].Type, out[i].Status, out[i].Candidates, out[i].Incidents = "actor", "found", []intel.Candidate{one}, h
			out[i].Summary = &intel.Summary{Incidents: len(h), Reports: len(h), Origins: 2, Sectors: []intel.Count{{Value: "Manufacturing", Count: 1}}, Countries: []intel.Count{{Value: "GB", Count: 1}}}
		case i%10 == 3:
			out[i].Status, out[i].Candidates = "ambiguous", []intel.Candidate{one, one}
		}
	}
	return out, nil
}

func bulkBody() string {
	items := make([]intel.EnrichItem, 1000)
	for i := range items {
		items[i] = intel.EnrichItem{ID: strconv.Itoa(i), Value: fmt.Sprintf("Some Name %d", i)}
	}
	b, _ := json.Marshal(map[string]any{"items": items})
	return string(b)
}

func send(b *testing.B, h http.Handler, body string) int {
	b.Helper()
	r := httptest.NewRequest("POST", "/v1/enrich", strings.NewReader(body))
	r.Host = "localhost"
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != 200 {
		b.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.Len()
}

// report adds the slowest hundredth to a benchmark's figures.
func report(b *testing.B, took []time.Duration, size int) {
	b.Helper()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(size)/1000, "kB")
}

// BenchmarkBulk is POST /v1/enrich with 1,000 values through the whole server, and what Bind and c.JSON make of the same answer.
func BenchmarkBulk(b *testing.B) {
	reader, body := newBulkReader(), bulkBody()
	f := &fake{}
	h, err := New(Options{Reader: reader, Saver: f, Archive: archive{f}, Clock: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	e := echo.New()
	e.POST("/v1/enrich", func(c echo.Context) error {
		var req struct{ Items []intel.EnrichItem }
		if err := c.Bind(&req); err != nil {
			return err
		}
		results, err := reader.Enrich(c.Request().Context(), req.Items, intel.EnrichOptions{})
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, enrichAnswer{Results: results})
	})
	for name, handler := range map[string]http.Handler{"rapsheet": h, "bind-json": e} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			size := 0
			for b.Loop() {
				begin := time.Now()
				size = send(b, handler, body)
				took = append(took, time.Since(begin))
			}
			report(b, took, size)
		})
	}
}

// BenchmarkSingle is GET /v1/enrich/{value} with a key through the whole server.
func BenchmarkSingle(b *testing.B) {
	reader := newBulkReader()
	h, err := New(Options{
		Reader: reader, Saver: reader, Archive: archive{reader.fake}, Clock: time.Now, RequireKey: true, Rate: 1 << 40, Audit: func(AuditEvent) {},
		Keys: func(string) (Key, bool) { return Key{"siem", []string{"enrich"}}, true },
	})
	if err != nil {
		b.Fatal(err)
	}
	w := &sink{h: http.Header{}}
	r := httptest.NewRequest("GET", "/v1/enrich/Amber%20Heron", http.NoBody)
	r.Header.Set("X-API-Key", "k")
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		h.ServeHTTP(w, r)
	}
	if w.status != http.StatusOK {
		b.Fatal(w.status)
	}
}

// sink takes an answer and keeps nothing of it.
type sink struct {
	h      http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.h }
func (s *sink) WriteHeader(status int)      { s.status = status }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
