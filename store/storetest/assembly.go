package storetest

import (
	"context"
	"testing"

	"github.com/rapsheet/rapsheet/ledger"
)

// leastF1 is how well incidents must be assembled from the reports of a stream with known truth.
const leastF1 = 0.90

// assembly saves streams in the order the reports are found and compares the incidents with the truth.
func assembly(t *testing.T, open func(t *testing.T, env Env) Store) {
	for seed := range uint64(3) {
		stream := NewStream(seed, 120)
		env, now := stillEnv()
		*now = date(1200).UTC()
		s := open(t, env)
		for from := 0; from < len(stream.Entries); from += 200 {
			saveEntries(t, s, stream.Entries[from:min(from+200, len(stream.Entries))]...)
		}
		got := map[Item]string{}
		for _, e := range stream.Entries {
			rec, err := s.Record(context.Background(), e.Report.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range rec.Claims {
				got[Item{c.ReportID, c.Victim.Name}] = c.IncidentID
			}
		}
		precision, recall, f1 := ledger.BCubed(stream.Truth, got)
		t.Logf("seed %d: %d reports, %d items of %d incidents in %d: B-cubed precision %.3f, recall %.3f, F1 %.3f",
			seed, len(stream.Entries), len(stream.Truth), different(stream.Truth), different(got), precision, recall, f1)
		if f1 < leastF1 {
			t.Errorf("seed %d: F1 %.3f, want %.2f", seed, f1, leastF1)
		}
	}
}

func different[T comparable](of map[Item]T) int {
	seen := map[T]bool{}
	for _, v := range of {
		seen[v] = true
	}
	return len(seen)
}

// bcubed holds the measure to cases worked out by hand.
func bcubed(t *testing.T) {
	a, b, c, d := Item{"a", ""}, Item{"b", ""}, Item{"c", ""}, Item{"d", ""}
	truth := map[Item]int{a: 1, b: 1, c: 2, d: 2}
	for name, tc := range map[string]struct {
		got               map[Item]string
		precision, recall float64
	}{
		"right":    {map[Item]string{a: "x", b: "x", c: "y", d: "y"}, 1, 1},
		"all one":  {map[Item]string{a: "x", b: "x", c: "x", d: "x"}, 0.5, 1},
		"each one": {map[Item]string{a: "w", b: "x", c: "y", d: "z"}, 1, 0.5},
	} {
		if p, r, _ := ledger.BCubed(truth, tc.got); p != tc.precision || r != tc.recall {
			t.Errorf("%s: precision %v, recall %v", name, p, r)
		}
	}
}
