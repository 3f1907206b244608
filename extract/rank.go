package extract

import (
	"sort"
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
)

// First is what the first pass makes of a candidate: its probability from all mentions together, and that of each mention alone.
type First struct {
	P        float64
	Mentions []float64
	// Named is the probability that the text names a victim at all.
	Named float64
}

// rank gives each group its probability: first alone, then knowing how the others of the document fare.
func (x *Extractor) rank(d *document) {
	f := newFeatures(x.model)
	defer f.done()
	first := make([]First, len(d.groups))
	named := d.namesVictim()
	for i := range d.groups {
		first[i].Named = named
		first[i].Mentions = d.describe(f, i, nil)
		first[i].P = logistic(f.sum)
		d.groups[i].p = first[i].P
	}
	if len(x.model.trees) == 0 {
		return
	}
	d.settleShort(first)
	st := d.standing(first)
	for i := range d.groups {
		d.groups[i].p = d.doubt(&d.groups[i], st.best[i], logistic(x.model.forest(d.dense(&st, first, i))))
	}
	d.readAmong()
	d.spreadLists()
	d.readEnumerations()
}

// doubt lowers the probability of those who mostly speak of incidents and seldom suffer them, unless one mention alone says that they
// did; and of whoever publishes the report.
func (d *document) doubt(g *group, best, p float64) float64 {
	if d.in.Publisher != "" {
		for _, k := range g.mentions {
			if m := d.mentions[k]; strings.EqualFold(d.words(m.a, m.b), d.in.Publisher) {
				return p * 0.2
			}
		}
	}
	if g.class.Any(lexicon.Authority|lexicon.Media) && best < 0.75 {
		return p * 0.4
	}
	if d.onlyOwner(g) {
		return p * 0.3
	}
	return p
}

// onlyOwner reports whether a group is named as somebody's parent and nowhere else.
func (d *document) onlyOwner(g *group) bool {
	for _, k := range g.mentions {
		if left, _ := d.frames(&d.mentions[k]); left != "owner" {
			return false
		}
	}
	return len(g.mentions) > 0 && len(g.corefs) == 0
}

// describe fills f with the features of group i and gives the probability of each of its mentions alone. Each, when not nil, is
// called after every mention.
func (d *document) describe(f *features, i int, each func()) []float64 {
	g := &d.groups[i]
	f.reset(f.m.bias)
	out := make([]float64, 0, min(len(g.mentions), 40))
	for n, k := range g.mentions {
		if n >= 40 {
			break
		}
		f.begin()
		d.mentionFeatures(f, &d.mentions[k], d.genre.size)
		out = append(out, logistic(f.one))
		if each != nil {
			each()
		}
	}
	f.namesOne = nil
	d.groupFeatures(f, g)
	return out
}

// stand is how the groups of one document compare.
type stand struct {
	order, orderOne []int
	top, topOne     float64
	// next is the second highest probability.
	next float64
	many int
	// mentions, corefs and actors are how many the document has.
	mentions, corefs, actors int
	best                     []float64
	// topics are how much of the text tells of each group, told how many of its sentences tell of attacks.
	topics []topic
	told   float64
}

// settleShort gives a short form in brackets, which says nothing by itself, what the mention before it has.
func (d *document) settleShort(first []First) {
	for i := range d.groups {
		ps := first[i].Mentions
		for n, k := range d.groups[i].mentions[:len(ps)] {
			if m := &d.mentions[k]; m.short < 0 || m.loose {
				continue
			}
			if ps[n] = 0; n > 0 {
				ps[n] = ps[n-1]
			}
		}
	}
}

func (d *document) standing(first []First) stand {
	s := stand{best: make([]float64, len(first))}
	ps := make([]float64, len(first))
	for i, a := range first {
		ps[i] = a.P
		for _, p := range a.Mentions {
			s.best[i] = max(s.best[i], p)
		}
		s.top, s.topOne = max(s.top, a.P), max(s.topOne, s.best[i])
		if a.P >= 0.4 {
			s.many++
		}
	}
	s.order, s.orderOne = ranks(ps), ranks(s.best)
	for i, r := range s.order {
		if r == 1 {
			s.next = ps[i]
		}
	}
	s.topics, s.told = d.topics()
	for i := range d.groups {
		s.mentions += len(d.groups[i].mentions)
		s.corefs += len(d.groups[i].corefs)
	}
	for i := range d.hits {
		if h := &d.hits[i]; h.ok && !h.software {
			s.actors++
		}
	}
	return s
}

// ranks gives the rank of each value, the greatest having rank zero.
func ranks(v []float64) []int {
	idx, out := make([]int, len(v)), make([]int, len(v))
	for i := range idx {
		idx[i] = i
	}
	sort.SliceStable(idx, func(a, b int) bool { return v[idx[a]] > v[idx[b]] })
	for r, i := range idx {
		out[i] = r
	}
	return out
}

// heardAs reports whether the frames of a mention are those of a source.
func heardAs(left, right string) bool {
	switch {
	case left == "according", left == "by.find", left == "from.res", left == "obj.say", left == "at.res", left == "of.res", left == "to.say":
		return true
	case right == "n.res", right == "v.find", right == "n.person" && left != "start", right == "own.person":
		return true
	}
	return false
}

// spreadLists gives the members of a series their share of the likeliest one: what befell one of "A, B and C" befell the others.
func (d *document) spreadLists() {
	for i := 0; i < len(d.mentions); {
		end := d.mentions[i].series.b
		j := i + 1
		for j < len(d.mentions) && d.mentions[j].a < end {
			j++
		}
		if d.mentions[i].series.n > 1 {
			d.shareFate(i, j)
		}
		i = j
	}
}

// shareFate raises the groups of the mentions i to j, which are one series, towards the likeliest of them.
func (d *document) shareFate(i, j int) {
	top := 0.0
	for k := i; k < j; k++ {
		if g := d.mentions[k].group; g >= 0 {
			top = max(top, d.groups[g].p)
		}
	}
	if d.attackedTogether(&d.mentions[i]) && top >= 0.25 {
		top = max(top, 0.6)
	}
	never := lexicon.Authority | lexicon.Product | lexicon.Given | lexicon.Place
	if d.mentions[i].series.n == 2 {
		never |= lexicon.Vendor | lexicon.Media
	}
	for k := i; k < j; k++ {
		if d.mentions[k].group < 0 || top < 0.5 {
			continue
		}
		if g := &d.groups[d.mentions[k].group]; g.p < top && g.p > 0.03 && !g.person && !g.class.Any(never) {
			g.p = max(g.p, min(top, max(0.85*top, 0.52)))
		}
	}
}

// attackedTogether reports whether three names and more are what an attack was on: "linked with attacks on A, B and C".
func (d *document) attackedTogether(m *mention) bool {
	if m.series.n < 3 || d.sentenceHas(m.sent, lexicon.Negation) {
		return false
	}
	left, _ := d.frames(m)
	return left == "on.atk"
}

// Numbers names the numbers of an Example.
func Numbers() []string { return denseNames() }

// Example is one candidate as training sees it.
type Example struct {
	// Names are all names of the candidate in its text, the fullest first.
	Names []string
	// Features are the names of its features in the first pass, sorted; Mentions those of each mention alone.
	Features []string
	Mentions [][]string
	// Numbers are what the trees of the second pass read.
	Numbers []float64
}

// Examples gives the candidates of a report with their features, for training and for explanations. When first holds what the first
// pass made of each candidate, their numbers are given instead.
func (x *Extractor) Examples(in Input, first []First) []Example {
	d := x.read(in)
	f := newFeatures(x.model)
	f.names = map[string]bool{}
	out := make([]Example, 0, len(d.groups))
	second := len(first) == len(d.groups) && first != nil
	var st stand
	if second {
		d.settleShort(first)
		st = d.standing(first)
	}
	for i := range d.groups {
		full, rest := d.name(&d.groups[i])
		e := Example{Names: append([]string{full}, rest...)}
		if second {
			e.Numbers = d.dense(&st, first, i)
		} else {
			d.describe(f, i, func() { e.Mentions = append(e.Mentions, sorted(f.namesOne)) })
		}
		if !second {
			e.Features = sorted(f.names)
		}
		out = append(out, e)
	}
	return out
}

func sorted(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for n := range m {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}
