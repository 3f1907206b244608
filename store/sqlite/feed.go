package sqlite

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// Head implements intel.Feed.
func (s *Store) Head(ctx context.Context) (int64, error) {
	var seq int64
	if err := s.read.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0) FROM changes`).Scan(&seq); err != nil {
		return 0, fmt.Errorf("store: head: %w", err)
	}
	return seq, nil
}

// Wait implements intel.Feed. It also looks now and then, since another process may have written.
func (s *Store) Wait(ctx context.Context, after int64) error {
	for {
		s.nmu.Lock()
		ch := s.notify
		s.nmu.Unlock()
		head, err := s.Head(ctx)
		if err != nil || head > after {
			return err
		}
		timer := time.NewTimer(pollEvery)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-ch:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// Changes implements intel.Feed. All changes of one call are read in one snapshot.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]intel.Change, error) {
	// The driver starts a goroutine for each statement that can be called off: here one look between statements does.
	calm := context.WithoutCancel(ctx)
	begun, err := s.read.BeginTx(calm, nil)
	if err != nil {
		return nil, fmt.Errorf("store: changes: %w", err)
	}
	defer begun.Rollback() //nolint:errcheck // only read
	t := prepare(begun, ctx.Err)
	ctx = calm
	rows, err := t.QueryContext(ctx, `SELECT seq, what, id, at FROM changes WHERE seq > ? ORDER BY seq LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("store: changes: %w", err)
	}
	var out []intel.Change
	for rows.Next() {
		var c intel.Change
		var at int64
		if err := rows.Scan(&c.Seq, &c.What, &c.ID, &at); err != nil {
			return nil, errors.Join(fmt.Errorf("store: changes: %w", err), rows.Close())
		}
		c.At = fromNano(at)
		out = append(out, c)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("store: changes: %w", err)
	}
	for i := range out {
		if err := s.hydrate(ctx, t, &out[i]); err != nil {
			return nil, fmt.Errorf("store: change %d (%s %s): %w", out[i].Seq, out[i].What, out[i].ID, err)
		}
	}
	return out, nil
}

// hydrate puts the state of the changed thing into a change. A thing that is gone (a victim after a purge) stays without one.
func (s *Store) hydrate(ctx context.Context, q queryer, c *intel.Change) error {
	var err error
	switch c.What {
	case "report":
		c.Record, err = pointer(s.record(ctx, q, c.ID))
	case "incident":
		c.Incident, err = pointer(body[intel.Incident](ctx, q, `SELECT body FROM incidents WHERE id = ?`, c.ID))
	case "actor":
		c.Actor, err = pointer(s.decidedActor(ctx, q, c.ID))
	case "victim":
		c.Victim, err = pointer(s.victim(ctx, q, c.ID))
	case "decision":
		c.Decision, err = pointer(body[intel.Decision](ctx, q, `SELECT body FROM decisions WHERE id = ?`, c.ID))
	case "source":
		c.Source, err = pointer(s.source(ctx, q, c.ID))
	}
	if errors.Is(err, intel.ErrNotFound) {
		return nil
	}
	return err
}

// victim is the record of an organisation with the corrections in force laid over it.
func (s *Store) victim(ctx context.Context, q queryer, id string) (intel.Victim, error) {
	v, err := body[intel.Victim](ctx, q, `SELECT body FROM victims WHERE id = ?`, id)
	if err != nil {
		return v, err
	}
	inForce, err := bodies[intel.Decision](ctx, q, inForceQuery, id)
	correctVictim(&v, inForce)
	return v, err
}

// decidedActor is an actor with the corrections in force laid over it.
func (s *Store) decidedActor(ctx context.Context, q queryer, id string) (intel.Actor, error) {
	a, err := s.actor(ctx, q, id)
	if err != nil {
		return a, err
	}
	inForce, err := bodies[intel.Decision](ctx, q, inForceQuery, id)
	correctActor(&a, inForce)
	return a, err
}

func pointer[T any](v T, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	return &v, nil
}

// Record implements intel.Archive.
func (s *Store) Record(ctx context.Context, reportID string) (intel.Record, error) {
	rec, err := s.record(ctx, s.read, reportID)
	if errors.Is(err, intel.ErrNotFound) {
		var n int
		if qerr := s.read.QueryRowContext(ctx, `SELECT count(*) FROM tombstones WHERE report_id = ?`, reportID).Scan(&n); qerr == nil && n > 0 {
			err = intel.ErrPurged
		}
	}
	if err != nil {
		return intel.Record{}, fmt.Errorf("store: report %s: %w", reportID, err)
	}
	return rec, nil
}

func (s *Store) record(ctx context.Context, q queryer, id string) (intel.Record, error) {
	var head, found, packed, print []byte
	err := q.QueryRowContext(ctx, `SELECT body, mentions, text, fingerprint FROM reports WHERE id = ?`, id).Scan(&head, &found, &packed, &print)
	if noRows(err) {
		return intel.Record{}, intel.ErrNotFound
	}
	if err != nil {
		return intel.Record{}, err
	}
	r, err := decode[intel.Report](head)
	if err != nil {
		return intel.Record{}, err
	}
	m, err := decode[mentions](found)
	if err != nil {
		return intel.Record{}, err
	}
	text, err := s.unzip.DecodeAll(packed, nil)
	if err != nil {
		return intel.Record{}, err
	}
	r.Fingerprint = unpackPrint(print)
	rec := intel.Record{Report: r, Text: string(text), Actors: m.Actors, Software: m.Software, Observables: m.Observables, CVEs: m.CVEs, Techniques: m.Techniques}
	if rec.Claims, err = bodies[intel.Claim](ctx, q, `SELECT body FROM claims WHERE report_id = ? ORDER BY recorded_from, id`, id); err != nil {
		return rec, err
	}
	if r.Version > 1 {
		if rec.Versions, err = bodies[intel.Report](ctx, q, `SELECT body FROM report_versions WHERE report_id = ? ORDER BY version`, id); err != nil {
			return rec, err
		}
	}
	rec.Relations, err = bodies[intel.Relation](ctx, q, `SELECT body FROM relations WHERE report_id = ? AND recorded_to = 0 ORDER BY from_id, type, to_id`, id)
	return rec, err
}

// Reports implements intel.Archive.
func (s *Store) Reports(ctx context.Context, f func(intel.Report) error) error {
	var after int64
	last := ""
	for {
		var id string
		err := s.read.QueryRowContext(ctx, `SELECT id, first_saved FROM reports WHERE first_saved > ? OR first_saved = ? AND id > ? ORDER BY first_saved, id LIMIT 1`, after, after, last).Scan(&id, &after)
		if noRows(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("store: reports: %w", err)
		}
		last = id
		rec, err := s.record(ctx, s.read, id)
		if errors.Is(err, intel.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("store: report %s: %w", id, err)
		}
		rec.Report.Text = rec.Text
		if err := f(rec.Report); err != nil {
			return err
		}
	}
}

// Count is how many reports are held.
func (s *Store) Count(ctx context.Context) (int, error) {
	var n int
	if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM reports`).Scan(&n); err != nil {
		return 0, fmt.Errorf("store: count: %w", err)
	}
	return n, nil
}

// Decisions implements intel.Archive.
func (s *Store) Decisions(ctx context.Context) ([]intel.Decision, error) {
	all, err := bodies[intel.Decision](ctx, s.read, `SELECT body FROM decisions ORDER BY recorded_from, id`)
	if err != nil {
		return nil, fmt.Errorf("store: decisions: %w", err)
	}
	return all, nil
}

func packPrint(p []uint32) []byte {
	b := make([]byte, 0, 4*len(p))
	for _, v := range p {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

func unpackPrint(b []byte) []uint32 {
	if len(b) == 0 {
		return nil
	}
	p := make([]uint32, len(b)/4)
	for i := range p {
		p[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return p
}
