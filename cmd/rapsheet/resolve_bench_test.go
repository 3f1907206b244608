package main

import (
	"io"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/rapsheet/rapsheet/intel"
)

// BenchmarkResolveAll resolves 1,000 names of the full catalogues in one call to the index of a folder, as a server does; p50-ms is what
// the target is about, cpu-ms what it takes of a processor, so that a busy machine does not change the figure.
//
// go test ./cmd/rapsheet -run '^$' -bench ResolveAll -benchtime 100x
func BenchmarkResolveAll(b *testing.B) {
	a := &app{stdout: io.Discard, stderr: io.Discard, now: time.Now, newID: uuid.NewString, cfg: config{Data: b.TempDir(), LogLevel: "error"}}
	f, err := a.openFolder(b.Context(), false)
	if err != nil {
		b.Fatal(err)
	}
	defer f.close() //nolint:errcheck // a benchmark's folder
	if err := f.openIndex(b.Context(), a); err != nil {
		b.Fatal(err)
	}
	c, err := f.store.Actors(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	items := make([]intel.EnrichItem, 0, 1000)
	for _, act := range c.Actors {
		for _, n := range act.Names {
			if len(items) < cap(items) {
				items = append(items, intel.EnrichItem{Value: n.Name})
			}
		}
	}
	var took []time.Duration
	before := cpu(b)
	for b.Loop() {
		begin := time.Now()
		if found, err := f.index.Resolve(b.Context(), items, intel.EnrichOptions{}); err != nil || len(found) != len(items) {
			b.Fatal(len(found), err)
		}
		took = append(took, time.Since(begin))
	}
	b.ReportMetric(float64((cpu(b)-before).Microseconds())/1000/float64(len(took)), "cpu-ms")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
}
