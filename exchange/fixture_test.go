package exchange_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s differs (-want +got); -update rewrites it:\n%s", path, d)
	}
}

// at is the time of every export here.
func at() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC) }

func named(names ...string) []intel.Name {
	var out []intel.Name
	for _, n := range names {
		out = append(out, intel.Name{Name: n, Source: "curated", Extent: intel.ExtentExact, Match: intel.MatchAlways})
	}
	return out
}

// actors are invented: two own the name "Grey Lantern".
func actors() []intel.ActorProfile {
	amber := intel.ActorProfile{Actor: intel.Actor{
		ID: "amber-heron", Name: "Amber Heron", Kind: intel.ActorBrand, Motivation: []string{"financial gain"},
		Names: named("Amber Heron", "HERON-7", "Grey Lantern", "heron 7"), ExternalIDs: map[string][]string{"attack": {"G9901"}},
	}}
	amber.Names[1].UsedBy = "Northfield Labs"
	amber.Summary = intel.Summary{
		Incidents: 3, ClaimOnly: 1, Denied: 1, Corroborated: 1,
		LastReported: intel.OnDay(intel.Date{Year: 2025, Month: time.November, Day: 30}),
	}
	quiet := intel.ActorProfile{Actor: intel.Actor{ID: "quiet-moth", Name: "Quiet Moth", Kind: intel.ActorGroup, Names: named("Quiet Moth", "grey lantern", "Old Moth")}}
	quiet.Names[2].Withdrawn = true
	return []intel.ActorProfile{amber, quiet}
}

// recorded is when the store recorded change n.
func recorded(n int) time.Time { return at().Add(time.Duration(n) * time.Minute) }

// feed makes a feed of changes.
type feed struct {
	all []intel.Change
	n   int
}

func (f *feed) add(c intel.Change) {
	f.n++
	c.Seq, c.At = int64(f.n), recorded(f.n)
	f.all = append(f.all, c)
}

func (f *feed) actor(a intel.Actor) { f.add(intel.Change{What: "actor", ID: a.ID, Actor: &a}) }

func (f *feed) victim(name string) intel.VictimRef {
	v := intel.Victim{ID: "v-" + name, Name: name, Names: []string{name}, SectorOV: "agriculture"}
	f.add(intel.Change{What: "victim", ID: v.ID, Victim: &v})
	return intel.VictimRef{Ref: intel.Ref{ID: v.ID, Name: name}, Role: intel.RoleTarget}
}

func (f *feed) incident(in intel.Incident) {
	f.add(intel.Change{What: "incident", ID: in.ID, Incident: &in})
}

// report tells of an incident with one claim for each of the statements.
func (f *feed) report(in intel.Incident, said ...intel.Claim) intel.Record {
	id := in.Reports[0]
	published, _ := intel.ParseMoment("2025-11-30")
	rec := intel.Record{Report: intel.Report{
		ID: id, URL: "https://news.example/" + in.ID, Title: "Outage at " + in.Victim.Name, Publisher: "Example Press", Published: published, Recorded: recorded(1),
		Language: "en", TLP: intel.TLPClear, Version: 1, Reliability: "B",
	}}
	for i, c := range said {
		c.ID, c.ReportID, c.IncidentID, c.Victim = id+"-"+string(rune('a'+i)), id, in.ID, in.Victim
		if len(in.Actors) > 0 {
			c.Actor = in.Actors[0]
		}
		if c.Confidence == 0 {
			c.Confidence = 0.9
		}
		c.RecordedFrom = recorded(1)
		rec.Claims = append(rec.Claims, c)
	}
	f.add(intel.Change{What: "report", ID: id, Record: &rec})
	return rec
}

func said(who string, kind intel.SpeakerKind, facet intel.Facet, stance intel.Stance, quote string) intel.Claim {
	return intel.Claim{SaidBy: intel.Speaker{Name: who, Kind: kind}, Facet: facet, Stance: stance, Quote: quote}
}

func newIncident(id string, victim intel.VictimRef, actor intel.Actor) intel.Incident {
	return intel.Incident{
		ID: id, Victim: victim, Actors: []intel.ActorRef{{Ref: intel.Ref{ID: actor.ID, Name: actor.Name}}}, Kind: intel.KindRansomware, Kinds: []intel.Kind{intel.KindRansomware},
		Status: intel.StanceReported, VictimAnswer: "none found", Confidence: 0.92, Reports: []string{"r-" + id}, RecordedFrom: recorded(1),
		LastReported: intel.OnDay(intel.Date{Year: 2025, Month: time.November, Day: 30}), Sector: "Manufacturing",
		Occurred: intel.Interval{From: intel.Date{Year: 2025, Month: time.November, Day: 28}, To: intel.Date{Year: 2025, Month: time.November, Day: 29}, Precision: intel.PrecisionDay},
	}
}

// sample is a feed with one attributed event that its victim confirms, one that only the actor claims, one that its victim denies,
// one whose actor is claimed although the event is confirmed, one too unsure to export, and one that is not for everybody.
func sample() *feed {
	f := &feed{}
	a := actors()
	amber, quiet := a[0].Actor, a[1].Actor
	quiet.Relations = []intel.Relation{{From: quiet.ID, Type: intel.RelMemberOf, To: amber.ID, Source: "curated", Since: intel.Date{Year: 2025, Month: time.August, Day: 8}}}
	f.actor(amber)
	f.actor(quiet)
	victims := map[string]intel.VictimRef{}
	for _, name := range []string{"Brightwater Foods", "Larkspur Rail", "Oakmere Clinic", "Fernhill Bank", "Doubtful Ltd", "Secret Co"} {
		victims[name] = f.victim(name)
	}
	attributed := newIncident("one", victims["Brightwater Foods"], amber)
	attributed.Facets, attributed.Corroborated = intel.FacetStatus{Event: intel.StanceConfirmed, Attribution: intel.StanceAttributed}, true
	attributed.Status, attributed.VictimAnswer = intel.StanceAttributed, string(intel.StanceConfirmed)
	claimed := newIncident("two", victims["Larkspur Rail"], amber)
	claimed.ClaimOnly, claimed.Status, claimed.Facets.Attribution = true, intel.StanceClaimed, intel.StanceClaimed
	denied := newIncident("three", victims["Oakmere Clinic"], quiet)
	denied.ClaimOnly, denied.Status, denied.VictimAnswer = true, intel.StanceDenied, string(intel.StanceDenied)
	half := newIncident("four", victims["Fernhill Bank"], quiet)
	half.Facets = intel.FacetStatus{Event: intel.StanceConfirmed, Attribution: intel.StanceClaimed}
	half.Status, half.VictimAnswer, half.Corroborated = intel.StanceClaimed, string(intel.StanceConfirmed), true
	unsure := newIncident("five", victims["Doubtful Ltd"], quiet)
	unsure.Confidence = 0.4
	secret := newIncident("six", victims["Secret Co"], quiet)
	for _, in := range []intel.Incident{attributed, claimed, denied, half, unsure, secret} {
		f.incident(in)
	}
	f.report(attributed, said("Brightwater Foods", intel.SpeakerVictim, intel.FacetEvent, intel.StanceConfirmed, "We were attacked, see https://evil.example/x."),
		said("Northfield Labs", intel.SpeakerVendor, intel.FacetAttribution, intel.StanceAttributed, "Amber Heron did it."))
	f.report(claimed, said("Amber Heron", intel.SpeakerActor, intel.FacetEvent, intel.StanceClaimed, "We have their data."))
	f.report(denied, said("Oakmere Clinic", intel.SpeakerVictim, intel.FacetEvent, intel.StanceDenied, "Nothing happened."))
	f.report(half, said("Fernhill Bank", intel.SpeakerVictim, intel.FacetEvent, intel.StanceConfirmed, "There was an outage."),
		said("Fernhill Bank", intel.SpeakerVictim, intel.FacetAttribution, intel.StanceDisputed, "We do not know who it was."))
	f.report(unsure, said("A Paper", intel.SpeakerMedia, intel.FacetEvent, intel.StanceReported, "Perhaps."))
	c := said("A Paper", intel.SpeakerMedia, intel.FacetEvent, intel.StanceReported, "For few eyes.")
	c.TLP = intel.TLPAmber
	f.report(secret, c)
	return f
}

// graph applies a feed in pieces of a size and settles after each.
func graph(t *testing.T, changes []intel.Change, piece int) *exchange.Graph {
	t.Helper()
	g := exchange.NewGraph(0.8)
	for i, c := range changes {
		g.Apply(c)
		if (i+1)%piece == 0 || i+1 == len(changes) {
			if err := g.Settle(); err != nil {
				t.Fatal(err)
			}
		}
	}
	return g
}

// live are the objects of a graph that are not revoked.
func live(g *exchange.Graph) []exchange.Object {
	var held []*exchange.Version
	for _, v := range g.Versions() {
		if !v.Revoked {
			held = append(held, v)
		}
	}
	return g.Objects(held)
}
