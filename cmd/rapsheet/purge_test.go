package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	zap "github.com/blevesearch/zapx/v17"
	"github.com/klauspost/compress/zstd"

	"github.com/rapsheet/rapsheet/crawler/evidence"
	"github.com/rapsheet/rapsheet/intel"
)

// TestPurgeTakesEverythingAndRefusesReAdding follows a report from reading to its tombstone.
func TestPurgeTakesEverythingAndRefusesReAdding(t *testing.T) {
	dir := t.TempDir()
	page := writeSeed(t, dir)
	out := ok(t, dir, "", "add", page)
	id := strings.TrimSpace(out[strings.LastIndex(out, "report ")+len("report "):])
	ok(t, dir, "", "purge", id, "--by", "ana", "--reason", "asked for by its publisher")
	for _, args := range [][]string{{"victim", "Tarnwick Motors"}, {"evidence", id}} {
		if code, out, _ := rapsheet(t, dir, "", args...); code == exitOK {
			t.Errorf("%v still answers after the purge: %s", args, out)
		}
	}
	if out := ok(t, dir, "", "search", "Tarnwick"); !strings.Contains(out, "0 of 0 reports") {
		t.Errorf("the purged report is found: %s", out)
	}
	if code, _, errOut := rapsheet(t, dir, "", "add", page); code == exitOK || !strings.Contains(errOut, "removed on request") {
		t.Errorf("exit %d, %q: a purged report is refused", code, errOut)
	}
}

// eachStream calls f with a file's bytes and with every gzip and zstd stream that begins in it.
func eachStream(t *testing.T, b []byte, f func([]byte)) {
	t.Helper()
	f(b)
	unzip, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer unzip.Close()
	for i := range b {
		rest := b[i:]
		switch {
		case bytes.HasPrefix(rest, []byte{0x1f, 0x8b, 8}):
			if r, err := gzip.NewReader(bytes.NewReader(rest)); err == nil {
				r.Multistream(false)
				out, _ := io.ReadAll(r) // what follows the stream is no part of it, and a cut one still shows its beginning
				f(out)
			}
		case bytes.HasPrefix(rest, []byte{0x28, 0xb5, 0x2f, 0xfd}):
			if unzip.Reset(bytes.NewReader(rest)) == nil {
				out, _ := io.ReadAll(unzip)
				f(out)
			}
		}
	}
}

// eachOverflow puts together the packed texts that are longer than a page of a database: they begin in a cell that ends with the
// number of the next page, and each page of the chain begins with the number of the one after.
func eachOverflow(t *testing.T, b []byte, f func([]byte)) {
	t.Helper()
	if !bytes.HasPrefix(b, []byte("SQLite format 3")) {
		return
	}
	unzip, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer unzip.Close()
	size := int(binary.BigEndian.Uint16(b[16:]))
	pages := len(b) / size
	for from := 0; ; {
		i := bytes.Index(b[from:], []byte{0x28, 0xb5, 0x2f, 0xfd})
		if i < 0 {
			return
		}
		at := from + i
		from = at + 4
		end := (at/size + 1) * size
		for e := at + 4; e+4 <= min(end, len(b)); e++ {
			next := int(binary.BigEndian.Uint32(b[e:]))
			if next == 0 || next > pages {
				continue
			}
			whole := bytes.Clone(b[at:e])
			for n := 0; next > 0 && next <= pages && n < pages; n++ {
				page := b[(next-1)*size : next*size]
				whole, next = append(whole, page[4:]...), int(binary.BigEndian.Uint32(page))
			}
			if unzip.Reset(bytes.NewReader(whole)) == nil {
				out, _ := io.ReadAll(unzip) // of a wrong guess nothing is read, and behind the end stands what is no part of it
				f(out)
			}
		}
	}
}

// segmentHas reports whether a word is in a segment of the text index, whether the index still counts the segment or not: among
// its terms, which are packed into a transducer, or its stored values, which are packed in blocks.
func segmentHas(path, word string) bool {
	s, err := new(zap.ZapPlugin).Open(path)
	if err != nil {
		return false // being written
	}
	defer s.Close() //nolint:errcheck // only read
	for _, field := range s.Fields() {
		terms, err := s.Dictionary(field)
		if err != nil {
			return false
		}
		all := terms.AutomatonIterator(nil, nil, nil)
		for e, err := all.Next(); err == nil && e != nil; e, err = all.Next() {
			if strings.Contains(strings.ToLower(e.Term), word) {
				return true
			}
		}
	}
	found := false
	for n := range s.Count() {
		_ = s.VisitStoredFields(n, func(_ string, _ byte, value []byte, _ []uint64) bool { //nolint:errcheck // a segment without any
			found = found || bytes.Contains(bytes.ToLower(value), []byte(word))
			return !found
		})
	}
	return found
}

// filesWith are the files below dir that hold a word, as it is or compressed, in any case, or in their names.
func filesWith(t *testing.T, dir, word string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		has := strings.Contains(path, word) || strings.HasSuffix(path, ".zap") && segmentHas(path, word)
		look := func(b []byte) { has = has || bytes.Contains(bytes.ToLower(b), []byte(word)) }
		eachStream(t, b, look)
		eachOverflow(t, b, look)
		if has {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// planted is a page that holds a word, in a text too long for one page of the database however well it is packed.
func planted(word string) string {
	noise := make([]byte, 12<<10)
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same noise each time
	for i := range noise {
		noise[i] = byte('a' + r.UintN(26))
	}
	told := "<p>The Akira ransomware group listed Tarnwick Motors as a victim on 2 March 2026 and spoke of " + word + " files. The company has not answered.</p>"
	return "<html><head><title>Tarnwick Motors hit</title></head><body><article><h1>Tarnwick Motors hit</h1>" + strings.Repeat(told, 3) +
		"<p>The list reads " + string(noise) + ".</p>" + strings.Repeat(told, 2) + "</article></body></html>"
}

// TestPurgedWordIsInNoFile plants a word in a report that a server holds, exports it, backs it up and purges it. Before, the word is
// found in each place that keeps a report: database, its log, index, evidence and backup; after, it is in none.
func TestPurgedWordIsInNoFile(t *testing.T) {
	const token, address = "zqxjkvwpyqx", "https://paper.example/zqxjkvwpyqx"
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	page := planted(token)
	keepSeen(t, data, address, page)
	serving(t, dir)
	ok(t, dir, "", "add", writeFile(t, dir, "page.html", page), "--url", address, "--published", "2026-03-03")
	ok(t, dir, "", "export", "stix")
	backup := filepath.Join(data, "backup.db")
	ok(t, dir, "", "backup", backup)
	places := map[string]string{"log": "*.db-wal", "index": "index/text/store/*.zap", "evidence": "evidence/*", "backup": "backup.db"}
	for what, glob := range places {
		if !soon(t, func() bool { return holdsIn(t, data, glob, token) }) {
			t.Errorf("before the purge the %s does not hold the word: the test looks in the wrong place", what)
		}
	}
	ok(t, dir, "", "purge", address, "--by", "ana", "--reason", "asked for by its publisher")
	if !soon(t, func() bool { return len(filesWith(t, data, token)) == 0 }) {
		t.Errorf("after the purge the word is in %v", filesWith(t, data, token))
	}
	if out := ok(t, dir, "", "search", token); !strings.Contains(out, "0 of 0 reports") {
		t.Errorf("after the purge the index finds the word: %s", out)
	}
	if out := ok(t, dir, "", "export", "stix"); strings.Contains(out, token) {
		t.Errorf("the export names what was purged: %.300s", out)
	}
	ok(t, dir, "", "backup", filepath.Join(data, "after.db"))
	if left := filesWith(t, data, token); len(left) > 0 {
		t.Errorf("a backup made after the purge holds the word: %v", left)
	}
}

// soon asks again and again: the index writes its files when it has time.
func soon(t *testing.T, done func() bool) bool {
	t.Helper()
	for range 100 {
		if done() {
			return true
		}
		time.Sleep(50 * time.Millisecond)
	}
	return false
}

func holdsIn(t *testing.T, dir, glob, word string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, glob))
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(p string) bool { return len(filesWith(t, p, word)) > 0 })
}

// keepSeen puts a page into the evidence as the crawler does.
func keepSeen(t *testing.T, data, address, page string) {
	t.Helper()
	kept, err := evidence.Open(evidence.Options{Dir: filepath.Join(data, "evidence"), Days: 30, Clock: time.Now, Software: "test"})
	if err != nil {
		t.Fatal(err)
	}
	doc := intel.Document{URL: address, SourceID: "s", ContentType: "text/html", Received: &intel.Received{
		URL: address, At: time.Now(), Remote: "127.0.0.1", Request: []byte("GET / HTTP/1.1\r\nHost: paper.example\r\n\r\n"),
		Head: []byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"), Body: []byte(page),
	}}
	if err := errors.Join(kept.Keep(doc, intel.ReportID(address)), kept.Close()); err != nil {
		t.Fatal(err)
	}
}
