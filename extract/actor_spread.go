package extract

import (
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// spread gives a name that was accepted once in the text to its other mentions, and takes hits of refused names away.
func (d *document) spread() {
	ok := map[string]*hit{}
	for i := range d.hits {
		if h := &d.hits[i]; h.ok {
			if _, seen := ok[strings.ToLower(h.name)]; !seen {
				ok[strings.ToLower(h.name)] = h
			}
		}
	}
	if len(ok) == 0 {
		return
	}
	for i := range d.hits {
		h := &d.hits[i]
		if !h.ok {
			if o := ok[d.joined(h.a, h.b)]; o != nil && d.Tokens[h.a].Named() {
				h.ok, h.id, h.name, h.software = true, o.id, o.name, o.software
			}
		}
	}
	d.spreadNew(ok)
}

// spreadNew finds further mentions of names that the text introduced.
func (d *document) spreadNew(_ map[string]*hit) {
	first := map[string][]*hit{}
	for i := range d.hits {
		if h := &d.hits[i]; h.ok && !h.known && !h.alone {
			first[d.low(h.a)] = append(first[d.low(h.a)], h)
		}
	}
	if len(first) == 0 {
		return
	}
	var more []hit
	for i := range d.Tokens {
		if d.hitAt[i] >= 0 && d.hits[d.hitAt[i]].ok || !d.Tokens[i].Named() && !isQuote(d.low(i-1)) {
			continue
		}
		for _, h := range first[d.Tokens[i].Low] {
			n := h.b - h.a
			if i+n <= len(d.Tokens) && d.joined(i, i+n) == d.joined(h.a, h.b) {
				more = append(more, hit{a: i, b: i + n, sent: d.Tokens[i].Sentence, name: h.name, ok: true, brand: h.brand})
				break
			}
		}
	}
	for _, h := range more {
		d.addHit(h)
	}
}

// markMembers sets the members of an alliance aside: what the alliance did is not yet told of each of them.
func (d *document) markMembers() {
	for s := range d.Sentences {
		hits := d.hitsIn(s)
		for i := 0; i+1 < len(hits); i++ {
			if t, ok := d.between(hits[i], hits[i+1], s); ok && t == intel.RelMemberOf {
				for _, m := range hits[i+1:] {
					m.other = true
				}
				break
			}
		}
		if len(hits) < 2 {
			continue
		}
		if at := d.blends(s); at >= 0 {
			for _, m := range hits {
				if m.a > at {
					m.other = true
				}
			}
		}
	}
}

// blends gives the word of a sentence that says that what follows makes up a whole, "a blend of three older ones", or -1.
func (d *document) blends(s int) int {
	for i := d.Sentences[s].First; i < d.Sentences[s].Last; i++ {
		switch d.low(i) {
		case "blend", "unites", "uniting", "alliance", "merger", "amalgam", "comprising", "comprises", "combines", "combining", "fusion", "réunit", "vereint", "zusammenschluss", "alleanza", "alianza":
			return i
		case "together":
			if w := d.low(i - 1); w == "brings" || w == "bringing" || w == "brought" {
				return i
			}
		}
	}
	return -1
}
