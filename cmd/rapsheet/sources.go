package main

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names/address"
)

func (a *app) sourcesCmd() *cobra.Command {
	return &cobra.Command{
		Use: "sources", Short: "The sources and how each is doing", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var page intel.Page[intel.SourceHealth]
			return a.answer(c.Context(), "/v1/sources", nil, &page, func() error { return a.showSources(page) })
		},
	}
}

func (a *app) showSources(page intel.Page[intel.SourceHealth]) error {
	rows := make([][]string, 0, len(page.Items))
	for _, s := range page.Items {
		last := "never"
		if !s.LastSuccess.IsZero() {
			last = s.LastSuccess.UTC().Format(time.DateOnly)
		}
		rows = append(rows, []string{s.ID, s.Kind, s.Reliability, s.State, last, strconv.Itoa(s.Reports), clip(s.LastError, 60)})
	}
	if err := printTable(a.stdout, []string{"SOURCE", "KIND", "RELIABILITY", "STATE", "LAST READ", "REPORTS", "ERROR"}, rows); err != nil {
		return err
	}
	a.line("%d sources%s", page.Total, coverageText(page.Coverage))
	return nil
}

func (a *app) namesCmd() *cobra.Command {
	c := &cobra.Command{Use: "names", Short: "Names and what is unsafe about them", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(&cobra.Command{
		Use: "conflicts", Short: "Every name that is unsafe to resolve automatically, and why", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var page intel.Page[nameConflict]
			return a.answer(c.Context(), "/v1/names/conflicts", nil, &page, func() error { return a.showConflicts(page) })
		},
	})
	return c
}

// nameConflict is one item of GET /v1/names/conflicts.
type nameConflict struct {
	Name       string            `json:"name"`
	Why        []string          `json:"why"`
	Candidates []intel.Candidate `json:"candidates"`
}

func (a *app) showConflicts(page intel.Page[nameConflict]) error {
	rows := make([][]string, 0, len(page.Items))
	for _, n := range page.Items {
		var owners []string
		for _, c := range n.Candidates {
			owners = append(owners, c.Name+" ("+strings.Join(c.UsedBy, ", ")+")")
		}
		rows = append(rows, []string{n.Name, strings.Join(owners, "; "), strings.Join(n.Why, "; ")})
	}
	if err := printTable(a.stdout, []string{"NAME", "MAY MEAN", "WHY"}, rows); err != nil {
		return err
	}
	a.line("%d names", page.Total)
	return nil
}

// reportID takes a report's id or its address.
func reportID(idOrURL string) string {
	if !strings.Contains(idOrURL, "://") {
		return idOrURL
	}
	if canonical, err := address.Canonical(idOrURL); err == nil {
		return intel.ReportID(canonical)
	}
	return idOrURL
}

func (a *app) evidenceCmd() *cobra.Command {
	return &cobra.Command{
		Use: "evidence REPORT", Short: "What was seen of a report, and when", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return a.evidence(c.Context(), reportID(args[0])) },
	}
}

// evidence prints what the store knows of how a report was read. Raw pages are not kept by this version, and it says so.
func (a *app) evidence(ctx context.Context, id string) error {
	f, err := a.openFolder(ctx, a.isDemo())
	if err != nil {
		return err
	}
	defer f.close() //nolint:errcheck // nothing was written
	rec, err := f.store.Record(ctx, id)
	if err != nil {
		return err
	}
	r := rec.Report
	a.line("report %s\n  %s\n  address %s\n  retrieved %s, recorded %s, version %d\n  SHA-256 of the text %s", r.ID, terminalSafe(r.Title), r.URL, r.Retrieved.Format(time.RFC3339), r.Recorded.Format(time.RFC3339), r.Version, r.ContentHash)
	for _, v := range rec.Versions {
		a.line("  earlier: version %d recorded %s, SHA-256 %s", v.Version, v.Recorded.Format(time.RFC3339), v.ContentHash)
	}
	if last, err := f.store.Last(ctx, r.URL); err == nil {
		a.line("  last request %s: %s, HTTP %d, %d bytes", last.At.Format(time.RFC3339), last.Outcome, last.Status, last.Bytes)
	}
	for _, c := range rec.Claims {
		a.line("  characters %d–%d: “%s”", c.Start, c.End, terminalSafe(clip(c.Quote, 240)))
	}
	a.line("  the page's bytes are not kept by this version: only what is listed here can be shown")
	return nil
}
