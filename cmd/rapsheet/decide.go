package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/intel"
)

// signed are the flags of every decision: who decides, and why.
type signed struct{ by, reason string }

func (s *signed) flags(c *cobra.Command) {
	c.Flags().StringVar(&s.by, "by", "", "who decides (needed)")
	c.Flags().StringVar(&s.reason, "reason", "", "why (needed)")
}

func (s *signed) check() error {
	if s.by == "" || s.reason == "" {
		return usagef("a decision is signed: give --by and --reason")
	}
	return nil
}

func (a *app) decideCmd() *cobra.Command {
	c := &cobra.Command{Use: "decide", Short: "What people decide: merge, same-as, split, apart, not-victim, wrong-actor, undo; list shows it", Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(
		a.decision("merge FROM INTO", "FROM and INTO are the same incident, actor or victim", cobra.ExactArgs(2), func(args []string) intel.Decision {
			return intel.Decision{Kind: intel.DecideMerge, Subject: args[0], Object: args[1]}
		}),
		a.decision("same-as THIS THAT", "THIS actor or victim is THAT one by another name: a merge in which THAT keeps its id", cobra.ExactArgs(2), func(args []string) intel.Decision {
			return intel.Decision{Kind: intel.DecideMerge, Subject: args[0], Object: args[1]}
		}),
		a.decision("split INCIDENT CLAIM…", "these claims are another incident", cobra.MinimumNArgs(2), func(args []string) intel.Decision {
			return intel.Decision{Kind: intel.DecideSplit, Subject: args[0], Claims: args[1:]}
		}),
		a.decision("apart ACTOR RECORD", "this record of a catalogue (attack:G0007, as 'names joins' lists it) is not this actor", cobra.ExactArgs(2), func(args []string) intel.Decision {
			return intel.Decision{Kind: intel.DecideSplit, Subject: args[0], Object: args[1]}
		}),
		a.decision("not-victim INCIDENT|VICTIM", "this organisation is not a victim", cobra.ExactArgs(1), func(args []string) intel.Decision {
			return intel.Decision{Kind: intel.DecideNotVictim, Subject: args[0]}
		}),
		a.decision("wrong-actor INCIDENT ACTOR", "this actor is not the one", cobra.ExactArgs(2), func(args []string) intel.Decision {
			return intel.Decision{Kind: intel.DecideWrongActor, Subject: args[0], Object: args[1]}
		}),
		a.decision("undo DECISION", "take a decision back", cobra.ExactArgs(1), func(args []string) intel.Decision {
			return intel.Decision{Kind: intel.DecideUndo, Subject: args[0]}
		}),
		a.decisionsCmd(),
	)
	return c
}

// decisionsCmd lists what was decided: who takes a decision back needs its id.
func (a *app) decisionsCmd() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "What was decided, by whom, when and why, and what was taken back", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var page intel.Page[intel.Decision]
			return a.answer(c.Context(), "/v1/decisions", nil, &page, func() error {
				rows := make([][]string, 0, len(page.Items))
				for _, d := range page.Items {
					state := "in force"
					if !d.UndoneAt.IsZero() {
						state = "taken back " + d.UndoneAt.UTC().Format(time.DateOnly)
					}
					rows = append(rows, []string{d.ID, decided(d), d.By, d.At.UTC().Format("2006-01-02 15:04"), d.Reason, state})
				}
				if err := printTable(a.stdout, []string{"DECISION", "WHAT", "BY", "AT (UTC)", "WHY", "STATE"}, rows); err != nil {
					return err
				}
				a.line("%s", countOf(len(rows), "decision"))
				return nil
			})
		},
	}
}

// decided says in a few words what a decision decides.
func decided(d intel.Decision) string {
	switch d.Kind {
	case intel.DecideMerge:
		return d.Subject + " is " + d.Object
	case intel.DecideSplit:
		if d.Object != "" {
			return d.Object + " is not " + d.Subject
		}
		return countOf(len(d.Claims), "claim") + " split off " + d.Subject
	case intel.DecideNotVictim:
		return d.Subject + ": not a victim"
	case intel.DecideWrongActor:
		return d.Subject + ": not by " + d.Object
	case intel.DecideCorrection:
		return d.Subject + ": " + d.Field + " is " + d.Value
	default:
		return string(d.Kind) + " " + d.Subject
	}
}

func (a *app) decision(use, short string, args cobra.PositionalArgs, make func([]string) intel.Decision) *cobra.Command {
	var s signed
	c := &cobra.Command{
		Use: use, Short: short, Args: args,
		RunE: func(c *cobra.Command, args []string) error {
			return a.decide(c.Context(), s, make(args))
		},
	}
	s.flags(c)
	return c
}

func (a *app) correctCmd() *cobra.Command {
	var s signed
	c := &cobra.Command{
		Use:     "correct ID FIELD VALUE",
		Short:   "Correct a field of an incident, actor or victim",
		Example: "  rapsheet correct INCIDENT country GB --by ana --reason 'the victim is British'",
		Args:    cobra.ExactArgs(3),
		RunE: func(c *cobra.Command, args []string) error {
			return a.decide(c.Context(), s, intel.Decision{Kind: intel.DecideCorrection, Subject: args[0], Field: args[1], Value: args[2]})
		},
	}
	s.flags(c)
	return c
}

func (a *app) purgeCmd() *cobra.Command {
	var s signed
	c := &cobra.Command{
		Use:   "purge REPORT|URL",
		Short: "Remove a report and everything read from it, leaving a content-free tombstone",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := a.decide(c.Context(), s, intel.Decision{Kind: intel.DecidePurge, Subject: reportID(args[0])}); err != nil {
				return err
			}
			return a.sayMissingBackups()
		},
	}
	s.flags(c)
	return c
}

// sayMissingBackups names the copies that a purge could not reach, where this machine knows of any.
func (a *app) sayMissingBackups() error {
	if a.cfg.Server != "" {
		return nil
	}
	gone, err := missingBackups(a.cfg.Data)
	for _, p := range gone {
		a.say("backup %s is not where it was written: if it was moved, it still holds the report; delete it, or restore it and purge again", p)
	}
	return err
}

// decide asks the API to record a decision: the one way for the command line and for people's browsers.
func (a *app) decide(ctx context.Context, s signed, d intel.Decision) error {
	if err := s.check(); err != nil {
		return err
	}
	d.By, d.Reason, d.TLP = s.by, s.reason, intel.TLPAmber
	k, err := a.asker(ctx)
	if err != nil {
		return err
	}
	var made intel.Decision
	err = k.post(ctx, "/v1/decisions", d, &made)
	if err := errors.Join(err, k.close()); err != nil {
		return err
	}
	if a.json || a.jsonl {
		return printJSON(a.stdout, made)
	}
	if made.Kind == intel.DecidePurge {
		a.line("decision %s recorded: report %s is purged by %s, for good", made.ID, made.Subject, made.By)
		return nil
	}
	a.line("decision %s recorded: %s %s by %s; take it back with: rapsheet decide undo %s --by … --reason …", made.ID, made.Kind, made.Subject, made.By, made.ID)
	return nil
}
