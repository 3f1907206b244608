package crawler_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/intel"
)

func zipped(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// endless writes until the client has had enough, and counts.
func endless(sent *atomic.Int64, head, again string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, head)
		chunk := []byte(strings.Repeat(again, 1+4096/len(again)))
		for {
			n, err := w.Write(chunk)
			if sent.Add(int64(n)); err != nil {
				return
			}
		}
	}
}

func TestFaultsOfOnePage(t *testing.T) {
	private, ok := newOutlet(t), newOutlet(t)
	private.html("/x", "internal")
	var sent atomic.Int64
	bomb := zipped(t, make([]byte, 8<<20))
	for _, tt := range []struct {
		name    string
		h       http.HandlerFunc
		outcome string
		says    string
	}{
		{"404", http.NotFound, "http-error", "404"},
		{"empty 204", status(http.StatusNoContent), "http-error", "204"},
		{"redirect to itself", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, "http-error", "in a circle"},
		{"redirects without end", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/bad?"+r.URL.RawQuery+"1", http.StatusFound)
		}, "http-error", "more than 5"},
		{"redirect to a private port", redirect(private.URL + "/x"), "blocked", "public addresses"},
		{"redirect to link-local", redirect("http://169.254.169.254/latest/meta-data"), "blocked", "contact"},
		{"redirect to a hidden service", redirect("http://abcdef.onion/"), "blocked", "hidden services"},
		{"redirect to a file", redirect("file:///etc/passwd"), "failed", "http"},
		{"50 MB announced", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(50<<20))
			endless(&sent, "", "x")(w, nil)
		}, "too-large", "52428800 bytes announced, at most 1048576 are read"},
		{"50 MB not announced", endless(&sent, "<html>", "x"), "too-large", "more than 1048576 bytes"},
		{"gzip bomb", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		}, "too-large", "more than"},
		{"not gzip", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte("plain"))
		}, "network-error", "gzip"},
		{"brotli", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			_, _ = w.Write([]byte("plain"))
		}, "network-error", "not asked for"},
		{"slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "network-error", "no full answer within 300ms"},
		{"stalls in the body", func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write(make([]byte, 5000))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, "network-error", "no full answer within 300ms"},
		{"shorter than announced", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5000")
			_, _ = w.Write([]byte("x"))
		}, "network-error", "EOF"},
		{"reset", func(w http.ResponseWriter, _ *http.Request) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_ = conn.(*net.TCPConn).SetLinger(0)
				_ = conn.Close()
			}
		}, "network-error", ""},
		{"304 to nothing", status(http.StatusNotModified), "http-error", "unconditional"},
		{"headers without end", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("x", 1<<20))
		}, "network-error", ""},
		{"gone for legal reasons", status(http.StatusUnavailableForLegalReasons), "blocked", "451"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := newOutlet(t)
			o.handle("/bad", tt.h)
			for q := "1"; len(q) < 9; q += "1" {
				o.handle("/bad?"+q, tt.h)
			}
			o.html("/good", "<p>good</p>")
			b := newBench(t, func(op *crawler.Options) { op.MaxBody, op.Timeout = 1<<20, 300*time.Millisecond }, o, ok)
			sent.Store(0)
			res := b.round(t, o.source("s", intel.Discovery{Type: "page", URL: o.URL + "/bad"}, intel.Discovery{Type: "page", URL: o.URL + "/good"}))
			f := b.outcome(o.URL + "/bad")
			if f.Outcome != tt.outcome || !strings.Contains(f.Error, tt.says) {
				t.Errorf("%s: %s, want %s: …%s…", f.Outcome, f.Error, tt.outcome, tt.says)
			}
			if len(b.desk.docs) != 1 || res.Count("stored") != 1 {
				t.Errorf("%d documents, want the good page only", len(b.desk.docs))
			}
			if n := sent.Load(); n > 12<<20 {
				t.Errorf("%d bytes were sent: the page was read whole", n)
			}
		})
	}
	if private.count("/x")+private.count("/robots.txt") != 0 {
		t.Error("a private server was asked")
	}
}

func TestEndlessFeedGivesWhatWasComplete(t *testing.T) {
	for name, stall := range map[string]bool{"flood": false, "stall": true} {
		t.Run(name, func(t *testing.T) {
			o := newOutlet(t)
			o.html("/a", "<p>a</p>")
			var sent atomic.Int64
			head := `<rss><channel><title>T</title><item><title>A</title><link>` + o.URL + `/a</link></item>`
			o.handle("/feed", func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("ETag", `"x"`)
				if stall {
					_, _ = io.WriteString(w, head+"<item><tit")
					_ = http.NewResponseController(w).Flush()
					<-r.Context().Done()
					return
				}
				endless(&sent, head, "<item><title>no link</title></item>")(w, r)
			})
			well := newOutlet(t)
			well.feed("/w")
			well.html("/w", "<p>well</p>")
			var res crawler.Result
			b := newBench(t, func(op *crawler.Options) { op.MaxBody, op.Timeout = 1<<20, time.Second }, o, well)
			for range 2 {
				res = b.round(t, o.source("s"), well.source("well"))
			}
			cut, outcome := res.Sources[0], map[bool]string{false: "too-large", true: "network-error"}[stall]
			if cut.Err == nil || !cut.Partial || !strings.Contains(res.Err().Error(), "source s: crawler: "+o.URL+"/feed: the feed was cut off after") {
				t.Errorf("partial %v: %v: the result must name source and address", cut.Partial, cut.Err)
			}
			if res.Sources[1].Err != nil || res.Sources[1].Found != 1 {
				t.Errorf("%+v: the other source must go on", res.Sources[1])
			}
			if len(b.desk.docs) != 2 || sent.Load() > 24<<20 {
				t.Errorf("%d documents, %d bytes sent", len(b.desk.docs), sent.Load())
			}
			if f := b.outcome(o.URL + "/feed"); f.Outcome != outcome || !f.Discovery || !strings.Contains(f.Error, "cut off") || f.Status != http.StatusOK {
				t.Errorf("%+v: a feed that was cut must say so and be read anew", f)
			}
		})
	}
}

func TestGzipPagesAreHandedOverDecoded(t *testing.T) {
	o := newOutlet(t)
	o.handle("/a", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip" {
			t.Errorf("asked for %q", r.Header.Get("Accept-Encoding"))
		}
		w.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(zipped(t, []byte("<p>caf\xe9")))
	})
	b := newBench(t, nil, o)
	b.round(t, o.source("s", intel.Discovery{Type: "page", URL: o.URL + "/a"}))
	if len(b.desk.docs) != 1 || string(b.desk.docs[0].Body) != "<p>caf\xe9" {
		t.Errorf("%v: the charset must be left as received", b.desk.docs)
	}
}

func TestGet(t *testing.T) {
	o := newOutlet(t)
	o.html("/a", "<p>a</p>")
	o.handle("/no", status(http.StatusForbidden))
	b := newBench(t, nil, o)
	doc, err := b.Get(t.Context(), o.URL+"/a?utm_source=mail#x")
	if err != nil || doc.URL != o.URL+"/a" || string(doc.Body) != "<p>a</p>" || doc.Retrieved != b.clock.Now() {
		t.Errorf("%+v, %v", doc, err)
	}
	for path, want := range map[string]error{"/none": intel.ErrNotFound, "/no": intel.ErrBlocked} {
		if _, err := b.Get(t.Context(), o.URL+path); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", path, err, want)
		}
		if b.outcome(o.URL+path).Outcome == "" {
			t.Errorf("%s: the attempt is not in the journal", path)
		}
	}
	for _, bad := range []string{"", "a", "ftp://x/", "javascript:alert(1)"} {
		if _, err := b.Get(t.Context(), bad); !errors.Is(err, intel.ErrInvalid) {
			t.Errorf("Get(%q): %v", bad, err)
		}
	}
}

func TestManyRoundsLeaveNoGoroutinesBehind(t *testing.T) {
	o := newOutlet(t)
	o.feed("/a", "/b", "/none", "/loop")
	o.html("/a", "a")
	o.html("/b", "bb")
	o.handle("/loop", redirect("/loop"))
	b := newBench(t, nil, o)
	b.round(t, o.source("s"))
	b.Close()
	before := runtime.NumGoroutine()
	for range 50 {
		b.round(t, o.source("s"))
	}
	b.Close()
	if after := settled(before); after > before+4 {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}

func redirect(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}
