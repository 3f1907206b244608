package index

import (
	"hash/maphash"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2/analysis"
	porterstemmer "github.com/blevesearch/go-porterstemmer"
)

// stemSlots is the size of the stemmer's memory; words come round again, and stemming one costs more than finding it.
const stemSlots = 1 << 15

// analyzer turns text into bleve's tokens. Stop words are kept: without them "denial of service" would also find "denial the
// service". It is safe for concurrent use.
type analyzer struct {
	seed  maphash.Seed
	stems []atomic.Pointer[stemmed]
}

type stemmed struct{ in, out string }

func newAnalyzer() *analyzer {
	return &analyzer{seed: maphash.MakeSeed(), stems: make([]atomic.Pointer[stemmed], stemSlots)}
}

// Analyze implements bleve's analysis.Analyzer.
func (a *analyzer) Analyze(input []byte) analysis.TokenStream {
	slab := make([]analysis.Token, 0, len(input)/5+8)
	buf := make([]byte, 0, len(input)+len(input)/8)
	scan(string(input), a.stem, func(t term) {
		at := len(buf)
		buf = append(buf, t.text...)
		slab = append(slab, analysis.Token{Term: buf[at:len(buf):len(buf)], Start: t.start, End: t.end, Position: t.pos, Type: analysis.AlphaNumeric})
	})
	out := make(analysis.TokenStream, len(slab))
	for i := range slab {
		out[i] = &slab[i]
	}
	return out
}

// stem gives the stem of a folded word. Only plain English-looking words are stemmed; names with digits stay as they are.
func (a *analyzer) stem(w string) string {
	if len(w) < 4 || len(w) > 24 {
		return w
	}
	for i := 0; i < len(w); i++ {
		if w[i] < 'a' || w[i] > 'z' {
			return w
		}
	}
	slot := &a.stems[maphash.String(a.seed, w)%stemSlots]
	if s := slot.Load(); s != nil && s.in == w {
		return s.out
	}
	out := string(porterstemmer.StemWithoutLowerCasing([]rune(w)))
	slot.Store(&stemmed{w, out})
	return out
}

// asked gives the terms a query for text means, in order: wholes stand alone, and the words they cover are left out.
func (a *analyzer) asked(text string) []term {
	var all []term
	scan(text, a.stem, func(t term) { all = append(all, t) })
	covered := 0
	var out []term
	for _, t := range all {
		if t.form == formWhole && t.start >= covered {
			covered = t.end
			for len(out) > 0 && out[len(out)-1].start >= t.start {
				out = out[:len(out)-1]
			}
			out = append(out, t)
		}
		if t.form == formPart && t.start >= covered {
			out = append(out, t)
		}
	}
	return out
}
