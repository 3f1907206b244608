package extract_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/intel"
)

// options are a small catalogue and a few places, enough for the tests.
func options() extract.Options {
	actor := func(id, name string, kind intel.ActorKind, match intel.MatchPolicy) intel.Actor {
		return intel.Actor{ID: id, Name: name, Kind: kind, Names: []intel.Name{{Name: name, Match: match}}}
	}
	return extract.Options{
		Catalogue: intel.Catalogue{
			Actors: []intel.Actor{
				actor("scattered-lapsus-hunters", "Scattered LAPSUS$ Hunters", intel.ActorUmbrella, intel.MatchAlways),
				actor("shinyhunters", "ShinyHunters", intel.ActorGroup, intel.MatchAlways),
				actor("lapsus", "LAPSUS$", intel.ActorGroup, intel.MatchAlways),
				actor("scattered-spider", "Scattered Spider", intel.ActorGroup, intel.MatchAlways),
				actor("lockbit", "LockBit", intel.ActorBrand, intel.MatchAlways),
				actor("play", "Play", intel.ActorBrand, intel.MatchCue),
				actor("noname057-16", "NoName057(16)", intel.ActorGroup, intel.MatchAlways),
			},
			Software:   []intel.Software{{ID: "qakbot", Name: "QakBot", Kind: "malware"}},
			Techniques: []intel.Technique{{ID: "T1566", Name: "Phishing"}, {ID: "T1566.001", Name: "Spearphishing Attachment"}},
			Version:    "test",
		},
		Countries: []extract.Country{
			{Code: "GB", Names: []string{"Britain", "United Kingdom", "UK"}, Demonyms: []string{"British"}, Places: []string{"Solihull"}, Domains: []string{"uk"}},
			{Code: "FR", Names: []string{"France"}, Demonyms: []string{"French"}, Places: []string{"Paris"}, Domains: []string{"fr"}},
			{Code: "IN", Names: []string{"India"}, Demonyms: []string{"Indian"}},
		},
		Sectors: []extract.Sector{
			{Name: "Manufacturing", OV: "manufacturing", Words: []string{"manufacturer", "carmaker", "car manufacturer", "factory"}},
			{Name: "Human health and social work", OV: "healthcare", Words: []string{"hospital", "clinic"}},
		},
	}
}

func extractor(t testing.TB) *extract.Extractor {
	t.Helper()
	x, err := extract.New(options())
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func day(y int, m time.Month, d int) intel.Moment {
	return intel.OnDay(intel.Date{Year: y, Month: m, Day: d})
}

// The case has the shape of a local paper's report on a stopped carmaker, told about a company that does not exist.
const stopped = `Manufacturing

Veldmark Auto Works cyber attack: night shifts sent home as orders wait

An alliance of hacking crews says it was behind the breach

The gates of Veldmark Auto Works in Solihull.(Image: Jo Plum/Severn Gazette)

Some 4,000 people at Veldmark Auto Works (VAW) have been told not to come in, and buyers are waiting for their cars, following a cyber attack that made the firm halt its lines.

The breach, which began on Sunday, stopped work at Britain's third largest car manufacturer in the busiest month of its year.

VAW, which belongs to Indian group Orlanda Holdings, confirmed it had "switched off" systems to contain the cyber incident and was "working day and night" to restart.

The company stressed there was "no evidence" of customer data being taken and has told the Information Commissioner's Office (ICO) of the breach.

Crews say they did it

A collective known as 'scattered lapsus$ hunters', comprising an alliance of the 'shiny hunters', 'lapsus$' and 'scattered spider' crews, has claimed responsibility for the attack.

Dana Pruitt, head of research at Halcrow Security, said that the case shows how such crews join forces. "VAW has acted fast, which deserves praise" she said.`

func TestStoppedCarmaker(t *testing.T) {
	x := extractor(t)
	got := x.Extract(extract.Input{ID: "r1", Text: stopped})
	strong := above(got.Incidents, 0.5)
	if len(strong) != 1 {
		t.Fatalf("incidents = %+v, want one", strong)
	}
	f := strong[0]
	if n := f.Victims[0]; n.Name != "Veldmark Auto Works" || !cmp.Equal(n.Aliases, []string{"VAW"}) || len(f.Victims) != 1 {
		t.Errorf("victims = %+v", f.Victims)
	}
	if len(f.Actors) != 1 || f.Actors[0].ID != "scattered-lapsus-hunters" || f.Actors[0].Name != "scattered lapsus$ hunters" {
		t.Errorf("actors = %+v", f.Actors)
	}
	want := intel.FacetStatus{Event: intel.StanceConfirmed, Attribution: intel.StanceClaimed, Impact: intel.StanceDenied}
	if f.Facets != want || f.Status != intel.StanceClaimed {
		t.Errorf("facets = %+v, status %q", f.Facets, f.Status)
	}
	speakers := map[intel.Facet]intel.Speaker{}
	for _, c := range f.Claims {
		speakers[c.Facet] = c.SaidBy
	}
	if diff := cmp.Diff(map[intel.Facet]intel.Speaker{
		intel.FacetEvent:       {Name: "VAW", Kind: intel.SpeakerVictim},
		intel.FacetAttribution: {Name: "scattered lapsus$ hunters", Kind: intel.SpeakerActor},
		intel.FacetImpact:      {Name: "VAW", Kind: intel.SpeakerVictim},
	}, speakers); diff != "" {
		t.Errorf("speakers (-want +got):\n%s", diff)
	}
	if f.Country != "GB" || f.Sector != "Manufacturing" {
		t.Errorf("country %q, sector %q", f.Country, f.Sector)
	}
	if f.Occurred.Known() || f.Occurred.Precision != intel.PrecisionUnknown || f.Occurred.Words != "began on Sunday" {
		t.Errorf("occurred of an undated page = %+v", f.Occurred)
	}
	var members []string
	for _, r := range got.Relations {
		members = append(members, r.From+" "+string(r.Type)+" "+r.To)
	}
	if diff := cmp.Diff([]string{
		"shinyhunters member-of scattered-lapsus-hunters", "lapsus member-of scattered-lapsus-hunters", "scattered-spider member-of scattered-lapsus-hunters",
	}, members); diff != "" {
		t.Errorf("relations (-want +got):\n%s", diff)
	}
}

func TestStoppedCarmakerDated(t *testing.T) {
	got := extractor(t).Extract(extract.Input{ID: "r1", Text: stopped, Published: day(2025, 9, 3)})
	sunday := intel.Date{Year: 2025, Month: 8, Day: 31}
	want := intel.Interval{From: sunday, To: sunday, Precision: intel.PrecisionDay, Words: "began on Sunday"}
	if f := above(got.Incidents, 0.5); len(f) != 1 || f[0].Occurred != want {
		t.Errorf("occurred = %+v, want %+v", f, want)
	}
}

func above(in []intel.Finding, p float64) []intel.Finding {
	var out []intel.Finding
	for _, f := range in {
		if f.Confidence >= p {
			out = append(out, f)
		}
	}
	return out
}

func TestVictims(t *testing.T) {
	tests := []struct {
		name, text string
		victims    []string
		actors     []string
	}{
		{"passive", "Brenwick Logistics was hit by a ransomware attack that forced it to shut down its systems.", []string{"Brenwick Logistics"}, nil},
		{"discloses", "Halvorsen Dental Group discloses a data breach that exposed the records of 12,000 patients.", []string{"Halvorsen Dental Group"}, nil},
		{"brand", "The LockBit ransomware gang claims to have breached Torrano Foods and threatens to leak the data.", []string{"Torrano Foods"}, []string{"LockBit"}},
		{"ddos", "The pro-Russian group NoName057(16) takes down the website of the Port of Eastmere with a DDoS attack.", []string{"Port of Eastmere"}, []string{"NoName057(16)"}},
		{"new group", "A ransomware group calling itself Grey Heron lists Ardsley Community Hospital on its leak site.", []string{"Ardsley Community Hospital"}, []string{"Grey Heron"}},
		{"cue wanted", "Play resumed after lunch. Corvel Insurance has confirmed that it suffered a cyberattack.", []string{"Corvel Insurance"}, nil},
		{"nobody", "Researchers from Kaspersky discover a new malware campaign that distributes a banking trojan through fake browser updates.", nil, nil},
	}
	x := extractor(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var victims, actors []string
			for _, f := range above(x.Extract(extract.Input{Text: tt.text}).Incidents, 0.5) {
				for _, v := range f.Victims {
					victims = append(victims, v.Name)
				}
				for _, a := range f.Actors {
					actors = append(actors, a.Name)
				}
			}
			if diff := cmp.Diff(tt.victims, victims); diff != "" {
				t.Errorf("victims (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.actors, actors); diff != "" {
				t.Errorf("actors (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSoftwareIsNotAnActor(t *testing.T) {
	got := extractor(t).Extract(extract.Input{Text: "The mails deliver QakBot through a Spearphishing Attachment (T1566.001) and abuse CVE-2024-21887."})
	if len(got.Software) != 1 || got.Software[0].ID != "qakbot" || len(got.Actors) != 0 {
		t.Errorf("software %+v, actors %+v", got.Software, got.Actors)
	}
	if len(got.CVEs) != 1 || got.CVEs[0].ID != "CVE-2024-21887" || len(got.Techniques) != 1 || got.Techniques[0].ID != "T1566.001" {
		t.Errorf("cves %+v, techniques %+v", got.CVEs, got.Techniques)
	}
}

func TestNoPersonIsVictim(t *testing.T) {
	got := extractor(t).Extract(extract.Input{Text: "Senator Maria Holt said her account was hacked. Maria Holt, a senator, was targeted by hackers who leaked her mail."})
	for _, f := range got.Incidents {
		for _, v := range f.Victims {
			t.Errorf("a person is a victim: %+v (%.2f)", v, f.Confidence)
		}
	}
}

// check holds what must be true of every answer.
func check(t *testing.T, text string, got intel.Extraction) {
	t.Helper()
	runes := []rune(text)
	in := func(what string, s intel.Span) bool {
		if s.Start < 0 || s.End > len(runes) || s.Start >= s.End {
			t.Errorf("%s: span %+v outside of %d code points", what, s, len(runes))
			return false
		}
		return true
	}
	for _, f := range got.Incidents {
		if f.Confidence < 0 || f.Confidence > 1 || !f.Kind.Valid() || !f.Occurred.Precision.Valid() || !f.Status.Valid() {
			t.Errorf("finding %+v", f)
		}
		for _, c := range f.Claims {
			if in("claim", c.Span) && string(runes[c.Start:c.End]) != c.Quote {
				t.Errorf("quote %q is not the text %q", c.Quote, string(runes[c.Start:c.End]))
			}
			if !c.Facet.Valid() || !c.Stance.Valid() || !c.SaidBy.Kind.Valid() {
				t.Errorf("claim %+v", c)
			}
		}
	}
	for _, m := range append(append(append(got.Actors, got.Software...), got.CVEs...), got.Techniques...) {
		in(m.Name, m.Span)
	}
	for _, o := range got.Observables {
		if in(o.Value, o.Span) && !o.Type.Valid() {
			t.Errorf("observable %+v", o)
		}
	}
	for _, r := range got.Relations {
		in("relation", intel.Span{Start: r.Start, End: r.End})
	}
}

func FuzzExtract(f *testing.F) {
	f.Add("Title", stopped)
	f.Add("", "X (Y) was hit. \u201cWe\u2019ve\u201d \xff\xfe hxxp://evil[.]example/a 1.2.3[.]4 CVE-2024-1")
	f.Add("A B C D", strings.Repeat("Acme & Co, and The ", 50))
	x := extractor(f)
	f.Fuzz(func(t *testing.T, title, text string) {
		text = strings.ToValidUTF8(text, "\ufffd")
		in := extract.Input{ID: "f", Title: title, Text: text, Published: day(2025, 9, 3)}
		got := x.Extract(in)
		check(t, text, got)
		if diff := cmp.Diff(got, x.Extract(in), cmp.AllowUnexported(intel.Moment{})); diff != "" {
			t.Errorf("two readings differ:\n%s", diff)
		}
	})
}

// slack allows for slow and shared machines; the time itself is printed.
const slack = 4

func TestHostileSize(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 5 MB four times")
	}
	x := extractor(t)
	for name, unit := range map[string]string{
		"names": "Acme Widgets (AW) and Beta Corp were hit by LockBit, ", "spaces": " \n", "letters": "A", "sentences": "The Acme Company said it was hacked on Sunday. ",
	} {
		text := strings.Repeat(unit, 5_000_000/len(unit))
		begin := time.Now()
		x.Extract(extract.Input{Text: text})
		if d := time.Since(begin); d > 5*time.Second*slack {
			t.Errorf("%s: %v for 5 MB", name, d)
		} else {
			t.Logf("%s: %v", name, d)
		}
	}
}

// go test ./extract -run '^$' -bench Extract
func BenchmarkExtract(b *testing.B) {
	x := extractor(b)
	text := strings.Repeat(stopped+"\n\n", 5)[:5000]
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		x.Extract(extract.Input{Text: text, Published: day(2025, 9, 3)})
	}
}
