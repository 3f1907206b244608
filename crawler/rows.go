package crawler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/rapsheet/rapsheet/crawler/feed"
	"github.com/rapsheet/rapsheet/crawler/records"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names/address"
)

// rowList is a list of records as it was read.
type rowList struct {
	d intel.Discovery
	// url is the list's address, local says that it is a file.
	url      string
	local    bool
	reserved bool
	// broken counts rows that stand for no report, unsettled those that must come again, purged those that must not.
	broken, unsettled, purged int
	// digests are of the rows met, by address.
	digests map[string]string
	// held are the addresses of rows whose reports rest on this list.
	held []string
}

// records reads a list of records and delivers the rows that are new or changed. Its validators are kept only when every row was
// taken, so that none is lost behind a 304.
func (w *worker) records(ctx context.Context, d intel.Discovery) error {
	if d.Row == nil {
		return fmt.Errorf("crawler: %s: records need a row mapping: %w", d.URL, intel.ErrInvalid)
	}
	if strings.HasPrefix(d.URL, "file:") {
		return w.localRecords(ctx, d)
	}
	clean, err := address.Clean(d.URL)
	if err != nil {
		return err
	}
	last, err := w.c.lastOf(ctx, clean)
	if err != nil {
		return fmt.Errorf("crawler: journal: last of %s: %w", clean, err)
	}
	ex, at := w.exchange(w.c.opts.MaxBody), w.c.opts.Clock()
	ex.capture = w.c.opts.Capture && !w.source.NoEvidence
	err = w.c.visit(ctx, w.col, ex, clean, last)
	if err == nil && ex.status < 300 || ex.status == http.StatusNotModified {
		ex.reserved = w.c.transport.reservedAt(ctx, ex)
	}
	w.side(ex)
	if stopped(ctx) {
		return nil
	}
	fetch := fetchOf(ex, w.source.ID, clean, at, w.c.opts.Clock().Sub(at))
	fetch.Discovery, fetch.Outcome = true, OutcomeDiscovery
	outcome, why := OutcomeDiscovery, ""
	if err == nil && ex.status != http.StatusNotModified {
		outcome, why = refusalOf(ex)
	}
	switch {
	case err != nil:
		fetch.Outcome, fetch.Error = outcomeOfError(err), err.Error()
	case ex.status == http.StatusNotModified:
		validators(&fetch, ex.header, last)
		if err = w.noteUnmodified(ex, candidate{url: clean}); err != nil {
			fetch.Outcome, fetch.Error = OutcomeFailed, err.Error()
		}
	case outcome != "":
		fetch.Outcome, fetch.Error, err = outcome, why, fmt.Errorf("crawler: %s: %w", clean, refusalError(ex, why))
	default:
		l := rowList{d: d, url: clean, reserved: ex.reserved}
		err = w.rows(ctx, &l, ex.body)
		if kerr := w.keepListed(ctx, ex, &l); kerr != nil {
			// What was not kept must not be hidden behind a 304.
			err, l.unsettled = errors.Join(err, kerr), l.unsettled+1
		}
		if err != nil {
			fetch.Outcome, fetch.Error = outcomeOfError(err), err.Error()
		} else if l.unsettled == 0 && !stopped(ctx) {
			validators(&fetch, ex.header, last)
		}
	}
	w.note(fetch)
	return err
}

// keepListed hands a list of which rows are held to the keeper of evidence.
func (w *worker) keepListed(ctx context.Context, ex *exchange, l *rowList) error {
	if w.c.opts.Listed == nil || ex.received == nil || l.purged > 0 || len(l.held) == 0 || stopped(ctx) {
		return nil
	}
	doc := w.c.document(ex, w.source, candidate{url: l.url})
	if err := w.c.opts.Listed(doc, l.held); err != nil {
		return fmt.Errorf("crawler: %s: %w", l.url, err)
	}
	return nil
}

// localRecords reads a list from a file.
func (w *worker) localRecords(ctx context.Context, d intel.Discovery) (err error) {
	if w.c.opts.Files == nil {
		return fmt.Errorf("crawler: %s: no folder of files was given to read from: %w", d.URL, intel.ErrInvalid)
	}
	name, _ := inFiles(d.URL)
	f, err := w.c.opts.Files.Open(name)
	if err != nil {
		return fmt.Errorf("crawler: %s: %w", d.URL, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	body, err := io.ReadAll(io.LimitReader(f, w.c.opts.MaxBody+1))
	if err != nil {
		return fmt.Errorf("crawler: %s: %w", d.URL, err)
	}
	if int64(len(body)) > w.c.opts.MaxBody {
		return fmt.Errorf("crawler: %s: more than %d bytes: %w", d.URL, w.c.opts.MaxBody, errTooLarge)
	}
	return w.rows(ctx, &rowList{d: d, url: d.URL, local: true}, body)
}

// rows delivers the rows of a list. Rows that stand for no report make its error, with errCut: the others were read.
func (w *worker) rows(ctx context.Context, l *rowList, body []byte) error {
	rows, broken, cut, err := records.Parse(body, l.d.Format, l.d.Rows)
	if err != nil {
		return fmt.Errorf("crawler: %s: %w", l.url, err)
	}
	w.result.Found += len(rows)
	w.round.progress(0, len(rows))
	for _, row := range rows {
		if stopped(ctx) {
			return nil
		}
		if err := w.row(ctx, l, row); err != nil {
			return err
		}
		w.round.progress(1, 0)
		if err := w.flushSome(ctx); err != nil {
			return err
		}
	}
	if broken += l.broken; broken > 0 || cut {
		return fmt.Errorf("crawler: %s: %d of %d rows stand for no report (a column that the mapping needs is empty, the address is not of the list's own site, or is that of another row): %w: %w",
			l.url, broken, len(rows)+broken-l.broken, errCut, intel.ErrInvalid)
	}
	return nil
}

// row delivers one row, unless it was taken before as it is. Its error means that the journal failed.
func (w *worker) row(ctx context.Context, l *rowList, row records.Row) error {
	doc, ok := w.rowDocument(l, row)
	if !ok {
		l.broken++
		return nil
	}
	key, err := address.Canonical(doc.URL)
	if err != nil {
		key = doc.URL // of a local list
	}
	if !(candidate{published: doc.FeedPublished}).wanted(w.round.since) {
		return nil
	}
	sum := sha256.Sum256([]byte(doc.GivenTitle + "\x00" + doc.FeedPublished.String() + "\x00" + string(doc.Body)))
	digest := hex.EncodeToString(sum[:])
	if !w.round.claim(key) {
		if was, ok := l.digests[key]; ok && was != digest {
			l.broken++ // another row has its address
		}
		return nil
	}
	if l.digests == nil {
		l.digests = map[string]string{}
	}
	l.digests[key] = digest
	last, err := w.c.lastOf(ctx, key)
	if err != nil {
		return fmt.Errorf("crawler: journal: last of %s: %w", key, err)
	}
	if last.ETag == digest {
		w.result.Fresh++
		l.held = append(l.held, key)
		return nil
	}
	fetch := intel.Fetch{SourceID: w.source.ID, URL: key, At: w.c.opts.Clock(), Published: doc.FeedPublished}
	land, err := w.c.transport.board(ctx)
	if err == nil {
		err = w.round.deliver(ctx, doc)
		land()
	}
	if fetch.Outcome = outcomeOfDelivery(err); err != nil && fetch.Outcome != OutcomeUnchanged {
		fetch.Error = err.Error()
	}
	if stopped(ctx) && fetch.Outcome == OutcomeFailed {
		l.unsettled++
		return nil
	}
	switch fetch.Outcome {
	case OutcomeStored, OutcomeUnchanged:
		fetch.ETag, l.held = digest, append(l.held, key)
	case OutcomeNotReport:
		fetch.ETag = digest
	case OutcomeFailed:
		l.unsettled++
	case OutcomePurged:
		l.purged++
	}
	w.result.Outcomes[fetch.Outcome]++
	w.note(fetch)
	return nil
}

// unfragmented writes what follows a "#" as a parameter: addresses are known without fragments, and the rows of "{list}#{id}" would
// all be one.
func unfragmented(row string) string {
	page, fragment, ok := strings.Cut(row, "#")
	if !ok || fragment == "" {
		return page
	}
	mark := "?"
	if strings.Contains(page, "?") {
		mark = "&"
	}
	return page + mark + "row=" + url.QueryEscape(fragment)
}

// rowDocument is the short report that a row stands for; ok is false when it stands for none. What a list says about pages of
// others does not stand for those pages, so its rows have addresses of its own site.
func (w *worker) rowDocument(l *rowList, row records.Row) (doc intel.Document, ok bool) {
	row["list"] = l.url
	m := l.d.Row
	where, okURL := records.Write(m.URL, row)
	title, okTitle := records.Write(m.Title, row)
	text, okText := records.Write(m.Text, row)
	if !okURL || !okTitle || !okText {
		return doc, false
	}
	switch {
	case l.local && strings.HasPrefix(where, "file:"):
	default:
		clean, err := address.Clean(unfragmented(where))
		if err != nil || !l.local && !sameSite(clean, l.url) {
			return doc, false
		}
		if addr, err := address.Parse(clean); err != nil || addr.Refused() != nil {
			return doc, false
		}
		where = clean
	}
	published, _ := records.Write(m.Published, row)
	language, _ := records.Write(m.Language, row)
	return intel.Document{
		URL: where, FinalURL: where, SourceID: w.source.ID, ContentType: "text/plain; charset=utf-8", Body: []byte(text),
		Retrieved: w.c.opts.Clock(), GivenTitle: strings.Join(strings.Fields(title), " "), FeedPublished: feed.Moment(published), FeedLanguage: language,
		TLP: intel.TLPClear, RightsReserved: l.reserved, Demo: w.source.Demo,
	}, true
}
