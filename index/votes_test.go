package index

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
)

// A profile counts the reports that give each country, so that a reader sees that they differ; a report speaks once for a value.
func TestProfileCountsWhereReportsPlaceAVictim(t *testing.T) {
	n := corpus()
	n.victim(intel.Victim{ID: "tarn", Name: "Tarn", Names: []string{"Tarn"}, Country: "GB", Sector: "Manufacturing"})
	for id, country := range map[string]string{"tarn-1": "IN", "tarn-2": "GB", "tarn-3": "GB"} {
		n.save(page{id: id, source: "wire", published: "2025-09-02", title: "Tarn", text: "Tarn was attacked.", stories: []story{
			{incident: "i-tarn", victim: "tarn", country: country, sector: "Manufacturing", kind: intel.KindIntrusion},
			{incident: "i-tarn", victim: "tarn", country: country, kind: intel.KindIntrusion, actor: "wolf"},
		}})
	}
	ix := indexed(t, n)
	p, err := ix.Victim(t.Context(), "tarn", intel.Query{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]intel.Count{{Value: "GB", Count: 2}, {Value: "IN", Count: 1}}, p.CountriesReported); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
