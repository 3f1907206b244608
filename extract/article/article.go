package article

import (
	"fmt"
	"mime"
	"strings"

	"golang.org/x/net/html"

	"github.com/rapsheet/rapsheet/intel"
)

const (
	// MaxBytes is the largest document that is read; a longer one is refused.
	MaxBytes = intel.MaxDocument
	// maxElements is how many elements the main-text search is given; a larger tree is read by the plain rules only.
	maxElements = 15_000
	// minLetters is how many letters a page must hold to be a report.
	minLetters = 60
)

// Read gives the readable part of an HTML page or a plain text. It returns intel.ErrInvalid for a document that cannot be read
// and intel.ErrNotReport for one that was read but is no report; both name the document.
func Read(doc intel.Document) (intel.Article, error) {
	if len(doc.Body) > MaxBytes {
		return intel.Article{}, invalid(doc, fmt.Sprintf("is %.1f MB long; the limit is %d MB", float64(len(doc.Body))/(1<<20), MaxBytes>>20))
	}
	if strings.TrimSpace(string(doc.Body[:min(len(doc.Body), 4096)])) == "" && strings.TrimSpace(string(doc.Body)) == "" {
		return intel.Article{}, notReport(doc, "the document is empty")
	}
	kind := sniff(doc)
	switch kind {
	case "text/html":
		return readHTML(doc)
	case "text/plain":
		return readPlain(doc)
	default:
		return intel.Article{}, invalid(doc, "has content type "+kind+"; HTML and plain text are read here")
	}
}

// sniff decides between HTML, plain text and what is neither, by the header first and the first bytes after.
func sniff(doc intel.Document) string {
	head := strings.ToLower(string(doc.Body[:min(len(doc.Body), 2048)]))
	t, _, err := mime.ParseMediaType(doc.ContentType)
	if err != nil {
		t = strings.TrimSpace(strings.ToLower(strings.SplitN(doc.ContentType, ";", 2)[0]))
	}
	switch t {
	case "text/html", "application/xhtml+xml":
		return "text/html"
	case "text/plain", "text/markdown":
		if looksHTML(head) {
			return "text/html"
		}
		return "text/plain"
	}
	if strings.HasPrefix(head, "%pdf-") {
		return "application/pdf"
	}
	if t != "" && t != "application/octet-stream" && t != "text/xml" && t != "application/xml" {
		return t
	}
	if looksHTML(head) {
		return "text/html"
	}
	if strings.Contains(head, "\x00") {
		return "application/octet-stream"
	}
	return "text/plain"
}

func looksHTML(head string) bool {
	head = strings.TrimLeft(head, "\ufeff \t\r\n")
	for _, p := range []string{"<!doctype html", "<html", "<head", "<body", "<!--"} {
		if strings.HasPrefix(head, p) {
			return true
		}
	}
	return strings.Contains(head, "<html") || strings.Contains(head, "<body")
}

// readHTML reads a page.
func readHTML(doc intel.Document) (intel.Article, error) {
	root, err := html.Parse(strings.NewReader(decode(doc.Body, doc.ContentType)))
	if err != nil {
		return intel.Article{}, invalid(doc, "is not readable HTML ("+strings.TrimPrefix(err.Error(), "html: ")+")")
	}
	p := newPage(doc, root)
	body := p.mainText()
	a := intel.Article{
		Title:    p.title(),
		SiteName: p.site,
		Appendix: body.appendix,
		Modified: p.modified(),
	}
	blocks := dropTitle(body.blocks, a.Title)
	kept, notice := dropNotices(blocks, a.Title)
	a.Authors = p.authors(body.blocks)
	a.Text = join(dropDateline(dropNames(kept, a.Authors)))
	if why := p.notReport(a.Title, a.Text, notice); why != "" {
		return intel.Article{}, notReport(doc, why)
	}
	if p.isListing(kept) {
		return intel.Article{}, notReport(doc, listingPage)
	}
	a.Published, a.PublishedFrom = p.published(body.blocks)
	a.Language = language(doc, p.declared(), a.Title+"\n"+a.Text)
	a.CanonicalURL, a.SyndicatedFrom = p.address()
	a.RightsReserved = doc.RightsReserved || p.reserved()
	return a, nil
}

func invalid(doc intel.Document, why string) error {
	return fmt.Errorf("extract: read %s: the document %s: %w", name(doc), why, intel.ErrInvalid)
}

func notReport(doc intel.Document, why string) error {
	return fmt.Errorf("extract: read %s: %s: %w", name(doc), why, intel.ErrNotReport)
}

// name is how a document is called in messages.
func name(doc intel.Document) string {
	switch {
	case doc.FinalURL != "":
		return doc.FinalURL
	case doc.URL != "":
		return doc.URL
	}
	return "document without an address"
}
