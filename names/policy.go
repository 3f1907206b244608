package names

import (
	_ "embed"
	"strings"
	"unicode"

	"github.com/rapsheet/rapsheet/intel"
)

//go:embed common.txt
var commonWords string

// Policy is how a name may be matched in running text when nobody said so: names that are common words or at most four letters
// need a cue near by; names of one word in small letters need their spelling; all others match alone.
func Policy(name string) intel.MatchPolicy {
	folded := Fold(name)
	if strings.Contains(folded, " ") || strings.ContainsAny(folded, "0123456789$+") {
		if letters(folded) < 3 {
			return intel.MatchNever
		}
		if words := strings.Fields(folded); len(words) == 2 && isCommon(words[0]) && isCommon(words[1]) {
			return intel.MatchCase
		}
		return intel.MatchAlways
	}
	switch {
	case letters(folded) < 3:
		return intel.MatchNever
	case letters(folded) <= 4 || isCommon(folded):
		return intel.MatchCue
	default:
		return intel.MatchAlways
	}
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
	return strings.Contains(commonWords, "\n"+w+"\n") || len(w) > 4 && strings.HasSuffix(w, "s") && strings.Contains(commonWords, "\n"+strings.TrimSuffix(w, "s")+"\n")
}
