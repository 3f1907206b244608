package names

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rapsheet/rapsheet/intel"
)

// cueReach is how many tokens before or after a name a cue may stand.
const cueReach = 5

// Entry is one name to find and the number of the thing it names.
type Entry struct {
	Name   string
	Policy intel.MatchPolicy
	ID     int
}

// Match is one name found, the longest at its place.
type Match struct {
	// Start and End are byte offsets into the text, End exclusive; First and Last the tokens.
	Start, End  int
	First, Last int
	// IDs are all things that carry the name.
	IDs []int
	// Cue says that a cue word stood near by.
	Cue bool
}

// Matcher finds names in text by whole tokens, longest first: a trie over folded tokens. It is safe for use by many goroutines.
type Matcher struct {
	nodes []map[string]int32
	ends  map[int32][]ending
}

type ending struct {
	id     int
	policy intel.MatchPolicy
	name   string
}

// NewMatcher builds a matcher. A name is entered as its tokens, as its CamelCase words, and squashed into one word when it is
// long enough not to be an accident.
func NewMatcher(entries []Entry) *Matcher {
	m := &Matcher{nodes: []map[string]int32{{}}, ends: map[int32][]ending{}}
	for _, e := range entries {
		if e.Policy == intel.MatchNever {
			continue
		}
		seen := map[string]bool{}
		for _, words := range spellings(e.Name) {
			if key := strings.Join(words, " "); len(words) > 0 && !seen[key] {
				seen[key] = true
				m.add(words, ending{e.ID, e.Policy, e.Name})
			}
		}
	}
	return m
}

// spellings are the token sequences under which a name is found.
func spellings(name string) [][]string {
	plain := norms(name)
	out := [][]string{plain}
	if camel := norms(splitCamel(name)); len(camel) != len(plain) {
		out = append(out, camel)
	}
	if squashed := norms(strings.Join(strings.Fields(name), "")); len(plain) > 1 && len(squashed) == 1 && len(squashed[0]) >= 8 {
		out = append(out, squashed)
	}
	return out
}

func norms(s string) []string {
	var out []string
	for _, t := range Tokenize(s) {
		if t.Norm != "s" || len(out) == 0 {
			out = append(out, t.Norm)
		}
	}
	return out
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

func (m *Matcher) add(words []string, e ending) {
	node := int32(0)
	for _, w := range words {
		next, ok := m.nodes[node][w]
		if !ok {
			next = int32(len(m.nodes)) //nolint:gosec // a catalogue has far fewer than 2^31 words
			m.nodes = append(m.nodes, nil)
			if m.nodes[node] == nil {
				m.nodes[node] = map[string]int32{}
			}
			m.nodes[node][w] = next
		}
		node = next
	}
	m.ends[node] = append(m.ends[node], e)
}

// Find gives every match in text, in order, without overlap. tokens must be Tokenize(text).
func (m *Matcher) Find(text string, tokens []Token) []Match {
	var out []Match
	for i := 0; i < len(tokens); i++ {
		first, ok := m.nodes[0][tokens[i].Norm]
		if !ok || !startsClean(text, tokens[i].Start) {
			continue
		}
		if match, ok := m.longest(text, tokens, i, first); ok {
			out = append(out, match)
			i = match.Last
		}
	}
	return out
}

// longest follows the trie from token i and gives the longest name that its policy lets match.
func (m *Matcher) longest(text string, tokens []Token, i int, node int32) (Match, bool) {
	var best Match
	found := false
	for j := i; ; {
		if ends := m.ends[node]; ends != nil && endsClean(text, tokens[j].End) {
			if match, ok := m.accept(text, tokens, i, j, ends); ok {
				best, found = match, true
			}
		}
		j++
		if j >= len(tokens) || m.nodes[node] == nil || !joined(text[tokens[j-1].End:tokens[j].Start]) {
			return best, found
		}
		next, ok := m.nodes[node][tokens[j].Norm]
		if !ok {
			return best, found
		}
		node = next
	}
}

// accept keeps the owners whose policy allows the match as it stands in the text.
func (m *Matcher) accept(text string, tokens []Token, i, j int, ends []ending) (Match, bool) {
	match := Match{Start: tokens[i].Start, End: tokens[j].End, First: i, Last: j}
	written := text[match.Start:match.End]
	match.Cue = cueNear(tokens, i, j)
	for _, e := range ends {
		switch e.policy {
		case intel.MatchCue:
			if !match.Cue || !capitalised(written) {
				continue
			}
		case intel.MatchCase:
			if !strings.HasPrefix(text[match.Start:], e.name) {
				continue
			}
		}
		match.IDs = append(match.IDs, e.id)
	}
	return match, len(match.IDs) > 0
}

// joined reports whether what stands between two tokens keeps them one name: nothing, a hyphen, one blank, a line break, a
// bracket as in NoName057(16).
func joined(gap string) bool {
	switch gap {
	case "", " ", "-", "\n", "(", "_", "/", ".", "‑", "–", "’", "'", "\u00a0", " (", "\r\n", "&", " & ":
		return true
	}
	return false
}

// startsClean and endsClean keep a name from matching inside a longer word.
func startsClean(text string, at int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:at])
	return at == 0 || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '@'
}

func endsClean(text string, at int) bool {
	r, _ := utf8.DecodeRuneInString(text[at:])
	return at == len(text) || !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

func capitalised(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) || unicode.IsDigit(r)
}

// cueNear looks for a cue word around tokens i to j.
func cueNear(tokens []Token, i, j int) bool {
	for k := max(0, i-cueReach); k < min(len(tokens), j+1+cueReach); k++ {
		if (k < i || k > j) && isCue(tokens[k].Norm) {
			return true
		}
	}
	return false
}
