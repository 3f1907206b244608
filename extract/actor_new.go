package extract

import (
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// findNewActors reads names that the text introduces: "a group calling itself X", "X ransomware gang", "X claimed responsibility".
func (d *document) findNewActors(s int, sp sentence.Span) {
	for i := sp.First; i < sp.Last; i++ {
		c := d.class[i]
		switch {
		case d.Tokens[i].Named() && strings.HasPrefix(d.low(i), "anon"):
			d.anonymous(i, s, sp)
		case c.Any(lexicon.ClaimVerb) && d.listsVictims(i, sp):
			d.actorEndingAt(i, s, sp)
		case d.saysHowMuch(i, sp):
			d.actorEndingAt(i, s, sp)
		case d.ownsListing(i, sp) && d.leaky():
			d.tryActor(i+1, s, sp, false)
		case d.low(i) == "as" && d.tracked(i, sp):
			d.tryActor(i+1, s, sp, true)
		case c.Any(lexicon.ActorHead), d.low(i) == "activists":
			d.nameAfterHead(i, s, sp)
			d.nameBeforeHead(i, s, sp)
			if plural := d.low(i); strings.HasSuffix(plural, "s") {
				d.namesFrom(i, s, sp)
			}
		case d.low(i) == "ransomware":
			d.nameBeforeHead(i, s, sp)
		case (d.low(i) == "goes" || d.low(i) == "going") && d.low(i+1) == "by" && d.headBefore(i, sp), d.low(i) == "calls" && d.low(i+1) == "himself":
			d.tryActor(i+2, s, sp, true)
		case d.low(i) == "site" && d.low(i-1) == "leak" && (d.low(i+1) == "called" || d.low(i+1) == "named" || d.low(i+1) == "dubbed"):
			d.tryActor(i+2, s, sp, true)
		case d.low(i) == "network" && (d.low(i-1) == "disinformation" || d.low(i-1) == "influence" || d.low(i-1) == "propaganda"):
			d.tryActor(i+1, s, sp, false)
		case d.low(i) == "authors" && d.low(i-1) == "malware", d.low(i) == "author" && d.low(i-1) == "malware":
			d.quotedNames(i+1, s, sp)
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
			strong = strong || d.low(j) == "as" && d.low(j-1) == "marked" || d.low(j) == "itself" || d.low(j) == "themselves" || d.low(j) == "known" || d.low(j) == "called" || d.low(j) == "named" || d.low(j) == "dubbed" || d.low(j) == "handle" || d.low(j) == "name" || d.low(j) == "alias" || d.low(j) == "moniker"
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
	if w := d.low(i); d.Tokens[i].Named() && (w == "army" || w == "brigade" || w == "alliance") {
		return // part of the name
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

// listsVictims reports whether the verb at i is followed by "to its list", "on their leak site": who does that is a gang.
func (d *document) listsVictims(i int, sp sentence.Span) bool {
	if i == sp.First || !d.Tokens[i-1].Named() && d.low(i-1) != "," {
		return false
	}
	if w := d.low(i); (w == "lists" || w == "listed") && i+1 < sp.Last && d.Tokens[i+1].Named() && d.leaky() {
		return true
	}
	for k := i + 1; k < min(sp.Last, i+14); k++ {
		if w := d.low(k); w != "its" && w != "their" || d.low(k-1) != "to" && d.low(k-1) != "on" {
			continue
		}
		for n := k + 1; n < min(sp.Last, k+5); n++ {
			switch d.low(n) {
			case "list", "leak", "leaks", "victims", "extortion", "dark", "blog", "onion", "shame":
				return true
			}
		}
	}
	return false
}

// saysHowMuch reports whether the verb at i tells of loot: "claims 310 gigabytes".
func (d *document) saysHowMuch(i int, sp sentence.Span) bool {
	if i == sp.First || !d.Tokens[i-1].Named() || i+2 >= sp.Last || d.Tokens[i+1].Kind != sentence.Number {
		return false
	}
	switch d.low(i) {
	case "claims", "claimed", "offers", "offered", "published", "leaked":
	default:
		return false
	}
	switch d.low(i + 2) {
	case "gigabytes", "terabytes", "gigabyte", "terabyte", "gb", "tb":
		return true
	}
	return false
}

// ownsListing reports whether the word at i stands between a listing and whose it is: "listed by", "the list of", "left the site of".
func (d *document) ownsListing(i int, sp sentence.Span) bool {
	if i == sp.First || i+1 >= sp.Last || !d.Tokens[i+1].Named() {
		return false
	}
	switch d.low(i) {
	case "by":
		return d.low(i-1) == "listed" || d.low(i-1) == "again" && d.sawBefore(i, sp, "listed")
	case "of":
		switch d.low(i - 1) {
		case "list":
			return i-2 < sp.First || d.low(i-2) == "the"
		case "listing", "listings":
			return true
		}
	}
	return false
}

// sawBefore reports whether a word stands before token i in its sentence.
func (d *document) sawBefore(i int, sp sentence.Span, word string) bool {
	for k := sp.First; k < i; k++ {
		if d.low(k) == word {
			return true
		}
	}
	return false
}

// leaky reports whether the text is about listings of stolen data, where who "lists X" is a gang.
func (d *document) leaky() bool {
	n := 0
	for i := range d.Tokens {
		switch d.Tokens[i].Low {
		case "listing", "listings", "leak", "ransom", "extortion", "ransomware":
			n++
		}
	}
	return n > 1
}

// headBefore reports whether a word for attackers stands shortly before token i: an influencer may "go by" a name too.
func (d *document) headBefore(i int, sp sentence.Span) bool {
	for k := i - 1; k >= max(sp.First, i-9); k-- {
		if d.is(k, lexicon.ActorHead) || d.low(k) == "individual" || d.low(k) == "someone" || d.low(k) == "seller" || d.low(k) == "user" {
			return true
		}
	}
	return false
}

// tracked reports whether the "as" at i belongs to a name given by those who track: "tracked by us as X", "we track it as X".
func (d *document) tracked(i int, sp sentence.Span) bool {
	for k := i - 1; k >= max(sp.First, i-6); k-- {
		switch d.low(k) {
		case "track", "tracks", "tracked", "tracking":
			return true
		}
	}
	return false
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
	comma := end-1 > sp.First && d.low(end-1) == "," // "a new name, Copper Lark, lists"
	if comma {
		end--
	}
	a := end
	for a > sp.First && end-a < 5 && (d.Tokens[a-1].Named() || d.low(a-1) == "of" && a < end && a-2 >= sp.First && d.Tokens[a-2].Named()) && (a == end || d.Tokens[a].Gap == sentence.GapSpace) {
		a--
	}
	if a < end && (!comma || a > sp.First && d.low(a-1) == ",") {
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
		b := i + 1
		if b < sp.Last && d.Tokens[b].Named() && d.Tokens[b].Gap == sentence.GapSpace && (d.x.places.country(d.low(b)) != "" || d.is(b, lexicon.ActorHead)) {
			b++
		} else if !d.callsItself(i, sp) {
			return
		}
		d.addHit(hit{a: i, b: b, sent: s, name: d.words(i, b), ok: true, told: true})
		return
	}
	if t.Shape&sentence.Mixed != 0 {
		d.newActor(i, i+1, s, false)
	}
}

// findAnonymous looks for those names in a headline.
func (d *document) findAnonymous(s int, sp sentence.Span) {
	for i := sp.First; i < sp.Last; i++ {
		if d.Tokens[i].Named() && strings.HasPrefix(d.low(i), "anon") {
			d.anonymous(i, s, sp)
		}
	}
}

// callsItself reports whether the "Anonymous" at i is the collective, not an adjective with the capital of its place.
func (d *document) callsItself(i int, sp sentence.Span) bool {
	if d.strikes(i+1, sp) || d.doneBy(i, sp) || d.is(i+1, lexicon.SayVerb|lexicon.ClaimVerb|lexicon.DiscloseVerb) && d.Tokens[i+1].Shape == 0 {
		return true
	}
	if i == sp.First || d.titled[d.Tokens[i].Sentence] {
		return false
	}
	if n := i + 1; n < sp.Last && d.Tokens[n].Kind == sentence.Word && d.Tokens[n].Gap == sentence.GapSpace && !d.is(n, lexicon.Function|lexicon.ActorHead|verbs) && !auxiliary(d.low(n)) {
		return false
	}
	return d.Tokens[i].Shape&sentence.Upper == 0
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

// quotedNames reads names in quotes, joined by "and" or commas, from token j on: "the authors 'X' and 'Y'". What somebody goes by in quotes
// may be any word.
func (d *document) quotedNames(j, s int, sp sentence.Span) {
	for j < sp.Last && isQuote(d.low(j)) {
		k := j + 1
		for k < sp.Last && k < j+4 && !isQuote(d.low(k)) {
			k++
		}
		if k >= sp.Last || !isQuote(d.low(k)) || k == j+1 || !d.Tokens[j+1].Named() {
			return
		}
		d.addHit(hit{a: j + 1, b: k, sent: s, name: d.words(j+1, k), ok: true})
		for j = k + 1; d.low(j) == "," || d.low(j) == "and"; j++ {
		}
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
	if nameless(d.low(a)) || strings.HasPrefix(name, "cve-") || compound(d.low(a)) || len(name) < 2 || d.x.lex.Name(name)&^lexicon.Given != 0 || d.x.places.country(name) != "" || d.isPerson(a, b) {
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
	case "army", "force", "team", "security", "union", "union-mail", "soldiers", "warriors", "hunters", "squad", "alliance", "legion", "brigade", "crew", "gang", "family", "mafia", "syndicate", "group", "hackers", "collective", "battalion", "resistance", "front":
		return true
	}
	return false
}
