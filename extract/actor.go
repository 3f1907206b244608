package extract

import (
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
	"github.com/rapsheet/rapsheet/intel"
)

// hit is a name of an actor or of software found in the text.
type hit struct {
	a, b, sent int
	// id is empty for a name no catalogue knows, and for one that several actors share.
	id, name string
	software bool
	// brand says that a ransomware brand was named and its operator is meant.
	brand bool
	// onlyBrand says that nobody but the brand carries the name: it is an actor only where it acts like one.
	onlyBrand bool
	// ok says that the name's policy allows the match; known that the catalogue has it.
	ok, known bool
	// other says that the hit stands where it is not the attacker of this text (a comparison, a denial).
	other bool
	// told says that the words beside the name make it an attacker's, whatever else the sentence says.
	told bool
	// alone says that the name is an actor's only where it stands: a secret service that hacked somebody here may warn of others there.
	alone bool
}

// findActors marks names of the catalogue and names that the text itself introduces as those of actors.
func (d *document) findActors() {
	d.hitAt = make([]int32, len(d.Tokens))
	for i := range d.hitAt {
		d.hitAt[i] = -1
	}
	for s, sp := range d.Sentences {
		for i := sp.First; i < sp.Last; {
			entries, end := d.x.actors.longest(d.Text, i, sp.Last)
			if len(entries) == 0 {
				i++
				continue
			}
			d.addHit(d.judge(entries, i, end, s))
			i = end
		}
		if !d.titled[s] {
			d.findNewActors(s, sp)
		} else {
			d.findAnonymous(s, sp)
		}
		d.bands(s, sp)
		d.readSeries(s, sp)
		d.readServices(s, sp)
	}
	d.secondActors()
	d.spread()
	d.markMembers()
}

func (d *document) addHit(h hit) {
	for i := h.a; i < h.b; i++ {
		if o := d.hitAt[i]; o >= 0 && d.hits[o].ok {
			return
		}
	}
	for i := h.a; i < h.b; i++ {
		d.hitAt[i] = int32(len(d.hits))
	}
	d.hits = append(d.hits, h)
}

// judge applies the names' policies to the text around tokens a to b.
func (d *document) judge(entries []entry, a, b, s int) hit {
	h := hit{a: a, b: b, sent: s, known: true}
	ransom := d.low(b) == "ransomware" || d.low(b) == "locker"
	var best *entry
	shared := false
	for i := range entries {
		e := &entries[i]
		if !d.allowed(e, a, b, s) {
			continue
		}
		switch {
		case best == nil, best.software && !e.software && !(d.is(b, lexicon.MalwareHead) && !ransom), best.software && e.software && e.brand && !best.brand && d.gangCue(a, b):
			best = e
			shared = false
		case best.brand && e.software && !e.brand && d.gangCue(a, b):
		case e.software == best.software && e.id != best.id:
			if e.primary && !best.primary {
				best = e
			} else if e.primary == best.primary {
				shared = true
			}
		}
	}
	if best == nil {
		return h
	}
	h.ok, h.id, h.software = true, best.id, best.software
	h.onlyBrand = best.brand
	h.name = d.words(a, b)
	h.brand = ransom && (best.brand || !best.software) || best.brand
	if best.software && best.brand {
		h.software = false
		h.id = ""
	}
	if shared {
		h.id = ""
	}
	return h
}

// allowed reports whether a name may be matched here under its policy.
func (d *document) allowed(e *entry, a, b, s int) bool {
	t := d.Tokens[a]
	named := t.Named() || strings.ContainsAny(t.Low, "$0123456789")
	quoted := d.quoted(a, b)
	if b-a == 1 && !quoted && d.insideName(a) && !d.cueNear(a, b, s, 1) {
		return false
	}
	if strings.HasPrefix(e.written, "un") && nameless(t.Low) {
		return false // a catalogue's "unnamed group"
	}
	if e.software {
		return d.allowedSoftware(e, a, b, s, named, quoted)
	}
	switch e.match {
	case intel.MatchAlways:
		if d.halfNamed(a, b) && !strings.Contains(e.written, " ") {
			return false
		}
		if named || quoted {
			return true
		}
		return b-a > 1 && d.cue(a, b, s) || d.cueNear(a, b, s, 2)
	case intel.MatchCase:
		return d.words(a, b) == e.written || t.Shape&sentence.Upper != 0 && d.cue(a, b, s)
	case intel.MatchCue:
		return (named || quoted) && d.cue(a, b, s)
	default:
		return false
	}
}

// halfNamed reports whether only some words of tokens a to b have a capital: "Care to" is no spelling of Careto.
func (d *document) halfNamed(a, b int) bool {
	caps := 0
	for i := a; i < b; i++ {
		if d.Tokens[i].Kind != sentence.Word || d.Tokens[i].Named() {
			caps++
		}
	}
	return caps > 0 && caps < b-a
}

// allowedSoftware reports whether the name of software may be matched here. Ransomware has been named after everything, so a name
// that is also a word, a people or a place needs its kind right beside it.
func (d *document) allowedSoftware(e *entry, a, b, s int, named, quoted bool) bool {
	if !named && !quoted {
		return false
	}
	low := d.joined(a, b)
	if d.x.lex.Name(low).Any(lexicon.Product|lexicon.Vendor|lexicon.Media|lexicon.Social) || d.isPerson(a, b) && !d.kindBeside(a, b) {
		return false
	}
	if d.class[a].Any(lexicon.Demonym) && b-a == 1 || d.x.places.country(low) != "" || d.x.places.demonym(low) != "" || d.x.places.towns[low] != "" {
		return d.low(b) == "ransomware" && !d.is(b+1, lexicon.ActorHead|lexicon.AttackNoun) || d.low(b) == "ransomware" && d.Tokens[a].Gap == sentence.GapSpace && d.x.places.demonym(low) == ""
	}
	if e.common || d.class[a] != 0 && b-a == 1 {
		return d.words(a, b) == e.written && (!e.brand || d.Tokens[a].Shape&sentence.Mixed != 0) || d.kindBeside(a, b) || quoted && d.cueNear(a, b, s, 6)
	}
	return d.words(a, b) == e.written && (!e.brand || d.Tokens[a].Shape&sentence.Mixed != 0) || d.kindBeside(a, b) || d.cueNear(a, b, s, 4) || d.sentenceHas(s, lexicon.MalwareHead)
}

// kindBeside reports whether the word before or after tokens a to b says that they name malware or a gang.
func (d *document) kindBeside(a, b int) bool {
	const kinds = lexicon.MalwareHead | lexicon.ActorHead
	if b < len(d.Tokens) && d.Tokens[b].Shape == 0 && (d.is(b, kinds) || d.low(b) == "information" && d.is(b+1, kinds)) {
		return true
	}
	switch d.low(a - 1) {
	case "called", "dubbed", "named", "malware", "ransomware", "trojan", "stealer", "gang", "actor", "group", "backdoor", "botnet", "wiper":
		return true
	}
	return foreignBand(d.low(a - 1))
}

// gangCue reports whether tokens a to b are followed or preceded by a word that makes them a gang: "Cuba ransomware", "group Medusa".
func (d *document) gangCue(a, b int) bool {
	switch d.low(b) {
	case "ransomware", "gang", "group", "gangs", "operation", "affiliate", "affiliates", "operators", "crew", "hackers", "claims", "claimed", "leak":
		return true
	}
	switch d.low(a - 1) {
	case "gang", "group", "ransomware", "actor", "operation":
		return true
	}
	return foreignBand(d.low(a - 1))
}

// insideName reports whether the word at a stands between capitals, as a part of a longer name that is not an actor's.
func (d *document) insideName(a int) bool {
	beside := func(i, gap int) bool {
		return i >= 0 && i < len(d.Tokens) && d.Tokens[gap].Gap == sentence.GapSpace && d.Tokens[i].Sentence == d.Tokens[a].Sentence &&
			d.Tokens[i].Kind == sentence.Word && d.Tokens[i].Shape&sentence.Cap != 0 &&
			!d.class[i].Any(lexicon.Function|lexicon.Demonym|lexicon.ActorHead|lexicon.AttackNoun|lexicon.MalwareHead|lexicon.Weekday|lexicon.Month|lexicon.AttackVerb|lexicon.ClaimVerb|lexicon.DiscloseVerb|lexicon.Researcher)
	}
	if a+1 < len(d.Tokens) && beside(a+1, a+1) {
		return true
	}
	return a > 0 && beside(a-1, a) && a-1 > d.Sentences[d.Tokens[a].Sentence].First && !foreignBand(d.low(a-1))
}

func (d *document) quoted(a, b int) bool {
	return a > 0 && isQuote(d.low(a-1)) && isQuote(d.low(b))
}

func isQuote(s string) bool {
	switch s {
	case "'", "\"", "\u201c", "\u201d", "\u2018", "\u2019", "\u201e", "\u00ab", "\u00bb", "`":
		return true
	}
	return false
}

// cue reports whether a word that goes with actors stands near tokens a to b.
func (d *document) cue(a, b, s int) bool { return d.cueNear(a, b, s, 4) }

func (d *document) cueNear(a, b, s, n int) bool {
	sp := d.Sentences[s]
	for i := max(sp.First, a-n); i < min(sp.Last, b+n); i++ {
		if i >= a && i < b {
			continue
		}
		if d.is(i, lexicon.ActorHead) || d.is(i, lexicon.ClaimNoun) || strings.HasPrefix(d.low(i), "ransom") || d.low(i) == "apt" || foreignBand(d.low(i)) {
			return true
		}
	}
	return false
}
