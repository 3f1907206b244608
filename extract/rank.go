package extract

import (
	"math"
	"math/bits"
	"sort"
	"strconv"
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
)

// First is what the first pass makes of a candidate: its probability from all mentions together, and that of each mention alone.
type First struct {
	P        float64
	Mentions []float64
}

// rank gives each group its probability: first alone, then knowing how the others of the document fare.
func (x *Extractor) rank(d *document) {
	f := newFeatures(x.model)
	first := make([]First, len(d.groups))
	for i := range d.groups {
		first[i].Mentions = d.describe(f, i, nil)
		first[i].P = logistic(f.sum)
		d.groups[i].p = first[i].P
	}
	if !x.model.second {
		return
	}
	st := standing(first)
	for i := range d.groups {
		f.reset(x.model.bias2)
		d.relate(f, st, first, i)
		d.groups[i].p = d.doubt(&d.groups[i], st.best[i], logistic(f.sum))
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
	many            int
	best            []float64
}

func standing(first []First) stand {
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

// step is the log odds of p in steps of a half.
func step(p float64) string {
	z := math.Log((p + 1e-9) / (1 - p + 1e-9))
	return strconv.Itoa(int(math.Round(2 * max(-6, min(6, z)))))
}

// coarse is p in four steps.
func coarse(p float64) string {
	switch {
	case p < 0.1:
		return "-"
	case p < 0.35:
		return "?"
	case p < 0.7:
		return "+"
	default:
		return "!"
	}
}

// relate fills f with the second features of group i, given the first probabilities of all.
func (d *document) relate(f *features, s stand, first []First, i int) {
	g := &d.groups[i]
	size := d.genre.size
	own, rank := step(first[i].P), bucket(s.order[i])
	f.add("2:p", own)
	f.add("2:p"+size, own)
	f.add("2:rank"+size, rank)
	f.add("2:top"+size, step(s.top))
	f.add("2:many"+size, bucket(s.many))
	f.add("2:rankmany"+size, rank, bucket(s.many))
	f.add("2:onerank"+size, bucket(s.orderOne[i]))
	f.add("2:onetop"+size, step(s.topOne))
	f.add("2:both"+size, coarse(s.best[i]), coarse(first[i].P))
	f.upTo("2:gap"+size, int(4*(s.top-first[i].P)))
	f.upTo("2:gapone"+size, int(4*(s.topOne-s.best[i])))
	f.upTo("2:freq"+size, level(len(g.mentions)))
	f.upTo("2:coref"+size, level(len(g.corefs)))
	d.relateMentions(f, first[i].Mentions, g, size)
	if b := &d.mentions[g.best]; b.name != 0 {
		f.add("2:known"+size, rank)
	}
	peer := 0.0
	for _, k := range g.mentions {
		m := &d.mentions[k]
		if h := d.listHead(m.a, d.Sentences[m.sent].First); h != m.a && d.at[h] >= 0 {
			if o := d.mentions[d.at[h]].group; o >= 0 && o != i {
				peer = max(peer, first[o].P)
			}
		}
	}
	if peer > 0 {
		f.add("2:peer", step(peer))
	}
}

// level is the binary logarithm of a count and one more; zero for none.
func level(n int) int { return bits.Len(uint(n)) }

// relateMentions adds what the mentions of a group say each by itself: how many speak of a victim, and whether those in the title and
// at the beginning do.
func (d *document) relateMentions(f *features, ps []float64, g *group, size string) {
	sum, best, title, lead, strong := 0.0, 0.0, -1.0, -1.0, 0
	for n, p := range ps {
		m := &d.mentions[g.mentions[n]]
		sum += p
		best = max(best, p)
		if p >= 0.5 {
			strong++
		}
		if d.inTitle(m.sent) {
			title = max(title, p)
		} else if m.sent < 5 {
			lead = max(lead, p)
		}
	}
	f.upTo("2:one"+size, int(10*best))
	f.upTo("2:sum"+size, int(2*sum))
	f.upTo("2:strong"+size, level(strong))
	f.upTo("2:share"+size, 4*strong/max(len(ps), 1))
	heard := d.heard(g)
	f.upTo("2:heard"+size, level(heard))
	f.upTo("2:heardshare"+size, 4*heard/max(len(ps), 1))
	if title >= 0 {
		f.add("2:title" + size)
		f.upTo("2:titlep"+size, int(5*title))
	}
	if lead >= 0 {
		f.add("2:lead" + size)
		f.upTo("2:leadp"+size, int(5*lead))
	}
}

// heard counts the mentions of a group as a source: "according to X", "X researchers", "told X", "X found".
func (d *document) heard(g *group) int {
	n := 0
	for k, i := range g.mentions {
		if k >= 40 {
			break
		}
		left, right := d.frames(&d.mentions[i])
		switch {
		case left == "according", left == "by.find", left == "from.res", left == "obj.say", left == "at.res", left == "of.res", left == "to.say":
			n++
		case right == "n.res", right == "v.find", right == "n.person" && left != "start", right == "own.person":
			n++
		}
	}
	return n
}

// spreadLists gives the members of a list their share of the likeliest one: what befell one of "A, B and C" befell the others.
func (d *document) spreadLists() {
	for i := range d.mentions {
		m := &d.mentions[i]
		if m.group < 0 || m.short >= 0 {
			continue
		}
		h := d.listHead(m.a, d.Sentences[m.sent].First)
		if h == m.a || d.at[h] < 0 || d.mentions[d.at[h]].group < 0 {
			continue
		}
		a, b := &d.groups[m.group], &d.groups[d.mentions[d.at[h]].group]
		for _, g := range []*group{a, b} {
			o := max(a.p, b.p)
			if o >= 0.5 && g.p < o && g.p > 0.03 && !g.person && !g.class.Any(lexicon.Vendor|lexicon.Media|lexicon.Authority|lexicon.Product|lexicon.Given|lexicon.Place) {
				g.p = max(g.p, min(o, max(0.85*o, 0.52)))
			}
		}
	}
}

// Example is one candidate as training sees it.
type Example struct {
	// Names are all names of the candidate in its text, the fullest first.
	Names []string
	// Features are the names of its features, sorted; Mentions those of each mention alone.
	Features []string
	Mentions [][]string
}

// Examples gives the candidates of a report with their features, for training and for explanations. The features of the second pass
// are given when first holds what the first pass made of each candidate.
func (x *Extractor) Examples(in Input, first []First) []Example {
	d := x.read(in)
	f := newFeatures(x.model)
	f.names = map[string]bool{}
	out := make([]Example, 0, len(d.groups))
	second := len(first) == len(d.groups) && first != nil
	var st stand
	if second {
		st = standing(first)
	}
	for i := range d.groups {
		full, rest := d.name(&d.groups[i])
		e := Example{Names: append([]string{full}, rest...)}
		if second {
			f.reset(0)
			d.relate(f, st, first, i)
		} else {
			d.describe(f, i, func() { e.Mentions = append(e.Mentions, sorted(f.namesOne)) })
		}
		e.Features = sorted(f.names)
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
