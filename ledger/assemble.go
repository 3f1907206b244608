package ledger

import (
	"slices"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// Windows of assembly.
const (
	// nearDays is how far two incidents' times may lie apart and still be one: reports disagree by days.
	nearDays = 14
	// storyDays is how far two reports may lie apart when the time of either incident is unknown.
	storyDays = 60
	// sequelDays is the same when both name one actor.
	sequelDays = 180
)

// Join picks the incident among candidates that claims about one victim belong to: compatible kind and compatible time, the
// nearest in time first. It answers "" when none fits. An incident without a victim joins nothing.
func Join(claims []intel.Claim, candidates []intel.Incident) string {
	best, bestGap := "", time.Duration(1<<62)
	for _, in := range candidates {
		gap, ok := fits(claims, in)
		if ok && (gap < bestGap || gap == bestGap && in.ID < best) {
			best, bestGap = in.ID, gap
		}
	}
	return best
}

// Bridged are the incidents among candidates that claims show to be one with the incident they joined: the claims fit both, and
// nothing speaks against it, neither times nor kinds nor actors. Reports come in any order: without it, one that is read before those
// between would stay an incident of its own.
func Bridged(claims []intel.Claim, joined string, candidates []intel.Incident) []string {
	at := slices.IndexFunc(candidates, func(in intel.Incident) bool { return in.ID == joined })
	if at < 0 {
		return nil
	}
	var out []string
	for _, in := range candidates {
		if _, ok := fits(claims, in); ok && in.ID != joined && agree(candidates[at], in) {
			out = append(out, in.ID)
		}
	}
	return out
}

// agree reports whether two incidents of one victim may be one: known times lie near, kinds are of one family, and where both name
// actors they share one.
func agree(a, b intel.Incident) bool {
	if a.Occurred.Known() && b.Occurred.Known() && between(a.Occurred, b.Occurred) > nearDays*24*time.Hour || !sameFamily(a.Kind, b.Kind) {
		return false
	}
	named := func(in intel.Incident) map[string]bool {
		out := map[string]bool{}
		for _, a := range in.Actors {
			out[actorKey(a)] = true
		}
		delete(out, "")
		return out
	}
	of, other := named(a), named(b)
	for key := range of {
		if other[key] {
			return true
		}
	}
	return len(of) == 0 || len(other) == 0
}

// fits reports whether claims about one victim may belong to an incident, and how far they lie apart.
func fits(claims []intel.Claim, in intel.Incident) (time.Duration, bool) {
	if len(claims) == 0 || claims[0].Victim.ID == "" || in.Victim.ID != claims[0].Victim.ID || in.MergedInto != "" || !sameFamily(claims[0].Kind, in.Kind) {
		return 0, false
	}
	return timeGap(claims[0], in, window(claims, in))
}

// window is how far reports of one incident may lie apart: trials, fines and filings come months later, and name the same actor.
func window(claims []intel.Claim, in intel.Incident) time.Duration {
	for _, c := range claims {
		if key := actorKey(c.Actor); key != "" && slices.ContainsFunc(in.Actors, func(a intel.ActorRef) bool { return actorKey(a) == key }) {
			return sequelDays * 24 * time.Hour
		}
	}
	return storyDays * 24 * time.Hour
}

// timeGap is how far a claim's time lies from an incident's, and whether they may be one.
func timeGap(c intel.Claim, in intel.Incident, most time.Duration) (time.Duration, bool) {
	if c.Occurred.Known() && in.Occurred.Known() {
		gap := between(c.Occurred, in.Occurred)
		return gap, gap <= nearDays*24*time.Hour
	}
	told := Told(c)
	if told.IsZero() || in.LastReported.IsZero() {
		return storyDays * 24 * time.Hour, true
	}
	gap := outside(told.Time(), in.FirstReported.Time(), in.LastReported.Time())
	if c.Occurred.Known() != in.Occurred.Known() {
		known := c.Occurred
		at := in.LastReported.Time()
		if !known.Known() {
			known, at = in.Occurred, told.Time()
		}
		gap = min(gap, outside(at, known.From.UTC(), ends(known).UTC()))
	}
	return gap, gap <= most
}

// ahead is how far a report may be dated after it was recorded: outlets date by their own midnight.
const ahead = 48 * time.Hour

// Told is when a claim was published, see ToldAt.
func Told(c intel.Claim) intel.Moment { return ToldAt(c.Published, c.RecordedFrom) }

// ToldAt is when what was recorded then was published. A page that is dated in the future was told when it was recorded: its date
// is a mistake or a trick, and would be the latest word for ever.
func ToldAt(published intel.Moment, recorded time.Time) intel.Moment {
	if !recorded.IsZero() && published.Time().After(recorded.Add(ahead)) {
		return intel.OnDay(intel.DateOf(recorded))
	}
	return published
}

func ends(i intel.Interval) intel.Date {
	if i.To.IsZero() {
		return i.From
	}
	return i.To
}

func starts(i intel.Interval) intel.Date {
	if i.From.IsZero() {
		return i.To
	}
	return i.From
}

// between is the gap between two intervals, zero when they meet.
func between(a, b intel.Interval) time.Duration {
	if ends(a).Before(starts(b)) {
		return starts(b).UTC().Sub(ends(a).UTC())
	}
	if ends(b).Before(starts(a)) {
		return starts(a).UTC().Sub(ends(b).UTC())
	}
	return 0
}

func outside(t, from, to time.Time) time.Duration {
	switch {
	case t.Before(from):
		return from.Sub(t)
	case t.After(to):
		return t.Sub(to)
	}
	return 0
}

// sameFamily keeps apart what cannot be one event: an intrusion and a flood of requests are two.
func sameFamily(of, other intel.Kind) bool {
	a, b := family(of), family(other)
	return a == b || a == "any" || b == "any"
}

func family(k intel.Kind) string {
	switch k {
	case intel.KindDDoS:
		return "ddos"
	case intel.KindDefacement:
		return "defacement"
	case intel.KindPhishing, intel.KindFraud:
		return "fraud"
	case intel.KindOther, intel.KindDisruption, "":
		return "any"
	default:
		return "intrusion"
	}
}

// Claims turns a report's findings into claims: one for each statement, victim and actor that it speaks of. The claims of one
// finding and victim follow each other in one group. A claim that two findings make alike is the first one's.
func Claims(r intel.Report, x intel.Extraction) [][]intel.Claim {
	var groups [][]intel.Claim
	seen := map[string]intel.Claim{}
	for _, f := range x.Incidents {
		victims := f.Victims
		if len(victims) == 0 {
			victims = []intel.VictimRef{{}}
		}
		for _, v := range victims {
			if g := group(r, x, f, v, seen); len(g) > 0 {
				groups = append(groups, g)
			}
		}
	}
	return groups
}

func group(r intel.Report, x intel.Extraction, f intel.Finding, v intel.VictimRef, seen map[string]intel.Claim) []intel.Claim {
	attributed := slices.ContainsFunc(f.Claims, func(s intel.Statement) bool { return s.Facet == intel.FacetAttribution })
	var out []intel.Claim
	for _, s := range f.Claims {
		if s.Victim != "" && v.Name != "" && s.Victim != v.Name {
			continue
		}
		for _, a := range subjects(f, s, attributed) {
			c := intel.Claim{
				ID: intel.ClaimID(r.ID, s.Quote, s.Facet, actorKey(a), v.Name), ReportID: r.ID, Facet: s.Facet, Stance: s.Stance, SaidBy: s.SaidBy,
				Actor: a, Victim: v, Kind: f.Kind, Kinds: f.Kinds, Occurred: f.Occurred, Sector: f.Sector, Country: f.Country, Quote: s.Quote,
				Span: s.Span, Confidence: f.Confidence, Published: r.Published, Extractor: x.Extractor, TLP: r.TLP,
			}
			if said, ok := seen[c.ID]; ok && (said.Stance != c.Stance || said.SaidBy != c.SaidBy) {
				// One sentence says two things of one facet: neither is lost. The first has the id that claims usually have.
				c.ID = intel.UUIDv5("claim", c.ID, string(c.Stance), string(c.SaidBy.Kind), c.SaidBy.Name)
			}
			if _, ok := seen[c.ID]; !ok {
				seen[c.ID] = c
				out = append(out, c)
			}
		}
	}
	return out
}

// subjects are the actors a statement speaks of: those of the finding for an attribution, and for the other facets only when
// nobody attributes in words.
func subjects(f intel.Finding, s intel.Statement, attributed bool) []intel.ActorRef {
	var out []intel.ActorRef
	for _, a := range f.Actors {
		if s.Actor == "" || s.Actor == a.Name {
			out = append(out, a)
		}
	}
	if len(out) == 0 || s.Facet != intel.FacetAttribution && attributed {
		return []intel.ActorRef{{}}
	}
	return out
}
