package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// How many sentences of each facet are printed before the rest is only counted.
const (
	wordsOfActor  = 2
	wordsOfVictim = 4
)

// showIncidents prints each incident by what is known of each side, and the sentences that rests on, each once.
func (a *app) showIncidents(page intel.Page[intel.IncidentDetail], words int) error {
	for _, in := range page.Items {
		a.showIncident(in, words)
	}
	a.line("%d of %s%s", len(page.Items), countOf(page.Total, "incident"), coverageText(page.Coverage))
	if page.NextCursor != "" {
		a.line("more: --cursor %s", page.NextCursor)
	}
	return nil
}

func (a *app) showIncident(in intel.IncidentDetail, words int) {
	actors := make([]string, 0, len(in.Actors))
	for _, ac := range in.Actors {
		actors = append(actors, ac.Name)
	}
	via := ""
	if in.Via != "" {
		via = "  [via " + in.Via + "]"
	}
	a.line("%s  ·  %s  ·  named as actor: %s%s", terminalSafe(cmp.Or(in.Victim.Name, "(no organisation named)")), in.Kind, cmp.Or(terminalSafe(strings.Join(actors, ", ")), "nobody"), via)
	a.line("  occurred %s · sector %s · country %s · %s · confidence %.2f%s", occurredText(in.Occurred), orUnknown(in.Sector), orUnknown(in.Country), countOf(len(in.Reports), "report"), in.Confidence, reviewText(in.Incident)+supportText(in.Incident))
	if in.Victim.Name != "" {
		a.line("  the organisation's latest answer: %s", orUnknown(in.VictimAnswer))
	}
	for _, s := range intel.Sides(in) {
		a.showSide(s, words)
	}
	a.line("")
}

// reviewText says who vouches for an incident: a person, or a machine that is not sure enough for what leaves the house.
func reviewText(in intel.Incident) string {
	switch {
	case in.Reviewed:
		return " (a person decided)"
	case in.Confidence < houseConfidence:
		return " (machine, unreviewed)"
	default:
		return ""
	}
}

func supportText(in intel.Incident) string {
	switch {
	case in.ClaimOnly:
		return " · claimed by the actor alone"
	case in.Corroborated:
		return " · corroborated"
	default:
		return ""
	}
}

func (a *app) showSide(s intel.Side, words int) {
	a.line("  %-12s %s", s.Facet, orNone(s.Status))
	for i, w := range s.Words {
		if words > 0 && i == words {
			a.line("    and %s; --all prints them", countOf(len(s.Words)-i, "more sentence"))
			return
		}
		about := ""
		if len(w.Actors) > 0 && s.Facet == intel.FacetAttribution && (len(w.Actors) > 1 || !strings.EqualFold(w.Actors[0], w.SaidBy.Name)) {
			about = " · about " + terminalSafe(strings.Join(w.Actors, ", "))
		}
		a.line("    %s by %s (%s)%s · %s", w.Stance, terminalSafe(w.SaidBy.Called()), w.SaidBy.Kind, about, carriers(w.Reports))
		a.line("      “%s”", terminalSafe(clip(w.Quote, 240)))
	}
}

// carriers names the outlets that carry a sentence, with the day of the first.
func carriers(reports []intel.ClaimDetail) string {
	var names []string
	seen := map[string]bool{}
	for _, r := range reports {
		n := cmp.Or(r.Publisher, r.Title, "a report")
		if !seen[n] {
			seen[n] = true
			names = append(names, clip(n, 60))
		}
	}
	if len(names) > 3 {
		names = append(names[:3], fmt.Sprintf("%d more", len(names)-3))
	}
	day := "undated"
	if d := reports[0].Published; !d.IsZero() {
		day = d.Date().String()
	}
	return terminalSafe(strings.Join(names, ", ")) + ", " + day
}

func orNone(s intel.Stance) string {
	if s == "" {
		return "nothing said"
	}
	return string(s)
}

// occurredText is when something happened: the days, how exactly they are known, and the words where nothing else is.
func occurredText(i intel.Interval) string {
	switch {
	case !i.Known() && i.Words != "":
		return fmt.Sprintf("unknown (“%s”)", terminalSafe(clip(i.Words, 80)))
	case !i.Known():
		return "unknown"
	case i.From.IsZero():
		return fmt.Sprintf("until %s (%s)", i.To, i.Precision)
	case i.To.IsZero():
		return fmt.Sprintf("since %s (%s)", i.From, i.Precision)
	case i.From == i.To:
		return fmt.Sprintf("%s (%s)", i.From, i.Precision)
	default:
		return fmt.Sprintf("%s to %s (%s)", i.From, i.To, i.Precision)
	}
}

// spread says which values reports give when they differ.
func spread(best string, counts []intel.Count) string {
	if len(counts) < 2 {
		return orUnknown(best)
	}
	parts := make([]string, len(counts))
	for i, c := range counts {
		parts[i] = fmt.Sprintf("%s %d", c.Value, c.Count)
	}
	return fmt.Sprintf("%s (reports differ: %s)", orUnknown(best), strings.Join(parts, ", "))
}
