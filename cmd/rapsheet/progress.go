package main

import (
	"fmt"
	"sync"
	"time"
)

// progress shows how far a crawl is, with its rate and the time left, on a terminal; in a pipe it is silent. It goes by the
// wall clock: the clock of the program may be set forward, as the demo does between its two editions.
type progress struct {
	a       *app
	what    string
	started time.Time
	mu      sync.Mutex
	last    time.Time
}

func (a *app) progress(what string) *progress {
	return &progress{a: a, what: what, started: time.Now()}
}

// set shows done of all; all grows while pages are discovered.
func (p *progress) set(done, all int) {
	if !p.a.terminal() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Sub(p.last) < 100*time.Millisecond && done < all {
		return
	}
	p.last = now
	took := now.Sub(p.started).Seconds()
	left := ""
	if done > 0 && took > 0 {
		rate := float64(done) / took
		left = fmt.Sprintf(", %.0f/s, %s left", rate, (time.Duration(float64(all-done)/rate*1e9) * time.Nanosecond).Round(time.Second))
	}
	fmt.Fprintf(p.a.stderr, "\r\x1b[K%s: %d of %d%s", p.what, done, all, left)
}

// again begins to count anew, under another name.
func (p *progress) again(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what, p.started, p.last = what, time.Now(), time.Time{}
}

// done ends the line.
func (p *progress) done() {
	if p.a.terminal() {
		fmt.Fprint(p.a.stderr, "\r\x1b[K")
	}
}
