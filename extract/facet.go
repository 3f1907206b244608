package extract

import "github.com/rapsheet/rapsheet/intel"

// facetsOf sums statements up: for each facet the weightiest stance, a denial of the victim before a bare report.
func facetsOf(claims []intel.Statement, named bool) (intel.FacetStatus, intel.Stance) {
	var f intel.FacetStatus
	for i := range claims {
		c := &claims[i]
		switch c.Facet {
		case intel.FacetEvent:
			f.Event = heavier(f.Event, c.Stance)
		case intel.FacetAttribution:
			f.Attribution = heavier(f.Attribution, c.Stance)
		case intel.FacetImpact:
			f.Impact = heavier(f.Impact, c.Stance)
		}
	}
	status := f.Event
	if named && f.Attribution != "" {
		status = f.Attribution
	}
	if status == "" {
		status = intel.StanceReported
	}
	return f, status
}

// heavier gives the stance that decides between two.
func heavier(a, b intel.Stance) intel.Stance {
	rank := func(s intel.Stance) int {
		for i, x := range []intel.Stance{
			intel.StanceReported, intel.StanceClaimed, intel.StanceAttributed, intel.StanceDenied, intel.StanceConfirmed, intel.StanceDisputed, intel.StanceRetracted,
		} {
			if s == x {
				return i
			}
		}
		return -1
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}
