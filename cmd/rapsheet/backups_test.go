package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPurgeReachesBackups: a purge reaches the backups it knows, names those that were moved, and holds when a store that still
// has the report is put back.
func TestPurgeReachesBackups(t *testing.T) {
	const token = "zqxjkvwpyqx"
	dir := t.TempDir()
	data, kept, moved := filepath.Join(dir, "data"), filepath.Join(dir, "copies", "kept.db"), filepath.Join(dir, "copies", "moved.db")
	if err := os.Mkdir(filepath.Dir(kept), 0o700); err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("The Akira ransomware group listed Tarnwick Motors as a victim on 2 March 2026 and spoke of "+token+" files. The company has not answered. ", 5)
	ok(t, dir, "", "import", "reports", writeFile(t, dir, "r.jsonl", `{"url":"https://paper.example/1","title":"Tarnwick Motors hit","published":"2026-03-03","text":"`+text+`"}`))
	ok(t, dir, "", "backup", kept)
	ok(t, dir, "", "backup", moved)
	away := filepath.Join(dir, "away.db")
	if err := os.Rename(moved, away); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{data, filepath.Dir(kept)} {
		if len(filesWith(t, p, token)) == 0 {
			t.Fatalf("before the purge nothing in %s holds the word", p)
		}
	}
	code, out, errOut := rapsheet(t, dir, "", "purge", "https://paper.example/1", "--by", "ana", "--reason", "asked for")
	if code != exitOK || !strings.Contains(errOut, moved) || strings.Contains(errOut, kept) {
		t.Errorf("exit %d: want the moved backup named, and no other: %s%s", code, out, errOut)
	}
	for _, p := range []string{data, filepath.Dir(kept)} {
		if left := filesWith(t, p, token); len(left) > 0 {
			t.Errorf("after the purge %v hold the word", left)
		}
	}
	if out := ok(t, dir, "", "doctor"); !strings.Contains(out, moved) {
		t.Errorf("doctor does not name the moved backup: %s", out)
	}
	if err := os.Rename(away, filepath.Join(data, storeFile)); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(data, "index")); err != nil {
		t.Fatal(err)
	}
	if out := ok(t, dir, "", "search", "Tarnwick"); !strings.Contains(out, "0 of 0 reports") {
		t.Errorf("the store put back answers with what was purged: %s", out)
	}
	if left := filesWith(t, data, token); len(left) > 0 {
		t.Errorf("the store put back holds the word in %v", left)
	}
}

// TestExtractKnowsImportedNames: what was imported into the data folder is read by name, beside a server that owns it too.
func TestExtractKnowsImportedNames(t *testing.T) {
	dir := t.TempDir()
	const line = `{"id":"1","text":"The group HERON-7 Testing claimed responsibility for the attack on Tarnwick Motors on 2 March 2026."}`
	if out := ok(t, dir, line, "extract"); strings.Contains(out, "amber-heron-testing") {
		t.Fatalf("known before it was imported: %s", out)
	}
	ok(t, dir, "", "import", "--insist", "misp-galaxy", writeFile(t, dir, "misp.json", galaxyFile(`"HERON-7 Testing"`, true)))
	if out := ok(t, dir, line, "extract"); !strings.Contains(out, `"amber-heron-testing"`) {
		t.Errorf("imported, and not known: %s", out)
	}
	serving(t, dir)
	if out := ok(t, dir, line, "extract"); !strings.Contains(out, `"amber-heron-testing"`) {
		t.Errorf("beside a server the imported name is not known: %s", out)
	}
}
