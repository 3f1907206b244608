package exchange_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s differs (-want +got); -update rewrites it:\n%s", path, d)
	}
}

// at is the time of every export here.
func at() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC) }

func named(names ...string) []intel.Name {
	var out []intel.Name
	for _, n := range names {
		out = append(out, intel.Name{Name: n, Source: "curated", Extent: intel.ExtentExact, Match: intel.MatchAlways})
	}
	return out
}

// actors are invented: two own the name "Grey Lantern".
func actors() []intel.ActorProfile {
	amber := intel.ActorProfile{Actor: intel.Actor{
		ID: "amber-heron", Name: "Amber Heron", Kind: intel.ActorBrand, Motivation: []string{"financial gain"},
		Names: named("Amber Heron", "HERON-7", "Grey Lantern", "heron 7"), ExternalIDs: map[string][]string{"attack": {"G9901"}},
	}}
	amber.Names[1].UsedBy = "Northfield Labs"
	amber.Summary = intel.Summary{
		Incidents: 3, ClaimOnly: 1, Denied: 1, Corroborated: 1,
		LastReported: intel.OnDay(intel.Date{Year: 2025, Month: time.November, Day: 30}),
	}
	quiet := intel.ActorProfile{Actor: intel.Actor{ID: "quiet-moth", Name: "Quiet Moth", Kind: intel.ActorGroup, Names: named("Quiet Moth", "grey lantern", "Old Moth")}}
	quiet.Names[2].Withdrawn = true
	return []intel.ActorProfile{amber, quiet}
}

func incident(id, victim string, actor intel.ActorProfile) intel.IncidentDetail {
	in := intel.IncidentDetail{Incident: intel.Incident{
		ID: id, Status: intel.StanceReported, VictimAnswer: "none found", Confidence: 0.72,
		Victim: intel.VictimRef{Ref: intel.Ref{ID: "v-" + id, Name: victim}},
		Actors: []intel.ActorRef{{Ref: intel.Ref{ID: actor.ID, Name: actor.Name}}},
	}}
	in.Claims = []intel.ClaimDetail{{Title: "Outage at " + victim, URL: "https://news.example/" + id, Publisher: "Example Press"}}
	return in
}

// incidents are one attributed event, one that only the actor claims, and one that its victim denies.
func incidents() []intel.IncidentDetail {
	a := actors()
	attributed, claimed, denied := incident("one", "Brightwater Foods", a[0]), incident("two", "Larkspur Rail", a[0]), incident("three", "Oakmere Clinic", a[1])
	attributed.Facets.Attribution, attributed.VictimAnswer = intel.StanceAttributed, string(intel.StanceConfirmed)
	claimed.ClaimOnly, claimed.Status = true, intel.StanceClaimed
	denied.ClaimOnly, denied.Status, denied.VictimAnswer, denied.Confidence = true, intel.StanceDenied, string(intel.StanceDenied), 0.12
	return []intel.IncidentDetail{attributed, claimed, denied}
}
