package crawler

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names/address"
)

const (
	// maxHeader bounds response headers, maxRedirectBody what is read of a redirect's body.
	maxHeader       = 256 << 10
	maxRedirectBody = 64 << 10
	// pauseFor is how long a host that says 429 or challenges us is left alone when it does not say itself.
	pauseFor = 15 * time.Minute
)

// exchange is one visit on its way through the transport: what it may do, and what came back from its last hop.
type exchange struct {
	sourceID string
	delay    time.Duration
	noDelay  bool
	// limit bounds the decoded body; keepCut keeps what was read when the limit, the time or the connection ends it.
	limit   int64
	keepCut bool
	// handOver gives the body to colly too, which then picks links from it.
	handOver bool
	// forRobots marks the request for robots.txt itself.
	forRobots bool
	round     *round

	url    string
	status int
	header http.Header
	body   []byte
	wire   int64
	// cut is why the body ended early, where that is no failure.
	cut       error
	challenge string
	// robots is what robots.txt said of the last hop, reserved whether the rights in the page are reserved.
	robots   string
	reserved bool
	// capture has received filled in, for evidence.
	capture  bool
	received *intel.Received
	// side are attempts made on the way (robots.txt), for the journal.
	side []intel.Fetch
}

type exchangeKey struct{}

func withExchange(ctx context.Context, ex *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, ex)
}

// transport is the only way to the network. It refuses what is never asked for, obeys robots.txt, keeps one request in flight
// and the delay of each host, bounds time and size, and keeps the bytes as they were received.
type transport struct {
	opts  Options
	agent string
	base  *http.Transport
	hosts hosts
	rules rulebook
	// rights holds what each host says of mining its pages.
	rights rulebook
	// flight bounds how many answers are received or delivered at a time, however many sources are read.
	flight chan struct{}
}

// board waits for a place among the answers that are handled at a time; the caller must give it back.
func (t *transport) board(ctx context.Context) (land func(), err error) {
	select {
	case t.flight <- struct{}{}:
		return func() { <-t.flight }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func newTransport(o Options, agent string) *transport {
	g := newGuard(o.AllowPrivate)
	return &transport{
		opts:  o,
		agent: agent,
		base: &http.Transport{
			// No proxy: it would dial for us, past the guard.
			Proxy:                  nil,
			DialContext:            g.dial,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.RootCAs},
			TLSHandshakeTimeout:    10 * time.Second,
			MaxResponseHeaderBytes: maxHeader,
			MaxIdleConnsPerHost:    1,
			MaxIdleConns:           64,
			IdleConnTimeout:        90 * time.Second,
			ForceAttemptHTTP2:      true,
			// The body is decoded here, under its limit.
			DisableCompression: true,
		},
		hosts: hosts{byKey: map[string]*host{}},
		rules: rulebook{byHost: map[string]*ruleEntry{}}, rights: rulebook{byHost: map[string]*ruleEntry{}},
		flight: make(chan struct{}, o.Parallel),
	}
}

// RoundTrip makes one hop of a visit. It reads the body before it lets go of the host, so that one request in flight means the
// whole of it.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	ex, ok := ctx.Value(exchangeKey{}).(*exchange)
	if !ok {
		return nil, errors.New("crawler: request outside a visit")
	}
	target := req.URL.String()
	addr, err := t.permit(target)
	if err != nil {
		return nil, err
	}
	authority := addr.Authority()
	h := t.hosts.get(authority)
	if err := t.awake(h, authority, ex); err != nil {
		return nil, err
	}
	delay := t.delay(addr, ex)
	if !ex.forRobots {
		rules, err := t.rules.get(ctx, t, authority, ex)
		if err != nil {
			return nil, err
		}
		ex.robots = "allowed"
		if !rules.Allowed(req.URL.RequestURI()) {
			ex.robots = "disallowed"
			if rules.Unknown() {
				ex.robots = "unreachable"
				return nil, fmt.Errorf("crawler: %s: robots.txt could not be had: %w", target, errRobots)
			}
			return nil, fmt.Errorf("crawler: %s: %w", target, errRobots)
		}
		if !ex.noDelay || !addr.Loopback() {
			delay = max(delay, rules.Delay)
		}
	}
	if err := h.acquire(ctx, t.opts, delay); err != nil {
		return nil, err
	}
	defer func() { h.release(t.opts.Clock()) }()
	// Somebody else may have been told to go away while this request waited.
	if err := t.awake(h, authority, ex); err != nil {
		return nil, err
	}
	land, err := t.board(ctx)
	if err != nil {
		return nil, err
	}
	defer land()
	return t.hop(req, ex, h, authority)
}

// permit refuses addresses that are never asked for, whoever links to them.
func (t *transport) permit(target string) (address.Address, error) {
	addr, err := address.Parse(target)
	if err != nil {
		return addr, err
	}
	if err := addr.Refused(); err != nil {
		return addr, err
	}
	if t.opts.Contact == "" && !addr.Loopback() {
		return addr, errNoContact(addr.Host())
	}
	return addr, nil
}

func errNoContact(host string) error {
	return fmt.Errorf("crawler: %s: set contact (a mail address or a page about you; RAPSHEET_CONTACT, or contact in rapsheet.toml) "+
		"before anything off this machine is asked for: %w", host, intel.ErrBlocked)
}

// awake refuses a host that is paused, now or for the rest of this round.
func (t *transport) awake(h *host, authority string, ex *exchange) error {
	why := h.paused(t.opts.Clock())
	if why == "" && ex.round != nil {
		why = ex.round.paused(authority)
	}
	if why != "" {
		return fmt.Errorf("crawler: %s: %s: %w", authority, why, errPaused)
	}
	return nil
}

func (t *transport) delay(addr address.Address, ex *exchange) time.Duration {
	switch {
	case ex.noDelay && addr.Loopback():
		return 0
	case ex.delay > 0:
		return ex.delay
	default:
		return t.opts.Delay
	}
}

// hop sends the request, reads the answer within its limits and notes what it means for the host.
func (t *transport) hop(req *http.Request, ex *exchange, h *host, authority string) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), t.opts.Timeout)
	defer cancel()
	out := req.Clone(ctx)
	out.Header.Set("User-Agent", t.agent)
	out.Header.Set("Accept-Encoding", "gzip")
	ex.url, ex.status, ex.header, ex.body, ex.cut = req.URL.String(), 0, nil, nil, nil
	if ex.capture {
		out = ex.watch(out, t.opts.Clock())
	}
	resp, err := t.base.RoundTrip(out)
	if err != nil {
		if stopped(req.Context()) {
			return nil, req.Context().Err()
		}
		t.failed(ex, h, authority, err)
		return nil, fmt.Errorf("crawler: ask %s: %w", ex.url, t.late(ctx, err))
	}
	err = ex.read(resp)
	closeErr := resp.Body.Close()
	if stopped(req.Context()) {
		return nil, req.Context().Err()
	}
	if err != nil {
		if !errors.Is(err, errTooLarge) {
			t.failed(ex, h, authority, err)
		}
		return nil, fmt.Errorf("crawler: read %s: %w", ex.url, errors.Join(t.late(ctx, err), closeErr))
	}
	if ex.cut != nil {
		ex.cut = t.late(ctx, ex.cut)
	}
	t.heed(req.Context(), ex, h, authority)
	return ex.response(req, resp), nil
}

// late says in plain words that the time was up.
func (t *transport) late(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("no full answer within %s: %w", t.opts.Timeout, context.DeadlineExceeded)
	}
	return err
}

// failed counts against the host, unless the request was refused here.
func (t *transport) failed(ex *exchange, h *host, authority string, err error) {
	if errors.Is(err, intel.ErrBlocked) {
		return
	}
	if why := h.note(true, t.opts.Clock()); why != "" && ex.round != nil {
		ex.round.pause(authority, why)
	}
}

// heed does what the answer asks: leave the host alone for a while, or go on.
func (t *transport) heed(ctx context.Context, ex *exchange, h *host, authority string) {
	now := t.opts.Clock()
	ex.challenge = challengeIn(ex)
	why := ""
	switch {
	case ex.challenge != "":
		why = "it answered with a challenge page"
		t.pause(ctx, h, authority, now.Add(retryAfter(ex.header, now, pauseFor)), why)
	case ex.status == http.StatusTooManyRequests, ex.status == http.StatusServiceUnavailable && ex.header.Get("Retry-After") != "":
		why = "it answered " + strconv.Itoa(ex.status) + " and asked for a pause"
		t.pause(ctx, h, authority, now.Add(retryAfter(ex.header, now, pauseFor)), why)
	default:
		why = h.note(ex.status >= 500 || ex.status == http.StatusForbidden, now)
	}
	if why != "" && ex.round != nil {
		ex.round.pause(authority, why)
	}
}

// pause leaves a host alone, also after a restart.
func (t *transport) pause(ctx context.Context, h *host, authority string, until time.Time, why string) {
	h.pause(until, why)
	t.rememberPause(ctx, authority, until, why)
}

// response is what colly and net/http see. The body stays with the exchange unless links are to be picked from it: colly would
// decode its charset in place.
func (ex *exchange) response(req *http.Request, resp *http.Response) *http.Response {
	out := &http.Response{
		Status: resp.Status, StatusCode: resp.StatusCode, Proto: resp.Proto, ProtoMajor: resp.ProtoMajor, ProtoMinor: resp.ProtoMinor,
		Header: resp.Header, Request: req, TLS: resp.TLS, Body: http.NoBody, Uncompressed: true,
	}
	if ex.handOver {
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(ex.body)), int64(len(ex.body))
	}
	return out
}
