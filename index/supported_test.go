package index

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
)

// An organisation's country is the one most reports give, whatever the first one said; a person's word stands above them, and
// an undo gives theirs back.
func TestVictimIsPlacedWhereMostReportsPlaceIt(t *testing.T) {
	n := corpus()
	n.victim(intel.Victim{ID: "tarn", Name: "Tarn", Names: []string{"Tarn"}, Country: "IN", Sector: "Manufacturing"})
	for id, country := range map[string]string{"tarn-1": "IN", "tarn-2": "GB", "tarn-3": "GB"} {
		n.save(page{id: id, source: "wire", published: "2025-09-02", title: "Tarn", text: "Tarn was attacked.", stories: []story{
			{incident: "i-tarn", victim: "tarn", country: country, sector: "Manufacturing", kind: intel.KindIntrusion},
			{incident: "i-tarn", victim: "tarn", country: country, kind: intel.KindIntrusion, actor: "wolf"},
		}})
	}
	ix := indexed(t, n)
	victim := func() intel.VictimProfile {
		t.Helper()
		if _, err := ix.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		p, err := ix.Victim(t.Context(), "tarn", intel.Query{})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	p := victim()
	if diff := cmp.Diff([]intel.Count{{Value: "GB", Count: 2}, {Value: "IN", Count: 1}}, p.CountriesReported); diff != "" || p.Country != "GB" {
		t.Errorf("country %q; counts -want +got:\n%s", p.Country, diff)
	}
	decide := func(d intel.Decision) {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.put(intel.Change{What: "decision", ID: d.ID, Decision: &d})
	}
	decide(intel.Decision{ID: "d1", Kind: intel.DecideCorrection, Subject: "tarn", Field: "country", Value: "FR"})
	n.victim(intel.Victim{ID: "tarn", Name: "Tarn", Names: []string{"Tarn"}, Country: "FR", Sector: "Manufacturing"})
	if p := victim(); p.Country != "FR" || len(p.CountriesReported) != 2 {
		t.Errorf("corrected to FR, got %q", p.Country)
	}
	decide(intel.Decision{ID: "d2", Kind: intel.DecideUndo, Subject: "d1"})
	n.victim(intel.Victim{ID: "tarn", Name: "Tarn", Names: []string{"Tarn"}, Country: "IN", Sector: "Manufacturing"})
	if p := victim(); p.Country != "GB" {
		t.Errorf("the correction was taken back, got %q", p.Country)
	}
}
