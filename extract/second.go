package extract

import (
	"strings"

	"github.com/rapsheet/rapsheet/extract/sentence"
	"github.com/rapsheet/rapsheet/intel"
)

// Bounds of what a second reader may say of one report, and what it leaves to a name that it does not list.
const (
	maxSecond  = 200
	unlistedP  = 0.2
	maxNameLen = 200
)

// second is the answer of another reader, as far as it can be found in the text.
type second struct {
	whole     bool
	incidents []secondIncident
	// names are the tokens of every victim, actorNames those of every actor, by their first token.
	names, actorNames map[string][][]string
}

type secondIncident struct {
	victims, actors []string
	p               float64
}

// newSecond takes an answer for what it is: names to look for, and numbers to be bounded.
func (d *document) newSecond(r *intel.Recognition) *second {
	s := &second{whole: r.Whole, names: map[string][][]string{}, actorNames: map[string][][]string{}}
	for i := range r.Incidents[:min(len(r.Incidents), maxSecond)] {
		in := &r.Incidents[i]
		out := secondIncident{p: in.Confidence}
		if !(out.p >= 0 && out.p <= 1) {
			continue
		}
		for _, n := range in.Victims[:min(len(in.Victims), maxSecond)] {
			if k := d.learnName(s.names, n); k != "" {
				out.victims = append(out.victims, k)
			}
		}
		for _, n := range in.Actors[:min(len(in.Actors), maxSecond)] {
			if k := d.learnName(s.actorNames, n); k != "" {
				out.actors = append(out.actors, k)
			}
		}
		s.incidents = append(s.incidents, out)
	}
	return s
}

// learnName keeps the words of a name by the first of them and gives the key it is compared by.
func (d *document) learnName(m map[string][][]string, name string) string {
	if len(name) > maxNameLen {
		return ""
	}
	t := sentence.Read(name)
	words := make([]string, len(t.Tokens))
	for i := range t.Tokens {
		words[i] = t.Tokens[i].Low
	}
	if len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	if len(words) == 0 {
		return ""
	}
	m[words[0]] = append(m[words[0]], words)
	return orgKey(words, d.x.lex)
}

// at gives the end of the longest of the names that begins at token i, or i.
func (d *document) secondAt(m map[string][][]string, i, last int) int {
	end := i
	for _, words := range m[d.low(i)] {
		if i+len(words) > last || i+len(words) <= end {
			continue
		}
		same := true
		for k, w := range words {
			same = same && d.low(i+k) == w
		}
		if same {
			end = i + len(words)
		}
	}
	return end
}

// secondActors marks the names that the second reader calls actors and that nothing else has recognised.
func (d *document) secondActors() {
	if d.second == nil {
		return
	}
	for s, sp := range d.Sentences {
		for i := sp.First; i < sp.Last; i++ {
			if j := d.secondAt(d.second.actorNames, i, sp.Last); j > i {
				d.addHit(hit{a: i, b: j, sent: s, name: d.words(i, j), ok: true})
				i = j - 1
			}
		}
	}
}

// heed takes what the second reader says of each organisation.
func (d *document) heed() {
	if d.second == nil {
		return
	}
	for i := range d.groups {
		g := &d.groups[i]
		p, listed := 0.0, false
		for k := range d.second.incidents {
			if in := &d.second.incidents[k]; d.groupIs(g, in.victims) {
				p, listed = max(p, in.p), true
			}
		}
		switch {
		case listed && d.second.whole:
			g.p, g.person = p, false
		case listed:
			g.p = max(g.p, p)
		case d.second.whole:
			g.p = min(g.p, unlistedP)
		}
	}
}

// groupIs reports whether a group has one of the keys for a name.
func (d *document) groupIs(g *group, keys []string) bool {
	for _, m := range g.mentions {
		if k := d.key(&d.mentions[m]); k != "" && containsFold(keys, k) {
			return true
		}
	}
	return false
}

func containsFold(keys []string, k string) bool {
	for _, x := range keys {
		if strings.EqualFold(x, k) {
			return true
		}
	}
	return false
}

// secondLinks ties the actors to the victims as the second reader does; what it leaves open stays as it was read.
func (d *document) secondLinks(actors []actor, victims []int, links map[int][]int) {
	if d.second == nil {
		return
	}
	for _, v := range victims {
		listed := false
		var mine []int
		for k := range d.second.incidents {
			in := &d.second.incidents[k]
			if !d.groupIs(&d.groups[v], in.victims) {
				continue
			}
			listed = true
			for a := range actors {
				if !has(mine, a) && d.actorIs(&actors[a], in.actors) {
					mine = append(mine, a)
				}
			}
		}
		if listed && (d.second.whole || len(mine) > 0) {
			links[v] = mine
		}
	}
}

// actorIs reports whether one of the actor's hits is written as one of the keys.
func (d *document) actorIs(a *actor, keys []string) bool {
	for _, h := range a.hits {
		words := make([]string, 0, 4)
		for i := d.hits[h].a; i < d.hits[h].b; i++ {
			words = append(words, d.low(i))
		}
		if containsFold(keys, orgKey(words, d.x.lex)) {
			return true
		}
	}
	return false
}
