package api

import (
	"context"
	"slices"
	"sync"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// things are the software and campaigns of the catalogue, read when a name is first asked for that no actor or victim has. Catalogues
// are imported by the program that owns the folder, before it serves.
type things struct {
	mu   sync.Mutex
	held *names.Things
}

func (t *things) get(ctx context.Context, from intel.Archive) (*names.Things, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held != nil {
		return t.held, nil
	}
	c, err := from.Actors(ctx)
	if err != nil {
		return nil, err
	}
	t.held = names.NewThings(c)
	return t.held, nil
}

// resolveAll resolves names of actors and victims, and those that are nobody's as names of software and campaigns. What was a name of
// these at a moment of the past is not on record.
func (s *server) resolveAll(ctx context.Context, items []intel.EnrichItem, o intel.EnrichOptions) ([]intel.EnrichResult, error) {
	out, err := s.Reader.Resolve(ctx, items, o)
	if err != nil || !o.AsOf.IsZero() || s.Archive == nil {
		return out, err
	}
	for i := range out {
		r := &out[i]
		if r.Status != "not_found" || r.Type != "text" {
			continue
		}
		t, err := s.things.get(ctx, s.Archive)
		if err != nil {
			return nil, err
		}
		switch found := t.Resolve(r.Value); len(found) {
		case 0:
		case 1:
			r.Status, r.Candidates = "found", found
		default:
			r.Status, r.Candidates = "ambiguous", found
		}
	}
	return out, nil
}

// withoutThings is an answer for formats that know actors and victims alone.
func withoutThings(r intel.EnrichResult) intel.EnrichResult {
	if slices.ContainsFunc(r.Candidates, func(c intel.Candidate) bool { return c.Type == names.TypeSoftware || c.Type == names.TypeCampaign }) {
		r.Status, r.Candidates = "not_found", []intel.Candidate{}
	}
	return r
}
