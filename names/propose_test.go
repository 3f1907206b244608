package names

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

func victim(id, name string, more ...string) intel.Victim {
	return intel.Victim{ID: id, Name: name, Names: append([]string{name}, more...)}
}

func TestProposalsAreMadeWithTheirEvidence(t *testing.T) {
	domain := victim("v6", "Borealis Freight")
	domain.Domains = []string{"borealis.example"}
	same := victim("v7", "BF Logistics")
	same.Domains = []string{"Borealis.example"}
	child := victim("v8", "Acme Foods")
	child.Parent = "Acme"
	merged := victim("v9", "Dillard Door")
	merged.MergedInto = "v2"
	got := Propose(nil, []intel.Victim{
		victim("v1", "DILLARD"), victim("v2", "Dillard Door & Security"), victim("v3", "D*** Door"), victim("v4", "Jaguar Land Rover"), victim("v5", "JLR"),
		domain, same, child, victim("v0", "Acme"), merged, victim("w1", "First Bank"), victim("w2", "First Energy"), victim("w3", "First Data"), victim("w4", "First Solar"), victim("w5", "First"),
	})
	want := map[string]bool{"v1 v2": true, "v2 v3": true, "v4 v5": true, "v6 v7": true}
	for _, p := range got {
		key := p.A.ID + " " + p.B.ID
		if !want[key] || len(p.Evidence) == 0 || p.Score <= 0 || p.Score > 1 || p.Type != "victim" {
			t.Errorf("proposal %+v", p)
		}
		delete(want, key)
	}
	for key := range want {
		t.Errorf("%s is not proposed", key)
	}
}

func TestActorsThatShareOneNameAreNotProposed(t *testing.T) {
	actor := func(id string, all ...string) intel.Actor {
		a := intel.Actor{ID: id, Name: all[0]}
		for _, n := range all {
			a.Names = append(a.Names, intel.Name{Name: n, Source: "test", Extent: intel.ExtentExact})
		}
		return a
	}
	gone := actor("e", "Amber Heron", "Reed Heron")
	gone.MergedInto = "a"
	got := Propose([]intel.Actor{
		actor("a", "Amber Heron", "Reed Heron"), actor("b", "Reed Heron", "Amber-Heron"), actor("c", "Quiet Moth", "Dusk Moth"), actor("d", "Loud Moth", "Dusk Moth"), gone,
	}, nil)
	if len(got) != 1 || got[0].A.ID != "a" || got[0].B.ID != "b" || len(got[0].Evidence) < 2 {
		t.Errorf("proposals %+v, want a and b alone, with each shared name", got)
	}
}

func TestMasksFitWhatTheyMayHide(t *testing.T) {
	for _, tt := range []struct {
		mask, name string
		fits       bool
	}{
		{"D*** Door", "Dillard Door & Security", true},
		{"D*** Door", "Acme Door", false},
		{"D*** Door", "Dillard Windows", false},
		{"A█████", "Acme", true},
		{"****", "Acme", false},
		{"**me", "Acme", true},
		{"D*** Door Co", "Dillard", false},
	} {
		if got := MaskFits(tt.mask, tt.name); got != tt.fits || !Masked(tt.mask) || Masked(tt.name) {
			t.Errorf("MaskFits(%q, %q) = %v", tt.mask, tt.name, got)
		}
	}
}

// TestManyOrganisationsAreComparedToTheLast: a pair is proposed however many organisations stand before it.
func TestManyOrganisationsAreComparedToTheLast(t *testing.T) {
	all := make([]intel.Victim, 0, 20_002)
	for i := range 20_000 {
		name := fmt.Sprintf("The Company %d Limited", i)
		all = append(all, intel.Victim{ID: strconv.Itoa(i), Name: name, Names: []string{name}})
	}
	all = append(all, intel.Victim{ID: "x", Name: "D*** Door", Names: []string{"D*** Door"}}, intel.Victim{ID: "y", Name: "Dillard Door & Security", Names: []string{"Dillard Door & Security"}})
	got := Propose(nil, all)
	if len(got) != 1 || got[0].A.ID != "x" || got[0].B.ID != "y" {
		t.Errorf("%d proposals, want the one of the masked name", len(got))
	}
}
