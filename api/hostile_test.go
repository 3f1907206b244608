package api

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

// hostileValues are values whose words another program could take for its own.
func hostileValues() []string {
	return []string{
		"=HYPERLINK(\"http://a.example\")", "+cmd|' /C calc'!A0", "@SUM(1+1)", "-2+3", "\t=1", "<script>alert(1)</script>", "![x](javascript:alert(1))", "[a](http://a.example)",
		"\r\nX-Injected: yes", "\x00\x01\x7f", "\u202egnp.exe", "\u2028", "{\"a\":1}", "\"},{\"id\":\"x", "${jndi:ldap://a.example}", "'; DROP TABLE x;--", "../../etc/passwd", "%00", "%0d%0aSet-Cookie: a=b",
		strings.Repeat("A", 5000), strings.Repeat("(", 400), "\xff\xfe", "👾" + strings.Repeat("\u0301", 200),
	}
}

// TestHostileValuesInEveryShape asks for hostile values in each shape: the answer is JSON, echoes each, and breaks nothing.
func TestHostileValuesInEveryShape(t *testing.T) {
	feed := &fakeFeed{}
	feed.fill()
	_, h := newServer(t, func(o *Options) { o.Feed = feed })
	body, err := json.Marshal(map[string]any{"items": hostileValues()})
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range formatNames() {
		ask := strings.Replace(string(body), "{", `{"format":"`+format+`",`, 1)
		w := call(h, "POST", "/v1/enrich", ask)
		var a struct {
			Results []struct{ Value, Status string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK || len(a.Results) != len(hostileValues()) {
			t.Errorf("%s: %d, %v, %d results", format, w.Code, err, len(a.Results))
			continue
		}
		if strings.ContainsAny(w.Body.String(), "<>\x00\x01\u2028") {
			t.Errorf("%s: markup or control characters are not escaped", format)
		}
	}
	for _, v := range hostileValues() {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/v1/enrich/x", http.NoBody)
		r.Host, r.URL.Path, r.URL.RawPath = "localhost", "/v1/enrich/"+v, ""
		r.Header.Set("X-Request-ID", v)
		h.ServeHTTP(w, r)
		if w.Header().Get("X-Injected") != "" || w.Header().Get("Set-Cookie") != "" || w.Code >= http.StatusInternalServerError || strings.ContainsAny(w.Header().Get("X-Request-Id"), "\r\n<\"{") {
			t.Errorf("%q: %d %v", v, w.Code, w.Header())
		}
	}
}

// TestHostileNamesInCSV holds every CSV export to cells that no spreadsheet takes for a formula.
func TestHostileNamesInCSV(t *testing.T) {
	var rows []intel.ActorProfile
	for i, v := range hostileValues() {
		rows = append(rows, intel.ActorProfile{Actor: intel.Actor{ID: fmt.Sprint("a", i), Name: v, Names: []intel.Name{{Name: v, Source: v}}}})
	}
	for name, write := range map[string]func([]exchange.LookupRow) ([]byte, error){"splunk": exchange.SplunkLookup, "sentinel": exchange.SentinelWatchlist} {
		b, err := write(exchange.LookupRows(rows))
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{`,=`, `,"=`, `,+`, `,"+`, `,@`, `,"@`, ",\"\t", "\x00"} {
			if strings.Contains(string(b), bad) {
				t.Errorf("%s: a cell begins with %q", name, bad)
			}
		}
	}
}

// onWire starts the server on loopback with short limits and gives a connection that speaks by hand.
func onWire(t *testing.T) net.Conn {
	t.Helper()
	_, h := newServer(t)
	srv := httptest.NewUnstartedServer(h)
	srv.Config.ReadHeaderTimeout, srv.Config.ReadTimeout, srv.Config.MaxHeaderBytes = 200*time.Millisecond, 300*time.Millisecond, 8<<10
	srv.Start()
	t.Cleanup(srv.Close)
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() }) //nolint:errcheck // a test's connection
	return c
}

// TestSlowAndChunkedBodies sends bodies that do not end, lie about their length, and come in chunks.
func TestSlowAndChunkedBodies(t *testing.T) {
	const head = "POST /v1/enrich HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
	item := `{"items":["x"]}`
	for name, tt := range map[string]struct {
		send string
		want []string
	}{
		"in chunks":                {head + "Transfer-Encoding: chunked\r\n\r\n5\r\n" + item[:5] + "\r\na\r\n" + item[5:] + "\r\n0\r\n\r\n", []string{"200"}},
		"slow":                     {head + "Content-Length: 100\r\n\r\n{\"items\":[", []string{"400", "408", ""}},
		"chunks that do not end":   {head + "Transfer-Encoding: chunked\r\n\r\n5\r\n" + item[:5], []string{"400", "408", ""}},
		"chunks that are none":     {head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", []string{"400"}},
		"length and chunks":        {head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n" + item + "\r\n0\r\n\r\n", []string{"200", "400"}},
		"a negative length":        {head + "Content-Length: -1\r\n\r\n", []string{"400"}},
		"too long, in chunks":      {head + "Transfer-Encoding: chunked\r\n\r\n200000\r\n" + strings.Repeat(" ", 0x200000) + "\r\n0\r\n\r\n", []string{"413", ""}},
		"headers that do not end":  {"GET /v1/search HTTP/1.1\r\nHost: localhost\r\nX: ", []string{"408", ""}},
		"headers that are too big": {"GET /v1/search HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("a", 64<<10) + "\r\n\r\n", []string{"431", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			c := onWire(t)
			_ = c.SetDeadline(time.Now().Add(20 * time.Second)) //nolint:errcheck // the test fails below
			go io.WriteString(c, tt.send)                       //nolint:errcheck // a server may close before it has read all
			line, _ := bufio.NewReader(c).ReadString('\n')      //nolint:errcheck // closing without a word is an answer
			status := ""
			if f := strings.Fields(line); len(f) > 1 {
				status = f[1]
			}
			ok := false
			for _, w := range tt.want {
				ok = ok || status == w
			}
			if !ok {
				t.Errorf("answered %q, want one of %q", line, tt.want)
			}
		})
	}
}

// TestPathTricks asks for what is not served, in every disguise: no file, no secret and no path of this machine is in an answer.
func TestPathTricks(t *testing.T) {
	feed := &fakeFeed{}
	feed.fill()
	_, h := newServer(t, func(o *Options) { o.Feed = feed })
	for _, path := range []string{
		"/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/static/../../go.mod", "/static/..%2f..%2fgo.mod", "/static/%2e%2e/api.go", "//etc/passwd", "/v1/export/..%2f..%2fkeys.json",
		"/feeds/misp/..%2f..%2fkeys.json", "/feeds/misp/../../keys.json", "/feeds/..%2fkeys.json", "/taxii2/rapsheet/collections/..%2f..%2f/", "/v1/actors/..%2f..%2fkeys.json", "/v1/export/stix%00.json",
		"/debug/pprof/", "/.git/config", "/v1/%2e%2e/metrics", "/V1/search", "/v1/search/", "/v1//search", "/data/keys.json", "/audit.jsonl", "/\\..\\keys.json",
	} {
		r := httptest.NewRequest(http.MethodGet, "/x", http.NoBody)
		u, err := r.URL.Parse("http://localhost" + path)
		if err != nil {
			continue
		}
		r.URL, r.Host = u, "localhost"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		body := w.Body.String()
		if w.Code < 300 || w.Code >= 500 {
			t.Errorf("%s: %d %.120s", path, w.Code, body)
		}
		for _, secret := range []string{"root:", "sha256", "module github.com", "/work/", "/root/", "goroutine ", "package api"} {
			if strings.Contains(body, secret) {
				t.Errorf("%s: the answer holds %q", path, secret)
			}
		}
	}
}

// TestWrongContentTypes sends bodies of other kinds to every route that takes one.
func TestWrongContentTypes(t *testing.T) {
	_, h := newServer(t, func(o *Options) { o.Add = fakeAdd })
	for _, path := range []string{"/v1/enrich", "/v1/resolve", "/v1/decisions", "/v1/corrections", "/v1/reports"} {
		for _, ct := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", "application/json+x", "application/jsonx", ";;", "*/*"} {
			w := call(h, "POST", path, `{"items":["x"]}`, "Content-Type", ct)
			var p Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusUnsupportedMediaType || w.Header().Get("Content-Type") != "application/problem+json" || p.Detail == "" {
				t.Errorf("%s with %s: %d %s", path, ct, w.Code, w.Body)
			}
		}
	}
}

// TestManyKeysAndAddressesAreBounded sends more callers than are counted: memory is bounded.
func TestManyKeysAndAddressesAreBounded(t *testing.T) {
	var w window
	now := time.Unix(1_757_000_000, 0)
	for i := range 5 * countedMost {
		w.count(fmt.Sprint("caller-", i), now, rateWindow, countedMost)
	}
	if len(w.by) > countedMost {
		t.Errorf("%d callers are counted", len(w.by))
	}
	m := memo{}
	for i := range 2000 {
		m.keep(1, []memoed{{strconv.Itoa(i), make([]byte, 64<<10)}})
	}
	if m.size > memoMost+(1<<20) {
		t.Errorf("%d MB of answers are kept", m.size>>20)
	}
}
