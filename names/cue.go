package names

import (
	"strings"
	"unicode/utf8"
)

const (
	// cueReach is how many tokens before or after a name a cue may stand, openReach how many after one that opens a sentence:
	// there the capital proves nothing.
	cueReach  = 5
	openReach = 3
	// cueBytes bounds the text around a name that is looked at.
	cueBytes = 160
)

// cueNear reports whether a word near text[start:end], in the same sentence, says that an actor is meant, and nothing says that
// the name is part of a longer one ("Royal Mail", "Google Play").
func cueNear(text string, start, end int) bool {
	head, tail := sentenceTail(text[max(0, start-cueBytes):start]), sentenceHead(text[end:min(len(text), end+cueBytes)])
	before, after := Tokenize(head), Tokenize(tail)
	if len(after) > 0 && after[0].Norm == "s" && strings.ContainsAny(tail[:after[0].Start], "'’") {
		after = after[1:]
	}
	headed := len(after) > 0 && isCue(after[0].Norm)
	if len(after) > 0 && !headed && tail[:after[0].Start] == " " && capitalised(after[0].Text(tail)) {
		return false
	}
	if n := len(before); n > 0 && !headed && head[before[n-1].End:] == " " && capitalised(before[n-1].Text(head)) &&
		!isCue(before[n-1].Norm) && !isFunctionWord(before[n-1].Norm) {
		return false
	}
	reach := cueReach
	if len(before) == 0 {
		reach = openReach
	}
	for i, t := range after {
		if i < reach && isCue(t.Norm) {
			return true
		}
	}
	for i := range before {
		if i < cueReach && isCue(before[len(before)-1-i].Norm) {
			return true
		}
	}
	return false
}

// sentenceTail is the part of s after its last end of a sentence, sentenceHead the part before the first. They are cheap on
// purpose: a wrong cut costs a cue.
func sentenceTail(s string) string {
	for len(s) > 0 && !utf8.RuneStart(s[0]) {
		s = s[1:]
	}
	for i := len(s) - 1; i > 0; i-- {
		if isSentenceEnd(s, i-1) {
			return s[i:]
		}
	}
	return s
}

func sentenceHead(s string) string {
	for i := range len(s) {
		if isSentenceEnd(s, i) {
			return s[:i]
		}
	}
	return s
}

// isSentenceEnd reports whether s[i] ends a sentence: a mark before a blank, or the first of two line breaks.
func isSentenceEnd(s string, i int) bool {
	switch s[i] {
	case '.', '!', '?', ';':
		return i+1 < len(s) && (s[i+1] == ' ' || s[i+1] == '\n')
	case '\n':
		return i+1 < len(s) && s[i+1] == '\n'
	}
	return false
}

// isFunctionWord reports whether a capitalised word before a name only opens the sentence or heading.
func isFunctionWord(w string) bool {
	switch w {
	case "the", "a", "an", "by", "from", "and", "or", "of", "with", "to", "in", "on", "for", "when", "while", "after", "before", "since", "as", "if", "but",
		"how", "why", "what", "who", "is", "was", "has", "like", "meet", "inside", "new", "did", "do", "le", "la", "les", "der", "die", "das", "el", "il":
		return true
	}
	return false
}

// isCue reports whether a folded word near a name says that an actor is meant.
func isCue(w string) bool {
	switch w {
	case "ransomware", "ransom", "gang", "gangs", "group", "groups", "hackers", "hacker", "hacking", "hacktivist", "hacktivists", "actor", "actors", "apt",
		"operators", "operator", "affiliate", "affiliates", "crew", "collective", "cybercriminals", "cybercriminal", "extortion", "extortionists", "extorted",
		"raas", "claimed", "claims", "claim", "claiming", "leak", "leaked", "cartel", "syndicate", "malware", "attackers", "encrypted", "encryptor", "cybergang",
		"infected", "rancongiciel", "groupe", "gruppe", "grupo", "gruppo", "groep", "grupa", "ransomwaregruppe", "hackergruppe":
		return true
	}
	return false
}
