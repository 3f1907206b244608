package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

// pastReports is the most reports that STIX objects of the past are written from in one answer.
const pastReports = 2000

// past gathers what answers about the past are about, as it was on record then, for a graph of its own. Everything in it is stamped
// with the moment asked for: a later version of an object is later than it, so what is told of the past overrides nothing.
type past struct {
	s    *server
	q    intel.Query
	g    *exchange.Graph
	seq  int64
	seen map[string]bool
}

// pastGraph makes the graph that answers given under as_of are written from.
func (s *server) pastGraph(ctx context.Context, o intel.EnrichOptions, results []intel.EnrichResult) (*exchange.Graph, error) {
	p := &past{s: s, q: intel.Query{AsOf: o.AsOf, MaxTLP: o.MaxTLP, MinConfidence: o.MinConfidence}, g: exchange.NewGraph(o.MinConfidence), seen: map[string]bool{}}
	var reports []string
	for _, r := range results {
		for _, c := range r.Candidates {
			if err := p.thing(ctx, c.Type, c.ID); err != nil {
				return nil, err
			}
		}
		for i := range r.Incidents {
			in := &r.Incidents[i]
			reports = append(reports, in.Reports...)
			if err := p.incident(ctx, in); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(reports)
	reports = slices.Compact(reports)
	if len(reports) > pastReports {
		return nil, bad(http.StatusUnprocessableEntity, fmt.Sprintf("as_of: these answers rest on %d reports, and %d can be written as they were: ask for fewer items", len(reports), pastReports), Pointer{"/as_of", "too much"})
	}
	for _, id := range reports {
		if err := p.report(ctx, id); err != nil {
			return nil, err
		}
	}
	return p.g, p.g.Settle()
}

// once reports whether a thing is met for the first time.
func (p *past) once(kind, id string) bool {
	key := kind + "\x00" + id
	if id == "" || p.seen[key] {
		return false
	}
	p.seen[key] = true
	return true
}

func (p *past) apply(c intel.Change) {
	p.seq++
	c.Seq, c.At = p.seq, p.q.AsOf
	p.g.Apply(c)
}

// unknown reports whether an error says that a thing was not on record then; it is left out, and what names it goes by its name.
func unknown(err error) bool {
	return errors.Is(err, intel.ErrNotFound) || errors.Is(err, intel.ErrPurged) || errors.Is(err, intel.ErrAmbiguous)
}

func (p *past) thing(ctx context.Context, kind, id string) error {
	if !p.once(kind, id) {
		return nil
	}
	if kind == "victim" {
		v, err := p.s.Reader.Victim(ctx, id, p.q)
		if err == nil {
			p.apply(intel.Change{What: "victim", ID: v.ID, Victim: &v.Victim})
		}
		return knownThen(err)
	}
	a, err := p.s.Reader.Actor(ctx, id, p.q)
	if err == nil {
		p.apply(intel.Change{What: "actor", ID: a.ID, Actor: &a.Actor})
	}
	return knownThen(err)
}

func knownThen(err error) error {
	if unknown(err) {
		return nil
	}
	return err
}

func (p *past) incident(ctx context.Context, in *intel.Incident) error {
	if !p.once("incident", in.ID) {
		return nil
	}
	for _, a := range in.Actors {
		if err := p.thing(ctx, "actor", a.ID); err != nil {
			return err
		}
	}
	if err := p.thing(ctx, "victim", in.Victim.ID); err != nil {
		return err
	}
	p.apply(intel.Change{What: "incident", ID: in.ID, Incident: in})
	return nil
}

func (p *past) report(ctx context.Context, id string) error {
	rec, err := p.s.Reader.Report(ctx, id, p.q)
	if err != nil {
		return knownThen(err)
	}
	rec.Text = ""
	rec.Claims = slices.DeleteFunc(slices.Clone(rec.Claims), func(c intel.Claim) bool { return !c.HeldAt(p.q.AsOf) })
	for i := range rec.Claims {
		rec.Claims[i].RecordedTo = time.Time{} // what ended it came later
	}
	p.apply(intel.Change{What: "report", ID: id, Record: &rec})
	return nil
}
