package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/crawler/crawlertest"
	"github.com/rapsheet/rapsheet/crawler/evidence"
	"github.com/rapsheet/rapsheet/extract/article"
	"github.com/rapsheet/rapsheet/intel"
)

// The two benchmarks of this file are a pair: the CPU that a page costs from its request to its evidence against that of reading it
// and one gzip.
//
//	RAPSHEET_PAGES=/path/with/html go test -run='^$' -bench='WholePath|ReadAndGzip' ./cmd/rapsheet

func benchFiles(b *testing.B) []string {
	b.Helper()
	pattern := "../../extract/article/testdata/pages/*/in.html"
	if dir := os.Getenv("RAPSHEET_PAGES"); dir != "" {
		pattern = filepath.Join(dir, "*.html")
	}
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		b.Fatal("no pages", err)
	}
	return files
}

// TestServeBenchPages is the publisher of BenchmarkWholePath, a process of its own so that its CPU is not counted.
func TestServeBenchPages(t *testing.T) {
	list := os.Getenv("RAPSHEET_SERVE_PAGES")
	if list == "" {
		t.Skip("only as the child of a benchmark")
	}
	files := strings.Split(list, "\n")
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var i int
		if _, err := fmt.Sscanf(r.URL.Path, "/p%d", &i); err != nil || i >= len(files) {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		http.ServeFile(w, r, files[i])
	}))
	defer srv.Close()
	_, _ = os.Stdout.WriteString("\n" + srv.URL + "\n")
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent ends
}

func servePages(b *testing.B, files []string) string {
	b.Helper()
	cmd := exec.CommandContext(b.Context(), os.Args[0], "-test.run=^TestServeBenchPages$")
	cmd.Env = append(os.Environ(), "RAPSHEET_SERVE_PAGES="+strings.Join(files, "\n"))
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "http://") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return lines.Text()
		}
	}
	b.Fatal("no publisher")
	return ""
}

// cpu is what this process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Skip("no CPU times here")
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkWholePath(b *testing.B) {
	files := benchFiles(b)
	base := servePages(b, files)
	src := intel.Source{ID: "s", NoDelay: true}
	for i := range files {
		src.Discover = append(src.Discover, intel.Discovery{Type: "page", URL: fmt.Sprintf("%s/p%d", base, i)})
	}
	began, pages := cpu(b), 0
	for b.Loop() {
		kept, err := evidence.Open(evidence.Options{Dir: b.TempDir(), Clock: time.Now})
		if err != nil {
			b.Fatal(err)
		}
		cr, err := crawler.New(crawler.Options{Clock: time.Now, Journal: &crawlertest.Journal{}, AllowPrivate: []string{strings.TrimPrefix(base, "http://")}, Capture: true})
		if err != nil {
			b.Fatal(err)
		}
		res, err := cr.Round(b.Context(), []intel.Source{src}, intel.Date{}, func(_ context.Context, d intel.Document) error {
			pages++
			_, rerr := article.Read(d)
			return errors.Join(kept.Keep(d, intel.ReportID(d.URL)), rerr)
		})
		if err != nil || res.Err() != nil {
			b.Fatal(err, res.Err())
		}
		cr.Close()
		if err := kept.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(cpu(b)-began)/float64(max(pages, 1))/1e6, "cpu-ms/page")
}

func BenchmarkReadAndGzip(b *testing.B) {
	files := benchFiles(b)
	docs := make([]intel.Document, 0, len(files))
	for i, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			b.Fatal(err)
		}
		docs = append(docs, intel.Document{URL: fmt.Sprintf("http://127.0.0.1/p%d", i), ContentType: "text/html", Body: body})
	}
	began, pages := cpu(b), 0
	for b.Loop() {
		for _, d := range docs {
			pages++
			_, _ = article.Read(d) // a page that is no report costs time too
			z := gzip.NewWriter(io.Discard)
			if _, err := z.Write(d.Body); err != nil {
				b.Fatal(err)
			}
			if err := z.Close(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(cpu(b)-began)/float64(max(pages, 1))/1e6, "cpu-ms/page")
}
