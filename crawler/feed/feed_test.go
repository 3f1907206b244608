package feed_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/crawler/feed"
	"github.com/rapsheet/rapsheet/intel"
)

const base = "https://news.example/feed/"

func rss(items ...string) string {
	return `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title><link>https://news.example/</link><language>en-gb</language>` +
		strings.Join(items, "\n") + `</channel></rss>`
}

type row struct{ URL, Title, Published, Updated, Language string }

func rows(f feed.Feed) []row {
	var out []row
	for _, it := range f.Items {
		out = append(out, row{it.URL, it.Title, it.Published.String(), it.Updated.String(), it.Language})
	}
	return out
}

func TestForms(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       []row
	}{
		{"rss", rss(
			`<item><title> One
 &amp; more</title><link>https://news.example/1?utm_source=rss</link><pubDate>Wed, 03 Sep 2025 10:00:00 EDT</pubDate></item>`,
			`<item><title>Two</title><guid>https://news.example/2</guid><pubDate>Wed, 03 Sep 2025 00:00:00 +0200</pubDate></item>`,
			`<item><title>Three</title><link>../3.html</link><dc:date>2025-09-03</dc:date><dc:language>de</dc:language></item>`,
		), []row{
			{"https://news.example/1", "One & more", "2025-09-03T14:00:00Z", "", "en-gb"},
			{"https://news.example/2", "Two", "2025-09-03", "", "en-gb"},
			{"https://news.example/3.html", "Three", "2025-09-03", "2025-09-03", "de"},
		}},
		{
			"atom", `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>N</title><entry><title>A</title><id>urn:1</id>` +
				`<link rel="alternate" href="/a"/><published>2025-09-03T08:00:00Z</published><updated>2025-09-04T09:30:00+02:00</updated></entry></feed>`,
			[]row{{"https://news.example/a", "A", "2025-09-03T08:00:00Z", "2025-09-04T07:30:00Z", "fr"}},
		},
		{
			"json", `{"version":"https://jsonfeed.org/version/1.1","title":"N","language":"en","items":[{"id":"1","url":"https://news.example/j","title":"J","date_published":"2025-09-03T08:00:00Z"}]}`,
			[]row{{"https://news.example/j", "J", "2025-09-03T08:00:00Z", "", "en"}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := feed.Parse([]byte(tt.body), base)
			if err != nil || f.Cut || f.Broken+f.NoAddress > 0 {
				t.Fatalf("%+v, %v", f, err)
			}
			if diff := cmp.Diff(tt.want, rows(f)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBadDatesLoseNoItem(t *testing.T) {
	dates := map[string]string{
		"":                                 "",
		"yesterday":                        "",
		"Sept. 3, 2026 4:05 PM":            "2026-09-03",
		"September 3, 2026":                "2026-09-03",
		"0000-00-00":                       "",
		"Wed, 31 Feb 2025 10:00:00 +0000":  "",
		"2025-09-03 10:00:00 +0900":        "2025-09-03T01:00:00Z",
		"Thu, 03 Sep 2025 10:00:00 +0000":  "2025-09-03T10:00:00Z",
		"Mon, 01 Jan 0001 00:00:00 +0000":  "",
		"2025-09":                          "2025-09",
		"Wed, 03 Sep 2025 23:59:59 -1200":  "2025-09-04T11:59:59Z",
		"\n Wed, 03 Sep 2025 10:00 +0000 ": "2025-09-03T10:00:00Z",
	}
	var items []string
	want := map[string]string{}
	i := 0
	for in, out := range dates {
		url := fmt.Sprintf("https://news.example/%d", i)
		items = append(items, fmt.Sprintf("<item><title>%d</title><link>%s</link><pubDate>%s</pubDate></item>", i, url, in))
		want[url] = out
		i++
	}
	f, err := feed.Parse([]byte(rss(items...)), base)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, it := range f.Items {
		got[it.URL] = it.Published.String()
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEqualDatesAndTitlesLoseNoItem(t *testing.T) {
	var items []string
	for i := range 40 {
		items = append(items, fmt.Sprintf(`<item><title>Same</title><guid isPermaLink="false">same</guid><link>https://news.example/?p=%d</link><pubDate>Wed, 03 Sep 2025 10:00:00 +0000</pubDate></item>`, i))
	}
	f, err := feed.Parse([]byte(rss(items...)), base)
	if err != nil || len(f.Items) != 40 {
		t.Errorf("%d of 40 items, %v", len(f.Items), err)
	}
}

func TestCutAndBrokenFeeds(t *testing.T) {
	full := rss(
		`<item><title>One</title><link>https://news.example/1</link></item>`,
		`<item><title>Two</title><link>https://news.example/2</link></item>`,
		`<item><title>Three</title><link>https://news.example/3</link></item>`)
	bad := rss(
		`<item><title>One</title><link>https://news.example/1</link></item>`,
		`<item><title>Two <b></title><link>https://news.example/2</link><![CDATA[</item>`,
		`<item><title>Three</title><link>https://news.example/3</link></item>`)
	atom := `<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><entry><title>A</title><link href="/a"/></entry><entry><title>B</title><link hr`
	jsonCut := `{"title":"N","items":[{"id":"1","url":"https://news.example/j1"},{"id":"2","url":"https://news.example/j2"},{"id":"3","ur`
	for _, tt := range []struct {
		name, body string
		urls       []string
		cut        bool
	}{
		{"cut in the third item", full[:strings.Index(full, "Three")+3], []string{"https://news.example/1", "https://news.example/2"}, true},
		{"cut inside a tag", full[:strings.LastIndex(full, "</link>")+3], []string{"https://news.example/1", "https://news.example/2"}, true},
		{"one broken item", bad, []string{"https://news.example/1", "https://news.example/3"}, false},
		{"atom cut", atom, []string{"https://news.example/a"}, true},
		{"json cut", jsonCut, []string{"https://news.example/j1", "https://news.example/j2"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := feed.Parse([]byte(tt.body), base)
			if err != nil {
				t.Fatal(err)
			}
			var urls []string
			for _, it := range f.Items {
				urls = append(urls, it.URL)
			}
			if diff := cmp.Diff(tt.urls, urls); diff != "" || f.Cut != tt.cut {
				t.Errorf("cut %v, items:\n%s", f.Cut, diff)
			}
		})
	}
	for _, body := range []string{"", "<html><body>gone</body></html>", "Not found", `{"error":404}`, "<rss"} {
		if f, err := feed.Parse([]byte(body), base); !errors.Is(err, intel.ErrInvalid) && len(f.Items) > 0 {
			t.Errorf("Parse(%q) = %+v, %v", body, f, err)
		}
	}
}

func TestItemsWithoutAnAddressAreCounted(t *testing.T) {
	f, err := feed.Parse([]byte(rss(`<item><title>No link</title></item>`, `<item><title>L</title><link>mailto:a@b.example</link></item>`, `<item><link>https://news.example/1</link></item>`)), base)
	if err != nil || f.NoAddress != 2 || len(f.Items) != 1 {
		t.Errorf("%+v, %v", f, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(rss(`<item><title>x</title><link>/1</link><pubDate>Sept. 3, 2026</pubDate></item>`)))
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/a"/><updated>2025</updated></entry>`))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","items":[{"url":"/1"},{"url":5}]}`))
	f.Add([]byte(`<rdf:RDF><channel></channel><item><link>/1</link></item>`))
	f.Add([]byte("<item><item></item>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := feed.Parse(body, base)
		if err != nil && len(got.Items) > 0 {
			t.Fatal("items with an error")
		}
		for _, it := range got.Items {
			if !strings.HasPrefix(it.URL, "http") {
				t.Fatalf("item with address %q", it.URL)
			}
		}
	})
}

func TestALongFeedThatBreaksOffIsReadQuickly(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<rss><channel><title>T</title>`)
	const n = 20_000
	for i := range n {
		if i%5000 == 17 {
			b.WriteString("<item><link>https://news.example/bad</link><![CDATA[</item>")
		}
		fmt.Fprintf(&b, "<item><title>T</title><link>https://news.example/%d</link></item>", i)
	}
	b.WriteString("<item><tit")
	f, err := feed.Parse([]byte(b.String()), base)
	if err != nil || len(f.Items) != n || !f.Cut || f.Broken != 4 {
		t.Errorf("%d items, %d broken, cut %v, %v", len(f.Items), f.Broken, f.Cut, err)
	}
}

func TestHostileDepth(t *testing.T) {
	for _, s := range []string{"<rss><channel>" + strings.Repeat("<a>", 300_000), "{" + strings.Repeat(`"a":[`, 100_000), "<feed>" + strings.Repeat("<entry>", 100_000), strings.Repeat("<item></item", 50_000)} {
		_, _ = feed.Parse([]byte(s), base)
	}
}
