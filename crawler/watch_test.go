package crawler_test

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/intel"
)

// TestASlowSourceDelaysNoOther: while one source does not answer, the others are read again and again; it is never read twice at a
// time.
func TestASlowSourceDelaysNoOther(t *testing.T) {
	slow, fast := newOutlet(t), newOutlet(t)
	release, asked := make(chan struct{}), atomic.Int64{}
	slow.handle("/feed", func(_ http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	fast.feed("/a")
	fast.html("/a", "<p>a</p>")
	b := newBench(t, func(o *crawler.Options) { o.Parallel, o.Timeout = 2, time.Minute }, slow, fast)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	looks := map[string]int{}
	err := b.Watch(ctx, []intel.Source{slow.source("slow"), fast.source("fast")}, crawler.Watch{
		Plan: &crawler.Schedule{Every: time.Hour, Random: middle}, Deliver: b.desk.deliver,
		Done: func(res crawler.Result) {
			id := res.Sources[0].SourceID
			switch looks[id]++; {
			case id == "slow":
				cancel()
			case looks[id] == 3:
				if n := asked.Load(); n > 1 {
					t.Errorf("the slow source was asked %d times at a time", n)
				}
				close(release)
			}
		},
	})
	if !errors.Is(err, context.Canceled) || looks["fast"] < 3 || looks["slow"] != 1 || len(b.desk.docs) != 1 {
		t.Errorf("%v: looks %v, %d documents", err, looks, len(b.desk.docs))
	}
}

// TestWatchEndsWithItsContext: what runs is finished before Watch returns.
func TestWatchEndsWithItsContext(t *testing.T) {
	o := newOutlet(t)
	ctx, cancel := context.WithCancel(t.Context())
	o.handle("/feed", func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	b := newBench(t, nil, o)
	err := b.Watch(ctx, []intel.Source{o.source("s")}, crawler.Watch{Plan: &crawler.Schedule{Every: time.Hour, Random: middle}, Deliver: b.desk.deliver})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if err := b.Watch(ctx, nil, crawler.Watch{Plan: &crawler.Schedule{Every: time.Hour, Random: middle}, Deliver: b.desk.deliver}); !errors.Is(err, context.Canceled) {
		t.Errorf("no sources: %v", err)
	}
}
