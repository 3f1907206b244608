package exchange_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

func TestLookupRowsTellWhoIsAmbiguous(t *testing.T) {
	rows := exchange.LookupRows(actors())
	var got []string
	for _, r := range rows {
		line := r.Key + ">" + r.ActorID
		if r.Ambiguous {
			line += "?"
		}
		if r.Withdrawn {
			line += "-"
		}
		got = append(got, line)
	}
	want := []string{"amber heron>amber-heron", "grey lantern>amber-heron?", "grey lantern>quiet-moth?", "heron7>amber-heron", "old moth>quiet-moth-", "quiet moth>quiet-moth"}
	if !slices.Equal(got, want) {
		t.Errorf("rows %q, want %q: a withdrawn name says so, two spellings have one", got, want)
	}
	for _, r := range rows {
		if r.ActorID == "quiet-moth" && r.LastReported != "" {
			t.Errorf("nothing was reported of it, yet last_reported is %q", r.LastReported)
		}
		if r.ActorID == "amber-heron" && (r.LastReported != "2025-11-30" || r.Incidents != 3 || r.AttackID != "G9901") {
			t.Errorf("row %+v", r)
		}
	}
}

func TestLookupsAreTheSameBytesInAnyOrder(t *testing.T) {
	a, b := actors(), actors()
	slices.Reverse(b)
	type writer func([]exchange.LookupRow) ([]byte, error)
	for name, write := range map[string]writer{
		"splunk.csv": exchange.SplunkLookup, "sentinel.csv": exchange.SentinelWatchlist, "elastic.ndjson": exchange.ElasticLookup,
	} {
		t.Run(name, func(t *testing.T) {
			one, err1 := write(exchange.LookupRows(a))
			two, err2 := write(exchange.LookupRows(b))
			if err1 != nil || err2 != nil || !bytes.Equal(one, two) {
				t.Errorf("%v, %v, equal: %v", err1, err2, bytes.Equal(one, two))
			}
			golden(t, name, one)
		})
	}
}

func TestFormulasAreNeutralised(t *testing.T) {
	hostile := []string{
		`=HYPERLINK("https://evil.example","x")`, "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1+1", "\r\n=1+1", "a\nb", `quo"te`, "\x00=1", " =1+1", "＝1+1",
	}
	for _, s := range hostile {
		profile := intel.ActorProfile{Actor: intel.Actor{ID: "x", Name: s, Names: named(s + " abc")}}
		profile.Names[0].UsedBy = s
		b, err := exchange.SplunkLookup(exchange.LookupRows([]intel.ActorProfile{profile}))
		if err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
		if err != nil || len(records) != 2 {
			t.Fatalf("%q: %d records, %v", s, len(records), err)
		}
		for _, cell := range records[1] {
			if trimmed := strings.TrimLeft(cell, " "); trimmed != "" && strings.ContainsRune("=+-@＝", []rune(trimmed)[0]) || strings.ContainsAny(cell, "\n\r\t\x00") {
				t.Errorf("%q leaves the cell %q", s, cell)
			}
		}
	}
	if got := exchange.Cell("Plain name"); got != "Plain name" {
		t.Errorf("a plain cell became %q", got)
	}
}

func TestElasticLinesAreJSON(t *testing.T) {
	rows := exchange.LookupRows([]intel.ActorProfile{{Actor: intel.Actor{ID: "x", Name: "x", Names: named("a\nb\"<script>\u2028", strings.Repeat("long ", 4000))}}})
	b, err := exchange.ElasticLookup(rows)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	if len(lines) != 2*len(rows) {
		t.Fatalf("%d lines for %d rows", len(lines), len(rows))
	}
	for i, l := range lines {
		var v map[string]any
		if err := json.Unmarshal([]byte(l), &v); err != nil {
			t.Errorf("line %d: %v", i+1, err)
		}
	}
}

func TestDefang(t *testing.T) {
	if got := exchange.Defang("https://evil.example/a http://b.example me@c.example"); got != "hxxps://evil[.]example/a hxxp://b[.]example me[@]c[.]example" {
		t.Errorf("defanged %q", got)
	}
}
