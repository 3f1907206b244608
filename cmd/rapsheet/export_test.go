package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/exchange"
)

func TestExportMemoryKeepsLinesThroughACrash(t *testing.T) {
	m := exportMemory{filepath.Join(t.TempDir(), "exported.jsonl")}
	if all, err := m.Load(); err != nil || len(all) != 0 {
		t.Fatalf("nothing there yet: %v, %v", all, err)
	}
	one := exchange.Remembered{Owner: "w", ID: "note--1", Type: "note", Created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	two := one
	two.ID, two.Revoked, two.Seq, two.At = "note--2", true, 7, one.Created
	if err := m.Append([]exchange.Remembered{one}); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(m.path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"w":"cut o`); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := m.Append([]exchange.Remembered{two}); err != nil {
		t.Fatal(err)
	}
	all, err := m.Load()
	if d := cmp.Diff([]exchange.Remembered{one, two}, all); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}

func TestMispNamesAreNoPaths(t *testing.T) {
	for _, bad := range []string{"../../etc/passwd", "", "manifest", strings.Repeat("a", 36), "02792b38-ad63-5e6c-8b31-befdc98d0c8e/"} {
		if mispUUID.MatchString(bad) {
			t.Errorf("%q passes for a UUID", bad)
		}
	}
	if !mispUUID.MatchString("02792b38-ad63-5e6c-8b31-befdc98d0c8e") {
		t.Error("a UUID does not pass")
	}
}

// exported gives the STIX ids of an export, and those of it that are revoked.
func exported(t *testing.T, dir string, args ...string) (ids, revoked []string) {
	t.Helper()
	var doc struct {
		Objects []struct {
			ID      string `json:"id"`
			Revoked bool   `json:"revoked"`
		} `json:"objects"`
	}
	if err := json.Unmarshal([]byte(ok(t, dir, "", append([]string{"export", "stix"}, args...)...)), &doc); err != nil {
		t.Fatal(err)
	}
	for _, o := range doc.Objects {
		if o.Revoked {
			revoked = append(revoked, o.ID)
			continue
		}
		ids = append(ids, o.ID)
	}
	return ids, revoked
}

// TestPurgeReachesTheExports: everything that was handed out of a purged report is withdrawn, by a program that starts after the purge.
func TestPurgeReachesTheExports(t *testing.T) {
	dir := t.TempDir()
	none, _ := exported(t, dir)
	const address, file = "https://news.example/a", "reports.jsonl"
	line := `{"url":"` + address + `","title":"Ransomware at Kestrel Ridge University","text":"Kestrel Ridge University confirmed on Tuesday that it suffered a ransomware attack ` +
		`that took its systems offline. The Rhysida ransomware gang claimed responsibility for the attack on Kestrel Ridge University.","published":"2025-03-05"}`
	if err := os.WriteFile(filepath.Join(dir, file), []byte(line), 0o600); err != nil {
		t.Fatal(err)
	}
	ok(t, dir, "", "import", "reports", filepath.Join(dir, file))
	some, _ := exported(t, dir)
	given := map[string]bool{}
	for _, o := range some {
		given[o] = true
	}
	for _, o := range none {
		delete(given, o)
	}
	if len(given) < 4 {
		t.Fatalf("only %d objects were handed out", len(given))
	}
	ok(t, dir, "", "purge", address, "--by", "ana", "--reason", "asked for by its publisher")
	left, revoked := exported(t, dir, "--since", "0")
	for _, o := range revoked {
		delete(given, o)
	}
	for _, o := range left {
		delete(given, o) // it rests on other reports too
	}
	if len(given) > 0 {
		t.Errorf("handed out, purged and not withdrawn: %v", given)
	}
	b, err := os.ReadFile(filepath.Join(dir, "data", "exported.jsonl"))
	if err != nil || strings.Contains(strings.ToLower(string(b)), "kestrel") {
		t.Errorf("%v: the memory of exports holds a purged name", err)
	}
}
