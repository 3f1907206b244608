package ledger

import (
	"cmp"
	"slices"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// Status computes what is known of each facet from the claims that are held, and the flat status: attribution's where an actor
// is named, else event's; a retracted event is retracted whatever was attributed. Each speaker counts with its latest word only.
func Status(claims []intel.Claim) (intel.FacetStatus, intel.Stance) {
	words := latest(claims)
	fs := intel.FacetStatus{
		Event:       facet(words, intel.FacetEvent),
		Attribution: facet(words, intel.FacetAttribution),
		Impact:      facet(words, intel.FacetImpact),
	}
	flat := fs.Event
	if fs.Attribution != "" && slices.ContainsFunc(claims, func(c intel.Claim) bool { return c.Actor.Name != "" }) {
		flat = fs.Attribution
	}
	if fs.Event == intel.StanceRetracted {
		flat = intel.StanceRetracted
	}
	return fs, flat
}

// latest keeps of every speaker its last word on each facet and subject.
func latest(claims []intel.Claim) []intel.Claim {
	type key struct {
		facet   intel.Facet
		speaker string
		actor   string
	}
	last := map[key]intel.Claim{}
	for _, c := range claims {
		k := key{facet: c.Facet, speaker: Speaker(c)}
		if c.Facet == intel.FacetAttribution {
			k.actor = actorKey(c.Actor)
		}
		if old, ok := last[k]; !ok || supersedes(c, old) {
			last[k] = c
		}
	}
	out := make([]intel.Claim, 0, len(last))
	for _, c := range last {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b intel.Claim) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// supersedes reports whether a is a later word than b: by publication, then by recording, then the further along in its text;
// within one text the stronger stance wins, so that a sentence that repeats the news does not undo a confirmation.
func supersedes(a, b intel.Claim) bool {
	if a.ReportID == b.ReportID && a.RecordedFrom.Equal(b.RecordedFrom) {
		return rank(a.Stance) > rank(b.Stance) || a.Stance == b.Stance && a.Start < b.Start
	}
	if d := a.Published.Time().Compare(b.Published.Time()); d != 0 && !a.Published.IsZero() && !b.Published.IsZero() {
		return d > 0
	}
	return a.RecordedFrom.After(b.RecordedFrom)
}

func rank(s intel.Stance) int {
	return slices.Index([]intel.Stance{
		intel.StanceReported, intel.StanceClaimed, intel.StanceAttributed, intel.StanceDisputed, intel.StanceConfirmed, intel.StanceDenied, intel.StanceRetracted,
	}, s)
}

// facet applies the rules of doc/claims.md to the last words on one facet.
func facet(words []intel.Claim, f intel.Facet) intel.Stance {
	has := func(s intel.Stance, kinds ...intel.SpeakerKind) bool {
		return slices.ContainsFunc(words, func(c intel.Claim) bool {
			return c.Facet == f && c.Stance == s && (len(kinds) == 0 || slices.Contains(kinds, c.SaidBy.Kind))
		})
	}
	said := slices.ContainsFunc(words, func(c intel.Claim) bool { return c.Facet == f })
	official := []intel.SpeakerKind{intel.SpeakerGovernment, intel.SpeakerCourt}
	supported := has(intel.StanceConfirmed) || has(intel.StanceAttributed)
	switch {
	case !said:
		return ""
	case onlyRetracted(words, f):
		return intel.StanceRetracted
	case has(intel.StanceDenied) && supported && !deniedBySupporter(words, f), has(intel.StanceDisputed):
		return intel.StanceDisputed
	case has(intel.StanceDenied):
		return intel.StanceDenied
	case has(intel.StanceConfirmed, intel.SpeakerVictim) || has(intel.StanceConfirmed, official...):
		return intel.StanceConfirmed
	case has(intel.StanceAttributed), has(intel.StanceConfirmed):
		if f == intel.FacetAttribution {
			return intel.StanceAttributed
		}
		return intel.StanceReported
	case has(intel.StanceClaimed):
		return intel.StanceClaimed
	default:
		return intel.StanceReported
	}
}

// onlyRetracted reports whether every word on a facet that is not the actor's own boast was taken back.
func onlyRetracted(words []intel.Claim, f intel.Facet) bool {
	retracted := false
	for _, c := range words {
		switch {
		case c.Facet != f:
		case c.Stance == intel.StanceRetracted:
			retracted = true
		case c.SaidBy.Kind != intel.SpeakerActor && c.Stance != intel.StanceReported:
			return false
		}
	}
	return retracted
}

// deniedBySupporter reports whether whoever denies is the only one who also supports: then nobody contradicts the denial.
func deniedBySupporter(words []intel.Claim, f intel.Facet) bool {
	for _, c := range words {
		if c.Facet == f && (c.Stance == intel.StanceConfirmed || c.Stance == intel.StanceAttributed) && c.SaidBy.Kind != intel.SpeakerVictim {
			return false
		}
	}
	return true
}

// VictimAnswer is the victim's latest word on the event: "confirmed", "denied" or "none found".
func VictimAnswer(claims []intel.Claim) string {
	answer, when := "none found", intel.Claim{}
	for _, c := range claims {
		if c.SaidBy.Kind != intel.SpeakerVictim || c.Facet != intel.FacetEvent {
			continue
		}
		if c.Stance != intel.StanceConfirmed && c.Stance != intel.StanceDenied {
			continue
		}
		if answer == "none found" || supersedes(c, when) {
			answer, when = string(c.Stance), c
		}
	}
	return answer
}

// Speaker names who said a claim, one name for every spelling: the kind and the folded name.
func Speaker(c intel.Claim) string {
	if c.SaidBy.Kind == intel.SpeakerVictim {
		return string(c.SaidBy.Kind) // an incident has one victim
	}
	return string(c.SaidBy.Kind) + ":" + names.FoldKey(names.StripSuffix(names.FoldOrg(c.SaidBy.Name)))
}

func actorKey(a intel.ActorRef) string {
	if a.ID != "" {
		return a.ID
	}
	return names.FoldKey(a.Name)
}
