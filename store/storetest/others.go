package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
)

func catalogue(t *testing.T, s Store) {
	ctx := context.Background()
	name := func(n string) intel.Name {
		return intel.Name{Name: n, UsedBy: "Vendor", Source: "cat", Extent: intel.ExtentExact, Match: intel.MatchAlways}
	}
	bear := intel.Actor{ID: "fancy-bear", Name: "Fancy Bear", Kind: intel.ActorGroup, Names: []intel.Name{name("Fancy Bear"), name("Sofacy")}, Origin: "cat"}
	cat := intel.Actor{ID: "cat-one", Name: "Cat One", Kind: intel.ActorGroup, Names: []intel.Name{name("Cat One")}, Origin: "cat"}
	put := func(want intel.CatalogueDiff, actors ...intel.Actor) {
		t.Helper()
		got, err := s.SaveCatalogue(ctx, "cat", intel.Catalogue{Actors: actors, Version: "1"})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	none := []string{}
	put(intel.CatalogueDiff{Added: []string{"fancy-bear", "cat-one"}, Changed: none, Withdrawn: none}, bear, cat)
	before, _ := s.Head(ctx)
	put(intel.CatalogueDiff{Added: none, Changed: none, Withdrawn: none, Unchanged: 2}, bear, cat)
	if after, _ := s.Head(ctx); after != before {
		t.Errorf("an import of the same moved the feed from %d to %d", before, after)
	}
	bear.Names = []intel.Name{name("Fancy Bear"), name("APT28")}
	put(intel.CatalogueDiff{Added: none, Changed: []string{"fancy-bear"}, Withdrawn: []string{"cat-one"}}, bear)
	all, err := s.Actors(ctx)
	if err != nil || len(all.Actors) != 2 {
		t.Fatalf("%d actors, %v", len(all.Actors), err)
	}
	if !all.Actors[0].Withdrawn || all.Actors[0].ID != "cat-one" {
		t.Errorf("withdrawn: %+v", all.Actors[0])
	}
	i := slices.IndexFunc(all.Actors[1].Names, func(n intel.Name) bool { return n.Name == "Sofacy" })
	if i < 0 || !all.Actors[1].Names[i].Withdrawn || len(all.Actors[1].Names) != 3 {
		t.Errorf("names = %+v", all.Actors[1].Names)
	}
	put(intel.CatalogueDiff{Added: []string{"cat-one"}, Changed: none, Withdrawn: none, Unchanged: 1}, bear, cat)
	if a := follow(t, s, 10).Actors["cat-one"]; a.Withdrawn {
		t.Error("asserted again, it is still withdrawn")
	}
}

func journal(t *testing.T, s Store) {
	ctx := context.Background()
	url := "https://paper.example/feed"
	if _, err := s.Last(ctx, url); !errors.Is(err, intel.ErrNotFound) {
		t.Errorf("nothing noted gives %v, want ErrNotFound", err)
	}
	notes := []intel.Fetch{
		{SourceID: "paper", URL: url, At: start(), Outcome: "discovery", ETag: `"a"`, Discovery: true},
		{SourceID: "paper", URL: url, At: start().Add(time.Hour), Outcome: "network-error", Error: "refused", Discovery: true},
	}
	if err := s.Note(ctx, notes); err != nil {
		t.Fatal(err)
	}
	got, err := s.Last(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(notes[0], got, cmp.AllowUnexported(intel.Moment{})); d != "" {
		t.Error(d)
	}
}

func health(t *testing.T, s Store) {
	ctx := context.Background()
	src := func(id string) intel.Source { return intel.Source{ID: id, Name: id} }
	if err := s.SaveSources(ctx, []intel.Source{src("paper"), src("dead"), src("new"), src("gone")}); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveSources(ctx, []intel.Source{src("paper"), src("dead"), src("new")}); err != nil {
		t.Fatal(err)
	}
	save(t, s, Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acme"})
	err := s.Note(ctx, []intel.Fetch{
		{SourceID: "paper", URL: "https://paper.example/feed", At: start(), Outcome: "discovery", Discovery: true},
		{SourceID: "paper", URL: "https://paper.example/dead-link", At: start(), Outcome: "http-error", Status: 404},
		{SourceID: "dead", URL: "https://dead.example/feed", At: start(), Outcome: "network-error", Error: "refused", Discovery: true},
		{SourceID: "stranger", URL: "https://x.example/", At: start(), Outcome: "stored"},
	})
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Health(ctx)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, h := range all {
		got[h.ID] = fmt.Sprintf("%s %d", h.State, h.Reports)
	}
	if d := cmp.Diff(map[string]string{"paper": "ok 1", "dead": "failing 0", "new": "never 0"}, got); d != "" {
		t.Error(d)
	}
	if !slices.IsSortedFunc(all, func(a, b intel.SourceHealth) int { return cmpStrings(a.ID, b.ID) }) {
		t.Error("sources are not sorted by id")
	}
	if err := s.SaveSources(ctx, []intel.Source{src("new")}); err != nil {
		t.Fatal(err)
	}
	changes, err := s.Changes(ctx, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range changes {
		if c.Source != nil && c.Source.ID == "paper" && c.Source.State != "unlisted" {
			t.Errorf("a source that is no longer listed is %s", c.Source.State)
		}
	}
}

func cmpStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func waits(t *testing.T, s Store) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	head, err := s.Head(ctx)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Wait(ctx, head) }()
	save(t, s, Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acme"})
	if err := <-done; err != nil {
		t.Errorf("wait: %v", err)
	}
	over, stop := context.WithCancel(ctx)
	stop()
	head, _ = s.Head(ctx)
	if err := s.Wait(over, head); !errors.Is(err, context.Canceled) {
		t.Errorf("a wait that is called off gives %v", err)
	}
}

func reportsWhileWriting(t *testing.T, s Store) {
	var want []string
	for i := range 12 {
		st := Plain{URL: fmt.Sprintf("https://paper.example/%d", i), Actor: "Akira", Victim: "Acme"}
		save(t, s, st)
		want = append(want, st.URL)
	}
	var got []string
	err := s.Reports(context.Background(), func(r intel.Report) error {
		if r.Text == "" {
			t.Errorf("%s has no text", r.URL)
		}
		got = append(got, r.URL)
		_, err := s.Save(context.Background(), []intel.Entry{Plain{URL: r.URL, Actor: "Akira", Victim: "Acme", Extractor: "newer"}.Entry()})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	stop := errors.New("stop")
	if err := s.Reports(context.Background(), func(intel.Report) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("a stop gives %v", err)
	}
}
