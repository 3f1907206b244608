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

func class(c byte) byte {
	switch {
	case c >= utf8.RuneSelf:
		return classWide
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		return classLetter
	case c >= '0' && c <= '9':
		return classDigit
	}
	return classOther
}

// next moves to the next token; false at the end.
func (s *scanner) next() bool {
	i, runes := s.end, s.runeEnd
	for i < len(s.text) {
		switch class(s.text[i]) {
		case classOther:
			i++
			runes++
			continue
		case classDigit:
			s.digits, s.plain = true, true
			s.start, s.runeStart = i, runes
			for i < len(s.text) && class(s.text[i]) == classDigit {
				i++
			}
			s.end, s.runeEnd = i, runes+i-s.start
			return true
		case classWide:
			if r, n := utf8.DecodeRuneInString(s.text[i:]); !unicode.IsLetter(r) {
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
	i, wide := s.start, 0
	s.digits, s.plain = false, true
	for i < len(s.text) {
		c := class(s.text[i])
		if c == classLetter {
			i++
			continue
		}
		if c != classWide {
			break
		}
		r, n := utf8.DecodeRuneInString(s.text[i:])
		if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Cf, r) {
			break
		}
		s.plain = false
		i += n
		wide += n - 1
	}
	switch {
	case i < len(s.text) && (s.text[i] == '$' || s.text[i] == '+'):
		i++
	case i-s.start == 3 && s.plain && strings.EqualFold(s.text[s.start:i], "cve"):
		i += cveLength(s.text[i:])
	}
	s.end, s.runeEnd = i, s.runeStart+i-s.start-wide
}

// cveLength is the length of "-YYYY-NNNN" at the start of s, zero when it is not there.
func cveLength(s string) int {
	if len(s) < 10 || s[0] != '-' || s[5] != '-' {
		return 0
	}
	for _, i := range []int{1, 2, 3, 4, 6, 7, 8, 9} {
		if class(s[i]) != classDigit {
			return 0
		}
	}
	n := 10
	for n < len(s) && class(s[n]) == classDigit {
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
