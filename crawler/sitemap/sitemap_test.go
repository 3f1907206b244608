package sitemap_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/crawler/sitemap"
	"github.com/rapsheet/rapsheet/intel"
)

const news = `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <url><loc> https://news.example/a?x=1&amp;y=2 </loc><lastmod>2025-09-03T10:00:00+02:00</lastmod>
  <image:image><image:loc>https://img.example/1.png</image:loc><image:title>a picture</image:title></image:image>
  <news:news><news:publication><news:name>News</news:name><news:language>en</news:language></news:publication>
   <news:publication_date>2025-09-02</news:publication_date><news:title>First &amp; last</news:title></news:news></url>
 <url><loc>https://news.example/b</loc><lastmod>yesterday</lastmod></url>
 <url><lastmod>2025-01-01</lastmod></url>
 <url><loc>https://news.example/c</loc><lastmod>2025-09-03T00:00:00+02:00</lastmod></url>
</urlset>`

type row struct{ URL, Modified, Published, Title, Language string }

func rows(entries []sitemap.Entry) []row {
	var out []row
	for _, e := range entries {
		out = append(out, row{e.URL, e.Modified.String(), e.Published.String(), e.Title, e.Language})
	}
	return out
}

func TestNewsSitemap(t *testing.T) {
	want := []row{
		{"https://news.example/a?x=1&y=2", "2025-09-03T08:00:00Z", "2025-09-02", "First & last", "en"},
		{"https://news.example/b", "", "", "", ""},
		{"https://news.example/c", "2025-09-03", "", "", ""},
	}
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := w.Write([]byte(news)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{"plain": []byte(news), "gzip": zipped.Bytes(), "bom": []byte("\ufeff\n" + news)} {
		t.Run(name, func(t *testing.T) {
			m, err := sitemap.Parse(body)
			if err != nil || m.Cut {
				t.Fatalf("Cut %v, error %v", m.Cut, err)
			}
			if diff := cmp.Diff(want, rows(m.Pages)); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("gzip without its end", func(t *testing.T) {
		m, _ := sitemap.Parse(zipped.Bytes()[:zipped.Len()-20])
		if !m.Cut {
			t.Error("a truncated sitemap must be marked as cut")
		}
	})
}

func TestIndexAndText(t *testing.T) {
	m, err := sitemap.Parse([]byte(`<sitemapindex><sitemap><loc>https://a.example/1.xml.gz</loc><lastmod>2025-09</lastmod></sitemap></sitemapindex>`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]row{{"https://a.example/1.xml.gz", "2025-09", "", "", ""}}, rows(m.Maps)); diff != "" {
		t.Error(diff)
	}
	m, err = sitemap.Parse([]byte("https://a.example/1\r\n\r\nnot an address\nhttps://a.example/2"))
	if err != nil || len(m.Pages) != 2 {
		t.Errorf("text sitemap: %d pages, %v", len(m.Pages), err)
	}
}

func TestBroken(t *testing.T) {
	m, err := sitemap.Parse([]byte(news[:strings.Index(news, "example/c")]))
	if len(m.Pages) != 2 || !m.Cut || err == nil {
		t.Errorf("truncated: %d pages, cut %v, %v: what was complete must be kept", len(m.Pages), m.Cut, err)
	}
	for name, body := range map[string]string{"empty": "", "html": "<html><body>404</body></html>", "feed": "<rss><channel/></rss>", "words": "Not found", "bad gzip": "\x1f\x8bxx"} {
		if _, err := sitemap.Parse([]byte(body)); !errors.Is(err, intel.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
}

func TestLimits(t *testing.T) {
	var b strings.Builder
	b.WriteString("<urlset>")
	for i := range sitemap.MaxURLs + 10 {
		fmt.Fprintf(&b, "<url><loc>https://a.example/%d</loc></url>", i)
	}
	m, err := sitemap.Parse([]byte(b.String()))
	if err != nil || len(m.Pages) != sitemap.MaxURLs || !m.Cut {
		t.Errorf("%d pages, cut %v, %v", len(m.Pages), m.Cut, err)
	}
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	chunk := bytes.Repeat([]byte("x"), 1<<20)
	for range 80 {
		if _, err := w.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if m, _ := sitemap.Parse(bomb.Bytes()); !m.Cut {
		t.Error("a gzip bomb must be cut")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(news))
	f.Add([]byte("<sitemapindex><sitemap><loc>x</loc></sitemap>"))
	f.Add([]byte("\x1f\x8b\x08"))
	f.Add([]byte("https://a.example/\n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		m, _ := sitemap.Parse(body)
		for _, e := range append(m.Pages, m.Maps...) {
			if e.URL == "" {
				t.Fatal("an entry without address")
			}
		}
	})
}
