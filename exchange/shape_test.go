package exchange_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

// answers are one of each: sure, ambiguous, withdrawn, a victim, an address, nothing, and a mistake.
func answers() []intel.EnrichResult {
	f := sample()
	byID := map[string]intel.Incident{}
	for _, c := range f.all {
		if c.Incident != nil {
			byID[c.ID] = *c.Incident
		}
	}
	amber := intel.Candidate{ID: "amber-heron", Name: "Amber Heron", Type: "actor", Match: "exact", Why: "“Amber Heron” is its primary name", Confidence: 1}
	shared := intel.Candidate{ID: "quiet-moth", Name: "Quiet Moth", Type: "actor", Match: "alias", Why: "“grey lantern” is a name of it", Confidence: 0.97}
	old := shared
	old.Withdrawn, old.Why, old.Confidence = true, "“Old Moth” is a name of it, since withdrawn by its source", 0.29
	bank := intel.Candidate{ID: "v-Fernhill Bank", Name: "Fernhill Bank", Type: "victim", Match: "exact", Why: "its domain", Confidence: 0.95}
	counts := intel.Summary{Incidents: 2, ClaimOnly: 1, Corroborated: 1, Reports: 2, Origins: 2, LastReported: intel.OnDay(intel.Date{Year: 2025, Month: 11, Day: 30})}
	return []intel.EnrichResult{
		{ID: "1", Value: "Amber Heron", Type: "actor", Status: "found", Candidates: []intel.Candidate{amber}, Summary: &counts, Incidents: []intel.Incident{byID["one"], byID["two"]}},
		{ID: "2", Value: "Grey Lantern", Type: "text", Status: "ambiguous", Candidates: []intel.Candidate{amber, shared}},
		{ID: "3", Value: "Old Moth", Type: "actor", Status: "found", Candidates: []intel.Candidate{old}, Summary: &intel.Summary{Incidents: 2, Denied: 1, ClaimOnly: 2}, Incidents: []intel.Incident{byID["three"], byID["four"]}},
		{ID: "4", Value: "fernhill.example", Type: "domain", Status: "found", Candidates: []intel.Candidate{bank}, Summary: &intel.Summary{Incidents: 1}, Incidents: []intel.Incident{byID["four"]}},
		{ID: "5", Value: "192.0.2.7", Type: "ip", Status: "found", Candidates: []intel.Candidate{}, Summary: &intel.Summary{Reports: 1}},
		{ID: "6", Value: "nobody", Type: "text", Status: "not_found", Candidates: []intel.Candidate{}},
		{ID: "7", Value: "", Type: "text", Status: "invalid", Candidates: []intel.Candidate{}, Problem: "value is empty"},
	}
}

func known(t *testing.T) exchange.Known {
	t.Helper()
	g := graph(t, sample().all, 100)
	return exchange.Known{Actor: g.Actor, About: g.About, At: at()}
}

func TestShapes(t *testing.T) {
	for name, shape := range exchange.Shapes() {
		t.Run(name, func(t *testing.T) {
			out := map[string]any{}
			for _, r := range answers() {
				out[r.ID+" "+r.Value] = shape(r, known(t))
			}
			b, err := json.MarshalIndent(out, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "shape-"+name+".json", append(b, '\n'))
		})
	}
}

// TestEveryShapeKeepsTheDoubts: ambiguous, claimed by the actor alone, denied and withdrawn are seen in every shape.
func TestEveryShapeKeepsTheDoubts(t *testing.T) {
	for name, shape := range exchange.Shapes() {
		for _, tt := range []struct {
			answer int
			word   string
		}{{1, "ambiguous"}, {0, "claim"}, {2, "denie"}, {2, "withdrawn"}} {
			b, err := json.Marshal(shape(answers()[tt.answer], known(t)))
			if err != nil {
				t.Fatal(err)
			}
			flat := strings.ToLower(string(b))
			if !strings.Contains(flat, tt.word) {
				t.Errorf("%s does not say %q of %q: %s", name, tt.word, answers()[tt.answer].Value, b)
			}
			if name != "stix" && strings.Contains(flat, `"withdrawn":false`) && tt.word == "withdrawn" && !strings.Contains(flat, `"withdrawn":true`) {
				t.Errorf("%s says that a withdrawn name stands", name)
			}
		}
	}
}

// TestNobodyIsNamedWithoutAnAnswer holds every shape to the rule that a victim is never named without its latest answer.
func TestNobodyIsNamedWithoutAnAnswer(t *testing.T) {
	for name, shape := range exchange.Shapes() {
		b, err := json.Marshal(shape(answers()[0], known(t)))
		if err != nil {
			t.Fatal(err)
		}
		if s := string(b); strings.Contains(s, "Larkspur Rail") && !strings.Contains(s, "none found") && !strings.Contains(s, "none-found") && !strings.Contains(s, "no answer of the organisation") {
			t.Errorf("%s names Larkspur Rail and not what it answers: %s", name, s)
		}
	}
}

// TestAmbiguousMeansNobody: no shape puts an ambiguous or withdrawn name where a program takes it for the actor.
func TestAmbiguousMeansNobody(t *testing.T) {
	for i, field := range map[string]string{"ecs": `"group"`, "misp": "misp-galaxy", "cortex": `"artifacts":[{`} {
		for _, n := range []int{1, 2} {
			b, err := json.Marshal(exchange.Shapes()[i](answers()[n], known(t)))
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(b), field) {
				t.Errorf("%s: %q is given as one actor: %s", i, answers()[n].Value, b)
			}
		}
	}
}

func TestShapedStixIsWhole(t *testing.T) {
	for _, r := range answers() {
		b, err := json.Marshal(exchange.Shapes()["stix"](r, known(t)))
		if err != nil {
			t.Fatal(err)
		}
		read(t, b)
	}
	if objects := exchange.Shapes()["stix"](answers()[0], exchange.Known{}); objects == nil {
		t.Error("without a graph there is no bundle at all")
	}
}

func TestShapesSurviveHostileNames(t *testing.T) {
	for _, evil := range []string{"=cmd|'/C calc'!A0", "<script>alert(1)</script>", "a\r\nX-Injected: yes", `quo"te`, "\x00\xff", strings.Repeat("x", 1<<16), "](javascript:alert(1))"} {
		r := answers()[0]
		r.Value, r.Candidates = evil, []intel.Candidate{{ID: evil, Name: evil, Type: "actor", Why: evil, UsedBy: []string{evil}}}
		r.Incidents[0].Victim.Name, r.Incidents[0].Occurred.Words = evil, evil
		for name, shape := range exchange.Shapes() {
			b, err := json.Marshal(shape(r, known(t)))
			if err != nil || !json.Valid(b) {
				t.Errorf("%s, %q: %v", name, evil, err)
			}
			if strings.Contains(string(b), "<script>") {
				t.Errorf("%s: %q passes as it is", name, evil)
			}
			if name == "misp" && strings.Contains(string(b), `threat-actor=\"quo\"`) {
				t.Errorf("a quote ends the galaxy tag early: %s", b)
			}
		}
	}
}
