// SPDX-License-Identifier: Apache-2.0

// Package web serves the pages people look at: search, actor, victim, incident, report and source. Pages are rendered on the
// server, work without script, load nothing from elsewhere, and show everything from outside escaped and defanged. No row
// names a victim without its latest answer.
package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

//go:embed templates/*.html static/*
var files embed.FS

// reviewed is the confidence from which a machine's claim needs no mark.
const reviewed = 0.8

// Options are what the pages need.
type Options struct {
	Reader  intel.Reader
	Version string
	// Demo prints a banner on every page.
	Demo bool
}

// Pages are the pages with their templates parsed.
type Pages struct {
	o     Options
	t     *template.Template
	style string
}

// New parses the templates. It returns an error when one does not parse.
func New(o Options) (*Pages, error) {
	css, err := files.ReadFile("static/style.css")
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	sum := sha256.Sum256(css)
	p := &Pages{o: o, style: "/static/style.css?v=" + hex.EncodeToString(sum[:6])}
	p.t, err = template.New("").Funcs(funcs()).ParseFS(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	return p, nil
}

// Register adds the pages' routes.
func (p *Pages) Register(e *echo.Echo) {
	e.GET("/", p.home)
	e.GET("/search", p.search)
	e.GET("/actors/:id", p.actor)
	e.GET("/victims/:id", p.victim)
	e.GET("/incidents/:id", p.incident)
	e.GET("/reports/:id", p.report)
	e.GET("/sources", p.sources)
	e.GET("/static/style.css", func(c echo.Context) error {
		b, err := files.ReadFile("static/style.css")
		if err != nil {
			return err
		}
		c.Response().Header().Set("Cache-Control", "public, max-age=86400")
		return c.Blob(http.StatusOK, "text/css; charset=utf-8", b)
	})
}

// page is what every template gets.
type page struct {
	Title, Style, Version, Query string
	Demo                         bool
	Coverage                     intel.Coverage
	Data                         any
}

func (p *Pages) render(c echo.Context, status int, name, title string, data any) error {
	var b bytes.Buffer
	err := p.t.ExecuteTemplate(&b, name, page{
		Title: title, Style: p.style, Version: p.o.Version, Demo: p.o.Demo, Query: c.QueryParam("q"), Coverage: p.o.Reader.Coverage(), Data: data,
	})
	if err != nil {
		return fmt.Errorf("web: %s: %w", name, err)
	}
	return c.HTMLBlob(status, b.Bytes())
}

// problem shows what went wrong as a page: candidates for an ambiguous name, coverage for one nobody knows.
func (p *Pages) problem(c echo.Context, name string, err error) error {
	var amb *intel.AmbiguousError
	switch {
	case errors.As(err, &amb):
		return p.render(c, http.StatusMultipleChoices, "ambiguous.html", name+" means several", map[string]any{"Name": name, "Candidates": amb.Candidates})
	case errors.Is(err, intel.ErrNotFound):
		return p.render(c, http.StatusNotFound, "notfound.html", "Nothing known of "+name, map[string]any{"Name": name})
	case errors.Is(err, intel.ErrPurged):
		return p.render(c, http.StatusGone, "gone.html", "Removed", nil)
	case errors.Is(err, intel.ErrInvalid):
		return p.render(c, http.StatusBadRequest, "invalid.html", "That question cannot be asked", map[string]any{"Detail": err.Error()})
	}
	return err
}

func (p *Pages) home(c echo.Context) error {
	ctx := c.Request().Context()
	latest, err := p.o.Reader.Incidents(ctx, intel.Query{Limit: 12, Sort: "newest", MaxTLP: intel.TLPRed})
	if err != nil {
		return err
	}
	actors, err := p.o.Reader.Search(ctx, intel.Query{Limit: 1, MaxTLP: intel.TLPRed, Facets: []string{"actor", "victim", "sector"}})
	if err != nil {
		return err
	}
	return p.render(c, http.StatusOK, "home.html", "rapsheet", map[string]any{"Latest": latest, "Facets": actors.Facets})
}

func (p *Pages) search(c echo.Context) error {
	q := intel.Query{
		Text: c.QueryParam("q"), Actor: c.QueryParam("actor"), Victim: c.QueryParam("victim"), Sector: c.QueryParam("sector"),
		Country: c.QueryParam("country"), Kind: intel.Kind(c.QueryParam("kind")), Source: c.QueryParam("source"), Language: c.QueryParam("lang"),
		Sort: c.QueryParam("sort"), Cursor: c.QueryParam("cursor"), Limit: 20, MaxTLP: intel.TLPRed,
		Facets: []string{"actor", "victim", "sector", "country", "kind", "source", "year"},
	}
	if !slices.Contains([]string{"", "relevance", "newest", "oldest"}, q.Sort) {
		q.Sort = ""
	}
	hits, err := p.o.Reader.Search(c.Request().Context(), q)
	if err != nil {
		return p.problem(c, q.Text, err)
	}
	return p.render(c, http.StatusOK, "search.html", "Search: "+q.Text, map[string]any{"Hits": hits, "Params": c.QueryParams()})
}

// view is the query of one thing's page.
func view(c echo.Context) (intel.Query, error) {
	q := intel.Query{Limit: 50, Sort: "newest", MaxTLP: intel.TLPRed, Cursor: c.QueryParam("cursor"), ExpandMembers: c.QueryParam("expand") == "members"}
	if v := c.QueryParam("as_of"); v != "" {
		t, err := time.Parse(time.RFC3339, v)
		if err != nil {
			d, derr := intel.ParseDate(v)
			if derr != nil {
				return q, fmt.Errorf("as_of: write YYYY-MM-DD or an RFC 3339 time: %w", intel.ErrInvalid)
			}
			t = d.AddDays(1).UTC().Add(-time.Nanosecond)
		}
		q.AsOf = t
	}
	return q, nil
}

func name(c echo.Context) string {
	s, err := url.PathUnescape(c.Param("id"))
	if err != nil {
		return c.Param("id")
	}
	return s
}

func (p *Pages) actor(c echo.Context) error {
	ctx := c.Request().Context()
	q, err := view(c)
	if err != nil {
		return p.problem(c, name(c), err)
	}
	a, err := p.o.Reader.Actor(ctx, name(c), q)
	if err != nil {
		return p.problem(c, name(c), err)
	}
	q.Actor = a.ID
	timeline, err := p.o.Reader.Incidents(ctx, q)
	if err != nil {
		return p.problem(c, a.Name, err)
	}
	return p.render(c, http.StatusOK, "actor.html", a.Name, map[string]any{"Actor": a, "Timeline": timeline, "Expanded": q.ExpandMembers, "AsOf": c.QueryParam("as_of")})
}

func (p *Pages) victim(c echo.Context) error {
	ctx := c.Request().Context()
	q, err := view(c)
	if err != nil {
		return p.problem(c, name(c), err)
	}
	v, err := p.o.Reader.Victim(ctx, name(c), q)
	if err != nil {
		return p.problem(c, name(c), err)
	}
	q.Victim = v.ID
	timeline, err := p.o.Reader.Incidents(ctx, q)
	if err != nil {
		return p.problem(c, v.Name, err)
	}
	return p.render(c, http.StatusOK, "victim.html", v.Name, map[string]any{"Victim": v, "Timeline": timeline, "AsOf": c.QueryParam("as_of")})
}

func (p *Pages) incident(c echo.Context) error {
	q, err := view(c)
	if err != nil {
		return p.problem(c, "incident", err)
	}
	in, err := p.o.Reader.Incident(c.Request().Context(), name(c), q)
	if err != nil {
		return p.problem(c, name(c), err)
	}
	return p.render(c, http.StatusOK, "incident.html", victimName(in.Victim.Name), in)
}

func (p *Pages) report(c echo.Context) error {
	q, err := view(c)
	if err != nil {
		return p.problem(c, "report", err)
	}
	r, err := p.o.Reader.Report(c.Request().Context(), name(c), q)
	if err != nil {
		return p.problem(c, name(c), err)
	}
	r.Claims = slices.DeleteFunc(slices.Clone(r.Claims), func(cl intel.Claim) bool { return !cl.HeldAt(q.AsOf) })
	return p.render(c, http.StatusOK, "report.html", r.Report.Title, r)
}

func (p *Pages) sources(c echo.Context) error {
	all, err := p.o.Reader.Sources(c.Request().Context())
	if err != nil {
		return err
	}
	return p.render(c, http.StatusOK, "sources.html", "Sources", all)
}

func victimName(s string) string {
	if s == "" {
		return "No organisation named"
	}
	return s
}

// funcs are what templates call.
func funcs() template.FuncMap {
	return template.FuncMap{
		"defang": exchange.Defang, "victim": victimName, "facet": facetText, "answer": answerText, "quote": quote,
		"occurred": occurred, "moment": moment, "machine": func(f float64) bool { return f < reviewed },
		"path": url.PathEscape, "link": safeLink, "mark": mark, "count": func(n int, one, many string) string {
			if n == 1 {
				return "1 " + one
			}
			return strconv.Itoa(n) + " " + many
		},
		"more": func(params url.Values, key, value string) string {
			v := url.Values{}
			for k := range params {
				if k != "cursor" {
					v[k] = params[k]
				}
			}
			v.Set(key, value)
			return "?" + v.Encode()
		},
		"day": func(t time.Time) string {
			if t.IsZero() {
				return "never"
			}
			return t.UTC().Format("2006-01-02 15:04 UTC")
		},
		"has": func(f map[string][]intel.Count, k string) []intel.Count {
			if len(f[k]) > 8 {
				return f[k][:8]
			}
			return f[k]
		},
	}
}

func facetText(s intel.Stance) string {
	if s == "" {
		return "not spoken to"
	}
	return string(s)
}

// answerText words the victim's latest answer.
func answerText(in intel.Incident) string {
	switch in.VictimAnswer {
	case string(intel.StanceConfirmed):
		return "the organisation confirms the event"
	case string(intel.StanceDenied):
		return "the organisation denies it"
	default:
		return "no answer of the organisation found"
	}
}

// quote cuts an excerpt to 240 characters.
func quote(s string) string {
	r := []rune(s)
	if len(r) <= 240 {
		return s
	}
	return string(r[:239]) + "…"
}

func occurred(i intel.Interval) string {
	switch {
	case !i.Known() && i.Words != "":
		return "date unknown (“" + i.Words + "”)"
	case !i.Known():
		return "date unknown"
	case i.From == i.To:
		return i.From.String()
	case i.From.IsZero():
		return "until " + i.To.String()
	case i.To.IsZero():
		return "since " + i.From.String()
	default:
		return i.From.String() + " to " + i.To.String()
	}
}

func moment(m intel.Moment) string {
	if m.IsZero() {
		return "undated"
	}
	return m.Date().String()
}

// safeLink lets only web addresses become links to a citing report.
func safeLink(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return s
}

// mark turns « and » of a highlight into mark elements; everything else is escaped.
func mark(s string) template.HTML {
	s = template.HTMLEscapeString(s)
	s = strings.ReplaceAll(strings.ReplaceAll(s, "«", "<mark>"), "»", "</mark>")
	if strings.Count(s, "<mark>") != strings.Count(s, "</mark>") {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "<mark>", "«"), "</mark>", "»")
	}
	return template.HTML(s) //nolint:gosec // escaped above; only mark elements were added
}
