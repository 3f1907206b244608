package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// alliance is the story of an umbrella and its parents, told of invented companies: what a parent did before August 2025, when the
// three united, what the umbrella did under two of its names, and what a parent did afterwards.
var alliance = []map[string]string{
	{
		"url": "https://paper.example/oatfield", "title": "Oatfield Stores says Scattered Spider was behind its outage", "published": "2025-04-28",
		"text": "Scattered Spider attacked Oatfield Stores in April 2025. Oatfield Stores, the British supermarket chain, confirmed on 26 April 2025 that it was hit by ransomware and that orders had stopped.",
	},
	{
		"url": "https://paper.example/veldmark", "title": "Hackers claim attack on Veldmark Auto Works", "published": "2025-09-03",
		"text": "Veldmark Auto Works confirmed on 2 September 2025 that a cyber attack had stopped its lines. A group calling itself Scattered LAPSUS$ Hunters claimed responsibility for the attack on Veldmark Auto Works.",
	},
	{
		"url": "https://paper.example/tarnwick", "title": "Tarnwick Air customer data stolen", "published": "2025-10-12",
		"text": "Tarnwick Air confirmed on 11 October 2025 that customer data was stolen. SLSH claimed responsibility for the breach of Tarnwick Air.",
	},
	{
		"url": "https://paper.example/halcrow", "title": "ShinyHunters breached Halcrow Tickets", "published": "2025-11-04",
		"text": "ShinyHunters breached Halcrow Tickets on 2 November 2025 and stole customer data. Halcrow Tickets confirmed the breach.",
	},
}

// TestUmbrellaAndItsParents asks for an umbrella and for its parents: an umbrella has what is said of itself, with its members what they
// did since they united, labelled; a parent keeps its own past, and has, when asked for more, what the umbrella did since.
func TestUmbrellaAndItsParents(t *testing.T) {
	dir := t.TempDir()
	var lines strings.Builder
	for _, r := range alliance {
		if err := json.NewEncoder(&lines).Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "alliance.jsonl")
	if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	ok(t, data, "", "import", "reports", file)
	own := []string{"Tarnwick Air via ", "Veldmark Auto Works via "}
	tests := []struct {
		name   string
		expand bool
		want   []string
	}{
		{"Scattered LAPSUS$ Hunters", false, own},
		{"scattered-lapsus-hunters", false, own},
		{"SLSH", false, own},
		{"Trinity of Chaos", false, own},
		{"Scattered LAPSUS$ Hunters", true, []string{"Halcrow Tickets via ShinyHunters", "Tarnwick Air via ", "Veldmark Auto Works via "}},
		{"Scattered Spider", false, []string{"Oatfield Stores via "}},
		{"Scattered Spider", true, []string{"Oatfield Stores via ", "Tarnwick Air via Scattered LAPSUS$ Hunters", "Veldmark Auto Works via Scattered LAPSUS$ Hunters"}},
		{"ShinyHunters", false, []string{"Halcrow Tickets via "}},
		{"LAPSUS$", false, nil},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s, members %v", tt.name, tt.expand), func(t *testing.T) {
			if diff := cmp.Diff(tt.want, toldOf(t, data, tt.name, tt.expand)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// toldOf gives the incidents that the command shows of an actor as "victim via member", sorted.
func toldOf(t *testing.T, data, name string, expand bool) []string {
	t.Helper()
	args := []string{"actor", name}
	if expand {
		args = append(args, "--expand", "members")
	}
	var out []string
	for line := range strings.SplitSeq(ok(t, data, "", args...), "\n") {
		victim, rest, found := strings.Cut(line, "  ·  ")
		if !found {
			continue
		}
		_, via, _ := strings.Cut(rest, "[via ")
		out = append(out, victim+" via "+strings.TrimSuffix(via, "]"))
	}
	slices.Sort(out)
	return out
}
