package intel

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Side is one facet of an incident: what is known of it, and the words that it rests on.
type Side struct {
	Facet  Facet
	Status Stance
	Words  []Word
}

// Word is one sentence of one speaker with one stance, however many reports carry it and however many actors it names.
type Word struct {
	Stance Stance
	SaidBy Speaker
	Quote  string
	// Actors are the actors it is about; Reports the claims that carry it, one of each report, oldest first.
	Actors  []string
	Reports []ClaimDetail
	// Confidence is that of the surest claim.
	Confidence float64

	folded string
}

// Sides lays an incident's claims out for people: by facet, each sentence once, first a sentence that gave the facet its status,
// second the first one against it, then the rest; what most reports carry first, then the latest. A facet nobody spoke to has no words.
func Sides(in IncidentDetail) []Side {
	status := map[Facet]Stance{FacetEvent: in.Facets.Event, FacetAttribution: in.Facets.Attribution, FacetImpact: in.Facets.Impact}
	sides := make([]Side, 0, len(status))
	for _, f := range []Facet{FacetEvent, FacetAttribution, FacetImpact} {
		side := Side{Facet: f, Status: status[f]}
		for _, c := range in.Claims {
			if c.Facet == f {
				side.hear(c)
			}
		}
		side.order()
		sides = append(sides, side)
	}
	return sides
}

// hear adds a claim to the word it repeats, or as a new one. A wire story's dateline and a cut do not make it another sentence.
func (s *Side) hear(c ClaimDetail) {
	folded := fold(c.Quote)
	i := slices.IndexFunc(s.Words, func(w Word) bool {
		return w.Stance == c.Stance && w.SaidBy.Kind == c.SaidBy.Kind && (w.folded == folded || within(w.folded, folded) || within(folded, w.folded))
	})
	if i < 0 {
		s.Words = append(s.Words, Word{Stance: c.Stance, SaidBy: c.SaidBy, Quote: c.Quote, folded: folded})
		i = len(s.Words) - 1
	}
	w := &s.Words[i]
	if len(folded) < len(w.folded) {
		w.Quote, w.folded = c.Quote, folded
	}
	if len(c.SaidBy.Name) > len(w.SaidBy.Name) {
		w.SaidBy = c.SaidBy
	}
	if n := c.Actor.Name; n != "" && !slices.ContainsFunc(w.Actors, func(have string) bool { return strings.EqualFold(have, n) }) {
		w.Actors = append(w.Actors, n)
	}
	w.Confidence = max(w.Confidence, c.Confidence)
	if !slices.ContainsFunc(w.Reports, func(r ClaimDetail) bool { return r.ReportID == c.ReportID }) {
		w.Reports = append(w.Reports, c)
	}
}

func (s *Side) order() {
	rank := func(w Word) int {
		switch w.Stance {
		case s.Status:
			return 0
		case StanceDenied, StanceDisputed, StanceRetracted:
			return 1
		default:
			return 2
		}
	}
	for i := range s.Words {
		slices.SortStableFunc(s.Words[i].Reports, func(a, b ClaimDetail) int { return a.Published.Time().Compare(b.Published.Time()) })
		slices.Sort(s.Words[i].Actors)
	}
	slices.SortFunc(s.Words, func(a, b Word) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(len(b.Reports), len(a.Reports)), b.last().Compare(a.last()), cmp.Compare(a.folded, b.folded))
	})
	// A reader who sees two sentences sees what is said against the first.
	if i := slices.IndexFunc(s.Words, func(w Word) bool { return rank(w) == 1 }); i > 1 {
		against := s.Words[i]
		s.Words = slices.Insert(slices.Delete(s.Words, i, i+1), 1, against)
	}
}

// last is when the latest report that carries the word was published.
func (w *Word) last() time.Time { return w.Reports[len(w.Reports)-1].Published.Time() }

// fold makes sentences that differ in case, marks or spaces one.
func fold(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// leastRepeat is how long a folded sentence must be to be taken for a part of another, in bytes.
const leastRepeat = 40

func within(part, whole string) bool {
	return len(part) >= leastRepeat && strings.Contains(" "+whole+" ", " "+part+" ")
}
