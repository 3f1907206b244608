package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// TestBadFilesThroughTheCommandLine gives `add` everything that is no report, and one that is.
func TestBadFilesThroughTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	bad := map[string]struct {
		content string
		says    string
	}{
		"corrupt.pdf": {"%PDF-1.7\n" + strings.Repeat("\x00\x01\x02", 500), "corrupt"},
		"huge.html":   {"<p>" + strings.Repeat("word ", 50<<20/5), "MB"},
		"deep.html":   {strings.Repeat("<div>", 100_000) + "<p>text</p>", "not readable"},
		"empty.html":  {"", "empty"},
		"cut.html.gz": {gzipped(strings.Repeat("<p>word", 5000))[:60], "ends early"},
		"bomb.txt.gz": {gzipped(strings.Repeat("word ", 50<<20/5)), "unpacked"},
		"bytes.txt":   {strings.Repeat("\xff\xfe\x80", 1000), "bytes.txt"},
	}
	args := []string{"add"}
	for name, b := range bad {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(b.content), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	latin := filepath.Join(dir, "latin.txt")
	if err := os.WriteFile(latin, []byte(strings.ReplaceAll(seed, "Field/", "Fi\xe9ld/")), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := rapsheet(t, dir, "", append(args, latin)...)
	if code != exitPartial || !strings.Contains(out, "latin.txt: “Tarnwick Motors") {
		t.Errorf("exit %d: bytes that are no UTF-8 are read all the same:\n%s%s", code, out, errOut)
	}
	for name, b := range bad {
		if !strings.Contains(out+errOut, name) || !strings.Contains(out+errOut, b.says) {
			t.Errorf("%s is not told of with %q:\n%s%s", name, b.says, out, errOut)
		}
	}
	if out := ok(t, dir, "", "doctor"); strings.Contains(out, "BAD") {
		t.Errorf("the store is harmed: %s", out)
	}
}

func gzipped(s string) string {
	var b strings.Builder
	z := gzip.NewWriter(&b)
	io.WriteString(z, s) //nolint:errcheck // memory takes all
	z.Close()            //nolint:errcheck // same
	return b.String()
}

// TestReadGzip reads a page that was saved packed, as archives of pages are.
func TestReadGzip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.html.gz")
	page := "<html><head><title>Mill halted</title></head><body><article><h1>Mill halted</h1>" +
		strings.Repeat("<p>Oatfield Mills of Tarnwick said on Monday that a cyber attack had halted its mill.</p>", 5) + "</article></body></html>"
	if err := os.WriteFile(path, []byte(gzipped(page)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := ok(t, t.TempDir(), "", "read", path); !strings.Contains(out, `"title": "Mill halted"`) {
		t.Errorf("the packed page is not read:\n%s", out)
	}
}

// endless never stops sending a feed.
func endless(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/rss+xml")
	_, _ = io.WriteString(w, `<rss version="2.0"><channel><title>x</title>`)
	for i := 0; r.Context().Err() == nil; i++ {
		if _, err := fmt.Fprintf(w, "<item><title>%d</title><description>%s</description></item>", i, strings.Repeat("x", 4000)); err != nil {
			return
		}
	}
}

// TestBadPagesThroughTheCrawler crawls a source whose feed never ends beside one whose pages are bad, and one that is well.
func TestBadPagesThroughTheCrawler(t *testing.T) {
	dir := t.TempDir()
	mux := http.NewServeMux()
	mux.HandleFunc("/endless.xml", endless)
	mux.HandleFunc("/huge", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for range 50 {
			_, _ = w.Write([]byte("<p>" + strings.Repeat("word ", 1<<20/5)))
		}
	})
	mux.HandleFunc("/deep", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, strings.Repeat("<div>", 100_000))
	})
	mux.HandleFunc("/pdf", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/pdf")
		_, _ = io.WriteString(w, "%PDF-1.7\nnothing")
	})
	mux.HandleFunc("/empty", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "text/html") })
	mux.HandleFunc("/good", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, seed)
	})
	srv := httptest.NewServer(mux)
	defer srv.Close()
	one := func(id, kind, path string) intel.Source {
		return intel.Source{ID: id, Name: id, Kind: "media", Reliability: "C", NoDelay: true, Discover: []intel.Discovery{{Type: kind, URL: srv.URL + path}}}
	}
	sources := []intel.Source{one("endless", "feed", "/endless.xml"), one("well", "page", "/good")}
	for _, p := range []string{"huge", "deep", "pdf", "empty"} {
		sources = append(sources, one(p, "page", "/"+p))
	}
	a := &app{stdout: io.Discard, stderr: io.Discard, now: time.Now, newID: intelID(), cfg: config{Data: dir, LogLevel: "error"}}
	w, err := a.openWork(t.Context(), true, sources...)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close() //nolint:errcheck // a test's folder
	cr, err := a.crawler(w.folder, []string{strings.TrimPrefix(srv.URL, "http://")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer cr.Close()
	res, err := cr.Round(t.Context(), sources, intel.Date{}, w.pipeline.deliver)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range res.Sources {
		if stored := s.Outcomes["stored"]; stored != map[bool]int{true: 1}[s.SourceID == "well"] {
			t.Errorf("%s: %d stored, %v", s.SourceID, stored, s.Outcomes)
		}
		t.Logf("%s: %v %v", s.SourceID, s.Outcomes, s.Err)
	}
	endlessURL := srv.URL + "/endless.xml"
	if err := res.Err(); err == nil || !strings.Contains(err.Error(), "source endless: crawler: "+endlessURL+": the feed was cut off after") {
		t.Errorf("%v: the run must say what was cut off", err)
	}
	health, err := w.folder.store.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range health {
		if cut := strings.Contains(h.LastError, endlessURL+": the feed was cut off"); cut != (h.ID == "endless") {
			t.Errorf("%s: last error %q", h.ID, h.LastError)
		}
	}
	if len(res.Sources) != len(sources) {
		t.Errorf("%d of %d sources were answered", len(res.Sources), len(sources))
	}
}

// intelID gives ids that differ.
func intelID() func() string {
	n := 0
	return func() string { n++; return intel.UUIDv5("test", strconv.Itoa(n)) }
}

func TestTypoInSourcesNamesItsLine(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "sources.yaml")
	if err := os.WriteFile(path, []byte("sources:\n  - id: a\n    name: A\n    nmae: B\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errOut := rapsheet(t, dir, "", "crawl", "--sources", path, "--contact", "https://a.example/about")
	if code != exitUsage || !strings.Contains(errOut, "sources.yaml") || !strings.Contains(errOut, "line 4") || !strings.Contains(errOut, "nmae") {
		t.Errorf("exit %d, %q", code, errOut)
	}
}

// TestFullDisk imports into a folder whose files may not grow (RLIMIT_FSIZE of a child process): the import stops with the reason,
// and what was stored before is there.
func TestFullDisk(t *testing.T) {
	if os.Getenv("RAPSHEET_FULL_DISK") != "" {
		os.Exit(run(t.Context(), strings.Split(os.Getenv("RAPSHEET_FULL_DISK"), "\n"), strings.NewReader(""), os.Stdout, os.Stderr, []string{"HOME=" + t.TempDir()}))
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell to limit a child's files with")
	}
	dir := t.TempDir()
	ok(t, dir, "", "add", writeSeed(t, dir))
	st, err := os.Stat(filepath.Join(dir, "data", storeFile))
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&lines, `{"id":"%d","title":"Attack %d","text":"%s"}`+"\n", i, i, strings.Repeat(fmt.Sprintf("Qilin has claimed responsibility for an attack on Delbrook%d Ports, a British company. ", i), 8))
	}
	file := filepath.Join(dir, "many.jsonl")
	if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	blocks := st.Size()/512 + 1500 // what a file may have, in blocks of 512 bytes
	cmd := exec.CommandContext(t.Context(), sh, "-c", fmt.Sprintf("ulimit -f %d && exec \"$0\" -test.run='^TestFullDisk$'", blocks), os.Args[0])
	cmd.Env = append(os.Environ(), "RAPSHEET_FULL_DISK=import\nreports\n"+file+"\n--data\n"+filepath.Join(dir, "data"))
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != exitPartial || !strings.Contains(string(out), "disk") || !strings.Contains(string(out), "many.jsonl") {
		t.Fatalf("%v: exit %d: %.600s", err, cmd.ProcessState.ExitCode(), out)
	}
	if n := strings.Count(string(out), "\n"); n > 10 {
		t.Errorf("one reason is told %d times: %.600s", n, out)
	}
	if out := ok(t, dir, "", "doctor"); strings.Contains(out, "BAD") {
		t.Errorf("the store is harmed: %s", out)
	}
	if out := ok(t, dir, "", "victim", "TML"); !strings.Contains(out, "Tarnwick Motors") {
		t.Errorf("what was stored before is lost: %s", out)
	}
}
