package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/names"
)

// inputs writes small invented catalogues and answers the flags that name them.
func inputs(t *testing.T) (args []string, dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{
		"misp":       `{"type": "threat-actor", "values": [{"value": "Amber Heron", "uuid": "11111111-1111-4111-8111-111111111111", "meta": {"synonyms": ["HERON-7", "$$$"]}}]}`,
		"ransomware": `{"type": "ransomware", "values": [{"value": "Amber Heron Ransomware"}]}`,
		"attack":     `{"type": "bundle", "objects": [{"type": "intrusion-set", "id": "intrusion-set--1", "name": "Heron Crew", "external_references": [{"source_name": "mitre-attack", "external_id": "G9901"}]}]}`,
		"software":   `{"type": "bundle", "objects": []}`,
		"microsoft":  `[{"Threat actor name": "Amber Sleet", "Other names": "HERON-7"}]`,
		"crosswalk":  "links:\n  - {misp: Amber Heron, attack: G9901, why: w, reference: \"https://a.example/\"}\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "-"+name, path)
	}
	return args, dir
}

func TestGenerate(t *testing.T) {
	args, dir := inputs(t)
	var made [2][]byte
	for i := range made {
		var stderr bytes.Buffer
		out := filepath.Join(dir, "out")
		if code := run(append(args, "-out", out), &stderr); code != 0 {
			t.Fatalf("code %d: %s", code, stderr.String())
		}
		if !strings.Contains(stderr.String(), "left out:") || !strings.Contains(stderr.String(), "2 actors") {
			t.Errorf("it said %q", stderr.String())
		}
		var err error
		if made[i], err = os.ReadFile(out); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(made[0], made[1]) {
		t.Error("the same inputs gave other bytes")
	}
	r, err := gzip.NewReader(bytes.NewReader(made[0]))
	if err != nil {
		t.Fatal(err)
	}
	var c names.Parts
	if err := json.NewDecoder(r).Decode(&c); err != nil || len(c.MISP.Actors) != 1 || len(c.Attack.Actors) != 1 || len(c.Microsoft.Actors) != 1 || c.MISP.Version == "" {
		t.Errorf("parts %+v, %v", c, err)
	}
}

func TestBadInputIsNamed(t *testing.T) {
	args, dir := inputs(t)
	out := filepath.Join(dir, "out")
	tests := []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no file", []string{"-out", out}, 1, "-misp"},
		{"no such flag", []string{"-mips", "x"}, 2, "mips"},
		{"wrong file", slices.Concat(args, []string{"-out", out, "-misp", filepath.Join(dir, "ransomware")}), 1, `"ransomware"`},
		{"bad crosswalk", slices.Concat(args, []string{"-out", out, "-crosswalk", filepath.Join(dir, "misp")}), 1, "misp"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var stderr bytes.Buffer
			if code := run(tt.args, &stderr); code != tt.code || !strings.Contains(stderr.String(), tt.says) {
				t.Errorf("code %d, said %q; want %d and %q", code, stderr.String(), tt.code, tt.says)
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("it wrote a catalogue all the same")
			}
		})
	}
}
