package index

import (
	"cmp"
	"context"
	"slices"

	"github.com/blevesearch/bleve/v2/search/query"

	"github.com/rapsheet/rapsheet/intel"
)

// What a report scores whose columns, not words, meet a name in free text. A claim about the actor counts more than a mention,
// that more than another report's claim about the same incident, and all more than what was found through another actor.
const (
	scoreClaim   = 10.0
	scoreMention = 6.0
	scoreShared  = 4.0
	scoreVia     = 2.0
	scoreValue   = 8.0
)

// known is a run of words that names something the columns hold: it finds what they hold besides what the words find.
type known struct {
	// words is the node as it was typed.
	words *node
	typed string
	// names are the things it may name; tag or value a CVE, technique or observable.
	names []namedThing
	tag   tag
	value string
}

type namedThing struct {
	cand   intel.Candidate
	filter *filter
}

// plan is a query ready to run.
type plan struct {
	root   *node
	known  map[*node]*known
	fields map[*node]*filter
	filter *filter
}

// newPlan reads the text of a query and finds the names in it. The caller holds the read lock.
func (m *model) newPlan(q intel.Query, stem *analyzer) (*plan, error) {
	f, err := m.newFilter(q)
	if err != nil {
		return nil, err
	}
	root, err := parse(q.Text)
	if err != nil {
		return nil, err
	}
	p := &plan{known: map[*node]*known{}, fields: map[*node]*filter{}, filter: f}
	if root, err = m.lift(p, root, q.ExpandMembers); err != nil {
		return nil, err
	}
	if p.root = p.recognise(m, root, stem, q); p.root != nil {
		err = m.compileFields(p, p.root, q)
	}
	return p, err
}

// lift moves the fields that hold for the whole query into its filter, and drops words that say nothing.
func (m *model) lift(p *plan, n *node, expand bool) (*node, error) {
	if n == nil {
		return nil, nil
	}
	kids := []*node{n}
	if n.op == opAnd {
		kids = n.kids
	}
	var rest []*node
	for _, k := range kids {
		if k.op != opField {
			rest = append(rest, k)
			continue
		}
		if err := m.addCondition(p.filter, k.field, k.text, expand); err != nil {
			return nil, err
		}
	}
	return combine(opAnd, rest), nil
}

func (m *model) compileFields(p *plan, n *node, q intel.Query) error {
	if n.op == opField {
		f := &filter{view: p.filter.view}
		if err := m.addCondition(f, n.field, n.text, q.ExpandMembers); err != nil {
			return err
		}
		p.fields[n] = f
	}
	for _, k := range n.kids {
		if err := m.compileFields(p, k, q); err != nil {
			return err
		}
	}
	return nil
}

// recognise replaces runs of words that name something by one node that knows it.
func (p *plan) recognise(m *model, n *node, a *analyzer, q intel.Query) *node {
	if n == nil {
		return nil
	}
	switch n.op {
	case opWord, opPhrase:
		p.recogniseOne(m, n, q)
		return n
	case opField:
		return n
	}
	var kids []*node
	for i := 0; i < len(n.kids); {
		k := n.kids[i]
		if n.op == opAnd && k.op == opWord {
			if run := p.longestName(m, n.kids[i:], q); run != nil {
				kids = append(kids, run)
				i += len(run.kids)
				continue
			}
		}
		kids = append(kids, p.recognise(m, k, a, q))
		i++
	}
	if n.op == opAnd {
		kids = p.telling(kids, a)
	}
	if len(kids) == 1 && n.op != opNot {
		return kids[0]
	}
	return &node{op: n.op, kids: kids}
}

// telling drops words that say nothing, unless nothing else is left.
func (p *plan) telling(kids []*node, a *analyzer) []*node {
	var out []*node
	for _, k := range kids {
		empty := k.op == opWord && p.known[k] == nil && (stopWord(k.text) || len(a.asked(k.text)) == 0)
		if !empty {
			out = append(out, k)
		}
	}
	if len(out) == 0 {
		return kids
	}
	return out
}

// longestName finds the longest run of words that is a name.
func (p *plan) longestName(m *model, kids []*node, q intel.Query) *node {
	n := 0
	for n < len(kids) && n < 6 && kids[n].op == opWord {
		n++
	}
	for ; n > 1; n-- {
		typed := spaced(kids[:n])
		if names := m.namedThings(typed, q); len(names) > 0 {
			run := &node{op: opAnd, kids: kids[:n]}
			p.known[run] = &known{words: run, typed: typed, names: names}
			return run
		}
	}
	return nil
}

func (p *plan) recogniseOne(m *model, n *node, q intel.Query) {
	k := &known{words: n, typed: n.text}
	value := refang(fold(n.text))
	switch detect(value) {
	case "cve":
		k.tag = m.find(dimCVE, upper(value))
	case "technique":
		k.tag = m.find(dimTechnique, upper(value))
	case "ip", "hash", "url", "email", "domain":
		k.value = observableKey(refangURL(value))
	}
	k.names = m.namedThings(n.text, q)
	if k.tag != 0 || k.value != "" || len(k.names) > 0 {
		p.known[n] = k
	}
}

// namedThings gives what a name may mean, with the filter that finds its reports.
func (m *model) namedThings(name string, q intel.Query) []namedThing {
	var out []namedThing
	for _, c := range m.whoAll(name) {
		f := &filter{view: viewOf(q), weigh: true}
		if c.Type == "victim" {
			f.incident = []condition{{{tag: m.find(dimVictim, c.ID)}}}
		} else {
			f.incident = []condition{m.actorCondition(c.ID, true)}
			if !q.ExpandMembers {
				f.incident[0] = m.directAndUmbrellas(c.ID, f.incident[0])
			}
		}
		out = append(out, namedThing{c, f})
	}
	return out
}

// directAndUmbrellas leaves an actor and the umbrellas it belongs to: who looks for a member also finds, weaker, what its
// umbrella did; who looks for an umbrella gets its members' doings only when asked for.
func (m *model) directAndUmbrellas(id string, c condition) condition {
	var ups []tag
	for _, r := range m.umbrellas[id] {
		ups = append(ups, m.find(dimActor, r.To))
	}
	return slices.DeleteFunc(c, func(a alternative) bool { return a.via != "" && !slices.Contains(ups, a.tag) })
}

// evaluator runs a plan: words in bleve, the rest in columns.
type evaluator struct {
	ix     *Index
	p      *plan
	scored bool
}

// run gives the reports that meet the text, by ordinal.
func (e *evaluator) run(ctx context.Context, n *node) ([]textHit, error) {
	if k := e.p.known[n]; k != nil {
		return e.known(ctx, k)
	}
	if e.pure(n) {
		return e.words(ctx, n)
	}
	switch n.op {
	case opField:
		return e.column(e.p.fields[n], func(match) float64 { return 0 }), nil
	case opNot:
		hits, err := e.run(ctx, n.kids[0])
		if err != nil {
			return nil, err
		}
		return subtract(e.everything(), hits), nil
	case opOr:
		return e.either(ctx, n.kids)
	default:
		return e.all(ctx, n.kids)
	}
}

// all intersects; words that stand together are one question to bleve.
func (e *evaluator) all(ctx context.Context, kids []*node) ([]textHit, error) {
	var pure, rest, not []*node
	for _, k := range kids {
		switch {
		case k.op == opNot:
			not = append(not, k.kids[0])
		case e.pure(k):
			pure = append(pure, k)
		default:
			rest = append(rest, k)
		}
	}
	if len(pure) > 0 {
		rest = append(rest, combine(opAnd, pure))
	}
	var out []textHit
	for i, k := range rest {
		hits, err := e.run(ctx, k)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			out = hits
		} else {
			out = intersect(out, hits)
		}
	}
	if len(rest) == 0 {
		out = e.everything()
	}
	for _, k := range not {
		hits, err := e.run(ctx, k)
		if err != nil {
			return nil, err
		}
		out = subtract(out, hits)
	}
	return out, nil
}

func (e *evaluator) either(ctx context.Context, kids []*node) ([]textHit, error) {
	var out []textHit
	for _, k := range kids {
		hits, err := e.run(ctx, k)
		if err != nil {
			return nil, err
		}
		out = union(out, hits)
	}
	return out, nil
}

// known unites what the columns hold of a name or value with what its words find.
func (e *evaluator) known(ctx context.Context, k *known) ([]textHit, error) {
	out, err := e.words(ctx, k.words)
	if err != nil {
		return nil, err
	}
	for _, n := range k.names {
		c := n.cand.Confidence
		out = union(out, e.column(n.filter, func(m match) float64 {
			switch {
			case m.via != "":
				return c * scoreVia
			case m.told:
				return c * scoreClaim
			case m.mentioned:
				return c * scoreMention
			default:
				return c * scoreShared
			}
		}))
	}
	if k.tag != 0 || k.value != "" {
		f := &filter{view: e.p.filter.view}
		if k.tag != 0 {
			f.report = []condition{{{tag: k.tag}}}
		} else {
			f.obs = []string{k.value}
		}
		out = union(out, e.column(f, func(match) float64 { return scoreValue }))
	}
	return out, nil
}

// column runs a filter.
func (e *evaluator) column(f *filter, score func(match) float64) []textHit {
	e.ix.mu.RLock()
	defer e.ix.mu.RUnlock()
	m := e.ix.as(f.asOf)
	list, _ := m.candidatesFor(f)
	out := make([]textHit, 0, len(list))
	for _, ord := range list {
		if hit, ok := m.matchReport(f, ord); ok {
			out = append(out, textHit{ord, score(hit)})
		}
	}
	sortHits(out)
	return out
}

func (e *evaluator) everything() []textHit {
	return e.column(&filter{view: e.p.filter.view}, func(match) float64 { return 0 })
}

// pure reports whether bleve alone can answer n.
func (e *evaluator) pure(n *node) bool {
	if n.op == opField || n.op == opNot || e.p.known[n] != nil {
		return false
	}
	for _, k := range n.kids {
		if !e.pure(k) {
			return false
		}
	}
	return true
}

// words asks bleve.
func (e *evaluator) words(ctx context.Context, n *node) ([]textHit, error) {
	q := e.ix.text.query(n)
	if q == nil {
		return nil, nil
	}
	hits, err := e.ix.text.find(ctx, q, e.scored, e.ix.ordinals)
	sortHits(hits)
	return hits, err
}

func sortHits(h []textHit) {
	slices.SortFunc(h, func(a, b textHit) int { return cmp.Compare(a.ord, b.ord) })
}

// query translates words for bleve; nil when there is nothing to look for.
func (t *textIndex) query(n *node) query.Query {
	switch n.op {
	case opWord, opPhrase:
		return t.leaf(n.text)
	case opAnd, opOr:
		var qs []query.Query
		for _, k := range n.kids {
			if q := t.query(k); q != nil {
				qs = append(qs, q)
			}
		}
		switch {
		case len(qs) == 0:
			return nil
		case len(qs) == 1:
			return qs[0]
		case n.op == opAnd:
			return query.NewConjunctionQuery(qs)
		default:
			return query.NewDisjunctionQuery(qs)
		}
	}
	return nil
}

// leaf looks for a word or phrase in every field.
func (t *textIndex) leaf(text string) query.Query {
	terms := t.analyzer.asked(text)
	if len(terms) == 0 {
		return nil
	}
	var qs []query.Query
	for _, f := range []struct {
		name  string
		boost float64
	}{{fieldNames, boostNames}, {fieldTitle, boostTitle}, {fieldText, boostText}} {
		if len(terms) == 1 {
			q := query.NewTermQuery(terms[0].text)
			q.SetField(f.name)
			q.SetBoost(f.boost)
			qs = append(qs, q)
			continue
		}
		words := make([]string, terms[len(terms)-1].pos-terms[0].pos+1)
		for _, w := range terms {
			words[w.pos-terms[0].pos] = w.text
		}
		q := query.NewPhraseQuery(words, f.name)
		q.SetBoost(f.boost)
		qs = append(qs, q)
	}
	return query.NewDisjunctionQuery(qs)
}
