package crawler

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// breakAfter failures in a row leave a host alone for breakFor.
	breakAfter = 5
	breakFor   = 10 * time.Minute
	// maxRetryAfter caps what a host may ask for.
	maxRetryAfter = 24 * time.Hour
)

// host is the politeness owed to one scheme, host and port.
type host struct {
	// slot holds the one request in flight.
	slot chan struct{}

	mu          sync.Mutex
	lastEnd     time.Time
	failures    int
	pausedUntil time.Time
	why         string
}

// hosts are all hosts ever met.
type hosts struct {
	mu    sync.Mutex
	byKey map[string]*host
}

func (hs *hosts) get(authority string) *host {
	hs.mu.Lock()
	defer hs.mu.Unlock()
	h, ok := hs.byKey[authority]
	if !ok {
		h = &host{slot: make(chan struct{}, 1)}
		hs.byKey[authority] = h
	}
	return h
}

// acquire waits until no other request is in flight and delay has passed since the last one ended. The caller must release.
func (h *host) acquire(ctx context.Context, o Options, delay time.Duration) error {
	select {
	case h.slot <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	err := h.wait(ctx, o, delay)
	if err != nil {
		<-h.slot
	}
	return err
}

func (h *host) wait(ctx context.Context, o Options, delay time.Duration) error {
	h.mu.Lock()
	last := h.lastEnd
	h.mu.Unlock()
	if last.IsZero() || delay <= 0 {
		return ctx.Err()
	}
	// A clock that was set back must not make the wait longer than the delay.
	if wait := min(last.Add(delay).Sub(o.Clock()), delay); wait > 0 {
		return o.Sleep(ctx, wait)
	}
	return ctx.Err()
}

func (h *host) release(now time.Time) {
	h.mu.Lock()
	h.lastEnd = now
	h.mu.Unlock()
	<-h.slot
}

// paused says why the host is left alone at now; empty when it is not.
func (h *host) paused(now time.Time) string {
	_, why := h.resting(now)
	return why
}

// resting says until when and why the host is left alone at now; without a reason it is not.
func (h *host) resting(now time.Time) (until time.Time, why string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now.Before(h.pausedUntil) {
		return h.pausedUntil, h.why
	}
	return time.Time{}, ""
}

func (h *host) pause(until time.Time, why string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if until.After(h.pausedUntil) {
		h.pausedUntil, h.why = until, why
	}
}

// note counts failures in a row and gives the reason when the host is to be left alone from now on.
func (h *host) note(failed bool, now time.Time) string {
	h.mu.Lock()
	if !failed {
		h.failures = 0
		h.mu.Unlock()
		return ""
	}
	h.failures++
	n := h.failures
	h.mu.Unlock()
	if n < breakAfter {
		return ""
	}
	why := fmt.Sprintf("%d failures in a row", n)
	h.pause(now.Add(breakFor), why)
	return why
}

// retryAfter reads the header in either of its forms, within limits; otherwise is for when it is missing or nonsense.
func retryAfter(header http.Header, now time.Time, otherwise time.Duration) time.Duration {
	value := header.Get("Retry-After")
	d := otherwise
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		d = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		d = at.Sub(now)
	}
	return min(max(d, 0), maxRetryAfter)
}
