package names

import (
	"slices"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

// masks are names of which letters are hidden; bare is what is left when they are taken for punctuation.
func masks() []struct{ name, masked, bare string } {
	return []struct{ name, masked, bare string }{
		{"stars", "D*** Door", "D Door"},
		{"stars at the beginning", "***lard Door", "lard Door"},
		{"stars in the middle", "D****rd Door Inc.", "D rd Door"},
		{"nothing is shown of a word", "Dillard ****", "Dillard"},
		{"nothing is shown", "*****", ""},
		{"blocks", "A█████", "A"},
		{"one block", "Acm█", "Acm"},
		{"shades", "A▒▒▒ Mills", "A Mills"},
		{"bullets", "D•••• Door", "D Door"},
		{"black circles", "D●●● Door", "D Door"},
		{"full-width stars", "D＊＊＊ Door", "D Door"},
		{"stars held apart by what shows nothing", "D*\u200b* Door", "D Door"},
		{"legal form and article", "The D*** Door Company, Ltd.", "D Door"},
	}
}

func TestMaskedNamesEqualNoOther(t *testing.T) {
	folds := map[string]func(string) string{"Fold": Fold, "FoldKey": FoldKey, "FoldOrg": FoldOrg, "Slug": Slug, "key of FoldOrg": func(s string) string { return FoldKey(FoldOrg(s)) }}
	for _, tt := range masks() {
		t.Run(tt.name, func(t *testing.T) {
			if !Masked(tt.masked) || Masked(tt.bare) {
				t.Fatalf("Masked(%q) = %v, Masked(%q) = %v", tt.masked, Masked(tt.masked), tt.bare, Masked(tt.bare))
			}
			for name, fold := range folds {
				if got := fold(tt.masked); got == fold(tt.bare) || got == "" {
					t.Errorf("%s(%q) = %q, which is that of %q", name, tt.masked, got, tt.bare)
				}
			}
			if once := Fold(tt.masked); Fold(once) != once || !Masked(once) {
				t.Errorf("Fold(%q) = %q, which folds on to %q", tt.masked, once, Fold(once))
			}
			if got := Acronym(tt.masked); got != "" {
				t.Errorf("Acronym(%q) = %q", tt.masked, got)
			}
			if got := Policy(tt.masked); got != intel.MatchNever {
				t.Errorf("Policy(%q) = %q", tt.masked, got)
			}
		})
	}
	for _, s := range []string{"E*TRADE", "Toys*R*Us", "A * B", "One • Two", "• Acme", "Acme Corp*", "LAPSUS$"} {
		if Masked(s) || strings.Contains(Fold(s), "*") {
			t.Errorf("%q is taken for masked: %q", s, Fold(s))
		}
	}
}

// An actor that a report names by a mask is nobody's namesake, and nobody is found by asking for one.
func TestAMaskedActorResolvesToItselfAlone(t *testing.T) {
	actor := func(id, name string) intel.Actor {
		return intel.Actor{ID: id, Name: name, Names: []intel.Name{{Name: name, Source: "test", Extent: intel.ExtentExact, Match: Policy(name)}}}
	}
	r := NewResolver(intel.Catalogue{Actors: []intel.Actor{actor("qilin", "Qilin"), actor("qil", "Qil"), actor("qil__", "Qil**")}})
	for asked, want := range map[string][]string{"Qil": {"qil"}, "Qil**": {"qil__"}, "QIL██": {"qil__"}, "Qil***": nil, "qil** ransomware group": {"qil__"}} {
		var got []string
		for _, c := range r.Resolve(asked) {
			got = append(got, c.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q means %v, want %v", asked, got, want)
		}
	}
}
