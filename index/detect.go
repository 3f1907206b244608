package index

import (
	"net/netip"
	"regexp"
	"strings"
)

var (
	cvePattern       = regexp.MustCompile(`^cve-\d{4}-\d{4,19}$`)
	techniquePattern = regexp.MustCompile(`^(?:t\d{4}(?:\.\d{3})?|ta00\d{2})$`)
	hashPattern      = regexp.MustCompile(`^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$`)
	domainPattern    = regexp.MustCompile(`^(?:[\pL\pN_](?:[\pL\pN_-]{0,61}[\pL\pN])?\.)+(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59}|\pL{2,24})$`)
	emailPattern     = regexp.MustCompile(`^[^\s@]{1,64}@[^\s@]{1,253}$`)
)

// detect says what a folded, refanged value is: ip, hash, cve, technique, url, email, domain, or text when it may be a name.
func detect(v string) string {
	switch {
	case strings.HasPrefix(v, "cve-") && cvePattern.MatchString(v):
		return "cve"
	case strings.HasPrefix(v, "t") && len(v) <= 9 && techniquePattern.MatchString(v):
		return "technique"
	case (len(v) == 32 || len(v) == 40 || len(v) == 64) && hashPattern.MatchString(v):
		return "hash"
	case mayBeIP(v):
		if _, err := netip.ParseAddr(v); err == nil {
			return "ip"
		}
	}
	switch at := strings.LastIndexByte(v, '@'); {
	case strings.Contains(v, "://"):
		return "url"
	case at >= 0 && isDomain(v[at+1:]) && emailPattern.MatchString(v):
		return "email"
	case at < 0 && isDomain(v):
		return "domain"
	default:
		return "text"
	}
}

// mayBeIP spares names the parser, whose refusal costs memory: addresses have hexadecimal digits and a colon, or digits and dots.
func mayBeIP(v string) bool {
	if strings.IndexByte(v, ':') >= 0 {
		return true
	}
	return v != "" && v[0] >= '0' && v[0] <= '9' && strings.IndexByte(v, '.') > 0
}

// isDomain is domainPattern, read off by hand where v is ASCII: nearly every value asked about passes here.
func isDomain(v string) bool {
	dot := strings.LastIndexByte(v, '.')
	if dot <= 0 {
		return false
	}
	for i := range len(v) {
		if v[i] >= 0x80 {
			return domainPattern.MatchString(v)
		}
	}
	if !isTopLevel(v[dot+1:]) {
		return false
	}
	for label := range strings.SplitSeq(v[:dot], ".") {
		if !isLabel(label) {
			return false
		}
	}
	return true
}

func isTopLevel(v string) bool {
	if rest, ok := strings.CutPrefix(v, "xn--"); ok {
		return len(rest) >= 2 && len(rest) <= 59 && strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
	}
	for i := range len(v) {
		if !isLetter(v[i]) {
			return false
		}
	}
	return len(v) >= 2 && len(v) <= 24
}

// isLabel reports whether a part of a domain name has 1 to 63 letters, digits, underscores and hyphens, the last two not at its end.
func isLabel(v string) bool {
	for i := range len(v) {
		c := v[i]
		alnum := isLetter(c) || c >= '0' && c <= '9'
		switch {
		case alnum, c == '_' && (i == 0 || i < len(v)-1):
		case c == '-' && i > 0 && i < len(v)-1:
		default:
			return false
		}
	}
	return v != "" && len(v) <= 63
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// refangURL undoes hxxp.
func refangURL(v string) string {
	if !strings.Contains(v, ":") {
		return v
	}
	for _, p := range [...][2]string{{"hxxps://", "https://"}, {"hxxp://", "http://"}, {"hxxps[:]//", "https://"}, {"hxxp[:]//", "http://"}} {
		if rest, ok := strings.CutPrefix(v, p[0]); ok {
			return p[1] + rest
		}
	}
	return strings.Replace(v, "[:]//", "://", 1)
}

func upper(s string) string { return strings.ToUpper(s) }

// stopWord reports words that say nothing on their own.
func stopWord(w string) bool {
	switch fold(w) {
	case "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "in", "into", "is", "it", "its", "of", "on", "or",
		"that", "the", "their", "this", "to", "was", "were", "will", "with", "der", "die", "das", "und", "le", "la", "les", "et", "de":
		return true
	default:
		return false
	}
}
