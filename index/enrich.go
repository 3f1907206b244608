package index

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// The statuses of an enrichment answer.
const (
	statusFound     = "found"
	statusAmbiguous = "ambiguous"
	statusNotFound  = "not_found"
	statusInvalid   = "invalid"
)

// defaultCandidates is the most candidates an answer lists unless it is asked for fewer.
const defaultCandidates = 20

// Resolve says what each value may mean, in input order.
func (ix *Index) Resolve(ctx context.Context, items []intel.EnrichItem, o intel.EnrichOptions) ([]intel.EnrichResult, error) {
	return ix.answer(ctx, items, o, false)
}

// Enrich resolves each value and adds its history, in input order.
func (ix *Index) Enrich(ctx context.Context, items []intel.EnrichItem, o intel.EnrichOptions) ([]intel.EnrichResult, error) {
	return ix.answer(ctx, items, o, true)
}

func (ix *Index) answer(ctx context.Context, items []intel.EnrichItem, o intel.EnrichOptions, history bool) ([]intel.EnrichResult, error) {
	q := intel.Query{AsOf: o.AsOf, MaxTLP: o.MaxTLP, MinConfidence: o.MinConfidence}
	if err := checkQuery(q); err != nil {
		return nil, err
	}
	out := make([]intel.EnrichResult, len(items))
	if err := ix.lookBack(ctx, q.AsOf); err != nil {
		return nil, err
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	l := looking{ix: ix, m: ix.as(q.AsOf), v: viewOf(q), o: o, history: history}
	for i, item := range items {
		if i%64 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		out[i] = l.one(item)
	}
	return out, nil
}

// looking answers items under the lock.
type looking struct {
	ix      *Index
	m       *model
	v       view
	o       intel.EnrichOptions
	history bool
}

func itemTypes() []string {
	return []string{"actor", "victim", "domain", "url", "ip", "hash", "email", "cve", "technique", "software", "campaign", "text"}
}

func (l *looking) one(item intel.EnrichItem) intel.EnrichResult {
	r := intel.EnrichResult{ID: item.ID, Value: item.Value, Type: item.Type, Candidates: []intel.Candidate{}}
	value := strings.TrimSpace(item.Value)
	plain := refangURL(refang(fold(value)))
	switch {
	case value == "":
		return refuse(r, "value is empty: give a name, domain, address, hash, CVE, technique or sentence")
	case len(value) > maxQuery:
		return refuse(r, "value is longer than 512 bytes: give one name or value an item")
	case item.Type != "" && !slices.Contains(itemTypes(), item.Type):
		return refuse(r, "type is unknown: use one of "+strings.Join(itemTypes(), ", ")+", or leave it out")
	}
	if r.Type == "" {
		r.Type = detect(plain)
	} else if problem := checkType(r.Type, plain); problem != "" {
		return refuse(r, problem)
	}
	switch r.Type {
	case "actor":
		l.names(&r, value, sideActor)
	case "victim":
		l.names(&r, value, sideVictim)
	case "text":
		l.names(&r, value, sideBoth)
	case "software", "campaign":
		r.Status = statusNotFound // the catalogue knows these: whoever holds it answers
	case "cve":
		l.value(&r, &filter{view: l.v, report: []condition{{{tag: l.m.find(dimCVE, upper(plain))}}}})
	case "technique":
		l.value(&r, &filter{view: l.v, report: []condition{{{tag: l.m.find(dimTechnique, upper(plain))}}}})
	default:
		l.observable(&r, value, plain)
	}
	return r
}

func refuse(r intel.EnrichResult, problem string) intel.EnrichResult {
	r.Status, r.Problem = statusInvalid, problem
	if r.Type == "" {
		r.Type = "text"
	}
	return r
}

// checkType says why a value is not of the type it is said to be; "" when it may be.
func checkType(kind, plain string) string {
	switch kind {
	case "ip":
		if _, err := netip.ParseAddr(plain); err != nil {
			return "value is not an IP address: leave out port and prefix length"
		}
	case "cve", "technique", "hash", "email":
		if detect(plain) != kind {
			return map[string]string{
				"cve": "value is not a CVE: write CVE-2025-12345", "technique": "value is not an ATT&CK technique: write T1566 or T1566.001",
				"hash": "value is not an MD5, SHA-1 or SHA-256 in hexadecimal", "email": "value is not an email address",
			}[kind]
		}
	case "url":
		if !strings.Contains(plain, "://") {
			return "value is not a URL: it has no scheme"
		}
	case "domain":
		if detect(strings.TrimSuffix(plain, ".")) != "domain" {
			return "value is not a domain name: leave out scheme, port and path"
		}
	}
	return ""
}

// names answers for the name of an actor or victim.
func (l *looking) names(r *intel.EnrichResult, value string, s side) {
	l.settle(r, l.shown(l.m.candidates(value, s)))
}

// shown keeps the candidates that the view may see.
func (l *looking) shown(cs []intel.Candidate) []intel.Candidate {
	return slices.DeleteFunc(cs, func(c intel.Candidate) bool { return !l.ix.shown(candidateDim(c), c.ID, l.v) })
}

func candidateDim(c intel.Candidate) dim {
	if c.Type == "victim" {
		return dimVictim
	}
	return dimActor
}

// settle writes the status that candidates give, and the history of the one that is meant.
func (l *looking) settle(r *intel.EnrichResult, cs []intel.Candidate) {
	switch len(cs) {
	case 0:
		r.Status = statusNotFound
		return
	case 1:
		r.Status = statusFound
		if r.Type == "text" {
			r.Type = cs[0].Type
		}
		if l.history {
			h := l.ix.historyOf(candidateDim(cs[0]), cs[0].ID, l.v, l.o.ExpandMembers)
			s := h.summary
			r.Summary, r.Incidents = &s, h.latest
		}
	default:
		r.Status = statusAmbiguous
	}
	most := l.o.MaxCandidates
	if most <= 0 {
		most = defaultCandidates
	}
	r.Candidates = append(r.Candidates, l.m.answerCandidates(cs[:min(len(cs), most)], l.v)...)
}

// value answers for a CVE, technique or observable: found when a report that may be seen holds it.
func (l *looking) value(r *intel.EnrichResult, f *filter) {
	r.Status = statusNotFound
	if len(f.report) > 0 && f.report[0][0].tag == 0 {
		return
	}
	h, reports := l.m.valueHistory(f, l.v.minConf)
	if reports == 0 {
		return
	}
	r.Status = statusFound
	if l.history {
		r.Summary, r.Incidents = &h.summary, h.latest
	}
}

// seen answers for an observable that a report holds.
func (l *looking) seen(r *intel.EnrichResult, key string) bool {
	if len(l.m.obs.get(key)) == 0 {
		return false
	}
	l.value(r, &filter{view: l.v, obs: []string{key}})
	return r.Status == statusFound
}

// observable answers for an indicator; a domain may also be a victim's own, and a URL or address is known by its host.
func (l *looking) observable(r *intel.EnrichResult, value, plain string) {
	if r.Type == "domain" {
		plain = strings.TrimSuffix(plain, ".")
	}
	key, asWritten := observableKey(plain), observableKey(refangURL(refang(value)))
	if l.seen(r, key) || asWritten != key && l.seen(r, asWritten) {
		return
	}
	r.Status = statusNotFound
	if r.Type == "ip" || r.Type == "hash" {
		return
	}
	for host := hostOf(r.Type, plain); strings.Contains(host, "."); _, host, _ = strings.Cut(host, ".") {
		if cs := l.shown(l.m.candidates(host, sideBoth)); len(cs) > 0 {
			l.settle(r, cs)
			return
		}
	}
}

// hostOf gives the host that a domain, URL or email address names.
func hostOf(kind, plain string) string {
	switch kind {
	case "url":
		_, rest, _ := strings.Cut(plain, "://")
		if i := strings.IndexAny(rest, "/?#"); i >= 0 {
			rest = rest[:i]
		}
		if i := strings.LastIndexByte(rest, '@'); i >= 0 {
			rest = rest[i+1:]
		}
		if i := strings.LastIndexByte(rest, ':'); i >= 0 {
			rest = rest[:i]
		}
		return rest
	case "email":
		return plain[strings.LastIndexByte(plain, '@')+1:]
	default:
		return plain
	}
}

// valueHistory counts what the reports that meet a filter tell of.
func (m *model) valueHistory(f *filter, minConf float64) (*history, int) {
	h := &history{summary: emptySummary()}
	list, _ := m.candidatesFor(f)
	if len(list) == 0 {
		return h, 0
	}
	t := newTally(m, f.view)
	var told []uint32
	for _, ord := range list {
		if _, ok := m.matchReport(f, ord); !ok {
			continue
		}
		h.summary.Reports++
		t.report(m.reports[ord], f.view)
		told = appendNew(told, m.tells(m.reports[ord], f.view)...)
	}
	slices.SortFunc(told, func(a, b uint32) int {
		switch {
		case a == b:
			return 0
		case m.newerIncident(a, b):
			return -1
		default:
			return 1
		}
	})
	threshold := view{minConf: minConf}
	for _, ord := range told {
		inc, _, ok := m.incidentIn(ord, f.view)
		if !ok {
			continue
		}
		if !threshold.confident(inc) {
			h.summary.BelowThreshold++
			continue
		}
		h.summary.Incidents++
		t.add(ord, inc)
		if len(h.latest) < maxLatest {
			h.latest = append(h.latest, *inc)
		}
	}
	t.write(&h.summary)
	return h, h.summary.Reports
}

// Conflicts lists every name that is unsafe to resolve automatically.
func (ix *Index) Conflicts(ctx context.Context) ([]intel.EnrichResult, error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	var out []intel.EnrichResult
	for _, c := range ix.model.names.resolver.Conflicts() {
		out = append(out, intel.EnrichResult{Value: c.Name, Type: "actor", Status: statusAmbiguous, Candidates: c.Candidates, Why: c.Why})
	}
	return out, ctx.Err()
}
