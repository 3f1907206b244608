package extract

import "github.com/rapsheet/rapsheet/extract/sentence"

// tellsOnlyOf reports whether a paragraph names victims of an incident and no other likely victim.
func (d *document) tellsOnlyOf(in *incident, par int) bool {
	if in.p < 0.4 {
		return false
	}
	if d.tellsOf == nil {
		d.tellsOf = d.paragraphVictims()
	}
	for _, g := range d.tellsOf[par] {
		if !has(in.victims, g) {
			return false
		}
	}
	return len(d.tellsOf[par]) > 0
}

// paragraphVictims lists the likely victims that each paragraph names, or the heading above it; of many only some, which is enough to
// know that it is about no single one.
func (d *document) paragraphVictims() map[int][]int {
	const some = 12
	out := map[int][]int{}
	for k := range d.mentions {
		m := &d.mentions[k]
		if m.group < 0 || d.inTitle(m.sent) || d.groups[m.group].p < 0.4 {
			continue
		}
		if par := d.Sentences[m.sent].Paragraph; len(out[par]) < some && !has(out[par], m.group) {
			out[par] = append(out[par], m.group)
		}
	}
	for s := range d.Sentences {
		if p := d.Sentences[s].Paragraph; len(out[p]) > 0 && len(out[p+1]) == 0 && d.heading(s) && !d.inTitle(s) {
			out[p+1] = out[p]
		}
	}
	return out
}

// heading reports whether sentence s is a paragraph of its own of a few words, with no mark at its end.
func (d *document) heading(s int) bool {
	sp := d.Sentences[s]
	if sp.Last-sp.First > headWords || sp.Last == sp.First || d.Tokens[sp.Last-1].Kind == sentence.Punct {
		return false
	}
	return (s == 0 || d.Sentences[s-1].Paragraph != sp.Paragraph) && s+1 < len(d.Sentences) && d.Sentences[s+1].Paragraph == sp.Paragraph+1
}
