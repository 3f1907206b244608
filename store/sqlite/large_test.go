package sqlite

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
	"github.com/rapsheet/rapsheet/store/storetest"
)

var largeReports = flag.Int("reports", 5_000, "how many reports BenchmarkLarge stores")

// prose is an article of 600 words that compresses as news does: words of a vocabulary, the common ones often.
func prose(draw *rand.Rand, vocabulary []string) string {
	var b strings.Builder
	for range 600 {
		at := draw.Float64()
		b.WriteString(vocabulary[int(at*at*at*float64(len(vocabulary)))])
		b.WriteByte(' ')
	}
	return b.String()
}

// BenchmarkLarge says what many reports with three claims each take: on disk, and in memory while they are saved and when the feed
// is read from its start. All of it must stay under 500 MB of memory at 100,000 reports:
//
//	go test -run '^$' -bench Large -benchtime 1x -timeout 30m ./store/sqlite -reports 100000
func BenchmarkLarge(b *testing.B) {
	draw := rand.New(rand.NewPCG(3, 4))
	vocabulary := make([]string, 12_000)
	for i := range vocabulary {
		vocabulary[i] = intel.UUIDv5("word", strconv.Itoa(i))[:3+draw.IntN(5)]
	}
	for b.Loop() {
		path := filepath.Join(b.TempDir(), "rapsheet.db")
		s := openAt(b, path, storetest.NewEnv())
		for from := 0; from < *largeReports; from += 200 {
			batch := make([]intel.Entry, 0, 200)
			for n := from; n < min(from+200, *largeReports); n++ {
				e := storetest.Article(n)
				e.Extraction.Incidents[0].Claims = e.Extraction.Incidents[0].Claims[:3]
				e.Report.Text = prose(draw, vocabulary)
				sum := sha256.Sum256([]byte(e.Report.Text))
				e.Report.ContentHash, e.Report.Fingerprint = hex.EncodeToString(sum[:]), ledger.Fingerprint(e.Report.Text)
				batch = append(batch, e)
			}
			if _, err := s.Save(b.Context(), batch); err != nil {
				b.Fatal(err)
			}
		}
		claims := 0
		for after := int64(0); ; {
			page, err := s.Changes(b.Context(), after, 500)
			if err != nil {
				b.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			after = page[len(page)-1].Seq
			for _, c := range page {
				if c.Record != nil {
					claims += len(c.Record.Claims)
				}
			}
		}
		if claims != 3**largeReports {
			b.Fatalf("%d claims of %d reports", claims, *largeReports)
		}
		report(b, s, path)
	}
}

// report prints what a store takes.
func report(b *testing.B, s *Store, path string) {
	b.Helper()
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/1e6, "MB-heap")
	if peak, err := peakResident(); err == nil {
		b.ReportMetric(peak, "MB-resident-peak")
	}
	if err := s.scrub(b.Context()); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/1e6, "MB-file")
}

// peakResident is the most memory this process had, in MB, where the system says.
func peakResident() (float64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		return 0, fmt.Errorf("no peak in %d bytes", len(status))
	}
	kb, err := strconv.ParseFloat(string(found[1]), 64)
	return kb / 1000, err
}
