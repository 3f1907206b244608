package exchange

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// ecsShape answers in Elastic Common Schema fields; threat.group stands only where the value means one actor for sure.
func ecsShape(r intel.EnrichResult, k Known) any {
	doc := map[string]any{
		"event":    map[string]any{"kind": "enrichment", "category": []string{"threat"}, "type": []string{"indicator"}, "module": "rapsheet", "dataset": "rapsheet.enrich"},
		"rapsheet": blockOf(r),
	}
	threat := map[string]any{"feed": map[string]any{"name": "rapsheet"}}
	if c, ok := sure(r); ok && c.Type == "actor" {
		group := map[string]any{"name": c.Name, "alias": []string{}}
		if a, ok := k.actor(c.ID); ok {
			group["alias"] = aliasesOf(a)
			if ids := a.ExternalIDs["attack"]; len(ids) > 0 {
				group["id"], group["reference"] = ids[0], "https://attack.mitre.org/groups/"+ids[0]
			}
		}
		threat["group"] = group
	} else if ok && c.Type == "software" {
		threat["software"] = map[string]any{"id": c.ID, "name": c.Name}
	} else if ok && c.Type == "victim" {
		doc["organization"] = map[string]any{"id": c.ID, "name": c.Name}
	}
	if kind := ecsIndicator(r); kind != "" && r.Status == "found" {
		threat["enrichments"] = []any{map[string]any{
			"indicator": map[string]any{"type": kind, "provider": "rapsheet", "confidence": "Not Specified", "marking": map[string]any{"tlp": "CLEAR", "tlp_version": "2.0"}},
			"matched":   map[string]any{"atomic": r.Value, "type": "indicator_match_rule"},
		}}
	}
	doc["threat"] = threat
	return doc
}

// ecsIndicator is the STIX type that ECS names an observable by.
func ecsIndicator(r intel.EnrichResult) string {
	switch r.Type {
	case "ip":
		if strings.Contains(r.Value, ":") {
			return "ipv6-addr"
		}
		return "ipv4-addr"
	case "domain":
		return "domain-name"
	case "url":
		return "url"
	case "hash":
		return "file"
	case "email":
		return "email-addr"
	}
	return ""
}

// aliasesOf are the names of an actor that are still asserted.
func aliasesOf(a intel.Actor) []string {
	out := []string{}
	for _, n := range a.Names {
		if !n.Withdrawn && !slices.Contains(out, n.Name) {
			out = append(out, n.Name)
		}
	}
	return out
}

// stixObjects are the objects an answer is about, with a note that says how sure it is whom the value means.
func stixObjects(r intel.EnrichResult, k Known) []Object {
	if k.About == nil || r.Status != "found" && r.Status != "ambiguous" {
		return nil
	}
	var actors, victims, incidents []string
	for _, c := range r.Candidates {
		switch c.Type {
		case "victim":
			victims = append(victims, c.ID)
		case "actor":
			actors = append(actors, c.ID)
		}
	}
	for _, in := range r.Incidents {
		incidents = append(incidents, in.ID)
	}
	objects := k.About(actors, victims, incidents)
	var refs []string
	for _, c := range r.Candidates {
		id := actorStix(c.ID)
		if c.Type == "victim" {
			id = victimStix(c.ID)
		}
		if slices.ContainsFunc(objects, func(o Object) bool { return o["id"] == id }) {
			refs = append(refs, id)
		}
	}
	if len(refs) == 0 {
		return objects
	}
	return append(objects, meaningNote(r, k, refs))
}

// meaningNote says whom the value may mean.
func meaningNote(r intel.EnrichResult, k Known, refs []string) Object {
	var words []string
	for _, c := range r.Candidates {
		said := ""
		if c.VictimAnswer != "" {
			said = "; its latest answer: " + c.VictimAnswer
		}
		words = append(words, c.Name+" ("+c.Type+", "+strconv.Itoa(percent(c.Confidence))+"): "+c.Why+said)
	}
	labels := []string{"status:" + r.Status}
	if r.Status == "ambiguous" {
		labels = append(labels, "ambiguous")
	}
	if allWithdrawn(r) {
		labels = append(labels, "withdrawn")
	}
	m := made{kind: "note", id: stixID("note", "enrich", r.Type, r.Value, stixTime(k.At)), created: k.At, stamp: Stamp{At: k.At}, o: Object{
		"abstract": "Whom " + strconv.Quote(r.Value) + " may mean", "content": cmp.Or(strings.Join(words, "\n"), r.Status), "object_refs": refs, "labels": labels,
	}}
	return m.finish()
}

func stixShape(r intel.EnrichResult, k Known) any {
	return bundleObject(stixObjects(r, k))
}

// ocsfShape is an OCSF enrichment with an osint object a candidate.
func ocsfShape(r intel.EnrichResult, k Known) any {
	kind := map[string]int{"ip": 1, "domain": 2, "hash": 4, "url": 5, "email": 9, "cve": 10}[r.Type]
	if kind == 0 {
		kind = 99
	}
	osint := []any{}
	for _, c := range r.Candidates {
		o := map[string]any{
			"type_id": kind, "value": r.Value, "tlp": "CLEAR", "vendor_name": "rapsheet", "uid": c.ID, "comment": c.Why,
			"labels": []string{"status:" + r.Status, "withdrawn:" + strconv.FormatBool(c.Withdrawn)},
		}
		if r.Status == "ambiguous" {
			o["confidence_id"] = 1
		}
		if c.Type == "actor" {
			a, _ := k.actor(c.ID)
			id, name := ocsfActor(a)
			o["threat_actor"] = map[string]any{"name": c.Name, "type": name, "type_id": id}
		}
		osint = append(osint, o)
	}
	return map[string]any{
		"osint":       osint,
		"enrichments": []any{map[string]any{"name": "value", "value": r.Value, "type": r.Type, "provider": "rapsheet", "data": blockOf(r)}},
	}
}

func ocsfActor(a intel.Actor) (int, string) {
	for _, t := range actorTypes(a) {
		switch t {
		case "spy":
			return 1, "Nation-state"
		case "criminal", "crime-syndicate":
			return 2, "Cybercriminal"
		case "activist":
			return 3, "Hacktivists"
		}
	}
	return 0, "Unknown"
}

// qradarShape is a piece of a reference map of sets: folded name to the ids it may mean, with the flags beside it.
func qradarShape(r intel.EnrichResult, _ Known) any {
	key := newFolder().key(r.Value)
	ids := []string{}
	for _, c := range r.Candidates {
		if !c.Withdrawn {
			ids = append(ids, c.Type+":"+c.ID)
		}
	}
	sets := map[string][]string{}
	if key != "" && len(ids) > 0 {
		sets[key] = ids
	}
	return map[string]any{"map_of_sets": sets, "element_type": "ALNIC", "rapsheet": blockOf(r)}
}

// cortexShape is the output of an analyzer. Nothing is ever called malicious: who is named may be the victim.
func cortexShape(r intel.EnrichResult, _ Known) any {
	value := r.Status
	if r.Summary != nil {
		value = strconv.Itoa(r.Summary.Incidents) + " incidents, " + strconv.Itoa(r.Summary.ClaimOnly) + " claimed only, " + strconv.Itoa(r.Summary.Denied) + " denied"
	}
	taxonomies := []any{map[string]any{"namespace": "rapsheet", "predicate": cmp.Or(r.Type, "value"), "value": value, "level": "info"}}
	artifacts := []any{}
	if c, ok := sure(r); ok {
		kind := "other"
		if c.Type == "victim" {
			kind = "organization"
		}
		artifacts = append(artifacts, map[string]any{"dataType": kind, "data": c.Name, "message": c.Why})
	}
	return map[string]any{"success": r.Status != "invalid", "full": blockOf(r), "summary": map[string]any{"taxonomies": taxonomies}, "artifacts": artifacts, "errorMessage": r.Problem}
}
