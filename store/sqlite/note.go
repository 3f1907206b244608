package sqlite

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// Days over which a source's habit is measured: the last recentDays against the habitDays before them.
const (
	recentDays = 7
	habitDays  = 28
	// lagWithin is how late a page may be read to say something about our lag: what is older was found by looking back.
	lagWithin = 7 * 24 * time.Hour
)

// Note implements intel.Journal.
func (s *Store) Note(ctx context.Context, fetches []intel.Fetch) error {
	err := s.update(ctx, func(t *tx) error {
		for _, f := range fetches {
			if err := t.item(f); err != nil {
				return err
			}
			b, err := encode(f)
			if err != nil {
				return err
			}
			if err := t.exec(`INSERT INTO fetches (source_id, url, at, outcome, body) VALUES (?, ?, ?, ?, ?)`, f.SourceID, f.URL, f.At.UnixNano(), f.Outcome, b); err != nil {
				return err
			}
			if err := t.health(f); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: journal: %w", err)
	}
	return nil
}

// item counts a page that was stored for the first time on the day it was published.
func (t *tx) item(f intel.Fetch) error {
	if f.Outcome != "stored" || f.Discovery || f.SourceID == "" {
		return nil
	}
	var before bool
	if err := t.one(`SELECT EXISTS (SELECT 1 FROM fetches WHERE url = ? AND outcome = 'stored')`, f.URL).Scan(&before); err != nil || before {
		return err
	}
	day, lag, lagged := f.At, int64(0), 0
	if !f.Published.IsZero() && !f.Published.Time().After(f.At) {
		day = f.Published.Time()
		if took := f.At.Sub(day); f.Published.Precision() == intel.PrecisionSecond && took <= lagWithin {
			lag, lagged = int64(took/time.Second), 1
		}
	}
	return t.exec(`INSERT INTO source_days (source_id, day, items, lag, lagged) VALUES (?, ?, 1, ?, ?)
		ON CONFLICT DO UPDATE SET items = items + 1, lag = lag + excluded.lag, lagged = lagged + excluded.lagged`, f.SourceID, dayOf(day), lag, lagged)
}

func dayOf(t time.Time) int64 { return int64(math.Floor(float64(t.Unix()) / 86400)) }

// succeeded reports whether an attempt shows that the source can be read.
func succeeded(f intel.Fetch) bool {
	return slices.Contains([]string{"stored", "unchanged", "not-report", "discovery", "duplicate", "purged"}, f.Outcome)
}

// health notes an attempt at its source. Only discovery decides whether a source is failing: a dead link on a page is not. What is
// asked on the way (robots.txt) says nothing of it.
func (t *tx) health(f intel.Fetch) error {
	if f.Outcome == "discovery" && !f.Discovery {
		return nil
	}
	var last int64
	var before, robots string
	err := t.one(`SELECT last_success, last_error, robots FROM sources WHERE id = ?`, f.SourceID).Scan(&last, &before, &robots)
	if noRows(err) {
		return nil
	}
	if err != nil {
		return err
	}
	at, failure, ruled := f.At.UnixNano(), before, robots
	success := last
	if succeeded(f) {
		success = max(last, at)
		if f.Discovery {
			failure = ""
		}
	} else if f.Discovery {
		failure = f.Outcome + ": " + f.Error
	}
	switch {
	case f.Discovery && f.Robots != "":
		ruled = f.Robots
	case f.Robots == "disallowed" && robots != "disallowed":
		ruled = "partly"
	}
	if err := t.exec(`UPDATE sources SET last_attempt = max(last_attempt, ?), last_success = ?, last_error = ?, robots = ? WHERE id = ?`, at, success, failure, ruled, f.SourceID); err != nil {
		return err
	}
	if failure != before || success-last > int64(freshEvery) {
		_, err = t.changed("source", f.SourceID)
	}
	return err
}

// habit fills in what a source publishes against what it used to.
func (s *Store) habit(ctx context.Context, q queryer, h *intel.SourceHealth) error {
	today := dayOf(s.o.Clock())
	recent, before := today-recentDays, today-recentDays-habitDays
	var first, last, items, earlier, lag, lagged int64
	err := q.QueryRowContext(ctx, `SELECT coalesce(min(day), 0), coalesce(max(day), 0), coalesce(sum(items) FILTER (WHERE day > ?2), 0),
		coalesce(sum(items) FILTER (WHERE day > ?3 AND day <= ?2), 0), coalesce(sum(lag) FILTER (WHERE day > ?2 - 21), 0), coalesce(sum(lagged) FILTER (WHERE day > ?2 - 21), 0)
		FROM source_days WHERE source_id = ?1`, h.ID, recent, before).Scan(&first, &last, &items, &earlier, &lag, &lagged)
	if err != nil || last == 0 {
		return err
	}
	h.PerDay = hundredths(float64(items) / recentDays)
	// A feed that reaches back ten days only says nothing of the days before.
	if days := min(habitDays, recent-first+1); days > 0 {
		h.Habit = hundredths(float64(earlier) / float64(days))
	}
	if lagged > 0 {
		h.LagSeconds = lag / lagged
	}
	if patience := int64(3); h.Habit > 0 {
		patience = max(patience, int64(math.Ceil(5/h.Habit)))
		if today-last > patience {
			h.SilentSince = intel.DateOf(time.Unix(last*86400, 0).UTC())
		}
	}
	return nil
}

func hundredths(x float64) float64 { return math.Round(x*100) / 100 }

// Last implements intel.Journal.
func (s *Store) Last(ctx context.Context, url string) (intel.Fetch, error) {
	f, err := body[intel.Fetch](ctx, s.read, `SELECT body FROM fetches WHERE url = ? AND (outcome IN ('stored', 'unchanged', 'discovery', 'not-report', 'duplicate', 'purged', 'too-large')
		OR outcome IN ('http-error', 'blocked') AND json_extract(body, '$.status') IN (401, 402, 404, 410, 451)) ORDER BY id DESC LIMIT 1`, url)
	if err != nil {
		return f, fmt.Errorf("store: last fetch of %s: %w", url, err)
	}
	return f, nil
}

// Remember implements intel.Memory.
func (s *Store) Remember(ctx context.Context, memos []intel.Memo) error {
	err := s.update(ctx, func(t *tx) error {
		for _, m := range memos {
			q, args := `DELETE FROM crawl_memos WHERE source_id = ? AND kind = ? AND key = ?`, []any{m.SourceID, m.Kind, m.Key}
			if len(m.Value) > 0 {
				q, args = `INSERT OR REPLACE INTO crawl_memos (source_id, kind, key, value) VALUES (?, ?, ?, ?)`, append(args, m.Value)
			}
			if err := t.exec(q, args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: remember: %w", err)
	}
	return nil
}

// Memos implements intel.Memory.
func (s *Store) Memos(ctx context.Context, sourceID string) ([]intel.Memo, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT kind, key, value FROM crawl_memos WHERE source_id = ? ORDER BY kind, key`, sourceID)
	if err != nil {
		return nil, fmt.Errorf("store: memos of %q: %w", sourceID, err)
	}
	defer rows.Close() //nolint:errcheck // only read
	var out []intel.Memo
	for rows.Next() {
		m := intel.Memo{SourceID: sourceID}
		if err := rows.Scan(&m.Kind, &m.Key, &m.Value); err != nil {
			return nil, fmt.Errorf("store: memos of %q: %w", sourceID, err)
		}
		out = append(out, m)
	}
	return out, rows.Err()
}
