package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/intel"
)

// The crawler of the process that owns a folder is the only one that may ask publishers: two would be twice as often at each host.
// So a command that wants to look back leaves its wish in the folder, and the owner does it beside its live rounds. A wish stays until
// it is done, also over a restart.
const (
	wishFile  = "lookback.json"
	stateFile = "lookback.state.json"
	wishEvery = time.Second
	// wishPatience is how long whoever left a wish waits for the owner to take it.
	wishPatience = 20 * time.Second
)

// wish is to look back to a day at some sources, all when none is named.
type wish struct {
	ID      string   `json:"id"`
	Since   string   `json:"since"`
	Sources []string `json:"sources,omitempty"`
}

// wishState is how far a wish is.
type wishState struct {
	ID     string       `json:"id"`
	Pages  int          `json:"pages"`
	Total  int          `json:"total"`
	Done   bool         `json:"done"`
	Error  string       `json:"error,omitempty"`
	Result []wishSource `json:"result,omitempty"`
}

// wishSource is what looking back did at one source.
type wishSource struct {
	ID       string         `json:"id"`
	Found    int            `json:"found"`
	Requests int            `json:"requests"`
	Outcomes map[string]int `json:"outcomes"`
	Partial  bool           `json:"partial,omitempty"`
	Error    string         `json:"error,omitempty"`
}

// grantWishes looks back when somebody wishes it, until ctx ends.
func (a *app) grantWishes(ctx context.Context, cr *crawler.Crawler, w *work) error {
	for {
		var asked wish
		if err := readJSON(filepath.Join(w.folder.dir, wishFile), &asked); err == nil && asked.ID != "" {
			if err := a.grant(ctx, cr, w, asked); err != nil {
				return err
			}
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			a.logger().WarnContext(ctx, "looking back: the wish cannot be read", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wishEvery):
		}
	}
}

// grant looks back, tells how far it is, and removes the wish when it is done.
func (a *app) grant(ctx context.Context, cr *crawler.Crawler, w *work, asked wish) error {
	path := filepath.Join(w.folder.dir, stateFile)
	state, told := wishState{ID: asked.ID}, time.Time{}
	if err := writeJSON(path, state); err != nil {
		return fmt.Errorf("looking back: %w", err)
	}
	since, err := intel.ParseDate(asked.Since)
	var sources []intel.Source
	if err == nil {
		sources, err = pick(w.sources, asked.Sources)
	}
	if err == nil {
		var res crawler.Result
		res, err = cr.Backfill(ctx, sources, since, w.pipeline.deliver, func(b crawler.Backlog) {
			if time.Since(told) < wishEvery {
				return
			}
			told, state.Pages, state.Total = time.Now(), b.PagesDone, max(b.Total(), b.PagesDone)
			if err := writeJSON(path, state); err != nil {
				a.logger().WarnContext(ctx, "looking back: how far it is cannot be told", "error", err)
			}
		})
		if ctx.Err() != nil {
			return ctx.Err() // the next process goes on
		}
		tellSources(ctx, a.logger(), res)
		state.take(res)
	}
	if state.Done = true; err != nil {
		state.Error = err.Error()
	}
	// The wish goes first: one that is done must not be granted again.
	if err := os.Remove(filepath.Join(w.folder.dir, wishFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("looking back: %w", err)
	}
	if err := writeJSON(path, state); err != nil {
		return fmt.Errorf("looking back: %w", err)
	}
	return nil
}

func (s *wishState) take(res crawler.Result) {
	for _, r := range res.Sources {
		one := wishSource{ID: r.SourceID, Found: r.Found, Requests: r.Requests, Outcomes: r.Outcomes, Partial: r.Partial}
		if r.Err != nil {
			one.Error = oneLine(r.Err)
		}
		s.Result = append(s.Result, one)
	}
}

// result is what showRound shows.
func (s wishState) result() crawler.Result {
	var res crawler.Result
	for _, r := range s.Result {
		one := crawler.SourceResult{SourceID: r.ID, Found: r.Found, Requests: r.Requests, Outcomes: r.Outcomes, Partial: r.Partial}
		if r.Error != "" {
			one.Err = errors.New(r.Error)
		}
		res.Sources = append(res.Sources, one)
	}
	return res
}

// askToLookBack leaves a wish for the owner of the folder and shows how far it is until it is done.
func (a *app) askToLookBack(ctx context.Context, ids []string, from intel.Date, owned error) error {
	all, err := a.sourceList()
	if err != nil {
		return err
	}
	if _, err := pick(all, ids); err != nil {
		return err
	}
	path := filepath.Join(a.cfg.Data, wishFile)
	asked, held := wish{ID: a.newID(), Since: from.String(), Sources: ids}, wish{}
	switch err := readJSON(path, &held); {
	case err == nil && held.Since == asked.Since && slices.Equal(held.Sources, asked.Sources):
		asked = held // the same again: only look on
	case err == nil:
		return fmt.Errorf("crawl: another rapsheet is looking back to %s already: wait until it is done: %w", held.Since, owned)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("crawl: %s: %w", path, err)
	default:
		if err := writeJSON(path, asked); err != nil {
			return fmt.Errorf("crawl: %w", err)
		}
	}
	bar := a.progress("back to " + from.String())
	defer bar.done()
	state, err := a.followWish(ctx, asked, bar)
	bar.done()
	switch {
	case ctx.Err() != nil:
		a.say("the server goes on looking back; the same command shows how far it is")
		return ctx.Err()
	case errors.Is(err, errNotTaken):
		return errors.Join(fmt.Errorf("crawl: %w: %w", errNotTaken, owned), os.Remove(path))
	case err != nil:
		return err
	case state.Error != "":
		return fmt.Errorf("crawl: %s", state.Error)
	}
	return a.showRound(state.result())
}

// errNotTaken says that the owner of the folder does not crawl.
var errNotTaken = errors.New("the process that owns the folder does not crawl")

// followWish gives the last state of a wish.
func (a *app) followWish(ctx context.Context, asked wish, bar *progress) (wishState, error) {
	left := time.Now().Add(wishPatience)
	for {
		var state wishState
		err := readJSON(filepath.Join(a.cfg.Data, stateFile), &state)
		switch {
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return state, fmt.Errorf("crawl: %w", err)
		case err == nil && state.ID == asked.ID && state.Done:
			return state, nil
		case err == nil && state.ID == asked.ID:
			bar.set(state.Pages, state.Total)
		case time.Now().After(left):
			return state, errNotTaken
		}
		select {
		case <-ctx.Done():
			return state, ctx.Err()
		case <-time.After(wishEvery / 2):
		}
	}
}

func readJSON(path string, v any) error {
	b, err := os.ReadFile(path) //nolint:gosec // below the data folder
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// writeJSON replaces a file at once, so that nobody reads half of it.
func writeJSON(path string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
