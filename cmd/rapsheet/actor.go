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
		rows = append(rows, []string{c.ID, c.Name, c.Why})
	}
	if err := printTable(a.stdout, []string{"ID", "NAME", "WHY"}, rows); err != nil {
		return err
	}
	return usagef("this name means several; ask again with one of the ids above")
}

func (a *app) actorCmd() *cobra.Command {
	var f filters
	c := &cobra.Command{
		Use:     "actor NAME",
		Short:   "What an actor has done, and to whom",
		Example: "  rapsheet actor \"scattered lapsus$ hunters\"\n  rapsheet actor UNC3944 --from 2025-01-01",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.actor(c.Context(), strings.Join(args, " "), f.query())
		},
	}
	f.flags(c)
	return c
}

func (a *app) actor(ctx context.Context, name string, q url.Values) error {
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
	a.showActor(p)
	return a.showIncidents(page)
}

func (a *app) showActor(p intel.ActorProfile) {
	a.line("%s  (%s, %s)", terminalSafe(p.Name), p.ID, p.Kind)
	for _, n := range otherNames(p) {
		a.line("also: %s", clip(terminalSafe(n), 240))
	}
	for _, m := range p.Members {
		a.line("unites: %s (%s%s, %s)", m.From, m.Type, sinceText(m.Since), m.Source)
	}
	for _, u := range p.Umbrellas {
		a.line("under: %s (%s%s, %s)", u.To, u.Type, sinceText(u.Since), u.Source)
	}
	s := p.Summary
	a.line("%d incidents in %d reports, last reported %s; %d corroborated, %d claimed by the actor alone, %d denied", s.Incidents, s.Reports, orUnknown(s.LastReported.String()), s.Corroborated, s.ClaimOnly, s.Denied)
	a.line("")
}

// otherNames gives the other names of an actor with who uses each, a line for all spellings of one.
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
	c := &cobra.Command{
		Use:     "victim NAME",
		Short:   "What was reported about an organisation",
		Example: "  rapsheet victim JLR",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.victim(c.Context(), strings.Join(args, " "), f.query())
		},
	}
	f.flags(c)
	return c
}

func (a *app) victim(ctx context.Context, name string, q url.Values) error {
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
	a.line("sector %s, country %s; %d incidents in %d reports", orUnknown(p.Sector), orUnknown(p.Country), p.Summary.Incidents, p.Summary.Reports)
	a.line("")
	return a.showIncidents(page)
}

// showIncidents prints each incident with what is known of each side, and the sentence each claim rests on.
func (a *app) showIncidents(page intel.Page[intel.IncidentDetail]) error {
	for _, in := range page.Items {
		a.showIncident(in)
	}
	a.line("%d of %d incidents%s", len(page.Items), page.Total, coverageText(page.Coverage))
	return nil
}

func (a *app) showIncident(in intel.IncidentDetail) {
	victim := in.Victim.Name
	if victim == "" {
		victim = "(no organisation named)"
	}
	var actors []string
	for _, ac := range in.Actors {
		actors = append(actors, ac.Name)
	}
	who := "nobody named"
	if len(actors) > 0 {
		who = strings.Join(actors, ", ")
	}
	via := ""
	if in.Via != "" {
		via = "  [via " + in.Via + "]"
	}
	a.line("%s  ·  %s  ·  %s%s", terminalSafe(victim), terminalSafe(who), in.Kind, via)
	a.line("  event %s, attribution %s, impact %s; the victim's latest answer: %s", orNone(in.Facets.Event), orNone(in.Facets.Attribution), orNone(in.Facets.Impact), orUnknown(in.VictimAnswer))
	a.line("  occurred %s; sector %s; country %s; %d reports; confidence %.2f", occurredText(in.Occurred), orUnknown(in.Sector), orUnknown(in.Country), len(in.Reports), in.Confidence)
	for _, c := range in.Claims {
		a.line("  - %s %s by %s (%s): “%s” (%s)", c.Facet, c.Stance, terminalSafe(c.SaidBy.Name), c.SaidBy.Kind, terminalSafe(clip(c.Quote, 240)), terminalSafe(cmp.Or(c.Publisher, c.Title)))
	}
	a.line("")
}

func orNone(s intel.Stance) string {
	if s == "" {
		return "not spoken to"
	}
	return string(s)
}

func occurredText(i intel.Interval) string {
	switch {
	case !i.Known() && i.Words != "":
		return fmt.Sprintf("unknown (“%s”)", terminalSafe(i.Words))
	case !i.Known():
		return "unknown"
	case i.From == i.To:
		return i.From.String()
	default:
		return i.From.String() + " to " + i.To.String() + " (" + string(i.Precision) + ")"
	}
}
