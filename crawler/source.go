package crawler

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gocolly/colly/v2"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names/address"
)

const (
	// The journal is written after flushAfter attempts or flushEvery, whichever comes first. What a kill leaves unwritten is
	// asked again, and found unchanged by the one it is delivered to.
	flushAfter = 16
	flushEvery = 5 * time.Second
	// flushGrace is the time to write what is left when the round is ended.
	flushGrace = time.Second
)

// worker reads one source in one round.
type worker struct {
	c      *Crawler
	round  *round
	source intel.Source
	col    *colly.Collector
	result SourceResult

	unwritten []intel.Fetch
	memos     []intel.Memo
	written   time.Time
}

func (r *round) source(ctx context.Context, s intel.Source) SourceResult {
	w := &worker{c: r.c, round: r, source: s, written: r.c.opts.Clock()}
	w.result = SourceResult{SourceID: s.ID, Outcomes: map[string]int{}}
	if err := w.check(); err != nil {
		w.result.Err = err
		return w.result
	}
	w.col = r.c.newCollector()
	err := r.c.recall(ctx, s.ID)
	switch {
	case err != nil:
	case r.looking != nil:
		err = w.lookBack(ctx)
	default:
		r.c.enter(s.ID)
		err = w.run(ctx)
		r.c.leave(s.ID)
	}
	// What was taken must be known next time, also when the round is ended early.
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushGrace)
	defer cancel()
	w.result.Partial = onlyCut(err)
	if ferr := w.flush(grace); ferr != nil {
		err, w.result.Partial = errors.Join(err, ferr), false
	}
	w.result.Err = err
	r.c.log.DebugContext(ctx, "source done", "source", s.ID, "found", w.result.Found, "requests", w.result.Requests)
	return w.result
}

// onlyCut reports whether an error, and each that it joins, is of a list that ended early.
func onlyCut(err error) bool {
	joined, ok := err.(interface{ Unwrap() []error }) //nolint:errorlint // each of the joined errors is looked at by itself
	if !ok {
		return errors.Is(err, errCut)
	}
	all := joined.Unwrap()
	if slices.Contains(all, errCut) {
		return true
	}
	return len(all) > 0 && !slices.ContainsFunc(all, func(e error) bool { return !onlyCut(e) })
}

// check refuses a source whose settings break the rules, before anything is asked.
func (w *worker) check() error {
	for _, d := range w.source.Discover {
		if d.Type == "file" || d.Type == "records" && strings.HasPrefix(d.URL, "file:") {
			continue
		}
		if w.source.NoDelay && !address.Loopback(d.URL) {
			return fmt.Errorf("crawler: %s: \"delay: 0s\" is allowed on loopback only; give source %s a delay, or leave it out for the default of %s: %w",
				d.URL, w.source.ID, w.c.opts.Delay, intel.ErrInvalid)
		}
		if _, err := w.c.transport.permit(d.URL); err != nil {
			return err
		}
	}
	if len(w.source.Discover) == 0 {
		return fmt.Errorf("crawler: source %s has no discover entry: %w", w.source.ID, intel.ErrInvalid)
	}
	return nil
}

// run discovers, then reads. Only what makes going on pointless ends it; everything else is joined.
func (w *worker) run(ctx context.Context) error {
	var errs []error
	var pages []candidate
	for _, d := range w.source.Discover {
		if d.Type == "file" {
			errs = append(errs, w.files(ctx, d.URL))
			continue
		}
		if d.Type == "records" {
			errs = append(errs, w.records(ctx, d))
			continue
		}
		found, err := w.discover(ctx, d)
		pages = append(pages, found...)
		if stopped(ctx) {
			return nil
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	// A list that failed must not be forgotten for one that did not: the journal's last word of a source's lists is its health.
	slices.SortStableFunc(w.unwritten, func(a, b intel.Fetch) int { return cmp.Compare(failedList(a), failedList(b)) })
	// What was listed is known from here on, even if the process is killed before it comes to the last page.
	if err := w.flush(ctx); err != nil {
		return errors.Join(append(errs, err)...)
	}
	if err := w.pages(ctx, w.queue(pages)); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// failedList orders failed attempts at lists after all others.
func failedList(f intel.Fetch) int {
	if f.Discovery && f.Outcome != OutcomeDiscovery {
		return 1
	}
	return 0
}

// queue is what to read: what is listed, within the days asked for, and what failed before and is listed no longer.
func (w *worker) queue(pages []candidate) []candidate {
	waiting := w.c.waiting(w.source.ID)
	queue := make([]candidate, 0, len(pages)+len(waiting))
	for _, p := range pages {
		key, err := address.Canonical(p.url)
		if err != nil || !p.wanted(w.round.since) {
			continue
		}
		p.tries = waiting[key].tries
		delete(waiting, key)
		queue = append(queue, p)
	}
	for _, key := range slices.Sorted(maps.Keys(waiting)) {
		queue = append(queue, waiting[key])
	}
	w.result.Found += len(queue)
	w.round.progress(0, len(queue))
	return queue
}

func (w *worker) pages(ctx context.Context, queue []candidate) error {
	for _, cand := range queue {
		if stopped(ctx) {
			return nil
		}
		if err := w.page(ctx, cand); err != nil {
			return err
		}
		w.round.progress(1, 0)
		if err := w.flushSome(ctx); err != nil {
			return err
		}
	}
	return nil
}

// page reads one page. Its error means that the journal failed; what happens to the page itself is counted and written down.
func (w *worker) page(ctx context.Context, cand candidate) error {
	key, err := address.Canonical(cand.url)
	if err != nil || !w.round.claim(key) {
		return nil
	}
	last, err := w.c.lastOf(ctx, key)
	if err != nil {
		return fmt.Errorf("crawler: journal: last of %s: %w", key, err)
	}
	at := w.c.opts.Clock()
	if !cand.due(last, at, w.c.opts.Recheck) {
		w.result.Fresh++
		return nil
	}
	ex := w.exchange(w.c.opts.MaxBody)
	ex.capture = w.c.opts.Capture && !w.source.NoEvidence
	err = w.c.visit(ctx, w.col, ex, cand.url, last)
	if err == nil && ex.status < 300 || ex.status == http.StatusNotModified {
		ex.reserved = w.c.transport.reservedAt(ctx, ex)
	}
	w.side(ex)
	if stopped(ctx) {
		w.retry(key, cand)
		return nil
	}
	if errors.Is(err, errPaused) {
		w.result.Waiting++
		w.retry(key, cand)
		return nil
	}
	fetch := fetchOf(ex, w.source.ID, key, at, w.c.opts.Clock().Sub(at))
	fetch.Published = cand.published
	if err != nil {
		fetch.Outcome, fetch.Error = outcomeOfError(err), err.Error()
	} else {
		w.judge(ctx, ex, cand, key, last.ETag+last.LastModified != "", &fetch)
	}
	if stopped(ctx) && fetch.Outcome == OutcomeFailed {
		w.retry(key, cand)
		return nil
	}
	if keepsValidators(fetch.Outcome) {
		validators(&fetch, ex.header, last)
	}
	w.count(fetch, key, cand)
	return nil
}

// judge says what an answer is, delivering it when it is a document.
func (w *worker) judge(ctx context.Context, ex *exchange, cand candidate, key string, conditional bool, fetch *intel.Fetch) {
	if ex.status == http.StatusNotModified {
		fetch.Outcome = OutcomeUnchanged
		if !conditional {
			// Believing it would lose a page that was never held.
			fetch.Outcome, fetch.Error = OutcomeHTTPError, "the server answered 304 to an unconditional request"
		} else if err := w.noteUnmodified(ex, cand); err != nil {
			fetch.Outcome, fetch.Error = OutcomeFailed, err.Error()
		}
		return
	}
	if outcome, why := refusalOf(ex); outcome != "" {
		fetch.Outcome, fetch.Error = outcome, why
		return
	}
	if final, err := address.Canonical(ex.url); err == nil && final != key && !w.round.claim(final) {
		// Redirected to a page that this round reads anyway.
		fetch.Outcome = OutcomeDuplicate
		return
	}
	land, err := w.c.transport.board(ctx)
	if err == nil {
		err = w.round.deliver(ctx, w.c.document(ex, w.source, cand))
		land()
	}
	fetch.Outcome = outcomeOfDelivery(err)
	if err != nil && fetch.Outcome != OutcomeUnchanged {
		fetch.Error = err.Error()
	}
}

// count notes an attempt at a page and whether it must be tried again.
func (w *worker) count(fetch intel.Fetch, key string, cand candidate) {
	w.result.Outcomes[fetch.Outcome]++
	w.note(fetch)
	if passing(fetch.Outcome, fetch.Status) {
		if fetch.Outcome != OutcomeNetworkError {
			// A host that is down for a week says nothing about the page.
			cand.tries++
		}
		w.retry(key, cand)
		return
	}
	w.settled(key)
}

func (w *worker) exchange(limit int64) *exchange {
	ex := &exchange{sourceID: w.source.ID, delay: w.source.Delay, noDelay: w.source.NoDelay, limit: limit}
	if w.round.looking == nil {
		// A host that breaks off rests for the whole of a live round; who looks back waits for it instead.
		ex.round = w.round
	}
	return ex
}

// side takes over what was asked on the way.
func (w *worker) side(ex *exchange) {
	for _, f := range ex.side {
		w.note(f)
	}
	ex.side = nil
}

func (w *worker) note(f intel.Fetch) {
	w.result.Requests++
	w.result.Bytes += f.Bytes
	w.unwritten = append(w.unwritten, f)
}

func (w *worker) flushSome(ctx context.Context) error {
	if len(w.unwritten) < flushAfter && w.c.opts.Clock().Sub(w.written) < flushEvery {
		return nil
	}
	return w.flush(ctx)
}

func (w *worker) flush(ctx context.Context) error {
	w.written = w.c.opts.Clock()
	if err := w.flushMemos(ctx); err != nil {
		return err
	}
	if len(w.unwritten) == 0 {
		return nil
	}
	if err := w.c.opts.Journal.Note(ctx, w.unwritten); err != nil {
		return fmt.Errorf("crawler: journal: record %d attempts: %w", len(w.unwritten), err)
	}
	w.unwritten = nil
	return nil
}
