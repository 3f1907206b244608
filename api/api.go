// SPDX-License-Identifier: Apache-2.0

// Package api serves rapsheet over HTTP: the JSON routes under /v1, health and metrics, and the pages people look at (package
// web). It only reads, through intel.Reader; what a person decides goes to intel.Saver. Handlers are thin functions from
// parameters to a value, so that moving to another echo is mechanical.
package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/rapsheet/rapsheet/api/web"
	"github.com/rapsheet/rapsheet/intel"
)

// Limits of the API.
const (
	defaultLimit = 20
	maxLimit     = 200
	maxItems     = 1000
	maxBody      = 1 << 20
	// quoteLimit is the most characters of a report that are served in one piece.
	quoteLimit = 240
	// leavesHouse is the default min_confidence wherever data leave the house (design.md section 4).
	leavesHouse = 0.8
)

// Options are what the API needs; Reader, Saver and Archive must be set.
type Options struct {
	Reader  intel.Reader
	Saver   intel.Saver
	Archive intel.Archive
	// Clock tells the time for metrics and health; nil is an error.
	Clock func() time.Time
	// Logger takes failed requests; nil discards.
	Logger  *slog.Logger
	Version string
	Demo    bool
	// Keys answers what a key may do; nil knows no key. RequireKey refuses requests without one.
	Keys       func(key string) (Key, bool)
	RequireKey bool
	// Rate is how many requests a key, or without keys an address, may send in a minute; 0 is no limit.
	Rate int
	// Audit takes decisions, additions and the use of keys; nil forgets them. It is called by many goroutines.
	Audit func(AuditEvent)
	// Add takes reports that callers have; nil refuses them.
	Add AddFunc
	// Head is the store's last sequence number, for /readyz; nil counts as caught up.
	Head func(ctx context.Context) (int64, error)
	// Feed is the store's feed of changes, for exports, TAXII and feeds; nil answers 501 there.
	Feed intel.Feed
	// Watchlists keeps lists of names that are followed; nil answers 501 there.
	Watchlists Watchlists
	// Exported remembers what was exported; nil forgets it when the program ends.
	Exported Memory
}

// server holds what handlers share.
type server struct {
	Options
	metrics *metrics
	// known are the query parameters of each route, as the contract lists them.
	known map[string][]string
	// tag begins every ETag: another version of the program may word an answer otherwise.
	tag string
	// exports follow the feed of changes.
	exports *exports
	// things are software and campaigns.
	things things
	// finder finds names in free texts.
	finder finder
	// encoded are incidents as they were last written.
	encoded encoded
	// memo and head are answers as they were last written.
	memo memo
	head answerHead
	// access counts requests and wrong keys.
	access     access
	ratePolicy []string
	// tagged is the last generation's tag, private what caches may do with an answer.
	tagged  atomic.Pointer[genTag]
	private []string
}

// New makes the handler. It returns intel.ErrInvalid when an option is missing.
func New(o Options) (http.Handler, error) {
	if o.Reader == nil || o.Saver == nil || o.Archive == nil || o.Clock == nil {
		return nil, fmt.Errorf("api: Reader, Saver, Archive and Clock are needed: %w", intel.ErrInvalid)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	known, err := contractParams(contract)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(o.Version))
	s := &server{Options: o, metrics: newMetrics(prometheus.NewRegistry()), known: known, tag: hex.EncodeToString(sum[:4]), exports: newExports(o.Feed, o.Exported)}
	s.exports.watches = s.watches
	s.private = []string{"private, no-cache"}
	s.ratePolicy = []string{fmt.Sprintf(`"default";q=%d;w=%d`, o.Rate, int(rateWindow.Seconds()))}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.fail
	e.Use(s.around())
	s.routes(e)
	pages, err := web.New(web.Options{Reader: o.Reader, Version: o.Version, Demo: o.Demo})
	if err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	pages.Register(e)
	s.signIn(e, pages)
	return compress(e)
}

// routes is the map of the API; openapi.json says the same and a test holds the two together.
func (s *server) routes(e *echo.Echo) {
	v1 := e.Group("/v1")
	v1.GET("/search", s.cached(s.search))
	v1.GET("/suggest", s.cached(s.suggest))
	v1.GET("/actors", s.cached(s.actors))
	v1.GET("/actors/:id", s.cached(s.actor))
	v1.GET("/actors/:id/timeline", s.cached(s.actorTimeline))
	v1.GET("/actors/:id/victims", s.cached(s.actorVictims))
	v1.GET("/actors/:id/relations", s.cached(s.actorRelations))
	v1.GET("/actors/:id/names", s.cached(s.actorNames))
	v1.GET("/actors/:id/techniques", s.cached(s.actorTechniques))
	v1.GET("/actors/:id/observables", s.cached(s.actorObservables))
	v1.GET("/victims", s.cached(s.victims))
	v1.GET("/victims/:id", s.cached(s.victim))
	v1.GET("/victims/:id/timeline", s.cached(s.victimTimeline))
	v1.GET("/victims/:id/actors", s.cached(s.victimActors))
	v1.GET("/victims/:id/names", s.cached(s.victimNames))
	v1.GET("/incidents", s.cached(s.incidents))
	v1.GET("/incidents/:id", s.cached(s.incident))
	v1.GET("/reports", s.cached(s.reports))
	v1.GET("/reports/:id", s.cached(s.report))
	v1.POST("/reports", s.add)
	v1.GET("/sources", s.cached(s.sources))
	v1.GET("/sources/:id", s.cached(s.source))
	v1.GET("/names/conflicts", s.cached(s.conflicts))
	v1.GET("/names/joins", s.cached(s.joins))
	v1.GET("/proposals", s.cached(s.proposals))
	v1.GET("/enrich/:value", s.enrichOne)
	v1.POST("/resolve", s.resolve)
	v1.POST("/enrich", s.enrich)
	v1.GET("/decisions", s.decisions)
	v1.POST("/decisions", s.decide)
	v1.DELETE("/decisions/:id", s.undo)
	v1.POST("/corrections", s.correct)
	v1.GET("/watchlists", s.watchlists)
	v1.GET("/watchlists/:id", s.watchlist)
	v1.PUT("/watchlists/:id", s.putWatchlist)
	v1.DELETE("/watchlists/:id", s.removeWatchlist)
	s.exchangeRoutes(e)
	e.GET("/healthz", s.healthz)
	e.GET("/readyz", s.readyz)
	e.GET("/metrics", s.metrics.handler())
	e.GET("/openapi.json", openAPI)
	e.GET("/docs", docs)
}
