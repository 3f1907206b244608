package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// TestEvidenceOfARow: a report that rests on a row of a published list shows the list as it was received, and a purge of it takes
// that away.
func TestEvidenceOfARow(t *testing.T) {
	const body = "id,group,victim\n7,Qilin,Delbrook Ports\n8,Qilin,Tarnwick Foods\n"
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/list.csv" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/csv")
		_, _ = io.WriteString(w, body)
	}))
	defer srv.Close()
	dir := t.TempDir()
	list := filepath.Join(dir, "sources.yaml")
	err := os.WriteFile(list, []byte(`sources:
  - id: press-list
    name: Press list
    kind: media
    reliability: D
    delay: 0s
    discover:
      - type: records
        url: "`+srv.URL+`/list.csv"
        format: csv
        row:
          url: "{list}#{id}"
          title: "{group} lists {victim}"
          text: "{group} has claimed responsibility for an attack on {victim}, a British company."
`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{stdout: io.Discard, stderr: io.Discard, now: time.Now, newID: intelID(), cfg: config{Data: filepath.Join(dir, "data"), Sources: list, LogLevel: "error", EvidenceDays: 30}}
	w, err := a.openWork(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	cr, err := a.crawler(w.folder, []string{strings.TrimPrefix(srv.URL, "http://")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := cr.Round(t.Context(), w.sources, intel.Date{}, w.pipeline.deliver)
	cr.Close()
	if cerr := w.close(); err != nil || cerr != nil || res.Sources[0].Err != nil {
		t.Fatal(err, cerr, res)
	}
	id := intel.ReportID(srv.URL + "/list.csv?row=7")
	if out := ok(t, dir, "", "evidence", id); !strings.Contains(out, "seen ") {
		t.Errorf("%s", out)
	}
	if out := ok(t, dir, "", "evidence", id, "--body"); out != body {
		t.Errorf("the list as received: %q", out)
	}
	ok(t, dir, "", "purge", id, "--by", "ana", "--reason", "asked for by the organisation")
	if out := ok(t, dir, "", "evidence", intel.ReportID(srv.URL+"/list.csv?row=8")); strings.Contains(out, "seen ") {
		t.Errorf("the list tells the purged row still: %s", out)
	}
}
