package article

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// day is when all test pages were fetched.
var fetched = time.Date(2025, 9, 1, 12, 0, 0, 0, time.UTC)

// TestPages reads every saved page. A page that is no report has the reason in place of an article.
func TestPages(t *testing.T) {
	cases, err := filepath.Glob("testdata/pages/*/in.*")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, in := range cases {
		dir := filepath.Dir(in)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			body, err := os.ReadFile(in)
			if err != nil {
				t.Fatal(err)
			}
			doc := intel.Document{URL: "https://news.example/" + filepath.Base(dir), Body: body, Retrieved: fetched}
			if filepath.Ext(in) == ".txt" {
				doc.ContentType = "text/plain"
			}
			if filepath.Base(dir) == "blog-graph" {
				doc.FinalURL = "https://labs.nordvik.example/posts/copper-heron/"
			}
			got := golden(t, doc)
			want := filepath.Join(dir, "want.json")
			if *update {
				if err := os.WriteFile(want, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			old, err := os.ReadFile(want)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(old), string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func golden(t *testing.T, doc intel.Document) []byte {
	t.Helper()
	a, err := Read(doc)
	var v any = struct {
		intel.Article
		Appendix string `json:"appendix,omitempty"`
	}{a, a.Appendix}
	if err != nil {
		if !errors.Is(err, intel.ErrNotReport) || !strings.Contains(err.Error(), doc.URL) {
			t.Fatalf("error does not name the document or its kind: %v", err)
		}
		v = map[string]string{"not_report": err.Error()}
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func page2(body string) intel.Document {
	return intel.Document{URL: "https://news.example/a", ContentType: "text/html", Body: []byte(body), Retrieved: fetched}
}

// TestNotReport: pages that stand where an article should be are never reports, and the reason is said.
func TestNotReport(t *testing.T) {
	for name, c := range map[string]struct{ title, body, why string }{
		"geo":     {"Harbour Times", "<h1>Sorry</h1><p>Our website is currently unavailable in most European countries. We are engaged on the issue.</p><p>PRIVACY</p>", "location"},
		"legal":   {"451", "<p>451: Unavailable due to legal reasons</p><p>We recognise you are trying to reach this site from a country in the European Economic Area, where the rules differ, and cannot grant access at this time.</p>", "location"},
		"cookie":  {"Before you continue", "<h2>We value your privacy</h2><p>We and our 812 partners store and/or access information on a device, such as cookies.</p><button>Accept all</button><p>Accept all cookies to continue</p>", "cookie"},
		"paywall": {"The inside story", "<h1>The inside story</h1><p>This article is for subscribers only.</p><p>Subscribe now to continue reading</p>", "paywall"},
		"script":  {"Just a moment...", "<h1>Checking your browser before you go on</h1><p>Please enable JavaScript and cookies to continue</p><p>Ray ID: 8812ab</p>", "JavaScript"},
		"missing": {"404 - Page not found", "<h1>Page not found</h1><p>The page you asked for could not be found. It may have been moved.</p><p><a href='/'>Back to home</a></p>", "error"},
		"server":  {"502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>", "error"},
		"empty":   {"", "<div></div>", "no article text"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(page2("<html><head><title>" + c.title + "</title></head><body>" + c.body + "</body></html>"))
			if !errors.Is(err, intel.ErrNotReport) || !strings.Contains(err.Error(), c.why) || !strings.Contains(err.Error(), "https://news.example/a") {
				t.Errorf("err = %v, want the reason %q", err, c.why)
			}
		})
	}
}

// TestBadInput: hostile and broken bytes give a clear error that names the document, quickly.
func TestBadInput(t *testing.T) {
	for name, c := range map[string]struct {
		doc  intel.Document
		want error
		says string
	}{
		"nested":  {page2(strings.Repeat("<div>", 100_000)), intel.ErrInvalid, "512"},
		"empty":   {page2(""), intel.ErrNotReport, "empty"},
		"blank":   {page2(" \n\t "), intel.ErrNotReport, "empty"},
		"large":   {page2(strings.Repeat("<p>text of no end</p>", 50<<20/21)), intel.ErrInvalid, "50.0 MB"},
		"picture": {intel.Document{URL: "https://news.example/a", ContentType: "image/png", Body: []byte("\x89PNG")}, intel.ErrInvalid, "image/png"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := Read(c.doc)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "https://news.example/a") {
				t.Errorf("err = %v", err)
			}
			if d := time.Since(start); d > 5*time.Second {
				t.Errorf("took %s", d)
			}
		})
	}
}

// TestBounded: large sound pages are read in time that grows with their length only.
func TestBounded(t *testing.T) {
	para := "<p>The operators of the harbour restored their systems from copies that were kept in another place, and said so on Monday.</p>"
	row := "<tr><td>IPv4</td><td>203.0.113.9</td></tr>"
	for name, body := range map[string]string{
		"paragraphs": "<article>" + strings.Repeat(para, 30_000) + "</article>",
		"rows":       para + para + para + "<table>" + strings.Repeat(row, 60_000) + "</table>",
		"links":      para + para + strings.Repeat("<a href=x>b</a>", 100_000),
		"deep":       strings.Repeat("<div class='related share'>", 400) + para + para + para,
		"open bold":  strings.Repeat("<b><p>", 200) + para + para,
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := Read(page2("<html><body>" + body + "</body></html>"))
			if err != nil && !errors.Is(err, intel.ErrInvalid) && !errors.Is(err, intel.ErrNotReport) {
				t.Error(err)
			}
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("took %s", d)
			}
			t.Log(time.Since(start))
		})
	}
}

func TestGivenWins(t *testing.T) {
	doc := page2(`<html lang="en"><head><title>Found</title><meta property="article:published_time" content="2024-01-05"></head><body><h1>Found</h1><p>` +
		strings.Repeat("A sentence about the outage of the ferry line and its ticket machines. ", 5) + `</p></body></html>`)
	doc.GivenTitle, doc.GivenLanguage, doc.GivenPublished = "Given", "fr", intel.OnDay(intel.Date{Year: 2023, Month: 5, Day: 6})
	a, err := Read(doc)
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != "Given" || a.Language != "fr" || a.Published.String() != "2023-05-06" || a.PublishedFrom != "given" {
		t.Errorf("%+v", a)
	}
}

// FuzzRead: whatever the bytes, Read does not panic, says which of two kinds of error it is, and gives valid text.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/pages/*/in.*")
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, "text/html")
	}
	f.Add([]byte("<table><tr><td><p>x<script type='application/ld+json'>{\"@graph\":[[[{}]]],</script>"), "text/html; charset=gbk")
	f.Add([]byte("\xff\xfea\x00"), "text/plain")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		doc := intel.Document{URL: "https://news.example/a", ContentType: contentType, Body: body, Retrieved: fetched}
		a, err := Read(doc)
		if err != nil {
			if !errors.Is(err, intel.ErrInvalid) && !errors.Is(err, intel.ErrNotReport) {
				t.Errorf("error of another kind: %v", err)
			}
			return
		}
		for _, s := range append([]string{a.Title, a.Text, a.Appendix, a.SiteName, a.CanonicalURL}, a.Authors...) {
			if !utf8.ValidString(s) || strings.Contains(s, "\x00") {
				t.Errorf("not valid text: %q", s)
			}
		}
		if b, err := Read(doc); err != nil || cmp.Diff(a, b, cmp.AllowUnexported(intel.Moment{})) != "" {
			t.Errorf("two readings differ: %v", err)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	body, err := os.ReadFile("testdata/pages/blog-graph/in.html")
	if err != nil {
		b.Fatal(err)
	}
	doc := page2(string(body))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(doc); err != nil {
			b.Fatal(err)
		}
	}
}
