package index

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
)

// queries are asked of two indexes that must answer alike.
func queries() []intel.Query {
	qs := []intel.Query{
		{Limit: 200},
		{Sort: "oldest"},
		{Actor: "UNC6040", Facets: []string{"victim", "year", "status"}},
		{Actor: "SLSH", ExpandMembers: true},
		{Victim: "HMX"},
		{Country: "GB", Facets: []string{"actor", "kind", "source", "language", "sector", "country"}},
		{Kind: intel.KindDDoS},
		{From: day("2025-01-01"), To: day("2025-06-30")},
		{MinConfidence: 0.95},
		{MaxTLP: intel.TLPRed},
		{CVE: "CVE-2025-10001"},
	}
	for _, text := range []string{"brookbank", "shinyhunters", "chess OR diplomats", "attack -bank", `"denial of service"`, "the data breach", "login.crm-sync.example"} {
		qs = append(qs, intel.Query{Text: text}, intel.Query{Text: text, Sort: "newest", Facets: []string{"victim"}})
	}
	return qs
}

// answers collects everything an index says to queries.
func answers(t *testing.T, ix *Index, qs []intel.Query) []any {
	t.Helper()
	var out []any
	for _, q := range qs {
		hits, err := ix.Search(t.Context(), q)
		incidents, ierr := ix.Incidents(t.Context(), q)
		actors, aerr := ix.Actors(t.Context(), q)
		victims, verr := ix.Victims(t.Context(), q)
		for _, p := range []*intel.Coverage{&hits.Coverage, &incidents.Coverage, &actors.Coverage, &victims.Coverage} {
			*p = intel.Coverage{}
		}
		// The token of a remembered list differs between processes.
		if hits.NextCursor != "" {
			hits.NextCursor = "more"
		}
		out = append(out, hits, incidents, actors, victims, fmt.Sprint(errors.Join(err, ierr, aerr, verr)))
	}
	return out
}

func same(t *testing.T, what string, want, got []any) {
	t.Helper()
	for i := range want {
		if diff := cmp.Diff(want[i], got[i], cmp.Comparer(func(a, b intel.Moment) bool { return a == b })); diff != "" {
			t.Fatalf("%s: answer %d (-want +got):\n%s", what, i, diff)
		}
	}
}

func TestRebuildGivesTheSameAnswers(t *testing.T) {
	n := corpus()
	ix := indexed(t, n)
	// Changes after the first reading, so that the rebuilt index sees another history of segments and ordinals.
	n.save(page{id: "r09", title: "How children learn to play chess, corrected", source: "wire", published: "2025-02-02", text: "Children play chess at home."})
	n.purge("r07")
	n.save(pages()[0])
	if _, err := ix.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := answers(t, ix, queries())
	same(t, "another index", want, answers(t, indexed(t, n), queries()))
	if err := ix.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	same(t, "rebuilt", want, answers(t, ix, queries()))
}

func TestOpenAgain(t *testing.T) {
	n, dir := corpus(), t.TempDir()
	open := func() *Index {
		t.Helper()
		ix, err := Open(t.Context(), Options{Feed: n, Archive: n, Dir: dir, BatchCount: 4})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ix.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		return ix
	}
	ix := open()
	want := answers(t, ix, queries())
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		harm func(t *testing.T)
	}{
		{"untouched", func(*testing.T) {}},
		{"meta gone", func(t *testing.T) { remove(t, filepath.Join(dir, "text", "index_meta.json")) }},
		{"root gone", func(t *testing.T) { remove(t, filepath.Join(dir, "text", "store", "root.bolt")) }},
		{"root garbage", func(t *testing.T) { write(t, filepath.Join(dir, "text", "store", "root.bolt"), "garbage") }},
		{"segments gone", func(t *testing.T) {
			segments, err := filepath.Glob(filepath.Join(dir, "text", "store", "*.zap"))
			if err != nil || len(segments) == 0 {
				t.Fatalf("no segments: %v", err)
			}
			for _, s := range segments {
				remove(t, s)
			}
		}},
		{"folder gone", func(t *testing.T) {
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.harm(t)
			ix := open()
			same(t, c.name, want, answers(t, ix, queries()))
			if err := ix.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
	t.Run("another store", func(t *testing.T) {
		n = newNewsroom()
		n.save(page{id: "x1", title: "Alone", source: "wire", text: "Nothing else is here."})
		ix := open()
		defer ix.Close()
		if got, err := ix.Search(t.Context(), intel.Query{Text: "brookbank"}); err != nil || got.Total != 0 {
			t.Errorf("a report of another store is still found: %v %v", ids(got), err)
		}
		if got, err := ix.Search(t.Context(), intel.Query{Text: "alone"}); err != nil || got.Total != 1 {
			t.Errorf("own report: %v %v", ids(got), err)
		}
	})
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, s string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A process may be killed between writing texts and applying columns, and between two batches. Opening again must go on.
func TestInterruptedBatches(t *testing.T) {
	n, dir := corpus(), t.TempDir()
	head, err := n.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := answers(t, indexed(t, n), queries())
	for upTo := int64(1); upTo <= head; upTo += 5 {
		ix, err := Open(t.Context(), Options{Feed: n, Archive: n, Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		changes, err := n.Changes(t.Context(), ix.stored, int(5))
		if err != nil {
			t.Fatal(err)
		}
		if len(changes) > 0 {
			// Texts only: the columns are lost with the process.
			if err := ix.text.put(changes, changes[len(changes)-1].Seq); err != nil {
				t.Fatal(err)
			}
		}
		if err := ix.text.idx.Close(); err != nil {
			t.Fatal(err)
		}
	}
	ix, err := Open(t.Context(), Options{Feed: n, Archive: n, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	if _, err := ix.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	same(t, "interrupted", want, answers(t, ix, queries()))
}

func TestFollowWithReaders(t *testing.T) {
	n := corpus()
	ix, err := Open(t.Context(), Options{Feed: n, Archive: n, BatchCount: 7})
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	done := make(chan error, 1)
	go func() { done <- ix.Follow(ctx) }()
	for range 3 {
		wg.Go(func() {
			for range 20 {
				for _, q := range queries() {
					// Names may not be known yet; anything else is wrong.
					if _, err := ix.Search(ctx, q); err != nil && !errors.Is(err, intel.ErrNotFound) {
						t.Error(err)
					}
				}
				_, err := ix.Enrich(ctx, []intel.EnrichItem{{Value: "ShinyHunters"}, {Value: "Brookbank"}}, intel.EnrichOptions{MinConfidence: 0.8})
				_, serr := ix.Suggest(ctx, "sc", 5)
				if err := errors.Join(err, serr); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range 60 {
		n.save(page{
			id: fmt.Sprintf("new%02d", i), title: "ShinyHunters again", source: "wire", published: "2025-11-01", text: "ShinyHunters and Brookbank again.",
			stories: []story{{incident: "i-brook-25", actor: "shinyhunters", victim: "brookbank", kind: intel.KindDataBreach, confidence: 0.9}},
		})
	}
	wg.Wait()
	head, _ := n.Head(t.Context())
	for deadline := time.Now().Add(10 * time.Second); ix.Seq() < head && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("follow ended with %v", err)
	}
	if page, err := ix.Search(t.Context(), intel.Query{Text: "again"}); err != nil || page.Total != 60 {
		t.Errorf("found %d of 60: %v", page.Total, err)
	}
}

func TestGeneration(t *testing.T) {
	n := corpus()
	ix := indexed(t, n)
	step := func(change func()) (before, after uint64) {
		t.Helper()
		before, _ = ix.Generation()
		change()
		if _, err := ix.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		after, at := ix.Generation()
		if at.IsZero() {
			t.Error("generation has no time")
		}
		return before, after
	}
	wire := intel.SourceHealth{Source: intel.Source{ID: "wire", Name: "Wire", Reliability: "B"}, State: "ok", LastSuccess: n.now.Add(time.Hour)}
	if a, b := step(func() { n.source(wire) }); a != b {
		t.Error("a fetch that changed nothing moved the generation")
	}
	wire.State = "failing"
	if a, b := step(func() { n.source(wire) }); a == b {
		t.Error("a source that fails did not move the generation")
	}
	if a, b := step(func() { n.save(pages()[3]) }); a == b {
		t.Error("a report did not move the generation")
	}
	if c := ix.Coverage(); c.Sources != 2 || c.Failing != 2 || c.Reports != 12 || c.Since.String() != "2021-05-10" {
		t.Errorf("coverage %+v", c)
	}
}
