package names

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Token is a run of letters or of digits in a text. A run of letters keeps the $ and + at its end, so that LAPSUS$ and Keymous+
// survive; a CVE id is one token. Letters and digits are apart otherwise: APT28, APT-28 and APT 28 are the same two tokens, and
// APT2 is other ones.
type Token struct {
	// Start and End are byte offsets into the text, End exclusive.
	Start, End int
	// RuneStart and RuneEnd are the same places in Unicode code points.
	RuneStart, RuneEnd int
	// Norm is the folded token.
	Norm string
}

// Text is the token as written in text.
func (t Token) Text(text string) string { return text[t.Start:t.End] }

// Tokenize splits text into tokens. Invalid UTF-8 ends a token and is skipped.
func Tokenize(text string) []Token {
	out := make([]Token, 0, len(text)/6+1)
	s := scanner{text: text}
	for s.next() {
		out = append(out, Token{s.start, s.end, s.runeStart, s.runeEnd, foldToken(text[s.start:s.end])})
	}
	return out
}

// scanner walks over the tokens of a text without keeping them. It is a value: a copy looks ahead.
type scanner struct {
	text               string
	start, end         int
	runeStart, runeEnd int
	// digits says that the token is a run of digits; plain that it is ASCII.
	digits, plain bool
}

// The classes of a byte.
const (
	classOther byte = iota
	classLetter
	classDigit
	classWide
)

// classes holds the class of every byte: one look-up a byte is what the speed of the scanner rests on.
var classes = func() (t [256]byte) {
	for c := range t {
		switch {
		case c >= utf8.RuneSelf:
			t[c] = classWide
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			t[c] = classLetter
		case c >= '0' && c <= '9':
			t[c] = classDigit
		}
	}
	return t
}()

// next moves to the next token; false at the end.
func (s *scanner) next() bool {
	text, i, runes := s.text, s.end, s.runeEnd
	for i < len(text) {
		switch classes[text[i]] {
		case classOther:
			i++
			runes++
			continue
		case classDigit:
			s.digits, s.plain = true, true
			s.start, s.runeStart = i, runes
			for i < len(text) && classes[text[i]] == classDigit {
				i++
			}
			s.end, s.runeEnd = i, runes+i-s.start
			return true
		case classWide:
			if r, n := utf8.DecodeRuneInString(text[i:]); !unicode.IsLetter(r) {
				i += n
				runes++
				continue
			}
		}
		s.start, s.runeStart = i, runes
		s.letters()
		return true
	}
	s.end, s.runeEnd = i, runes
	return false
}

// letters sets the end of the run of letters that starts at s.start.
func (s *scanner) letters() {
	text, i, wide := s.text, s.start, 0
	s.digits, s.plain = false, true
	for {
		for i < len(text) && classes[text[i]] == classLetter {
			i++
		}
		if i >= len(text) || classes[text[i]] != classWide {
			break
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Cf, r) {
			break
		}
		s.plain = false
		i += n
		wide += n - 1
	}
	switch {
	case i < len(text) && (text[i] == '$' || text[i] == '+'):
		i++
	case i-s.start == 3 && text[s.start]|0x20 == 'c' && text[s.start+1]|0x20 == 'v' && text[s.start+2]|0x20 == 'e':
		i += cveLength(text[i:])
	}
	s.end, s.runeEnd = i, s.runeStart+i-s.start-wide
}

// cveLength is the length of "-YYYY-NNNN" at the start of s, zero when it is not there.
func cveLength(s string) int {
	if len(s) < 10 || s[0] != '-' || s[5] != '-' {
		return 0
	}
	for _, i := range []int{1, 2, 3, 4, 6, 7, 8, 9} {
		if classes[s[i]] != classDigit {
			return 0
		}
	}
	n := 10
	for n < len(s) && classes[s[n]] == classDigit {
		n++
	}
	return n
}

// foldToken folds one token; plain lower-case tokens are not copied.
func foldToken(s string) string {
	if isPlain(s) {
		return strings.ToLower(s)
	}
	return strings.TrimSpace(foldRunes(s))
}
