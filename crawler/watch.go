package crawler

import (
	"context"
	"fmt"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// Watch says how sources are read for as long as it takes.
type Watch struct {
	// Plan says when each is due.
	Plan *Schedule
	// Since leaves out pages known to be older.
	Since intel.Date
	// Deliver takes the pages.
	Deliver Deliver
	// Done is told what each look at a source did; nil is not told. It is called by one goroutine.
	Done func(Result)
}

// leastWait keeps a plan that is wrong from asking for what is due again and again.
const leastWait = time.Second

// Watch reads each source when it is due, until ctx ends; the error is ctx's, or that of the journal. Sources do not wait for one
// another: one that is slow is late only itself. How many answers are read at a time is bounded all the same.
func (c *Crawler) Watch(ctx context.Context, sources []intel.Source, w Watch) error {
	if err := c.recallHosts(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	results, busy := make(chan Result), map[string]bool{}
	defer func() {
		cancel()
		for range busy {
			<-results
		}
	}()
	for {
		health, err := c.opts.Journal.Health(ctx)
		if err != nil {
			return fmt.Errorf("crawler: watch: %w", err)
		}
		due, next := w.Plan.Due(idle(sources, busy), health, c.opts.Clock())
		for _, s := range due {
			busy[s.ID] = true
			go func() { results <- c.look(ctx, s, w) }()
		}
		if len(due) > 0 {
			continue
		}
		res, err := c.await(ctx, results, next)
		if err != nil {
			return err
		}
		for _, s := range res.Sources {
			delete(busy, s.SourceID)
		}
		if len(res.Sources) > 0 {
			w.Plan.Done(res, c.opts.Clock())
			if w.Done != nil {
				w.Done(res)
			}
		}
	}
}

// idle are the sources that are not being read.
func idle(sources []intel.Source, busy map[string]bool) []intel.Source {
	out := make([]intel.Source, 0, len(sources))
	for _, s := range sources {
		if !busy[s.ID] {
			out = append(out, s)
		}
	}
	return out
}

// await gives the next result, or none when the next source is due. A zero time is due never.
func (c *Crawler) await(ctx context.Context, results <-chan Result, next time.Time) (Result, error) {
	nap, cancel := context.WithCancel(ctx)
	defer cancel()
	due := make(chan error, 1)
	if !next.IsZero() {
		go func() { due <- c.opts.Sleep(nap, max(next.Sub(c.opts.Clock()), leastWait)) }()
	}
	select {
	case <-ctx.Done():
		return Result{}, ctx.Err()
	case res := <-results:
		return res, nil
	case err := <-due:
		return Result{}, err
	}
}

// look is a round of one source.
func (c *Crawler) look(ctx context.Context, s intel.Source, w Watch) Result {
	r := c.newRound(w.Since, w.Deliver)
	res := Result{Started: c.opts.Clock()}
	res.Sources = []SourceResult{r.source(ctx, s)}
	res.Ended = c.opts.Clock()
	return res
}
