package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
)

const storyReports = `{"url":"https://paper.example/1","title":"Qilin hits Marlow Castings","text":"The Qilin ransomware gang attacked Marlow Castings on 3 September 2025 and deployed Emotet, researchers said. Marlow Castings confirmed on 4 September 2025 that it was hit by the Qilin ransomware gang with Emotet. The attackers used CVE-2025-11111.","published":"2025-09-05","language":"en"}
{"url":"https://paper.example/2","title":"Akira hits Tarn Works","text":"The Akira ransomware gang attacked Tarn Works on 6 September 2025. Tarn Works confirmed the attack.","published":"2025-09-07","language":"en"}
`

func enriched(t *testing.T, k *asker, body map[string]any) []intel.EnrichResult {
	t.Helper()
	var a enrichAnswer
	if err := k.post(t.Context(), "/v1/enrich", body, &a); err != nil {
		t.Fatal(err)
	}
	return a.Results
}

// TestEnrichReadsFreeText: a sentence is answered by what it names, each as if asked for alone; a name that merely contains another is
// nobody's, and what a text mentions is never put where a program takes it for what the text means.
func TestEnrichReadsFreeText(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "", "import", "reports", collection(t, dir, "r.jsonl", storyReports))
	k := asking(t, dir)
	const asText = "text"
	tests := []struct {
		name, kind, value, status string
		want                      []string
	}{
		{"a sentence", "", "EDR alert: loader seen at Marlow Castings is tied to Qilin ransomware, exploiting cve-2025-11111.", "found", []string{"victim Marlow Castings found", "actor Qilin found", "cve cve-2025-11111 found"}},
		{"an ambiguous name in it", "", "analysts say that Grizzly Steppe was behind it", "ambiguous", []string{"actor Grizzly Steppe ambiguous"}},
		{"nothing known in it", "", "the user opened an attachment from a friend", "not_found", nil},
		{"a common word that some actor bears", "", "users like to play games at work all day", "not_found", nil},
		{"a name in a name", "", "Qilin Foods Ltd", "not_found", nil},
		{"a list declared as text", asText, "turla, Tarn Works", "found", []string{"actor turla found", "victim Tarn Works found"}},
		{"each once", asText, "turla and Turla and turla", "found", []string{"actor turla found"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := enriched(t, k, map[string]any{"items": []any{map[string]string{"type": tt.kind, "value": tt.value}}})[0]
			var got []string
			for _, n := range r.Named {
				got = append(got, n.Type+" "+n.Value+" "+n.Status)
			}
			if d := cmp.Diff(tt.want, got); d != "" || r.Status != tt.status || r.Type != asText {
				t.Errorf("%s %s (-want +got):\n%s", r.Type, r.Status, d)
			}
			for _, c := range r.Candidates {
				if c.Match != "mentioned" || c.Confidence > 0.5 {
					t.Errorf("%s is %s with %v, want a mention", c.Name, c.Match, c.Confidence)
				}
			}
			if (len(r.Named) == 1) != (r.Summary != nil) && tt.status == "found" {
				t.Errorf("%d named, summary %v", len(r.Named), r.Summary)
			}
		})
	}
	var raw json.RawMessage
	body := map[string]any{"format": "ecs", "items": []any{map[string]string{"value": "the alert says that Qilin ransomware is running"}}}
	if err := k.post(t.Context(), "/v1/enrich", body, &raw); err != nil || strings.Contains(string(raw), `"group"`) || !strings.Contains(string(raw), `"mentioned"`) {
		t.Errorf("a text is taken for the actor it names: %v %s", err, raw)
	}
	body = map[string]any{"as_of": "2020-01-01T00:00:00Z", "items": []any{map[string]string{"value": "loader seen on a host at Marlow Castings"}}}
	if r := enriched(t, k, body)[0]; r.Status != "not_found" {
		t.Errorf("before anything was recorded: %+v", r)
	}
}

// TestEnrichKnowsSoftwareAndCampaigns: what it is, whose, and the incidents of which a sentence names it.
func TestEnrichKnowsSoftwareAndCampaigns(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "", "import", "reports", collection(t, dir, "r.jsonl", storyReports))
	k := asking(t, dir)
	r := enriched(t, k, map[string]any{"items": []any{
		"emotet",
		map[string]string{"type": "software", "value": "S0367"},
		map[string]string{"type": "campaign", "value": "C0024"},
		map[string]string{"type": "campaign", "value": "Emotet"},
		map[string]string{"type": "software", "value": " "},
	}})
	var got []string
	for _, x := range r {
		id := ""
		if len(x.Candidates) > 0 {
			id = " " + x.Candidates[0].ID
		}
		got = append(got, x.Type+" "+x.Status+id)
	}
	want := []string{"software found S0367", "software found S0367", "campaign found C0024", "campaign not_found", "software invalid"}
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("(-want +got):\n%s", d)
	}
	if s := r[0].Summary; s == nil || s.Reports != 1 || s.Incidents+s.BelowThreshold != 1 || r[0].Candidates[0].Why == "" {
		t.Errorf("Emotet has the history %+v of %+v", s, r[0])
	}
	if len(r[0].Incidents) == 1 && r[0].Incidents[0].Victim.Name != "Marlow Castings" {
		t.Errorf("Emotet's incident is %+v", r[0].Incidents[0])
	}
	if !strings.Contains(r[2].Candidates[0].Why, "attributed to APT29") {
		t.Errorf("the campaign is nobody's: %+v", r[2].Candidates)
	}
	past := enriched(t, k, map[string]any{"as_of": "2025-01-01T00:00:00Z", "items": []any{map[string]string{"type": "software", "value": "Emotet"}}})[0]
	if past.Status != "not_found" || len(past.Why) != 1 {
		t.Errorf("under as_of: %+v", past)
	}
}
