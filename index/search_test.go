package index

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
)

var update = flag.Bool("update", false, "write golden files")

// search is one case of testdata/searches: title, query, and the ids expected, best first.
type searchCase struct {
	name, title, query string
	want               []string
}

func searchCases(t *testing.T) []searchCase {
	t.Helper()
	files, err := filepath.Glob("testdata/searches/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no searches: %v", err)
	}
	var out []searchCase
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		c := searchCase{name: strings.TrimSuffix(filepath.Base(f), ".txt")}
		for line := range strings.Lines(string(b)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			switch key {
			case "title":
				c.title = value
			case "query":
				c.query = value
			case "want":
				c.want = strings.Fields(value)
			}
		}
		out = append(out, c)
	}
	return out
}

func TestSearches(t *testing.T) {
	ix := indexed(t, corpus())
	first, top5, reciprocal := 0, 0, 0.0
	cases := searchCases(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			page, err := ix.Search(t.Context(), intel.Query{Text: c.query})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Join(c.want, " "), strings.Join(ids(page), " ")); diff != "" {
				t.Errorf("%s\n%s (-want +got):\n%s", c.title, c.query, diff)
			}
			if page.Total != len(c.want) {
				t.Errorf("total %d, want %d", page.Total, len(c.want))
			}
			for i, id := range ids(page) {
				if len(c.want) > 0 && id == c.want[0] {
					reciprocal += 1 / float64(i+1)
					if i == 0 {
						first++
					}
					if i < 5 {
						top5++
					}
				}
			}
			if len(c.want) == 0 && page.Total == 0 {
				first, top5, reciprocal = first+1, top5+1, reciprocal+1
			}
		})
	}
	n := float64(len(cases))
	got := fmt.Sprintf("queries  %d\nrecall@1 %.3f\nrecall@5 %.3f\nMRR      %.3f\n", len(cases), float64(first)/n, float64(top5)/n, reciprocal/n)
	golden(t, "testdata/rank_stats.txt", got)
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestSearchFilters(t *testing.T) {
	ix := indexed(t, corpus())
	for _, c := range []struct {
		name string
		q    intel.Query
		want string
	}{
		{"latest, undated last", intel.Query{Limit: 200}, "r11 r04 r02 r01 r06 r07 r10 r05 r09 r08 r03 r12"},
		{"oldest, undated last", intel.Query{Sort: "oldest"}, "r03 r08 r09 r05 r10 r07 r06 r01 r02 r04 r11 r12"},
		{"actor by alias", intel.Query{Actor: "UNC6040"}, "r11 r04 r02 r03"},
		{"actor by attack id", intel.Query{Actor: "G1015"}, "r02"},
		{"umbrella alone", intel.Query{Actor: "SLSH"}, "r02 r01"},
		{"umbrella with members, not their past", intel.Query{Actor: "SLSH", ExpandMembers: true}, "r11 r04 r02 r01"},
		{"member with umbrella", intel.Query{Actor: "Scattered Spider", ExpandMembers: true}, "r02 r01"},
		{"victim by acronym", intel.Query{Victim: "HMX"}, "r02 r01"},
		{"actor and victim in one incident", intel.Query{Actor: "ShinyHunters", Victim: "Brookbank"}, "r11 r04"},
		{"actor and another's victim", intel.Query{Actor: "Play", Victim: "Brookbank"}, ""},
		{"sector, any case", intel.Query{Sort: "oldest", Sector: "transportation and storage"}, "r03 r08"},
		{"country", intel.Query{Country: "au"}, "r08 r03"},
		{"kind", intel.Query{Kind: intel.KindDDoS}, "r10 r05"},
		{"status", intel.Query{Status: intel.StanceAttributed}, "r11 r04"},
		{"language", intel.Query{Language: "de"}, "r10"},
		{"source", intel.Query{Source: "vendor"}, "r04 r06 r07 r03 r12"},
		{"cve", intel.Query{CVE: "cve-2025-10001"}, "r06"},
		{"technique", intel.Query{Technique: "t1566.004"}, "r04"},
		{"observable, defanged", intel.Query{Observable: "203.0.113[.]7"}, "r04"},
		{"unknown value", intel.Query{Country: "XX"}, ""},
		{"occurred, else published", intel.Query{From: day("2025-08-31"), To: day("2025-08-31")}, "r02 r01"},
		{"published", intel.Query{From: day("2025-09-01"), To: day("2025-09-30"), TimeField: "published"}, "r04 r02 r01"},
		{"recorded", intel.Query{To: day("2024-12-31"), TimeField: "recorded"}, ""},
		{"text and filter", intel.Query{Text: "bank", Language: "de"}, "r10"},
		{"text, newest", intel.Query{Text: "Brookbank", Sort: "newest"}, "r11 r04 r10 r05"},
		{"fields in text", intel.Query{Text: "victim:Brookbank kind:ddos"}, "r10 r05"},
		{"words of reserved text are not found", intel.Query{Text: "secretword"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			page, err := ix.Search(t.Context(), c.q)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(ids(page), " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if page.Total != len(strings.Fields(c.want)) {
				t.Errorf("total %d, want %d", page.Total, len(strings.Fields(c.want)))
			}
		})
	}
}

func TestSearchErrors(t *testing.T) {
	ix := indexed(t, corpus())
	for _, c := range []struct {
		name string
		q    intel.Query
		want error
		says string
	}{
		{"open quotation", intel.Query{Text: `"harbour`}, intel.ErrInvalid, "quotation mark"},
		{"open bracket", intel.Query{Text: `(harbour`}, intel.ErrInvalid, "bracket"},
		{"unknown field", intel.Query{Text: "acter:apt28"}, intel.ErrInvalid, "use actor"},
		{"too long", intel.Query{Text: strings.Repeat("a", 513)}, intel.ErrInvalid, "512"},
		{"too many parts", intel.Query{Text: strings.Repeat("a ", 40)}, intel.ErrInvalid, "32 parts"},
		{"too deep", intel.Query{Text: strings.Repeat("(", 20) + "a" + strings.Repeat(")", 20)}, intel.ErrInvalid, "nested"},
		{"signs only", intel.Query{Text: "!!! ???"}, intel.ErrInvalid, "no word"},
		{"kind", intel.Query{Kind: "hack"}, intel.ErrInvalid, "ransomware"},
		{"limit", intel.Query{Limit: 500}, intel.ErrInvalid, "200"},
		{"sort", intel.Query{Sort: "up"}, intel.ErrInvalid, "newest"},
		{"range", intel.Query{From: day("2025-02-01"), To: day("2025-01-01")}, intel.ErrInvalid, "exchange"},
		{"facet", intel.Query{Facets: []string{"colour"}}, intel.ErrInvalid, "facet"},
		{"cursor", intel.Query{Cursor: "AAAA"}, intel.ErrInvalid, "next_cursor"},
		{"confidence", intel.Query{MinConfidence: 2}, intel.ErrInvalid, "min_confidence"},
		{"unknown actor", intel.Query{Actor: "Nobody At All"}, intel.ErrNotFound, "Nobody"},
		{"ambiguous actor", intel.Query{Actor: "Grizzly Steppe"}, intel.ErrAmbiguous, "ambiguous"},
		{"ambiguous actor in text", intel.Query{Text: `actor:"Grizzly Steppe"`}, intel.ErrAmbiguous, "ambiguous"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ix.Search(t.Context(), c.q)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %v that says %q", err, c.want, c.says)
			}
		})
	}
	var a *intel.AmbiguousError
	if _, err := ix.Search(t.Context(), intel.Query{Actor: "Grizzly Steppe"}); !errors.As(err, &a) || len(a.Candidates) != 2 {
		t.Errorf("candidates: %v", a)
	}
}
