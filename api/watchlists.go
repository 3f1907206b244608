package api

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// Limits of watchlists.
const (
	watchlistsMost = 100
	watchNamesMost = 5000
)

// Watchlist is a list of organisations and actors that somebody follows. Who is on it says something about who made it: it is AMBER.
type Watchlist struct {
	ID    string        `json:"id"`
	Title string        `json:"title"`
	Names []WatchedName `json:"names"`
	// By and Reason sign the latest change, At is when it was.
	By     string    `json:"by"`
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	TLP    intel.TLP `json:"tlp"`
}

// WatchedName is a name on a list, and since when.
type WatchedName struct {
	Name  string    `json:"name"`
	Since time.Time `json:"since"`
	// Seq is the store's last change when the name was added.
	Seq int64 `json:"seq"`
}

// Watchlists keeps lists. It is called by many goroutines.
type Watchlists interface {
	// All gives every list, sorted by id.
	All() ([]Watchlist, error)
	Put(w Watchlist) error
	// Remove gives intel.ErrNotFound for a list that there is not.
	Remove(id string) error
}

// watchlistBody is the body of PUT /v1/watchlists/{id}.
type watchlistBody struct {
	Title string `json:"title"`
	// Names are all names of the list; those that it had keep their time.
	Names  []string `json:"names"`
	By     string   `json:"by"`
	Reason string   `json:"reason"`
}

var watchlistID = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$`)

func (s *server) allWatchlists() ([]Watchlist, error) {
	if s.Watchlists == nil {
		return nil, bad(http.StatusNotImplemented, "this process keeps no watchlists; 'rapsheet serve' does")
	}
	all, err := s.Watchlists.All()
	if err != nil {
		return nil, fmt.Errorf("api: watchlists: %w", err)
	}
	return all, nil
}

func (s *server) watchlists(c echo.Context) error {
	all, err := s.allWatchlists()
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, list(s, all))
}

func (s *server) watchlist(c echo.Context) error {
	w, err := s.oneWatchlist(c)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, w)
}

func (s *server) oneWatchlist(c echo.Context) (Watchlist, error) {
	id, err := idParam(c, "id")
	if err != nil {
		return Watchlist{}, err
	}
	all, err := s.allWatchlists()
	if err != nil {
		return Watchlist{}, err
	}
	i := slices.IndexFunc(all, func(w Watchlist) bool { return w.ID == id })
	if i < 0 {
		return Watchlist{}, bad(http.StatusNotFound, "there is no watchlist "+id+"; /v1/watchlists lists them")
	}
	return all[i], nil
}

// putWatchlist makes or replaces a list.
func (s *server) putWatchlist(c echo.Context) error {
	id, err := idParam(c, "id")
	if err != nil {
		return err
	}
	all, err := s.allWatchlists()
	if err != nil {
		return err
	}
	var b watchlistBody
	if err := body(c, &b); err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(w Watchlist) bool { return w.ID == id })
	if err := checkWatchlist(id, &b, at < 0 && len(all) >= watchlistsMost); err != nil {
		return err
	}
	now := s.Clock().UTC()
	w := Watchlist{ID: id, Title: b.Title, By: b.By, Reason: b.Reason, At: now, TLP: intel.TLPAmber}
	since := map[string]WatchedName{}
	if at >= 0 {
		for _, n := range all[at].Names {
			since[n.Name] = n
		}
	}
	for _, name := range b.Names {
		n, held := since[name]
		if !held {
			n = WatchedName{name, now, s.Reader.Seq()}
		}
		w.Names = append(w.Names, n)
	}
	if err := s.Watchlists.Put(w); err != nil {
		return fmt.Errorf("api: watchlists: %w", err)
	}
	s.exports.moved.Add(1)
	s.wrote(c, "watchlist", id+" by "+b.By)
	return writeJSON(c, http.StatusOK, w)
}

// checkWatchlist says what is wrong with a list, and brings its names in order.
func checkWatchlist(id string, b *watchlistBody, full bool) error {
	for i := range b.Names {
		b.Names[i] = strings.TrimSpace(b.Names[i])
	}
	slices.Sort(b.Names)
	b.Names = slices.Compact(b.Names)
	switch {
	case !watchlistID.MatchString(id):
		return badParam("id", "letters a to z, digits and hyphens, at most 64")
	case full:
		return bad(http.StatusUnprocessableEntity, fmt.Sprintf("there are %d watchlists already: remove one", watchlistsMost))
	case strings.TrimSpace(b.By) == "" || strings.TrimSpace(b.Reason) == "":
		return bad(http.StatusUnprocessableEntity, "by and reason: a watchlist is signed and says why", Pointer{"/by", "needed"}, Pointer{"/reason", "needed"})
	case len(b.Names) == 0 || len(b.Names) > watchNamesMost:
		return bad(http.StatusUnprocessableEntity, fmt.Sprintf("names: give 1 to %d", watchNamesMost), Pointer{"/names", "too few or many"})
	case len(b.Title) > 200 || slices.ContainsFunc(b.Names, func(n string) bool { return n == "" || len(n) > 512 }):
		return bad(http.StatusUnprocessableEntity, "title has at most 200 bytes, a name 1 to 512", Pointer{"/names", "empty or too long"})
	}
	if b.Title == "" {
		b.Title = id
	}
	return nil
}

func (s *server) removeWatchlist(c echo.Context) error {
	w, err := s.oneWatchlist(c)
	if err != nil {
		return err
	}
	by := c.QueryParam("by")
	if strings.TrimSpace(by) == "" || strings.TrimSpace(c.QueryParam("reason")) == "" {
		return bad(http.StatusUnprocessableEntity, "by and reason: a removal is signed and says why", Pointer{"?by", "needed"}, Pointer{"?reason", "needed"})
	}
	if err := s.Watchlists.Remove(w.ID); err != nil {
		return fmt.Errorf("api: watchlists: %w", err)
	}
	s.exports.moved.Add(1)
	s.wrote(c, "watchlist", w.ID+" removed by "+by)
	return writeJSON(c, http.StatusOK, w)
}

// watches turns lists into what the graph follows. Names are compared folded; one that means an actor follows it under every name.
func (s *server) watches(ctx context.Context) ([]exchange.Watch, error) {
	if s.Watchlists == nil {
		return nil, nil
	}
	all, err := s.allWatchlists()
	if err != nil {
		return nil, err
	}
	out := make([]exchange.Watch, 0, len(all))
	for _, w := range all {
		since, err := s.followed(ctx, w)
		if err != nil {
			return nil, err
		}
		out = append(out, exchange.Watch{ID: w.ID, Title: w.Title, Since: since})
	}
	return out, nil
}

// followed says since when a list follows an incident: since the first of its names that is its victim or actor was added.
func (s *server) followed(ctx context.Context, w Watchlist) (func(intel.Incident) (exchange.Stamp, bool), error) {
	items := make([]intel.EnrichItem, len(w.Names))
	by := map[string]exchange.Stamp{}
	for i, n := range w.Names {
		items[i] = intel.EnrichItem{Value: n.Name}
		by["name:"+names.FoldOrg(n.Name)] = exchange.Stamp{At: n.Since, Seq: n.Seq}
	}
	found, err := s.Reader.Resolve(ctx, items, intel.EnrichOptions{MaxTLP: intel.TLPClear})
	if err != nil {
		return nil, fmt.Errorf("api: watchlist %s: %w", w.ID, err)
	}
	for i, r := range found {
		if r.Status == "found" && len(r.Candidates) == 1 {
			by[r.Candidates[0].Type+":"+r.Candidates[0].ID] = exchange.Stamp{At: w.Names[i].Since, Seq: w.Names[i].Seq}
		}
	}
	return func(in intel.Incident) (first exchange.Stamp, ok bool) {
		keys := []string{"victim:" + in.Victim.ID, "name:" + names.FoldOrg(in.Victim.Name)}
		for _, n := range in.Victim.Aliases {
			keys = append(keys, "name:"+names.FoldOrg(n))
		}
		for _, a := range in.Actors {
			keys = append(keys, "actor:"+a.ID, "name:"+names.FoldOrg(a.Name))
		}
		for _, k := range keys {
			if at, met := by[k]; met && (!ok || at.Seq < first.Seq) {
				first, ok = at, true
			}
		}
		return first, ok
	}, nil
}
