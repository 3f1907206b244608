package names

import (
	"strings"
	"unicode"
)

// Masked reports whether letters of a name are hidden, as extortion sites tease their victims: "D*** Door", "A█████", "D•••• Door".
// One star is part of a name ("E*TRADE"), one bullet parts two; a block never is either.
//
// Fold keeps what is hidden, as stars: a masked name is equal to itself and to no other, for it may be anybody's.
func Masked(name string) bool {
	if isPlain(name) {
		return strings.Contains(name, "**")
	}
	run := 0
	for _, r := range name {
		switch {
		case isBlock(r):
			return true
		case hidden(r):
			if run++; run > 1 {
				return true
			}
		case run > 0 && !isInvisible(r):
			run = 0
		}
	}
	return false
}

// MaskRun is the length in bytes of the hidden letters that s begins with: two or more characters that may stand for one, or a block.
// It is zero where s begins with none.
func MaskRun(s string) int {
	run, sure := 0, false
	for i, r := range s {
		if !hidden(r) {
			if run > 1 || sure {
				return i
			}
			return 0
		}
		run++
		sure = sure || isBlock(r)
	}
	if run > 1 || sure {
		return len(s)
	}
	return 0
}

// hidden reports whether a character may stand for a hidden letter.
func hidden(r rune) bool {
	switch r {
	case '*', '＊', '∗', '✱', '⁎', '﹡', '•', '●', '■', '⬛':
		return true
	}
	return isBlock(r)
}

// isBlock reports whether a character hides letters even where it stands alone: the full blocks and shades.
func isBlock(r rune) bool { return r >= '▀' && r <= '▓' }

// starred writes what a masked name hides as stars, at least two in a row, so that what became of it is masked still.
func starred(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	run := 0
	end := func() {
		if run > 0 {
			b.WriteString(strings.Repeat("*", max(run, 2)))
			run = 0
		}
	}
	for _, r := range s {
		switch {
		case hidden(r):
			run++
		case isInvisible(r):
		default:
			end()
			b.WriteRune(r)
		}
	}
	end()
	return b.String()
}

// isInvisible reports whether a character shows nothing by itself (zero-width characters, marks of direction, accents), so that a fold
// leaves it out.
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me) || isFiller(r)
}

// MaskFits reports whether a masked name may stand for another: word by word, what is shown is where it stands, and what is hidden
// may be any letters.
func MaskFits(masked, name string) bool {
	mask, words := strings.Fields(Fold(masked)), strings.Fields(Fold(name))
	if len(mask) > len(words) {
		return false
	}
	shown := 0
	for i, m := range mask {
		pieces := strings.FieldsFunc(m, hidden)
		rest := words[i]
		for k, p := range pieces {
			at := strings.Index(rest, p)
			if at < 0 || k == 0 && at > 0 && m[0] != '*' {
				return false
			}
			rest = rest[at+len(p):]
			shown += len(p)
		}
		if !strings.ContainsFunc(m, hidden) && m != words[i] {
			return false
		}
	}
	return shown > 0
}
