package main

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/intel"
)

// Two organisations teased alike, one whose whole name is what is shown of them, and the one that the first turns out to be.
const maskedReports = `{"url":"https://paper.example/1","title":"Qilin lists D*** Door","text":"The Qilin ransomware gang has claimed responsibility for an attack on D*** Door, a British company. Qilin listed D*** Door on its leak site on 3 September 2025.","published":"2025-09-04","language":"en"}
{"url":"https://paper.example/2","title":"Play claims D*** Door","text":"The Play ransomware gang has claimed responsibility for an attack on D*** Door, a French company. Play listed D*** Door on its leak site on 6 September 2025.","published":"2025-09-07","language":"en"}
{"url":"https://paper.example/3","title":"Akira claims D Door","text":"The Akira ransomware gang has claimed responsibility for an attack on D Door, a Dutch company. Akira listed D Door on its leak site on 5 September 2025.","published":"2025-09-06","language":"en"}
{"url":"https://paper.example/4","title":"Dillard Door & Security confirms attack","text":"Dillard Door & Security confirmed that it was hit by the Qilin ransomware gang on 3 September 2025.","published":"2025-09-10","language":"en"}
`

// TestMaskedVictimsAreApartUntilRevealed follows names of which letters are hidden through reading, the store and every answer.
func TestMaskedVictimsAreApartUntilRevealed(t *testing.T) {
	dir := t.TempDir()
	ok(t, dir, "", "import", "reports", collection(t, dir, "r.jsonl", maskedReports))
	means := func(when, name string, want ...string) (ids []string) {
		t.Helper()
		var got []string
		for _, c := range resolved(t, dir, name)[0].Candidates {
			got, ids = append(got, c.Name), append(ids, c.ID)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s, %s means %q, want %q", when, name, got, want)
		}
		return ids
	}
	pages := func(id string) int {
		t.Helper()
		var page intel.Page[intel.Hit]
		if err := json.Unmarshal([]byte(ok(t, dir, "", "search", "victim:"+id, "--json")), &page); err != nil {
			t.Fatal(err)
		}
		return page.Total
	}
	masked := means("read", "D*** Door", "D*** Door", "D*** Door")
	means("read", "D Door", "D Door")
	means("read", "D****** Door")
	real := means("read", "Dillard Door & Security", "Dillard Door & Security")
	for _, id := range append(masked, real...) {
		if n := pages(id); n != 1 {
			t.Errorf("%d reports of %s, want its own", n, id)
		}
	}
	if code, _, errOut := rapsheet(t, dir, "", "search", `victim:"D*** Door"`); code == exitOK || !strings.Contains(errOut, "several") {
		t.Errorf("search by a mask that two bear: exit %d, %s", code, errOut)
	}
	for _, format := range []string{"splunk-victims", "elastic-victims", "sentinel-victims"} {
		if out := ok(t, dir, "", "export", format); strings.Contains(out, "***") || strings.Contains(out, masked[0]) {
			t.Errorf("export %s has a row by which a SIEM would find a masked name:\n%s", format, out)
		}
	}
	if out := ok(t, dir, "", "names", "proposals", "--type", "victim"); !strings.Contains(out, "masked") {
		t.Errorf("nothing says who may be masked:\n%s", out)
	}
	revealedAs(t, dir, masked, real[0])
	means("revealed", "D*** Door", "D*** Door", "Dillard Door & Security")
	means("revealed", "D Door", "D Door")
	ok(t, dir, "", "reindex")
	if n := pages(real[0]); n != 2 {
		t.Errorf("revealed, %d reports of %s, want both", n, real[0])
	}
	means("reindexed", "D*** Door", "D*** Door", "Dillard Door & Security")
}

// revealedAs merges the masked organisation of Qilin's report into the one it turned out to be.
func revealedAs(t *testing.T, dir string, masked []string, revealed string) {
	t.Helper()
	k := asking(t, dir)
	merged := 0
	for _, id := range masked {
		var page intel.Page[intel.IncidentDetail]
		if err := k.get(t.Context(), "/v1/incidents", url.Values{"victim": {id}, "actor": {"qilin"}}, &page); err != nil {
			t.Fatal(err)
		}
		if len(page.Items) == 1 {
			d := intel.Decision{Kind: intel.DecideMerge, Subject: id, Object: revealed, By: "ana", Reason: "its notice to the authority says so"}
			if err := k.post(t.Context(), "/v1/decisions", d, &d); err != nil {
				t.Fatal(err)
			}
			merged++
		}
	}
	if merged != 1 {
		t.Fatalf("%d masked organisations are Qilin's, want one", merged)
	}
	if err := k.close(); err != nil {
		t.Fatal(err)
	}
}
