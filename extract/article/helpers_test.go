package article

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/rapsheet/rapsheet/extract/pdf"
	"github.com/rapsheet/rapsheet/intel"
)

func parsed(t *testing.T, s string) *html.Node {
	t.Helper()
	n, err := html.Parse(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestFromPDF(t *testing.T) {
	body := "Copper Heron targets harbour operators\n\n14 March 2025\n\n" + strings.Repeat("The group entered through a forgotten server and moved on to the file shares of the port. ", 3)
	text := pdf.Text{
		Title: "Copper Heron targets harbour operators", Author: "Nordvik Response Team", Body: body, FirstPage: body, Pages: 1,
		Created: intel.OnDay(intel.Date{Year: 2025, Month: 4, Day: 2}),
	}
	doc := intel.Document{URL: "https://nordvik.example/a.pdf", Retrieved: fetched}
	a, err := FromPDF(doc, text)
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != text.Title || a.Published.String() != "2025-03-14" || a.PublishedFrom != "text" || len(a.Authors) != 1 || strings.Contains(a.Text, text.Title) || a.Language != "en" {
		t.Errorf("%+v", a)
	}
	text.FirstPage, text.Body = "no date here", strings.Replace(body, "14 March 2025\n\n", "", 1)
	if a, err = FromPDF(doc, text); err != nil || a.Published.String() != "2025-04-02" || a.PublishedFrom != "meta" {
		t.Errorf("%v %v", a.Published, err)
	}
	if _, err = FromPDF(doc, pdf.Text{Title: "Scan", Pages: 3}); err == nil || !strings.Contains(err.Error(), "scan") {
		t.Errorf("err %v", err)
	}
}
