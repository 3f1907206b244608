package ledger

import (
	"cmp"
	"slices"

	"github.com/rapsheet/rapsheet/intel"
)

// Incident computes an incident from its claims. It never changes them. The claims must be those held, in any order; the id is
// the caller's.
func Incident(id string, claims []intel.Claim, story map[string]string) intel.Incident {
	in := intel.Incident{ID: id, Actors: []intel.ActorRef{}, Kinds: []intel.Kind{}, Reports: []string{}}
	sorted := slices.Clone(claims)
	slices.SortFunc(sorted, func(a, b intel.Claim) int {
		return cmp.Or(a.Published.Time().Compare(b.Published.Time()), cmp.Compare(a.Start, b.Start), cmp.Compare(a.ID, b.ID))
	})
	kinds := map[intel.Kind]int{}
	for _, c := range sorted {
		absorb(&in, c, kinds)
	}
	in.Kind = mainKind(kinds)
	in.Facets, in.Status = Status(claims)
	in.VictimAnswer = VictimAnswer(claims)
	in.Origins = Origins(claims, story)
	in.ClaimOnly = ClaimOnly(claims)
	in.Corroborated = Corroborated(in.Origins) && !in.ClaimOnly
	slices.Sort(in.Kinds)
	return in
}

// absorb adds what one claim says to its incident; claims come oldest first.
func absorb(in *intel.Incident, c intel.Claim, kinds map[intel.Kind]int) {
	if in.Victim.Name == "" {
		in.Victim = c.Victim
	}
	for _, n := range append([]string{c.Victim.Name}, c.Victim.Aliases...) {
		if n != "" && n != in.Victim.Name && !slices.Contains(in.Victim.Aliases, n) {
			in.Victim.Aliases = append(slices.Clone(in.Victim.Aliases), n)
		}
	}
	if c.Actor.Name != "" && !slices.ContainsFunc(in.Actors, func(a intel.ActorRef) bool { return actorKey(a) == actorKey(c.Actor) }) {
		in.Actors = append(in.Actors, c.Actor)
	}
	kinds[c.Kind]++
	for _, k := range append([]intel.Kind{c.Kind}, c.Kinds...) {
		if k != "" && !slices.Contains(in.Kinds, k) {
			in.Kinds = append(in.Kinds, k)
		}
	}
	in.Sector, in.Country = cmp.Or(in.Sector, c.Sector), cmp.Or(in.Country, c.Country)
	if finer(c.Occurred, in.Occurred) {
		in.Occurred = c.Occurred
	}
	if !slices.Contains(in.Reports, c.ReportID) {
		in.Reports = append(in.Reports, c.ReportID)
	}
	if !c.Published.IsZero() {
		if in.FirstReported.IsZero() {
			in.FirstReported = c.Published
		}
		in.LastReported = c.Published
	}
	in.Confidence = max(in.Confidence, c.Confidence)
	if in.RecordedFrom.IsZero() || c.RecordedFrom.Before(in.RecordedFrom) {
		in.RecordedFrom = c.RecordedFrom
	}
}

// finer reports whether a tells the time more exactly than b. A known time is finer than any unknown one, words than none.
func finer(a, b intel.Interval) bool {
	if a.Known() != b.Known() {
		return a.Known()
	}
	if !a.Known() {
		return b.Words == "" && a.Words != "" || b.Precision == "" && a.Precision != ""
	}
	order := intel.Precisions()
	return slices.Index(order, a.Precision) < slices.Index(order, b.Precision)
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
