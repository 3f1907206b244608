package article

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// skipped says that an element holds no text people read.
func skipped(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Svg, atom.Iframe, atom.Button, atom.Select, atom.Textarea,
		atom.Canvas, atom.Audio, atom.Video, atom.Object, atom.Head, atom.Math, atom.Map, atom.Datalist, atom.Noframes, atom.Nav:
		return true
	}
	return false
}

// isBlock says that an element begins and ends a line.
func isBlock(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Caption, atom.Center, atom.Dd, atom.Details,
		atom.Dialog, atom.Dir, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hgroup, atom.Hr, atom.Html, atom.Li, atom.Main,
		atom.Menu, atom.Ol, atom.P, atom.Pre, atom.Section, atom.Summary, atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th,
		atom.Thead, atom.Tr, atom.Ul, atom.Legend, atom.Option:
		return true
	}
	return false
}

// grouping says that an element only groups others and does not say what kind of text it holds.
func grouping(a atom.Atom) bool {
	switch a {
	case atom.Div, atom.Section, atom.Article, atom.Main, atom.Body, atom.Center, atom.Form, atom.Fieldset, atom.P:
		return a != atom.P
	}
	return false
}

// dataRow says that a table row holds data, not a piece of the page's layout: layout has whole paragraphs, headings and menus in
// its cells.
func dataRow(tr *html.Node) bool {
	cells, letters, prose, menus := 0, 0, 0, 0
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
			continue
		}
		cells++
		in := cell{}
		if !in.look(c, false) {
			return false
		}
		letters += in.letters
		prose += b2i(in.letters-in.linked > 300)
		menus += b2i(in.links >= 4 && in.linked*10 > in.letters*6)
		if in.paragraphs >= 3 && in.letters > 600 {
			return false
		}
	}
	if letters > 4000 || prose > 0 && menus > 0 || presentation(tr) {
		return false
	}
	return cells > 0 && (cells > 1 || letters < 400)
}

// presentation says that the table of a row is declared to be no data.
func presentation(tr *html.Node) bool {
	for n := tr.Parent; n != nil; n = n.Parent {
		if n.DataAtom == atom.Table {
			role := attr(n, "role")
			return role == "presentation" || role == "none"
		}
	}
	return false
}

// cell counts what a cell of a table holds.
type cell struct{ letters, linked, links, paragraphs int }

// look counts under n; false says that the cell holds what no cell of data does.
func (c *cell) look(n *html.Node, link bool) bool {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		switch k.DataAtom {
		case atom.Table, atom.H1, atom.H2, atom.H3, atom.Article, atom.Form, atom.Pre, atom.Blockquote:
			return false
		case atom.P:
			c.paragraphs++
		case atom.A:
			c.links++
		}
		if k.Type == html.TextNode {
			size := len(strings.TrimSpace(k.Data))
			c.letters += size
			c.linked += size * b2i(link)
		}
		if c.letters > 4000 || !c.look(k, link || k.DataAtom == atom.A) {
			return false
		}
	}
	return true
}

// concealed says that the page does not show the element.
func concealed(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "style":
			v := strings.ReplaceAll(strings.ToLower(a.Val), " ", "")
			if strings.Contains(v, "display:none") || strings.Contains(v, "visibility:hidden") {
				return true
			}
		}
	}
	return false
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

// textOf is the visible text under n on one line.
func textOf(n *html.Node) string {
	bs := cut(n)
	parts := make([]string, 0, len(bs))
	for _, b := range bs {
		parts = append(parts, b.text)
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}
