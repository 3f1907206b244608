package ledger_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

// told is a claim of a report, published on a day of March 2026.
func told(report string, day int, f intel.Facet, st intel.Stance, kind intel.SpeakerKind, name string) intel.Claim {
	at := intel.Date{Year: 2026, Month: time.March, Day: day}
	return intel.Claim{
		ID: intel.UUIDv5("test", report, string(f), string(st), string(kind), name), ReportID: report, Facet: f, Stance: st,
		SaidBy: intel.Speaker{Name: name, Kind: kind}, Published: intel.OnDay(at), RecordedFrom: at.UTC(),
	}
}

// A boast is not backed because several outlets write of it in their own words.
func TestOutletsThatRetellAreNoOrigins(t *testing.T) {
	boast := func(report string) intel.Claim {
		return told(report, 1, attribution, intel.StanceClaimed, intel.SpeakerActor, "Akira")
	}
	own := func(report, outlet string) intel.Claim {
		return told(report, 1, event, intel.StanceReported, intel.SpeakerMedia, outlet)
	}
	wire := map[string]string{"a": "a", "b": "a"}
	for _, c := range []struct {
		name  string
		said  []intel.Claim
		story map[string]string
		want  map[intel.SpeakerKind]int
	}{
		{"two outlets read one listing", []intel.Claim{own("a", "One"), boast("a"), own("b", "Two"), boast("b")}, nil, map[intel.SpeakerKind]int{intel.SpeakerActor: 1}},
		{"a copy leaves the boast out", []intel.Claim{own("a", "One"), boast("a"), own("b", "Two")}, wire, map[intel.SpeakerKind]int{intel.SpeakerActor: 1}},
		{"a follow-up cites the first", []intel.Claim{own("a", "One"), own("b", "One")}, nil, map[intel.SpeakerKind]int{intel.SpeakerMedia: 1}},
		{"a follow-up cites one of two with the wire", []intel.Claim{own("a", "One"), own("b", "Two"), own("c", "Two")}, wire, map[intel.SpeakerKind]int{intel.SpeakerMedia: 1}},
		{"two outlets of their own", []intel.Claim{own("a", "One"), own("b", "Two")}, nil, map[intel.SpeakerKind]int{intel.SpeakerMedia: 2}},
		{
			"beside a denial an outlet speaks for itself",
			[]intel.Claim{own("a", "One"), told("a", 1, event, intel.StanceDenied, intel.SpeakerVictim, "Acme")},
			nil,
			map[intel.SpeakerKind]int{intel.SpeakerMedia: 1},
		},
		{
			"a confirmation that is taken back is none",
			[]intel.Claim{told("a", 1, event, intel.StanceConfirmed, intel.SpeakerVictim, "Acme"), told("b", 9, event, intel.StanceDenied, intel.SpeakerVictim, "Acme")},
			nil,
			map[intel.SpeakerKind]int{},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ledger.Origins(c.said, c.story)
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("origins (-want +got):\n%s", d)
			}
			if want := c.want[intel.SpeakerMedia] > 1; ledger.Corroborated(got) != want {
				t.Errorf("corroborated: %v, want %v", !want, want)
			}
		})
	}
	all := []intel.Claim{told("a", 1, event, intel.StanceClaimed, intel.SpeakerActor, "Akira"), own("a", "One")}
	if got := ledger.Credibility(all[0], all); got != 6 {
		t.Errorf("an outlet that retells a boast makes it %d, want 6", got)
	}
}

// A wire story that two outlets rewrote is one origin where both keep one of its sentences word for word.
func TestRewrittenWireStory(t *testing.T) {
	const long = "The company took its ordering system off the network on Monday after staff could not log in at two of its sites."
	own := func(outlet, quote string) intel.Claim {
		c := told("report of "+outlet, 1, event, intel.StanceReported, intel.SpeakerMedia, outlet)
		c.Quote = quote
		return c
	}
	for name, c := range map[string]struct {
		first, second string
		want          int
	}{
		"one sentence kept":       {long, strings.ToUpper(long), 1},
		"each in its own words":   {long, "Orders could not be placed for a day, people who work at the depot told this paper on Tuesday evening.", 2},
		"a phrase anybody writes": {"Acme was hacked.", "Acme was hacked.", 2},
	} {
		if got := ledger.Origins([]intel.Claim{own("One", c.first), own("Two", c.second)}, nil)[intel.SpeakerMedia]; got != c.want {
			t.Errorf("%s: %d origins, want %d", name, got, c.want)
		}
	}
}

// A page that was edited and keeps its old sentence says last what the edit added.
func TestAnEditIsTheLaterWord(t *testing.T) {
	before := told("page", 1, impact, intel.StanceDenied, intel.SpeakerVictim, "Acme")
	after := told("page", 1, impact, intel.StanceConfirmed, intel.SpeakerVictim, "Acme")
	after.RecordedFrom = before.RecordedFrom.AddDate(0, 0, 9)
	for _, said := range [][]intel.Claim{{before, after}, {after, before}} {
		if fs, _ := ledger.Status(said); fs.Impact != intel.StanceConfirmed {
			t.Errorf("impact is %s, want confirmed", fs.Impact)
		}
	}
}

// A claim that two findings of one report make alike belongs to the first: it cannot be in two incidents.
func TestOneClaimOfTwoFindings(t *testing.T) {
	f := intel.Finding{
		Victims: []intel.VictimRef{{Ref: intel.Ref{Name: "Acme"}}}, Kind: intel.KindRansomware,
		Claims: []intel.Statement{{Facet: event, Stance: intel.StanceReported, SaidBy: intel.Speaker{Name: "One", Kind: intel.SpeakerMedia}, Quote: "Acme was hit."}},
	}
	g := f
	g.Kind = intel.KindDDoS
	if got := ledger.Claims(intel.Report{ID: "r"}, intel.Extraction{Incidents: []intel.Finding{f, g}}); len(got) != 1 || got[0][0].Kind != intel.KindRansomware {
		t.Errorf("groups = %+v", got)
	}
}

// One sentence that says two things of one facet is two claims, in whatever order they are found.
func TestContradictionInOneSentence(t *testing.T) {
	say := func(st intel.Stance, kind intel.SpeakerKind, name string) intel.Statement {
		return intel.Statement{Facet: event, Stance: st, SaidBy: intel.Speaker{Name: name, Kind: kind}, Quote: "Acme denied what the agency confirmed."}
	}
	f := intel.Finding{
		Victims: []intel.VictimRef{{Ref: intel.Ref{Name: "Acme"}}}, Kind: intel.KindRansomware,
		Claims: []intel.Statement{say(intel.StanceDenied, intel.SpeakerVictim, "Acme"), say(intel.StanceConfirmed, intel.SpeakerGovernment, "NCSC"), say(intel.StanceConfirmed, intel.SpeakerGovernment, "NCSC")},
	}
	got := ledger.Claims(intel.Report{ID: "r"}, intel.Extraction{Incidents: []intel.Finding{f}})
	if len(got) != 1 || len(got[0]) != 2 || got[0][0].ID == got[0][1].ID || got[0][1].Stance != intel.StanceConfirmed {
		t.Fatalf("groups = %+v", got)
	}
	if fs, _ := ledger.Status(got[0]); fs.Event != intel.StanceDisputed {
		t.Errorf("event is %s, want disputed", fs.Event)
	}
}

// Cut and edited copies are found, whatever their words are.
func TestCopiesAreFound(t *testing.T) {
	for seed := range 60 {
		text := func(seed, n int, every int) string {
			s := ""
			var sSb99 strings.Builder
			for i := range n {
				if every > 0 && i%every == 5 {
					sSb99.WriteString("other ")
					continue
				}
				sSb99.WriteString(intel.UUIDv5(strconv.Itoa(seed), strconv.Itoa(i))[:6] + " ")
			}
			s += sSb99.String()
			return s
		}
		whole := intel.Report{ID: "a", Fingerprint: ledger.Fingerprint(text(seed, 400, 0))}
		for name, copied := range map[string]string{"cut": text(seed, 220, 0), "edited": text(seed, 400, 14)} {
			if ledger.Stories([]intel.Report{whole, {ID: "b", Fingerprint: ledger.Fingerprint(copied)}})["b"] != "a" {
				t.Errorf("seed %d: the %s copy is not found", seed, name)
			}
		}
		if ledger.Stories([]intel.Report{whole, {ID: "b", Fingerprint: ledger.Fingerprint(text(seed+1000, 400, 0))}})["b"] != "b" {
			t.Errorf("seed %d: two articles are one story", seed)
		}
	}
}
