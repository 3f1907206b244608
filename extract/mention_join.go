package extract

import (
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// Names that are made of plain words, or of several names.

// readPlainNames takes their classes off words that stand for a name here: "Three said that Three's customers", "Prairie Sun Media".
func (d *document) readPlainNames() {
	const plain = lexicon.Function | lexicon.AttackVerb | lexicon.StealVerb | lexicon.SufferVerb | lexicon.DiscloseVerb
	var proper map[string]int
	for s, sp := range d.Sentences {
		for i := sp.First; i < sp.Last; i++ {
			t := &d.Tokens[i]
			if t.Shape != sentence.Cap || t.Kind != sentence.Word {
				continue
			}
			if d.class[i].Any(lexicon.Weekday) && len(t.Low) == 3 && d.besideName(i, sp) {
				d.class[i] &^= lexicon.Weekday
			}
			if len(t.Low) < 3 || i == sp.First || d.titled[s] || !d.class[i].Any(plain) || !d.standsAlone(i, sp) {
				continue
			}
			if proper == nil {
				proper = map[string]int{}
			}
			proper[t.Low]++
		}
	}
	for w, n := range proper {
		if n < 2 {
			delete(proper, w)
		}
	}
	if len(proper) > 0 {
		d.clearPlain(proper)
	}
}

// clearPlain clears the classes of the words of names, wherever they have a capital that says something.
func (d *document) clearPlain(proper map[string]int) {
	for s, sp := range d.Sentences {
		for i := sp.First; i < sp.Last; i++ {
			if t := &d.Tokens[i]; t.Shape != sentence.Cap || proper[t.Low] == 0 || d.titled[s] && d.low(i+1) != "'s" {
				continue
			}
			if i > sp.First || d.low(i+1) == "'s" || auxiliary(d.low(i+1)) || d.is(i+1, verbs) {
				d.class[i] = 0
			}
		}
	}
}

// standsAlone reports whether the capital of the word at i, inside a sentence, can only mean that it is a name by itself: words in lower
// case stand on both sides of it.
func (d *document) standsAlone(i int, sp sentence.Span) bool {
	p := &d.Tokens[i-1]
	if p.Kind != sentence.Word || p.Named() || p.Shape != 0 {
		return false
	}
	if i+1 >= sp.Last {
		return true
	}
	n := &d.Tokens[i+1]
	return !n.Named() && n.Kind != sentence.Number && n.Low != "-" && !isQuote(n.Low)
}

// besideName reports whether another word of a name stands directly beside the one at i.
func (d *document) besideName(i int, sp sentence.Span) bool {
	word := func(k int) bool {
		return k >= sp.First && k < sp.Last && d.Tokens[k].Named() && !d.is(k, lexicon.Weekday|lexicon.Month|lexicon.Function)
	}
	return word(i+1) && d.Tokens[i+1].Gap == sentence.GapSpace && (i == sp.First || word(i-1) || d.low(i-1) == "the" || d.is(i+1, lexicon.OrgHead)) ||
		d.low(i-1) == "the" && !d.low13(i+1)
}

// low13 reports whether the token at i can follow the name of a day: a number, a month, a comma.
func (d *document) low13(i int) bool {
	return i < len(d.Tokens) && (d.Tokens[i].Kind == sentence.Number || d.is(i, lexicon.Month) || d.low(i) == ",")
}

// firmOfNames gives the end of a firm's name made of surnames, "Berry, Dunn, McNeil & Parker", whose first comma is at j, or j.
func (d *document) firmOfNames(i, j int, sp sentence.Span) int {
	surname := func(k int) bool {
		return k < sp.Last && d.Tokens[k].Named() && d.Tokens[k].Shape&sentence.Dotted == 0 && d.class[k]&^lexicon.Demonym == 0 && d.x.lex.Name(d.low(k))&^lexicon.Given == 0 &&
			d.x.places.country(d.low(k)) == ""
	}
	if j != i+1 || !surname(i) {
		return j
	}
	k := j
	for d.low(k) == "," && surname(k+1) && d.Tokens[k+1].Gap == sentence.GapSpace {
		k += 2
	}
	if d.low(k) == "," {
		k++
	}
	if k == j || d.low(k) != "&" || !surname(k+1) {
		return j
	}
	switch end := k + 2; {
	case end >= sp.Last, d.low(end) == "(", d.low(end) == "'s", d.Tokens[end].Shape == 0 && d.class[end].Any(verbs), auxiliary(d.low(end)):
		return end
	case d.is(end, lexicon.Legal), d.low(end) == "," && (determiner(d.low(end+1)) || d.is(end+1, lexicon.Legal)):
		return end
	}
	return j
}

// oneSubject reports whether the "and" at j joins the words of one name, because the verb behind them is that of one: "Black and White
// Cabs has", "the Caravan and Motorhome Club faces". A short form in brackets may follow that is made of both.
func (d *document) oneSubject(i, j int, sp sentence.Span) bool {
	if j-i > 2 || d.headed(i, j) || d.x.lex.Name(d.joined(i, j)) != 0 || d.is(j-1, lexicon.Demonym) {
		return false
	}
	if !(i == sp.First || i == sp.First+1 && d.low(sp.First) == "the" || d.low(i-1) == "'s" && i-2 == sp.First) {
		return false
	}
	k := j + 1
	for k < sp.Last && k < j+5 && d.nameToken(k) {
		k++
	}
	if k-j < 3 || k >= sp.Last {
		return false
	}
	w := d.low(k)
	if w == "(" && k+2 < sp.Last && d.low(k+2) == ")" && d.Tokens[k+1].Shape&sentence.Upper != 0 {
		return acronymOf(d.low(k+1), d.Tokens[i:k])
	}
	if w == "," && j == i+1 && (d.low(k+1) == "a" || d.low(k+1) == "an") && colour(d.low(i)) {
		return true
	}
	if w == "," && (d.low(k+1) == "a" || d.low(k+1) == "an") && d.headed(k-1, k) {
		return true
	}
	switch w {
	case "is", "was", "has":
		return true
	}
	return d.is(k, verbs) && d.Tokens[k].Shape == 0 && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && !d.is(k, lexicon.AttackNoun|lexicon.CustNoun)
}

// linkOther ties the two names of one organisation together: "A, doing business as B", "A (formerly B)".
func (d *document) linkOther() {
	for i := 1; i < len(d.mentions); i++ {
		m, p := &d.mentions[i], &d.mentions[i-1]
		if m.sent == p.sent && m.a-p.b <= 8 && d.otherName(p.b, m.a) {
			m.other = i
		}
	}
}

// otherName reports whether the words a to b say that the name behind them is another name of the one before them.
func (d *document) otherName(a, b int) bool {
	for a < b && (d.low(a) == "," || d.low(a) == "(") {
		a++
	}
	for b > a && (isQuote(d.low(b-1)) || d.low(b-1) == "the" || d.low(b-1) == "/") {
		b--
	}
	if b-a < 1 || b-a > 5 {
		return false
	}
	switch d.joined(a, b) {
	case "doing business as", "dba", "d.b.a.", "t / a", "trading as", "also known as", "formerly known as", "previously known as", "better known as", "now known as",
		"known as", "aka", "a.k.a.", "formerly", "which does business as", "operating as", "doing business under the name", "d.b.a", "d / b / a", "f / k / a", "a / k / a":
		return true
	}
	return false
}

// colour reports whether a word opens names of two words that "and" joins: "Red and White Taxis".
func colour(w string) bool {
	switch w {
	case "black", "white", "red", "blue", "green", "yellow", "gold", "silver", "north", "south", "east", "west":
		return true
	}
	return false
}

// fieldGoesOn reports whether the comma at j parts the fields of one body: "Institute of Labour, Employment and Training".
func (d *document) fieldGoesOn(i, j int, sp sentence.Span) bool {
	if j+3 >= sp.Last || !d.hasLow(i, j, "of", "for") || !fieldLike(d.low(j-1)) && d.low(j-1) != "labour" && d.low(j-1) != "labor" {
		return false
	}
	next := d.low(j + 2)
	return d.nameToken(j+1) && fieldLike(d.low(j+1)) && !d.is(j+1, lexicon.HeadFull) && (next == "and" || next == "," && d.nameToken(j+3) && fieldLike(d.low(j+3)))
}

// publicOffice reports whether a word is the title of an office that stands before its holder's last name.
func publicOffice(w string) bool {
	switch w {
	case "president", "senator", "governor", "mayor", "minister", "chancellor", "congressman", "congresswoman", "judge", "premier", "pope", "king", "queen", "prince", "sen.", "gov.", "rep.":
		return true
	}
	return false
}

// linkShort ties "Name (ABC)" together.
func (d *document) linkShort() {
	for i := 1; i < len(d.mentions); i++ {
		m, p := &d.mentions[i], &d.mentions[i-1]
		open := m.a - 1
		for open > 0 && (d.low(open) == "\u201c" || d.low(open) == "\"" || d.low(open) == "the" || d.low(open) == "collectively" || d.low(open) == "or") {
			open--
		}
		if open >= p.b && open <= p.b+1 && d.low(open) == "(" && m.sent == p.sent && m.b-m.a <= 4 && !m.loose && m.name == 0 {
			m.short = i - 1
			m.person = m.person && p.person
		} else if open == p.b && d.low(open) == "(" && m.sent == p.sent && d.initials(p, m) {
			m.short = i - 1
		}
	}
}

// initials reports whether m is an acronym of p.
func (d *document) initials(p, m *mention) bool {
	if m.b-m.a != 1 || p.b-p.a < 2 {
		return false
	}
	acr := strings.ReplaceAll(d.Tokens[m.a].Low, ".", "")
	if len(acr) < 2 || len(acr) > 8 || d.Tokens[m.a].Shape&(sentence.Upper|sentence.Mixed) == 0 {
		return false
	}
	return acronymOf(acr, d.Tokens[p.a:p.b])
}

// acronymOf reports whether acr is made of the first letters of tokens, small words being optional.
func acronymOf(acr string, tokens []sentence.Token) bool {
	k := 0
	for _, t := range tokens {
		if t.Kind != sentence.Word && t.Kind != sentence.Number {
			continue
		}
		for _, part := range strings.FieldsFunc(t.Low, func(r rune) bool { return r == '-' || r == '&' }) {
			switch {
			case k < len(acr) && part[0] == acr[k]:
				k++
			case t.Shape == 0:
			default:
				return false
			}
		}
	}
	return k == len(acr)
}
