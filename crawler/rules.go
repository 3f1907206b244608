package crawler

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/rapsheet/rapsheet/crawler/robots"
	"github.com/rapsheet/rapsheet/intel"
)

const (
	// rulesFor is how long a robots.txt holds (RFC 9309, section 2.4), unreachableFor how long its absence does.
	rulesFor       = 24 * time.Hour
	unreachableFor = 30 * time.Minute
	maxRedirects   = 5
)

// rulebook caches robots.txt for each scheme, host and port.
type rulebook struct {
	mu     sync.Mutex
	byHost map[string]*ruleEntry
}

// ruleEntry is one host's rules; busy is held by the one who fetches them.
type ruleEntry struct {
	busy  chan struct{}
	rules robots.Rules
	// rights are the lines of tdmrep.json, in the entries of that file.
	rights reservations
	until  time.Time
	held   bool
}

func (b *rulebook) entry(authority string) *ruleEntry {
	b.mu.Lock()
	defer b.mu.Unlock()
	e, ok := b.byHost[authority]
	if !ok {
		e = &ruleEntry{busy: make(chan struct{}, 1)}
		b.byHost[authority] = e
	}
	return e
}

// get gives the rules of a host, fetching them when they are missing or old.
func (b *rulebook) get(ctx context.Context, t *transport, authority string, ex *exchange) (robots.Rules, error) {
	e := b.entry(authority)
	select {
	case e.busy <- struct{}{}:
		defer func() { <-e.busy }()
	case <-ctx.Done():
		return robots.Rules{}, ctx.Err()
	}
	now := t.opts.Clock()
	// A clock set back by more than a day makes the copy as old as one from the past.
	if e.held && now.Before(e.until) && e.until.Sub(now) <= rulesFor {
		return e.rules, nil
	}
	rules, reached, err := t.fetchRules(ctx, authority, ex)
	if err != nil {
		return robots.Rules{}, err
	}
	switch {
	case reached:
		e.rules, e.until = rules, now.Add(rulesFor)
	case e.held:
		// An older copy says more than none (section 2.3.1.4).
		e.until = now.Add(unreachableFor)
	default:
		e.rules, e.until = robots.DisallowAll(), now.Add(unreachableFor)
	}
	e.held = true
	return e.rules, nil
}

// fetchRules asks for robots.txt through the same limits as any page. reached is false when its rules are not to be had, which
// forbids everything. An error is the caller's own end or a paused host, and says nothing of the rules.
func (t *transport) fetchRules(ctx context.Context, authority string, ex *exchange) (rules robots.Rules, reached bool, err error) {
	at := t.opts.Clock()
	own := &exchange{
		sourceID: ex.sourceID, delay: ex.delay, noDelay: ex.noDelay, round: ex.round,
		limit: robots.MaxBytes, keepCut: true, forRobots: true,
	}
	address := authority + "/robots.txt"
	err = t.askRules(withExchange(ctx, own), address)
	if stopped(ctx) {
		return rules, false, ctx.Err()
	}
	if errors.Is(err, errPaused) || errors.Is(err, intel.ErrBlocked) && (own.url == "" || own.url == address) {
		// Refused by ourselves at the first hop: the page would be too, and for a better reason.
		return rules, false, err
	}
	fetch := intel.Fetch{
		SourceID: ex.sourceID, URL: address, FinalURL: own.url, At: at, Outcome: OutcomeDiscovery, Status: own.status,
		Took: max(t.opts.Clock().Sub(at), 0), Bytes: own.wire,
	}
	switch {
	case errors.Is(err, errRedirect):
		// Too many redirects count as no robots.txt (section 2.3.1.2).
		reached = true
	case err != nil:
		fetch.Outcome, fetch.Error = outcomeOfError(err), err.Error()
	case own.status >= 500, own.status == http.StatusTooManyRequests:
		fetch.Outcome, fetch.Error = OutcomeHTTPError, statusLine(own.status)
	case own.status >= 400:
		reached = true
	default:
		rules, reached = robots.Parse(own.body, product), true
	}
	if !reached {
		fetch.Error += ": without robots.txt nothing is read there"
	}
	ex.side = append(ex.side, fetch)
	return rules, reached, nil
}

func (t *transport) askRules(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil) //nolint:gosec // a crawler asks what its sources list; guard.go refuses private addresses
	if err != nil {
		return fmt.Errorf("crawler: robots: %w", err)
	}
	client := &http.Client{Transport: t, CheckRedirect: checkRedirect}
	resp, err := client.Do(req) //nolint:gosec // see above
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// checkRedirect ends redirects that go in a circle or on and on. Where they lead is judged by the transport.
func checkRedirect(req *http.Request, via []*http.Request) error {
	for _, earlier := range via {
		if earlier.URL.String() == req.URL.String() {
			return fmt.Errorf("crawler: %s redirects in a circle back to %s: %w", via[0].URL, req.URL, errRedirect)
		}
	}
	if len(via) > maxRedirects {
		return fmt.Errorf("crawler: %s redirects more than %d times: %w", via[0].URL, maxRedirects, errRedirect)
	}
	return nil
}
