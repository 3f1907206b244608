package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// answer asks one route and shows it: as the route's own object with --json, one item a line with --jsonl, else as show says.
func (a *app) answer(ctx context.Context, path string, q url.Values, v any, show func() error) error {
	k, err := a.asker(ctx)
	if err != nil {
		return err
	}
	defer k.close() //nolint:errcheck // nothing was written
	var raw []byte
	if err := k.get(ctx, path, q, &raw); err != nil {
		return a.ambiguous(err)
	}
	if a.json {
		_, err := a.stdout.Write(raw)
		return err
	}
	if a.jsonl {
		return a.itemLines(raw)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("ask %s: %w", path, err)
	}
	return show()
}

// itemLines prints the items of a list one a line.
func (a *app) itemLines(raw []byte) error {
	var list struct {
		Items   []json.RawMessage `json:"items"`
		Results []json.RawMessage `json:"results"`
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return err
	}
	for _, it := range append(list.Items, list.Results...) {
		if err := printLine(a.stdout, it); err != nil {
			return err
		}
	}
	return nil
}

// ambiguous shows the candidates of a name that means several things: that is an answer, not a failure to hide.
func (a *app) ambiguous(err error) error {
	var amb *intel.AmbiguousError
	if !errors.As(err, &amb) {
		return err
	}
	rows := make([][]string, 0, len(amb.Candidates))
	for _, c := range amb.Candidates {
		rows = append(rows, []string{c.ID, named(c), c.Why})
	}
	if err := printTable(a.stdout, []string{"ID", "NAME", "WHY"}, rows); err != nil {
		return err
	}
	return usagef("this name means several; ask again with one of the ids above")
}

func (a *app) actorCmd() *cobra.Command {
	var f filters
	var all bool
	c := &cobra.Command{
		Use:     "actor NAME",
		Short:   "What an actor has done, and to whom",
		Example: "  rapsheet actor \"scattered lapsus$ hunters\"\n  rapsheet actor UNC3944 --from 2025-01-01",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.actor(c.Context(), strings.Join(args, " "), f.query(), atMost(wordsOfActor, all))
		},
	}
	f.flags(c)
	c.Flags().BoolVar(&all, "all", false, "every sentence, not the first ones")
	return c
}

// atMost is n, or no bound where all is asked for.
func atMost(n int, all bool) int {
	if all {
		return 0
	}
	return n
}

func (a *app) actor(ctx context.Context, name string, q url.Values, words int) error {
	k, err := a.asker(ctx)
	if err != nil {
		return err
	}
	defer k.close() //nolint:errcheck // nothing was written
	path := "/v1/actors/" + url.PathEscape(name)
	var raw []byte
	if err := k.get(ctx, path, q, &raw); err != nil {
		return a.ambiguous(err)
	}
	if a.json || a.jsonl {
		_, err := a.stdout.Write(raw)
		return err
	}
	var p intel.ActorProfile
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	var page intel.Page[intel.IncidentDetail]
	if err := k.get(ctx, "/v1/actors/"+url.PathEscape(p.ID)+"/timeline", q, &page); err != nil {
		return err
	}
	a.showActor(p, k.namesOf(ctx, p))
	return a.showIncidents(page, words)
}

// namesOf are the names of an actor's members and umbrellas by id; one that cannot be read keeps its id.
func (k *asker) namesOf(ctx context.Context, p intel.ActorProfile) map[string]string {
	names := map[string]string{}
	for _, r := range slices.Concat(p.Members, p.Umbrellas) {
		for _, id := range []string{r.From, r.To} {
			var other intel.ActorProfile
			if names[id] == "" && id != p.ID && k.get(ctx, "/v1/actors/"+url.PathEscape(id), nil, &other) == nil {
				names[id] = other.Name
			}
			names[id] = cmp.Or(names[id], id)
		}
	}
	return names
}

func (a *app) showActor(p intel.ActorProfile, related map[string]string) {
	a.line("%s  (%s, %s)", terminalSafe(p.Name), p.ID, p.Kind)
	if also := otherNames(p); len(also) > 0 {
		a.line("also: %s", strings.Join(also, ", "))
	}
	for _, m := range p.Members {
		a.line("unites: %s (%s%s, %s)", relative(related, m.From), m.Type, sinceText(m.Since), m.Source)
	}
	for _, u := range p.Umbrellas {
		a.line("under: %s (%s%s, %s)", relative(related, u.To), u.Type, sinceText(u.Since), u.Source)
	}
	s := p.Summary
	a.line("%s in %s, last reported %s; %d corroborated, %d claimed by the actor alone, %d denied", countOf(s.Incidents, "incident"), countOf(s.Reports, "report"), dayOf(s.LastReported), s.Corroborated, s.ClaimOnly, s.Denied)
	a.line("")
}

// relative is a related actor by name, with the id that other commands take where it differs.
func relative(related map[string]string, id string) string {
	if strings.EqualFold(related[id], id) {
		return terminalSafe(related[id])
	}
	return terminalSafe(related[id]) + " [" + id + "]"
}

func dayOf(m intel.Moment) string {
	if m.IsZero() {
		return "unknown"
	}
	return m.Date().String()
}

// otherNames gives the other names of an actor with who uses each, all spellings of one as one; safe for a terminal.
func otherNames(p intel.ActorProfile) []string {
	type line struct {
		name  string
		users []string
	}
	var lines []*line
	byFold := map[string]*line{}
	for _, n := range p.Names {
		fold := names.FoldKey(n.Name)
		if n.Withdrawn || fold == names.FoldKey(p.Name) {
			continue
		}
		l := byFold[fold]
		if l == nil {
			l = &line{name: n.Name}
			byFold[fold], lines = l, append(lines, l)
		}
		if n.UsedBy != "" && !slices.Contains(l.users, n.UsedBy) {
			l.users = append(l.users, n.UsedBy)
		}
	}
	out := make([]string, len(lines))
	for i, l := range lines {
		if out[i] = l.name; len(l.users) > 0 {
			out[i] += " (" + strings.Join(l.users, ", ") + ")"
		}
		out[i] = clip(terminalSafe(out[i]), 240)
	}
	return out
}

func sinceText(d intel.Date) string {
	if d.IsZero() {
		return ""
	}
	return " since " + d.String()
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

func (a *app) victimCmd() *cobra.Command {
	var f filters
	var all bool
	c := &cobra.Command{
		Use:     "victim NAME",
		Short:   "What was reported about an organisation",
		Example: "  rapsheet victim JLR",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.victim(c.Context(), strings.Join(args, " "), f.query(), atMost(wordsOfVictim, all))
		},
	}
	f.flags(c)
	c.Flags().BoolVar(&all, "all", false, "every sentence, not the first ones")
	return c
}

func (a *app) victim(ctx context.Context, name string, q url.Values, words int) error {
	k, err := a.asker(ctx)
	if err != nil {
		return err
	}
	defer k.close() //nolint:errcheck // nothing was written
	var raw []byte
	if err := k.get(ctx, "/v1/victims/"+url.PathEscape(name), q, &raw); err != nil {
		return a.ambiguous(err)
	}
	if a.json || a.jsonl {
		_, err := a.stdout.Write(raw)
		return err
	}
	var p intel.VictimProfile
	if err := json.Unmarshal(raw, &p); err != nil {
		return err
	}
	var page intel.Page[intel.IncidentDetail]
	if err := k.get(ctx, "/v1/victims/"+url.PathEscape(p.ID)+"/timeline", q, &page); err != nil {
		return err
	}
	a.line("%s  (%s)", terminalSafe(p.Name), p.ID)
	if len(p.Names) > 1 {
		a.line("also: %s", terminalSafe(strings.Join(p.Names[1:], ", ")))
	}
	a.line("sector %s, country %s; %s in %s", spread(p.Sector, p.SectorsReported), spread(p.Country, p.CountriesReported), countOf(p.Summary.Incidents, "incident"), countOf(p.Summary.Reports, "report"))
	a.line("")
	return a.showIncidents(page, words)
}
