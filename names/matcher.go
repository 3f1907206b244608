package names

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rapsheet/rapsheet/intel"
)

// Entry is one name to find and the number of the thing it names.
type Entry struct {
	Name   string
	Policy intel.MatchPolicy
	ID     int
}

// Match is one name found, the longest at its place.
type Match struct {
	// Start and End are byte offsets into the text, End exclusive; RuneStart and RuneEnd the same in code points.
	Start, End         int
	RuneStart, RuneEnd int
	// IDs are all things that carry the name, in the order of the entries.
	IDs []int
	// Cued says that a word near by tells that an actor is meant; it is looked for only where a policy asks.
	Cued bool
}

// Matcher finds names in text by whole tokens, longest first: a trie over folded tokens. It is safe for use by many goroutines.
type Matcher struct {
	// words numbers the folded tokens of all names, from 1; next leads from a node and a word to a node.
	words map[string]int32
	next  map[uint64]int32
	ends  [][]ending
	// first holds a bit for each first word, by its length and four of its letters, so that most of a text is passed over without a
	// look-up however many names there are.
	first [1 << firstWords]uint64
}

type ending struct {
	id     int
	policy intel.MatchPolicy
	// written are the name's tokens as recorded, for names that keep their capitals.
	written []string
}

// NewMatcher builds a matcher. A name is entered as its tokens, as its CamelCase words, and squashed into one word when it is
// long enough not to be an accident. Names with intel.MatchNever are left out.
func NewMatcher(entries []Entry) *Matcher {
	m := &Matcher{words: map[string]int32{}, next: map[uint64]int32{}, ends: make([][]ending, 1)}
	for _, e := range entries {
		if e.Policy == intel.MatchNever {
			continue
		}
		seen := map[string]bool{}
		for _, written := range spellings(e.Name) {
			keys := tokenKeys(written)
			if joined := strings.Join(keys, " "); joined != "" && !seen[joined] {
				seen[joined] = true
				m.add(keys, ending{e.ID, e.Policy, written})
			}
		}
	}
	return m
}

// spellings are the sequences of tokens under which a name is found.
func spellings(name string) [][]string {
	plain := writtenTokens(name)
	out := [][]string{plain}
	if camel := writtenTokens(splitCamel(name)); len(camel) != len(plain) {
		out = append(out, camel)
	}
	if squashed := writtenTokens(strings.Join(strings.Fields(name), "")); len(plain) > 1 && len(squashed) == 1 && len(squashed[0]) >= 8 {
		out = append(out, squashed)
	}
	return out
}

func writtenTokens(name string) []string {
	tokens := Tokenize(name)
	out := make([]string, 0, len(tokens))
	for i, t := range tokens {
		if i == 0 || t.Norm != "s" || !strings.ContainsAny(name[tokens[i-1].End:t.Start], "'’") {
			out = append(out, t.Text(name))
		}
	}
	return out
}

func tokenKeys(written []string) []string {
	out := make([]string, len(written))
	for i, w := range written {
		out[i] = string(tokenKey(nil, w))
	}
	return out
}

// tokenKey appends the form under which a token is looked up: folded, with a closing $ read as the s it stands for and a closing
// + left out, so that "LAPSUS$", "Lapsus" and "lapsu$" meet.
func tokenKey(dst []byte, w string) []byte {
	from := len(dst)
	if isPlain(w) {
		for i := range len(w) {
			c := w[i]
			if c >= 'A' && c <= 'Z' {
				c |= 0x20
			}
			dst = append(dst, c)
		}
	} else {
		dst = append(dst, foldToken(w)...)
	}
	n := len(dst)
	switch {
	case n-from < 2:
	case dst[n-1] == '+', dst[n-1] == '$' && dst[n-2] == 's':
		dst = dst[:n-1]
	case dst[n-1] == '$':
		dst[n-1] = 's'
	}
	return dst
}

// splitCamel parts words where a small letter meets a capital.
func splitCamel(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range s {
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

func (m *Matcher) add(keys []string, e ending) {
	node := int32(0)
	for i, k := range keys {
		if i == 0 {
			a, b := firstBits(k)
			m.first[a] |= b
		}
		w, ok := m.words[k]
		if !ok {
			w = int32(len(m.words) + 1) //nolint:gosec // a catalogue has far fewer than 2^31 words
			m.words[k] = w
		}
		edge := edgeOf(node, w)
		to, ok := m.next[edge]
		if !ok {
			to = int32(len(m.ends)) //nolint:gosec // as above
			m.ends = append(m.ends, nil)
			m.next[edge] = to
		}
		node = to
	}
	m.ends[node] = append(m.ends[node], e)
}

func edgeOf(node, word int32) uint64 {
	return uint64(uint32(node))<<32 | uint64(uint32(word)) //nolint:gosec // the bits are what is wanted
}

// firstWords is the size of Matcher.first: 2^20 bits in 2^14 words.
const firstWords = 14

// firstBits is the place of a word in Matcher.first, without regard to the case of ASCII letters.
func firstBits(w string) (int, uint64) {
	n := len(w)
	if n == 0 {
		return 0, 0
	}
	h := uint32(w[0]|0x20)<<24 | uint32(w[n/2]|0x20)<<16 | uint32(w[n-1]|0x20)<<8 | uint32(w[n/4]|0x20)
	h = (h ^ uint32(n)*0x85ebca6b) * 0x9e3779b1 //nolint:gosec // only the low bits of the length matter
	h >>= 32 - firstWords - 6
	return int(h >> 6), 1 << (h & 63)
}

// Find gives every match in text, in order, without overlap.
func (m *Matcher) Find(text string) []Match {
	var out []Match
	s := scanner{text: text}
	for s.next() {
		if s.plain {
			word := text[s.start:s.end]
			if last := word[len(word)-1]; last != '$' && last != '+' {
				if a, b := firstBits(word); m.first[a]&b == 0 {
					continue
				}
			}
		}
		if match, end, ok := m.longest(s); ok {
			if strings.Contains(text[match.Start:match.End], "(") && strings.HasPrefix(text[match.End:], ")") {
				match.End++
				match.RuneEnd++
			}
			out = append(out, match)
			s = end
		}
	}
	return out
}

// longest follows the trie from the token of s and gives the longest name that its policy lets match, and where it ends.
func (m *Matcher) longest(s scanner) (best Match, at scanner, found bool) {
	first := s
	node := int32(0)
	gaps := 0
	var store [64]byte
	for {
		w, ok := m.words[string(tokenKey(store[:0], s.text[s.start:s.end]))]
		if !ok {
			return best, at, found
		}
		if node, ok = m.next[edgeOf(node, w)]; !ok {
			return best, at, found
		}
		if ends := m.ends[node]; ends != nil && bounded(s.text, first.start, s.end) {
			if match, ok := accept(first, s, ends, gaps); ok {
				best, at, found = match, s, true
			}
		}
		before := s
		if !s.next() {
			return best, at, found
		}
		gap := s.text[before.end:s.start]
		if !joins(gap) {
			return best, at, found
		}
		if before.digits != s.digits && strings.TrimSpace(gap) == "" && gap != "" {
			gaps++
		}
	}
}

// accept keeps the owners whose policy allows the name as it stands in the text from first to last. gaps counts the blanks
// between letters and digits: "storm 0875" in small letters may be weather.
func accept(first, last scanner, ends []ending, gaps int) (Match, bool) {
	text := first.text
	match := Match{Start: first.start, End: last.end, RuneStart: first.runeStart, RuneEnd: last.runeEnd}
	asked := false
	cued := func() bool {
		if !asked {
			asked, match.Cued = true, cueNear(text, match.Start, match.End)
		}
		return match.Cued
	}
	for _, e := range ends {
		ok := true
		switch {
		case e.policy == intel.MatchCue:
			ok = capitalised(text[match.Start:]) && cued()
		case e.policy == intel.MatchCase:
			ok = sameTokens(first, e.written)
		case gaps > 0:
			ok = sameTokens(first, e.written) || cued()
		}
		if ok {
			match.IDs = append(match.IDs, e.id)
		}
	}
	return match, len(match.IDs) > 0
}

// sameTokens reports whether the tokens from s on are written as recorded.
func sameTokens(s scanner, written []string) bool {
	for i, w := range written {
		if i > 0 && !s.next() || s.text[s.start:s.end] != w {
			return false
		}
	}
	return true
}

// joins reports whether what stands between two tokens keeps them one name: nothing, a hyphen, one blank, a line break, a
// bracket as in NoName057(16).
func joins(gap string) bool {
	switch gap {
	case "", " ", "-", "\n", "(", "_", "/", ".", "‑", "–", "’", "'", "\u00a0", " (", "\r\n", "&", " & ", "^_-":
		return true
	}
	return false
}

// bounded keeps a name from matching inside a longer word, an address or a file name.
func bounded(text string, start, end int) bool {
	before, n := utf8.DecodeLastRuneInString(text[:start])
	if start > 0 && (isWordRune(before) || before == '@') {
		return false
	}
	after, m := utf8.DecodeRuneInString(text[end:])
	if end < len(text) && (isWordRune(after) || after == '@') {
		return false
	}
	if before == '.' && start > n {
		if r, _ := utf8.DecodeLastRuneInString(text[:start-n]); isWordRune(r) && !capitalised(text[start:]) {
			return false
		}
	}
	if after == '.' && end+m < len(text) {
		if r, _ := utf8.DecodeRuneInString(text[end+m:]); unicode.IsLower(r) {
			return false
		}
	}
	return true
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func capitalised(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) || unicode.IsDigit(r)
}
