package api

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// guarded is a server with two keys, a clock that stands still until it is moved, and its audit log.
func guarded(t *testing.T, rate int) (h http.Handler, now *time.Time, log *[]AuditEvent) {
	t.Helper()
	at, events := time.Date(2025, 9, 10, 12, 0, 10, 0, time.UTC), []AuditEvent{}
	_, h = newServer(t, func(o *Options) {
		o.RequireKey, o.Rate, o.Clock = true, rate, func() time.Time { return at }
		o.Audit = func(e AuditEvent) { events = append(events, e) }
		o.Keys = func(k string) (Key, bool) {
			grant, ok := map[string]Key{"secret-one": {"siem", []string{"read", "enrich"}}, "secret-two": {"analyst", []string{"read", "decide"}}}[k]
			return grant, ok
		}
	})
	return h, &at, &events
}

func TestRateIsToldAndKept(t *testing.T) {
	h, now, log := guarded(t, 3)
	for i := range 5 {
		w := call(h, "GET", "/v1/enrich/x", "", "X-API-Key", "secret-one")
		policy, left, wait := w.Header().Get("RateLimit-Policy"), w.Header().Get("RateLimit"), w.Header().Get("Retry-After")
		if policy != `"default";q=3;w=60` || left != `"default";r=`+strconv.Itoa(max(0, 2-i))+";t=50" {
			t.Errorf("request %d: policy %s, %s", i, policy, left)
		}
		if want := map[bool]int{true: 200, false: 429}[i < 3]; w.Code != want || (wait == "50") != (want == 429) {
			t.Errorf("request %d: %d, Retry-After %q", i, w.Code, wait)
		}
	}
	if w := call(h, "GET", "/v1/search", "", "X-API-Key", "secret-two"); w.Code != 200 {
		t.Errorf("%d: another key pays for the first", w.Code)
	}
	*now = now.Add(50 * time.Second)
	if w := call(h, "GET", "/v1/enrich/x", "", "X-API-Key", "secret-one"); w.Code != 200 {
		t.Errorf("%d in the next minute", w.Code)
	}
	told := 0
	for _, e := range *log {
		if e.What == "rate-limited" && e.Key == "siem" {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the audit log tells %d times of one minute over the rate", told)
	}
}

func TestKeyGuessingIsSlowedAndWrittenDown(t *testing.T) {
	h, now, log := guarded(t, 0)
	for i := range 200 {
		w := call(h, "GET", "/v1/search", "", "X-API-Key", "guess-"+strconv.Itoa(i))
		if want := map[bool]int{true: 401, false: 429}[i < guessesMost]; w.Code != want || (w.Header().Get("Retry-After") != "") != (want == 429) {
			t.Fatalf("guess %d: %d, Retry-After %q", i, w.Code, w.Header().Get("Retry-After"))
		}
	}
	if w := call(h, "GET", "/v1/search", "", "X-API-Key", "secret-one"); w.Code != 200 {
		t.Errorf("%d: a right key from the same address is shut out", w.Code)
	}
	refused := 0
	for _, e := range *log {
		if strings.Contains(e.Detail+e.Key+e.Route, "guess-") {
			t.Errorf("the audit log holds a key: %+v", e)
		}
		if e.What == "key-refused" {
			refused++
		}
	}
	if refused != guessesMost {
		t.Errorf("%d refusals written down, want %d", refused, guessesMost)
	}
	*now = now.Add(time.Minute)
	if w := call(h, "GET", "/v1/search", "", "X-API-Key", "guess"); w.Code != 401 {
		t.Errorf("%d a minute later", w.Code)
	}
}

func TestAuditTellsOfDecisionsAndKeyUse(t *testing.T) {
	h, now, log := guarded(t, 0)
	for range 3 {
		call(h, "GET", "/v1/enrich/x", "", "X-API-Key", "secret-one", "X-Request-ID", "mine")
	}
	call(h, "POST", "/v1/decisions", "{}", "X-API-Key", "secret-one")
	call(h, "POST", "/v1/decisions", `{"kind":"not-victim","subject":"v1","by":"ana","reason":"a vendor"}`, "X-API-Key", "secret-two", "Content-Type", "application/json")
	*now = now.Add(time.Hour)
	call(h, "GET", "/v1/enrich/x", "", "X-API-Key", "secret-one")
	var got []string
	for _, e := range *log {
		got = append(got, e.What+" "+e.Key+" "+e.Route+" "+e.Detail)
		if e.At.IsZero() || e.Remote == "" || e.RequestID == "" {
			t.Errorf("without time, address or request: %+v", e)
		}
	}
	want := "key-used siem /v1/enrich/:value enrich|scope-refused siem /v1/decisions decide|key-used analyst /v1/decisions decide|" +
		"decision analyst /v1/decisions not-victim d1 by ana|key-used siem /v1/enrich/:value enrich"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}
