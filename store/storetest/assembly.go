package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
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

// bridged saves three reports of one event, the one between last: until then nothing says that the others are one. Read in any
// order, alone or together, one incident is left; the one that was recorded later leads to it, and what was on record before stays.
func bridged(t *testing.T, open func(t *testing.T, env Env) Store) {
	told := func(n int) Plain {
		day := []string{"2025-09-02", "2025-10-10", "2025-11-20"}[n]
		return Plain{URL: fmt.Sprintf("https://paper.example/%d", n), Title: "Acme told " + day, Quote: "Acme was attacked.", Victim: "Acme", Published: day}
	}
	for _, order := range [][]int{{0, 2, 1}, {2, 0, 1}, {0, 1, 2}, {1, 0, 2}} {
		alone, together := open(t, NewEnv()), open(t, NewEnv())
		var entries []intel.Entry
		for _, n := range order {
			save(t, alone, told(n))
			entries = append(entries, told(n).Entry())
		}
		saveEntries(t, together, entries...)
		for name, s := range map[string]Store{"alone": alone, "together": together} {
			if in := only(t, s); len(in.Reports) != 3 {
				t.Errorf("%v, %s: %d of 3 reports are in the incident", order, name, len(in.Reports))
			}
		}
	}
	s := open(t, NewEnv())
	save(t, s, told(0), told(2))
	first, second := incidentOf(t, s, told(0)), incidentOf(t, s, told(2))
	if first == second {
		t.Fatal("reports 79 days apart are one incident before anything joins them")
	}
	before := held(t, s, told(2).URL)
	save(t, s, told(1))
	if gone := follow(t, s, 10).Incidents[second]; gone.MergedInto != first || len(gone.Reports) != 0 {
		t.Errorf("the incident that was put into another: %+v", gone)
	}
	for _, c := range before {
		rec, err := s.Record(context.Background(), c.ReportID)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(rec.Claims, func(now intel.Claim) bool { return now.ID == c.ID })
		if at < 0 || rec.Claims[at].IncidentID != second || !rec.Claims[at].HeldAt(c.RecordedFrom) {
			t.Errorf("what was on record before: %+v", rec.Claims)
		}
	}
}

// bridgedNever saves what looks like a bridge between incidents that are two: a person decided about one, they name different actors, or
// they are known to have happened months apart.
func bridgedNever(t *testing.T, s Store) {
	a := Plain{URL: "https://paper.example/a", Quote: "Acme was attacked.", Victim: "Acme", Published: "2025-09-02"}
	b := Plain{URL: "https://paper.example/b", Quote: "Acme was attacked.", Victim: "Acme", Published: "2025-11-20"}
	save(t, s, a, b)
	decide(t, s, intel.Decision{Kind: intel.DecideCorrection, Subject: incidentOf(t, s, b), Field: "sector", Value: "retail"})
	save(t, s, Plain{URL: "https://paper.example/c", Quote: "Acme was attacked.", Victim: "Acme", Published: "2025-10-10"})
	if incidentOf(t, s, a) == incidentOf(t, s, b) {
		t.Error("an incident a person decided about was put into another")
	}
	a = Plain{URL: "https://paper.example/d", Actor: "Akira", Victim: "Bolt", Published: "2025-09-02"}
	b = Plain{URL: "https://paper.example/e", Actor: "Play", Victim: "Bolt", Published: "2025-11-20"}
	save(t, s, a, b, Plain{URL: "https://paper.example/f", Quote: "Bolt was attacked.", Victim: "Bolt", Published: "2025-10-10"})
	if incidentOf(t, s, a) == incidentOf(t, s, b) {
		t.Error("incidents of two actors were put together by a report that names none")
	}
}

// incidentOf is the incident that a story's claims are in.
func incidentOf(t *testing.T, s Store, story Plain) string {
	t.Helper()
	claims := held(t, s, story.URL)
	if len(claims) == 0 {
		t.Fatalf("%s has no claims", story.URL)
	}
	return claims[0].IncidentID
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
