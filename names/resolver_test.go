package names_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

func named(id string, list ...string) intel.Actor {
	a := intel.Actor{ID: id, Name: list[0], Kind: intel.ActorGroup, Origin: "test"}
	for _, n := range list {
		a.Names = append(a.Names, intel.Name{Name: n, Source: "test", Extent: intel.ExtentExact, Match: names.Policy(n)})
	}
	return a
}

func testCatalogue() intel.Catalogue {
	umbrella, heron, moth := named("lantern-row", "Lantern Row"), named("amber-heron", "Amber Heron", "HERON-7", "Grey Steppe"), named("quiet-moth", "Quiet Moth", "Grey Steppe", "M0thm3n", "Moth Crew")
	heron.Names[1].UsedBy = "Northfield Labs"
	heron.Relations = []intel.Relation{{From: heron.ID, Type: intel.RelMemberOf, To: umbrella.ID, Since: intel.Date{Year: 2025, Month: time.August, Day: 8}, Source: "test"}}
	moth.Relations = []intel.Relation{{From: moth.ID, Type: intel.RelMemberOf, To: umbrella.ID, Until: intel.Date{Year: 2025, Month: time.October, Day: 1}, Source: "test"}}
	old := named("old-heron", "Old Heron", "Heronry")
	old.MergedInto = heron.ID
	gone := named("gone-lark", "Gone Lark", "Lark-9")
	gone.Names[1].Withdrawn = true
	return intel.Catalogue{Actors: []intel.Actor{umbrella, heron, moth, old, gone, named("new-lark", "New Lark", "Lark-9")}}
}

func TestResolve(t *testing.T) {
	r := names.NewResolver(testCatalogue())
	tests := []struct {
		asked, match string
		ids          []string
	}{
		{"Amber Heron", names.MatchExact, []string{"amber-heron"}},
		{"amber-heron", names.MatchExact, []string{"amber-heron"}},
		{"HERON-7", names.MatchAlias, []string{"amber-heron"}},
		{"heron 7", names.MatchFolded, []string{"amber-heron"}},
		{"AmberHeron", names.MatchFolded, []string{"amber-heron"}},
		{"the Amber Heron ransomware group", names.MatchFolded, []string{"amber-heron"}},
		{"Grey Steppe", names.MatchAlias, []string{"amber-heron", "quiet-moth"}},
		{"mothmen", names.MatchFolded, []string{"quiet-moth"}},
		{"Heronry", names.MatchAlias, []string{"amber-heron"}},
		{"old-heron", names.MatchExact, []string{"amber-heron"}},
		{"Lark-9", names.MatchAlias, []string{"new-lark"}},
		{"Amber Heron (HERON-7)", names.MatchPartial, []string{"amber-heron"}},
		{"Amber Heron / Quiet Moth", names.MatchPartial, []string{"amber-heron", "quiet-moth"}},
		{"Amber Heron Foods Ltd", "", nil},
		{"HERON-77", "", nil},
		{"HERON", "", nil},
		{"", "", nil},
		{" \t", "", nil},
		{"$", "", nil},
		{strings.Repeat("Amber Heron / ", 1000), "", nil},
		{"\xff\xfe", "", nil},
	}
	for _, tt := range tests {
		got := r.Resolve(tt.asked)
		var ids []string
		for _, c := range got {
			ids = append(ids, c.ID)
			if c.Match != tt.match || c.Confidence <= 0 || c.Confidence > 1 || c.Why == "" || c.Type != "actor" {
				t.Errorf("%.40q: candidate %+v, want match %q", tt.asked, c, tt.match)
			}
		}
		if !slices.Equal(ids, tt.ids) {
			t.Errorf("%.40q: %v, want %v", tt.asked, ids, tt.ids)
		}
	}
}

func TestResolveSaysWhoseNameItIs(t *testing.T) {
	got := names.NewResolver(testCatalogue()).Resolve("HERON-7")
	want := []intel.Candidate{{
		ID: "amber-heron", Name: "Amber Heron", Type: "actor", Match: names.MatchAlias, Why: "“HERON-7” is a name of it, used by Northfield Labs",
		UsedBy: []string{"Northfield Labs"}, Confidence: 0.98,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestIDsDoNotHideOtherOwnersOfTheName(t *testing.T) {
	r := names.NewResolver(intel.Catalogue{Actors: []intel.Actor{named("carver", "Carver"), named("fin99", "FIN99", "Carver")}})
	if got := r.Resolve("carver"); len(got) != 1 {
		t.Errorf("an id means one actor: %v", got)
	}
	if got := r.ResolveName("carver"); len(got) != 2 {
		t.Errorf("a name means all its owners: %v", got)
	}
}

func TestConflicts(t *testing.T) {
	got := names.NewResolver(testCatalogue()).Conflicts()
	if len(got) != 1 || got[0].Name != "Grey Steppe" || len(got[0].Candidates) != 2 {
		t.Errorf("conflicts %+v, want Grey Steppe alone", got)
	}
}

func TestMembersKeepTheirDates(t *testing.T) {
	r := names.NewResolver(testCatalogue())
	for day, want := range map[string][]string{
		"2021-05-01": {"quiet-moth"}, "2025-09-01": {"amber-heron", "quiet-moth"}, "2025-10-01": {"amber-heron", "quiet-moth"}, "2026-01-01": {"amber-heron"}, "": nil,
	} {
		d, err := intel.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range r.MembersOn("lantern-row", d) {
			got = append(got, m.From)
		}
		if !slices.Equal(got, want) {
			t.Errorf("members on %q: %v, want %v", day, got, want)
		}
	}
	if n := len(r.Members("lantern-row")); n != 2 {
		t.Errorf("%d members", n)
	}
}

func TestMergesInACircleEnd(t *testing.T) {
	a, b := named("a-one", "Alpha Heron"), named("b-two", "Beta Heron")
	a.MergedInto, b.MergedInto = b.ID, a.ID
	if got := names.NewResolver(intel.Catalogue{Actors: []intel.Actor{a, b}}).Resolve("Alpha Heron"); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func BenchmarkResolve1000(b *testing.B) {
	var c intel.Catalogue
	asked := make([]string, 0, 1000)
	for i := range 1500 {
		c.Actors = append(c.Actors, named(fmt.Sprintf("actor-%d", i), fmt.Sprintf("Amber Heron %d", i), fmt.Sprintf("UNC%d", i+1000), fmt.Sprintf("Tin%dMoth", i)))
	}
	for i := range 250 {
		asked = append(asked, fmt.Sprintf("Amber Heron %d", i*5), fmt.Sprintf("unc-%d", i+1000), fmt.Sprintf("Nobody At All %d", i), fmt.Sprintf("the tin %d moth ransomware gang", i))
	}
	r := names.NewResolver(c)
	b.ReportAllocs()
	for b.Loop() {
		for _, n := range asked {
			r.Resolve(n)
		}
	}
}
