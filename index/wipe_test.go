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
	trace := func(id string) (files []string) {
		t.Helper()
		all, err := filepath.Glob(filepath.Join(dir, "text", "store", "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range all {
			b, err := os.ReadFile(f)
			if err == nil && bytes.Contains(b, []byte(docID(id))) {
				files = append(files, filepath.Base(f))
			}
		}
		return files
	}
	// The second purge meets an index of one segment.
	for _, id := range []string{"r06", "r05"} {
		if len(trace(id)) == 0 {
			t.Fatal("the test looks for the wrong thing")
		}
		n.purge(id)
		if _, err := ix.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		left := trace(id)
		for deadline := time.Now().Add(5 * time.Second); len(left) > 0 && time.Now().Before(deadline); left = trace(id) {
			time.Sleep(20 * time.Millisecond)
		}
		if len(left) > 0 {
			t.Errorf("%s left in %v", id, left)
		}
	}
}
