package main

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/intel"
)

// filters are the flags shared by the commands that read.
type filters struct {
	since, until, asOf, sort, expand string
	sector, country, kind, status    string
	limit                            int
	cursor                           string
	minConfidence                    float64
}

func (f *filters) flags(c *cobra.Command) {
	fl := c.Flags()
	fl.StringVar(&f.since, "from", "", "from this day on (YYYY-MM-DD)")
	fl.StringVar(&f.until, "to", "", "up to and with this day (YYYY-MM-DD)")
	fl.StringVar(&f.asOf, "as-of", "", "what was recorded by then (RFC 3339)")
	fl.StringVar(&f.sort, "sort", "", "relevance, newest or oldest")
	fl.StringVar(&f.expand, "expand", "", "members: also what was done by the members of an umbrella, labelled")
	fl.StringVar(&f.sector, "sector", "", "ISIC section name")
	fl.StringVar(&f.country, "country", "", "ISO 3166-1 alpha-2")
	fl.StringVar(&f.kind, "kind", "", kindHelp())
	fl.StringVar(&f.status, "status", "", "reported, claimed, attributed, confirmed, denied, disputed or retracted")
	fl.IntVar(&f.limit, "limit", 20, "at most this many (200)")
	fl.StringVar(&f.cursor, "cursor", "", "next_cursor of the page before")
	fl.Float64Var(&f.minConfidence, "min-confidence", 0, "leave out incidents that are less certain (0 to 1); what a person decided about counts as 1")
}

func kindHelp() string {
	names := make([]string, 0, len(intel.Kinds()))
	for _, k := range intel.Kinds() {
		names = append(names, string(k))
	}
	return "kind of incident: " + strings.Join(names, ", ")
}

func (f *filters) query() url.Values {
	q := url.Values{"limit": {strconv.Itoa(f.limit)}}
	for k, v := range map[string]string{
		"from": f.since, "to": f.until, "as_of": f.asOf, "sort": f.sort, "expand": f.expand, "sector": f.sector,
		"country": f.country, "kind": f.kind, "status": f.status, "cursor": f.cursor,
	} {
		if v != "" {
			q.Set(k, v)
		}
	}
	if f.minConfidence != 0 {
		q.Set("min_confidence", strconv.FormatFloat(f.minConfidence, 'g', -1, 64))
	}
	return q
}

func (a *app) searchCmd() *cobra.Command {
	var f filters
	c := &cobra.Command{
		Use:     "search QUERY",
		Short:   "Find reports",
		Example: "  rapsheet search 'ransomware retailer'\n  rapsheet search 'actor:\"scattered spider\" sector:retail' --sort newest",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			q := f.query()
			q.Set("q", strings.Join(args, " "))
			var page intel.Page[intel.Hit]
			return a.answer(c.Context(), "/v1/search", q, &page, func() error { return a.showHits(page) })
		},
	}
	f.flags(c)
	return c
}

func (a *app) showHits(page intel.Page[intel.Hit]) error {
	rows := make([][]string, 0, len(page.Items))
	for _, h := range page.Items {
		rows = append(rows, []string{h.Published.Date().String(), clip(h.Title, 60), h.Publisher, clip(refNames(h.Actors), 34), victimNames(h, 34), whyText(h.Why)})
	}
	if err := printTable(a.stdout, []string{"PUBLISHED", "TITLE", "SOURCE", "ACTORS", "VICTIMS", "WHY"}, rows); err != nil {
		return err
	}
	a.line("%d of %d reports%s", len(page.Items), page.Total, coverageText(page.Coverage))
	if page.NextCursor != "" {
		a.line("more: --cursor %s", page.NextCursor)
	}
	return nil
}

func refNames(refs []intel.Ref) string {
	names := make([]string, len(refs))
	for i, r := range refs {
		names[i] = r.Name
	}
	return strings.Join(names, ", ")
}

// victimNames are the organisations of a report in a column of some width, each with its latest answer where it gave one. Who
// denies comes first, and what does not fit is counted: a row that is cut must not cut an answer off.
func victimNames(h intel.Hit, width int) string {
	answers := map[string]string{}
	for _, in := range h.Incidents {
		for _, key := range []string{in.Victim.ID, in.Victim.Name} {
			// Of several incidents of one organisation the denial is told: a row that drops it would do it wrong.
			if a := in.VictimAnswer; a == string(intel.StanceDenied) || a == string(intel.StanceConfirmed) && answers[key] == "" {
				answers[key] = a
			}
		}
	}
	var answered, others []string
	for _, v := range h.Victims {
		if a := cmp.Or(answers[v.ID], answers[v.Name]); a != "" {
			answered = append(answered, clip(v.Name, width-len(a)-3)+" ("+a+")")
		} else {
			others = append(others, clip(v.Name, width))
		}
	}
	slices.SortStableFunc(answered, func(a, b string) int { return cmp.Compare(deniedFirst(a), deniedFirst(b)) })
	all := slices.Concat(answered, others)
	out := ""
	for i, name := range all {
		more := ""
		if rest := len(all) - i - 1; rest > 0 {
			more = fmt.Sprintf(", %d more", rest)
		}
		if i > 0 && len([]rune(out+", "+name+more)) > width {
			return out + fmt.Sprintf(", %d more", len(all)-i)
		}
		if i > 0 {
			out += ", "
		}
		out += name
	}
	return out
}

func deniedFirst(named string) int {
	if strings.HasSuffix(named, "("+string(intel.StanceDenied)+")") {
		return 0
	}
	return 1
}

func whyText(why []intel.Why) string {
	var out []string
	for _, w := range why {
		s := w.Field
		if w.Matched != "" {
			s += " " + w.Matched
		}
		if w.Of != "" && !strings.EqualFold(w.Of, w.Matched) {
			s += " (" + w.Of + ")"
		}
		out = append(out, s)
	}
	return clip(strings.Join(out, "; "), 50)
}

// coverageText says how much was looked at, so that nothing found is not mistaken for nothing there.
func coverageText(c intel.Coverage) string {
	if c.Read == 0 && c.Reports == 0 {
		return " · no source was read yet: nothing was looked at"
	}
	s := " · " + strconv.Itoa(c.Read) + " of " + strconv.Itoa(c.Sources) + " sources read"
	if c.Failing > 0 {
		s += ", " + strconv.Itoa(c.Failing) + " failing"
	}
	if c.Stale > 0 {
		s += ", " + strconv.Itoa(c.Stale) + " stale"
	}
	if len(c.Late) > 0 {
		s += " (" + clip(terminalSafe(strings.Join(c.Late, ", ")), 60) + ")"
	}
	if !c.LastRead.IsZero() {
		s += ", last " + c.LastRead.UTC().Format("2006-01-02 15:04 UTC")
	}
	return s
}
