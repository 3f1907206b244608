package extract

import (
	"strconv"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// link decides which actors struck which victim: by sentence, by neighbourhood, or because the text tells of one incident only.
func (d *document) link(actors []actor, victims []int) map[int][]int {
	out := map[int][]int{}
	if len(actors) == 0 || len(victims) == 0 {
		return out
	}
	likely := 0
	for _, v := range victims {
		if d.groups[v].p >= 0.4 {
			likely++
		}
	}
	at := d.victimSentences(victims)
	one := d.oneStory()
	for a := range actors {
		linked := map[int]bool{}
		for _, hi := range actors[a].hits {
			h := &d.hits[hi]
			for _, v := range d.nearest(h, at, one) {
				linked[v] = true
			}
		}
		if len(linked) == 0 && likely == 1 && one {
			for _, v := range victims {
				if d.groups[v].p >= 0.4 {
					linked[v] = true
				}
			}
		}
		for _, v := range victims {
			if linked[v] {
				out[v] = append(out[v], a)
			}
		}
	}
	return out
}

// oneStory reports whether the text is not a roundup: its paragraphs go together.
func (d *document) oneStory() bool {
	if len(d.Sentences) == 0 || d.Sentences[len(d.Sentences)-1].Paragraph <= d.Sentences[0].Paragraph+1 {
		return true
	}
	for i := range d.groups {
		g := &d.groups[i]
		if g.p < 0.4 {
			continue
		}
		first := -1
		for _, k := range g.mentions {
			if s := d.mentions[k].sent; !d.inTitle(s) {
				if par := d.Sentences[s].Paragraph; first >= 0 && par != first {
					return true
				} else if first < 0 {
					first = par
				}
			}
		}
		for _, t := range g.corefs {
			if par := d.Sentences[d.Tokens[t].Sentence].Paragraph; par != first {
				return true
			}
		}
	}
	return d.likelyVictims() < 2
}

// victimSentences lists for each sentence the victims named or meant in it.
func (d *document) victimSentences(victims []int) map[int][]int {
	at := map[int][]int{}
	above := d.enumerated()
	for _, v := range victims {
		g := &d.groups[v]
		if g.p < 0.4 {
			continue
		}
		seen := map[int]bool{}
		for _, m := range g.mentions {
			s := d.mentions[m].sent
			if !seen[s] {
				seen[s] = true
				at[s] = append(at[s], v)
			}
			if intro, ok := above[s]; ok {
				d.listedUnder(at, seen, intro, v)
			}
		}
		for _, t := range g.corefs {
			if s := d.Tokens[t].Sentence; !seen[s] {
				seen[s] = true
				at[s] = append(at[s], v)
			}
		}
	}
	return at
}

// listedUnder ties a victim that stands in a list to the sentence above the list, and to those before it as far as the last that names
// an actor.
func (d *document) listedUnder(at map[int][]int, seen map[int]bool, intro, v int) {
	for s := intro; s >= max(0, intro-4); s-- {
		if !seen[s] {
			seen[s] = true
			at[s] = append(at[s], v)
		}
		for _, h := range d.hitsIn(s) {
			if !h.other {
				return
			}
		}
	}
}

// nearest gives the victims that a mention of an actor belongs with.
func (d *document) nearest(h *hit, at map[int][]int, one bool) []int {
	if here := at[h.sent]; len(here) > 0 {
		return here
	}
	par := d.Sentences[h.sent].Paragraph
	for step := 1; step <= 3; step++ {
		if s := h.sent - step; s >= 0 && len(at[s]) > 0 && (d.Sentences[s].Paragraph == par || one && d.claims(h)) {
			return at[s]
		}
		if s := h.sent + step; step <= 2 && s < len(d.Sentences) && len(at[s]) > 0 && d.Sentences[s].Paragraph == par {
			return at[s]
		}
	}
	return nil
}

// claims reports whether the sentence of a hit says that it claims, or is blamed for, what was told before.
func (d *document) claims(h *hit) bool {
	sp := d.Sentences[h.sent]
	for i := sp.First; i < sp.Last; i++ {
		switch d.low(i) {
		case "responsibility", "credit", "behind", "blamed", "attributed":
			return true
		case "claimed":
			if d.low(i+1) == "by" && d.low(sp.First) == "the" && d.is(sp.First+1, lexicon.AttackNoun) {
				return true
			}
		}
	}
	return false
}

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
