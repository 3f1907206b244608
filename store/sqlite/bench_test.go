package sqlite

import (
	"path/filepath"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/store/storetest"
)

// BenchmarkSave stores new reports of 600 words and four claims, 200 a transaction; the target is at most 1 ms a report.
func BenchmarkSave(b *testing.B) {
	s := openAt(b, filepath.Join(b.TempDir(), "rapsheet.db"), storetest.NewEnv())
	const size = 200
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		batch := make([]intel.Entry, size)
		for i := range batch {
			batch[i] = storetest.Article(n)
			n++
		}
		b.StartTimer()
		if _, err := s.Save(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(n), "ms/report")
}

// BenchmarkFeed follows the feed of new reports, 200 at a time, with everything they changed.
func BenchmarkFeed(b *testing.B) {
	s := openAt(b, filepath.Join(b.TempDir(), "rapsheet.db"), storetest.NewEnv())
	const size = 1000
	batch := make([]intel.Entry, size)
	for i := range batch {
		batch[i] = storetest.Article(i)
	}
	if _, err := s.Save(b.Context(), batch); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		for after := int64(0); ; {
			page, err := s.Changes(b.Context(), after, 200)
			if err != nil {
				b.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			after = page[len(page)-1].Seq
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(size*b.N), "ms/report")
}
