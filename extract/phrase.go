package extract

import "strings"

// beginnings tells for a first word how many tokens the longest phrase of a table has that begins with it. Most words begin none,
// and a text is asked at each of its tokens.
type beginnings map[string]int

// add takes a phrase in lower case, its words apart by one space; a genitive is a token of its own.
func (b beginnings) add(phrase string) {
	first, _, _ := strings.Cut(phrase, " ")
	n := strings.Count(phrase, " ") + 1 + strings.Count(phrase, "'s")
	b[first] = max(b[first], n)
	if bare, ok := strings.CutSuffix(first, "'s"); ok {
		b[bare] = max(b[bare], n)
	}
}
