package crawler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rapsheet/rapsheet/crawler/sitemap"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names/address"
)

const (
	// backParallel is how many sources look back at a time: the live round keeps its own places.
	backParallel = 4
	// backPages is how far an archive is walked back when the source does not say.
	backPages = 5000
	// backEnd is how many archive pages in a row must be older than asked for until the walk ends.
	backEnd = 2
	// backWait is the longest pause of a host that is waited for; what takes longer goes on another time.
	backWait = time.Hour
	// backWaits is how many pauses in a row are waited for with no page read between them.
	backWaits = 6
	// backHolds is how long a source that was walked to its end is not walked again.
	backHolds = 30 * 24 * time.Hour
	// backDone is the key under which the end of a walk is remembered.
	backDone = "done"
)

// Backlog is how far looking back has come.
type Backlog struct {
	// Lists are sitemaps and archive pages known so far, Pages what those that were read list within the days asked for.
	Lists, ListsDone int
	Pages, PagesDone int
}

// Total estimates how many pages there are: lists not read yet count as many as those read.
func (b Backlog) Total() int {
	if b.ListsDone == 0 {
		return b.Pages
	}
	return b.Pages + b.Pages*(b.Lists-b.ListsDone)/b.ListsDone
}

// looking is what the sources of one Backfill share.
type looking struct {
	mu   sync.Mutex
	at   Backlog
	tell func(Backlog)
}

func (l *looking) add(d Backlog) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at.Lists += d.Lists
	l.at.ListsDone += d.ListsDone
	l.at.Pages += d.Pages
	l.at.PagesDone += d.PagesDone
	if l.tell != nil {
		l.tell(l.at)
	}
}

// Backfill looks back to a day: it walks the sitemaps of each source, those that its robots.txt names and its archives, and
// delivers the pages that were never read. It may run beside live rounds of the same Crawler, which go first: a source is left
// alone while a live round reads it. Ended early, it goes on where it was when called again, in another process too. tell is
// told how far it is; nil is not told.
func (c *Crawler) Backfill(ctx context.Context, sources []intel.Source, since intel.Date, deliver Deliver, tell func(Backlog)) (Result, error) {
	if since.IsZero() {
		return Result{}, fmt.Errorf("crawler: backfill: say since when: %w", intel.ErrInvalid)
	}
	if err := c.recallHosts(ctx); err != nil {
		return Result{}, err
	}
	r := c.newRound(since, deliver)
	r.looking = &looking{tell: tell}
	res := Result{Started: c.opts.Clock(), Sources: make([]SourceResult, len(sources))}
	var g errgroup.Group
	g.SetLimit(backParallel)
	for i, s := range sources {
		g.Go(func() error {
			res.Sources[i] = r.source(ctx, s)
			return nil
		})
	}
	err := g.Wait()
	res.Ended = c.opts.Clock()
	if stopped(ctx) {
		return res, fmt.Errorf("crawler: backfill: %w", ctx.Err())
	}
	return res, err
}

// walk is one source looking back.
type walk struct {
	*worker
	// cursors are the lists that were read, and for archives where to go on.
	cursors map[string]string
	// shapes are those of the pages that the source's feeds list; strict has only such pages read.
	shapes map[string]bool
	strict bool
	// waits counts pauses in a row with no page read between them, good the pages read before.
	waits, good int
}

func (w *worker) lookBack(ctx context.Context) error {
	b := &walk{worker: w, cursors: map[string]string{}}
	if err := b.recallCursors(ctx); err != nil {
		return err
	}
	if at, err := time.Parse(time.RFC3339, b.cursors[backDone]); err == nil && w.c.opts.Clock().Sub(at) < backHolds {
		w.result.Complete = at
		return nil
	}
	lists, named, err := b.plan(ctx)
	var errs []error
	if err != nil {
		errs = append(errs, err)
	}
	for i, d := range append(lists, named...) {
		if stopped(ctx) {
			return nil
		}
		b.strict = i >= len(lists) && len(b.shapes) > 0
		if d.Type == "archive" {
			errs = append(errs, b.archive(ctx, d))
			continue
		}
		w.round.looking.add(Backlog{Lists: 1})
		errs = append(errs, b.sitemap(ctx, candidate{url: d.URL}, 0))
	}
	if len(lists)+len(named) == 0 && err == nil {
		errs = append(errs, fmt.Errorf("crawler: source %s has no sitemap and no archive, and its robots.txt names none: only what its feed lists can be read: %w", w.source.ID, intel.ErrNotFound))
	}
	if err := errors.Join(errs...); err != nil || stopped(ctx) {
		return err
	}
	return b.finish(ctx)
}

// finish forgets the cursors and remembers the end.
func (b *walk) finish(ctx context.Context) error {
	now := b.c.opts.Clock().UTC()
	b.result.Complete = now
	for key := range b.cursors {
		b.memo(memoBackfill, b.round.since.String()+" "+key, nil)
	}
	b.memo(memoBackfill, b.round.since.String()+" "+backDone, encodeMemo(now.Format(time.RFC3339)))
	return b.flush(ctx)
}

func (b *walk) recallCursors(ctx context.Context) error {
	if b.c.opts.Memory == nil {
		return nil
	}
	memos, err := b.c.opts.Memory.Memos(ctx, b.source.ID)
	if err != nil {
		return fmt.Errorf("crawler: recall source %s: %w", b.source.ID, err)
	}
	for _, m := range memos {
		since, key, _ := strings.Cut(m.Key, " ")
		var value string
		if m.Kind == memoBackfill && since == b.round.since.String() && json.Unmarshal(m.Value, &value) == nil {
			b.cursors[key] = value
		}
	}
	return nil
}

// mark remembers how far a list was read, after the pages it told of.
func (b *walk) mark(ctx context.Context, key, value string) error {
	b.cursors[key] = value
	b.memo(memoBackfill, b.round.since.String()+" "+key, encodeMemo(value))
	return b.flush(ctx)
}

// plan gives the lists that the source names, and sitemaps that its robots.txt names. Of the latter only pages that look like
// those of the source's own lists are read: a publisher's sitemap lists its shop and its forum too.
func (b *walk) plan(ctx context.Context) (lists, named []intel.Discovery, err error) {
	b.shapes = map[string]bool{}
	known := map[string]bool{}
	for _, d := range b.source.Discover {
		if d.Type == "sitemap" || d.Type == "archive" {
			lists = append(lists, d)
			known[d.URL] = true
		}
	}
	for _, d := range b.source.Discover {
		if d.Type != "feed" {
			continue
		}
		l, ferr := b.ask(ctx, d.URL, d.Type, b.c.opts.MaxBody, nil, parseFeed)
		if err = errors.Join(err, ferr); stopped(ctx) {
			return nil, nil, nil
		}
		for _, p := range l.pages {
			b.shapes[shape(p.url)] = true
		}
		for _, url := range append(b.namedSitemaps(ctx, d.URL), b.namedSitemaps(ctx, b.source.Home)...) {
			if !known[url] {
				known[url] = true
				named = append(named, intel.Discovery{Type: "sitemap", URL: url})
			}
		}
	}
	return lists, named, err
}

// namedSitemaps are the sitemaps of the source's own site that robots.txt names.
func (b *walk) namedSitemaps(ctx context.Context, url string) []string {
	addr, err := address.Parse(url)
	if err != nil {
		return nil
	}
	ex := b.exchange(0)
	rules, err := b.c.transport.rules.get(ctx, b.c.transport, addr.Authority(), ex)
	b.side(ex)
	if err != nil {
		return nil
	}
	var out []string
	for _, s := range rules.Sitemaps {
		if clean, err := address.Resolve(url, s); err == nil && sameSite(clean, url) {
			out = append(out, clean)
		}
	}
	return out
}

// sitemap reads one sitemap and those it names, newest days first where it says them.
func (b *walk) sitemap(ctx context.Context, s candidate, depth int) error {
	defer b.round.looking.add(Backlog{ListsDone: 1})
	if b.cursors[s.url] != "" {
		return nil
	}
	if err := b.patient(ctx, s.url); err != nil || stopped(ctx) {
		return err
	}
	l, err := b.ask(ctx, s.url, "sitemap", sitemap.MaxBytes, nil, parseSitemap)
	if stopped(ctx) {
		return nil
	}
	var errs []error
	if err != nil {
		errs = append(errs, err)
	}
	if depth < maxDepth {
		l.more = l.more[:min(len(l.more), maxMaps)]
		b.round.looking.add(Backlog{Lists: len(l.more)})
		for _, m := range l.more {
			errs = append(errs, b.sitemap(ctx, m, depth+1))
		}
	}
	errs = append(errs, b.read(ctx, l.pages))
	if err := errors.Join(errs...); err != nil || stopped(ctx) {
		return err
	}
	return b.mark(ctx, s.url, "read")
}

// archive walks an archive page by page. It goes on one page before where it ended: newer pages push older ones further back,
// never forward, but a page that was taken down pulls them.
func (b *walk) archive(ctx context.Context, d intel.Discovery) error {
	limit := d.MaxPages
	if limit <= 0 {
		limit = backPages
	}
	previous, url := "", d.URL
	if at := b.cursors[d.URL]; at != "" {
		url = at
	}
	older, seen := 0, map[string]bool{}
	for url != "" && len(seen) < limit && !seen[url] && older < backEnd {
		seen[url] = true
		b.round.looking.add(Backlog{Lists: 1})
		if err := b.patient(ctx, url); err != nil || stopped(ctx) {
			return err
		}
		l, err := b.archivePage(ctx, url, d)
		if err != nil || stopped(ctx) {
			return err
		}
		if older++; b.any(l.pages) || len(l.pages) == 0 {
			older = 0
		}
		if err := b.read(ctx, l.pages); err != nil || stopped(ctx) {
			return err
		}
		b.round.looking.add(Backlog{ListsDone: 1})
		if previous != "" {
			if err := b.mark(ctx, d.URL, previous); err != nil {
				return err
			}
		}
		previous, url = url, ""
		if len(l.more) > 0 {
			url = l.more[0].url
		}
	}
	return nil
}

// any reports whether any page may be of the days asked for.
func (b *walk) any(pages []candidate) bool {
	for _, p := range pages {
		if dated(p).wanted(b.round.since) {
			return true
		}
	}
	return false
}

// read reads the pages of one list that were never read.
func (b *walk) read(ctx context.Context, pages []candidate) error {
	var queue []candidate
	for _, p := range pages {
		p = dated(p)
		if p.wanted(b.round.since) && (!b.strict || b.shapes[shape(p.url)]) {
			queue = append(queue, p)
		}
	}
	b.result.Found += len(queue)
	b.round.looking.add(Backlog{Pages: len(queue)})
	for i, p := range queue {
		if err := b.readOne(ctx, p); err != nil || stopped(ctx) {
			b.round.looking.add(Backlog{PagesDone: i - len(queue)})
			return err
		}
		b.round.looking.add(Backlog{PagesDone: 1})
	}
	return b.flush(ctx)
}

func (b *walk) readOne(ctx context.Context, p candidate) error {
	if key, err := address.Canonical(p.url); err == nil {
		last, err := b.c.lastOf(ctx, key)
		if err != nil {
			return fmt.Errorf("crawler: journal: last of %s: %w", key, err)
		}
		if !last.At.IsZero() {
			b.result.Fresh++
			return nil
		}
	}
	if err := b.patient(ctx, p.url); err != nil || stopped(ctx) {
		return err
	}
	if err := b.page(ctx, p); err != nil {
		return err
	}
	return b.flushSome(ctx)
}

// patient waits while a live round reads the source, and for a host that asked for a short pause. A long pause is an error: the
// walk goes on from here another time.
func (b *walk) patient(ctx context.Context, url string) error {
	b.c.yield(ctx, b.source.ID)
	addr, err := address.Parse(url)
	if err != nil {
		return nil //nolint:nilerr // what is no address is said where it is asked for
	}
	until, why := b.c.transport.hosts.get(addr.Authority()).resting(b.c.opts.Clock())
	if why == "" {
		return nil
	}
	good := b.result.Outcomes[OutcomeStored] + b.result.Outcomes[OutcomeUnchanged] + b.result.Outcomes[OutcomeNotReport]
	if good > b.good {
		b.good, b.waits = good, 0
	}
	b.waits++
	wait := until.Sub(b.c.opts.Clock())
	if wait > backWait || b.waits > backWaits {
		return fmt.Errorf("crawler: %s: %s until %s; run it again then: %w", addr.Authority(), why, until.UTC().Format(time.RFC3339), errPaused)
	}
	return b.c.opts.Sleep(ctx, wait)
}
