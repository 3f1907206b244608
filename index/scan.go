package index

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxTerm is the longest term that is indexed, in bytes: a SHA-512 in hexadecimal fits, an encoded blob does not.
const maxTerm = 128

// form says how a term relates to the text it was read from.
type form uint8

const (
	// formPart is a plain word, stemmed.
	formPart form = iota
	// formWhole is a name or value that must be found as written (lapsus$, noname057(16), apt28, cve-2025-1, evil.example).
	// A query that holds it asks for it alone.
	formWhole
	// formExtra is a further spelling that the text is found by (email for e-mail); queries never ask for it.
	formExtra
)

// term is one word of a text: bytes Start to End, at position Pos.
type term struct {
	text       string
	start, end int
	pos        int
	form       form
}

// word is a run of letters and digits, and the joiner that follows it directly before another word.
type word struct {
	start, end int
	join       byte
}

// scan cuts text into terms, in order of position. It never fails: what is no word is skipped.
func scan(text string, stem func(string) string, emit func(term)) {
	s := scanner{text: text, stem: stem, emit: emit}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case isIdeograph(r):
			s.pos++
			emit(term{text[i : i+n], i, i + n, s.pos, formPart})
			s.upper = word{}
			i += n
		case isWord(r):
			i = s.compound(i)
		default:
			if r != ' ' {
				s.upper = word{}
			}
			i += n
		}
	}
}

type scanner struct {
	text  string
	stem  func(string) string
	emit  func(term)
	pos   int
	words []word
	// upper is a short word in capitals that has just ended, so that "APT 28" is found as apt28; upperPos is its position.
	upper    word
	upperPos int
}

// compound reads words joined without a space, from i on, emits their terms and gives the index after them.
func (s *scanner) compound(i int) int {
	s.words = s.words[:0]
	for len(s.words) < 16 {
		end := wordEnd(s.text, i)
		w := word{start: i, end: end}
		next, join := joiner(s.text, end)
		if join != 0 {
			w.join = join
		}
		s.words = append(s.words, w)
		if join == 0 {
			break
		}
		i = next
	}
	last := &s.words[len(s.words)-1]
	last.join = 0
	if len(s.words) == 1 {
		return possessiveEnd(s.text, s.single(*last))
	}
	s.joined()
	s.upper = word{}
	return possessiveEnd(s.text, last.end)
}

// possessiveEnd is where a single letter behind an apostrophe ends, which is no word of its own.
func possessiveEnd(text string, end int) int {
	rest := text[end:]
	n := 1
	if strings.HasPrefix(rest, "’") {
		n = len("’")
	} else if !strings.HasPrefix(rest, "'") {
		return end
	}
	if after := wordEnd(text, end+n); after == end+n+1 {
		return after
	}
	return end
}

// single emits one word, with the signs or the bracketed number that belong to its name.
func (s *scanner) single(w word) int {
	s.pos++
	raw := s.text[w.start:w.end]
	part := s.stem(fold(raw))
	if s.upper.end > 0 && digits(raw) && len(raw) <= 5 {
		s.put(fold(s.text[s.upper.start:s.upper.end])+raw, s.upper.start, w.end, s.upperPos, formWhole)
	}
	s.upper = word{}
	if capitals(raw) {
		s.upper, s.upperPos = w, s.pos
	}
	end := suffixEnd(s.text, w.end)
	if end > w.end {
		s.put(fold(s.text[w.start:end]), w.start, end, s.pos, formWhole)
	}
	s.put(part, w.start, w.end, s.pos, formPart)
	return end
}

// joined emits the words of a compound and, where it is a name or value of its own, the whole.
func (s *scanner) joined() {
	first, last := s.words[0], s.words[len(s.words)-1]
	raw := fold(s.text[first.start:last.end])
	whole, f := "", formExtra
	switch s.joinKind() {
	case '.':
		whole, f = refang(raw), formWhole
	case 'c':
		whole, f = strings.ReplaceAll(raw, "_", "-"), formWhole
	case 'd':
		whole, f = strings.ReplaceAll(strings.ReplaceAll(raw, "-", ""), "_", ""), formWhole
	case '\'':
		whole, f = fold(s.text[first.start:first.end])+fold(s.text[last.start:last.end]), formWhole
	default:
		if len(s.words) == 2 {
			whole = s.stem(fold(s.text[first.start:first.end]) + fold(s.text[last.start:last.end]))
		}
	}
	s.put(whole, first.start, last.end, s.pos+1, f)
	for _, w := range s.words {
		s.pos++
		s.put(s.stem(fold(s.text[w.start:w.end])), w.start, w.end, s.pos, formPart)
	}
}

// joinKind classifies a compound: '.' for domains, addresses, versions and techniques, 'c' for a CVE, 'd' for letters with a
// number (APT-28), an apostrophe for O'Brien, else '-'.
func (s *scanner) joinKind() byte {
	hyphens := true
	for _, w := range s.words[:len(s.words)-1] {
		switch w.join {
		case '.', '@':
			return '.'
		case '\'':
			hyphens = false
		}
	}
	if !hyphens {
		if len(s.words) == 2 {
			return '\''
		}
		return '-'
	}
	first, last := s.words[0], s.words[len(s.words)-1]
	if len(s.words) == 3 && strings.EqualFold(s.text[first.start:first.end], "cve") && digits(s.text[last.start:last.end]) {
		return 'c'
	}
	if len(s.words) <= 3 && digits(s.text[last.start:last.end]) && !digits(s.text[first.start:first.end]) {
		return 'd'
	}
	return '-'
}

func (s *scanner) put(text string, start, end, pos int, f form) {
	if text == "" || len(text) > maxTerm {
		return
	}
	s.emit(term{text, start, end, pos, f})
}

// wordEnd is where the word that begins at i ends.
func wordEnd(text string, i int) int {
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if !isWord(r) && !isHidden(r) || isIdeograph(r) {
			break
		}
		i += n
	}
	return i
}

// joiner gives the index of the word that follows end directly, and what joins it; zero when nothing does. A possessive is not
// a word of its own.
func joiner(text string, end int) (next int, join byte) {
	rest := text[end:]
	switch {
	case rest == "":
		return 0, 0
	case rest[0] == '.' || rest[0] == '-' || rest[0] == '@' || rest[0] == '_':
		next, join = end+1, rest[0]
	case strings.HasPrefix(rest, "[.]") || strings.HasPrefix(rest, "(.)"):
		next, join = end+3, '.'
	case strings.HasPrefix(rest, "[@]"):
		next, join = end+3, '@'
	case strings.HasPrefix(rest, "[dot]"):
		next, join = end+5, '.'
	case strings.HasPrefix(rest, "[at]"):
		next, join = end+4, '@'
	case strings.HasPrefix(rest, "‐"), strings.HasPrefix(rest, "‑"), strings.HasPrefix(rest, "–"):
		next, join = end+3, '-'
	case rest[0] == '\'' || strings.HasPrefix(rest, "’"):
		next, join = end+1, '\''
		if rest[0] != '\'' {
			next = end + 3
		}
		if after := wordEnd(text, next); after-next == 1 {
			return 0, 0
		}
	default:
		return 0, 0
	}
	r, _ := utf8.DecodeRuneInString(text[next:])
	if !isWord(r) || isIdeograph(r) {
		return 0, 0
	}
	return next, join
}

// suffixEnd is where the signs that belong to the name before them end: lapsus$, keymous+, noname057(16). It is end when there
// are none.
func suffixEnd(text string, end int) int {
	rest := text[end:]
	if rest == "" {
		return end
	}
	if c := rest[0]; c == '$' || c == '+' || c == '#' {
		n := 1
		for n < len(rest) && n < 2 && rest[n] == c {
			n++
		}
		return end + n
	}
	if rest[0] != '(' {
		return end
	}
	i := 1
	for i < len(rest) && i < 8 && (rest[i] >= '0' && rest[i] <= '9') {
		i++
	}
	if i > 1 && i < len(rest) && rest[i] == ')' {
		return end + i + 1
	}
	return end
}

var fanged = strings.NewReplacer("[.]", ".", "(.)", ".", "[dot]", ".", "[@]", "@", "[at]", "@")

// refang undoes the usual ways of writing dots so that nobody clicks on them.
func refang(s string) string {
	if !strings.ContainsAny(s, "[(") {
		return s
	}
	return fanged.Replace(s)
}

// fold brings a word to lower case without accents, hidden characters and compatibility forms.
func fold(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return strings.ToLower(s)
	}
	s = norm.NFKD.String(s)
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r) || isHidden(r):
		case r == '’':
			b.WriteByte('\'')
		case r == '‐' || r == '‑' || r == '–':
			b.WriteByte('-')
		case r == 'ß':
			b.WriteString("ss")
		case r == 'ø' || r == 'Ø':
			b.WriteByte('o')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mn, r)
}

// isHidden reports characters that are not seen and must not cut a word: soft hyphen, zero width space and joiners.
func isHidden(r rune) bool {
	return r == 0xad || r >= 0x200b && r <= 0x200d || r == 0x2060 || r == 0xfeff
}

// isIdeograph reports scripts that write no spaces; each of their characters is a word.
func isIdeograph(r rune) bool {
	return r >= 0x2e80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// capitals reports a word of two to five ASCII capitals, as in APT, UNC, TA, FIN.
func capitals(s string) bool {
	if len(s) < 2 || len(s) > 5 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}
