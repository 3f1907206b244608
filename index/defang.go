package index

import (
	"regexp"
	"strings"
)

// linkish finds what a program might turn into a link: addresses, domains and schemes.
var linkish = regexp.MustCompile(`(?i)\bhttps?://|\bftp://|[\pL\pN_%+-]+(?:\.[\pL\pN_%+-]+)*@[\pL\pN-]+(?:\.[\pL\pN-]+)+|\b[\pL\pN_](?:[\pL\pN_-]*[\pL\pN])?(?:\.[\pL\pN_](?:[\pL\pN_-]*[\pL\pN])?)+`)

// numberish are versions, amounts and section numbers: dots in them are no danger.
var numberish = regexp.MustCompile(`^\d{1,3}(?:\.\d+){1,2}$`)

// defang writes text so that nobody reaches an address in it by accident.
func defang(s string) string {
	if !strings.ContainsAny(s, ".:@") {
		return s
	}
	return linkish.ReplaceAllStringFunc(s, func(m string) string {
		lower := strings.ToLower(m)
		switch {
		case strings.HasSuffix(lower, "://"):
			return strings.Replace(strings.Replace(lower, "http", "hxxp", 1), "ftp", "fxp", 1)
		case numberish.MatchString(m) || techniquePattern.MatchString(lower):
			return m
		default:
			return strings.ReplaceAll(strings.ReplaceAll(m, "@", "[at]"), ".", "[.]")
		}
	})
}
