package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

// undo takes a decision back.
func undo(t *testing.T, s Store, d intel.Decision) {
	t.Helper()
	decide(t, s, intel.Decision{Kind: intel.DecideUndo, Subject: d.ID})
}

// reread saves stories again as a newer version of the extractor reads them.
func reread(t *testing.T, s Store, stories ...Plain) {
	t.Helper()
	for i := range stories {
		stories[i].Extractor = "newer"
	}
	save(t, s, stories...)
}

func mergeIncidents(t *testing.T, s Store) {
	a := Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acme"}
	b := Plain{URL: "https://paper.example/b", Actor: "Play", Victim: "Acme Shipping", Published: "2026-02-22"}
	save(t, s, a, b)
	ia, ib := about(t, s, "Acme"), about(t, s, "Acme Shipping")
	d := decide(t, s, intel.Decision{Kind: intel.DecideMerge, Subject: ib.ID, Object: ia.ID})
	check := func(when string) {
		t.Helper()
		in := only(t, s)
		if in.ID != ia.ID || len(in.Reports) != 2 || len(in.Actors) != 2 {
			t.Errorf("%s: %+v", when, in)
		}
		if gone := follow(t, s, 10).Incidents[ib.ID]; gone.MergedInto != ia.ID {
			t.Errorf("%s: the merged incident leads to %q", when, gone.MergedInto)
		}
	}
	check("merged")
	reread(t, s, a, b)
	check("read again")
	for _, back := range [][2]string{{ia.ID, ib.ID}, {ib.ID, ia.ID}, {ia.ID, ia.ID}} {
		_, err := s.Decide(context.Background(), intel.Decision{Kind: intel.DecideMerge, Subject: back[0], Object: back[1], By: "ada", Reason: "x"})
		if !errors.Is(err, intel.ErrConflict) && !errors.Is(err, intel.ErrInvalid) {
			t.Errorf("merge %v gives %v", back, err)
		}
	}
	undo(t, s, d)
	if got := about(t, s, "Acme"); len(got.Reports) != 1 {
		t.Errorf("taken back: %+v", got)
	}
	about(t, s, "Acme Shipping")
}

func mergeVictims(t *testing.T, s Store) {
	a := Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Marks and Sparks"}
	b := Plain{URL: "https://paper.example/b", Actor: "Akira", Victim: "Marks & Spencer"}
	save(t, s, a, b)
	from, into := about(t, s, a.Victim).Victim, about(t, s, b.Victim).Victim
	d := decide(t, s, intel.Decision{Kind: intel.DecideMerge, Subject: from.ID, Object: into.ID})
	check := func(when string, want int) {
		t.Helper()
		live := follow(t, s, 10).live()
		reports := 0
		for _, in := range live {
			reports += len(in.Reports)
			if in.Victim.ID != into.ID || in.Victim.Name != into.Name {
				t.Errorf("%s: incident at %+v", when, in.Victim)
			}
		}
		if reports != want {
			t.Errorf("%s: %d reports, want %d", when, reports, want)
		}
	}
	check("merged", 2)
	reread(t, s, a, b)
	check("read again", 2)
	save(t, s, Plain{URL: "https://paper.example/c", Actor: "Play", Victim: a.Victim})
	check("met again", 3)
	if v := follow(t, s, 10).Victims[from.ID]; v.MergedInto != into.ID {
		t.Errorf("the merged victim leads to %q", v.MergedInto)
	}
	undo(t, s, d)
	if v := follow(t, s, 10).Victims[from.ID]; v.MergedInto != "" {
		t.Errorf("taken back, it leads to %q", v.MergedInto)
	}
}

func mergeActors(t *testing.T, s Store) {
	a := Plain{URL: "https://paper.example/a", Actor: "Octo Tempest", Victim: "Acme"}
	b := Plain{URL: "https://paper.example/b", Actor: "Scattered Spider", Victim: "Borealis"}
	save(t, s, a, b)
	from, into := about(t, s, "Acme").Actors[0], about(t, s, "Borealis").Actors[0]
	d := decide(t, s, intel.Decision{Kind: intel.DecideMerge, Subject: from.ID, Object: into.ID})
	check := func(when string) {
		t.Helper()
		if got := about(t, s, "Acme").Actors; len(got) != 1 || got[0].ID != into.ID || got[0].Name != "Scattered Spider" {
			t.Errorf("%s: actors = %+v", when, got)
		}
	}
	check("merged")
	reread(t, s, a, b)
	check("read again")
	undo(t, s, d)
	if got := follow(t, s, 10).Actors[from.ID]; got.MergedInto != "" {
		t.Errorf("taken back, it leads to %q", got.MergedInto)
	}
}

func splits(t *testing.T, s Store) {
	a := Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acme"}
	b := Plain{URL: "https://paper.example/b", Actor: "Akira", Victim: "Acme", Published: "2026-02-25"}
	save(t, s, a, b)
	in := only(t, s)
	moved := held(t, s, b.URL)[0].ID
	d := decide(t, s, intel.Decision{Kind: intel.DecideSplit, Subject: in.ID, Claims: []string{moved, moved}})
	check := func(when string) {
		t.Helper()
		if live := follow(t, s, 10).live(); len(live) != 2 {
			t.Errorf("%s: %d incidents, want 2", when, len(live))
		}
		if got := follow(t, s, 10).Incidents[in.ID]; len(got.Reports) != 1 || got.Reports[0] != intel.ReportID(a.URL) {
			t.Errorf("%s: the old incident has %v", when, got.Reports)
		}
	}
	check("split")
	reread(t, s, a, b)
	check("read again")
	_, err := s.Decide(context.Background(), intel.Decision{Kind: intel.DecideSplit, Subject: in.ID, Claims: []string{held(t, s, a.URL)[0].ID}, By: "ada", Reason: "x"})
	if !errors.Is(err, intel.ErrInvalid) {
		t.Errorf("splitting off everything gives %v, want ErrInvalid", err)
	}
	check("after the refused split")
	undo(t, s, d)
	if got := only(t, s); got.ID != in.ID || len(got.Reports) != 2 {
		t.Errorf("taken back: %+v", got)
	}
}

func notVictim(t *testing.T, s Store) {
	a := Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Metropolitan Police"}
	save(t, s, a)
	in := only(t, s)
	d := decide(t, s, intel.Decision{Kind: intel.DecideNotVictim, Subject: in.Victim.ID})
	reread(t, s, a)
	save(t, s, Plain{URL: "https://paper.example/b", Actor: "Akira", Victim: "Metropolitan Police"})
	if got := only(t, s); got.ID != in.ID || got.Victim.ID != "" || len(got.Reports) != 2 || !got.Reviewed {
		t.Errorf("incident = %+v", got)
	}
	undo(t, s, d)
	if got := only(t, s); got.Victim.ID != in.Victim.ID || got.Reviewed {
		t.Errorf("taken back: %+v", got)
	}
	one := decide(t, s, intel.Decision{Kind: intel.DecideNotVictim, Subject: in.ID})
	if got := only(t, s); got.Victim.ID != "" {
		t.Errorf("of the incident: %+v", got.Victim)
	}
	undo(t, s, one)
	if got := only(t, s); got.Victim.ID != in.Victim.ID {
		t.Errorf("of the incident, taken back: %+v", got.Victim)
	}
}

func wrongActor(t *testing.T, s Store) {
	a := Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acme", Facet: intel.FacetAttribution}
	save(t, s, a)
	in := only(t, s)
	d := decide(t, s, intel.Decision{Kind: intel.DecideWrongActor, Subject: in.ID, Object: "akira"})
	reread(t, s, a)
	if got := only(t, s); len(got.Actors) != 0 || got.Facets.Attribution != intel.StanceDisputed || got.Confidence != 1 {
		t.Errorf("incident = %+v", got)
	}
	undo(t, s, d)
	if got := only(t, s); len(got.Actors) != 1 || got.Confidence == 1 {
		t.Errorf("taken back: %+v", got)
	}
}

func corrections(t *testing.T, s Store) {
	a := Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acmee"}
	save(t, s, a)
	in := only(t, s)
	kind := decide(t, s, intel.Decision{Kind: intel.DecideCorrection, Subject: in.ID, Field: "kind", Value: "extortion"})
	name := decide(t, s, intel.Decision{Kind: intel.DecideCorrection, Subject: in.Victim.ID, Field: "name", Value: "Acme"})
	actor := decide(t, s, intel.Decision{Kind: intel.DecideCorrection, Subject: "akira", Field: "country", Value: "RU"})
	reread(t, s, a)
	st := follow(t, s, 10)
	if got := only(t, s); got.Kind != intel.KindExtortion || got.Victim.Name != "Acme" {
		t.Errorf("incident = %+v", got)
	}
	if v := st.Victims[in.Victim.ID]; v.Name != "Acme" || !slices.Contains(v.Names, "Acmee") {
		t.Errorf("victim = %+v", v)
	}
	if got := st.Actors["akira"]; got.Country != "RU" {
		t.Errorf("actor = %+v", got)
	}
	for _, d := range []intel.Decision{kind, name, actor} {
		undo(t, s, d)
	}
	st = follow(t, s, 10)
	if got := only(t, s); got.Kind != intel.KindRansomware || got.Victim.Name != "Acmee" {
		t.Errorf("taken back: incident = %+v", got)
	}
	if v, x := st.Victims[in.Victim.ID], st.Actors["akira"]; v.Name != "Acmee" || x.Country != "" {
		t.Errorf("taken back: victim %+v, actor %+v", v, x)
	}
	if len(st.Decisions) != 6 {
		t.Errorf("%d decisions in the feed, want 6", len(st.Decisions))
	}
}

func badDecisions(t *testing.T, s Store) {
	save(t, s, Plain{URL: "https://paper.example/a", Actor: "Akira", Victim: "Acme"})
	in := only(t, s)
	for name, c := range map[string]struct {
		d    intel.Decision
		want error
	}{
		"unknown kind":      {intel.Decision{Kind: "guess", Subject: in.ID, By: "a", Reason: "b"}, intel.ErrInvalid},
		"unsigned":          {intel.Decision{Kind: intel.DecideNotVictim, Subject: in.ID, Reason: "b"}, intel.ErrInvalid},
		"no reason":         {intel.Decision{Kind: intel.DecideNotVictim, Subject: in.ID, By: "a"}, intel.ErrInvalid},
		"unknown subject":   {intel.Decision{Kind: intel.DecideNotVictim, Subject: "x", By: "a", Reason: "b"}, intel.ErrNotFound},
		"unknown object":    {intel.Decision{Kind: intel.DecideMerge, Subject: in.ID, Object: "x", By: "a", Reason: "b"}, intel.ErrNotFound},
		"two kinds":         {intel.Decision{Kind: intel.DecideMerge, Subject: in.ID, Object: "akira", By: "a", Reason: "b"}, intel.ErrInvalid},
		"unknown field":     {intel.Decision{Kind: intel.DecideCorrection, Subject: in.ID, Field: "status", By: "a", Reason: "b"}, intel.ErrInvalid},
		"unknown value":     {intel.Decision{Kind: intel.DecideCorrection, Subject: in.ID, Field: "kind", Value: "meteor", By: "a", Reason: "b"}, intel.ErrInvalid},
		"not an incident":   {intel.Decision{Kind: intel.DecideWrongActor, Subject: "akira", Object: "x", By: "a", Reason: "b"}, intel.ErrInvalid},
		"no claims":         {intel.Decision{Kind: intel.DecideSplit, Subject: in.ID, By: "a", Reason: "b"}, intel.ErrInvalid},
		"unknown claim":     {intel.Decision{Kind: intel.DecideSplit, Subject: in.ID, Claims: []string{"x"}, By: "a", Reason: "b"}, intel.ErrNotFound},
		"unknown report":    {intel.Decision{Kind: intel.DecidePurge, Subject: "x", By: "a", Reason: "b"}, intel.ErrNotFound},
		"unknown decision":  {intel.Decision{Kind: intel.DecideUndo, Subject: "x", By: "a", Reason: "b"}, intel.ErrNotFound},
		"actor as victim":   {intel.Decision{Kind: intel.DecideNotVictim, Subject: "akira", By: "a", Reason: "b"}, intel.ErrInvalid},
		"wrong actor: whom": {intel.Decision{Kind: intel.DecideWrongActor, Subject: in.ID, By: "a", Reason: "b"}, intel.ErrInvalid},
	} {
		if _, err := s.Decide(context.Background(), c.d); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	all, err := s.Decisions(context.Background())
	if err != nil || len(all) != 0 {
		t.Errorf("%d decisions held, %v", len(all), err)
	}
}
