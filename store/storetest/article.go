package storetest

import (
	"fmt"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// Article is an entry with about 600 words, four claims, and mentions and observables as news carries them; the number makes it
// differ from every other. One victim in three is told of again by the reports after it.
func Article(n int) intel.Entry {
	victim := fmt.Sprintf("Fernhollow %d Logistics", n-n%3)
	var b strings.Builder
	for i := range 11 {
		fmt.Fprintf(&b, "Part %d of report %d. Lorries stood at depot %d while clerks took orders by telephone and wrote them down, and shops in %d towns heard that goods would come late. ", i, n, n*11+i, n%97)
		fmt.Fprintf(&b, "The firm called for help from outside on day %d, told its regulator and its partners, and said that each system would come back when it had been checked. ", n%29+i)
	}
	e := Plain{
		URL: fmt.Sprintf("https://paper.example/article/%d", n), Actor: "Qilin", Victim: victim, Text: b.String(),
		Published: fmt.Sprintf("2025-%02d-%02d", 1+n/3%12, 1+n/36%28), Facet: intel.FacetAttribution,
	}.Entry()
	f := &e.Extraction.Incidents[0]
	f.Country, f.Sector = "GB", "transportation"
	self := intel.Speaker{Name: victim, Kind: intel.SpeakerVictim}
	f.Claims = append(f.Claims,
		intel.Statement{Facet: intel.FacetEvent, Stance: intel.StanceConfirmed, SaidBy: self, Quote: victim + " confirmed the attack."},
		intel.Statement{Facet: intel.FacetImpact, Stance: intel.StanceDenied, SaidBy: self, Quote: "It sees no sign that data of customers were taken."},
		intel.Statement{Facet: intel.FacetEvent, Stance: intel.StanceReported, SaidBy: intel.Speaker{Name: "The Paper", Kind: intel.SpeakerMedia}, Quote: "Ransomware stopped " + victim + "."},
	)
	for i := range 5 {
		e.Extraction.Actors = append(e.Extraction.Actors, intel.Mention{ID: "qilin", Name: "Qilin", Span: intel.Span{Start: i * 100, End: i*100 + 5}})
	}
	for i := range 4 {
		e.Extraction.Observables = append(e.Extraction.Observables, intel.Observable{
			Type: intel.ObservableDomain, Value: fmt.Sprintf("c2-%d-%d.example", n, i), Role: "attacker", Span: intel.Span{Start: i * 50, End: i*50 + 9},
		})
	}
	return e
}
