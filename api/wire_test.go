package api

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCodingsHaveTheirOwnTags asks for one answer in every coding and revalidates each.
func TestCodingsHaveTheirOwnTags(t *testing.T) {
	_, h := newServer(t)
	tags := map[string]string{}
	for _, coding := range []string{"", "gzip", "zstd"} {
		w := call(h, "GET", "/v1/incidents", "", "Accept-Encoding", coding)
		tag := w.Header().Get("ETag")
		if w.Header().Get("Content-Encoding") != coding || !strings.HasPrefix(tag, `"`) {
			t.Errorf("asked for %q, got %q with ETag %s", coding, w.Header().Get("Content-Encoding"), tag)
		}
		if !strings.Contains(w.Header().Get("Vary"), "Accept-Encoding") {
			t.Errorf("%q: a cache is not told that the coding varies", coding)
		}
		if other := tags[tag]; other != "" {
			t.Errorf("%q and %s share one strong tag (RFC 9110, 8.8.3)", coding, other)
		}
		tags[tag] = "coding " + coding
		for _, held := range []string{tag, "W/" + tag, `"other", ` + tag} {
			again := call(h, "GET", "/v1/incidents", "", "Accept-Encoding", coding, "If-None-Match", held)
			if again.Code != http.StatusNotModified || again.Body.Len() != 0 || again.Header().Get("ETag") != tag {
				t.Errorf("%q holding %s: %d, %d bytes, ETag %s", coding, held, again.Code, again.Body.Len(), again.Header().Get("ETag"))
			}
		}
	}
}

func TestPackedAnswersUnpackToTheSame(t *testing.T) {
	_, h := newServer(t)
	plain := call(h, "GET", "/v1/incidents", "")
	r, err := gzip.NewReader(call(h, "GET", "/v1/incidents", "", "Accept-Encoding", "gzip").Body)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(b, plain.Body.Bytes()) {
		t.Errorf("%v: %d bytes unpacked, %d plain", err, len(b), plain.Body.Len())
	}
}

func TestAnotherVersionOfTheProgramHasOtherTags(t *testing.T) {
	_, old := newServer(t)
	_, other := newServer(t, func(o *Options) { o.Version = "later" })
	tag := call(old, "GET", "/v1/incidents", "").Header().Get("ETag")
	if w := call(other, "GET", "/v1/incidents", "", "If-None-Match", tag); w.Code != http.StatusOK {
		t.Errorf("%d: an upgrade answers 304 for what the program before it wrote", w.Code)
	}
}

// TestNamesArriveAsTheyWereMeant sends names that look like escapes.
func TestNamesArriveAsTheyWereMeant(t *testing.T) {
	_, h := newServer(t)
	got, want := map[string]string{}, map[string]string{
		"100%25": "100%", "%2541": "%41", "a%2Fb%2541": "a/b%41", "https%3A%2F%2Fa.example%2F%3Fq%3D1": "https://a.example/?q=1", "..%2f..%2fetc": "../../etc",
		"a+b": "a+b", "%C3%84rger": "Ärger", "%3Cscript%3E": "<script>",
	}
	for sent := range want {
		w := call(h, "GET", "/v1/enrich/"+sent, "")
		var a enrichAnswer
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || len(a.Results) != 1 {
			t.Fatalf("%s: %d %s", sent, w.Code, w.Body)
		}
		got[sent] = a.Results[0].Value
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestInventedMethodsMakeNoSeries(t *testing.T) {
	_, h := newServer(t)
	for _, m := range []string{"HACKA", "HACKB", "HACKC"} {
		if w := call(h, m, "/v1/search", ""); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", m, w.Code)
		}
	}
	if body := call(h, "GET", "/metrics", "").Body.String(); strings.Contains(body, "HACK") || !strings.Contains(body, `method="other"`) {
		t.Error("a caller's invention became a series")
	}
}

func TestHostNames(t *testing.T) {
	_, h := newServer(t)
	for host, want := range map[string]int{
		"localhost": 200, "LocalHost:8080": 200, "127.0.0.1:9": 200, "[::1]:8080": 200, "rapsheet.invalid": 200,
		"localhost.attacker.example": 421, "127.0.0.1.nip.io": 421, "10.0.0.1:8080": 421, "": 421, "0.0.0.0": 421,
	} {
		r := httptest.NewRequest("GET", "/v1/sources", nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("Host %q: %d, want %d", host, w.Code, want)
		}
	}
}

// TestHeadIsGetWithoutBody holds every reading route to RFC 9110, section 9.3.2.
func TestHeadIsGetWithoutBody(t *testing.T) {
	_, h := newServer(t)
	for _, p := range append(pages(), "/v1/incidents", "/v1/actors/umbrella", "/v1/actors/two", "/healthz", "/openapi.json") {
		get, head := call(h, "GET", p, ""), call(h, "HEAD", p, "")
		if head.Code != get.Code || head.Body.Len() != 0 || head.Header().Get("Content-Type") != get.Header().Get("Content-Type") {
			t.Errorf("%s: HEAD %d with %d bytes, GET %d", p, head.Code, head.Body.Len(), get.Code)
		}
	}
}

func TestMediaType(t *testing.T) {
	_, h := newServer(t)
	for ct, want := range map[string]int{"application/json; charset=utf-8": 200, "text/plain": 415, "application/x-www-form-urlencoded": 415, "": 415} {
		r := httptest.NewRequest("POST", "/v1/enrich", strings.NewReader(`{"items":[{"value":"x"}]}`))
		r.Host = "localhost"
		r.Header.Set("Content-Type", ct)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%q: %d, want %d: %s", ct, w.Code, want, w.Body)
		}
	}
}
