package extract

import (
	"strings"

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
	var top, told dates.Found
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
			v := w * d.timeScore(f, d.Sentences[s])
			if v > 0 && d.disclosedThen(f, d.Sentences[s]) {
				if v = 0; told.Last == 0 && d.namesAny(in, s) && !d.timeOfOther(in, f, d.Sentences[s]) {
					told = f
				}
			}
			if v > 0 && d.timeOfOther(in, f, d.Sentences[s]) {
				continue
			}
			if v > topScore+1e-9 {
				topScore, top = v, f
			}
		}
	}
	if topScore < 0.2 {
		if told.Last == 0 {
			return intel.Interval{Precision: intel.PrecisionUnknown}
		}
		return intel.Interval{To: told.To, Precision: told.Precision, Words: d.words(told.First, told.Last)}
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
	case "commenced", "began", "started", "occurred", "happened", "begun", "begin", "place", "beginning", "dating", "unfolded", "survenue", "survenu", "lieu", "ereignete", "begann", "occurring":
		return 3
	case "discovered", "detected", "noticed", "spotted", "identified", "noted", "learned", "aware", "détectée", "détecté", "bemerkt", "entdeckt", "discovering", "detecting":
		return 1.2
	case "entered", "accessed", "accès", "broke", "infected", "down", "offline", "unavailable", "downloaded", "exported", "copied", "gained", "tricked", "breached", "stole", "stolen", "shut", "failed", "halted",
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
		"patched", "patch", "released", "release", "8-k", "story":
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
	switch d.genitive(f) {
	case ofAttack:
		return 2.5
	case ofOther:
		return 0
	case none:
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
		case low == "access" && d.ofIntruders(i), low == "reached" && d.denied(i, sp.First), low == "light" && d.low(i-1) == "to",
			low == "back" && d.low(i+1) == "to" && strings.HasPrefix(d.low(i-1), "dat"):
			best = max(best, 2*near)
		case d.eventWord(i) && (d.low(i) == "got" || !ordinary(low)):
			best = max(best, 1.6*near)
		case d.is(i, lexicon.AttackNoun|lexicon.AttackVerb|lexicon.StealVerb|lexicon.SufferVerb) && !d.is(i, lexicon.Function) && !ordinary(low):
			best = max(best, 2*near)
		}
	}
	switch d.low(f.First) {
	case "since", "seit", "depuis":
		best = max(best, 1.2) // what has lasted since then began then
	case "from":
		best = max(best, 0.8)
	}
	if f.First == sp.First && d.low(f.Last) != "'s" {
		best = max(best, 0.6) // "On 3 May staff found a note": a story goes on from there
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

// ofIntruders reports whether the access at token i is not that of customers or staff to the internet.
func (d *document) ofIntruders(i int) bool {
	switch d.low(i - 1) {
	case "internet", "web", "online", "remote", "network", "guest", "public":
		return false
	}
	return true
}

// owner of a time in the genitive.
type owner uint8

// The owners.
const (
	none owner = iota
	// ofAttack: "last week's break-in", "the attack of 21 February", "the April breach".
	ofAttack
	// ofOther: "Tuesday's election", or an attack that is only compared with: "such as last month's attack".
	ofOther
)

// genitive reports whether a time belongs to the noun of an attack itself, or to another noun.
func (d *document) genitive(f dates.Found) owner {
	attack := func(i int) bool {
		return d.is(i, lexicon.AttackNoun) && !d.is(i, lexicon.Function) && !ordinary(d.low(i))
	}
	from := f.First - 1
	switch {
	case d.low(f.Last) == "'s" || d.low(f.Last) == "\u2019s":
		if !attack(f.Last+1) && (!attack(f.Last+2) || d.Tokens[f.Last+1].Kind != sentence.Word) {
			return ofOther
		}
	case d.low(f.First-1) == "of" && attack(f.First-2):
		from = f.First - 3
	case (d.low(f.First-1) == "the" || d.low(f.First-1) == "a") && (attack(f.Last) || attack(f.Last+1) && d.low(f.Last) == "data"):
		from = f.First - 2
	default:
		return none
	}
	for i := from; i > from-3; i-- {
		switch d.low(i) {
		case "like", "as", "unlike", "than", "after", "following", "similar", "since", "before":
			return ofOther
		}
	}
	return ofAttack
}

// disclosedThen reports whether a time is that of telling of an incident, which happened then or before: "disclosed a cyberattack on 13
// June", "informed customers of the breach on Saturday", "the intrusion it disclosed on 11 September".
func (d *document) disclosedThen(f dates.Found, sp sentence.Span) bool {
	i := f.First - 1
	if tells(d.low(i)) && i > sp.First {
		return true
	}
	if !d.is(i, lexicon.AttackNoun) && !d.eventWord(i) {
		return false
	}
	for i--; i >= max(sp.First, f.First-9); i-- {
		switch low := d.low(i); {
		case tells(low):
			return true
		case low == "that" || low == "," || low == ";" || d.is(i, verbs) && d.Tokens[i].Shape == 0 && !d.is(i, lexicon.AttackNoun):
			return false
		}
	}
	return false
}

// tells reports whether a verb is one of making an incident known.
func tells(w string) bool {
	switch w {
	case "disclosed", "reported", "announced", "revealed", "acknowledged", "admitted", "inform", "informed", "notify", "notified", "warned":
		return true
	}
	return false
}

// timeOfOther reports whether a time stands in the part of a sentence that tells of another victim: of several named in one sentence, a
// time goes with those named last before it, or with the first after it.
func (d *document) timeOfOther(in *incident, f dates.Found, sp sentence.Span) bool {
	near, own, other := false, false, false
	look := func(i int) bool {
		k := d.at[i]
		if k < 0 || d.mentions[k].group < 0 || d.groups[d.mentions[k].group].p < 0.4 {
			return near && d.is(i, verbs) && d.Tokens[i].Shape == 0
		}
		near = true
		own = own || has(in.victims, d.mentions[k].group)
		other = other || !has(in.victims, d.mentions[k].group)
		return false
	}
	for i := f.First - 1; i >= sp.First && !look(i); i-- {
	}
	if !near {
		for i := f.Last; i < sp.Last && !look(i); i++ {
		}
	}
	return other && !own && d.namesAny(in, d.Tokens[f.First].Sentence) && len(in.victims) > 0
}
