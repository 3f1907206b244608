package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	err := q.QueryRowContext(ctx, `SELECT body, listed, last_success, last_attempt, last_error, reports, robots FROM sources WHERE id = ?`, id).
		Scan(&b, &listed, &success, &attempt, &h.LastError, &h.Reports, &h.Robots)
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
	case attempt == 0:
		h.State = "never"
	case !listed:
		h.State = "unlisted"
	case h.LastError != "":
		h.State = "failing"
	default:
		h.State = "ok"
	}
	return h, s.habit(ctx, q, &h)
}
