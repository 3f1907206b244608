package ledger

import (
	"cmp"
	"slices"

	"github.com/rapsheet/rapsheet/intel"
)

// Outline is what assembly needs to know of an incident: its kind, its times and its actors. It is kept up to date claim by claim, in
// whatever order they come, so that a stream of reports on one incident does not compute the whole incident for each. The zero
// value is an outline of no claims.
type Outline struct {
	kinds       map[intel.Kind]int
	occurred    intel.Claim // the claim whose time is the incident's
	known       bool
	first, last intel.Claim // published as told
	actors      []intel.ActorRef
}

// Add takes one more claim in.
func (o *Outline) Add(c intel.Claim) {
	if o.kinds == nil {
		o.kinds = map[intel.Kind]int{}
	}
	o.kinds[c.Kind]++
	c.Published = Told(c)
	if c.Actor.Name != "" && !slices.ContainsFunc(o.actors, func(a intel.ActorRef) bool { return actorKey(a) == actorKey(c.Actor) }) {
		o.actors = append(o.actors, c.Actor)
	}
	if !o.known || exactness(c.Occurred) > exactness(o.occurred.Occurred) ||
		exactness(c.Occurred) == exactness(o.occurred.Occurred) && byAge(&c, &o.occurred) < 0 {
		o.occurred, o.known = c, true
	}
	if c.Published.IsZero() {
		return
	}
	if o.first.Published.IsZero() || byAge(&c, &o.first) < 0 {
		o.first = c
	}
	if o.last.Published.IsZero() || byAge(&c, &o.last) > 0 {
		o.last = c
	}
}

// Lay puts the kind and the times of the claims taken in over an incident.
func (o *Outline) Lay(in intel.Incident) intel.Incident {
	in.Kind, in.Occurred = mainKind(o.kinds), o.occurred.Occurred
	in.FirstReported, in.LastReported = o.first.Published, o.last.Published
	return in
}

// Actors are those that the claims taken in name, in no certain order.
func (o *Outline) Actors() []intel.ActorRef { return slices.Clone(o.actors) }

// byAge orders claims from the first told to the last; the order is total, so that it does not depend on the order they came in.
func byAge(a, b *intel.Claim) int {
	return cmp.Or(a.Published.Time().Compare(b.Published.Time()), cmp.Compare(a.Start, b.Start), cmp.Compare(a.ID, b.ID))
}

// exactness says how exactly a time is told: a known time more than any unknown one, words more than none.
func exactness(i intel.Interval) int {
	if i.Known() {
		order := intel.Precisions()
		n := slices.Index(order, i.Precision)
		return 4 + len(order) - n
	}
	n := 0
	if i.Words != "" {
		n += 2
	}
	if i.Precision != "" {
		n++
	}
	return n
}
