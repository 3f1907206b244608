// SPDX-License-Identifier: Apache-2.0

// Package web serves the pages people look at: search, actor, victim, incident, report and source. Pages are rendered on the
// server, work without script, load nothing from elsewhere, and show everything from outside escaped and defanged. No row
// names a victim without its latest answer.
package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

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
	Demo, SignedIn               bool
	Coverage                     intel.Coverage
	Data                         any
}

func (p *Pages) render(c echo.Context, status int, name, title string, data any) error {
	var b bytes.Buffer
	_, unsigned := c.Cookie("rapsheet_key")
	err := p.t.ExecuteTemplate(&b, name, page{
		Title: title, Style: p.style, Version: p.o.Version, Demo: p.o.Demo, SignedIn: unsigned == nil, Query: c.QueryParam("q"), Coverage: p.o.Reader.Coverage(), Data: data,
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

// Param is a part of the path as it was meant. Echo routes by the escaped path where it differs from Go's own escaping, and by
// the plain one elsewhere: unescaping that again would make "100%25" an error and "%2541" another name.
func Param(c echo.Context, name string) (string, error) {
	if c.Request().URL.RawPath == "" {
		return c.Param(name), nil
	}
	return url.PathUnescape(c.Param(name))
}

func name(c echo.Context) string {
	s, err := Param(c, "id")
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
	return p.render(c, http.StatusOK, "actor.html", a.Name, map[string]any{
		"Actor": a, "Timeline": timeline, "Expanded": q.ExpandMembers, "AsOf": c.QueryParam("as_of"), "Params": c.QueryParams(),
		"Related": p.related(ctx, a),
	})
}

// related are the names of the actors that a page lists as members or umbrellas, by id; one that cannot be read keeps its id.
func (p *Pages) related(ctx context.Context, a intel.ActorProfile) map[string]string {
	names := map[string]string{}
	for _, r := range slices.Concat(a.Members, a.Umbrellas) {
		for _, id := range []string{r.From, r.To} {
			if names[id] != "" || id == a.ID {
				continue
			}
			names[id] = id
			if other, err := p.o.Reader.Actor(ctx, id, intel.Query{Limit: 1, MaxTLP: intel.TLPRed}); err == nil {
				names[id] = other.Name
			}
		}
	}
	return names
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
	return p.render(c, http.StatusOK, "victim.html", v.Name, map[string]any{"Victim": v, "Timeline": timeline, "AsOf": c.QueryParam("as_of"), "Params": c.QueryParams()})
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
	told, err := p.told(c.Request().Context(), r, q)
	if err != nil {
		return err
	}
	return p.render(c, http.StatusOK, "report.html", r.Report.Title, map[string]any{"Record": r, "Told": told})
}

// told are the incidents a report tells of, each with its latest answer, and of their claims those of this report.
func (p *Pages) told(ctx context.Context, r intel.Record, q intel.Query) ([]intel.IncidentDetail, error) {
	var out []intel.IncidentDetail
	at := map[string]int{}
	for _, cl := range r.Claims {
		i, ok := at[cl.IncidentID]
		if !ok {
			in, err := p.o.Reader.Incident(ctx, cl.IncidentID, q)
			if errors.Is(err, intel.ErrNotFound) {
				continue // what hides the incident hides its claims
			}
			if err != nil {
				return nil, err
			}
			in.Claims = nil
			i, at[cl.IncidentID] = len(out), len(out)
			out = append(out, in)
		}
		out[i].Claims = append(out[i].Claims, intel.ClaimDetail{Claim: cl, Title: r.Report.Title, URL: r.Report.URL, Publisher: r.Report.Publisher})
	}
	return out, nil
}

// SignIn shows the form that takes an API key; it says nothing of what is kept here. Message is what was wrong with the last one.
func (p *Pages) SignIn(c echo.Context, status int, next, message string) error {
	var b bytes.Buffer
	err := p.t.ExecuteTemplate(&b, "signin.html", page{Title: "Sign in", Style: p.style, Version: p.o.Version, Data: map[string]string{"Next": next, "Message": message}})
	if err != nil {
		return fmt.Errorf("web: signin.html: %w", err)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.HTMLBlob(status, b.Bytes())
}

func (p *Pages) sources(c echo.Context) error {
	all, err := p.o.Reader.Sources(c.Request().Context())
	if err != nil {
		return err
	}
	return p.render(c, http.StatusOK, "sources.html", "Sources", all)
}
