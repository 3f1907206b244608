package main

import (
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

func (a *app) namesCmd() *cobra.Command {
	c := &cobra.Command{Use: "names", Short: "Names and what is unsafe about them", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(&cobra.Command{
		Use: "conflicts", Short: "Every name that is unsafe to resolve automatically, and why", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var page intel.Page[nameConflict]
			return a.answer(c.Context(), "/v1/names/conflicts", nil, &page, func() error { return a.showConflicts(page) })
		},
	}, a.namesOfCmd(), a.joinsCmd(), a.proposalsCmd())
	return c
}

// namesOfCmd lists the assertions behind an actor's names.
func (a *app) namesOfCmd() *cobra.Command {
	return &cobra.Command{
		Use: "of ACTOR", Short: "Every name of an actor: who uses it, which catalogue says so, since when, and how far it is to be trusted", Args: cobra.MinimumNArgs(1),
		Example: "  rapsheet names of APT28",
		RunE: func(c *cobra.Command, args []string) error {
			var page intel.Page[intel.Name]
			return a.answer(c.Context(), "/v1/actors/"+url.PathEscape(strings.Join(args, " "))+"/names", nil, &page, func() error {
				rows := make([][]string, 0, len(page.Items))
				slices.SortStableFunc(page.Items, func(x, y intel.Name) int { return strings.Compare(names.Fold(x.Name), names.Fold(y.Name)) })
				for _, n := range page.Items {
					state := string(n.Extent)
					if n.Withdrawn {
						state = "withdrawn"
					}
					rows = append(rows, []string{n.Name, dash(n.UsedBy), names.Speaker(n.Source), asserted(n.FirstAsserted, n.LastAsserted), state, inText(n.Match)})
				}
				if err := printTable(a.stdout, []string{"NAME", "USED BY", "SAID IN", "ASSERTED", "EXTENT", "MATCHED IN TEXT"}, rows); err != nil {
					return err
				}
				a.line("%s", countOf(len(rows), "assertion"))
				return nil
			})
		},
	}
}

// inText says how a name is matched in running text.
func inText(p intel.MatchPolicy) string {
	switch p {
	case intel.MatchAlways:
		return "always"
	case intel.MatchCue:
		return "with a cue near by"
	case intel.MatchCase:
		return "as it is spelled"
	default:
		return "never"
	}
}

// nameConflict is one item of GET /v1/names/conflicts.
type nameConflict struct {
	Name       string            `json:"name"`
	Why        []string          `json:"why"`
	Candidates []intel.Candidate `json:"candidates"`
}

// showConflicts prints each name with whom it may mean and why nobody should settle that alone.
func (a *app) showConflicts(page intel.Page[nameConflict]) error {
	for _, n := range page.Items {
		owners := make([]string, 0, len(n.Candidates))
		for _, c := range n.Candidates {
			owners = append(owners, c.Name+" ["+c.ID+"] ("+users(c.UsedBy)+")")
		}
		a.line("%s", terminalSafe(n.Name))
		a.line("  may mean  %s", terminalSafe(strings.Join(owners, "; ")))
		for i, w := range n.Why {
			a.line("  %-8s  %s", []string{"because", ""}[min(i, 1)], terminalSafe(w))
		}
	}
	a.line("%s unsafe to resolve automatically; 'rapsheet resolve NAME' says what would mean one of them alone", countOf(page.Total, "name"))
	return nil
}
