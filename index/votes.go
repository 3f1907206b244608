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
