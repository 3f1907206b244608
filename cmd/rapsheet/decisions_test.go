package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

// sameAs is the word of the API for a merge of actors or victims.
const sameAs intel.DecisionKind = "same-as"

// claimed is a report that a gang claims an organisation.
func claimed(n int, gang, victim, day string) string {
	return fmt.Sprintf(`{"url":"https://paper.example/%d","title":"%s claims %s","text":"The %s ransomware gang has claimed responsibility for an attack on %s, a British company. %s listed %s on its leak site on %s.","published":"%s","language":"en"}`+"\n",
		n, gang, victim, gang, victim, gang, victim, day, day)
}

// before is what a folder holds before people decide about it.
type before struct {
	t *testing.T
	k *asker
}

func (b before) get(path string, v any) {
	b.t.Helper()
	if err := b.k.get(b.t.Context(), path, nil, v); err != nil {
		b.t.Errorf("%s: %v", path, err)
	}
}

// at are the incidents at an organisation, oldest first.
func (b before) at(victim string) []intel.IncidentDetail {
	b.t.Helper()
	var page intel.Page[intel.IncidentDetail]
	b.get("/v1/victims/"+url.PathEscape(victim)+"/timeline", &page)
	slices.SortFunc(page.Items, func(x, y intel.IncidentDetail) int {
		return strings.Compare(x.FirstReported.String(), y.FirstReported.String())
	})
	return page.Items
}

// told says in words what is known of an organisation: each incident with its victim, kind, actors and number of reports.
func (b before) told(victim string) string {
	b.t.Helper()
	var out []string
	for _, in := range b.at(victim) {
		var actors []string
		for _, a := range in.Actors {
			actors = append(actors, a.ID)
		}
		out = append(out, fmt.Sprintf("%s %s by %s in %d", in.Victim.Name, in.Kind, strings.Join(actors, "+"), len(in.Reports)))
	}
	return strings.Join(out, "; ")
}

func (b before) victims(name string) string {
	b.t.Helper()
	var found []string
	var ans enrichAnswer
	if err := b.k.post(b.t.Context(), "/v1/resolve", map[string]any{"items": []any{map[string]string{"value": name}}}, &ans); err != nil {
		b.t.Error(err)
	}
	for _, c := range ans.Results[0].Candidates {
		found = append(found, c.ID)
	}
	return strings.Join(found, " ")
}

// decisionCase is a decision, what it is about, and what is answered before and after.
type decisionCase struct {
	name        string
	make        func(before) intel.Decision
	told        func(before) string
	was, became string
}

func decisionCases() []decisionCase {
	told := func(victim string) func(before) string { return func(b before) string { return b.told(victim) } }
	return []decisionCase{
		{
			"merge of incidents", func(b before) intel.Decision {
				in := b.at("Fernhill Foods")
				return intel.Decision{Kind: intel.DecideMerge, Subject: in[1].ID, Object: in[0].ID}
			}, told("Fernhill Foods"), "Fernhill Foods ransomware by akira in 1; Fernhill Foods ransomware by play in 1", "Fernhill Foods ransomware by akira+play in 2",
		},
		{
			"merge of victims", func(b before) intel.Decision {
				return intel.Decision{Kind: intel.DecideMerge, Subject: b.at("Oatfield Milling")[0].Victim.ID, Object: b.at("Oatfield Mills")[0].Victim.ID}
			}, told("Oatfield Milling"), "Oatfield Milling ransomware by qilin in 1", "Oatfield Mills ransomware by qilin in 1; Oatfield Mills ransomware by qilin in 1",
		},
		{
			"same as, of actors", func(before) intel.Decision {
				return intel.Decision{Kind: sameAs, Subject: "8base", Object: "bianlian"}
			}, told("Larkspur Clinics"), "Larkspur Clinics ransomware by 8base in 1", "Larkspur Clinics ransomware by bianlian in 1",
		},
		{
			"split of an incident", func(b before) intel.Decision {
				in := b.at("Borealis Freight")[0]
				d := intel.Decision{Kind: intel.DecideSplit, Subject: in.ID}
				for _, c := range in.Claims {
					if c.ReportID == intel.ReportID("https://paper.example/7") {
						d.Claims = append(d.Claims, c.ID)
					}
				}
				return d
			}, told("Borealis Freight"), "Borealis Freight ransomware by rhysida in 2", "Borealis Freight ransomware by rhysida in 1; Borealis Freight ransomware by rhysida in 1",
		},
		{"split of an actor", func(before) intel.Decision {
			return intel.Decision{Kind: intel.DecideSplit, Subject: "apt28", Object: "attack:G0007"}
		}, func(b before) string { return b.victims("G0007") }, "apt28", "apt28 apt28-attack"},
		{"not a victim, of an incident", func(b before) intel.Decision {
			return intel.Decision{Kind: intel.DecideNotVictim, Subject: b.at("Hexley Police")[0].ID}
		}, told("Hexley Police"), "Hexley Police ransomware by bianlian in 1", ""},
		{"not a victim, of an organisation", func(b before) intel.Decision {
			return intel.Decision{Kind: intel.DecideNotVictim, Subject: b.at("Ashvale Insurance")[0].Victim.ID}
		}, told("Ashvale Insurance"), "Ashvale Insurance ransomware by lynx in 1", ""},
		{"wrong actor", func(b before) intel.Decision {
			return intel.Decision{Kind: intel.DecideWrongActor, Subject: b.at("Tallis Bakeries")[0].ID, Object: "interlock"}
		}, told("Tallis Bakeries"), "Tallis Bakeries ransomware by interlock in 1", "Tallis Bakeries ransomware by  in 1"},
		{"correction of an incident", func(b before) intel.Decision {
			return intel.Decision{Kind: intel.DecideCorrection, Subject: b.at("Delbrook Ports")[0].ID, Field: "kind", Value: "extortion"}
		}, told("Delbrook Ports"), "Delbrook Ports ransomware by safepay in 1", "Delbrook Ports extortion by safepay in 1"},
		{"correction of a victim", func(b before) intel.Decision {
			return intel.Decision{Kind: intel.DecideCorrection, Subject: b.at("Grantholm Steel")[0].Victim.ID, Field: "name", Value: "Grantholme Steel"}
		}, told("Grantholm Steel"), "Grantholm Steel ransomware by cactus in 1", "Grantholme Steel ransomware by cactus in 1"},
		{"correction of an actor", func(before) intel.Decision {
			return intel.Decision{Kind: intel.DecideCorrection, Subject: "akira", Field: "country", Value: "MD"}
		}, func(b before) string {
			var p intel.ActorProfile
			b.get("/v1/actors/akira", &p)
			return p.Country
		}, "", "MD"},
	}
}

// decisionReports are the reports that decisionCases is about.
func decisionReports() string {
	return claimed(1, "Akira", "Fernhill Foods", "2025-03-04") + claimed(2, "Play", "Fernhill Foods", "2025-09-04") +
		claimed(3, "Qilin", "Oatfield Mills", "2025-03-05") + claimed(4, "Qilin", "Oatfield Milling", "2025-03-06") + claimed(5, "8Base", "Larkspur Clinics", "2025-03-07") +
		claimed(6, "Rhysida", "Borealis Freight", "2025-03-08") + claimed(7, "Rhysida", "Borealis Freight", "2025-03-09") + claimed(8, "BianLian", "Hexley Police", "2025-03-10") +
		claimed(9, "Lynx", "Ashvale Insurance", "2025-03-11") + claimed(10, "Interlock", "Tallis Bakeries", "2025-03-12") + claimed(11, "SafePay", "Delbrook Ports", "2025-03-13") +
		claimed(12, "Cactus", "Grantholm Steel", "2025-03-14")
}

// throughCommand decides as a person at a terminal does, throughAPI as a program does.
func throughCommand(t *testing.T, dir string, d intel.Decision) intel.Decision {
	t.Helper()
	args := map[intel.DecisionKind][]string{
		intel.DecideMerge: {"decide", "merge", d.Subject, d.Object}, sameAs: {"decide", "same-as", d.Subject, d.Object},
		intel.DecideSplit: append([]string{"decide", "split", d.Subject}, d.Claims...), intel.DecideNotVictim: {"decide", "not-victim", d.Subject},
		intel.DecideWrongActor: {"decide", "wrong-actor", d.Subject, d.Object}, intel.DecideCorrection: {"correct", d.Subject, d.Field, d.Value},
		intel.DecideUndo: {"decide", "undo", d.Subject},
	}[d.Kind]
	if d.Kind == intel.DecideSplit && d.Object != "" {
		args = []string{"decide", "apart", d.Subject, d.Object}
	}
	var made intel.Decision
	if err := json.Unmarshal([]byte(ok(t, dir, "", append(args, "--by", d.By, "--reason", d.Reason, "--json")...)), &made); err != nil {
		t.Fatal(err)
	}
	return made
}

func throughAPI(t *testing.T, dir string, d intel.Decision) (made intel.Decision) {
	t.Helper()
	k := asking(t, dir)
	var err error
	switch d.Kind {
	case intel.DecideUndo:
		query := url.Values{"by": {d.By}, "reason": {d.Reason}}
		err = k.do(t.Context(), http.MethodDelete, "/v1/decisions/"+d.Subject+"?"+query.Encode(), nil, &made)
	case intel.DecideCorrection:
		err = k.post(t.Context(), "/v1/corrections", map[string]string{"subject": d.Subject, "field": d.Field, "value": d.Value, "by": d.By, "reason": d.Reason}, &made)
	default:
		err = k.post(t.Context(), "/v1/decisions", d, &made)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := k.close(); err != nil {
		t.Fatal(err)
	}
	return made
}

// TestEveryDecision makes a decision of every kind, reads everything again, imports everything again, indexes it anew, and takes the
// decisions back.
func TestEveryDecision(t *testing.T) {
	for door, decide := range map[string]func(*testing.T, string, intel.Decision) intel.Decision{"command": throughCommand, "API": throughAPI} {
		t.Run(door, func(t *testing.T) {
			t.Parallel()
			everyDecision(t, decide)
		})
	}
}

func everyDecision(t *testing.T, decide func(*testing.T, string, intel.Decision) intel.Decision) {
	dir, cases := t.TempDir(), decisionCases()
	reports := collection(t, dir, "r.jsonl", decisionReports())
	ok(t, dir, "", "import", "reports", reports)
	made := make([]intel.Decision, len(cases))
	phase := func(when string, want func(decisionCase) string, also func(i int, b before)) {
		t.Helper()
		b := before{t, asking(t, dir)}
		for i, c := range cases {
			if got := c.told(b); got != want(c) {
				t.Errorf("%s, %s: %q, want %q", c.name, when, got, want(c))
			}
			also(i, b)
		}
		if err := b.k.close(); err != nil {
			t.Fatal(err)
		}
	}
	nothing := func(int, before) {}
	phase("before", func(c decisionCase) string { return c.was }, func(i int, b before) { made[i] = cases[i].make(b) })
	for i := range made {
		made[i].By, made[i].Reason = fmt.Sprintf("ana %d", i), "because of "+cases[i].name
		d := decide(t, dir, made[i])
		if d.ID == "" || d.At.IsZero() || d.By != made[i].By || d.Reason != made[i].Reason {
			t.Errorf("%s is not signed, dated and told why: %+v", cases[i].name, d)
		}
		made[i] = d
	}
	became := func(c decisionCase) string { return c.became }
	phase("decided", became, nothing)
	older(t, dir)
	ok(t, dir, "", "reextract")
	phase("read again", became, nothing)
	ok(t, dir, "", "import", "reports", reports)
	ok(t, dir, "", "import", "--insist", "microsoft", writeFile(t, dir, "ms.json", `[{"Threat actor name": "Amber Heron Testing", "Origin/Threat": "Iran", "Other names": "Heron Crew Testing"}]`))
	phase("imported again", became, nothing)
	ok(t, dir, "", "reindex")
	phase("indexed anew", became, nothing)
	listed := ok(t, dir, "", "decide", "list")
	for i, d := range made {
		if !strings.Contains(listed, d.ID) || !strings.Contains(listed, d.By) || !strings.Contains(listed, d.Reason) {
			t.Errorf("decide list lacks the %s:\n%s", cases[i].name, listed)
		}
		decide(t, dir, intel.Decision{Kind: intel.DecideUndo, Subject: d.ID, By: "bo", Reason: "a second look"})
	}
	phase("taken back", func(c decisionCase) string { return c.was }, nothing)
	if listed := ok(t, dir, "", "decide", "list"); strings.Count(listed, "taken back") != len(made) {
		t.Errorf("decide list after all were taken back:\n%s", listed)
	}
}

// older makes every report one that an older extractor read.
func older(t *testing.T, dir string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "data", storeFile))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `UPDATE reports SET extractor = 'older'`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
