package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold is the canonical form of a name: compatibility forms and case folded, accents, zero-width characters and soft hyphens
// gone, look-alike letters of other alphabets made Latin inside words that are otherwise Latin, possessives dropped, and words
// separated by single spaces. A short run of letters and the number after it are one word: "APT-28", "APT 28" and "apt28" are
// equal, and none of them is "APT2". The characters $ and + belong to names and stay.
func Fold(s string) string {
	words := foldWords(s)
	for i := 0; i+1 < len(words); i++ {
		if isLetters(words[i]) && len(words[i]) <= 6 && isDigits(words[i+1]) {
			words[i] += words[i+1]
			words = append(words[:i+1], words[i+2:]...)
		}
	}
	return strings.Join(words, " ")
}

// FoldKey is Fold with everything but letters and digits gone: "shiny hunters", "ShinyHunters" and "Shiny-Hunters" are equal, and
// so are "LAPSUS$" and "Lapsus". It finds candidates; it does not prove that two names are one.
func FoldKey(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, Fold(s))
}

// Slug is FoldKey's readable sister: the words of a name joined with hyphens, letters and digits only, for ids.
func Slug(s string) string {
	var words []string
	for _, w := range strings.Fields(Fold(s)) {
		w = strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				return r
			}
			return -1
		}, w)
		if w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, "-")
}

// foldWords splits a folded name into words.
func foldWords(s string) []string {
	s = foldRunes(s)
	for _, suffix := range []string{"'s ", "s' "} {
		s = strings.ReplaceAll(s+" ", suffix, strings.TrimSuffix(strings.ReplaceAll(suffix, "'s", ""), "' ")+" ")
	}
	return strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '$' && r != '+'
	})
}

// foldRunes folds case, compatibility, accents, invisible characters and look-alikes, and straightens apostrophes.
func foldRunes(s string) string {
	if isPlain(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
		case r == '’' || r == '‘' || r == 'ʼ':
			b.WriteByte('\'')
		default:
			for _, l := range foldLetter(unicode.ToLower(r)) {
				b.WriteRune(l)
			}
		}
	}
	return latinLookalikes(b.String())
}

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

// latinLookalikes replaces Cyrillic and Greek look-alikes in words that also hold Latin letters (UTS 39, mixed-script
// confusables): a word all in Cyrillic is a word of its own language and stays.
func latinLookalikes(s string) string {
	if isPlain(s) {
		return s
	}
	words := strings.SplitAfter(s, " ")
	for i, w := range words {
		if strings.ContainsFunc(w, func(r rune) bool { return r >= 'a' && r <= 'z' }) {
			words[i] = strings.Map(lookalike, w)
		}
	}
	return strings.Join(words, "")
}

func lookalike(r rune) rune {
	const from, to = "авеикмнорстухіјѕԁһӏαβγεικνορτυχω", "abeukmhopctyxijsdhlabyeikvoptuxw"
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

// StripSuffix drops the words that say what a name is and do not belong to it: "Everest ransomware group" is "Everest". A name
// that is nothing else stays whole.
func StripSuffix(folded string) string {
	words := strings.Fields(folded)
	for len(words) > 1 && isGenericWord(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	if len(words) > 1 && words[0] == "the" {
		words = words[1:]
	}
	return strings.Join(words, " ")
}

func isGenericWord(w string) bool {
	switch w {
	case "ransomware", "group", "gang", "team", "crew", "hackers", "hacker", "collective", "operation", "cartel", "apt", "operators", "affiliates", "raas":
		return true
	}
	return false
}

// Unleet reads digits that stand for letters inside a word ("Cl0p" is "Clop"). It is for finding candidates only.
func Unleet(key string) string {
	return strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t").Replace(key)
}
