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
	case cvePattern.MatchString(v):
		return "cve"
	case techniquePattern.MatchString(v):
		return "technique"
	case hashPattern.MatchString(v):
		return "hash"
	}
	if _, err := netip.ParseAddr(v); err == nil {
		return "ip"
	}
	switch {
	case strings.Contains(v, "://"):
		return "url"
	case emailPattern.MatchString(v) && domainPattern.MatchString(v[strings.LastIndexByte(v, '@')+1:]):
		return "email"
	case domainPattern.MatchString(v):
		return "domain"
	default:
		return "text"
	}
}

// refangURL undoes hxxp.
func refangURL(v string) string {
	for _, p := range [][2]string{{"hxxps://", "https://"}, {"hxxp://", "http://"}, {"hxxps[:]//", "https://"}, {"hxxp[:]//", "http://"}} {
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
