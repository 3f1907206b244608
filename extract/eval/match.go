package eval

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold brings a name to lower-case words without accents, marks and possessives.
func fold(s string) []string {
	s = strings.NewReplacer("\u2019", "'", "&", " and ").Replace(s)
	var sb strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '$', r == '_', r == '\'':
			sb.WriteRune(r)
		default:
			sb.WriteByte(' ')
		}
	}
	var out []string
	for w := range strings.FieldsSeq(sb.String()) {
		w = strings.TrimSuffix(w, "'s")
		out = append(out, strings.FieldsFunc(w, func(r rune) bool { return r == '\'' })...)
	}
	return out
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

var (
	legalForms = set("inc ltd llc plc gmbh ag sa srl spa bv nv co corp corporation company limited group holdings holding oy ab as kg pty sas se lp llp pc pllc")
	commonWord = set("the of and for a an de di du la le city county university school schools district public hospital health medical center centre college bank " +
		"ministry department government police national state international services service system systems council association insurance court office town " +
		"township board education us uk federal")
	actorNoise = set("ransomware group gang team crew hacker hackers hacking collective the operation cartel")
)

// orgWords are the words of an organisation's name that count.
func orgWords(s string) []string {
	w := fold(s)
	if len(w) > 0 && (w[0] == "the" || w[0] == "a" || w[0] == "an") {
		w = w[1:]
	}
	for len(w) > 1 && legalForms[w[len(w)-1]] {
		w = w[:len(w)-1]
	}
	return w
}

// SameOrganisation reports whether two names may stand for one organisation: equal after folding, or the shorter one's words are all in
// the longer, one of them at least is not a common word, and they make up half of its letters.
func SameOrganisation(x, y string) bool { return Likeness(x, y) > 0 }

// Likeness is 1 for two names that are equal after folding, the share of the longer one's letters for a shorter one that may stand for
// it (see SameOrganisation), and 0 for others.
func Likeness(x, y string) float64 {
	a, b := orgWords(x), orgWords(y)
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	if strings.Join(a, "") == strings.Join(b, "") {
		return 1
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	in := map[string]bool{}
	long, short, special := 0, 0, false
	for _, w := range b {
		in[w] = true
		long += len([]rune(w))
	}
	for _, w := range a {
		if !in[w] {
			return 0
		}
		special = special || !commonWord[w]
		short += len([]rune(w))
	}
	if !special || 2*short < long {
		return 0
	}
	return min(float64(short)/float64(long), 0.99)
}

// SameActor reports whether two names of actors are one name, written differently.
func SameActor(x, y string) bool {
	a, b := actorKey(x), actorKey(y)
	return a != "" && a == b
}

func actorKey(s string) string {
	var sb strings.Builder
	for _, w := range fold(s) {
		if !actorNoise[w] {
			sb.WriteString(strings.ReplaceAll(strings.ReplaceAll(w, "$", "s"), "_", ""))
		}
	}
	return sb.String()
}
