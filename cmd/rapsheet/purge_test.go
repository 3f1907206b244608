package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
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
		has := strings.Contains(path, word)
		eachStream(t, b, func(b []byte) { has = has || bytes.Contains(bytes.ToLower(b), []byte(word)) })
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

// TestPurgedWordIsInNoFile plants a word in a report, exports it and purges it: no file of the folder holds it, nor does a backup.
func TestPurgedWordIsInNoFile(t *testing.T) {
	const token = "zqxjkvwpyqx"
	dir := t.TempDir()
	page := filepath.Join(dir, "page.html")
	text := "<html><head><title>Tarnwick Motors hit</title></head><body><article><h1>Tarnwick Motors hit</h1>" +
		strings.Repeat("<p>The Akira ransomware group listed Tarnwick Motors as a victim on 2 March 2026 and spoke of "+token+" files. The company has not answered.</p>", 5) + "</article></body></html>"
	if err := os.WriteFile(page, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out := ok(t, dir, "", "add", page, "--url", "https://paper.example/"+token, "--published", "2026-03-03")
	id := strings.TrimSpace(out[strings.LastIndex(out, "report ")+len("report "):])
	if out := ok(t, dir, "", "search", token); !strings.Contains(out, "1 of 1 reports") {
		t.Fatalf("before the purge the word is not found: %s", out)
	}
	ok(t, dir, "", "export", "stix")
	data, backup := filepath.Join(dir, "data"), filepath.Join(dir, "before.db")
	ok(t, dir, "", "backup", backup)
	before := filesWith(t, data, token)
	if !slices.ContainsFunc(before, func(p string) bool { return strings.HasSuffix(p, "rapsheet.db") }) {
		t.Fatalf("before the purge the database does not hold the word: the test looks in the wrong place; %v do", before)
	}
	if len(filesWith(t, filepath.Dir(backup), token)) == len(before) {
		t.Error("the backup does not hold the report")
	}
	ok(t, dir, "", "purge", id, "--by", "ana", "--reason", "asked for by its publisher")
	if left := filesWith(t, data, token); len(left) > 0 {
		t.Errorf("after the purge the word is in %v", left)
	}
	if out := ok(t, dir, "", "search", token); !strings.Contains(out, "0 of 0 reports") {
		t.Errorf("after the purge the index finds the word: %s", out)
	}
	after := filepath.Join(t.TempDir(), "after.db")
	ok(t, dir, "", "backup", after)
	if left := filesWith(t, filepath.Dir(after), token); len(left) > 0 {
		t.Error("a backup made after the purge holds the word")
	}
}
