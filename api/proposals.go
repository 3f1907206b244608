package api

import (
	"context"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// proposals lists records that may be one. Pairs that a person split are not proposed again.
func (s *server) proposals(c echo.Context) (any, error) {
	ctx := c.Request().Context()
	kind := c.QueryParam("type")
	if kind != "" && kind != "actor" && kind != "victim" {
		return nil, bad(422, "type: choose actor or victim", Pointer{"/type", "unknown"})
	}
	var actors []intel.Actor
	var victims []intel.Victim
	if kind != "victim" {
		all, err := s.Archive.Actors(ctx)
		if err != nil {
			return nil, err
		}
		actors = all.Actors
	}
	if kind != "actor" {
		var err error
		if victims, err = s.organisations(ctx); err != nil {
			return nil, err
		}
	}
	decided, err := s.Archive.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	split := splitPairs(actors, decided)
	out := slices.DeleteFunc(names.Propose(actors, victims), func(p names.Proposal) bool {
		return split[[2]string{p.A.ID, p.B.ID}] || split[[2]string{p.B.ID, p.A.ID}]
	})
	if out == nil {
		out = []names.Proposal{}
	}
	return list(s, out), nil
}

// organisations are the victims on record, all of them: a pair left out unsaid would pass for two that were compared.
func (s *server) organisations(ctx context.Context) ([]intel.Victim, error) {
	var out []intel.Victim
	q := intel.Query{Limit: maxLimit}
	for {
		page, err := s.Reader.Victims(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, v := range page.Items {
			out = append(out, v.Victim)
		}
		if q.Cursor = page.NextCursor; q.Cursor == "" {
			return out, nil
		}
	}
}

// splitPairs are the actors that people split, by the record that each decision names.
func splitPairs(actors []intel.Actor, decided []intel.Decision) map[[2]string]bool {
	out := map[[2]string]bool{}
	for _, d := range decided {
		if d.Kind != intel.DecideSplit || d.Object == "" || !d.UndoneAt.IsZero() {
			continue
		}
		for _, a := range actors {
			for origin, ids := range a.ExternalIDs {
				if a.ID != d.Subject && slices.ContainsFunc(ids, func(id string) bool { return intel.Join{Origin: origin, Record: id}.Key() == d.Object }) {
					out[[2]string{d.Subject, a.ID}] = true
				}
			}
		}
	}
	return out
}
