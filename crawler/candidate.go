package crawler

import (
	"maps"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// candidate is a page that a source tells of.
type candidate struct {
	url      string
	title    string
	language string
	// published and updated are what the listing says; unknown stays unknown.
	published intel.Moment
	updated   intel.Moment
	// tries counts rounds in which it failed.
	tries int
}

// wanted reports whether a page may be of interest since a day. Only what is known to be older is left out: a page published or
// changed since then is wanted, and one without dates too.
func (c candidate) wanted(since intel.Date) bool {
	if since.IsZero() || (c.published.IsZero() && c.updated.IsZero()) {
		return true
	}
	for _, m := range []intel.Moment{c.published, c.updated} {
		if !m.IsZero() && !lastDay(m).Before(since) {
			return true
		}
	}
	return false
}

// lastDay is the last day that a moment may mean.
func lastDay(m intel.Moment) intel.Date {
	t := m.Date().UTC()
	switch m.Precision() {
	case intel.PrecisionMonth:
		return intel.DateOf(t.AddDate(0, 1, -1))
	case intel.PrecisionYear:
		return intel.DateOf(t.AddDate(1, 0, -1))
	default:
		return intel.DateOf(t)
	}
}

// due reports whether a page that was taken at last is asked again at now.
func (c candidate) due(last intel.Fetch, now time.Time, recheck time.Duration) bool {
	if recheck <= 0 || last.At.IsZero() {
		return true
	}
	if now.Sub(last.At) >= recheck {
		return true
	}
	// A listing that gives only a day cannot say that the page did not change later that day.
	return !c.updated.IsZero() && (c.updated.Precision() == intel.PrecisionSecond && c.updated.Time().After(last.At) ||
		c.updated.Precision() != intel.PrecisionSecond && !lastDay(c.updated).Before(intel.DateOf(last.At)))
}

// list is what a discovery document said, kept with its validators, so that a 304 still names its pages.
type list struct {
	etag, modified string
	pages          []candidate
	// more are further discovery documents: the sitemaps of an index, the next page of an archive.
	more []candidate
}

// maxListed bounds what is kept of one discovery document; a longer one is read anew each time.
const maxListed = 5000

func (c *Crawler) listed(key string) (list, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, ok := c.lists[key]
	return l, ok
}

func (c *Crawler) keepList(key string, l list, whole bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !whole || l.etag == "" && l.modified == "" || len(l.pages)+len(l.more) > maxListed {
		delete(c.lists, key)
		return
	}
	c.lists[key] = l
}

const (
	// maxPending bounds how many pages of a source wait for another try, maxTries how often one gets it.
	maxPending = 10_000
	maxTries   = 50
)

// retry notes that a page must be tried again even if it is listed no longer, and reports whether it will be; settled that it
// need not, and reports whether it was waiting.
func (c *Crawler) retry(sourceID, key string, cand candidate) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	waiting := c.pending[sourceID]
	if waiting == nil {
		waiting = map[string]candidate{}
		c.pending[sourceID] = waiting
	}
	if cand.tries >= maxTries {
		delete(waiting, key)
		return false
	}
	_, ok := waiting[key]
	if ok || len(waiting) < maxPending {
		waiting[key] = cand
		return true
	}
	return false
}

func (c *Crawler) settled(sourceID, key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.pending[sourceID][key]
	delete(c.pending[sourceID], key)
	return ok
}

// waiting are the pages of a source to try again.
func (c *Crawler) waiting(sourceID string) map[string]candidate {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make(map[string]candidate, len(c.pending[sourceID]))
	maps.Copy(out, c.pending[sourceID])
	return out
}
