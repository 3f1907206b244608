package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/intel"
)

// TestTheOwnerOfAFolderLooksBack: a command that may not crawl beside a server has the server look back, and shows what it did.
func TestTheOwnerOfAFolderLooksBack(t *testing.T) {
	var base string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/map.xml":
			fmt.Fprintf(w, "<urlset><url><loc>%s/a</loc><lastmod>2022-05-01</lastmod></url><url><loc>%s/old</loc><lastmod>2019-05-01</lastmod></url></urlset>", base, base)
		case "/a", "/old":
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, seed)
		default:
			http.NotFound(w, r)
		}
	}))
	defer srv.Close()
	base = srv.URL
	dir := t.TempDir()
	list := filepath.Join(dir, "sources.yaml")
	if err := os.WriteFile(list, []byte("sources:\n  - id: s\n    name: S\n    kind: media\n    reliability: C\n    delay: 0s\n    discover:\n      - {type: sitemap, url: \""+base+"/map.xml\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	owner := &app{stdout: io.Discard, stderr: io.Discard, now: time.Now, newID: intelID(), cfg: config{Data: filepath.Join(dir, "data"), Sources: list, LogLevel: "error"}}
	w, err := owner.openWork(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close() //nolint:errcheck // a test's folder
	cr, err := owner.crawler(w.folder, []string{strings.TrimPrefix(base, "http://")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer cr.Close()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- owner.grantWishes(ctx, cr, w) }()

	out := ok(t, dir, "", "crawl", "s", "--since", "2021-01-01", "--sources", list)
	if !strings.Contains(out, "1 sources, 0 of them failed") || !strings.Contains(out, "s") {
		t.Errorf("%s", out)
	}
	rec, err := w.folder.store.Record(t.Context(), intel.ReportID(base+"/a"))
	if err != nil || rec.Report.SourceID != "s" {
		t.Errorf("%v: the page was not read", err)
	}
	if _, err := w.folder.store.Record(t.Context(), intel.ReportID(base+"/old")); !errors.Is(err, intel.ErrNotFound) {
		t.Errorf("%v: what is too old was read", err)
	}
	if _, err := os.Stat(filepath.Join(owner.cfg.Data, wishFile)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v: a wish that is done must go", err)
	}
	if code, _, errOut := rapsheet(t, dir, "", "crawl", "nobody", "--since", "2021-01-01", "--sources", list); code != exitUsage || !strings.Contains(errOut, "nobody") {
		t.Errorf("exit %d: %s", code, errOut)
	}
	if code, _, errOut := rapsheet(t, dir, "", "crawl", "s", "--sources", list); code == exitOK || !strings.Contains(errOut, "owns this folder") {
		t.Errorf("exit %d: %s", code, errOut)
	}
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	// A wish of before a restart is taken up again; another one has to wait.
	if err := writeJSON(filepath.Join(owner.cfg.Data, wishFile), wish{ID: "w", Since: "2020-01-01", Sources: []string{"s"}}); err != nil {
		t.Fatal(err)
	}
	if code, _, errOut := rapsheet(t, dir, "", "crawl", "s", "--since", "2019-01-01", "--sources", list); code != exitFailed || !strings.Contains(errOut, "2020-01-01") {
		t.Errorf("exit %d: %s", code, errOut)
	}
	if err := owner.grant(t.Context(), cr, w, wish{ID: "w", Since: "2020-01-01", Sources: []string{"s"}}); err != nil {
		t.Fatal(err)
	}
	var state wishState
	if err := readJSON(filepath.Join(owner.cfg.Data, stateFile), &state); err != nil || !state.Done || len(state.result().Sources) != 1 || state.result().Sources[0].Outcomes[crawler.OutcomeStored] != 0 {
		t.Errorf("%+v, %v", state, err)
	}
}
