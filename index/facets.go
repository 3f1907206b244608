package index

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// maxFacet is the most values a facet lists; the rarest are left out.
const maxFacet = 50

func facetDim(name string) dim {
	return map[string]dim{
		"actor": dimActor, "victim": dimVictim, "sector": dimSector, "country": dimCountry, "kind": dimKind, "status": dimStatus,
		"source": dimSource, "language": dimLanguage, "lang": dimLanguage, "year": dimYear,
	}[name]
}

// reportFacets counts reports by the columns asked for.
func (m *model) reportFacets(names []string, list []uint32, f *filter) map[string][]intel.Count {
	if len(names) > 0 && len(list) == len(m.all.list) && f.asOf.IsZero() && f.minConf == 0 && m.restricted == 0 {
		return m.allFacets(names)
	}
	return m.facets(names, len(list), func(i int) []tag {
		return m.visibleTags(m.reports[list[i]], f.view)
	})
}

// allFacets counts every report there is: the lengths of the lists say it.
func (m *model) allFacets(names []string) map[string][]intel.Count {
	out := make(map[string][]intel.Count, len(names))
	for _, name := range names {
		d := facetDim(name)
		counts := make([]int32, len(m.values[d]))
		for sym := range counts {
			counts[sym] = int32(len(m.post.get(tag(d)<<32 | tag(sym)))) //nolint:gosec // fewer reports than that
		}
		out[name] = m.countsOf(d, counts)
	}
	return out
}

// visibleTags are the columns of a report as a view sees it.
func (m *model) visibleTags(r *report, v view) []tag {
	if v.asOf.IsZero() && m.restricted == 0 && v.minConf == 0 {
		return r.tags
	}
	var out []tag
	for _, t := range r.tags {
		if t.dim() == dimSource || t.dim() == dimLanguage || t.dim() == dimYear {
			out = append(out, t)
		}
	}
	if v.minConf == 0 && v.current(r) {
		for _, a := range r.actors {
			out = appendNew(out, m.find(dimActor, m.canonActor(a)))
		}
	}
	for _, ord := range m.tells(r, v) {
		if inc, tags, ok := m.incidentIn(ord, v); ok && v.confident(inc) {
			out = appendNew(out, tags...)
		}
	}
	return out
}

// facets counts the tags of n items.
func (m *model) facets(names []string, n int, tags func(int) []tag) map[string][]intel.Count {
	if len(names) == 0 {
		return nil
	}
	var counts [dims][]int32
	for _, name := range names {
		counts[facetDim(name)] = make([]int32, len(m.values[facetDim(name)]))
	}
	for i := range n {
		for _, t := range tags(i) {
			if c := counts[t.dim()]; c != nil {
				c[t.sym()]++
			}
		}
	}
	out := make(map[string][]intel.Count, len(names))
	for _, name := range names {
		out[name] = m.countsOf(facetDim(name), counts[facetDim(name)])
	}
	return out
}

func (m *model) countsOf(d dim, counts []int32) []intel.Count {
	list := []intel.Count{}
	for sym, n := range counts {
		if n > 0 {
			list = append(list, m.count(tag(d)<<32|tag(sym), int(n)))
		}
	}
	sortCounts(list)
	return list[:min(len(list), maxFacet)]
}

func sortCounts(list []intel.Count) {
	slices.SortFunc(list, func(a, b intel.Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
}

// count names a value as people write it.
func (m *model) count(t tag, n int) intel.Count {
	c := intel.Count{Value: m.value(t), Count: n}
	switch t.dim() {
	case dimActor:
		c.Name = m.actorName(c.Value)
	case dimVictim:
		c.Name = m.victimName(c.Value)
	case dimCountry:
		c.Value = strings.ToUpper(c.Value)
	case dimSector:
		if l, ok := m.sectors[c.Value]; ok {
			c.Value = l
		}
	}
	return c
}
