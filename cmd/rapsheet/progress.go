package main

import (
	"fmt"
	"sync"
	"time"
)

// progress shows how far a crawl is, with its rate and the time left, on a terminal; in a pipe it is silent.
type progress struct {
	a       *app
	what    string
	started time.Time
	mu      sync.Mutex
	last    time.Time
}

func (a *app) progress(what string) *progress {
	return &progress{a: a, what: what, started: a.now()}
}

// set shows done of all; all grows while pages are discovered.
func (p *progress) set(done, all int) {
	if !p.a.terminal() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.a.now()
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

// done ends the line.
func (p *progress) done() {
	if p.a.terminal() {
		fmt.Fprint(p.a.stderr, "\r\x1b[K")
	}
}
