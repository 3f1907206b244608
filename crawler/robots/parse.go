package robots

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// MaxBytes is how much of a robots.txt is read; RFC 9309 asks for at least 500 KiB.
const MaxBytes = 500 << 10

// maxDelay caps Crawl-delay, so that one line cannot stop a source for good.
const maxDelay = time.Minute

// Rules are what a robots.txt says to one agent. The zero Rules allow everything.
type Rules struct {
	rules []rule
	none  bool
	// Delay is the Crawl-delay, at most a minute; zero when there is none.
	Delay time.Duration
	// Sitemaps are the sitemap addresses named, in order; they hold for every agent.
	Sitemaps []string
}

type rule struct {
	pattern string
	allow   bool
}

// DisallowAll is the answer for a robots.txt that could not be had: nothing may be fetched.
func DisallowAll() Rules { return Rules{none: true} }

// Unknown reports whether r stands for a robots.txt that could not be had.
func (r Rules) Unknown() bool { return r.none }

// Parse reads what body says to the agent with this product token, compared without regard to case and as a whole: rules for
// "foo" do not bind "foobar". What is beyond MaxBytes is not read. No input is an error.
func Parse(body []byte, agent string) Rules {
	if len(body) > MaxBytes {
		// The last line may be cut; half a rule must not be believed.
		body = body[:MaxBytes]
		body = body[:bytes.LastIndexByte(body, '\n')+1]
	}
	p := parser{agent: strings.ToLower(agent)}
	text := strings.TrimPrefix(string(body), "\ufeff")
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		p.line(line)
	}
	if p.named {
		return Rules{rules: p.own.rules, Delay: p.own.delay, Sitemaps: p.sitemaps}
	}
	return Rules{rules: p.any.rules, Delay: p.any.delay, Sitemaps: p.sitemaps}
}

type group struct {
	rules []rule
	delay time.Duration
}

// parser holds the two groups that can matter: the agent's own and the one for everybody.
type parser struct {
	agent    string
	own, any group
	// named says that some group names the agent, even with no rule in it.
	named bool
	// inOwn and inAny say which groups the coming rules belong to; open that the last line was a user-agent line.
	inOwn, inAny, open bool
	sitemaps           []string
}

func (p *parser) line(line string) {
	line, _, _ = strings.Cut(line, "#")
	key, value, ok := strings.Cut(line, ":")
	if !ok {
		return
	}
	value = strings.TrimSpace(value)
	switch strings.ToLower(strings.TrimSpace(key)) {
	case "user-agent":
		p.agentLine(value)
	case "allow":
		p.rule(value, true)
	case "disallow":
		p.rule(value, false)
	case "crawl-delay":
		p.delay(value)
	case "sitemap":
		// Not part of any group; it does not end a run of user-agent lines either (section 2.2.4).
		if value != "" && len(p.sitemaps) < 100 {
			p.sitemaps = append(p.sitemaps, value)
		}
	}
}

func (p *parser) agentLine(value string) {
	if !p.open {
		p.inOwn, p.inAny, p.open = false, false, true
	}
	switch token := productToken(value); {
	case token == p.agent && token != "":
		p.inOwn, p.named = true, true
	case strings.HasPrefix(value, "*"):
		p.inAny = true
	}
}

func (p *parser) rule(value string, allow bool) {
	p.open = false
	if value == "" {
		return
	}
	if value[0] != '/' && value[0] != '*' {
		value = "/" + value
	}
	r := rule{pattern: collapse(Normalise(value)), allow: allow}
	if p.inOwn {
		p.own.rules = append(p.own.rules, r)
	}
	if p.inAny {
		p.any.rules = append(p.any.rules, r)
	}
}

func (p *parser) delay(value string) {
	p.open = false
	seconds, err := strconv.ParseFloat(value, 64)
	if err != nil || !(seconds > 0) {
		return
	}
	d := maxDelay
	if seconds < maxDelay.Seconds() {
		d = time.Duration(seconds * float64(time.Second))
	}
	if p.inOwn {
		p.own.delay = max(p.own.delay, d)
	}
	if p.inAny {
		p.any.delay = max(p.any.delay, d)
	}
}

// productToken is the leading run of letters, hyphens and underscores, the only characters a token may have.
func productToken(s string) string {
	s = strings.ToLower(s)
	end := strings.IndexFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && r != '-' && r != '_' })
	if end < 0 {
		return s
	}
	return s[:end]
}

// collapse folds runs of stars, which mean the same as one, so that matching stays linear in their number.
func collapse(s string) string {
	for strings.Contains(s, "**") {
		s = strings.ReplaceAll(s, "**", "*")
	}
	return s
}
