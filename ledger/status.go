package ledger

import (
	"cmp"
	"slices"
	"time"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// Status computes what is known of each facet from the claims that are held, and the flat status: attribution's where an actor
// is named, else event's; a retracted event is retracted whatever was attributed, and a retracted attribution leaves the event's. Each speaker counts with its latest word only.
func Status(claims []intel.Claim) (intel.FacetStatus, intel.Stance) {
	return status(claims, latest(claims))
}

// status is Status with the last words at hand.
func status(claims, words []intel.Claim) (intel.FacetStatus, intel.Stance) {
	fs := intel.FacetStatus{
		Event:       facet(words, intel.FacetEvent),
		Attribution: attribution(words),
		Impact:      facet(words, intel.FacetImpact),
	}
	flat := fs.Event
	if fs.Attribution != "" && slices.ContainsFunc(claims, func(c intel.Claim) bool { return c.Actor.Name != "" }) {
		flat = fs.Attribution
	}
	switch {
	case fs.Event == intel.StanceRetracted:
		flat = intel.StanceRetracted
	case fs.Attribution == intel.StanceRetracted && fs.Event != "":
		flat = fs.Event // a gang that takes its listing down, as after a payment, does not undo what happened
	}
	return fs, flat
}

// latest keeps of every speaker its last word on each facet and subject.
func latest(claims []intel.Claim) []intel.Claim { return lastWords(inOrder(claims)) }

// lastWords is latest of claims in order.
func lastWords(ordered []intel.Claim) []intel.Claim {
	type key struct {
		facet   intel.Facet
		speaker string
		actor   string
	}
	last := map[key]intel.Claim{}
	speaker := speakers{}
	for _, c := range ordered {
		k := key{facet: c.Facet, speaker: speaker.of(c)}
		if c.Facet == intel.FacetAttribution {
			k.actor = actorKey(c.Actor)
		}
		if c.SaidBy.Kind == intel.SpeakerActor && (c.Stance == intel.StanceConfirmed || c.Stance == intel.StanceAttributed) {
			c.Stance = intel.StanceClaimed // whatever an actor says of itself is a claim
		}
		last[k] = c
	}
	out := make([]intel.Claim, 0, len(last))
	for _, c := range last {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b intel.Claim) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

// inOrder sorts claims from the oldest word to the latest: by publication (a report without a date counts from when it was
// recorded), then by when the report was recorded; on one page by when the sentence was first met, so that what an edit adds is
// the later word; in one text the stronger stance is, so that a sentence that repeats the news does not undo a confirmation. The
// order is total: it does not depend on the order claims come in.
func inOrder(claims []intel.Claim) []intel.Claim {
	recorded := map[string]time.Time{}
	for _, c := range claims {
		if at, ok := recorded[c.ReportID]; !ok || c.RecordedFrom.Before(at) {
			recorded[c.ReportID] = c.RecordedFrom
		}
	}
	said := func(c *intel.Claim) time.Time {
		if c.Published.IsZero() {
			return recorded[c.ReportID]
		}
		return Told(*c).Time()
	}
	return sorted(claims, func(a, b *intel.Claim) int {
		return cmp.Or(said(a).Compare(said(b)), recorded[a.ReportID].Compare(recorded[b.ReportID]), cmp.Compare(a.ReportID, b.ReportID),
			a.RecordedFrom.Compare(b.RecordedFrom), cmp.Compare(strength(a), strength(b)), cmp.Compare(b.Start, a.Start), cmp.Compare(a.ID, b.ID))
	})
}

// sorted are claims in an order. Claims are large: what is moved about is where they are.
func sorted(claims []intel.Claim, order func(a, b *intel.Claim) int) []intel.Claim {
	at := make([]*intel.Claim, len(claims))
	for i := range claims {
		at[i] = &claims[i]
	}
	slices.SortFunc(at, order)
	out := make([]intel.Claim, len(claims))
	for i, c := range at {
		out[i] = *c
	}
	return out
}

// strength orders the words of one speaker in one text. Who says in one text that data were taken and that none were tells of a
// first answer and of what was found since, or of a part that was spared: something was taken.
func strength(c *intel.Claim) int {
	if c.Facet == intel.FacetImpact && c.Stance == intel.StanceDenied {
		return rank(intel.StanceDisputed)
	}
	return rank(c.Stance)
}

func rank(s intel.Stance) int {
	return slices.Index([]intel.Stance{
		intel.StanceReported, intel.StanceClaimed, intel.StanceAttributed, intel.StanceDisputed, intel.StanceConfirmed, intel.StanceDenied, intel.StanceRetracted,
	}, s)
}

// attribution is the best supported of the stances towards each actor named; words that name no actor bear on all of them. One
// gang's denial says nothing of another's claim.
func attribution(words []intel.Claim) intel.Stance {
	about := map[string][]intel.Claim{}
	var all []intel.Claim
	for _, c := range words {
		switch {
		case c.Facet != intel.FacetAttribution:
		case c.Actor.Name == "" && c.Actor.ID == "":
			all = append(all, c)
		default:
			about[actorKey(c.Actor)] = append(about[actorKey(c.Actor)], c)
		}
	}
	if len(about) == 0 {
		return facet(all, intel.FacetAttribution)
	}
	var best intel.Stance
	for _, said := range about {
		if s := facet(slices.Concat(said, all), intel.FacetAttribution); support(s) > support(best) {
			best = s
		}
	}
	return best
}

// support orders the stances of one facet by how well they hold up.
func support(s intel.Stance) int {
	return slices.Index([]intel.Stance{
		"", intel.StanceRetracted, intel.StanceDenied, intel.StanceReported, intel.StanceClaimed, intel.StanceDisputed, intel.StanceAttributed, intel.StanceConfirmed,
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
	switch {
	case !said:
		return ""
	case onlyRetracted(words, f):
		return intel.StanceRetracted
	case contradicted(words, f), has(intel.StanceDisputed):
		return intel.StanceDisputed
	case has(intel.StanceDenied):
		return intel.StanceDenied
	case has(intel.StanceConfirmed, intel.SpeakerVictim, intel.SpeakerGovernment, intel.SpeakerCourt):
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

// contradicted reports whether one speaker denies what another one supports. A boast is no support: a gang that claims what its
// victim denies leaves it denied.
func contradicted(words []intel.Claim, f intel.Facet) bool {
	for _, no := range words {
		if no.Facet != f || no.Stance != intel.StanceDenied {
			continue
		}
		for _, yes := range words {
			if yes.Facet == f && (yes.Stance == intel.StanceConfirmed || yes.Stance == intel.StanceAttributed) && yes.SaidBy.Kind != intel.SpeakerActor && Speaker(yes) != Speaker(no) {
				return true
			}
		}
	}
	return false
}

// NoAnswer is the victim's answer where none is on record.
const NoAnswer = "none found"

// VictimAnswer is the victim's latest word on the event: "confirmed", "denied" or "none found".
func VictimAnswer(claims []intel.Claim) string { return victimAnswer(inOrder(claims)) }

// victimAnswer is VictimAnswer of claims in order.
func victimAnswer(ordered []intel.Claim) string {
	answer := NoAnswer
	for _, c := range ordered {
		if c.SaidBy.Kind == intel.SpeakerVictim && c.Facet == intel.FacetEvent && (c.Stance == intel.StanceConfirmed || c.Stance == intel.StanceDenied) {
			answer = string(c.Stance)
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

// speakers remembers the names of speakers: an incident has thousands of claims by few.
type speakers map[intel.Speaker]string

func (s speakers) of(c intel.Claim) string {
	name, ok := s[c.SaidBy]
	if !ok {
		name = Speaker(c)
		s[c.SaidBy] = name
	}
	return name
}

func actorKey(a intel.ActorRef) string {
	if a.ID != "" {
		return a.ID
	}
	return names.FoldKey(a.Name)
}
