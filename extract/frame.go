package extract

import (
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// A frame is the part that a name plays beside the verb or noun it hangs on, in a few words that do not depend on which verb it is:
// "suffered a breach" and "sustained a cyberattack" are one frame. Weights learned for frames carry over to words never met.

// frames gives the part a mention plays by what stands left of it and by what stands right of it.
func (d *document) frames(m *mention) (left, right string) {
	sp := d.Sentences[m.sent]
	a := d.phraseStart(d.seriesHead(m, sp.First), sp.First)
	if m.series.n > 1 && d.low(m.b) != "'s" {
		return d.leftFrame(a, sp), d.rightFrame(&mention{a: m.series.a, b: m.series.b, sent: m.sent}, sp)
	}
	return d.leftFrame(a, sp), d.rightFrame(m, sp)
}

// phraseStart steps back over the nouns and adjectives that a name stands in apposition to: "the Dutch furniture retailer X",
// "a video platform, X", "the maintenance organisation (HMO) X".
func (d *document) phraseStart(a, first int) int {
	i := a
	for n := 0; i > first && n < 9; n++ {
		t := &d.Tokens[i-1]
		switch {
		case t.Low == ")" && i-1 > first:
			k := i - 2
			for k > first && d.low(k) != "(" && i-k < 8 {
				k--
			}
			if d.low(k) != "(" {
				return i
			}
			i = k
			continue
		case t.Low == "," && n == 0 && d.is(i-2, lexicon.CorpHead) && d.Tokens[i-2].Shape == 0:
			i--
			continue
		}
		if n == 0 && calls(t.Low) && d.Tokens[i-1].Shape == 0 {
			i--
			continue
		}
		if d.endsPhrase(i-1, n) && !(n > 0 && d.joinsAdjectives(i-1, first)) {
			break
		}
		if determiner(t.Low) {
			return i - 1
		}
		i--
	}
	return i
}

// calls reports whether a word between a noun and a name says that the name is the noun's: "a hosting company called X".
func calls(w string) bool { return w == "called" || w == "named" || w == "dubbed" }

// holding reports whether a word is something of an organisation's that is attacked in its place.
func holding(w string) bool {
	switch w {
	case "account", "accounts", "page", "pages", "channel", "channels", "wallet", "wallets", "mailbox", "mailboxes", "inbox", "portal", "portals", "computer", "computers",
		"infrastructure", "operations", "production", "newspaper", "newspapers", "station", "stations", "domain", "domains", "backups", "files", "documents", "emails", "devices", "terminals", "tills", "funds", "plant", "plants", "factories":
		return true
	}
	return false
}

// joinsAdjectives reports whether the "and" at i stands between words of one phrase: "data center and hosting provider X".
func (d *document) joinsAdjectives(i, first int) bool {
	if w := d.low(i); w != "and" && w != "or" || i-1 < first || i+1 >= len(d.Tokens) {
		return false
	}
	return d.Tokens[i-1].Kind == sentence.Word && (d.at[i-1] < 0 || d.is(i-1, lexicon.Demonym)) && !d.is(i-1, verbs) && (d.at[i+1] < 0 || d.is(i+1, lexicon.Demonym))
}

// endsPhrase reports whether the token at i is no part of the noun phrase to its right.
func (d *document) endsPhrase(i, n int) bool {
	t := &d.Tokens[i]
	if t.Kind == sentence.Punct && t.Low != "-" && t.Low != "'s" && !(isQuote(t.Low) && n == 0) {
		return true
	}
	if preposition(t.Low) || isConjunction(t.Low) && t.Low != "that" || t.Low == "that" || auxiliary(t.Low) {
		return true
	}
	if d.hitAt[i] >= 0 && d.hits[d.hitAt[i]].ok {
		return true
	}
	return d.class[i].Any(verbs) && !d.nounHere(i)
}

// nounHere reports whether the word at i, which may be a verb, stands where a noun does: after a determiner or an adjective.
func (d *document) nounHere(i int) bool {
	return i > 0 && (determiner(d.low(i-1)) || d.is(i-1, lexicon.Demonym)) && d.class[i].Any(lexicon.AttackNoun|lexicon.CustNoun|lexicon.CorpHead)
}

func determiner(w string) bool {
	switch w {
	case "the", "a", "an", "its", "their", "his", "her", "our", "this", "that", "these", "those", "some", "several", "two", "three", "four", "five", "many", "another", "each":
		return true
	}
	return false
}

func isConjunction(w string) bool {
	switch w {
	case "and", "or", "but", "that", "which", "who", "when", "while", "where", "because", "if", "so", "as", "whether", "than", "before", "until", "although", "though", "since":
		return true
	}
	return false
}

func auxiliary(w string) bool {
	switch w {
	case "was", "were", "is", "are", "been", "being", "be", "has", "have", "had", "having", "may", "might", "could", "can", "will", "would", "should", "not", "n't", "did", "does", "do", "gets", "got", "must":
		return true
	}
	return false
}

// leftFrame names the frame that opens a phrase beginning at token a.
func (d *document) leftFrame(a int, sp sentence.Span) string {
	i := a - 1
	for i >= sp.First && (isQuote(d.low(i)) || d.low(i) == "both" || d.low(i) == "also" || d.low(i) == "even" || d.low(i) == "only") {
		i--
	}
	if i < sp.First {
		return "start"
	}
	t := &d.Tokens[i]
	switch {
	case d.owns(i):
		return "owner"
	case t.Low == ",":
		if d.opensWith(i, sp) {
			return "start"
		}
		return "comma"
	case t.Low == ":" || t.Low == ";":
		return "colon"
	case t.Low == "(":
		return "bracket"
	case t.Kind == sentence.Punct:
		return "mark"
	case isConjunction(t.Low):
		return "clause"
	case preposition(t.Low):
		return d.prepFrame(i, sp)
	}
	return d.objectFrame(i, sp)
}

// owns reports whether the preposition at i introduces an owner: "which belongs to X", "a subsidiary of X", "owned by X".
func (d *document) owns(i int) bool {
	switch d.low(i) + " " + d.low(i-1) {
	case "to belonging", "by owned", "by controlled":
		if d.is(i-2, lexicon.CustNoun) || holding(d.low(i-2)) {
			return false // "websites belonging to X" are X's, and so are "TV channels owned by X"
		}
	}
	switch d.low(i) + " " + d.low(i-1) {
	case "to belongs", "to belonging", "by owned", "by acquired", "by controlled", "of part", "of subsidiary", "of unit", "of division", "of arm", "of subsidiaries", "under operates":
		return true
	}
	return false
}

// opensWith reports whether nothing but an adverbial stands before the comma at i: "On Friday, X said".
func (d *document) opensWith(i int, sp sentence.Span) bool {
	if i-sp.First > 9 {
		return false
	}
	for k := sp.First; k < i; k++ {
		if d.at[k] >= 0 && !d.class[k].Any(lexicon.Demonym|lexicon.Weekday|lexicon.Month) && k == sp.First || d.low(k) == "," || auxiliary(d.low(k)) {
			return false
		}
		if d.class[k].Any(lexicon.SayVerb|lexicon.SufferVerb|lexicon.ClaimVerb) && !d.class[k].Any(lexicon.AttackNoun|lexicon.ListNoun) && d.low(k) != "according" {
			return false
		}
	}
	return true
}

// prepFrame names what the preposition at i ties a phrase to.
func (d *document) prepFrame(i int, sp sentence.Span) string {
	p := prepClass(d.low(i))
	if p == "by" {
		return d.agentFrame(i, sp)
	}
	if d.low(i) == "to" && d.low(i-1) == "according" {
		return "according"
	}
	if d.phrasal(i) {
		return "obj.hit"
	}
	if d.low(i) == "of" && d.low(i-1) == "because" {
		return "because"
	}
	if p == "like" && d.victimsBefore(i, sp) {
		return "like.victim"
	}
	for k, n := i-1, 0; k >= sp.First && n < 6; k, n = k-1, n+1 {
		t := &d.Tokens[k]
		if t.Kind == sentence.Punct && !isQuote(t.Low) && t.Low != "-" && t.Low != "%" {
			break
		}
		if w := headFrame(d.class[k], t.Low); w != "" && !(auxiliary(t.Low) || d.at[k] >= 0 && n == 0 && !d.class[k].Any(lexicon.AttackNoun)) {
			if n > 0 && d.chainedPreposition(k+1, i) {
				return p + "." + w + "~"
			}
			if w == "asset" && d.struck(k, sp) {
				return p + ".asset.hit"
			}
			return p + "." + w
		}
		if d.at[k] >= 0 {
			return p + ".name"
		}
	}
	return p + "."
}

// victimsAre reports whether the subject of the auxiliary at i are victims: "two of the largest targets were X", "among the victims is X".
func (d *document) victimsAre(i int, sp sentence.Span) bool {
	for k, n := i-1, 0; k >= sp.First && n < 9; k, n = k-1, n+1 {
		switch w := d.low(k); {
		case w == "victim" || w == "victims" || w == "target" || w == "targets" || w == "hit" && d.Tokens[k].Shape == 0 || w == "casualties" || w == "affected":
			return true
		case d.Tokens[k].Kind == sentence.Punct, auxiliary(w), d.is(k, lexicon.SayVerb|lexicon.Negation):
			return false
		}
	}
	return false
}

// victimsBefore reports whether the examples that follow the preposition at i are of victims: "victims such as X", "hit several firms,
// including X".
func (d *document) victimsBefore(i int, sp sentence.Span) bool {
	struck := false
	for k, n := i-1, 0; k >= sp.First && n < 12; k, n = k-1, n+1 {
		switch w := d.low(k); {
		case w == "victim" || w == "victims" || w == "targets" || w == "targeted" || w == "affected" || w == "infected" || w == "breached" || w == "hacked":
			return true
		case d.is(k, lexicon.Negation):
			return false
		case d.at[k] >= 0 && !d.is(k, lexicon.Demonym) || w == ";" || w == ":":
			return false
		case d.is(k, lexicon.AttackVerb|lexicon.StealVerb) && !d.is(k, lexicon.AttackNoun|lexicon.CustNoun):
			struck = true
		case struck && (w == "," || isConjunction(w)):
			return true
		}
	}
	return struck
}

// phrasal reports whether the preposition at i is part of a verb of attack: "broke into X", "has gone after X".
func (d *document) phrasal(i int) bool {
	switch d.low(i) {
	case "into":
		switch d.low(i - 1) {
		case "broke", "break", "breaks", "breaking", "broken", "got", "get", "getting", "hacked", "hacking", "hack", "forced", "intruded", "crept", "way":
			return true
		}
	case "after":
		switch d.low(i - 1) {
		case "gone", "went", "goes", "going":
			return true
		}
	}
	return false
}

// struck reports whether the noun at k is what a verb or noun of attack is about: "takes down the website", "attack on the network".
func (d *document) struck(k int, sp sentence.Span) bool {
	for i, n := k-1, 0; i >= sp.First && n < 6; i, n = i-1, n+1 {
		c := d.class[i]
		if c.Any(lexicon.AttackVerb|lexicon.StealVerb|lexicon.AttackNoun) && !d.nounHere(i) || d.low(i) == "down" || d.low(i) == "into" {
			return true
		}
		if d.Tokens[i].Kind == sentence.Punct || d.at[i] >= 0 && !c.Any(lexicon.Demonym) || auxiliary(d.low(i)) {
			return false
		}
	}
	return false
}

// chainedPreposition reports whether another preposition stands between: "attack on servers of X".
func (d *document) chainedPreposition(a, b int) bool {
	for i := a; i < b; i++ {
		if preposition(d.low(i)) {
			return true
		}
	}
	return false
}

func prepClass(w string) string {
	switch w {
	case "on", "against", "upon", "hitting", "targeting", "affecting", "toward":
		return "on"
	case "at", "inside", "within", "into", "across":
		return "at"
	case "via", "through", "using":
		return "via"
	case "like", "including", "as", "involving":
		return "like"
	case "about", "over", "between", "under", "near", "off", "behind", "than", "after":
		return "other"
	}
	return w
}

// headFrame names the class of a word that a preposition or a possessive may hang on.
func headFrame(c lexicon.Class, w string) string {
	switch w {
	case "subsidiary", "unit", "division", "arm", "branch", "department", "brand", "owner", "parent", "part", "affiliate", "member":
		return "part"
	case "ceo", "head", "director", "president", "founder", "chief", "spokesperson", "spokesman", "spokeswoman", "officials", "minister", "boss", "professor":
		return "person"
	case "flaw", "flaws", "vulnerability", "vulnerabilities", "bug", "bugs", "weakness", "zero-day", "version", "versions", "hole":
		return "flaw"
	case "victim", "victims":
		return "victim"
	case "maker", "makers", "developer", "provider", "operator", "supplier", "vendor", "publisher", "owned", "acquired":
		return "maker"
	}
	if holding(w) {
		return "asset"
	}
	switch {
	case c.Any(lexicon.AttackNoun):
		return "atk"
	case c.Any(lexicon.StealVerb):
		return "steal"
	case c.Any(lexicon.AttackVerb):
		return "hit"
	case c.Any(lexicon.CustNoun):
		return "asset"
	case c.Any(lexicon.Researcher):
		return "res"
	case c.Any(lexicon.PersonRole):
		return "person"
	case c.Any(lexicon.MalwareHead):
		return "mal"
	case c.Any(lexicon.Lure):
		return "lure"
	case c.Any(lexicon.SufferVerb):
		return "suffer"
	case c.Any(lexicon.ClaimVerb):
		return "claim"
	case c.Any(lexicon.DiscloseVerb):
		return "disclose"
	case c.Any(lexicon.SayVerb):
		return "say"
	case c.Any(lexicon.FindVerb):
		return "find"
	case c.Any(lexicon.ActorHead):
		return "actor"
	case c.Any(lexicon.CorpHead):
		return "firm"
	case c.Any(lexicon.ListNoun):
		return "list"
	}
	return ""
}

// agentFrame reads "by X": who did something that was done.
func (d *document) agentFrame(i int, sp sentence.Span) string {
	switch d.low(i - 1) {
	case "used", "run", "operated", "kept", "held", "stored", "maintained", "owned", "controlled":
		if d.is(i-2, lexicon.CustNoun) || holding(d.low(i-2)) {
			return "of.asset" // "databases used by X" are X's
		}
	}
	for k, n := i-1, 0; k >= sp.First && n < 4; k, n = k-1, n+1 {
		if w := headFrame(d.class[k], d.low(k)); w != "" {
			return "by." + w
		}
	}
	return "by."
}

// objectFrame reads a phrase that follows a verb, or a noun, directly.
func (d *document) objectFrame(i int, sp sentence.Span) string {
	c, w := d.class[i], d.low(i)
	switch {
	case auxiliary(w):
		if d.victimsAre(i, sp) {
			return "is.victim"
		}
		return "aux"
	case c.Any(lexicon.Negation):
		return "neg"
	case d.hitAt[i] >= 0 && d.hits[d.hitAt[i]].ok:
		return "actor"
	}
	f := headFrame(c&^(lexicon.CustNoun|lexicon.CorpHead), w)
	if f == "" {
		if d.at[i] >= 0 {
			return "name"
		}
		return "word"
	}
	if i > sp.First && (auxiliary(d.low(i-1)) && d.low(i-1) != "has" && d.low(i-1) != "have" && d.low(i-1) != "had") {
		return "obj." + f + ".aux"
	}
	return "obj." + f
}

// rightFrame names what a mention does, suffers or owns.
func (d *document) rightFrame(m *mention, sp sentence.Span) string {
	if d.low(m.b) == "'s" || d.low(m.b) == "'" && m.b < sp.Last && d.Tokens[m.b].Gap == sentence.GapNone {
		return d.ownerFrame(m.b+1, sp)
	}
	if d.modifies(m, sp) {
		return "mod"
	}
	if f := d.compoundFrame(m, sp); f != "" {
		return f
	}
	i := d.predicate(m.b, sp)
	if i > m.b && d.low(m.b) == "," && d.inRelative(m.a, sp) {
		return "rel" // the verb behind the comma is that of the clause around
	}
	if i < 0 {
		return "v.none"
	}
	return d.verbFrame(i, sp)
}

// inRelative reports whether token a stands in a clause or apposition that a comma opened: "X, which belongs to Y, confirmed".
func (d *document) inRelative(a int, sp sentence.Span) bool {
	for i := a - 1; i > sp.First && i > a-14; i-- {
		if w := d.low(i); w == "," || w == "-" || w == "\u2013" || w == "\u2014" {
			next := d.low(i + 1)
			if isConjunction(next) && next != "and" && next != "but" {
				return true
			}
			return i+1 < a && (preposition(next) || determiner(next) || d.is(i+1, lexicon.CorpHead) || strings.HasSuffix(next, "ed") || next == "part")
		}
	}
	return false
}

// modifies reports whether a mention is but the first word of a longer phrase whose head is another name: "Car dealer software
// provider X", "French carrier X".
func (d *document) modifies(m *mention, sp sentence.Span) bool {
	firm := false
	for i := m.b; i < sp.Last && i < m.b+9; i++ {
		if i > m.b && d.at[i] >= 0 && !d.class[i].Any(lexicon.Demonym) {
			return firm
		}
		if w := d.low(i); w != "and" && w != "," && w != "-" && d.endsPhrase(i, 1) || determiner(w) {
			return false
		}
		firm = firm || d.class[i].Any(lexicon.CorpHead|lexicon.OrgHead) && d.Tokens[i].Shape == 0
	}
	return false
}

// predicate finds the verb group whose subject ends before token i, behind brackets, appositions, relative clauses, places and the
// other members of a list; -1 where there is none.
func (d *document) predicate(i int, sp sentence.Span) int {
	for n := 0; n < 16 && i < sp.Last; n++ {
		w := d.low(i)
		switch {
		case w == "(":
			for i < sp.Last && d.low(i) != ")" {
				i++
			}
			i++
		case isQuote(w) || w == "-":
			i++
		case w == "," && d.listGoesOn(i, sp):
			i = d.mentions[d.at[i+1]].b
		case w == ",":
			return d.afterComma(i, sp)
		case auxiliary(w) || d.class[i].Any(verbs) && !d.Tokens[i].Named():
			return i
		case (w == "and" || w == "&" || w == "or") && i+1 < sp.Last && d.at[i+1] >= 0:
			i = d.mentions[d.at[i+1]].b
		case w == "and" && determiner(d.low(i+1)):
			i += 2
		case preposition(w):
			i = d.skipPlace(i+1, sp)
		case d.at[i] >= 0:
			i = d.mentions[d.at[i]].b
		case d.Tokens[i].Kind == sentence.Word && !isConjunction(w):
			return i
		default:
			return -1
		}
	}
	return -1
}

// listGoesOn reports whether the comma at i is followed by another name of a list that an "and" closes: "A, B and C were hit".
func (d *document) listGoesOn(i int, sp sentence.Span) bool {
	for n := 0; n < 10 && i+1 < sp.Last && d.at[i+1] >= 0; n++ {
		i = d.mentions[d.at[i+1]].b
		if w := d.low(i); w == "and" || w == "&" {
			return i+1 < sp.Last && d.at[i+1] >= 0
		} else if w != "," {
			return false
		}
		if d.low(i+1) == "and" {
			return i+2 < sp.Last && d.at[i+2] >= 0
		}
	}
	return false
}

// skipPlace gives the end of the noun phrase that follows a preposition.
func (d *document) skipPlace(i int, sp sentence.Span) int {
	for n := 0; i < sp.Last && n < 8; i, n = i+1, n+1 {
		if d.Tokens[i].Kind == sentence.Punct || auxiliary(d.low(i)) || preposition(d.low(i)) || d.class[i].Any(verbs) && !d.Tokens[i].Named() {
			break
		}
	}
	return i
}

// afterComma finds the verb behind what commas enclose: the first comma that a verb follows, unless the clause ends before.
func (d *document) afterComma(i int, sp sentence.Span) int {
	for k := i; k < min(sp.Last-1, i+36); k++ {
		switch w := d.low(k); {
		case w == ";" || w == ":" || d.Tokens[k].Kind == sentence.Punct && w == ".":
			return -1
		case w == ",":
			v := k + 1
			for v < sp.Last && (d.low(v) == "also" || len(d.low(v)) > 3 && d.low(v)[len(d.low(v))-2:] == "ly" || d.low(v) == "and" && k > i) {
				v++
			}
			finite := auxiliary(d.low(v)) && d.low(v) != "having" && d.low(v) != "being" || d.is(v, verbs) && !d.Tokens[v].Named() && !participle(d.low(v))
			if finite && !(k == i && d.is(v, lexicon.AttackNoun|lexicon.ListNoun|lexicon.ActorHead)) {
				return v
			}
		}
	}
	return -1
}

// participle reports whether a word is the -ing form of a verb.
func participle(w string) bool { return len(w) > 5 && w[len(w)-3:] == "ing" }
