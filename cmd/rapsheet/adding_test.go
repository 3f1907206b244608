package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// serving runs a server that owns the data folder, and gives its address.
func serving(t *testing.T, dir string, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan string, 1)
	var errOut strings.Builder
	go func() {
		run(ctx, append([]string{"serve", "--roles", "api", "--addr", "127.0.0.1:0"}, args...), strings.NewReader(""), &strings.Builder{}, &errOut,
			[]string{"HOME=" + dir, "RAPSHEET_DATA=" + filepath.Join(dir, "data")})
		ended <- errOut.String()
	}()
	t.Cleanup(func() { stop(); <-ended })
	for range 600 {
		if url := ownerOf(filepath.Join(dir, "data")); url != "" {
			return url
		}
		select {
		case s := <-ended:
			ended <- s
			t.Fatalf("the server stopped: %s", s)
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatal("the server does not announce itself")
	return ""
}

// A folder that a server owns is added to all the same: the work is handed over, and the server answers with what it learned.
func TestAddingToAFolderThatAServerOwns(t *testing.T) {
	dir := t.TempDir()
	url := serving(t, dir)
	page := writeSeed(t, dir)
	empty := filepath.Join(dir, "broken.pdf")
	if err := os.WriteFile(empty, []byte("%PDF-1.7\nnot a pdf"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := rapsheet(t, dir, "", "add", page, empty, "--published", "2025-09-03")
	if code != exitPartial || !strings.Contains(out, "Tarnwick Motors") || !strings.Contains(errOut, "broken.pdf") {
		t.Errorf("exit %d\n%s%s", code, out, errOut)
	}
	if out := ok(t, dir, "", "add", page, "--published", "2025-09-03", "--server", url); !strings.Contains(out, "already held") {
		t.Errorf("the same page again: %s", out)
	}
	out = ok(t, dir, "", "add", page, "--published", "2025-09-03")
	if code, out, errOut := rapsheet(t, dir, "", "evidence", strings.TrimSpace(out[strings.LastIndex(out, "report ")+len("report "):])); code != exitOK || !strings.Contains(out, "SHA-256 of the text") || !strings.Contains(out, "bytes are not kept") {
		t.Errorf("exit %d: the evidence of a report that a server holds: %s%s", code, out, errOut)
	}
	lines := filepath.Join(dir, "reports.jsonl")
	text := `{"id":"1","title":"Harbour","text":"Qilin has claimed responsibility for an attack on Delbrook Ports, a British company.","published":"2025-10-01"}
{"id":"2","text":"  "}
not json
{"id":"4","text":"A text.","tlp":"PURPLE"}
`
	if err := os.WriteFile(lines, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errOut = rapsheet(t, dir, "", "import", "reports", lines)
	if code != exitPartial || !strings.Contains(out, "1 reports stored") {
		t.Errorf("exit %d: %s%s", code, out, errOut)
	}
	for _, want := range []string{"line 2", "line 3", "line 4", "PURPLE"} {
		if !strings.Contains(errOut, want) {
			t.Errorf("stderr lacks %q: %s", want, errOut)
		}
	}
	for range 100 {
		if out = ok(t, dir, "", "victim", "TML"); strings.Contains(out, "2025-08-31") {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("the server does not answer with what was added: %s", out)
}

// What a server cannot do for another process is refused with the way to do it.
func TestOwnedFolderSaysWhatToDo(t *testing.T) {
	dir := t.TempDir()
	url := serving(t, dir)
	for _, args := range [][]string{{"reindex"}, {"reextract"}, {"crawl", "--contact", "https://a.example/about"}} {
		code, _, errOut := rapsheet(t, dir, "", args...)
		if code != exitFailed || !strings.Contains(errOut, url) || !strings.Contains(errOut, "stop it") {
			t.Errorf("%v: exit %d, %q", args, code, errOut)
		}
	}
	if out := ok(t, dir, "", "backup", filepath.Join(dir, "copy.db")); !strings.Contains(out, "copy.db") {
		t.Errorf("a backup is made while serving: %s", out)
	}
	if st, err := os.Stat(filepath.Join(dir, "copy.db")); err != nil || st.Size() == 0 {
		t.Errorf("the backup: %v", err)
	}
}
