package data_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/data"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

func resolver(t *testing.T) (*names.Resolver, intel.Catalogue) {
	t.Helper()
	c, err := data.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return names.NewResolver(c), c
}

func ids(c []intel.Candidate) []string {
	out := make([]string, len(c))
	for i := range c {
		out[i] = c[i].ID
	}
	slices.Sort(out)
	return out
}

func TestNamesThatMeanOneActor(t *testing.T) {
	r, _ := resolver(t)
	tests := map[string]string{
		"APT28": "", "APT 28": "", "apt-28": "", "Scattered Spider": "scattered-spider", "Octo Tempest": "scattered-spider", "UNC3944": "scattered-spider",
		"LAPSUS$": "lapsus", "Lazarus Group": "", "Volt Typhoon": "", "ShinyHunters": "shinyhunters", "shiny hunters": "shinyhunters",
		"scattered lapsus$ hunters": "scattered-lapsus-hunters", "Scattered LAPSUS$ Hunters": "scattered-lapsus-hunters", "SLSH": "scattered-lapsus-hunters",
		"Trinity of Chaos": "scattered-lapsus-hunters", "Clop": "clop", "Cl0p": "clop", "NoName057(16)": "noname057-16", "Qilin ransomware group": "qilin",
		"Ѕcattered Spіder": "scattered-spider",
	}
	for name, want := range tests {
		got := ids(r.Resolve(name))
		if len(got) != 1 || want != "" && got[0] != want {
			t.Errorf("%q resolves to %v, want one actor %s", name, got, want)
		}
	}
	if a, b := ids(r.Resolve("APT28")), ids(r.Resolve("APT2")); slices.Equal(a, b) {
		t.Errorf("APT2 is not APT28: %v", a)
	}
}

func TestNamesThatMeanSeveral(t *testing.T) {
	r, _ := resolver(t)
	if got := r.Resolve("Grizzly Steppe"); len(got) != 2 {
		t.Errorf("Grizzly Steppe is a name of APT28 and of APT29: %v", ids(got))
	}
	got := r.Resolve("LABYRINTH CHOLLIMA")
	if len(got) < 4 {
		t.Errorf("Microsoft's table gives LABYRINTH CHOLLIMA to four: %v", ids(got))
	}
	if n := len(r.Conflicts()); n < 27 || n > 200 {
		t.Errorf("%d conflicts", n)
	}
	t.Logf("%d conflicts; LABYRINTH CHOLLIMA: %v", len(r.Conflicts()), ids(got))
}

func TestUmbrellaAndItsMembers(t *testing.T) {
	r, _ := resolver(t)
	members := r.Members("scattered-lapsus-hunters")
	var from []string
	for _, m := range members {
		from = append(from, m.From)
		if m.Since.IsZero() {
			t.Errorf("membership of %s has no date: its past would become the umbrella's", m.From)
		}
	}
	if want := []string{"lapsus", "scattered-spider", "shinyhunters"}; !slices.Equal(from, want) {
		t.Errorf("members %v, want %v", from, want)
	}
}

func TestCatalogueIsSound(t *testing.T) {
	_, c := resolver(t)
	known := map[string]bool{}
	for _, a := range c.Actors {
		if known[a.ID] || a.ID == "" {
			t.Errorf("id %q stands twice or is empty", a.ID)
		}
		known[a.ID] = true
		if !a.Kind.Valid() || len(a.Names) == 0 {
			t.Errorf("%s: kind %q, %d names", a.ID, a.Kind, len(a.Names))
		}
		for _, n := range a.Names {
			if !n.Extent.Valid() || !n.Match.Valid() || n.Source == "" || strings.TrimSpace(n.Name) == "" {
				t.Errorf("%s: name %+v", a.ID, n)
			}
		}
	}
	software := map[string]bool{}
	for _, s := range c.Software {
		software[s.ID] = true
	}
	for _, a := range c.Actors {
		for _, r := range a.Relations {
			if to := known[r.To] || r.Type == intel.RelOperates && software[r.To]; !to || r.From != a.ID || !r.Type.Valid() {
				t.Errorf("%s: relation %+v dangles", a.ID, r)
			}
		}
	}
	for _, s := range c.Software {
		for _, id := range slices.Concat(s.OperatedBy, s.UsedBy) {
			if !known[id] {
				t.Errorf("%s: actor %q is not in the catalogue", s.ID, id)
			}
		}
	}
}

func TestSourcesAreRefusedWithTheirPlace(t *testing.T) {
	good := "sources:\n  - id: a\n    name: A\n    kind: media\n    reliability: B\n    discover:\n      - {type: feed, url: \"https://a.example/feed\"}\n"
	if _, err := data.ParseSources("x.yaml", []byte(good)); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, text, says string }{
		{"misspelt key", strings.Replace(good, "reliability:", "reliabilityx:", 1), "line 5"},
		{"bad letter", strings.Replace(good, "reliability: B", "reliability: Z", 1), "reliability"},
		{"bad delay", good + "    delay: soon\n", "delay"},
		{"twice", good + strings.TrimPrefix(good, "sources:\n"), "twice"},
		{"records without a mapping", strings.Replace(good, "type: feed", "type: records, format: csv", 1), "row with url, title and text"},
		{"a mapping of a feed", strings.Replace(good, "type: feed", "type: feed, format: csv", 1), "takes no format"},
		{"no such discovery", strings.Replace(good, "type: feed", "type: rss", 1), "discover"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := data.ParseSources("x.yaml", []byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "x.yaml") {
				t.Errorf("error %v, want one that names x.yaml and %q", err, tt.says)
			}
		})
	}
}
