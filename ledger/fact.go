package ledger

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// backing is what speaks for one value of a fact that reports disagree about.
type backing struct {
	stories map[string]bool
	own     bool // the victim speaks in one of them
	last    time.Time
}

// supported is the value of a fact that is best supported: told by the most stories, then by the victim, then last. Copies of
// one story count once. A claim that gives no value supports none.
func supported(claims []intel.Claim, story map[string]string, value func(intel.Claim) string) string {
	by := map[string]*backing{}
	for _, c := range claims {
		v := value(c)
		if v == "" {
			continue
		}
		b := by[v]
		if b == nil {
			b = &backing{stories: map[string]bool{}}
			by[v] = b
		}
		b.stories[storyOf(c, story)] = true
		b.own = b.own || c.SaidBy.Kind == intel.SpeakerVictim
		if at := Told(c).Time(); at.After(b.last) {
			b.last = at
		}
	}
	return best(by, func(a, b *backing) int {
		return cmp.Or(cmp.Compare(len(a.stories), len(b.stories)), cmp.Compare(truth(a.own), truth(b.own)), a.last.Compare(b.last))
	})
}

// best is the key of the greatest value, the first in the alphabet among equals; empty when there is none.
func best[T any](of map[string]T, compare func(a, b T) int) string {
	keys := slices.Sorted(maps.Keys(of))
	if len(keys) == 0 {
		return ""
	}
	return slices.MinFunc(keys, func(a, b string) int { return compare(of[b], of[a]) })
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// VictimFacts are the sector and the country of an organisation: of what its incidents give, the value that the most origins
// stand behind, then the one told last.
func VictimFacts(incidents []intel.Incident) (sector, country string) {
	type weight struct {
		origins int
		last    time.Time
	}
	vote := func(value func(intel.Incident) string) string {
		by := map[string]weight{}
		for _, in := range incidents {
			v := value(in)
			if v == "" || in.MergedInto != "" || len(in.Reports) == 0 { // nobody tells of it any more
				continue
			}
			w := by[v]
			for _, n := range in.Origins {
				w.origins += n
			}
			if at := in.LastReported.Time(); at.After(w.last) {
				w.last = at
			}
			by[v] = w
		}
		return best(by, func(a, b weight) int { return cmp.Or(cmp.Compare(a.origins, b.origins), a.last.Compare(b.last)) })
	}
	return vote(func(in intel.Incident) string { return in.Sector }), vote(func(in intel.Incident) string { return in.Country })
}
