package names

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/rapsheet/rapsheet/intel"
)

// commonWords are words that actors are named for, one a line: those of everyday English, and, behind a tilde, rarer ones (of
// games, myths, chemistry), which say an actor as soon as they bear its capitals.
//
//go:embed common.txt
var commonWords string

var (
	// attackID is an id of MITRE's, which catalogues list among the names: a number for machines, never met in running text as one.
	attackID = regexp.MustCompile(`^[gsc]\d{4}$`)
	// series are vendors' numbered names; a short number is one of theirs all the same (APT1, FIN7, TA505).
	series = regexp.MustCompile(`^(apt|fin|unc|uac|uat|uta|ta|tg|dev|storm|temp|ref|cl|th|itg|hive|atk|atg|irn)\d+$`)
)

// Policy is how a name may be matched in running text when nobody said so. Names that are one common word or at most four letters
// need a cue near by; a rarer word, a common one in capitals, and two common words need their spelling, unless they follow a
// vendor's scheme (Volt Typhoon, WIZARD SPIDER); MITRE's ids, masked names and what has no letters to speak of never match; all others match
// alone.
func Policy(name string) intel.MatchPolicy {
	folded := Fold(name)
	words := strings.Fields(folded)
	switch {
	case attackID.MatchString(folded), Masked(folded):
		return intel.MatchNever
	case series.MatchString(folded):
		return intel.MatchAlways
	case letters(folded) < 2:
		return intel.MatchNever
	case len(words) == 2 && isCommon(words[0]) && isCommon(words[1]) && !isScheme(words[1]):
		return intel.MatchCase
	case len(words) > 1:
		return intel.MatchAlways
	case letters(folded) < 3 && len(folded) < 5:
		return intel.MatchNever
	}
	return wordPolicy(name, FoldKey(name))
}

// wordPolicy is Policy for a name of one word.
func wordPolicy(name, key string) intel.MatchPolicy {
	mixed := strings.ContainsAny(key, "0123456789")
	switch {
	case mixed && len(key) > 3:
		return intel.MatchAlways
	case len(key) <= 4:
		return intel.MatchCue
	case isCommon(key) && name == strings.ToUpper(name), listed("~" + key):
		return intel.MatchCase
	case isCommon(key):
		return intel.MatchCue
	}
	return intel.MatchAlways
}

// Nobody reports whether a name is made of nothing but words that every report uses ("the", "hackers", "ransomware group"): it can be
// nobody's. Two words that are rarer together are somebody's ("Hacking Team").
func Nobody(name string) bool {
	words := strings.Fields(Fold(name))
	told := slices.DeleteFunc(slices.Clone(words), isFunctionWord)
	for _, w := range told {
		if !isKindOfActor(w) && (len(told) > 1 || !isCue(w) && !isGenericWord(w) && !isLeadingWord(w)) {
			return false
		}
	}
	return len(words) > 0
}

// isKindOfActor reports whether a word says what actors are in general.
func isKindOfActor(w string) bool {
	switch w {
	case "ransomware", "group", "groups", "gang", "gangs", "hacker", "hackers", "actor", "actors", "attacker", "attackers", "operators", "threat", "unknown":
		return true
	}
	return false
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// isCommon reports whether a folded word is a common one.
func isCommon(w string) bool {
	return listed(w) || len(w) > 4 && strings.HasSuffix(w, "s") && listed(strings.TrimSuffix(w, "s"))
}

func listed(w string) bool { return strings.Contains(commonWords, "\n"+w+"\n") }

// isScheme reports whether a word is the second of a vendor's two-word names.
func isScheme(w string) bool {
	switch w {
	case "panda", "kitten", "spider", "bear", "chollima", "tiger", "jackal", "leopard", "buffalo", "crane", "hawk", "ocelot", "wolf", "sphinx", "saiga",
		"typhoon", "blizzard", "sandstorm", "sleet", "tempest", "flood", "tsunami", "rain", "dust", "cyclone", "hail", "gust", "squall",
		"taurus", "ursa", "libra", "scorpius", "draco", "serpens":
		return true
	}
	return false
}
