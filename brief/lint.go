package brief

import (
	"regexp"
	"slices"
	"strings"
)

// Finding is one tradecraft problem of a briefing.
type Finding struct {
	// Line counts from 1.
	Line    int    `json:"line"`
	Problem string `json:"problem"`
}

// likelihood matches the words of both rows of ICD 203 and confidence its levels; breached the wording that states a claim as a
// fact; citation a numbered source.
var (
	likelihood = regexp.MustCompile(`(?i)\b(almost no chance|remote|(very )?(un)?likely|(highly )?(im)?probabl[ey]|roughly even (chance|odds)|almost certain(ly)?|nearly certain)\b`)
	confidence = regexp.MustCompile(`(?i)\b(low|moderate|medium|high) confidence\b`)
	breached   = regexp.MustCompile(`(?i)\b(breached|hacked|compromised) by\b`)
	citation   = regexp.MustCompile(`\[\d+\]`)
	chanceRow  = regexp.MustCompile(`(?i)\b(remote|(highly )?(im)?probabl[ey]|roughly even odds|nearly certain)\b`)
	likelyRow  = regexp.MustCompile(`(?i)\b(almost no chance|(very )?(un)?likely|roughly even chance|almost certain(ly)?)\b`)
)

// Lint checks a Markdown briefing against ICD 203 and the house rules: no likelihood and confidence in one sentence, not both rows
// of likelihood words, no claim worded as a fact, a TLP marking at both ends, a citation on every reported line.
func Lint(markdown string) []Finding {
	out := []Finding{}
	lines := strings.Split(markdown, "\n")
	reported := false
	for i, l := range lines {
		if strings.HasPrefix(l, "## ") {
			reported = strings.Contains(l, "What was reported")
		}
		add := func(p string) { out = append(out, Finding{i + 1, p}) }
		for s := range strings.SplitSeq(l, ". ") {
			if likelihood.MatchString(s) && confidence.MatchString(s) {
				add("a likelihood and a confidence level stand in one sentence (ICD 203)")
			}
		}
		if breached.MatchString(l) {
			add("states a claim as a fact: write who says so")
		}
		if reported && strings.HasPrefix(l, "- ") && !citation.MatchString(l) {
			add("has no citation")
		}
	}
	if chanceRow.MatchString(markdown) && likelyRow.MatchString(markdown) {
		out = append(out, Finding{1, "mixes the two rows of likelihood words (ICD 203)"})
	}
	if text := slices.DeleteFunc(lines, func(s string) bool { return strings.TrimSpace(s) == "" }); len(text) < 2 ||
		!strings.Contains(text[0], "TLP:") || !strings.Contains(text[len(text)-1], "TLP:") {
		out = append(out, Finding{1, "the TLP marking must head and end the briefing"})
	}
	return out
}
