package main

import (
	"bufio"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// enrichBatch is how many values one request carries; the API takes at most 1,000.
const enrichBatch = 500

// enrichRequest and enrichAnswer are the bodies of POST /v1/resolve and /v1/enrich.
type enrichRequest struct {
	Items  []intel.EnrichItem `json:"items"`
	AsOf   string             `json:"as_of,omitempty"`
	Expand string             `json:"expand,omitempty"`
	// MinConfidence is sent where it was asked for; the server has a default for what leaves the house.
	MinConfidence *float64 `json:"min_confidence,omitempty"`
}

type enrichAnswer struct {
	GeneratedAt time.Time            `json:"generated_at"`
	Results     []intel.EnrichResult `json:"results"`
	Coverage    intel.Coverage       `json:"coverage"`
}

func (a *app) resolveCmd() *cobra.Command {
	var kind, asOf string
	c := &cobra.Command{
		Use:     "resolve NAME…",
		Short:   "Every actor or victim a name may mean, or else software or campaign, and why",
		Example: "  rapsheet resolve 'Grizzly Steppe' 'apt 28'",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			items := make([]intel.EnrichItem, len(args))
			for i, v := range args {
				items[i] = intel.EnrichItem{Type: kind, Value: v}
			}
			return a.resolve(c.Context(), enrichRequest{Items: items, AsOf: asOf})
		},
	}
	c.Flags().StringVar(&kind, "type", "", "actor or victim; empty means either")
	c.Flags().StringVar(&asOf, "as-of", "", "the names as they were recorded by then (RFC 3339)")
	return c
}

func (a *app) resolve(ctx context.Context, req enrichRequest) error {
	k, err := a.asker(ctx)
	if err != nil {
		return err
	}
	defer k.close() //nolint:errcheck // nothing was written
	var ans enrichAnswer
	var raw []byte
	if err := k.post(ctx, "/v1/resolve", req, &raw); err != nil {
		return err
	}
	if a.json {
		_, err := a.stdout.Write(raw)
		return err
	}
	if a.jsonl {
		return a.itemLines(raw)
	}
	if err := decode(raw, &ans); err != nil {
		return err
	}
	if err := a.showResolved(ans.Results); err != nil {
		return err
	}
	a.line("%s%s", countOf(len(ans.Results), "value"), coverageText(ans.Coverage))
	return nil
}

// asserted is when a name is known to have been said of something.
func asserted(first, last intel.Date) string {
	switch {
	case first == last:
		return first.String()
	case last.IsZero():
		return "since " + first.String()
	case first.IsZero():
		return "last " + last.String()
	default:
		return first.String() + " – " + last.String()
	}
}

// showResolved prints who is meant, a row a candidate, and under it what would tell apart those of an ambiguous name.
func (a *app) showResolved(results []intel.EnrichResult) error {
	rows := [][]string{}
	var doubts []string
	for _, r := range results {
		if len(r.Candidates) == 0 {
			rows = append(rows, []string{r.Value, r.Status, "", "", "", "", "", r.Problem})
		}
		var instead []string
		for _, cd := range r.Candidates {
			rows = append(rows, []string{r.Value, r.Status, cd.ID, named(cd), fmt.Sprintf("%.2f", cd.Confidence), users(cd.UsedBy), asserted(cd.FirstAsserted, cd.LastAsserted), cd.Why})
			if len(cd.Alone) > 0 {
				instead = append(instead, cd.ID+" alone is "+orList(cd.Alone))
			}
		}
		if len(r.Candidates) > 1 {
			doubt := r.Value + " means several: ask by id"
			if len(instead) > 0 {
				doubt += ", or by what means one: " + strings.Join(instead, "; ")
			}
			doubts = append(doubts, doubt)
		}
	}
	if err := printTable(a.stdout, []string{"VALUE", "STATUS", "ID", "NAME", "CONFIDENCE", "USED BY", "ASSERTED", "WHY"}, rows); err != nil {
		return err
	}
	for _, d := range doubts {
		a.line("%s", terminalSafe(d))
	}
	return nil
}

// named is what a candidate is called, an organisation with the answer that it gave.
func named(c intel.Candidate) string {
	if c.VictimAnswer == string(intel.StanceDenied) || c.VictimAnswer == string(intel.StanceConfirmed) {
		return c.Name + " (" + c.VictimAnswer + ")"
	}
	return c.Name
}

// users are who uses a name; a catalogue stands for itself where it does not say who does.
func users(by []string) string {
	var out []string
	for _, u := range by {
		if u = names.Speaker(u); !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	return clip(strings.Join(out, ", "), 40)
}

// orList is "a, b or c".
func orList(all []string) string {
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:len(all)-1], ", ") + " or " + all[len(all)-1]
}

func (a *app) enrichCmd() *cobra.Command {
	var asOf, expand string
	var minConfidence float64
	c := &cobra.Command{
		Use:     "enrich",
		Short:   "Values on stdin, one a line, to JSON lines",
		Example: "  printf 'UNC3944\\nJLR\\n' | rapsheet enrich",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.enrich(c.Context(), enrichRequest{AsOf: asOf, Expand: expand, MinConfidence: &minConfidence})
		},
	}
	c.Flags().StringVar(&asOf, "as-of", "", "what was recorded by then (RFC 3339)")
	c.Flags().Float64Var(&minConfidence, "min-confidence", houseConfidence, "leave out incidents that are less certain, they are counted in below_threshold (0 to 1); what a person decided about counts as 1")
	c.Flags().StringVar(&expand, "expand", "", "members: add what members of an umbrella did, labelled")
	return c
}

func (a *app) enrich(ctx context.Context, req enrichRequest) error {
	k, err := a.asker(ctx)
	if err != nil {
		return err
	}
	defer k.close() //nolint:errcheck // nothing was written
	in := bufio.NewScanner(a.stdin)
	in.Buffer(nil, 1<<20)
	var coverage intel.Coverage
	total := 0
	flush := func() error {
		if len(req.Items) == 0 {
			return nil
		}
		var ans enrichAnswer
		if err := k.post(ctx, "/v1/enrich", req, &ans); err != nil {
			return err
		}
		coverage = ans.Coverage
		for _, r := range ans.Results {
			if err := printLine(a.stdout, r); err != nil {
				return err
			}
		}
		total += len(req.Items)
		req.Items = req.Items[:0]
		return nil
	}
	for in.Scan() {
		v := strings.TrimSpace(in.Text())
		if v == "" {
			continue
		}
		req.Items = append(req.Items, intel.EnrichItem{Value: v})
		if len(req.Items) == enrichBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("enrich: read stdin: %w", err)
	}
	err = flush()
	if total > 0 { // beside the lines, which are one a value
		a.say("%s%s", countOf(total, "value"), coverageText(coverage))
	}
	return err
}
