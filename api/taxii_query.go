package api

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// taxiiQuery is what a request filters by: the filters of the standard (section 3.4), and where to go on.
type taxiiQuery struct {
	matches
	object     string
	collection string
	after      time.Time
	limit      int
}

// matches are the match filters. They travel in next, so that a client that drops them on the second page gets no more than it asked.
type matches struct {
	IDs      []string `json:"i,omitempty"`
	Types    []string `json:"t,omitempty"`
	Versions []string `json:"v,omitempty"`
	Specs    []string `json:"s,omitempty"`
}

func (m matches) equal(o matches) bool {
	return slices.Equal(m.IDs, o.IDs) && slices.Equal(m.Types, o.Types) && slices.Equal(m.Versions, o.Versions) && slices.Equal(m.Specs, o.Specs)
}

func (m matches) none() bool { return m.equal(matches{}) }

// taxiiCursor is what next holds: the query and the time at which the last object given was added, which no other object shares. Where
// it came from added_after, that is in it: it is only ever later.
type taxiiCursor struct {
	Collection string `json:"c"`
	Object     string `json:"o,omitempty"`
	After      int64  `json:"a"`
	matches
}

func (q taxiiQuery) next(last time.Time) string {
	b, err := json.Marshal(taxiiCursor{q.collection, q.object, last.UnixMicro(), q.matches})
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func readTaxiiQuery(c echo.Context, object string) (taxiiQuery, error) {
	p := &params{q: c.QueryParams()}
	q := taxiiQuery{object: object, limit: taxiiLimit}
	q.IDs, q.Types, q.Versions, q.Specs = p.list("match[id]"), p.list("match[type]"), p.list("match[version]"), p.list("match[spec_version]")
	if v := p.q.Get("added_after"); v != "" {
		t, err := time.Parse(time.RFC3339Nano, v)
		if err != nil {
			p.fail("added_after", "write a time such as 2025-09-10T00:00:00.000000Z")
		}
		q.after = t
	}
	if v := p.q.Get("limit"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			p.fail("limit", "give a whole number of 1 or more")
		}
		q.limit = min(n, taxiiLimit)
	}
	for _, v := range q.Versions {
		if _, err := time.Parse(time.RFC3339Nano, v); err != nil && v != "first" && v != "last" && v != "all" {
			p.fail("match[version]", "choose from first, last, all, or write a time")
		}
	}
	if v := p.q.Get("next"); v != "" {
		q.goOn(p, v)
	}
	return q, p.err
}

// goOn takes the place in next up again. added_after given beside it only ever moves forward; filters may be left out, not changed.
func (q *taxiiQuery) goOn(p *params, next string) {
	var cur taxiiCursor
	b, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(next, "="))
	if err == nil {
		err = json.Unmarshal(b, &cur)
	}
	if err != nil || cur.Collection == "" {
		p.fail("next", "give the next of the page before, as it is")
		return
	}
	if cur.Object != q.object || !q.none() && !q.equal(cur.matches) {
		p.fail("next", "it belongs to another query: repeat the filters of the first page")
		return
	}
	q.matches, q.collection = cur.matches, cur.Collection
	if at := time.UnixMicro(cur.After).UTC(); at.After(q.after) {
		q.after = at
	}
}
