package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

// feedLength is how many incidents a feed tells.
const feedLength = 50

// feedRoutes are feeds for people's readers, and MISP's.
func (s *server) feedRoutes(e *echo.Echo) {
	e.GET("/feeds/:file", s.feed)
	e.GET("/feeds/actors/:file", s.actorFeed)
	e.GET("/feeds/victims/:file", s.victimFeed)
	e.GET("/feeds/misp/:file", s.mispFeed)
}

// feedFile splits the last part of a feed's address into a name and a writer.
func feedFile(c echo.Context) (name string, write func(exchange.News) ([]byte, error), media string, err error) {
	file, err := idParam(c, "file")
	if err != nil {
		return "", nil, "", err
	}
	if name, ok := strings.CutSuffix(file, ".atom"); ok && name != "" {
		return name, exchange.News.Atom, "application/atom+xml; charset=utf-8", nil
	}
	if name, ok := strings.CutSuffix(file, ".json"); ok && name != "" {
		return name, exchange.News.JSON, "application/feed+json", nil
	}
	return "", nil, "", bad(http.StatusNotFound, "a feed ends in .atom or .json")
}

// feed tells the incidents that a search finds.
func (s *server) feed(c echo.Context) error {
	name, write, media, err := feedFile(c)
	if err != nil {
		return err
	}
	if name != "incidents" {
		return bad(http.StatusNotFound, "there is no feed "+name+"; feeds are incidents, actors/ID and victims/ID")
	}
	q, err := query(c, leavesHouse)
	if err != nil {
		return err
	}
	title := "rapsheet: incidents"
	if asked := c.QueryString(); asked != "" {
		title += " (" + asked + ")"
	}
	return s.news(c, q, title, write, media)
}

func (s *server) actorFeed(c echo.Context) error {
	name, write, media, err := feedFile(c)
	if err != nil {
		return err
	}
	p, err := s.Reader.Actor(c.Request().Context(), name, intel.Query{MaxTLP: intel.TLPClear})
	if err != nil {
		return err
	}
	return s.news(c, intel.Query{Actor: p.ID, MinConfidence: leavesHouse}, "rapsheet: "+p.Name, write, media)
}

func (s *server) victimFeed(c echo.Context) error {
	name, write, media, err := feedFile(c)
	if err != nil {
		return err
	}
	p, err := s.Reader.Victim(c.Request().Context(), name, intel.Query{MaxTLP: intel.TLPClear})
	if err != nil {
		return err
	}
	return s.news(c, intel.Query{Victim: p.ID, MinConfidence: leavesHouse}, "rapsheet: "+p.Name, write, media)
}

// news writes the newest incidents that a query finds. Nothing above CLEAR is in a feed, whoever asks: a reader keeps it.
func (s *server) news(c echo.Context, q intel.Query, title string, write func(exchange.News) ([]byte, error), media string) error {
	q.MaxTLP, q.Sort, q.Limit, q.Cursor = intel.TLPClear, "newest", feedLength, ""
	page, err := s.Reader.Incidents(c.Request().Context(), q)
	if err != nil {
		return err
	}
	gone, err := s.gone(c.Request().Context())
	if err != nil {
		return err
	}
	_, at := s.Reader.Generation()
	self := url.URL{Scheme: c.Scheme(), Host: c.Request().Host, Path: c.Request().URL.Path, RawQuery: c.QueryString()}
	b, err := write(exchange.News{Title: title, Self: self.String(), Updated: at, Items: page.Items, Gone: gone})
	if err != nil {
		return err
	}
	return tagged(c, media, b)
}

// mostGone is how many withdrawn incidents a feed names.
const mostGone = 200

// gone are incidents that readers may have kept and should drop. Only a purge makes that pressing: without one the feed of changes is
// not read for it.
func (s *server) gone(ctx context.Context) (out []exchange.Gone, err error) {
	if s.exports.feed == nil {
		return nil, nil
	}
	decisions, err := s.Archive.Decisions(ctx)
	if err != nil || !slices.ContainsFunc(decisions, func(d intel.Decision) bool { return d.Kind == intel.DecidePurge }) {
		return nil, err
	}
	err = s.exports.with(ctx, func(g *exchange.Graph) error {
		out = g.Gone(mostGone)
		return nil
	})
	return out, err
}

// mispFeed serves a MISP feed: manifest.json, hashes.csv and an event a file.
func (s *server) mispFeed(c echo.Context) error {
	file, err := idParam(c, "file")
	if err != nil {
		return err
	}
	media := "application/json"
	var b []byte
	err = s.exports.with(c.Request().Context(), func(g *exchange.Graph) error {
		var err error
		switch uuid, isEvent := strings.CutSuffix(file, ".json"); {
		case file == "manifest.json":
			b, err = g.MispManifest()
		case file == "hashes.csv":
			b, media = g.MispHashes(), "text/csv; charset=utf-8"
		case isEvent:
			b, err = g.MispEvent(uuid)
		default:
			err = bad(http.StatusNotFound, "a MISP feed has manifest.json, hashes.csv and events")
		}
		return err
	})
	if err != nil {
		return err
	}
	return tagged(c, media, b)
}
