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

// soak is a run: publishers, how many stories each has and for how long at least it goes on.
type soak struct {
	papers    []*paper
	pages     int
	long      time.Duration
	patience  time.Duration
	delivered sync.Map
	sources   []intel.Source
	outlets   []*outlet
}

// newSoak is small in every test run and with a RAPSHEET_SOAK of less than five minutes, which CI uses; RAPSHEET_SOAK=30m
// (make soak) is 200 sources of 100 pages for that long. Beside them are those that break.
func newSoak(t *testing.T) *soak {
	t.Helper()
	count, s := 6, &soak{pages: 8, patience: 200 * time.Millisecond}
	if v := os.Getenv("RAPSHEET_SOAK"); v != "" {
		long, err := time.ParseDuration(v)
		if err != nil {
			t.Fatalf("RAPSHEET_SOAK: %v", err)
		}
		if count, s.pages, s.long = 30, 15, long; long >= 5*time.Minute {
			count, s.pages, s.patience = 200, 100, 2*time.Second
		}
	}
	for i := range count {
		p := newPaper(t, s.pages, &s.delivered)
		s.papers = append(s.papers, p)
		s.outlets = append(s.outlets, p.outlet)
		s.sources = append(s.sources, p.source(fmt.Sprintf("paper%03d", i)))
	}
	for name, h := range bad(t) {
		o := newOutlet(t)
		o.handle("/feed", h)
		o.handle("/page", h)
		s.outlets = append(s.outlets, o)
		s.sources = append(s.sources, o.source(name, intel.Discovery{Type: "feed", URL: o.URL + "/feed"}, intel.Discovery{Type: "page", URL: o.URL + "/page"}))
	}
	return s
}

// deliver counts how often each page comes.
func (s *soak) deliver(d intel.Document) {
	n, _ := s.delivered.LoadOrStore(d.URL, new(atomic.Int64))
	n.(*atomic.Int64).Add(1)
}

// missing lists stories that did not come exactly once.
func (s *soak) missing() []string {
	var out []string
	for _, p := range s.papers {
		for i := range s.pages {
			url := fmt.Sprintf("%s/s%d", p.URL, i)
			if n, ok := s.delivered.Load(url); !ok || n.(*atomic.Int64).Load() != 1 {
				out = append(out, url)
			}
		}
	}
	return out
}

// spare is how many more rounds a loaded machine gets for pages that it was too slow for.
const spare = 60

func TestSoak(t *testing.T) {
	s := newSoak(t)
	journal := &lastOnly{last: map[string]intel.Fetch{}}
	clk := newClock()
	kept, err := evidence.Open(evidence.Options{Dir: t.TempDir(), Clock: clk.Now})
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t, func(o *crawler.Options) {
		o.Journal, o.Memory, o.Clock, o.Sleep, o.MaxBody, o.Timeout = journal, journal, clk.Now, clk.Sleep, 256<<10, s.patience
		o.Capture, o.Unmodified = true, kept.NotModified
	}, s.outlets...)
	deliver := func(_ context.Context, d intel.Document) error {
		s.deliver(d)
		return kept.Keep(d, intel.ReportID(d.URL))
	}
	baseline, began := runtime.NumGoroutine(), time.Now()
	var full, highest uint64 // live memory once all pages are known, and the most that was in use
	rounds, last := 0, 0
	for ; last == 0 || rounds < last+spare && len(s.missing()) > 0; rounds++ {
		for _, p := range s.papers {
			p.out.Add(1)
		}
		if _, err := b.Round(t.Context(), s.sources, intel.Date{}, deliver); err != nil {
			t.Fatal(err)
		}
		_ = clk.Sleep(t.Context(), time.Hour)
		highest = max(highest, inUse())
		if rounds == s.pages+5 {
			full = live()
		}
		if last == 0 && rounds >= s.pages+5 && time.Since(began) >= s.long {
			last = rounds
		}
	}
	b.Close()
	if err := kept.Close(); err != nil {
		t.Error(err)
	}
	end, now := live(), settled(baseline)
	t.Logf("%d sources of %d pages and %d that break, %d rounds in %s; live memory %d MB when all was read, %d MB at the end; at most %d MB in use; goroutines %d before, %d after",
		len(s.papers), s.pages, len(s.sources)-len(s.papers), rounds, time.Since(began).Round(time.Second), full>>20, end>>20, highest>>20, baseline, now)
	if missing := s.missing(); len(missing) > 0 {
		t.Errorf("%d pages were not delivered exactly once, %s among them", len(missing), missing[0])
	}
	for _, p := range s.papers {
		if p.forbidden.Load()+p.again.Load() > 0 {
			t.Errorf("%s: %d requests for what is disallowed, %d whole answers for what did not change", p.URL, p.forbidden.Load(), p.again.Load())
		}
	}
	if highest > 300<<20 || end > full+32<<20 {
		t.Errorf("memory came to %d MB, and from %d MB to %d MB: it must stay flat", highest>>20, full>>20, end>>20)
	}
	if now > baseline+2 {
		t.Errorf("%d goroutines, %d before", now, baseline)
	}
}

// settled waits until no more than base goroutines are left: connections close in goroutines of their own, on a loaded machine not at
// once. It gives how many there are at last.
func settled(base int) int {
	for range 600 {
		if runtime.NumGoroutine() <= base {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	return runtime.NumGoroutine()
}

func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

func live() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
