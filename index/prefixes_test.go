package index

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/names"
)

// However names come, change and go, type-ahead finds what stands and nothing else, each once and in order.
func TestPrefixesAreWhatStands(t *testing.T) {
	for seed := range uint64(20) {
		rnd := rand.New(rand.NewPCG(seed, 5))
		var l prefixes
		now := map[bearer][]string{}
		for step := range 400 {
			b := bearer{fmt.Sprintf("id-%d", rnd.IntN(400)), rnd.IntN(2) == 0}
			var list []string
			for range rnd.IntN(4) { // none: withdrawn
				list = appendNew(list, fmt.Sprintf("%s %s", []string{"Amber", "Grey", "Ash"}[rnd.IntN(3)], []string{"Heron", "Kite", "Ashen Ferret", "Mill"}[rnd.IntN(4)]))
			}
			l.put(b, now[b], list)
			now[b] = list
			if step%7 == 0 {
				l.settle()
			}
			if step == 200 {
				l.late = append(make([]prefix, 2000), l.late...) // much of late: the lists become one
				l.settle()
			}
		}
		l.settle()
		for _, key := range []string{"a", "as", "ash", "grey kite", "kite", "zz", "f"} {
			want := map[string]bool{}
			for b, list := range now {
				for _, n := range list {
					for i := range strings.Fields(names.Fold(n)) {
						if rest := strings.Join(strings.Fields(names.Fold(n))[i:], " "); strings.HasPrefix(rest, key) {
							want[fmt.Sprint(rest, b, n, i > 0)] = true
						}
					}
				}
			}
			got := slices.Collect(l.starting(key))
			if !slices.IsSortedFunc(got, comparePrefixes) || len(got) != len(want) {
				t.Fatalf("seed %d, %q: %d entries in order %v, want %d", seed, key, len(got), slices.IsSortedFunc(got, comparePrefixes), len(want))
			}
			for _, p := range got {
				if !want[fmt.Sprint(p.key, bearer{p.id, p.victim}, p.name, p.inner)] {
					t.Fatalf("seed %d, %q: %+v does not stand", seed, key, p)
				}
			}
		}
	}
}
