package extract

import (
	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// A series is a run of names that share one place in their sentence: "A, B and the C", "A (AB) and B". What stands before the first and
// behind the last is said of each.

// series is the series that a mention is in: the tokens from its first name to the end of its last, and how many names it has.
type series struct{ a, b, n int }

// findSeries gives each mention its series; a name that stands alone is a series of one.
func (d *document) findSeries() {
	for i := range d.mentions {
		d.mentions[i].series = series{a: d.mentions[i].a, b: d.mentions[i].b, n: 1}
	}
	for i := 0; i < len(d.mentions); {
		j := d.seriesFrom(i)
		for k := i; k < j && j-i > 1; k++ {
			d.mentions[k].series = series{a: d.mentions[i].a, b: d.mentions[j-1].b, n: j - i}
		}
		i = j
	}
}

// seriesFrom gives the mention behind the series that begins with mention i.
func (d *document) seriesFrom(i int) int {
	if !d.listable(&d.mentions[i]) || d.adverbial(&d.mentions[i]) {
		return i + 1
	}
	commas, j, n := 0, i, 2
	for ; j+1 < len(d.mentions) && d.mentions[j+1].sent == d.mentions[i].sent; n++ {
		k, end := j+1, d.mentions[j].b
		if d.mentions[k].short == j && k+1 < len(d.mentions) {
			end = d.mentions[k].b + 1 // behind its short form in brackets
			k++
		}
		comma, and := d.separator(end, d.mentions[k].a)
		if !comma && !and || !d.listable(&d.mentions[k]) {
			break
		}
		if comma {
			commas++
		}
		if and {
			if commas > 0 && n == 2 || n == 2 && d.newClause(i, k) {
				return i + 1
			}
			return k + 1
		}
		j = k
	}
	if commas >= 2 {
		return j + 1 // "A, B, C and others"
	}
	return i + 1
}

// adverbial reports whether nothing but a preposition opens the sentence before a name: "According to A, B and C were hit".
func (d *document) adverbial(m *mention) bool {
	first := d.Sentences[m.sent].First
	if m.a == first || !preposition(d.low(first)) && d.low(first) != "according" {
		return false
	}
	for i := first; i < m.a; i++ {
		if auxiliary(d.low(i)) || d.Tokens[i].Kind == sentence.Punct || d.is(i, triggers) {
			return false
		}
	}
	return true
}

// listable reports whether a name may be a member of a series of organisations.
func (d *document) listable(m *mention) bool {
	if m.group < 0 || m.person || m.name.Any(lexicon.Given|lexicon.Place) || m.b-m.a == 1 && d.class[m.a].Any(lexicon.Demonym|lexicon.Weekday|lexicon.Month) {
		return false
	}
	return d.x.places.country(d.joined(m.a, m.b)) == ""
}

// separator reads what stands between two names: a comma, an "and", or both. An article, a demonym and an owner's country may stand
// before the second name.
func (d *document) separator(a, b int) (comma, and bool) {
	if b-a < 1 || b-a > 6 {
		return false, false
	}
	for i := a; i < b; i++ {
		switch w := d.low(i); {
		case (w == "," || w == ";") && i == a:
			comma = true
		case joins(w) && !and:
			and = true
		case i > a && (w == "the" || w == "'s" || isQuote(w) || d.is(i, lexicon.Demonym) || d.x.places.country(w) != "" && d.low(i+1) == "'s"):
		case w == "'s" && i == a:
		default:
			return false, false
		}
	}
	return comma, and
}

// joins reports whether a word closes a series, in any of the languages read.
func joins(w string) bool {
	switch w {
	case "and", "&", "or", "et", "ou", "und", "oder", "y", "e", "o", "en", "oraz", "i", "lub":
		return true
	}
	return false
}

// newClause reports whether the "and" before the last of two names opens a clause of its own: "hackers hit X and Y confirmed it".
func (d *document) newClause(i, j int) bool {
	if j != i+1 {
		return false
	}
	first := &d.mentions[i]
	sp := d.Sentences[first.sent]
	left := d.leftFrame(d.phraseStart(first.a, sp.First), sp)
	if left == "start" || left == "clause" || left == "comma" || left == "colon" {
		return false
	}
	b := d.mentions[j].b
	return b < sp.Last && (auxiliary(d.low(b)) || d.is(b, verbs) && !d.Tokens[b].Named() && !d.is(b, lexicon.AttackNoun|lexicon.CustNoun))
}

// seriesHead is where the series of a mention begins, or the run of names that commas alone join.
func (d *document) seriesHead(m *mention, first int) int {
	if m.series.n > 1 {
		return m.series.a
	}
	return d.listHead(m.a, first)
}
