package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/intel"
)

// addFlags say what the person who adds a page knows about it.
type addFlags struct {
	published, address, source, tlp, title string
}

func (a *app) addCmd() *cobra.Command {
	var f addFlags
	c := &cobra.Command{
		Use:     "add URL|FILE…",
		Short:   "Read one page or file now",
		Example: "  rapsheet add report.html --url https://example.com/report --published 2025-09-03",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.add(c.Context(), args, f)
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.published, "published", "", "when it was published (YYYY-MM-DD or RFC 3339); wins over what the page says")
	fl.StringVar(&f.address, "url", "", "the public address a file came from")
	fl.StringVar(&f.source, "source", "", "id of the source it belongs to")
	fl.StringVar(&f.tlp, "tlp", "CLEAR", "CLEAR, GREEN, AMBER, AMBER+STRICT or RED")
	fl.StringVar(&f.title, "title", "", "title, where the page has none")
	return c
}

func (a *app) add(ctx context.Context, names []string, f addFlags) error {
	published, err := intel.ParseMoment(f.published)
	if err != nil {
		return usagef("--published: %v", err)
	}
	if !intel.TLP(f.tlp).Valid() {
		return usagef("--tlp %s: choose CLEAR, GREEN, AMBER, AMBER+STRICT or RED", f.tlp)
	}
	if a.isDemo() {
		return usagef("add: %s is a demo folder: choose another with --data: %w", a.cfg.Data, intel.ErrDemo)
	}
	w, err := a.openWork(ctx, false)
	if err != nil {
		return err
	}
	defer w.close() //nolint:errcheck // reported by what was saved
	var failed []error
	for _, name := range names {
		doc, err := a.document(ctx, name, f.address)
		if err == nil {
			doc.GivenPublished, doc.GivenTitle, doc.SourceID, doc.TLP = published, f.title, f.source, intel.TLP(f.tlp)
			err = a.addOne(ctx, w, name, doc)
		}
		if err != nil {
			failed = append(failed, documentErr(name, err))
		}
	}
	switch {
	case len(failed) == 0:
		return nil
	case len(failed) == len(names):
		return fmt.Errorf("add: %w", errors.Join(failed...))
	default:
		return fmt.Errorf("add: %w: %w", errPartial, errors.Join(failed...))
	}
}

func (a *app) addOne(ctx context.Context, w *work, name string, doc intel.Document) error {
	saved, err := w.pipeline.add(ctx, doc)
	if err != nil {
		return err
	}
	rec, err := w.folder.store.Record(ctx, saved.ReportID)
	if err != nil {
		return err
	}
	if a.json {
		return printJSON(a.stdout, map[string]any{"report_id": saved.ReportID, "version": saved.Version, "unchanged": saved.Unchanged, "title": rec.Report.Title, "claims": len(rec.Claims)})
	}
	state := fmt.Sprintf("version %d", saved.Version)
	if saved.Unchanged {
		state = "already held"
	}
	a.line("%s: “%s”, published %s, %d claims, %s\n  report %s", name, terminalSafe(rec.Report.Title), orUnknown(rec.Report.Published.String()), len(rec.Claims), state, saved.ReportID)
	return nil
}
