package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/crawler/evidence"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/store/sqlite"
)

// openEvidence makes the keeper of what was seen; nothing is touched before the first page.
func (a *app) openEvidence(dir string) (*evidence.Folder, error) {
	if a.cfg.EvidenceDays < 0 {
		return nil, usagef("evidence_days %d: a number of days, or 0 to keep no pages", a.cfg.EvidenceDays)
	}
	days := a.cfg.EvidenceDays
	if a.isDemo() {
		days = 10 * 365 // the newsroom's clock leaps
	}
	return evidence.Open(evidence.Options{Dir: filepath.Join(dir, "evidence"), Days: days, Clock: a.now, Software: "rapsheet/" + version})
}

// saver is the store whose purges reach into the evidence and the backups too, and whose splits of actors into the catalogues.
func (f *folder) saver() intel.Saver { return joiner{purger{f.store, f.evidence, f.dir, f.options}, f} }

type purger struct {
	*sqlite.Store
	evidence *evidence.Folder
	// dir has the lists of backups and of what was purged; options are those of the store, and of its backups.
	dir     string
	options sqlite.Options
}

// Decide implements intel.Saver. A report that is purged already is purged from evidence and backups again, so that a purge whose second
// half failed can be repeated.
func (p purger) Decide(ctx context.Context, d intel.Decision) (intel.Decision, error) {
	made, err := p.Store.Decide(ctx, d)
	if d.Kind != intel.DecidePurge || err != nil && !errors.Is(err, intel.ErrPurged) {
		return made, err
	}
	_, perr := p.evidence.Purge(d.Subject)
	return made, errors.Join(err, perr, p.purgeBackups(ctx, d))
}

// evidenceFlags say what to print of the pages kept.
type evidenceFlags struct {
	at              string
	raw, body, warc bool
}

func (a *app) evidenceCmd() *cobra.Command {
	var f evidenceFlags
	c := &cobra.Command{
		Use:     "evidence REPORT|URL",
		Short:   "What was seen of a report, and when, byte for byte",
		Example: "  rapsheet evidence REPORT\n  rapsheet evidence REPORT --body > page.html\n  rapsheet evidence REPORT --warc > report.warc.gz",
		Args:    cobra.ExactArgs(1),
		RunE:    func(c *cobra.Command, args []string) error { return a.evidence(c.Context(), reportID(args[0]), f) },
	}
	fl := c.Flags()
	fl.StringVar(&f.at, "at", "", "the page as it was seen last before this moment (YYYY-MM-DD or RFC 3339); default is now")
	fl.BoolVar(&f.raw, "raw", false, "print the answer as it was received, head and body")
	fl.BoolVar(&f.body, "body", false, "print the page, its content encoding undone")
	fl.BoolVar(&f.warc, "warc", false, "print every record kept of the report, a WARC file")
	c.MarkFlagsMutuallyExclusive("raw", "body", "warc")
	return c
}

// onRecord is what the record says of a report.
type onRecord struct {
	intel.Report
	Claims   []intel.Claim  `json:"claims"`
	Ended    []intel.Claim  `json:"ended"`
	Versions []intel.Report `json:"versions"`
	// last is the last request, known only to who opens the folder.
	last intel.Fetch
	// unknown says that the record could not be asked: what follows is of the pages kept alone.
	unknown error
}

// evidence prints what is known of how a report was read, or what was received. The pages kept are files that anyone may read while
// another process owns the folder; the record is asked of that process.
func (a *app) evidence(ctx context.Context, id string, fl evidenceFlags) error {
	kept, rec, err := a.evidenceOf(ctx, id)
	if err != nil {
		return err
	}
	entries, err := kept.Find(id)
	if err != nil {
		return err
	}
	if fl.raw || fl.body || fl.warc {
		return a.printSeen(kept, entries, fl)
	}
	if rec.unknown != nil && len(entries) == 0 {
		return rec.unknown
	}
	a.printRecord(id, rec)
	for _, e := range entries {
		what := "seen"
		if e.Type == "revisit" {
			what = "seen unchanged"
		}
		a.line("  %s %s: HTTP %d, %s (%s at %d)", what, e.At.Format(time.RFC3339), e.Status, e.Digest, e.File, e.Offset)
	}
	switch {
	case len(entries) > 0:
		a.line("  print the page with --body, the answer as received with --raw")
	case rec.RightsReserved:
		a.line("  the page's bytes are not kept: its publisher reserves the rights")
	default:
		a.line("  the page's bytes are not kept (or no longer): only what is listed here can be shown")
	}
	return nil
}

// evidenceOf gives the pages kept in the data folder and what the record says of a report.
func (a *app) evidenceOf(ctx context.Context, id string) (*evidence.Folder, onRecord, error) {
	var rec onRecord
	if a.cfg.Server != "" {
		return nil, rec, usagef("evidence: the pages themselves are read from a data folder, not from a server: run it where %s runs, with --data", a.cfg.Server)
	}
	f, err := a.openFolder(ctx, a.isDemo())
	if errors.Is(err, errOwned) {
		kept, oerr := a.openEvidence(a.cfg.Data)
		if oerr != nil {
			return nil, rec, oerr
		}
		rec.unknown = err
		if owner := ownerOf(a.cfg.Data); owner != "" {
			rec.unknown = nil
			err = a.remote(owner).get(ctx, "/v1/reports/"+url.PathEscape(id), nil, &rec)
			return kept, rec, err
		}
		return kept, rec, nil
	}
	if err != nil {
		return nil, rec, err
	}
	defer f.close() //nolint:errcheck // nothing was written
	held, err := f.store.Record(ctx, id)
	if err != nil {
		return nil, rec, err
	}
	rec = onRecord{Report: held.Report, Claims: held.Claims, Versions: held.Versions}
	if last, err := f.store.Last(ctx, held.Report.URL); err == nil {
		rec.last = last
	}
	return f.evidence, rec, nil
}

// printRecord says what the record holds of a report, but for its text.
func (a *app) printRecord(id string, r onRecord) {
	if r.unknown != nil {
		a.line("report %s\n  its record cannot be asked now: %v", id, r.unknown)
		return
	}
	a.line("report %s\n  %s\n  address %s\n  retrieved %s, recorded %s, version %d\n  SHA-256 of the text %s", r.ID, terminalSafe(r.Title), r.URL, r.Retrieved.Format(time.RFC3339), r.Recorded.Format(time.RFC3339), r.Version, r.ContentHash)
	for _, v := range r.Versions {
		a.line("  earlier: version %d recorded %s, SHA-256 %s", v.Version, v.Recorded.Format(time.RFC3339), v.ContentHash)
	}
	if !r.last.At.IsZero() {
		a.line("  last request %s: %s, HTTP %d, %d bytes", r.last.At.Format(time.RFC3339), r.last.Outcome, r.last.Status, r.last.Bytes)
	}
	for _, c := range slices.Concat(r.Claims, r.Ended) {
		quote := terminalSafe(clip(c.Quote, 240))
		if c.RecordedTo.IsZero() {
			a.line("  characters %d–%d, since %s: “%s”", c.Start, c.End, c.RecordedFrom.Format(time.RFC3339), quote)
		} else {
			a.line("  no longer said, from %s to %s: “%s”", c.RecordedFrom.Format(time.RFC3339), c.RecordedTo.Format(time.RFC3339), quote)
		}
	}
}

func (a *app) printSeen(f *evidence.Folder, entries []evidence.Entry, fl evidenceFlags) error {
	if fl.warc {
		for _, e := range entries {
			b, err := f.Raw(e)
			if err == nil {
				_, err = a.stdout.Write(b)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	e, err := seenAt(entries, fl.at)
	if err != nil {
		return err
	}
	b, err := f.Response(entries, e)
	if err == nil && fl.body {
		b, err = bodyOf(b)
	}
	if err == nil {
		_, err = a.stdout.Write(b)
	}
	return err
}

// seenAt is the last entry not after a moment.
func seenAt(entries []evidence.Entry, at string) (evidence.Entry, error) {
	m, err := intel.ParseMoment(at)
	if err != nil {
		return evidence.Entry{}, usagef("--at: %v", err)
	}
	until := m.Time()
	if m.Precision() == intel.PrecisionDay {
		until = until.AddDate(0, 0, 1)
	}
	var found evidence.Entry
	for _, e := range entries {
		if m.IsZero() || !e.At.After(until) {
			found = e
		}
	}
	if found.File == "" {
		return found, fmt.Errorf("evidence: no page is kept that was seen then: %w", intel.ErrNotFound)
	}
	return found, nil
}

// maxUnzipped bounds a page whose encoding is undone for printing.
const maxUnzipped = 64 << 20

// bodyOf is an answer's body without its content encoding.
func bodyOf(response []byte) ([]byte, error) {
	head, body, _ := bytes.Cut(response, []byte("\r\n\r\n"))
	if !strings.Contains(strings.ToLower(string(head)), "\r\ncontent-encoding: gzip") && !strings.Contains(strings.ToLower(string(head)), "\r\ncontent-encoding: x-gzip") {
		return body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, maxUnzipped))
	if err != nil {
		return nil, fmt.Errorf("evidence: %w", err)
	}
	return plain, nil
}
