package api

import (
	"context"
	"sync"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

// lockedFeed lets a feed grow while it is read.
type lockedFeed struct {
	mu sync.Mutex
	f  *fakeFeed
}

func (l *lockedFeed) Head(ctx context.Context) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.f.Head(ctx)
}

func (l *lockedFeed) Wait(context.Context, int64) error { return nil }

func (l *lockedFeed) Changes(ctx context.Context, after int64, limit int) ([]intel.Change, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.f.Changes(ctx, after, limit)
}

// TestExportsTogether asks for everything at once while the feed grows; the race detector watches.
func TestExportsTogether(t *testing.T) {
	feed := &lockedFeed{f: &fakeFeed{}}
	feed.f.fill()
	f := &fake{gen: 5}
	h, err := New(Options{Reader: f, Saver: f, Archive: archive{f}, Clock: noon, Feed: feed})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for _, target := range []string{
		taxiiRoot + "collections/all/objects/?limit=5", taxiiRoot + "collections/", "/v1/export/stix", "/v1/export/splunk?since=0", "/feeds/misp/manifest.json", "/feeds/incidents.atom",
		"/v1/enrich/umbrella?format=stix", "/v1/export/sentinel-stix",
	} {
		wg.Go(func() {
			for range 20 {
				if w := call(h, "GET", target, ""); w.Code != 200 {
					t.Errorf("%s: %d %s", target, w.Code, w.Body)
					return
				}
			}
		})
	}
	wg.Go(func() {
		for n := range 40 {
			feed.mu.Lock()
			feed.f.incidentNo(n%8, n%5 == 0)
			feed.mu.Unlock()
		}
	})
	wg.Wait()
}

func FuzzTaxiiQuery(f *testing.F) {
	feed := &fakeFeed{}
	feed.fill()
	fk := &fake{}
	h, err := New(Options{Reader: fk, Saver: fk, Archive: archive{fk}, Clock: noon, Feed: feed})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("2025-01-01T00:00:00Z", "3", "", "note")
	f.Add("", "-1", "eyJjIjoiYSJ9", "%00")
	f.Fuzz(func(t *testing.T, after, limit, next, kind string) {
		q := "?added_after=" + escaped(after) + "&limit=" + escaped(limit) + "&next=" + escaped(next) + "&match%5Btype%5D=" + escaped(kind)
		if w := call(h, "GET", taxiiRoot+"collections/all/objects/"+q, ""); w.Code != 200 && w.Code != 400 {
			t.Errorf("%s: %d %s", q, w.Code, w.Body)
		}
	})
}
