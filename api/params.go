package api

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/api/web"
	"github.com/rapsheet/rapsheet/intel"
)

// params reads query parameters and remembers the first thing wrong with them.
type params struct {
	q   url.Values
	err error
}

func (p *params) fail(name, detail string) {
	if p.err == nil {
		p.err = badParam(name, detail)
	}
}

func (p *params) date(name string) intel.Date {
	d, err := intel.ParseDate(p.q.Get(name))
	if err != nil {
		p.fail(name, "write YYYY-MM-DD")
	}
	return d
}

func (p *params) time(name string) time.Time {
	v := p.q.Get(name)
	if v == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, v)
	if err != nil {
		p.fail(name, "write an RFC 3339 time such as 2025-09-10T00:00:00Z")
	}
	return t
}

func (p *params) number(name string, def, lowest, highest float64) float64 {
	v := p.q.Get(name)
	if v == "" {
		return def
	}
	f, err := strconv.ParseFloat(v, 64)
	if err != nil || !(f >= lowest && f <= highest) { // written so that NaN fails
		p.fail(name, "give a number from "+strconv.FormatFloat(lowest, 'g', -1, 64)+" to "+strconv.FormatFloat(highest, 'g', -1, 64))
	}
	return f
}

// whole reads a whole number.
func (p *params) whole(name string, def, lowest, highest int) int {
	v := p.q.Get(name)
	if v == "" {
		return def
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < lowest || n > highest {
		p.fail(name, "give a whole number from "+strconv.Itoa(lowest)+" to "+strconv.Itoa(highest))
	}
	return n
}

// oneOf reads a parameter that has few values.
func (p *params) oneOf(name string, allowed ...string) string {
	v := p.q.Get(name)
	if v != "" && !slices.Contains(allowed, v) {
		p.fail(name, "choose from "+strings.Join(allowed, ", "))
	}
	return v
}

func (p *params) list(name string) []string {
	v := p.q.Get(name)
	if v == "" {
		return nil
	}
	return strings.Split(v, ",")
}

// facetNames are the facets a search can count.
func facetNames() []string {
	return []string{"actor", "victim", "sector", "country", "kind", "status", "source", "language", "year"}
}

// query reads the parameters that the reading routes share; onlyKnown has refused those that the route does not have.
func query(c echo.Context, minConfidence float64) (intel.Query, error) {
	p := &params{q: c.QueryParams()}
	q := intel.Query{
		Text: p.q.Get("q"), Actor: p.q.Get("actor"), Victim: p.q.Get("victim"), Sector: p.q.Get("sector"),
		Country: strings.ToUpper(p.q.Get("country")), Kind: intel.Kind(p.q.Get("kind")), Status: intel.Stance(p.q.Get("status")),
		Source: p.q.Get("source"), Language: p.q.Get("lang"), CVE: p.q.Get("cve"), Technique: p.q.Get("technique"),
		Observable: p.q.Get("observable"), From: p.date("from"), To: p.date("to"),
		TimeField: p.oneOf("time", "occurred", "published", "recorded"), AsOf: p.time("as_of"),
		ExpandMembers: p.oneOf("expand", "members") == "members", MinConfidence: p.number("min_confidence", minConfidence, 0, 1),
		MaxTLP: intel.TLPRed, Sort: p.oneOf("sort", "relevance", "newest", "oldest"),
		Limit: p.whole("limit", defaultLimit, 1, maxLimit), Cursor: p.q.Get("cursor"), Facets: p.list("facets"),
	}
	if q.Kind != "" && !q.Kind.Valid() {
		p.fail("kind", "choose from "+join(intel.Kinds()))
	}
	if q.Status != "" && !q.Status.Valid() {
		p.fail("status", "choose from "+join(intel.Stances()))
	}
	for _, f := range q.Facets {
		if !slices.Contains(facetNames(), f) {
			p.fail("facets", "choose from "+strings.Join(facetNames(), ", "))
		}
	}
	return q, p.err
}

func join[T ~string](all []T) string {
	s := make([]string, len(all))
	for i, v := range all {
		s[i] = string(v)
	}
	return strings.Join(s, ", ")
}

// idParam is the {id} of a route, unescaped; a longer one than any name is refused before work is done.
func idParam(c echo.Context, name string) (string, error) {
	v, err := web.Param(c, name)
	if err != nil || v == "" || len(v) > 2048 {
		return "", badParam(name, "give an id or a name of at most 2048 bytes")
	}
	return v, nil
}
