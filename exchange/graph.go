package exchange

import (
	"slices"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// Stamp is when the store recorded what an object is made of: its time, never earlier than that of a change before it, and its
// number in the store's sequence.
type Stamp struct {
	At  time.Time
	Seq int64
}

func (s Stamp) later(o Stamp) Stamp {
	if o.Seq > s.Seq {
		return o
	}
	return s
}

// owner is the thing of the store that an object is made of.
type owner struct{ kind, id string }

type node[T any] struct {
	v     T
	stamp Stamp
}

// note of a claim: what an export says of it.
type claimNode struct {
	intel.Claim
	quote string
}

type reportNode struct {
	intel.Report
	created time.Time
	claims  []claimNode
}

// Graph is what the STIX, TAXII and MISP exports are made of: the store's feed of changes, applied. It holds what may leave the
// house, at most CLEAR and with at least the confidence given, and gives every object of it with times that come from the store,
// so that two programs following one feed write the same bytes. It is not safe for concurrent use.
type Graph struct {
	minConfidence float64
	actors        map[string]node[intel.Actor]
	victims       map[string]node[intel.Victim]
	incidents     map[string]node[intel.Incident]
	reports       map[string]node[reportNode]
	// gone are things that a purge removed.
	gone map[owner]Stamp
	// tells are the reports with a claim of an incident; named the incidents that name an actor or victim; related the actors with a
	// relation to an actor.
	tells, named, related map[string]map[string]struct{}
	dirty                 map[owner]struct{}
	last                  Stamp
	held                  map[string]*Version
	byOwner               map[owner][]string
	// collections are what was issued, by sector; "" is everything.
	collections map[string]*Collection
	// watches are the lists that somebody follows.
	watches map[string]*watched
	// remembered are objects exported before the program started, by the digest of their owner, until it is met; news are those to keep.
	remembered map[string][]string
	news       []Remembered
}

// NewGraph makes an empty graph that leaves out incidents and claims below minConfidence.
func NewGraph(minConfidence float64) *Graph {
	return &Graph{
		minConfidence: minConfidence, actors: map[string]node[intel.Actor]{}, victims: map[string]node[intel.Victim]{}, incidents: map[string]node[intel.Incident]{},
		reports: map[string]node[reportNode]{}, gone: map[owner]Stamp{}, tells: map[string]map[string]struct{}{}, named: map[string]map[string]struct{}{},
		related: map[string]map[string]struct{}{}, dirty: map[owner]struct{}{}, held: map[string]*Version{}, byOwner: map[owner][]string{},
		collections: map[string]*Collection{"": newCollection("")}, remembered: map[string][]string{},
	}
}

// Seq is the last change applied.
func (g *Graph) Seq() int64 { return g.last.Seq }

// Apply takes the next change of the feed. What follows from it is settled by Settle.
func (g *Graph) Apply(c intel.Change) {
	at := c.At
	if at.Before(g.last.At) {
		at = g.last.At // the machine's clock went back
	}
	g.last = Stamp{at.UTC(), c.Seq}
	switch c.What {
	case "actor":
		g.applyActor(c)
	case "victim":
		g.applyVictim(c)
	case "incident":
		g.applyIncident(c)
	case "report":
		g.applyReport(c)
	case "purge":
		g.forgetReport(c.ID)
		g.gone[owner{"report", c.ID}] = g.last
		g.mark("report", c.ID)
	}
}

func (g *Graph) mark(kind, id string) { g.dirty[owner{kind, id}] = struct{}{} }

func (g *Graph) markAll(kind string, ids map[string]struct{}) {
	for id := range ids {
		g.mark(kind, id)
	}
}

func link(m map[string]map[string]struct{}, from, to string) {
	if from == "" || to == "" {
		return
	}
	if m[from] == nil {
		m[from] = map[string]struct{}{}
	}
	m[from][to] = struct{}{}
}

func (g *Graph) applyActor(c intel.Change) {
	id := c.ID
	if c.Actor == nil {
		gone := owner{"actor digest", id}
		for known := range g.actors {
			if ActorRef(known) == id || known == id {
				gone = owner{"actor", known}
				g.markAll("incident", g.named["actor:"+known])
				g.markAll("actor", g.related[known])
			}
		}
		delete(g.actors, gone.id)
		g.gone[gone] = g.last
		g.mark(gone.kind, gone.id)
		return
	}
	delete(g.gone, owner{"actor", id})
	delete(g.gone, owner{"actor digest", ActorRef(id)})
	was := g.actorLive(id)
	g.actors[id] = node[intel.Actor]{*c.Actor, g.last}
	for _, r := range c.Actor.Relations {
		link(g.related, r.To, id)
	}
	if was != g.actorLive(id) {
		g.markAll("incident", g.named["actor:"+id])
		g.markAll("actor", g.related[id])
	}
	g.mark("actor", id)
}

func (g *Graph) applyVictim(c intel.Change) {
	was := g.victimLive(c.ID)
	if c.Victim == nil || c.Victim.Name == "" {
		delete(g.victims, c.ID)
		g.gone[owner{"victim", c.ID}] = g.last
	} else {
		g.victims[c.ID] = node[intel.Victim]{*c.Victim, g.last}
		delete(g.gone, owner{"victim", c.ID})
	}
	if was != g.victimLive(c.ID) {
		g.markAll("incident", g.named["victim:"+c.ID])
	}
	g.mark("victim", c.ID)
}

func (g *Graph) applyIncident(c intel.Change) {
	if c.Incident == nil {
		return
	}
	in := *c.Incident
	g.markIncident(c.ID)
	g.incidents[c.ID] = node[intel.Incident]{in, g.last}
	link(g.named, "victim:"+in.Victim.ID, c.ID)
	for _, a := range in.Actors {
		link(g.named, "actor:"+a.ID, c.ID)
	}
	g.markIncident(c.ID)
}

// markIncident marks an incident, what it was merged into, and all that is written from them: the organisation, the actors that only
// reports name, and the reports.
func (g *Graph) markIncident(id string) {
	for range maxChain {
		in := g.incidents[id].v
		g.mark("incident", id)
		g.markAll("report", g.tells[id])
		for _, r := range in.Reports {
			g.mark("report", r)
		}
		if in.Victim.ID != "" {
			g.mark("victim", in.Victim.ID)
		}
		for _, a := range in.Actors {
			if g.actors[a.ID].v.Origin == "reported" {
				g.mark("actor", a.ID)
			}
		}
		if in.MergedInto == "" {
			return
		}
		id = in.MergedInto
	}
}

// maxChain bounds how far merges are followed.
const maxChain = 32

// canonical follows merges of incidents.
func (g *Graph) canonical(id string) string {
	for range maxChain {
		into := g.incidents[id].v.MergedInto
		if into == "" {
			break
		}
		id = into
	}
	return id
}

func (g *Graph) applyReport(c intel.Change) {
	if c.Record == nil {
		return
	}
	g.forgetReport(c.ID)
	delete(g.gone, owner{"report", c.ID})
	r := reportNode{Report: c.Record.Report, created: c.Record.Report.Recorded}
	r.Text, r.Fingerprint = "", nil
	for _, v := range c.Record.Versions {
		if v.Recorded.Before(r.created) {
			r.created = v.Recorded
		}
	}
	for _, cl := range c.Record.Claims {
		n := claimNode{Claim: cl, quote: excerpt(cl.Quote)}
		n.Quote = ""
		r.claims = append(r.claims, n)
		link(g.tells, cl.IncidentID, c.ID)
		link(g.named, "actor:"+cl.Actor.ID, cl.IncidentID)
	}
	g.reports[c.ID] = node[reportNode]{r, g.last}
	for _, cl := range r.claims {
		g.markIncident(cl.IncidentID)
	}
	g.mark("report", c.ID)
}

// forgetReport takes a report's claims out of the graph.
func (g *Graph) forgetReport(id string) {
	for _, c := range g.reports[id].v.claims {
		g.markIncident(c.IncidentID)
		delete(g.tells[c.IncidentID], id)
	}
	delete(g.reports, id)
}

func (g *Graph) actorLive(id string) bool {
	n, ok := g.actors[id]
	return ok && !n.v.Withdrawn && n.v.MergedInto == ""
}

func (g *Graph) victimLive(id string) bool {
	n, ok := g.victims[id]
	return ok && n.v.MergedInto == ""
}

// ended reports whether an incident is no longer one: what was exported of it is withdrawn.
func ended(in intel.Incident) bool {
	return in.MergedInto != "" || in.Status == intel.StanceRetracted || len(in.Reports) == 0 || in.Kind == ""
}

// incidentLive reports whether an incident may be exported: some report still tells of it, it is sure enough, and every claim it
// rests on is CLEAR.
func (g *Graph) incidentLive(id string) bool {
	n, ok := g.incidents[id]
	if !ok || ended(n.v) || n.v.Confidence < g.minConfidence {
		return false
	}
	for _, id := range n.v.Reports {
		r := g.reports[id].v
		if !intel.TLPClear.Allows(r.TLP) {
			return false
		}
		for _, c := range r.claims {
			if c.RecordedTo.IsZero() && !intel.TLPClear.Allows(c.TLP) && g.canonical(c.IncidentID) == n.v.ID {
				return false
			}
		}
	}
	return true
}

// firstRecorded is when the first incident naming a thing was recorded; zero when none is held.
func (g *Graph) firstRecorded(key string) time.Time {
	var first time.Time
	for id := range g.named[key] {
		if t := g.incidents[id].v.RecordedFrom; !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// storyOf is what the reports of an incident say of it, newest change and addresses in the order of their ids.
func (g *Graph) storyOf(in intel.Incident) (reports []reportNode, last Stamp) {
	for _, id := range slices.Sorted(slices.Values(in.Reports)) {
		if n, ok := g.reports[id]; ok {
			reports = append(reports, n.v)
			last = last.later(n.stamp)
		}
	}
	return reports, last
}

// excerpt cuts a quote at a word so that at most 240 characters leave the house, and defangs it.
func excerpt(s string) string {
	const most = 240
	r := []rune(DefangText(s))
	if len(r) <= most {
		return string(r)
	}
	cut := r[:most-1]
	for i := len(cut) - 1; i > most/2; i-- {
		if cut[i] == ' ' {
			cut = cut[:i]
			break
		}
	}
	return string(cut) + "…"
}

// TouchedActors are the digests (ActorRef) of the actors whose names or history changed after since. Nobody can know any more whose
// history a purged report was part of: after a purge it is everybody's.
func (g *Graph) TouchedActors(since int64) map[string]bool {
	out := map[string]bool{}
	for o, st := range g.gone {
		if st.Seq <= since {
			continue
		}
		switch o.kind {
		case "actor":
			out[ActorRef(o.id)] = true
		case "actor digest":
			out[o.id] = true
		case "report":
			for id := range g.actors {
				out[ActorRef(id)] = true
			}
		}
	}
	for id, n := range g.actors {
		if n.stamp.Seq > since {
			out[ActorRef(id)] = true
		}
	}
	for key, incidents := range g.named {
		id, isActor := strings.CutPrefix(key, "actor:")
		if !isActor || out[ActorRef(id)] {
			continue
		}
		for in := range incidents {
			held := g.incidents[in]
			if _, told := g.storyOf(held.v); held.stamp.Seq > since || told.Seq > since {
				out[ActorRef(id)] = true
			}
		}
	}
	return out
}

// Actor gives the record of an actor that may be exported.
func (g *Graph) Actor(id string) (intel.Actor, bool) {
	n, ok := g.actors[id]
	return n.v, ok && g.actorLive(id)
}

// About gives the objects of actors, organisations and incidents, and the evidence of those incidents, such that every reference
// leads to an object given.
func (g *Graph) About(actors, victims, incidents []string) []Object {
	owners := map[owner]struct{}{}
	add := func(kind string, ids []string) {
		for _, id := range ids {
			owners[owner{kind, id}] = struct{}{}
		}
	}
	add("actor", actors)
	add("victim", victims)
	for _, id := range incidents {
		id = g.canonical(id)
		if !g.incidentLive(id) {
			continue
		}
		in := g.incidents[id].v
		add("incident", []string{id})
		add("victim", []string{in.Victim.ID})
		add("report", in.Reports)
		for _, a := range in.Actors {
			add("actor", []string{a.ID})
		}
	}
	var versions []*Version
	for o := range owners {
		for _, id := range g.byOwner[o] {
			if v := g.held[id]; v != nil && !v.Revoked {
				versions = append(versions, v)
			}
		}
	}
	slices.SortFunc(versions, func(a, b *Version) int { return strings.Compare(a.ID, b.ID) })
	return closed(g.Objects(versions))
}

// closed leaves out objects with a reference that leads out of the set: an object is given as its version is, or not at all.
func closed(objects []Object) []Object {
	in := map[string]bool{producerID(): true}
	for _, o := range objects {
		in[text(o["id"])] = true
	}
	leads := func(o Object) bool {
		refs, _ := o["object_refs"].([]string) //nolint:errcheck // no list is an empty one
		for _, k := range []string{"source_ref", "target_ref"} {
			if ref := text(o[k]); ref != "" {
				refs = append(slices.Clone(refs), ref)
			}
		}
		return slices.ContainsFunc(refs, func(ref string) bool { return !in[ref] })
	}
	for before := -1; before != len(objects); {
		before = len(objects)
		objects = slices.DeleteFunc(objects, func(o Object) bool {
			out := leads(o)
			if out {
				delete(in, text(o["id"]))
			}
			return out
		})
	}
	return objects
}
