package extract

import (
	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// compoundFrame reads a name that stands before a noun it goes with: "the X breach", "X customers", "X researchers".
func (d *document) compoundFrame(m *mention, sp sentence.Span) string {
	if m.b >= sp.Last || d.Tokens[m.b].Kind != sentence.Word || d.Tokens[m.b].Named() {
		return ""
	}
	c := d.class[m.b]
	noun := holding(d.low(m.b)) || c.Any(lexicon.AttackNoun|lexicon.CustNoun|lexicon.Researcher|lexicon.PersonRole|lexicon.ProductHead|lexicon.MalwareHead|lexicon.ActorHead) &&
		!(c.Any(verbs) && !d.is(m.b+1, verbs) && !auxiliary(d.low(m.b+1)) && d.nounAfter(m.b+1, sp))
	if !noun {
		return ""
	}
	switch {
	case c.Any(lexicon.Researcher):
		return "n.res"
	case c.Any(lexicon.PersonRole):
		return "n.person"
	case c.Any(lexicon.AttackNoun):
		return "n.atk"
	case c.Any(lexicon.CustNoun), holding(d.low(m.b)):
		return "n.asset" + d.assetFate(m.b+1, sp)
	case c.Any(lexicon.MalwareHead | lexicon.ActorHead):
		return "n.mal"
	}
	return "n.prod"
}

// nounAfter reports whether an object follows: a determiner, a name or "that".
func (d *document) nounAfter(i int, sp sentence.Span) bool {
	if i >= sp.Last {
		return false
	}
	w := d.low(i)
	return determiner(w) || w == "on" || w == "of" || d.Tokens[i].Named() || d.is(i, lexicon.CustNoun|lexicon.AttackNoun)
}

// ownerFrame reads what belongs to a mention and what befalls it: "X's website was defaced".
func (d *document) ownerFrame(i int, sp sentence.Span) string {
	for n := 0; i < sp.Last && n < 7; i, n = i+1, n+1 {
		c := d.class[i]
		switch {
		case d.Tokens[i].Kind == sentence.Punct && d.low(i) != "(" && d.low(i) != ")":
			return "own."
		case c.Any(lexicon.PersonRole | lexicon.Researcher):
			return "own.person"
		case c.Any(lexicon.AttackNoun):
			return "own.atk"
		case c.Any(lexicon.CustNoun), holding(d.low(i)):
			return "own.asset" + d.assetFate(i+1, sp)
		case c.Any(lexicon.ProductHead | lexicon.MalwareHead):
			return "own.prod"
		case c.Any(verbs):
			return "own.verb"
		}
	}
	return "own."
}

// assetFate says whether what stands before token i is struck: "were stolen", "went offline".
func (d *document) assetFate(i int, sp sentence.Span) string {
	for n := 0; i < sp.Last && n < 5; i, n = i+1, n+1 {
		switch w := d.low(i); {
		case d.class[i].Any(lexicon.AttackVerb|lexicon.StealVerb|lexicon.SufferVerb) || w == "offline" || w == "down" || w == "unavailable":
			return ".hit"
		case d.Tokens[i].Kind == sentence.Punct:
			return ""
		}
	}
	return ""
}
