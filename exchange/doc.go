// SPDX-License-Identifier: Apache-2.0

// Package exchange writes intel values in other people's formats: STIX 2.1 and the lookup tables that Splunk, Elastic and
// Sentinel read. It only formats: what to export is chosen by its caller. Every shape keeps whether a name is ambiguous and
// whether a link is claimed by the actor alone, denied or withdrawn.
package exchange

import "strings"

// Defang makes an address or host safe to show: nobody can click or fetch it by accident.
func Defang(s string) string {
	r := strings.NewReplacer("http://", "hxxp://", "https://", "hxxps://", "HTTP://", "hxxp://", "HTTPS://", "hxxps://")
	return strings.ReplaceAll(strings.ReplaceAll(r.Replace(s), ".", "[.]"), "@", "[@]")
}

// Cell neutralises a spreadsheet formula: a cell that starts with =, +, -, @, tab or return gets a leading apostrophe (OWASP,
// CSV injection).
func Cell(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' || r == 0 {
			return ' '
		}
		return r
	}, s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
