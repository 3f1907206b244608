package extract

import (
	"sort"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
	"github.com/rapsheet/rapsheet/intel"
)

const (
	// fewItems is the number of paragraphs from which a text may be a roundup, shortItem the words of the shortest item, headWords
	// the most words that head one.
	fewItems  = 3
	shortItem = 7
	headWords = 6
)

// incidents reads the incidents of a report: of a roundup, whose paragraphs tell of different things, paragraph by paragraph, so
// that what one says does not colour another; of any other text as a whole.
func (x *Extractor) incidents(d *document) []intel.Finding {
	items := d.items()
	if len(items) < fewItems {
		return d.findings()
	}
	var out []intel.Finding
	headed := d.runInHeads(len(items))
	for _, it := range items {
		in := d.in
		in.Title, in.Text = "", d.Raw[it[0]:it[1]]
		part := x.read(in)
		x.rank(part)
		part.raiseTopic(headed)
		shift := d.runes.at(it[0] - d.base)
		for _, f := range part.findings() {
			out = append(out, moved(f, shift))
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Confidence > out[j].Confidence })
	return out
}

// moved shifts the places of a finding.
func moved(f intel.Finding, by int) intel.Finding {
	for i := range f.Victims {
		if f.Victims[i].Span.End > 0 {
			f.Victims[i].Span.Start += by
			f.Victims[i].Span.End += by
		}
	}
	for i := range f.Claims {
		f.Claims[i].Start += by
		f.Claims[i].End += by
	}
	return f
}

// items are the paragraphs of a roundup as byte ranges of Raw; none when the text tells one story: then its paragraphs name the same
// things, or point back with "the company".
func (d *document) items() [][2]int {
	var out [][2]int
	told, words, heading := 0, 0, -1
	flush := func() {
		if n := len(out); n > 0 && words < shortItem {
			heading = out[n-1][0] // a heading goes with what stands under it
			out = out[:n-1]
		} else {
			heading = -1
		}
	}
	par := -1
	trigger := false
	for s := range d.Sentences {
		sp := d.Sentences[s]
		if d.inTitle(s) {
			continue
		}
		if sp.Paragraph != par {
			flush()
			start := sp.Start
			if heading >= 0 {
				start = heading
			}
			out = append(out, [2]int{start, sp.End})
			par, words, trigger = sp.Paragraph, 0, false
		}
		out[len(out)-1][1] = sp.End
		words += sp.Last - sp.First
		if !trigger && d.sentenceHas(s, triggers|lexicon.ClaimNoun) {
			trigger = true
			told++
		}
	}
	flush()
	switch {
	case len(out) < fewItems:
		return nil
	case d.runInHeads(len(out)) && told*10 >= len(out)*4:
		return out
	case told*10 < len(out)*8 || d.shared()*5 > len(out) || d.struckItems(out)*10 < len(out)*6:
		return nil
	}
	return out
}

// struckItems counts the items that tell of a likely victim. A text about one incident comes back to its victim, or speaks of the flaw, the
// police and the gang between.
func (d *document) struckItems(items [][2]int) int {
	has := map[int]bool{}
	for i := range d.groups {
		if d.groups[i].p < 0.3 {
			continue
		}
		for _, k := range d.groups[i].mentions {
			if s := d.mentions[k].sent; !d.inTitle(s) {
				has[sort.Search(len(items), func(i int) bool { return items[i][1] >= d.Sentences[s].End })] = true
				break
			}
		}
	}
	return len(has)
}

// runInHeads reports whether most of the paragraphs begin with a few words that head what follows: "Capita. The outsourcing company
// noticed intruders". Writers do so for items that are each a story of its own, even where no word of attack is told.
func (d *document) runInHeads(paragraphs int) bool {
	heads, par := 0, -1
	for s := range d.Sentences {
		sp := d.Sentences[s]
		if d.inTitle(s) || sp.Paragraph == par {
			continue
		}
		par = sp.Paragraph
		if _, ok := d.runInHead(s); ok && s+1 < len(d.Sentences) && d.Sentences[s+1].Paragraph == par {
			heads++
		}
	}
	return heads >= fewItems && heads*10 >= paragraphs*7
}

// runInHead gives the end of the few words that are all of sentence s, without the mark that ends it; they begin with a capital and
// hold no verb.
func (d *document) runInHead(s int) (int, bool) {
	sp := d.Sentences[s]
	end := sp.Last
	for end > sp.First && d.Tokens[end-1].Kind == sentence.Punct {
		end--
	}
	if end == sp.First || end == sp.Last || end-sp.First > headWords || d.Tokens[sp.First].Shape&(sentence.Cap|sentence.Upper) == 0 {
		return end, false
	}
	for i := sp.First; i < end; i++ {
		if d.is(i, verbs) && d.Tokens[i].Shape == 0 {
			return end, false
		}
	}
	return end, true
}

// shared counts the paragraphs, but the first, that name a likely victim named in another one, or mean it by "the company".
func (d *document) shared() int {
	again := map[int]bool{}
	for i := range d.groups {
		g := &d.groups[i]
		if g.person || g.class.Any(lexicon.Place|lexicon.Media|lexicon.Vendor|lexicon.Authority|lexicon.Product|lexicon.Social) || g.p < 0.05 {
			continue
		}
		first := -1
		for _, k := range g.mentions {
			s := d.mentions[k].sent
			if d.inTitle(s) {
				continue
			}
			p := d.Sentences[s].Paragraph
			if first < 0 {
				first = p
			} else if p != first {
				again[p] = true
			}
		}
		for _, t := range g.corefs {
			if p := d.Sentences[d.Tokens[t].Sentence].Paragraph; first >= 0 && p != first {
				again[p] = true
			}
		}
	}
	return len(again)
}
