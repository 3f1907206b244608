package sqlite

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/store/storetest"
)

// crashVar tells a re-executed test binary to be the child that is killed, and where its store is.
const crashVar = "RAPSHEET_TEST_CRASH_DB"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashVar); path != "" {
		if err := saveForEver(path, os.Getenv(crashVar+"_RUN")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
	}
	os.Exit(m.Run())
}

// saveForEver saves batches and says each report's id once it is acknowledged.
func saveForEver(path, run string) error {
	ids := 0
	s, err := Open(context.Background(), Options{Path: path, Clock: time.Now, NewID: func() string { ids++; return fmt.Sprintf("%s-%d", run, ids) }})
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	for n := 0; ; n++ {
		batch := make([]intel.Entry, 1+n%4)
		for i := range batch {
			batch[i] = storetest.Plain{URL: fmt.Sprintf("https://paper.example/%s/%d/%d", run, n, i), Actor: "Akira", Victim: fmt.Sprintf("Acme %d", n%7)}.Entry()
		}
		saved, err := s.Save(context.Background(), batch)
		if err != nil {
			return err
		}
		for _, one := range saved {
			fmt.Fprintln(out, one.ReportID)
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
}

// TestKilledAtAnyMoment kills a writing process again and again: whatever it acknowledged is there afterwards, whole, without
// any repair.
func TestKilledAtAnyMoment(t *testing.T) {
	kills := 50
	if testing.Short() {
		kills = 5
	}
	path := filepath.Join(t.TempDir(), "rapsheet.db")
	var acknowledged []string
	for run := range kills {
		acknowledged = append(acknowledged, killedRun(t, path, run)...)
	}
	if len(acknowledged) < kills {
		t.Fatalf("only %d reports acknowledged in %d runs", len(acknowledged), kills)
	}
	s := openAt(t, path, storetest.NewEnv())
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	for _, id := range acknowledged {
		rec, err := s.Record(t.Context(), id)
		if err != nil || len(rec.Claims) != 1 || rec.Text == "" {
			t.Fatalf("report %s: %d claims, %v", id, len(rec.Claims), err)
		}
	}
	t.Logf("%d reports acknowledged over %d kills", len(acknowledged), kills)
}

// killedRun starts a child, kills it after a moment and gives what it acknowledged.
func killedRun(t *testing.T, path string, run int) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), crashVar+"="+path, fmt.Sprintf("%s_RUN=run%d", crashVar, run))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(pipe)
	var got []string
	first := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return // a torn line was not acknowledged
			}
			if got = append(got, strings.TrimSpace(line)); len(got) == 1 {
				close(first)
			}
		}
	}()
	select {
	case <-first:
	case <-done:
	case <-time.After(20 * time.Second):
	}
	time.Sleep(time.Duration(rand.IntN(200_000)) * time.Microsecond)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatalf("kill: %v: %s", err, stderr.String())
	}
	<-done
	if err := cmd.Wait(); err == nil || stderr.Len() > 0 {
		t.Fatalf("the child ended by itself: %v: %s", err, stderr.String())
	}
	return got
}

// TestPurgedEverywhere looks for a planted word in every byte of the files, and in the texts they hold compressed.
func TestPurgedEverywhere(t *testing.T) {
	const token = "Xylophonequartz"
	dir := t.TempDir()
	path := filepath.Join(dir, "rapsheet.db")
	s := openAt(t, path, storetest.NewEnv())
	bad := storetest.Plain{
		URL: "https://paper.example/" + token, Title: token + " attacked", Actor: token + " Gang", Victim: token + " Ltd", Aliases: []string{token + " Group"},
		Quote: "A gang attacked " + token + ".", Text: strings.Repeat("The case of "+token+" is told here. ", 50),
	}
	entries := []intel.Entry{bad.Entry(), storetest.Article(1), storetest.Article(2)}
	if _, err := s.Save(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
	bad.Text, bad.Extractor = "Edited: "+token, "x2"
	if _, err := s.Save(t.Context(), []intel.Entry{bad.Entry()}); err != nil {
		t.Fatal(err)
	}
	if err := s.Note(t.Context(), []intel.Fetch{{SourceID: "paper", URL: bad.URL, Outcome: "stored"}, {SourceID: "paper", URL: "https://t.example/1", FinalURL: bad.URL, Outcome: "stored"}}); err != nil {
		t.Fatal(err)
	}
	if !holds(t, s, dir, token) {
		t.Fatal("the word is not found before the purge: the test looks in the wrong place")
	}
	if _, err := s.Decide(t.Context(), intel.Decision{Kind: intel.DecidePurge, Subject: bad.Entry().Report.ID, By: "ada", Reason: "asked"}); err != nil {
		t.Fatal(err)
	}
	if holds(t, s, dir, token) {
		t.Error("the word is still in the files")
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// holds reports whether a word is in a file of the store or in a text it holds, in small letters or as written.
func holds(t *testing.T, s *Store, dir, word string) bool {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		low := bytes.ToLower(b)
		if i := bytes.Index(low, []byte(strings.ToLower(word))); i >= 0 {
			t.Logf("%s: %q", f.Name(), low[max(0, i-40):min(len(low), i+60)])
			found = true
		}
	}
	rows, err := s.read.QueryContext(t.Context(), `SELECT text FROM reports`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	unzip, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer unzip.Close()
	for rows.Next() {
		var packed []byte
		if err := rows.Scan(&packed); err != nil {
			t.Fatal(err)
		}
		text, err := unzip.DecodeAll(packed, nil)
		if err != nil {
			t.Fatal(err)
		}
		found = found || bytes.Contains(text, []byte(word))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}

// TestFullDisk stands in for a full disk with a bound on the file's pages.
func TestFullDisk(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "rapsheet.db"), storetest.NewEnv())
	if _, err := s.Save(t.Context(), []intel.Entry{storetest.Article(0)}); err != nil {
		t.Fatal(err)
	}
	var pages int
	if err := s.write.QueryRowContext(t.Context(), `PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.ExecContext(t.Context(), fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+10)); err != nil {
		t.Fatal(err)
	}
	batch := make([]intel.Entry, 50)
	for i := range batch {
		batch[i] = storetest.Article(i + 1)
	}
	saved, err := s.Save(t.Context(), batch)
	if err == nil || saved != nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Fatalf("a full disk gives %v, %d saved", err, len(saved))
	}
	t.Log(err)
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := s.Record(t.Context(), storetest.Article(0).Report.ID); err != nil {
		t.Error(err)
	}
	if _, err := s.write.ExecContext(t.Context(), `PRAGMA max_page_count = 1000000`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Save(t.Context(), batch); err != nil {
		t.Errorf("after space was freed: %v", err)
	}
}
