package ledger_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

func day(y int, m time.Month, d int) intel.Date { return intel.Date{Year: y, Month: m, Day: d} }

func onDay(y int, m time.Month, d int) intel.Interval {
	return intel.Interval{From: day(y, m, d), To: day(y, m, d), Precision: intel.PrecisionDay}
}

func TestJoin(t *testing.T) {
	victim := intel.VictimRef{Ref: intel.Ref{ID: "v", Name: "Acme"}}
	base := intel.Incident{
		ID: "i", Victim: victim, Kind: intel.KindRansomware, Occurred: onDay(2026, 1, 10), FirstReported: intel.OnDay(day(2026, 1, 12)), LastReported: intel.OnDay(day(2026, 1, 20)),
	}
	claim := intel.Claim{Victim: victim, Kind: intel.KindDataBreach, Occurred: onDay(2026, 1, 20), Published: intel.OnDay(day(2026, 1, 21))}
	for name, c := range map[string]struct {
		change func(*intel.Claim, *intel.Incident)
		want   string
	}{
		"ten days apart":    {func(*intel.Claim, *intel.Incident) {}, "i"},
		"three weeks apart": {func(c *intel.Claim, _ *intel.Incident) { c.Occurred = onDay(2026, 2, 1) }, ""},
		"a year that holds the day": {func(c *intel.Claim, _ *intel.Incident) {
			c.Occurred = intel.Interval{From: day(2026, 1, 1), To: day(2026, 12, 31), Precision: intel.PrecisionYear}
		}, "i"},
		"another victim":           {func(c *intel.Claim, _ *intel.Incident) { c.Victim.ID = "w" }, ""},
		"no victim":                {func(c *intel.Claim, in *intel.Incident) { c.Victim.ID, in.Victim.ID = "", "" }, ""},
		"a flood of requests":      {func(c *intel.Claim, _ *intel.Incident) { c.Kind = intel.KindDDoS }, ""},
		"kind unknown":             {func(c *intel.Claim, _ *intel.Incident) { c.Kind = intel.KindOther }, "i"},
		"merged away":              {func(_ *intel.Claim, in *intel.Incident) { in.MergedInto = "j" }, ""},
		"time unknown, same weeks": {func(c *intel.Claim, _ *intel.Incident) { c.Occurred = intel.Interval{} }, "i"},
		"time unknown, much later": {func(c *intel.Claim, _ *intel.Incident) {
			c.Occurred, c.Published = intel.Interval{}, intel.OnDay(day(2026, 6, 1))
		}, ""},
		"time unknown, months later, the same actor": {func(c *intel.Claim, in *intel.Incident) {
			c.Actor.Name, in.Actors = "Akira", []intel.ActorRef{{Ref: intel.Ref{Name: "Play"}}, {Ref: intel.Ref{Name: "AKIRA"}}}
			c.Occurred, c.Published = intel.Interval{}, intel.OnDay(day(2026, 6, 1))
		}, "i"},
		"time unknown, a year later, the same actor": {func(c *intel.Claim, in *intel.Incident) {
			c.Actor.Name, in.Actors = "Akira", []intel.ActorRef{{Ref: intel.Ref{Name: "Akira"}}}
			c.Occurred, c.Published = intel.Interval{}, intel.OnDay(day(2027, 1, 1))
		}, ""},
		"no time at all": {func(c *intel.Claim, _ *intel.Incident) { c.Occurred, c.Published = intel.Interval{}, intel.Moment{} }, "i"},
	} {
		t.Run(name, func(t *testing.T) {
			cl, in := claim, base
			c.change(&cl, &in)
			if got := ledger.Join([]intel.Claim{cl}, []intel.Incident{in}); got != c.want {
				t.Errorf("joins %q, want %q", got, c.want)
			}
		})
	}
	near := base
	near.ID, near.Occurred = "near", onDay(2026, 1, 19)
	if got := ledger.Join([]intel.Claim{claim}, []intel.Incident{base, near}); got != "near" {
		t.Errorf("joins %q, want the nearest", got)
	}
	if got := ledger.Join(nil, []intel.Incident{base}); got != "" {
		t.Errorf("no claims join %q", got)
	}
}

func TestClaims(t *testing.T) {
	ref := func(n string) intel.VictimRef { return intel.VictimRef{Ref: intel.Ref{Name: n}} }
	gang := func(n string) intel.ActorRef { return intel.ActorRef{Ref: intel.Ref{Name: n}} }
	r := intel.Report{ID: "r", Published: intel.OnDay(day(2026, 1, 2)), TLP: intel.TLPClear}
	x := intel.Extraction{Extractor: "x", Incidents: []intel.Finding{{
		Actors: []intel.ActorRef{gang("Akira"), gang("Play")}, Victims: []intel.VictimRef{ref("Acme"), ref("Borealis")}, Kind: intel.KindRansomware,
		Claims: []intel.Statement{
			{Facet: event, Stance: intel.StanceConfirmed, Quote: "Acme confirmed it.", Victim: "Acme"},
			{Facet: attribution, Stance: intel.StanceClaimed, Quote: "Akira claimed both.", Actor: "Akira"},
			{Facet: attribution, Stance: intel.StanceClaimed, Quote: "Akira claimed both.", Actor: "Akira"},
		},
	}, {
		Claims: []intel.Statement{{Facet: event, Stance: intel.StanceReported, Quote: "A school was hit."}},
	}}}
	type row struct{ Victim, Actor, Quote string }
	var got [][]row
	ids := map[string]bool{}
	for _, g := range ledger.Claims(r, x) {
		var rows []row
		for _, c := range g {
			rows = append(rows, row{c.Victim.Name, c.Actor.Name, c.Quote})
			if ids[c.ID] || c.ReportID != "r" || c.Published != r.Published || c.Extractor != "x" || c.TLP != intel.TLPClear {
				t.Errorf("claim = %+v", c)
			}
			ids[c.ID] = true
		}
		got = append(got, rows)
	}
	want := [][]row{
		{{"Acme", "", "Acme confirmed it."}, {"Acme", "Akira", "Akira claimed both."}},
		{{"Borealis", "Akira", "Akira claimed both."}},
		{{"", "", "A school was hit."}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestIncident(t *testing.T) {
	said := claims(
		say{5, event, intel.StanceConfirmed, intel.SpeakerVictim, "Acme", "", "r2"},
		say{2, attribution, intel.StanceClaimed, intel.SpeakerActor, "Akira", "Akira", "r1"},
		say{7, attribution, intel.StanceClaimed, intel.SpeakerActor, "Akira", "akira", "r3"},
	)
	for i := range said {
		said[i].Victim.Name, said[i].Kind, said[i].Confidence = "Acme", intel.KindRansomware, 0.5+float64(i)/10
	}
	said[0].Kind, said[0].Occurred = intel.KindOther, onDay(2026, 1, 1)
	said[1].Occurred = intel.Interval{From: day(2026, 1, 1), To: day(2026, 1, 31), Precision: intel.PrecisionMonth}
	said[2].Victim.Name = "ACME Corp"
	in := ledger.Incident("i", said, nil)
	want := intel.Incident{
		ID: "i", Victim: intel.VictimRef{Ref: intel.Ref{Name: "Acme"}, Aliases: []string{"ACME Corp"}}, Actors: []intel.ActorRef{{Ref: intel.Ref{Name: "Akira"}}},
		Kind: intel.KindRansomware, Kinds: []intel.Kind{intel.KindOther, intel.KindRansomware}, Occurred: onDay(2026, 1, 1), Status: intel.StanceClaimed,
		Facets: intel.FacetStatus{Event: intel.StanceConfirmed, Attribution: intel.StanceClaimed}, VictimAnswer: "confirmed", Corroborated: true,
		Origins: map[intel.SpeakerKind]int{intel.SpeakerActor: 1, intel.SpeakerVictim: 1}, Reports: []string{"r1", "r2", "r3"},
		FirstReported: said[1].Published, LastReported: said[2].Published, Confidence: 0.7, RecordedFrom: said[0].RecordedFrom,
	}
	if d := cmp.Diff(want, in, cmp.AllowUnexported(intel.Moment{})); d != "" {
		t.Error(d)
	}
}
