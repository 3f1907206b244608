package names_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// sourced is an actor whose names come from one catalogue.
func sourced(source, id string, list ...string) intel.Actor {
	a := named(id, list...)
	for i := range a.Names {
		a.Names[i].Source = source
	}
	return a
}

func TestConflictsSayWhy(t *testing.T) {
	c := intel.Catalogue{Actors: []intel.Actor{
		sourced("misp-galaxy", "amber-heron", "Amber Heron", "Grey Steppe", "HERON-7"),
		sourced("misp-galaxy", "quiet-moth", "Quiet Moth", "Grey Steppe"),
		sourced("attack", "night-heron", "Night Heron", "HERON-7", "Quiet Moth"),
	}}
	want := map[string][]string{
		"Grey Steppe": {"MISP galaxy itself gives it to Amber Heron, Quiet Moth"},
		"HERON-7":     {"given by MITRE ATT&CK to Night Heron; MISP galaxy to Amber Heron", "MITRE ATT&CK's Night Heron spans Amber Heron, Quiet Moth of MISP galaxy"},
		"Quiet Moth":  {"given by MITRE ATT&CK to Night Heron; MISP galaxy to Quiet Moth", "MITRE ATT&CK's Night Heron spans Amber Heron, Quiet Moth of MISP galaxy"},
	}
	got := names.NewResolver(c).Conflicts()
	if len(got) != len(want) {
		t.Fatalf("conflicts %+v", got)
	}
	for _, k := range got {
		if !slices.Equal(k.Why, want[k.Name]) {
			t.Errorf("%s: %q, want %q", k.Name, k.Why, want[k.Name])
		}
	}
}

func TestAmbiguousAnswersSayWhatWouldBeClear(t *testing.T) {
	r := names.NewResolver(testCatalogue())
	for _, c := range r.Resolve("Grey Steppe") {
		if len(c.Alone) == 0 {
			t.Errorf("nothing tells %s apart", c.Name)
		}
		for _, n := range c.Alone {
			if got := r.ResolveName(n); len(got) != 1 || got[0].ID != c.ID {
				t.Errorf("%q is said to mean %s alone; it means %v", n, c.ID, got)
			}
		}
	}
}

func TestWordsThatBelongToANameStay(t *testing.T) {
	r := names.NewResolver(intel.Catalogue{Actors: []intel.Actor{named("royal", "Royal"), named("apt15", "APT15", "Royal APT"), named("vixen", "Vixen Panda", "Lone Moth APT")}})
	for asked, want := range map[string]string{"Royal": "royal", "Royal APT": "apt15", "Royal ransomware group": "royal", "Lone Moth": "vixen"} {
		if got := r.Resolve(asked); len(got) != 1 || got[0].ID != want {
			t.Errorf("%q means %v, want %s", asked, got, want)
		}
	}
	if got := r.Conflicts(); len(got) != 0 {
		t.Errorf("conflicts %+v", got)
	}
}

// TestHostileNames: whatever is asked for or catalogued, the answer comes, bounded.
func TestHostileNames(t *testing.T) {
	many := named("hydra", "Hydra Reed")
	for i := range 10000 {
		many.Names = append(many.Names, intel.Name{Name: "Head " + strings.Repeat("x", 1+i%40) + string(rune('a'+i%26)) + strings.Repeat("y", i/1040), Extent: intel.ExtentExact, Match: intel.MatchAlways})
	}
	loop := named("loop", "Loop Reed")
	loop.Relations = []intel.Relation{{From: "loop", Type: intel.RelMemberOf, To: "hydra"}, {From: "loop", Type: intel.RelRebrandOf, To: "loop"}}
	many.Relations = []intel.Relation{{From: "hydra", Type: intel.RelMemberOf, To: "loop"}}
	long := named("long", strings.Repeat("Long ", 2000))
	r := names.NewResolver(intel.Catalogue{Actors: []intel.Actor{many, loop, long}})
	for _, asked := range []string{
		strings.Repeat("A", 1<<20), "\u202eevird\u202c", "\x00\x1b[31m\u0007", strings.Repeat("/", 400), strings.Repeat("́", 200), "\xff\xfe", strings.Repeat("Hydra Reed/", 40),
	} {
		if got := r.ResolveName(asked); len(got) > 3 {
			t.Errorf("%d candidates for %.20q", len(got), asked)
		}
	}
	if got := r.ResolveName("\u202eHydra\u200b Re\u00aded\u202c"); len(got) != 1 || got[0].ID != "hydra" {
		t.Errorf("what cannot be seen does not count: %v", got)
	}
	if n := len(r.Members("hydra")); n != 1 {
		t.Errorf("%d members", n)
	}
}
