package feed_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/crawler/feed"
)

func utf16le(s string) string {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

// TestFeedsAsTheyAre: what publishers' systems write, well-formed or not.
func TestFeedsAsTheyAre(t *testing.T) {
	const ns = `xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"`
	one := func(item string) string {
		return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" ` + ns + `><channel><title>N</title><link>https://news.example/</link><atom:link href="https://news.example/feed/" rel="self"/>` + item + `</channel></rss>`
	}
	a := []row{{URL: "https://news.example/a", Title: "A"}}
	for name, c := range map[string]struct {
		body string
		want []row
	}{
		"a link to itself is not the page":  {one(`<item><title>A</title><atom:link rel="self" href="https://news.example/a/feed"/><link>https://news.example/a</link></item>`), a},
		"article text with markup of feeds": {one(`<item><title>A</title><link>https://news.example/a</link><content:encoded><![CDATA[<p>say &lt;item&gt; <item> </item></p><a href="https://other.example/x">x</a>]]></content:encoded></item>`), a},
		"white space in the link":           {one("<item><title>A</title><link>\n   https://news.example/a\n  </link></item>"), a},
		"link in CDATA":                     {one(`<item><title><![CDATA[A]]></title><link><![CDATA[https://news.example/a]]></link></item>`), a},
		"without scheme":                    {one(`<item><title>A</title><link>//news.example/a</link></item>`), a},
		"comments before the link":          {one(`<item><title>A</title><comments>https://news.example/a#comments</comments><link>https://news.example/a</link></item>`), a},
		"only a comments link":              {one(`<item><title>A</title><guid isPermaLink="false">17 at news</guid><atom:link rel="replies" href="https://news.example/a/comments"/><link>https://news.example/a</link></item>`), a},
		"prefixed elements":                 {`<rss version="2.0" ` + ns + `><channel><title>N</title><item><atom:title>Wrong</atom:title><title>A</title><link>https://news.example/a</link></item></channel></rss>`, a},
		"atom with prefixes":                {`<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>N</a:title><a:entry><a:title>A</a:title><a:id>x</a:id><a:link rel="alternate" href="https://news.example/a"/></a:entry></a:feed>`, a},
		"atom, the page is the last link":   {`<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><entry><title>A</title><id>x</id><link rel="self" href="https://news.example/api/1"/><link rel="replies" href="https://news.example/a/c"/><link rel="enclosure" href="https://cdn.example/a.mp3"/><link rel="alternate" type="text/html" href="https://news.example/a"/></entry></feed>`, a},
		"atom with a base":                  {`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/"><title>N</title><entry><title>A</title><id>x</id><link href="a"/></entry></feed>`, a},
		"rdf":                               {`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>N</title></channel><item rdf:about="https://news.example/a"><title>A</title><link>https://news.example/a</link></item></rdf:RDF>`, a},
		"json authors and external":         {`{"version":"https://jsonfeed.org/version/1.1","title":"N","items":[{"id":7,"url":"https://news.example/a","external_url":"https://other.example/","title":"A","authors":[{"name":"J"},{"name":null}]}]}`, a},
		"json, the id is the page":          {`{"version":"https://jsonfeed.org/version/1","title":"N","items":[{"id":"https://news.example/a","title":"A","author":{"name":"J"}}]}`, a},
		"json, relative":                    {`{"version":"https://jsonfeed.org/version/1.1","title":"N","items":[{"id":"1","url":"/a","title":"A"}]}`, a},
		"utf-16":                            {utf16le(`<?xml version="1.0" encoding="utf-16"?><rss version="2.0"><channel><title>N</title><item><title>A</title><link>https://news.example/a</link></item></channel></rss>`), a},
		"latin-1 bytes called utf-8":        {one("<item><title>A</title><description>caf\xe9</description><link>https://news.example/a</link></item>"), a},
		"entity that XML does not know":     {one(`<item><title>A</title><description>x &nbsp; &rsquo; & y</description><link>https://news.example/a</link></item>`), a},
		"control character":                 {one("<item><title>A</title><description>x \x0b \x00 y</description><link>https://news.example/a</link></item>"), a},
		"notice before the declaration":     {"<br />\n<b>Warning</b>: Undefined variable in feed.php on line 7<br />\n" + one(`<item><title>A</title><link>https://news.example/a</link></item>`), a},
		"doctype with an entity bomb":       {`<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rss version="2.0"><channel><title>N</title><item><title>A</title><description>&b;</description><link>https://news.example/a</link></item></channel></rss>`, a},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := feed.Parse([]byte(c.body), base)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, rowsOf(f)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func rowsOf(f feed.Feed) []row {
	var out []row
	for _, it := range f.Items {
		out = append(out, row{URL: it.URL, Title: it.Title})
	}
	return out
}

// TestDatesAsTheyAre: in the languages and forms that systems write; what cannot be known stays unknown.
func TestDatesAsTheyAre(t *testing.T) {
	for in, want := range map[string]string{
		"mer., 03 sept. 2025 10:00:00 +0200":       "2025-09-03T08:00:00Z",
		"Mi, 03 Sep 2025 10:00:00 +0200":           "2025-09-03T08:00:00Z",
		"Mi., 3. September 2025 10:00":             "2025-09-03",
		"śr., 03 wrz 2025 10:00:00 +0200":          "2025-09-03T08:00:00Z",
		"mié, 03 sep 2025 10:00:00 +0200":          "2025-09-03T08:00:00Z",
		"Mer, 03 Set 2025 10:00:00 +0200":          "2025-09-03T08:00:00Z",
		"Qua, 03 Set 2025 10:00:00 -0300":          "2025-09-03T13:00:00Z",
		"wo, 03 sep 2025 10:00:00 +0200":           "2025-09-03T08:00:00Z",
		"Di, 06 Mai 2025 10:00:00 +0200":           "2025-05-06T08:00:00Z",
		"mar., 05 août 2025 10:00:00 +0200":        "2025-08-05T08:00:00Z",
		"Wed, 03 Sep 2025 10:00:00 CEST":           "2025-09-03T08:00:00Z",
		"Wed, 03 Sep 2025 10:00:00 Z":              "2025-09-03T10:00:00Z",
		"Wed, 03 Sep 2025 10:00:00 UTC":            "2025-09-03T10:00:00Z",
		"Wednesday, 3 September 2025 10:00:00 GMT": "2025-09-03T10:00:00Z",
		"2025-09-03T10:00:00":                      "2025-09-03",
		"2025-09-03 10:00":                         "2025-09-03",
		"2025-09-03T10:00:00.123456+02:00":         "2025-09-03T08:00:00Z",
		"03.09.2025 10:00":                         "2025-09-03",
		"20250903T100000Z":                         "2025-09-03",
		"1756893600":                               "2025-09-03T10:00:00Z",
		"Wed, 03 Sep 25 10:00:00 +0000":            "2025-09-03T10:00:00Z",
		"in the autumn":                            "",
	} {
		f, err := feed.Parse([]byte(rss("<item><title>1</title><link>https://news.example/1</link><pubDate>"+in+"</pubDate></item>")), base)
		if err != nil || len(f.Items) != 1 {
			t.Fatal(err)
		}
		inFeed := f.Items[0].Published.String()
		if i := strings.IndexByte(inFeed, '.'); i > 0 {
			inFeed = inFeed[:i] + "Z"
		}
		if inFeed != want {
			t.Errorf("%q is %q in a feed, want %q", in, inFeed, want)
		}
	}
}
