package main

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/api"
	"github.com/rapsheet/rapsheet/intel"
)

func TestWatchlistsAreKept(t *testing.T) {
	w := &watchlistFile{path: filepath.Join(t.TempDir(), "watchlists.json")}
	for _, id := range []string{"b", "a", "b"} {
		if err := w.Put(api.Watchlist{ID: id, Title: id}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Remove("none"); !errors.Is(err, intel.ErrNotFound) {
		t.Errorf("removing what is not there: %v", err)
	}
	again := &watchlistFile{path: w.path}
	got, err := again.All()
	if d := cmp.Diff([]api.Watchlist{{ID: "a", Title: "a"}, {ID: "b", Title: "b"}}, got); err != nil || d != "" {
		t.Error(err, d)
	}
	if err := again.Remove("a"); err != nil {
		t.Fatal(err)
	}
	if got, err := w.All(); err != nil || len(got) != 1 || got[0].ID != "b" {
		t.Error(err, got)
	}
}
