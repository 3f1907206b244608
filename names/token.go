package names

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Token is a run of letters or of digits in a text. A run of letters keeps the $ and + at its end, so that LAPSUS$ and Keymous+
// survive. Letters and digits are apart: APT28, APT-28 and APT 28 are the same two tokens, and APT2 is other ones.
type Token struct {
	// Start and End are byte offsets into the text, End exclusive.
	Start, End int
	// Norm is the folded token.
	Norm string
}

// Text is the token as written in text.
func (t Token) Text(text string) string { return text[t.Start:t.End] }

// Tokenize splits text into tokens. Invalid UTF-8 ends a token and is skipped.
func Tokenize(text string) []Token {
	out := make([]Token, 0, len(text)/6+1)
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case isASCIILetter(c) || c >= utf8.RuneSelf:
			end := letterEnd(text, i)
			if end == i {
				_, n := utf8.DecodeRuneInString(text[i:])
				i += n
				continue
			}
			out = append(out, Token{i, end, foldToken(text[i:end])})
			i = end
		case c >= '0' && c <= '9':
			end := i + 1
			for end < len(text) && text[end] >= '0' && text[end] <= '9' {
				end++
			}
			out = append(out, Token{i, end, text[i:end]})
			i = end
		default:
			i++
		}
	}
	return out
}

func isASCIILetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// letterEnd is the end of the run of letters at i, with a closing $ or +; i itself when there is none.
func letterEnd(text string, i int) int {
	end := i
	for end < len(text) {
		if isASCIILetter(text[end]) {
			end++
			continue
		}
		if text[end] < utf8.RuneSelf {
			break
		}
		r, n := utf8.DecodeRuneInString(text[end:])
		if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Cf, r) {
			break
		}
		end += n
	}
	if end > i && end < len(text) && (text[end] == '$' || text[end] == '+') {
		end++
	}
	return end
}

// foldToken folds one token; plain lower-case tokens are not copied.
func foldToken(s string) string {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf {
			return strings.TrimSpace(foldRunes(s))
		} else if c >= 'A' && c <= 'Z' {
			if isPlain(s) {
				return strings.ToLower(s)
			}
		}
	}
	return s
}
