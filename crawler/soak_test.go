package crawler_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/crawler/crawlertest"
	"github.com/rapsheet/rapsheet/crawler/evidence"
	"github.com/rapsheet/rapsheet/intel"
)

// lastOnly is a journal that keeps the latest line of each page, so that a long soak measures the crawler and not its journal.
type lastOnly struct {
	crawlertest.Journal
	mu   sync.Mutex
	last map[string]intel.Fetch
}

func (j *lastOnly) Note(ctx context.Context, fetches []intel.Fetch) error {
	for _, f := range fetches {
		one := &crawlertest.Journal{}
		if err := one.Note(ctx, []intel.Fetch{f}); err != nil {
			return err
		}
		if _, err := one.Last(ctx, f.URL); err == nil {
			j.mu.Lock()
			j.last[f.URL] = f
			j.mu.Unlock()
		}
	}
	return nil
}

func (j *lastOnly) Last(_ context.Context, url string) (intel.Fetch, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if f, ok := j.last[url]; ok {
		return f, nil
	}
	return intel.Fetch{}, intel.ErrNotFound
}

// paper is a publisher of the soak: each round it has one more story, and its feed lists the newest.
type paper struct {
	*outlet
	pages   int
	out     atomic.Int64
	trouble atomic.Int64
	// again counts whole answers for a page that had been taken before, forbidden requests for what robots.txt disallows.
	again, forbidden atomic.Int64
	// taken are the pages that were delivered: an answer that the crawler gave up waiting for is none of them.
	taken *sync.Map
}

func newPaper(t *testing.T, pages int, taken *sync.Map) *paper {
	t.Helper()
	p := &paper{outlet: newOutlet(t), pages: pages, taken: taken}
	p.Config.Handler = http.HandlerFunc(p.serve)
	return p
}

func (p *paper) serve(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/robots.txt":
		_, _ = io.WriteString(w, "User-agent: *\nDisallow: /forbidden\n")
	case strings.HasPrefix(r.URL.Path, "/forbidden"):
		p.forbidden.Add(1)
	case r.URL.Path == "/feed":
		p.feed(w)
	default:
		p.story(w, r)
	}
}

func (p *paper) feed(w http.ResponseWriter) {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>T</title><item><link>` + p.URL + `/forbidden/1</link></item>`)
	newest := min(int(p.out.Load()), p.pages)
	for i := max(0, newest-20); i < newest; i++ {
		fmt.Fprintf(&b, "<item><title>%d</title><link>%s/s%d</link></item>", i, p.URL, i)
	}
	_, _ = io.WriteString(w, b.String()+"</channel></rss>")
}

func (p *paper) story(w http.ResponseWriter, r *http.Request) {
	if p.trouble.Add(1)%17 == 0 {
		http.Error(w, "busy", http.StatusBadGateway)
		return
	}
	w.Header().Set("ETag", `"1"`)
	if r.Header.Get("If-None-Match") == `"1"` {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if _, ok := p.taken.Load(p.URL + r.URL.Path); ok {
		p.again.Add(1)
	}
	_, _ = io.WriteString(w, "<p>"+r.URL.Path+strings.Repeat(" a sentence of a story", 200)+"</p>")
}

// bad are publishers of the fault server: each breaks in its own way, in its feed and in its pages.
func bad(t *testing.T) map[string]http.HandlerFunc {
	t.Helper()
	bomb := zipped(t, make([]byte, 4<<20))
	var sent atomic.Int64
	return map[string]http.HandlerFunc{
		"storm": status(http.StatusServiceUnavailable),
		"loop":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) },
		"bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		},
		"stall": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"truncated": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99999")
			_, _ = io.WriteString(w, "<rss>")
		},
		"endless":  endless(&sent, "<rss><channel>", "<item><title>no link</title></item>"),
		"internal": redirect("http://127.0.0.1:1/"),
		"reset": func(w http.ResponseWriter, _ *http.Request) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_ = conn.Close()
			}
		},
	}
}

// soakSize is small in every test run; RAPSHEET_SOAK=30m (make soak) is 200 sources of 100 pages for that long.
func soakSize(t *testing.T) (sources, pages int, long, patience time.Duration) {
	t.Helper()
	s := os.Getenv("RAPSHEET_SOAK")
	if s == "" {
		return 6, 8, 0, 200 * time.Millisecond
	}
	long, err := time.ParseDuration(s)
	if err != nil {
		t.Fatalf("RAPSHEET_SOAK: %v", err)
	}
	return 200, 100, long, 5 * time.Second
}

func TestSoak(t *testing.T) {
	count, pages, long, patience := soakSize(t)
	var delivered sync.Map
	papers := make([]*paper, count)
	var sources []intel.Source
	var outlets []*outlet
	for i := range papers {
		papers[i] = newPaper(t, pages, &delivered)
		outlets = append(outlets, papers[i].outlet)
		sources = append(sources, papers[i].source(fmt.Sprintf("paper%03d", i)))
	}
	for name, h := range bad(t) {
		o := newOutlet(t)
		o.handle("/feed", h)
		o.handle("/page", h)
		outlets = append(outlets, o)
		sources = append(sources, o.source(name, intel.Discovery{Type: "feed", URL: o.URL + "/feed"}, intel.Discovery{Type: "page", URL: o.URL + "/page"}))
	}
	journal := &lastOnly{last: map[string]intel.Fetch{}}
	clk := newClock()
	kept, err := evidence.Open(evidence.Options{Dir: t.TempDir(), Clock: clk.Now})
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, func(o *crawler.Options) {
		o.Journal, o.Memory, o.Clock, o.Sleep, o.MaxBody, o.Timeout = journal, journal, clk.Now, clk.Sleep, 256<<10, patience
		o.Capture, o.Unmodified = true, kept.NotModified
	}, outlets...)
	deliver := func(_ context.Context, d intel.Document) error {
		n, _ := delivered.LoadOrStore(d.URL, new(atomic.Int64))
		n.(*atomic.Int64).Add(1)
		return kept.Keep(d, intel.ReportID(d.URL))
	}
	began, rounds, baseline := time.Now(), 0, 0
	var memory, highest uint64
	for ; rounds < pages+5 || time.Since(began) < long; rounds++ {
		for _, p := range papers {
			p.out.Add(1)
		}
		if _, err := b.Round(t.Context(), sources, intel.Date{}, deliver); err != nil {
			t.Fatal(err)
		}
		_ = clk.Sleep(t.Context(), time.Hour)
		memory = heap()
		highest = max(highest, memory)
		if rounds == 3 {
			b.Close()
			baseline = runtime.NumGoroutine()
		}
	}
	b.Close()
	if err := kept.Close(); err != nil {
		t.Error(err)
	}
	time.Sleep(100 * time.Millisecond) // connections close in goroutines of their own
	t.Logf("%d sources of %d pages, %d rounds in %s; heap at the end %d MB, at most %d MB; goroutines %d then, %d now",
		count, pages, rounds, time.Since(began).Round(time.Second), memory>>20, highest>>20, baseline, runtime.NumGoroutine())
	for _, p := range papers {
		for i := range pages {
			if n, ok := delivered.Load(fmt.Sprintf("%s/s%d", p.URL, i)); !ok || n.(*atomic.Int64).Load() != 1 {
				t.Errorf("%s/s%d was not delivered exactly once", p.URL, i)
			}
		}
		if p.forbidden.Load()+p.again.Load() > 0 {
			t.Errorf("%s: %d requests for what is disallowed, %d whole answers for what did not change", p.URL, p.forbidden.Load(), p.again.Load())
		}
	}
	if highest > 300<<20 {
		t.Errorf("the heap came to %d MB", highest>>20)
	}
	if now := runtime.NumGoroutine(); now > baseline+count {
		t.Errorf("%d goroutines, %d after the third round", now, baseline)
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
