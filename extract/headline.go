package extract

import (
	"sort"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// titleCased marks sentences in which nearly every long word has a capital: headlines, whose capitals say nothing.
func (d *document) titleCased() []bool {
	out := make([]bool, len(d.Sentences))
	for s, sp := range d.Sentences {
		low, cap := 0, 0
		for i := sp.First; i < sp.Last; i++ {
			t := d.Tokens[i]
			if t.Kind != sentence.Word || len(t.Low) < 4 || d.is(i, lexicon.Function) && len(t.Low) < 5 {
				continue
			}
			if t.Shape&sentence.Cap != 0 {
				cap++
			} else {
				low++
			}
		}
		// A long name fills a short sentence with capitals: only a capital on a word that is no name tells a headline.
		out[s] = d.headline(sp) && (sp.Start < d.base || cap >= 4 && low*5 <= cap) || sp.Start < d.base && cap >= 5 && low == 0
	}
	return out
}

// headline reports whether a title has a capital on a word that is no name: "Says", "Breach".
func (d *document) headline(sp sentence.Span) bool {
	for i := sp.First + 1; i < sp.Last; i++ {
		t := d.Tokens[i]
		if t.Shape == sentence.Cap && len(t.Low) > 2 && !d.is(i, lexicon.OrgHead) && !isStopper(d.low(i-1)) &&
			d.class[i].Any(lexicon.Function|lexicon.Starter|verbs|lexicon.AttackNoun|lexicon.CustNoun) {
			return true
		}
	}
	return false
}

func isStopper(w string) bool {
	return w == ":" || w == "." || w == "-" || w == "|" || isQuote(w) || w == "\u2013" || w == "\u2014"
}

// mentionsInHeadlines finds in headlines, whose capitals say nothing, the names that the rest of the text uses.
func (d *document) mentionsInHeadlines() {
	known := map[string]bool{}
	for i := range d.mentions {
		m := &d.mentions[i]
		if m.b-m.a <= 6 && !d.is(m.a, lexicon.Function) {
			known[d.joined(m.a, m.b)] = true
			if w := d.Tokens[m.a]; m.b-m.a > 1 && d.class[m.a] == 0 && len(w.Low) > 3 && !m.person && d.x.lex.Name(w.Low) == 0 {
				known[w.Low] = true
			}
		}
	}
	added := false
	for s, sp := range d.Sentences {
		if !d.titled[s] {
			continue
		}
		for i := sp.First; i < sp.Last; i++ {
			for n := min(6, sp.Last-i); n > 0 && d.Tokens[i].Named(); n-- {
				if known[d.joined(i, i+n)] {
					before := len(d.mentions)
					d.addMention(i, i+n, s)
					added = added || len(d.mentions) > before
					i += n - 1
					break
				}
			}
		}
	}
	if !added {
		return
	}
	sort.SliceStable(d.mentions, func(i, j int) bool { return d.mentions[i].a < d.mentions[j].a })
	for k := range d.mentions {
		for i := d.mentions[k].a; i < d.mentions[k].b; i++ {
			d.at[i] = int32(k)
		}
	}
}
