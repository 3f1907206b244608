package crawler_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/intel"
)

// restart makes a new crawler that has only what the old one wrote down.
func (b *bench) restart(t *testing.T, outlets ...*outlet) *bench {
	t.Helper()
	return newBench(t, func(o *crawler.Options) { b.rejoin(o) }, outlets...).share(b)
}

func (b *bench) rejoin(o *crawler.Options) {
	o.Clock, o.Sleep, o.Journal, o.Memory = b.clock.Now, b.clock.Sleep, b.journal, b.journal
}

func (b *bench) share(with *bench) *bench {
	b.clock, b.journal, b.desk = with.clock, with.journal, with.desk
	return b
}

func remembering(t *testing.T, outlets ...*outlet) *bench {
	t.Helper()
	return newBench(t, nil, outlets...).restart(t, outlets...)
}

func TestARestartForgetsNoRetryAndNoList(t *testing.T) {
	o := newOutlet(t)
	o.feed("/a", "/b")
	o.html("/a", "<p>a</p>")
	o.handle("/b", status(http.StatusBadGateway))
	b := remembering(t, o)
	b.round(t, o.source("s"))
	o.html("/b", "<p>b</p>")
	b = b.restart(t, o)
	res := b.round(t, o.source("s"))
	if f := b.outcome(o.URL + "/feed"); f.Status != http.StatusNotModified {
		t.Errorf("%+v: the list is known, so the feed is asked for conditionally", f)
	}
	if res.Count("stored") != 1 || res.Count("unchanged") != 1 {
		t.Errorf("%v: the list must still name both pages", res.Sources[0].Outcomes)
	}
	// The page fails, falls out of the feed, and the process is started anew.
	o.handle("/c", status(http.StatusBadGateway))
	o.feed("/c")
	b.round(t, o.source("s"))
	o.feed("/a")
	o.html("/c", "<p>c, at last</p>")
	b = b.restart(t, o)
	b.round(t, o.source("s"))
	if f := b.outcome(o.URL + "/c"); f.Outcome != "stored" || f.Published.String() != "2025-09-03T10:00:00Z" {
		t.Errorf("%+v: a page that failed is tried again after a restart, with what its feed said", f)
	}
	if d := b.desk.docs[len(b.desk.docs)-1]; d.FeedTitle != "Title of /c" {
		t.Errorf("%+v", d)
	}
}

func TestAKillAfterTheListLosesNoPage(t *testing.T) {
	o := newOutlet(t)
	o.feed("/a", "/b")
	b := remembering(t, o)
	b.round(t, o.source("s"))
	// As if the process had been killed before it came to the pages: the list is known, the pages are not.
	lists := &bench{journal: newBench(t, nil).journal, clock: b.clock, desk: &desk{}}
	memos, err := b.journal.Memos(t.Context(), "s")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range memos {
		if m.Kind == "list" {
			if err := lists.journal.Remember(t.Context(), []intel.Memo{m}); err != nil {
				t.Fatal(err)
			}
		}
	}
	o.feed("/c")
	for _, p := range []string{"/a", "/b", "/c"} {
		o.html(p, "<p>"+p+"</p>")
	}
	if res := lists.restart(t, o).round(t, o.source("s")); res.Count("stored") != 3 {
		t.Errorf("%v: what was listed before the kill must be read, though it is listed no longer", res.Sources[0].Outcomes)
	}
}

func TestAPauseOutlivesARestart(t *testing.T) {
	o := newOutlet(t)
	o.handle("/a", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	src := o.source("s", intel.Discovery{Type: "page", URL: o.URL + "/a"})
	b := remembering(t, o)
	b.round(t, src)
	b = b.restart(t, o)
	if res := b.round(t, src); res.Sources[0].Waiting != 1 || o.count("/a") != 1 {
		t.Errorf("%+v: asked %d times, the host wanted two hours of peace", res.Sources[0], o.count("/a"))
	}
	o.html("/a", "<p>a</p>")
	_ = b.clock.Sleep(t.Context(), 2*time.Hour)
	b = b.restart(t, o)
	if res := b.round(t, src); res.Count("stored") != 1 {
		t.Errorf("%+v", res.Sources[0])
	}
	if memos, err := b.journal.Memos(t.Context(), ""); err != nil || len(memos) != 0 {
		t.Errorf("%v, %v: a pause that is over is forgotten", memos, err)
	}
}

func TestWhatIsSettledRestsLikeWhatWasTaken(t *testing.T) {
	o := newOutlet(t)
	o.feed("/purged", "/gone", "/plain")
	o.handle("/purged", text("<p>purged</p>"))
	o.handle("/plain", text("<p>without validators</p>"))
	b := newBench(t, func(op *crawler.Options) { op.Recheck = 6 * time.Hour }, o)
	b.desk.answer = func(d intel.Document) error {
		if d.URL == o.URL+"/purged" {
			return intel.ErrPurged
		}
		return nil
	}
	for range 7 {
		b.round(t, o.source("s"))
		_ = b.clock.Sleep(t.Context(), time.Hour)
	}
	for _, p := range []string{"/purged", "/gone", "/plain"} {
		if n := o.count(p); n != 2 {
			t.Errorf("%s was asked for %d times in seven hourly rounds, want twice", p, n)
		}
	}
}
