package data

import (
	"errors"
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
