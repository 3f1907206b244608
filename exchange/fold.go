package exchange

import (
	"regexp"
	"strings"
	"sync"

	"github.com/rapsheet/rapsheet/names"
)

// FoldStep is one replacement of the folding that a SIEM does for itself: a pattern that RE2, PCRE and Java read alike.
type FoldStep struct {
	Pattern, Replace string
	re               *regexp.Regexp
	with             string
}

// FoldSteps are the replacements that turn a lower-cased name of an alert into the key of a lookup row, in order. The Elastic
// pipeline is made of them and doc/integrations writes the same in SPL, ES|QL and KQL. What they cannot do (accents, look-alike
// letters) the rows do: a name stands under what these steps make of it and under its full fold.
func FoldSteps() []FoldStep {
	steps := []FoldStep{
		{Pattern: `[\x{00AD}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2064}\x{FEFF}]`},
		{Pattern: `[\x{2018}\x{2019}\x{02BC}\x{00B4}]`, Replace: "'"},
		{Pattern: `[^\p{L}\p{N}$+']+`, Replace: " "},
		{Pattern: `'s( |$)`, Replace: "$1"},
		{Pattern: `[' ]+`, Replace: " "},
		{Pattern: `(^| )(\p{L}{1,6}) ([0-9]+)( |$)`, Replace: "$1$2$3$4"},
		{Pattern: `(^| )(\p{L}{1,6}) ([0-9]+)( |$)`, Replace: "$1$2$3$4"},
		{Pattern: `^[+ ]+| +$`},
	}
	for i, s := range steps {
		steps[i].re, steps[i].with = regexp.MustCompile(s.Pattern), regexpReplacement(s.Replace)
	}
	return steps
}

// folder folds names as SIEMs do.
type folder struct{ steps []FoldStep }

func newFolder() folder { return folder{compiled()} }

// compiled are the steps, compiled once.
var compiled = sync.OnceValue(FoldSteps)

// key is what a SIEM's query makes of a name.
func (f folder) key(s string) string {
	s = strings.ToLower(s)
	for _, step := range f.steps {
		s = step.re.ReplaceAllString(s, step.with)
	}
	return s
}

// regexpReplacement writes $1$2 as Go reads it: a bare $1x would name the group "1x".
func regexpReplacement(s string) string {
	return groupRef.ReplaceAllString(s, "$${${1}}")
}

var groupRef = regexp.MustCompile(`\$(\d)`)

// keys are the keys a name's rows stand under: what the SIEM's own folding makes of it, and the full fold where that differs. A masked
// name has none: a SIEM's folding would take "D*** Door" for "D Door".
func (f folder) keys(name string) []string {
	if names.Masked(name) {
		return nil
	}
	var out []string
	for _, k := range []string{strings.TrimLeft(names.Fold(name), "+ "), f.key(name)} {
		if k != "" && len(k) <= maxKey && (len(out) == 0 || out[0] != k) {
			out = append(out, k)
		}
	}
	return out
}

// maxKey is the longest key: Elasticsearch ignores keyword values over 32,766 bytes, and no name is as long as this.
const maxKey = 512
