package records_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/crawler/records"
	"github.com/rapsheet/rapsheet/intel"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		name, format, path, body string
		want                     []records.Row
		broken                   int
	}{
		{"csv", "csv", "", "\ufeffname, day\n\"Delbrook, Ports\",2025-05-03\nTarnwick,\nfour,columns,are,many\n", []records.Row{{"name": "Delbrook, Ports", "day": "2025-05-03"}, {"name": "Tarnwick"}}, 1},
		{"semicolons", "csv", "", "name;day\na,b;1\n", []records.Row{{"name": "a,b", "day": "1"}}, 0},
		{"quotes that do not close", "csv", "", "name\nthe \"big\" port\n", []records.Row{{"name": `the "big" port`}}, 0},
		{"array", "json", "", `[{"a":"x","n":7,"b":true,"z":null,"tags":["p","q",1]},5,{"a":{"b":{"c":"deep"}}}]`, []records.Row{{"a": "x", "n": "7", "b": "true", "tags": "p, q, 1"}, {"a.b.c": "deep"}}, 1},
		{"below a path", "json", "data.rows", `{"data":{"rows":[{"a":"x"}]}}`, []records.Row{{"a": "x"}}, 0},
		{"object of objects", "json", "", `{"2":{"a":"y"},"1":{"a":"x"}}`, []records.Row{{"a": "x"}, {"a": "y"}}, 0},
		{"a line each", "json", "", "{\"a\":\"x\"}\n{\"a\":\"y\"}\n{\"a\":", []records.Row{{"a": "x"}, {"a": "y"}}, 1},
		{"tags and controls", "json", "", `[{"a":"<p>Delbrook<br>Ports</p><script>","b":"x\u0000\u001by"}]`, []records.Row{{"a": "Delbrook Ports", "b": "xy"}}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows, broken, cut, err := records.Parse([]byte(tt.body), tt.format, tt.path)
			if err != nil || broken != tt.broken || cut {
				t.Fatalf("%d broken, cut %v, %v", broken, cut, err)
			}
			if diff := cmp.Diff(tt.want, rows); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, bad := range [][3]string{{"xml", "", "<a/>"}, {"json", "", "<html>"}, {"json", "rows", `{"items":[]}`}, {"json", "", `"text"`}, {"csv", "", ""}} {
		if _, _, _, err := records.Parse([]byte(bad[2]), bad[0], bad[1]); !errors.Is(err, intel.ErrInvalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	rows, _, cut, err := records.Parse([]byte("a\n"+strings.Repeat("x\n", records.MaxRows+5)), "csv", "")
	if err != nil || len(rows) != records.MaxRows || !cut {
		t.Errorf("%d rows, cut %v, %v", len(rows), cut, err)
	}
}

func TestWrite(t *testing.T) {
	row := records.Row{"group": "Ashen Ferret", "victim": "Delbrook Ports", "odd": "{group} [x]"}
	for text, want := range map[string]string{
		"{group} says that it attacked {victim}[ in {country}].": "Ashen Ferret says that it attacked Delbrook Ports.",
		"{victim}[ ({group})]": "Delbrook Ports (Ashen Ferret)",
		"{odd}":                "{group} [x]",
		"plain":                "plain",
		"":                     "",
	} {
		if got, ok := records.Write(text, row); !ok || got != want {
			t.Errorf("Write(%q) = %q, %v", text, got, ok)
		}
	}
	for _, text := range []string{"{country}", "{open", "[open"} {
		if got, ok := records.Write(text, row); ok {
			t.Errorf("Write(%q) = %q", text, got)
		}
	}
}

// FuzzParse: whatever a list holds, its rows are bounded and hold no control characters, and writing one never fails badly.
func FuzzParse(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n"), "csv", "")
	f.Add([]byte(`{"rows":[{"a":{"b":1}}]}`), "json", "rows")
	f.Fuzz(func(t *testing.T, body []byte, format, path string) {
		rows, _, _, err := records.Parse(body, format, path)
		if err != nil && !errors.Is(err, intel.ErrInvalid) {
			t.Fatal(err)
		}
		for _, r := range rows {
			for name, v := range r {
				if v == "" || strings.ContainsRune(v, 0) || name == "" {
					t.Fatalf("%q: %q", name, v)
				}
				if out, ok := records.Write("{"+name+"}[{"+name+"}]", r); !ok && !strings.ContainsAny(name, "[]{}") {
					t.Fatalf("%q", out)
				}
			}
		}
	})
}
