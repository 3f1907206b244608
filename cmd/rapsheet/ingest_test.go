package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rapsheet/rapsheet/intel"
)

// benchPage is a page of about 600 words about an invented incident, different for every n.
func benchPage(n int) intel.Document {
	company := fmt.Sprintf("Fernhollow %c%d Logistics", 'A'+n%26, n)
	var b strings.Builder
	fmt.Fprintf(&b, "<html><head><title>%s says a cyberattack stopped its depots</title><meta property=\"article:published_time\" content=\"2025-0%d-1%dT08:00:00Z\"></head><body><article><h1>%s says a cyberattack stopped its depots</h1>", company, 1+n%9, n%9, company)
	fmt.Fprintf(&b, "<p>%s confirmed on Tuesday that it was hit by a ransomware attack that began over the weekend. The Qilin ransomware group claimed responsibility for the attack on its site.</p>", company)
	for i := range 11 {
		fmt.Fprintf(&b, "<p>Paragraph %d of report %d. Drivers waited at the gates of depot %d while managers wrote orders on paper, and customers in several towns were told that parcels would come later than usual. The company said it had called in outside help, told the regulator and its partners, and would restore one system after the other as soon as each had been checked.</p>", i, n, n*11+i)
	}
	b.WriteString("</article></body></html>")
	url := fmt.Sprintf("https://news.example/%d", n)
	return intel.Document{URL: url, FinalURL: url, SourceID: "bench", ContentType: "text/html; charset=utf-8", Body: []byte(b.String()), Retrieved: time.Unix(1760000000, 0)}
}

// BenchmarkIngest takes fetched pages all the way: "whole" reads HTML, extracts, stores and indexes; "fetched" leaves reading
// out, as for reports already fetched.
//
//	go test -run '^$' -bench Ingest ./cmd/rapsheet
func BenchmarkIngest(b *testing.B) {
	for _, mode := range []string{"fetched", "whole"} {
		b.Run(mode, func(b *testing.B) {
			a := &app{stdout: b.Output(), stderr: b.Output(), now: time.Now, newID: func() string { return intel.UUIDv5("bench", strconv.FormatInt(time.Now().UnixNano(), 10)) }}
			a.cfg.Data = filepath.Join(b.TempDir(), "data")
			w, err := a.openWork(b.Context(), false)
			if err != nil {
				b.Fatal(err)
			}
			defer w.close()
			if err := w.folder.openIndex(b.Context(), a); err != nil {
				b.Fatal(err)
			}
			n := 0
			for b.Loop() {
				ingest(b, w, n, 200, mode == "whole")
				n += 200
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "reports/s")
		})
	}
}

// ingest takes count pages from first on, eight at a time, and indexes them.
func ingest(b *testing.B, w *work, first, count int, read bool) {
	b.Helper()
	g, ctx := errgroup.WithContext(b.Context())
	g.SetLimit(200)
	for i := first; i < first+count; i++ {
		g.Go(func() error { return ingestOne(ctx, w, benchPage(i), read) })
	}
	if err := g.Wait(); err != nil {
		b.Fatal(err)
	}
	if _, err := w.folder.index.CatchUp(b.Context()); err != nil {
		b.Fatal(err)
	}
}

func ingestOne(ctx context.Context, w *work, doc intel.Document, read bool) error {
	if read {
		return w.pipeline.deliver(ctx, doc)
	}
	text := string(doc.Body)
	text = text[strings.Index(text, "<p>"):]
	text = strings.NewReplacer("</p><p>", "\n\n", "<p>", "", "</p>", "", "</article></body></html>", "").Replace(text)
	published, err := intel.ParseMoment("2025-09-10")
	if err != nil {
		return err
	}
	art := intel.Article{Title: "A cyberattack stopped its depots", Published: published, Language: "en", Text: text, CanonicalURL: doc.URL}
	_, err = w.pipeline.put(ctx, w.pipeline.entry(ctx, doc, art))
	return err
}
