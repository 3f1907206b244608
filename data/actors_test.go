package data_test

import (
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/data"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// curated are the records of data/actors as they stand in their files.
func curated(t *testing.T) []intel.Actor {
	t.Helper()
	paths, err := filepath.Glob("actors/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	var out []intel.Actor
	for _, p := range paths {
		b, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		a, err := data.ParseActor(p, b)
		if err != nil {
			t.Error(err)
			continue
		}
		if a.ID != strings.TrimSuffix(filepath.Base(p), ".yaml") {
			t.Errorf("%s: id %q", p, a.ID)
		}
		out = append(out, a)
	}
	return out
}

func TestCuratedRecordsRestOnReferences(t *testing.T) {
	for _, a := range curated(t) {
		if len(a.References) == 0 {
			t.Errorf("%s: no reference", a.ID)
		}
		for _, r := range a.References {
			u, err := url.Parse(r.URL)
			if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || strings.HasSuffix(u.Hostname(), ".onion") || r.Title == "" {
				t.Errorf("%s: reference %+v", a.ID, r)
			}
		}
		if a.Reviewed && !slices.ContainsFunc(a.References, func(r intel.Reference) bool { return !r.Opened.IsZero() }) {
			t.Errorf("%s is reviewed, yet nobody opened a reference of it", a.ID)
		}
	}
}

func TestCuratedNamesMeanOneActor(t *testing.T) {
	owner := map[string]string{}
	for _, a := range curated(t) {
		for _, n := range a.Names {
			key := names.Fold(n.Name)
			if other := owner[key]; other != "" && other != a.ID && n.Extent == intel.ExtentExact {
				t.Errorf("%q is a name of %s and of %s: say partial or disputed", n.Name, other, a.ID)
			}
			if n.Extent == intel.ExtentExact {
				owner[key] = a.ID
			}
		}
	}
}

func TestCuratedRelationsLeadToActors(t *testing.T) {
	_, c := resolver(t)
	known := map[string]bool{}
	for _, a := range c.Actors {
		known[a.ID] = true
	}
	for _, a := range curated(t) {
		for _, r := range a.Relations {
			if !known[r.To] || r.To == a.ID || r.Source == "" || !r.Until.IsZero() && r.Until.Before(r.Since) {
				t.Errorf("%s: relation %+v", a.ID, r)
			}
		}
	}
}

func TestUnopenedReferencesAreUnverified(t *testing.T) {
	text := "id: a\nname: Amber Heron\nkind: group\nreferences:\n  - {title: T, url: \"https://a.example/\", opened: never}\nreview: unreviewed\n"
	a, err := data.ParseActor("a.yaml", []byte(text))
	if err != nil || len(a.References) != 1 || !a.References[0].Opened.IsZero() || a.Reviewed {
		t.Errorf("record %+v, error %v", a, err)
	}
}

func TestCuratedRecordsAreRefusedWithTheirPlace(t *testing.T) {
	good := "id: a\nname: Amber Heron\nkind: group\nreferences:\n  - {title: T, url: \"https://a.example/\", opened: \"2025-01-02\"}\nreview: unreviewed\n"
	tests := []struct{ name, text, says string }{
		{"misspelt key", strings.Replace(good, "kind:", "knid:", 1), "line 3"},
		{"another's id", strings.Replace(good, "id: a", "id: b", 1), "file's name"},
		{"no such kind", strings.Replace(good, "kind: group", "kind: person", 1), "kind"},
		{"no review", strings.Replace(good, "review: unreviewed", "review: maybe", 1), "review"},
		{"bad date", strings.Replace(good, "2025-01-02", "2025-13-02", 1), "2025-13-02"},
		{"no reference", "id: a\nname: Amber Heron\nkind: group\nreview: unreviewed\n", "reference"},
		{"bad extent", good + "names:\n  - {name: B, extent: most}\n", "extent"},
		{"bad relation", good + "relations:\n  - {type: likes, to: b, source: s}\n", "relation"},
		{"membership without a day", good + "relations:\n  - {type: member-of, to: b, source: s}\n", "since"},
		{"withdrawn without a word", good + "withdrawn: true\n", "note"},
		{"nothing", "", "a.yaml"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := data.ParseActor("a.yaml", []byte(tt.text))
			if err == nil || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "a.yaml") {
				t.Errorf("error %v, want one that names a.yaml and %q", err, tt.says)
			}
		})
	}
}

func TestCrosswalkRestsOnReferences(t *testing.T) {
	var doc struct {
		Links []names.Link `yaml:"links"`
	}
	load(t, "crosswalk.yaml", &doc)
	r, c := resolver(t)
	known := map[string]intel.Actor{}
	for _, a := range c.Actors {
		known[a.ID] = a
	}
	seen := map[string]bool{}
	for _, l := range doc.Links {
		if u, err := url.Parse(l.Reference); err != nil || u.Scheme != "https" || l.Why == "" || l.MISP == "" && l.Attack == "" {
			t.Errorf("link %+v", l)
		}
		for _, key := range []string{"misp " + l.MISP, "attack " + l.Attack, "microsoft " + l.Microsoft} {
			if !strings.HasSuffix(key, " ") && seen[key] {
				t.Errorf("%s stands twice", key)
			}
			seen[key] = true
		}
		if l.MISP == "" {
			continue
		}
		one := slices.ContainsFunc(r.Resolve(l.MISP), func(c intel.Candidate) bool {
			ids := known[c.ID].ExternalIDs
			return (l.Attack == "" || slices.Contains(ids["attack"], l.Attack)) && (l.Microsoft == "" || slices.Contains(ids["microsoft"], l.Microsoft))
		})
		if !one {
			t.Errorf("%s, %s and %s are no one actor", l.MISP, l.Attack, l.Microsoft)
		}
	}
}

// ambiguousInMISP are the names that two or more actors of MISP galaxy carry by themselves, before anything is joined.
func ambiguousInMISP() []string {
	return []string{
		"PLA Navy", "G0013", "Circle Typhoon", "Mint Sandstorm", "Cobalt Gypsy", "Grizzly Steppe", "Nobelium", "ALLANITE", "IRIDIUM", "Andariel",
		"Stardust Chollima", "Sapphire Sleet", "OilRig", "Volatile Cedar", "Greenbug", "APT43", "Arid Viper", "Golden Chickens", "Spandex Tempest",
		"Imperial Kitten", "Cuboid Sandstorm", "Smoke Sandstorm", "Cadet Blizzard", "BRONZE HIGHLAND", "Evasive Panda", "Alpha Spider", "VICE SPIDER",
	}
}

func TestConflictsOfOneCatalogueAreAllListed(t *testing.T) {
	r, _ := resolver(t)
	conflicts := r.Conflicts()
	if n := len(conflicts); n < 27 || n > 200 {
		t.Errorf("%d conflicts, want 27 to 200", n)
	}
	listed := map[string]bool{}
	for _, c := range conflicts {
		if len(c.Candidates) < 2 || listed[names.Fold(c.Name)] {
			t.Errorf("conflict %q with %v, or it stands twice", c.Name, ids(c.Candidates))
		}
		listed[names.Fold(c.Name)] = true
	}
	for _, n := range ambiguousInMISP() {
		if !listed[names.Fold(n)] {
			t.Errorf("%q is ambiguous in MISP galaxy itself and is not listed; it resolves to %v", n, ids(r.Resolve(n)))
		}
	}
	t.Logf("%d conflicts", len(conflicts))
}

// BenchmarkCatalogue loads and indexes the catalogue, and says how much memory it then holds.
func BenchmarkCatalogue(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var r *names.Resolver
	for b.Loop() {
		c, err := data.Catalogue()
		if err != nil {
			b.Fatal(err)
		}
		r = names.NewResolver(c)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-min(before.HeapAlloc, after.HeapAlloc))/(1<<20), "MB-held")
	runtime.KeepAlive(r)
}

// BenchmarkResolve1000 resolves 1,000 names against the whole catalogue.
func BenchmarkResolve1000(b *testing.B) {
	c, err := data.Catalogue()
	if err != nil {
		b.Fatal(err)
	}
	r := names.NewResolver(c)
	var asked []string
	for i := 0; len(asked) < 1000; i++ {
		a := c.Actors[i%len(c.Actors)]
		switch i % 4 {
		case 0:
			asked = append(asked, strings.ToLower(a.Name))
		case 1:
			asked = append(asked, a.Names[len(a.Names)-1].Name)
		case 2:
			asked = append(asked, "the "+a.Name+" group")
		default:
			asked = append(asked, "Nobody "+a.Name)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, n := range asked {
			r.Resolve(n)
		}
	}
}

// TestGroupsThatSpanSeveralActorsAreListed: a group of ATT&CK, or a row of Microsoft's, whose names MISP galaxy gives to several
// actors has its names among the conflicts, each that two actors own, and the conflict says that it spans them.
func TestGroupsThatSpanSeveralActorsAreListed(t *testing.T) {
	r, _ := resolver(t)
	parts, err := data.Parts()
	if err != nil {
		t.Fatal(err)
	}
	why := map[string]string{}
	for _, c := range r.Conflicts() {
		why[names.Fold(c.Name)] = strings.Join(c.Why, "; ")
	}
	owners := map[string][]string{}
	for _, a := range parts.MISP.Actors {
		for _, n := range a.Names {
			if k := names.Fold(n.Name); !slices.Contains(owners[k], a.ID) {
				owners[k] = append(owners[k], a.ID)
			}
		}
	}
	spanning := 0
	for _, g := range slices.Concat(parts.Attack.Actors, parts.Microsoft.Actors) {
		over, listed := map[string]bool{}, 0
		for _, n := range g.Names {
			k := names.Fold(n.Name)
			for _, id := range owners[k] {
				over[id] = true
			}
			if why[k] != "" {
				listed++
			}
		}
		if len(over) < 2 {
			continue
		}
		if spanning++; listed == 0 {
			t.Errorf("%s of %s spans %d actors of MISP galaxy and none of its names is listed", g.Name, g.Origin, len(over))
		}
	}
	t.Logf("%d groups and rows span several actors", spanning)
	if spanning < 10 {
		t.Errorf("%d groups and rows span several actors: the test looks in the wrong place", spanning)
	}
}
