package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gofrs/flock"

	"github.com/rapsheet/rapsheet/data/newsroom"
	"github.com/rapsheet/rapsheet/intel"
)

// TestDemo crawls the newsroom in both editions as a newcomer would, then asks.
func TestDemo(t *testing.T) {
	dir := t.TempDir()
	out := ok(t, dir, "", "demo", "--once", "--data", filepath.Join(dir, "demo"))
	if !strings.Contains(out, "reports kept") {
		t.Fatalf("no summary: %s", out)
	}
	reports := map[string]intel.Hit{}
	cursor := ""
	for {
		var page intel.Page[intel.Hit]
		raw := ok(t, dir, "", "search", "--json", "--limit", "200", "--sort", "newest", "--data", filepath.Join(dir, "demo"), "--cursor", cursor, "")
		if err := json.Unmarshal([]byte(raw), &page); err != nil {
			t.Fatal(err)
		}
		for _, h := range page.Items {
			reports[h.SourceID+pathOf(h.URL)] = h
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	room, err := newsroom.Open(newsroom.Files())
	if err != nil {
		t.Fatal(err)
	}
	expected, err := room.Expected()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range expected {
		_, kept := reports[e.Outlet+e.Path]
		if kept != e.Report {
			t.Errorf("%s: kept %v, want %v (%s)", e.ID, kept, e.Report, e.WhyNot)
		}
	}
	versions(t, dir, reports["breachdesk/2025/09/jlr-telegram-claim"].ReportID)
	pagesKept(t, dir, reports["breachdesk/2025/09/jlr-telegram-claim"].ReportID)
}

// pagesKept checks that both editions of a page come back as they were received, and that a purge leaves no byte of them.
func pagesKept(t *testing.T, dir, id string) {
	t.Helper()
	data := filepath.Join(dir, "demo")
	before := ok(t, dir, "", "evidence", id, "--body", "--at", "2025-09-10", "--data", data)
	after := ok(t, dir, "", "evidence", id, "--body", "--data", data)
	if before == after || !strings.Contains(strings.ToLower(before), "<html") || !strings.Contains(strings.ToLower(after), "<html") {
		t.Errorf("the page as it was seen before and after the edit:\n%.200s\n%.200s", before, after)
	}
	raw := ok(t, dir, "", "evidence", id, "--raw", "--data", data)
	if !strings.HasPrefix(raw, "HTTP/1.1 200 OK\r\n") || !strings.HasSuffix(raw, after) {
		t.Errorf("the answer as received: %.300s", raw)
	}
	if warc := ok(t, dir, "", "evidence", id, "--warc", "--data", data); !strings.HasPrefix(warc, "\x1f\x8b") {
		t.Errorf("records: %.20q", warc)
	}
	// The pages can be read while another process owns the folder, a crawl for one.
	lock := flock.New(filepath.Join(data, "lock"))
	if got, err := lock.TryLock(); err != nil || !got {
		t.Fatalf("lock: %v, %v", got, err)
	}
	if owned := ok(t, dir, "", "evidence", id, "--body", "--data", data); owned != after {
		t.Errorf("the page of a folder that somebody owns: %.200s", owned)
	}
	if show := ok(t, dir, "", "evidence", id, "--data", data); !strings.Contains(show, "cannot be asked now") || !strings.Contains(show, "sha256:") {
		t.Errorf("the evidence of a folder that somebody owns: %s", show)
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	ok(t, dir, "", "purge", id, "--by", "ana", "--reason", "asked for", "--data", data)
	kept, err := filepath.Glob(filepath.Join(data, "evidence", "*"))
	if err != nil || len(kept) < 2 {
		t.Fatalf("%v, %v: no evidence folder", kept, err)
	}
	for _, name := range kept {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".cdxj") && strings.Contains(string(b), id) {
			t.Errorf("%s still names the purged report", name)
		}
	}
}

func pathOf(url string) string {
	_, rest, _ := strings.Cut(strings.TrimPrefix(url, "http://"), "/")
	return "/" + rest
}

// versions checks that an edited page is a new version of one report, and that as_of still answers what was held before.
func versions(t *testing.T, dir, id string) {
	t.Helper()
	show := ok(t, dir, "", "evidence", id, "--data", filepath.Join(dir, "demo"))
	if !strings.Contains(show, "version 2") || !strings.Contains(show, "earlier: version 1") {
		t.Errorf("the edited page has two versions: %s", show)
	}
	before := ok(t, dir, "", "search", "--json", "--as-of", "2025-09-10T00:00:00Z", "--limit", "1", "--data", filepath.Join(dir, "demo"), "")
	after := ok(t, dir, "", "search", "--json", "--limit", "1", "--data", filepath.Join(dir, "demo"), "")
	total := func(raw string) int {
		var page intel.Page[intel.Hit]
		if err := json.Unmarshal([]byte(raw), &page); err != nil {
			t.Fatal(err)
		}
		return page.Total
	}
	if b, a := total(before), total(after); b == 0 || b >= a {
		t.Errorf("%d reports were on record on 10 September, %d are now: the first must be fewer and not none", b, a)
	}
}

// TestDemoAndRealNeverMix refuses to add to a demo folder and to make a demo of a real one.
func TestDemoAndRealNeverMix(t *testing.T) {
	dir := t.TempDir()
	page := writeSeed(t, dir)
	ok(t, dir, "", "add", page, "--data", filepath.Join(dir, "real"))
	if code, _, errOut := rapsheet(t, dir, "", "demo", "--once", "--data", filepath.Join(dir, "real")); code != exitUsage || !strings.Contains(errOut, "--data") {
		t.Errorf("exit %d, %q: a real folder never becomes a demo", code, errOut)
	}
	if err := markDemo(filepath.Join(dir, "demo")); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"add", page}, {"crawl"}, {"serve"}} {
		code, _, errOut := rapsheet(t, dir, "", append(args, "--data", filepath.Join(dir, "demo"))...)
		if code != exitUsage || !strings.Contains(errOut, "demo") {
			t.Errorf("%v on a demo folder: exit %d, %q", args, code, errOut)
		}
	}
}
