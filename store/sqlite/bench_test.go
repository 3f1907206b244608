package sqlite

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

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

// BenchmarkBusy saves one more report on an incident that has many claims already, and all of them in batches of 200 reports:
// neither may grow faster than the claims do.
func BenchmarkBusy(b *testing.B) {
	for _, claims := range []int{1000, 2500, 10000} {
		b.Run(strconv.Itoa(claims), func(b *testing.B) {
			var filling, adding time.Duration
			for b.Loop() {
				s := openAt(b, filepath.Join(b.TempDir(), "rapsheet.db"), storetest.NewEnv())
				began := time.Now()
				for i := 0; i < claims/4; i += 200 {
					save(b, s, i, min(i+200, claims/4))
				}
				filling += time.Since(began)
				began = time.Now()
				for i := range 10 {
					save(b, s, claims/4+i, claims/4+i+1)
				}
				adding += time.Since(began)
			}
			b.ReportMetric(float64(filling.Microseconds())/float64(claims*b.N), "us/claim")
			b.ReportMetric(float64(adding.Microseconds())/1000/float64(10*b.N), "ms/report-more")
		})
	}
}

// save saves the articles of some numbers as if all told of one incident.
func save(b *testing.B, s *Store, from, to int) {
	b.Helper()
	batch := make([]intel.Entry, 0, to-from)
	for i := from; i < to; i++ {
		e := storetest.Article(i)
		e.Report.Published, e.Extraction.Incidents[0].Victims[0].Name = intel.OnDay(intel.Date{Year: 2026, Month: 1, Day: 1 + i%28}), "Fernhollow Logistics"
		batch = append(batch, e)
	}
	if _, err := s.Save(b.Context(), batch); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkAssembly assembles a stream of reports on incidents whose truth is known, storing them as it goes, 200 a transaction.
func BenchmarkAssembly(b *testing.B) {
	entries := storetest.NewStream(9, 400).Entries
	b.ReportAllocs()
	for b.Loop() {
		s := openAt(b, filepath.Join(b.TempDir(), "rapsheet.db"), storetest.NewEnv())
		for from := 0; from < len(entries); from += 200 {
			if _, err := s.Save(b.Context(), entries[from:min(from+200, len(entries))]); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(len(entries)*b.N)/b.Elapsed().Seconds(), "reports/s")
}
