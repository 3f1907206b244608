package robots

import "strings"

// Allowed reports whether the path, with its query if it has one, may be fetched. /robots.txt itself always may.
func (r Rules) Allowed(path string) bool {
	if r.none {
		return path == "/robots.txt"
	}
	if path == "" {
		path = "/"
	}
	path = Normalise(path)
	if path == "/robots.txt" {
		return true
	}
	best, allow := -1, true
	for _, rule := range r.rules {
		if len(rule.pattern) < best || (len(rule.pattern) == best && allow) {
			continue
		}
		if match(rule.pattern, path) && (len(rule.pattern) > best || rule.allow) {
			best, allow = len(rule.pattern), rule.allow
		}
	}
	return allow
}

// Match reports whether a pattern written as in robots.txt matches the beginning of a path, whatever way either is escaped.
func Match(pattern, path string) bool { return match(Normalise(pattern), Normalise(path)) }

// match reports whether a pattern with * (any run) and a final $ (end) matches the beginning of path. It goes greedily from
// piece to piece: the earliest place of each piece leaves the most room for the rest.
func match(pattern, path string) bool {
	anchored := strings.HasSuffix(pattern, "$")
	pattern = strings.TrimSuffix(pattern, "$")
	pieces := strings.Split(pattern, "*")
	if !strings.HasPrefix(path, pieces[0]) {
		return false
	}
	if len(pieces) == 1 {
		return !anchored || path == pattern
	}
	rest := path[len(pieces[0]):]
	last := pieces[len(pieces)-1]
	for _, piece := range pieces[1 : len(pieces)-1] {
		i := strings.Index(rest, piece)
		if i < 0 {
			return false
		}
		rest = rest[i+len(piece):]
	}
	if anchored {
		return strings.HasSuffix(rest, last)
	}
	return strings.Contains(rest, last)
}

// Normalise writes a path so that two spellings of one path are equal: bytes beyond ASCII are percent-encoded, escapes of
// unreserved characters are decoded, all others have upper-case digits (RFC 9309, section 2.2.2).
func Normalise(path string) string {
	plain := true
	for i := range len(path) {
		if path[i] == '%' || path[i] <= ' ' || path[i] >= 0x7f {
			plain = false
			break
		}
	}
	if plain {
		return path
	}
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		switch {
		case c == '%' && i+2 < len(path) && digit(path[i+1]) >= 0 && digit(path[i+2]) >= 0:
			c = byte(digit(path[i+1])<<4 | digit(path[i+2])) //nolint:gosec // two hexadecimal digits
			i += 2
			if unreserved(c) {
				b.WriteByte(c)
				continue
			}
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		case c <= ' ' || c >= 0x7f:
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	default:
		return -1
	}
}
