// SPDX-License-Identifier: Apache-2.0

// Package exchange writes intel values in other people's formats: STIX 2.1 and the lookup tables that Splunk, Elastic and
// Sentinel read. It only formats: what to export is chosen by its caller. Every shape keeps whether a name is ambiguous and
// whether a link is claimed by the actor alone, denied or withdrawn.
package exchange

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// webScheme finds the scheme of a web address in whatever case it is written.
var webScheme = regexp.MustCompile(`(?i)https?://`)

// Defang makes an address or host safe to show: nobody can click or fetch it by accident.
func Defang(s string) string {
	s = webScheme.ReplaceAllStringFunc(s, func(scheme string) string { return "hxxp" + strings.ToLower(scheme[len("http"):]) })
	return strings.ReplaceAll(strings.ReplaceAll(s, ".", "[.]"), "@", "[@]")
}

// Cell neutralises a spreadsheet formula: a cell whose first character that shows is =, +, - or @, of normal or full width, gets a
// leading apostrophe (OWASP, CSV injection). Control characters become blanks.
func Cell(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }))
	if strings.ContainsRune("=+-@＝＋－＠", first) {
		return "'" + s
	}
	return s
}

// linkLike finds what a reader could click in running text: schemes, hosts with a top-level domain of letters, and addresses.
var linkLike = regexp.MustCompile(`(?i)https?://\S+|\b(?:\d{1,3}\.){3}\d{1,3}\b|[\p{L}\p{N}._%+-]*@?(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}\b`)

// DefangText defangs the addresses in a text and leaves its prose alone.
func DefangText(s string) string { return linkLike.ReplaceAllStringFunc(s, Defang) }
