package main

import (
	"strings"
	"testing"
)

// badCatalogues are catalogue files of which a piece is bad, each with a good actor, Amber Heron Testing.
func badCatalogues() []struct {
	name, origin, text string
	code               int
	says               []string
} {
	const good = `{"value": "Amber Heron Testing", "uuid": "11111111-1111-4111-8111-111111111111"}`
	galaxy := func(values ...string) string {
		return "{\"type\": \"threat-actor\", \"values\": [\n" + strings.Join(values, ",\n") + "\n]}"
	}
	part := func(name, uuid, of string) string {
		return `{"value": "` + name + `", "uuid": "` + uuid + `", "related": [{"dest-uuid": "` + of + `", "type": "part-of"}]}`
	}
	group := func(id, name, attack string) string {
		return `{"type": "intrusion-set", "id": "` + id + `", "name": "` + name + `", "external_references": [{"source_name": "mitre-attack", "external_id": "` + attack + `"}]}`
	}
	return []struct {
		name, origin, text string
		code               int
		says               []string
	}{
		{
			"circle of relations", "misp-galaxy", galaxy(good, part("Inner Moth Testing", "u1", "u2"), part("Middle Moth Testing", "u2", "u3"), part("Outer Moth Testing", "u3", "u1")), exitPartial,
			[]string{"values[3], line 5", "Outer Moth Testing", "outer-moth-testing part-of inner-moth-testing closes a circle"},
		},
		{"name of 10,000 characters", "misp-galaxy", galaxy(`{"value": "`+strings.Repeat("x", 10_000)+`"}`, good), exitPartial, []string{"values[0], line 2", "name of 10000 bytes"}},
		{"alias of 10,000 characters", "misp-galaxy", galaxy(good, `{"value": "Quiet Moth Testing", "meta": {"synonyms": ["`+strings.Repeat("é", 5_000)+`"]}}`), exitPartial, []string{"values[1], line 3", "Quiet Moth Testing", "name of 10000 bytes"}},
		{"alias that is a common word", "misp-galaxy", galaxy(good, `{"value": "Quiet Moth Testing", "meta": {"synonyms": ["Moonlight"]}}`), exitOK, []string{"quarantined", "values[1], line 3", "Quiet Moth Testing", "“Moonlight” is a common", "only where words near it say"}},
		{"alias that means nobody", "misp-galaxy", galaxy(good, `{"value": "Quiet Moth Testing", "meta": {"synonyms": ["The Hackers", "the"]}}`), exitPartial, []string{"values[1], line 3", `"The Hackers" says what actors are`, `"the" says`}},
		{"one id twice in a galaxy", "misp-galaxy", galaxy(good, `{"value": "Quiet Moth Testing", "uuid": "11111111-1111-4111-8111-111111111111"}`), exitPartial, []string{"values[1], line 3", "its uuid is that of values[0]"}},
		{"one name twice with no id", "misp-galaxy", galaxy(good, `{"value": "Quiet Moth Testing"}`, `{"value": "Quiet Moth Testing"}`), exitPartial, []string{"values[2], line 4", "its name and id are those of values[1]"}},
		{
			"one ATT&CK id twice", "attack", "{\"type\": \"bundle\", \"objects\": [\n" + group("intrusion-set--1", "Amber Heron Testing", "G9901") + ",\n" + group("intrusion-set--2", "Quiet Moth Testing", "G9901") + "]}", exitPartial,
			[]string{"objects[1], line 3", "Quiet Moth Testing", "its ATT&CK id G9901 is that of objects[0]"},
		},
		{"one row twice", "microsoft", "[\n{\"Threat actor name\": \"Amber Heron Testing\"},\n{\"Threat actor name\": \"Amber Heron Testing\"}]", exitPartial, []string{"rows[1], line 3", "its name and id are those of rows[0]"}},
		{"entry of the wrong kind", "misp-galaxy", galaxy(good, `"Quiet Moth Testing"`), exitPartial, []string{"values[1], line 3"}},
	}
}

// TestBadPiecesOfACatalogue imports one after the other: the piece is named by file, entry and line, and the rest is there.
func TestBadPiecesOfACatalogue(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range badCatalogues() {
		t.Run(tt.name, func(t *testing.T) {
			file := writeFile(t, dir, "bad.json", tt.text)
			code, _, errOut := rapsheet(t, dir, "", "import", "--insist", tt.origin, file)
			if code != tt.code || len(errOut) > 1500 {
				t.Errorf("exit %d, want %d:\n%.2000s", code, tt.code, errOut)
			}
			for _, want := range append(tt.says, file) {
				if !strings.Contains(errOut, want) {
					t.Errorf("%q is not said:\n%.2000s", want, errOut)
				}
			}
			if r := resolved(t, dir, "Amber Heron Testing"); len(r[0].Candidates) != 1 || r[0].Candidates[0].Confidence < 0.9 {
				t.Errorf("the rest did not load: %+v", r[0].Candidates)
			}
		})
	}
}

// TestCutCatalogueChangesNothing imports a file that was cut short: it is refused with the line, and what stood stands.
func TestCutCatalogueChangesNothing(t *testing.T) {
	dir := t.TempDir()
	whole := galaxyFile(`"HERON-7 Testing"`, true)
	ok(t, dir, "", "import", "--insist", "misp-galaxy", writeFile(t, dir, "whole.json", whole))
	code, _, errOut := rapsheet(t, dir, "", "import", "--insist", "misp-galaxy", writeFile(t, dir, "cut.json", "\n"+whole[:len(whole)-20]))
	if code != exitFailed || !strings.Contains(errOut, "cut.json: line 2: the file is cut short") {
		t.Errorf("exit %d, %s", code, errOut)
	}
	for _, r := range resolved(t, dir, "HERON-7 Testing", "Quiet Moth Testing") {
		if len(r.Candidates) != 1 || r.Candidates[0].Withdrawn {
			t.Errorf("after the refusal %s means %+v", r.Value, r.Candidates)
		}
	}
}

// TestTwoFilesThatDefineOneID: files of two catalogues whose records would have one id are two actors, in any order, and no name of
// the one is the other's; a newer file of one catalogue takes the place of the older, and says so.
func TestTwoFilesThatDefineOneID(t *testing.T) {
	const misp = `{"type": "threat-actor", "values": [{"value": "Lanterns Testing", "uuid": "u1", "meta": {"synonyms": ["Amber Heron Testing"]}}]}`
	const attack = `{"type": "bundle", "objects": [{"type": "intrusion-set", "id": "intrusion-set--1", "name": "Lantern$ Testing", "aliases": ["Quiet Moth Testing"],
  "external_references": [{"source_name": "mitre-attack", "external_id": "G9901"}]}]}`
	for _, order := range [][2]int{{0, 1}, {1, 0}} {
		dir := t.TempDir()
		files := [2][]string{{"misp-galaxy", writeFile(t, dir, "misp.json", misp)}, {"attack", writeFile(t, dir, "attack.json", attack)}}
		for _, i := range order {
			ok(t, dir, "", append([]string{"import", "--insist"}, files[i]...)...)
		}
		r := resolved(t, dir, "Amber Heron Testing", "Quiet Moth Testing")
		if len(r[0].Candidates) != 1 || len(r[1].Candidates) != 1 || r[0].Candidates[0].ID == r[1].Candidates[0].ID {
			t.Errorf("%+v and %+v, want two actors", r[0].Candidates, r[1].Candidates)
		}
		out := ok(t, dir, "", "import", "--insist", "attack", writeFile(t, dir, "newer.json", strings.ReplaceAll(attack, "Quiet", "Loud")))
		if !strings.Contains(out, "Quiet Moth Testing withdrawn (attack)") || !strings.Contains(out, "Loud Moth Testing added (attack)") {
			t.Errorf("the newer file's difference:\n%.600s", out)
		}
	}
}
