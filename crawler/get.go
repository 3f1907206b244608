package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names/address"
)

// Get fetches one page with all manners, for adding by hand; it is never conditional. Failures are written to the journal, a
// success is not: what becomes of it is the caller's to say. It returns ErrInvalid for what is no web address, ErrBlocked when
// rapsheet or the publisher forbids it, ErrNotFound when the page is gone.
func (c *Crawler) Get(ctx context.Context, url string) (intel.Document, error) {
	clean, err := address.Clean(url)
	if err != nil {
		return intel.Document{}, fmt.Errorf("crawler: get: %w", err)
	}
	ex := &exchange{limit: c.opts.MaxBody, capture: c.opts.Capture}
	at := c.opts.Clock()
	err = c.visit(ctx, c.newCollector(), ex, clean, intel.Fetch{})
	if stopped(ctx) {
		return intel.Document{}, ctx.Err()
	}
	fetch := fetchOf(ex, "", clean, at, c.opts.Clock().Sub(at))
	if err != nil {
		fetch.Outcome, fetch.Error = outcomeOfError(err), err.Error()
	} else if outcome, why := refusalOf(ex); outcome != "" {
		fetch.Outcome, fetch.Error = outcome, why
		err = refusalError(ex, why)
	}
	if err == nil {
		ex.reserved = c.transport.reservedAt(ctx, ex)
	}
	fetches := ex.side
	if err != nil {
		fetches = append(fetches, fetch)
	}
	if len(fetches) > 0 {
		if jerr := c.opts.Journal.Note(ctx, fetches); jerr != nil {
			return intel.Document{}, fmt.Errorf("crawler: journal %s: %w", clean, jerr)
		}
	}
	if err != nil {
		return intel.Document{}, fmt.Errorf("crawler: get %s: %w", clean, err)
	}
	return c.document(ex, intel.Source{}, candidate{url: clean}), nil
}

// refusalError gives an answer that is no document the sentinel that callers look for.
func refusalError(ex *exchange, why string) error {
	switch {
	case ex.challenge != "", ex.status == http.StatusForbidden, ex.status == http.StatusUnauthorized, ex.status == http.StatusPaymentRequired,
		ex.status == http.StatusTooManyRequests, ex.status == http.StatusUnavailableForLegalReasons:
		return fmt.Errorf("%s: %w", why, intel.ErrBlocked)
	case ex.status == http.StatusNotFound, ex.status == http.StatusGone:
		return fmt.Errorf("%s: %w", why, intel.ErrNotFound)
	default:
		return errors.New(why)
	}
}

// document makes what is handed over of an answer.
func (c *Crawler) document(ex *exchange, s intel.Source, cand candidate) intel.Document {
	final, err := address.Clean(ex.url)
	if err != nil {
		final = ex.url
	}
	return intel.Document{
		URL: cand.url, FinalURL: final, SourceID: s.ID,
		ContentType: ex.header.Get("Content-Type"), Body: ex.body, Retrieved: c.opts.Clock(),
		FeedTitle: cand.title, FeedPublished: cand.published, FeedLanguage: cand.language,
		TLP: intel.TLPClear, RightsReserved: ex.reserved, Demo: s.Demo, Received: ex.received,
	}
}
