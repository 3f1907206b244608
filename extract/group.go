package extract

import (
	"slices"
	"sort"
	"strings"

	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
)

// group is one named thing of the document with all its mentions.
type group struct {
	// mentions are indexes, in order; best is the one with the fullest name.
	mentions []int
	best     int
	// corefs are tokens ("the company") that stand for it.
	corefs []int
	class  lexicon.Class
	person bool
	// p is the probability that the document reports it as a victim.
	p float64
}

// orgKey folds the words of a name for comparison: without a leading article, legal forms and marks.
func orgKey(words []string, lex *lexicon.Lexicon) string {
	for len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	for len(words) > 1 && lex.Word(strings.Trim(words[len(words)-1], ".,")).Any(lexicon.Legal) {
		words = words[:len(words)-1]
	}
	var sb strings.Builder
	for _, w := range words {
		w = strings.Trim(w, ".,'\"()")
		if w == "" || w == "s" {
			continue
		}
		if w == "&" {
			w = "and"
		}
		if sb.Len() > 0 {
			sb.WriteByte(' ')
		}
		sb.WriteString(w)
	}
	return sb.String()
}

func (d *document) key(m *mention) string {
	if m.b-m.a == 1 {
		return d.Tokens[m.a].Low
	}
	words := make([]string, 0, m.b-m.a)
	for i := m.a; i < m.b; i++ {
		if d.Tokens[i].Low != "'s" {
			words = append(words, d.Tokens[i].Low)
		}
	}
	return orgKey(words, d.x.lex)
}

// groupMentions puts the mentions of one thing together: equal names, acronyms, and short forms of a longer name.
func (d *document) groupMentions() {
	byKey := map[string]int{}
	var keys []string
	for i := range d.mentions {
		m := &d.mentions[i]
		k := d.key(m)
		if k == "" {
			continue
		}
		g, ok := byKey[k]
		if !ok && m.short >= 0 && d.mentions[m.short].group >= 0 {
			g, ok = d.mentions[m.short].group, true
			byKey[k] = g
		}
		if m.other > 0 && d.mentions[m.other-1].group >= 0 {
			g, ok = d.mentions[m.other-1].group, true
			byKey[k] = g
		}
		if !ok {
			g = len(d.groups)
			d.groups = append(d.groups, group{best: i})
			keys = append(keys, k)
			byKey[k] = g
		}
		m.group = g
	}
	to := d.mergeShorter(keys)
	d.rebuild(to)
	d.resolveCorefs()
}

// mergeShorter finds for each group the longer one that it is a short form of.
func (d *document) mergeShorter(keys []string) []int {
	to := make([]int, len(keys))
	words := make([][]string, len(keys))
	byWord := map[string][]int{}
	for i, k := range keys {
		to[i] = i
		words[i] = strings.Fields(k)
		if len(words[i]) > 1 {
			for _, w := range words[i] {
				if n := len(byWord[w]); n < 40 && (n == 0 || byWord[w][n-1] != i) {
					byWord[w] = append(byWord[w], i)
				}
			}
			byWord["\x00"+initialsOf(words[i])] = append(byWord["\x00"+initialsOf(words[i])], i)
		}
	}
	for i := range keys {
		m := &d.mentions[d.groups[i].best]
		best, found := -1, 0
		for _, j := range byWord[words[i][0]] {
			if j == i || len(words[j]) <= len(words[i]) || !d.shortForm(words[i], words[j], m) {
				continue
			}
			if found == 0 || len(words[j]) > len(words[best]) {
				best = j
			}
			found++
		}
		if found == 0 && len(words[i]) == 1 && d.Tokens[m.a].Shape&sentence.Upper != 0 && len(keys[i]) >= 2 {
			if c := byWord["\x00"+strings.NewReplacer(".", "", "&", "").Replace(keys[i])]; len(c) == 1 {
				best = c[0]
			}
		}
		if best < 0 && len(words[i]) == 1 && d.is(m.a, lexicon.LowHead|lexicon.OfHead) {
			best = d.soleBearer(i, words)
		}
		if best < 0 && len(words[i]) > 1 && d.low(m.a-1) == "the" && d.is(m.b-1, lexicon.OrgHead) {
			best = endsAlone(i, words, byWord[words[i][0]])
		}
		if best >= 0 {
			to[i] = best
		}
	}
	return to
}

// soleBearer finds the one name that begins or ends with a head, for which the head alone stands: "the University"; -1 for none or several.
func (d *document) soleBearer(i int, words [][]string) int {
	w, best := words[i][0], -1
	for j := range words {
		n := len(words[j])
		if j == i || n < 2 || words[j][n-1] != w && (words[j][0] != w || words[j][1] != "of") {
			continue
		}
		if best >= 0 {
			return -1
		}
		best = j
	}
	return best
}

// endsAlone finds among the names given the one that ends as name i does: "the Water Board" after "Corran Valley Water Board"; -1 for none
// or several.
func endsAlone(i int, words [][]string, among []int) int {
	best := -1
	for _, j := range among {
		n := len(words[j]) - len(words[i])
		if j == i || n < 1 || !slices.Equal(words[j][n:], words[i]) {
			continue
		}
		if best >= 0 {
			return -1
		}
		best = j
	}
	return best
}

func initialsOf(words []string) string {
	var sb strings.Builder
	for _, w := range words {
		if w != "of" && w != "and" && w != "the" && w != "for" {
			sb.WriteByte(w[0])
		}
	}
	return sb.String()
}

// shortForm reports whether a short name stands for a long one: its beginning, or a person's last name.
func (d *document) shortForm(short, long []string, m *mention) bool {
	prefix := true
	size, all := 0, 0
	for i, w := range short {
		if long[i] != w {
			prefix = false
		}
		size += len(w)
	}
	for _, w := range long {
		all += len(w)
	}
	if prefix {
		generic := true
		for _, w := range short {
			c := d.x.lex.Word(w)
			if !c.Any(lexicon.OrgHead|lexicon.Function|lexicon.Demonym|lexicon.Legal) && !d.x.lex.Name(w).Any(lexicon.Given) {
				generic = false
			}
		}
		if generic {
			return false
		}
		return !m.name.Any(lexicon.Place|lexicon.Authority|lexicon.Vendor|lexicon.Media) || size*2 >= all
	}
	return false
}

// rebuild applies the merges, then fills each group from its mentions.
func (d *document) rebuild(to []int) {
	root := func(i int) int {
		for n := 0; to[i] != i && n < 8; n++ {
			i = to[i]
		}
		return i
	}
	place := make([]int, len(to))
	var out []group
	for i := range place {
		place[i] = -1
	}
	lastNames := d.lastNames()
	for i := range d.mentions {
		m := &d.mentions[i]
		if m.group < 0 {
			continue
		}
		r := root(m.group)
		if place[r] < 0 {
			place[r] = len(out)
			out = append(out, group{best: i})
		}
		g := &out[place[r]]
		m.group = place[r]
		g.mentions = append(g.mentions, i)
		g.class |= m.name
		if m.b-m.a == 1 && lastNames[d.Tokens[m.a].Low] {
			m.person = true
		}
		g.person = g.person || m.person
		if b := &d.mentions[g.best]; m.b-m.a > b.b-b.a || d.inTitle(b.sent) && m.b-m.a >= b.b-b.a {
			g.best = i
		}
	}
	d.groups = out
}

// lastNames are the last words of persons' full names.
func (d *document) lastNames() map[string]bool {
	var out map[string]bool
	for i := range d.mentions {
		if m := &d.mentions[i]; m.person && (m.b-m.a >= 2 || m.a > 0 && publicOffice(d.low(m.a-1))) {
			if out == nil {
				out = map[string]bool{}
			}
			out[d.Tokens[m.b-1].Low] = true
		}
	}
	return out
}

// resolveCorefs ties "the company" and its like to the organisation that was last in the place of a subject.
func (d *document) resolveCorefs() {
	last, lastSent := -1, -10
	next := 0
	for i := range d.Tokens {
		s := d.Tokens[i].Sentence
		if next < len(d.mentions) && d.mentions[next].a == i {
			m := &d.mentions[next]
			if m.group >= 0 && d.orgLike(m) && (lastSent != s || last < 0) {
				last, lastSent = m.group, s
			}
			next++
			continue
		}
		if last < 0 || s-lastSent > 3 || !d.is(i, lexicon.CorpHead) || d.at[i] >= 0 {
			continue
		}
		if d.Tokens[i].Shape != 0 || d.low(i+1) == "of" || i+1 < len(d.Tokens) && d.Tokens[i+1].Named() || !d.pointsBack(i) {
			continue
		}
		g := &d.groups[last]
		g.corefs = append(g.corefs, i)
		lastSent = s
	}
}

// pointsBack reports whether the noun at i is "the" or "our" one, or one of which the text says nothing new: "the Australian insurer".
func (d *document) pointsBack(i int) bool {
	for k := i - 1; k >= max(0, i-3); k-- {
		switch w := d.low(k); {
		case w == "the" || w == "our":
			return true
		case d.is(k, lexicon.Demonym):
		case d.Tokens[k].Shape != 0 || d.at[k] >= 0 || d.is(k, lexicon.Function|verbs) || otherWord(w):
			return false
		}
	}
	return false
}

// otherWord reports whether a word before "company" makes it another than the one that the text is about.
func otherWord(w string) bool {
	switch w {
	case "other", "another", "security", "cybersecurity", "cyber", "parent", "sister", "second", "third", "rival", "largest", "biggest", "research", "intelligence", "forensics", "consulting", "law", "insurance",
		"affected", "victim", "targeted", "software", "outside", "hosting", "unnamed", "local", "federal":
		return true
	}
	return false
}

func (d *document) orgLike(m *mention) bool {
	return !m.person && !d.groups[m.group].person && !m.name.Any(lexicon.Place|lexicon.Media|lexicon.Vendor|lexicon.Product|lexicon.Authority|lexicon.Social|lexicon.Given)
}

// name is the fullest name of a group, and its other names.
func (d *document) name(g *group) (string, []string) {
	b := d.mentions[g.best]
	full := d.words(b.a, b.b)
	seen := map[string]bool{strings.ToLower(full): true}
	var rest []string
	for _, i := range g.mentions {
		n := d.words(d.mentions[i].a, d.mentions[i].b)
		if l := strings.ToLower(n); !seen[l] {
			seen[l] = true
			rest = append(rest, n)
		}
	}
	sort.Strings(rest)
	return strings.Join(strings.Fields(full), " "), rest
}
