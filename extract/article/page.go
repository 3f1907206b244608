package article

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/rapsheet/rapsheet/intel"
)

// page is a parsed HTML page with everything its head and its markup say about it, collected in one pass.
type page struct {
	doc  intel.Document
	root *html.Node
	body *html.Node
	base *url.URL
	// meta maps a meta name, property or itemprop in lower case to its contents.
	meta      map[string][]string
	canonical string
	lang      string
	docTitle  string
	ld        linked
	times     []stamp
	heads     []*html.Node
	bylines   []*html.Node
	elements  int
	// site is the name of the site, empty when the page does not say.
	site string
	// blocks are all blocks of the body.
	blocks []block
	// sides remembers what sideOf said of an element.
	sides map[*html.Node]string
	// main holds the element that contains the article and all around it: what they are called says nothing.
	main map[*html.Node]bool
}

// stamp is one machine-readable or marked-up time on the page.
type stamp struct {
	value string
	node  *html.Node
	// published and modified say that the markup gives it that meaning.
	published, modified bool
}

// newPage collects what the page says about itself.
func newPage(doc intel.Document, root *html.Node) *page {
	p := &page{doc: doc, root: root, meta: map[string][]string{}, sides: map[*html.Node]string{}}
	if u, err := url.Parse(firstOf(doc.FinalURL, doc.URL)); err == nil {
		p.base = u
	} else {
		p.base = &url.URL{}
	}
	var scripts []string
	p.collect(root, &scripts)
	p.ld = readLinked(scripts, p.base.String())
	p.site = p.siteName()
	if p.body == nil {
		p.body = root
	}
	p.blocks = cut(p.body)
	if p.site == "" {
		p.site = p.inferSite()
	}
	return p
}

// collect walks the tree once.
func (p *page) collect(n *html.Node, scripts *[]string) {
	if n.Type == html.ElementNode {
		p.elements++
		p.element(n, scripts)
		if n.DataAtom == atom.Svg || n.DataAtom == atom.Template {
			return
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		p.collect(c, scripts)
	}
}

func (p *page) element(n *html.Node, scripts *[]string) {
	switch n.DataAtom {
	case atom.Html:
		p.lang = firstOf(p.lang, attr(n, "lang"), attr(n, "xml:lang"))
	case atom.Body:
		if p.body == nil {
			p.body = n
		}
	case atom.Title:
		if p.docTitle == "" && (n.Parent == nil || n.Parent.DataAtom != atom.Svg) {
			p.docTitle = inline(rawText(n))
		}
	case atom.Meta:
		p.metaTag(n)
	case atom.Link:
		if p.canonical == "" && hasWord(attr(n, "rel"), "canonical") {
			p.canonical = strings.TrimSpace(attr(n, "href"))
		}
	case atom.Script:
		if strings.Contains(strings.ToLower(attr(n, "type")), "ld+json") && len(*scripts) < 32 {
			*scripts = append(*scripts, rawText(n))
		}
	case atom.H1, atom.H2:
		if len(p.heads) < 40 {
			p.heads = append(p.heads, n)
		}
	default:
		p.bylineOrTime(n)
	}
}

func (p *page) metaTag(n *html.Node) {
	content := strings.TrimSpace(attr(n, "content"))
	if content == "" || len(content) > 4096 {
		return
	}
	for _, k := range []string{"property", "name", "itemprop", "http-equiv"} {
		if v := strings.ToLower(strings.TrimSpace(attr(n, k))); v != "" {
			if k == "itemprop" && foreignItem(n) {
				return
			}
			if len(p.meta[v]) < 16 {
				p.meta[v] = append(p.meta[v], html.UnescapeString(content))
			}
			return
		}
	}
}

// foreignItem says that the microdata item that holds n is something that the article refers to: what is said of it is not said of
// the article.
func foreignItem(n *html.Node) bool {
	for i := 0; n != nil && i < 40; i, n = i+1, n.Parent {
		if !hasAttr(n, "itemscope") {
			continue
		}
		kind := attr(n, "itemtype")
		if strings.HasSuffix(kind, "/Comment") || strings.HasSuffix(kind, "/UserComments") || strings.HasSuffix(kind, "/Review") {
			return true
		}
		switch strings.ToLower(strings.TrimSpace(attr(n, "itemprop"))) {
		case "citation", "comment", "comments", "review", "mentions", "relatedlink", "isbasedon", "haspart", "image", "logo", "video":
			return true
		}
	}
	return false
}

// bylineOrTime remembers elements marked as author or date.
func (p *page) bylineOrTime(n *html.Node) {
	m := marks(n)
	if hasAttr(n, "itemprop") && foreignItem(n) {
		return
	}
	if n.DataAtom == atom.Time || dateWords.in(m) != "" && shortText(n, 200) {
		if len(p.times) < 64 {
			p.times = append(p.times, newStamp(n, m))
		}
	}
	if len(p.bylines) < 32 && bylineMark(n, m) && shortText(n, 400) {
		p.bylines = append(p.bylines, n)
	}
}

func newStamp(n *html.Node, m []string) stamp {
	s := stamp{value: strings.TrimSpace(firstOf(attr(n, "datetime"), attr(n, "content"))), node: n, published: hasAttr(n, "pubdate")}
	for _, w := range m {
		switch {
		case strings.Contains(w, "publish"), w == "datecreated", w == "pubdate", w == "posted":
			s.published = true
		case strings.Contains(w, "modif"), strings.Contains(w, "updat"):
			s.modified = true
		}
	}
	return s
}

// shortText says that n holds at most n bytes of text; it looks no further.
func shortText(n *html.Node, most int) bool {
	left := most
	var walk func(*html.Node) bool
	walk = func(n *html.Node) bool {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.TextNode {
				left -= len(strings.TrimSpace(c.Data))
			}
			if left < 0 || !walk(c) {
				return false
			}
		}
		return true
	}
	return walk(n)
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// first is the first non-empty content of the meta names, in order.
func (p *page) first(names ...string) string {
	for _, n := range names {
		for _, v := range p.meta[n] {
			if v = inline(v); v != "" {
				return v
			}
		}
	}
	return ""
}

// declared is the language that the page claims for itself.
func (p *page) declared() string {
	return firstOf(p.lang, p.ld.language, p.first("og:locale", "content-language", "dc.language", "language"))
}

// reserved says that the page opts out of indexing, archiving or mining, as X-Robots-Tag does in its header.
func (p *page) reserved() bool {
	for _, k := range []string{"robots", "rapsheet"} {
		for _, v := range p.meta[k] {
			for d := range strings.FieldsFuncSeq(strings.ToLower(v), func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) }) {
				switch d {
				case "noindex", "noarchive", "none", "noai":
					return true
				}
			}
		}
	}
	return p.first("tdm-reservation") == "1"
}

// rawText is the text directly inside n.
func rawText(n *html.Node) string {
	var out strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			out.WriteString(c.Data)
		}
	}
	return out.String()
}

func firstOf(vs ...string) string {
	for _, v := range vs {
		if v != "" {
			return v
		}
	}
	return ""
}

func hasWord(list, word string) bool {
	for f := range strings.FieldsSeq(strings.ToLower(list)) {
		if f == word {
			return true
		}
	}
	return false
}
