package crawler_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/intel"
)

var since2021 = intel.Date{Year: 2021, Month: 1, Day: 1}

// library is an outlet whose robots.txt names a sitemap index of months, with a feed of the newest pages and a shop.
func library(t *testing.T, months int) *outlet {
	t.Helper()
	o := newOutlet(t)
	var index strings.Builder
	index.WriteString("<sitemapindex>")
	for m := range months {
		day := time.Date(2021, time.Month(m+1), 3, 0, 0, 0, 0, time.UTC)
		var list strings.Builder
		list.WriteString("<urlset>")
		for i := range 4 {
			path := fmt.Sprintf("/news/m%d-%d", m, i)
			o.html(path, fmt.Sprintf("<p>%s</p>", path))
			fmt.Fprintf(&list, "<url><loc>{home}%s</loc><lastmod>%s</lastmod></url>", path, day.Format(time.DateOnly))
		}
		fmt.Fprintf(&list, "<url><loc>{home}/shop/mug-%d</loc></url></urlset>", m)
		o.page(fmt.Sprintf("/map%d.xml", m), "application/xml", list.String())
		fmt.Fprintf(&index, "<sitemap><loc>{home}/map%d.xml</loc></sitemap>", m)
	}
	index.WriteString("<sitemap><loc>{home}/old.xml</loc><lastmod>2019-05-01</lastmod></sitemap></sitemapindex>")
	o.page("/index.xml", "application/xml", index.String())
	o.handle("/robots.txt", text("User-agent: *\nDisallow: /private\nSitemap: "+o.URL+"/index.xml\nSitemap: https://elsewhere.example/map.xml\n"))
	o.feed("/news/m0-0")
	return o
}

func (b *bench) backfill(t *testing.T, ctx context.Context, tell func(crawler.Backlog), s ...intel.Source) (crawler.Result, error) { //nolint:revive // t first reads better here
	t.Helper()
	return b.Backfill(ctx, s, since2021, b.desk.deliver, tell)
}

func TestBackfillReadsWhatTheSitemapsOfRobotsName(t *testing.T) {
	o := library(t, 3)
	b := remembering(t, o)
	var last crawler.Backlog
	res, err := b.backfill(t, t.Context(), func(l crawler.Backlog) { last = l }, o.source("s"))
	if err != nil || res.Err() != nil || res.Count("stored") != 12 {
		t.Errorf("%v, %v, %+v", err, res.Err(), res.Sources[0])
	}
	if diff := cmp.Diff(crawler.Backlog{Lists: 4, ListsDone: 4, Pages: 12, PagesDone: 12}, last); diff != "" || last.Total() != 12 {
		t.Error(diff)
	}
	if n := o.count("/old.xml") + o.count("/shop/mug-0"); n != 0 {
		t.Errorf("%d requests for what is too old or no article", n)
	}
	asked := len(o.asked)
	again, err := b.restart(t, o).backfill(t, t.Context(), nil, o.source("s"))
	if err != nil || again.Sources[0].Complete.IsZero() || len(o.asked) != asked {
		t.Errorf("%+v, %v, %d requests: a walk that came to its end is not begun again", again.Sources[0], err, len(o.asked)-asked)
	}
}

func TestBackfillGoesOnWhereItWasStopped(t *testing.T) {
	o := library(t, 6)
	b := remembering(t, o)
	for stops := 0; ; stops++ {
		if stops > 30 {
			t.Fatal("it never ends")
		}
		ctx, cancel := context.WithCancel(t.Context())
		left := 3
		res, err := b.Backfill(ctx, []intel.Source{o.source("s")}, since2021, func(ctx context.Context, d intel.Document) error {
			if left--; left == 0 {
				cancel()
			}
			return b.desk.deliver(ctx, d)
		}, nil)
		cancel()
		if err == nil {
			if res.Sources[0].Complete.IsZero() || stops < 5 {
				t.Errorf("%+v after %d stops", res.Sources[0], stops)
			}
			break
		}
		b = b.restart(t, o)
	}
	if len(b.desk.docs) != 24 {
		t.Errorf("%d of 24 pages", len(b.desk.docs))
	}
	for m := range 6 {
		for i := range 4 {
			if p := fmt.Sprintf("/news/m%d-%d", m, i); o.count(p) > 2 {
				t.Errorf("%s was asked for %d times", p, o.count(p))
			}
		}
	}
	if n := o.count("/map0.xml"); n > 3 {
		t.Errorf("the first sitemap was read %d times", n)
	}
}

func TestBackfillWalksAnArchiveUntilItIsTooOld(t *testing.T) {
	o := newOutlet(t)
	for p := range 10 {
		var b strings.Builder
		for i := range 2 {
			path := fmt.Sprintf("/%d/0%d/story-%d", 2024-p, 1+i, p)
			o.html(path, "<p>"+path+"</p>")
			fmt.Fprintf(&b, `<a class=item href="%s">x</a>`, path)
		}
		fmt.Fprintf(&b, `<a rel=next href="/archive?p=%d">older</a>`, p+1)
		o.html(map[bool]string{true: "/archive", false: fmt.Sprintf("/archive?p=%d", p)}[p == 0], b.String())
	}
	b := remembering(t, o)
	src := o.source("s", intel.Discovery{Type: "archive", URL: o.URL + "/archive", Links: ".item", Next: "a[rel=next]"})
	res, err := b.backfill(t, t.Context(), nil, src)
	if err != nil || res.Err() != nil || res.Count("stored") != 8 {
		t.Errorf("%v, %v, %+v: 2024 to 2021 have two stories each", err, res.Err(), res.Sources[0])
	}
	if o.count("/archive?p=5") != 1 || o.count("/archive?p=6") != 0 {
		t.Error("two pages older than asked for end the walk")
	}
}

func TestALiveRoundGoesBeforeABackfill(t *testing.T) {
	o := library(t, 4)
	b := remembering(t, o)
	src := o.source("s")
	live := make(chan struct{})
	var order []string
	for i := range 5 {
		o.html(fmt.Sprintf("/news/live-%d", i), fmt.Sprintf("<p>live %d</p>", i))
	}
	begun := false
	_, err := b.Backfill(t.Context(), []intel.Source{src}, since2021, func(ctx context.Context, d intel.Document) error {
		if !begun {
			begun = true
			o.feed("/news/live-0", "/news/live-1", "/news/live-2", "/news/live-3", "/news/live-4")
			started := make(chan struct{})
			go func() {
				defer close(live)
				first := true
				_, err := b.Round(t.Context(), []intel.Source{src}, intel.Date{}, func(ctx context.Context, d intel.Document) error {
					if first {
						first = false
						close(started)
					}
					return b.desk.deliver(ctx, d)
				})
				if err != nil {
					t.Error(err)
				}
			}()
			<-started
		}
		return b.desk.deliver(ctx, d)
	}, nil)
	<-live
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range b.desk.docs {
		order = append(order, strings.TrimPrefix(d.URL, o.URL))
	}
	if i := slices.Index(order, "/news/live-4"); i < 0 || i > 7 || len(order) != 21 {
		t.Errorf("%v: the live round waits for at most one page of the backfill", order)
	}
}

func TestBackfillLeavesAHostThatWantsPeaceAndGoesOnLater(t *testing.T) {
	o := library(t, 1)
	b := remembering(t, o)
	o.handle("/news/m0-2", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "36000")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	res, err := b.backfill(t, t.Context(), nil, o.source("s"))
	if err != nil || res.Err() == nil || !strings.Contains(res.Err().Error(), "run it again then") || o.count("/news/m0-3") != 0 {
		t.Errorf("%v, %v", err, res.Err())
	}
	o.html("/news/m0-2", "<p>now</p>")
	_ = b.clock.Sleep(t.Context(), 10*time.Hour)
	b = b.restart(t, o)
	if res, err := b.backfill(t, t.Context(), nil, o.source("s")); err != nil || res.Err() != nil || len(b.desk.docs) != 4 {
		t.Errorf("%v, %v: %d pages", err, res.Err(), len(b.desk.docs))
	}
}
