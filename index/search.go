package index

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// The orders of a list, as cursors write them.
const (
	orderNewest    = 'n'
	orderOldest    = 'o'
	orderRelevance = 'r'
	// orderAny says that the words were loosened: any of them, by relevance.
	orderAny = 'a'
	// orderAnyNewest and orderAnyOldest are the same by time.
	orderAnyNewest = 'N'
	orderAnyOldest = 'O'
)

// searching is one search under way.
type searching struct {
	ix     *Index
	q      intel.Query
	p      *plan
	limit  int
	hash   uint64
	cur    *cursor
	oldest bool
	scored bool
	loose  bool

	list []uint32
	// hits is the list of a search by relevance, with scores.
	hits []textHit
	// first is the first page of them, while the rest is not in order.
	first []textHit
	// exact says that list is a shared posting whose every report matches.
	exact bool
	// kept are the places that list has in a remembered list.
	kept []int
}

// Search finds reports.
func (ix *Index) Search(ctx context.Context, q intel.Query) (intel.Page[intel.Hit], error) {
	s, err := ix.begin(ctx, q)
	if err != nil {
		return intel.Page[intel.Hit]{}, err
	}
	if s.p.root == nil {
		return s.structured(ctx)
	}
	if s.cur != nil && s.cur.list != 0 {
		if l, ok := ix.results.get(s.cur.list, s.hash); ok {
			return s.remembered(ctx, l)
		}
	}
	if err := s.evaluate(ctx); err != nil {
		return intel.Page[intel.Hit]{}, err
	}
	return s.textPage(ctx)
}

// begin checks a query and plans it.
func (ix *Index) begin(ctx context.Context, q intel.Query) (*searching, error) {
	limit, err := checkLimit(q.Limit)
	if err != nil {
		return nil, err
	}
	s := &searching{ix: ix, q: q, limit: limit, hash: queryHash("search", q)}
	if s.cur, err = decodeCursor(q.Cursor, s.hash); err != nil {
		return nil, err
	}
	if err := ix.lookBack(ctx, q.AsOf); err != nil {
		return nil, err
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if s.p, err = ix.as(q.AsOf).newPlan(q, ix.text.analyzer); err != nil {
		return nil, err
	}
	if strings.TrimSpace(q.Text) != "" && s.p.root != nil && !ix.sayable(s.p, s.p.root) {
		return nil, invalid("query %q has no word to look for: use letters or digits", q.Text)
	}
	s.oldest = q.Sort == "oldest"
	s.scored = s.p.root != nil && (q.Sort == "" || q.Sort == "relevance")
	if s.cur != nil {
		s.loose = strings.IndexByte("aNO", s.cur.order) >= 0
	}
	return s, nil
}

// sayable reports whether some part of a query has something to look for.
func (ix *Index) sayable(p *plan, n *node) bool {
	if n.op == opField || p.known[n] != nil {
		return true
	}
	if n.op == opWord || n.op == opPhrase {
		return len(ix.text.analyzer.asked(n.text)) > 0
	}
	return slices.ContainsFunc(n.kids, func(k *node) bool { return ix.sayable(p, k) })
}

// structured answers from the columns alone.
func (s *searching) structured(ctx context.Context) (intel.Page[intel.Hit], error) {
	ix := s.ix
	ix.mu.RLock()
	m, f := ix.as(s.q.AsOf), s.p.filter
	s.list, s.exact = m.candidatesFor(f)
	if !s.exact {
		kept := make([]uint32, 0, min(len(s.list), 4096))
		for _, ord := range s.list {
			if _, ok := m.matchReport(f, ord); ok {
				kept = append(kept, ord)
			}
		}
		s.list = kept
	}
	s.order()
	hits, page := s.cut()
	ix.mu.RUnlock()
	s.highlight(ctx, hits, &page)
	return page, ctx.Err()
}

// place is where a report stands in the order of time, as the view dates it.
func (s *searching) place(ord uint32) place {
	r := s.ix.model.reports[ord]
	if s.p.filter.asOf.IsZero() {
		return place{r.key, r.id}
	}
	published := s.p.filter.told(r)
	return place{momentKey(published), r.id}
}

// order sorts the list by time. Postings come newest first already.
func (s *searching) order() {
	if !s.oldest && s.p.filter.asOf.IsZero() {
		return
	}
	if s.exact {
		s.list = slices.Clone(s.list)
	}
	sortPlaces(s.list, s.oldest, s.place)
}

// cut takes the page out of a list in order of time.
func (s *searching) cut() ([]uint32, intel.Page[intel.Hit]) {
	start := 0
	if s.cur != nil {
		c := place{s.cur.key, s.cur.id}
		start = sort.Search(len(s.list), func(i int) bool { return s.place(s.list[i]).after(c, s.oldest) })
	}
	end := min(start+s.limit, len(s.list))
	hits := slices.Clone(s.list[start:end])
	page := s.page(hits, nil)
	if end < len(s.list) {
		p := s.place(hits[len(hits)-1])
		page.NextCursor = cursor{query: s.hash, order: s.orderByte(), key: p.key, id: p.id}.encode()
	}
	return hits, page
}

// pick takes the page out of a list in no order of time.
func (s *searching) pick() ([]uint32, intel.Page[intel.Hit]) {
	hits, more := pageOf(slices.Clone(s.list), s.cur, s.limit, s.oldest, s.place)
	page := s.page(hits, nil)
	if more && len(hits) > 0 {
		p := s.place(hits[len(hits)-1])
		page.NextCursor = cursor{query: s.hash, order: s.orderByte(), key: p.key, id: p.id}.encode()
	}
	return hits, page
}

func (s *searching) orderByte() byte {
	switch {
	case s.loose && s.scored:
		return orderAny
	case s.loose && s.oldest:
		return orderAnyOldest
	case s.loose:
		return orderAnyNewest
	case s.scored:
		return orderRelevance
	case s.oldest:
		return orderOldest
	default:
		return orderNewest
	}
}

// page builds the answer for the reports of one page, under the lock.
func (s *searching) page(ords []uint32, scores []textHit) intel.Page[intel.Hit] {
	m := s.ix.as(s.q.AsOf)
	page := intel.Page[intel.Hit]{Items: make([]intel.Hit, 0, len(ords)), Total: len(s.list), Coverage: s.ix.coverage()}
	base := m.whyAll(s)
	for i, ord := range ords {
		h := m.hit(s, ord, base)
		if scores != nil {
			h.Score = math.Round(scores[i].score*1e4) / 1e4
		}
		page.Items = append(page.Items, h)
	}
	page.Facets = m.answerCounts(m.reportFacets(s.q.Facets, s.list, s.p.filter), s.p.filter.view)
	return page
}

// evaluate runs the text of the query and keeps the reports that meet the rest of it too. When no report has all words, those
// that have any are taken.
func (s *searching) evaluate(ctx context.Context) error {
	for {
		root := s.p.root
		if s.loose {
			root = s.p.loosen()
		}
		e := &evaluator{ix: s.ix, p: s.p, scored: s.scored}
		hits, err := e.run(ctx, root)
		if err != nil {
			return err
		}
		s.keep(hits)
		if len(s.list) > 0 || s.loose || s.cur != nil || s.p.loosen() == nil {
			return nil
		}
		s.loose = true
	}
}

// keep applies the filter to what the words found.
func (s *searching) keep(hits []textHit) {
	s.ix.mu.RLock()
	defer s.ix.mu.RUnlock()
	m, f := s.ix.as(s.q.AsOf), s.p.filter
	all := m.restricted == 0 && f.asOf.IsZero() && !f.never && !f.ranged() && len(f.incident)+len(f.report)+len(f.obs) == 0
	kept := hits[:0]
	for _, h := range hits {
		ok := all && m.reports[h.ord].live
		if !all {
			_, ok = m.matchReport(f, h.ord)
		}
		if ok {
			kept = append(kept, h)
		}
	}
	s.hits = kept
	s.list = make([]uint32, len(kept))
	for i, h := range kept {
		s.list[i] = h.ord
	}
}

// loosen gives the query with OR between its words; nil when it has fewer than two.
func (p *plan) loosen() *node {
	if p.root.op != opAnd || p.known[p.root] != nil {
		return nil
	}
	var words, rest []*node
	for _, k := range p.root.kids {
		if k.op == opNot || k.op == opField {
			rest = append(rest, k)
		} else {
			words = append(words, k)
		}
	}
	if len(words) < 2 {
		return nil
	}
	return combine(opAnd, append([]*node{{op: opOr, kids: words}}, rest...))
}

// textPage orders what evaluate found and takes the page out of it.
func (s *searching) textPage(ctx context.Context) (intel.Page[intel.Hit], error) {
	s.ix.mu.RLock()
	if !s.scored {
		hits, page := s.pick()
		s.ix.mu.RUnlock()
		s.highlight(ctx, hits, &page)
		return page, ctx.Err()
	}
	start := 0
	switch s.cur {
	case nil:
		s.first = best(s.hits, s.limit, s.compareHits)
	default:
		slices.SortFunc(s.hits, s.compareHits)
		score := math.Float64frombits(uint64(s.cur.key)) //nolint:gosec // bits are kept
		start = sort.Search(len(s.hits), func(i int) bool {
			h := s.hits[i]
			return h.score < score || h.score == score && s.ix.model.reports[h.ord].id > s.cur.id
		})
	}
	ords, page := s.ranked(start, 0)
	s.ix.mu.RUnlock()
	s.highlight(ctx, ords, &page)
	return page, ctx.Err()
}

// compareHits orders by score, ties by id.
func (s *searching) compareHits(a, b textHit) int {
	if a.score != b.score {
		return cmp.Compare(b.score, a.score)
	}
	return cmp.Compare(s.ix.model.reports[a.ord].id, s.ix.model.reports[b.ord].id)
}

// ranked takes the page that begins at start and remembers the list for those that follow.
func (s *searching) ranked(start int, token uint64) ([]uint32, intel.Page[intel.Hit]) {
	end := min(start+s.limit, len(s.hits))
	shown := s.first
	if shown == nil {
		shown = s.hits[start:end]
	}
	ords := make([]uint32, len(shown))
	for i, h := range shown {
		ords[i] = h.ord
	}
	page := s.page(ords, shown)
	if end >= len(s.hits) {
		return ords, page
	}
	if token == 0 {
		token = s.ix.results.put(s.hash, s.hits)
	}
	last, at := shown[len(shown)-1], end
	if s.kept != nil {
		at = s.kept[end-1] + 1
	}
	page.NextCursor = cursor{
		query: s.hash, order: s.orderByte(), key: int64(math.Float64bits(last.score)), //nolint:gosec // bits are kept
		id: s.ix.model.reports[last.ord].id, list: token, at: uint32(at), //nolint:gosec // bounded by the list
	}.encode()
	return ords, page
}

// remembered goes on in a list that was kept for the first page. What was purged or hidden since is left out.
func (s *searching) remembered(ctx context.Context, l rememberedList) (intel.Page[intel.Hit], error) {
	s.ix.mu.RLock()
	m := s.ix.model
	if !l.ranked {
		l.hits = slices.Clone(l.hits)
		slices.SortFunc(l.hits, s.compareHits)
		s.ix.results.rank(l.token, l.hits)
	}
	start := 0
	for i, h := range l.hits {
		if !s.p.filter.sees(m.reports[h.ord]) {
			continue
		}
		if i < int(s.cur.at) {
			start++
		}
		s.list, s.hits, s.kept = append(s.list, h.ord), append(s.hits, h), append(s.kept, i)
	}
	ords, page := s.ranked(start, l.token)
	s.ix.mu.RUnlock()
	s.highlight(ctx, ords, &page)
	return page, ctx.Err()
}
