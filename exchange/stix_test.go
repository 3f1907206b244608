package exchange_test

import (
	"bytes"
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

type object map[string]any

// text is a property that is a string, or empty.
func (o object) text(key string) string {
	s, _ := o[key].(string)
	return s
}

func bundle(t *testing.T, actors []intel.ActorProfile, incidents []intel.IncidentDetail) []object {
	t.Helper()
	b, err := exchange.StixBundle(actors, incidents, at())
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Type    string   `json:"type"`
		ID      string   `json:"id"`
		Objects []object `json:"objects"`
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Type != "bundle" || !stixID.MatchString(doc.ID) {
		t.Errorf("bundle type %q, id %q", doc.Type, doc.ID)
	}
	checkObjects(t, doc.Objects)
	return doc.Objects
}

var (
	stixID   = regexp.MustCompile(`^([a-z][a-z0-9-]+)--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	stixTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
)

// required are the properties that STIX 2.1 asks for, besides those of every object.
func required() map[string][]string {
	return map[string][]string{
		"threat-actor": {"name"}, "identity": {"name"}, "relationship": {"relationship_type", "source_ref", "target_ref"},
		"opinion": {"opinion", "object_refs"}, "marking-definition": {"name", "extensions"},
	}
}

// checkObjects checks the rules of STIX 2.1 that concern what is exported here.
func checkObjects(t *testing.T, objects []object) {
	t.Helper()
	byID := map[string]object{}
	for _, o := range objects {
		if byID[o.text("id")] != nil {
			t.Errorf("%s stands twice", o.text("id"))
		}
		byID[o.text("id")] = o
	}
	for id, o := range byID {
		kind := o.text("type")
		need, known := required()[kind]
		if m := stixID.FindStringSubmatch(id); m == nil || m[1] != kind || !known {
			t.Errorf("id %q of a %q", id, kind)
		}
		if o["spec_version"] != "2.1" || !stixTime.MatchString(o.text("created")) {
			t.Errorf("%s: spec_version %v, created %q", id, o["spec_version"], o.text("created"))
		}
		if kind != "marking-definition" {
			need = append(need, "modified", "object_marking_refs")
		}
		for _, k := range need {
			if o[k] == nil || o[k] == "" {
				t.Errorf("%s lacks %s", id, k)
			}
		}
		checkValues(t, o, byID)
	}
}

// checkValues checks that nothing is null or empty, that references lead to objects of the bundle, and the vocabularies.
func checkValues(t *testing.T, o object, byID map[string]object) {
	t.Helper()
	types := []string{
		"activist", "competitor", "crime-syndicate", "criminal", "hacker", "insider-accidental", "insider-disgruntled", "nation-state", "sensationalist", "spy",
		"terrorist", "unknown",
	}
	for k, v := range o {
		list, isList := v.([]any)
		if v == nil || isList && len(list) == 0 || k != strings.ToLower(k) {
			t.Errorf("%s: %s is %v", o.text("id"), k, v)
		}
		for _, e := range list {
			s, isText := e.(string)
			if strings.HasSuffix(k, "_refs") && byID[s] == nil {
				t.Errorf("%s: %s leads to %q", o.text("id"), k, s)
			}
			if ref, ok := e.(map[string]any); ok && (ref["source_name"] == nil || ref["source_name"] == "") {
				t.Errorf("%s: reference %v has no source_name", o.text("id"), ref)
			}
			if k == "threat_actor_types" && (!isText || !slices.Contains(types, s)) {
				t.Errorf("%s: type %v is not of the vocabulary", o.text("id"), e)
			}
		}
		if strings.HasSuffix(k, "_ref") && byID[o.text(k)] == nil {
			t.Errorf("%s: %s leads to %v", o.text("id"), k, v)
		}
	}
	if c, ok := o["confidence"].(float64); ok && (c < 0 || c > 100 || c != math.Trunc(c)) {
		t.Errorf("%s: confidence %v", o.text("id"), c)
	}
}

func TestStixBundle(t *testing.T) {
	one, err1 := exchange.StixBundle(actors(), incidents(), at())
	again := incidents()
	slices.Reverse(again)
	two, err2 := exchange.StixBundle(actors(), again, at())
	if err1 != nil || err2 != nil || !bytes.Equal(one, two) {
		t.Errorf("two exports of one state differ (%v, %v)", err1, err2)
	}
	golden(t, "bundle.json", one)
}

func TestStixSaysWhoSaysSo(t *testing.T) {
	objects := bundle(t, actors(), incidents())
	kinds, relations := map[string]int{}, map[string]int{}
	denied := ""
	for _, o := range objects {
		kinds[o.text("type")]++
		if o.text("type") != "relationship" {
			continue
		}
		relations[o.text("relationship_type")]++
		list, _ := o["labels"].([]any)
		confidence, _ := o["confidence"].(float64)
		claimOnly := slices.Contains(list, any("claim-only"))
		if claimOnly == (o.text("relationship_type") == "targets") || claimOnly && confidence > 30 {
			t.Errorf("%v with confidence %v is %s", list, confidence, o.text("relationship_type"))
		}
		if slices.Contains(list, any("victim-answer:denied")) {
			denied = o.text("id")
		}
		if strings.Contains(o.text("description"), "breached by") {
			t.Errorf("description %q asserts what nobody proved", o.text("description"))
		}
	}
	if kinds["marking-definition"] != 1 || kinds["opinion"] != 1 || kinds["identity"] != 3 || kinds["threat-actor"] != 2 {
		t.Errorf("objects %v", kinds)
	}
	if relations["targets"] != 1 || relations["claims-to-have-targeted"] != 2 {
		t.Errorf("relations %v", relations)
	}
	for _, o := range objects {
		if refs, _ := o["object_refs"].([]any); o.text("type") == "opinion" && (o.text("opinion") != "strongly-disagree" || len(refs) != 1 || refs[0] != denied) {
			t.Errorf("opinion %v is not of the denied link %s", o, denied)
		}
	}
}

func TestStixSurvivesHostileAndEmptyInput(t *testing.T) {
	bundle(t, nil, nil)
	bad := actors()[0]
	bad.Name = "</script>\x00\xff" + strings.Repeat("x", 1<<16)
	bad.Names = append(bad.Names, named("a\u202eb", "\xff\xfe")...)
	empty := incident("four", "", bad)
	empty.Victim.ID = ""
	bare := incident("five", "Fernhill\nBank", bad)
	bare.Claims, bare.Confidence, bare.VictimAnswer, bare.Status = []intel.ClaimDetail{{}}, math.NaN(), "", ""
	loud := incident("six", "Fernhill", bad)
	loud.Confidence, loud.Actors = 7, append(loud.Actors, intel.ActorRef{Ref: intel.Ref{Name: "nobody known"}})
	objects := bundle(t, []intel.ActorProfile{bad}, []intel.IncidentDetail{empty, bare, loud})
	links := slices.DeleteFunc(objects, func(o object) bool { return o.text("type") != "relationship" })
	if len(links) != 2 {
		t.Errorf("%d links: an incident without a victim, and an actor without an id, have none", len(links))
	}
}
