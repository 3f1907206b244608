package sqlite

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// cross puts together the incidents that the entry just saved showed to be one. What a person decided about stays as it is.
func (t *tx) cross() error {
	bridges := t.bridges
	t.bridges = nil
	for _, ids := range bridges {
		if len(ids) < 2 {
			continue
		}
		if err := t.flush(); err != nil { // all claims are written from here on
			return err
		}
		apart, err := t.undecided(ids)
		if err != nil {
			return err
		}
		for i := 1; i < len(apart); i++ {
			if err := t.unite(apart[0].ID, apart[i].ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// undecided are the incidents among ids that stand for themselves and that no person decided about, the one recorded first in front.
func (t *tx) undecided(ids []string) ([]intel.Incident, error) {
	var out []intel.Incident
	for _, id := range ids {
		decided, err := t.isDecided(id)
		if err != nil {
			return nil, err
		}
		in, err := body[intel.Incident](t.ctx, t, `SELECT body FROM incidents WHERE id = ?`, id)
		if err != nil {
			return nil, err
		}
		if !decided && in.MergedInto == "" && !strings.HasPrefix(id, splitPrefix) {
			out = append(out, in)
		}
	}
	slices.SortFunc(out, func(a, b intel.Incident) int {
		return cmp.Or(a.RecordedFrom.Compare(b.RecordedFrom), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

// unite records the claims of an incident anew in another, to which it leads from now on.
func (t *tx) unite(into, from string) error {
	claims, err := bodies[intel.Claim](t.ctx, t, `SELECT body FROM claims WHERE incident_id = ? AND recorded_to = 0`, from)
	if err != nil {
		return err
	}
	for _, c := range claims {
		if err := t.moveClaim(c, into); err != nil {
			return err
		}
	}
	if err := t.exec(`UPDATE incidents SET joined_into = ? WHERE id = ?`, into, from); err != nil {
		return err
	}
	t.reread(into)
	return t.recompute(map[string]bool{into: true, from: true})
}
