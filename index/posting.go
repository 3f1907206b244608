package index

import (
	"hash/maphash"
	"slices"
	"sort"
)

// posting is a list of ordinals, newest first. Ordinals are appended to a tail while a batch is applied and merged into order
// once at its end, so that loading many records stays linear.
type posting struct {
	list   []uint32
	sorted int
}

// ranker orders ordinals: it reports whether a comes before b.
type ranker func(a, b uint32) bool

func (p *posting) add(ord uint32) { p.list = append(p.list, ord) }

// remove takes ord out; its place is found by the key it still has.
func (p *posting) remove(ord uint32, before ranker) {
	for i := len(p.list) - 1; i >= p.sorted; i-- {
		if p.list[i] == ord {
			p.list = slices.Delete(p.list, i, i+1)
			return
		}
	}
	i := sort.Search(p.sorted, func(i int) bool { return !before(p.list[i], ord) })
	if i < p.sorted && p.list[i] == ord {
		p.list = slices.Delete(p.list, i, i+1)
		p.sorted--
	}
}

// settle merges the tail into order.
func (p *posting) settle(before ranker) {
	if p.sorted == len(p.list) {
		return
	}
	cmp := func(a, b uint32) int {
		switch {
		case a == b:
			return 0
		case before(a, b):
			return -1
		default:
			return 1
		}
	}
	tail := slices.Clone(p.list[p.sorted:])
	slices.SortFunc(tail, cmp)
	// Blocks are moved whole: a batch is small and lists are long, and answers wait meanwhile.
	end := p.sorted
	for j, ord := range slices.Backward(tail) {
		at := sort.Search(end, func(i int) bool { return before(ord, p.list[i]) })
		copy(p.list[at+j+1:], p.list[at:end])
		p.list[at+j] = ord
		end = at
	}
	p.sorted = len(p.list)
}

// postings are the lists of one kind of record by tag.
type postings struct {
	before ranker
	by     map[tag]*posting
	dirty  map[tag]struct{}
}

func newPostings(before ranker) *postings {
	return &postings{before: before, by: map[tag]*posting{}, dirty: map[tag]struct{}{}}
}

func (p *postings) add(t tag, ord uint32) {
	l := p.by[t]
	if l == nil {
		l = &posting{}
		p.by[t] = l
	}
	l.add(ord)
	p.dirty[t] = struct{}{}
}

func (p *postings) remove(t tag, ord uint32) {
	l := p.by[t]
	if l == nil {
		return
	}
	l.remove(ord, p.before)
	if len(l.list) == 0 {
		delete(p.by, t)
		delete(p.dirty, t)
	}
}

// get gives the list of t, newest first; the caller must not change it.
func (p *postings) get(t tag) []uint32 {
	if l := p.by[t]; l != nil {
		return l.list
	}
	return nil
}

func (p *postings) settle() {
	for t := range p.dirty {
		p.by[t].settle(p.before)
	}
	clear(p.dirty)
}

// sparse maps observables to reports. There are many observables and nearly all are met once, so values are kept as seeded
// hashes and single reports without a list of their own. The seed is made anew for each index: nobody can prepare collisions.
type sparse struct {
	seed maphash.Seed
	one  map[uint64]uint32
	many map[uint64][]uint32
}

func newSparse() *sparse {
	return &sparse{seed: maphash.MakeSeed(), one: map[uint64]uint32{}, many: map[uint64][]uint32{}}
}

func (s *sparse) hash(value string) uint64 { return maphash.String(s.seed, value) }

func (s *sparse) add(h uint64, ord uint32) {
	if l, ok := s.many[h]; ok {
		if !slices.Contains(l, ord) {
			s.many[h] = append(l, ord)
		}
		return
	}
	if o, ok := s.one[h]; ok && o != ord {
		delete(s.one, h)
		s.many[h] = []uint32{o, ord}
		return
	}
	s.one[h] = ord
}

func (s *sparse) remove(h uint64, ord uint32) {
	if o, ok := s.one[h]; ok && o == ord {
		delete(s.one, h)
		return
	}
	l, ok := s.many[h]
	if !ok {
		return
	}
	if i := slices.Index(l, ord); i >= 0 {
		l = slices.Delete(slices.Clone(l), i, i+1)
	}
	if len(l) == 0 {
		delete(s.many, h)
		return
	}
	s.many[h] = l
}

// get gives the reports of a value in no particular order.
func (s *sparse) get(value string) []uint32 {
	h := s.hash(value)
	if o, ok := s.one[h]; ok {
		return []uint32{o}
	}
	return s.many[h]
}
