package main

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// apart are the joins that people took back, as the store's decisions in force say.
func (f *folder) apart(ctx context.Context) ([]names.Link, error) {
	all, err := f.store.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	var out []names.Link
	for _, d := range all {
		if d.Kind == intel.DecideSplit && d.Object != "" && len(d.Claims) == 0 && d.UndoneAt.IsZero() {
			out = append(out, names.Apart(d.Subject, d.Object, d.By, intel.DateOf(d.At).String(), d.Reason))
		}
	}
	return out, nil
}

// dateJoins gives joins that stood before the day on which they were made, and new ones today's.
func dateJoins(fresh, held []intel.Join, today intel.Date) {
	for i := range fresh {
		j := &fresh[i]
		j.At = today
		if k := slices.IndexFunc(held, func(h intel.Join) bool { return h.Actor == j.Actor && h.Key() == j.Key() && !h.At.IsZero() }); k >= 0 {
			j.At = held[k].At
		}
	}
}

// joiner is the saver whose decisions about joins take effect at once: the catalogues are joined anew.
type joiner struct {
	intel.Saver
	f *folder
}

// Decide implements intel.Saver.
func (s joiner) Decide(ctx context.Context, d intel.Decision) (intel.Decision, error) {
	about, err := s.bearsOnJoins(ctx, d)
	if err != nil {
		return d, err
	}
	made, err := s.Saver.Decide(ctx, d)
	if err != nil || !about {
		return made, err
	}
	if _, _, err := s.f.joinCatalogue(ctx); err != nil {
		return made, fmt.Errorf("decision %s is recorded; the catalogues could not be joined anew and will be at the next start: %w", made.ID, err)
	}
	return made, nil
}

// bearsOnJoins reports whether a decision splits an actor, or takes such a one back.
func (s joiner) bearsOnJoins(ctx context.Context, d intel.Decision) (bool, error) {
	if d.Kind != intel.DecideUndo {
		return d.Kind == intel.DecideSplit && d.Object != "", nil
	}
	all, err := s.f.store.Decisions(ctx)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(all, func(o intel.Decision) bool {
		return o.ID == d.Subject && o.Kind == intel.DecideSplit && o.Object != ""
	}), nil
}

func (a *app) joinsCmd() *cobra.Command {
	return &cobra.Command{
		Use: "joins [ACTOR]", Short: "Which records of other catalogues were joined to which actor, and why", Args: cobra.MaximumNArgs(1),
		Example: "  rapsheet names joins APT28\n  rapsheet decide apart apt28 attack:G0007 --by ana --reason 'another group'",
		RunE: func(c *cobra.Command, args []string) error {
			query := url.Values{}
			if len(args) > 0 {
				query.Set("actor", args[0])
			}
			var page intel.Page[intel.Join]
			return a.answer(c.Context(), "/v1/names/joins", query, &page, func() error {
				rows := make([][]string, 0, len(page.Items))
				for _, j := range page.Items {
					rows = append(rows, []string{j.Actor, terminalSafe(j.Key()), j.Why, j.At.String()})
				}
				return printTable(a.stdout, []string{"ACTOR", "RECORD", "WHY", "SINCE"}, rows)
			})
		},
	}
}

func (a *app) proposalsCmd() *cobra.Command {
	var kind string
	c := &cobra.Command{
		Use: "proposals", Short: "Actors and victims that may be one, with the evidence; 'decide merge' is yours to do", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			query := url.Values{}
			if kind != "" {
				query.Set("type", kind)
			}
			var page intel.Page[names.Proposal]
			return a.answer(c.Context(), "/v1/proposals", query, &page, func() error {
				a.showProposals(page.Items)
				return nil
			})
		},
	}
	c.Flags().StringVar(&kind, "type", "", "actor or victim; both without it")
	return c
}

// showProposals prints pairs that may be one, the likeliest first, with what speaks for it and how a person would say so.
func (a *app) showProposals(all []names.Proposal) {
	for _, p := range all {
		a.line("%s [%s] may be %s [%s]  (%s, score %.2f)", terminalSafe(p.A.Name), p.A.ID, terminalSafe(p.B.Name), p.B.ID, p.Type, p.Score)
		for _, e := range p.Evidence {
			a.line("  %s", terminalSafe(e))
		}
	}
	a.line("%s; nothing is merged unless you say so: rapsheet decide same-as ID ID --by … --reason …", countOf(len(all), "proposal"))
}
