package crawler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/rapsheet/rapsheet/crawler/robots"
	"github.com/rapsheet/rapsheet/intel"
)

const (
	// reservationsPath is where a publisher says for which of its pages rights to text and data mining are reserved (TDM Reservation
	// Protocol, W3C community group report, section 6.1).
	reservationsPath = "/.well-known/tdmrep.json"
	maxReservations  = 256 << 10
	maxReserved      = 1000
)

// reservation is one line of tdmrep.json.
type reservation struct {
	location string
	reserved bool
}

// reservations are the lines of one host's tdmrep.json. The first that matches a path decides.
type reservations []reservation

// reserves reports whether the rights in a path are reserved.
func (rs reservations) reserves(path string) bool {
	for _, r := range rs {
		if robots.Match(r.location, path) {
			return r.reserved
		}
	}
	return false
}

// parseReservations reads tdmrep.json. A line that cannot be read costs itself.
func parseReservations(body []byte) (reservations, error) {
	var lines []json.RawMessage
	if err := json.Unmarshal(body, &lines); err != nil {
		return nil, fmt.Errorf("crawler: tdmrep.json: %w: %w", err, intel.ErrInvalid)
	}
	var out reservations
	for _, line := range lines[:min(len(lines), maxReserved)] {
		var l struct {
			Location    string          `json:"location"`
			Reservation json.RawMessage `json:"tdm-reservation"`
		}
		if json.Unmarshal(line, &l) != nil || l.Location == "" {
			continue
		}
		if !strings.HasPrefix(l.Location, "/") && !strings.HasPrefix(l.Location, "*") {
			l.Location = "/" + l.Location
		}
		value := strings.Trim(string(l.Reservation), `" `)
		if value == "1" || value == "0" {
			out = append(out, reservation{location: l.Location, reserved: value == "1"})
		}
	}
	return out, nil
}

// reservedAt says whether the rights in the page that an exchange brought are reserved: its headers decide, else the tdmrep.json of
// its host, which is asked for once a day through the same limits as any page. What cannot be had reserves nothing.
func (t *transport) reservedAt(ctx context.Context, ex *exchange) bool {
	if rightsReserved(ex.header) {
		return true
	}
	u, err := url.Parse(ex.url)
	if err != nil || strings.TrimSpace(ex.header.Get("Tdm-Reservation")) == "0" {
		return false
	}
	authority := u.Scheme + "://" + u.Host
	e := t.rights.entry(authority)
	select {
	case e.busy <- struct{}{}:
		defer func() { <-e.busy }()
	case <-ctx.Done():
		return false
	}
	now := t.opts.Clock()
	if !e.held || !now.Before(e.until) || e.until.Sub(now) > rulesFor {
		lines, reached := t.fetchReservations(ctx, authority, ex)
		if reached {
			e.rights = lines
		}
		e.held, e.until = true, now.Add(rulesFor)
		if !reached {
			e.until = now.Add(unreachableFor)
		}
	}
	return e.rights.reserves(u.RequestURI())
}

func (t *transport) fetchReservations(ctx context.Context, authority string, ex *exchange) (lines reservations, reached bool) {
	at := t.opts.Clock()
	own := &exchange{
		sourceID: ex.sourceID, delay: ex.delay, noDelay: ex.noDelay, round: ex.round, limit: maxReservations, keepCut: true,
	}
	target := authority + reservationsPath
	err := t.askRules(withExchange(ctx, own), target)
	if stopped(ctx) || errors.Is(err, errPaused) {
		return nil, false
	}
	fetch := intel.Fetch{
		SourceID: ex.sourceID, URL: target, FinalURL: own.url, At: at, Outcome: OutcomeDiscovery, Status: own.status,
		Took: max(t.opts.Clock().Sub(at), 0), Bytes: own.wire,
	}
	switch {
	case errors.Is(err, errRobots):
		// Who forbids the file has said nothing in it. It is no page, so its source's pages are not partly forbidden for that.
		fetch.Outcome, reached = OutcomeRobots, true
	case err != nil:
		fetch.Outcome, fetch.Error = outcomeOfError(err), err.Error()
	case own.status >= 500, own.status == http.StatusTooManyRequests:
		fetch.Outcome, fetch.Error = OutcomeHTTPError, statusLine(own.status)
	case own.status >= 300:
		reached = true
	default:
		if lines, err = parseReservations(own.body); err != nil {
			fetch.Outcome, fetch.Error = OutcomeFailed, err.Error()
		}
		reached = true
	}
	ex.side = append(ex.side, own.side...)
	ex.side = append(ex.side, fetch)
	return lines, reached
}
