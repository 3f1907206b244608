package extract

import (
	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// A sentence may give its victims as examples of many: "victims included A and B", "a spree on hotel chains including A, B and C",
// "data on 39 brands, among them A and B, were taken". What befell the many befell the examples; no verb of their own says so.

const (
	// exampleVictim is the probability of a name that is given as one of those struck.
	exampleVictim = 0.6
	// noteSentences is the most sentences of a note. Notes are what the model learned most from, and it weighs their few names well.
	noteSentences = 5
)

// readAmong raises the names that sentences give as examples of those struck.
func (d *document) readAmong() {
	note, gap := len(d.Sentences) <= noteSentences, maxGap
	if note {
		gap = 0
	}
	for s := range d.Sentences {
		sp := d.Sentences[s]
		for i := sp.First; i+1 < sp.Last; i++ {
			first, least := d.leadIn(i, sp)
			if first > 0 && (!note || least > 2) {
				d.raiseRun(first, least, sp, gap)
			}
		}
	}
}

// leadIn reports whether token i introduces examples of those struck: where they begin, and how many there must be for the sentence to
// be taken at its word.
func (d *document) leadIn(i int, sp sentence.Span) (first, least int) {
	switch d.low(i) {
	case "include", "includes", "included":
		if d.struckSubject(sp.First, i) {
			return i + 1, 1
		}
	case "were", "are", "was":
		if d.anyLow(sp.First, i, isVictimNoun) && !d.plainDoubt(sp) {
			return i + 1, 1
		}
	case "among":
		if w := d.low(i + 1); (w == "them" || w == "those") && d.takenHere(sp) {
			return i + 2, 3
		}
	case "after", "following", "with":
		if d.latestOf(sp.First, i) {
			return i + 1, 1
		}
	case "including", "notably", "like":
		return d.examplesOf(i, i+1, sp)
	case "such":
		if d.low(i+1) == "as" {
			return d.examplesOf(i, i+2, sp)
		}
	}
	return 0, 0
}

// examplesOf reports where the examples begin that stand from token first, and how many there must be: one of "the victims, including
// A", two of "banks including A and B", three where the sentence names no kind of organisation.
func (d *document) examplesOf(i, first int, sp sentence.Span) (from, least int) {
	taken := d.takenHere(sp)
	struck := d.anyIs(sp, lexicon.AttackNoun|lexicon.AttackVerb|lexicon.SufferVerb) || taken
	switch {
	case struck && d.anyLow(max(sp.First, i-4), i, isVictimNoun) && !d.plainDoubt(sp):
		return first, 1
	case struck && d.anyLow(max(sp.First, i-2), i, manyOrgs) && !d.plainDoubt(sp):
		return first, 2
	case d.anyIs(sp, lexicon.MalwareHead):
		return 0, 0
	case d.low(i) == "including" && !d.anyIs(sp, lexicon.ProductHead&^lexicon.CustNoun) && taken:
		return first, 3
	}
	return 0, 0
}

// latestOf reports whether the words before a token say that somebody is the latest of several who were struck: "the third retailer to
// report an attack", "the latest in a line of travel companies to suffer a breach".
func (d *document) latestOf(first, i int) bool {
	ordinal := d.anyLow(first, i, func(w string) bool {
		switch w {
		case "latest", "second", "third", "fourth", "fifth", "sixth", "seventh", "newest":
			return true
		}
		return false
	})
	for k := first; ordinal && k+1 < i; k++ {
		if d.low(k) == "to" && d.is(k+1, lexicon.SufferVerb|lexicon.DiscloseVerb|lexicon.SayVerb) || d.low(k) == "to" && d.low(k+1) == "be" {
			return d.anyIs(sentence.Span{First: k, Last: i}, lexicon.AttackNoun|lexicon.AttackVerb|lexicon.StealVerb)
		}
	}
	return false
}

// struckSubject reports whether the words before a verb are those who were struck: "victims", "providers caught by the breach".
func (d *document) struckSubject(first, i int) bool {
	if d.anyLow(first, i, isVictimNoun) {
		return true
	}
	if !d.anyLow(first, i, manyOrgs) {
		return false
	}
	return d.anyLow(first, i, isStruck)
}

// plainDoubt reports whether a sentence denies, supposes or warns.
func (d *document) plainDoubt(sp sentence.Span) bool {
	return d.anyIs(sp, lexicon.Negation|lexicon.Lure) || d.anyLow(sp.First, sp.Last, func(w string) bool {
		switch w {
		case "could", "may", "might", "would", "can", "should", "if", "potential", "potentially", "protect", "protects", "customers", "clients", "partners", "vulnerability",
			"vulnerable", "vulnerabilities", "impersonating", "impersonate", "spoofed", "spoofing", "pretending", "posing", "researchers", "planned", "plans":
			return true
		}
		return false
	})
}

func (d *document) anyLow(first, last int, is func(string) bool) bool {
	for i := first; i < last; i++ {
		if is(d.low(i)) {
			return true
		}
	}
	return false
}

func (d *document) anyIs(sp sentence.Span, c lexicon.Class) bool {
	for i := sp.First; i < sp.Last; i++ {
		if d.is(i, c) {
			return true
		}
	}
	return false
}

// isVictimNoun reports whether a word says outright that those it stands for were struck.
func isVictimNoun(w string) bool {
	switch w {
	case "victims", "targets", "casualties":
		return true
	}
	return false
}

// isStruck reports whether a participle says what was done to those before it.
func isStruck(w string) bool {
	switch w {
	case "affected", "hit", "breached", "hacked", "compromised", "caught", "attacked", "struck", "impacted", "targeted", "infected", "robbed":
		return true
	}
	return false
}

// manyOrgs reports whether a word stands for several organisations.
func manyOrgs(w string) bool {
	switch w {
	case "companies", "firms", "organisations", "organizations", "businesses", "hospitals", "universities", "colleges", "schools", "agencies", "banks", "retailers",
		"hotels", "chains", "airlines", "providers", "institutions", "entities", "manufacturers", "operators", "municipalities", "cities", "counties", "ministries", "websites",
		"sites", "exchanges", "newspapers", "outlets", "giants", "corporations", "parties", "departments", "utilities", "carriers", "insurers", "authorities", "carmakers",
		"automakers", "networks", "clinics", "districts", "stores", "studios", "telecoms", "bodies", "groups", "multinationals":
		return true
	}
	return false
}

// takenHere reports whether a sentence says that data were taken or that somebody was struck, and does not deny it.
func (d *document) takenHere(sp sentence.Span) bool {
	taken := false
	for i := sp.First; i < sp.Last; i++ {
		switch {
		case d.is(i, lexicon.Negation):
			return false
		case d.is(i, lexicon.StealVerb|lexicon.SufferVerb) && !d.is(i, lexicon.DiscloseVerb), d.low(i) == "taken", d.low(i) == "hit", d.low(i) == "breached", d.low(i) == "victims", d.low(i) == "attacked":
			taken = true
		}
	}
	return taken
}

// maxGap is how many words may stand between two names of a run: "A, the Spanish telecommunications giant, and B".
const maxGap = 7

// raiseRun raises the names that follow one another from token i, when there are at least as many as asked for. At most so many words stand
// between two of them.
func (d *document) raiseRun(i, least int, sp sentence.Span, most int) {
	var run []int
	for gap := 0; i < sp.Last && gap <= most; {
		if k := d.at[i]; k >= 0 && d.mentions[k].group >= 0 {
			run = append(run, d.mentions[k].group)
			i, gap = d.mentions[k].b, 0
			continue
		}
		if d.endsRun(i) {
			break
		}
		if d.Tokens[i].Kind != sentence.Punct && !joins(d.low(i)) && !d.is(i, lexicon.Demonym) {
			gap++
		}
		i++
	}
	if len(run) < least {
		return
	}
	for _, k := range run {
		if g := &d.groups[k]; !g.person && !g.class.Any(lexicon.Place|lexicon.Given|lexicon.Product|lexicon.Authority) {
			g.p = max(g.p, exampleVictim)
		}
	}
}

// endsRun reports whether a token ends a run of names: a verb, a mark other than those of a list, a word that opens something else.
func (d *document) endsRun(i int) bool {
	w := d.low(i)
	if d.Tokens[i].Kind == sentence.Punct {
		return w != "," && w != "'s" && w != "&" && !isQuote(w)
	}
	if auxiliary(w) || preposition(w) {
		return true
	}
	switch w {
	case "who", "which", "that", "while", "but", "as", "after", "when", "where", "because", "since", "though", "although", "then", "than", "said", "says":
		return true
	}
	return d.is(i, verbs) && !d.Tokens[i].Named() && !d.is(i, lexicon.AttackNoun|lexicon.CustNoun)
}
