package names

import (
	"strings"
	"unicode"
)

// FoldOrg is the canonical form of an organisation's name: Fold without a leading article and trailing legal forms, "&" read
// as "and".
func FoldOrg(s string) string {
	s = Fold(strings.ReplaceAll(s, "&", " and "))
	if first, rest, more := strings.Cut(s, " "); more && (first == "the" || first == "a" || first == "an") {
		s = rest
	}
	for {
		i := strings.LastIndexByte(s, ' ')
		if i < 0 || !IsLegalForm(s[i+1:]) && s[i+1:] != "and" {
			return s
		}
		s = s[:i]
	}
}

// IsLegalForm reports whether a folded word is the legal form of a company.
func IsLegalForm(w string) bool {
	switch w {
	case "inc", "incorporated", "ltd", "limited", "llc", "llp", "lp", "plc", "gmbh", "mbh", "ag", "kg", "kgaa", "se", "ug", "ev",
		"sa", "sas", "sarl", "srl", "spa", "sl", "slu", "bv", "nv", "vof", "co", "corp", "corporation", "company", "oy", "oyj",
		"ab", "as", "asa", "aps", "pty", "pte", "sdn", "bhd", "pc", "pllc", "kk", "zoo", "doo", "ltda", "lda", "eirl":
		return true
	}
	return false
}

// Acronym is the initials of a name's words, small words left out: "Jaguar Land Rover" gives "JLR", "Ministry of Health" "MH".
// It is empty for fewer than two words, and for a masked name.
func Acronym(s string) string {
	if Masked(s) {
		return ""
	}
	var b strings.Builder
	for w := range strings.FieldsSeq(s) {
		r := []rune(strings.TrimLeft(w, "\"'“‘("))
		if len(r) == 0 || isSmallWord(strings.ToLower(w)) || !unicode.IsLetter(r[0]) {
			continue
		}
		b.WriteRune(unicode.ToUpper(r[0]))
	}
	if b.Len() < 2 {
		return ""
	}
	return b.String()
}

// IsAcronym reports whether a name is two to five capitals: too short to be one organisation's alone.
func IsAcronym(s string) bool {
	n := 0
	for _, r := range s {
		if !unicode.IsUpper(r) && r != '&' {
			return false
		}
		n++
	}
	return n >= 2 && n <= 5
}

// Whole is the name by which an organisation is called that has several, given in the order in which they were met: the first that is
// no acronym, or the first.
func Whole(met []string) string {
	for _, n := range met {
		if !IsAcronym(n) {
			return n
		}
	}
	if len(met) == 0 {
		return ""
	}
	return met[0]
}

func isSmallWord(w string) bool {
	switch w {
	case "of", "the", "and", "for", "in", "on", "at", "de", "la", "le", "les", "du", "des", "der", "die", "das", "und", "et", "di", "del", "von", "van", "&":
		return true
	}
	return false
}
