package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
)

// TestTablesThatFollowChangesAreTheWhole: a table that was loaded once and then follows --since as the recipes say holds, after reports were
// added, two organisations merged and a report purged, the rows that a table loaded anew holds.
func TestTablesThatFollowChangesAreTheWhole(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "", "import", "reports", collection(t, dir, "r.jsonl", storyReports))
	formats := map[string]string{"splunk": "actor_ref", "sentinel": "actor_ref", "splunk-victims": "victim_ref", "sentinel-victims": "victim_ref", "elastic": "actor_ref", "elastic-victims": "victim_ref"}
	export := func(k *asker, format, since string) (string, int) {
		q := url.Values{}
		if since != "" {
			q.Set("since", since)
		}
		out, head, err := k.fetch(t.Context(), "/v1/export/"+format, q)
		if err != nil {
			t.Fatalf("export %s: %v", format, err)
		}
		seq, err := strconv.Atoi(head.Get("X-Rapsheet-Seq"))
		if err != nil {
			t.Fatalf("export %s: %v", format, err)
		}
		return string(out), seq
	}
	tables, since := map[string]map[string]string{}, 0
	k := asking(t, dir)
	for f, ref := range formats {
		var out string
		out, since = export(k, f, "")
		tables[f] = map[string]string{}
		follow(t, tables[f], f, ref, out)
	}
	k.close() //nolint:errcheck // a test's folder
	change := []func(){
		func() {
			ok(t, dir, "", "import", "reports", collection(t, dir, "r2.jsonl", `{"url":"https://paper.example/3","title":"Akira hits Marlow Castings again","text":"The Akira ransomware gang attacked Marlow Castings on 3 October 2025. Marlow Castings denied that data was stolen. The Qilin ransomware gang attacked Ostwick Mills on 4 October 2025. Ostwick Mills confirmed the attack.","published":"2025-10-05","language":"en"}`+"\n"))
		},
		func() {
			ids := []string{}
			for _, n := range []string{"Tarn Works", "Ostwick Mills"} {
				ids = append(ids, resolved(t, dir, n)[0].Candidates[0].ID)
			}
			ok(t, dir, "", "decide", "merge", ids[0], ids[1], "--by", "ana", "--reason", "one company")
		},
		func() {
			var page intel.Page[intel.Hit]
			if err := json.Unmarshal([]byte(ok(t, dir, "", "search", "Emotet", "--json")), &page); err != nil || len(page.Items) == 0 {
				t.Fatalf("%v: %d reports", err, len(page.Items))
			}
			ok(t, dir, "", "purge", page.Items[0].ReportID, "--by", "ana", "--reason", "asked for")
		},
	}
	for i, f := range change {
		f()
		next, k := since, asking(t, dir)
		for name, ref := range formats {
			out, seq := export(k, name, strconv.Itoa(since))
			follow(t, tables[name], name, ref, out)
			next = seq
			whole, _ := export(k, name, "")
			anew := map[string]string{}
			follow(t, anew, name, ref, whole)
			if !maps.Equal(anew, tables[name]) || len(anew) == 0 {
				t.Errorf("after change %d the table of %s that follows differs (-whole +following):\n%.2000s", i, name, cmp.Diff(anew, tables[name]))
			}
		}
		since = next
		k.close() //nolint:errcheck // a test's folder
	}
}

// follow applies an export to a table as the recipes do: first what goes by its digest, then the rows as they are now.
func follow(t *testing.T, table map[string]string, format, ref, out string) {
	t.Helper()
	if strings.HasPrefix(format, "elastic") {
		followLines(t, table, ref, out)
		return
	}
	records, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(records) == 0 {
		t.Fatalf("%s: %v", format, err)
	}
	head, at := records[0], slices.Index(records[0], ref)
	changes := head[0] == "op"
	for _, r := range records[1:] {
		row := strings.Join(r, "\x1f")
		if changes {
			row = strings.Join(r[1:], "\x1f")
		}
		if changes && strings.HasPrefix(r[0], "delete-") {
			for key, held := range table {
				if strings.HasSuffix(held, "\x1f"+r[at]) {
					delete(table, key)
				}
			}
			continue
		}
		table[row] = row
	}
}

// followLines is follow for bulk lines, of which the first may be the body of a _delete_by_query.
func followLines(t *testing.T, table map[string]string, ref, out string) {
	t.Helper()
	var id string
	for line := range bytes.Lines([]byte(out)) {
		var l struct {
			Query *struct{ Terms map[string][]string }
			Index *struct {
				ID string `json:"_id"`
			}
		}
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		switch {
		case l.Query != nil:
			for key, held := range table {
				var row map[string]any
				if err := json.Unmarshal([]byte(held), &row); err != nil {
					t.Fatal(err)
				}
				if digest, _ := row[ref].(string); slices.Contains(l.Query.Terms[ref], digest) {
					delete(table, key)
				}
			}
		case l.Index != nil:
			id = l.Index.ID
		default:
			table[id] = string(line)
		}
	}
}
