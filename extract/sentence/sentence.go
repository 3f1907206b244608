package sentence

import "unicode"

// longest is how many tokens a sentence may have; a longer one is cut, so that work per sentence is bounded.
const longest = 400

// Span is one sentence: its bytes and its tokens, ends exclusive.
type Span struct {
	Start, End int
	// First and Last bound its tokens.
	First, Last int
	// Paragraph counts the paragraphs of the text from zero.
	Paragraph int
}

// Text is a text cut into tokens and sentences.
type Text struct {
	Raw       string
	Tokens    []Token
	Sentences []Span
}

// Read cuts raw into tokens and sentences.
func Read(raw string) *Text {
	t := &Text{Raw: raw, Tokens: tokenise(raw)}
	t.possessives()
	t.cut()
	return t
}

// possessives joins an apostrophe and the s after it into one token.
func (t *Text) possessives() {
	out := t.Tokens[:0]
	for i := 0; i < len(t.Tokens); i++ {
		tok := t.Tokens[i]
		if tok.Low == "'" && i > 0 && tok.Gap == GapNone && i+1 < len(t.Tokens) && t.Tokens[i+1].Gap == GapNone && t.Tokens[i+1].Low == "s" {
			tok.End, tok.Low, tok.Kind = t.Tokens[i+1].End, "'s", Punct
			i++
		}
		out = append(out, tok)
	}
	t.Tokens = out
}

// cut finds the sentences.
func (t *Text) cut() {
	first, paragraph, lineStart := 0, 0, 0
	for i := range t.Tokens {
		if i > 0 && t.Tokens[i].Gap >= GapLine {
			lineStart = t.Tokens[i].Start
		}
		if i+1 < len(t.Tokens) && i-first < longest && !t.boundary(i, lineStart) {
			continue
		}
		n := len(t.Sentences)
		for k := first; k <= i; k++ {
			t.Tokens[k].Sentence = n
		}
		t.Sentences = append(t.Sentences, Span{t.Tokens[first].Start, t.Tokens[i].End, first, i + 1, paragraph})
		if i+1 < len(t.Tokens) && t.Tokens[i+1].Gap >= GapLine {
			paragraph++
		}
		first = i + 1
	}
}

// boundary reports whether a sentence ends with token i. There is a token after it.
func (t *Text) boundary(i, lineStart int) bool {
	tok, next := t.Tokens[i], t.Tokens[i+1]
	if next.Gap == GapParagraph {
		return true
	}
	end := i
	for end > 0 && isCloser(t.Tokens[end].Low) && t.Tokens[end].Gap == GapNone && !(t.Tokens[end].Low == "'s") {
		end--
	}
	stop := isStop(t.Tokens[end].Low)
	if next.Gap == GapLine {
		width := tok.End - lineStart
		return stop || t.startsUpper(next) && (width < 60 || width > 110)
	}
	if !stop || next.Gap == GapNone && !wide(t.Tokens[end].Low) {
		return false
	}
	if isCloser(next.Low) && next.Gap == GapNone {
		return false
	}
	return t.Tokens[end].Low != "." || t.dotEnds(end, i+1)
}

// dotEnds decides whether the dot at token i ends a sentence when token next follows.
func (t *Text) dotEnds(i, next int) bool {
	n := t.Tokens[next]
	if n.Kind == Word && !t.startsUpper(n) && n.Shape == 0 {
		return false
	}
	if i == 0 || t.Tokens[i].Gap != GapNone {
		return true
	}
	before := t.Tokens[i-1]
	if abbreviation(before.Low) {
		return false
	}
	if companyForm(before.Low) {
		return opener(n.Low)
	}
	if before.Kind == Number && len(before.Low) <= 2 && month(n.Low) {
		return false
	}
	return true
}

func (t *Text) startsUpper(k Token) bool {
	for _, r := range t.Raw[k.Start:k.End] {
		return unicode.IsUpper(r) || unicode.IsDigit(r) || r == '"' || r == '\u201c' || r == '\u2018' || r == '\'' || r == '(' || r == '-' ||
			r == '\u2022' || r == '\u00ab' || r == '\u201e' || r == '*' || r == '['
	}
	return false
}

func isStop(s string) bool {
	switch s {
	case ".", "!", "?", "\u2026", "\u3002", "\uff01", "\uff1f":
		return true
	}
	return false
}

func wide(s string) bool { return s == "\u3002" || s == "\uff01" || s == "\uff1f" }

func isCloser(s string) bool {
	switch s {
	case "\"", "'", ")", "]", "\u201d", "\u00bb", "\u201c":
		return true
	}
	return false
}

func abbreviation(s string) bool {
	switch s {
	case "mr", "mrs", "ms", "dr", "st", "vs", "jan", "feb", "aug", "sept", "sep", "oct", "nov", "dec", "e.g", "i.e", "gen", "sen", "rep",
		"gov", "prof", "jr", "sr", "lt", "col", "sgt", "hon", "no", "approx", "z", "b", "bzw", "ca", "dott", "sig", "sra", "mme", "ft", "mt", "al":
		return true
	}
	return false
}

func companyForm(s string) bool {
	switch s {
	case "inc", "corp", "co", "ltd", "llc", "plc", "bros", "dept", "u.s.", "u.k.":
		return true
	}
	return false
}

// opener reports whether a word usually opens a sentence, so that an abbreviated company form before it does end one.
func opener(s string) bool {
	switch s {
	case "the", "it", "in", "a", "an", "this", "that", "these", "those", "its", "they", "he", "she", "we", "but", "and", "on", "at", "as",
		"after", "according", "while", "when", "however", "there", "if", "for", "hackers", "attackers", "researchers":
		return true
	}
	return false
}

func month(s string) bool {
	switch s {
	case "januar", "februar", "m\u00e4rz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember", "january",
		"february", "march", "may", "june", "july", "october", "december":
		return true
	}
	return false
}
