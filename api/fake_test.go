package api

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// fake answers from a few values: an umbrella, a victim that confirms the event and denies the loss, a name that means two, a
// purged report and hostile names.
type fake struct {
	gen     uint64
	decided []intel.Decision
	// asked is the last search.
	asked intel.Query
}

const hostile = "<script>alert(1)</script>\r\nX-Injected: yes"

func fakeIncident() intel.IncidentDetail {
	published, _ := intel.ParseMoment("2025-09-03")
	claim := intel.Claim{
		ID: "c1", ReportID: "r1", IncidentID: "i1", Facet: intel.FacetEvent, Stance: intel.StanceConfirmed, SaidBy: intel.Speaker{Name: hostile, Kind: intel.SpeakerVictim},
		Kind: intel.KindDisruption, Quote: "The company confirmed it.", Span: intel.Span{Start: 3, End: 28}, Confidence: 0.9, Published: published,
		RecordedFrom: time.Unix(1757000000, 0).UTC(), Victim: intel.VictimRef{Ref: intel.Ref{ID: "v1", Name: hostile}}, Actor: intel.ActorRef{Ref: intel.Ref{ID: "umbrella", Name: "Umbrella"}},
	}
	return intel.IncidentDetail{
		Incident: intel.Incident{
			ID: "i1", Victim: claim.Victim, Actors: []intel.ActorRef{claim.Actor}, Kind: intel.KindDisruption, Kinds: []intel.Kind{intel.KindDisruption}, Status: intel.StanceClaimed,
			Facets:       intel.FacetStatus{Event: intel.StanceConfirmed, Attribution: intel.StanceClaimed, Impact: intel.StanceDenied},
			VictimAnswer: "confirmed", Origins: map[intel.SpeakerKind]int{intel.SpeakerVictim: 1}, Reports: []string{"r1"}, FirstReported: published, LastReported: published,
			Occurred: intel.Interval{Precision: intel.PrecisionUnknown, Words: "on Sunday"}, Confidence: 0.9, Country: "GB", Sector: "Manufacturing",
		},
		Claims: []intel.ClaimDetail{{Claim: claim, Title: hostile, URL: "javascript:alert(1)", Publisher: "A Paper"}},
	}
}

func fakeActor() intel.ActorProfile {
	return intel.ActorProfile{
		Actor: intel.Actor{
			ID: "umbrella", Name: "Umbrella", Kind: intel.ActorUmbrella, Origin: "curated", ExternalIDs: map[string][]string{"attack": {"G0001"}},
			Names: []intel.Name{{Name: "Umbrella", Source: "curated", Extent: intel.ExtentExact, Match: intel.MatchAlways}, {Name: hostile, Source: "reported", Extent: intel.ExtentExact, Match: intel.MatchCue}},
		},
		Members: []intel.Relation{{From: "member", Type: intel.RelMemberOf, To: "umbrella", Source: "a report", Since: intel.Date{Year: 2025, Month: 8, Day: 8}}},
		Summary: intel.Summary{Incidents: 1, Reports: 1},
	}
}

func fakeVictim() intel.VictimProfile {
	return intel.VictimProfile{Victim: intel.Victim{ID: "v1", Name: hostile, Names: []string{hostile, "HX"}}, Summary: intel.Summary{Incidents: 1, Reports: 1}}
}

func fakeRecord() intel.Record {
	in := fakeIncident()
	ended := in.Claims[0].Claim
	ended.ID, ended.Quote, ended.Stance = "c0", "It saw no sign of theft.", intel.StanceDenied
	ended.RecordedTo = ended.RecordedFrom.AddDate(0, 0, 1)
	return intel.Record{
		Report: intel.Report{ID: "r1", URL: "https://a.example/1", Title: hostile, Publisher: "A Paper", SourceID: "paper", Language: "en", TLP: intel.TLPClear, Version: 1, Reliability: "B"},
		Text:   "the whole text", Claims: []intel.Claim{in.Claims[0].Claim}, Ended: []intel.Claim{ended}, Observables: []intel.Observable{{Type: intel.ObservableDomain, Value: "evil.example"}},
		Techniques: []intel.Mention{{ID: "T1566", Name: "Phishing"}}, CVEs: []intel.Mention{{ID: "CVE-2025-0001", Name: "CVE-2025-0001"}},
	}
}

func page[T any](items ...T) intel.Page[T] {
	return intel.Page[T]{Items: items, Total: len(items), Coverage: intel.Coverage{Sources: 3, Read: 2}}
}

// named answers for the names the fake knows.
func named(name string) error {
	switch name {
	case "umbrella", "member", "Umbrella", "v1", "HX", "i1", "r1":
		return nil
	case "two":
		return fmt.Errorf("index: %w", &intel.AmbiguousError{Name: name, Candidates: []intel.Candidate{{ID: "umbrella", Name: "Umbrella", Type: "actor"}, {ID: "other", Name: "Other", Type: "actor"}}})
	case "purged":
		return fmt.Errorf("index: %w", intel.ErrPurged)
	case "broken":
		return errors.New("index: the disk at /secret/path is on fire")
	}
	return fmt.Errorf("index: %q: %w", name, intel.ErrNotFound)
}

func (f *fake) Search(_ context.Context, q intel.Query) (intel.Page[intel.Hit], error) {
	f.asked = q
	if q.Text == "(" {
		return intel.Page[intel.Hit]{}, fmt.Errorf("query: close the bracket: %w", intel.ErrInvalid)
	}
	in := fakeIncident()
	p := page(intel.Hit{ReportID: "r1", Title: hostile, URL: "https://a.example/1", Publisher: "A Paper", Highlights: []string{"«word» <b>"}, Why: []intel.Why{{Field: "text", Matched: "word"}}, Actors: []intel.Ref{}, Victims: []intel.Ref{}, Incidents: []intel.Incident{in.Incident}})
	p.Facets = map[string][]intel.Count{"actor": {{Value: "umbrella", Name: "Umbrella", Count: 1}}, "year": {{Value: "2025", Count: 1}}, "language": {{Value: "en", Count: 1}}}
	return p, nil
}

func (f *fake) Incidents(_ context.Context, q intel.Query) (intel.Page[intel.IncidentDetail], error) {
	return page(fakeIncident()), nil
}

func (f *fake) Actors(context.Context, intel.Query) (intel.Page[intel.ActorProfile], error) {
	return page(fakeActor()), nil
}

func (f *fake) Victims(context.Context, intel.Query) (intel.Page[intel.VictimProfile], error) {
	return page(fakeVictim()), nil
}

func (f *fake) Suggest(context.Context, string, int) ([]intel.Suggestion, error) {
	return []intel.Suggestion{{Type: "actor", ID: "umbrella", Name: "Umbrella"}}, nil
}

func (f *fake) Actor(_ context.Context, id string, _ intel.Query) (intel.ActorProfile, error) {
	return fakeActor(), named(id)
}

func (f *fake) Victim(_ context.Context, id string, _ intel.Query) (intel.VictimProfile, error) {
	return fakeVictim(), named(id)
}

func (f *fake) Incident(_ context.Context, id string, _ intel.Query) (intel.IncidentDetail, error) {
	return fakeIncident(), named(id)
}

func (f *fake) Report(_ context.Context, id string, _ intel.Query) (intel.Record, error) {
	return fakeRecord(), named(id)
}

func (f *fake) Sources(context.Context) ([]intel.SourceHealth, error) {
	return []intel.SourceHealth{{Source: intel.Source{ID: "paper", Name: "A Paper", Kind: "media", Reliability: "B"}, State: "ok"}}, nil
}

func (f *fake) Resolve(_ context.Context, items []intel.EnrichItem, _ intel.EnrichOptions) ([]intel.EnrichResult, error) {
	out := make([]intel.EnrichResult, len(items))
	for i, it := range items {
		out[i] = intel.EnrichResult{ID: it.ID, Value: it.Value, Type: "actor", Status: "not_found", Candidates: []intel.Candidate{}}
	}
	return out, nil
}

func (f *fake) Enrich(ctx context.Context, items []intel.EnrichItem, o intel.EnrichOptions) ([]intel.EnrichResult, error) {
	return f.Resolve(ctx, items, o)
}

func (f *fake) Conflicts(context.Context) ([]intel.EnrichResult, error) {
	return []intel.EnrichResult{{Value: "two", Candidates: []intel.Candidate{{ID: "a"}, {ID: "b"}}}}, nil
}

func (f *fake) Generation() (uint64, time.Time) { return f.gen, time.Unix(1757000000, 0).UTC() }
func (f *fake) Seq() int64                      { return 7 }
func (f *fake) Coverage() intel.Coverage        { return intel.Coverage{Sources: 3, Read: 2} }

func (f *fake) Save(context.Context, []intel.Entry) ([]intel.Saved, error) { return nil, nil }
func (f *fake) SaveCatalogue(context.Context, string, intel.Catalogue) (intel.CatalogueDiff, error) {
	return intel.CatalogueDiff{}, nil
}
func (f *fake) SaveSources(context.Context, []intel.Source) error { return nil }

func (f *fake) Decide(_ context.Context, d intel.Decision) (intel.Decision, error) {
	if d.Subject == "nobody" {
		return d, fmt.Errorf("store: %w", intel.ErrNotFound)
	}
	d.ID = "d1"
	f.decided = append(f.decided, d)
	return d, nil
}

func (f *fake) Record(context.Context, string) (intel.Record, error)    { return fakeRecord(), nil }
func (f *fake) Reports(context.Context, func(intel.Report) error) error { return nil }
func (f *fake) Decisions(context.Context) ([]intel.Decision, error)     { return f.decided, nil }

// archive separates intel.Archive's Actors from intel.Searcher's.
type archive struct{ *fake }

func (a archive) Actors(context.Context) (intel.Catalogue, error) { return intel.Catalogue{}, nil }
