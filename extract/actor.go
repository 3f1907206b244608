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
		}
	}
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
	if d.titled[s] {
		h.onlyBrand = false
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
	return false
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
	return false
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
	return a > 0 && beside(a-1, a) && a-1 > d.Sentences[d.Tokens[a].Sentence].First
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
		if d.is(i, lexicon.ActorHead) || d.is(i, lexicon.ClaimNoun) || strings.HasPrefix(d.low(i), "ransom") || d.low(i) == "apt" {
			return true
		}
	}
	return false
}

// findNewActors reads names that the text introduces: "a group calling itself X", "X ransomware gang", "X claimed responsibility".
func (d *document) findNewActors(s int, sp sentence.Span) {
	for i := sp.First; i < sp.Last; i++ {
		c := d.class[i]
		switch {
		case d.Tokens[i].Named() && strings.HasPrefix(d.low(i), "anon"):
			d.anonymous(i, s, sp)
		case c.Any(lexicon.ActorHead), d.low(i) == "activists":
			d.nameAfterHead(i, s, sp)
			d.nameBeforeHead(i, s, sp)
			if plural := d.low(i); strings.HasSuffix(plural, "s") {
				d.namesFrom(i, s, sp)
			}
		case d.low(i) == "ransomware":
			d.nameBeforeHead(i, s, sp)
		case d.low(i) == "goes" && d.low(i+1) == "by", d.low(i) == "going" && d.low(i+1) == "by", d.low(i) == "calls" && d.low(i+1) == "himself":
			d.tryActor(i+2, s, sp, true)
		case (d.low(i) == "responsibility" || d.low(i) == "credit") && i > sp.First+1:
			d.nameBeforeClaim(i, s, sp)
		case d.low(i) == "handle" || d.low(i) == "moniker" || d.low(i) == "alias" || d.low(i) == "nickname" || d.low(i) == "pseudonym" || d.low(i) == "username":
			j := i + 1
			if d.low(j) == "of" {
				j++
			}
			d.tryActor(j, s, sp, true)
		}
	}
}

// nameAfterHead reads what follows a head such as "group": "calling itself X", "known as X", "X".
func (d *document) nameAfterHead(i, s int, sp sentence.Span) {
	j := i + 1
	strong := false
	for n := 0; j < sp.Last && n < 7; n++ {
		switch d.low(j) {
		case "calling", "itself", "themselves", "himself", "known", "as", "called", "named", "dubbed", "going", "by", "the", "name", "of", "nicknamed", "self-styled", "codenamed", "marked", "claiming", "be",
			"that", "who", "which", "calls", "identified", "identifying", "tracked", "using", "handle", "moniker", "alias", "online", "goes", "under", "refers", "to", "identifies", ",", "also":
			strong = strong || d.low(j) == "itself" || d.low(j) == "themselves" || d.low(j) == "known" || d.low(j) == "called" || d.low(j) == "named" || d.low(j) == "dubbed" || d.low(j) == "handle" || d.low(j) == "name" || d.low(j) == "alias" || d.low(j) == "moniker"
			j++
			continue
		}
		break
	}
	direct := j == i+1
	if direct {
		if k := d.low(i); k != "group" && k != "gang" && k != "collective" && k != "hacker" && k != "actor" && k != "crew" && k != "syndicate" && k != "cartel" && k != "hackers" {
			return
		}
		if !d.threatening(i, sp) {
			return
		}
	} else if !strong {
		return
	}
	d.tryActor(j, s, sp, strong)
}

// threatening reports whether the head at i is said to be one of attackers: "ransomware group", "the hacker".
func (d *document) threatening(i int, sp sentence.Span) bool {
	if k := d.low(i); k == "hacker" || k == "hackers" || k == "gang" || k == "cartel" {
		return true
	}
	for j := max(sp.First, i-2); j < i; j++ {
		switch d.low(j) {
		case "ransomware", "hacker", "hacking", "hacktivist", "extortion", "cybercrime", "cybercriminal", "threat", "hackers", "apt", "cyber", "pro-russian", "pro-russia", "espionage", "data-extortion", "cyberespionage":
			return true
		}
	}
	return false
}

// nameBeforeHead reads "X ransomware gang", "X hacking group", "X hackers".
func (d *document) nameBeforeHead(i, s int, sp sentence.Span) {
	j := i
	for j > sp.First && i-j < 4 {
		switch d.low(j - 1) {
		case "ransomware", "hacking", "hacker", "hacktivist", "extortion", "cybercrime", "cybercriminal", "threat", "data", "cyber", "cyberespionage", "espionage", "raas", "-", "ransomware-as-a-service", "apt", "criminal":
			j--
			continue
		}
		break
	}
	if j == i {
		switch d.low(i) {
		case "gang", "ransomware", "hackers", "hacktivists", "affiliate", "affiliates", "cartel":
		case "group", "collective", "crew", "operation":
			if !d.groupActs(i, sp) {
				return
			}
		default:
			return
		}
	}
	if j <= sp.First || d.Tokens[j].Gap != sentence.GapSpace && !isQuote(d.low(j-1)) {
		return
	}
	end := j
	if isQuote(d.low(end-1)) && end-1 > sp.First {
		end--
	}
	a := end
	for a > sp.First && d.Tokens[a-1].Named() && end-a < 4 && !d.is(a-1, lexicon.Function|lexicon.Demonym|lexicon.Weekday) && (a == end || d.Tokens[a].Gap == sentence.GapSpace) {
		a--
	}
	if a < end {
		d.newActor(a, end, s, d.low(i) == "ransomware" || d.low(j) == "ransomware")
	}
}

// nameBeforeClaim reads "X claimed responsibility", "X took credit".
func (d *document) nameBeforeClaim(i, s int, sp sentence.Span) {
	j := i - 1
	for n := 0; j > sp.First && n < 4; n++ {
		switch d.low(j) {
		case "claimed", "claims", "claiming", "claim", "took", "takes", "taken", "has", "have", "had", "later", "since", "also", "already", "for", "full":
			j--
			continue
		}
		break
	}
	if j == i-1 {
		return
	}
	for j > sp.First && d.Tokens[j].Shape == 0 && d.is(j, lexicon.ActorHead) {
		j--
	}
	d.actorEndingAt(j+1, s, sp)
}

// groupActs reports whether "the X group" at i is one of attackers by what it does: it claims, or an attack is by it.
func (d *document) groupActs(i int, sp sentence.Span) bool {
	switch d.low(i + 1) {
	case "claims", "claimed", "took", "takes", "listed", "lists", "leaked", "leaks", "defaced", "defaces", "defacing", "posted":
		return true
	}
	for k := i - 1; k > sp.First && k > i-6; k-- {
		if w := d.low(k); w == "by" || w == "from" {
			for n := k - 1; n >= sp.First && n > k-5; n-- {
				if d.is(n, lexicon.AttackNoun|lexicon.AttackVerb) {
					return true
				}
			}
			return false
		}
	}
	return false
}

// actorEndingAt takes the capitals that end before token end as an actor's name: "IT Army of Ukraine", "Indian Cyber Force".
func (d *document) actorEndingAt(end, s int, sp sentence.Span) {
	a := end
	for a > sp.First && end-a < 5 && (d.Tokens[a-1].Named() || d.low(a-1) == "of" && a < end && a-2 >= sp.First && d.Tokens[a-2].Named()) && (a == end || d.Tokens[a].Gap == sentence.GapSpace) {
		a--
	}
	if a < end {
		d.newActor(a, end, s, false)
	}
}

// namesFrom reads "hacktivists from X", "activists of the X group": who they belong to.
func (d *document) namesFrom(i, s int, sp sentence.Span) {
	if w := d.low(i + 1); w != "from" && w != "of" {
		return
	}
	j := i + 2
	for j < sp.Last && j < i+5 && (d.low(j) == "the" || d.Tokens[j].Shape == 0 && d.is(j, lexicon.ActorHead) || d.Tokens[j].Kind == sentence.Word && strings.HasPrefix(d.low(j), "pro-")) {
		j++
	}
	b := j
	for b < sp.Last && b-j < 5 && d.Tokens[b].Kind == sentence.Word && d.Tokens[b].Named() && (b == j || d.Tokens[b].Gap == sentence.GapSpace) {
		b++
	}
	if b < sp.Last-1 && d.low(b) == "of" && d.Tokens[b+1].Named() && d.is(b-1, lexicon.ActorHead) {
		b += 2
	}
	if w := d.low(i); b > j && (w == "hacktivists" || w == "hackers" || w == "attackers" || d.sentenceHas(s, triggers|lexicon.ClaimVerb)) {
		d.newActor(j, b, s, false)
	}
}

// anonymous reads names that begin with "Anonymous" or "Anon": every cause has its own.
func (d *document) anonymous(i, s int, sp sentence.Span) {
	t := &d.Tokens[i]
	if !t.Named() || !strings.HasPrefix(t.Low, "anon") || len(t.Low) < 6 || d.hitAt[i] >= 0 && d.hits[d.hitAt[i]].ok {
		return
	}
	if t.Low == "anonymous" {
		if i+1 >= sp.Last || !d.Tokens[i+1].Named() {
			return
		}
		if c := d.x.places.country(d.low(i + 1)); c == "" && !d.is(i+1, lexicon.ActorHead) {
			return
		}
		d.addHit(hit{a: i, b: i + 2, sent: s, name: d.words(i, i+2), ok: true})
		return
	}
	if t.Shape&sentence.Mixed != 0 {
		d.newActor(i, i+1, s, false)
	}
}

// tryActor reads a name, in quotes or in capitals, that begins at token j.
func (d *document) tryActor(j, s int, sp sentence.Span, strong bool) {
	if j >= sp.Last {
		return
	}
	if isQuote(d.low(j)) {
		for k := j + 1; k < sp.Last && k < j+6; k++ {
			if isQuote(d.low(k)) {
				d.newActor(j+1, k, s, false)
				return
			}
		}
		j++
	}
	b := j
	for b < sp.Last && b-j < 4 && (d.Tokens[b].Named() || strong && b == j && d.Tokens[b].Kind == sentence.Word && strings.ContainsAny(d.low(b), "0123456789@_$")) && (b == j || d.Tokens[b].Gap == sentence.GapSpace) {
		b++
	}
	if b > j {
		d.newActor(j, b, s, false)
	}
}

// newActor takes tokens a to b as an actor's name unless they are something else.
func (d *document) newActor(a, b, s int, brand bool) {
	for a < b && (d.is(a, lexicon.Function|lexicon.Honorific) && d.Tokens[a].Shape&(sentence.Mixed|sentence.Upper) == 0 || d.is(a, lexicon.Demonym) && !d.armed(a+1, b) || strings.HasPrefix(d.low(a), "pro-") || strings.HasPrefix(d.low(a), "anti-") || d.Tokens[a].Kind == sentence.Punct) {
		a++
	}
	if a >= b || b-a > 5 {
		return
	}
	name := d.joined(a, b)
	if nameless(d.low(a)) || len(name) < 2 || d.x.lex.Name(name)&^lexicon.Given != 0 || d.x.places.country(name) != "" || d.isPerson(a, b) {
		return
	}
	for i := a; i < b; i++ {
		if d.class[i].Any(lexicon.Legal|lexicon.Month|lexicon.Weekday) || b-a == 1 && d.class[i].Any(lexicon.Starter|lexicon.OrgHead|lexicon.AttackNoun|lexicon.MalwareHead|lexicon.CorpHead|lexicon.PersonRole|lexicon.ActorHead|lexicon.CustNoun|lexicon.Authority) {
			return
		}
		if o := d.hitAt[i]; o >= 0 && d.hits[o].known && d.hits[o].ok {
			return
		}
	}
	d.addHit(hit{a: a, b: b, sent: s, name: d.words(a, b), ok: true, brand: brand, onlyBrand: brand && !d.gangCue(a, b) || brand && d.low(b) == "ransomware" && !d.is(b+1, lexicon.ActorHead)})
}

// nameless reports whether a word says that somebody has no name.
func nameless(w string) bool {
	switch w {
	case "unknown", "unnamed", "unidentified", "suspected", "alleged", "several", "multiple", "various", "other", "another", "new", "malicious", "individual", "android", "mobile", "windows", "linux":
		return true
	}
	return false
}

// armed reports whether what follows a people's name makes it that of a band: "Indian Cyber Force", "Ukrainian IT Army".
func (d *document) armed(a, b int) bool {
	if b-a < 2 {
		return false
	}
	switch d.low(b - 1) {
	case "army", "force", "team", "squad", "alliance", "legion", "brigade", "crew", "gang", "family", "mafia", "syndicate", "group", "hackers", "collective", "battalion", "resistance", "front":
		return true
	}
	return false
}

// spread gives a name that was accepted once in the text to its other mentions, and takes hits of refused names away.
func (d *document) spread() {
	ok := map[string]*hit{}
	for i := range d.hits {
		if h := &d.hits[i]; h.ok {
			if _, seen := ok[strings.ToLower(h.name)]; !seen {
				ok[strings.ToLower(h.name)] = h
			}
		}
	}
	if len(ok) == 0 {
		return
	}
	for i := range d.hits {
		h := &d.hits[i]
		if !h.ok {
			if o := ok[d.joined(h.a, h.b)]; o != nil && d.Tokens[h.a].Named() {
				h.ok, h.id, h.name, h.software = true, o.id, o.name, o.software
			}
		}
	}
	d.spreadNew(ok)
}

// spreadNew finds further mentions of names that the text introduced.
func (d *document) spreadNew(_ map[string]*hit) {
	first := map[string][]*hit{}
	for i := range d.hits {
		if h := &d.hits[i]; h.ok && !h.known {
			first[d.low(h.a)] = append(first[d.low(h.a)], h)
		}
	}
	if len(first) == 0 {
		return
	}
	var more []hit
	for i := range d.Tokens {
		if d.hitAt[i] >= 0 && d.hits[d.hitAt[i]].ok || !d.Tokens[i].Named() && !isQuote(d.low(i-1)) {
			continue
		}
		for _, h := range first[d.Tokens[i].Low] {
			n := h.b - h.a
			if i+n <= len(d.Tokens) && d.joined(i, i+n) == d.joined(h.a, h.b) {
				more = append(more, hit{a: i, b: i + n, sent: d.Tokens[i].Sentence, name: h.name, ok: true, brand: h.brand})
				break
			}
		}
	}
	for _, h := range more {
		d.addHit(h)
	}
}

// markMembers sets the members of an alliance aside: what the alliance did is not yet told of each of them.
func (d *document) markMembers() {
	for s := range d.Sentences {
		hits := d.hitsIn(s)
		for i := 0; i+1 < len(hits); i++ {
			if t, ok := d.between(hits[i], hits[i+1], s); ok && t == intel.RelMemberOf {
				for _, m := range hits[i+1:] {
					m.other = true
				}
				break
			}
		}
	}
}
