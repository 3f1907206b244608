package crawler

import (
	"context"
	"net/url"
	"regexp"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// busy is a source that a live round reads.
type busy struct {
	rounds int
	done   chan struct{}
}

// enter says that a live round reads a source, leave that it does no longer.
func (c *Crawler) enter(sourceID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := c.busy[sourceID]
	if b == nil {
		b = &busy{done: make(chan struct{})}
		c.busy[sourceID] = b
	}
	b.rounds++
}

func (c *Crawler) leave(sourceID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b := c.busy[sourceID]
	if b.rounds--; b.rounds == 0 {
		close(b.done)
		delete(c.busy, sourceID)
	}
}

// yield waits until no live round reads a source.
func (c *Crawler) yield(ctx context.Context, sourceID string) {
	for {
		c.mu.Lock()
		b := c.busy[sourceID]
		c.mu.Unlock()
		if b == nil {
			return
		}
		select {
		case <-b.done:
		case <-ctx.Done():
			return
		}
	}
}

var (
	dateInPath = regexp.MustCompile(`/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])(?:[/-](0[1-9]|[12]\d|3[01]))?(?:[/-]|$)`)
	yearOnly   = regexp.MustCompile(`^(?:19|20)\d\d$`)
)

// dated gives a page without dates the one that its address tells, as many publishers write it: /2021/03/07/.
func dated(c candidate) candidate {
	if !c.published.IsZero() || !c.updated.IsZero() {
		return c
	}
	u, err := url.Parse(c.url)
	if err != nil {
		return c
	}
	m := dateInPath.FindStringSubmatch(u.Path)
	if m == nil {
		return c
	}
	date := m[1] + "-" + m[2]
	if m[3] != "" {
		date += "-" + m[3]
	}
	if moment, err := intel.ParseMoment(date); err == nil {
		c.published = moment
	}
	return c
}

// shape is what the addresses of one kind of page have in common: their first step (a year counts as any year) and depth.
func shape(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	steps := strings.Split(strings.Trim(u.Path, "/"), "/")
	first := "*"
	if len(steps) > 1 {
		if first = steps[0]; yearOnly.MatchString(first) {
			first = "year"
		}
	}
	return strings.ToLower(u.Hostname()) + " " + first + " " + strings.Repeat("/", len(steps))
}
