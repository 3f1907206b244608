package extract

import (
	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
	"github.com/rapsheet/rapsheet/intel"
)

// headedBy reads the line that heads a retold document and says whose it is: "Statement of X", "Authority: X", "Filer: X", "Summary of a
// company statement". What such a text tells, its author tells.
func (l *listener) headedBy() party {
	d := l.d
	for s := range d.Sentences {
		if d.inTitle(s) {
			continue
		}
		sp := d.Sentences[s]
		for i := sp.First; i < min(sp.Last, sp.First+7); i++ {
			switch w := d.low(i); {
			case (w == "statement" || w == "notice" || w == "letter") && (d.low(i+1) == "of" || d.low(i+1) == "by" || d.low(i+1) == "from") && i <= sp.First+1:
				return l.namedAfter(i+2, sp, "")
			case w == "statement" && (d.low(i-1) == "company" || d.low(i-1) == "companys") && l.main >= 0 && d.low(sp.First) == "summary":
				return l.groupParty(l.main)
			case (w == "authority" || w == "regulator") && d.low(i+1) == ":" && i == sp.First:
				return l.namedAfter(i+2, sp, intel.SpeakerGovernment)
			case (w == "filer" || w == "company" || w == "registrant") && d.low(i+1) == ":" && i == sp.First:
				if l.main >= 0 {
					return l.groupParty(l.main)
				}
				return l.namedAfter(i+2, sp, "")
			}
		}
		return nobody()
	}
	return nobody()
}

// namedAfter is the organisation that begins shortly after token i.
func (l *listener) namedAfter(i int, sp sentence.Span, kind intel.SpeakerKind) party {
	for k := i; k < min(sp.Last, i+4); k++ {
		if !l.orgAt(k) {
			continue
		}
		p := l.mentionParty(int(l.d.at[k]))
		if kind != "" {
			p.kind, p.group = kind, -1
		}
		if p.kind == "" && p.group >= 0 && l.d.groups[p.group].class.Any(lexicon.Place) {
			return nobody()
		}
		return p
	}
	return nobody()
}
