package sqlite

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/rapsheet/rapsheet/intel"
)

// purge removes a report and everything read from it; a content-free tombstone stays.
func (t *tx) purge(id string) error {
	r, err := body[intel.Report](t.ctx, t, `SELECT body FROM reports WHERE id = ?`, id)
	if err != nil {
		return fmt.Errorf("report %s: %w", id, err)
	}
	claims, err := bodies[intel.Claim](t.ctx, t, `SELECT body FROM claims WHERE report_id = ?`, id)
	if err != nil {
		return err
	}
	related, err := t.strings(`SELECT from_id FROM relations WHERE report_id = ? UNION SELECT to_id FROM relations WHERE report_id = ?`, id, id)
	if err != nil {
		return err
	}
	if err := t.forgetFetches(r); err != nil {
		return err
	}
	for _, q := range []string{
		`DELETE FROM claims WHERE report_id = ?`, `DELETE FROM relations WHERE report_id = ?`, `DELETE FROM report_versions WHERE report_id = ?`,
		`DELETE FROM reports WHERE id = ?`,
	} {
		if err := t.exec(q, id); err != nil {
			return err
		}
	}
	if err := t.untold("report", id); err != nil {
		return err
	}
	if err := t.exec(`UPDATE sources SET reports = max(0, reports - 1) WHERE id = ?`, r.SourceID); err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO tombstones (report_id, at) VALUES (?, ?)`, id, t.now.UnixNano()); err != nil {
		return err
	}
	if err := t.forget(claims, related); err != nil {
		return err
	}
	_, err = t.changed("purge", id)
	return err
}

// forgetFetches removes the journal's lines about every address the report was read at.
func (t *tx) forgetFetches(r intel.Report) error {
	versions, err := bodies[intel.Report](t.ctx, t, `SELECT body FROM report_versions WHERE report_id = ?`, r.ID)
	if err != nil {
		return err
	}
	// Lists may name the page, and a list is only a copy: the next round reads it whole.
	if err := t.exec(`DELETE FROM crawl_memos WHERE kind = 'list'`); err != nil {
		return err
	}
	for _, v := range append(versions, r) {
		if err := t.exec(`DELETE FROM crawl_memos WHERE kind = 'retry' AND key IN (SELECT ?1 UNION SELECT url FROM fetches WHERE json_extract(body, '$.final_url') = ?1)`, v.URL); err != nil {
			return err
		}
		if err := t.exec(`DELETE FROM fetches WHERE url = ? OR json_extract(body, '$.final_url') = ?`, v.URL, v.URL); err != nil {
			return err
		}
	}
	return nil
}

// forget computes anew what the purged claims were about. An incident that only the purged report told of keeps its id and
// nothing else; victims keep the names that other claims give them and are removed when none does, and so are actors that only
// reports named.
func (t *tx) forget(claims []intel.Claim, related []string) error {
	incidents, victims, actors := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, id := range related {
		actors[id] = true
	}
	for _, c := range claims {
		incidents[c.IncidentID] = true
		if c.Victim.ID != "" {
			victims[c.Victim.ID] = true
		}
		if c.Actor.ID != "" {
			actors[c.Actor.ID] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(victims)) {
		if err := t.forgetVictim(id); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(actors)) {
		if err := t.forgetActor(id); err != nil {
			return err
		}
	}
	return t.recompute(incidents)
}

// forgetVictim writes a victim's record anew from the claims left; decisions about it stay laid over it.
func (t *tx) forgetVictim(id string) error {
	old, err := body[intel.Victim](t.ctx, t, `SELECT body FROM victims WHERE id = ?`, id)
	if errors.Is(err, intel.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	left, err := bodies[intel.Claim](t.ctx, t, `SELECT body FROM claims WHERE json_extract(body, '$.victim.id') = ? ORDER BY recorded_from, id`, id)
	if err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM victim_names WHERE victim_id = ?`, id); err != nil {
		return err
	}
	if len(left) == 0 {
		var merges int
		if err := t.one(`SELECT count(*) FROM decisions WHERE kind = 'merge' AND recorded_to = 0 AND (subject = ?1 OR object = ?1)`, id).Scan(&merges); err != nil {
			return err
		}
		if merges == 0 {
			delete(t.victims, id)
			if err := t.exec(`DELETE FROM victims WHERE id = ?`, id); err != nil {
				return err
			}
			_, err := t.changed("victim", id)
			return err
		}
		// Merges lead to it or from it: its id stays, its names do not.
		return t.putVictim(intel.Victim{ID: id, MergedInto: old.MergedInto, Names: []string{}, Demo: old.Demo})
	}
	rec := intel.Victim{ID: id, Name: left[0].Victim.Name, Names: []string{left[0].Victim.Name}, MergedInto: old.MergedInto, Demo: old.Demo}
	for _, c := range left {
		absorb(&rec, c.Victim)
	}
	return t.putVictim(rec)
}

// forgetActor removes an actor that no catalogue asserts and no claim or relation names any more.
func (t *tx) forgetActor(id string) error {
	a, err := body[intel.Actor](t.ctx, t, `SELECT body FROM actors WHERE id = ?`, id)
	if errors.Is(err, intel.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var left int
	err = t.one(`SELECT (SELECT count(*) FROM claims WHERE json_extract(body, '$.actor.id') = ?1) + (SELECT count(*) FROM relations WHERE from_id = ?1 OR to_id = ?1)
		+ (SELECT count(*) FROM decisions WHERE subject = ?1 OR object = ?1)`, id).Scan(&left)
	if err != nil {
		return err
	}
	if left == 0 && a.Origin == "reported" {
		for _, q := range []string{`DELETE FROM names WHERE actor_id = ?`, `DELETE FROM actor_versions WHERE actor_id = ?`, `DELETE FROM actors WHERE id = ?`} {
			if err := t.exec(q, id); err != nil {
				return err
			}
		}
		if err := t.untold("actor", id); err != nil {
			return err
		}
		id = intel.UUIDv5("actor", id) // the id is made of the name, which must be in no file: followers compare its digest
	}
	_, err = t.changed("actor", id)
	return err
}

// scrub empties the write-ahead log, so that what was purged is in no file; deleted pages are zeroed by secure_delete.
func (s *Store) scrub(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var busy, log, moved int
	if err := s.write.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &moved); err != nil {
		return fmt.Errorf("store: purge: empty the log: %w", err)
	}
	if busy != 0 {
		return errors.New("store: purge: the report is gone from every answer, but a reader kept the log file from being emptied: it is emptied when the store is next closed")
	}
	return nil
}
