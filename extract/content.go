package extract

import "github.com/rapsheet/rapsheet/extract/lexicon"

// content is what a run of tokens speaks of.
type content struct {
	// event: an attack or what defenders do about one; denied: it is said not to have happened.
	event, denied bool
	// data: something was taken or seen; noData: it is said not to have been; harm: work was disrupted.
	data, noData, harm bool
	// rumour says that it speaks of claims or a possibility only.
	rumour bool
}

// sentenceContent is the content of a whole sentence, read once.
func (d *document) sentenceContent(s int) content {
	if d.contents == nil {
		d.contents = make([]*content, len(d.Sentences))
	}
	if d.contents[s] == nil {
		c := d.content(d.Sentences[s].First, d.Sentences[s].Last)
		d.contents[s] = &c
	}
	return *d.contents[s]
}

// content reads what tokens a to b speak of.
func (d *document) content(a, b int) content {
	var c content
	not := -100
	for i := a; i < b; i++ {
		w, cl := bareWord(d.low(i)), d.class[i]
		switch {
		case w == ";" || w == "but" || w == "however" || w == "although" || w == "while":
			not = -100
		case cl.Any(lexicon.Negation) && w != "denied" && w != "denies" && (w != "without" || !permission(d.low(i+1))) || w == "nothing" || w == "unaware" || foreignNot(w):
			not = i
			c.negated(d, i, a, b)
		case w == "untrue" || w == "unfounded" || w == "fabricated":
			c.denied = true
		case d.rumoured(i):
			c.rumour = true
		}
		if i-not < 12 {
			continue
		}
		c.event = c.event || d.eventWord(i)
		if dataNoun(w) && d.touched(i, a, b) && !d.negatedNear(i, b) {
			c.data = true
		}
		c.data = c.data || peopleWord(w) && d.befell(i, b)
		c.harm = c.harm || harmWord(w) || systemsWord(w) && d.reached(i, a)
	}
	return c
}

func systemsWord(w string) bool {
	return w == "systems" || w == "operations" || w == "services" || w == "factories" || w == "production" || w == "stores"
}

// reached reports whether the systems at token i are said to be affected: "touched some of its IT systems".
func (d *document) reached(i, a int) bool {
	for k := i - 1; k >= max(a, i-6); k-- {
		switch d.low(k) {
		case "touched", "affected", "affecting", "affects", "impacted", "impacting", "hit", "disabled", "paralysed", "paralyzed":
			return !d.denied(k, a)
		}
	}
	return false
}

// peopleWord reports whether a word stands for those whose data an organisation holds.
func peopleWord(w string) bool {
	switch w {
	case "customers", "members", "people", "patients", "students", "employees", "users", "individuals", "clients", "accounts", "subscribers", "passengers", "residents":
		return true
	}
	return false
}

// befell reports whether those at token i are said to be affected by it: "most of its customers are affected".
func (d *document) befell(i, b int) bool {
	for k := i + 1; k < min(b, i+4); k++ {
		switch d.low(k) {
		case "affected", "impacted", "exposed", "concernés", "touchés", "betroffen":
			return d.low(k-1) != "not" && d.low(k-1) != "who"
		}
	}
	return false
}

func permission(w string) bool {
	return w == "permission" || w == "authorisation" || w == "authorization" || w == "consent"
}

// negated reads what the negation at i takes back.
func (c *content) negated(d *document, i, a, b int) {
	data, event, sign, lost := false, false, false, false
	for k := i + 1; k < min(b, i+16); k++ {
		w := bareWord(d.low(k))
		if w == ";" || w == "but" || w == "and" && (data || event) && d.is(k+1, lexicon.SayVerb|lexicon.DiscloseVerb) {
			break
		}
		if w == "theft" || w == "exfiltration" || w == "loss" {
			data, lost = true, true // of data, without saying so
			continue
		}
		data = data || dataNoun(w)
		lost = lost || d.taken(k) || w == "impact" || w == "affected" || w == "compromised" || w == "disclosure" || w == "misuse" || w == "involved"
		sign = sign || signWord(w)
		event = event || d.is(k, lexicon.AttackNoun) || w == "breached" || w == "hacked" || w == "compromised" || w == "intruder" || w == "access" || w == "broken" || w == "attacked" || w == "infiltrated"
	}
	for k := max(a, i-9); k < i; k++ {
		data = data || dataNoun(bareWord(d.low(k)))
		sign = sign || foreignSign(d.low(k)) // "Hinweise darauf gibt es nicht"
		lost = lost || foreignTaken(d.low(k))
	}
	before := d.low(i-1) == "was" || d.low(i-1) == "were" || d.low(i-1) == "has" || d.low(i-1) == "have" || d.low(i-1) == "did" || d.low(i-1) == "is"
	no := d.low(i) == "no" || d.low(i) == "nothing" || d.low(i) == "without" || foreignNot(bareWord(d.low(i))) || d.low(i) == "n't" || d.low(i) == "none"
	switch {
	case data && (lost || sign), sign && d.misuse(i, b):
		c.noData = true
	case event && (sign || no && d.is(i+1, lexicon.AttackNoun) || before && d.low(i+1) == "been" || before && d.breached(i+1)):
		c.denied = true
	}
}

// misuse reports whether misuse is spoken of shortly after token i.
func (d *document) misuse(i, b int) bool {
	for k := i; k < min(b, i+16); k++ {
		if w := d.low(k); w == "misused" || w == "misuse" || w == "fraud" {
			return true
		}
	}
	return false
}

func (d *document) breached(i int) bool {
	switch d.low(i) {
	case "breached", "hacked", "compromised", "attacked", "infiltrated":
		return true
	}
	return false
}

func signWord(w string) bool {
	switch w {
	case "evidence", "indication", "indications", "sign", "signs", "reason", "trace", "traces", "proof", "suggest", "suggests", "indicate", "indicates", "aware", "signal", "found":
		return true
	}
	return foreignSign(w)
}

// negatedNear reports whether the verb after a data noun is negated: "the data was not taken".
func (d *document) negatedNear(i, b int) bool {
	for k := i + 1; k < min(b, i+7); k++ {
		if d.low(k) == "not" || d.low(k) == "n't" || d.low(k) == "wasn't" || d.low(k) == "weren't" || foreignNot(d.low(k)) {
			return true
		}
	}
	return false
}

// eventWord reports whether token i tells of an attack, or of what is done about one.
func (d *document) eventWord(i int) bool {
	switch d.low(i) {
	case "shut", "offline", "broke", "broken", "lifted", "unauthorised", "unauthorized", "suspicious", "attacker", "attackers", "outage", "outages", "switched", "intruder", "intruders", "infected", "unusual", "strangers", "entered", "permission":
		return true
	case "issue", "event", "matter", "problem", "activity", "situation", "events":
		switch d.low(i - 1) {
		case "cybersecurity", "cyber", "security", "it", "cyber-security", "cyber-related":
			return true
		}
		return false
	case "down":
		for k := i - 6; k < i; k++ {
			if w := d.low(k); w == "systems" || w == "servers" || w == "network" || w == "networks" {
				return true
			}
		}
		return false
	case "got", "get", "break", "breaking":
		return d.low(i+1) == "into"
	case "tricked", "trick":
		return true
	case "access":
		return d.low(i-1) == "had" && d.low(i+1) == "to" || d.low(i-1) == "gained" || d.low(i-1) == "gaining" || d.low(i-1) == "obtained"
	case "campaign", "worm", "virus", "malware", "strike", "exploit":
		return d.is(i-1, lexicon.AttackNoun) || d.low(i) == "malware" || d.low(i) == "virus"
	}
	return foreignEvent(bareWord(d.low(i))) || d.is(i, lexicon.AttackNoun) || d.is(i, lexicon.AttackVerb) && !d.is(i, lexicon.Function) && !ordinary(d.low(i))
}

// rumoured reports whether token i makes what is told a claim or a possibility: "investigating claims", "aware of reports", "alleged".
func (d *document) rumoured(i int) bool {
	switch d.low(i) {
	case "claims", "reports", "allegations", "rumours", "rumors", "posts", "claim":
		return !d.is(i, lexicon.Function) && (d.low(i-1) == "of" || d.low(i-1) == "the" || d.low(i-1) == "these" || d.low(i-1) == "those" || d.is(i-1, lexicon.DiscloseVerb) || d.low(i+1) == "of" ||
			d.low(i+1) == "that" || speechAct(d.low(i-1)) == actProbe || d.low(i-1) == "its" || d.low(i-1) == "media" || d.low(i-1) == "seen" || d.low(i-1) == "false")
	case "hoax", "false", "unsubstantiated", "alleged", "allegedly", "purported", "purportedly", "supposed", "whether":
		return true
	}
	return false
}

// haltWord reports whether a word tells of work that stands still; whoever stops its own work has not been damaged yet, so it counts only
// where others tell of it.
func haltWord(w string) bool {
	switch w {
	case "halted", "halt", "stopped", "standstill", "delays", "offline", "queues", "manually", "cancel", "suspended", "stalled", "idle", "closed", "outages", "stood", "failed", "crashed", "manual", "ruht", "arrêt", "hand", "stillstand":
		return true
	}
	return harmWord(w)
}

// harmWord reports whether a word tells of damage to work or machines.
func harmWord(w string) bool {
	switch w {
	case "disrupted", "disruption", "disruptions", "crippled", "unavailable", "encrypted", "cancelled", "canceled", "delayed", "damaged", "wiped", "deleted", "destroyed", "defaced", "severely":
		return true
	}
	return false
}

// ordinary are verbs of attack that mostly mean something else.
func ordinary(w string) bool {
	switch w {
	case "take", "takes", "took", "bring", "brings", "brought", "force", "forced", "affect", "affected", "impact", "impacted", "down":
		return true
	}
	return false
}

func dataNoun(w string) bool {
	switch w {
	case "data", "information", "records", "record", "database", "databases", "accounts", "passwords", "files", "details", "documents", "credentials", "names", "addresses", "numbers", "emails", "email",
		"messages", "invoices", "footage", "tickets", "tokens", "logins", "photos", "scans", "maps", "dates", "password", "copies", "drawings", "designs", "cards", "keys", "code", "material":
		return true
	}
	return foreignData(w)
}

// taken reports whether a word says that something was stolen, seen or broken.
func (d *document) taken(i int) bool {
	if d.is(i, lexicon.StealVerb) && d.low(i) != "post" {
		return true
	}
	switch d.low(i) {
	case "compromised", "impacted", "affected", "encrypted", "misused", "stolen", "viewed", "read", "lost", "exported", "deleted", "breached", "wiped", "involved", "theft", "included", "includes",
		"include", "affects", "affect", "contained", "exfiltration", "leak", "reached", "limited", "disclosed", "removed", "seen", "taken", "obtained", "copied", "downloaded", "leaked", "eu", "accessed", "exposed":
		return true
	}
	return foreignTaken(bareWord(d.low(i)))
}

// touched reports whether a data noun stands beside a word that says it was taken.
func (d *document) touched(i, a, b int) bool {
	for k := max(a, i-8); k < min(b, i+15); k++ {
		if w := d.low(k); k > i+4 && (w == ";" || w == "." || w == "but") {
			return false
		}
		if d.taken(k) {
			return true
		}
	}
	return false
}

// attributes reports whether a sentence blames somebody for an attack.
func (d *document) attributes(first, last int) bool {
	for i := first; i < last; i++ {
		switch d.low(i) {
		case "attributed", "attribute", "attributes", "behind", "linked", "blamed", "blame", "responsible", "tied", "work", "carried", "conducted", "accused", "attributing", "affiliated", "believes", "links", "tracked", "tracks":
			return true
		}
	}
	return false
}

// retracts reports whether a sentence takes an earlier report back.
func (d *document) retracts(s int) bool {
	verb, noun := false, false
	for i := d.Sentences[s].First; i < d.Sentences[s].Last; i++ {
		switch d.low(i) {
		case "retract", "retracted", "retracts", "retraction", "withdraw", "withdrawn", "withdrew", "withdraws":
			verb = verb || !d.is(i-1, lexicon.Negation)
		case "report", "article", "story", "reporting", "articles":
			noun = true
		}
	}
	return verb && noun
}
