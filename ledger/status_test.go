package ledger_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

const (
	event       = intel.FacetEvent
	attribution = intel.FacetAttribution
	impact      = intel.FacetImpact
)

// say is a claim in few words, published on a day of January 2026 in a report of its own unless one is named.
type say struct {
	day    int
	facet  intel.Facet
	stance intel.Stance
	kind   intel.SpeakerKind
	name   string
	actor  string
	report string
}

func claims(says ...say) []intel.Claim {
	out := make([]intel.Claim, 0, len(says))
	for i, s := range says {
		c := intel.Claim{
			ID: string(rune('a' + i)), ReportID: s.report, Facet: s.facet, Stance: s.stance, SaidBy: intel.Speaker{Name: s.name, Kind: s.kind},
			Span: intel.Span{Start: i * 100}, RecordedFrom: time.Date(2026, 2, 1, 0, 0, i, 0, time.UTC),
		}
		if s.report == "" {
			c.ReportID = "report-" + c.ID
		} else {
			c.RecordedFrom = time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
		}
		if s.day > 0 {
			c.Published = intel.OnDay(intel.Date{Year: 2026, Month: 1, Day: s.day})
		}
		c.Actor.Name = s.actor
		out = append(out, c)
	}
	return out
}

// statusCases are the rows of the table in doc/claims.md, each under the name that its row has there.
func statusCases() map[string]struct {
	says   []say
	facets intel.FacetStatus
	flat   intel.Stance
	answer string
} {
	type row = struct {
		says   []say
		facets intel.FacetStatus
		flat   intel.Stance
		answer string
	}
	actor, victim, vendor, gov, court, media := intel.SpeakerActor, intel.SpeakerVictim, intel.SpeakerVendor, intel.SpeakerGovernment, intel.SpeakerCourt, intel.SpeakerMedia
	return map[string]row{
		"nobody spoke": {nil, intel.FacetStatus{}, "", "none found"},
		"**claimed**: a gang claims event and deed": {
			[]say{{1, event, intel.StanceClaimed, actor, "Akira", "Akira", ""}, {1, attribution, intel.StanceClaimed, actor, "Akira", "Akira", ""}},
			intel.FacetStatus{Event: intel.StanceClaimed, Attribution: intel.StanceClaimed},
			intel.StanceClaimed, "none found",
		},
		"**claimed by two gangs**: two gangs claim it": {
			[]say{{1, attribution, intel.StanceClaimed, actor, "Akira", "Akira", ""}, {2, attribution, intel.StanceClaimed, actor, "Play", "Play", ""}},
			intel.FacetStatus{Attribution: intel.StanceClaimed},
			intel.StanceClaimed, "none found",
		},
		"one gang claims it, another denies": {
			[]say{{1, attribution, intel.StanceClaimed, actor, "Akira", "Akira", ""}, {2, attribution, intel.StanceDenied, actor, "Play", "Play", ""}},
			intel.FacetStatus{Attribution: intel.StanceClaimed},
			intel.StanceClaimed, "none found",
		},
		"an outlet reports it": {
			[]say{{1, event, intel.StanceReported, media, "Paper", "", ""}}, intel.FacetStatus{Event: intel.StanceReported}, intel.StanceReported, "none found",
		},
		"**attributed**: a vendor attributes it, an outlet reports it": {
			[]say{{1, attribution, intel.StanceAttributed, vendor, "Labs", "Akira", ""}, {1, event, intel.StanceReported, media, "Paper", "", ""}},
			intel.FacetStatus{Event: intel.StanceReported, Attribution: intel.StanceAttributed},
			intel.StanceAttributed, "none found",
		},
		"a vendor confirms the event": {
			[]say{{1, event, intel.StanceConfirmed, vendor, "Labs", "", ""}}, intel.FacetStatus{Event: intel.StanceReported}, intel.StanceReported, "none found",
		},
		`an actor "confirms" itself`: {
			[]say{{1, event, intel.StanceConfirmed, actor, "Akira", "Akira", ""}}, intel.FacetStatus{Event: intel.StanceClaimed}, intel.StanceClaimed, "none found",
		},
		"**event confirmed, attribution only claimed**: the victim confirms the event, a gang claims it": {
			[]say{{1, event, intel.StanceConfirmed, victim, "Acme", "", ""}, {1, attribution, intel.StanceClaimed, actor, "Akira", "Akira", ""}},
			intel.FacetStatus{Event: intel.StanceConfirmed, Attribution: intel.StanceClaimed},
			intel.StanceClaimed, "confirmed",
		},
		"**confirmed**: a court confirms who did it": {
			[]say{{1, attribution, intel.StanceConfirmed, court, "District Court", "Akira", ""}},
			intel.FacetStatus{Attribution: intel.StanceConfirmed},
			intel.StanceConfirmed, "none found",
		},
		"**denied**: a gang claims, the victim denies": {
			[]say{{1, event, intel.StanceClaimed, actor, "Akira", "", ""}, {2, event, intel.StanceDenied, victim, "Acme", "", ""}},
			intel.FacetStatus{Event: intel.StanceDenied},
			intel.StanceDenied, "denied",
		},
		"a government confirms, the victim denies": {
			[]say{{1, event, intel.StanceConfirmed, gov, "NCSC", "", ""}, {2, event, intel.StanceDenied, victim, "Acme", "", ""}},
			intel.FacetStatus{Event: intel.StanceDisputed},
			intel.StanceDisputed, "denied",
		},
		"the victim confirms, a vendor denies": {
			[]say{{1, event, intel.StanceConfirmed, victim, "Acme", "", ""}, {2, event, intel.StanceDenied, vendor, "Labs", "", ""}},
			intel.FacetStatus{Event: intel.StanceDisputed},
			intel.StanceDisputed, "confirmed",
		},
		"a vendor attributes, another disputes it": {
			[]say{{1, attribution, intel.StanceAttributed, vendor, "Labs", "Akira", ""}, {2, attribution, intel.StanceDisputed, vendor, "Other", "Akira", ""}},
			intel.FacetStatus{Attribution: intel.StanceDisputed},
			intel.StanceDisputed, "none found",
		},
		"a vendor attributes, a government denies without naming anybody": {
			[]say{{1, attribution, intel.StanceAttributed, vendor, "Labs", "Akira", ""}, {2, attribution, intel.StanceDenied, gov, "NCSC", "", ""}},
			intel.FacetStatus{Attribution: intel.StanceDisputed},
			intel.StanceDisputed, "none found",
		},
		"**impact first denied then admitted**: the victim denies an impact, later admits it": {
			[]say{{1, impact, intel.StanceDenied, victim, "Acme", "", ""}, {5, impact, intel.StanceConfirmed, victim, "Acme Inc", "", ""}},
			intel.FacetStatus{Impact: intel.StanceConfirmed},
			"", "none found",
		},
		"one text recalls the victim's first denial of an impact and tells of its admission": {
			[]say{{1, impact, intel.StanceConfirmed, victim, "Acme", "", "r"}, {1, impact, intel.StanceDenied, victim, "Acme", "", "r"}},
			intel.FacetStatus{Impact: intel.StanceConfirmed},
			"", "none found",
		},
		"the victim confirms, later denies": {
			[]say{{5, event, intel.StanceDenied, victim, "Acme", "", ""}, {1, event, intel.StanceConfirmed, victim, "Acme", "", ""}},
			intel.FacetStatus{Event: intel.StanceDenied},
			intel.StanceDenied, "denied",
		},
		"one text confirms and repeats the news": {
			[]say{{1, event, intel.StanceConfirmed, victim, "Acme", "", "r"}, {1, event, intel.StanceReported, victim, "Acme", "", "r"}},
			intel.FacetStatus{Event: intel.StanceConfirmed},
			intel.StanceConfirmed, "confirmed",
		},
		"**retracted**: a vendor takes its attribution back, the boast stays": {
			[]say{{1, attribution, intel.StanceAttributed, vendor, "Labs", "Akira", ""}, {3, attribution, intel.StanceRetracted, vendor, "Labs", "Akira", ""}, {1, attribution, intel.StanceClaimed, actor, "Akira", "Akira", ""}},
			intel.FacetStatus{Attribution: intel.StanceRetracted},
			intel.StanceRetracted, "none found",
		},
		"an outlet takes the event back, a vendor attributed it": {
			[]say{{1, event, intel.StanceReported, media, "Paper", "", ""}, {4, event, intel.StanceRetracted, media, "Paper", "", ""}, {1, attribution, intel.StanceAttributed, vendor, "Labs", "Akira", ""}},
			intel.FacetStatus{Event: intel.StanceRetracted, Attribution: intel.StanceAttributed},
			intel.StanceRetracted, "none found",
		},
		"**umbrella vs member**: a vendor attributes to an umbrella, a member denies": {
			[]say{{1, attribution, intel.StanceAttributed, vendor, "Labs", "Scattered LAPSUS$ Hunters", ""}, {2, attribution, intel.StanceDenied, actor, "ShinyHunters", "ShinyHunters", ""}},
			intel.FacetStatus{Attribution: intel.StanceAttributed},
			intel.StanceAttributed, "none found",
		},
		"two gangs claim event and deed": {
			[]say{
				{1, event, intel.StanceClaimed, actor, "Akira", "", ""},
				{1, attribution, intel.StanceClaimed, actor, "Akira", "Akira", ""},
				{2, event, intel.StanceClaimed, actor, "Play", "", ""},
				{2, attribution, intel.StanceClaimed, actor, "Play", "Play", ""},
			},
			intel.FacetStatus{Event: intel.StanceClaimed, Attribution: intel.StanceClaimed},
			intel.StanceClaimed, "none found",
		},
		"two gangs claim it, a vendor attributes it to one": {
			[]say{{1, attribution, intel.StanceClaimed, actor, "Akira", "Akira", ""}, {2, attribution, intel.StanceClaimed, actor, "Play", "Play", ""}, {3, attribution, intel.StanceAttributed, vendor, "Labs", "Play", ""}},
			intel.FacetStatus{Attribution: intel.StanceAttributed},
			intel.StanceAttributed, "none found",
		},
		"**recycled**: a gang posts old data again, the victim says they are old": {
			[]say{{20, event, intel.StanceClaimed, actor, "Akira", "", ""}, {20, impact, intel.StanceClaimed, actor, "Akira", "", ""}, {21, event, intel.StanceDenied, victim, "Acme", "", ""}, {21, impact, intel.StanceDenied, victim, "Acme", "", ""}},
			intel.FacetStatus{Event: intel.StanceDenied, Impact: intel.StanceDenied},
			intel.StanceDenied, "denied",
		},
		"a gang posts old data again, a vendor doubts it": {
			[]say{{20, event, intel.StanceClaimed, actor, "Akira", "", ""}, {20, attribution, intel.StanceClaimed, actor, "Akira", "Akira", ""}, {22, event, intel.StanceDisputed, vendor, "Labs", "", ""}},
			intel.FacetStatus{Event: intel.StanceDisputed, Attribution: intel.StanceClaimed},
			intel.StanceClaimed, "none found",
		},
		"**withdrawn after payment**: a gang claims, then takes its listing down": {
			[]say{{1, event, intel.StanceClaimed, actor, "Akira", "", ""}, {1, attribution, intel.StanceClaimed, actor, "Akira", "Akira", ""}, {9, event, intel.StanceRetracted, actor, "Akira", "", ""}, {9, attribution, intel.StanceRetracted, actor, "Akira", "Akira", ""}},
			intel.FacetStatus{Event: intel.StanceRetracted, Attribution: intel.StanceRetracted},
			intel.StanceRetracted, "none found",
		},
		"the same, and the victim had confirmed the event": {
			[]say{
				{1, event, intel.StanceClaimed, actor, "Akira", "", ""},
				{1, attribution, intel.StanceClaimed, actor, "Akira", "Akira", ""},
				{3, event, intel.StanceConfirmed, victim, "Acme", "", ""},
				{9, event, intel.StanceRetracted, actor, "Akira", "", ""},
				{9, attribution, intel.StanceRetracted, actor, "Akira", "Akira", ""},
			},
			intel.FacetStatus{Event: intel.StanceConfirmed, Attribution: intel.StanceRetracted},
			intel.StanceConfirmed, "confirmed",
		},
		"a gang takes its claim back, a vendor attributed it": {
			[]say{{1, attribution, intel.StanceClaimed, actor, "Akira", "Akira", ""}, {5, attribution, intel.StanceAttributed, vendor, "Labs", "Akira", ""}, {9, attribution, intel.StanceRetracted, actor, "Akira", "Akira", ""}},
			intel.FacetStatus{Attribution: intel.StanceAttributed},
			intel.StanceAttributed, "none found",
		},
		"an outlet reports, a vendor takes its attribution back": {
			[]say{{1, event, intel.StanceReported, media, "Paper", "", ""}, {1, attribution, intel.StanceAttributed, vendor, "Labs", "Akira", ""}, {3, attribution, intel.StanceRetracted, vendor, "Labs", "Akira", ""}},
			intel.FacetStatus{Event: intel.StanceReported, Attribution: intel.StanceRetracted},
			intel.StanceReported, "none found",
		},
		"an umbrella claims, its member denies": {
			[]say{{1, attribution, intel.StanceClaimed, actor, "Scattered LAPSUS$ Hunters", "Scattered LAPSUS$ Hunters", ""}, {2, attribution, intel.StanceDenied, actor, "ShinyHunters", "ShinyHunters", ""}},
			intel.FacetStatus{Attribution: intel.StanceClaimed},
			intel.StanceClaimed, "none found",
		},
		"an umbrella claims, a government confirms a member": {
			[]say{{1, attribution, intel.StanceClaimed, actor, "Scattered LAPSUS$ Hunters", "Scattered LAPSUS$ Hunters", ""}, {2, attribution, intel.StanceConfirmed, gov, "NCA", "Scattered Spider", ""}},
			intel.FacetStatus{Attribution: intel.StanceConfirmed},
			intel.StanceConfirmed, "none found",
		},
		"**masked and later revealed**: a gang lists a masked name, later the name, the victim confirms the event": {
			[]say{
				{1, event, intel.StanceClaimed, actor, "Akira", "", ""},
				{1, attribution, intel.StanceClaimed, actor, "Akira", "Akira", ""},
				{9, event, intel.StanceClaimed, actor, "Akira", "", ""},
				{9, attribution, intel.StanceClaimed, actor, "Akira", "Akira", ""},
				{10, event, intel.StanceConfirmed, victim, "Acme", "", ""},
			},
			intel.FacetStatus{Event: intel.StanceConfirmed, Attribution: intel.StanceClaimed},
			intel.StanceClaimed, "confirmed",
		},
		"one sentence both confirms and denies, one speaker": {
			[]say{{1, event, intel.StanceDenied, victim, "Acme", "", "r"}, {1, event, intel.StanceConfirmed, victim, "Acme", "", "r"}},
			intel.FacetStatus{Event: intel.StanceDenied},
			intel.StanceDenied, "denied",
		},
		"one sentence both confirms and denies, two speakers": {
			[]say{{1, event, intel.StanceDenied, victim, "Acme", "", "r"}, {1, event, intel.StanceConfirmed, gov, "NCSC", "", "r"}},
			intel.FacetStatus{Event: intel.StanceDisputed},
			intel.StanceDisputed, "denied",
		},
	}
}

func TestStatus(t *testing.T) {
	for name, c := range statusCases() {
		t.Run(name, func(t *testing.T) {
			said := claims(c.says...)
			for range 10 { // the order claims come in does not matter
				facets, flat := ledger.Status(said)
				if d := cmp.Diff(c.facets, facets); d != "" || flat != c.flat {
					t.Fatalf("flat %q, want %q; facets:\n%s", flat, c.flat, d)
				}
				if got := ledger.VictimAnswer(said); got != c.answer {
					t.Fatalf("answer %q, want %q", got, c.answer)
				}
				rand.Shuffle(len(said), func(i, j int) { said[i], said[j] = said[j], said[i] })
			}
		})
	}
}

func TestUndatedReportCountsFromItsRecording(t *testing.T) {
	said := claims(say{1, event, intel.StanceDenied, intel.SpeakerVictim, "Acme", "", ""}, say{0, event, intel.StanceConfirmed, intel.SpeakerVictim, "Acme", "", ""})
	if facets, _ := ledger.Status(said); facets.Event != intel.StanceConfirmed {
		t.Errorf("event = %q: a report recorded in February is a later word than one of January", facets.Event)
	}
}

// A page dated in the future is told when it was recorded: its date makes it neither the last word for ever nor the latest news.
func TestFutureReportCountsFromItsRecording(t *testing.T) {
	future := claims(say{1, event, intel.StanceDenied, intel.SpeakerVictim, "Acme", "", ""})[0]
	future.Published = intel.OnDay(intel.Date{Year: 2062, Month: 1, Day: 1})
	later := claims(say{1, event, intel.StanceConfirmed, intel.SpeakerVictim, "Acme", "", ""})[0]
	later.ID, later.ReportID, later.Published, later.RecordedFrom = "z", "later", intel.OnDay(intel.Date{Year: 2026, Month: 2, Day: 9}), time.Date(2026, 2, 9, 0, 0, 0, 0, time.UTC)
	in := ledger.Incident("i", []intel.Claim{future, later}, nil)
	if in.Facets.Event != intel.StanceConfirmed || in.FirstReported.String() != "2026-02-01" || in.LastReported.String() != "2026-02-09" {
		t.Errorf("event %s, reported %v to %v", in.Facets.Event, in.FirstReported, in.LastReported)
	}
	if ledger.Join([]intel.Claim{withVictim(later)}, []intel.Incident{withVictimID(in)}) != "i" {
		t.Error("what comes after it does not join")
	}
}

func withVictim(c intel.Claim) intel.Claim {
	c.Victim.ID = "acme"
	return c
}

func withVictimID(in intel.Incident) intel.Incident {
	in.Victim.ID = "acme"
	return in
}

// Masked first, named later: what a merge makes of both is the named one.
func TestMaskedThenRevealed(t *testing.T) {
	said := claims(
		say{1, event, intel.StanceClaimed, intel.SpeakerActor, "Akira", "Akira", ""},
		say{9, event, intel.StanceClaimed, intel.SpeakerActor, "Akira", "Akira", ""},
		say{10, event, intel.StanceConfirmed, intel.SpeakerVictim, "Acme", "", ""},
	)
	said[1].Victim.Ref, said[2].Victim.Ref = intel.Ref{ID: "acme", Name: "Acme"}, intel.Ref{ID: "acme", Name: "Acme"}
	in := ledger.Incident("i", said, nil)
	if in.Victim.ID != "acme" || in.Facets.Event != intel.StanceConfirmed || in.FirstReported.String() != "2026-01-01" || len(in.Reports) != 3 {
		t.Errorf("incident = %+v", in)
	}
	if ledger.Join(said[:1], []intel.Incident{in}) != "" {
		t.Error("claims about nobody join an incident")
	}
}

func TestClaimOnly(t *testing.T) {
	boast := say{1, event, intel.StanceClaimed, intel.SpeakerActor, "Akira", "Akira", ""}
	for name, c := range map[string]struct {
		with []say
		want bool
	}{
		"a boast":                {nil, true},
		"carried by an outlet":   {[]say{{1, event, intel.StanceReported, intel.SpeakerMedia, "Paper", "", ""}}, true},
		"denied by the victim":   {[]say{{1, event, intel.StanceDenied, intel.SpeakerVictim, "Acme", "", ""}}, true},
		"confirmed by it":        {[]say{{1, event, intel.StanceConfirmed, intel.SpeakerVictim, "Acme", "", ""}}, false},
		"attributed by a vendor": {[]say{{1, attribution, intel.StanceAttributed, intel.SpeakerVendor, "Labs", "Akira", ""}}, false},
	} {
		if got := ledger.ClaimOnly(claims(append(c.with, boast)...)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if ledger.ClaimOnly(claims(say{1, event, intel.StanceReported, intel.SpeakerMedia, "Paper", "", ""})) {
		t.Error("without a boast it is nobody's claim")
	}
}
