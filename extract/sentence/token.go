package sentence

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rapsheet/rapsheet/names"
)

// Kind is what sort of thing a token is.
type Kind uint8

// The kinds of token.
const (
	Word Kind = iota
	Number
	Punct
)

// Shape says which letters a word holds.
type Shape uint8

// The shapes; a word may have several.
const (
	// Cap: the first letter is upper case.
	Cap Shape = 1 << iota
	// Upper: every letter is upper case and there are at least two.
	Upper
	// Mixed: an upper-case letter follows a lower-case one, or a digit stands beside letters.
	Mixed
	// Dotted: a dot stands inside, as in example.com or U.S.
	Dotted
)

// Gap is the white space before a token.
type Gap uint8

// The gaps.
const (
	GapNone Gap = iota
	GapSpace
	GapLine
	GapParagraph
)

// Token is one word, number or mark of the text.
type Token struct {
	// Start and End are byte offsets into the text, End exclusive.
	Start, End int
	// Low is the token in lower case, with plain apostrophes.
	Low   string
	Kind  Kind
	Shape Shape
	Gap   Gap
	// Sentence is the index of the sentence that holds the token.
	Sentence int
}

// Named reports whether the token is written as a name may be: with a capital or with digits among its letters.
func (t Token) Named() bool { return t.Kind == Word && t.Shape&(Cap|Upper|Mixed) != 0 }

// tokenise cuts text into tokens.
func tokenise(text string) []Token {
	out := make([]Token, 0, len(text)/5+8)
	gap, lines := GapParagraph, 0
	for i := 0; i < len(text); {
		r, n := decode(text, i)
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			if r == '\n' {
				lines++
			}
			gap = max(gap, gapOf(lines))
			i += n
			continue
		}
		end := i + n
		kind := Punct
		if isWord(r) || (r == '@' || r == '$') && wordAt(text, end) || maskOpens(text, i) {
			end = wordEnd(text, i)
			kind = Word
		}
		out = append(out, makeToken(text, i, end, kind, gap))
		gap, lines = GapNone, 0
		i = end
	}
	return out
}

func gapOf(lines int) Gap {
	switch lines {
	case 0:
		return GapSpace
	case 1:
		return GapLine
	default:
		return GapParagraph
	}
}

func decode(s string, i int) (rune, int) {
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) || r == '×'
}

func wordAt(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	r, _ := decode(s, i)
	return isWord(r)
}

// wordEnd finds where the word that starts at i ends. A possessive 's is left for a token of its own.
func wordEnd(s string, i int) int {
	start := i
	_, n := decode(s, i)
	if maskOpens(s, i) {
		n = names.MaskRun(s[i:])
	}
	for i += n; i < len(s); {
		r, n := decode(s, i)
		if isWord(r) || r == '$' {
			i += n
			continue
		}
		if m := maskRun(s, i); m > 0 {
			i += m
			continue
		}
		if !joins(s, start, i, n, r) {
			break
		}
		i += n
	}
	return i
}

// joins reports whether the mark r at i belongs to the word that began at start.
func joins(s string, start, i, n int, r rune) bool {
	next := i + n
	switch r {
	case '-', '\u2010', '\u2011', '&':
		return wordAt(s, next)
	case '\'', '\u2019':
		if !wordAt(s, next) {
			return false
		}
		c, m := decode(s, next)
		if (c == 's' || c == 'S') && !wordAt(s, next+m) {
			return false
		}
		return unicode.IsLetter(c)
	case '.':
		return dotJoins(s, start, i)
	case '@':
		return wordAt(s, next)
	default:
		return false
	}
}

// dotJoins decides about the dot at i: inside an address or a number, after an initial, or at the end of a sentence.
func dotJoins(s string, start, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	initial := unicode.IsUpper(before) && (i-utf8.RuneLen(before) == start || s[i-utf8.RuneLen(before)-1] == '.')
	if i+1 >= len(s) {
		return initial && strings.IndexByte(s[start:i], '.') >= 0
	}
	after, _ := decode(s, i+1)
	if initial {
		return isWord(after) && unicode.IsUpper(after) || unicode.IsSpace(after) || after == ',' || after == '\''
	}
	return isWord(after) && !unicode.IsUpper(after)
}

func makeToken(text string, start, end int, kind Kind, gap Gap) Token {
	raw := text[start:end]
	t := Token{Start: start, End: end, Kind: kind, Gap: gap, Low: raw}
	if kind == Punct {
		if raw == "\u2019" || raw == "\u2018" {
			t.Low = "'"
		}
		return t
	}
	var letters, uppers, digits int
	var first, inner bool
	for i, r := range raw {
		switch {
		case i == 0 && names.MaskRun(raw) > 0:
			first = true // what is hidden is a name's
		case unicode.IsUpper(r):
			letters++
			uppers++
			if i == 0 {
				first = true
			} else if letters > uppers {
				inner = true
			}
		case unicode.IsDigit(r):
			digits++
		case unicode.IsLetter(r):
			letters++
		case r == '.':
			t.Shape |= Dotted
		}
	}
	if letters == 0 && digits > 0 {
		t.Kind = Number
	}
	if first {
		t.Shape |= Cap
	}
	if letters >= 2 && uppers == letters {
		t.Shape |= Upper
	}
	if inner || digits > 0 && letters > 0 && uppers > 0 {
		t.Shape |= Mixed
	}
	if uppers > 0 {
		t.Low = strings.ToLower(raw)
	}
	if strings.Contains(t.Low, "\u2019") {
		t.Low = strings.ReplaceAll(t.Low, "\u2019", "'")
	}
	return t
}
