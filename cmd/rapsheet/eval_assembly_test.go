package main

import (
	"encoding/json"
	"testing"

	"github.com/rapsheet/rapsheet/data/newsroom"
)

// What the pages of the newsroom tell of one event is one incident, and nothing else is in it.
func TestNewsroomIsAssembled(t *testing.T) {
	for _, args := range [][]string{{"eval", "--newsroom", "--json"}, {"eval", "--newsroom", "--given", "--json"}} {
		var s struct {
			Assembly assemblyScore `json:"assembly"`
		}
		if err := json.Unmarshal([]byte(ok(t, t.TempDir(), "", args...)), &s); err != nil {
			t.Fatal(err)
		}
		if s.Assembly.F1 < 0.90 || s.Assembly.Items < 60 || s.Assembly.Events == s.Assembly.Items {
			t.Errorf("%v: %+v", args, s.Assembly)
		}
	}
}

// Names that stand beside one another anywhere in the labels are one organisation.
func TestOrganisationsOfTheLabels(t *testing.T) {
	page := func(name string, also ...string) toldPage {
		return toldPage{expected: &newsroom.ExpectedPage{Incidents: []newsroom.ExpectedIncident{{Victims: []newsroom.ExpectedParty{{Name: name, Aliases: also}}}}}}
	}
	o := eventsOf([]toldPage{page("M&S"), page("Oatfield Mills Ltd", "Oatfield", "OM"), page("Marks and Spencer", "M&S"), page("OM")})
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"M&S", "Marks and Spencer", true},
		{"om", "Oatfield Mills", true},
		{"Oatfield", "M&S", false},
	} {
		if got := o.root(c.a) == o.root(c.b); got != c.same {
			t.Errorf("%s and %s: one %v, want %v", c.a, c.b, got, c.same)
		}
	}
}
