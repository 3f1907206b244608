package data

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

func TestTyposAreToldInTheWordsOfTheFile(t *testing.T) {
	file := "sources:\n  - id: x\n    nmae: X\n    discover:\n      - page: https://x.example/\n"
	_, err := ParseSources("my.yaml", []byte(file))
	if !errors.Is(err, intel.ErrInvalid) {
		t.Fatalf("err = %v", err)
	}
	for _, want := range []string{"my.yaml", `line 3: there is no key "nmae" here`, `line 5: there is no key "page" here; keys are type, url`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not tell %q", err, want)
		}
	}
	if strings.Contains(err.Error(), "struct") {
		t.Errorf("%q tells types of this program", err)
	}
}

// TestTheListsOfTheGuideAreRead reads every list of sources that the guide shows.
func TestTheListsOfTheGuideAreRead(t *testing.T) {
	guide, err := os.ReadFile("../doc/sources.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := strings.Split(string(guide), "```yaml\n")[1:]
	if len(shown) == 0 {
		t.Fatal("the guide shows no list")
	}
	for i, part := range shown {
		list, _, _ := strings.Cut(part, "```")
		if got, err := ParseSources("doc/sources.md", []byte(list)); err != nil || len(got) == 0 {
			t.Errorf("list %d: %d sources, %v", i+1, len(got), err)
		}
	}
}
