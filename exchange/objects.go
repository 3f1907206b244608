package exchange

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// epoch is the created time of what no report named first: the catalogues do not record when they first held an actor.
func epoch() time.Time { return time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC) }

func firstOf(t time.Time) time.Time {
	if t.IsZero() {
		return epoch()
	}
	return t
}

// ids of STIX objects are UUIDv5 of what they name. An actor's is made of the digest under which its removal is told.
func actorStix(id string) string    { return stixID("threat-actor", ActorRef(id)) }
func victimStix(id string) string   { return stixID("identity", id) }
func incidentStix(id string) string { return stixID("incident", id) }
func reportStix(id string) string   { return stixID("report", id) }
func noteStix(claim string) string  { return stixID("note", claim) }
func opinionStix(claim string) string {
	return stixID("opinion", claim)
}

func linkStix(incident, actor string) string {
	return stixID("relationship", incident, ActorRef(actor))
}

func relationStix(r intel.Relation) string {
	return stixID("relationship", ActorRef(r.From), string(r.Type), ActorRef(r.To))
}

// objectsOf makes every object of one thing of the store, revoked ones for what is withdrawn.
func (g *Graph) objectsOf(o owner) []made {
	if st, gone := g.gone[o]; gone {
		return g.goneObjects(o, st)
	}
	switch o.kind {
	case "actor":
		return g.actorObjects(o.id)
	case "victim":
		return g.victimObjects(o.id)
	case "incident":
		return g.incidentObjects(o.id)
	default:
		return g.reportObjects(o.id)
	}
}

// goneObjects are what a purge leaves: the ids that can be known without what was purged.
func (g *Graph) goneObjects(o owner, st Stamp) []made {
	m := made{created: epoch(), stamp: st, revoked: true}
	switch o.kind {
	case "actor":
		m.kind, m.id = "threat-actor", actorStix(o.id)
	case "actor digest":
		m.kind, m.id = "threat-actor", stixID("threat-actor", o.id)
	case "victim":
		m.kind, m.id = "identity", victimStix(o.id)
	case "report":
		m.kind, m.id = "report", reportStix(o.id)
	}
	if old := g.held[m.id]; old != nil {
		m.created = old.created
	}
	return []made{m}
}

func (g *Graph) actorObjects(id string) []made {
	n, ok := g.actors[id]
	if !ok {
		return nil
	}
	created := epoch()
	if n.v.Origin == "reported" {
		created = firstOf(g.firstRecorded("actor:" + id))
	}
	out := []made{{kind: "threat-actor", id: actorStix(id), created: created, stamp: n.stamp, revoked: !g.actorLive(id), o: actorObject(n.v)}}
	for _, r := range n.v.Relations {
		if r.From != id || r.To == id {
			continue
		}
		if _, known := g.actors[r.To]; !known {
			continue // software, or an actor that nobody recorded
		}
		out = append(out, made{
			kind: "relationship", id: relationStix(r), created: created, stamp: n.stamp.later(g.endedAt(r.To)), revoked: !g.actorLive(id) || !g.actorLive(r.To), o: relationObject(r),
		})
	}
	return out
}

// relationObject links two actors. STIX has no word for most of it: the vocabulary is rapsheet's own and stands in
// doc/integrations/stix-taxii.md.
func relationObject(r intel.Relation) Object {
	o := Object{"relationship_type": string(r.Type), "source_ref": actorStix(r.From), "target_ref": actorStix(r.To), "labels": []string{"source:" + cmp.Or(r.Source, "unknown")}}
	if r.Quote != "" {
		o["description"] = excerpt(r.Quote)
	}
	if r.Confidence > 0 {
		o["confidence"] = percent(r.Confidence)
	}
	if !r.Since.IsZero() {
		o["start_time"] = stixTime(r.Since.UTC())
	}
	if !r.Until.IsZero() && (r.Since.IsZero() || r.Since.Before(r.Until)) {
		o["stop_time"] = stixTime(r.Until.UTC())
	}
	return o
}

func (g *Graph) victimObjects(id string) []made {
	n, ok := g.victims[id]
	if !ok {
		return nil
	}
	answer, told := g.answer(id)
	m := made{kind: "identity", id: victimStix(id), created: firstOf(g.firstRecorded("victim:" + id)), stamp: n.stamp.later(told)}
	switch {
	case n.v.MergedInto != "":
		m.revoked = true
	case answer == "":
		return nil // nothing that may be exported names it
	default:
		m.o = identityObject(n.v, answer)
	}
	return []made{m}
}

// answer is an organisation's answer to the latest incident that may be exported, "" when there is none, and the last change to any.
func (g *Graph) answer(victim string) (answer string, last Stamp) {
	var latest time.Time
	for in := range g.named["victim:"+victim] {
		held := g.incidents[in]
		if held.v.Victim.ID != victim {
			continue
		}
		_, told := g.storyOf(held.v)
		last = last.later(held.stamp).later(told)
		if t := held.v.LastReported.Time(); g.incidentLive(in) && (answer == "" || t.After(latest) || t.Equal(latest) && held.v.VictimAnswer < answer) {
			latest, answer = t, cmp.Or(held.v.VictimAnswer, noAnswer)
		}
	}
	return answer, last
}

const noAnswer = "none found"

func identityObject(v intel.Victim, answer string) Object {
	o := Object{
		"name": v.Name, "identity_class": "organization", "labels": []string{"named-as-victim", answerLabel(answer)},
		"description": "Named as a victim in public reporting; its latest answer: " + answer + ".",
	}
	if v.SectorOV != "" {
		o["sectors"] = []string{v.SectorOV}
	}
	return o
}

func answerLabel(answer string) string {
	return "victim-answer:" + strings.ReplaceAll(cmp.Or(answer, noAnswer), " ", "-")
}

func (g *Graph) incidentObjects(id string) []made {
	n, ok := g.incidents[id]
	if !ok {
		return nil
	}
	in := n.v
	if !g.incidentLive(id) {
		if !ended(in) {
			return nil // too unsure, or not for everybody: it was never exported, or what was is withdrawn by Settle
		}
		out := []made{{kind: "incident", id: incidentStix(id), created: firstOf(in.RecordedFrom), stamp: n.stamp, revoked: true}}
		return append(out, g.endedLinks(in, n.stamp)...)
	}
	reports, told := g.storyOf(in)
	stamp, refs := n.stamp.later(told), reportRefs(reports)
	base := made{created: firstOf(in.RecordedFrom), stamp: stamp}
	m := base
	m.kind, m.id, m.o = "incident", incidentStix(id), incidentObject(in, refs)
	out := []made{m}
	victim := g.victimLive(in.Victim.ID)
	if victim {
		m = base
		m.kind, m.id = "relationship", stixID("relationship", id, "victim")
		m.o = Object{"relationship_type": "related-to", "source_ref": incidentStix(id), "target_ref": victimStix(in.Victim.ID), "labels": labels(in), "description": "the organisation named in the incident"}
		out = append(out, m)
	}
	for _, a := range in.Actors {
		if !victim || !g.actorLive(a.ID) {
			continue
		}
		m = base
		m.kind, m.id, m.o = "relationship", linkStix(id, a.ID), linkObject(in, a, refs)
		out = append(out, m)
	}
	return append(out, g.endedLinks(in, stamp)...)
}

// endedLinks are the links of an incident to actors that a claim once named and that are not, or no longer, its actors.
func (g *Graph) endedLinks(in intel.Incident, stamp Stamp) []made {
	var out []made
	seen := map[string]bool{}
	add := func(actor, victim string) {
		if actor == "" || seen[actor] {
			return
		}
		seen[actor] = true
		out = append(out, made{
			kind: "relationship", id: linkStix(in.ID, actor), created: firstOf(in.RecordedFrom), stamp: stamp.later(g.endedAt(actor)), revoked: true,
			o: Object{"relationship_type": "related-to", "source_ref": actorStix(actor), "target_ref": cmp.Or(victim, incidentStix(in.ID))},
		})
	}
	if !ended(in) {
		for _, a := range in.Actors {
			if g.actorLive(a.ID) {
				seen[a.ID] = true
			}
		}
	}
	for _, report := range sortedKeys(g.tells[in.ID]) {
		for _, c := range g.reports[report].v.claims {
			if c.IncidentID == in.ID {
				add(c.Actor.ID, victimRef(c.Victim.ID))
			}
		}
	}
	if ended(in) {
		for _, a := range in.Actors {
			add(a.ID, victimRef(in.Victim.ID))
		}
	}
	return out
}

// endedAt is when an actor was withdrawn or merged, zero while it is neither.
func (g *Graph) endedAt(actor string) Stamp {
	if n, ok := g.actors[actor]; ok && !g.actorLive(actor) {
		return n.stamp
	}
	return g.gone[owner{"actor", actor}].later(g.gone[owner{"actor digest", ActorRef(actor)}])
}

func victimRef(id string) string {
	if id == "" {
		return ""
	}
	return victimStix(id)
}

func (g *Graph) reportObjects(id string) []made {
	n, ok := g.reports[id]
	if !ok {
		return nil
	}
	r := n.v
	if !intel.TLPClear.Allows(r.TLP) {
		return nil
	}
	var out []made
	var refs []string
	stamp := n.stamp
	for _, group := range claimsByID(r.claims) {
		objects := g.claimObjects(r, group, n.stamp)
		for _, m := range objects {
			stamp = stamp.later(m.stamp)
			if !m.revoked {
				refs = append(refs, m.id)
			}
		}
		out = append(out, objects...)
	}
	for _, c := range r.claims {
		if in := g.canonical(c.IncidentID); c.RecordedTo.IsZero() && g.incidentLive(in) {
			refs = append(refs, incidentStix(in))
		}
	}
	if len(refs) == 0 || r.Published.IsZero() {
		return out // STIX needs both; an unknown date is not invented
	}
	slices.Sort(refs)
	m := made{kind: "report", id: reportStix(id), created: firstOf(r.created), stamp: stamp, o: reportObject(r, slices.Compact(refs))}
	return append(out, m)
}

// claimsByID groups the recorded versions of each claim, in the order of the claims' ids.
func claimsByID(claims []claimNode) [][]claimNode {
	byID := map[string][]claimNode{}
	for _, c := range claims {
		byID[c.ID] = append(byID[c.ID], c)
	}
	out := make([][]claimNode, 0, len(byID))
	for _, id := range sortedKeys(byID) {
		out = append(out, byID[id])
	}
	return out
}

// claimObjects are the note, and the opinion where somebody agrees or disagrees, of one claim.
func (g *Graph) claimObjects(r reportNode, versions []claimNode, stamp Stamp) []made {
	created := versions[0].RecordedFrom
	var held *claimNode
	for i, c := range versions {
		if c.RecordedFrom.Before(created) {
			created = c.RecordedFrom
		}
		if c.RecordedTo.IsZero() {
			held = &versions[i]
		}
	}
	id := versions[0].ID
	note := made{kind: "note", id: noteStix(id), created: firstOf(created), stamp: stamp, revoked: held == nil}
	opinion := note
	opinion.kind, opinion.id = "opinion", opinionStix(id)
	if held == nil {
		if _, _, said := opinionOf(versions[len(versions)-1].Claim); !said {
			return []made{note}
		}
		return []made{note, opinion}
	}
	in := g.canonical(held.IncidentID)
	if !g.incidentLive(in) || held.Confidence < g.minConfidence && !g.incidents[in].v.Reviewed || !intel.TLPClear.Allows(held.TLP) {
		return nil
	}
	about := g.linksOf(in, held.Actor.ID)
	note.stamp = stamp.later(g.incidents[in].stamp)
	note.o = noteObject(*held, r, append([]string{incidentStix(in)}, about...))
	out := []made{note}
	if word, facet, said := opinionOf(held.Claim); said {
		refs := []string{incidentStix(in)}
		switch {
		case facet == intel.FacetAttribution && len(about) > 0:
			refs = about
		case facet == intel.FacetEvent && word != "strongly-agree":
			refs = append(refs, about...) // what did not happen was done by nobody
		}
		opinion.stamp, opinion.revoked = note.stamp, false
		opinion.o = opinionObject(held.Claim, word, refs)
		out = append(out, opinion)
	}
	return out
}

// linksOf are the links of an incident that a claim about actor speaks to: that actor's, or all.
func (g *Graph) linksOf(incident, actor string) []string {
	in := g.incidents[incident].v
	if !g.victimLive(in.Victim.ID) {
		return nil
	}
	var out []string
	for _, a := range in.Actors {
		if g.actorLive(a.ID) && (actor == "" || actor == a.ID) {
			out = append(out, linkStix(incident, a.ID))
		}
	}
	return out
}
