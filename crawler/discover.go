package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/andybalholm/cascadia"
	"github.com/gocolly/colly/v2"

	"github.com/rapsheet/rapsheet/crawler/feed"
	"github.com/rapsheet/rapsheet/crawler/sitemap"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names/address"
)

const (
	// maxDepth is how far sitemap indexes may nest, maxMaps how many sitemaps of one source are read in a round.
	maxDepth = 2
	maxMaps  = 500
	// defaultPages is how far an archive is paged when the source does not say.
	defaultPages = 50
	// maxCandidates bounds what one source may list in a round.
	maxCandidates = 200_000
)

// discover gives the pages that one discovery tells of. What was found before an error is given with it.
func (w *worker) discover(ctx context.Context, d intel.Discovery) ([]candidate, error) {
	switch d.Type {
	case "page":
		clean, err := address.Clean(d.URL)
		if err != nil {
			return nil, err
		}
		return []candidate{{url: clean}}, nil
	case "feed":
		l, err := w.ask(ctx, d.URL, d.Type, w.c.opts.MaxBody, nil, parseFeed)
		return l.pages, err
	case "sitemap":
		budget := maxMaps
		return w.sitemaps(ctx, d.URL, 0, &budget)
	case "listing":
		d.Next, d.MaxPages = "", 1
		return w.archive(ctx, d)
	case "archive":
		return w.archive(ctx, d)
	default:
		return nil, fmt.Errorf("crawler: discovery of type %q: use feed, sitemap, archive, listing, page, file or records: %w", d.Type, intel.ErrInvalid)
	}
}

// parser makes a list of a discovery document; note says what of it was lost. With errCut the list holds what came.
type parser func(ex *exchange, since intel.Date) (l list, note string, err error)

// ask fetches one discovery document, conditionally when what it said last is still known, and writes the attempt down.
func (w *worker) ask(ctx context.Context, url, kind string, limit int64, col *colly.Collector, parse parser) (list, error) {
	clean, err := address.Clean(url)
	if err != nil {
		return list{}, err
	}
	key := kind + "\x00" + clean
	known, held := w.c.listed(w.source.ID + "\x00" + key)
	back := w.round.looking != nil && kind != "feed"
	if back {
		// Asked once in a walk: neither conditional nor kept.
		known, held = list{}, false
	}
	ex := w.exchange(limit)
	ex.keepCut, ex.handOver = col == nil, col != nil
	if col == nil {
		col = w.col
	}
	at := w.c.opts.Clock()
	err = w.c.visit(ctx, col, ex, clean, intel.Fetch{ETag: known.etag, LastModified: known.modified})
	w.side(ex)
	if stopped(ctx) {
		return list{}, ctx.Err()
	}
	fetch := fetchOf(ex, w.source.ID, clean, at, w.c.opts.Clock().Sub(at))
	fetch.Discovery, fetch.Outcome = true, OutcomeDiscovery
	l, err := w.read(ex, known, held, err, parse, &fetch)
	if (err == nil || errors.Is(err, errCut)) && !back {
		validators(&fetch, ex.header, intel.Fetch{ETag: known.etag, LastModified: known.modified})
		l.etag, l.modified = fetch.ETag, fetch.LastModified
		w.c.keepList(w.source.ID+"\x00"+key, l, fetch.Error == "")
		if fetch.Error != "" {
			l.etag, l.modified = "", ""
		}
		w.rememberList(key, l)
	}
	w.note(fetch)
	return l, err
}

// read makes the list of an answer and fills in what the journal is told of it.
func (w *worker) read(ex *exchange, known list, held bool, err error, parse parser, fetch *intel.Fetch) (list, error) {
	if err != nil {
		fetch.Outcome, fetch.Error = outcomeOfError(err), err.Error()
		return list{}, err
	}
	if ex.status == http.StatusNotModified && held {
		return known, nil
	}
	if outcome, why := refusalOf(ex); outcome != "" {
		fetch.Outcome, fetch.Error = outcome, why
		return list{}, fmt.Errorf("crawler: %s: %w", fetch.URL, refusalError(ex, why))
	}
	l, note, err := parse(ex, w.round.since)
	if errors.Is(err, errCut) {
		fetch.Outcome, fetch.Error = outcomeOfError(err), err.Error()
		return l, err
	}
	if err != nil {
		fetch.Outcome, fetch.Error = OutcomeFailed, err.Error()
		return list{}, fmt.Errorf("crawler: %s: %w", fetch.URL, err)
	}
	fetch.Error = note
	return l, nil
}

func parseFeed(ex *exchange, _ intel.Date) (list, string, error) {
	f, err := feed.Parse(ex.body, ex.url)
	if err != nil {
		return list{}, "", err
	}
	l := list{pages: make([]candidate, 0, len(f.Items))}
	for _, it := range f.Items {
		l.pages = append(l.pages, candidate{url: it.URL, title: it.Title, language: it.Language, published: it.Published, updated: it.Updated})
	}
	note := ""
	switch {
	case ex.cut != nil, len(f.Items) >= feed.MaxItems:
		return l, "", cutError(ex.url, "feed", ex, fmt.Sprintf("its %d complete items were read", len(f.Items)))
	case f.NoAddress > 0:
		note = fmt.Sprintf("%d items of the feed name no page; %d were read", f.NoAddress, len(f.Items))
	case f.Broken > 0:
		note = fmt.Sprintf("%d items of the feed are broken; %d were read", f.Broken, len(f.Items))
	}
	return l, note, nil
}

func parseSitemap(ex *exchange, since intel.Date) (list, string, error) {
	m, err := sitemap.Parse(ex.body)
	if err != nil && len(m.Pages)+len(m.Maps) == 0 {
		return list{}, "", err
	}
	var l list
	for _, e := range m.Pages {
		url, err := address.Resolve(ex.url, e.URL)
		if err != nil {
			continue
		}
		l.pages = append(l.pages, candidate{url: url, title: e.Title, language: e.Language, published: e.Published, updated: e.Modified})
	}
	for _, e := range m.Maps {
		url, err := address.Resolve(ex.url, e.URL)
		if c := (candidate{url: url, updated: e.Modified}); err == nil && c.wanted(since) {
			l.more = append(l.more, c)
		}
	}
	if m.Cut || ex.cut != nil {
		return l, "", cutError(ex.url, "sitemap", ex, fmt.Sprintf("its %d complete addresses were read", len(l.pages)+len(l.more)))
	}
	return l, "", nil
}

// sitemaps reads a sitemap and those it names.
func (w *worker) sitemaps(ctx context.Context, url string, depth int, budget *int) ([]candidate, error) {
	if *budget--; *budget < 0 {
		return nil, fmt.Errorf("crawler: %s names more than %d sitemaps: %w", url, maxMaps, intel.ErrInvalid)
	}
	l, err := w.ask(ctx, url, "sitemap", sitemap.MaxBytes, nil, parseSitemap)
	pages := l.pages
	if err != nil && !errors.Is(err, errCut) || depth == maxDepth {
		return pages, err
	}
	failed := err
	for _, m := range l.more {
		more, err := w.sitemaps(ctx, m.url, depth+1, budget)
		if pages = append(pages, more...); len(pages) > maxCandidates {
			return pages[:maxCandidates], fmt.Errorf("crawler: %s lists more than %d pages: %w", url, maxCandidates, intel.ErrInvalid)
		}
		if stopped(ctx) {
			return pages, ctx.Err()
		}
		if err != nil && failed == nil {
			failed = err
		}
	}
	return pages, failed
}

// archive walks the pages of an archive, picking item links and the link to the next page.
func (w *worker) archive(ctx context.Context, d intel.Discovery) ([]candidate, error) {
	for _, selector := range []string{d.Links, d.Next} {
		if _, err := cascadia.ParseGroup(selector); err != nil && selector != "" {
			return nil, fmt.Errorf("crawler: %s: selector %q: %w: %w", d.URL, selector, err, intel.ErrInvalid)
		}
	}
	if d.Links == "" {
		return nil, fmt.Errorf("crawler: %s: discovery of type %s needs links, the CSS selector of its item links: %w", d.URL, d.Type, intel.ErrInvalid)
	}
	limit := d.MaxPages
	if limit <= 0 {
		limit = defaultPages
	}
	var pages []candidate
	seen := map[string]bool{}
	for url := d.URL; url != "" && len(seen) < limit && !seen[url]; {
		seen[url] = true
		l, err := w.archivePage(ctx, url, d)
		pages = append(pages, l.pages...)
		if err != nil {
			return pages, err
		}
		url = ""
		if len(l.more) > 0 {
			url = l.more[0].url
		}
	}
	return pages, nil
}

// archivePage lets colly pick the links of one page. They may lead to the source's own site only: what a page links to
// elsewhere is somebody else's report.
func (w *worker) archivePage(ctx context.Context, url string, d intel.Discovery) (list, error) {
	var l list
	taken := map[string]bool{}
	col := w.c.newCollector()
	pick := func(e *colly.HTMLElement) string {
		clean, err := address.Resolve(e.Request.URL.String(), e.Request.AbsoluteURL(e.Attr("href")))
		if err != nil || !sameSite(clean, d.URL) {
			return ""
		}
		return clean
	}
	col.OnHTML(d.Links, func(e *colly.HTMLElement) {
		if link := pick(e); link != "" && !taken[link] && len(l.pages) < maxCandidates {
			taken[link] = true
			l.pages = append(l.pages, candidate{url: link})
		}
	})
	if d.Next != "" {
		col.OnHTML(d.Next, func(e *colly.HTMLElement) {
			if link := pick(e); link != "" && len(l.more) == 0 {
				l.more = append(l.more, candidate{url: link})
			}
		})
	}
	kind := d.Type + "\x00" + d.Links + "\x00" + d.Next
	return w.ask(ctx, url, kind, w.c.opts.MaxBody, col, func(_ *exchange, _ intel.Date) (list, string, error) { return l, "", nil })
}
