package extract

import "github.com/rapsheet/rapsheet/extract/lexicon"

// content reads what tokens a to b speak of: an event, a negation, data taken, data said not to be taken.
func (d *document) content(a, b int) (event, neg, data, noData bool) {
	negAt := -100
	for i := a; i < b; i++ {
		c := d.class[i]
		switch d.low(i) {
		case "shut", "offline", "unauthorised", "unauthorized", "cybersecurity", "suspicious", "taken", "outage":
			event = true
		case "evidence", "indication", "indications", "sign", "signs", "reason":
			if i-negAt <= 3 {
				noData = noData || d.dataAfter(i, b)
			}
		}
		if c.Any(lexicon.Negation) {
			neg = true
			negAt = i
			if d.dataAround(i, b) {
				noData = true
			}
		}
		if c.Any(lexicon.AttackNoun) || c.Any(lexicon.AttackVerb) && !c.Any(lexicon.Function) && !ordinary(d.low(i)) {
			event = true
		}
		if c.Any(lexicon.CustNoun) && dataNoun(d.low(i)) && d.touched(i, a, b) {
			data = true
		}
	}
	return event, neg, data, noData
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
	case "data", "information", "records", "database", "databases", "accounts", "passwords":
		return true
	}
	return false
}

// taken reports whether a word says that something was stolen, seen or broken.
func (d *document) taken(i int) bool {
	return d.is(i, lexicon.StealVerb) && d.low(i) != "post" || d.is(i, lexicon.AttackVerb) && (d.low(i) == "compromised" || d.low(i) == "impacted" || d.low(i) == "affected" || d.low(i) == "encrypted") || d.low(i) == "misused" || d.low(i) == "stolen"
}

// touched reports whether a data noun stands beside a word that says it was taken.
func (d *document) touched(i, a, b int) bool {
	for k := max(a, i-7); k < min(b, i+8); k++ {
		if d.taken(k) {
			return true
		}
	}
	return false
}

// dataAfter reports whether data taken is spoken of after token i.
func (d *document) dataAfter(i, b int) bool {
	for k := i; k < min(b, i+14); k++ {
		if d.taken(k) || dataNoun(d.low(k)) {
			return true
		}
	}
	return false
}

// dataAround reports whether the negation at i denies that data was taken: "no customer data was accessed", "data was not taken".
func (d *document) dataAround(i, b int) bool {
	noun, verb := false, false
	for k := i + 1; k < min(b, i+9); k++ {
		noun = noun || dataNoun(d.low(k))
		verb = verb || d.taken(k)
	}
	if d.low(i) == "no" {
		return noun && verb
	}
	for k := max(0, i-6); k < i; k++ {
		noun = noun || dataNoun(d.low(k))
	}
	return noun && verb
}

// denies reports whether an attack is denied: "denied that it was breached", "was not hacked".
func (d *document) denies(a, b int) bool {
	for i := a; i < b; i++ {
		if !d.is(i, lexicon.Negation) {
			continue
		}
		strong := len(d.low(i)) >= 6 && (d.low(i)[:3] == "den" || d.low(i)[:3] == "ref")
		for k := i + 1; k < min(b, i+9); k++ {
			switch d.low(k) {
			case "breach", "breached", "hacked", "hack", "attack", "attacked", "compromised", "intrusion", "claims", "reports", "incident":
				if strong || k-i <= 4 && (d.low(k-1) == "been" || d.low(k-1) == "was" || d.low(k-1) == "were" || d.low(k-1) == "no" || d.low(k-1) == "not" || d.low(k) == "breach") {
					return true
				}
			}
		}
	}
	return false
}

// attributes reports whether a sentence blames somebody for an attack.
func (d *document) attributes(first, last int) bool {
	for i := first; i < last; i++ {
		switch d.low(i) {
		case "attributed", "attribute", "attributes", "behind", "linked", "blamed", "blame", "responsible", "tied", "work", "carried", "conducted", "accused", "attributing", "links", "tracked", "tracks":
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
