package article

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// titleBreak separates a title from the name of the site.
var titleBreak = regexp.MustCompile(`\s+(?:[|\-–—·•»«›~]|::|//)\s+|\s*\|\s*|\s+[:]\s+`)

// title is the headline: what the giver said, else the visible heading that agrees with the page's head, else the head alone.
func (p *page) title() string {
	if p.doc.GivenTitle != "" {
		return inline(p.doc.GivenTitle)
	}
	claims := p.titleClaims()
	if h := p.heading(claims); h != "" {
		return withoutDay(h)
	}
	for _, c := range claims {
		if c != "" && !p.isSite(c) {
			return withoutDay(c)
		}
	}
	if h := p.anyHeading(); h != "" {
		return h
	}
	if h := p.firstLine(); h != "" {
		return h
	}
	return firstOf(p.stripSite(inline(p.doc.FeedTitle)), p.stripSite(p.headTitle()), p.docTitle)
}

// headTitle is the title of the page's head; where nothing names the site, what stands behind a stroke is taken for it.
func (p *page) headTitle() string {
	if p.site == "" {
		return stripStrong(p.docTitle)
	}
	return p.docTitle
}

// generic is a title that says what kind of page it is and not what it is about.
var generic = regexp.MustCompile(`(?i)^(untitled( document| page)?|home ?page?|index|document|article|news|press releases?|blog|druckversion|version imprimable|(.{0,40}\W)?print(er)?[- ]?(friendly )?(version|page|view|preview))$`)

// firstLine is the first line of the page that reads like a headline, for pages without headings whose head says nothing.
func (p *page) firstLine() string {
	if len(p.titleClaims()) > 0 {
		return ""
	}
	for i, b := range p.blocks {
		if i > 12 || bodyLike(b) {
			break
		}
		if line, _, _ := strings.Cut(b.text, "\n"); !b.hidden && headline(newBlock(line)) && b.linkRatio() < 0.5 && !dateline(line) && !isBoiler(b) && !p.isSite(line) {
			return line
		}
	}
	return ""
}

// subject is the label that some advisories set before their title.
var subject = regexp.MustCompile(`(?i)^(objet|subject|betreff|titre|titel|title|asunto|oggetto)\s*:\s*`)

// dayBefore is a date in front of a title.
var dayBefore = regexp.MustCompile(`^(\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d{2}-\d{2})\s*[-–—|:]\s+`)

// withoutDay drops the label and the date in front of a title.
func withoutDay(t string) string {
	t = subject.ReplaceAllString(t, "")
	if rest := dayBefore.ReplaceAllString(t, ""); len(strings.Fields(rest)) >= 3 {
		return rest
	}
	return t
}

// titleClaims are the titles that the head of the page claims, without the name of the site, most trusted first.
func (p *page) titleClaims() []string {
	var out []string
	if p.ld.found {
		out = append(out, p.stripSite(p.ld.headline))
	}
	for _, v := range []string{p.first("og:title"), p.first("citation_title", "dc.title", "dcterms.title", "headline", "parsely-title", "sailthru.title", "twitter:title"), p.headTitle(), inline(p.doc.FeedTitle)} {
		if v = p.stripSite(v); v != "" && !generic.MatchString(v) {
			out = append(out, v)
		}
	}
	return out
}

// heading is the visible heading that agrees best with a claimed title.
func (p *page) heading(claims []string) string {
	best, score := "", 0.0
	for i, h := range p.heads {
		t := headingWithout(h, claims)
		if n := len([]rune(t)); n < 4 || n > 300 || p.isSite(t) || concealedUp(h) {
			continue
		}
		s := 0.0
		for _, c := range claims {
			s = max(s, agreement(t, c))
		}
		if h.DataAtom == atom.H1 {
			s += 0.3
		}
		if p.sideMark(h, nil) != "" {
			s -= 0.3
		}
		if s -= float64(i) * 0.001; s > score && s >= 0.65 {
			best, score = t, s
		}
	}
	return best
}

// anyHeading is the first h1 that is not the name of the site, for pages whose head says nothing.
func (p *page) anyHeading() string {
	for _, kind := range []atom.Atom{atom.H1, atom.H2} {
		for _, h := range p.heads {
			if t := headingText(h); h.DataAtom == kind && len([]rune(t)) >= 4 && len([]rune(t)) <= 300 && !p.isSite(t) && p.sideMark(h, nil) == "" {
				return t
			}
		}
	}
	return ""
}

func headingText(h *html.Node) string { return textOf(h) }

// headingWithout is the text of a heading without the section's name or the link to itself that stands in an element of its own
// before or behind the title: the head of the page tells where the title begins and ends.
func headingWithout(h *html.Node, claims []string) string {
	whole := textOf(h)
	parts := leaves(h, nil)
	if len(parts) < 2 || len(parts) > 12 {
		return whole
	}
	for _, c := range claims {
		k := keyOf(c)
		if len(k) < 8 || k == keyOf(whole) {
			continue
		}
		for i := 1; i < len(parts); i++ {
			head, tail := inline(strings.Join(parts[:i], " ")), inline(strings.Join(parts[i:], " "))
			switch k {
			case keyOf(tail):
				return tail
			case keyOf(head):
				return head
			}
		}
	}
	return whole
}

// leaves are the texts under n, each node its own.
func leaves(n *html.Node, out []string) []string {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) != "":
			out = append(out, c.Data)
		case c.Type == html.ElementNode && !skipped(c.DataAtom) && len(out) < 16:
			out = leaves(c, out)
		}
	}
	return out
}

func concealedUp(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if concealed(n) {
			return true
		}
	}
	return false
}

// agreement is how far two titles share their words, from 0 to 1.
func agreement(a, b string) float64 {
	if keyOf(a) == keyOf(b) {
		return 1
	}
	x, y := wordKeys(a), wordKeys(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	common := 0
	for w := range x {
		if y[w] {
			common++
		}
	}
	return float64(common) / float64(min(len(x), len(y))) * min(1, float64(len(x))/3)
}

func wordKeys(s string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		if k := keyOf(w); k != "" {
			out[k] = true
		}
	}
	return out
}

// stripSite removes the name of the site from the ends of a title, where there is evidence that it is one.
func (p *page) stripSite(t string) string {
	t = strings.TrimSpace(t)
	for range 4 {
		at := titleBreak.FindAllStringIndex(t, 8)
		changed := false
		for _, m := range at {
			head, tail := t[:m[0]], t[m[1]:]
			if p.startsSite(tail) && len([]rune(head)) >= 4 {
				t, changed = head, true
				break
			}
		}
		if !changed && len(at) > 0 {
			if head, tail := t[:at[0][0]], t[at[0][1]:]; p.isSite(head) && len([]rune(tail)) >= 4 {
				t, changed = tail, true
			}
		}
		if !changed {
			break
		}
	}
	return strings.TrimSpace(t)
}

// startsSite says that the text names the site, perhaps with a slogan after it.
func (p *page) startsSite(s string) bool {
	if p.isSite(s) {
		return true
	}
	if m := titleBreak.FindStringIndex(s); m != nil && p.isSite(s[:m[0]]) {
		return true
	}
	return false
}

// isSite says that s is the name of the site: its declared name or its host, or a longer or shorter form of one of them.
func (p *page) isSite(s string) bool {
	k := keyOf(s)
	if len(k) < 2 || len([]rune(s)) > 60 {
		return false
	}
	host := hostKey(p.base.Hostname())
	site := keyOf(p.site)
	for _, n := range []string{site, host, keyOf(p.base.Hostname())} {
		if n == "" {
			continue
		}
		if k == n {
			return true
		}
		if len(n) >= 4 && len(k) >= 4 && max(len(n), len(k)) <= 2*min(len(n), len(k))+4 && (strings.HasPrefix(k, n) || strings.HasSuffix(k, n) || strings.HasPrefix(n, k) || strings.HasSuffix(n, k)) && len(strings.Fields(s)) <= 6 {
			return true
		}
	}
	return host != "" && initials(s) == host && len(host) >= 3
}

func initials(s string) string {
	out := ""
	var outSb184 strings.Builder
	for w := range strings.FieldsSeq(strings.ToLower(s)) {
		if k := keyOf(w); k != "" {
			outSb184.WriteString(string([]rune(k)[:1]))
		}
	}
	out += outSb184.String()
	return out
}

// hostKey is the telling label of a host name: "example" of www.example.co.uk.
func hostKey(host string) string {
	labels := strings.Split(strings.ToLower(host), ".")
	best := ""
	for i, l := range labels {
		if i == len(labels)-1 && len(labels) > 1 {
			break
		}
		switch l {
		case "www", "com", "co", "org", "net", "gov", "ac", "edu", "news", "blog", "m", "amp", "en", "de":
			continue
		}
		if len(l) > len(best) {
			best = l
		}
	}
	return keyOf(best)
}
