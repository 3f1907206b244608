package article

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

// BenchmarkPages reads all saved pages of testdata, or those of the folder in RAPSHEET_PAGES:
//
//	RAPSHEET_PAGES=/path/with/html go test -run='^$' -bench=Pages -benchmem ./extract/article
func BenchmarkPages(b *testing.B) {
	pattern := "testdata/pages/*/in.html"
	if dir := os.Getenv("RAPSHEET_PAGES"); dir != "" {
		pattern = filepath.Join(dir, "*.html")
	}
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		b.Fatal("no pages", err)
	}
	docs := make([]intel.Document, 0, len(files))
	size := 0
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		size += len(body)
		docs = append(docs, page2(string(body)))
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, d := range docs {
			_, _ = Read(d) // a page that is no report costs time too
		}
	}
	b.ReportMetric(float64(len(docs))*float64(b.N)/b.Elapsed().Seconds(), "pages/s")
}
