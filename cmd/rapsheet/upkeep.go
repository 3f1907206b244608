package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/exchange/incidents"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/store/sqlite"
)

func (a *app) versionCmd() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			x, err := newExtractor()
			if err != nil {
				return err
			}
			a.line("rapsheet %s (%s, extractor %s)", version, runtime.Version(), x.Version())
			return nil
		},
	}
}

func (a *app) configCmd() *cobra.Command {
	return &cobra.Command{
		Use: "config", Short: "Print the effective settings, secrets redacted", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			c := a.cfg.redacted()
			if a.json || a.jsonl {
				return printJSON(a.stdout, c)
			}
			for _, kv := range c.settings() {
				a.line("%s = %s", kv[0], kv[1])
			}
			return nil
		},
	}
}

func (a *app) doctorCmd() *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: "Check the data folder, the settings and the shipped data", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.doctor(c.Context()) },
	}
}

// doctor runs every check and says of each what it found; one bad finding ends with exit code 1.
func (a *app) doctor(ctx context.Context) error {
	bad := 0
	report := func(what string, err error, good string) {
		if err != nil {
			bad++
			a.line("BAD   %-12s %v", what, err)
			return
		}
		a.line("ok    %-12s %s", what, good)
	}
	sources, err := a.sourceList()
	report("sources", err, fmt.Sprintf("%d sources, %d never checked", len(sources), unchecked(sources)))
	_, err = a.extractor(ctx)
	report("catalogue", err, "loads")
	if a.cfg.Contact == "" {
		a.line("note  %-12s not set: 'crawl' and 'serve' need --contact to reach public sites", "contact")
	}
	f, err := a.openFolder(ctx, a.isDemo())
	if errors.Is(err, errOwned) {
		a.line("note  %-12s %s is owned by a running rapsheet at %s; its database is not checked", "data", a.cfg.Data, orUnknown(ownerOf(a.cfg.Data)))
	} else {
		report("data", err, a.cfg.Data)
	}
	if err == nil {
		defer f.close() //nolint:errcheck // nothing was written
		gone, berr := missingBackups(f.dir)
		for _, p := range gone {
			a.line("note  %-12s %s is not there: if it was moved, purges do not reach it", "backup", p)
		}
		if berr != nil {
			report("backup", berr, "")
		}
		report("database", f.store.Check(ctx), "integrity and foreign keys hold")
		err = f.openIndex(ctx, a)
		report("index", err, "opens and is caught up")
		if err == nil {
			cov := f.index.Coverage()
			a.line("ok    %-12s %d reports; %d of %d sources read, %d failing, %d stale", "coverage", cov.Reports, cov.Read, cov.Sources, cov.Failing, cov.Stale)
		}
	}
	if bad > 0 {
		return fmt.Errorf("doctor: %d checks failed", bad)
	}
	return nil
}

func unchecked(sources []intel.Source) int {
	n := 0
	for _, s := range sources {
		if s.Checked.IsZero() {
			n++
		}
	}
	return n
}

func (a *app) reindexCmd() *cobra.Command {
	return &cobra.Command{
		Use: "reindex", Short: "Build the index anew from the store", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			f, err := a.openFolder(c.Context(), a.isDemo())
			if err != nil {
				return err
			}
			defer f.close() //nolint:errcheck // a cache
			if err := os.RemoveAll(filepath.Join(f.dir, "index")); err != nil {
				return fmt.Errorf("reindex: %w", err)
			}
			started := a.now()
			if err := f.openIndex(c.Context(), a); err != nil {
				return err
			}
			a.line("%d reports indexed in %s", f.index.Coverage().Reports, a.now().Sub(started).Round(time.Millisecond))
			return nil
		},
	}
}

func (a *app) reextractCmd() *cobra.Command {
	return &cobra.Command{
		Use: "reextract", Short: "Read every stored report again with this version's extractor and show what changed", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.reextract(c.Context()) },
	}
}

func (a *app) reextract(ctx context.Context) error {
	w, err := a.openWork(ctx, a.isDemo())
	if err != nil {
		return err
	}
	defer w.close() //nolint:errcheck // every batch was acknowledged
	r := reread{w: w, a: a, bar: a.progress("reextract")}
	if r.all, err = w.folder.store.Count(ctx); err != nil {
		return err
	}
	if err := w.folder.store.Reports(ctx, func(rep intel.Report) error { return r.add(ctx, rep) }); err != nil {
		return err
	}
	if err := r.save(ctx); err != nil {
		return err
	}
	r.bar.done()
	a.line("%d reports read again by extractor %s; %d changed; %d claims before, %d after", r.seen-r.kept-r.collected, w.pipeline.extractor.Version(), r.changed, r.before, r.after)
	if r.kept > 0 {
		a.line("%d reports whose publishers reserve their rights have no text to read again and stay as they are", r.kept)
	}
	if r.collected > 0 {
		a.line("%d records of imported collections are read from their fields and stay as they are: import a newer file to renew them", r.collected)
	}
	return nil
}

// reread reads stored reports again, some hundreds a transaction.
type reread struct {
	w                      *work
	a                      *app
	bar                    *progress
	batch                  []intel.Entry
	all, seen, kept        int
	collected              int
	changed, before, after int
}

func (r *reread) add(ctx context.Context, rep intel.Report) error {
	r.seen++
	r.bar.set(r.seen, r.all)
	if rep.Text == "" {
		r.kept++ // nothing to read is no reason to take its claims back
		return nil
	}
	if _, collected := incidents.Source(rep.SourceID); collected {
		r.collected++ // its claims come from fields, not from sentences
		return nil
	}
	rep.Fingerprint = nil
	r.batch = append(r.batch, intel.Entry{Report: rep, Extraction: r.w.pipeline.extract(ctx, rep)})
	if len(r.batch) < batchSize {
		return nil
	}
	return r.save(ctx)
}

// save saves a batch and counts the claims of its reports before and after.
func (r *reread) save(ctx context.Context) error {
	before, err := r.count(ctx)
	if err != nil {
		return err
	}
	if _, err := r.w.folder.store.Save(ctx, r.batch); err != nil {
		return err
	}
	after, err := r.count(ctx)
	if err != nil {
		return err
	}
	for i, e := range r.batch {
		r.before, r.after = r.before+before[i], r.after+after[i]
		if before[i] != after[i] {
			r.changed++
			r.a.line("%s: %d claims before, %d after", terminalSafe(e.Report.Title), before[i], after[i])
		}
	}
	r.batch = r.batch[:0]
	return nil
}

func (r *reread) count(ctx context.Context) ([]int, error) {
	out := make([]int, len(r.batch))
	for i, e := range r.batch {
		rec, err := r.w.folder.store.Record(ctx, e.Report.ID)
		if err != nil {
			return nil, documentErr(e.Report.URL, err)
		}
		out[i] = held(rec.Claims)
	}
	return out, nil
}

func held(claims []intel.Claim) int {
	n := 0
	for _, c := range claims {
		if c.HeldAt(time.Time{}) {
			n++
		}
	}
	return n
}

func (a *app) backupCmd() *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: "Write a copy of the system of record (the index is rebuilt from it)", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			// SQLite copies a database that another process writes to: a backup needs no lock.
			db := filepath.Join(a.cfg.Data, storeFile)
			if _, err := os.Stat(db); err != nil {
				return fmt.Errorf("backup: there is no store in %s: %w", a.cfg.Data, err)
			}
			if err := sqlite.BackupFile(c.Context(), db, args[0]); err != nil {
				return err
			}
			if err := noteBackup(a.cfg.Data, args[0]); err != nil {
				return err
			}
			a.line("backup written to %s; restore it by placing it as rapsheet.db in an empty data folder", args[0])
			return nil
		},
	}
}

func (a *app) migrateCmd() *cobra.Command {
	var from, to string
	c := &cobra.Command{
		Use: "migrate", Short: "Copy a system of record to another place", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if from == "" || to == "" {
				return usagef("migrate: give --from and --to")
			}
			if strings.HasPrefix(from, "postgres") || strings.HasPrefix(to, "postgres") {
				return errors.New("migrate: this version has no PostgreSQL store; nothing was copied")
			}
			return errors.New("migrate: between SQLite folders use 'rapsheet backup FILE'; nothing was copied")
		},
	}
	c.Flags().StringVar(&from, "from", "", "URL of the store to read")
	c.Flags().StringVar(&to, "to", "", "URL of the store to write")
	return c
}
