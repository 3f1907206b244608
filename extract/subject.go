package extract

import (
	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// A text may tell of advice, research, a law or a product and name nobody that was struck. What it is about is read from the words of
// its title and its beginning.

// leadWords is how many words of the text are read, classWords those whose classes are.
const leadWords, classWords = 90, 30

// Subject gives the features of a text as a whole, sorted.
func (x *Extractor) Subject(in Input) []string {
	f := newFeatures(x.model.whole)
	f.names = map[string]bool{}
	x.read(in).subject(f)
	return sorted(f.names)
}

// namesVictim is the probability that the text names a victim.
func (d *document) namesVictim() float64 {
	f := newFeatures(d.x.model.whole)
	defer f.done()
	f.reset(d.x.model.whole.bias)
	d.subject(f)
	return logistic(f.sum)
}

// subject adds the words of the title and of the beginning, alone and in pairs; names and numbers are one word each.
func (d *document) subject(f *features) {
	last, n := "", 0
	for i := range d.Tokens {
		t := &d.Tokens[i]
		if n >= leadWords && t.Start >= d.base {
			break
		}
		if t.Kind == sentence.Punct {
			last = "."
			continue
		}
		w := d.subjectWord(i)
		if w == "<N>" && last == "<N>" {
			continue
		}
		if t.Start < d.base {
			f.add("t", w)
		}
		if n < leadWords {
			f.add("l", w)
			f.add("b", last, w)
		}
		if c := shortClass(d.class[i]); c != "" && n < classWords {
			f.add("c", c)
		}
		last = w
		n++
	}
	f.add("size", bucket(len(d.Tokens)/100))
}

// subjectWord is the word at i, or the word for names of its sort.
func (d *document) subjectWord(i int) string {
	switch t := &d.Tokens[i]; {
	case t.Kind == sentence.Number:
		return "0"
	case d.hitAt[i] >= 0 && d.hits[d.hitAt[i]].ok:
		return "<actor>"
	case d.at[i] >= 0 && d.class[i]&^lexicon.Demonym == 0:
		return "<N>"
	default:
		return t.Low
	}
}
