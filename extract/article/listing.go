package article

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A front page, an archive page or a page of search results shows the beginnings of other pages of its site. Each is a report of
// its own; all of them together are none, and they change with every new one.

const (
	listingPage = "the page lists other pages and is no report itself"
	// maxTeaser is how many letters the beginning of another page has at most on the page that lists it.
	maxTeaser = 700
	// maxKicker is how many letters may stand before its headline.
	maxKicker = 60
)

// teasers are the beginnings of other pages on this one: their blocks as keys, by the page they lead to.
type teasers map[string][]string

const (
	// minKey is how many letters a block of a teaser has at least to be looked for, maxText how many of the kept text it is looked for in,
	// maxTeasers how many teasers are looked at.
	minKey     = 8
	maxText    = 64 << 10
	maxTeasers = 300
)

// isListing says that what was kept of a page is mostly the beginnings of other pages. How much of it must be depends on what else
// the page says: one that declares itself an article is none, one at the root of its site or called an archive is one sooner.
func (p *page) isListing(kept []block) bool {
	if p.declaresArticle() {
		return false
	}
	t := p.teasers()
	share := t.shareOf(kept)
	switch {
	case p.atRoot():
		return share >= 40 || len(t) >= 5 && share >= 20 || len(t) >= 8 && lettersOf(kept) < brief
	case p.calledListing():
		return len(t) >= 2 && share >= 40
	default:
		return len(t) >= 3 && share >= 60
	}
}

// shareOf says how much of a text the teasers are, in per cent. Their blocks may run together in it.
func (t teasers) shareOf(kept []block) int {
	var joined strings.Builder
	all := 0
	for _, b := range kept {
		if joined.Len() < maxText {
			joined.WriteString(b.key)
			joined.WriteByte(' ')
			all += b.letters
		}
	}
	text, inside, counted := joined.String(), 0, map[string]bool{}
	for _, keys := range t {
		for _, k := range keys {
			if len(k) >= minKey && !counted[k] && strings.Contains(text, k) {
				counted[k] = true
				inside += len([]rune(k))
			}
		}
	}
	return 100 * inside / max(all, 1)
}

// declaresArticle says that the page calls itself an article, in a way that pages which list articles do not.
func (p *page) declaresArticle() bool {
	if strings.EqualFold(p.first("og:type"), "article") || p.first("article:published_time") != "" || p.ld.found && (p.ld.own || p.ld.articles == 1 && !p.ld.collection) {
		return true
	}
	for w := range strings.FieldsSeq(strings.ToLower(attr(p.body, "class"))) {
		if w == "single" || w == "single-post" || strings.Contains(w, "node-type-article") || strings.Contains(w, "type-story") {
			return true
		}
	}
	return false
}

var (
	// rootPath is the address of a front page, of a whole site or of one of its languages.
	rootPath = regexp.MustCompile(`(?i)^/?(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:index|home|default)(?:\.[a-z]{3,5})?)?/?$`)
	// listingPath is an address under which systems of many makers list pages.
	listingPath = regexp.MustCompile(`(?i)/(?:category|categories|tags?|topics?|authors?|archives?|search|kategorie|schlagwort|rubrique|categoria|etiqueta)/[^/]+/?(?:page/\d+/?)?$|/page/\d+/?$|/(?:search|suche|recherche)/?$`)
	// listingClasses are what content systems call the body of a page that lists others.
	listingClasses = words("home blog archive category tag author search frontpage homepage searchresults pagelisting pathfrontpage")
)

// atRoot says that the page is the front page by its address.
func (p *page) atRoot() bool {
	return p.base.Host != "" && rootPath.MatchString(p.base.Path) && p.base.RawQuery == ""
}

// calledListing says that the page is called an archive, by its address, its markup or its content system.
func (p *page) calledListing() bool {
	if p.ld.collection || listingPath.MatchString(p.base.Path) {
		return true
	}
	for w := range strings.FieldsSeq(strings.ToLower(attr(p.body, "class"))) {
		if listingClasses[strings.NewReplacer("-", "", "_", "").Replace(w)] {
			return true
		}
	}
	return false
}

// teasers finds the elements that tell of exactly one other page each.
func (p *page) teasers() teasers {
	s := teaserSearch{p: p, found: teasers{}, target: map[*html.Node]string{}}
	s.visit(p.body, 0)
	s.take(p.body, 0)
	return s.found
}

// teaserSearch says of elements which other page they tell of: none, one, or manyPages.
type teaserSearch struct {
	p      *page
	found  teasers
	target map[*html.Node]string
}

// manyPages marks an element that tells of several pages.
const manyPages = "\x00"

// maxNesting bounds how deep the search goes.
const maxNesting = 600

// visit walks the tree once, children before parents.
func (s *teaserSearch) visit(n *html.Node, depth int) {
	if depth > maxNesting || skipped(n.DataAtom) {
		return
	}
	if n.DataAtom == atom.A {
		if t := s.p.headline(n); t != "" {
			s.target[n] = t
		}
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		s.visit(c, depth+1)
		switch t := s.target[c]; {
		case t == "":
		case s.target[n] == "":
			s.target[n] = t
		case s.target[n] != t:
			s.target[n] = manyPages
		}
	}
}

// take notes the largest elements that tell of one page and are short enough to be the beginning of it.
func (s *teaserSearch) take(n *html.Node, depth int) {
	t := s.target[n]
	if t == "" || depth > maxNesting || len(s.found) >= maxTeasers {
		return
	}
	if t != manyPages && s.note(n, t) {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s.take(c, depth+1)
	}
}

// note adds the blocks of a teaser: its headline comes first, with no more than a date or a topic before it. What ends with a
// link tells of something itself.
func (s *teaserSearch) note(n *html.Node, target string) bool {
	if !shortText(n, 2*maxTeaser) {
		return false
	}
	blocks := cut(n)
	if lettersOf(blocks) > maxTeaser {
		return false
	}
	before := 0
	for _, b := range blocks {
		if n.DataAtom == atom.A || b.linkRatio() >= 0.6 && countLetters(b.text) >= 4 {
			break
		}
		before += b.letters
	}
	if before > maxKicker {
		return false
	}
	for _, b := range blocks {
		s.found[target] = append(s.found[target], b.key)
	}
	return true
}

// headline gives the page that a link leads to, where the link is a headline: it is in a heading or holds one, or it is a line of
// its own of three words or more. Links inside sentences are none.
func (p *page) headline(a *html.Node) string {
	target := p.otherPage(attr(a, "href"))
	if target == "" {
		return ""
	}
	text := textOf(a)
	if inHeading(a) || holdsHeading(a) {
		if countLetters(text) >= 4 {
			return target
		}
		return ""
	}
	if len(strings.Fields(text)) < 3 && countLetters(text) < 20 {
		return ""
	}
	if ownLine(a, 2*countLetters(text)/3) {
		return target
	}
	return ""
}

// ownLine says that a link stands alone in its line, with at most so many letters beside it.
func ownLine(a *html.Node, most int) bool {
	ends := func(n *html.Node) bool {
		return n.Type == html.ElementNode && (isBlock(n.DataAtom) || n.DataAtom == atom.Br)
	}
	left := most
	fits := func(n *html.Node) bool {
		if !shortText(n, 8*most+64) {
			return false
		}
		left -= countLetters(textOf(n))
		return left >= 0
	}
	for n := a; n != nil && !ends(n); n = n.Parent {
		for c := n.PrevSibling; c != nil && !ends(c); c = c.PrevSibling {
			if !fits(c) {
				return false
			}
		}
		for c := n.NextSibling; c != nil && !ends(c); c = c.NextSibling {
			if !fits(c) {
				return false
			}
		}
	}
	return true
}

// otherPage is the address of another page of the same site; empty for what is none.
func (p *page) otherPage(href string) string {
	href = strings.TrimSpace(href)
	if href == "" || strings.HasPrefix(href, "#") || len(href) > 2048 {
		return ""
	}
	u, err := url.Parse(href)
	if err != nil || u.Opaque != "" {
		return ""
	}
	u = p.base.ResolveReference(u)
	if p.base.Host != "" && (u.Scheme != "http" && u.Scheme != "https" || !sameSite(u.Host, p.base.Host)) || p.base.Host == "" && u.Host != "" {
		return ""
	}
	path := strings.TrimRight(u.Path, "/")
	if path == strings.TrimRight(p.base.Path, "/") && u.RawQuery == p.base.RawQuery || path == "" && u.RawQuery == "" {
		return ""
	}
	return path + "?" + u.RawQuery
}

func inHeading(n *html.Node) bool {
	for i := 0; n != nil && i < 6; i, n = i+1, n.Parent {
		if isHeading(n.DataAtom) {
			return true
		}
	}
	return false
}

func holdsHeading(n *html.Node) bool {
	for c := range n.Descendants() {
		if isHeading(c.DataAtom) {
			return true
		}
	}
	return false
}

func isHeading(a atom.Atom) bool { return block{kind: a}.heading() }
