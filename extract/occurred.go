package extract

import (
	"github.com/rapsheet/rapsheet/extract/dates"
	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
	"github.com/rapsheet/rapsheet/intel"
)

// datesOf gives the phrases of time in sentence s; the text is read for them once.
func (d *document) datesOf(s int) []dates.Found {
	if d.times == nil {
		d.times = make([][]dates.Found, len(d.Sentences))
		for _, f := range dates.Find(d.Tokens, d.in.Published) {
			if k := d.Tokens[f.First].Sentence; k == d.Tokens[f.Last-1].Sentence {
				d.times[k] = append(d.times[k], f)
			}
		}
	}
	return d.times[s]
}

// occurred reads when an incident happened: the words of time closest to a word of attack in the sentences about it; in a text about
// nothing else, in any sentence.
func (d *document) occurred(in *incident, sents map[int]float64) intel.Interval {
	var top dates.Found
	topScore := 0.0
	alone := d.alone(in)
	for s := range d.Sentences {
		w, ok := sents[s]
		if !ok && (alone || d.tellsOnlyOf(in, d.Sentences[s].Paragraph)) {
			w = 0.35
		}
		if w == 0 || d.inTitle(s) {
			continue
		}
		for _, f := range d.datesOf(s) {
			if v := w * d.timeScore(f, d.Sentences[s]); v > topScore+1e-9 {
				topScore, top = v, f
			}
		}
	}
	if topScore < 0.2 {
		return intel.Interval{Precision: intel.PrecisionUnknown}
	}
	iv := top.Interval
	a := top.First
	if d.is(a-1, lexicon.AttackNoun|lexicon.AttackVerb|lexicon.SufferVerb) || startWord(d.low(a-1)) > 0 {
		a--
	}
	iv.Words = d.words(a, top.Last)
	return iv
}

// startWord says how surely a word stands for the beginning or the discovery of something.
func startWord(low string) float64 {
	switch low {
	case "commenced", "began", "started", "occurred", "happened", "begun", "begin", "place", "beginning", "dating", "unfolded", "survenue", "survenu", "ereignete", "begann", "occurring":
		return 3
	case "discovered", "detected", "noticed", "spotted", "identified", "noted", "learned", "aware", "détectée", "détecté", "bemerkt", "entdeckt", "discovering", "detecting":
		return 1.2
	case "entered", "accessed", "access", "broke", "infected", "down", "offline", "unavailable", "downloaded", "exported", "copied", "gained", "tricked", "breached", "stole", "stolen", "shut", "failed", "halted",
		"stopped", "tokens", "lost", "intruder", "intruders", "activity", "deleted", "taken", "cyberattaque", "cyberangriff", "angriff", "verschlüsselte", "abgeschaltet", "attaque":
		return 2
	}
	return 0
}

// elsewhen reports whether a word near a time says that it is the time of something other than the attack.
func elsewhen(low string) bool {
	switch low {
	case "arrested", "charged", "sentenced", "published", "updated", "posted", "listed", "deadline", "filed", "filing", "statement", "letter", "letters", "interview", "article", "report", "advisory", "restarted",
		"resume", "resumed", "restored", "apprehended", "extradited", "pleaded", "expected", "until", "update", "added", "adds", "disclosed", "announced", "announcement", "notified", "notice", "mailed", "press", "advisories",
		"patched", "patch", "released", "release", "8-k":
		return true
	}
	return false
}

// timeScore says how likely a time is that of the event: near a word of attack, and neither the time of saying nor that of print.
func (d *document) timeScore(f dates.Found, sp sentence.Span) float64 {
	best, away := 0.0, 0.0
	if d.printed(f, sp) {
		return 0
	}
	for i := max(sp.First, f.First-26); i < min(sp.Last, f.Last+26); i++ {
		if i >= f.First && i < f.Last {
			continue
		}
		dist := f.First - i
		if dist < 0 {
			dist = i - f.Last + 1
		}
		near := 1 / (1 + 0.2*float64(dist))
		low := d.low(i)
		switch v := startWord(low); {
		case (elsewhen(low) || speechAct(low) != actNone && v == 0 && d.Tokens[i].Shape == 0) && dist <= 4 && !d.clauseBetween(f, i):
			away = max(away, near)
		case v > 0:
			best = max(best, v*near)
		case d.eventWord(i) && (d.low(i) == "got" || !ordinary(low)):
			best = max(best, 1.6*near)
		case d.is(i, lexicon.AttackNoun|lexicon.AttackVerb|lexicon.StealVerb|lexicon.SufferVerb) && !d.is(i, lexicon.Function) && !ordinary(low):
			best = max(best, 2*near)
		}
	}
	if w := d.low(f.First - 1); w == "since" || w == "from" || w == "seit" || w == "depuis" {
		best = max(best, 0.8) // what has lasted since then began then
	}
	if away > 0 && best < 3*away {
		best *= 0.15
	}
	if f.Last-f.First == 1 && d.low(f.First) == "today" {
		best *= 0.25
	}
	if f.Precision == intel.PrecisionYear {
		best *= 0.7
	}
	return best
}

// printed reports whether a time is a date line, lies after the report, or only bounds something: "before March 2019".
func (d *document) printed(f dates.Found, sp sentence.Span) bool {
	if sp.Last-sp.First <= f.Last-f.First+2 {
		return true
	}
	switch d.low(f.First - 1) {
	case "before", "until", "after", "than", "till", "dated", "copyright", "©", "updated", "published":
		return true
	}
	if m := d.in.Published; !f.From.IsZero() && !m.IsZero() {
		// What lies after the report has not happened; its own date with the year stands in its date line.
		if m.Date().AddDays(2).Before(f.From) || f.From == m.Date() && len(d.low(f.Last-1)) == 4 && d.Tokens[f.Last-1].Kind == sentence.Number {
			return true
		}
	}
	return d.low(f.Last) == ":" && f.First-sp.First < 3
}

// clauseBetween reports whether a comma or "that" parts the time from the word at i.
func (d *document) clauseBetween(f dates.Found, i int) bool {
	a, b := i+1, f.First
	if i >= f.Last {
		a, b = f.Last, i
	}
	for k := a; k < b; k++ {
		switch d.low(k) {
		case ",", ";", "that", "it", "\u201d", "which", "after", "and", "but":
			return true
		}
	}
	return false
}
