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

// dataRow says that a table row holds data, not a piece of the page's layout.
func dataRow(tr *html.Node) bool {
	letters := 0
	var look func(*html.Node) bool
	look = func(n *html.Node) bool {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch c.DataAtom {
			case atom.Table, atom.H1, atom.H2, atom.H3, atom.Article, atom.Form, atom.Pre, atom.Blockquote:
				return false
			}
			if c.Type == html.TextNode {
				letters += len(c.Data)
			}
			if letters > 4000 || !look(c) {
				return false
			}
		}
		return true
	}
	cells := 0
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			cells++
		}
	}
	return cells > 0 && look(tr) && (cells > 1 || letters < 400)
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
