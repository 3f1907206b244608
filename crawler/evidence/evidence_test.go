package evidence_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/crawler/evidence"
	"github.com/rapsheet/rapsheet/intel"
)

type desk struct {
	*evidence.Folder
	t   *testing.T
	dir string
	now time.Time
}

func newDesk(t *testing.T, change func(*evidence.Options)) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir(), now: time.Date(2025, 9, 3, 10, 0, 0, 0, time.UTC)}
	d.open(change)
	return d
}

func (d *desk) open(change func(*evidence.Options)) {
	d.t.Helper()
	o := evidence.Options{Dir: d.dir, Clock: func() time.Time { return d.now }, Software: "rapsheet/test", RevisitEvery: time.Second}
	if change != nil {
		change(&o)
	}
	f, err := evidence.Open(o)
	if err != nil {
		d.t.Fatal(err)
	}
	d.Folder = f
	d.t.Cleanup(func() { _ = f.Close() })
}

func document(url, body string, at time.Time) intel.Document {
	return intel.Document{URL: url, SourceID: "s", ContentType: "text/html", Received: &intel.Received{
		URL: url, At: at, Remote: "127.0.0.1", Request: []byte("GET / HTTP/1.1\r\nHost: news.example\r\n\r\n"),
		Head: []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"), Body: []byte(body),
	}}
}

func (d *desk) keep(url, body, report string) {
	d.t.Helper()
	if err := d.Keep(document(url, body, d.now), report); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) find(report string) []evidence.Entry {
	d.t.Helper()
	entries, err := d.Find(report)
	if err != nil {
		d.t.Fatal(err)
	}
	return entries
}

// holds reports whether any file of the folder, unpacked, holds a word.
func (d *desk) holds(word string) bool {
	d.t.Helper()
	files, err := filepath.Glob(filepath.Join(d.dir, "*"))
	if err != nil {
		d.t.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			d.t.Fatal(err)
		}
		if strings.HasSuffix(name, ".gz") {
			b = unzip(d.t, b)
		}
		if bytes.Contains(b, []byte(word)) {
			return true
		}
	}
	return false
}

const page = "https://news.example/a"

func TestWhatWasSeenComesBackByteForByte(t *testing.T) {
	d := newDesk(t, nil)
	d.keep(page, "first \x00\xff\r\n\r\n", "r1")
	d.now = d.now.Add(time.Hour)
	d.keep(page, "first \x00\xff\r\n\r\n", "r1")
	d.now = d.now.Add(time.Hour)
	same := document(page, "", d.now)
	same.Received.Head = []byte("HTTP/1.1 304 Not Modified\r\n\r\n")
	if err := d.NotModified(same); err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(time.Hour)
	d.keep(page, "second", "r1")
	d.keep("https://news.example/b", "another", "r2")
	entries := d.find("r1")
	var got []string
	for _, e := range entries {
		b, err := d.Response(entries, e)
		if err != nil {
			t.Fatal(err)
		}
		head, body, _ := bytes.Cut(b, []byte("\r\n\r\n"))
		got = append(got, e.Type+" "+string(head[9:12])+" "+string(body))
	}
	want := "response 200 first \x00\xff\r\n\r\n|revisit 200 first \x00\xff\r\n\r\n|revisit 304 first \x00\xff\r\n\r\n|response 200 second"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("%q\nwant\n%q", s, want)
	}
}

func TestReservedRightsAndUnknownPagesLeaveNoTrace(t *testing.T) {
	d := newDesk(t, nil)
	doc := document(page, "secret", d.now)
	doc.RightsReserved = true
	if err := d.Keep(doc, "r1"); err != nil {
		t.Fatal(err)
	}
	if err := d.NotModified(document(page, "", d.now)); err != nil {
		t.Fatal(err)
	}
	if d.holds("news.example") {
		t.Error("something was kept")
	}
}

func TestAPurgeReachesEveryFile(t *testing.T) {
	d := newDesk(t, func(o *evidence.Options) { o.MaxBytes = 3000 })
	for day := range 4 {
		d.keep(page, strings.Repeat("zorglub ", day+1), "r1")
		d.keep("https://news.example/b", strings.Repeat("kept ", day+1), "r2")
		d.now = d.now.Add(24 * time.Hour)
	}
	if !d.holds("zorglub") || len(d.find("r2")) != 4 {
		t.Fatal("the test looks in the wrong place")
	}
	n, err := d.Purge("r1")
	if err != nil || n != 4 {
		t.Errorf("%d purged, %v", n, err)
	}
	if d.holds("zorglub") || d.holds(page) || len(d.find("r1")) != 0 {
		t.Error("the purged report is still in a file")
	}
	entries := d.find("r2")
	for i, e := range entries {
		if b, err := d.Response(entries, e); err != nil || !bytes.HasSuffix(b, []byte("\n"+strings.Repeat("kept ", i+1))) {
			t.Errorf("%d: %q, %v", i, b, err)
		}
	}
	d.keep(page, "again", "r1")
	if e := d.find("r1"); len(entries) != 4 || len(e) != 1 || e[0].Type != "response" {
		t.Errorf("%d and %d entries", len(entries), len(e))
	}
}

func TestWhatWasLastSeenLongAgoIsDropped(t *testing.T) {
	d := newDesk(t, nil)
	d.keep(page, "gone", "r1")
	d.keep("https://news.example/b", "seen again", "r2")
	d.now = d.now.AddDate(0, 0, 10)
	d.keep("https://news.example/b", "seen again", "r2")
	d.now = d.now.AddDate(0, 0, 25)
	d.keep("https://news.example/c", "new", "r3")
	if d.holds("gone") || len(d.find("r1")) != 0 {
		t.Error("35 days later it is still there")
	}
	entries := d.find("r2")
	if len(entries) != 2 || entries[1].Type != "revisit" {
		t.Fatalf("%+v: a record stays as long as a revisit refers to it", entries)
	}
	if b, err := d.Response(entries, entries[1]); err != nil || !bytes.HasSuffix(b, []byte("seen again")) {
		t.Errorf("%q, %v", b, err)
	}
}

func TestAKillAtAnyByteLosesNoOtherRecord(t *testing.T) {
	d := newDesk(t, nil)
	d.keep(page, "whole", "r1")
	d.keep("https://news.example/b", "torn", "r2")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	index := one(t, d.dir, "*.cdxj")
	lines, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	second := bytes.IndexByte(lines, '\n') + 1
	for cut := second; cut < len(lines); cut += 7 {
		if err := os.WriteFile(index, lines[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		d.open(nil)
		d.keep("https://news.example/c", "after", "r3")
		entries := d.find("r3")
		if b, err := d.Response(entries, entries[0]); err != nil || !bytes.HasSuffix(b, []byte("after")) {
			t.Fatalf("cut at %d: %q, %v", cut, b, err)
		}
		if len(d.find("r1")) != 1 || d.holds("torn") {
			t.Fatalf("cut at %d: what has no index line must be cut off, and nothing else", cut)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		unzip(t, read(t, one(t, d.dir, "*.warc.gz")))
	}
}

// TestAnotherReaderAcceptsTheFiles has npm's warcio read what was written. It needs node and the package: npm install warcio in a
// folder named by RAPSHEET_WARCIO.
func TestAnotherReaderAcceptsTheFiles(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: no other WARC reader to ask")
	}
	dir := os.Getenv("RAPSHEET_WARCIO")
	if dir == "" {
		t.Skip("RAPSHEET_WARCIO names no folder with node_modules/warcio: run 'npm install --prefix DIR warcio' and set it")
	}
	d := newDesk(t, nil)
	d.keep(page, "first \x00\xff", "r1")
	d.now = d.now.Add(time.Minute)
	d.keep(page, "first \x00\xff", "r1")
	d.keep("https://news.example/b?q=1", strings.Repeat("long ", 50_000), "r2")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	script := filepath.Join("testdata", "read.mjs")
	cmd := exec.CommandContext(t.Context(), node, script, dir, one(t, d.dir, "*.warc.gz"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := strings.Join([]string{
		"warcinfo", "response 200 " + page + " 8 digest ok", "request " + page, "revisit " + page, "request " + page,
		"response 200 https://news.example/b?q=1 250000 digest ok", "request https://news.example/b?q=1",
	}, "\n")
	if got := strings.TrimSpace(string(out)); got != want {
		t.Errorf("another reader sees\n%s\nwant\n%s", got, want)
	}
}

// TestAListIsEvidenceOfEachOfItsRows: one record serves them all, and a purge of one takes every record of the list.
func TestAListIsEvidenceOfEachOfItsRows(t *testing.T) {
	const list = "https://lists.example/victims.csv"
	one, two, three := list+"?id=1", list+"?id=2", list+"?id=3"
	d := newDesk(t, nil)
	keep := func(body string, rows ...string) {
		t.Helper()
		if err := d.KeepList(document(list, body, d.now), rows); err != nil {
			t.Fatal(err)
		}
		d.now = d.now.Add(time.Hour)
	}
	keep("zorglub, kept", one, two)
	keep("zorglub, kept", one, two)
	keep("zorglub, kept", one, two, three)
	d.keep(page, "other", "r1")
	for row, want := range map[string]int{one: 3, two: 3, three: 2} {
		if got := d.find(intel.ReportID(row)); len(got) != want {
			t.Errorf("%s: %d entries, want %d", row, len(got), want)
		}
	}
	if e := d.find(intel.ReportID(two)); e[1].Type != "revisit" || e[2].Type != "response" {
		t.Errorf("%+v", e)
	}
	// Opened anew it still knows what it holds.
	d.open(nil)
	keep("zorglub, kept", one, two, three)
	if e := d.find(intel.ReportID(three)); e[len(e)-1].Type != "revisit" {
		t.Errorf("%+v", e)
	}
	if _, err := d.Purge(intel.ReportID(three)); err != nil {
		t.Fatal(err)
	}
	if d.holds("zorglub") || d.holds(list) || len(d.find("r1")) != 1 {
		t.Error("the list that tells the purged row is still kept, or another page is not")
	}
}
