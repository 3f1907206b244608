package crawler

import (
	"math"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

const (
	// looksPerItem is how often a source is looked at for each page that it publishes, on average.
	looksPerItem = 4
	// A source is looked at no more often than a quarter of the usual interval, and no less often than six times it.
	oftenest  = 4
	rarest    = 6
	maxRest   = 24 * time.Hour
	jitterOne = 0.1
)

// Schedule says when each source is due: by its own habit, later after failures, and never all at the same moment. It is for one
// goroutine.
type Schedule struct {
	// Every is the interval of a source whose habit is unknown.
	Every time.Duration
	// Random gives numbers from 0 to 1.
	Random func() float64

	next     map[string]time.Time
	failures map[string]int
}

// Due gives the sources to look at now, and when the next one is due. A source never seen by this process goes by its last
// attempt, so that a restart does not ask every publisher at once.
func (s *Schedule) Due(sources []intel.Source, health []intel.SourceHealth, now time.Time) (due []intel.Source, next time.Time) {
	if s.next == nil {
		s.next, s.failures = map[string]time.Time{}, map[string]int{}
	}
	known := make(map[string]intel.SourceHealth, len(health))
	for _, h := range health {
		known[h.ID] = h
	}
	for _, src := range sources {
		h := known[src.ID]
		at, ok := s.next[src.ID]
		// A clock that was set back must not put a source off for longer than its interval.
		if !ok || at.Sub(now) > 2*maxRest {
			at = now
			if !h.LastAttempt.IsZero() && !h.LastAttempt.After(now) {
				at = h.LastAttempt.Add(s.Interval(h))
			}
			s.next[src.ID] = at
		}
		if !at.After(now) {
			due = append(due, src)
			at = now.Add(s.Interval(h))
			s.next[src.ID] = at
		}
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return due, next
}

// Done notes how a round went: a source that failed is put off, twice as long each time, up to a day. One of which only the end
// could not be read is not: items that its feed drops in the meantime would be lost.
func (s *Schedule) Done(res Result, now time.Time) {
	for _, r := range res.Sources {
		if r.Err == nil || r.Partial {
			delete(s.failures, r.SourceID)
			continue
		}
		s.failures[r.SourceID]++
		rest := min(float64(s.Every)*math.Pow(2, float64(s.failures[r.SourceID]-1)), float64(maxRest))
		if until := now.Add(s.jitter(time.Duration(rest))); until.After(s.next[r.SourceID]) {
			s.next[r.SourceID] = until
		}
	}
}

// Interval is how long to wait between two looks at a source.
func (s *Schedule) Interval(h intel.SourceHealth) time.Duration {
	perDay := max(h.PerDay, h.Habit)
	if perDay <= 0 {
		return s.jitter(s.Every)
	}
	d := time.Duration(24 / (looksPerItem * perDay) * float64(time.Hour))
	return s.jitter(min(max(d, s.Every/oftenest), s.Every*rarest, maxRest))
}

// jitter spreads what would fall on one moment, a tenth either way.
func (s *Schedule) jitter(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (1 + jitterOne*(2*s.Random()-1)))
}
