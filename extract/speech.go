package extract

import (
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
	"github.com/rapsheet/rapsheet/intel"
)

// act is what a speaker does with words.
type act uint8

// The acts.
const (
	actNone act = iota
	// actSay: says, confirms, announces.
	actSay
	// actDeny: denies, rejects.
	actDeny
	// actDispute: disputes, doubts.
	actDispute
	// actProbe: investigates, looks into, is aware of.
	actProbe
	// actClaim: claims, boasts, threatens.
	actClaim
	// actBlame: attributes, links, tracks as.
	actBlame
)

// party is who speaks: a named organisation, an actor, or a kind of people.
type party struct {
	// group and hit are -1 when the party is no mention of that sort.
	group, hit int
	kind       intel.SpeakerKind
	name       string
	// crowd says that "the hackers" or "the group" speak, whoever they are.
	crowd bool
}

func nobody() party { return party{group: -1, hit: -1} }

func (p party) known() bool { return p.group >= 0 || p.hit >= 0 || p.kind != "" || p.crowd }

// utterance is one act of speech: who, how, and the tokens of what is said.
type utterance struct {
	sent, verb, a, b int
	who              party
	act              act
	// tacit says that nobody is named as speaking: the sentence goes on with what the speaker before it said.
	tacit bool
}

// speechAct gives the act that a verb in its finite or perfect form stands for.
func speechAct(w string) act {
	switch w {
	case "said", "says", "say", "saying", "told", "tells", "tell", "telling", "wrote", "writes", "write", "stated", "states", "added", "adds", "explained", "explains", "noted", "notes",
		"stressed", "stresses", "emphasised", "emphasized", "emphasises", "emphasizes", "insisted", "insists", "maintained", "maintains",
		"confirmed", "confirms", "confirming", "disclosed", "discloses", "announced", "announces", "revealed", "reveals", "admitted", "admits", "acknowledged",
		"acknowledges", "conceded", "concedes", "notified", "notifies", "notifying", "informed", "informs", "informing", "reported", "reports", "report", "reporting",
		"warned", "warns", "warning", "alerted", "alerts", "apologised", "apologized", "apologises", "apologizes", "described", "describes", "estimated",
		"estimates", "expects", "expected", "believes", "believed", "accepts", "accepted", "apologising", "counts", "blogged", "heißt", "thinks", "found", "finds", "discovered", "discovers", "detected", "detects", "learned",
		"learnt", "determined", "concluded", "concludes", "identified", "observed", "observes", "commented", "repeated", "spoke", "speaks", "calls", "called", "filed",
		"sent", "submitted", "sees", "saw", "seen", "assured", "assures", "suggested", "suggests", "recognised", "posted", "issued", "tweeted", "spotted", "published", "lists":
		return actSay
	case "denied", "denies", "deny", "denying", "rejected", "rejects", "refuted", "refutes", "dismissed", "dismisses":
		return actDeny
	case "disputed", "disputes", "disputing", "doubts", "doubted", "questioned", "contests", "contested":
		return actDispute
	case "investigating", "investigates", "probing", "examining", "assessing", "reviewing", "aware":
		return actProbe
	case "claimed", "claims", "claiming", "boasted", "boasts", "asserted", "asserts", "alleged", "alleges", "bragged", "brags", "threatened", "threatens":
		return actClaim
	case "attributed", "attributes", "attribute", "linked", "links", "link", "blamed", "blames", "blame", "accused", "accuses", "tied", "ties", "tracks", "tracked", "associated", "connected", "named",
		"name", "suspects", "pinned":
		return actBlame
	}
	return foreignAct(w)
}

// speech lists the acts of speech of the document by sentence; computed once, after the groups have their probabilities.
func (d *document) speech() [][]utterance {
	if d.said != nil || len(d.Sentences) == 0 {
		return d.said
	}
	d.said = make([][]utterance, len(d.Sentences))
	d.corefAt = map[int]int{}
	for g := range d.groups {
		for _, t := range d.groups[g].corefs {
			d.corefAt[t] = g
		}
	}
	l := listener{d: d, last: nobody(), focus: -1, lastSent: -10, people: map[string]party{}, owner: map[string]int{}, main: d.mainVictim()}
	l.first = l.main >= 0 && d.firstPerson()
	l.voice = l.headedBy()
	for s := range d.Sentences {
		if d.inTitle(s) || d.titled[s] {
			l.lookAt(s)
			continue
		}
		d.said[s] = l.sentence(s)
	}
	return d.said
}

// listener reads sentences in order and remembers who spoke last and who the text is about.
type listener struct {
	d        *document
	last     party
	lastSent int
	// focus is the group that the text was last about, or -1.
	focus int
	// people are the affiliations of persons by their last names.
	people map[string]party
	// main is the one likely victim of the text, or -1; first says that the text is its own, written as "we".
	main  int
	first bool
	// voice is whose document the text retells, by the line that heads it; nobody's mostly.
	voice party
	// owner gives for "university", "bank" and the like the group named last whose name holds the word.
	owner map[string]int
}

// mainVictim is the one group that is likely a victim while all others are unlikely, or -1.
func (d *document) mainVictim() int {
	main := -1
	for i := range d.groups {
		switch p := d.groups[i].p; {
		case p >= 0.5 && main >= 0:
			return -1
		case p >= 0.5:
			main = i
		}
	}
	return main
}

// firstPerson reports whether an organisation itself wrote the text: "we" and "our" outside quotations, and no vendor or authority for a
// publisher.
func (d *document) firstPerson() bool {
	if k := d.in.PublisherKind; k == intel.SpeakerVendor || k == intel.SpeakerGovernment {
		return false
	}
	n, quoted := 0, false
	for i := range d.Tokens {
		switch w := d.Tokens[i].Low; w {
		case "\u201c":
			quoted = true
		case "\u201d":
			quoted = false
		case "\"":
			quoted = !quoted
		case "we", "our":
			if !quoted {
				n++
			}
		}
		if d.Tokens[i].Gap == sentence.GapParagraph {
			quoted = false
		}
	}
	return n >= 2 && n*120 >= len(d.Tokens)
}

// lookAt moves the focus to the likeliest victim that a sentence names first.
func (l *listener) lookAt(s int) {
	for i := l.d.Sentences[s].First; i < l.d.Sentences[s].Last; i++ {
		k := l.d.at[i]
		if k < 0 || l.d.mentions[k].group < 0 || l.d.mentions[k].b-l.d.mentions[k].a < 2 || l.d.is(i, lexicon.ActorHead|lexicon.Function) {
			continue
		}
		if i == l.d.mentions[k].b-1 || l.d.is(i, lexicon.CorpHead|lexicon.OrgHead) {
			l.owner[l.d.low(i)] = l.d.mentions[k].group
		}
	}
	if l.main >= 0 {
		l.focus = l.main
		return
	}
	for i := l.d.Sentences[s].First; i < l.d.Sentences[s].Last; i++ {
		if k := l.d.at[i]; k >= 0 && l.d.mentions[k].group >= 0 {
			if g := l.d.mentions[k].group; l.d.groups[g].p >= 0.3 {
				l.focus = g
				return
			}
		}
	}
}

// sentence reads the acts of speech of one sentence.
func (l *listener) sentence(s int) []utterance {
	sp := l.d.Sentences[s]
	var out []utterance
	end := sp.First
	for i := sp.First; i < sp.Last; i++ {
		u, ok := l.at(i, end, s)
		if !ok {
			continue
		}
		if n := len(out); n > 0 && finding(l.d.low(i)) && u.who == out[n-1].who && out[n-1].act == actSay && out[n-1].a < i && i < out[n-1].b {
			continue // "told the regulator that it identified an intrusion": what it found is part of what it told
		}
		if n := len(out); n > 0 && out[n-1].b > u.a && out[n-1].a < u.a {
			out[n-1].b = u.a
		}
		out = append(out, u)
		end = min(max(u.verb+1, end), sp.Last)
		l.last, l.lastSent = u.who, s
	}
	if len(out) == 0 && l.continues(s) {
		out = append(out, utterance{sent: s, verb: -1, a: sp.First, b: sp.Last, who: l.last, act: actSay})
		l.lastSent = s
	}
	if len(out) == 0 && l.first {
		out = append(out, utterance{sent: s, verb: -1, a: sp.First, b: sp.Last, who: l.groupParty(l.main), act: actSay})
	}
	if len(out) == 0 && l.voice.known() && !l.d.titled[s] {
		out = append(out, utterance{sent: s, verb: -1, a: sp.First, b: sp.Last, who: l.voice, act: actSay})
	}
	if n := len(out); n == 0 && l.last.group >= 0 && l.last.kind == "" && s-l.lastSent == 1 && !l.others(s) {
		out = append(out, utterance{sent: s, verb: -1, a: sp.First, b: sp.Last, who: l.last, act: actSay, tacit: true})
	}
	l.lookAt(s)
	return out
}

// others reports whether a sentence names an organisation or an actor other than the last speaker.
func (l *listener) others(s int) bool {
	for i := l.d.Sentences[s].First; i < l.d.Sentences[s].Last; i++ {
		if k := l.d.at[i]; k >= 0 && l.d.mentions[k].group >= 0 && l.d.mentions[k].group != l.last.group && !l.d.mentions[k].name.Any(lexicon.Place) {
			return true
		}
		if h := l.d.hitAt[i]; h >= 0 && l.d.hits[h].ok {
			return true
		}
	}
	return false
}

// continues reports whether a sentence is a quotation that goes on with what the last speaker says, or is written in the first person.
func (l *listener) continues(s int) bool {
	if !l.last.known() || s-l.lastSent > 1 {
		return false
	}
	sp := l.d.Sentences[s]
	if isQuote(l.d.low(sp.First)) {
		return true
	}
	for i := sp.First; i < min(sp.Last, sp.First+6); i++ {
		if w := l.d.low(i); w == "we" || w == "our" {
			return true
		}
	}
	return false
}

// at reads the act of speech whose verb, or whose "according to", stands at token i.
func (l *listener) at(i, from, s int) (utterance, bool) {
	d, sp := l.d, l.d.Sentences[s]
	u := utterance{sent: s, verb: i}
	if n := d.accordingTo(i); n > 0 {
		who, end := l.after(i+n, sp.Last, s)
		if !who.known() {
			return u, false
		}
		u.who, u.act, u.verb = who, actSay, end-1
		u.a, u.b = from, i
		if i-from < 3 {
			u.a, u.b = end, sp.Last
		}
		return u, true
	}
	u.act = speechAct(d.low(i))
	if u.act == actNone || d.Tokens[i].Shape != 0 && i > sp.First || !d.finite(i, sp.First) {
		return u, false
	}
	if d.unsaid(i, sp.First) {
		return u, false
	}
	subject := i
	if d.low(i-1) == "to" {
		subject = d.contact(i, sp.First)
	}
	who, a := l.before(subject, sp.First, s)
	if w := d.low(i - 1); (w == "which" || w == "who") && d.low(i-2) == "," && i-3 >= sp.First {
		who, a, _ = l.partyAt(i-3, sp.First, s) // what the clause hangs on speaks, not the subject of the sentence
	}
	if who, end := l.inverted(i, s); who.known() {
		u.who, u.a, u.b, u.verb = who, from, i, end-1
		return u, true
	}
	if l.lastSent == s && l.last.known() && from > sp.First && d.goesOn(i, from) {
		who, a = l.last, i
	}
	if !who.known() && i > sp.First && romance(d.low(i)) {
		var end int
		if who, end = l.after(i+1, sp.Last, s); who.known() {
			u.who, u.a, u.b, u.verb = who, from, i, end-1
			return u, true
		}
	}
	if !who.known() && i > sp.First && (d.low(i-1) == "," || isQuote(d.low(i-1))) {
		var end int
		if who, end = l.after(i+1, sp.Last, s); who.known() {
			u.who, u.a, u.b, u.verb = who, from, i, end-1
			return u, true
		}
	}
	if romance(d.low(i)) && l.main >= 0 && (!who.known() || who.group >= 0 && d.groups[who.group].p < 0.3) {
		who, a = l.groupParty(l.main), i
	}
	if !who.known() {
		return u, false
	}
	u.who, u.a, u.b = who, i+1, sp.Last
	if a > from+2 && d.brief(i+1, sp.Last) {
		u.a, u.b = from, a
	} else if a > sp.First && d.low(a-1) == "," && d.low(i+1) == "," {
		u.a, u.b = sp.First, sp.Last
	}
	return u, true
}

// finding reports whether a verb tells what somebody came to know, which is not yet telling it to others.
func finding(w string) bool {
	switch w {
	case "found", "finds", "discovered", "discovers", "detected", "detects", "learned", "learnt", "determined", "identified", "spotted", "saw", "sees", "seen", "observed", "noticed", "expected":
		return true
	}
	return false
}

// admission reports whether a verb of speech is one by which an organisation owns up to an incident.
func admission(w string) bool {
	switch w {
	case "confirmed", "confirms", "confirming", "disclosed", "discloses", "admitted", "admits", "acknowledged", "acknowledges", "conceded", "concedes", "notified", "notifies", "notifying", "revealed",
		"reveals", "announced", "announces", "apologised", "apologized", "apologises", "apologizes":
		return true
	}
	return foreignAdmission(w)
}

// unsaid reports whether the verb at i is one of not speaking, or hangs on a condition: "has not said", "until the firm says more".
func (d *document) unsaid(i, first int) bool {
	for k := i - 1; k >= max(first, i-4); k-- {
		switch w := d.low(k); w {
		case "not", "never", "yet", "hasn't", "haven't", "didn't", "n't", "without":
			return true
		case "no":
			return k < i-1
		}
	}
	for k := max(first, i-7); k < i; k++ {
		switch d.low(k) {
		case "until", "unless", "if":
			return true
		case "declined", "refused":
			return d.low(k+1) == "to"
		}
	}
	return false
}

// goesOn reports whether the verb at i shares the subject of the verb before token from: "calls it X and says".
func (d *document) goesOn(i, from int) bool {
	for k := i - 1; k >= from; k-- {
		switch w := d.low(k); {
		case w == "and" || w == "but":
			return true
		case !skippable(w) && !strings.HasSuffix(w, "ly"):
			return false
		}
	}
	return false
}

// accordingTo gives how many words "according to" and its like take at token i.
func (d *document) accordingTo(i int) int {
	switch d.low(i) {
	case "according":
		if d.low(i+1) == "to" {
			return 2
		}
	case "selon", "laut", "según", "secondo", "volgens", "według":
		return 1
	case "nach":
		if d.low(i+1) == "angaben" {
			return 2
		}
	}
	return 0
}

// brief reports whether nothing but a time or a place of saying stands among tokens a to b: "on Wednesday", "in a statement".
func (d *document) brief(a, b int) bool {
	words := 0
	for i := a; i < b; i++ {
		switch {
		case d.Tokens[i].Kind == sentence.Punct || d.is(i, lexicon.Function|lexicon.Weekday|lexicon.Month) || d.Tokens[i].Kind == sentence.Number:
		case d.low(i) == "statement" || d.low(i) == "today" || d.low(i) == "yesterday" || d.low(i) == "filing" || d.low(i) == "reporters" || d.low(i) == "customers" || d.low(i) == "week":
		case d.at[i] >= 0:
		default:
			words++
		}
	}
	return words <= 2
}

// finite reports whether the word of speech at i is a verb with a subject: not "was reported", not "the report", not "to say".
func (d *document) finite(i, first int) bool {
	w := d.low(i)
	if d.participle(i) {
		return false
	}
	if romance(w) && i > first {
		return true
	}
	ing := strings.HasSuffix(w, "ing") || w == "aware"
	for j := i - 1; j >= max(first, i-4); j-- {
		switch p := d.low(j); p {
		case "was", "were", "been", "be", "being", "is", "are", "'s":
			return ing || p == "'s"
		case "to", "a", "an", "the", "this", "of", "its", "their", "no", "such", "these", "those", "any", "by", "with", "some", "more", "false":
			return j != i-1 || p == "to" && d.sayAgain(j)
		case "has", "have", "had", "also", "not", "since", "now", "later", "itself", "currently", "still", "already", "actively", "initially", "then", "again", "reportedly":
			continue
		}
		break
	}
	if ing && w != "saying" && w != "claiming" {
		return false
	}
	return i+1 >= len(d.Tokens) || d.low(i+1) != "by" || w == "posted"
}

// participle reports whether the word at i describes the noun before it: "a group named X".
func (d *document) participle(i int) bool {
	switch d.low(i) {
	case "named", "called", "tracked", "identified", "linked", "tied", "associated", "connected", "described", "posted", "published", "sent", "filed":
		switch d.low(i - 1) {
		case "group", "gang", "programme", "program", "actor", "channel", "hacker", "crew", "collective", "malware", "tool", "software", "platform", "one", "flaw", "cluster", "site", "letter", "notice", "files",
			"data", "statement", "message", "hackers", "company", "firm":
			return true
		}
	}
	return false
}

// sayAgain reports whether the "to" at j leads on from another verb of speech: "contacted the paper to say".
func (d *document) sayAgain(j int) bool { return d.contact(j+1, max(0, j-8)) <= j }

// contact gives the verb of turning to somebody before token i, or i: "contacted the paper to say".
func (d *document) contact(i, first int) int {
	for k := i - 2; k > max(first, i-9); k-- {
		switch d.low(k) {
		case "contacted", "wrote", "emailed", "called", "continues", "continued", "went":
			return k
		}
	}
	return i
}
