package brief

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/yuin/goldmark"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

// Options say what the briefing is about.
type Options struct {
	// Title heads it; Since and Until bound it.
	Title        string
	Since, Until intel.Date
	// At is when it was written; TLP its marking.
	At  time.Time
	TLP intel.TLP
	// Coverage says what was looked at.
	Coverage intel.Coverage
}

// Citation is one numbered source.
type Citation struct {
	Number    int          `json:"number"`
	Publisher string       `json:"publisher"`
	Title     string       `json:"title"`
	URL       string       `json:"url"`
	Published intel.Moment `json:"published"`
}

// Item is one incident of a briefing.
type Item struct {
	Incident intel.IncidentDetail `json:"incident"`
	// Sentences are what is printed, each with the numbers of its citations.
	Sentences []Sentence `json:"sentences"`
}

// Sentence is one statement with its citations.
type Sentence struct {
	Text      string `json:"text"`
	Citations []int  `json:"citations"`
}

// Briefing is a briefing before it is laid out.
type Briefing struct {
	Options   Options    `json:"options"`
	Items     []Item     `json:"items"`
	Citations []Citation `json:"citations"`
}

// Make turns incidents into a briefing. Incidents keep their order.
func Make(incidents []intel.IncidentDetail, o Options) Briefing {
	b := Briefing{Options: o, Items: []Item{}, Citations: []Citation{}}
	numbers := map[string]int{}
	for _, in := range incidents {
		item := Item{Incident: in}
		for _, f := range intel.Facets() {
			if s, ok := b.sentence(in, f, numbers); ok {
				item.Sentences = append(item.Sentences, s)
			}
		}
		b.Items = append(b.Items, item)
	}
	return b
}

// sentence says what is known of one facet in the order in which it was said, citing every report that speaks to it. An organisation
// goes by one name however reports spell it, and each answer has the day it was first given, for answers change.
func (b *Briefing) sentence(in intel.IncidentDetail, f intel.Facet, numbers map[string]int) (Sentence, bool) {
	var cites []int
	said := map[string]bool{}
	var speakers []string
	claims := slices.Clone(in.Claims)
	slices.SortStableFunc(claims, func(a, b intel.ClaimDetail) int { return a.Published.Time().Compare(b.Published.Time()) })
	for _, c := range claims {
		if c.Facet != f {
			continue
		}
		if numbers[c.URL] == 0 {
			b.Citations = append(b.Citations, Citation{len(b.Citations) + 1, c.Publisher, c.Title, c.URL, c.Published})
			numbers[c.URL] = len(b.Citations)
		}
		if n := numbers[c.URL]; len(cites) == 0 || cites[len(cites)-1] != n {
			cites = append(cites, n)
		}
		word := fmt.Sprintf("%s by %s", c.Stance, speaker(in, c))
		if !said[word] {
			said[word] = true
			speakers = append(speakers, word+" ("+string(c.SaidBy.Kind)+", "+orUndated(c.Published)+")")
		}
	}
	if len(cites) == 0 {
		return Sentence{}, false
	}
	return Sentence{Text: facetWord(f) + ": " + strings.Join(speakers, "; ") + ".", Citations: cites}, true
}

// speaker is who made a claim; the victim of the incident under the name that the incident has.
func speaker(in intel.IncidentDetail, c intel.ClaimDetail) string {
	if c.SaidBy.Kind == intel.SpeakerVictim && in.Victim.Name != "" {
		return in.Victim.Name
	}
	return c.SaidBy.Called()
}

func facetWord(f intel.Facet) string {
	switch f {
	case intel.FacetEvent:
		return "That it happened"
	case intel.FacetAttribution:
		return "Who did it"
	default:
		return "What was taken or broken"
	}
}

// Markdown lays a briefing out; it is the master of every other form. Names and titles come from outside and are escaped.
func (b Briefing) Markdown() string {
	var s strings.Builder
	fmt.Fprintf(&s, "**TLP:%s**\n\n# %s\n\n", b.Options.TLP, escape(b.Options.Title))
	fmt.Fprintf(&s, "Reported %s to %s. %d incidents from %d reports. %d of %d sources were read; %d failing, %d stale.\n\n",
		orOpen(b.Options.Since), orOpen(b.Options.Until), len(b.Items), len(b.Citations), b.Options.Coverage.Read, b.Options.Coverage.Sources, b.Options.Coverage.Failing, b.Options.Coverage.Stale)
	s.WriteString("## Assessment\n\n*Left to the analyst: the sections below say what was reported and by whom; they judge nothing.*\n\n## What was reported\n\n")
	for _, it := range b.Items {
		it.markdown(&s)
	}
	s.WriteString("## Sources\n\n")
	for _, c := range b.Citations {
		fmt.Fprintf(&s, "%d. %s, “%s”, %s. <%s>\n", c.Number, escape(c.Publisher), escape(c.Title), orUndated(c.Published), address(c.URL))
	}
	fmt.Fprintf(&s, "\n**TLP:%s**\n", b.Options.TLP)
	return s.String()
}

func (it Item) markdown(s *strings.Builder) {
	in := it.Incident
	victim := in.Victim.Name
	if victim == "" {
		victim = "No organisation named"
	}
	var actors []string
	for _, a := range in.Actors {
		actors = append(actors, escape(a.Name))
	}
	fmt.Fprintf(s, "### %s\n\n", escape(victim))
	if len(actors) > 0 {
		fmt.Fprintf(s, "Named as actor: %s. ", strings.Join(actors, ", "))
	}
	fmt.Fprintf(s, "The organisation's latest answer: %s. Independent origins that are not the actor: %s.\n\n", in.VictimAnswer, yesNo(in.Corroborated))
	for _, sen := range it.Sentences {
		fmt.Fprintf(s, "- %s", escape(sen.Text))
		for _, n := range sen.Citations {
			fmt.Fprintf(s, " [%d]", n)
		}
		if len(sen.Citations) == 1 {
			s.WriteString(" *(single report)*")
		}
		s.WriteString("\n")
	}
	s.WriteString("\n")
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "none found"
}

func orOpen(d intel.Date) string {
	if d.IsZero() {
		return "any time"
	}
	return d.String()
}

func orUndated(m intel.Moment) string {
	if m.IsZero() {
		return "undated"
	}
	return m.Date().String()
}

// escape keeps names and titles from being read as Markdown or HTML, from making a line of their own or turning the direction of one,
// and defangs addresses in them: readers of Markdown make links of bare ones.
func escape(s string) string {
	var b strings.Builder
	for _, r := range exchange.DefangText(strings.ToValidUTF8(s, "\ufffd")) {
		switch {
		case strings.ContainsRune("\\`*_{}[]<>#|~&!", r):
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			b.WriteByte(' ')
		case unicode.Is(unicode.Bidi_Control, r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// address keeps the address of a source within its angle brackets.
func address(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Bidi_Control, r) || r == '<' || r == '>' || r == '\\' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// HTML is the Markdown as one self-contained page. It returns an error only when the Markdown cannot be rendered.
func (b Briefing) HTML() ([]byte, error) {
	var body bytes.Buffer
	if err := goldmark.Convert([]byte(b.Markdown()), &body); err != nil {
		return nil, fmt.Errorf("brief: write html: %w", err)
	}
	var out bytes.Buffer
	out.WriteString("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Briefing</title>" +
		"<style>body{font:16px/1.5 Georgia,serif;max-width:46rem;margin:2rem auto;padding:0 1rem}h1,h2,h3{font-family:system-ui,sans-serif;line-height:1.2}@media print{body{margin:0}}</style><body>")
	out.Write(body.Bytes())
	out.WriteString("</body></html>\n")
	return out.Bytes(), nil
}

// JSON is the briefing as data.
func (b Briefing) JSON() ([]byte, error) {
	out, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("brief: write json: %w", err)
	}
	return append(out, '\n'), nil
}
