package main

import (
	"runtime"
	"testing"

	"github.com/rapsheet/rapsheet/extract"
)

// BenchmarkExtractorHeld makes the extractor with the whole catalogue, and says how much memory it then holds (at most 40 MB).
func BenchmarkExtractorHeld(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var x *extract.Extractor
	for b.Loop() {
		var err error
		if x, err = newExtractor(); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-min(before.HeapAlloc, after.HeapAlloc))/(1<<20), "MB-held")
	runtime.KeepAlive(x)
}
