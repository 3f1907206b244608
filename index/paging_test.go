package index

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

// Pages that follow each other hold every item that was there at the first, once, whatever comes in meanwhile.
func TestPagesLoseAndDoubleNothing(t *testing.T) {
	for seed := range uint64(6) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		n := randomNewsroom(seed, 60, nil)
		ix := indexed(t, n)
		for qi, q := range []intel.Query{
			{},
			{Sort: "oldest"},
			{Actor: "actor1"},
			{Text: "report"},
			{Text: "report", Sort: "newest"},
			{Text: "Actor Number2 OR report", Sort: "oldest"},
			{AsOf: n.now},
			{Text: "report actor missing"},
			{Victim: "victim3", MinConfidence: 0.7},
		} {
			q.Limit = 200
			all, err := ix.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			var seen []string
			q.Limit = 1 + rnd.IntN(7)
			for pages := 0; ; pages++ {
				page, err := ix.Search(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				seen = append(seen, ids(page)...)
				if page.NextCursor == "" {
					break
				}
				if len(page.Items) != q.Limit || pages > 2000 {
					t.Fatalf("query %d: page %d has %d items of %d", qi, pages, len(page.Items), q.Limit)
				}
				q.Cursor = page.NextCursor
				if pages < 20 {
					n.save(page2(rnd, qi, pages))
				}
				if _, err := ix.CatchUp(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			once := slices.Clone(seen)
			slices.Sort(once)
			if len(slices.Compact(once)) != len(seen) {
				t.Errorf("seed %d query %d: an item came twice: %v", seed, qi, seen)
			}
			for _, id := range ids(all) {
				if !slices.Contains(seen, id) {
					t.Errorf("seed %d query %d: %s was lost", seed, qi, id)
				}
			}
		}
	}
}

// page2 is a report that comes in between two pages.
func page2(rnd *rand.Rand, q, i int) page {
	return page{
		id: fmt.Sprintf("n%d-%d-%d", q, i, rnd.Uint32()), title: "Report", text: "Report report actor", source: "wire",
		published: fmt.Sprintf("2025-%02d-%02d", 1+rnd.IntN(12), 1+rnd.IntN(28)),
		stories:   []story{{incident: fmt.Sprintf("ni%d-%d", q, i), actor: "actor1", victim: "victim3", kind: intel.KindDDoS}},
	}
}

func TestListPages(t *testing.T) {
	ix := indexed(t, randomNewsroom(3, 60, nil))
	count := func(next func(cursor string) ([]string, string, int, error)) {
		t.Helper()
		var seen []string
		cursor, total := "", 0
		for {
			got, c, n, err := next(cursor)
			if err != nil {
				t.Fatal(err)
			}
			seen, total = append(seen, got...), n
			if cursor = c; cursor == "" {
				break
			}
		}
		once := slices.Clone(seen)
		slices.Sort(once)
		if len(slices.Compact(once)) != total || len(seen) != total || total == 0 {
			t.Errorf("saw %v, total %d", seen, total)
		}
	}
	for _, order := range []string{"newest", "oldest"} {
		count(func(c string) (out []string, next string, total int, err error) {
			p, err := ix.Incidents(t.Context(), intel.Query{Limit: 3, Cursor: c, Sort: order})
			for _, i := range p.Items {
				out = append(out, i.ID)
			}
			return out, p.NextCursor, p.Total, err
		})
		count(func(c string) (out []string, next string, total int, err error) {
			p, err := ix.Actors(t.Context(), intel.Query{Limit: 3, Cursor: c, Sort: order, Kind: intel.KindDDoS})
			for _, i := range p.Items {
				out = append(out, i.ID)
			}
			return out, p.NextCursor, p.Total, err
		})
		count(func(c string) (out []string, next string, total int, err error) {
			p, err := ix.Victims(t.Context(), intel.Query{Limit: 1, Cursor: c, Sort: order})
			for _, i := range p.Items {
				out = append(out, i.ID)
			}
			return out, p.NextCursor, p.Total, err
		})
	}
	p, err := ix.Incidents(t.Context(), intel.Query{Limit: 1})
	if err != nil || p.NextCursor == "" {
		t.Fatal(err)
	}
	if _, err := ix.Incidents(t.Context(), intel.Query{Limit: 1, Actor: "actor1", Cursor: p.NextCursor}); err == nil {
		t.Error("a cursor of another query was taken")
	}
}
