package main

import (
	"strings"
	"testing"
)

// TestPurgeTakesEverythingAndRefusesReAdding follows a report from reading to its tombstone.
func TestPurgeTakesEverythingAndRefusesReAdding(t *testing.T) {
	dir := t.TempDir()
	page := writeSeed(t, dir)
	out := ok(t, dir, "", "add", page)
	id := strings.TrimSpace(out[strings.LastIndex(out, "report ")+len("report "):])
	ok(t, dir, "", "purge", id, "--by", "ana", "--reason", "asked for by its publisher")
	for _, args := range [][]string{{"victim", "Tarnwick Motors"}, {"evidence", id}} {
		if code, out, _ := rapsheet(t, dir, "", args...); code == exitOK {
			t.Errorf("%v still answers after the purge: %s", args, out)
		}
	}
	if out := ok(t, dir, "", "search", "Tarnwick"); !strings.Contains(out, "0 of 0 reports") {
		t.Errorf("the purged report is found: %s", out)
	}
	if code, _, errOut := rapsheet(t, dir, "", "add", page); code == exitOK || !strings.Contains(errOut, "removed on request") {
		t.Errorf("exit %d, %q: a purged report is refused", code, errOut)
	}
}
