package crawler_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/intel"
)

func TestTheSecondRoundSeesChangesAnd304s(t *testing.T) {
	o := newOutlet(t)
	o.feed("/a", "/b")
	o.html("/a", "<p>no evidence that data was taken</p>")
	o.html("/b", "<p>b</p>")
	b := newBench(t, nil, o)
	first := b.round(t, o.source("s"))
	if diff := cmp.Diff(map[string]int{"stored": 2}, first.Sources[0].Outcomes); diff != "" || first.Err() != nil {
		t.Fatal(diff, first.Err())
	}
	doc := b.desk.docs[0]
	doc.Body = nil
	want := intel.Document{
		URL: o.URL + "/a", FinalURL: o.URL + "/a", SourceID: "s", ContentType: "text/html; charset=utf-8", Retrieved: b.clock.Now(),
		FeedTitle: "Title of /a", FeedPublished: intel.Instant(time.Date(2025, 9, 3, 10, 0, 0, 0, time.UTC)), TLP: "CLEAR", Demo: true,
	}
	if diff := cmp.Diff(want, doc, cmp.AllowUnexported(intel.Moment{})); diff != "" {
		t.Error(diff)
	}
	// The feed stays as it is (304), the page changes.
	o.html("/a", "<p>some data was affected, the company says now</p>")
	second := b.round(t, o.source("s"))
	if diff := cmp.Diff(map[string]int{"stored": 1, "unchanged": 1}, second.Sources[0].Outcomes); diff != "" {
		t.Error(diff)
	}
	if f := b.outcome(o.URL + "/feed"); f.Status != http.StatusNotModified || f.Outcome != "discovery" {
		t.Errorf("feed: %+v, want 304", f)
	}
	if f := b.outcome(o.URL + "/b"); f.Status != http.StatusNotModified || f.ETag == "" {
		t.Errorf("/b: %+v, want 304 with its validator kept", f)
	}
	if n := o.count("/robots.txt"); n != 1 {
		t.Errorf("robots.txt was asked for %d times in a day, want once", n)
	}
	// A crawler that was started anew has the journal only: it must list the pages again.
	c, err := crawler.New(crawler.Options{Clock: b.clock.Now, Sleep: b.clock.Sleep, Journal: b.journal, AllowPrivate: []string{o.host()}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	third, err := c.Round(t.Context(), []intel.Source{o.source("s")}, intel.Date{}, b.desk.deliver)
	if err != nil || third.Count("unchanged") != 2 {
		t.Errorf("after a restart: %v, %v", third.Sources[0].Outcomes, err)
	}
}

func TestTheUserAgentIsHonest(t *testing.T) {
	t.Setenv("COLLY_USER_AGENT", "Mozilla/5.0")
	t.Setenv("COLLY_IGNORE_ROBOTSTXT", "yes")
	t.Setenv("COLLY_MAX_BODY_SIZE", "3")
	o := newOutlet(t)
	o.feed("/a")
	o.html("/a", "<p>a</p>")
	b := newBench(t, func(op *crawler.Options) { op.Contact = "crawl@rapsheet.example" }, o)
	b.round(t, o.source("s"))
	for _, r := range o.asked {
		if got := r.UserAgent(); got != "rapsheet/1.2 (+crawl@rapsheet.example)" {
			t.Errorf("%s was asked for as %q", r.URL, got)
		}
	}
	if len(b.desk.docs) != 1 || string(b.desk.docs[0].Body) != "<p>a</p>" {
		t.Errorf("documents: %v", b.desk.docs)
	}
}

func TestDeliveryDecidesTheOutcome(t *testing.T) {
	o := newOutlet(t)
	answers := map[string]error{
		"/stored": nil, "/not": fmt.Errorf("geo-block: %w", intel.ErrNotReport), "/same": intel.ErrUnchanged, "/purged": intel.ErrPurged,
		"/broken": errors.New("disk full"),
	}
	var paths []string
	for p := range answers {
		paths = append(paths, p)
		o.html(p, "<p>"+p+"</p>")
	}
	o.feed(paths...)
	b := newBench(t, nil, o)
	b.desk.answer = func(d intel.Document) error { return answers[strings.TrimPrefix(d.URL, o.URL)] }
	res := b.round(t, o.source("s"))
	if diff := cmp.Diff(map[string]int{"stored": 1, "not-report": 1, "unchanged": 1, "purged": 1, "failed": 1}, res.Sources[0].Outcomes); diff != "" {
		t.Error(diff)
	}
	if f := b.outcome(o.URL + "/broken"); f.Error != "disk full" || f.ETag != "" {
		t.Errorf("%+v: what was not taken must be asked for again unconditionally", f)
	}
	answers["/broken"] = nil
	b.round(t, o.source("s"))
	if f := b.outcome(o.URL + "/broken"); f.Outcome != "stored" {
		t.Errorf("%+v: the second round must deliver it again", f)
	}
}

func TestOneFailingSourceLeavesTheOthersAlone(t *testing.T) {
	good, bad := newOutlet(t), newOutlet(t)
	good.feed("/a", "/b")
	good.html("/a", "a")
	good.html("/b", "bb")
	bad.handle("/feed", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) })
	b := newBench(t, nil, good, bad)
	res := b.round(t, bad.source("bad"), good.source("good"), intel.Source{ID: "empty"},
		good.source("odd", intel.Discovery{Type: "telepathy", URL: good.URL}), good.source("gone", intel.Discovery{Type: "feed", URL: good.URL + "/none"}))
	for _, s := range res.Sources {
		if failed := s.Err != nil; failed == (s.SourceID == "good") {
			t.Errorf("source %s: %v", s.SourceID, s.Err)
		}
	}
	if res.Count("stored") != 2 {
		t.Errorf("%d pages stored, want 2", res.Count("stored"))
	}
	for _, want := range []string{"500", "telepathy", "404 Not Found", "no discover entry"} {
		if !strings.Contains(res.Err().Error(), want) {
			t.Errorf("the error does not say %q: %v", want, res.Err())
		}
	}
}

func TestDiscovery(t *testing.T) {
	o := newOutlet(t)
	for _, p := range []string{"/1", "/2", "/3", "/4", "/5?b=2&a=1"} {
		o.html(p, "<p>"+p+strings.Repeat(".", len(p))+"</p>")
	}
	o.page("/map.xml", "application/xml", `<sitemapindex><sitemap><loc>{home}/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap><sitemap><loc>/new.xml</loc></sitemap></sitemapindex>`)
	o.page("/new.xml", "application/xml", `<urlset><url><loc>{home}/1</loc><lastmod>2025-09-01</lastmod></url><url><loc>{home}/2</loc><lastmod>2019-01-01</lastmod></url><url><loc>{home}/3</loc></url></urlset>`)
	o.html("/archive", `<base href="/"><div class=item><a href="1">1</a> <a href="https://elsewhere.example/x">x</a></div><a class=nav href="/4">4</a><a rel=next href="archive?p=2">n</a>`)
	o.html("/archive?p=2", `<div class=item><a href="/2#top">2</a><a href="/2?utm_source=x">2</a></div><a rel=next href="/archive">again</a>`)
	o.html("/list", `<div class=item><a href="/5?b=2&amp;a=1">5</a></div>`)
	archive := intel.Discovery{Type: "archive", URL: o.URL + "/archive", Links: ".item a", Next: "a[rel=next]"}
	for _, tt := range []struct {
		name  string
		d     intel.Discovery
		since string
		want  []string
	}{
		{"sitemap index", intel.Discovery{Type: "sitemap", URL: o.URL + "/map.xml"}, "2025-01-01", []string{"/1", "/3"}},
		{"archive with paging", archive, "", []string{"/1", "/2"}},
		{"archive of one page", intel.Discovery{Type: "archive", URL: o.URL + "/archive", Links: ".item a", Next: "a[rel=next]", MaxPages: 1}, "", []string{"/1"}},
		{"listing", intel.Discovery{Type: "listing", URL: o.URL + "/list", Links: ".item a"}, "", []string{"/5?b=2&a=1"}},
		{"page", intel.Discovery{Type: "page", URL: o.URL + "/4"}, "", []string{"/4"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t, nil, o)
			since, err := intel.ParseDate(tt.since)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				// The second time every list is a 304 and must still name its pages.
				asked := map[string]bool{}
				if _, err := b.Round(t.Context(), []intel.Source{o.source("s", tt.d)}, since, b.desk.deliver); err != nil {
					t.Fatal(err)
				}
				for _, f := range b.journal.All() {
					if !f.Discovery && f.Outcome != "discovery" {
						asked[f.URL] = true
					}
				}
				if len(asked) != len(tt.want) {
					t.Errorf("read %v, want %v", asked, tt.want)
				}
			}
			var got []string
			for _, d := range b.desk.docs {
				got = append(got, strings.TrimPrefix(d.URL, o.URL))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("bad selector", func(t *testing.T) {
		b := newBench(t, nil, o)
		bad := archive
		bad.Next = "a[["
		if err := b.round(t, o.source("s", bad)).Err(); !errors.Is(err, intel.ErrInvalid) || !strings.Contains(err.Error(), `"a[["`) {
			t.Errorf("error %v must name the selector", err)
		}
	})
}

func TestSinceAndRecheck(t *testing.T) {
	o := newOutlet(t)
	o.feed("/a")
	o.html("/a", "<p>a</p>")
	b := newBench(t, func(op *crawler.Options) { op.Recheck = 6 * time.Hour }, o)
	res, err := b.Round(t.Context(), []intel.Source{o.source("s")}, intel.Date{Year: 2025, Month: 9, Day: 4}, b.desk.deliver)
	if err != nil || res.Sources[0].Found != 0 {
		t.Errorf("%+v, %v: the page is older than asked for", res, err)
	}
	b.round(t, o.source("s"))
	if res := b.round(t, o.source("s")); res.Sources[0].Fresh != 1 || o.count("/a") != 1 {
		t.Errorf("%+v: a page read a moment ago must be left alone", res.Sources[0])
	}
	_ = b.clock.Sleep(t.Context(), 7*time.Hour)
	if res := b.round(t, o.source("s")); res.Count("unchanged") != 1 {
		t.Errorf("%+v: after Recheck it must be asked for again", res.Sources[0])
	}
}

func TestAPageIsAskedForOnceInARound(t *testing.T) {
	o := newOutlet(t)
	o.feed("/a", "/a?utm_source=rss", "/a#comments", "/moved")
	o.html("/a", "<p>a</p>")
	o.handle("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/a", http.StatusMovedPermanently) })
	b := newBench(t, nil, o)
	res := b.round(t, o.source("s"), o.source("again"))
	if res.Count("stored") != 1 || res.Count("duplicate") != 1 || len(b.desk.docs) != 1 {
		t.Errorf("stored %d, duplicate %d, delivered %d, want one each", res.Count("stored"), res.Count("duplicate"), len(b.desk.docs))
	}
}

func TestEveryItemIsStoredExactlyOnceThoughFeedsShrinkAndPagesFail(t *testing.T) {
	for seed := range uint64(8) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		o := newOutlet(t)
		b := newBench(t, nil, o)
		const items = 40
		for i := range items {
			body := fmt.Sprintf("<p>page %d%s</p>", i, strings.Repeat("!", i))
			failures := rnd.IntN(3)
			o.handle(fmt.Sprintf("/p%d", i), func(w http.ResponseWriter, r *http.Request) {
				if failures > 0 {
					failures--
					http.Error(w, "busy", http.StatusBadGateway)
					return
				}
				_, _ = w.Write([]byte(body))
			})
		}
		for start := 0; start < items+30; start += 5 {
			// A window of the newest ten, in any order: an item is listed in two rounds at most.
			var paths []string
			for i := max(0, start-5); i < min(start+5, items); i++ {
				paths = append(paths, fmt.Sprintf("/p%d", i))
			}
			rnd.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
			o.feed(paths...)
			b.round(t, o.source("s"))
			_ = b.clock.Sleep(t.Context(), time.Hour)
		}
		if len(b.desk.docs) != items {
			t.Errorf("seed %d: %d of %d items stored", seed, len(b.desk.docs), items)
		}
	}
}

func TestCancellingEndsARoundAtOnceAndTheNextGoesOn(t *testing.T) {
	o := newOutlet(t)
	o.feed("/a", "/hangs", "/b")
	o.html("/a", "a")
	o.html("/b", "bb")
	hanging := make(chan struct{}, 8)
	var patient atomic.Bool
	o.handle("/hangs", func(w http.ResponseWriter, r *http.Request) {
		if patient.Load() {
			_, _ = w.Write([]byte("at last"))
			return
		}
		hanging <- struct{}{}
		<-r.Context().Done()
	})
	b := newBench(t, nil, o)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-hanging; cancel() }()
	began := time.Now()
	res, err := b.Round(ctx, []intel.Source{o.source("s")}, intel.Date{}, b.desk.deliver)
	if took := time.Since(began); !errors.Is(err, context.Canceled) || took > time.Second {
		t.Errorf("ended after %s with %v", took, err)
	}
	if res.Count("stored") != 1 || b.outcome(o.URL+"/a").Outcome != "stored" {
		t.Error("what was taken before must be written down")
	}
	if f := b.outcome(o.URL + "/hangs"); f.URL != "" {
		t.Errorf("%+v: an attempt that we broke off ourselves says nothing", f)
	}
	patient.Store(true)
	if res := b.round(t, o.source("s")); res.Count("stored") != 2 || res.Count("unchanged") != 1 {
		t.Errorf("next round: %v", res.Sources[0].Outcomes)
	}
}

func TestAFailingJournalStopsTheSourceWithItsError(t *testing.T) {
	o := newOutlet(t)
	o.feed("/a")
	o.html("/a", "a")
	b := newBench(t, nil, o)
	b.journal.Fail = errors.New("disk full")
	if err := b.round(t, o.source("s")).Err(); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("error %v must say that the disk is full", err)
	}
}

func TestProgressCountsUp(t *testing.T) {
	o := newOutlet(t)
	o.feed("/a", "/b", "/c")
	var done, queued int
	b := newBench(t, func(op *crawler.Options) { op.Progress = func(d, q int) { done, queued = d, q } }, o)
	b.round(t, o.source("s"))
	if done != 3 || queued != 3 {
		t.Errorf("%d of %d", done, queued)
	}
}

func TestFiles(t *testing.T) {
	old := time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC)
	files := fstest.MapFS{
		"in/a.txt":     {Data: []byte("text"), ModTime: old},
		"in/sub/b.pdf": {Data: []byte("%PDF-1.7"), ModTime: old},
		"in/.hidden":   {Data: []byte("x"), ModTime: old},
		"in/big.html":  {Data: make([]byte, 2000), ModTime: old},
	}
	b := newBench(t, func(op *crawler.Options) { op.Files, op.MaxBody = files, 1000 })
	src := intel.Source{ID: "folder", Discover: []intel.Discovery{{Type: "file", URL: "in"}}}
	if diff := cmp.Diff(map[string]int{"stored": 2, "too-large": 1}, b.round(t, src).Sources[0].Outcomes); diff != "" {
		t.Error(diff)
	}
	if d := b.desk.docs[1]; d.URL != "file:in/sub/b.pdf" || d.ContentType != "application/pdf" {
		t.Errorf("%+v", d)
	}
	files["in/a.txt"] = &fstest.MapFile{Data: []byte("text, edited"), ModTime: old.Add(time.Hour)}
	if diff := cmp.Diff(map[string]int{"stored": 1, "unchanged": 1, "too-large": 1}, b.round(t, src).Sources[0].Outcomes); diff != "" {
		t.Error(diff)
	}
}
