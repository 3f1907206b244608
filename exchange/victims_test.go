package exchange_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

// organisations are those of the sample feed, and one that shares a name with another.
func organisations() []intel.VictimProfile {
	var out []intel.VictimProfile
	for _, name := range []string{"Brightwater Foods", "Larkspur Rail", "Oakmere Clinic", "Fernhill Bank", "Doubtful Ltd", "Secret Co"} {
		v := intel.VictimProfile{Victim: intel.Victim{ID: "v-" + name, Name: name, Names: []string{name}}, Summary: intel.Summary{Incidents: 1}}
		out = append(out, v)
	}
	out[0].Names = append(out[0].Names, "Brightwater Foods Ltd", "=BF()")
	out[0].Domains = []string{"Brightwater.example."}
	out[1].Summary.ClaimOnly = 1
	out[2].Summary.Denied, out[2].Names = 1, append(out[2].Names, "larkspur RAIL")
	return out
}

func TestVictimRows(t *testing.T) {
	g := graph(t, sample().all, 100)
	rows := exchange.VictimRows(organisations(), g.Answer)
	var got []string
	for _, r := range rows {
		line := r.Key + ">" + r.Victim + ":" + r.Answer
		if r.Ambiguous {
			line += "?"
		}
		got = append(got, line)
	}
	want := []string{
		"bf>Brightwater Foods:confirmed", "brightwater foods ltd>Brightwater Foods:confirmed", "brightwater foods>Brightwater Foods:confirmed",
		"brightwater.example>Brightwater Foods:confirmed", "fernhill bank>Fernhill Bank:confirmed", "larkspur rail>Larkspur Rail:none found?", "larkspur rail>Oakmere Clinic:denied?",
		"oakmere clinic>Oakmere Clinic:denied",
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("rows %q\nwant %q: what may not leave has none", got, want)
	}
	b, err := exchange.VictimsCSV(rows, "victim_key")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "victims.csv", b)
	lines, err := exchange.VictimsElastic(rows, nil)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "victims.ndjson", lines)
}

// TestVictimChangesWithdraw: an organisation whose incident was taken back is deleted and not written again.
func TestVictimChangesWithdraw(t *testing.T) {
	f := sample()
	mark := int64(f.n)
	in := newIncident("four", intel.VictimRef{Ref: intel.Ref{ID: "v-Fernhill Bank", Name: "Fernhill Bank"}}, actors()[1].Actor)
	in.Status, in.Reports = intel.StanceRetracted, []string{}
	f.incident(in)
	g := graph(t, f.all, 100)
	rows := exchange.VictimRows(organisations(), g.Answer)
	b, err := exchange.VictimChangesCSV(rows, g.TouchedVictims(mark), "victim_key")
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil || len(records) != 2 || records[1][0] != "delete-victim" || records[1][len(records[1])-1] != exchange.VictimRef("v-Fernhill Bank") {
		t.Errorf("%v, %q", err, records)
	}
	lines, err := exchange.VictimsElastic(rows, g.TouchedVictims(mark))
	if err != nil || strings.Count(string(lines), "\n") != 1 || !strings.Contains(string(lines), exchange.VictimRef("v-Fernhill Bank")) {
		t.Errorf("%v, %s", err, lines)
	}
	if n := len(g.TouchedVictims(g.Seq())); n != 0 {
		t.Errorf("%d organisations changed after the last change", n)
	}
}

func TestVictimColumnsStandInTheRecipes(t *testing.T) {
	b, err := exchange.VictimsCSV(nil, "victim_key")
	if err != nil {
		t.Fatal(err)
	}
	text := recipe(t, "victims.md")
	for col := range strings.SplitSeq(strings.TrimSpace(string(b)), ",") {
		if !strings.Contains(text, col) {
			t.Errorf("victims.md does not tell of %s", col)
		}
	}
}
