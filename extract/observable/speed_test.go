//go:build unix

package observable_test

import (
	"strings"
	"syscall"
	"testing"

	"github.com/rapsheet/rapsheet/extract/observable"
)

// processTime is the time the process has spent on processors, so that a busy machine does not change the figure.
func processTime(b *testing.B) float64 {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return float64(r.Utime.Sec+r.Stime.Sec) + float64(r.Utime.Usec+r.Stime.Usec)/1e6
}

// go test ./extract/observable -run '^$' -bench .
func BenchmarkScan(b *testing.B) {
	text := strings.Repeat(prose, 400)
	b.SetBytes(int64(len(text)))
	before, n := processTime(b), 0
	for b.Loop() {
		observable.Scan(text)
		n++
	}
	b.ReportMetric(float64(n*len(text))/1e6/(processTime(b)-before), "MB/core-s")
}
