package data_test

import (
	"slices"
	"testing"

	"github.com/rapsheet/rapsheet/data"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// shared counts the folded names of actors, and those that two actors or more own.
func shared(actors []intel.Actor) (all, several int) {
	owners := map[string]map[string]bool{}
	for _, a := range actors {
		for _, n := range a.Names {
			k := names.Fold(n.Name)
			if owners[k] == nil {
				owners[k] = map[string]bool{}
			}
			owners[k][a.ID] = true
		}
	}
	for _, o := range owners {
		if len(o) > 1 {
			several++
		}
	}
	return len(owners), several
}

// TestJoiningEndsFalseAmbiguity: side by side, MISP galaxy and ATT&CK give hundreds of names two owners; joined one to one, a third of
// these or fewer are left.
func TestJoiningEndsFalseAmbiguity(t *testing.T) {
	p, err := data.Parts()
	if err != nil {
		t.Fatal(err)
	}
	links, err := data.Links()
	if err != nil {
		t.Fatal(err)
	}
	beside := slices.Clone(p.MISP.Actors)
	for _, g := range p.Attack.Actors {
		g.ID = "attack:" + g.ID
		beside = append(beside, g)
	}
	all, before := shared(beside)
	_, after := shared(names.Join(p.MISP, p.Attack, intel.Catalogue{}, links).Actors)
	t.Logf("%d of %d folded names have two owners side by side, %d joined", before, all, after)
	if before < 450 || after > 160 || after < 60 {
		t.Errorf("%d names with two owners side by side, %d joined", before, after)
	}
}

// TestBrandsAndTheirOperatorsAreLinked: a name that MISP galaxy lists as an actor and as ransomware is two records, the one operating
// the other.
func TestBrandsAndTheirOperatorsAreLinked(t *testing.T) {
	_, c := resolver(t)
	p, err := data.Parts()
	if err != nil {
		t.Fatal(err)
	}
	primary := map[string]bool{}
	for _, a := range p.MISP.Actors {
		primary[names.FoldKey(a.Name)] = true
	}
	both := 0
	for _, s := range c.Software {
		if s.Kind != "ransomware-brand" || !primary[names.FoldKey(s.Name)] {
			continue
		}
		both++
		if len(s.OperatedBy) == 0 || slices.Contains(s.OperatedBy, s.ID) {
			t.Errorf("%s, which bears the name of an actor, is operated by %v", s.ID, s.OperatedBy)
		}
	}
	t.Logf("%d brands bear the name of an actor", both)
	if both < 25 {
		t.Errorf("%d brands bear the name of an actor", both)
	}
}
