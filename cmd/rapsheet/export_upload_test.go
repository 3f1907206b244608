package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// sentinel is a server that takes objects as Sentinel does: 200 whatever it refuses, 429 with words at first.
type sentinel struct {
	busy   int
	calls  int
	got    []string
	tokens []string
}

func (s *sentinel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.calls++
	if s.calls <= s.busy {
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"statusCode": 429, "message": "Rate limit is exceeded. Try again in 26 seconds."}`)
		return
	}
	s.tokens = append(s.tokens, r.Header.Get("Authorization"))
	var body struct {
		Source string                                         `json:"sourcesystem"`
		Stix   []struct{ ID, Type, Created, Modified string } `json:"stixobjects"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || body.Source == "" || len(body.Stix) == 0 || len(body.Stix) > 100 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	for i, o := range body.Stix {
		s.got = append(s.got, o.ID)
		if strings.HasSuffix(o.ID, "-bad") {
			_, _ = fmt.Fprintf(w, `{"errors":[{"recordIndex":%d,"errorMessages":["no good\u001b[31m"]}]}`, i)
			return
		}
	}
}

// TestUploadKeepsTheRateAndReadsWhatWasRefused: a pause between bodies, the wait that a busy server asks for, and each object that it
// refuses named although it says 200.
func TestUploadKeepsTheRateAndReadsWhatWasRefused(t *testing.T) {
	s := &sentinel{busy: 1}
	srv := httptest.NewServer(s)
	defer srv.Close()
	var waits []time.Duration
	var said strings.Builder
	u := &uploader{
		client: srv.Client(), to: srv.URL, token: "secret-token",
		wait: func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil },
		say:  func(format string, args ...any) { fmt.Fprintf(&said, format+"\n", args...) },
	}
	const body = `{"sourcesystem":"rapsheet","stixobjects":[{"id":"%s","type":"threat-actor"},{"id":"%s","type":"identity"}]}` + "\n"
	err := u.send(t.Context(), []byte(fmt.Sprintf(body, "a", "b")+fmt.Sprintf(body, "c", "d-bad")+fmt.Sprintf(body, "e", "f")))
	if !errors.Is(err, errPartial) {
		t.Errorf("an upload of which an object was refused gives %v", err)
	}
	if want := []time.Duration{26 * time.Second, uploadPause, uploadPause}; !slices.Equal(waits, want) {
		t.Errorf("it waited %v, want %v", waits, want)
	}
	if len(s.got) != 6 || u.sent != 6 || u.refused != 1 {
		t.Errorf("%d objects arrived, %d sent, %d refused: %v", len(s.got), u.sent, u.refused, s.got)
	}
	if out := said.String(); !strings.Contains(out, "refused: d-bad") || strings.ContainsAny(out, "\x1b") || strings.Contains(out, "secret-token") {
		t.Errorf("it says:\n%s", out)
	}
}

// TestUploadGivesUp: what is refused for good is not sent again, and a server that stays busy is left.
func TestUploadGivesUp(t *testing.T) {
	for status, tries := range map[int]int{http.StatusUnauthorized: 1, http.StatusBadGateway: uploadTries, http.StatusMovedPermanently: 1} {
		calls := 0
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			calls++
			w.Header().Set("Retry-After", "999999")
			w.WriteHeader(status)
		}))
		var longest time.Duration
		u := &uploader{client: srv.Client(), to: srv.URL, wait: func(_ context.Context, d time.Duration) error { longest = max(longest, d); return nil }, say: t.Logf}
		err := u.send(t.Context(), []byte(`{"stixobjects":[{"id":"a"}]}`))
		srv.Close()
		if err == nil || calls != tries || longest > uploadWait {
			t.Errorf("%d: %d tries, want %d, longest wait %v: %v", status, calls, tries, longest, err)
		}
	}
}

// TestExportUploads is the whole command against a server on loopback.
func TestExportUploads(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "", "import", "reports", collection(t, dir, "r.jsonl", storyReports))
	s := &sentinel{}
	srv := httptest.NewServer(s)
	defer srv.Close()
	command := func(environ []string, args ...string) (int, string) {
		var out, errOut bytes.Buffer
		environ = append(environ, "HOME="+dir, "RAPSHEET_DATA="+dir+"/data")
		code := run(t.Context(), args, strings.NewReader(""), &out, &errOut, environ)
		return code, out.String() + errOut.String()
	}
	token := []string{"RAPSHEET_UPLOAD_TOKEN=secret-token"}
	for _, args := range [][]string{
		{"export", "splunk", "--upload", srv.URL},
		{"export", "sentinel-stix", "--upload", "http://sentinel.example/x"},
		{"export", "sentinel-stix", "--upload", "://"},
	} {
		if code, out := command(token, args...); code != exitUsage || strings.Contains(out, "secret-token") {
			t.Errorf("%v: exit %d\n%s", args, code, out)
		}
	}
	if code, out := command(nil, "export", "sentinel-stix", "--upload", srv.URL); code != exitUsage || !strings.Contains(out, "RAPSHEET_UPLOAD_TOKEN") {
		t.Errorf("without a token: exit %d\n%s", code, out)
	}
	if s.calls != 0 {
		t.Fatalf("%d calls before there was anything to send", s.calls)
	}
	_, _, said := rapsheet(t, dir, "", "export", "elastic-victims")
	var head int
	if _, err := fmt.Sscanf(said, "as of change %d;", &head); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	code, out := command(token, "export", "sentinel-stix", "--since", strconv.Itoa(head-3), "--upload", srv.URL)
	if code != exitOK || len(s.got) == 0 || !strings.Contains(out, "0 of them refused") || !strings.Contains(out, "as of change") || strings.Contains(out, "secret-token") {
		t.Errorf("exit %d, %d objects\n%s", code, len(s.got), out)
	}
	for _, got := range s.tokens {
		if got != "Bearer secret-token" {
			t.Errorf("sent %q", got)
		}
	}
	if _, out := command(token, "config"); strings.Contains(out, "secret-token") || !strings.Contains(out, "(set)") {
		t.Errorf("config prints the token:\n%s", out)
	}
}
