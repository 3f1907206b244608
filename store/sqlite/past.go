package sqlite

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// ActorsAt implements intel.Past.
func (s *Store) ActorsAt(ctx context.Context, at time.Time) ([]intel.Actor, error) {
	out, err := s.actorsAt(ctx, at)
	if err != nil {
		return nil, fmt.Errorf("store: actors as of %s: %w", at.Format(time.RFC3339), err)
	}
	return out, nil
}

func (s *Store) actorsAt(ctx context.Context, at time.Time) ([]intel.Actor, error) {
	calm := context.WithoutCancel(ctx)
	begun, err := s.read.BeginTx(calm, nil)
	if err != nil {
		return nil, err
	}
	defer begun.Rollback() //nolint:errcheck // only read
	q, then := prepare(begun, ctx.Err), moment(at)
	actors, err := bodies[intel.Actor](calm, q, `SELECT coalesce((SELECT v.body FROM actor_versions v WHERE v.actor_id = a.id AND v.recorded_to > ?1 ORDER BY v.recorded_to LIMIT 1), a.body)
		FROM actors a WHERE a.recorded_from <= ?1 ORDER BY a.id`, then)
	for i := 0; err == nil && i < len(actors); i++ {
		err = actorAt(calm, q, &actors[i], then)
	}
	return actors, err
}

// actorAt gives an actor the names, relations and decisions held at a moment.
func actorAt(ctx context.Context, q queryer, a *intel.Actor, then int64) error {
	var err error
	if a.Names, err = bodies[intel.Name](ctx, q, `SELECT body FROM names WHERE actor_id = ? AND `+heldThen+` ORDER BY rowid`, a.ID, then, then); err != nil {
		return err
	}
	if a.Relations, err = bodies[intel.Relation](ctx, q, `SELECT body FROM relations WHERE from_id = ? AND `+heldThen+` ORDER BY type, to_id, source`, a.ID, then, then); err != nil {
		return err
	}
	inForce, err := bodies[intel.Decision](ctx, q, `SELECT body FROM decisions WHERE subject = ? AND `+heldThen+` ORDER BY recorded_from, id`, a.ID, then, then)
	if err != nil {
		return err
	}
	a.MergedInto = ""
	for _, d := range inForce {
		if d.Kind == intel.DecideMerge {
			a.MergedInto = d.Object
		}
	}
	correctActor(a, inForce)
	return nil
}

// heldThen is true of what was recorded by a moment and not yet ended; it takes the moment twice.
const heldThen = `recorded_from <= ? AND (recorded_to = 0 OR recorded_to > ?)`

// moment is a time as the store keeps it; the zero time is now and later.
func moment(at time.Time) int64 {
	if at.IsZero() {
		return math.MaxInt64
	}
	return at.UnixNano()
}

// DecisionsAt implements intel.Past.
func (s *Store) DecisionsAt(ctx context.Context, at time.Time) ([]intel.Decision, error) {
	made, err := bodies[intel.Decision](ctx, s.read, `SELECT body FROM decisions WHERE recorded_from <= ? ORDER BY recorded_from, id`, moment(at))
	if err != nil {
		return nil, fmt.Errorf("store: decisions as of %s: %w", at.Format(time.RFC3339), err)
	}
	for i := range made {
		if !at.IsZero() && made[i].UndoneAt.After(at) {
			made[i].UndoneAt = time.Time{}
		}
	}
	return made, nil
}
