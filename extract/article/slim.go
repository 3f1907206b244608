package article

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// slim is a copy of the page for the search for its main text: without the head, scripts, styles, drawings and comments, and with
// the attributes only that the search looks at. The search copies its input several times, so what it need not see costs most.
// The head of the copy answers the search's questions about the page, which are asked of the whole body otherwise.
func (p *page) slim() *html.Node {
	doc := &html.Node{Type: html.DocumentNode}
	root := element(atom.Html)
	doc.AppendChild(root)
	head := element(atom.Head)
	root.AppendChild(head)
	title := element(atom.Title)
	title.AppendChild(&html.Node{Type: html.TextNode, Data: p.docTitle})
	head.AppendChild(title)
	for _, m := range [][2]string{
		{"og:title", firstOf(p.docTitle, "-")}, {"og:site_name", firstOf(p.site, "-")}, {"og:description", "-"}, {"og:type", "article"},
		{"article:author", "Jane Roe"}, {"article:tag", "-"}, {"og:url", "https://page.example/"}, {"og:image", "https://page.example/i"},
	} {
		n := element(atom.Meta)
		n.Attr = []html.Attribute{{Key: "property", Val: m[0]}, {Key: "content", Val: m[1]}}
		head.AppendChild(n)
	}
	about := element(atom.Script)
	about.Attr = []html.Attribute{{Key: "type", Val: "application/ld+json"}}
	about.AppendChild(&html.Node{Type: html.TextNode, Data: `{"@context":"https://schema.org","@type":"Article","articleSection":"-"}`})
	head.AppendChild(about)
	body := element(atom.Body)
	body.Attr = slimAttrs(p.body)
	root.AppendChild(body)
	slimChildren(body, p.body)
	return doc
}

func element(a atom.Atom) *html.Node {
	return &html.Node{Type: html.ElementNode, DataAtom: a, Data: a.String()}
}

func slimChildren(to, from *html.Node) {
	for c := from.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			to.AppendChild(&html.Node{Type: html.TextNode, Data: c.Data})
		case html.ElementNode:
			switch c.DataAtom {
			case atom.Script, atom.Style, atom.Svg, atom.Template, atom.Link, atom.Meta, atom.Head, atom.Iframe, atom.Canvas, atom.Math:
				continue
			}
			n := &html.Node{Type: html.ElementNode, DataAtom: c.DataAtom, Data: c.Data, Namespace: c.Namespace, Attr: slimAttrs(c)}
			to.AppendChild(n)
			slimChildren(n, c)
		}
	}
}

// slimAttrs keeps what tells the kind of an element.
func slimAttrs(n *html.Node) []html.Attribute {
	var out []html.Attribute
	for _, a := range n.Attr {
		switch a.Key {
		case "class", "id", "role", "itemprop", "rel", "href", "style", "hidden", "aria-hidden", "name", "itemtype", "data-testid", "data-component", "data-lp-replacement-content":
			if len(a.Val) <= 1000 {
				out = append(out, a)
			}
		case "src":
			if n.DataAtom == atom.Img && len(a.Val) <= 1000 {
				out = append(out, a)
			}
		}
	}
	return out
}
