package article

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/rapsheet/rapsheet/extract/pdf"
	"github.com/rapsheet/rapsheet/intel"
)

// PDFReader takes the text out of a PDF document; *pdf.Engine is one. It returns intel.ErrInvalid for a document it cannot read.
type PDFReader interface {
	Text(ctx context.Context, body []byte) (pdf.Text, error)
}

// ReadAny reads a document of any kind: PDF through the reader, HTML and plain text by Read.
func ReadAny(ctx context.Context, doc intel.Document, reader PDFReader) (intel.Article, error) {
	if !IsPDF(doc) {
		return Read(doc)
	}
	if reader == nil {
		return intel.Article{}, invalid(doc, "is a PDF, and no PDF engine was given")
	}
	text, err := reader.Text(ctx, doc.Body)
	if err != nil {
		return intel.Article{}, fmt.Errorf("extract: read %s: %w", name(doc), err)
	}
	return FromPDF(doc, text)
}

// IsPDF says that a document is a PDF, by its first bytes or, when it does not say otherwise, by its content type.
func IsPDF(doc intel.Document) bool {
	head := string(doc.Body[:min(len(doc.Body), 1024)])
	if strings.Contains(head, "%PDF-") {
		return !looksHTML(strings.ToLower(head))
	}
	return strings.Contains(strings.ToLower(doc.ContentType), "application/pdf") && !looksHTML(strings.ToLower(head))
}

// FromPDF makes an article of the text of a PDF. The date is what the first page shows, else what the file says of itself.
func FromPDF(doc intel.Document, text pdf.Text) (intel.Article, error) {
	if doc.GivenTitle == "" {
		doc.GivenTitle = text.Title
	}
	a, err := fromLines(doc, text.Body)
	if errors.Is(err, intel.ErrNotReport) && countLetters(text.Body) < minLetters {
		return intel.Article{}, notReport(doc, "the PDF holds no text (it may be a scan)")
	}
	if err != nil {
		return intel.Article{}, err
	}
	p := &page{doc: doc}
	a.Authors = append(a.Authors, p.pdfAuthors(text.Author)...)
	if !a.Published.IsZero() {
		return a, nil
	}
	for line := range strings.SplitSeq(text.FirstPage, "\n") {
		if countLetters(line) > 90 || changeWord.MatchString(line) {
			continue
		}
		if m := visibleDate(line, a.Language == "en", a.Language != "en"); possible(m, doc.Retrieved) {
			a.Published, a.PublishedFrom = m, "text"
			return a, nil
		}
	}
	if possible(text.Created, doc.Retrieved) {
		a.Published, a.PublishedFrom = text.Created, "meta"
	}
	return a, nil
}

// pdfAuthors keeps what the metadata call the author when it is a name and not an account or a program.
func (p *page) pdfAuthors(s string) []string {
	if !strings.Contains(strings.TrimSpace(s), " ") {
		return nil
	}
	return p.cleanNames([]string{s}, true)
}
