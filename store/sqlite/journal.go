package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// freshEvery is how often a source that keeps succeeding is put into the feed, so that coverage stays true without moving the
// index's generation on each fetch.
const freshEvery = 10 * time.Minute

// SaveSources implements intel.Saver.
func (s *Store) SaveSources(ctx context.Context, sources []intel.Source) error {
	err := s.update(ctx, func(t *tx) error {
		listed, err := t.listed()
		if err != nil {
			return err
		}
		for _, src := range sources {
			b, err := encode(src)
			if err != nil {
				return err
			}
			before, known := listed[src.ID]
			delete(listed, src.ID)
			if known && before == b {
				continue
			}
			if err := t.exec(`INSERT INTO sources (id, body, listed) VALUES (?, ?, 1) ON CONFLICT (id) DO UPDATE SET body = excluded.body, listed = 1`, src.ID, b); err != nil {
				return err
			}
			if _, err := t.changed("source", src.ID); err != nil {
				return err
			}
		}
		for id := range listed {
			if err := t.exec(`UPDATE sources SET listed = 0 WHERE id = ?`, id); err != nil {
				return err
			}
			if _, err := t.changed("source", id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: save sources: %w", err)
	}
	return nil
}

func (t *tx) listed() (map[string]string, error) {
	rows, err := t.QueryContext(t.ctx, `SELECT id, body FROM sources WHERE listed = 1`)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // only read
	out := map[string]string{}
	for rows.Next() {
		var id, b string
		if err := rows.Scan(&id, &b); err != nil {
			return nil, err
		}
		out[id] = b
	}
	return out, rows.Err()
}

// Note implements intel.Journal.
func (s *Store) Note(ctx context.Context, fetches []intel.Fetch) error {
	err := s.update(ctx, func(t *tx) error {
		for _, f := range fetches {
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

// succeeded reports whether an attempt shows that the source can be read.
func succeeded(f intel.Fetch) bool {
	return slices.Contains([]string{"stored", "unchanged", "not-report", "discovery", "duplicate", "purged"}, f.Outcome)
}

// health notes an attempt at its source. Only discovery decides whether a source is failing: a dead link on a page is not.
func (t *tx) health(f intel.Fetch) error {
	var last int64
	var before string
	err := t.one(`SELECT last_success, last_error FROM sources WHERE id = ?`, f.SourceID).Scan(&last, &before)
	if noRows(err) {
		return nil
	}
	if err != nil {
		return err
	}
	at, failure := f.At.UnixNano(), before
	success := last
	if succeeded(f) {
		success = max(last, at)
		if f.Discovery {
			failure = ""
		}
	} else if f.Discovery {
		failure = f.Outcome + ": " + f.Error
	}
	if err := t.exec(`UPDATE sources SET last_attempt = max(last_attempt, ?), last_success = ?, last_error = ? WHERE id = ?`, at, success, failure, f.SourceID); err != nil {
		return err
	}
	if failure != before || success-last > int64(freshEvery) {
		_, err = t.changed("source", f.SourceID)
	}
	return err
}

// Last implements intel.Journal.
func (s *Store) Last(ctx context.Context, url string) (intel.Fetch, error) {
	f, err := body[intel.Fetch](ctx, s.read, `SELECT body FROM fetches WHERE url = ? AND outcome IN ('stored', 'unchanged', 'discovery', 'not-report', 'duplicate', 'purged') ORDER BY id DESC LIMIT 1`, url)
	if err != nil {
		return f, fmt.Errorf("store: last fetch of %s: %w", url, err)
	}
	return f, nil
}

// Health implements intel.Journal.
func (s *Store) Health(ctx context.Context) ([]intel.SourceHealth, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT id FROM sources WHERE listed = 1 ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("store: health: %w", err)
	}
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, errors.Join(fmt.Errorf("store: health: %w", err), rows.Close())
		}
		ids = append(ids, id)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("store: health: %w", err)
	}
	out := make([]intel.SourceHealth, 0, len(ids))
	for _, id := range ids {
		h, err := s.source(ctx, s.read, id)
		if err != nil {
			return nil, fmt.Errorf("store: health of %s: %w", id, err)
		}
		out = append(out, h)
	}
	return out, nil
}

func (s *Store) source(ctx context.Context, q queryer, id string) (intel.SourceHealth, error) {
	var h intel.SourceHealth
	var b []byte
	var listed bool
	var success, attempt int64
	err := q.QueryRowContext(ctx, `SELECT body, listed, last_success, last_attempt, last_error, reports FROM sources WHERE id = ?`, id).
		Scan(&b, &listed, &success, &attempt, &h.LastError, &h.Reports)
	if noRows(err) {
		return h, intel.ErrNotFound
	}
	if err != nil {
		return h, err
	}
	if err := json.Unmarshal(b, &h.Source); err != nil {
		return h, err
	}
	h.LastSuccess, h.LastAttempt = fromNano(success), fromNano(attempt)
	switch {
	case !listed || attempt == 0:
		h.State = "never"
	case h.LastError != "":
		h.State = "failing"
	default:
		h.State = "ok"
	}
	return h, nil
}
