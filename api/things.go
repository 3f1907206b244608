package api

import (
	"context"
	"fmt"
	"slices"
	"strings"
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

// resolveAll resolves names of actors and victims, and those that are nobody's as names of software and campaigns.
func (s *server) resolveAll(ctx context.Context, items []intel.EnrichItem, o intel.EnrichOptions) ([]intel.EnrichResult, error) {
	out, err := s.Reader.Resolve(ctx, items, o)
	if err != nil {
		return nil, err
	}
	return out, s.addThings(ctx, out, o)
}

// enrichAll is resolveAll with histories; a free text is answered by what it names.
func (s *server) enrichAll(ctx context.Context, items []intel.EnrichItem, o intel.EnrichOptions) ([]intel.EnrichResult, error) {
	out, err := s.Reader.Enrich(ctx, items, o)
	if err != nil {
		return nil, err
	}
	if err := s.addThings(ctx, out, o); err != nil {
		return nil, err
	}
	for i := range out {
		r := &out[i]
		if isThing(*r) && r.Status == "found" {
			if err := s.thingHistory(ctx, r, o); err != nil {
				return nil, err
			}
		}
		if err := s.readText(ctx, r, items[i].Type, o); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// addThings answers for names that are no actor's and no victim's, and for those asked for as software or campaign. What was a name of
// these at a moment of the past is not on record.
func (s *server) addThings(ctx context.Context, out []intel.EnrichResult, o intel.EnrichOptions) error {
	for i := range out {
		r := &out[i]
		if r.Status != "not_found" || r.Type != "text" && !isThingType(r.Type) {
			continue
		}
		if !o.AsOf.IsZero() || s.Archive == nil {
			if isThingType(r.Type) {
				r.Why = []string{"names of software and campaigns are not kept as they were: ask without as_of"}
			}
			continue
		}
		t, err := s.things.get(ctx, s.Archive)
		if err != nil {
			return err
		}
		found := t.Resolve(r.Value)
		if isThingType(r.Type) {
			found = slices.DeleteFunc(found, func(c intel.Candidate) bool { return c.Type != r.Type })
		}
		switch len(found) {
		case 0:
			continue
		case 1:
			r.Status = "found"
			if r.Type == "text" {
				r.Type = found[0].Type
			}
		default:
			r.Status = "ambiguous"
		}
		r.Candidates = found[:min(len(found), mostCandidates(o))]
	}
	return nil
}

func isThingType(t string) bool { return t == names.TypeSoftware || t == names.TypeCampaign }

// isThing reports whether an answer is about software or a campaign.
func isThing(r intel.EnrichResult) bool {
	return len(r.Candidates) > 0 && isThingType(r.Candidates[0].Type)
}

// mostCandidates is the most candidates that an answer lists.
func mostCandidates(o intel.EnrichOptions) int {
	if o.MaxCandidates > 0 {
		return o.MaxCandidates
	}
	return defaultLimit
}

// Bounds of the history of software and campaigns: incidents read for it, and listed.
const (
	thingRead   = maxLimit
	thingLatest = 10
)

// thingHistory adds what the reports tell that name the software or campaign: its incidents are those of which a claim's sentence names it.
func (s *server) thingHistory(ctx context.Context, r *intel.EnrichResult, o intel.EnrichOptions) error {
	name := r.Candidates[0].Name
	q := intel.Query{Text: phrase(name), MaxTLP: o.MaxTLP, Limit: thingRead, Sort: "newest"}
	reports, err := s.Reader.Search(ctx, intel.Query{Text: q.Text, MaxTLP: o.MaxTLP, Limit: 1})
	if err != nil {
		return fmt.Errorf("api: history of %s: %w", r.Candidates[0].ID, err)
	}
	page, err := s.Reader.Incidents(ctx, q)
	if err != nil {
		return fmt.Errorf("api: history of %s: %w", r.Candidates[0].ID, err)
	}
	r.Summary = &intel.Summary{Reports: reports.Total, Sectors: []intel.Count{}, Countries: []intel.Count{}}
	origins := map[string]bool{}
	called := names.Fold(name)
	for _, d := range page.Items {
		said := false
		for _, c := range d.Claims {
			if called != "" && strings.Contains(" "+names.Fold(c.Quote)+" ", " "+called+" ") {
				said = true
				origins[c.SaidBy.Name] = true
			}
		}
		if said {
			countIncident(r, d.Incident, o.MinConfidence)
		}
	}
	r.Summary.Origins = len(origins)
	return nil
}

// countIncident adds one incident, of which the newest come first.
func countIncident(r *intel.EnrichResult, in intel.Incident, minConfidence float64) {
	sum := r.Summary
	if in.Confidence < minConfidence && !in.Reviewed {
		sum.BelowThreshold++
		return
	}
	sum.Incidents++
	if sum.LastReported.IsZero() || sum.LastReported.Time().Before(in.LastReported.Time()) {
		sum.LastReported = in.LastReported
	}
	if sum.FirstReported.IsZero() || !in.FirstReported.IsZero() && in.FirstReported.Time().Before(sum.FirstReported.Time()) {
		sum.FirstReported = in.FirstReported
	}
	if in.ClaimOnly {
		sum.ClaimOnly++
	}
	if in.Status == intel.StanceDenied || in.VictimAnswer == string(intel.StanceDenied) {
		sum.Denied++
	}
	if in.Corroborated {
		sum.Corroborated++
	}
	if len(r.Incidents) < thingLatest {
		r.Incidents = append(r.Incidents, in)
	}
}

// phrase quotes a name for the query language.
func phrase(name string) string { return `"` + strings.ReplaceAll(name, `"`, " ") + `"` }
