package api

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

// TestNothingSecretIsWrittenDown sends a right and a wrong key in every place that takes one, or where a person may put it by mistake, to
// routes that answer, refuse and fail: neither the log at its most talkative, nor the audit log, nor an answer or a figure holds it.
func TestNothingSecretIsWrittenDown(t *testing.T) {
	const right, wrong = "rs_right_0123456789", "rs_wrong_9876543210"
	var log bytes.Buffer
	var audit []AuditEvent
	_, h := newServer(t, func(o *Options) {
		o.RequireKey = true
		o.Keys = func(k string) (Key, bool) {
			return Key{"ana", []string{"read", "enrich", "decide", "admin"}}, k == right
		}
		o.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		o.Audit = func(e AuditEvent) { audit = append(audit, e) }
		o.Rate = 1000
	})
	var answers strings.Builder
	see := func(method, target, body string, header ...string) int {
		w := call(h, method, target, body, header...)
		answers.WriteString(w.Body.String())
		for name, values := range w.Header() {
			if name != "Set-Cookie" {
				answers.WriteString(name + ": " + strings.Join(values, " ") + "\n")
			}
		}
		return w.Code
	}
	codes := map[int]int{}
	for _, key := range []string{right, wrong} {
		for _, header := range [][]string{
			{"Authorization", "Bearer " + key},
			{"X-API-Key", key},
			{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte("x:"+key))},
			{"Authorization", key},
			{"Cookie", "rapsheet=" + key},
			{"X-API-Key", right, "X-Request-Id", key + "\nx"},
		} {
			for _, target := range []string{"/v1/search?q=x", "/v1/actors/broken", "/v1/nothing", "/taxii2/", "/v1/export/none", "/metrics", "/"} {
				codes[see(http.MethodGet, target, "", header...)]++
			}
			codes[see(http.MethodPost, "/v1/enrich", `{"items":["x"]}`, header...)]++
			codes[see(http.MethodPost, "/v1/decisions", `{"kind":"not-victim","subject":"nobody","by":"a","reason":"b"}`, header...)]++
		}
		codes[see(http.MethodPost, "/signin", "key="+key, "Content-Type", "application/x-www-form-urlencoded")]++
		codes[see(http.MethodGet, "/v1/nothing?api_key="+key, "", "X-API-Key", right)]++
	}
	for _, want := range []int{200, 401, 404, 500} {
		if codes[want] == 0 {
			t.Errorf("no answer was %d: %v", want, codes)
		}
	}
	answers.WriteString(call(h, http.MethodGet, "/metrics", "", "X-API-Key", right).Body.String())
	lines, err := json.Marshal(audit)
	if err != nil || len(audit) == 0 || log.Len() == 0 {
		t.Fatalf("%v, %d lines of audit, %d bytes of log", err, len(audit), log.Len())
	}
	for what, text := range map[string]string{"the log": log.String(), "the audit log": string(lines), "an answer": answers.String()} {
		for _, key := range []string{right, wrong} {
			for _, secret := range []string{key, base64.StdEncoding.EncodeToString([]byte("x:" + key))} {
				if i := strings.Index(text, secret); i >= 0 {
					t.Errorf("%s holds a key: …%s…", what, text[max(0, i-200):min(len(text), i+80)])
				}
			}
		}
	}
}
