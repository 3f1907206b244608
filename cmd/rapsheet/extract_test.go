package main

import (
	"strings"
	"testing"
)

// TestExtractLosesNoRecord gives good lines, a bad date and a line that is no JSON: every record that can be read is answered, in
// order, and every bad line is named.
func TestExtractLosesNoRecord(t *testing.T) {
	in := strings.Join([]string{
		`{"id":"a","text":"Fernhollow GmbH was hit by ransomware on Sunday.","date":"2025_09_03"}`,
		`not json`,
		`{"id":"b","text":"Fernhollow GmbH was hit by ransomware on Sunday.","date":"the day before"}`,
		`{"id":"c","text":""}`,
	}, "\n")
	code, out, errOut := rapsheet(t, t.TempDir(), in, "extract")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 3 || code != exitPartial {
		t.Fatalf("exit %d, %d answers: %s", code, len(lines), errOut)
	}
	for i, id := range []string{"a", "b", "c"} {
		if !strings.HasPrefix(lines[i], `{"id":"`+id+`"`) {
			t.Errorf("answer %d is %s, want %s", i, lines[i], id)
		}
	}
	if !strings.Contains(lines[0], `"from":"2025-08-31"`) || strings.Contains(lines[1], `"from":"2025`) {
		t.Errorf("a date with underscores is read, one in words is not guessed:\n%s\n%s", lines[0], lines[1])
	}
	if !strings.Contains(errOut, "line 2") || !strings.Contains(errOut, "line 3") {
		t.Errorf("the bad lines are named: %s", errOut)
	}
}
