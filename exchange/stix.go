package exchange

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// claimOnlyConfidence caps the confidence of a link that only the actor asserts.
const claimOnlyConfidence = 30

// Object is one STIX 2.1 object.
type Object map[string]any

// markings are the TLP 2.0 marking definitions (OASIS STIX 2.1 errata, FIRST TLP 2.0).
func markings() map[intel.TLP]string {
	return map[intel.TLP]string{
		intel.TLPClear: "94868c89-83c2-464b-929b-a1a8aa3c8487", intel.TLPGreen: "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
		intel.TLPAmber: "55d920b0-5e8b-4f79-9ee9-91f868d9b421", intel.TLPAmberStrict: "939a9414-2ddd-4d32-a0cd-375ea402b003",
		intel.TLPRed: "e828b379-4e03-4974-9ac4-e53a884c97c1",
	}
}

// tlpExtension is the extension that defines TLP 2.0 markings.
const tlpExtension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"

// StixBundle writes actors, the incidents given and their reports as one STIX 2.1 bundle. Ids are UUIDv5 of what they name, so
// that two exports of the same state are the same bytes. A link that only the actor asserts has at most confidence 30 and the
// label claim-only; a denial is an opinion.
func StixBundle(actors []intel.ActorProfile, incidents []intel.IncidentDetail, at time.Time) ([]byte, error) {
	b := &bundle{at: stixTime(at), objects: map[string]Object{}}
	for _, a := range actors {
		b.actor(a)
	}
	for _, in := range incidents {
		b.incident(in)
	}
	b.marking()
	ids := make([]string, 0, len(b.objects))
	for id := range b.objects {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	objects := make([]Object, 0, len(ids))
	for _, id := range ids {
		objects = append(objects, b.objects[id])
	}
	out, err := json.MarshalIndent(Object{"type": "bundle", "id": stixID("bundle", strings.Join(ids, " "), b.at), "objects": objects}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("exchange: write stix: %w", err)
	}
	return append(out, '\n'), nil
}

type bundle struct {
	at      string
	objects map[string]Object
}

func stixTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func stixID(kind string, parts ...string) string {
	return kind + "--" + intel.UUIDv5(append([]string{"stix", kind}, parts...)...)
}

// put adds an object with what every object has.
func (b *bundle) put(kind, id string, o Object) string {
	o["type"], o["id"], o["spec_version"], o["created"], o["modified"] = kind, id, "2.1", b.at, b.at
	o["object_marking_refs"] = []string{"marking-definition--" + markings()[intel.TLPClear]}
	b.objects[id] = o
	return id
}

func (b *bundle) marking() {
	id := "marking-definition--" + markings()[intel.TLPClear]
	b.objects[id] = Object{
		"type": "marking-definition", "spec_version": "2.1", "id": id, "created": "2022-10-01T00:00:00.000Z", "name": "TLP:CLEAR",
		"extensions": Object{tlpExtension: Object{"extension_type": "property-extension", "tlp_2_0": "clear"}},
	}
}

func (b *bundle) actor(a intel.ActorProfile) {
	o := Object{"name": a.Name, "threat_actor_types": actorTypes(a.Actor)}
	var aliases []string
	for _, n := range a.Names {
		if n.Name != a.Name && !n.Withdrawn && !slices.Contains(aliases, n.Name) {
			aliases = append(aliases, n.Name)
		}
	}
	if len(aliases) > 0 {
		o["aliases"] = aliases
	}
	var refs []Object
	for _, id := range a.ExternalIDs["attack"] {
		refs = append(refs, Object{"source_name": "mitre-attack", "external_id": id, "url": "https://attack.mitre.org/groups/" + id})
	}
	if len(refs) > 0 {
		o["external_references"] = refs
	}
	b.put("threat-actor", stixID("threat-actor", a.ID), o)
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

// labels say where the link stands.
func labels(in intel.IncidentDetail) []string {
	out := []string{"status:" + cmp.Or(string(in.Status), "unknown"), "victim-answer:" + strings.ReplaceAll(cmp.Or(in.VictimAnswer, "none found"), " ", "-")}
	if in.ClaimOnly {
		out = append(out, "claim-only")
	}
	return out
}

func (b *bundle) incident(in intel.IncidentDetail) {
	if in.Victim.ID == "" {
		return
	}
	victim := b.put("identity", stixID("identity", in.Victim.ID), Object{"name": in.Victim.Name, "identity_class": "organization"})
	reports := b.reports(in)
	for _, a := range in.Actors {
		if a.ID == "" {
			continue
		}
		actor := stixID("threat-actor", a.ID)
		if b.objects[actor] == nil {
			b.put("threat-actor", actor, Object{"name": a.Name, "threat_actor_types": []string{"unknown"}})
		}
		rel := Object{
			"relationship_type": "targets", "source_ref": actor, "target_ref": victim, "confidence": percent(in.Confidence),
			"labels": labels(in), "description": linkText(in, a.Name),
		}
		if len(reports) > 0 {
			rel["external_references"] = reports
		}
		if in.ClaimOnly {
			rel["relationship_type"] = "claims-to-have-targeted"
			rel["confidence"] = min(percent(in.Confidence), claimOnlyConfidence)
		}
		id := b.put("relationship", stixID("relationship", in.ID, a.ID), rel)
		if in.VictimAnswer == string(intel.StanceDenied) {
			b.put("opinion", stixID("opinion", in.ID, a.ID), Object{"opinion": "strongly-disagree", "object_refs": []string{id}, "explanation": in.Victim.Name + " denies it"})
		}
	}
}

// linkText says who says so, never that somebody was "breached by" somebody.
func linkText(in intel.IncidentDetail, actor string) string {
	answer := "no answer of the organisation was found"
	switch in.VictimAnswer {
	case string(intel.StanceConfirmed):
		answer = "the organisation confirms the event"
	case string(intel.StanceDenied):
		answer = "the organisation denies it"
	}
	if in.ClaimOnly {
		return actor + " lists " + in.Victim.Name + " as a victim; " + answer
	}
	return "attribution to " + actor + ": " + cmp.Or(string(in.Facets.Attribution), "unknown") + "; " + answer
}

func (b *bundle) reports(in intel.IncidentDetail) []Object {
	seen := map[string]bool{}
	var refs []Object
	for _, c := range in.Claims {
		if c.URL == "" || seen[c.URL] {
			continue
		}
		seen[c.URL] = true
		ref := Object{"source_name": cmp.Or(c.Publisher, "unknown publisher"), "url": c.URL}
		if c.Title != "" {
			ref["description"] = c.Title
		}
		refs = append(refs, ref)
	}
	return refs
}
