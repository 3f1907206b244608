package extract

import (
	"strconv"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// campaignLinks ties actors that no sentence ties to anybody to the victims that have none: a text that lists who was struck and
// says somewhere else who is behind it all tells of one campaign. Whoever is only compared with, or struck another time, stays apart.
func (d *document) campaignLinks(actors []actor, victims []int, links map[int][]int) {
	var loose []int
	linked := map[int]bool{}
	for v, list := range links {
		if d.groups[v].p < 0.5 {
			continue // nobody that is given
		}
		for _, a := range list {
			linked[a] = true
		}
	}
	for a := range actors {
		if !linked[a] && d.credited(&actors[a]) {
			loose = append(loose, a)
		}
	}
	if len(loose) == 0 || len(loose) > 3 {
		return
	}
	for _, v := range victims {
		if g := &d.groups[v]; g.p >= 0.5 && len(links[v]) == 0 && !d.anotherTime(g) {
			links[v] = append(links[v], loose...)
		}
	}
}

// credited reports whether the text holds an actor responsible, or tells that it takes the credit.
func (d *document) credited(a *actor) bool {
	for _, k := range a.hits {
		h := &d.hits[k]
		if h.sent < 0 || d.inTitle(h.sent) {
			continue
		}
		sp := d.Sentences[h.sent]
		if d.likened(sp) {
			continue
		}
		if d.actorClaims(h, sp.First, sp.Last) {
			return true
		}
		for i := sp.First; i < sp.Last; i++ {
			if creditWord(d.low(i)) && !d.is(i-1, lexicon.Negation) {
				return true
			}
		}
		// The next sentence often says what the actor did: "The gang has since taken credit."
		if s := h.sent + 1; s < len(d.Sentences) && d.Sentences[s].Paragraph == sp.Paragraph && len(d.hitsIn(s)) == 0 {
			for i := d.Sentences[s].First; i < d.Sentences[s].Last; i++ {
				if w := d.low(i); (w == "credit" || w == "responsibility") && !d.denied(i, d.Sentences[s].First) {
					return true
				}
			}
		}
	}
	return false
}

// creditWord reports whether a word holds somebody responsible for what was told before.
func creditWord(w string) bool {
	switch w {
	case "responsible", "responsibility", "credit", "behind", "blamed", "blames", "blame", "attributed", "attributes", "attribute", "culprit", "culprits", "pinned", "pointed", "accused", "accuses",
		"suspected":
		return true
	}
	return false
}

// likened reports whether a sentence compares: the actor that it names did something else.
func (d *document) likened(sp sentence.Span) bool {
	for i := sp.First; i < sp.Last; i++ {
		switch d.low(i) {
		case "resemble", "resembles", "resembling", "similar", "similarities", "reminiscent", "unlike", "rival", "rivals", "recalls", "cautious", "overlap", "overlaps", "previously", "formerly", "years", "such":
			return true
		case "like":
			return !d.is(i-1, lexicon.AttackVerb)
		}
	}
	return false
}

// anotherTime reports whether a group is told of by the way, as somebody struck on another occasion.
func (d *document) anotherTime(g *group) bool {
	body := 0
	for _, k := range g.mentions {
		m := &d.mentions[k]
		if d.inTitle(m.sent) {
			return false
		}
		body++
	}
	if body > 2 {
		return false
	}
	for _, k := range g.mentions {
		sp := d.Sentences[d.mentions[k].sent]
		for i := sp.First; i < sp.Last; i++ {
			switch w := d.low(i); w {
			case "own", "memories", "reminder", "similar", "previous", "earlier", "another", "separately", "unrelated", "latest":
				return true
			case "last":
				if n := d.low(i + 1); n == "year" || n == "month" {
					return true
				}
			default:
				if y, err := strconv.Atoi(w); err == nil && len(w) == 4 && y > 1990 && d.in.Published.Date().Year > y {
					return true
				}
			}
		}
	}
	return false
}
