package article

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

// block is one paragraph, heading, list item, table row or piece of code of a page, in page order.
type block struct {
	text string
	// key is the text reduced to its letters and digits, for comparing.
	key     string
	letters int
	// linked is how many of the letters are inside links.
	linked int
	// node is the element that holds the text; kind its kind.
	node *html.Node
	kind atom.Atom
	// caption says that it stands in a figure's caption, hidden that the page does not show it.
	caption, hidden bool
}

func (b block) heading() bool {
	switch b.kind {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// linkRatio is the share of the block's letters inside links.
func (b block) linkRatio() float64 {
	if b.letters == 0 {
		return 0
	}
	return float64(b.linked) / float64(b.letters)
}

// walker cuts a tree into blocks in one pass.
type walker struct {
	blocks []block
	buf    strings.Builder
	linked int
	inLink int
	// state of the element being read
	node    *html.Node
	kind    atom.Atom
	caption int
	hidden  int
	pre     int
	row     int
}

// cut gives the blocks of the tree under n.
func cut(n *html.Node) []block {
	w := &walker{node: n, kind: n.DataAtom}
	w.children(n)
	w.flush()
	return w.blocks
}

func (w *walker) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.visit(c)
	}
}

func (w *walker) visit(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		w.text(n.Data)
		return
	case html.ElementNode:
	default:
		if n.Type == html.DocumentNode {
			w.children(n)
		}
		return
	}
	switch {
	case skipped(n.DataAtom):
	case n.DataAtom == atom.Br:
		w.br(n)
	case n.DataAtom == atom.A:
		w.gap(n)
		w.inLink++
		w.children(n)
		w.inLink--
	case n.DataAtom == atom.Tr && dataRow(n):
		w.within(n, func() { w.cells(n) })
	case isBlock(n.DataAtom):
		w.within(n, func() { w.children(n) })
	default:
		w.gap(n)
		w.children(n)
	}
}

// gap writes the space that only the style sheet shows between two neighbouring inline elements: "Jane Roe" and "Follow" in two
// spans are two words.
func (w *walker) gap(n *html.Node) {
	prev := n.PrevSibling
	if prev == nil || prev.Type != html.ElementNode || w.buf.Len() == 0 || w.pre > 0 {
		return
	}
	next := n.FirstChild
	for next != nil && next.Type == html.ElementNode {
		next = next.FirstChild
	}
	if next == nil || next.Type != html.TextNode {
		return
	}
	before, _ := utf8.DecodeLastRuneInString(w.buf.String())
	after, _ := utf8.DecodeRuneInString(next.Data)
	if unicode.IsLower(before) && (unicode.IsUpper(after) || unicode.IsDigit(after)) || unicode.IsDigit(before) && unicode.IsUpper(after) {
		w.buf.WriteByte(' ')
	}
}

// within reads an element that makes blocks of its own.
func (w *walker) within(n *html.Node, read func()) {
	w.flush()
	node, kind := w.node, w.kind
	w.node = n
	if !grouping(n.DataAtom) || kind == 0 {
		w.kind = n.DataAtom
	}
	cap, hid, pre := b2i(n.DataAtom == atom.Figcaption || n.DataAtom == atom.Caption), b2i(concealed(n)), b2i(n.DataAtom == atom.Pre)
	w.caption, w.hidden, w.pre = w.caption+cap, w.hidden+hid, w.pre+pre
	read()
	w.flush()
	w.caption, w.hidden, w.pre = w.caption-cap, w.hidden-hid, w.pre-pre
	w.node, w.kind = node, kind
}

// cells writes the cells of one row of data on one line.
func (w *walker) cells(tr *html.Node) {
	w.row++
	first := true
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
			continue
		}
		if !first {
			w.buf.WriteString(" | ")
		}
		first = false
		w.children(c)
	}
	w.row--
}

func (w *walker) text(s string) {
	if w.inLink > 0 {
		w.linked += countLetters(s)
	}
	w.buf.WriteString(s)
}

// br breaks the line; two in a row end the paragraph.
func (w *walker) br(n *html.Node) {
	if w.row > 0 {
		w.buf.WriteByte(' ')
		return
	}
	next := n.NextSibling
	for next != nil && next.Type == html.TextNode && strings.TrimSpace(next.Data) == "" {
		next = next.NextSibling
	}
	if w.pre == 0 && next != nil && next.DataAtom == atom.Br {
		w.flush()
		return
	}
	w.buf.WriteString("\x01")
}

// flush ends the block being read.
func (w *walker) flush() {
	if w.buf.Len() == 0 {
		w.linked = 0
		return
	}
	raw := w.buf.String()
	w.buf.Reset()
	linked := w.linked
	w.linked = 0
	text := inline(raw)
	if w.pre > 0 {
		text = preformatted(raw)
	}
	b := newBlock(text)
	if b.text == "" {
		return
	}
	b.linked, b.node, b.kind = min(linked, b.letters), w.node, w.kind
	b.caption, b.hidden = w.caption > 0, w.hidden > 0
	w.blocks = append(w.blocks, b)
}

// newBlock is a block of the text alone.
func newBlock(text string) block {
	key := keyOf(text)
	return block{text: text, key: key, letters: len([]rune(key))}
}

// inline collapses white space; \x01 stands for a line break.
func inline(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	space, line := false, false
	if hasHigh(s) {
		s, _ = repairUTF8(s)
	}
	for _, r := range norm.NFC.String(s) {
		switch {
		case r == '\x01':
			line = true
		case unicode.IsSpace(r) || r == '\u200b' || r == '\u2060' || r == '\ufeff':
			space = true
		case r == '\u00ad' || r == '\u200e' || r == '\u200f' || unicode.IsControl(r):
		default:
			if out.Len() > 0 {
				if line {
					out.WriteByte('\n')
				} else if space {
					out.WriteByte(' ')
				}
			}
			space, line = false, false
			out.WriteRune(r)
		}
	}
	lines := strings.Split(out.String(), "\n")
	for i, l := range lines {
		if s, ok := repairGBK(l); ok && hasHigh(l) {
			lines[i] = s
		}
	}
	return strings.Trim(strings.Join(lines, "\n"), " |")
}

// preformatted keeps the lines of code as they are, without trailing space.
func preformatted(s string) string {
	lines := strings.Split(norm.NFC.String(strings.ReplaceAll(s, "\x01", "\n")), "\n")
	kept := lines[:0]
	for _, l := range lines {
		l = strings.TrimRightFunc(strings.ReplaceAll(l, "\t", "    "), unicode.IsSpace)
		if l != "" {
			kept = append(kept, strings.Map(dropControls, l))
		}
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}

func dropControls(r rune) rune {
	if unicode.IsControl(r) && r != '\n' {
		return -1
	}
	return r
}

// keyOf reduces s to its lower-case letters and digits.
func keyOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func countLetters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// join writes blocks as paragraphs.
func join(blocks []block) string {
	var out strings.Builder
	for i, b := range blocks {
		if i > 0 {
			if b.kind == atom.Tr && blocks[i-1].kind == atom.Tr {
				out.WriteByte('\n')
			} else {
				out.WriteString("\n\n")
			}
		}
		out.WriteString(b.text)
	}
	return out.String()
}
