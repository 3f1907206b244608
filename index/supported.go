package index

import (
	"github.com/rapsheet/rapsheet/intel"
)

// votes count the reports that give each sector and country of one organisation; a report speaks once for each value.
type votes struct {
	given              map[vote]struct{}
	sectors, countries map[string]int
}

// vote is one report's word for one value of one column.
type vote struct {
	d      dim
	report string
	value  string
}

func newVotes() *votes {
	return &votes{given: map[vote]struct{}{}, sectors: map[string]int{}, countries: map[string]int{}}
}

func (v *votes) add(r *report, c *intel.Claim) {
	v.cast(vote{dimSector, r.id, c.Sector}, v.sectors)
	v.cast(vote{dimCountry, r.id, c.Country}, v.countries)
}

func (v *votes) cast(one vote, counts map[string]int) {
	if _, ok := v.given[one]; ok || one.value == "" {
		return
	}
	v.given[one] = struct{}{}
	counts[one.value]++
}

// ranked are the counts, best supported first.
func ranked(counts map[string]int) []intel.Count {
	out := make([]intel.Count, 0, len(counts))
	for value, n := range counts {
		out = append(out, intel.Count{Value: value, Count: n})
	}
	sortCounts(out)
	return out
}

// supported gives the value that most reports give; a person's correction stands above all of them, and on a tie the record's
// own value does.
func supported(recorded string, corrected bool, counts []intel.Count) string {
	if corrected || len(counts) == 0 {
		return recorded
	}
	for _, c := range counts {
		if c.Count == counts[0].Count && c.Value == recorded {
			return recorded
		}
	}
	return counts[0].Value
}

// correction is the field of a thing that a person corrected.
type correction struct{ subject, field string }

// applyDecision remembers which fields people corrected, by decision, so that an undo takes it back.
func (m *model) applyDecision(d *intel.Decision) bool {
	switch {
	case d == nil:
		return false
	case d.Kind == intel.DecideUndo:
		delete(m.corrections, d.Subject)
	case d.Kind != intel.DecideCorrection:
	case d.UndoneAt.IsZero():
		m.corrections[d.ID] = correction{d.Subject, d.Field}
	default:
		delete(m.corrections, d.ID)
	}
	return true
}

func (m *model) corrected(subject, field string) bool {
	for _, c := range m.corrections {
		if c.field == field && (c.subject == subject || m.canonVictim(c.subject) == subject) {
			return true
		}
	}
	return false
}
