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
		for i+1 < len(words) && isLetters(w) && len(w) <= 6 && isDigits(words[i+1]) {
			i++
			w += words[i]
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

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

// foldWords splits a folded name into words, without the 's of possession. Stars in a row stand for hidden letters.
func foldWords(s string) []string {
	folded := foldRunes(s)
	masked := strings.Contains(folded, "**")
	words := strings.FieldsFunc(folded, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '$' && r != '+' && r != '\'' && (r != '*' || !masked)
	})
	out := words[:0:0]
	for _, w := range words {
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

// foldRunes folds case, compatibility, accents, invisible characters and look-alikes, and straightens apostrophes.
func foldRunes(s string) string {
	if isPlain(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		// NFKD would make a blank of the acute accent that stands for an apostrophe.
		if r == '’' || r == '‘' || r == 'ʼ' || r == '´' || r == '＇' {
			r = '\''
		}
		b.WriteRune(r)
	}
	decomposed := norm.NFKD.String(b.String())
	b.Reset()
	for _, r := range decomposed {
		if !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Cf, r) && !isFiller(r) {
			b.WriteRune(r)
		}
	}
	folded := latinLookalikes(b.String())
	b.Reset()
	for _, r := range folded {
		if r = unicode.ToLower(r); r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		b.WriteString(foldLetter(r))
	}
	return b.String()
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
		return string(r)
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

// latinLookalikes replaces Cyrillic and Greek look-alikes in words that also hold Latin letters, or digits after nothing but
// look-alikes (UTS 39, mixed- and whole-script confusables): a word all in Cyrillic is a word of its own language and stays.
func latinLookalikes(s string) string {
	if isPlain(s) {
		return s
	}
	words := strings.SplitAfter(s, " ")
	for i, w := range words {
		if isDisguised(w) {
			words[i] = strings.Map(lookalike, w)
		}
	}
	return strings.Join(words, "")
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

// lookalike is the Latin letter that r looks like, or r.
func lookalike(r rune) rune {
	const from, to = "авеикмнорстухіјѕԁһӏАВЕКМНОРСТУХІЈЅԌԚԜ" + "αβγεικνορτυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
		"abeukmhopctyxijsdhlABEKMHOPCTYXIJSGQW" + "abyeikvoptuxwABEZHIKMNOPTYX"
	if r < 'Α' || r > 'ԝ' {
		return r
	}
	i := 0
	for _, f := range from {
		if f == r {
			return rune(to[i])
		}
		i++
	}
	return r
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
	s := strings.TrimPrefix(folded, "the ")
	for {
		i := strings.LastIndexByte(s, ' ')
		if i < 0 || !isGenericWord(s[i+1:]) {
			break
		}
		s = s[:i]
	}
	for {
		first, rest, more := strings.Cut(s, " ")
		if !more || !isLeadingWord(first) {
			return s
		}
		s = rest
	}
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
