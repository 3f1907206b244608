package article_test

import (
	"fmt"

	"github.com/rapsheet/rapsheet/extract/article"
	"github.com/rapsheet/rapsheet/intel"
)

func ExampleRead() {
	a, err := article.Read(intel.Document{
		URL:         "https://harbour.example/news/ferries?utm_source=mail",
		ContentType: "text/html; charset=utf-8",
		Body: []byte(`<html lang="en"><head><title>Ferries sail again | Harbour News</title>
<meta property="og:site_name" content="Harbour News"></head><body><h1>Ferries sail again</h1><p>By Ada Lindqvist</p><p>11 February 2025</p>
<p>Ferries of the Brightwater line sailed again on Tuesday, three days after its ticket machines had stopped.</p></body></html>`),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Title, a.Authors, a.Published, a.PublishedFrom, a.Language)
	fmt.Println(a.CanonicalURL)
	fmt.Println(a.Text)
	// Output:
	// Ferries sail again [Ada Lindqvist] 2025-02-11 text en
	// https://harbour.example/news/ferries
	// Ferries of the Brightwater line sailed again on Tuesday, three days after its ticket machines had stopped.
}
