package extract

import (
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// What looks like a name and is none, and lower-case names that are.

// amount reports whether a word is a sum or a size written as one: "$10M", "120GB".
func amount(low string) bool {
	n := strings.TrimLeft(low, "$\u20ac\u00a3")
	unit := strings.TrimLeft(n, "0123456789.,")
	if unit == n {
		return false
	}
	switch strings.TrimRight(unit, "+") {
	case "k", "m", "b", "bn", "mn", "kb", "mb", "gb", "tb", "gbps", "tbps", "mbps", "mln", "bln":
		return true
	case "":
		return n != low
	}
	return false
}

// oneOfMany reports whether the name i..j before the head at j only says where something is, not what it is called: "an Ohio hospital".
func (d *document) oneOfMany(i, j int) bool {
	switch d.low(i - 1) {
	case "a", "an", "another", "one":
		return true
	}
	switch d.low(j) {
	case "hospital", "hospitals", "clinic", "bank", "school", "schools":
		n := d.joined(i, j)
		return d.x.lex.Name(n).Any(lexicon.Place) || d.x.places.country(n) != ""
	}
	return false
}

// chief reports whether a word is the short title of an officer, which is never part of a firm's name.
func chief(w string) bool {
	switch w {
	case "ceo", "cto", "cfo", "ciso", "cio", "coo", "cso":
		return true
	}
	return false
}

// people reports whether a word at the end of a name means those who belong to it: "Harbour Bank Customers" in a headline.
func people(w string) bool {
	switch w {
	case "customers", "customer", "users", "user", "members", "member", "employees", "employee", "subscribers", "staff", "patients", "guests":
		return true
	}
	return false
}

// plainOpening reports whether the run i..j is but the word that opens a sentence, whose capital says nothing: "Employees of X".
func (d *document) plainOpening(i, j int, sp sentence.Span) bool {
	t := d.Tokens[i]
	return j == i+1 && i == sp.First && t.Shape&(sentence.Upper|sentence.Mixed) == 0 && !d.is(i, lexicon.OrgHead|lexicon.OfHead|lexicon.LowHead|lexicon.HeadFull)
}

// publicBody gives the end of the lower-case name of a country's only body of its sort, "foreign ministry", "central bank", or i.
func (d *document) publicBody(i int, sp sentence.Span) int {
	if i+1 >= sp.Last || d.Tokens[i].Shape != 0 || d.Tokens[i+1].Shape != 0 || d.Tokens[i+1].Gap != sentence.GapSpace {
		return i
	}
	switch d.low(i) {
	case "foreign", "defense", "defence", "interior", "finance", "justice", "health", "education", "agriculture", "transport", "energy", "economy", "labour", "labor", "digital":
		switch d.low(i + 1) {
		case "ministry", "department":
			return i + 2
		}
	case "central", "national":
		switch d.low(i + 1) {
		case "bank", "parliament", "assembly", "airline", "library", "broadcaster", "police":
			return i + 2
		}
	case "federal", "supreme", "constitutional":
		switch d.low(i + 1) {
		case "court", "parliament", "government", "police":
			return i + 2
		}
	case "tax", "prison", "postal", "customs", "election", "electoral", "intelligence", "spy", "space", "court", "health-care", "healthcare":
		switch d.low(i + 1) {
		case "service", "agency", "authority", "commission", "system", "office":
			return i + 2
		}
	}
	return i
}

// shouted reports whether a run of capitals is a sentence rather than a name: "TURNING OFF YOUR PHONE IS MEANINGLESS".
func (d *document) shouted(a, b int) bool {
	small := 0
	for i := a; i < b; i++ {
		if d.Tokens[i].Shape&sentence.Upper == 0 {
			return false
		}
		if d.is(i, lexicon.Function) && !preposition(d.low(i)) && d.low(i) != "and" && d.low(i) != "the" {
			small++
		}
	}
	return b-a > 3 && small > 0
}

// officeOnly reports whether a is the second word of an office: "the Attorney General of Maine".
func (d *document) officeOnly(a int) bool {
	if d.low(a) != "general" {
		return false
	}
	switch d.low(a - 1) {
	case "attorney", "attorneys", "inspector", "secretary", "director", "solicitor", "auditor":
		return true
	}
	return false
}

// datePreposition reports whether a word before a month makes it a time: "since January Action Fraud has".
func datePreposition(w string) bool {
	switch w {
	case "in", "since", "last", "this", "by", "early", "late", "until", "from":
		return true
	}
	return false
}

// nounsAbroad reports whether a run is made of German common nouns, which have capitals as names have: "Nach Angaben des Unternehmens".
func (d *document) nounsAbroad(a, b int) bool {
	found := false
	for i := a; i < b; i++ {
		if h := d.hitAt[i]; h >= 0 && d.hits[h].ok && i > a {
			continue // "Die Gruppe LockBit" is LockBit
		}
		if i+1 < b && d.hitAt[i+1] >= 0 && d.hits[d.hitAt[i+1]].ok && foreignBand(d.low(i)) {
			found = true
			continue
		}
		switch d.low(i) {
		case "nach", "des", "der", "von", "die", "das", "den", "dem", "auf", "zu":
		case "unternehmen", "unternehmens", "konzern", "konzerns", "angaben", "hinweise", "hinweis", "belege", "abfluss", "diebstahl", "daten", "kundendaten", "patientendaten", "mitarbeiterdaten", "angriff", "angriffs",
			"angriffe", "hackerangriff", "hackerangriffs", "cyberangriff", "cyberangriffs", "cyberattacke", "täter", "angreifer", "erpresser", "hacker", "kunden", "kundinnen", "mitarbeiter", "beschäftigte", "systeme",
			"server", "netzwerk", "sprecher", "sprecherin", "ermittler", "fachleute", "hersteller", "betreiber", "dienstleister", "autobauer", "behörden", "staatsanwaltschaft", "lösegeld", "schadsoftware",
			"erpressersoftware", "opfer", "gruppe", "anträge", "wiederaufbau", "ausfall", "vorfall", "sicherheitsvorfall":
			found = true
		default:
			return false
		}
	}
	return found
}

// openerAbroad reports whether the word at a only leads up to the name a..b in another language: "Die Nordwind AG", "La société X SAS",
// "Systeme der X GmbH".
func (d *document) openerAbroad(a, b, first int) bool {
	w, next := d.low(a), d.low(a+1)
	legal := d.x.lex.Word(strings.TrimSuffix(d.low(b-1), ".")).Any(lexicon.Legal)
	switch w {
	case "die", "der", "das":
		return legal
	case "systeme", "server", "daten":
		return legal && (next == "der" || next == "des")
	}
	return a == first && articleAbroad(w) && ownNoun(next) || legal && ownNoun(w) && d.Tokens[a+1].Named() && b-a > 2
}
