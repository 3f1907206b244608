package exchange

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// claimOnlyConfidence caps the confidence of a link that only the actor asserts.
const claimOnlyConfidence = 30

// Object is one STIX 2.1 object.
type Object map[string]any

// tlpExtension is the extension that defines TLP 2.0 markings.
const tlpExtension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"

// Fixed are the objects that every export carries beside its own: the producer and the marking of all that leaves the house.
func Fixed() []Object {
	id := clearMarking()
	producer := made{kind: "identity", id: producerID(), created: epoch(), stamp: Stamp{At: epoch()}, o: Object{
		"name": "rapsheet", "identity_class": "system", "description": "Reads public reporting about threat actors; every link carries who says so.",
	}}
	return []Object{producer.finish(), {
		"type": "marking-definition", "spec_version": "2.1", "id": id, "created": "2022-10-01T00:00:00.000Z", "name": "TLP:CLEAR",
		"extensions": Object{tlpExtension: Object{"extension_type": "property-extension", "tlp_2_0": "clear"}},
	}}
}

// clearMarking is the TLP 2.0 marking definition of CLEAR (OASIS STIX 2.1 errata, FIRST TLP 2.0), the only one that leaves the house.
func clearMarking() string { return "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487" }

// producerID is stixID("identity", "rapsheet"), written out because every object names it.
func producerID() string { return "identity--f81a6c22-41d8-5536-9ce5-f7114a5d910e" }

// StixBundle writes objects as one STIX 2.1 bundle, sorted by id, the fixed ones added. Its id is made of what it holds, so that two
// exports of the same state are the same bytes.
func StixBundle(objects []Object) ([]byte, error) { return indented(bundleObject(objects)) }

func bundleObject(objects []Object) Object {
	all := append(Fixed(), objects...)
	slices.SortStableFunc(all, func(a, b Object) int { return cmp.Compare(text(a["id"]), text(b["id"])) })
	all = slices.CompactFunc(all, func(a, b Object) bool { return a["id"] == b["id"] })
	parts := make([]string, 0, 2*len(all))
	for _, o := range all {
		parts = append(parts, text(o["id"]), text(o["modified"]))
	}
	return Object{"type": "bundle", "id": stixID("bundle", parts...), "objects": all}
}

func stixTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func stixID(kind string, parts ...string) string {
	return kind + "--" + intel.UUIDv5(append([]string{"stix", kind}, parts...)...)
}

func actorObject(a intel.Actor) Object {
	o := Object{"name": a.Name, "threat_actor_types": actorTypes(a), "labels": []string{"kind:" + cmp.Or(string(a.Kind), "group")}}
	if a.Demo {
		o["labels"] = []string{"kind:" + cmp.Or(string(a.Kind), "group"), "demo"}
	}
	var aliases []string
	for _, n := range a.Names {
		if n.Name != a.Name && !n.Withdrawn && !slices.Contains(aliases, n.Name) {
			aliases = append(aliases, n.Name)
		}
	}
	if len(aliases) > 0 {
		o["aliases"] = aliases
	}
	refs := []Object{{"source_name": "rapsheet", "external_id": a.ID}}
	for _, id := range a.ExternalIDs["attack"] {
		refs = append(refs, Object{"source_name": "mitre-attack", "external_id": id, "url": "https://attack.mitre.org/groups/" + id})
	}
	for _, id := range a.ExternalIDs["misp-galaxy"] {
		refs = append(refs, Object{"source_name": "misp-galaxy", "external_id": id})
	}
	o["external_references"] = refs
	return o
}

// actorTypes are words of STIX's open vocabulary threat-actor-type-ov for what is known of an actor.
func actorTypes(a intel.Actor) []string {
	var out []string
	if a.Kind == intel.ActorBrand {
		out = append(out, "crime-syndicate")
	}
	for _, m := range a.Motivation {
		switch strings.ToLower(m) {
		case "financial gain":
			out = append(out, "criminal")
		case "hacktivism", "hacktivists-nationalists":
			out = append(out, "activist")
		case "espionage":
			out = append(out, "spy")
		}
	}
	if slices.Sort(out); len(out) == 0 {
		return []string{"unknown"}
	}
	return slices.Compact(out)
}

// percent is a confidence in STIX's scale from 0 to 100.
func percent(c float64) int {
	if !(c > 0) {
		return 0
	}
	return int(math.Round(min(c, 1) * 100))
}

// incidentObject is the stub that STIX 2.1 has for an incident, with what is known of it in words.
func incidentObject(in intel.Incident, refs []Object) Object {
	o := Object{
		"name": incidentName(in), "description": incidentText(in), "labels": append(labels(in), "kind:"+string(in.Kind)), "confidence": linkConfidence(in, in.ClaimOnly),
	}
	if len(refs) > 0 {
		o["external_references"] = refs
	}
	return o
}

func incidentName(in intel.Incident) string {
	who := cmp.Or(in.Victim.Name, "an unnamed organisation")
	when := ""
	if d := in.Occurred.From; !d.IsZero() {
		when = ", " + d.String()
	}
	return "Reported " + string(in.Kind) + " at " + who + when
}

// incidentText says who says so and what the organisation answers, never that somebody was "breached by" somebody.
func incidentText(in intel.Incident) string {
	var parts []string
	for _, a := range in.Actors {
		parts = append(parts, linkText(in, a.Name))
	}
	if len(parts) == 0 {
		parts = append(parts, "No actor is named; "+answerText(in)+".")
	}
	if in.Occurred.Words != "" {
		parts = append(parts, "Time as reported: "+in.Occurred.Words+".")
	}
	return strings.Join(parts, " ")
}

// claimOnlyLink reports whether nobody but the actor says that the actor did it.
func claimOnlyLink(in intel.Incident) bool {
	return in.ClaimOnly || in.Facets.Attribution == intel.StanceClaimed
}

func linkConfidence(in intel.Incident, weak bool) int {
	if weak {
		return min(percent(in.Confidence), claimOnlyConfidence)
	}
	return percent(in.Confidence)
}

// linkType is how an actor stands to the organisation, and whether the link is weak: claimed by the actor alone, or disputed.
func linkType(in intel.Incident) (kind string, weak bool) {
	switch {
	case claimOnlyLink(in):
		return "claims-to-have-targeted", true
	case in.Facets.Attribution == intel.StanceDenied, in.Facets.Attribution == intel.StanceDisputed, in.Facets.Attribution == intel.StanceRetracted:
		return "related-to", true
	case in.Victim.Role == intel.RoleImpersonated:
		return "impersonates", false
	default:
		return "targets", false
	}
}

func linkObject(in intel.Incident, a intel.ActorRef, refs []Object) Object {
	kind, weak := linkType(in)
	o := Object{
		"relationship_type": kind, "source_ref": actorStix(a.ID), "target_ref": victimStix(in.Victim.ID), "confidence": linkConfidence(in, weak),
		"labels": labels(in), "description": linkText(in, a.Name), "external_references": append([]Object{{"source_name": "rapsheet", "external_id": in.ID}}, refs...),
	}
	if from := in.Occurred.From; !from.IsZero() {
		o["start_time"] = stixTime(from.UTC())
		if to := in.Occurred.To; from.Before(to) {
			o["stop_time"] = stixTime(to.UTC())
		}
	}
	return o
}

// labels say where the link stands.
func labels(in intel.Incident) []string {
	out := []string{"status:" + cmp.Or(string(in.Status), "unknown"), answerLabel(in.VictimAnswer)}
	if in.Facets.Attribution != "" {
		out = append(out, "attribution:"+string(in.Facets.Attribution))
	}
	if claimOnlyLink(in) {
		out = append(out, "claim-only")
	}
	if in.Status == intel.StanceDenied || in.VictimAnswer == string(intel.StanceDenied) {
		out = append(out, "denied")
	}
	if in.Corroborated {
		out = append(out, "corroborated")
	}
	if in.Victim.Role != "" && in.Victim.Role != intel.RoleTarget {
		out = append(out, "role:"+string(in.Victim.Role))
	}
	if in.Demo {
		out = append(out, "demo")
	}
	return out
}

// linkText says who says so, never that somebody was "breached by" somebody.
func linkText(in intel.Incident, actor string) string {
	if claimOnlyLink(in) {
		return actor + " lists " + in.Victim.Name + " as a victim; nobody else says that it was " + actor + "; " + answerText(in) + "."
	}
	return "Attribution to " + actor + ": " + cmp.Or(string(in.Facets.Attribution), "unknown") + "; " + answerText(in) + "."
}

func answerText(in intel.Incident) string {
	switch in.VictimAnswer {
	case string(intel.StanceConfirmed):
		return "the organisation confirms the event"
	case string(intel.StanceDenied):
		return "the organisation denies it"
	}
	return "no answer of the organisation was found"
}

// reportRefs are the reports as external references, sorted by address.
func reportRefs(reports []reportNode) []Object {
	var refs []Object
	for _, r := range reports {
		if r.URL == "" {
			continue
		}
		ref := Object{"source_name": cmp.Or(r.Publisher, "unknown publisher"), "url": r.URL}
		if r.Title != "" {
			ref["description"] = r.Title
		}
		refs = append(refs, ref)
	}
	slices.SortFunc(refs, func(a, b Object) int { return cmp.Compare(text(a["url"]), text(b["url"])) })
	return refs
}

func reportObject(r reportNode, refs []string) Object {
	o := Object{
		"name": cmp.Or(r.Title, r.URL, "Untitled report"), "published": stixTime(r.Published.Time()), "object_refs": refs, "report_types": []string{"threat-report"},
		"labels": []string{"published-precision:" + string(r.Published.Precision()), "source-reliability:" + cmp.Or(r.Reliability, "F")},
	}
	if r.URL != "" {
		o["external_references"] = reportRefs([]reportNode{r})
	}
	if r.Language != "" {
		o["lang"] = r.Language
	}
	return o
}

// noteObject is the evidence: the sentence, who said it and where.
func noteObject(c claimNode, r reportNode, refs []string) Object {
	o := Object{
		"abstract": cmp.Or(c.SaidBy.Name, "unnamed") + " (" + cmp.Or(string(c.SaidBy.Kind), "unknown") + "): " + string(c.Facet) + " " + string(c.Stance), "content": cmp.Or(c.quote, "(no quote)"),
		"object_refs": refs, "labels": []string{"facet:" + string(c.Facet), "stance:" + string(c.Stance), "said-by:" + cmp.Or(string(c.SaidBy.Kind), "unknown")},
		"confidence": percent(c.Confidence),
	}
	if c.SaidBy.Name != "" {
		o["authors"] = []string{c.SaidBy.Name}
	}
	if refs := reportRefs([]reportNode{r}); len(refs) > 0 {
		o["external_references"] = refs
	}
	return o
}

// opinionOf is how a claim's speaker stands to what is exported: only who confirms, denies, disputes or takes back has an opinion.
func opinionOf(c intel.Claim) (word string, facet intel.Facet, said bool) {
	switch c.Stance {
	case intel.StanceDenied:
		return "strongly-disagree", c.Facet, true
	case intel.StanceDisputed, intel.StanceRetracted:
		return "disagree", c.Facet, true
	case intel.StanceConfirmed:
		return "strongly-agree", c.Facet, true
	}
	return "", c.Facet, false
}

func opinionObject(c intel.Claim, word string, refs []string) Object {
	o := Object{
		"opinion": word, "object_refs": refs, "explanation": cmp.Or(c.SaidBy.Name, "Somebody unnamed") + ": " + string(c.Facet) + " " + string(c.Stance),
		"labels": []string{"facet:" + string(c.Facet), "said-by:" + cmp.Or(string(c.SaidBy.Kind), "unknown")},
	}
	if c.SaidBy.Name != "" {
		o["authors"] = []string{c.SaidBy.Name}
	}
	return o
}
