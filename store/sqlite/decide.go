package sqlite

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

// Decide implements intel.Saver.
func (s *Store) Decide(ctx context.Context, d intel.Decision) (intel.Decision, error) {
	switch {
	case !d.Kind.Valid():
		return d, fmt.Errorf("store: decide: kind %q: %w", d.Kind, intel.ErrInvalid)
	case d.By == "" || d.Reason == "":
		return d, fmt.Errorf("store: decide: a decision is signed and says why: %w", intel.ErrInvalid)
	}
	err := s.update(ctx, func(t *tx) error {
		d.ID, d.At = s.o.NewID(), t.now
		if d.TLP == "" {
			d.TLP = intel.TLPAmber
		}
		if err := t.carryOut(d); err != nil {
			return err
		}
		b, err := encode(d)
		if err != nil {
			return err
		}
		if err := t.exec(`INSERT INTO decisions (id, kind, subject, body, recorded_from) VALUES (?, ?, ?, ?, ?)`, d.ID, d.Kind, d.Subject, b, t.now.UnixNano()); err != nil {
			return err
		}
		if err := t.refresh(d); err != nil {
			return err
		}
		_, err = t.changed("decision", d.ID)
		return err
	})
	if err != nil {
		return d, fmt.Errorf("store: decide %s %s: %w", d.Kind, d.Subject, err)
	}
	if d.Kind == intel.DecidePurge {
		return d, s.scrub(ctx)
	}
	return d, nil
}

// carryOut checks a decision and does what cannot be recomputed from it later: a purge, an undo, the moving of claims.
func (t *tx) carryOut(d intel.Decision) error {
	switch d.Kind {
	case intel.DecidePurge:
		return t.purge(d.Subject)
	case intel.DecideUndo:
		return t.undo(d.Subject)
	case intel.DecideMerge:
		return t.merge(d.Subject, d.Object)
	case intel.DecideSplit:
		return t.split(d)
	default:
		what, err := t.whatIs(d.Subject)
		if err == nil && d.Kind == intel.DecideWrongActor && what != "incident" {
			return fmt.Errorf("wrong-actor is decided about an incident: %w", intel.ErrInvalid)
		}
		if err == nil && d.Kind == intel.DecideCorrection && !slices.Contains(correctable(what), d.Field) {
			return fmt.Errorf("field %q of %s cannot be corrected; choose from %v: %w", d.Field, what, correctable(what), intel.ErrInvalid)
		}
		return err
	}
}

func correctable(what string) []string {
	switch what {
	case "incident":
		return []string{"country", "sector", "kind"}
	case "victim":
		return []string{"name", "country", "sector", "parent"}
	case "actor":
		return []string{"name", "country"}
	}
	return nil
}

// whatIs says what an id names.
func (t *tx) whatIs(id string) (string, error) {
	for what, query := range map[string]string{
		"incident": `SELECT count(*) FROM incidents WHERE id = ?`, "actor": `SELECT count(*) FROM actors WHERE id = ?`, "victim": `SELECT count(*) FROM victims WHERE id = ?`,
	} {
		var n int
		if err := t.QueryRowContext(t.ctx, query, id).Scan(&n); err != nil {
			return "", err
		}
		if n > 0 {
			return what, nil
		}
	}
	return "", fmt.Errorf("no incident, actor or victim %q: %w", id, intel.ErrNotFound)
}

func (t *tx) merge(from, into string) error {
	a, err := t.whatIs(from)
	if err != nil {
		return err
	}
	b, err := t.whatIs(into)
	if err != nil {
		return err
	}
	if a != b || from == into {
		return fmt.Errorf("merge two different things of one kind, not %s and %s: %w", a, b, intel.ErrInvalid)
	}
	return nil
}

// split moves claims to a new incident; the old one keeps its id.
func (t *tx) split(d intel.Decision) error {
	if len(d.Claims) == 0 {
		return fmt.Errorf("name the claims to split off: %w", intel.ErrInvalid)
	}
	id := "split-" + d.ID
	for _, claim := range d.Claims {
		c, err := body[intel.Claim](t.ctx, t, `SELECT body FROM claims WHERE id = ? AND incident_id = ? AND recorded_to = 0`, claim, d.Subject)
		if err != nil {
			return fmt.Errorf("claim %s of incident %s: %w", claim, d.Subject, err)
		}
		if err := t.moveClaim(c, id); err != nil {
			return err
		}
	}
	return t.putIncident(intel.Incident{ID: id, RecordedFrom: t.now})
}

// moveClaim ends a claim where it is and records it anew in another incident, so that as_of still answers what was.
func (t *tx) moveClaim(c intel.Claim, incident string) error {
	if err := t.endClaim(c); err != nil {
		return err
	}
	c.IncidentID, c.RecordedFrom = incident, t.now
	b, err := encode(c)
	if err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO claims (id, report_id, incident_id, body, recorded_from) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id, recorded_from) DO UPDATE SET incident_id = excluded.incident_id, body = excluded.body, recorded_to = 0`,
		c.ID, c.ReportID, incident, b, t.now.UnixNano()); err != nil {
		return err
	}
	_, err = t.changed("report", c.ReportID)
	return err
}

func (t *tx) undo(id string) error {
	d, err := body[intel.Decision](t.ctx, t, `SELECT body FROM decisions WHERE id = ? AND recorded_to = 0`, id)
	if err != nil {
		return fmt.Errorf("decision %s: %w", id, err)
	}
	if d.Kind == intel.DecidePurge || d.Kind == intel.DecideUndo {
		return fmt.Errorf("a %s cannot be taken back: %w", d.Kind, intel.ErrInvalid)
	}
	d.UndoneAt = t.now
	b, err := encode(d)
	if err != nil {
		return err
	}
	if err := t.exec(`UPDATE decisions SET body = ?, recorded_to = ? WHERE id = ?`, b, t.now.UnixNano(), id); err != nil {
		return err
	}
	if d.Kind == intel.DecideSplit {
		claims, err := bodies[intel.Claim](t.ctx, t, `SELECT body FROM claims WHERE incident_id = ? AND recorded_to = 0`, "split-"+d.ID)
		if err != nil {
			return err
		}
		for _, c := range claims {
			if err := t.moveClaim(c, d.Subject); err != nil {
				return err
			}
		}
	}
	if _, err := t.changed("decision", id); err != nil {
		return err
	}
	return t.refresh(d)
}

// refresh computes anew what a decision touches.
func (t *tx) refresh(d intel.Decision) error {
	touched := map[string]bool{}
	subjects := []string{d.Subject, d.Object, "split-" + d.ID}
	for _, id := range subjects {
		if id == "" {
			continue
		}
		what, err := t.whatIs(id)
		if errors.Is(err, intel.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		switch what {
		case "incident":
			touched[id] = true
		case "victim", "actor":
			if err := t.redecide(what, id); err != nil {
				return err
			}
			ids, err := t.incidentsNaming(what, id)
			if err != nil {
				return err
			}
			for _, in := range ids {
				touched[in] = true
			}
		}
	}
	return t.recompute(touched)
}

func (t *tx) incidentsNaming(what, id string) ([]string, error) {
	query := `SELECT id FROM incidents WHERE victim_id = ?`
	if what == "actor" {
		query = `SELECT DISTINCT incident_id FROM claims WHERE recorded_to = 0 AND json_extract(body, '$.actor.id') = ?`
	}
	rows, err := t.QueryContext(t.ctx, query, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // only read
	var out []string
	for rows.Next() {
		var in string
		if err := rows.Scan(&in); err != nil {
			return nil, err
		}
		out = append(out, in)
	}
	return out, rows.Err()
}

// redecide lays the decisions in force over an actor or victim.
func (t *tx) redecide(what, id string) error {
	inForce, err := t.decisions(id)
	if err != nil {
		return err
	}
	merged := ""
	for _, d := range inForce {
		if d.Kind == intel.DecideMerge && d.Subject == id {
			merged = d.Object
		}
	}
	if what == "actor" {
		a, err := body[intel.Actor](t.ctx, t, `SELECT body FROM actors WHERE id = ?`, id)
		if err != nil {
			return err
		}
		a.MergedInto = merged
		b, err := encode(a)
		if err != nil {
			return err
		}
		if err := t.exec(`UPDATE actors SET body = ? WHERE id = ?`, b, id); err != nil {
			return err
		}
		_, err = t.changed("actor", id)
		return err
	}
	v, err := body[intel.Victim](t.ctx, t, `SELECT body FROM victims WHERE id = ?`, id)
	if err != nil {
		return err
	}
	v.MergedInto = merged
	for _, d := range inForce {
		if d.Kind == intel.DecideCorrection {
			correctVictim(&v, d)
		}
	}
	return t.putVictim(v)
}

func correctVictim(v *intel.Victim, d intel.Decision) {
	switch d.Field {
	case "name":
		v.Name = d.Value
	case "country":
		v.Country = d.Value
	case "sector":
		v.Sector = d.Value
	case "parent":
		v.Parent = d.Value
	}
}

// decisions are those in force about an id, oldest first.
func (t *tx) decisions(id string) ([]intel.Decision, error) {
	return bodies[intel.Decision](t.ctx, t, `SELECT body FROM decisions WHERE subject = ? AND recorded_to = 0 ORDER BY recorded_from, id`, id)
}

// recompute computes incidents anew from their claims and lays the decisions in force over them.
func (t *tx) recompute(touched map[string]bool) error {
	ids := make([]string, 0, len(touched))
	for id := range touched {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		if err := t.recomputeOne(id); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) recomputeOne(id string) error {
	before, err := body[intel.Incident](t.ctx, t, `SELECT body FROM incidents WHERE id = ?`, id)
	if err != nil {
		return err
	}
	claims, err := bodies[intel.Claim](t.ctx, t, `SELECT body FROM claims WHERE incident_id = ? AND recorded_to = 0`, id)
	if err != nil {
		return err
	}
	in := before
	if len(claims) > 0 {
		story, err := t.stories(claims)
		if err != nil {
			return err
		}
		in = ledger.Incident(id, claims, story)
		in.RecordedFrom = before.RecordedFrom
	} else {
		in.Reports, in.Status, in.Facets = []string{}, intel.StanceRetracted, intel.FacetStatus{}
	}
	in.MergedInto, in.Reviewed = "", false
	inForce, err := t.decisions(id)
	if err != nil {
		return err
	}
	if in.Victim.ID != "" {
		about, err := t.decisions(in.Victim.ID)
		if err != nil {
			return err
		}
		inForce = append(inForce, slices.DeleteFunc(about, func(d intel.Decision) bool { return d.Kind != intel.DecideNotVictim })...)
	}
	for _, d := range inForce {
		apply(&in, d)
	}
	if err := t.putIncident(in); err != nil {
		return err
	}
	_, err = t.changed("incident", id)
	return err
}

// apply lays one decision over an incident; a person's decision counts as certain.
func apply(in *intel.Incident, d intel.Decision) {
	in.Reviewed = true
	switch d.Kind {
	case intel.DecideNotVictim:
		in.Victim = intel.VictimRef{}
	case intel.DecideWrongActor:
		in.Actors = slices.DeleteFunc(slices.Clone(in.Actors), func(a intel.ActorRef) bool { return a.ID == d.Object || a.Name == d.Object })
		if len(in.Actors) == 0 {
			in.Facets.Attribution, in.Status = intel.StanceDisputed, in.Facets.Event
		}
	case intel.DecideMerge:
		in.MergedInto = d.Object
	case intel.DecideCorrection:
		switch d.Field {
		case "country":
			in.Country = d.Value
		case "sector":
			in.Sector = d.Value
		case "kind":
			in.Kind = intel.Kind(d.Value)
		}
	}
	in.Confidence = 1
}

// stories says which of the claims' reports carry one story.
func (t *tx) stories(claims []intel.Claim) (map[string]string, error) {
	var reports []intel.Report
	seen := map[string]bool{}
	for _, c := range claims {
		if seen[c.ReportID] || c.SaidBy.Kind != intel.SpeakerMedia {
			continue
		}
		seen[c.ReportID] = true
		r, err := body[intel.Report](t.ctx, t, `SELECT body FROM reports WHERE id = ?`, c.ReportID)
		if err != nil {
			return nil, err
		}
		var print []byte
		if err := t.QueryRowContext(t.ctx, `SELECT fingerprint FROM reports WHERE id = ?`, c.ReportID).Scan(&print); err != nil {
			return nil, err
		}
		r.Fingerprint = unpackPrint(print)
		reports = append(reports, r)
	}
	slices.SortFunc(reports, func(a, b intel.Report) int {
		if d := a.Published.Time().Compare(b.Published.Time()); d != 0 {
			return d
		}
		return a.Recorded.Compare(b.Recorded)
	})
	return ledger.Stories(reports), nil
}

// purge removes a report and everything read from it; a content-free tombstone stays.
func (t *tx) purge(id string) error {
	r, err := body[intel.Report](t.ctx, t, `SELECT body FROM reports WHERE id = ?`, id)
	if err != nil {
		return fmt.Errorf("report %s: %w", id, err)
	}
	touched := map[string]bool{}
	claims, err := bodies[intel.Claim](t.ctx, t, `SELECT body FROM claims WHERE report_id = ?`, id)
	if err != nil {
		return err
	}
	for _, c := range claims {
		touched[c.IncidentID] = true
	}
	for _, q := range []string{
		`DELETE FROM claims WHERE report_id = ?`, `DELETE FROM relations WHERE report_id = ?`, `DELETE FROM report_versions WHERE report_id = ?`,
		`DELETE FROM reports WHERE id = ?`, `DELETE FROM changes WHERE what = 'report' AND id = ?`,
	} {
		if err := t.exec(q, id); err != nil {
			return err
		}
	}
	if err := t.exec(`DELETE FROM fetches WHERE url = ?`, r.URL); err != nil {
		return err
	}
	if err := t.exec(`UPDATE sources SET reports = max(0, reports - 1) WHERE id = ?`, r.SourceID); err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO tombstones (report_id, at) VALUES (?, ?)`, id, t.now.UnixNano()); err != nil {
		return err
	}
	if err := t.forget(touched); err != nil {
		return err
	}
	_, err = t.changed("purge", id)
	return err
}

// forget computes incidents anew after a purge. One that only the purged report told of keeps its id and nothing else; a victim
// that no claim names any more is removed.
func (t *tx) forget(touched map[string]bool) error {
	for id := range touched {
		in, err := body[intel.Incident](t.ctx, t, `SELECT body FROM incidents WHERE id = ?`, id)
		if err != nil {
			return err
		}
		var left int
		if err := t.QueryRowContext(t.ctx, `SELECT count(*) FROM claims WHERE incident_id = ?`, id).Scan(&left); err != nil {
			return err
		}
		if left > 0 {
			continue
		}
		if err := t.putIncident(intel.Incident{ID: id, RecordedFrom: in.RecordedFrom, Actors: []intel.ActorRef{}, Kinds: []intel.Kind{}, Reports: []string{}}); err != nil {
			return err
		}
		if err := t.forgetVictim(in.Victim.ID); err != nil {
			return err
		}
	}
	return t.recompute(touched)
}

func (t *tx) forgetVictim(id string) error {
	if id == "" {
		return nil
	}
	var left int
	if err := t.QueryRowContext(t.ctx, `SELECT count(*) FROM claims WHERE json_extract(body, '$.victim.id') = ?`, id).Scan(&left); err != nil || left > 0 {
		return err
	}
	if err := t.exec(`DELETE FROM victim_names WHERE victim_id = ?`, id); err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM victims WHERE id = ?`, id); err != nil {
		return err
	}
	_, err := t.changed("victim", id)
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
		return errors.New("store: purge: the report is gone from every answer, but a reader kept the log from being emptied; run the purge's 'rapsheet doctor' when idle")
	}
	return nil
}
