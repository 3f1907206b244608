package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

// feedBatch is how many changes are read from the store at a time.
const feedBatch = 1000

// seqHeader carries the number of the store's last change that an export knows of: ask for since it next time.
const seqHeader = "X-Rapsheet-Seq"

// Memory keeps which objects were exported, so that what is purged is withdrawn by a program that starts later too. It is called under a
// lock.
type Memory interface {
	Load() ([]exchange.Remembered, error)
	Append(all []exchange.Remembered) error
}

// exports holds the graph that STIX, TAXII and MISP are written from. It is built at the first request and follows the feed.
type exports struct {
	mu     sync.Mutex
	g      *exchange.Graph
	feed   intel.Feed
	memory Memory
	// unkept could not be written yet.
	unkept []exchange.Remembered
	// watches gives the lists that are followed, moved counts their changes and seen those that the graph has taken.
	watches func(context.Context) ([]exchange.Watch, error)
	moved   atomic.Int64
	seen    int64
}

func newExports(feed intel.Feed, memory Memory) *exports { return &exports{feed: feed, memory: memory} }

// begin makes the graph, with what was exported before.
func (x *exports) begin(ctx context.Context) error {
	if x.g != nil {
		return nil
	}
	g := exchange.NewGraph(leavesHouse)
	if x.memory != nil {
		all, err := x.memory.Load()
		if err != nil {
			return err
		}
		g.Remember(all)
	}
	if err := x.watch(ctx, g); err != nil {
		return err
	}
	x.g = g
	return nil
}

// watch tells a graph of the lists that are followed. An empty graph puts what they bring in the order that it had before.
func (x *exports) watch(ctx context.Context, g *exchange.Graph) error {
	if x.watches == nil {
		return nil
	}
	x.seen = x.moved.Load()
	all, err := x.watches(ctx)
	if err != nil {
		return err
	}
	g.Watch(all)
	return nil
}

// keep writes down what is exported for the first time before anybody gets it.
func (x *exports) keep() error {
	news := slices.Concat(x.unkept, x.g.News())
	if x.memory == nil || len(news) == 0 {
		return nil
	}
	if err := x.memory.Append(news); err != nil {
		x.unkept = news
		return err
	}
	x.unkept = nil
	return nil
}

// with calls f with the graph as of the store's last change; f must not keep it.
func (x *exports) with(ctx context.Context, f func(*exchange.Graph) error) error {
	if x.feed == nil {
		return bad(http.StatusNotImplemented, "this server has no feed of changes to export from")
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.begin(ctx); err != nil {
		return err
	}
	head, err := x.feed.Head(ctx)
	if err != nil {
		return err
	}
	for after := x.g.Seq(); after < head; after = x.g.Seq() {
		changes, err := x.feed.Changes(ctx, after, feedBatch)
		if err != nil {
			return err
		}
		for _, c := range changes {
			if c.Seq > head {
				break // the next transaction: it is read whole next time
			}
			x.g.Apply(c)
		}
		if len(changes) == 0 || x.g.Seq() == after {
			break
		}
	}
	if err := errors.Join(x.g.Settle(), x.keep()); err != nil {
		return err
	}
	if x.seen != x.moved.Load() {
		if err := x.watch(ctx, x.g); err != nil {
			return err
		}
	}
	return f(x.g)
}

// exchangeRoutes are the routes that speak other programs' formats.
func (s *server) exchangeRoutes(e *echo.Echo) {
	e.GET("/v1/export/:format", s.export)
	s.taxiiRoutes(e)
	s.feedRoutes(e)
}

// exportFormat is one format of GET /v1/export/{format}.
type exportFormat struct {
	media string
	// write answers the whole, or what changed after since when it is asked for (since >= 0).
	write func(s *server, ctx context.Context, since int64) (body []byte, seq int64, err error)
	// partly says that since makes sense.
	partly bool
}

func exportFormats() map[string]exportFormat {
	still := func(write func() ([]byte, error)) func(*server, context.Context, int64) ([]byte, int64, error) {
		return func(s *server, _ context.Context, _ int64) ([]byte, int64, error) {
			b, err := write()
			return b, s.Reader.Seq(), err
		}
	}
	const csv, lines, plain = "text/csv; charset=utf-8", "application/x-ndjson", "application/json"
	return map[string]exportFormat{
		"stix":                  {"application/stix+json;version=2.1", (*server).exportStix, true},
		"sentinel-stix":         {lines, (*server).exportSentinelStix, true},
		"splunk":                {csv, lookup(exchange.SplunkLookup, "actor_key"), true},
		"sentinel":              {csv, lookup(exchange.SentinelWatchlist, "SearchKey"), true},
		"elastic":               {lines, lookup(exchange.ElasticLookup, ""), true},
		"splunk-victims":        {csv, victims("victim_key"), true},
		"sentinel-victims":      {csv, victims("SearchKey"), true},
		"elastic-victims":       {lines, victims(""), true},
		"elastic-victims-index": {plain, still(exchange.ElasticVictimsTemplate), false},
		"elastic-index":         {plain, still(exchange.ElasticTemplate), false},
		"elastic-policy":        {plain, still(exchange.ElasticPolicy), false},
		"elastic-pipeline":      {plain, still(exchange.ElasticPipeline), false},
	}
}

// ExportFormats are the formats of GET /v1/export/{format}, sorted.
func ExportFormats() []string {
	var out []string
	for f := range exportFormats() {
		out = append(out, f)
	}
	slices.Sort(out)
	return out
}

func (s *server) export(c echo.Context) error {
	name, err := idParam(c, "format")
	if err != nil {
		return err
	}
	f, ok := exportFormats()[name]
	if !ok {
		return bad(http.StatusNotFound, "there is no export "+name+"; choose from "+strings.Join(ExportFormats(), ", "))
	}
	since := int64(-1)
	if v := c.QueryParam("since"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < 0 {
			return badParam("since", "give the "+seqHeader+" of the export before, a whole number")
		}
		if !f.partly {
			return badParam("since", "this export is always whole")
		}
		since = n
	}
	body, seq, err := f.write(s, c.Request().Context(), since)
	if err != nil {
		return err
	}
	if since > seq {
		return badParam("since", "nothing has this number yet: the last is "+strconv.FormatInt(seq, 10))
	}
	c.Response().Header().Set(seqHeader, strconv.FormatInt(seq, 10))
	return tagged(c, f.media, body)
}

// tagged answers bytes with a strong ETag of them, and 304 to who holds them.
func tagged(c echo.Context, media string, body []byte) error {
	sum := sha256.Sum256(body)
	tag := hex.EncodeToString(sum[:12])
	h := c.Response().Header()
	h.Set("ETag", `"`+tag+`"`)
	h.Set("Cache-Control", "private, no-cache")
	if holds(c, `"`+tag+`"`) {
		return c.NoContent(http.StatusNotModified)
	}
	return blob(c, http.StatusOK, media, body)
}

// everyActor reads all actors with their history.
func (s *server) everyActor(ctx context.Context) ([]intel.ActorProfile, error) {
	q := intel.Query{Limit: maxLimit, MinConfidence: leavesHouse, MaxTLP: intel.TLPClear}
	var all []intel.ActorProfile
	for {
		page, err := s.Reader.Actors(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if page.NextCursor == "" || page.NextCursor == q.Cursor {
			return all, nil
		}
		q.Cursor = page.NextCursor
	}
}

// lookup makes the writer of a lookup table whose key column has a name; without one it is Elastic's.
func lookup(whole func([]exchange.LookupRow) ([]byte, error), key string) func(*server, context.Context, int64) ([]byte, int64, error) {
	return func(s *server, ctx context.Context, since int64) ([]byte, int64, error) {
		seq := s.Reader.Seq() // before the rows are read: what comes meanwhile is told again next time
		actors, err := s.everyActor(ctx)
		if err != nil {
			return nil, 0, err
		}
		rows := exchange.LookupRows(actors)
		if since < 0 {
			b, err := whole(rows)
			return b, seq, err
		}
		var touched map[string]bool
		err = s.exports.with(ctx, func(g *exchange.Graph) error {
			touched = g.TouchedActors(since)
			return nil
		})
		if err != nil {
			return nil, 0, err
		}
		changes := exchange.LookupChanges(rows, touched)
		if key == "" {
			b, err := exchange.ElasticChanges(changes)
			return b, seq, err
		}
		b, err := exchange.LookupChangesCSV(changes, key)
		return b, seq, err
	}
}

// versionsSince are the objects of a graph: all that stand, or all that changed after since, what went included.
func versionsSince(g *exchange.Graph, since int64) []*exchange.Version {
	var out []*exchange.Version
	for _, v := range g.Versions() {
		if since < 0 && !v.Revoked || since >= 0 && v.Stamp.Seq > since {
			out = append(out, v)
		}
	}
	return out
}

func (s *server) exportStix(ctx context.Context, since int64) (body []byte, seq int64, err error) {
	err = s.exports.with(ctx, func(g *exchange.Graph) error {
		seq = g.Seq()
		body, err = exchange.StixBundle(g.Objects(versionsSince(g, since)))
		return err
	})
	return body, seq, err
}

func (s *server) exportSentinelStix(ctx context.Context, since int64) (body []byte, seq int64, err error) {
	err = s.exports.with(ctx, func(g *exchange.Graph) error {
		seq = g.Seq()
		body, err = exchange.SentinelUploads(g.Objects(versionsSince(g, since)))
		return err
	})
	return body, seq, err
}

// everyVictim reads all organisations with their history.
func (s *server) everyVictim(ctx context.Context) ([]intel.VictimProfile, error) {
	q := intel.Query{Limit: maxLimit, MinConfidence: leavesHouse, MaxTLP: intel.TLPClear}
	var all []intel.VictimProfile
	for {
		page, err := s.Reader.Victims(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if page.NextCursor == "" || page.NextCursor == q.Cursor {
			return all, nil
		}
		q.Cursor = page.NextCursor
	}
}

// victims makes the writer of a lookup table of organisations whose key column has a name; without one it is Elastic's.
func victims(key string) func(*server, context.Context, int64) ([]byte, int64, error) {
	return func(s *server, ctx context.Context, since int64) (body []byte, seq int64, err error) {
		seq = s.Reader.Seq()
		all, err := s.everyVictim(ctx)
		if err != nil {
			return nil, 0, err
		}
		var rows []exchange.VictimRow
		var touched map[string]bool
		err = s.exports.with(ctx, func(g *exchange.Graph) error {
			rows = exchange.VictimRows(all, g.Answer)
			if since >= 0 {
				touched = g.TouchedVictims(since)
			}
			return nil
		})
		switch {
		case err != nil:
			return nil, 0, err
		case key == "":
			body, err = exchange.VictimsElastic(rows, touched)
		case touched != nil:
			body, err = exchange.VictimChangesCSV(rows, touched, key)
		default:
			body, err = exchange.VictimsCSV(rows, key)
		}
		return body, seq, err
	}
}
