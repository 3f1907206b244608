package extract

import (
	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// A listing names its victims in lines of their own, bulleted or in a table, under a sentence that says what they are. No verb
// stands beside them: the sentence above is all the context they have.

const (
	// listedVictim is the probability of a name in a list of victims, itemWords the most words of a line that is an item.
	listedVictim = 0.72
	itemWords    = 12
)

// readEnumerations raises the names that open the lines of a list of victims.
func (d *document) readEnumerations() {
	for s := range d.enumerated() {
		if g := &d.groups[d.mentions[d.at[d.Sentences[s].First]].group]; !g.person && !g.class.Any(lexicon.Place|lexicon.Given) {
			g.p = max(g.p, listedVictim)
		}
	}
}

// enumerated gives, for each line that opens a name in a list of victims, the sentence above the list.
func (d *document) enumerated() map[int]int {
	out := map[int]int{}
	intro := -1
	for s := range d.Sentences {
		sp := d.Sentences[s]
		if d.inTitle(s) {
			continue
		}
		alone := s == 0 || d.Sentences[s-1].Paragraph != sp.Paragraph || d.Tokens[sp.First].Gap >= sentence.GapLine
		if end := d.low(sp.Last - 1); !alone || end == ":" || end == "." && d.introduces(s) || sp.Last-sp.First > itemWords && !d.hasLow(sp.First, min(sp.Last, sp.First+8), "|") {
			switch {
			case d.introduces(s):
				intro = s
			case alone || intro >= 0 && d.Sentences[intro].Paragraph != sp.Paragraph:
				intro = -1
			}
			continue
		}
		if k := d.at[sp.First]; intro >= 0 && k >= 0 && d.mentions[k].group >= 0 && d.endsItem(d.mentions[k].b, sp.Last) {
			out[s] = intro
		}
	}
	return out
}

// endsItem reports whether the name before token i is all that a line says, or is set off from what it says of it.
func (d *document) endsItem(i, last int) bool {
	if i >= last {
		return true
	}
	switch d.low(i) {
	case "|", ",", "(", "-", "\u2013", "\u2014", ":", ";", ".":
		return true
	}
	return false
}

// introduces reports whether a sentence announces a list of victims: "Among the names on the page are:", "added five organisations
// to its list".
func (d *document) introduces(s int) bool {
	sp := d.Sentences[s]
	listed, struck := false, false
	for i := sp.First; i < sp.Last; i++ {
		switch w := d.low(i); {
		case w == "victims" || w == "victim" || w == "targets" || w == "affected" || w == "listed" || w == "names" || w == "named":
			struck = true
		case d.is(i, lexicon.ListNoun) || w == "following" || w == "page" || w == "include" || w == "among" || w == "are":
			listed = true
		case d.is(i, lexicon.ClaimVerb|lexicon.AttackVerb|lexicon.StealVerb):
			struck = true
		case d.is(i, lexicon.Negation):
			return false
		}
	}
	return struck && (listed || d.low(sp.Last-1) == ":")
}

// raiseTopic raises the name that alone heads an item of a roundup, "Capita. The outsourcing company noticed intruders", where what
// follows tells of an attack, or the report is a row of such stories, and of no other victim.
func (d *document) raiseTopic(row bool) {
	if len(d.Sentences) < 2 {
		return
	}
	sp := d.Sentences[0]
	k := d.at[sp.First]
	if d.Tokens[sp.First].Low == "the" && sp.First+1 < sp.Last {
		k = d.at[sp.First+1]
	}
	if k < 0 || d.mentions[k].group < 0 || d.mentions[k].b < sp.Last-1 || d.mentions[k].b == sp.Last-1 && d.Tokens[sp.Last-1].Kind != sentence.Punct {
		return
	}
	told := row
	for s := 1; s < len(d.Sentences); s++ {
		told = told || d.sentenceHas(s, triggers)
	}
	for i := range d.groups {
		if i != d.mentions[k].group && d.groups[i].p >= 0.6 {
			return
		}
	}
	if g := &d.groups[d.mentions[k].group]; told && !g.person && !g.class.Any(lexicon.Place|lexicon.Given) {
		g.p = max(g.p, listedVictim)
	}
}
