package extract

import "github.com/rapsheet/rapsheet/extract/lexicon"

// topic is how much of what a text tells of attacks it tells of one group, wherever its name stands: "X will build no car before
// October. The company switched off its systems after an attack" tells of X.
type topic struct {
	// events counts the sentences about an attack, a theft or damage that name the group, mean it, or go on about it; own those of
	// them in which nobody else is named.
	events, own float64
	// tells counts the sentences about such things in which the group speaks.
	tells float64
	// opens says that the text begins with the group.
	opens bool
}

// topics reads for each group how much the text tells of it. Total is the number of sentences about attacks.
func (d *document) topics() (out []topic, total float64) {
	out = make([]topic, len(d.groups))
	meant := map[int]int{}
	for g := range d.groups {
		for _, t := range d.groups[g].corefs {
			meant[t] = g
		}
	}
	last, began := -1, false
	for s, sp := range d.Sentences {
		if d.inTitle(s) || d.titled[s] {
			continue
		}
		var here []int
		speaks := -1
		for i := sp.First; i < sp.Last; i++ {
			g, ok := meant[i]
			if k := d.at[i]; k >= 0 && d.mentions[k].a == i {
				g, ok = d.mentions[k].group, d.mentions[k].group >= 0 && !d.mentions[k].person
			}
			if ok && !d.groups[g].person && !d.groups[g].class.Any(lexicon.Place|lexicon.Media|lexicon.Authority) && !has(here, g) {
				here = append(here, g)
			}
			if speaks < 0 && len(here) > 0 && d.is(i, lexicon.SayVerb|lexicon.DiscloseVerb) {
				speaks = here[len(here)-1]
			}
		}
		if !began && len(here) > 0 {
			out[here[0]].opens = true
		}
		began = true
		if len(here) > 0 {
			last = here[0]
		}
		c := d.sentenceContent(s)
		if !c.event && !c.data && !c.harm || c.denied {
			continue
		}
		total++
		if speaks >= 0 {
			out[speaks].tells++
		}
		switch {
		case len(here) == 0 && last >= 0:
			out[last].events++
			out[last].own++
		case len(here) == 1:
			out[here[0]].own++
			fallthrough
		default:
			for _, g := range here {
				out[g].events++
			}
		}
	}
	return out, total
}

// denseTopic gives the numbers of how much of the text is about a group.
func denseTopic(out []float64, t *topic, total float64) []float64 {
	n := max(total, 1)
	return append(out, t.events, t.events/n, t.own, t.own/n, t.tells, t.tells/n, flag(t.opens))
}
