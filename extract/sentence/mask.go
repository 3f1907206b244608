package sentence

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rapsheet/rapsheet/names"
)

// maskReach is how far stars are looked for that belong to others as a pair: farther than a stressed name goes.
const maskReach = 160

// mostStress is how many stars stress a word at most: strong and emphatic together.
const mostStress = 3

// maskOpens reports whether a word of which the first letters are hidden begins at i ("***lard Door"), or one of hidden letters alone
// behind a word with a capital ("Dillard ****").
func maskOpens(s string, i int) bool {
	if maskRun(s, i) > 0 {
		return true
	}
	if s[i] != '*' || !strings.HasPrefix(s[i:], "***") || i < 2 || s[i-1] != ' ' {
		return false
	}
	word := s[strings.LastIndexAny(s[:i-1], " \n")+1 : i-1]
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(r) && wordBefore(s, i-1) && !opensStress(before(s, i), s[i:i+names.MaskRun(s[i:])])
}

// maskRun is the length of the hidden letters at i, as extortion sites tease their victims ("D*** Door"). Stars around words stress
// them, as Markdown does, and hide nothing.
func maskRun(s string, i int) int {
	if c := s[i]; c < utf8.RuneSelf && c != '*' {
		return 0
	}
	n := names.MaskRun(s[i:])
	if n == 0 || s[i] != '*' {
		return n
	}
	head, tail := wordBefore(s, i), wordAt(s, i+n)
	switch stars := s[i : i+n]; {
	case !head && !tail, !tail && opensStress(before(s, i), stars), !head && closesStress(after(s, i+n), stars):
		return 0
	}
	return n
}

// before is the line that ends at i, after the one that begins there, as far as maskReach.
func before(s string, i int) string {
	s = s[max(0, i-maskReach):i]
	return s[strings.LastIndexByte(s, '\n')+1:]
}

func after(s string, i int) string {
	s, _, _ = strings.Cut(s[i:min(len(s), i+maskReach)], "\n")
	return s
}

func wordBefore(s string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return i > 0 && isWord(r)
}

// opensStress reports whether stars stand before a word and behind none, closesStress whether they stand the other way about.
func opensStress(s, stars string) bool {
	return stands(s, stars, func(before, after bool) bool { return !before && after })
}

func closesStress(s, stars string) bool {
	return stands(s, stars, func(before, after bool) bool { return before && !after })
}

func stands(s, stars string, as func(before, after bool) bool) bool {
	if len(stars) > mostStress {
		return false
	}
	for from := 0; ; {
		at := strings.Index(s[from:], stars)
		if at < 0 {
			return false
		}
		at += from
		from = at + len(stars)
		if as(wordBefore(s, at), wordAt(s, from)) {
			return true
		}
	}
}
