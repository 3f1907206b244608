package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapsheet/rapsheet/intel"
)

// pages is how many addresses anyEntry draws from.
const pages = 8

// onRecord is what a store says was on record at a moment.
type onRecord struct {
	Claims    []intel.Claim
	Actors    []intel.Actor
	Decisions []intel.Decision
}

func recordedAt(r *rapid.T, s Store, at time.Time) onRecord {
	ctx := context.Background()
	var out onRecord
	for page := range pages {
		rec, err := s.Record(ctx, intel.ReportID(fmt.Sprintf("https://paper.example/%d", page)))
		if err != nil {
			if !refused(err) {
				r.Fatalf("record: %v", err)
			}
			continue
		}
		for _, c := range rec.Claims {
			if !c.HeldAt(at) {
				continue
			}
			// That it was ended later, weighed again against what came later, or found again by another extractor or at another
			// place of the page, is on record now.
			c.RecordedTo, c.Credibility, c.Origin, c.Extractor, c.Span = time.Time{}, 0, "", "", intel.Span{}
			out.Claims = append(out.Claims, c)
		}
	}
	slices.SortFunc(out.Claims, func(a, b intel.Claim) int { return cmp.Compare(a.ID, b.ID) })
	var err error
	if out.Actors, err = s.ActorsAt(ctx, at); err != nil {
		r.Fatalf("actors: %v", err)
	}
	if out.Decisions, err = s.DecisionsAt(ctx, at); err != nil {
		r.Fatalf("decisions: %v", err)
	}
	return out
}

// anyStep does one of the things that leave a record: reports, decisions, decisions taken back, catalogues that change names.
func anyStep(r *rapid.T, s Store, ids []string) {
	ctx := context.Background()
	switch rapid.IntRange(0, 6).Draw(r, "step") {
	case 0:
		if _, err := s.Decide(ctx, anyDecision(r, ids)); !refused(err) {
			r.Fatalf("decide: %v", err)
		}
	case 1:
		made, err := s.Decisions(ctx)
		if err != nil {
			r.Fatalf("decisions: %v", err)
		}
		if len(made) > 0 {
			d := rapid.SampledFrom(made).Draw(r, "undone")
			if _, err := s.Decide(ctx, intel.Decision{Kind: intel.DecideUndo, Subject: d.ID, By: "ada", Reason: "wrong"}); !refused(err) {
				r.Fatalf("undo: %v", err)
			}
		}
	case 2:
		if _, err := s.SaveCatalogue(ctx, "atlas", anyCatalogue(r)); !refused(err) {
			r.Fatalf("catalogue: %v", err)
		}
	case 3:
		now := recordedAt(r, s, time.Time{}).Claims
		if len(now) > 0 {
			c := rapid.SampledFrom(now).Draw(r, "split off")
			if _, err := s.Decide(ctx, intel.Decision{Kind: intel.DecideSplit, Subject: c.IncidentID, Claims: []string{c.ID}, By: "ada", Reason: "another"}); !refused(err) {
				r.Fatalf("split: %v", err)
			}
		}
	default:
		entries := rapid.SliceOfN(rapid.Custom(anyEntry), 1, 4).Draw(r, "entries")
		for i := range entries {
			if rapid.Bool().Draw(r, "related") {
				entries[i].Extraction.Relations = []intel.Relation{{From: "gang0", Type: intel.RelOverlaps, To: fmt.Sprintf("gang%d", rapid.IntRange(1, 2).Draw(r, "other"))}}
			}
		}
		if _, err := s.Save(ctx, entries); !refused(err) {
			r.Fatalf("save: %v", err)
		}
	}
}

// anyCatalogue draws a catalogue of two actors with names that come and go.
func anyCatalogue(r *rapid.T) intel.Catalogue {
	c := intel.Catalogue{Version: "1"}
	for n := range 2 {
		name := fmt.Sprintf("gang %d", n)
		a := intel.Actor{ID: fmt.Sprintf("gang%d", n), Name: name, Kind: intel.ActorGroup, Origin: "atlas"}
		for _, other := range []string{name, "Red " + name, "Blue " + name} {
			if other == name || rapid.Bool().Draw(r, "named") {
				a.Names = append(a.Names, intel.Name{Name: other, Source: "atlas", Extent: intel.ExtentExact, Match: intel.MatchAlways})
			}
		}
		if rapid.Bool().Draw(r, "relation") {
			a.Relations = []intel.Relation{{From: a.ID, Type: intel.RelCollaborates, To: "gang2", Source: "atlas"}}
		}
		c.Actors = append(c.Actors, a)
	}
	return c
}

// past runs a store on and looks back: what it says of each moment is what it said when it had got no further.
func past(t *testing.T, open func(t *testing.T, env Env) Store) {
	rapid.Check(t, func(r *rapid.T) {
		env, now := stillEnv()
		s := open(t, env)
		var ids []string
		for n := range 10 {
			ids = append(ids, fmt.Sprintf("id-%06d", n+1))
		}
		var moments []time.Time
		var stopped []onRecord
		for range rapid.IntRange(2, 8).Draw(r, "steps") {
			*now = now.Add(time.Hour)
			anyStep(r, s, ids)
			moments, stopped = append(moments, now.Add(time.Minute)), append(stopped, recordedAt(r, s, time.Time{}))
		}
		for i, at := range moments {
			if d := gocmp.Diff(stopped[i], recordedAt(r, s, at), gocmp.AllowUnexported(intel.Moment{})); d != "" {
				r.Fatalf("after step %d (-) and as of then (+) differ:\n%s", i, d)
			}
		}
	})
}
