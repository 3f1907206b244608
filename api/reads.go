package api

import (
	"context"
	"errors"
	"slices"
	"sort"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/intel"
)

func (s *server) search(c echo.Context) (any, error) {
	q, err := query(c, 0)
	if err != nil {
		return nil, err
	}
	return s.Reader.Search(c.Request().Context(), q)
}

// reports lists reports; it is search without words.
func (s *server) reports(c echo.Context) (any, error) { return s.search(c) }

func (s *server) suggest(c echo.Context) (any, error) {
	q, err := query(c, 0)
	if err != nil {
		return nil, err
	}
	items, err := s.Reader.Suggest(c.Request().Context(), q.Text, q.Limit)
	return list(s, items), err
}

// list wraps a whole list into the shape of every list.
func list[T any](s *server, items []T) intel.Page[T] {
	if items == nil {
		items = []T{}
	}
	return intel.Page[T]{Items: items, Total: len(items), Coverage: s.Reader.Coverage()}
}

func (s *server) actors(c echo.Context) (any, error) {
	q, err := query(c, 0)
	if err != nil {
		return nil, err
	}
	return s.Reader.Actors(c.Request().Context(), q)
}

func (s *server) victims(c echo.Context) (any, error) {
	q, err := query(c, 0)
	if err != nil {
		return nil, err
	}
	return s.Reader.Victims(c.Request().Context(), q)
}

func (s *server) incidents(c echo.Context) (any, error) {
	q, err := query(c, 0)
	if err != nil {
		return nil, err
	}
	page, err := s.Reader.Incidents(c.Request().Context(), q)
	shorten(page.Items)
	return page, err
}

// profileOf is one thing by id or name with the parameters of its route.
func (s *server) oneActor(c echo.Context) (intel.ActorProfile, intel.Query, error) {
	q, err := query(c, 0)
	if err != nil {
		return intel.ActorProfile{}, q, err
	}
	id, err := idParam(c, "id")
	if err != nil {
		return intel.ActorProfile{}, q, err
	}
	p, err := s.Reader.Actor(c.Request().Context(), id, q)
	q.Actor = p.ID
	return p, q, err
}

func (s *server) oneVictim(c echo.Context) (intel.VictimProfile, intel.Query, error) {
	q, err := query(c, 0)
	if err != nil {
		return intel.VictimProfile{}, q, err
	}
	id, err := idParam(c, "id")
	if err != nil {
		return intel.VictimProfile{}, q, err
	}
	p, err := s.Reader.Victim(c.Request().Context(), id, q)
	q.Victim = p.ID
	return p, q, err
}

// actorAnswer is an actor with what was looked at: an empty history differs from one that nobody looked for.
type actorAnswer struct {
	intel.ActorProfile
	Coverage intel.Coverage `json:"coverage"`
}

// victimAnswer is an organisation with what was looked at.
type victimAnswer struct {
	intel.VictimProfile
	Coverage intel.Coverage `json:"coverage"`
}

// incidentAnswer is an incident with what was looked at.
type incidentAnswer struct {
	intel.IncidentDetail
	Coverage intel.Coverage `json:"coverage"`
}

func (s *server) actor(c echo.Context) (any, error) {
	p, _, err := s.oneActor(c)
	return actorAnswer{p, s.Reader.Coverage()}, err
}

func (s *server) victim(c echo.Context) (any, error) {
	p, _, err := s.oneVictim(c)
	return victimAnswer{p, s.Reader.Coverage()}, err
}

func (s *server) actorTimeline(c echo.Context) (any, error) {
	_, q, err := s.oneActor(c)
	if err != nil {
		return nil, err
	}
	return s.timeline(c, q)
}

func (s *server) victimTimeline(c echo.Context) (any, error) {
	_, q, err := s.oneVictim(c)
	if err != nil {
		return nil, err
	}
	return s.timeline(c, q)
}

func (s *server) timeline(c echo.Context, q intel.Query) (any, error) {
	page, err := s.Reader.Incidents(c.Request().Context(), q)
	shorten(page.Items)
	return page, err
}

func (s *server) actorVictims(c echo.Context) (any, error) {
	_, q, err := s.oneActor(c)
	if err != nil {
		return nil, err
	}
	return s.Reader.Victims(c.Request().Context(), q)
}

func (s *server) victimActors(c echo.Context) (any, error) {
	_, q, err := s.oneVictim(c)
	if err != nil {
		return nil, err
	}
	return s.Reader.Actors(c.Request().Context(), q)
}

func (s *server) actorRelations(c echo.Context) (any, error) {
	p, _, err := s.oneActor(c)
	if err != nil {
		return nil, err
	}
	all := slices.Concat(p.Relations, p.Members, p.Umbrellas)
	seen := map[intel.Relation]bool{}
	return list(s, slices.DeleteFunc(all, func(r intel.Relation) bool {
		defer func() { seen[r] = true }()
		return seen[r]
	})), nil
}

func (s *server) actorNames(c echo.Context) (any, error) {
	p, _, err := s.oneActor(c)
	return list(s, p.Names), err
}

func (s *server) victimNames(c echo.Context) (any, error) {
	p, _, err := s.oneVictim(c)
	return list(s, p.Names), err
}

// mentioned is a technique or observable met in an actor's reports, with how many of them.
type mentioned struct {
	Type    string   `json:"type"`
	Value   string   `json:"value"`
	Name    string   `json:"name,omitempty"`
	Role    string   `json:"role,omitempty"`
	Reports []string `json:"reports"`
}

func (s *server) actorTechniques(c echo.Context) (any, error) {
	return s.mentions(c, func(r intel.Record) []mentioned {
		var out []mentioned
		for _, t := range r.Techniques {
			out = append(out, mentioned{Type: "technique", Value: t.ID, Name: t.Name})
		}
		return out
	})
}

func (s *server) actorObservables(c echo.Context) (any, error) {
	return s.mentions(c, func(r intel.Record) []mentioned {
		var out []mentioned
		for _, o := range r.Observables {
			out = append(out, mentioned{Type: string(o.Type), Value: o.Value, Role: o.Role})
		}
		return out
	})
}

// mentions gathers what the latest reports of an actor mention. That a report names both is all it says: the actor is not
// thereby said to use it.
func (s *server) mentions(c echo.Context, pick func(intel.Record) []mentioned) (any, error) {
	_, q, err := s.oneActor(c)
	if err != nil {
		return nil, err
	}
	q.Limit, q.Sort = maxLimit, "newest"
	ctx := c.Request().Context()
	hits, err := s.Reader.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	byValue := map[string]*mentioned{}
	for _, h := range hits.Items {
		rec, err := s.Reader.Report(ctx, h.ReportID, q)
		if err != nil {
			return nil, err
		}
		for _, m := range pick(rec) {
			key := m.Type + " " + m.Value
			if byValue[key] == nil {
				byValue[key] = &m
			}
			if !slices.Contains(byValue[key].Reports, h.ReportID) {
				byValue[key].Reports = append(byValue[key].Reports, h.ReportID)
			}
		}
	}
	out := make([]mentioned, 0, len(byValue))
	for _, m := range byValue {
		out = append(out, *m)
	}
	sort.Slice(out, func(i, j int) bool {
		return len(out[i].Reports) > len(out[j].Reports) || len(out[i].Reports) == len(out[j].Reports) && out[i].Type+out[i].Value < out[j].Type+out[j].Value
	})
	return list(s, out), nil
}

func (s *server) incident(c echo.Context) (any, error) {
	q, err := query(c, 0)
	if err != nil {
		return nil, err
	}
	id, err := idParam(c, "id")
	if err != nil {
		return nil, err
	}
	in, err := s.Reader.Incident(c.Request().Context(), id, q)
	if err != nil {
		return nil, err
	}
	one := []intel.IncidentDetail{in}
	shorten(one)
	return incidentAnswer{one[0], s.Reader.Coverage()}, nil
}

// reportDetail is what is served of a report: never its text, unless its source is openly licensed.
type reportDetail struct {
	intel.Report
	Text        string             `json:"text,omitempty"`
	Claims      []intel.Claim      `json:"claims"`
	Ended       []intel.Claim      `json:"ended"`
	Actors      []intel.Mention    `json:"actors"`
	Software    []intel.Mention    `json:"software"`
	Observables []intel.Observable `json:"observables"`
	CVEs        []intel.Mention    `json:"cves"`
	Techniques  []intel.Mention    `json:"techniques"`
	Relations   []intel.Relation   `json:"relations"`
	Versions    []intel.Report     `json:"versions"`
	// Incidents are what the claims are about, with the latest answer of each organisation, which another report may have told.
	Incidents []intel.Incident `json:"incidents"`
	Coverage  intel.Coverage   `json:"coverage"`
}

func (s *server) report(c echo.Context) (any, error) {
	q, err := query(c, 0)
	if err != nil {
		return nil, err
	}
	id, err := idParam(c, "id")
	if err != nil {
		return nil, err
	}
	ctx := c.Request().Context()
	rec, err := s.Reader.Report(ctx, id, q)
	if err != nil {
		return nil, err
	}
	d := reportDetail{
		Report: rec.Report, Claims: held(rec.Claims, q), Ended: quoted(rec.Ended), Actors: orEmpty(rec.Actors), Software: orEmpty(rec.Software),
		Observables: orEmpty(rec.Observables), CVEs: orEmpty(rec.CVEs), Techniques: orEmpty(rec.Techniques),
		Relations: orEmpty(rec.Relations), Versions: orEmpty(rec.Versions), Coverage: s.Reader.Coverage(),
	}
	if d.Incidents, err = s.toldOf(ctx, slices.Concat(d.Claims, d.Ended), q); err != nil {
		return nil, err
	}
	if serves, err := s.servesText(c, rec.Report.SourceID); err != nil {
		return nil, err
	} else if serves {
		d.Text = rec.Text
	}
	return d, nil
}

// toldOf are the incidents that claims are about, each once, however certain they are.
func (s *server) toldOf(ctx context.Context, claims []intel.Claim, q intel.Query) ([]intel.Incident, error) {
	q.MinConfidence = 0
	out, seen := []intel.Incident{}, map[string]bool{}
	for _, c := range claims {
		if c.IncidentID == "" || seen[c.IncidentID] {
			continue
		}
		seen[c.IncidentID] = true
		in, err := s.Reader.Incident(ctx, c.IncidentID, q)
		switch {
		case errors.Is(err, intel.ErrNotFound):
			continue // what hides the incident hides its claims
		case err != nil:
			return nil, err
		}
		if !slices.ContainsFunc(out, func(o intel.Incident) bool { return o.ID == in.ID }) {
			out = append(out, in.Incident)
		}
	}
	return out, nil
}

// servesText reports whether a source's licence lets its text be served.
func (s *server) servesText(c echo.Context, sourceID string) (bool, error) {
	all, err := s.Reader.Sources(c.Request().Context())
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(all, func(h intel.SourceHealth) bool { return h.ID == sourceID })
	return i >= 0 && all[i].ServeText, nil
}

// held keeps the claims that were on record at the time asked for, with quotes of a length that may be served.
func held(claims []intel.Claim, q intel.Query) []intel.Claim {
	out := []intel.Claim{}
	for _, c := range claims {
		if c.HeldAt(q.AsOf) && c.Confidence >= q.MinConfidence {
			c.Quote = excerpt(c.Quote)
			out = append(out, c)
		}
	}
	return out
}

// quoted are claims with quotes of a length that may be served.
func quoted(claims []intel.Claim) []intel.Claim {
	out := make([]intel.Claim, len(claims))
	for i, c := range claims {
		c.Quote = excerpt(c.Quote)
		out[i] = c
	}
	return out
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// shorten cuts quotes to what may be served.
func shorten(items []intel.IncidentDetail) {
	for i := range items {
		claims := slices.Clone(items[i].Claims)
		for j, c := range claims {
			claims[j].Quote = excerpt(c.Quote)
		}
		items[i].Claims = claims
	}
}

// excerpt cuts a quote at a word so that at most quoteLimit characters are served.
func excerpt(s string) string {
	r := []rune(s)
	if len(r) <= quoteLimit {
		return s
	}
	cut := string(r[:quoteLimit-1])
	if i := strings.LastIndexByte(cut, ' '); i > quoteLimit/2 {
		cut = cut[:i]
	}
	return cut + "…"
}

func (s *server) sources(c echo.Context) (any, error) {
	all, err := s.Reader.Sources(c.Request().Context())
	return list(s, all), err
}

func (s *server) source(c echo.Context) (any, error) {
	id, err := idParam(c, "id")
	if err != nil {
		return nil, err
	}
	all, err := s.Reader.Sources(c.Request().Context())
	if err != nil {
		return nil, err
	}
	for _, h := range all {
		if h.ID == id {
			return h, nil
		}
	}
	return nil, bad(404, "no source "+id+"; /v1/sources lists them")
}
