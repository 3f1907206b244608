package crawler_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/crawler/crawlertest"
	"github.com/rapsheet/rapsheet/intel"
)

// poison fails every request that does not go through the crawler's own transport.
type poison struct{}

func (poison) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, errors.New("a test used the default transport for " + r.URL.String())
}

func TestMain(m *testing.M) {
	http.DefaultTransport = poison{}
	code := m.Run()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			_, _ = os.Stderr.WriteString(err.Error() + "\n")
			code = 1
		}
	}
	os.Exit(code)
}

// clock is a clock that moves only when somebody sleeps.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2025, 9, 10, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return ctx.Err()
}

// outlet is a publisher on loopback that remembers what it was asked.
type outlet struct {
	*httptest.Server
	t *testing.T

	mu    sync.Mutex
	pages map[string]http.HandlerFunc
	asked []*http.Request
}

func newOutlet(t *testing.T) *outlet {
	t.Helper()
	o := &outlet{t: t, pages: map[string]http.HandlerFunc{}}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		o.asked = append(o.asked, r)
		h := o.pages[r.URL.RequestURI()]
		o.mu.Unlock()
		if h == nil {
			http.NotFound(w, r)
			return
		}
		h(w, r)
	}))
	t.Cleanup(o.Close)
	return o
}

func (o *outlet) handle(path string, h http.HandlerFunc) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pages[path] = h
}

// page serves a body with a strong validator, so that the second request gets 304.
func (o *outlet) page(path, contentType, body string) {
	etag := fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(body)))
	o.handle(path, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", etag)
		w.Header().Set("Content-Type", contentType)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte(strings.ReplaceAll(body, "{home}", o.URL)))
	})
}

func (o *outlet) html(path, body string) { o.page(path, "text/html; charset=utf-8", body) }

// feed serves RSS with one item for each path.
func (o *outlet) feed(paths ...string) {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>T</title>`)
	for _, p := range paths {
		fmt.Fprintf(&b, "<item><title>Title of %s</title><link>{home}%s</link><pubDate>Wed, 03 Sep 2025 10:00:00 +0000</pubDate></item>", p, p)
	}
	b.WriteString("</channel></rss>")
	o.page("/feed", "application/rss+xml", b.String())
}

// count is how often a path was asked for.
func (o *outlet) count(path string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, r := range o.asked {
		if r.URL.RequestURI() == path {
			n++
		}
	}
	return n
}

func (o *outlet) host() string { return strings.TrimPrefix(o.URL, "http://") }

func (o *outlet) source(id string, d ...intel.Discovery) intel.Source {
	if len(d) == 0 {
		d = []intel.Discovery{{Type: "feed", URL: o.URL + "/feed"}}
	}
	return intel.Source{ID: id, Discover: d, NoDelay: true, Demo: true}
}

// desk takes documents, as the rest of rapsheet does.
type desk struct {
	mu   sync.Mutex
	docs []intel.Document
	held map[string][]byte
	// answer, when set, decides what becomes of a document.
	answer func(intel.Document) error
}

func (d *desk) deliver(_ context.Context, doc intel.Document) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.answer != nil {
		if err := d.answer(doc); err != nil {
			return err
		}
	}
	if d.held == nil {
		d.held = map[string][]byte{}
	}
	if old, ok := d.held[doc.FinalURL]; ok && bytes.Equal(old, doc.Body) {
		return intel.ErrUnchanged
	}
	d.held[doc.FinalURL] = doc.Body
	d.docs = append(d.docs, doc)
	return nil
}

type bench struct {
	*crawler.Crawler
	journal *crawlertest.Journal
	clock   *clock
	desk    *desk
}

func newBench(t *testing.T, change func(*crawler.Options), outlets ...*outlet) *bench {
	t.Helper()
	b := &bench{journal: &crawlertest.Journal{}, clock: newClock(), desk: &desk{}}
	o := crawler.Options{Version: "1.2", Clock: b.clock.Now, Sleep: b.clock.Sleep, Journal: b.journal, Timeout: 5 * time.Second}
	for _, out := range outlets {
		o.AllowPrivate = append(o.AllowPrivate, out.host())
	}
	if change != nil {
		change(&o)
	}
	c, err := crawler.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	b.Crawler = c
	return b
}

func (b *bench) round(t *testing.T, sources ...intel.Source) crawler.Result {
	t.Helper()
	res, err := b.Round(t.Context(), sources, intel.Date{}, b.desk.deliver)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// outcome is the last outcome written down for an address.
func (b *bench) outcome(url string) intel.Fetch {
	var last intel.Fetch
	for _, f := range b.journal.All() {
		if f.URL == url {
			last = f
		}
	}
	return last
}
