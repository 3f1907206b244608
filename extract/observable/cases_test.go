package observable_test

import (
	"os"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/extract/observable"
)

// TestCases measures precision and recall on a list of true and trap cases written by hand.
func TestCases(t *testing.T) {
	b, err := os.ReadFile("testdata/cases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var found, right, wanted, cases int
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		cases++
		text, want, _ := strings.Cut(line, "\t")
		need := map[string]bool{}
		for w := range strings.SplitSeq(want, " | ") {
			if w != "" {
				need[w] = true
				wanted++
			}
		}
		for _, f := range observable.Scan(text) {
			found++
			k := string(f.Type) + " " + f.Value
			if need[k] {
				right++
				delete(need, k)
			} else {
				t.Logf("%q: found %s", text, k)
			}
		}
		for k := range need {
			t.Logf("%q: missed %s", text, k)
		}
	}
	p, r := float64(right)/float64(found), float64(right)/float64(wanted)
	f1 := 2 * p * r / (p + r)
	t.Logf("%d cases: precision %.3f, recall %.3f, F1 %.3f", cases, p, r, f1)
	if cases < 200 || f1 < 0.98 {
		t.Errorf("%d cases, F1 %.3f; at least 200 and 0.98 are wanted", cases, f1)
	}
}
