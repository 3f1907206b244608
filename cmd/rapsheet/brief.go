package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/brief"
	"github.com/rapsheet/rapsheet/intel"
)

// houseConfidence is the default min_confidence of what leaves the house.
const houseConfidence = 0.8

// briefFlags choose what a briefing is about.
type briefFlags struct {
	since, sector, country, actor, watchlist, format, title string
	minConfidence                                           float64
}

func (a *app) briefCmd() *cobra.Command {
	var f briefFlags
	c := &cobra.Command{
		Use:     "brief",
		Short:   "Write a briefing with citations",
		Example: "  rapsheet brief --since 2025-09-01 --format html > briefing.html",
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return a.brief(c.Context(), f) },
	}
	fl := c.Flags()
	fl.StringVar(&f.since, "since", "", "reported from this day on (YYYY-MM-DD)")
	fl.StringVar(&f.sector, "sector", "", "ISIC section name")
	fl.StringVar(&f.country, "country", "", "ISO 3166-1 alpha-2")
	fl.StringVar(&f.actor, "actor", "", "id or name of an actor")
	fl.StringVar(&f.watchlist, "watchlist", "", "a file of names, one a line")
	fl.StringVar(&f.format, "format", "md", "md, html or json")
	fl.StringVar(&f.title, "title", "Threat briefing", "title")
	fl.Float64Var(&f.minConfidence, "min-confidence", houseConfidence, "leave out what is less certain (0 to 1)")
	c.AddCommand(
		&cobra.Command{Use: "lint FILE", Short: "Check a briefing's tradecraft", Args: cobra.ExactArgs(1), RunE: func(_ *cobra.Command, args []string) error { return a.briefLint(args[0]) }},
		&cobra.Command{Use: "template", Short: "Print the layout of a briefing without incidents", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(a.stdout, brief.Make(nil, brief.Options{Title: f.title, TLP: intel.TLPClear}).Markdown())
			return err
		}},
	)
	return c
}

func (a *app) brief(ctx context.Context, f briefFlags) error {
	since, err := intel.ParseDate(f.since)
	if err != nil {
		return usagef("--since: %v", err)
	}
	watched, err := watchlist(f.watchlist)
	if err != nil {
		return err
	}
	q := url.Values{"limit": {"200"}, "sort": {"newest"}, "time": {"published"}, "min_confidence": {strconv.FormatFloat(f.minConfidence, 'g', -1, 64)}}
	for k, v := range map[string]string{"from": f.since, "sector": f.sector, "country": f.country, "actor": f.actor} {
		if v != "" {
			q.Set(k, v)
		}
	}
	k, err := a.asker(ctx)
	if err != nil {
		return err
	}
	defer k.close() //nolint:errcheck // nothing was written
	incidents, cov, err := allIncidents(ctx, k, q)
	if err != nil {
		return a.ambiguous(err)
	}
	if watched != nil {
		incidents = onWatchlist(incidents, watched)
	}
	b := brief.Make(incidents, brief.Options{Title: f.title, Since: since, Until: intel.DateOf(a.now()), At: a.now().UTC(), TLP: intel.TLPClear, Coverage: cov})
	return a.writeBrief(b, f.format)
}

func (a *app) writeBrief(b brief.Briefing, format string) error {
	var out []byte
	var err error
	switch format {
	case "md":
		out = []byte(b.Markdown())
	case "html":
		out, err = b.HTML()
	case "json":
		out, err = b.JSON()
	case "pdf":
		return usagef("--format pdf: this version writes md, html and json; print the html to PDF from a browser")
	default:
		return usagef("--format %s: choose md, html or json", format)
	}
	if err != nil {
		return err
	}
	_, err = a.stdout.Write(out)
	return err
}

// allIncidents follows the cursor to the end of a list.
func allIncidents(ctx context.Context, k *asker, q url.Values) ([]intel.IncidentDetail, intel.Coverage, error) {
	var all []intel.IncidentDetail
	for {
		var page intel.Page[intel.IncidentDetail]
		if err := k.get(ctx, "/v1/incidents", q, &page); err != nil {
			return nil, page.Coverage, err
		}
		all = append(all, page.Items...)
		if page.NextCursor == "" {
			return all, page.Coverage, nil
		}
		q.Set("cursor", page.NextCursor)
	}
}

func (a *app) briefLint(path string) error {
	b, err := os.ReadFile(path) //nolint:gosec // the user names the file
	if err != nil {
		return usagef("brief lint: %v", err)
	}
	findings := brief.Lint(string(b))
	for _, f := range findings {
		a.line("%s:%d: %s", path, f.Line, f.Problem)
	}
	if len(findings) > 0 {
		return fmt.Errorf("brief lint: %d findings", len(findings))
	}
	a.line("%s: no findings", path)
	return nil
}
