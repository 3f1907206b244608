//go:build unix

package names_test

import (
	"fmt"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// manyNames are 5,000 names of actors and 50,000 of organisations, invented.
func manyNames() []string {
	out := make([]string, 0, 55_000)
	for i := range 5000 {
		if i%3 == 0 {
			out = append(out, fmt.Sprintf("UNC%d", 1000+i))
			continue
		}
		out = append(out, fmt.Sprintf("Invented %c%c Heron %d", 'a'+i%26, 'a'+i/26%26, i))
	}
	heads := []string{"Works", "Bank", "Hospital", "Logistics", "University", "Foods", "Airways", "Council", "Energy", "Press"}
	for i := range 50_000 {
		out = append(out, fmt.Sprintf("%c%c%s %s", 'A'+i%26, 'a'+i/26%26, []string{"rnholm", "stavia", "ldmere", "queby"}[i/676%4]+fmt.Sprint(i/2704), heads[i%10]))
	}
	return out
}

// scaleText names one actor and one organisation a sentence or so, like reports do.
var scaleText = strings.Repeat("The regional operator said on Tuesday that UNC1003 had taken customer records from two of its systems at Aarnholm0 Works, and that nobody else was meant. "+
	"A spokesperson for the hospital said that no data had been taken, as far as was known, and that doctors wrote on paper for three weeks. ", 400)

// processTime is the time the process has spent on processors, so that a busy machine does not change the figure.
func processTime(b *testing.B) float64 {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return float64(r.Utime.Sec+r.Stime.Sec) + float64(r.Utime.Usec+r.Stime.Usec)/1e6
}

// go test ./names -run '^$' -bench Scale
func BenchmarkScale(b *testing.B) {
	list := make([]names.Entry, 0, 55_000)
	for i, n := range manyNames() {
		list = append(list, names.Entry{Name: n, Policy: intel.MatchAlways, ID: i})
	}
	m := names.NewMatcher(list)
	found := 0
	b.SetBytes(int64(len(scaleText)))
	b.ReportAllocs()
	before, n := processTime(b), 0
	for b.Loop() {
		found = len(m.Find(scaleText))
		n++
	}
	b.ReportMetric(float64(n*len(scaleText))/1e6/(processTime(b)-before), "MB/core-s")
	if found != 800 {
		b.Fatalf("%d names found, want 800", found)
	}
}

// BenchmarkScaleRegexp is the usual way for comparison, with 5,000 of the 55,000 names: one expression of alternatives.
func BenchmarkScaleRegexp(b *testing.B) {
	alternatives := manyNames()[:5000]
	for i := range alternatives {
		alternatives[i] = regexp.QuoteMeta(alternatives[i])
	}
	re := regexp.MustCompile(`(?i)\b(?:` + strings.Join(alternatives, "|") + `)\b`)
	text := scaleText[:4000]
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		re.FindAllStringIndex(text, -1)
	}
}
