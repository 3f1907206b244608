package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

// fakeWatchlists keeps lists in memory; it begins with one.
type fakeWatchlists struct{ all []Watchlist }

func (f *fakeWatchlists) All() ([]Watchlist, error) {
	if f.all == nil {
		f.all = []Watchlist{{ID: "suppliers", Title: "Suppliers", Names: []WatchedName{{Name: "Nobody Ltd"}}, By: "ana", Reason: "r", TLP: intel.TLPAmber}}
	}
	return f.all, nil
}

func (f *fakeWatchlists) Put(w Watchlist) error {
	f.all = append(slices.DeleteFunc(f.all, func(o Watchlist) bool { return o.ID == w.ID }), w)
	return nil
}

func (f *fakeWatchlists) Remove(id string) error {
	f.all = append([]Watchlist{}, slices.DeleteFunc(f.all, func(o Watchlist) bool { return o.ID == id })...)
	return nil
}

func TestWatchlistsAreChecked(t *testing.T) {
	_, h := newServer(t, func(o *Options) { o.Watchlists = &fakeWatchlists{} })
	for _, tt := range []struct {
		path, body string
		want       int
	}{
		{"/v1/watchlists/a", `{"names":["x"]}`, 422},
		{"/v1/watchlists/a", `{"names":[],"by":"a","reason":"b"}`, 422},
		{"/v1/watchlists/a", `{"names":[" "],"by":"a","reason":"b"}`, 422},
		{"/v1/watchlists/A_b", `{"names":["x"],"by":"a","reason":"b"}`, 400},
		{"/v1/watchlists/..%2fx", `{"names":["x"],"by":"a","reason":"b"}`, 400},
		{"/v1/watchlists/a", `{"names":["` + strings.Repeat("x", 513) + `"],"by":"a","reason":"b"}`, 422},
		{"/v1/watchlists/a", `{"names":["x"],"by":"a","reason":"b"}`, 200},
	} {
		if w := call(h, "PUT", tt.path, tt.body); w.Code != tt.want {
			t.Errorf("%s %s: %d %s", tt.path, tt.body, w.Code, w.Body)
		}
	}
	if w := call(h, "DELETE", "/v1/watchlists/a", ""); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("%d for an unsigned removal", w.Code)
	}
	if w := call(h, "GET", "/v1/watchlists/none", ""); w.Code != http.StatusNotFound {
		t.Errorf("%d for no list", w.Code)
	}
	_, without := newServer(t)
	if w := call(without, "GET", "/v1/watchlists", ""); w.Code != http.StatusNotImplemented {
		t.Errorf("%d without lists", w.Code)
	}
}

// TestAWatchlistIsACollection follows a list while names come and go, and after a restart.
func TestAWatchlistIsACollection(t *testing.T) {
	feed, lists := &fakeFeed{}, &fakeWatchlists{}
	feed.fill()
	for n := range 6 {
		feed.incidentNo(n, false)
	}
	serve := func() http.Handler {
		_, h := newServer(t, func(o *Options) { o.Feed, o.Watchlists = feed, lists })
		return h
	}
	pull := func(h http.Handler, collection string) string {
		w := call(h, "GET", taxiiRoot+"collections/"+collection+"/objects/", "", "Accept", taxiiMedia)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", collection, w.Code, w.Body)
		}
		return w.Body.String()
	}
	h := serve()
	const victim = "Organisation 3"
	if got := pull(h, "watchlist-suppliers"); strings.Contains(got, `"relationship--`) {
		t.Errorf("a list of nobody brings %.300s", got)
	}
	body, err := json.Marshal(watchlistBody{Names: []string{"Nobody Ltd", strings.ToUpper(victim)}, By: "ana", Reason: "a new supplier"})
	if err != nil {
		t.Fatal(err)
	}
	if w := call(h, "PUT", "/v1/watchlists/suppliers", string(body)); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	got := pull(h, "watchlist-suppliers")
	if !strings.Contains(got, `"type":"incident"`) && !strings.Contains(got, `"relationship--`) || len(got) >= len(pull(h, "all")) {
		t.Errorf("%s is watched, and the list brings %.600s", victim, got)
	}
	if !strings.Contains(got, victim) || strings.Contains(got, "Organisation 4") {
		t.Errorf("the list of %s brings %.1500s", victim, got)
	}
	if again := pull(serve(), "watchlist-suppliers"); again != got {
		t.Errorf("after a restart the collection is another:\n%.400s\n%.400s", got, again)
	}
	if w := call(h, "DELETE", "/v1/watchlists/suppliers?by=ana&reason=done", ""); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := call(h, "GET", taxiiRoot+"collections/watchlist-suppliers/", "", "Accept", taxiiMedia); w.Code != http.StatusNotFound {
		t.Errorf("%d for the collection of a list that was removed", w.Code)
	}
}
