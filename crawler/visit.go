package crawler

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/gocolly/colly/v2"

	"github.com/rapsheet/rapsheet/intel"
)

// newCollector makes a colly collector that leaves everything but redirects and link picking to the transport.
func (c *Crawler) newCollector() *colly.Collector {
	// Not NewCollector: that one lets COLLY_* variables of the environment change the settings.
	col := &colly.Collector{}
	col.Init()
	col.UserAgent = c.UserAgent()
	col.IgnoreRobotsTxt = true // the transport obeys it, by RFC 9309
	col.AllowURLRevisit = true // what is asked again is decided by the round
	col.ParseHTTPErrorResponse = true
	col.DetectCharset = false
	col.MaxBodySize = 0 // colly would cut silently; the transport reports
	col.DisableCookies()
	col.SetRequestTimeout(0) // waiting for one's turn is no time-out; the transport bounds each hop
	col.SetRedirectHandler(checkRedirect)
	col.WithTransport(c.transport)
	return col
}

// visit asks for one address. On return ex holds the answer of the last hop; an answer of any status is no error.
func (c *Crawler) visit(ctx context.Context, col *colly.Collector, ex *exchange, target string, last intel.Fetch) error {
	header := http.Header{"Accept": {"text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.9,*/*;q=0.8"}}
	if last.ETag != "" {
		header.Set("If-None-Match", last.ETag)
	}
	if last.LastModified != "" {
		header.Set("If-Modified-Since", last.LastModified)
	}
	col.Context = withExchange(ctx, ex)
	err := col.Request(http.MethodGet, target, nil, nil, header)
	if err != nil && stopped(ctx) {
		return ctx.Err()
	}
	// net/http prefixes method and address; ours says more.
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// fetchOf starts the journal's line for a visit.
func fetchOf(ex *exchange, sourceID, asked string, at time.Time, took time.Duration) intel.Fetch {
	f := intel.Fetch{SourceID: sourceID, URL: asked, At: at, Took: max(took, 0), Status: ex.status, Bytes: ex.wire, Robots: ex.robots}
	if ex.url != asked {
		f.FinalURL = ex.url
	}
	return f
}

// validators copies what makes the next request conditional; a 304 may leave out what it does not change.
func validators(f *intel.Fetch, header http.Header, last intel.Fetch) {
	f.ETag, f.LastModified = header.Get("ETag"), header.Get("Last-Modified")
	if f.Status == http.StatusNotModified {
		if f.ETag == "" {
			f.ETag = last.ETag
		}
		if f.LastModified == "" {
			f.LastModified = last.LastModified
		}
	}
}

// lastOf is the journal's memory of a page; the zero Fetch when there is none.
func (c *Crawler) lastOf(ctx context.Context, key string) (intel.Fetch, error) {
	last, err := c.opts.Journal.Last(ctx, key)
	if errors.Is(err, intel.ErrNotFound) {
		return intel.Fetch{}, nil
	}
	return last, err
}
