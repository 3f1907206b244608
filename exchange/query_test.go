package exchange_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// step is one replacement as a query of doc/integrations writes it.
type step struct{ pattern, replacement string }

// recipe reads a page of doc/integrations.
func recipe(t *testing.T, page string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "doc", "integrations", page))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// stepsOf finds the replacements in a page, in order, and writes them as Go reads them.
func stepsOf(t *testing.T, page, call string) []step {
	t.Helper()
	var steps []step
	for _, m := range regexp.MustCompile(call).FindAllStringSubmatch(recipe(t, page), -1) {
		steps = append(steps, step{m[1], regexp.MustCompile(`[\\$](\d)`).ReplaceAllString(m[2], "$${${1}}")})
	}
	if len(steps) < len(exchange.FoldSteps()) {
		t.Fatalf("%s: %d replacements found, the folding has %d", page, len(steps), len(exchange.FoldSteps()))
	}
	return steps[:len(exchange.FoldSteps())]
}

func fold(steps []step, s string) string {
	s = strings.ToLower(s)
	for _, st := range steps {
		s = regexp.MustCompile(st.pattern).ReplaceAllString(s, st.replacement)
	}
	return s
}

// pipelineSteps are the gsub processors of the Elastic pipeline.
func pipelineSteps(t *testing.T) []step {
	t.Helper()
	b, err := exchange.ElasticPipeline()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Processors []map[string]struct{ Pattern, Replacement string }
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	var steps []step
	for _, p := range doc.Processors {
		if g, ok := p["gsub"]; ok {
			steps = append(steps, step{g.Pattern, regexp.MustCompile(`\$(\d)`).ReplaceAllString(g.Replacement, "$${${1}}")})
		}
	}
	return steps
}

// siems are the foldings that doc/integrations tells each SIEM to do, and the pipeline that is exported.
func siems(t *testing.T) map[string][]step {
	t.Helper()
	return map[string][]step{
		"splunk":           stepsOf(t, "splunk.md", `replace\(actor_key,\s*"([^"]*)",\s*"([^"]*)"\)`),
		"elastic ES|QL":    stepsOf(t, "elastic.md", `REPLACE\(key,\s*"""(.*?)""",\s*"([^"]*)"\)`),
		"elastic pipeline": pipelineSteps(t),
		"sentinel":         stepsOf(t, "sentinel.md", `replace_regex\(SearchKey,\s*@"([^"]*)",\s*@"([^"]*)"\)`),
	}
}

// spellings are how sample events write names.
func spellings() []string {
	return []string{
		"Amber Heron", "AMBER  HERON", "amber_heron", "Amber Heron's", "Amber\u200b Heron", "HERON-7", "heron 7", "Heron7", "Grey Lantern", "old moth", "Quiet–Moth", "nobody",
		"", "LAPSUS$", "lapsu$", "APT 28", "apt-28", "APT28", "APT2", "NoName057(16)", "Keymous+", "Storm-0875", "CL0P^_-LEAKS", "Play’s", "storm brigade 12",
	}
}

func TestTheQueriesFoldAsTheRowsDo(t *testing.T) {
	for siem, steps := range siems(t) {
		t.Run(siem, func(t *testing.T) {
			for _, s := range spellings() {
				if got, want := fold(steps, s), strings.TrimRight(names.Fold(s), "+"); strings.TrimRight(got, "+") != want {
					t.Errorf("%q becomes %q, the row's key is %q", s, got, want)
				}
			}
		})
	}
}

// TestEverySpellingFindsItsRow asks the rows of hard names with the folding each SIEM does: also where the steps cannot do what the
// full fold does.
func TestEverySpellingFindsItsRow(t *testing.T) {
	hard := []string{"Équipe Ébène", "Øresund", "АРТ28", "+Plus", "APT 28 UNC 7", "ＡＰＴ２８", "Киберпанк", "a'b's", "$tar 5", "…", "'s", "x's's"}
	rows := exchange.LookupRows([]intel.ActorProfile{{Actor: intel.Actor{ID: "x", Name: "x", Names: named(hard...)}}})
	for siem, steps := range siems(t) {
		for _, n := range hard {
			key := fold(steps, n)
			if key != "" && !slices.ContainsFunc(rows, func(r exchange.LookupRow) bool { return r.Key == key }) {
				t.Errorf("%s: %q becomes %q, which no row has", siem, n, key)
			}
		}
	}
}

// event is an alert that names an actor.
type event struct{ Host, Actor string }

func events() []event {
	return []event{
		{"web-1", "AMBER HERON"}, {"web-2", "Heron-7"}, {"web-3", "grey lantern"}, {"web-4", "Old Moth"}, {"web-5", "Unheard Of"}, {"web-6", ""},
	}
}

// joined are the answers that the recipes promise for the sample events: one line an event and match, the ambiguous marked, the
// withdrawn left out.
func joined() []string {
	return []string{
		"web-1 Amber Heron (sure): 3 incidents, 1 claimed by the actor alone, 1 denied, last 2025-11-30",
		"web-2 Amber Heron (sure): 3 incidents, 1 claimed by the actor alone, 1 denied, last 2025-11-30",
		"web-3 Amber Heron (ambiguous): 3 incidents, 1 claimed by the actor alone, 1 denied, last 2025-11-30",
		"web-3 Quiet Moth (ambiguous): 0 incidents, 0 claimed by the actor alone, 0 denied, last ",
	}
}

func line(host string, col func(string) string) string {
	sure := map[string]string{"true": "ambiguous", "false": "sure"}[col("ambiguous")]
	return fmt.Sprintf("%s %s (%s): %s incidents, %s claimed by the actor alone, %s denied, last %s",
		host, col("actor"), sure, col("incidents"), col("claim_only"), col("denied"), col("last_reported"))
}

// csvJoin does what lookup (Splunk) and _GetWatchlist with join (Sentinel) do: every row whose key equals, withdrawn ones dropped.
func csvJoin(t *testing.T, file []byte, key string, steps []step) []string {
	t.Helper()
	records, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) int { return slices.Index(records[0], name) }
	var out []string
	for _, e := range events() {
		k := fold(steps, e.Actor)
		for _, r := range records[1:] {
			if k != "" && strings.EqualFold(r[at(key)], k) && r[at("withdrawn")] == "false" {
				out = append(out, line(e.Host, func(c string) string { return r[at(c)] }))
			}
		}
	}
	return out
}

func TestSampleEventsJoinTheLookups(t *testing.T) {
	rows, all := exchange.LookupRows(actors()), siems(t)
	splunk, err1 := exchange.SplunkLookup(rows)
	sentinel, err2 := exchange.SentinelWatchlist(rows)
	elastic, err3 := exchange.ElasticLookup(rows)
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	if d := cmp.Diff(joined(), csvJoin(t, splunk, "actor_key", all["splunk"])); d != "" {
		t.Errorf("splunk (-want +got):\n%s", d)
	}
	if d := cmp.Diff(joined(), csvJoin(t, sentinel, "SearchKey", all["sentinel"])); d != "" {
		t.Errorf("sentinel (-want +got):\n%s", d)
	}
	for _, how := range []string{"elastic ES|QL", "elastic pipeline"} {
		if d := cmp.Diff(joined(), elasticJoin(t, elastic, all[how])); d != "" {
			t.Errorf("%s (-want +got):\n%s", how, d)
		}
	}
}

// elasticJoin loads the bulk lines as Elasticsearch does and joins on the keyword field key, case-sensitively.
func elasticJoin(t *testing.T, bulk []byte, steps []step) []string {
	t.Helper()
	lines := bytes.Split(bytes.TrimSpace(bulk), []byte("\n"))
	held := map[string]map[string]any{}
	var order []string
	for i := 0; i+1 < len(lines); i += 2 {
		var action struct {
			Index struct {
				ID string `json:"_id"`
			}
		}
		doc := map[string]any{}
		if err := json.Unmarshal(lines[i], &action); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(lines[i+1], &doc); err != nil {
			t.Fatal(err)
		}
		if held[action.Index.ID] == nil {
			order = append(order, action.Index.ID)
		}
		held[action.Index.ID] = doc
	}
	var out []string
	for _, e := range events() {
		k := fold(steps, e.Actor)
		for _, id := range order {
			doc := held[id]
			if k != "" && doc["key"] == k && doc["withdrawn"] == false {
				out = append(out, line(e.Host, func(c string) string {
					if doc[c] == nil {
						return ""
					}
					return fmt.Sprint(doc[c])
				}))
			}
		}
	}
	return out
}

// TestTheRecipesShowTheColumns holds the pages and the files together: a query that names a column nobody writes finds nothing.
func TestTheRecipesShowTheColumns(t *testing.T) {
	b, err := exchange.SplunkLookup(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"splunk.md", "sentinel.md", "elastic.md"} {
		text := recipe(t, page)
		for _, col := range strings.Split(strings.TrimSpace(string(b)), ",")[1:] {
			if !strings.Contains(text, col) {
				t.Errorf("%s does not tell of %s", page, col)
			}
		}
	}
}

func TestElasticBodies(t *testing.T) {
	for name, write := range map[string]func() ([]byte, error){
		"elastic-index.json": exchange.ElasticTemplate, "elastic-policy.json": exchange.ElasticPolicy, "elastic-pipeline.json": exchange.ElasticPipeline,
	} {
		b, err := write()
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, b)
	}
}
