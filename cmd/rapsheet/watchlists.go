package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/rapsheet/rapsheet/api"
	"github.com/rapsheet/rapsheet/intel"
)

// watchlistFile keeps watchlists in DIR/watchlists.json.
type watchlistFile struct {
	path string
	mu   sync.Mutex
}

func (f *folder) watchlists() *watchlistFile {
	return &watchlistFile{path: filepath.Join(f.dir, "watchlists.json")}
}

// All implements api.Watchlists.
func (w *watchlistFile) All() ([]api.Watchlist, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.read()
}

func (w *watchlistFile) read() ([]api.Watchlist, error) {
	all := []api.Watchlist{}
	b, err := os.ReadFile(w.path)
	if errors.Is(err, fs.ErrNotExist) {
		return all, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &all)
	}
	if err != nil {
		return nil, fmt.Errorf("watchlists: %w", err)
	}
	return all, nil
}

// Put implements api.Watchlists.
func (w *watchlistFile) Put(list api.Watchlist) error {
	return w.change(func(all []api.Watchlist) ([]api.Watchlist, error) {
		return append(slices.DeleteFunc(all, func(o api.Watchlist) bool { return o.ID == list.ID }), list), nil
	})
}

// Remove implements api.Watchlists.
func (w *watchlistFile) Remove(id string) error {
	return w.change(func(all []api.Watchlist) ([]api.Watchlist, error) {
		kept := slices.DeleteFunc(slices.Clone(all), func(o api.Watchlist) bool { return o.ID == id })
		if len(kept) == len(all) {
			return nil, fmt.Errorf("watchlists: %s: %w", id, intel.ErrNotFound)
		}
		return kept, nil
	})
}

// change replaces the file as a whole.
func (w *watchlistFile) change(f func([]api.Watchlist) ([]api.Watchlist, error)) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	all, err := w.read()
	if err != nil {
		return err
	}
	if all, err = f(all); err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b api.Watchlist) int { return strings.Compare(a.ID, b.ID) })
	b, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		return fmt.Errorf("watchlists: %w", err)
	}
	return replaceFile(w.path, b)
}
