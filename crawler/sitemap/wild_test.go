package sitemap_test

import (
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/crawler/sitemap"
)

// TestSitemapsAsTheyAre: a wrong byte or a word of the server costs nothing but itself.
func TestSitemapsAsTheyAre(t *testing.T) {
	const news = `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">`
	for name, body := range map[string]string{
		"latin-1 bytes called utf-8":  `<?xml version="1.0" encoding="UTF-8"?>` + news + "<url><loc>https://news.example/a</loc><news:news><news:title>caf\xe9</news:title></news:news></url><url><loc>https://news.example/b</loc></url></urlset>",
		"a warning before":            "<br />\n<b>Notice</b>: Undefined index in map.php on line 3<br />\n" + `<?xml version="1.0"?>` + news + "<url><loc>https://news.example/a</loc></url><url><loc>https://news.example/b</loc></url></urlset>",
		"a bare ampersand":            news + "<url><loc>https://news.example/a?x=1&y=2</loc></url><url><loc>https://news.example/b</loc></url></urlset>",
		"a stylesheet and a comment":  `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="//news.example/main.xsl"?><!-- made by a plugin -->` + news + "<url><loc><![CDATA[https://news.example/a]]></loc></url><url><loc>\n https://news.example/b \n</loc></url></urlset>",
		"images with their own links": news + `<url><loc>https://news.example/a</loc><image:image><image:loc>https://cdn.example/x.png</image:loc></image:image></url><url><loc>https://news.example/b</loc><xhtml:link rel="alternate" hreflang="de" href="https://news.example/de/b"/></url></urlset>`,
		"prefixed":                    `<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc>https://news.example/a</s:loc></s:url><s:url><s:loc>https://news.example/b</s:loc></s:url></s:urlset>`,
	} {
		t.Run(name, func(t *testing.T) {
			m, err := sitemap.Parse([]byte(body))
			if err != nil || len(m.Pages) != 2 || !strings.HasPrefix(m.Pages[0].URL, "https://news.example/a") || m.Pages[1].URL != "https://news.example/b" {
				t.Errorf("%+v, %v", m.Pages, err)
			}
		})
	}
}
