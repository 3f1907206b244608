package web

import (
	"cmp"
	"html/template"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

func victimName(s string) string {
	if s == "" {
		return "No organisation named"
	}
	return s
}

// funcs are what templates call.
func funcs() template.FuncMap {
	return template.FuncMap{
		"defang": exchange.Defang, "victim": victimName, "facet": facetText, "answer": answerText, "said": saidText, "quote": quote,
		"occurred": occurred, "moment": moment, "machine": func(f float64) bool { return f < reviewed },
		"path": url.PathEscape, "link": safeLink, "mark": mark, "count": func(n int, one, many string) string {
			if n == 1 {
				return "1 " + one
			}
			return strconv.Itoa(n) + " " + many
		},
		"origins": origins, "sides": intel.Sides, "facetword": facetWord, "differ": differ,
		"join": func(s []string) string { return strings.Join(s, ", ") },
		"more": more, "facetname": facetName, "narrow": narrow, "chosen": chosen,
		"day": func(t time.Time) string {
			if t.IsZero() {
				return "never"
			}
			return t.UTC().Format("2006-01-02 15:04 UTC")
		},
		"has": func(f map[string][]intel.Count, k string) []intel.Count { return f[k][:min(len(f[k]), mostFacet)] },
	}
}

// origins tells how many independent speakers of each kind there are, most first.
func origins(of map[intel.SpeakerKind]int) string {
	kinds := slices.SortedFunc(maps.Keys(of), func(a, b intel.SpeakerKind) int { return cmp.Or(of[b]-of[a], cmp.Compare(a, b)) })
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = strconv.Itoa(of[k]) + " " + string(k)
	}
	return cmp.Or(strings.Join(words, ", "), "none counted")
}

func facetText(s intel.Stance) string {
	if s == "" {
		return "nothing said"
	}
	return string(s)
}

// facetWord is the question that a facet answers.
func facetWord(f intel.Facet) string {
	switch f {
	case intel.FacetEvent:
		return "It happened"
	case intel.FacetAttribution:
		return "Who did it"
	default:
		return "Taken or broken"
	}
}

// differ says which values reports give where they do not agree.
func differ(counts []intel.Count) string {
	if len(counts) < 2 {
		return ""
	}
	parts := make([]string, len(counts))
	for i, c := range counts {
		parts[i] = c.Value + " " + strconv.Itoa(c.Count)
	}
	return " (reports differ: " + strings.Join(parts, ", ") + ")"
}

// answerText words the victim's latest answer.
func answerText(in intel.Incident) string {
	switch {
	case in.Victim.Name == "":
		return "there is no organisation to answer"
	case in.VictimAnswer == string(intel.StanceConfirmed):
		return "the organisation confirms the event"
	case in.VictimAnswer == string(intel.StanceDenied):
		return "the organisation denies it"
	default:
		return "no answer of the organisation found"
	}
}

// saidText is an organisation's answer in a list of names; one that gave none is named alone.
func saidText(answer string) string {
	if answer == string(intel.StanceConfirmed) || answer == string(intel.StanceDenied) {
		return " (" + answer + ")"
	}
	return ""
}

// quote cuts an excerpt to 240 characters.
func quote(s string) string {
	r := []rune(s)
	if len(r) <= 240 {
		return s
	}
	return string(r[:239]) + "…"
}

func occurred(i intel.Interval) string {
	switch {
	case !i.Known() && i.Words != "":
		return "date unknown (“" + i.Words + "”)"
	case !i.Known():
		return "date unknown"
	case i.From == i.To:
		return i.From.String() + exactly(i.Precision)
	case i.From.IsZero():
		return "until " + i.To.String()
	case i.To.IsZero():
		return "since " + i.From.String()
	default:
		return i.From.String() + " to " + i.To.String() + exactly(i.Precision)
	}
}

// exactly says how exactly a time is known where that is not to the day.
func exactly(p intel.Precision) string {
	if p == "" || p == intel.PrecisionDay || p == intel.PrecisionUnknown {
		return ""
	}
	return " (known to the " + string(p) + ")"
}

func moment(m intel.Moment) string {
	if m.IsZero() {
		return "undated"
	}
	return m.Date().String()
}

// safeLink lets only web addresses become links to a citing report.
func safeLink(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return s
}

// mark turns « and » of a highlight into mark elements; everything else is escaped.
func mark(s string) template.HTML {
	s = template.HTMLEscapeString(s)
	s = strings.ReplaceAll(strings.ReplaceAll(s, "«", "<mark>"), "»", "</mark>")
	if strings.Count(s, "<mark>") != strings.Count(s, "</mark>") {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "<mark>", "«"), "</mark>", "»")
	}
	return template.HTML(s) //nolint:gosec // escaped above; only mark elements were added
}
