package extract

import (
	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

const (
	triggers = lexicon.AttackNoun | lexicon.AttackVerb | lexicon.StealVerb | lexicon.SufferVerb
	verbs    = lexicon.AttackVerb | lexicon.StealVerb | lexicon.SufferVerb | lexicon.DiscloseVerb | lexicon.SayVerb | lexicon.FindVerb | lexicon.ClaimVerb | lexicon.Lure
)

// shortClass names the first of a few classes that a word is in, for features that should not depend on the word.
func shortClass(c lexicon.Class) string {
	switch {
	case c == 0:
		return ""
	case c.Any(lexicon.AttackNoun):
		return "ATK"
	case c.Any(lexicon.AttackVerb):
		return "HIT"
	case c.Any(lexicon.SufferVerb):
		return "SUF"
	case c.Any(lexicon.StealVerb):
		return "STL"
	case c.Any(lexicon.Lure):
		return "LURE"
	case c.Any(lexicon.DiscloseVerb):
		return "DIS"
	case c.Any(lexicon.SayVerb):
		return "SAY"
	case c.Any(lexicon.FindVerb):
		return "FND"
	case c.Any(lexicon.ClaimVerb):
		return "CLM"
	case c.Any(lexicon.ClaimNoun):
		return "CLN"
	case c.Any(lexicon.Negation):
		return "NEG"
	case c.Any(lexicon.MalwareHead):
		return "MAL"
	case c.Any(lexicon.ActorHead):
		return "ACT"
	case c.Any(lexicon.Researcher):
		return "RES"
	case c.Any(lexicon.PersonRole):
		return "ROLE"
	case c.Any(lexicon.CustNoun):
		return "CUST"
	case c.Any(lexicon.ProductHead):
		return "PROD"
	case c.Any(lexicon.CorpHead):
		return "CORP"
	case c.Any(lexicon.ListNoun):
		return "LIST"
	default:
		return ""
	}
}

// sizeClass tells short notes from articles: what a capital name is likely to be differs.
func (d *document) sizeClass() string {
	if len(d.Tokens) < 160 {
		return "S"
	}
	return "L"
}

// mentionFeatures adds what stands around and in one mention.
func (d *document) mentionFeatures(f *features, m *mention, size string) {
	if m.short >= 0 && !m.loose {
		f.add("short")
		d.shapeFeatures(f, m)
		return
	}
	left, right := d.frames(m)
	f.add("fl", left)
	f.add("fr", right)
	f.add("flr", left, right)
	f.inShort("flS", left, size)
	f.inShort("frS", right, size)
	if m.series.n > 1 {
		f.add("series", bucket(m.series.n))
	}
	d.leftFeatures(f, m, size)
	d.rightFeatures(f, m.series.b, size)
	d.shapeFeatures(f, m)
	d.sentenceFeatures(f, m, size)
	d.windowFeatures(f, m)
}

// word gives a token's feature value: numbers are one value.
func (d *document) word(i, first, last int) string {
	if i < first || i >= last {
		return "|"
	}
	t := &d.Tokens[i]
	if t.Kind == sentence.Number {
		return "0"
	}
	if h := d.hitAt[i]; h >= 0 && d.hits[h].ok {
		if d.hits[h].software {
			return "<sw>"
		}
		return "<actor>"
	}
	if t.Named() && d.class[i] == 0 {
		return "<N>"
	}
	return t.Low
}

// head walks left from the candidate list's first member when m stands in a list.
func (d *document) listHead(a, first int) int {
	for range 12 {
		j := a - 1
		for j >= first && (d.low(j) == "," || d.low(j) == "and" || d.low(j) == "&" || d.low(j) == "or" || d.low(j) == ";") {
			j--
		}
		if j < first || j == a-1 || d.at[j] < 0 || j == a-2 && d.low(a-1) == "," && d.mentions[d.at[j]].name.Any(lexicon.Place) {
			return a
		}
		a = d.mentions[d.at[j]].a
	}
	return a
}

// leftFeatures adds the words and the frame to the left of token a: "attack on X", "hackers breached X".
func (d *document) leftFeatures(f *features, m *mention, size string) {
	sp := d.Sentences[m.sent]
	a := m.a
	p1 := d.word(a-1, sp.First, sp.Last)
	f.add("p1", p1)
	f.inShort("p1S", p1, size)
	if h := d.seriesHead(m, sp.First); h != m.a {
		f.add("listed")
		a = h
	}
	i := a - 1
	for n := 0; n < 7 && i >= sp.First; n++ {
		t := &d.Tokens[i]
		c := d.class[i]
		if t.Kind == sentence.Punct && t.Low != "'s" && t.Low != "\"" && t.Low != "\u201c" && t.Low != "-" || preposition(t.Low) || c.Any(verbs&^lexicon.FindVerb|lexicon.AttackNoun) && !t.Named() {
			break
		}
		if n > 0 && d.at[i] >= 0 && !d.class[i].Any(lexicon.Demonym) {
			break
		}
		i--
	}
	if i < sp.First {
		f.add("l0", "|")
		f.inShort("l0S", "|", size)
		return
	}
	w := d.word(i, sp.First, sp.Last)
	f.add("l0", w)
	f.inShort("l0S", w, size)
	f.add("l0c", shortClass(d.class[i]))
	f.add("l0cc", shortClass(d.class[i]), shortClass(d.class[max(i-1, 0)]))
	if preposition(w) {
		d.leftHead(f, i, w, sp, size)
	}
}

func preposition(w string) bool {
	switch w {
	case "on", "against", "at", "of", "to", "in", "from", "by", "for", "with", "into", "via", "through", "targeting", "affecting", "hitting", "within",
		"inside", "about", "as", "like", "including", "than", "between", "across", "involving", "upon", "toward", "after", "behind", "over", "under", "near", "off":
		return true
	}
	return false
}

// leftHead finds what the preposition at i hangs on.
func (d *document) leftHead(f *features, i int, prep string, sp sentence.Span, size string) {
	for k, n := i-1, 0; k >= sp.First && n < 8; k, n = k-1, n+1 {
		c := d.class[k]
		if d.Tokens[k].Kind == sentence.Punct && d.Tokens[k].Low == "," {
			f.add("lh", prep, ",")
		}
		cl := shortClass(c)
		if cl == "" {
			continue
		}
		f.add("lh", prep, cl)
		f.inShort("lhS", prep+"="+cl, size)
		if n > 0 {
			f.add("lhd", prep, cl, "far")
		}
		if c.Any(triggers) {
			f.add("ltrig", prep)
		}
		return
	}
	f.add("lh", prep, "none")
	f.inShort("lhS", prep+"=none", size)
}

// rightFeatures adds the words and the verb to the right of token b: "X was hit by", "X confirmed".
func (d *document) rightFeatures(f *features, b int, size string) {
	sp := d.Sentences[d.Tokens[b-1].Sentence]
	n1 := d.word(b, sp.First, sp.Last)
	f.add("n1", n1)
	f.inShort("n1S", n1, size)
	i := d.skipRight(f, b, sp)
	d.verbFeatures(f, i, sp, "r", size)
}

// skipRight steps over brackets, appositions, relative clauses and the other members of a list.
func (d *document) skipRight(f *features, b int, sp sentence.Span) int {
	i := b
	for n := 0; n < 6 && i < sp.Last; n++ {
		switch d.low(i) {
		case "(":
			for i < sp.Last && d.low(i) != ")" {
				i++
			}
			i++
			continue
		case "and", "&":
			if i+1 < sp.Last && d.at[i+1] >= 0 {
				i = d.mentions[d.at[i+1]].b
				f.add("coord")
				continue
			}
		case ",":
			j := i + 1
			if d.is(j, verbs) && !d.Tokens[min(j, len(d.Tokens)-1)].Named() {
				return j
			}
			if c := shortClass(d.class[min(j, len(d.class)-1)]); c != "" {
				f.add("app0", c)
			}
			for k := j; k < sp.Last && k < j+26; k++ {
				if k < j+9 && d.is(k, lexicon.CorpHead|lexicon.PersonRole|lexicon.MalwareHead|lexicon.ActorHead|lexicon.ProductHead) && d.Tokens[k].Shape == 0 {
					f.add("app", shortClass(d.class[k]&(lexicon.CorpHead|lexicon.PersonRole|lexicon.MalwareHead|lexicon.ActorHead|lexicon.ProductHead)))
				}
				if d.low(k) == "," && k > j {
					i = k + 1
					break
				}
			}
			if i > b && d.low(i-1) == "," {
				continue
			}
			return j
		}
		break
	}
	return i
}

// verbFeatures reads the verb group that begins near token i and what follows it.
func (d *document) verbFeatures(f *features, i int, sp sentence.Span, side, size string) {
	aux, neg := "", ""
	for k, n := i, 0; k < sp.Last && n < 6; k, n = k+1, n+1 {
		t := &d.Tokens[k]
		switch t.Low {
		case "was", "were", "is", "are", "been", "being", "be", "gets", "got":
			aux = "pas"
			continue
		case "has", "have", "had", "having":
			if aux == "" {
				aux = "prf"
			}
			continue
		case "may", "might", "could", "can", "will", "would", "should":
			aux = "mod"
			continue
		case "not", "n't", "never", "no", "didn't", "wasn't", "doesn't", "hasn't", "isn't":
			neg = "neg"
			continue
		}
		c := d.class[k] & (verbs | lexicon.AttackNoun | lexicon.CustNoun)
		if c == 0 {
			if t.Kind == sentence.Punct && t.Low != "\"" {
				break
			}
			continue
		}
		cl := shortClass(c)
		f.add(side+"v", aux, cl, neg)
		f.inShort(side+"vS", aux+"="+cl+"="+neg, size)
		d.objectFeatures(f, k+1, sp, side, cl)
		return
	}
	f.add(side+"v", "none", aux)
}

// objectFeatures adds the first telling word after a verb: "suffered a breach", "said it was hit".
func (d *document) objectFeatures(f *features, k int, sp sentence.Span, side, verb string) {
	it := ""
	for n := 0; k < sp.Last && n < 12; k, n = k+1, n+1 {
		switch d.low(k) {
		case "it", "its", "they", "their":
			it = "it"
			continue
		}
		if c := d.class[k] & (triggers | lexicon.CustNoun | lexicon.Negation | lexicon.ClaimNoun | lexicon.MalwareHead); c != 0 {
			f.add(side+"o", verb, it, shortClass(c))
			return
		}
	}
	f.add(side+"o", verb, it, "none")
}

// windowFeatures adds the words beside a name, alone and joined, and those some steps away: what no frame or class covers.
func (d *document) windowFeatures(f *features, m *mention) {
	const reach = 8
	sp := d.Sentences[m.sent]
	at := func(i int) string { return d.word(i, sp.First, sp.Last) }
	a, b := m.a, m.b
	f.add("w-12", at(a-2), at(a-1))
	f.add("w-123", at(a-3), at(a-2), at(a-1))
	f.add("w+12", at(b), at(b+1))
	f.add("w+123", at(b), at(b+1), at(b+2))
	f.add("w-1+1", at(a-1), at(b))
	for i := max(sp.First, a-reach); i < a; i++ {
		f.add("wl", at(i))
	}
	for i := b; i < min(sp.Last, b+reach); i++ {
		f.add("wr", at(i))
	}
}
