package newsroom

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// summaryLen is about how many characters a listing shows of a story.
const summaryLen = 220

// paywallBlocks is how many blocks of a paid story are free.
const paywallBlocks = 2

// document is a parsed body.
type document struct {
	md     goldmark.Markdown
	source []byte
	root   ast.Node
}

func parseMarkdown(body string) document {
	d := document{md: goldmark.New(goldmark.WithExtensions(extension.GFM)), source: []byte(body)}
	d.root = d.md.Parser().Parse(text.NewReader(d.source))
	return d
}

// cut drops all blocks but the first n.
func (d document) cut(n int) {
	for d.root.ChildCount() > n {
		d.root.RemoveChild(d.root, d.root.LastChild())
	}
}

// html renders the body; links to other outlets become absolute.
func (d document) html(base func(string) string, known func(string) bool) (template.HTML, error) {
	var b bytes.Buffer
	if err := d.md.Renderer().Render(&b, d.source, d.root); err != nil {
		return "", fmt.Errorf("newsroom: render markdown: %w", err)
	}
	link := regexp.MustCompile(`href="([a-z0-9-]+):(/[^"]*)"`)
	out := link.ReplaceAllStringFunc(b.String(), func(s string) string {
		m := link.FindStringSubmatch(s)
		if !known(m[1]) {
			return s
		}
		return `href="` + base(m[1]) + m[2] + `"`
	})
	return template.HTML(out), nil //nolint:gosec // goldmark escapes raw HTML
}

// plain returns the words of a node, its blocks parted by line breaks.
func (d document) plain(n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			if n.Type() == ast.TypeBlock && n.Kind() != extast.KindTableCell {
				b.WriteString("\n")
			} else if n.Kind() == extast.KindTableCell {
				b.WriteString(" ")
			}
			return ast.WalkContinue, nil
		}
		d.words(&b, n)
		return ast.WalkContinue, nil
	}) // the walker never fails
	return strings.TrimSpace(b.String())
}

func (d document) words(b *strings.Builder, n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		b.WriteString(unescapePunctuation(string(n.Segment.Value(d.source))))
		if n.SoftLineBreak() || n.HardLineBreak() {
			b.WriteString(" ")
		}
	case *ast.String:
		b.Write(n.Value)
	case *ast.AutoLink:
		b.Write(n.Label(d.source))
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		for i := range n.Lines().Len() {
			line := n.Lines().At(i)
			b.Write(line.Value(d.source))
		}
	}
}

// unescapePunctuation undoes Markdown's backslash escapes.
func unescapePunctuation(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", s[i+1]) >= 0 {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// summary is the start of the first paragraph, cut at a word.
func (d document) summary() string {
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() != ast.KindParagraph {
			continue
		}
		s := d.plain(n)
		if len(s) <= summaryLen {
			return s
		}
		if i := strings.LastIndex(s[:summaryLen], " "); i > 0 {
			return s[:i] + " …"
		}
		return s
	}
	return ""
}

// Text returns the words of the page's body without markup.
func (p *Page) Text() string {
	d := parseMarkdown(p.Markdown)
	return d.plain(d.root)
}
