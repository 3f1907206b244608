package sqlite

import (
	"context"
	"fmt"
	"slices"

	"github.com/rapsheet/rapsheet/intel"
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
		if err := t.exec(`INSERT INTO decisions (id, kind, subject, object, body, recorded_from) VALUES (?, ?, ?, ?, ?, ?)`, d.ID, d.Kind, d.Subject, d.Object, b, t.now.UnixNano()); err != nil {
			return err
		}
		t.decided = nil
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
		if err != nil {
			return err
		}
		return decidable(d, what)
	}
}

// decidable checks a decision that is laid over what is computed.
func decidable(d intel.Decision, what string) error {
	switch {
	case d.Kind == intel.DecideWrongActor && what != "incident":
		return fmt.Errorf("wrong-actor is decided about an incident, not %s %s: %w", article(what), what, intel.ErrInvalid)
	case d.Kind == intel.DecideWrongActor && d.Object == "":
		return fmt.Errorf("wrong-actor names the actor that it was not: %w", intel.ErrInvalid)
	case d.Kind == intel.DecideNotVictim && what == "actor":
		return fmt.Errorf("not-victim is decided about an incident or a victim: %w", intel.ErrInvalid)
	case d.Kind != intel.DecideCorrection:
		return nil
	case !slices.Contains(correctable(what), d.Field):
		return fmt.Errorf("field %q of %s %s cannot be corrected; choose from %v: %w", d.Field, article(what), what, correctable(what), intel.ErrInvalid)
	case d.Field == "kind" && !intel.Kind(d.Value).Valid():
		return fmt.Errorf("kind %q is not known; choose from %v: %w", d.Value, intel.Kinds(), intel.ErrInvalid)
	case d.Field == "name" && d.Value == "":
		return fmt.Errorf("a name cannot be corrected to nothing: %w", intel.ErrInvalid)
	}
	return nil
}

func article(what string) string {
	if what == "victim" {
		return "a"
	}
	return "an"
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
		if err := t.one(query, id).Scan(&n); err != nil {
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
	for _, id := range []string{from, into} {
		to, err := t.mergedInto(id)
		if err != nil {
			return err
		}
		if to != "" {
			return fmt.Errorf("%s was merged into %s already; undo that first or merge with %s: %w", id, to, to, intel.ErrConflict)
		}
	}
	return nil
}

// mergedInto is what a person merged an id into; empty when nobody did.
func (t *tx) mergedInto(id string) (string, error) {
	if decided, err := t.isDecided(id); err != nil || !decided {
		return "", err
	}
	var into string
	err := t.one(`SELECT object FROM decisions WHERE subject = ? AND kind = 'merge' AND recorded_to = 0 ORDER BY recorded_from DESC LIMIT 1`, id).Scan(&into)
	if noRows(err) {
		return "", nil
	}
	return into, err
}

// isDecided reports whether a decision in force names an id.
func (t *tx) isDecided(id string) (bool, error) {
	if t.decided == nil {
		ids, err := t.strings(`SELECT subject FROM decisions WHERE recorded_to = 0 UNION SELECT object FROM decisions WHERE recorded_to = 0`)
		if err != nil {
			return false, err
		}
		t.decided = make(map[string]bool, len(ids))
		for _, id := range ids {
			t.decided[id] = true
		}
	}
	return t.decided[id], nil
}

// split moves claims to a new incident; the old one keeps its id.
func (t *tx) split(d intel.Decision) error {
	what, err := t.whatIs(d.Subject)
	if err != nil {
		return err
	}
	if what == "actor" {
		return t.splitActor(d)
	}
	if len(d.Claims) == 0 {
		return fmt.Errorf("name the claims to split off: %w", intel.ErrInvalid)
	}
	if what != "incident" {
		return fmt.Errorf("split an incident, not %s %s: %w", article(what), what, intel.ErrInvalid)
	}
	id := splitID(d)
	if err := t.putIncident(intel.Incident{ID: id, RecordedFrom: t.now}, ""); err != nil {
		return err
	}
	moved := map[string]bool{}
	for _, claim := range d.Claims {
		if moved[claim] {
			continue
		}
		moved[claim] = true
		c, err := body[intel.Claim](t.ctx, t, `SELECT body FROM claims WHERE id = ? AND incident_id = ? AND recorded_to = 0`, claim, d.Subject)
		if err != nil {
			return fmt.Errorf("claim %s of incident %s: %w", claim, d.Subject, err)
		}
		if err := t.moveClaim(c, id); err != nil {
			return err
		}
	}
	var left int
	if err := t.one(`SELECT count(*) FROM claims WHERE incident_id = ? AND recorded_to = 0`, d.Subject).Scan(&left); err != nil {
		return err
	}
	if left == 0 {
		return fmt.Errorf("a split leaves at least one claim with incident %s: %w", d.Subject, intel.ErrInvalid)
	}
	return nil
}

// splitActor checks that a record was joined to the actor. Who keeps the catalogues then joins them anew, without it.
func (t *tx) splitActor(d intel.Decision) error {
	var c intel.Catalogue
	if err := others(t.ctx, t, &c); err != nil {
		return err
	}
	var joined []string
	for _, j := range c.Joins {
		if j.Actor == d.Subject {
			joined = append(joined, j.Key())
		}
	}
	switch {
	case len(d.Claims) > 0:
		return fmt.Errorf("an actor is split by the record of a catalogue that is not it, not by claims: %w", intel.ErrInvalid)
	case len(joined) == 0:
		return fmt.Errorf("nothing was joined to actor %s: %w", d.Subject, intel.ErrInvalid)
	case !slices.Contains(joined, d.Object):
		return fmt.Errorf("object %q was not joined to actor %s; choose from %q: %w", d.Object, d.Subject, joined, intel.ErrInvalid)
	}
	return nil
}

// splitPrefix begins the id of an incident that a split made; the decision's id follows.
const splitPrefix = "split-"

func splitID(d intel.Decision) string { return splitPrefix + d.ID }

// moveClaim ends a claim where it is and records it anew in another incident, so that as_of still answers what was.
func (t *tx) moveClaim(c intel.Claim, incident string) error {
	if err := t.endClaim(c); err != nil {
		return err
	}
	c.IncidentID, c.RecordedFrom = incident, t.now
	if err := t.insertClaim(c); err != nil {
		return err
	}
	_, err := t.changed("report", c.ReportID)
	return err
}

func (t *tx) undo(id string) error {
	d, err := body[intel.Decision](t.ctx, t, `SELECT body FROM decisions WHERE id = ? AND recorded_to = 0`, id)
	if err != nil {
		return fmt.Errorf("decision %s: %w", id, err)
	}
	if d.Kind == intel.DecidePurge || d.Kind == intel.DecideUndo {
		return fmt.Errorf("the %s of %s cannot be taken back: %w", d.Kind, d.Subject, intel.ErrInvalid)
	}
	d.UndoneAt = t.now
	b, err := encode(d)
	if err != nil {
		return err
	}
	if err := t.exec(`UPDATE decisions SET body = ?, recorded_to = ? WHERE id = ?`, b, t.now.UnixNano(), id); err != nil {
		return err
	}
	t.decided = nil
	if d.Kind == intel.DecideSplit {
		claims, err := bodies[intel.Claim](t.ctx, t, `SELECT body FROM claims WHERE incident_id = ? AND recorded_to = 0`, splitID(d))
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
