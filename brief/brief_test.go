package brief_test

import (
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/brief"
	"github.com/rapsheet/rapsheet/intel"
)

func incident(victim string) intel.IncidentDetail {
	published, _ := intel.ParseMoment("2025-09-03")
	claim := func(f intel.Facet, s intel.Stance, by string, k intel.SpeakerKind, url string) intel.ClaimDetail {
		return intel.ClaimDetail{
			Claim: intel.Claim{Facet: f, Stance: s, SaidBy: intel.Speaker{Name: by, Kind: k}, Quote: "q", Published: published},
			Title: "A title", URL: url, Publisher: "The Paper",
		}
	}
	return intel.IncidentDetail{
		Incident: intel.Incident{
			Victim: intel.VictimRef{Ref: intel.Ref{Name: victim}}, Actors: []intel.ActorRef{{Ref: intel.Ref{Name: "Some Crew"}}},
			VictimAnswer: "confirmed", Corroborated: true,
		},
		Claims: []intel.ClaimDetail{
			claim(intel.FacetEvent, intel.StanceConfirmed, victim, intel.SpeakerVictim, "https://a.example/1"),
			claim(intel.FacetAttribution, intel.StanceClaimed, "Some Crew", intel.SpeakerActor, "https://a.example/1"),
			claim(intel.FacetAttribution, intel.StanceAttributed, "A Lab", intel.SpeakerVendor, "https://b.example/2"),
		},
	}
}

func TestEveryStatementIsCitedAndNothingIsJudged(t *testing.T) {
	b := brief.Make([]intel.IncidentDetail{incident("Tarnwick Mills")}, brief.Options{Title: "Weekly", TLP: intel.TLPClear})
	md := b.Markdown()
	for _, want := range []string{
		"### Tarnwick Mills", "latest answer: confirmed", "claimed by Some Crew (actor, 2025-09-03); attributed by A Lab (vendor, 2025-09-03). [1] [2]",
		"2. The Paper, “A title”, 2025-09-03. <https://b.example/2>", "*(single report)*",
	} {
		if !strings.Contains(md, want) {
			t.Errorf("the briefing lacks %q:\n%s", want, md)
		}
	}
	if f := brief.Lint(md); len(f) > 0 {
		t.Errorf("our own briefing breaks our own rules: %v", f)
	}
}

// TestAnswersThatChange tells an organisation's answers in their order, under one name.
func TestAnswersThatChange(t *testing.T) {
	in := incident("Tarnwick Mills")
	later, _ := intel.ParseMoment("2025-09-10")
	said := in.Claims[0]
	said.Facet, said.Stance, said.Published, said.SaidBy.Name = intel.FacetImpact, intel.StanceConfirmed, later, "TM"
	first := in.Claims[0]
	first.Facet, first.Stance = intel.FacetImpact, intel.StanceDenied
	in.Claims = append(in.Claims, said, first)
	md := brief.Make([]intel.IncidentDetail{in}, brief.Options{Title: "Weekly", TLP: intel.TLPClear}).Markdown()
	if want := "denied by Tarnwick Mills (victim, 2025-09-03); confirmed by Tarnwick Mills (victim, 2025-09-10)"; !strings.Contains(md, want) {
		t.Errorf("the briefing lacks %q:\n%s", want, md)
	}
}

func TestHostileNamesStayText(t *testing.T) {
	b := brief.Make([]intel.IncidentDetail{incident("<script>alert(1)</script> [x](javascript:1)\n# owned")}, brief.Options{Title: "T", TLP: intel.TLPClear})
	html, err := b.HTML()
	if err != nil {
		t.Fatal(err)
	}
	for _, no := range []string{"<script>", "javascript:1\"", "<h1>owned"} {
		if strings.Contains(string(html), no) {
			t.Errorf("the page carries %q", no)
		}
	}
}

func TestLintFindsWhatICD203Forbids(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"likelihood with confidence", "We assess with high confidence that it is likely to happen again", "one sentence"},
		{"two rows", "It is likely. It is highly probable", "two rows"},
		{"claim as fact", "Acme was breached by Crew", "as a fact"},
		{"no citation", "## What was reported\n- It happened", "no citation"},
		{"no marking", "text", "TLP"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var all strings.Builder
			for _, f := range brief.Lint(tt.text) {
				all.WriteString(f.Problem + "\n")
			}
			if !strings.Contains(all.String(), tt.want) {
				t.Errorf("Lint(%q) = %q, want a finding about %q", tt.text, all.String(), tt.want)
			}
		})
	}
}
