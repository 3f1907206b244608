package extract

import (
	"sort"
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// placeTable knows names of countries, their adjectives, towns, domains and legal forms.
type placeTable struct {
	names, demonyms, towns, domains, forms map[string]string
	starts                                 beginnings
}

func newPlaces(countries []Country, lex *lexicon.Lexicon) *placeTable {
	p := &placeTable{map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}, beginnings{}}
	fill := func(m map[string]string, words []string, code string) {
		for _, w := range words {
			w = strings.ToLower(w)
			p.starts.add(w)
			if old, ok := m[w]; ok && old != code {
				m[w] = ""
				continue
			}
			m[w] = code
		}
	}
	for _, c := range countries {
		fill(p.names, c.Names, c.Code)
		fill(p.demonyms, c.Demonyms, c.Code)
		fill(p.towns, c.Places, c.Code)
		fill(p.domains, c.Domains, c.Code)
		fill(p.forms, c.Forms, c.Code)
		for _, n := range c.Names {
			lex.AddName(strings.ToLower(n), lexicon.Place)
		}
		for _, n := range c.Places {
			lex.AddName(strings.ToLower(n), lexicon.Place)
		}
		for _, n := range c.Demonyms {
			if !strings.Contains(n, " ") {
				lex.AddWord(strings.ToLower(n), lexicon.Demonym)
			}
		}
	}
	for _, d := range []string{"com", "org", "net", "io", "co", "ai", "me", "tv", "info", "app", "us"} {
		delete(p.domains, d)
	}
	return p
}

// country gives the code of the country called low, demonym of the one low is the adjective of.
func (p *placeTable) country(low string) string { return p.names[low] }
func (p *placeTable) demonym(low string) string { return p.demonyms[low] }

// countryOf reads the country of a group from its name and what stands around it; empty when nothing says.
func (d *document) countryOf(g *group) string {
	b := d.mentions[g.best]
	if v := d.x.known[d.key(&b)]; v != nil && v.Country != "" {
		return v.Country
	}
	score := map[string]float64{}
	sents := make([]int, 0, 16)
	for n, k := range g.mentions {
		if n >= 12 {
			break
		}
		m := &d.mentions[k]
		d.placesNear(m, score)
		if len(sents) == 0 || sents[len(sents)-1] != m.sent {
			sents = append(sents, m.sent)
		}
	}
	own := d.alone(&incident{victims: []int{b.group}})
	if own {
		d.described(b.group, score)
		for s := range min(12, len(d.Sentences)) {
			if !has(sents, s) {
				sents = append(sents, s)
			}
		}
	}
	if strongest(score) < 4 {
		d.hints(g, sents, score)
	}
	if strongest(score) < hintLeast {
		d.placesInLead(g, score)
	}
	if strongest(score) < 1 {
		return ""
	}
	return best(score)
}

// strongest is the greatest value.
func strongest(score map[string]float64) float64 {
	top := 0.0
	for k, v := range score {
		if k != "" {
			top = max(top, v)
		}
	}
	return top
}

// best is the key with the greatest value, the first in the alphabet of equals.
func best(score map[string]float64) string {
	keys := make([]string, 0, len(score))
	for k := range score {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	top := ""
	for _, k := range keys {
		if k != "" && (top == "" || score[k] > score[top]) {
			top = k
		}
	}
	return top
}

// placesNear adds what one mention says: words of the name, adjectives before it, places after it.
func (d *document) placesNear(m *mention, score map[string]float64) {
	for i := m.a; i < m.b; i++ {
		low := d.Tokens[i].Low
		if c := d.placeAt(i, m.b); c != "" {
			score[c] += 4
		}
		if c := d.x.places.forms[strings.Trim(low, ".")]; c != "" {
			score[c] += 2
		}
		if d.Tokens[i].Shape&sentence.Dotted != 0 {
			if c := d.x.places.domains[low[strings.LastIndexByte(low, '.')+1:]]; c != "" {
				score[c] += 4
			}
		}
	}
	sp := d.Sentences[m.sent]
	for i := m.a - 1; i >= sp.First && i >= m.a-7; i-- {
		if t := d.Tokens[i]; t.Kind == sentence.Punct && t.Low != "'s" || preposition(t.Low) && t.Low != "of" || d.is(i, verbs) && !d.is(i, lexicon.CorpHead) {
			break
		}
		if d.at[i] >= 0 && d.low(i+1) == "'s" || d.is(i, lexicon.Demonym) || d.low(i) == "us" || d.low(i) == "u.s." || d.low(i) == "uk" || d.low(i) == "u.k." {
			if c := d.placeAt(i, m.a); c != "" && !strings.HasPrefix(d.low(i-1), "pro") && !d.ofOthers(i, m.b, m.group) {
				score[c] += 4
			}
		}
	}
	d.placesAfter(m, sp, score)
}

// placesAfter reads an apposition or place after a mention: ", a French company", "in Ohio", ", Florida".
func (d *document) placesAfter(m *mention, sp sentence.Span, score map[string]float64) {
	weight := 3.0
	for i := m.b; i < sp.Last && i < m.b+14; i++ {
		if d.is(i, lexicon.ActorHead) && !d.is(i, lexicon.CorpHead) || d.hitAt[i] >= 0 && d.hits[d.hitAt[i]].ok {
			return
		}
		if d.is(i, verbs) && d.Tokens[i].Shape == 0 && i > m.b+1 {
			weight = 1
		}
		if c := d.placeAt(i, sp.Last); c != "" && !strings.HasPrefix(d.low(i), "pro-") && !d.ofOthers(i, sp.Last, m.group) {
			score[c] += weight
			if d.low(i-1) == "in" || d.low(i-1) == "," {
				score[c]++
			}
		}
	}
}

// placeAt gives the country that a name or adjective beginning at token i stands for.
func (d *document) placeAt(i, last int) string {
	p := d.x.places
	for n := min(p.starts[d.low(i)], 3, last-i); n > 0; n-- {
		w := d.joined(i, i+n)
		if c := p.names[w]; c != "" && (d.Tokens[i].Shape != 0) {
			return c
		}
		if c := p.towns[w]; c != "" && d.Tokens[i].Shape != 0 {
			return c
		}
		if c := p.demonyms[w]; c != "" {
			return c
		}
	}
	if low := d.low(i); strings.HasSuffix(low, "-based") {
		w := low[:len(low)-6]
		for _, m := range []map[string]string{p.names, p.towns} {
			if c := m[w]; c != "" {
				return c
			}
		}
	}
	return ""
}

// placesInLead looks at the first sentences when nothing stands near the name.
func (d *document) placesInLead(g *group, score map[string]float64) {
	s := d.mentions[g.mentions[0]].sent
	for k := s; k < min(s+3, len(d.Sentences)); k++ {
		sp := d.Sentences[k]
		if k > s && sp.Paragraph != d.Sentences[s].Paragraph && !d.inTitle(s) && len(d.Sentences) > 8 {
			return
		}
		for i := d.afterDateline(k); i < sp.Last; i++ {
			if strings.HasPrefix(d.low(i), "pro-") || d.ofOthers(i, sp.Last, d.mentions[g.best].group) {
				continue
			}
			if c := d.placeAt(i, sp.Last); c != "" {
				score[c] += 1
			}
		}
	}
}
