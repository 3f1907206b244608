package intel_test

import (
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

// A sentence that a wire story, its copies and several actors carry is shown once, with the words against it beside it.
func TestSidesSayEverySentenceOnce(t *testing.T) {
	day := func(s string) intel.Moment { m, _ := intel.ParseMoment(s); return m }
	claim := func(report, actor string, f intel.Facet, s intel.Stance, by, quote, published string) intel.ClaimDetail {
		c := intel.ClaimDetail{Publisher: report}
		c.ReportID, c.Facet, c.Stance, c.Quote, c.Published = report, f, s, quote, day(published)
		c.SaidBy, c.Actor.Name = intel.Speaker{Name: by, Kind: intel.SpeakerVictim}, actor
		return c
	}
	sentence := "Acme halted production after a cyber incident that began on Sunday, it said."
	in := intel.IncidentDetail{Claims: []intel.ClaimDetail{
		claim("paper", "", intel.FacetEvent, intel.StanceConfirmed, "Acme", sentence, "2025-09-03"),
		claim("wire", "", intel.FacetEvent, intel.StanceConfirmed, "Acme Corp", "LONDON (Wire) - "+sentence, "2025-09-02"),
		claim("wire", "", intel.FacetImpact, intel.StanceDenied, "Acme", "There is no evidence of theft.", "2025-09-02"),
		claim("late", "", intel.FacetImpact, intel.StanceConfirmed, "Acme", "Some data was taken.", "2025-09-10"),
		claim("wire", "B", intel.FacetAttribution, intel.StanceClaimed, "B", "We did it, say B and A.", "2025-09-04"),
		claim("wire", "A", intel.FacetAttribution, intel.StanceClaimed, "B", "We did it, say B and A.", "2025-09-04"),
	}}
	in.Facets = intel.FacetStatus{Event: intel.StanceConfirmed, Attribution: intel.StanceClaimed, Impact: intel.StanceConfirmed}
	sides := intel.Sides(in)
	if len(sides) != 3 || len(sides[0].Words) != 1 || len(sides[1].Words) != 1 || len(sides[2].Words) != 2 {
		t.Fatalf("got %+v", sides)
	}
	event := sides[0].Words[0]
	if len(event.Reports) != 2 || event.Reports[0].Publisher != "wire" || event.Quote != sentence || event.SaidBy.Name != "Acme Corp" {
		t.Errorf("one sentence in two reports, oldest first, without its dateline: %+v", event)
	}
	if got := sides[1].Words[0].Actors; len(got) != 2 || got[0] != "A" {
		t.Errorf("one sentence about two actors: %v", got)
	}
	if sides[2].Words[0].Stance != intel.StanceConfirmed || sides[2].Words[1].Stance != intel.StanceDenied {
		t.Errorf("first what gave the status, then what is against it: %+v", sides[2].Words)
	}
}
