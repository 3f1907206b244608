package index_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rapsheet/rapsheet/index"
	"github.com/rapsheet/rapsheet/intel"
)

// feed is a store with one actor and one report.
type feed []intel.Change

func (f feed) Changes(_ context.Context, after int64, _ int) ([]intel.Change, error) {
	return f[min(int(after), len(f)):], nil
}
func (f feed) Head(context.Context) (int64, error)     { return int64(len(f)), nil }
func (f feed) Wait(ctx context.Context, _ int64) error { <-ctx.Done(); return ctx.Err() }
func at(seq int64) time.Time                           { return time.Date(2025, 9, 3, 0, 0, int(seq), 0, time.UTC) }

func change(seq int64, what, id string) intel.Change {
	return intel.Change{Seq: seq, At: at(seq), What: what, ID: id}
}
func withActor(c intel.Change, a intel.Actor) intel.Change   { c.Actor = &a; return c }
func withRecord(c intel.Change, r intel.Record) intel.Change { c.Record = &r; return c }

func ExampleIndex_Search() {
	ctx := context.Background()
	ix, err := index.Open(ctx, index.Options{Feed: feed{
		withActor(change(1, "actor", "scattered-spider"), intel.Actor{
			ID: "scattered-spider", Name: "Scattered Spider", Origin: "curated",
			Names: []intel.Name{{Name: "Scattered Spider"}, {Name: "Octo Tempest", UsedBy: "Microsoft"}},
		}),
		withRecord(change(2, "report", "r1"), intel.Record{
			Report: intel.Report{ID: "r1", Title: "Octo Tempest calls help desks", Published: intel.OnDay(intel.Date{Year: 2025, Month: 9, Day: 3})},
			Text:   "Octo Tempest calls help desks and asks for new passwords.", Actors: []intel.Mention{{ID: "scattered-spider", Name: "Octo Tempest"}},
		}),
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = ix.Close() }()
	if _, err := ix.CatchUp(ctx); err != nil {
		fmt.Println(err)
		return
	}
	page, err := ix.Search(ctx, intel.Query{Text: "scattered spider"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, h := range page.Items {
		fmt.Println(h.Published, h.Title)
		fmt.Println(h.Why[0].Field, h.Why[0].Matched, "is", h.Why[0].Of)
	}
	// Output:
	// 2025-09-03 Octo Tempest calls help desks
	// actor scattered spider is Scattered Spider
}
