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

// TestHostileWordsInMarkdown puts every trick at every place of a briefing that comes from outside: no link, picture, heading, table,
// code, markup, second line or change of direction is made of it, by goldmark or by a reader that makes links of bare addresses.
func TestHostileWordsInMarkdown(t *testing.T) {
	for _, v := range []string{
		"![x](https://evil.example/p.png)", "[a](https://evil.example)", "<https://evil.example>", "https://evil.example/x", "www.evil.example", "HTTPS://evil.example", "mail@evil.example",
		"<img src=x onerror=alert(1)>", "x\n# owned", "x\r\n\r\n| a | b |\n|---|---|", "`code`", "```\ncode", "~~~", "**bold**", "&lt;b&gt;", "\\[a](https://evil.example)", "x\u2028# owned", "\u202egnp.exe",
		"x\u0085# owned", "[ref]: https://evil.example", "\x00\x1b[31m\x7f", "\xff\xfe", "- item", "1. item", "***", "=====",
	} {
		in := incident(v)
		in.Actors = []intel.ActorRef{{Ref: intel.Ref{ID: "a", Name: v}}}
		for i := range in.Claims {
			in.Claims[i].SaidBy.Name, in.Claims[i].Publisher, in.Claims[i].Title = v, v, v
			in.Claims[i].URL += ">\n# owned <https://evil.example/" + v
		}
		b := brief.Make([]intel.IncidentDetail{in}, brief.Options{Title: v, TLP: intel.TLPClear})
		md := b.Markdown()
		plain := brief.Make([]intel.IncidentDetail{incident("plain")}, brief.Options{Title: "plain", TLP: intel.TLPClear}).Markdown()
		if got, want := strings.Count(md, "\n"), strings.Count(plain, "\n"); got != want {
			t.Errorf("%q: %d lines, a plain name makes %d", v, got, want)
		}
		if strings.ContainsAny(md, "\u202e\u2028\u0085\x00\x1b\x7f\r") {
			t.Errorf("%q: a control character is left", v)
		}
		html, err := b.HTML()
		if err != nil {
			t.Fatal(err)
		}
		for _, no := range []string{"<img", "<a href=\"https://evil", "<h1>owned", "<code", "<table", "<strong>bold", "<li><ul", "<hr"} {
			if strings.Contains(string(html), no) {
				t.Errorf("%q: the page carries %s", v, no)
			}
		}
		for _, no := range []string{"https://evil", "HTTPS://evil", "www.evil", "mail@evil"} {
			if body, _, _ := strings.Cut(md, "## Sources"); strings.Contains(body, no) {
				t.Errorf("%q: a reader makes a link of %s", v, no)
			}
		}
	}
}
