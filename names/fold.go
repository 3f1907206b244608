package names

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold is the canonical form of a name: compatibility forms and case folded, accents, zero-width characters and soft hyphens
// gone, look-alike letters of other alphabets made Latin inside words that are otherwise Latin, possessives dropped, and words
// separated by single spaces. A short run of letters and the number after it are one word: "APT-28", "APT 28" and "apt28" are
// equal, and none of them is "APT2". The characters $ and + belong to names and stay, and so does what a masked name hides: "D***
// Door" is not "D Door".
func Fold(s string) string {
	if isPlain(s) && !strings.Contains(s, "**") {
		return foldPlain(s)
	}
	if Masked(s) {
		s = starred(s)
	}
	return foldAny(s)
}

// foldAny is Fold for names in any alphabet.
func foldAny(s string) string {
	words := foldWords(s)
	out := words[:0]
	for i := 0; i < len(words); i++ {
		w := words[i]
		if i+1 < len(words) && isLetters(w) && utf8.RuneCountInString(w) <= mostSeries && w != "the" && isDigits(words[i+1]) {
			i++
			w += words[i]
		}
		// Only beside its number is a code of look-alikes seen to be one ("АРТ 28").
		out = append(out, undisguised(w))
	}
	return strings.Join(out, " ")
}

// mostSeries is how many letters the name of a numbered series has at most.
const mostSeries = 6

// FoldKey is Fold with everything but letters and digits gone: "shiny hunters", "ShinyHunters" and "Shiny-Hunters" are equal. A
// dollar sign reads as the s it stands for: "LAPSUS$", "Lapsus" and "lapsu$" are equal. What a masked name hides stays, as stars.
// It finds candidates; it does not prove that two names are one.
func FoldKey(s string) string {
	folded := Fold(s)
	if isPlain(folded) {
		return keyPlain(folded)
	}
	return keyAny(folded)
}

// keyAny is FoldKey for a folded name in any alphabet.
func keyAny(folded string) string {
	var last rune
	return strings.Map(func(r rune) rune {
		if r == '$' && last != 's' {
			r = 's'
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '*' {
			return -1
		}
		last = r
		return r
	}, folded)
}

// Slug is FoldKey's readable sister: the words of a name joined with hyphens, letters and digits only, for ids; a low line stands for
// each letter that a masked name hides.
func Slug(s string) string {
	var words []string
	for w := range strings.FieldsSeq(Fold(s)) {
		w = strings.Map(func(r rune) rune {
			switch {
			case unicode.IsLetter(r) || unicode.IsDigit(r):
				return r
			case r == '*':
				return '_'
			}
			return -1
		}, w)
		if w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, "-")
}

// foldWords splits a name into folded words, without the 's of possession. Stars in a row stand for hidden letters.
func foldWords(s string) []string {
	bare := bareRunes(s)
	masked := strings.Contains(bare, "**")
	words := strings.FieldsFunc(bare, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mc, r) && r != '$' && r != '+' && r != '\'' && (r != '*' || !masked)
	})
	out := words[:0:0]
	for _, w := range words {
		w = foldWord(w)
		for strings.HasSuffix(w, "'s") {
			w = strings.TrimSuffix(w, "'s")
		}
		if !strings.Contains(w, "'") {
			out = append(out, w)
			continue
		}
		out = append(out, strings.FieldsFunc(w, func(r rune) bool { return r == '\'' })...)
	}
	return slices.DeleteFunc(out, func(w string) bool { return w == "" })
}

// foldRunes folds one word: case, compatibility, accents, invisible characters, look-alikes, apostrophes.
func foldRunes(s string) string {
	if isPlain(s) {
		return strings.ToLower(s)
	}
	return foldWord(bareRunes(s))
}

// bareRunes takes compatibility forms, accents and invisible characters off, and straightens apostrophes.
func bareRunes(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		// NFKD would make a blank of the acute accent that stands for an apostrophe.
		b.WriteRune(straight(r))
	}
	decomposed := norm.NFKD.String(b.String())
	b.Reset()
	for _, r := range decomposed {
		if !isInvisible(r) {
			b.WriteRune(straight(r))
		}
	}
	return b.String()
}

// straight makes every apostrophe a plain one.
func straight(r rune) rune {
	switch r {
	case '’', '‘', 'ʼ', '´', '＇':
		return '\''
	}
	return r
}

// foldWord folds the letters of a bare word. What looks like a Latin letter may do so in one case only, so look-alikes are looked for
// before and after.
func foldWord(w string) string {
	if isPlain(w) {
		return strings.ToLower(w)
	}
	w = undisguised(w)
	var b strings.Builder
	b.Grow(len(w))
	for _, r := range w {
		if r = unicode.ToLower(r); r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		b.WriteString(foldLetter(r))
	}
	return undisguised(b.String())
}

// isFiller reports whether r is a letter that shows nothing (the Hangul fillers).
func isFiller(r rune) bool { return r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0' }

// foldLetter gives the Latin letters that decomposition leaves alone.
func foldLetter(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'ı':
		return "i"
	case 'þ':
		return "th"
	default:
		return string(smallCapital(r))
	}
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// undisguised replaces look-alikes in a word that also holds Latin letters, or digits after nothing but look-alikes (UTS 39, mixed-
// and whole-script confusables): a word all in Cyrillic is a word of its own language and stays.
func undisguised(w string) string {
	if isPlain(w) || !isDisguised(w) {
		return w
	}
	return strings.Map(lookalike, w)
}

// isDisguised reports whether a word mixes Latin letters with look-alikes, or is a code of look-alikes and digits ("АРТ28").
func isDisguised(w string) bool {
	latin, digit, other := false, false, false
	for _, r := range w {
		switch {
		case r < utf8.RuneSelf && unicode.IsLetter(r):
			latin = true
		case unicode.IsDigit(r):
			digit = true
		case unicode.IsLetter(r) && lookalike(r) == r:
			other = true
		}
	}
	return latin || digit && !other
}

func isLetters(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) {
			return false
		}
	}
	return s != ""
}

func isDigits(s string) bool {
	for _, r := range s {
		if !unicode.IsDigit(r) {
			return false
		}
	}
	return s != ""
}

// StripSuffix drops the words around a folded name that say what it is and do not belong to it: "everest ransomware group" and
// "the ransomware gang everest" are "everest". A name that is nothing else stays whole.
func StripSuffix(folded string) string {
	for {
		s, ok := stripWord(folded)
		if !ok {
			return s
		}
		folded = s
	}
}

// stripWord drops one such word, as long as one is left: the article first, then from behind, then from before.
func stripWord(folded string) (string, bool) {
	first, rest, more := strings.Cut(folded, " ")
	if !more {
		return folded, false
	}
	if first == "the" {
		return rest, true
	}
	if i := strings.LastIndexByte(folded, ' '); isGenericWord(folded[i+1:]) {
		return folded[:i], true
	}
	if isLeadingWord(first) {
		return rest, true
	}
	return folded, false
}

// isGenericWord reports whether a word behind a name only says what it is.
func isGenericWord(w string) bool {
	switch w {
	case "ransomware", "group", "gang", "team", "crew", "hackers", "hacker", "collective", "operation", "cartel", "apt", "operators", "affiliates", "raas",
		"rancongiciel", "cybergang":
		return true
	}
	return false
}

// isPartOfName reports whether a generic word behind a name as often belongs to it: "Royal APT" is another group than Royal, while
// "Royal ransomware group" is Royal.
func isPartOfName(w string) bool {
	switch w {
	case "apt", "team", "crew", "cartel", "collective", "operation", "hackers", "hacker":
		return true
	}
	return false
}

// isLeadingWord is isGenericWord for words before a name; "team" and "group" belong to names there (TeamTNT, Group 72).
func isLeadingWord(w string) bool {
	switch w {
	case "ransomware", "gang", "groupe", "gruppe", "grupo", "gruppo", "ransomwaregruppe", "hackergruppe", "rancongiciel":
		return true
	}
	return false
}

// Unleet reads digits that stand for letters inside a word ("Cl0p" is "Clop"). It is for finding candidates only.
func Unleet(key string) string {
	if !strings.ContainsAny(key, "013457") {
		return key
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '0':
			return 'o'
		case '1':
			return 'l'
		case '3':
			return 'e'
		case '4':
			return 'a'
		case '5':
			return 's'
		case '7':
			return 't'
		}
		return r
	}, key)
}
