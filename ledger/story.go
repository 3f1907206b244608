package ledger

import "github.com/rapsheet/rapsheet/intel"

// Stories says which reports carry one story: the same text, a near-duplicate of it, or a copy that names the original's
// address. The story is named by its first report. Reports must be in the order they were recorded.
func Stories(reports []intel.Report) map[string]string {
	out := make(map[string]string, len(reports))
	heads := shelf{reports: reports}
	if len(reports) > few {
		heads.names, heads.values = map[string][]int{}, map[uint64][]int{}
	}
	for i, r := range reports {
		if first := heads.find(r); first >= 0 {
			out[r.ID] = reports[first].ID
			continue
		}
		out[r.ID] = r.ID
		heads.put(i)
	}
	return out
}

// few is how many reports are sooner compared with each other than put on a shelf.
const few = 32

// shelf finds the first reports of stories by what a copy shares with them, so that thousands of reports on one incident need
// not all be compared with each other.
type shelf struct {
	reports []intel.Report
	all     []int
	// names holds them by text and address, values by the minhash value at a place; nil while they are few.
	names  map[string][]int
	values map[uint64][]int
}

func (s *shelf) put(i int) {
	s.all = append(s.all, i)
	if s.names == nil {
		return
	}
	r := s.reports[i]
	for _, name := range []string{"text " + r.ContentHash, "from " + r.SyndicatedFrom, "at " + r.URL} {
		s.names[name] = append(s.names[name], i)
	}
	for place, v := range r.Fingerprint[:min(labelled, len(r.Fingerprint))] {
		s.values[label(place, v)] = append(s.values[label(place, v)], i)
	}
}

// find is the earliest report on the shelf that carries the story of r, or -1.
func (s *shelf) find(r intel.Report) int {
	if s.names == nil {
		return s.first(s.all, r, -1)
	}
	best := -1
	var names []string
	if r.ContentHash != "" {
		names = append(names, "text "+r.ContentHash)
	}
	if r.SyndicatedFrom != "" {
		names = append(names, "from "+r.SyndicatedFrom, "at "+r.SyndicatedFrom)
	}
	for _, name := range append(names, "from "+r.URL) { // the copy may have been met before its original
		best = s.first(s.names[name], r, best)
	}
	seen := map[int]bool{}
	for place, v := range r.Fingerprint[:min(labelled, len(r.Fingerprint))] {
		for _, i := range s.values[label(place, v)] {
			if !seen[i] {
				seen[i] = true
				best = s.first([]int{i}, r, best)
			}
		}
	}
	return best
}

// first is the earliest of some reports in order that carries the story of r, where it comes before best.
func (s *shelf) first(some []int, r intel.Report, best int) int {
	for _, i := range some {
		if best >= 0 && i >= best {
			break
		}
		if sameStory(s.reports[i], r) {
			return i
		}
	}
	return best
}

// label is a minhash value at a place.
func label(place int, value uint32) uint64 {
	return uint64(place)<<32 | uint64(value) //nolint:gosec // a place is below labelled
}

// nearDuplicate is the least share of equal minhash values of two texts that are one story. Cut and lightly edited copies share
// 0.5 to 0.6 of their shingles, rewritten ones 0.02; an estimate of 0.55 from 128 values errs by 0.044, so that one copy in a
// thousand falls short of 0.4. labelled is how many places must be looked at so that two such texts agree in one of them: all
// but 51, since they agree in 52 of 128.
const (
	nearDuplicate = 0.4
	labelled      = hashes - 51
)

func sameStory(a, b intel.Report) bool {
	switch {
	case a.ContentHash != "" && a.ContentHash == b.ContentHash:
		return true
	case b.SyndicatedFrom != "" && (b.SyndicatedFrom == a.URL || b.SyndicatedFrom == a.SyndicatedFrom):
		return true
	case a.SyndicatedFrom != "" && a.SyndicatedFrom == b.URL:
		return true // the copy was met before its original
	}
	return Similarity(a.Fingerprint, b.Fingerprint) >= nearDuplicate
}
