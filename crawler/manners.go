package crawler

import (
	"bytes"
	"net/http"
	"strings"
)

// maxChallenge is the size of page that is looked at for a challenge when the status says 200: real ones are small.
const maxChallenge = 32 << 10

// challengeIn names the bot wall that answered instead of the publisher; empty when none did. Walls are recognised in order to
// be respected.
func challengeIn(ex *exchange) string {
	switch {
	case strings.EqualFold(ex.header.Get("Cf-Mitigated"), "challenge"):
		return "cloudflare"
	case ex.header.Get("X-Amzn-Waf-Action") != "":
		return "aws waf"
	}
	refused := ex.status == http.StatusForbidden || ex.status == http.StatusServiceUnavailable || ex.status == http.StatusTooManyRequests
	if !refused && len(ex.body) > maxChallenge || ex.status >= 300 && !refused {
		return ""
	}
	head := bytes.ToLower(ex.body[:min(len(ex.body), maxChallenge)])
	title := titleOf(head)
	for _, wall := range [...]struct{ title, name string }{
		{"just a moment...", "cloudflare"},
		{"attention required! | cloudflare", "cloudflare"},
		{"ddos-guard", "ddos-guard"},
		{"pardon our interruption", "distil"},
		{"access to this page has been denied", "perimeterx"},
		{"one moment, please...", "bot wall"},
		{"vercel security checkpoint", "vercel"},
	} {
		if title == wall.title {
			return wall.name
		}
	}
	if !refused {
		return ""
	}
	for _, mark := range [...]struct{ text, name string }{
		{"/cdn-cgi/challenge-platform/", "cloudflare"},
		{"_incapsula_resource", "imperva"},
		{"captcha-delivery.com", "datadome"},
		{"px-captcha", "perimeterx"},
	} {
		if bytes.Contains(head, []byte(mark.text)) {
			return mark.name
		}
	}
	return ""
}

func titleOf(lower []byte) string {
	_, rest, ok := bytes.Cut(lower, []byte("<title>"))
	if !ok {
		return ""
	}
	title, _, _ := bytes.Cut(rest, []byte("</title>"))
	return strings.TrimSpace(string(title))
}

// rightsReserved reports whether the headers opt out of archiving, indexing or mining (X-Robots-Tag, TDM Reservation Protocol).
// A directive that names another agent is not for us.
func rightsReserved(header http.Header) bool {
	if strings.TrimSpace(header.Get("Tdm-Reservation")) == "1" {
		return true
	}
	for _, value := range header.Values("X-Robots-Tag") {
		ours := true
		for directive := range strings.SplitSeq(strings.ToLower(value), ",") {
			directive = strings.TrimSpace(directive)
			if agent, rest, ok := strings.Cut(directive, ":"); ok && !hasValue(agent) {
				ours = strings.TrimSpace(agent) == product
				directive = strings.TrimSpace(rest)
			}
			if !ours {
				continue
			}
			switch directive {
			case "noarchive", "noindex", "none", "noai", "tdm-reservation":
				return true
			}
		}
	}
	return false
}

// hasValue names the directives that have a value of their own, so that what stands before the colon is no agent.
func hasValue(directive string) bool {
	switch strings.TrimSpace(directive) {
	case "max-snippet", "max-image-preview", "max-video-preview", "unavailable_after":
		return true
	}
	return false
}
