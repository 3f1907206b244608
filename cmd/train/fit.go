package main

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/extract/eval"
	"github.com/rapsheet/rapsheet/extract/learn"
)

const (
	folds = 5
	inner = 4
	// partings is how often the records are parted anew for the second pass.
	partings = 1
	// ownInTrees is what our own texts weigh in the second pass: they name victims oftener and more plainly than reporting does, and made
	// the confidence of short texts too high.
	ownInTrees = 0.5
)

// fold is the fold of a record for measuring, sha256(id) mod 5; part its part for the two passes of training.
func fold(id string) int {
	n := 0
	for _, b := range sha256.Sum256([]byte(id)) {
		n += int(b) // 256 mod 5 is 1
	}
	return n % folds
}

func part(id string, again int) int {
	s := sha256.Sum256([]byte("x" + id))
	return int(s[30-again]) % inner
}

// candidate is one candidate with its label.
type candidate struct {
	sample   learn.Sample
	mentions [][]string
	skip     bool
	// names are all its names in the text.
	names []string
}

type document struct {
	record
	candidates []candidate
	// subject are the features of the text as a whole.
	subject []string
}

// label finds the candidates of each record and says which are victims.
func label(x *extract.Extractor, records []record) []document {
	var out []document
	for _, r := range records {
		if !r.complete && len(r.gold) == 0 {
			continue
		}
		d := document{record: r, subject: x.Subject(r.in)}
		for _, e := range x.Examples(r.in, nil) {
			c := candidate{sample: learn.Sample{Features: e.Features, Weight: r.weight}, mentions: e.Mentions, names: e.Names}
			c.skip = r.complete && same(e.Names, [][]string{r.ambiguous})
			d.candidates = append(d.candidates, c)
		}
		d.markVictims()
		out = append(out, d)
	}
	return out
}

// markVictims marks for each victim the candidates that name it best. What names but a part of it beside them ("Hudson" beside "Hudson
// Valley Schools") is neither right nor wrong; what names no victim is none, or weighs little where the labels are incomplete.
func (d *document) markVictims() {
	part := make([]bool, len(d.candidates))
	for _, g := range d.gold {
		like, best := make([]float64, len(d.candidates)), 0.0
		for i, c := range d.candidates {
			like[i] = likeness(c.names, g)
			best = max(best, like[i])
		}
		for i, l := range like {
			switch {
			case l > 0 && l == best:
				d.candidates[i].sample.Positive = true
			case l > 0:
				part[i] = true
			}
		}
	}
	for i := range d.candidates {
		switch c := &d.candidates[i]; {
		case c.sample.Positive:
			c.skip = false
		case part[i]:
			c.skip = true
		case !d.complete:
			c.sample.Weight = d.weak
		}
	}
}

func likeness(names, gold []string) float64 {
	best := 0.0
	for _, n := range names {
		for _, g := range gold {
			best = max(best, eval.Likeness(n, g))
		}
	}
	return best
}

func same(names []string, gold [][]string) bool {
	for _, g := range gold {
		for _, x := range g {
			if slices.ContainsFunc(names, func(n string) bool { return eval.SameOrganisation(n, x) }) {
				return true
			}
		}
	}
	return false
}

// fit learns the three parts of the model: groups, single mentions, and the second pass, which sees first passes that never saw it.
// What leave says of a record's id is not learned from.
func fit(x *extract.Extractor, docs []document, leave func(id string) bool) []byte {
	in := func(d *document) bool { return !slices.ContainsFunc(append(d.parts, d.in.ID), leave) }
	first, single, whole := firstPass(docs, in)
	rows := held(x, docs, in)
	for i := range single {
		single[i].Feature = "m:" + single[i].Feature
	}
	for i := range whole {
		whole[i].Feature = "d:" + whole[i].Feature
	}
	trees := learn.EncodeTrees(learn.Boost(rows, learn.BoostOptions{}), extract.Numbers())
	return append(learn.Encode(slices.Concat(first, single, whole)), trees...)
}

// held are the rows of the second pass: of each document as first passes see it that never saw it, once for each parting.
func held(x *extract.Extractor, docs []document, in func(*document) bool) []learn.Row {
	var rows []learn.Row
	for again := range partings {
		for k := range inner {
			f, s, w := firstPass(docs, func(d *document) bool { return in(d) && part(d.in.ID, again) != k })
			ft, st, wt := learn.Table(f), learn.Table(s), learn.Table(w)
			for i := range docs {
				if d := &docs[i]; in(d) && part(d.in.ID, again) == k && d.complete {
					rows = append(rows, secondRows(x, d, ft, st, wt)...)
				}
			}
		}
	}
	for i := range rows {
		rows[i].Weight /= float64(partings)
	}
	return rows
}

// firstPass learns from groups, from single mentions and from whole texts.
func firstPass(docs []document, in func(*document) bool) (first, single, whole []learn.Weight) {
	var groups, texts []learn.Sample
	for i := range docs {
		d := &docs[i]
		if !in(d) {
			continue
		}
		if d.complete {
			w := 1.0
			if d.set == "articles" {
				w = 3
			}
			texts = append(texts, learn.Sample{Features: d.subject, Positive: len(d.gold) > 0, Weight: w})
		}
		for _, c := range d.candidates {
			if !c.skip {
				groups = append(groups, c.sample)
			}
		}
	}
	return learn.Fit(groups, learn.Options{L2: 8, MinCount: 5}), mentions(docs, in), learn.Fit(texts, learn.Options{L2: 8, MinCount: 4})
}

// mentions learns from the mentions of short texts, where each stands beside what makes it a victim; then from those of long texts too,
// where every mention of who is no victim is an example, and of a victim only those that the first round thinks likeliest.
func mentions(docs []document, in func(*document) bool) []learn.Weight {
	var rows []learn.Sample
	each := func(add func(d *document, c *candidate)) {
		for i := range docs {
			for k := range docs[i].candidates {
				if d := &docs[i]; in(d) && !d.candidates[k].skip {
					add(d, &d.candidates[k])
				}
			}
		}
	}
	each(func(d *document, c *candidate) {
		if d.set != "hackmageddon" && d.set != "vcdb" && d.set != "told" {
			return
		}
		w := c.sample.Weight
		if d.set == "vcdb" {
			w = 0.4
		}
		for _, m := range c.mentions {
			if !short(m) {
				rows = append(rows, learn.Sample{Features: plain(m), Positive: c.sample.Positive, Weight: w})
			}
		}
	})
	o := learn.Options{L2: 4}
	table := learn.Table(learn.Fit(rows, o))
	each(func(d *document, c *candidate) {
		if d.set != "articles" {
			return
		}
		ps, top := make([]float64, len(c.mentions)), 0.0
		for i, m := range c.mentions {
			if !short(m) {
				ps[i] = learn.Score(table, "bias", plain(m))
			}
			top = max(top, ps[i])
		}
		for i, m := range c.mentions {
			if ps[i] > 0 && (!c.sample.Positive || ps[i] >= 0.8*top) {
				rows = append(rows, learn.Sample{Features: plain(m), Positive: c.sample.Positive, Weight: 1})
			}
		}
	})
	return learn.Fit(rows, o)
}

// short reports whether features are those of a short form in brackets, which says nothing by itself.
func short(features []string) bool { return slices.Contains(features, "short") }

func secondRows(x *extract.Extractor, d *document, first, single, whole map[string]float64) []learn.Row {
	ps := make([]extract.First, len(d.candidates))
	named := learn.Score(whole, "bias", x.Subject(d.in))
	for i, c := range d.candidates {
		ps[i].Named = named
		ps[i].P = learn.Score(first, "bias", c.sample.Features)
		for _, m := range c.mentions {
			ps[i].Mentions = append(ps[i].Mentions, learn.Score(single, "bias", plain(m)))
		}
	}
	var rows []learn.Row
	for i, e := range x.Examples(d.in, ps) {
		weight := d.candidates[i].sample.Weight
		if d.set == "told" {
			weight *= ownInTrees
		}
		if c := d.candidates[i]; !c.skip {
			rows = append(rows, learn.Row{X: e.Numbers, Positive: c.sample.Positive, Weight: weight})
		}
	}
	return rows
}

// plain drops the features that depend on the length of the text or the place in it.
func plain(features []string) []string {
	out := make([]string, 0, len(features))
	for _, f := range features {
		n, _, _ := strings.Cut(f, "=")
		if strings.HasSuffix(n, "S") || strings.HasSuffix(n, "L") || n == "subject" || n == "title" {
			continue
		}
		out = append(out, f)
	}
	return out
}
