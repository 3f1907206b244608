package index

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What is purged leaves no trace in the files of the index either.
func TestPurgeLeavesNoTrace(t *testing.T) {
	n, dir := corpus(), t.TempDir()
	ix, err := Open(t.Context(), Options{Feed: n, Archive: n, Dir: dir, BatchCount: 5})
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	if _, err := ix.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	trace := func() (files []string) {
		t.Helper()
		all, err := filepath.Glob(filepath.Join(dir, "text", "store", "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range all {
			b, err := os.ReadFile(f)
			if err == nil && bytes.Contains(b, []byte(docID("r06"))) {
				files = append(files, filepath.Base(f))
			}
		}
		return files
	}
	if len(trace()) == 0 {
		t.Fatal("the test looks for the wrong thing")
	}
	n.purge("r06")
	if _, err := ix.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	left := trace()
	for deadline := time.Now().Add(10 * time.Second); len(left) > 0 && time.Now().Before(deadline); left = trace() {
		time.Sleep(20 * time.Millisecond)
	}
	if len(left) > 0 {
		t.Errorf("left in %v", left)
	}
}
