package main

import (
	"bufio"
	"context"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// watchlist reads names, one a line; an empty path is no list.
func watchlist(path string) (map[string]bool, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path) //nolint:gosec // the user names the file
	if err != nil {
		return nil, usagef("--watchlist: %v", err)
	}
	defer f.Close() //nolint:errcheck // only read
	set := map[string]bool{}
	in := bufio.NewScanner(f)
	for in.Scan() {
		if key := names.FoldOrg(in.Text()); key != "" {
			set[key] = true
		}
	}
	return set, in.Err()
}

// onWatchlist keeps the incidents whose victim or actor is watched.
func onWatchlist(all []intel.IncidentDetail, set map[string]bool) []intel.IncidentDetail {
	var out []intel.IncidentDetail
	for _, in := range all {
		watched := set[names.FoldOrg(in.Victim.Name)]
		for _, n := range in.Victim.Aliases {
			watched = watched || set[names.FoldOrg(n)]
		}
		for _, ac := range in.Actors {
			watched = watched || set[names.FoldOrg(ac.Name)]
		}
		if watched {
			out = append(out, in)
		}
	}
	return out
}

func (a *app) watchCmd() *cobra.Command {
	var every time.Duration
	c := &cobra.Command{
		Use:     "watch FILE",
		Short:   "Print incidents that name somebody on a list of names, as they are recorded",
		Long:    "FILE holds names of organisations or actors, one a line. watch asks a running rapsheet again and again and prints each incident once.",
		Example: "  rapsheet watch suppliers.txt --server http://127.0.0.1:8080",
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.watch(c.Context(), args[0], every)
		},
	}
	c.Flags().DurationVar(&every, "every", time.Minute, "how often to ask")
	return c
}

func (a *app) watch(ctx context.Context, path string, every time.Duration) error {
	set, err := watchlist(path)
	if err != nil {
		return err
	}
	if len(set) == 0 {
		return usagef("watch: %s names nobody", path)
	}
	k, err := a.asker(ctx)
	if err != nil {
		return err
	}
	defer k.close() //nolint:errcheck // nothing was written
	seen := map[string]string{}
	for {
		all, _, err := allIncidents(ctx, k, url.Values{"limit": {"200"}, "sort": {"oldest"}, "min_confidence": {"0.8"}})
		if err != nil {
			return err
		}
		for _, in := range onWatchlist(all, set) {
			state := string(in.Status) + in.VictimAnswer
			if seen[in.ID] != state {
				seen[in.ID] = state
				if err := a.showWatched(in); err != nil {
					return err
				}
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(every):
		}
	}
}

func (a *app) showWatched(in intel.IncidentDetail) error {
	if a.json || a.jsonl {
		return printLine(a.stdout, in)
	}
	var actors []string
	for _, ac := range in.Actors {
		actors = append(actors, ac.Name)
	}
	a.line("%s  %s  actors: %s  status %s; the organisation's latest answer: %s", in.LastReported.Date(), terminalSafe(in.Victim.Name), orUnknown(terminalSafe(strings.Join(actors, ", "))), in.Status, in.VictimAnswer)
	return nil
}
