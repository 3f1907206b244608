package names

import "strings"

// foldPlain is Fold for names that are all ASCII, as nearly all are: one pass, and no memory where s is folded already.
// TestFoldPlainIsFold holds the two together.
func foldPlain(s string) string {
	var room [96]byte
	out, joins := room[:0], false
	for i := 0; i < len(s); {
		if !isPlainName(s[i]) {
			i++
			continue
		}
		from := i
		for i < len(s) && isPlainName(s[i]) {
			i++
		}
		out, joins = appendWord(out, joins, s[from:i])
	}
	if string(out) == s {
		return s
	}
	return string(out)
}

// appendWord adds a word as it was written, without the 's of possession; apostrophes inside cut it.
//
// joins says that a number behind the last word belongs to it, as it does when "APT" was the last.
func appendWord(out []byte, joins bool, w string) ([]byte, bool) {
	for len(w) >= 2 && w[len(w)-2] == '\'' && (w[len(w)-1] == 's' || w[len(w)-1] == 'S') {
		w = w[:len(w)-2]
	}
	for w != "" {
		piece, rest, _ := strings.Cut(w, "'")
		out, joins = appendPiece(out, joins, piece)
		w = rest
	}
	return out, joins
}

func appendPiece(out []byte, joins bool, w string) ([]byte, bool) {
	if w == "" {
		return out, joins
	}
	letters, digits := true, true
	for i := range len(w) {
		switch {
		case w[i] >= '0' && w[i] <= '9':
			letters = false
		case isPlainLetter(w[i]):
			digits = false
		default:
			letters, digits = false, false
		}
	}
	joined := joins && digits
	if len(out) > 0 && !joined {
		out = append(out, ' ')
	}
	for i := range len(w) {
		c := w[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		out = append(out, c)
	}
	return out, letters && len(w) <= mostSeries && !joined && !strings.EqualFold(w, "the")
}

func isPlainLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// isPlainName reports the characters that words of a name are made of.
func isPlainName(c byte) bool {
	return isPlainLetter(c) || c >= '0' && c <= '9' || c == '$' || c == '+' || c == '\''
}

// keyPlain is FoldKey for a folded name that is all ASCII.
func keyPlain(folded string) string {
	same := true
	for i := range len(folded) {
		if c := folded[i]; !isPlainLetter(c) && (c < '0' || c > '9') && c != '*' {
			same = false
			break
		}
	}
	if same {
		return folded
	}
	var room [96]byte
	out := room[:0]
	for i := range len(folded) {
		c := folded[i]
		if c == '$' && (len(out) == 0 || out[len(out)-1] != 's') {
			c = 's'
		}
		if isPlainLetter(c) || c >= '0' && c <= '9' || c == '*' {
			out = append(out, c)
		}
	}
	return string(out)
}
