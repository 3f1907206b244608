package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// joinsOf asks which records were joined to an actor.
func joinsOf(t *testing.T, dir, actor string) []intel.Join {
	t.Helper()
	var page intel.Page[intel.Join]
	if err := json.Unmarshal([]byte(ok(t, dir, "", "names", "joins", actor, "--json")), &page); err != nil {
		t.Fatal(err)
	}
	return page.Items
}

// TestJoinIsTakenBackByPeople: a join is on record, a person splits it, imports and a rebuilt index leave it split, and undoing the
// decision joins the records again.
func TestJoinIsTakenBackByPeople(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "", "import", "--insist", "misp-galaxy", writeFile(t, dir, "misp.json", galaxyFile(`"HERON-7 Testing"`, true)))
	ok(t, dir, "", "import", "--insist", "attack", writeFile(t, dir, "attack.json", attackFile))
	means := func(when, want string) {
		t.Helper()
		r := resolved(t, dir, "Heron Crew Testing")
		if len(r[0].Candidates) != 1 || r[0].Candidates[0].ID != want || r[0].Candidates[0].Confidence < 0.9 {
			t.Errorf("%s, Heron Crew Testing means %+v, want %s", when, r[0].Candidates, want)
		}
	}
	means("joined", "amber-heron-testing")
	joins := joinsOf(t, dir, "amber-heron-testing")
	if len(joins) != 1 || joins[0].Key() != "attack:G9901" || joins[0].Why == "" || joins[0].At.IsZero() {
		t.Fatalf("joins %+v, want the one of G9901 with its reason and day", joins)
	}
	if code, _, errOut := rapsheet(t, dir, "", "decide", "apart", "amber-heron-testing", "attack:G0000", "--by", "ana", "--reason", "x"); code == exitOK || !strings.Contains(errOut, "attack:G9901") {
		t.Errorf("a record that was not joined: exit %d, %s", code, errOut)
	}
	out := ok(t, dir, "", "decide", "apart", "amber-heron-testing", "attack:G9901", "--by", "ana", "--reason", "another crew", "--json")
	var d intel.Decision
	if err := json.Unmarshal([]byte(out), &d); err != nil || d.By != "ana" || d.At.IsZero() {
		t.Fatal(out, err)
	}
	means("split", "amber-heron-testing-attack")
	newer := strings.Replace(attackFile, `"Heron Crew Testing"]`, `"Heron Crew Testing", "Heron Nine Testing"]`, 1)
	ok(t, dir, "", "import", "attack", writeFile(t, dir, "newer.json", newer))
	ok(t, dir, "", "reindex")
	means("imported and indexed anew", "amber-heron-testing-attack")
	if r := resolved(t, dir, "Amber Heron Testing"); len(r[0].Candidates) != 2 {
		t.Errorf("the name that both bear means %+v, want both", r[0].Candidates)
	}
	ok(t, dir, "", "decide", "undo", d.ID, "--by", "bo", "--reason", "it is the same crew")
	means("undone", "amber-heron-testing")
	if r := resolved(t, dir, "Amber Heron Testing"); len(r[0].Candidates) != 1 {
		t.Errorf("joined again, the name means %+v", r[0].Candidates)
	}
}

// TestPieceOfACatalogueIsRefused: a file that lacks most of what stood withdraws nothing unless somebody insists.
func TestPieceOfACatalogueIsRefused(t *testing.T) {
	dir := t.TempDir()
	piece := writeFile(t, dir, "piece.json", galaxyFile("", true))
	code, _, errOut := rapsheet(t, dir, "", "import", "misp-galaxy", piece)
	if code == exitOK || !strings.Contains(errOut, "piece.json") || !strings.Contains(errOut, "--insist") {
		t.Errorf("exit %d, %q: want a refusal that names the file and the flag", code, errOut)
	}
	if r := resolved(t, dir, "APT28"); len(r[0].Candidates) != 1 || r[0].Candidates[0].Withdrawn {
		t.Errorf("after the refusal APT28 means %+v", r[0].Candidates)
	}
}

// TestBackupHoldsImportedCatalogues: a folder restored from a backup knows the names that were imported, and what was decided.
func TestBackupHoldsImportedCatalogues(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	ok(t, dir, "", "import", "--insist", "misp-galaxy", writeFile(t, dir, "misp.json", galaxyFile(`"HERON-7 Testing"`, true)))
	ok(t, dir, "", "import", "--insist", "attack", writeFile(t, dir, "attack.json", attackFile))
	ok(t, dir, "", "decide", "apart", "amber-heron-testing", "attack:G9901", "--by", "ana", "--reason", "another crew")
	if err := os.Mkdir(filepath.Join(other, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	ok(t, dir, "", "backup", filepath.Join(other, "data", "rapsheet.db"))
	for _, r := range resolved(t, other, "HERON-7 Testing", "Heron Crew Testing") {
		if len(r.Candidates) != 1 || r.Candidates[0].Withdrawn {
			t.Errorf("restored, %s means %+v", r.Value, r.Candidates)
		}
	}
	if r := resolved(t, other, "Heron Crew Testing"); len(r[0].Candidates) != 1 || r[0].Candidates[0].ID != "amber-heron-testing-attack" {
		t.Errorf("restored, the split is forgotten: %+v", r[0].Candidates)
	}
}

// TestPartOfAVictimsNameIsProposedNotMerged: "DILLARD" and "Dillard Door & Security" stay two victims until a person merges them.
func TestPartOfAVictimsNameIsProposedNotMerged(t *testing.T) {
	dir := t.TempDir()
	reports := writeFile(t, dir, "reports.jsonl", `{"url":"https://paper.example/1","title":"Ransomware hits DILLARD","published":"2026-03-01","text":"The Akira ransomware group listed DILLARD as a victim on its site on 1 March 2026. DILLARD has not answered."}
{"url":"https://paper.example/2","title":"Akira claims attack on Dillard Door & Security","published":"2026-03-03","text":"The Akira ransomware group claimed an attack on Dillard Door & Security on 2 March 2026. Dillard Door & Security is a Texas company that sells doors."}
`)
	ok(t, dir, "", "import", "reports", reports)
	proposed := func() []names.Proposal {
		t.Helper()
		var page intel.Page[names.Proposal]
		if err := json.Unmarshal([]byte(ok(t, dir, "", "names", "proposals", "--type", "victim", "--json")), &page); err != nil {
			t.Fatal(err)
		}
		return page.Items
	}
	got := proposed()
	if len(got) != 1 || got[0].A.ID == got[0].B.ID || !strings.Contains(strings.Join(got[0].Evidence, " "), "DILLARD") {
		t.Fatalf("proposals %+v, want the two with the evidence", got)
	}
	ok(t, dir, "", "decide", "merge", got[0].B.ID, got[0].A.ID, "--by", "ana", "--reason", "its site says so")
	if got := proposed(); len(got) != 0 {
		t.Errorf("merged, still proposed: %+v", got)
	}
}
