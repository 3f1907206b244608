package ledger

import (
	"slices"

	"github.com/rapsheet/rapsheet/intel"
)

// Incident computes an incident from its claims. It never changes them. The claims must be those held, in any order; the id is
// the caller's.
func Incident(id string, claims []intel.Claim, story map[string]string) intel.Incident {
	in := intel.Incident{ID: id, Actors: []intel.ActorRef{}, Kinds: []intel.Kind{}, Reports: []string{}}
	var o Outline
	reports := map[string]bool{}
	for _, c := range sorted(claims, byAge) {
		absorb(&in, c)
		o.Add(c)
		if !reports[c.ReportID] {
			reports[c.ReportID] = true
			in.Reports = append(in.Reports, c.ReportID)
		}
	}
	in = o.Lay(in)
	in.Sector = supported(claims, story, func(c intel.Claim) string { return c.Sector })
	in.Country = supported(claims, story, func(c intel.Claim) string { return c.Country })
	ordered := inOrder(claims)
	words := lastWords(ordered)
	in.Facets, in.Status = status(claims, words)
	in.VictimAnswer = victimAnswer(ordered)
	in.Origins = origins(claims, words, story)
	in.ClaimOnly = claimOnly(words)
	in.Corroborated = Corroborated(in.Origins) && !in.ClaimOnly
	slices.Sort(in.Kinds)
	return in
}

// absorb adds what one claim says to its incident; claims come oldest first.
func absorb(in *intel.Incident, c intel.Claim) {
	if in.Victim.Name == "" {
		in.Victim = c.Victim
	}
	alias(in, c.Victim.Name)
	for _, n := range c.Victim.Aliases {
		alias(in, n)
	}
	if c.Actor.Name != "" && !slices.ContainsFunc(in.Actors, func(a intel.ActorRef) bool { return actorKey(a) == actorKey(c.Actor) }) {
		in.Actors = append(in.Actors, c.Actor)
	}
	addKind(in, c.Kind)
	for _, k := range c.Kinds {
		addKind(in, k)
	}
	in.Confidence = max(in.Confidence, c.Confidence)
	if in.RecordedFrom.IsZero() || c.RecordedFrom.Before(in.RecordedFrom) {
		in.RecordedFrom = c.RecordedFrom
	}
}

func addKind(in *intel.Incident, k intel.Kind) {
	if k != "" && !slices.Contains(in.Kinds, k) {
		in.Kinds = append(in.Kinds, k)
	}
}

func alias(in *intel.Incident, name string) {
	if name != "" && name != in.Victim.Name && !slices.Contains(in.Victim.Aliases, name) {
		in.Victim.Aliases = append(slices.Clone(in.Victim.Aliases), name)
	}
}

// mainKind is the kind most claims give; ties go to the order of intel.Kinds, which puts the specific ones first.
func mainKind(kinds map[intel.Kind]int) intel.Kind {
	best := intel.KindOther
	for _, k := range intel.Kinds() {
		if kinds[k] > 0 && (kinds[best] == 0 || kinds[k] > kinds[best] || best == intel.KindOther) {
			best = k
		}
	}
	return best
}
