package extract

import (
	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/intel"
)

// relations reads what the text says of how actors stand to one another: the members of an alliance, a new name of an old group.
func (d *document) relations() []intel.Relation {
	var out []intel.Relation
	seen := map[string]bool{}
	for s := range d.Sentences {
		if d.inTitle(s) {
			continue
		}
		hits := d.hitsIn(s)
		for i := 0; i+1 < len(hits); i++ {
			a := hits[i]
			typ, ok := d.between(a, hits[i+1], s)
			if !ok {
				continue
			}
			for _, b := range hits[i+1:] {
				from, to := b, a
				if typ != intel.RelMemberOf {
					from, to = a, b
				}
				r := d.relation(typ, from, to, s)
				if key := r.From + "\x00" + string(typ) + "\x00" + r.To; r.From != r.To && !seen[key] {
					seen[key] = true
					out = append(out, r)
				}
				if typ != intel.RelMemberOf {
					break
				}
			}
			break
		}
	}
	return out
}

func (d *document) hitsIn(s int) []*hit {
	var out []*hit
	sp := d.Sentences[s]
	for i := sp.First; i < sp.Last; {
		if k := d.hitAt[i]; k >= 0 && d.hits[k].ok && !d.hits[k].software {
			out = append(out, &d.hits[k])
			i = d.hits[k].b
			continue
		}
		i++
	}
	return out
}

// between reads the relation from the words between two hits.
func (d *document) between(a, b *hit, _ int) (intel.RelationType, bool) {
	negated, words := false, 0
	for i := a.b; i < b.a; i++ {
		words++
		switch d.low(i) {
		case "comprising", "comprises", "comprised", "consisting", "consists", "uniting", "unites", "alliance", "umbrella", "coalition", "composed", "merger", "combining", "made":
			return intel.RelMemberOf, !negated
		case "rebranded", "rebrand", "formerly", "renamed":
			return intel.RelRebrandOf, !negated
		case "successor":
			return intel.RelSuccessorOf, !negated
		case "impersonating", "impersonates", "posing":
			return intel.RelImpersonates, !negated
		case "collaborates", "collaborating", "collaborated", "partnered", "teamed", "joined":
			return intel.RelCollaborates, !negated
		}
		negated = negated || d.is(i, lexicon.Negation)
	}
	return "", false
}

func (d *document) relation(t intel.RelationType, from, to *hit, s int) intel.Relation {
	sp := d.Sentences[s]
	quote := d.Raw[sp.Start:sp.End]
	place := d.span(sp.Start, sp.End)
	ref := func(h *hit) string {
		if h.id != "" {
			return h.id
		}
		return h.name
	}
	return intel.Relation{From: ref(from), Type: t, To: ref(to), Source: "report", Quote: quote, ReportID: d.in.ID, Start: place.Start, End: place.End, Confidence: 0.8}
}
