package sqlite

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/rapsheet/rapsheet/intel"
)

func noRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// SaveCatalogue implements intel.Saver. It is idempotent: an actor asserted as before costs a comparison.
func (s *Store) SaveCatalogue(ctx context.Context, origin string, c intel.Catalogue) (intel.CatalogueDiff, error) {
	diff := intel.CatalogueDiff{Added: []string{}, Changed: []string{}, Withdrawn: []string{}}
	err := s.update(ctx, func(t *tx) error {
		before, err := t.asserted(origin)
		if err != nil {
			return err
		}
		for _, a := range c.Actors {
			if err := t.assert(origin, a, before[a.ID], &diff); err != nil {
				return fmt.Errorf("actor %s: %w", a.ID, err)
			}
			delete(before, a.ID)
		}
		for id := range before {
			if err := t.withdraw(origin, id); err != nil {
				return err
			}
			diff.Withdrawn = append(diff.Withdrawn, id)
		}
		slices.Sort(diff.Withdrawn)
		return t.putOthers(origin, c)
	})
	if err != nil {
		return diff, fmt.Errorf("store: save catalogue %s: %w", origin, err)
	}
	return diff, nil
}

// asserted gives the digest of each actor that origin asserts.
func (t *tx) asserted(origin string) (map[string]string, error) {
	rows, err := t.QueryContext(t.ctx, `SELECT actor_id, digest FROM asserted WHERE origin = ? AND withdrawn = 0`, origin)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // only read
	out := map[string]string{}
	for rows.Next() {
		var id, digest string
		if err := rows.Scan(&id, &digest); err != nil {
			return nil, err
		}
		out[id] = digest
	}
	return out, rows.Err()
}

func (t *tx) assert(origin string, a intel.Actor, before string, diff *intel.CatalogueDiff) error {
	b, err := encode(a)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(b))
	digest := hex.EncodeToString(sum[:])
	switch before {
	case digest:
		diff.Unchanged++
		return nil
	case "":
		diff.Added = append(diff.Added, a.ID)
	default:
		diff.Changed = append(diff.Changed, a.ID)
	}
	held, err := t.s.actor(t.ctx, t, a.ID)
	if err == nil {
		a = lay(held, a)
	} else if !errors.Is(err, intel.ErrNotFound) {
		return err
	}
	if err := t.endRelations(held, a); err != nil {
		return err
	}
	a.Demo = false
	if err := t.putActor(a); err != nil {
		return err
	}
	return t.exec(`INSERT INTO asserted (origin, actor_id, digest) VALUES (?, ?, ?) ON CONFLICT (origin, actor_id) DO UPDATE SET digest = excluded.digest, withdrawn = 0`, origin, a.ID, digest)
}

// endRelations ends the relations that the sources of an assertion no longer state.
func (t *tx) endRelations(held, fresh intel.Actor) error {
	for _, r := range held.Relations {
		states := func(f intel.Relation) bool { return f.Type == r.Type && f.To == r.To && f.Source == r.Source }
		speaks := slices.ContainsFunc(fresh.Relations, func(f intel.Relation) bool { return f.Source == r.Source })
		if r.ReportID == "" && speaks && !slices.ContainsFunc(fresh.Relations, states) {
			if err := t.endRelation(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// lay puts a newer assertion over an actor held: what a person merged or another origin asserts stays; the names of the new
// assertion's sources that it no longer has are withdrawn, not deleted.
func lay(held, fresh intel.Actor) intel.Actor {
	out := fresh
	out.MergedInto = held.MergedInto
	sources := map[string]bool{}
	for _, n := range fresh.Names {
		sources[n.Source] = true
	}
	for _, n := range held.Names {
		if slices.ContainsFunc(fresh.Names, func(f intel.Name) bool { return f.Name == n.Name && f.Source == n.Source && f.UsedBy == n.UsedBy }) {
			continue
		}
		n.Withdrawn = n.Withdrawn || sources[n.Source]
		out.Names = append(out.Names, n)
	}
	if held.Origin == "curated" || held.Origin == "embedded" && fresh.Origin != "curated" {
		out.Name, out.Kind, out.Origin = held.Name, held.Kind, held.Origin
	}
	out.Country = cmp.Or(out.Country, held.Country)
	return out
}

// withdraw marks what origin no longer asserts; it is kept.
func (t *tx) withdraw(origin, id string) error {
	if err := t.exec(`UPDATE asserted SET withdrawn = 1 WHERE origin = ? AND actor_id = ?`, origin, id); err != nil {
		return err
	}
	var others int
	if err := t.one(`SELECT count(*) FROM asserted WHERE actor_id = ? AND withdrawn = 0`, id).Scan(&others); err != nil || others > 0 {
		return err
	}
	a, err := t.s.actor(t.ctx, t, id)
	if err != nil {
		return err
	}
	a.Withdrawn = true
	return t.putActor(a)
}

// putOthers keeps software, techniques, campaigns and joins as their catalogue has them.
func (t *tx) putOthers(origin string, c intel.Catalogue) error {
	software, err := encode(c.Software)
	if err != nil {
		return err
	}
	techniques, err := encode(c.Techniques)
	if err != nil {
		return err
	}
	campaigns, err := encode(c.Campaigns)
	if err != nil {
		return err
	}
	joins, err := encode(c.Joins)
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO catalogue (origin, version, software, techniques, campaigns, joins) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (origin) DO UPDATE SET version = excluded.version, software = excluded.software, techniques = excluded.techniques,
		campaigns = excluded.campaigns, joins = excluded.joins`, origin, c.Version, software, techniques, campaigns, joins)
}

// actor puts an actor together from its record, names and relations.
func (s *Store) actor(ctx context.Context, q queryer, id string) (intel.Actor, error) {
	a, err := body[intel.Actor](ctx, q, `SELECT body FROM actors WHERE id = ?`, id)
	if err != nil {
		return a, err
	}
	if a.Names, err = bodies[intel.Name](ctx, q, `SELECT body FROM names WHERE actor_id = ? AND recorded_to = 0 ORDER BY rowid`, id); err != nil {
		return a, err
	}
	a.Relations, err = bodies[intel.Relation](ctx, q, `SELECT body FROM relations WHERE from_id = ? AND recorded_to = 0 ORDER BY type, to_id, source`, id)
	return a, err
}

// Actors implements intel.Archive.
func (s *Store) Actors(ctx context.Context) (intel.Catalogue, error) {
	var c intel.Catalogue
	calm := context.WithoutCancel(ctx)
	begun, err := s.read.BeginTx(calm, nil)
	if err != nil {
		return c, fmt.Errorf("store: actors: %w", err)
	}
	defer begun.Rollback() //nolint:errcheck // only read
	t := prepare(begun, ctx.Err)
	ctx = calm
	bare, err := bodies[intel.Actor](ctx, t, `SELECT body FROM actors ORDER BY id`)
	if err != nil {
		return c, fmt.Errorf("store: actors: %w", err)
	}
	for i := range bare {
		if bare[i], err = s.decidedActor(ctx, t, bare[i].ID); err != nil {
			return c, fmt.Errorf("store: actor %s: %w", bare[i].ID, err)
		}
	}
	c.Actors = bare
	if err := others(ctx, t, &c); err != nil {
		return c, fmt.Errorf("store: actors: %w", err)
	}
	return c, nil
}

// others reads what catalogues hold besides actors.
func others(ctx context.Context, q queryer, c *intel.Catalogue) error {
	software, err := bodies[[]intel.Software](ctx, q, `SELECT software FROM catalogue ORDER BY origin`)
	if err != nil {
		return err
	}
	techniques, err := bodies[[]intel.Technique](ctx, q, `SELECT techniques FROM catalogue ORDER BY origin`)
	if err != nil {
		return err
	}
	campaigns, err := bodies[[]intel.Campaign](ctx, q, `SELECT campaigns FROM catalogue ORDER BY origin`)
	if err != nil {
		return err
	}
	joins, err := bodies[[]intel.Join](ctx, q, `SELECT joins FROM catalogue ORDER BY origin`)
	if err != nil {
		return err
	}
	c.Software, c.Techniques = slices.Concat(software...), slices.Concat(techniques...)
	c.Campaigns, c.Joins = slices.Concat(campaigns...), slices.Concat(joins...)
	return nil
}
