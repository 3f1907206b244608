package newsroom

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html/charset"
)

func TestFeedsParse(t *testing.T) {
	n := open(t, nil)
	for _, o := range n.Outlets() {
		for _, d := range o.Discover {
			if d.Type != "feed" {
				continue
			}
			t.Run(o.ID, func(t *testing.T) {
				f, err := gofeed.NewParser().Parse(bytes.NewReader(body(t, get(t, n, o.ID, 1, d.Path))))
				if err != nil {
					t.Fatal(err)
				}
				checkFeed(t, n, o, f)
			})
		}
	}
}

func checkFeed(t *testing.T, n *Newsroom, o Outlet, f *gofeed.Feed) {
	t.Helper()
	want := len(n.outlet(o.ID).listed(1)) + len(o.Traps)
	if len(f.Items) != want {
		t.Errorf("%d items, want %d", len(f.Items), want)
	}
	for _, it := range f.Items {
		if !strings.HasPrefix(it.Link, base(o.ID)+"/") {
			t.Errorf("link %q is not absolute", it.Link)
		}
		if strings.Contains(it.Title, "part") && !strings.Contains(it.Title, "“offline”") {
			t.Errorf("title %q lost its quotation marks", it.Title)
		}
		if strings.HasSuffix(it.Link, "/a/p7") && (it.PublishedParsed == nil || it.PublishedParsed.Format("2006-01-02T15:04") != "2025-09-08T08:30") {
			t.Errorf("published %v", it.PublishedParsed)
		}
	}
}

func TestDateOnlyFeedItemsHaveNoTime(t *testing.T) {
	n := open(t, map[string]string{"pages/northgate-wire/d.md": "---\npath: /d\ntitle: D\npublished: 2025-09-02\n---\nWords.\n"})
	b := string(body(t, get(t, n, "northgate-wire", 1, "/feed.xml")))
	if !strings.Contains(b, "<dc:date>2025-09-02</dc:date>") || strings.Contains(b, "02 Sep 2025 00:00:00") {
		t.Errorf("feed:\n%s", b)
	}
}

func TestSitemapIndexAndGzip(t *testing.T) {
	n := open(t, nil)
	var index sitemapIndex
	if err := xml.Unmarshal(body(t, get(t, n, "cobalt-labs", 1, "/sitemap.xml")), &index); err != nil {
		t.Fatal(err)
	}
	if len(index.Maps) != 2 {
		t.Fatalf("index names %d maps", len(index.Maps))
	}
	u, err := url.Parse(index.Maps[1].Loc)
	if err != nil {
		t.Fatal(err)
	}
	zr, err := gzip.NewReader(bytes.NewReader(body(t, get(t, n, "cobalt-labs", 1, u.Path))))
	if err != nil {
		t.Fatal(err)
	}
	var set urlSet
	if err := xml.NewDecoder(zr).Decode(&set); err != nil {
		t.Fatal(err)
	}
	if want := len(n.outlet("cobalt-labs").listed(1)); len(set.URLs) != want {
		t.Errorf("%d addresses, want %d", len(set.URLs), want)
	}
}

func TestArchivesAndListingsShowAllItems(t *testing.T) {
	n := open(t, nil)
	for _, o := range n.Outlets() {
		for _, d := range o.Discover {
			if d.Type != "archive" && d.Type != "listing" {
				continue
			}
			t.Run(o.ID, func(t *testing.T) {
				got := walk(t, n, o.ID, d)
				for _, p := range n.outlet(o.ID).listed(1) {
					if !slices.Contains(got, p.Path) {
						t.Errorf("%s is not listed", p.Path)
					}
				}
				if want := len(n.outlet(o.ID).listed(1)) + len(o.Traps); len(got) != want {
					t.Errorf("%d items, want %d: %q", len(got), want, got)
				}
			})
		}
	}
}

// walk follows the next-page links of an archive with the selectors that the outlet declares.
func walk(t *testing.T, n *Newsroom, outlet string, d Discovery) []string {
	t.Helper()
	var links []string
	for at, pages := d.Path, 0; at != "" && pages < 50; pages++ {
		doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body(t, get(t, n, outlet, 1, at))))
		if err != nil {
			t.Fatal(err)
		}
		doc.Find(d.Links).Each(func(_ int, s *goquery.Selection) { links = append(links, s.AttrOr("href", "")) })
		at = ""
		if d.Next != "" {
			at = doc.Find(d.Next).AttrOr("href", "")
		}
	}
	return links
}

func TestConditionalRequests(t *testing.T) {
	n := open(t, nil)
	for _, path := range []string{"/", "/feed.xml", "/robots.txt", "/a/p7", "/a/p4"} {
		first := get(t, n, "northgate-wire", 1, path)
		etag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
		if etag == "" || strings.HasPrefix(etag, "W/") || modified == "" {
			t.Errorf("%s: ETag %q, Last-Modified %q", path, etag, modified)
		}
		if s := get(t, n, "northgate-wire", 1, path, "If-None-Match", etag).StatusCode; s != http.StatusNotModified {
			t.Errorf("%s: If-None-Match answers %d", path, s)
		}
		if s := get(t, n, "northgate-wire", 1, path, "If-Modified-Since", modified).StatusCode; s != http.StatusNotModified {
			t.Errorf("%s: If-Modified-Since answers %d", path, s)
		}
		if s := get(t, n, "northgate-wire", 1, path, "If-None-Match", `"other"`).StatusCode; s != http.StatusOK {
			t.Errorf("%s: another tag answers %d", path, s)
		}
	}
}

func TestTraps(t *testing.T) {
	n := open(t, nil)
	at := "/loop/a"
	for range 6 {
		res := get(t, n, "midland-courier", 1, at)
		if res.StatusCode != http.StatusFound {
			t.Fatalf("%s answers %d", at, res.StatusCode)
		}
		at = res.Header.Get("Location")
	}
	if at != "/loop/a" {
		t.Errorf("after six steps at %s", at)
	}
	if s := get(t, n, "the-daily-tide", 1, "/news/story-withdrawn-0815").StatusCode; s != http.StatusNotFound {
		t.Errorf("dead link answers %d", s)
	}
	if s := get(t, n, "ransom-ledger", 1, "/archive/99/").StatusCode; s != http.StatusNotFound {
		t.Errorf("beyond the archive: %d", s)
	}
}

func TestRobots(t *testing.T) {
	n := open(t, map[string]string{"pages/secwatch/f.md": "---\npath: /members/f\ntitle: F\nforbidden: true\nslow: true\n---\nWords.\n"})
	b := string(body(t, get(t, n, "secwatch", 1, "/robots.txt")))
	if !strings.Contains(b, "Crawl-delay: 1\n") || !strings.Contains(b, "Disallow: /members/f\n") {
		t.Errorf("robots.txt:\n%s", b)
	}
	if !strings.Contains(string(body(t, get(t, n, "secwatch", 1, "/"))), "/members/f") {
		t.Error("the forbidden page is not linked")
	}
	if s := get(t, n, "hexlane", 1, "/robots.txt").StatusCode; s != http.StatusNotFound {
		t.Errorf("hexlane's robots.txt answers %d", s)
	}
	if s := get(t, n, "secwatch", 1, "/members/f").StatusCode; s != http.StatusOK {
		t.Errorf("slow page answers %d", s)
	}
}

func TestWindows1252IsDeclaredAndDecodes(t *testing.T) {
	n := open(t, map[string]string{
		"pages/le-quotidien-numerique/f.md": "---\npath: /f\ntitle: Fuite à l’hôpital\nlanguage: fr\npublished: 2025-08-04\n---\nDéjà vu, cœur et ½ — 中.\n",
	})
	res := get(t, n, "le-quotidien-numerique", 1, "/f")
	b := body(t, res)
	if bytes.Contains(b, []byte("à")) {
		t.Error("the page is UTF-8")
	}
	r, err := charset.NewReader(bytes.NewReader(b), res.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Fuite à l’hôpital", "4 août 2025", "Déjà vu, cœur et ½ — 中."} {
		if !strings.Contains(doc.Text(), want) {
			t.Errorf("no %q in page", want)
		}
	}
}

func TestMethodsAndStrangers(t *testing.T) {
	n := open(t, nil)
	if s := get(t, n, "nobody", 1, "/").StatusCode; s != http.StatusNotFound {
		t.Errorf("unknown outlet answers %d", s)
	}
	if s := get(t, n, "ncert", 1, "/nothing").StatusCode; s != http.StatusNotFound {
		t.Errorf("unknown page answers %d", s)
	}
}
