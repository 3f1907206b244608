package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// mostFacet is the most values of a facet that a page lists.
const mostFacet = 8

// facetOrder are the facets of the search page and the words above them, in the order in which they stand.
func facetOrder() [][2]string {
	return [][2]string{
		{"actor", "Actors"},
		{"victim", "Organisations"},
		{"kind", "Kinds"},
		{"sector", "Sectors"},
		{"country", "Countries"},
		{"status", "Status"},
		{"year", "Published in"},
		{"source", "Sources"},
		{"language", "Languages"},
	}
}

func facetName(name string) string {
	for _, f := range facetOrder() {
		if f[0] == name {
			return f[1]
		}
	}
	return name
}

// filterParams are the parameters of the search page that narrow it.
func filterParams() []string {
	return []string{"actor", "victim", "sector", "country", "kind", "status", "source", "lang", "from", "to"}
}

// more is the address of the same search with one parameter set, or taken away where value is empty.
func more(params url.Values, key, value string) string {
	v := url.Values{}
	for k := range params {
		if k != "cursor" && k != key {
			v[k] = params[k]
		}
	}
	if value != "" {
		v.Set(key, value)
	}
	return "?" + v.Encode()
}

// narrow is the address of the same search kept to one value of a facet.
func narrow(params url.Values, facet, value string) string {
	switch facet {
	case "year":
		v, _ := url.ParseQuery(more(params, "from", value+"-01-01")[1:])
		v.Set("time", "published")
		return more(v, "to", value+"-12-31")
	case "language":
		facet = "lang"
	}
	return more(params, facet, value)
}

// choice is a filter in force and the address of the search without it.
type choice struct{ Name, Value, Without string }

func chosen(params url.Values) []choice {
	var out []choice
	for _, name := range filterParams() {
		if v := params.Get(name); v != "" {
			out = append(out, choice{name, v, more(params, name, "")})
		}
	}
	return out
}

// asked reads the search page's parameters. It returns intel.ErrInvalid for one that breaks a rule.
func asked(c echo.Context) (intel.Query, error) {
	q := intel.Query{
		Text: c.QueryParam("q"), Actor: c.QueryParam("actor"), Victim: c.QueryParam("victim"), Sector: c.QueryParam("sector"),
		Country: c.QueryParam("country"), Kind: intel.Kind(c.QueryParam("kind")), Status: intel.Stance(c.QueryParam("status")),
		Source: c.QueryParam("source"), Language: c.QueryParam("lang"), Sort: c.QueryParam("sort"), TimeField: c.QueryParam("time"),
		Cursor: c.QueryParam("cursor"), Limit: 20, MaxTLP: intel.TLPRed,
	}
	for _, f := range facetOrder() {
		q.Facets = append(q.Facets, f[0])
	}
	var err error
	if q.From, err = intel.ParseDate(c.QueryParam("from")); err == nil {
		q.To, err = intel.ParseDate(c.QueryParam("to"))
	}
	switch {
	case err != nil:
		return q, fmt.Errorf("from and to: write YYYY-MM-DD: %w", intel.ErrInvalid)
	case q.Kind != "" && !q.Kind.Valid():
		return q, fmt.Errorf("there is no kind %q: %w", q.Kind, intel.ErrInvalid)
	case q.Status != "" && !q.Status.Valid():
		return q, fmt.Errorf("there is no status %q: %w", q.Status, intel.ErrInvalid)
	case !slices.Contains([]string{"", "relevance", "newest", "oldest"}, q.Sort):
		return q, fmt.Errorf("there is no order %q: %w", q.Sort, intel.ErrInvalid)
	case !slices.Contains([]string{"", "occurred", "published", "recorded"}, q.TimeField):
		return q, fmt.Errorf("there is no time %q: %w", q.TimeField, intel.ErrInvalid)
	}
	return q, nil
}

// facet is a list beside the search: the values that would narrow it.
type facet struct {
	Name   string
	Counts []intel.Count
}

func (p *Pages) search(c echo.Context) error {
	ctx := c.Request().Context()
	q, err := asked(c)
	if err != nil {
		return p.problem(c, q.Text, err)
	}
	hits, err := p.o.Reader.Search(ctx, q)
	if err != nil {
		return p.problem(c, cmp.Or(q.Actor, q.Victim, q.Text), err)
	}
	var known []intel.Suggestion
	if q.Text != "" && !names.Nobody(q.Text) { // "ransomware" stands in the names of many and is the name of none
		if known, err = p.o.Reader.Suggest(ctx, q.Text, 4); err != nil {
			return err
		}
		known = slices.DeleteFunc(known, func(s intel.Suggestion) bool { return s.ID == "" })
	}
	var facets []facet
	for _, f := range facetOrder() {
		if counts := hits.Facets[f[0]]; len(counts) > 0 {
			facets = append(facets, facet{f[0], counts[:min(len(counts), mostFacet)]})
		}
	}
	title := "Search"
	if q.Text != "" {
		title += ": " + q.Text
	}
	return p.render(c, http.StatusOK, "search.html", title, map[string]any{"Hits": hits, "Known": known, "Facets": facets, "Params": c.QueryParams()})
}
