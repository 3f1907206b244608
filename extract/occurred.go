package extract

import (
	"github.com/rapsheet/rapsheet/extract/dates"
	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/intel"
)

// occurred reads when an incident happened: the words of time closest to a word of attack in the sentences about it.
func (d *document) occurred(_ *incident, sents map[int]float64) intel.Interval {
	var top dates.Found
	topScore := 0.0
	for s := range d.Sentences {
		w, ok := sents[s]
		if !ok || d.inTitle(s) {
			continue
		}
		sp := d.Sentences[s]
		for _, f := range dates.Find(d.Tokens[sp.First:sp.Last], d.in.Published) {
			if v := d.timeScore(f, sp.First, sp.Last, w); v > topScore+1e-9 {
				topScore, top = v, f
				top.First += sp.First
				top.Last += sp.First
			}
		}
	}
	if topScore == 0 {
		return intel.Interval{Precision: intel.PrecisionUnknown}
	}
	iv := top.Interval
	a := top.First
	if d.is(a-1, lexicon.AttackNoun|lexicon.AttackVerb|lexicon.SufferVerb) || starts(d.low(a-1)) {
		a--
	}
	iv.Words = d.words(a, top.Last)
	return iv
}

func starts(low string) bool {
	switch low {
	case "commenced", "began", "started", "occurred", "happened", "took", "place", "discovered", "detected":
		return true
	}
	return false
}

// timeScore says how likely a time is that of the event: near a word of attack and not the time of a saying.
func (d *document) timeScore(f dates.Found, first, last int, w float64) float64 {
	best := 0.0
	for i := first; i < last; i++ {
		var v float64
		switch {
		case starts(d.low(i)):
			v = 3
		case d.is(i, lexicon.AttackNoun|lexicon.AttackVerb|lexicon.StealVerb|lexicon.SufferVerb) && !d.is(i, lexicon.Function):
			v = 2
		case d.is(i, lexicon.SayVerb|lexicon.DiscloseVerb):
			v = -1
		default:
			continue
		}
		dist := f.First + first - i
		if dist < 0 {
			dist = i - f.Last - first + 1
		}
		near := 1 / (1 + 0.25*float64(max(dist, 0)))
		if v < 0 && dist <= 2 {
			best -= 0.8
			continue
		}
		if v > 0 {
			best = max(best, v*near)
		}
	}
	return best * w
}
