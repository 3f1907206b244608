package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
)

// galaxyFile is a catalogue in the shape of MISP galaxy: amber's synonyms, and whether Quiet Moth is in it.
func galaxyFile(synonyms string, moth bool) string {
	more := ""
	if moth {
		more = `, {"value": "Quiet Moth Testing", "uuid": "22222222-2222-4222-8222-222222222222"}`
	}
	return fmt.Sprintf(`{"type": "threat-actor", "values": [{"value": "Amber Heron Testing", "uuid": "11111111-1111-4111-8111-111111111111", "meta": {"synonyms": [%s]}}%s]}`, synonyms, more)
}

const attackFile = `{"type": "bundle", "objects": [{"type": "intrusion-set", "id": "intrusion-set--1", "name": "Amber Heron Testing", "aliases": ["Heron Crew Testing"],
  "external_references": [{"source_name": "mitre-attack", "external_id": "G9901"}]}]}`

func writeFile(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// resolved asks the program what names mean.
func resolved(t *testing.T, dir string, asked ...string) []intel.EnrichResult {
	t.Helper()
	var ans enrichAnswer
	if err := json.Unmarshal([]byte(ok(t, dir, "", append([]string{"resolve", "--json"}, asked...)...)), &ans); err != nil {
		t.Fatal(err)
	}
	return ans.Results
}

func TestNewerCatalogueShowsTheDifferenceAndKeepsWhatItWithdrew(t *testing.T) {
	dir := t.TempDir()
	first := writeFile(t, dir, "one.json", galaxyFile(`"HERON-7 Testing", "Reed Heron Testing"`, true))
	second := writeFile(t, dir, "two.json", galaxyFile(`"HERON-7 Testing", "Dusk Heron Testing"`, false))
	if out := ok(t, dir, "", "import", "--insist", "misp-galaxy", first); !strings.Contains(out, "+ amber-heron-testing") {
		t.Errorf("the first import said\n%.400s", out)
	}
	if out := ok(t, dir, "", "import", "--insist", "misp-galaxy", first); !strings.Contains(out, " 0 actors added, 0 changed, 0 withdrawn") {
		t.Errorf("the same file again said\n%.400s", out)
	}
	out := ok(t, dir, "", "import", "--insist", "misp-galaxy", second)
	for _, want := range []string{
		"0 actors added, 1 changed, 1 withdrawn", "- quiet-moth-testing", "Reed Heron Testing withdrawn (misp-galaxy)", "Dusk Heron Testing added (misp-galaxy)",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the newer file's difference lacks %q:\n%.600s", want, out)
		}
	}
	for _, r := range resolved(t, dir, "Reed Heron Testing", "Quiet Moth Testing") {
		if len(r.Candidates) != 1 || !strings.Contains(r.Candidates[0].Why, "withdrawn") || r.Candidates[0].Confidence > 0.4 {
			t.Errorf("%s: %+v, want its former owner, said to be withdrawn", r.Value, r.Candidates)
		}
	}
	if out := ok(t, dir, "", "import", "--insist", "misp-galaxy", first); !strings.Contains(out, "Reed Heron Testing back (misp-galaxy)") || !strings.Contains(out, "+ quiet-moth-testing") {
		t.Errorf("the older file again said\n%.400s", out)
	}
	if r := resolved(t, dir, "Reed Heron Testing"); len(r[0].Candidates) != 1 || r[0].Candidates[0].Confidence < 0.9 {
		t.Errorf("asserted again: %+v", r[0])
	}
}

func TestImportsJoinInAnyOrder(t *testing.T) {
	var answers [2][]intel.EnrichResult
	for i := range answers {
		dir := t.TempDir()
		misp := []string{"import", "--insist", "misp-galaxy", writeFile(t, dir, "misp.json", galaxyFile(`"HERON-7 Testing"`, true))}
		attack := []string{"import", "--insist", "attack", writeFile(t, dir, "attack.json", attackFile)}
		if i == 1 {
			misp, attack = attack, misp
		}
		ok(t, dir, "", misp...)
		ok(t, dir, "", attack...)
		answers[i] = resolved(t, dir, "HERON-7 Testing", "Heron Crew Testing", "Quiet Moth Testing", "G9901")
	}
	if d := cmp.Diff(answers[0], answers[1]); d != "" {
		t.Errorf("the order of imports shows:\n%s", d)
	}
	for _, r := range answers[0][:2] {
		if len(r.Candidates) != 1 || r.Candidates[0].ID != "amber-heron-testing" {
			t.Errorf("%s means %+v, want the one actor of both catalogues", r.Value, r.Candidates)
		}
	}
}

// TestSpellingsOfAnUmbrella: whatever a reader types, it is the one umbrella; its three parents stay themselves.
func TestSpellingsOfAnUmbrella(t *testing.T) {
	dir := t.TempDir()
	spellings := []string{
		"Scattered LAPSUS$ Hunters", "scattered lapsus$ hunters", "SCATTERED LAPSUS$ HUNTERS", "Scattered Lapsus Hunters", "ScatteredLapsus$Hunters",
		"scattered-lapsus$-hunters", "Scattered_LAPSUS$_Hunters", "the Scattered Lapsus$ Hunters group", "SLSH", "SLH", "Trinity of Chaos",
		"Scattered Lapsus$ Shiny Hunters", "Scattered\u200b LAPSUS$ Hunters", "Ѕcattered LAPSUS$ Huntеrs", "Ｓcattered Ｌapsus$ Hunters", "Scattered LAPSUS$ Hunters'",
	}
	for _, r := range resolved(t, dir, spellings...) {
		if len(r.Candidates) != 1 || r.Candidates[0].ID != "scattered-lapsus-hunters" {
			t.Errorf("%q means %+v", r.Value, r.Candidates)
		}
	}
	for _, r := range resolved(t, dir, "Scattered Spider", "LAPSUS$", "ShinyHunters") {
		if len(r.Candidates) != 1 || r.Candidates[0].ID == "scattered-lapsus-hunters" {
			t.Errorf("%q means %+v: a parent is itself", r.Value, r.Candidates)
		}
	}
}

// TestNamesKeepTheDaysOfTheirCatalogues: what a catalogue dates is dated by it, newer and older files of it only widen that, and a name
// that it withdrew keeps the last day on which it stood.
func TestNamesKeepTheDaysOfTheirCatalogues(t *testing.T) {
	dir := t.TempDir()
	file := func(created, modified, aliases string) string {
		return writeFile(t, dir, "attack.json", strings.NewReplacer(`"aliases": ["Heron Crew Testing"]`, `"created": "`+created+`T21:31:48Z", "modified": "`+modified+`T01:00:00.1Z", "aliases": [`+aliases+`]`).Replace(attackFile))
	}
	days := func(when, name, first, last string) {
		t.Helper()
		c := resolved(t, dir, name)[0].Candidates
		if len(c) != 1 || c[0].FirstAsserted.String() != first || c[0].LastAsserted.String() != last {
			t.Errorf("%s, %s is dated %+v, want %q to %q", when, name, c, first, last)
		}
	}
	ok(t, dir, "", "import", "--insist", "attack", file("2017-05-31", "2024-04-11", `"Heron Crew Testing", "Heron Nine Testing"`))
	days("imported", "Amber Heron Testing", "2017-05-31", "2024-04-11")
	days("imported", "Heron Crew Testing", "", "2024-04-11")
	ok(t, dir, "", "import", "attack", file("2018-01-01", "2025-03-10", `"Heron Crew Testing"`))
	days("a newer file", "Amber Heron Testing", "2017-05-31", "2025-03-10")
	days("a newer file", "Heron Crew Testing", "", "2025-03-10")
	today := intel.DateOf(time.Now()).String()
	days("withdrawn", "Heron Nine Testing", "", today) // the file before, which had it, was read today
	ok(t, dir, "", "import", "attack", file("2017-05-31", "2024-04-11", `"Heron Crew Testing", "Heron Nine Testing"`))
	days("the older file again", "Amber Heron Testing", "2017-05-31", "2025-03-10")
	out := ok(t, dir, "", "names", "of", "Amber Heron Testing")
	for _, want := range []string{"2017-05-31 – 2025-03-10", "last 2025-03-10", "MITRE ATT&CK", "3 assertions"} {
		if !strings.Contains(out, want) {
			t.Errorf("names of lacks %q:\n%s", want, out)
		}
	}
	if out := ok(t, dir, "", "resolve", "Amber Heron Testing"); !strings.Contains(out, "2017-05-31 – 2025-03-10") {
		t.Errorf("resolve does not say when:\n%s", out)
	}
	undated := writeFile(t, dir, "misp.json", galaxyFile(`"HERON-7 Testing"`, true))
	ok(t, dir, "", "import", "--insist", "misp-galaxy", undated)
	days("MISP galaxy gives no days: that of reading it", "HERON-7 Testing", today, "")
	ok(t, dir, "", "import", "misp-galaxy", writeFile(t, dir, "misp.json", galaxyFile(`"HERON-7 Testing", "HERON-8 Testing"`, true)))
	days("new in a newer file", "HERON-8 Testing", today, "")
	ok(t, dir, "", "import", "misp-galaxy", writeFile(t, dir, "misp.json", galaxyFile(`"HERON-7 Testing", "HERON-8 Testing", "HERON-9 Testing"`, true)))
	days("still there", "HERON-8 Testing", today, "")
}

// TestNamesOfSoftwareAndCampaigns: what is no actor's and no organisation's name may be a tool's or a campaign's, in every format, and is
// never put where a program looks for an actor.
func TestNamesOfSoftwareAndCampaigns(t *testing.T) {
	dir := t.TempDir()
	for i, r := range resolved(t, dir, "Emotet", "C0024", "mimi-katz", "Nobody Known") {
		want := []string{"software S0367", "campaign C0024", "software S0002", ""}[i]
		if want == "" && len(r.Candidates) == 0 {
			continue
		}
		if len(r.Candidates) != 1 || r.Candidates[0].Type+" "+r.Candidates[0].ID != want {
			t.Errorf("%s is %+v, want %q", r.Value, r.Candidates, want)
		}
	}
	k := asking(t, dir)
	for format, want := range map[string]string{
		"ecs": `"software":{"id":"S0367","name":"Emotet"}`, "misp": `"malware-type"`, "splunk": `"candidate_id":"S0367"`, "ocsf": `"uid":"S0367"`, "stix": `"found"`,
	} {
		var raw json.RawMessage
		err := k.post(t.Context(), "/v1/resolve", map[string]any{"format": format, "items": []any{map[string]string{"value": "Emotet"}}}, &raw)
		if err != nil || !strings.Contains(string(raw), want) || strings.Contains(string(raw), `"group"`) || strings.Contains(string(raw), `"threat-actor"`) {
			t.Errorf("%s: %v %.900s", format, err, raw)
		}
	}
}
