package incidents

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
)

var update = flag.Bool("update", false, "write the golden files")

// known are the actors and people of the fixtures.
func known() Options {
	return Options{
		Actor: func(name string) (intel.Ref, bool) {
			id, ok := map[string]string{"lockbit": "lockbit", "apt28": "apt28", "fancy bear": "apt28"}[strings.ToLower(name)]
			return intel.Ref{ID: id, Name: name}, ok
		},
		Person: func(name string) bool { return strings.HasPrefix(name, "Jane ") || strings.HasPrefix(name, "Omar ") },
	}
}

// shown is what the golden files keep of a row.
type shown struct {
	Row      int             `json:"row"`
	Left     string          `json:"left,omitempty"`
	Problem  string          `json:"problem,omitempty"`
	Report   *intel.Report   `json:"report,omitempty"`
	Text     string          `json:"text,omitempty"`
	Findings []intel.Finding `json:"findings,omitempty"`
	Sure     []float64       `json:"sure,omitempty"`
	CVEs     []intel.Mention `json:"cves,omitempty"`
	Actors   []intel.Mention `json:"actors,omitempty"`
}

func read(t testing.TB, name, text string) []Row {
	t.Helper()
	var rows []Row
	if err := Read(name, strings.NewReader(text), known(), func(r Row) error { rows = append(rows, r); return nil }); err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestCollectionsBecomeClaimsOfTheirCompilers(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			files, err := filepath.Glob("testdata/" + name + ".[cj]s*")
			if err != nil || len(files) != 1 {
				t.Fatalf("%v %v", files, err)
			}
			in, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			var all []shown
			for _, r := range read(t, name, string(in)) {
				s := shown{Row: r.Number, Left: r.Left}
				if r.Problem != nil {
					s.Problem = r.Problem.Error()
				}
				if r.Entry != nil {
					checkEntry(t, *r.Entry)
					s.Report, s.Text, s.Findings = &r.Entry.Report, r.Entry.Report.Text, r.Entry.Extraction.Incidents
					s.CVEs, s.Actors = r.Entry.Extraction.CVEs, r.Entry.Extraction.Actors
					for _, f := range s.Findings {
						s.Sure = append(s.Sure, f.Confidence)
					}
				}
				all = append(all, s)
			}
			got, err := json.MarshalIndent(all, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden := "testdata/" + name + ".golden"
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// checkEntry holds what every entry must: quotes stand where they say, and no person is victim or actor.
func checkEntry(t *testing.T, e intel.Entry) {
	t.Helper()
	text := []rune(e.Report.Text)
	for _, f := range e.Extraction.Incidents {
		for _, s := range f.Claims {
			if s.Start < 0 || s.End > len(text) || string(text[s.Start:s.End]) != s.Quote {
				t.Errorf("%q does not stand at %d to %d", s.Quote, s.Start, s.End)
			}
			if !s.Facet.Valid() || !s.Stance.Valid() || !s.SaidBy.Kind.Valid() {
				t.Errorf("not a claim: %+v", s)
			}
		}
		for _, v := range f.Victims {
			if v.Name == "" || known().Person(v.Name) || titled(v.Name) {
				t.Errorf("%q is a victim", v.Name)
			}
		}
		for _, a := range f.Actors {
			if a.Name == "" || known().Person(a.Name) || titled(a.Name) {
				t.Errorf("%q is an actor", a.Name)
			}
		}
		if !f.Kind.Valid() {
			t.Errorf("kind %q", f.Kind)
		}
	}
}

func TestABrokenFileKeepsWhatCameBefore(t *testing.T) {
	whole, err := os.ReadFile("testdata/kev.json")
	if err != nil {
		t.Fatal(err)
	}
	cut := strings.Index(string(whole), `"CVE-2020-99002"`)
	rows := read(t, "kev", string(whole[:cut]))
	if len(rows) != 2 || rows[0].Entry == nil || !errors.Is(rows[1].Problem, intel.ErrInvalid) {
		t.Fatalf("got %+v", rows)
	}
	for _, bad := range []string{"", "null", "[", `{"vulnerabilities": 3}`, `{}`, "<html>", "\x00"} {
		for _, name := range Names() {
			for _, r := range read(t, name, bad) {
				if r.Entry != nil {
					t.Errorf("%s: %q gave an entry", name, bad)
				}
			}
		}
	}
	if err := Read("other", strings.NewReader(""), Options{}, nil); !errors.Is(err, intel.ErrInvalid) {
		t.Errorf("an unknown collection: %v", err)
	}
}

func TestRecordsMayStandOneAfterAnother(t *testing.T) {
	one := `{"incident_id":"A1","security_incident":"Confirmed","victim":{"victim_id":"Tarn Energy"},"actor":{"external":{}},"action":{"hacking":{}}}`
	for _, text := range []string{one, one + "\n" + strings.ReplaceAll(one, "A1", "A2"), "\ufeff[" + one + "]"} {
		rows := read(t, "vcdb", text)
		for _, r := range rows {
			if r.Entry == nil || !r.Entry.Report.Published.IsZero() || r.Entry.Extraction.Incidents[0].Occurred.Known() {
				t.Errorf("%q: %+v: an unknown time stays unknown", text, r)
			}
		}
		if len(rows) == 0 {
			t.Errorf("%q gave nothing", text)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range Names() {
		files, _ := filepath.Glob("testdata/" + name + ".[cj]s*")
		for _, path := range files {
			b, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(name, string(b))
		}
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		_ = Read(name, strings.NewReader(text), known(), func(r Row) error {
			if (r.Entry == nil) == (r.Problem == nil && r.Left == "") {
				t.Errorf("row %d is neither taken nor left nor bad, or both: %+v", r.Number, r)
			}
			if r.Entry != nil && (r.Entry.Report.ID == "" || r.Entry.Report.ContentHash == "") {
				t.Errorf("row %d has no id", r.Number)
			}
			return nil
		})
	})
}
