package extract

import (
	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// verbFrame reads the verb group that begins near token i, its voice and what it is about.
func (d *document) verbFrame(i int, sp sentence.Span) string {
	passive, neg := false, ""
	for k, n := i, 0; k < sp.Last && n < 7; k, n = k+1, n+1 {
		t := &d.Tokens[k]
		w := t.Low
		switch {
		case w == "was" || w == "were" || w == "is" || w == "are" || w == "been" || w == "being" || w == "be" || w == "gets" || w == "got":
			passive = true
			continue
		case auxiliary(w) && w != "not" && w != "n't":
			continue
		case w == "to" && passive:
			continue
		case d.class[k].Any(lexicon.Negation) && !d.class[k].Any(verbs):
			neg = ".neg"
			continue
		}
		if passive && (w == "victim" || w == "target" || w == "victims" || w == "targets") {
			return "v.victim" + neg
		}
		if passive && (w == "among" || w == "one") {
			if d.hasWithin(k, min(sp.Last, k+7), "victims", "targets", "victim", "affected", "hit", "breached", "targeted", "named", "listed") {
				return "v.victim" + neg
			}
		}
		c := d.class[k] & verbs
		if c == 0 {
			if t.Kind == sentence.Punct && !isQuote(w) {
				return "v.none"
			}
			if passive && d.low(k+1) == "by" && d.actorAt(k+2) {
				return "v.washit" + neg
			}
			if passive && (w == "named" || w == "listed") {
				return "v.waslisted" + neg
			}
			if v := otherVerb(w); v != "" {
				return "v." + v + neg
			}
			continue
		}
		return d.verbKind(k, passive, sp) + neg
	}
	if passive {
		return "v.be"
	}
	return "v.none"
}

// actorAt reports whether an actor is named at token i, an article aside.
func (d *document) actorAt(i int) bool {
	if determiner(d.low(i)) {
		i++
	}
	return i < len(d.hitAt) && d.hitAt[i] >= 0 && d.hits[d.hitAt[i]].ok
}

func (d *document) hasWithin(a, b int, words ...string) bool { return d.hasLow(a, b, words...) }

// otherVerb classes verbs outside the lexicon that tell who somebody is.
func otherVerb(w string) string {
	switch w {
	case "paid", "pays", "pay", "paying":
		return "pay"
	case "patched", "patches", "fixed", "fixes", "released", "releases", "release", "updated", "launched", "launches", "introduced", "unveiled", "offers", "offered", "provides", "provided", "sells", "makes", "made", "develops", "developed", "operates", "owns", "acquired", "bought":
		return "make"
	case "arrested", "charged", "charges", "indicted", "seized", "sentenced", "fined", "sanctioned", "sued", "accused", "blamed", "convicted", "extradited":
		return "law"
	case "closed", "closes", "closing", "stopped", "stops", "disconnected", "disconnects", "reset", "resets", "resetting", "rerouted", "reverted", "switched", "scrambles", "scrambled", "struggles", "struggled", "struggling", "postponed", "delayed", "delays", "resumed", "resumes", "rebuilding", "rebuilt", "hired", "hires", "offline", "refused", "declined", "negotiated":
		return "stop"
	case "allows", "allow", "enables", "uses", "used", "runs", "contains", "supports", "installs":
		return "use"
	}
	return ""
}

// verbKind names the frame of the verb at k.
func (d *document) verbKind(k int, passive bool, sp sentence.Span) string {
	c := d.class[k]
	about := d.about(k+1, sp)
	w := d.low(k)
	ing := len(w) > 4 && w[len(w)-3:] == "ing"
	switch {
	case passive && !ing && c.Any(lexicon.AttackVerb|lexicon.StealVerb) && w != "posted" && w != "published":
		return "v.washit"
	case passive && !ing && c.Any(lexicon.ClaimVerb):
		return "v.waslisted"
	case passive && !ing && c.Any(lexicon.SufferVerb|lexicon.Lure):
		return "v.was"
	case c.Any(lexicon.SufferVerb):
		return "v.suffer" + about
	case (w == "takes" || w == "took" || w == "taken" || w == "taking" || w == "take" || w == "shut" || w == "shuts" || w == "brings" || w == "brought" || w == "knocked") && d.hasLow(k, min(sp.Last, k+9), "offline", "down"):
		return "v.offline"
	case c.Any(lexicon.Lure):
		return "v.lure"
	case c.Any(lexicon.DiscloseVerb):
		return "v.disclose" + about
	case c.Any(lexicon.SayVerb):
		return "v.say" + about
	case c.Any(lexicon.ClaimVerb) && !c.Any(lexicon.DiscloseVerb):
		return "v.claim"
	case c.Any(lexicon.AttackVerb | lexicon.StealVerb):
		if w == "hit" || w == "targeted" || w == "hacked" || w == "breached" || w == "attacked" || w == "struck" || w == "defaced" || w == "compromised" {
			if d.low(k+1) == "by" || d.low(k+1) == "in" || d.low(k+1) == "with" {
				return "v.washit"
			}
		}
		return "v.doeshit"
	case c.Any(lexicon.FindVerb):
		return "v.find"
	}
	return "v.other"
}

// about says what a speaker speaks of: itself and an attack, itself, an attack, another, or none of them.
func (d *document) about(k int, sp sentence.Span) string {
	self, event, other := false, false, false
	for n := 0; k < sp.Last && n < 16; k, n = k+1, n+1 {
		switch d.low(k) {
		case "it", "its", "they", "their", "we", "our":
			self = self || n < 6 || other && n < 10
		}
		if d.class[k].Any(lexicon.AttackNoun) || n > 2 && d.class[k].Any(lexicon.AttackVerb|lexicon.StealVerb) {
			event = true
		}
		if d.at[k] >= 0 && !self && n < 4 && !d.class[k].Any(lexicon.Demonym|lexicon.Weekday|lexicon.Month) {
			other = true
		}
	}
	switch {
	case self && event:
		return ".selfevent"
	case other:
		return ".name"
	case self:
		return ".self"
	case event:
		return ".event"
	}
	return ""
}
