package crawler

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rapsheet/rapsheet/intel"
)

// Deliver takes a document. Its error says what became of it: nil is stored, ErrUnchanged, ErrNotReport and ErrPurged are
// answers, anything else is a failure and the document comes again. It is called by several goroutines at a time, one a source.
type Deliver = func(ctx context.Context, doc intel.Document) error

// Result is what a round did.
type Result struct {
	Started time.Time
	Ended   time.Time
	// Sources are in the order they were given.
	Sources []SourceResult
}

// SourceResult is what a round did at one source.
type SourceResult struct {
	SourceID string
	// Found counts the pages that the source told of, within the days asked for.
	Found int
	// Outcomes counts attempts at pages by outcome; discovery documents are not among them.
	Outcomes map[string]int
	// Requests counts attempts, discovery and robots.txt included, and Bytes what they brought over the wire.
	Requests int
	Bytes    int64
	// Waiting counts pages that were not asked for because their host is paused, Fresh those read a short time ago.
	Waiting int
	Fresh   int
	// Complete is when a source was walked back to its end; only Backfill sets it.
	Complete time.Time
	// Err joins what kept the source, or part of it, from being read. Partial says that it could be read all the same: only lists
	// that end early or never are in it.
	Err     error
	Partial bool
}

// Err joins the errors of all sources; nil when every source could be read.
func (r Result) Err() error {
	var errs []error
	for _, s := range r.Sources {
		if s.Err != nil {
			errs = append(errs, fmt.Errorf("source %s: %w", s.SourceID, s.Err))
		}
	}
	return errors.Join(errs...)
}

// Count adds up an outcome over all sources.
func (r Result) Count(outcome string) int {
	n := 0
	for _, s := range r.Sources {
		n += s.Outcomes[outcome]
	}
	return n
}

// round is what the sources of one round share.
type round struct {
	c       *Crawler
	since   intel.Date
	deliver Deliver

	mu      sync.Mutex
	claimed map[string]bool
	resting map[string]string
	done    int
	queued  int
	// looking is set where the round looks back.
	looking *looking
}

func (c *Crawler) newRound(since intel.Date, deliver Deliver) *round {
	return &round{c: c, since: since, deliver: deliver, claimed: map[string]bool{}, resting: map[string]string{}}
}

// Round reads every source once, several at a time, each in sequence, and delivers the pages that are new or changed. A source
// that fails never stops the others: its error is in the Result. The error returned is ctx's, when it ended the round early;
// the Result then says what was done, and the next round goes on from the journal.
func (c *Crawler) Round(ctx context.Context, sources []intel.Source, since intel.Date, deliver func(context.Context, intel.Document) error) (Result, error) {
	r := c.newRound(since, deliver)
	res := Result{Started: c.opts.Clock(), Sources: make([]SourceResult, len(sources))}
	if err := c.recallHosts(ctx); err != nil {
		return res, err
	}
	var g errgroup.Group
	g.SetLimit(c.opts.Parallel)
	for i, s := range sources {
		g.Go(func() error {
			res.Sources[i] = r.source(ctx, s)
			return nil
		})
	}
	err := g.Wait()
	res.Ended = c.opts.Clock()
	c.log.InfoContext(ctx, "round done", "sources", len(sources), "stored", res.Count(OutcomeStored), "unchanged", res.Count(OutcomeUnchanged),
		"took", res.Ended.Sub(res.Started))
	if stopped(ctx) {
		return res, fmt.Errorf("crawler: round: %w", ctx.Err())
	}
	return res, err
}

// claim takes a page for one source; a page is asked for once in a round.
func (r *round) claim(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.claimed[key] {
		return false
	}
	r.claimed[key] = true
	return true
}

func (r *round) pause(authority, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.resting[authority] = why
}

func (r *round) paused(authority string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.resting[authority]
}

// progress adds to the counts and tells them on. The lock keeps the calls in order.
func (r *round) progress(done, queued int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done, r.queued = r.done+done, r.queued+queued
	if r.c.opts.Progress != nil {
		r.c.opts.Progress(r.done, r.queued)
	}
}
