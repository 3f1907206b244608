package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

// maxCandidates is the most candidates an answer can be asked for.
const maxCandidates = 100

// enrichRequest is the body of POST /v1/resolve and /v1/enrich.
type enrichRequest struct {
	// Items are 1 to 1,000 values; a bare string is a value whose type is detected. A bad item is answered as invalid and fails no other.
	Items []intel.EnrichItem `json:"items"`
	enrichSettings
}

// enrichSettings are what a request asks for beside its items.
type enrichSettings struct {
	// Format is native (also when empty), ecs, splunk, sentinel, stix, misp, or one of the experimental ocsf, qradar and cortex.
	Format        string   `json:"format,omitempty"`
	AsOf          string   `json:"as_of,omitempty"`
	Expand        string   `json:"expand,omitempty"`
	MinConfidence *float64 `json:"min_confidence,omitempty"`
	MaxCandidates int      `json:"max_candidates,omitempty"`
	// Fields keeps some of candidates, summary and incidents; empty keeps all.
	Fields []string `json:"fields,omitempty"`
}

// enrichAnswer is their answer.
type enrichAnswer struct {
	GeneratedAt time.Time            `json:"generated_at"`
	Generation  uint64               `json:"generation"`
	Coverage    intel.Coverage       `json:"coverage"`
	Results     []intel.EnrichResult `json:"results"`
}

// shapedAnswer is their answer in another program's shape.
type shapedAnswer struct {
	GeneratedAt  time.Time      `json:"generated_at"`
	Generation   uint64         `json:"generation"`
	Coverage     intel.Coverage `json:"coverage"`
	Format       string         `json:"format"`
	Experimental bool           `json:"experimental,omitempty"`
	Results      []shapedResult `json:"results"`
}

// shapedResult is one result of a shapedAnswer; Data has the shape asked for.
type shapedResult struct {
	ID      string `json:"id,omitempty"`
	Value   string `json:"value"`
	Type    string `json:"type"`
	Status  string `json:"status"`
	Problem string `json:"problem,omitempty"`
	Data    any    `json:"data"`
}

// wireRequest is an enrichRequest with items that are read one by one.
type wireRequest struct {
	Items []json.RawMessage `json:"items"`
	enrichSettings
}

// readItem reads one item; a bad one is an answer already.
func readItem(raw []byte) (intel.EnrichItem, string) {
	if item, ok := fastItem(raw); ok {
		return item, ""
	}
	var item intel.EnrichItem
	var err error
	if raw = bytes.TrimSpace(raw); len(raw) > 0 && raw[0] == '"' {
		err = json.Unmarshal(raw, &item.Value)
	} else {
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.DisallowUnknownFields()
		if err = dec.Decode(&item); err == nil && dec.More() {
			err = errors.New("more than one JSON value")
		}
	}
	if err != nil || bytes.Equal(raw, []byte("null")) {
		var loose struct{ ID any }
		if json.Unmarshal(raw, &loose) == nil {
			item.ID, _ = loose.ID.(string) //nolint:errcheck // an id that is no text is none
		}
		item.Value = excerpt(string(raw))
		return item, `the item is not {"id"?, "type"?, "value"} or a string`
	}
	return item, ""
}

// asking is a request that was read: what to ask for and how to write the answers.
type asking struct {
	o     intel.EnrichOptions
	shape exchange.Shaper
	enrichSettings
}

func formatNames() []string {
	out := []string{"native"}
	for f := range exchange.Shapes() {
		out = append(out, f)
	}
	slices.Sort(out)
	return out
}

func fieldNames() []string { return []string{"candidates", "summary", "incidents"} }

func refuse(field, detail string) error {
	return bad(http.StatusUnprocessableEntity, field+": "+detail, Pointer{"/" + field, detail})
}

// defaults are the options of a request that sets none.
func defaults() intel.EnrichOptions {
	return intel.EnrichOptions{MinConfidence: leavesHouse, MaxTLP: intel.TLPClear}
}

// settings checks what a request asks for.
func (r enrichSettings) settings() (asking, error) {
	a := asking{enrichSettings: r, o: defaults()}
	a.o.MaxCandidates = r.MaxCandidates
	if r.Format != "" && r.Format != "native" {
		shape, ok := exchange.Shapes()[r.Format]
		if !ok {
			return a, refuse("format", "choose from "+strings.Join(formatNames(), ", "))
		}
		a.shape = shape
	}
	if r.Expand != "" && r.Expand != "members" {
		return a, refuse("expand", "members, or leave it out")
	}
	a.o.ExpandMembers = r.Expand == "members"
	if r.AsOf != "" {
		t, err := time.Parse(time.RFC3339, r.AsOf)
		if err != nil {
			return a, refuse("as_of", "write an RFC 3339 time such as 2025-09-10T00:00:00Z")
		}
		a.o.AsOf = t
	}
	if r.MinConfidence != nil {
		if !(*r.MinConfidence >= 0 && *r.MinConfidence <= 1) {
			return a, refuse("min_confidence", "from 0 to 1")
		}
		a.o.MinConfidence = *r.MinConfidence
	}
	if r.MaxCandidates < 0 || r.MaxCandidates > maxCandidates {
		return a, refuse("max_candidates", "from 1 to "+strconv.Itoa(maxCandidates))
	}
	for _, f := range r.Fields {
		if !slices.Contains(fieldNames(), f) {
			return a, refuse("fields", "choose from "+strings.Join(fieldNames(), ", "))
		}
	}
	return a, nil
}

type enrichFunc func(context.Context, []intel.EnrichItem, intel.EnrichOptions) ([]intel.EnrichResult, error)

// ask answers items in input order; a bad one is invalid and fails no other.
func (a asking) ask(ctx context.Context, call enrichFunc, raw []json.RawMessage) ([]intel.EnrichResult, error) {
	items := make([]intel.EnrichItem, len(raw))
	problems := map[int]string{}
	for i, b := range raw {
		var problem string
		if items[i], problem = readItem(b); problem != "" {
			problems[i] = problem
		}
	}
	asked := items
	if len(problems) > 0 {
		asked = make([]intel.EnrichItem, 0, len(items))
		for i, it := range items {
			if problems[i] == "" {
				asked = append(asked, it)
			}
		}
	}
	found, err := call(ctx, asked, a.o)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		found = merge(items, problems, found)
	}
	for i := range found {
		a.trim(&found[i])
	}
	return found, nil
}

// merge puts the answers of bad items where they belong.
func merge(items []intel.EnrichItem, problems map[int]string, found []intel.EnrichResult) []intel.EnrichResult {
	out := make([]intel.EnrichResult, 0, len(items))
	for i, it := range items {
		if p := problems[i]; p != "" {
			out = append(out, intel.EnrichResult{ID: it.ID, Value: it.Value, Type: "text", Status: "invalid", Candidates: []intel.Candidate{}, Problem: p})
			continue
		}
		out = append(out, found[0])
		found = found[1:]
	}
	return out
}

// trim keeps the fields asked for.
func (a asking) trim(r *intel.EnrichResult) {
	if len(a.Fields) == 0 {
		return
	}
	if !slices.Contains(a.Fields, "candidates") {
		r.Candidates = []intel.Candidate{}
	}
	if !slices.Contains(a.Fields, "summary") {
		r.Summary = nil
	}
	if !slices.Contains(a.Fields, "incidents") {
		r.Incidents = nil
	}
	for i := range r.Named {
		a.trim(&r.Named[i])
	}
}

// shaped writes results in the shape asked for.
func (s *server) shaped(ctx context.Context, a asking, results []intel.EnrichResult) ([]shapedResult, error) {
	_, at := s.Reader.Generation()
	out := make([]shapedResult, len(results))
	write := func(k exchange.Known) {
		for i, r := range results {
			out[i] = shapedResult{r.ID, r.Value, r.Type, r.Status, r.Problem, a.shape(r, k)}
		}
	}
	known := exchange.Known{At: at}
	if !a.o.AsOf.IsZero() {
		g, err := s.pastGraph(ctx, a.o, results)
		if err != nil {
			return nil, err
		}
		write(exchange.Known{At: a.o.AsOf.UTC(), Actor: g.Actor, About: g.About})
		return out, nil
	}
	if s.Feed == nil {
		write(known)
		return out, nil
	}
	err := s.exports.with(ctx, func(g *exchange.Graph) error {
		known.Actor, known.About = g.Actor, g.About
		write(known)
		return nil
	})
	return out, err
}

func (s *server) resolve(c echo.Context) error { return s.bulk(c, 'r', s.resolveAll) }

func (s *server) enrich(c echo.Context) error { return s.bulk(c, 'e', s.enrichAll) }

// bulk answers many values: a JSON body with items, or lines.
func (s *server) bulk(c echo.Context, how byte, call enrichFunc) error {
	if ct, _, err := mime.ParseMediaType(c.Request().Header.Get("Content-Type")); err == nil && ct == ndjson {
		return s.bulkLines(c, call)
	}
	in, err := jsonBody(c, maxBody)
	if err != nil {
		return err
	}
	var raw strings.Builder
	raw.Grow(int(max(0, min(c.Request().ContentLength, maxBody))))
	if _, err := io.Copy(&raw, in); err != nil {
		return unread(err, maxBody)
	}
	if items, ok := fastBody(raw.String()); ok && !wantsLines(c.Request()) && len(c.QueryParams()) == 0 {
		return s.writeWith(c, func(b []byte) ([]byte, error) {
			return s.appendAnswers(c.Request().Context(), b, plainAsk{how, call, defaults()}, items)
		})
	}
	var r wireRequest
	if err := decode(strings.NewReader(raw.String()), &r, maxBody); err != nil {
		return err
	}
	switch {
	case len(r.Items) == 0:
		return bad(http.StatusUnprocessableEntity, "items: give 1 to 1,000 items", Pointer{"/items", "empty"})
	case len(r.Items) > maxItems:
		return bad(http.StatusUnprocessableEntity, fmt.Sprintf("items: %d is more than %d: send several requests, or lines as %s", len(r.Items), maxItems, ndjson), Pointer{"/items", "too many"})
	}
	a, err := r.settings()
	if err != nil {
		return err
	}
	if err := s.queryOnlyForLines(c); err != nil {
		return err
	}
	ctx := c.Request().Context()
	results, err := a.ask(ctx, call, r.Items)
	if err != nil {
		return err
	}
	if wantsLines(c.Request()) {
		w := s.newLines(c)
		if err := w.results(ctx, a, results); err != nil {
			return err
		}
		return w.end()
	}
	return s.answer(c, a, results)
}

// queryOnlyForLines refuses settings in the query of a JSON request: its body has a place for them.
func (s *server) queryOnlyForLines(c echo.Context) error {
	for name := range c.QueryParams() {
		return badParam(name, "write it into the JSON body; the query is for bodies of lines")
	}
	return nil
}

func (s *server) answer(c echo.Context, a asking, results []intel.EnrichResult) error {
	gen, at := s.Reader.Generation()
	if a.shape == nil {
		return s.writeAnswer(c, results, a.o.AsOf.IsZero())
	}
	out, err := s.shaped(c.Request().Context(), a, results)
	if err != nil {
		return err
	}
	return writeJSON(c, http.StatusOK, shapedAnswer{at, gen, s.Reader.Coverage(), a.Format, exchange.Experimental(a.Format), out})
}

// querySettings reads settings from the query, for bodies of lines and single values.
func querySettings(c echo.Context) (enrichSettings, error) {
	p := &params{q: c.QueryParams()}
	r := enrichSettings{
		Format: p.q.Get("format"), AsOf: p.q.Get("as_of"), Expand: p.q.Get("expand"), Fields: p.list("fields"),
		MaxCandidates: p.whole("max_candidates", 0, 1, maxCandidates),
	}
	if p.q.Get("min_confidence") != "" {
		f := p.number("min_confidence", leavesHouse, 0, 1)
		r.MinConfidence = &f
	}
	return r, p.err
}

// enrichOne answers one value. What most callers ask goes out of what was written before, without a copy of its own.
func (s *server) enrichOne(c echo.Context) error {
	if c.Request().URL.RawQuery != "" {
		return s.cached(s.enrichOneWith)(c)
	}
	v, err := idParam(c, "value")
	if err != nil {
		return err
	}
	if s.unchanged(c) {
		return c.NoContent(http.StatusNotModified)
	}
	return s.writeWith(c, func(b []byte) ([]byte, error) {
		return s.appendAnswers(c.Request().Context(), b, plainAsk{'e', s.enrichAll, defaults()}, []intel.EnrichItem{{Value: v}})
	})
}

// enrichOneWith is enrichOne with settings.
func (s *server) enrichOneWith(c echo.Context) (any, error) {
	r, err := querySettings(c)
	if err != nil {
		return nil, err
	}
	a, err := r.settings()
	if err != nil {
		return nil, err
	}
	v, err := idParam(c, "value")
	if err != nil {
		return nil, err
	}
	ctx := c.Request().Context()
	item := []intel.EnrichItem{{Type: c.QueryParam("type"), Value: v}}
	results, err := s.enrichAll(ctx, item, a.o)
	if err != nil {
		return nil, err
	}
	for i := range results {
		a.trim(&results[i])
	}
	gen, at := s.Reader.Generation()
	if a.shape == nil {
		return enrichAnswer{at, gen, s.Reader.Coverage(), results}, nil
	}
	out, err := s.shaped(ctx, a, results)
	return shapedAnswer{at, gen, s.Reader.Coverage(), a.Format, exchange.Experimental(a.Format), out}, err
}
