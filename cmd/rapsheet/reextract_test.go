package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReextract reads reports of an older extractor again: what can be read is, and a page whose text may not be kept keeps its
// claims.
func TestReextract(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "", "add", writeSeed(t, dir))
	reserved := filepath.Join(dir, "reserved.html")
	html := `<html><head><title>Harbour Ferries hit by ransomware</title><meta name="robots" content="noarchive"></head><body><article><h1>Harbour Ferries hit by ransomware</h1>` +
		`<p>Harbour Ferries confirmed on Tuesday that it was hit by a ransomware attack. The Qilin ransomware group claimed responsibility for the attack on its site.</p>` +
		strings.Repeat("<p>Passengers waited at the quay while staff wrote tickets by hand, and sailings to the islands were cut to two a day for the rest of the week.</p>", 5) + `</article></body></html>`
	if err := os.WriteFile(reserved, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	ok(t, dir, "", "add", reserved)
	before := ok(t, dir, "", "victim", "Harbour Ferries")
	db, err := sql.Open("sqlite", filepath.Join(dir, "data", "rapsheet.db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `UPDATE reports SET extractor = 'older'`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	out := ok(t, dir, "", "reextract")
	if !strings.Contains(out, "1 reports read again") || !strings.Contains(out, "1 reports whose publishers reserve") {
		t.Errorf("reextract says:\n%s", out)
	}
	if after := ok(t, dir, "", "victim", "Harbour Ferries"); after != before {
		t.Errorf("what the page told is now\n%s\nand was\n%s", after, before)
	}
	if out := ok(t, dir, "", "victim", "Tarnwick Motors"); !strings.Contains(out, "confirmed by") {
		t.Errorf("the page read again tells:\n%s", out)
	}
}
