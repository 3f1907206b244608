package sqlite

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

// refresh computes anew what a decision touches.
func (t *tx) refresh(d intel.Decision) error {
	touched := map[string]bool{}
	for _, id := range []string{d.Subject, d.Object, splitID(d)} {
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
		if what == "incident" {
			touched[id] = true
			continue
		}
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
	return t.recompute(touched)
}

// incidentsNaming are the incidents with a claim that names a victim or an actor, and those now filed under the victim.
func (t *tx) incidentsNaming(what, id string) ([]string, error) {
	query, args := `SELECT DISTINCT incident_id FROM claims WHERE recorded_to = 0 AND json_extract(body, '$.actor.id') = ?`, []any{id}
	if what == "victim" {
		query = `SELECT id FROM incidents WHERE victim_id = ? UNION SELECT incident_id FROM claims WHERE recorded_to = 0 AND json_extract(body, '$.victim.id') = ?`
		args = append(args, id)
	}
	return t.strings(query, args...)
}

// redecide writes into an actor's or victim's record what it was merged into. Corrections are not written: they are laid over
// the record when it is read, so that taking one back needs no memory of what was there before.
func (t *tx) redecide(what, id string) error {
	merged, err := t.mergedInto(id)
	if err != nil {
		return err
	}
	if what == "victim" {
		v, err := body[intel.Victim](t.ctx, t, `SELECT body FROM victims WHERE id = ?`, id)
		if err != nil {
			return err
		}
		v.MergedInto = merged
		return t.putVictim(v)
	}
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

func correctVictim(v *intel.Victim, inForce []intel.Decision) {
	for _, d := range inForce {
		if d.Kind != intel.DecideCorrection {
			continue
		}
		switch d.Field {
		case "name":
			v.Name = d.Value
			if !slices.Contains(v.Names, d.Value) {
				v.Names = append([]string{d.Value}, v.Names...)
			}
		case "country":
			v.Country = d.Value
		case "sector":
			v.Sector = d.Value
		case "parent":
			v.Parent = d.Value
		}
	}
}

func correctActor(a *intel.Actor, inForce []intel.Decision) {
	for _, d := range inForce {
		switch {
		case d.Kind != intel.DecideCorrection:
		case d.Field == "name":
			a.Name, a.Reviewed = d.Value, true
		case d.Field == "country":
			a.Country, a.Reviewed = d.Value, true
		}
	}
}

// recompute computes incidents anew from their claims, and those they were merged into after them.
func (t *tx) recompute(touched map[string]bool) error {
	victims := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(touched)) {
		for range maxChain {
			was, filed, err := t.recomputeOne(id)
			if err != nil {
				return err
			}
			victims[was], victims[filed] = true, true
			into, err := t.mergedInto(id)
			if err != nil {
				return err
			}
			if into == "" || touched[into] && into > id {
				break
			}
			id = into
		}
	}
	delete(victims, "")
	for _, id := range slices.Sorted(maps.Keys(victims)) {
		if err := t.weigh(id); err != nil {
			return err
		}
	}
	return nil
}

// maxChain bounds how far merges are followed; merge refuses circles, so this is only a belt.
const maxChain = 32

// recomputeOne computes one incident from the claims held of it and of what was merged into it, and lays the decisions in force
// over the result. It answers the organisations that the incident was and is filed under.
func (t *tx) recomputeOne(id string) (was, filed string, err error) {
	var recorded int64
	var joined string
	if err := t.one(`SELECT recorded_from, joined_into, victim_id FROM incidents WHERE id = ?`, id).Scan(&recorded, &joined, &was); err != nil {
		return "", "", fmt.Errorf("incident %s: %w", id, err)
	}
	claims, err := t.claimsOf(id, maxChain)
	if err != nil {
		return "", "", err
	}
	in, err := t.assemble(id, claims)
	if err != nil {
		return "", "", err
	}
	in.RecordedFrom, in.MergedInto = fromNano(recorded), joined
	if err := t.standFor(&in); err != nil {
		return "", "", err
	}
	// The organisation it is filed under stays when a person says that it was no victim: the next report that tells the same
	// joins this incident and does not bring the mistake back.
	filed = in.Victim.ID
	if err := t.lay(&in); err != nil {
		return "", "", err
	}
	if err := t.putIncident(in, filed); err != nil {
		return "", "", err
	}
	_, err = t.changed("incident", id)
	return was, filed, err
}

// claimsOf are the claims held of an incident and of those merged into it, the ones being saved last.
func (t *tx) claimsOf(id string, depth int) ([]intel.Claim, error) {
	written, err := t.written(id)
	claims := slices.Concat(written, t.pending[id])
	if err != nil || depth == 0 {
		return claims, err
	}
	if decided, err := t.isDecided(id); err != nil || !decided {
		return claims, err
	}
	merged, err := t.strings(`SELECT subject FROM decisions WHERE object = ? AND kind = 'merge' AND recorded_to = 0`, id)
	if err != nil {
		return nil, err
	}
	for _, other := range merged {
		more, err := t.claimsOf(other, depth-1)
		if err != nil {
			return nil, err
		}
		claims = append(claims, more...)
	}
	return claims, nil
}

// assemble is the incident by the ledger's rules. One whose claims were all taken back or read differently since keeps what its
// last claims said it was about, without status or reports; one whose claims were all purged keeps its id alone.
func (t *tx) assemble(id string, claims []intel.Claim) (intel.Incident, error) {
	if len(claims) > 0 {
		story, err := t.stories(claims)
		if err != nil {
			return intel.Incident{}, err
		}
		return ledger.Incident(id, claims, story), t.annotate(claims, story)
	}
	ended, err := bodies[intel.Claim](t.ctx, t, `SELECT body FROM claims WHERE incident_id = ? ORDER BY recorded_to DESC, id LIMIT 20`, id)
	if err != nil {
		return intel.Incident{}, err
	}
	in := ledger.Incident(id, ended, nil)
	in.Reports, in.Status, in.Facets, in.VictimAnswer = []string{}, intel.StanceRetracted, intel.FacetStatus{}, "none found"
	in.Origins, in.Corroborated, in.ClaimOnly, in.Confidence = map[intel.SpeakerKind]int{}, false, false, 0
	if len(ended) == 0 {
		in.Kind = ""
	}
	return in, nil
}

// annotate writes into the claims the origin each goes back to and how credible it is among the others, and writes the new ones.
func (t *tx) annotate(claims []intel.Claim, story map[string]string) error {
	grade := ledger.Grade(claims, story)
	reports, now := map[string]bool{}, map[string][]intel.Claim{}
	for _, c := range claims {
		origin := ledger.Speaker(c)
		if s := story[c.ReportID]; s != "" && c.SaidBy.Kind == intel.SpeakerMedia {
			origin = string(intel.SpeakerMedia) + ":" + s
		}
		before := c
		c.Origin, c.Credibility = origin, grade(c)
		now[c.IncidentID] = append(now[c.IncidentID], c)
		var err error
		switch {
		case t.fresh[c.ID]:
			err = t.insertClaim(c)
		case c.Origin != before.Origin || c.Credibility != before.Credibility:
			reports[c.ReportID] = true
			err = t.rewriteClaim(c)
		}
		if err != nil {
			return err
		}
	}
	for id, of := range now {
		t.wrote(id, of)
	}
	for _, id := range slices.Sorted(maps.Keys(reports)) {
		if _, err := t.changed("report", id); err != nil {
			return err
		}
	}
	return nil
}

// rewriteClaim writes what is noted beside a claim, which says the same as before.
func (t *tx) rewriteClaim(c intel.Claim) error {
	b, err := encode(c)
	if err != nil {
		return err
	}
	return t.exec(`UPDATE claims SET body = ? WHERE id = ? AND recorded_from = ?`, b, c.ID, c.RecordedFrom.UnixNano())
}

// standFor puts what a victim and its actors were merged into in their place.
func (t *tx) standFor(in *intel.Incident) error {
	if in.Victim.ID != "" {
		if err := t.standForVictim(&in.Victim); err != nil {
			return err
		}
	}
	return t.standForActors(in)
}

// standForVictim gives an organisation the id and name of its record, of what it was merged into where it was. The name a
// report used instead is an alias.
func (t *tx) standForVictim(ref *intel.VictimRef) error {
	id, err := t.canonical(ref.ID)
	if err != nil {
		return err
	}
	v, err := t.victimRecord(id)
	if errors.Is(err, intel.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	name := cmp.Or(v.Name, ref.Name)
	ref.Aliases = slices.DeleteFunc(slices.Clone(ref.Aliases), func(a string) bool { return a == name })
	if name != ref.Name && !slices.Contains(ref.Aliases, ref.Name) {
		ref.Aliases = append(ref.Aliases, ref.Name)
	}
	ref.ID, ref.Name = id, name
	return nil
}

// canonical follows merges from an id to what stands for it now.
func (t *tx) canonical(id string) (string, error) {
	for range maxChain {
		into, err := t.mergedInto(id)
		if err != nil || into == "" {
			return id, err
		}
		id = into
	}
	return id, nil
}

func (t *tx) standForActors(in *intel.Incident) error {
	actors := make([]intel.ActorRef, 0, len(in.Actors))
	for _, a := range in.Actors {
		id, err := t.canonical(a.ID)
		if err != nil {
			return err
		}
		if id != a.ID {
			target, err := body[intel.Actor](t.ctx, t, `SELECT body FROM actors WHERE id = ?`, id)
			if err != nil {
				return err
			}
			a.ID, a.Name = id, target.Name
		}
		if !slices.ContainsFunc(actors, func(b intel.ActorRef) bool { return cmp.Or(a.ID, a.Name) == cmp.Or(b.ID, b.Name) }) {
			actors = append(actors, a)
		}
	}
	in.Actors = actors
	return nil
}

// lay lays the decisions in force over an incident.
func (t *tx) lay(in *intel.Incident) error {
	inForce, err := t.decisions(in.ID)
	if err != nil {
		return err
	}
	if in.Victim.ID != "" {
		about, err := t.decisions(in.Victim.ID)
		if err != nil {
			return err
		}
		for _, d := range about {
			switch {
			case d.Kind == intel.DecideNotVictim:
				inForce = append(inForce, d)
			case d.Kind == intel.DecideCorrection && d.Field == "name" && d.Value != in.Victim.Name:
				in.Victim.Aliases = append(slices.Clone(in.Victim.Aliases), in.Victim.Name)
				in.Victim.Name = d.Value
			}
		}
	}
	for _, d := range inForce {
		intel.Lay(in, d)
	}
	if id, ok := strings.CutPrefix(in.ID, splitPrefix); ok && len(in.Reports) == 0 {
		d, err := body[intel.Decision](t.ctx, t, `SELECT body FROM decisions WHERE id = ? AND recorded_to <> 0`, id)
		if err == nil {
			in.MergedInto = d.Subject // the split was taken back
		} else if !errors.Is(err, intel.ErrNotFound) {
			return err
		}
	}
	return nil
}

// decisions are those in force about an id, oldest first.
func (t *tx) decisions(id string) ([]intel.Decision, error) {
	if decided, err := t.isDecided(id); err != nil || !decided {
		return nil, err
	}
	return bodies[intel.Decision](t.ctx, t, inForceQuery, id)
}

const inForceQuery = `SELECT body FROM decisions WHERE subject = ? AND recorded_to = 0 ORDER BY recorded_from, id`

// stories says which of the claims' reports carry one story.
func (t *tx) stories(claims []intel.Claim) (map[string]string, error) {
	seen := map[string]bool{}
	for _, c := range claims {
		if c.SaidBy.Kind == intel.SpeakerMedia {
			seen[c.ReportID] = true
		}
	}
	reports := make([]intel.Report, 0, len(seen))
	for _, id := range slices.Sorted(maps.Keys(seen)) {
		if len(seen) == 1 {
			return map[string]string{id: id}, nil // nothing to compare it with
		}
		r, err := t.print(id)
		if err != nil {
			return nil, err
		}
		reports = append(reports, r)
	}
	slices.SortFunc(reports, func(a, b intel.Report) int {
		return cmp.Or(a.Published.Time().Compare(b.Published.Time()), a.Recorded.Compare(b.Recorded), cmp.Compare(a.ID, b.ID))
	})
	return ledger.Stories(reports), nil
}
