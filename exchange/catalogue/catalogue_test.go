package catalogue_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/exchange/catalogue"
	"github.com/rapsheet/rapsheet/intel"
)

const galaxy = `{
  "type": "threat-actor", "version": 1,
  "values": [
    {"value": "Amber Heron", "uuid": "11111111-1111-4111-8111-111111111111", "meta": {
      "synonyms": ["HERON-7", "G9901", "Amber Heron"], "country": "ZZ", "motive": "Espionage", "origin:HERON-7": "Northfield Labs"},
     "related": [{"dest-uuid": "22222222-2222-4222-8222-222222222222", "type": "part-of"}, {"dest-uuid": "22222222-2222-4222-8222-222222222222", "type": "similar"},
                 {"dest-uuid": "99999999-9999-4999-8999-999999999999", "type": "part-of"}]},
    {"value": "Quiet Moth", "uuid": "22222222-2222-4222-8222-222222222222", "meta": {"synonyms": "Old Moth", "country": ["AA", "BB"]}},
    {"value": "No Meta"}
  ]
}`

const bundle = `{"type": "bundle", "objects": [
  {"type": "intrusion-set", "id": "intrusion-set--1", "name": "Amber Heron", "aliases": ["Amber Heron", "Heron Crew"],
   "external_references": [{"source_name": "elsewhere", "external_id": "no"}, {"source_name": "mitre-attack", "external_id": "G9901"}]},
  {"type": "intrusion-set", "id": "intrusion-set--2", "name": "Gone", "revoked": true},
  {"type": "malware", "id": "malware--1", "name": "Lantern", "x_mitre_aliases": ["Lantern", "LNTRN"], "external_references": [{"source_name": "mitre-attack", "external_id": "S9901"}]},
  {"type": "tool", "id": "tool--1", "name": "Nameless tool"},
  {"type": "attack-pattern", "id": "attack-pattern--1", "name": "Knocking", "external_references": [{"source_name": "mitre-attack", "external_id": "T9901"}]},
  {"type": "relationship", "id": "relationship--1", "relationship_type": "uses", "source_ref": "intrusion-set--1", "target_ref": "malware--1"}
]}`

func parse(t *testing.T, origin, text string) (intel.Catalogue, []error) {
	t.Helper()
	c, skipped, err := catalogue.Parse(origin, "x.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c, skipped
}

func spellings(a intel.Actor) []string {
	var out []string
	for _, n := range a.Names {
		out = append(out, n.Name)
	}
	return out
}

func TestGalaxy(t *testing.T) {
	c, skipped := parse(t, "misp-galaxy", galaxy)
	if len(skipped) != 0 || len(c.Actors) != 3 {
		t.Fatalf("%d actors, left out %v", len(c.Actors), skipped)
	}
	a := c.Actors[0]
	if a.ID != "amber-heron" || a.Country != "ZZ" || !slices.Equal(a.Motivation, []string{"espionage"}) || !slices.Equal(a.ExternalIDs["attack"], []string{"G9901"}) {
		t.Errorf("actor %+v", a)
	}
	if got := spellings(a); !slices.Equal(got, []string{"Amber Heron", "HERON-7", "G9901"}) {
		t.Errorf("names %q", got)
	}
	if a.Names[1].UsedBy != "Northfield Labs" {
		t.Errorf("HERON-7 is used by %q", a.Names[1].UsedBy)
	}
	want := []intel.Relation{{From: "amber-heron", Type: intel.RelPartOf, To: "quiet-moth", Source: "misp-galaxy", Confidence: 0.7}}
	if d := cmp.Diff(want, a.Relations); d != "" {
		t.Errorf("relations: what is only similar, or leads nowhere, has none (-want +got):\n%s", d)
	}
	if c.Actors[1].Country != "" {
		t.Errorf("two countries are no country, got %q", c.Actors[1].Country)
	}
}

func TestAttack(t *testing.T) {
	c, skipped := parse(t, "attack", bundle)
	if len(c.Actors) != 1 || len(c.Software) != 1 || len(c.Techniques) != 1 {
		t.Fatalf("%d actors, %d software, %d techniques", len(c.Actors), len(c.Software), len(c.Techniques))
	}
	if len(skipped) != 1 || !strings.Contains(skipped[0].Error(), "objects[3]") {
		t.Errorf("left out %v, want the tool without an id by its place", skipped)
	}
	if got := spellings(c.Actors[0]); !slices.Equal(got, []string{"Amber Heron", "Heron Crew"}) {
		t.Errorf("names %q", got)
	}
	s := c.Software[0]
	if s.ID != "S9901" || !slices.Equal(s.Names, []string{"LNTRN"}) || !slices.Equal(s.UsedBy, []string{"intrusion-set--1"}) {
		t.Errorf("software %+v", s)
	}
}

func TestMicrosoft(t *testing.T) {
	c, skipped := parse(t, "microsoft", `[{"Threat actor name": "Amber Sleet ", "Origin/Threat": "Nowhere", "Other names": "HERON-7,  Heron Crew,,HERON-7"}, {"Threat actor name": "--"}]`)
	if len(c.Actors) != 1 || len(skipped) != 1 || !strings.Contains(skipped[0].Error(), "rows[1]") {
		t.Fatalf("%d actors, left out %v", len(c.Actors), skipped)
	}
	if got := spellings(c.Actors[0]); !slices.Equal(got, []string{"Amber Sleet", "HERON-7", "Heron Crew"}) {
		t.Errorf("names %q", got)
	}
}

func TestRansomware(t *testing.T) {
	c, skipped := parse(t, "ransomware", `{"type": "ransomware", "values": [{"value": "Lantern Ransomware", "meta": {"synonyms": ["LNTRN", "Lantern Ransomware", "$$$"]}}, {"value": "lantern ransomware"}, {"value": "$$$"}]}`)
	if len(c.Software) != 1 || c.Software[0].ID != "ransomware-lantern-ransomware" || !slices.Equal(c.Software[0].Names, []string{"LNTRN", "lantern ransomware"}) {
		t.Errorf("software %+v", c.Software)
	}
	if len(skipped) != 2 || !strings.Contains(skipped[0].Error(), "values[2]") || !strings.Contains(skipped[1].Error(), "values[0]") {
		t.Errorf("left out %v", skipped)
	}
}

func TestBadFilesAreRefusedWithTheirPlace(t *testing.T) {
	tests := []struct{ name, origin, text, says string }{
		{"truncated", "misp-galaxy", galaxy[:strings.Index(galaxy, `"Quiet Moth"`)], "line 8"},
		{"truncated bundle", "attack", bundle[:200], "line 3"},
		{"malformed", "microsoft", "[\n{\"Threat actor name\": }]", "line 2"},
		{"wrong galaxy", "misp-galaxy", `{"type": "ransomware", "values": []}`, `"ransomware", not "threat-actor"`},
		{"wrong galaxy of brands", "ransomware", galaxy, `"threat-actor", not "ransomware"`},
		{"no bundle", "attack", `{"type": "report"}`, "not a STIX bundle"},
		{"list for object", "misp-galaxy", `[]`, "line 1"},
		{"empty", "attack", ``, "line 1"},
		{"unknown origin", "elsewhere", `{}`, "misp-galaxy, ransomware, attack or microsoft"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := catalogue.Parse(tt.origin, "some/file.json", []byte(tt.text))
			if !errors.Is(err, intel.ErrInvalid) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "some/file.json") {
				t.Errorf("error %v, want one that names the file and says %q", err, tt.says)
			}
		})
	}
}

func TestBadEntriesAreLeftOutAndTheRestLoads(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	text := fmt.Sprintf(`{"type": "threat-actor", "values": [{"value": %q}, {"value": "Amber Heron", "meta": {"synonyms": [%q, "HERON-7", 7, null, " "]}}, {"value": "  "}, {"value": "Quiet Moth", "meta": {"synonyms": {"a": 1}, "country": 7}}]}`, long, long)
	c, skipped := parse(t, "misp-galaxy", text)
	if len(c.Actors) != 2 || !slices.Equal(spellings(c.Actors[0]), []string{"Amber Heron", "HERON-7"}) {
		t.Errorf("actors %+v", c.Actors)
	}
	var places []string
	for _, err := range skipped {
		if len(err.Error()) > 300 || !errors.Is(err, intel.ErrInvalid) || !strings.Contains(err.Error(), "x.json") {
			t.Errorf("left out with %.400q", err)
		}
		_, rest, _ := strings.Cut(err.Error(), "values[")
		place, _, _ := strings.Cut(rest, "]")
		places = append(places, place)
	}
	slices.Sort(places)
	if !slices.Equal(places, []string{"0", "1", "1", "2"}) {
		t.Errorf("places %q", places)
	}
}

func TestEqualSlugsAreToldApartInAnyOrder(t *testing.T) {
	one := `{"value": "Amber Heron", "uuid": "11111111-1111-4111-8111-111111111111"}`
	two := `{"value": "AMBER-HERON", "uuid": "22222222-2222-4222-8222-222222222222"}`
	ids := func(values string) map[string]string {
		c, _ := parse(t, "misp-galaxy", `{"type": "threat-actor", "values": [`+values+`]}`)
		out := map[string]string{}
		for _, a := range c.Actors {
			out[a.Name] = a.ID
		}
		return out
	}
	a, b := ids(one+","+two), ids(two+","+one)
	if d := cmp.Diff(a, b); d != "" || a["Amber Heron"] == a["AMBER-HERON"] {
		t.Errorf("ids %v and %v", a, b)
	}
	same := ids(one + "," + one)
	if len(same) != 1 {
		t.Errorf("one entry given twice has the ids %v", same)
	}
	c, skipped := parse(t, "misp-galaxy", `{"type": "threat-actor", "values": [`+one+`,`+one+`]}`)
	seen := map[string]bool{}
	for _, x := range c.Actors {
		if seen[x.ID] {
			t.Errorf("id %s stands twice (left out: %v)", x.ID, skipped)
		}
		seen[x.ID] = true
	}
}

func TestVersionsDependOnTheBytes(t *testing.T) {
	a, _ := parse(t, "misp-galaxy", galaxy)
	b, _ := parse(t, "misp-galaxy", galaxy)
	c, _ := parse(t, "misp-galaxy", galaxy+"\n")
	if a.Version != b.Version || a.Version == c.Version {
		t.Errorf("versions %s, %s, %s", a.Version, b.Version, c.Version)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("misp-galaxy", galaxy)
	f.Add("attack", bundle)
	f.Add("ransomware", `{"type": "ransomware", "values": [{"value": "A1", "meta": null}]}`)
	f.Add("microsoft", `[{"Threat actor name": "A1", "Other names": ","}]`)
	f.Fuzz(func(t *testing.T, origin, text string) {
		c, skipped, err := catalogue.Parse(origin, "x.json", []byte(text))
		if err != nil {
			if !errors.Is(err, intel.ErrInvalid) || len(skipped) > 0 {
				t.Errorf("error %v, left out %v", err, skipped)
			}
			return
		}
		seen := map[string]bool{}
		for _, a := range c.Actors {
			if a.ID == "" || seen[a.ID] || len(a.Names) == 0 || len(a.Name) > 200 {
				t.Errorf("actor %+v", a)
			}
			seen[a.ID] = true
		}
	})
}
