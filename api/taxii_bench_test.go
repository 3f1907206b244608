package api

import (
	"context"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

// plainFeed is a feed that never changes, without the search that fakeFeed does for every change.
type plainFeed struct{ changes []intel.Change }

func (f *plainFeed) Head(context.Context) (int64, error) { return int64(len(f.changes)), nil }
func (f *plainFeed) Wait(context.Context, int64) error   { return nil }
func (f *plainFeed) Changes(_ context.Context, after int64, limit int) ([]intel.Change, error) {
	return f.changes[after:min(int(after)+limit, len(f.changes))], nil
}

func manyIncidents(n int) *plainFeed {
	f := &plainFeed{}
	one := &fakeFeed{}
	one.fill()
	f.changes = one.changes
	for i := range n {
		one.changes = nil
		one.incidentNo(i+100, false)
		for _, c := range one.changes {
			c.Seq = int64(len(f.changes) + 1)
			f.changes = append(f.changes, c)
		}
	}
	return f
}

var nextInHead = regexp.MustCompile(`"more":true,"next":"([^"]+)"`)

// BenchmarkTaxii pulls 100,000 objects by pages of 1,000. The first request builds the graph; build-s says how long.
func BenchmarkTaxii(b *testing.B) {
	feed := manyIncidents(16_700)
	f := &fake{gen: 5}
	begin := time.Now()
	h, err := New(Options{Reader: f, Saver: f, Archive: archive{f}, Clock: noon, Feed: feed})
	if err != nil {
		b.Fatal(err)
	}
	if w := call(h, http.MethodGet, "/taxii2/rapsheet/collections/", ""); w.Code != http.StatusOK {
		b.Fatalf("%d %s", w.Code, w.Body)
	}
	build := time.Since(begin).Seconds()
	pages, objects := 0, 0
	began := time.Now()
	for b.Loop() {
		next := ""
		for objects = 0; ; {
			w := call(h, http.MethodGet, taxiiRoot+"collections/all/objects/?limit=1000&next="+next, "", "Accept", taxiiMedia)
			head := w.Body.Bytes()[:min(w.Body.Len(), 1000)] // a client's own reading is not the server's time
			pages++
			objects += 1000
			m := nextInHead.FindSubmatch(head)
			if m == nil {
				break
			}
			next = string(m[1])
		}
	}
	b.ReportMetric(float64(pages)/time.Since(began).Seconds(), "pages/s")
	b.ReportMetric(float64(objects), "objects")
	b.ReportMetric(build, "build-s")
}

// BenchmarkGraph applies one change to a graph of 100,000 objects and settles.
func BenchmarkGraph(b *testing.B) {
	feed := manyIncidents(16_700)
	g := exchange.NewGraph(leavesHouse)
	for _, c := range feed.changes {
		g.Apply(c)
	}
	if err := g.Settle(); err != nil {
		b.Fatal(err)
	}
	last := feed.changes[len(feed.changes)-1]
	for b.Loop() {
		last.Seq++
		last.At = last.At.Add(time.Second)
		g.Apply(last)
		if err := g.Settle(); err != nil {
			b.Fatal(err)
		}
	}
}
