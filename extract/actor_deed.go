package extract

import (
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// Names that are an attacker's by what the sentence says they did, and by how they are built.

// strikes reports whether the name that ends before token b is the subject of a deed: "X took down", "X hackers have leaked".
func (d *document) strikes(b int, sp sentence.Span) bool {
	k := b
	for n := 0; k < sp.Last && n < 5; n++ {
		w := d.low(k)
		if !auxiliary(w) && w != "also" && w != "then" && w != "again" && w != "reportedly" && w != "allegedly" && w != "successfully" && !(d.is(k, lexicon.ActorHead) && n == 0) {
			break
		}
		if w == "was" || w == "were" || w == "is" || w == "are" || w == "been" || w == "be" || w == "not" || w == "n't" {
			return false
		}
		k++
	}
	return k < sp.Last && d.deed(k, sp)
}

// deed reports whether the verb at k, in the active voice, is one that only attackers are the subject of.
func (d *document) deed(k int, sp sentence.Span) bool {
	if d.low(k+1) == "by" {
		return false
	}
	switch d.low(k) {
	case "hacked", "defaced", "defaces", "defacing", "ddosed", "infiltrated", "infiltrates", "wiretapped", "spied", "stole", "steals", "hijacked", "hijacks", "crippled", "cripples", "disrupts", "disrupted",
		"attacked", "penetrated", "penetrates", "disables", "disabled", "crashes", "crashed", "vandalized", "breached", "infected", "infects", "compromised", "compromises":
		return true
	case "hacks", "hack", "attacks", "attack", "leaks", "leak", "leaked", "targets", "target", "targeted", "breaches", "breach", "deface", "disrupt", "steal", "hits", "hit", "dumps", "dumped":
		return k+1 < sp.Last && (d.Tokens[k+1].Named() || d.Tokens[k+1].Kind == sentence.Number || determiner(d.low(k+1)) || several(d.low(k+1)) || d.is(k+1, lexicon.CustNoun) || d.is(k+1, lexicon.Demonym) ||
			d.low(k+1) == "into" || d.low(k+1) == "sensitive" || d.low(k+1) == "confidential" || d.low(k+1) == "personal" || d.low(k+1) == "internal")
	case "take", "takes", "took", "taken", "taking", "bring", "brings", "brought", "shut", "shuts", "shutting", "knocks", "knocked":
		return d.hasLow(k+1, min(sp.Last, k+9), "down", "offline", "over")
	case "launch", "launches", "launched", "conducts", "conducted", "executed", "executes", "carried", "claims", "claimed", "stages", "staged":
		return d.deedNoun(k+1, min(sp.Last, k+9))
	case "posts", "posted", "publishes", "published", "releases", "released", "spills", "spilled":
		return d.hasLow(k+1, min(sp.Last, k+8), "stolen", "data", "emails", "e-mails", "documents", "database", "mails", "passwords", "credentials", "dump", "gb")
	}
	return false
}

// deedNoun reports whether tokens a to b hold a noun that stands for an attack.
func (d *document) deedNoun(a, b int) bool {
	for i := a; i < b; i++ {
		switch d.low(i) {
		case "attack", "attacks", "cyberattack", "cyberattacks", "hack", "hacks", "breach", "ddos", "cyber-attack", "cyber-attacks", "intrusion", "defacement", "raid", "responsibility", "hacked", "breached", "stolen", "defaced", "leaked", "hacking", "leak":
			return true
		}
	}
	return false
}

// several reports whether a word counts or sums up what follows.
func several(w string) bool {
	switch w {
	case "several", "various", "many", "multiple", "over", "more", "dozens", "hundreds", "thousands", "numerous", "government", "two", "three", "four", "five", "its", "their":
		return true
	}
	return false
}

// doneBy reports whether the name that begins at token a is the agent of a deed: "hacked by X", "an attack by the X group".
func (d *document) doneBy(a int, sp sentence.Span) bool {
	k := a - 1
	for n := 0; k > sp.First && n < 4; n++ {
		if w := d.low(k); w != "the" && w != "group" && w != "of" && w != "members" && w != "hackers" && w != "collective" && w != "hacktivists" && w != "by" && !isQuote(w) && !d.is(k, lexicon.Demonym|lexicon.ActorHead) {
			return false
		}
		if d.low(k) == "by" {
			break
		}
		k--
	}
	if d.low(k) != "by" || k <= sp.First {
		return false
	}
	for i := k - 1; i >= max(sp.First, k-4); i-- {
		switch d.low(i) {
		case "hacked", "attacked", "breached", "defaced", "leaked", "disrupted", "taken", "stolen", "compromised", "hijacked", "crippled", "infiltrated", "penetrated", "claimed", "launched", "carried", "attack", "attacks", "cyberattack", "hack", "breach", "defacement", "targeted", "ddos":
			return true
		}
	}
	return false
}

// bandLike reports whether a name that no catalogue knows is built as those of bands of hackers are: "Harbour Cyber Army", "FoamSec".
func (d *document) bandLike(a, b int) bool {
	if b-a > 3 && d.low(b-2) == "of" {
		b -= 2
	}
	last := d.low(b - 1)
	if b-a > 1 {
		switch last {
		case "army", "soldiers", "warriors", "hackers", "hunters", "legion", "squad", "brigade", "avengers", "hacktivists", "guards":
			return true
		case "team", "crew", "force", "group", "union", "alliance", "gang", "security":
			for i := a; i < b-1; i++ {
				if w := d.low(i); strings.Contains(w, "hack") || strings.Contains(w, "cyber") || leet(w) || strings.Contains(w, "ghost") {
					return true
				}
			}
			return false
		}
	}
	if b-a > 2 {
		return false
	}
	for i := a; i < b; i++ {
		w, mixed := d.low(i), d.Tokens[i].Shape&sentence.Mixed != 0
		if strings.Contains(w, "hack") && w != "hacker" && w != "hackers" && w != "hacking" && w != "hacked" && w != "hacks" && w != "hack" || leet(w) ||
			mixed && (strings.HasSuffix(w, "sec") || strings.HasSuffix(w, "squad") || strings.HasSuffix(w, "team") || strings.HasSuffix(w, "crew") || strings.HasSuffix(w, "army")) {
			return true
		}
	}
	return false
}

// leet reports whether digits stand for letters inside a word: "Inj3ct0r", "p0ison". "web3" and "covid19" only end in digits.
func leet(w string) bool {
	n := 0
	for i := 1; i+1 < len(w); i++ {
		if strings.IndexByte("01347", w[i]) >= 0 && letter(w[i-1]) && letter(w[i+1]) {
			n++
		}
	}
	return n > 0 && len(w) > 4 && !strings.Contains(w, ".")
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' }

// bands reads names by their deeds: of those built as a band's are, and of "Anonymous".
func (d *document) bands(s int, sp sentence.Span) {
	for i := sp.First; i < sp.Last; {
		if !d.Tokens[i].Named() || d.hitAt[i] >= 0 && d.hits[d.hitAt[i]].ok {
			i++
			continue
		}
		b := i + 1
		for b < sp.Last && b-i < 5 && d.Tokens[b].Named() && d.Tokens[b].Gap == sentence.GapSpace && !d.titledVerb(b, s) {
			b++
		}
		if b+1 < sp.Last && d.low(b) == "of" && d.low(b-1) == "army" && d.Tokens[b+1].Named() {
			b += 2 // "Cyber Army of Palestine"
		}
		if d.bandLike(i, b) && (d.strikes(b, sp) || d.doneBy(i, sp)) && !d.x.lex.Name(d.joined(i, b)).Any(lexicon.Vendor|lexicon.Product|lexicon.Media|lexicon.Authority) {
			d.newActor(i, b, s, false)
		}
		i = b
	}
}

// titledVerb reports whether the word at i, in a headline, is the verb rather than a part of the name.
func (d *document) titledVerb(i, s int) bool {
	return d.titled[s] && (d.is(i, lexicon.AttackVerb|lexicon.StealVerb) && !d.is(i, lexicon.ActorHead) || d.is(i, lexicon.ClaimVerb))
}
