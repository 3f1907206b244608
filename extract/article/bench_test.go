package article

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/markusmobius/go-trafilatura"

	"github.com/rapsheet/rapsheet/intel"
)

// benchPages are all saved pages of testdata, or those of the folder in RAPSHEET_PAGES.
func benchPages(b *testing.B) (docs []intel.Document, size int) {
	b.Helper()
	pattern := "testdata/pages/*/in.html"
	if dir := os.Getenv("RAPSHEET_PAGES"); dir != "" {
		pattern = filepath.Join(dir, "*.html")
	}
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		b.Fatal("no pages", err)
	}
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		size += len(body)
		docs = append(docs, page2(string(body)))
	}
	return docs, size
}

// BenchmarkPages reads all pages:
//
//	RAPSHEET_PAGES=/path/with/html go test -run='^$' -bench='Pages|Trafilatura' -benchmem ./extract/article
func BenchmarkPages(b *testing.B) {
	docs, size := benchPages(b)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, d := range docs {
			_, _ = Read(d) // a page that is no report costs time too
		}
	}
	b.ReportMetric(float64(len(docs))*float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}

// BenchmarkTrafilatura gives the same pages to trafilatura with its fallback, and nothing more: what BenchmarkPages is measured by.
func BenchmarkTrafilatura(b *testing.B) {
	docs, size := benchPages(b)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, d := range docs {
			_, _ = trafilatura.Extract(bytes.NewReader(d.Body), trafilatura.Options{EnableFallback: true, ExcludeComments: true}) // so here
		}
	}
	b.ReportMetric(float64(len(docs))*float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}
