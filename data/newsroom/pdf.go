package newsroom

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// Measures of the printed page in millimetres and points.
const (
	pdfLine    = 5.5
	pdfIndent  = 6.0
	pdfWidth   = 170.0
	pdfMargin  = 20.0
	pdfBody    = 11.0
	pdfHeading = 16.0
)

// press prints a document with fpdf.
type press struct {
	pdf *fpdf.Fpdf
	doc document
	// latin turns UTF-8 into the bytes of the built-in fonts.
	latin func(string) string
}

// renderPDF prints a page; its creation date is the page's, so that equal pages are equal bytes.
func renderPDF(p *Page, o *Outlet) ([]byte, error) {
	pdf := fpdf.New("P", "mm", "A4", "")
	created := p.Published.Time
	if created.IsZero() || p.Has(shapeUndated) {
		// fpdf takes no date for now.
		created = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)
	}
	pdf.SetCreationDate(created)
	pdf.SetModificationDate(created)
	pdf.SetCatalogSort(true)
	pdf.SetTitle(p.Title, true)
	pdf.SetAuthor(byline(p.Authors, p.Language), true)
	pdf.SetMargins(pdfMargin, pdfMargin, pdfMargin)
	pdf.SetAutoPageBreak(true, pdfMargin)
	w := press{pdf: pdf, doc: parseMarkdown(p.Markdown), latin: pdf.UnicodeTranslatorFromDescriptor("")}
	pdf.SetFooterFunc(func() {
		pdf.SetY(-15)
		pdf.SetFont("Helvetica", "I", 8)
		pdf.CellFormat(0, 8, w.latin(o.Name)+" - "+strconv.Itoa(pdf.PageNo()), "", 0, "C", false, 0, "")
	})
	pdf.AddPage()
	w.head(p, o)
	for n := w.doc.root.FirstChild(); n != nil; n = n.NextSibling() {
		w.block(n, 0)
	}
	var b bytes.Buffer
	if err := pdf.Output(&b); err != nil {
		return nil, fmt.Errorf("newsroom: print %s: %w", p.ID, err)
	}
	return b.Bytes(), nil
}

func (w press) head(p *Page, o *Outlet) {
	w.say(o.Publisher, "I", 9, 0)
	w.say(p.Title, "B", pdfHeading+2, 0)
	var line []string
	if by := byline(p.Authors, p.Language); by != "" {
		line = append(line, by)
	}
	if when := stampOf(p, p.Published, o); when.Text != "" {
		line = append(line, when.Text)
	}
	w.say(strings.Join(line, " | "), "", 9, 0)
	w.pdf.Ln(pdfLine / 2)
}

// say prints one block of words.
func (w press) say(words, style string, size, indent float64) {
	if words == "" {
		return
	}
	w.pdf.SetFont("Helvetica", style, size)
	w.pdf.SetX(pdfMargin + indent)
	w.pdf.MultiCell(pdfWidth-indent, pdfLine*max(1, size/pdfBody), w.latin(words), "", "L", false)
	w.pdf.Ln(pdfLine / 3)
}

func (w press) block(n ast.Node, indent float64) {
	switch n := n.(type) {
	case *ast.Heading:
		w.pdf.Ln(pdfLine / 3)
		w.say(w.doc.plain(n), "B", pdfHeading-float64(n.Level), indent)
	case *ast.List:
		w.list(n, indent)
	case *extast.Table:
		w.table(n)
	case *ast.Blockquote:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			w.block(c, indent+pdfIndent)
		}
	case *ast.ThematicBreak:
		w.pdf.Ln(pdfLine)
	default:
		w.say(w.doc.plain(n), "", pdfBody, indent)
	}
}

func (w press) list(l *ast.List, indent float64) {
	number := l.Start
	for it := l.FirstChild(); it != nil; it = it.NextSibling() {
		mark := "• "
		if l.IsOrdered() {
			mark = strconv.Itoa(number) + ". "
			number++
		}
		for c := it.FirstChild(); c != nil; c = c.NextSibling() {
			if c.Kind() == ast.KindList {
				w.block(c, indent+pdfIndent)
				continue
			}
			w.say(mark+w.doc.plain(c), "", pdfBody, indent+pdfIndent/2)
			mark = ""
		}
	}
}

// table prints columns of equal width; each row is as high as its longest cell.
func (w press) table(t *extast.Table) {
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		style := ""
		if row.Kind() == extast.KindTableHeader {
			style = "B"
		}
		w.pdf.SetFont("Helvetica", style, pdfBody-2)
		w.row(row)
	}
	w.pdf.Ln(pdfLine / 2)
}

func (w press) row(row ast.Node) {
	var cells []string
	high := 1
	width := pdfWidth / float64(max(1, row.ChildCount()))
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		words := w.latin(w.doc.plain(c))
		cells = append(cells, words)
		high = max(high, len(w.pdf.SplitLines([]byte(words), width)))
	}
	if _, pageHeight := w.pdf.GetPageSize(); w.pdf.GetY()+float64(high)*pdfLine > pageHeight-pdfMargin {
		w.pdf.AddPage()
	}
	x, y := pdfMargin, w.pdf.GetY()
	for _, words := range cells {
		w.pdf.Rect(x, y, width, float64(high)*pdfLine, "D")
		w.pdf.SetXY(x, y)
		w.pdf.MultiCell(width, pdfLine, words, "", "L", false)
		x += width
	}
	w.pdf.SetXY(pdfMargin, y+float64(high)*pdfLine)
}
