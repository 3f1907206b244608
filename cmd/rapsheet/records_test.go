package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// TestRecordsAndFilesOfASource crawls a list that somebody keeps and a folder of saved pages: what a row says a gang claims is a
// claim, with the list's reliability, and no fact.
func TestRecordsAndFilesOfASource(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("press/list.csv", "id,group,victim,day\n7,Qilin,Delbrook Ports,2025-05-03\n")
	write("press/saved/a.txt", seed)
	write("sources.yaml", `sources:
  - id: press-list
    name: Press list
    kind: media
    reliability: D
    discover:
      - type: records
        url: "file:press/list.csv"
        format: csv
        row:
          url: "{list}#{id}"
          title: "{group} lists {victim}"
          text: "{group} has claimed responsibility for an attack on {victim}, a British company."
          published: "{day}"
      - {type: file, url: "file:press/saved"}
`)
	list := filepath.Join(dir, "sources.yaml")
	out := ok(t, dir, "", "crawl", "--sources", list)
	if !strings.Contains(out, "press-list") || !strings.Contains(out, "0 of them failed") {
		t.Errorf("%s", out)
	}
	if raw := ok(t, dir, "", "victim", "Delbrook Ports", "--json"); !strings.Contains(raw, `"claim_only":1`) || !strings.Contains(raw, `"corroborated":0`) {
		t.Errorf("a row must come out as a claim: %.1500s", raw)
	}
	var page struct {
		Items []struct {
			ID        string `json:"report_id"`
			Published string `json:"published"`
		} `json:"items"`
	}
	if err := json.Unmarshal([]byte(ok(t, dir, "", "search", "Delbrook", "--json")), &page); err != nil || len(page.Items) != 1 || page.Items[0].Published != "2025-05-03" {
		t.Fatalf("%+v, %v", page, err)
	}
	a := &app{stdout: io.Discard, stderr: io.Discard, now: time.Now, newID: intelID(), cfg: config{Data: filepath.Join(dir, "data"), LogLevel: "error"}}
	f, err := a.openFolder(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := f.store.Record(t.Context(), page.Items[0].ID)
	if err != nil || rec.Report.Reliability != "D" {
		t.Errorf("reliability %q, %v", rec.Report.Reliability, err)
	}
	for _, c := range rec.Claims {
		if c.Stance != intel.StanceClaimed && c.Facet == intel.FacetAttribution {
			t.Errorf("%s %s: “%s”", c.Facet, c.Stance, c.Quote)
		}
	}
	if err := f.close(); err != nil {
		t.Fatal(err)
	}
	if out := ok(t, dir, "", "victim", "TML"); !strings.Contains(out, "Tarnwick Motors") {
		t.Errorf("the saved page was not read: %s", out)
	}
	if out := ok(t, dir, "", "crawl", "--sources", list); !strings.Contains(out, "0 of them failed") {
		t.Errorf("the second time: %s", out)
	}
}
