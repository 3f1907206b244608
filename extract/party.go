package extract

import (
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
	"github.com/rapsheet/rapsheet/intel"
)

// before finds the subject of the verb at i, looking left, and gives the token where the subject begins.
func (l *listener) before(i, first, s int) (party, int) {
	d := l.d
	for j, n := i-1, 0; j >= first && n < 26; n++ {
		switch w := d.low(j); {
		case w == ")":
			j = d.backTo(j, first, "(") - 1
			continue
		case w == ",":
			k := d.commaBefore(j, first)
			if k < 0 {
				return nobody(), j
			}
			if p := l.affiliation(k, j, s); p.known() && !l.orgAt(k-1) {
				l.remember(k, p)
				return p, k
			}
			j = k - 1
			continue
		case skippable(w) || d.is(j, lexicon.Weekday|lexicon.Month) || d.Tokens[j].Kind == sentence.Number || len(w) > 4 && strings.HasSuffix(w, "ly") && d.at[j] < 0:
			j--
			continue
		}
		if w := d.low(j); (w == "and" || w == "but") && n <= 3 && j > first+2 {
			if p := l.opens(first, j, s); p.known() {
				return p, i
			}
		}
		p, a, stop := l.partyAt(j, first, s)
		if p.known() || stop {
			return p, a
		}
		if a >= j {
			return nobody(), j
		}
		j = a
	}
	return nobody(), i
}

// opens gives the party that opens the clause from token first on, when a verb before token j is its own: "the firm noticed it on
// Monday and later said".
func (l *listener) opens(first, j, s int) party {
	d := l.d
	for i := first; i < min(j, first+10); i++ {
		if k := d.at[i]; k >= 0 {
			if m := &d.mentions[k]; !m.person && m.group >= 0 && !d.groups[m.group].person {
				return l.mentionParty(int(k))
			}
			return nobody()
		}
		if p, _, _ := l.partyAt(i, first, s); p.known() {
			return p
		}
		if d.is(i, verbs) && d.Tokens[i].Shape == 0 || d.Tokens[i].Kind == sentence.Punct && !isQuote(d.low(i)) {
			return nobody()
		}
	}
	return nobody()
}

func skippable(w string) bool {
	switch w {
	case "has", "have", "had", "also", "later", "now", "since", "publicly", "itself", "today", "yesterday", "then", "did", "not", "on", "last", "night", "is", "are", "still",
		"this", "week", "month", "afternoon", "morning", "evening", "late", "early", "earlier", "been", "further", "again", "already", "in", "'", "\"", "\u201d", "does", "each", "both", "all", "a", "s'est", "hat", "ha":
		return true
	}
	return false
}

// backTo finds the opening mark that belongs to the closing one at j.
func (d *document) backTo(j, first int, open string) int {
	for k := j; k >= first && j-k < 14; k-- {
		if d.low(k) == open {
			return k
		}
	}
	return j
}

// commaBefore finds the comma that opens the apposition which the one at j closes, or -1.
func (d *document) commaBefore(j, first int) int {
	for k := j - 1; k > first && j-k < 26; k-- {
		if d.low(k) == "," {
			return k
		}
	}
	return -1
}

func (l *listener) orgAt(j int) bool {
	if j < 0 || l.d.at[j] < 0 {
		return false
	}
	m := &l.d.mentions[l.d.at[j]]
	return !m.person && m.group >= 0 && !l.d.groups[m.group].person
}

// affiliation reads the organisation in an apposition between commas: ", director of services at X,".
func (l *listener) affiliation(a, b, s int) party {
	role := false
	for i := a + 1; i < b; i++ {
		role = role || l.d.is(i, lexicon.PersonRole|lexicon.Researcher)
		if role && l.orgAt(i) && l.d.mentions[l.d.at[i]].a == i {
			return l.mentionParty(int(l.d.at[i]))
		}
		if role {
			if g, ok := l.coref(i); ok {
				return l.groupParty(g)
			}
		}
	}
	_ = s
	return nobody()
}

// remember keeps where the person named before token k belongs.
func (l *listener) remember(k int, p party) {
	if k > 0 && l.d.Tokens[k-1].Named() {
		l.people[l.d.low(k-1)] = p
	}
}

func (l *listener) mentionParty(k int) party {
	m := &l.d.mentions[k]
	p := party{group: m.group, hit: -1, name: l.d.words(m.a, m.b), kind: speakerKind(m.name)}
	if p.kind == "" && m.group >= 0 && l.d.groups[m.group].p < 0.5 {
		p.kind = l.d.speakerLike(m)
	}
	return p
}

// speakerLike guesses the kind of speaker of an organisation that no list knows and that is no likely victim, by its name and by what
// stands before it: "security firm X".
func (d *document) speakerLike(m *mention) intel.SpeakerKind {
	for i := m.a; i < m.b; i++ {
		switch d.low(i) {
		case "police", "ministry", "commission", "commissioner", "cert", "bureau", "agency", "prosecutor", "prosecutors", "regulator", "attorney", "constabulary", "europol", "interpol", "senate":
			return intel.SpeakerGovernment
		case "court", "tribunal":
			return intel.SpeakerCourt
		case "security", "labs", "cyber", "forensics", "threat", "intelligence", "infosec":
			if d.low(i+1) == "centre" || d.low(i+1) == "center" || d.is(m.a, lexicon.Demonym) || d.low(m.a) == "national" {
				return intel.SpeakerGovernment
			}
			return intel.SpeakerVendor
		case "news", "times", "post", "herald", "journal", "gazette", "tribune", "reuters", "radio", "magazine":
			return intel.SpeakerMedia
		}
	}
	for i := max(0, m.a-4); i < m.a; i++ {
		switch d.low(i) {
		case "security", "cybersecurity", "intelligence", "cyber-security", "forensics", "response":
			if d.is(i+1, lexicon.CorpHead) || d.is(i+2, lexicon.CorpHead) {
				return intel.SpeakerVendor
			}
		case "researchers", "analysts":
			return intel.SpeakerVendor
		}
	}
	if d.is(m.b, lexicon.Researcher) {
		return intel.SpeakerVendor
	}
	return ""
}

func (l *listener) groupParty(g int) party {
	p := party{group: g, hit: -1, kind: speakerKind(l.d.groups[g].class)}
	b := l.d.mentions[l.d.groups[g].best]
	p.name = l.d.words(b.a, b.b)
	return p
}

// partyAt reads the party whose last word is token j. It gives the token before which to look on, and whether to stop looking.
func (l *listener) partyAt(j, first, s int) (p party, next int, stop bool) {
	d := l.d
	if k := d.at[j]; k >= 0 {
		return l.named(int(k), first, s)
	}
	if h := d.hitAt[j]; h >= 0 && d.hits[h].ok && !d.hits[h].software {
		if q, ok := l.headOf(d.hits[h].a, first); ok {
			return q, d.hits[h].a, true
		}
		return party{group: -1, hit: int(h), name: d.hits[h].name}, d.hits[h].a, true
	}
	if g, ok := l.coref(j); ok {
		return l.groupParty(g), j, true
	}
	if p := l.pronoun(j, first, s); p.known() {
		return p, j, true
	}
	if p := l.noun(j, first, s); p.known() {
		return p, d.nounStart(j, first), true
	}
	if d.is(j, verbs) && d.Tokens[j].Shape == 0 && !d.is(j, lexicon.CorpHead|lexicon.PersonRole) || d.low(j) == ";" || isQuote(d.low(j)) && d.low(j) != "'" {
		return nobody(), j, true
	}
	return nobody(), j - 1, false
}

// coref gives the group that "the company" at token j stands for: the only likely victim rather than an unlikely one.
func (l *listener) coref(j int) (int, bool) {
	g, ok := l.d.corefAt[j]
	if o := l.meant(j, g); ok && o != g {
		return o, o >= 0
	}
	if ok && l.main >= 0 && l.d.groups[g].p < 0.4 {
		g = l.main
	}
	return g, ok
}

// nounStart steps back over "a", "the" and adjectives before the noun at j.
func (d *document) nounStart(j, first int) int {
	for n := 0; j > first && n < 3; n++ {
		switch d.low(j - 1) {
		case "the", "a", "an", "its", "their", "this", "that":
			return j - 1
		}
		if d.at[j-1] >= 0 || d.Tokens[j-1].Kind != sentence.Word {
			return j
		}
		j--
	}
	return j
}

// named reads a mention in the place of the subject: an organisation, a person with one, or the end of "a spokesperson for X".
func (l *listener) named(k, first, s int) (party, int, bool) {
	d := l.d
	m := &d.mentions[k]
	if m.person || m.group >= 0 && d.groups[m.group].person {
		if p, ok := l.people[d.low(m.b-1)]; ok {
			return p, m.a, true
		}
		for i := m.a - 1; i >= max(first, m.a-6); i-- {
			if l.orgAt(i) {
				p := l.mentionParty(int(d.at[i]))
				l.people[d.low(m.b-1)] = p
				return p, i, true
			}
			if q := l.noun(i, first, s); q.known() {
				return q, i, true
			}
		}
		return nobody(), m.a, true
	}
	if q, ok := l.headOf(m.a, first); ok && q.known() {
		return q, m.a, true
	} else if ok {
		return nobody(), m.a - 2, false
	}
	if m.group < 0 {
		return nobody(), m.a - 1, false
	}
	return l.mentionParty(k), m.a, true
}

// headOf reads what stands before a name that follows a preposition: "spokesperson for X" is X's voice (false), "researchers tracking X"
// a vendor's, "customers of X" nobody's.
func (l *listener) headOf(a, first int) (party, bool) {
	d := l.d
	i := a - 1
	if d.low(i) == "the" {
		i--
	}
	if i <= first {
		return nobody(), false
	}
	if w := d.low(i); preposition(w) || w == "tracking" || w == "behind" || w == "against" {
		for k := i - 1; k >= max(first, i-5); k-- {
			if d.is(k, lexicon.PersonRole) || d.low(k) == "officials" || d.low(k) == "executives" || d.low(k) == "statement" || d.low(k) == "team" || d.low(k) == "staff" {
				return nobody(), false
			}
			if d.is(k, lexicon.Researcher) && w != "tracking" {
				return nobody(), false
			}
			if d.is(k, lexicon.Researcher) {
				return party{group: -1, hit: -1, kind: intel.SpeakerVendor, name: d.low(k)}, true
			}
		}
		return nobody(), i > first
	}
	return nobody(), false
}

// pronoun resolves "it", "they", "we", "he" to the first organisation of the sentence, the last speaker, or what the text is about.
func (l *listener) pronoun(j, first, s int) party {
	d := l.d
	switch d.low(j) {
	case "it", "they", "company", "firm", "il", "elle":
		for i := first; i < j-1; i++ {
			if l.orgAt(i) && d.groups[d.mentions[d.at[i]].group].p >= 0.3 && d.mentions[d.at[i]].a == i && (i == first || !preposition(d.low(i-1))) {
				return l.mentionParty(int(d.at[i]))
			}
		}
		if d.low(j) == "they" && l.last.known() && s-l.lastSent <= 1 {
			return l.last
		}
		if l.last.known() && (l.last.group >= 0 && l.meant(j, l.last.group) == l.last.group || l.last.crowd) && s-l.lastSent <= 2 {
			return l.last
		}
		for _, g := range []int{l.focus, l.main} {
			if g >= 0 && l.meant(j, g) == g {
				return l.groupParty(g)
			}
		}
	case "we", "he", "she", "i":
		if k := d.in.PublisherKind; d.low(j) == "we" && (k == intel.SpeakerVendor || k == intel.SpeakerGovernment) {
			return party{group: -1, hit: -1, kind: k, name: d.in.Publisher}
		}
		if l.last.known() && s-l.lastSent <= 3 {
			return l.last
		}
		if l.focus >= 0 && d.low(j) != "he" && d.low(j) != "she" && d.low(j) != "i" {
			return l.groupParty(l.focus)
		}
	}
	return nobody()
}

// noun reads a party that is called by a common noun.
func (l *listener) noun(j, first, s int) party {
	d := l.d
	w := d.low(j)
	general := func(k intel.SpeakerKind) party {
		return party{group: -1, hit: -1, kind: k, name: d.words(d.nounStart(j, first), j+1)}
	}
	switch w {
	case "agency", "watchdog", "police", "government", "authorities", "prosecutors", "investigators", "ministry", "minister", "regulator", "regulators", "governor", "mayor", "senator", "commissioner", "president":
		p := l.ownerOr(j, first, general(intel.SpeakerGovernment))
		if p.kind == "" && p.group >= 0 && d.groups[p.group].p < 0.5 {
			p.kind = intel.SpeakerGovernment
		}
		return p
	case "department", "office", "union", "charity", "think-tank":
		if _, own := l.owner[w]; !own && l.definite(j, first) {
			return l.ownerOr(j, first, general(map[bool]intel.SpeakerKind{true: intel.SpeakerGovernment, false: intel.SpeakerMedia}[w == "department" || w == "office"]))
		}
	case "court", "judge", "indictment", "jury", "complaint", "lawsuit", "plaintiffs", "documents", "affidavit":
		return general(intel.SpeakerCourt)
	case "researchers", "researcher", "analysts", "experts", "expert":
		return l.ownerOr(j, first, general(intel.SpeakerVendor))
	case "media", "newspaper", "press", "newspapers", "outlet", "outlets", "broadcaster", "reporters", "sources", "reports":
		return general(intel.SpeakerMedia)
	case "hackers", "attackers", "gang", "crew", "hacker", "attacker", "extortionists", "criminals", "collective", "group", "cybercriminals", "intruders", "channel":
		if n := d.nounStart(j, first); d.is(n-1, lexicon.Negation) || d.is(j-1, lexicon.Negation) || d.is(j-1, lexicon.CorpHead) && d.low(j-1) != "extortion" {
			return nobody()
		}
		if w != "channel" || d.low(j-1) != "the" {
			return party{group: -1, hit: -1, crowd: true, name: w}
		}
	case "officials", "official":
		return l.officials(j, first, s, general(intel.SpeakerGovernment))
	case "statement", "notice", "letter", "filing", "disclosure", "memo", "notification", "spokesperson", "spokesman", "spokeswoman", "spokespeople",
		"executive", "ceo", "chief", "executives", "advisory":
		return l.ownerOr(j, first, l.pronounOrFocus(s))
	case "report", "study", "survey", "body", "association", "federation":
		return l.ownerOr(j, first, general(intel.SpeakerMedia))
	}
	if ownNoun(w) {
		return l.ownerOr(j, first, l.pronounOrFocus(s))
	}
	if _, ok := l.owner[w]; (ok || d.is(j, lexicon.CorpHead)) && d.Tokens[j].Shape == 0 && j > first && !d.is(j-1, lexicon.Negation) && w != "report" && l.definite(j, first) {
		if g := l.meant(j, l.focus); g >= 0 {
			return l.groupParty(g)
		}
	}
	return nobody()
}

// officials says whose officials speak: of the organisation before them, of a public body that the text is about, or of a government.
func (l *listener) officials(j, first, s int, government party) party {
	switch l.d.low(j - 1) {
	case "federal", "us", "u.s.", "law", "enforcement", "government", "american", "intelligence", "british", "european":
		return government
	case "city", "county", "school", "university", "hospital", "district", "company", "town", "health", "college", "state":
		return l.ownerOr(j, first, l.pronounOrFocus(s))
	}
	p := l.ownerOr(j, first, nobody())
	if !p.known() && l.main >= 0 && l.public(l.main) {
		return l.groupParty(l.main)
	}
	return p
}

// public reports whether a group is by its name no company but a public body, a school or a hospital.
func (l *listener) public(g int) bool {
	b := &l.d.mentions[l.d.groups[g].best]
	for i := b.a; i < b.b; i++ {
		switch l.d.low(i) {
		case "university", "county", "city", "town", "ministry", "school", "schools", "hospital", "district", "police", "department", "nhs", "college", "council", "parliament", "national", "court", "committee", "agency", "service", "commission", "bureau", "army", "administration":
			return true
		}
	}
	return false
}

// meant gives the group that "the university" or "the company" at token j stands for when the text would have it be group g: another one
// whose name holds the word, or none when the word does not fit a public body.
func (l *listener) meant(j, g int) int {
	w := l.d.low(j)
	if o, ok := l.owner[w]; ok {
		return o
	}
	switch w {
	case "company", "firm", "manufacturer", "maker", "retailer", "giant", "carmaker", "business", "startup", "developer":
		if g >= 0 && l.public(g) {
			return -1
		}
	}
	return g
}

// definite reports whether the noun at j is "the", "its" or "this" one, with adjectives between.
func (l *listener) definite(j, first int) bool {
	for k := j - 1; k >= max(first, j-4); k-- {
		switch l.d.low(k) {
		case "the", "this", "its", "le", "la", "der", "das", "die", "des":
			return true
		}
		if l.d.Tokens[k].Kind != sentence.Word {
			return false
		}
	}
	return false
}

func (l *listener) pronounOrFocus(s int) party {
	if l.main >= 0 {
		return l.groupParty(l.main)
	}
	if l.last.known() && l.last.group >= 0 && l.last.kind == "" && s-l.lastSent <= 2 {
		return l.last
	}
	if l.focus >= 0 {
		return l.groupParty(l.focus)
	}
	return nobody()
}

// ownerOr gives the organisation whose people or paper the noun at j is ("X's statement", "X researchers"), else the other party.
func (l *listener) ownerOr(j, first int, other party) party {
	for k := j - 1; k >= max(first, j-4); k-- {
		if l.orgAt(k) {
			return l.mentionParty(int(l.d.at[k]))
		}
		if preposition(l.d.low(k)) || l.d.Tokens[k].Kind == sentence.Punct && l.d.low(k) != "'s" {
			break
		}
	}
	return other
}

// after finds the party that begins at or shortly after token i: said X, according to a spokesperson for X.
func (l *listener) after(i, last, s int) (party, int) {
	d := l.d
	found, end := nobody(), i
	for n := 0; i < last && n < 14; i, n = i+1, n+1 {
		if k := d.at[i]; k >= 0 {
			m := &d.mentions[k]
			i = m.b - 1
			if l.orgAt(i) {
				return l.mentionParty(int(k)), m.b
			}
			if p, ok := l.people[d.low(i)]; ok {
				return p, m.b
			}
			found = nobody()
			continue
		}
		if h := d.hitAt[i]; h >= 0 && d.hits[h].ok && !d.hits[h].software {
			return party{group: -1, hit: int(h), name: d.hits[h].name}, d.hits[h].b
		}
		if g, ok := l.coref(i); ok {
			return l.groupParty(g), i + 1
		}
		switch w := d.low(i); {
		case w == "." || w == ";" || w == "that", found.known() && (w == "with" || w == "to"):
			return found, end
		case found.known() && (w == "," || d.is(i, verbs) && d.Tokens[i].Shape == 0):
			return found, end
		}
		if p := l.noun(i, max(d.Sentences[s].First, i-3), s); p.known() && !found.known() {
			found, end = p, i+1
		}
	}
	return found, end
}
