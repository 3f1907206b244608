package sqlite

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
	"github.com/rapsheet/rapsheet/names"
)

// identify gives the claims of one group the ids of their victim and actors, making records for those met first.
func (t *tx) identify(group []intel.Claim) error {
	victim := group[0].Victim
	if victim.Name != "" {
		id, err := t.victimID(victim, group[0])
		if err != nil {
			return err
		}
		victim.ID = id
	}
	for i := range group {
		group[i].Victim = victim
		if a := &group[i].Actor; a.Name != "" {
			id, err := t.actorID(*a)
			if err != nil {
				return err
			}
			a.ID = id
		}
	}
	return nil
}

// victimID finds the organisation by its folded name, by a name it was given in this report, or by an acronym that only one
// organisation has; else it makes a record. Similar names are never merged.
func (t *tx) victimID(v intel.VictimRef, c intel.Claim) (string, error) {
	if names.FoldOrg(v.Name) == "" {
		return "", fmt.Errorf("victim %q has no letters: %w", v.Name, intel.ErrInvalid)
	}
	id, err := t.findVictim(v, c.ReportID)
	if err != nil {
		return "", err
	}
	if id == "" {
		id = intel.UUIDv5("victim", names.FoldOrg(v.Name))
	}
	rec, err := t.victimRecord(id)
	known := err == nil
	if err != nil && !errors.Is(err, intel.ErrNotFound) {
		return "", err
	}
	if !known {
		rec = intel.Victim{ID: id, Name: v.Name, Names: []string{v.Name}, Sector: c.Sector, Country: c.Country, Demo: t.s.o.Demo}
	}
	if v.Aliases, err = t.ownAliases(id, rec, v); err != nil {
		return "", err
	}
	called := rec.Name
	if !absorb(&rec, v) && known {
		return id, nil
	}
	if rec.Name != called {
		t.renamed = append(t.renamed, id)
	}
	return id, t.putVictim(rec)
}

// findVictim looks for a victim by its name, then by the other names its report gives it. A whole name goes before an acronym,
// which means what the report says it means.
// A masked name may be anybody's: it is the victim of its own report, whoever else is masked alike.
func (t *tx) findVictim(v intel.VictimRef, report string) (string, error) {
	if names.Masked(v.Name) {
		return intel.UUIDv5("victim", "masked", report, v.Name), nil
	}
	var whole, short []string
	for _, n := range append([]string{v.Name}, v.Aliases...) {
		switch {
		case names.FoldOrg(n) == "":
		case names.IsAcronym(n):
			short = append(short, n)
		default:
			whole = append(whole, n)
		}
	}
	for _, n := range whole {
		if id, err := t.victimByFold(names.FoldOrg(n), false); err != nil || id != "" {
			return id, err
		}
	}
	for _, n := range short {
		id, err := t.victimByFold(names.FoldOrg(n), true)
		if err != nil || id == "" {
			return id, err
		}
		rec, err := t.victimRecord(id)
		if err != nil {
			return "", err
		}
		// A name seen whole for the first time is a new organisation, whoever else has its acronym, unless that one is known by
		// nothing but the acronym.
		if len(whole) == 0 || !slices.ContainsFunc(rec.Names, func(s string) bool { return !names.IsAcronym(s) }) {
			return id, nil
		}
	}
	return "", nil
}

// ownAliases leaves out the whole names that are another organisation's already: two names in one report are no proof that
// their owners are one.
func (t *tx) ownAliases(id string, rec intel.Victim, v intel.VictimRef) ([]string, error) {
	var out []string
	for _, n := range v.Aliases {
		if slices.Contains(rec.Names, n) {
			continue
		}
		if !names.IsAcronym(n) {
			owner, err := t.victimByFold(names.FoldOrg(n), false)
			if err != nil {
				return nil, err
			}
			if owner != "" && owner != id {
				continue
			}
		}
		out = append(out, n)
	}
	return out, nil
}

// victimByFold finds the record with a name. It does not follow merges: claims keep the organisation they name, so that a merge
// can be taken back; incidents follow them. An acronym finds an organisation only when no other has it.
func (t *tx) victimByFold(fold string, acronym bool) (string, error) {
	rows, err := t.QueryContext(t.ctx, `SELECT n.victim_id, n.acronym, json_extract(v.body, '$.merged_into') FROM victim_names n JOIN victims v ON v.id = n.victim_id WHERE n.fold = ? ORDER BY n.acronym, n.victim_id`, fold)
	if err != nil {
		return "", err
	}
	defer rows.Close() //nolint:errcheck // only read
	first, stands := "", map[string]bool{}
	for rows.Next() {
		var id string
		var short bool
		var merged *string
		if err := rows.Scan(&id, &short, &merged); err != nil {
			return "", err
		}
		if !short && !acronym {
			return id, rows.Err()
		}
		if first == "" {
			first = id
		}
		if merged != nil && *merged != "" {
			id = *merged
		}
		stands[id] = true
	}
	if len(stands) == 1 {
		return first, rows.Err()
	}
	return "", rows.Err()
}

// absorb adds the names that a report gives; it reports whether any was new.
func absorb(rec *intel.Victim, v intel.VictimRef) bool {
	changed := false
	for _, n := range append([]string{v.Name}, v.Aliases...) {
		if n != "" && !slices.Contains(rec.Names, n) && names.FoldOrg(n) != "" {
			rec.Names, changed = append(rec.Names, n), true
		}
	}
	if whole := names.Whole(rec.Names); names.IsAcronym(rec.Name) && whole != rec.Name {
		rec.Name, changed = whole, true // its whole name, met after its acronym
	}
	for _, d := range v.Domains {
		if !slices.Contains(rec.Domains, d) {
			rec.Domains, changed = append(rec.Domains, d), true
		}
	}
	return changed
}

// weigh writes into an organisation's record the sector and country that its incidents support best.
func (t *tx) weigh(id string) error {
	v, err := t.victimRecord(id)
	if errors.Is(err, intel.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	filed, err := t.filedUnder(id)
	if err != nil {
		return err
	}
	sector, country := ledger.VictimFacts(filed)
	if v.Sector == sector && v.Country == country {
		return nil
	}
	v.Sector, v.Country = sector, country
	return t.putVictim(v)
}

func (t *tx) putVictim(v intel.Victim) error {
	b, err := encode(v)
	if err != nil {
		return err
	}
	t.victims[v.ID] = v
	if err := t.exec(`INSERT INTO victims (id, body, recorded_from) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`, v.ID, b, t.now.UnixNano()); err != nil {
		return err
	}
	for _, n := range v.Names {
		if names.Masked(n) {
			continue // nobody is found by it
		}
		if err := t.exec(`INSERT INTO victim_names (fold, victim_id, acronym) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, names.FoldOrg(n), v.ID, names.IsAcronym(n)); err != nil {
			return err
		}
	}
	_, err = t.changed("victim", v.ID)
	return err
}

// actorID is the id the extractor gave, or that of a name no catalogue knows: a slug, kept as a reported actor with its
// evidence, never mapped to a similar one.
func (t *tx) actorID(a intel.ActorRef) (string, error) {
	id := a.ID
	if id == "" {
		id = names.Slug(names.StripSuffix(names.Fold(a.Name)))
	}
	if id == "" {
		id = intel.UUIDv5("actor", a.Name)
	}
	if t.actors[id] {
		return id, nil
	}
	var known int
	if err := t.one(`SELECT count(*) FROM actors WHERE id = ?`, id).Scan(&known); err != nil {
		return id, err
	}
	t.actors[id] = true
	if known > 0 {
		return id, nil
	}
	name := strings.TrimSpace(a.Name)
	rec := intel.Actor{
		ID: id, Name: name, Kind: intel.ActorGroup, Origin: "reported", Demo: t.s.o.Demo,
		Names: []intel.Name{{Name: name, Source: "reported", Extent: intel.ExtentExact, Match: intel.MatchCue}},
	}
	return id, t.putActor(rec)
}

// putActor stores an actor's record and lays its names and relations over those held: what is no longer asserted ends now.
func (t *tx) putActor(a intel.Actor) error {
	bare := a
	bare.Names, bare.Relations = nil, nil
	b, err := encode(bare)
	if err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO actor_versions (actor_id, body, recorded_to) SELECT id, body, ? FROM actors WHERE id = ? AND body <> ? ON CONFLICT DO NOTHING`, t.now.UnixNano(), a.ID, b); err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO actors (id, body, recorded_from) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`, a.ID, b, t.now.UnixNano()); err != nil {
		return err
	}
	if err := t.putNames(a); err != nil {
		return err
	}
	for _, r := range a.Relations {
		if err := t.putRelation(r); err != nil {
			return err
		}
	}
	_, err = t.changed("actor", a.ID)
	return err
}

func (t *tx) putNames(a intel.Actor) error {
	held, err := bodies[intel.Name](t.ctx, t, `SELECT body FROM names WHERE actor_id = ? AND recorded_to = 0`, a.ID)
	if err != nil {
		return err
	}
	for _, n := range a.Names {
		i := slices.IndexFunc(held, func(h intel.Name) bool { return h.Name == n.Name && h.Source == n.Source && h.UsedBy == n.UsedBy })
		if i >= 0 && held[i] == n {
			continue
		}
		if i >= 0 {
			if err := t.exec(`UPDATE names SET recorded_to = ? WHERE actor_id = ? AND name = ? AND source = ? AND used_by = ? AND recorded_to = 0`, t.now.UnixNano(), a.ID, n.Name, n.Source, n.UsedBy); err != nil {
				return err
			}
		}
		b, err := encode(n)
		if err != nil {
			return err
		}
		if err := t.exec(`INSERT INTO names (actor_id, name, source, used_by, body, recorded_from) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (actor_id, name, source, used_by, recorded_from) DO UPDATE SET body = excluded.body, recorded_to = 0`, a.ID, n.Name, n.Source, n.UsedBy, b, t.now.UnixNano()); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putRelation(r intel.Relation) error {
	b, err := encode(r)
	if err != nil {
		return err
	}
	var held string
	err = t.one(`SELECT body FROM relations WHERE from_id = ? AND type = ? AND to_id = ? AND source = ? AND report_id = ? AND recorded_to = 0`, r.From, r.Type, r.To, r.Source, r.ReportID).Scan(&held)
	if err != nil && !noRows(err) || held == b {
		return err
	}
	if held != "" {
		if err := t.exec(`UPDATE relations SET recorded_to = ? WHERE from_id = ? AND type = ? AND to_id = ? AND source = ? AND report_id = ? AND recorded_to = 0`,
			t.now.UnixNano(), r.From, r.Type, r.To, r.Source, r.ReportID); err != nil {
			return err
		}
	}
	return t.exec(`INSERT INTO relations (from_id, type, to_id, source, report_id, body, recorded_from) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (from_id, type, to_id, source, report_id, recorded_from) DO UPDATE SET body = excluded.body, recorded_to = 0`, r.From, r.Type, r.To, r.Source, r.ReportID, b, t.now.UnixNano())
}

// putRelations replaces the relations that a report states.
func (t *tx) putRelations(r intel.Report, stated []intel.Relation) error {
	held, err := bodies[intel.Relation](t.ctx, t, `SELECT body FROM relations WHERE report_id = ? AND recorded_to = 0`, r.ID)
	if err != nil {
		return err
	}
	again := map[intel.Relation]bool{}
	touched := map[string]bool{}
	for _, rel := range stated {
		if rel.From == "" || rel.To == "" || !rel.Type.Valid() {
			continue
		}
		rel.ReportID, rel.Source = r.ID, r.Publisher
		if rel.Since.IsZero() {
			rel.Since = r.Published.Date()
		}
		if r.Published.IsZero() {
			rel.Since = intel.Date{}
		}
		again[rel] = true
		if slices.Contains(held, rel) {
			continue
		}
		if err := t.putRelation(rel); err != nil {
			return err
		}
		touched[rel.From], touched[rel.To] = true, true
	}
	for _, rel := range held {
		if again[rel] {
			continue
		}
		if err := t.endRelation(rel); err != nil {
			return err
		}
		touched[rel.From], touched[rel.To] = true, true
	}
	for _, id := range slices.Sorted(maps.Keys(touched)) {
		if _, err := t.changed("actor", id); err != nil {
			return err
		}
	}
	return nil
}

// endRelation ends what is stated no more, unless something else is now stated of the same two in its place.
func (t *tx) endRelation(r intel.Relation) error {
	b, err := encode(r)
	if err != nil {
		return err
	}
	return t.exec(`UPDATE relations SET recorded_to = ? WHERE from_id = ? AND type = ? AND to_id = ? AND source = ? AND report_id = ? AND body = ? AND recorded_to = 0`,
		t.now.UnixNano(), r.From, r.Type, r.To, r.Source, r.ReportID, b)
}
