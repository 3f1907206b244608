package newsroom

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// feed renders the listed pages of an edition as RSS 2.0, Atom or JSON Feed 1.1.
func (s *server) feed(d *Discovery, edition int) (*answer, error) {
	items := s.items(s.outlet.listed(edition))
	modified := s.newest(edition, editionTime(1).AddDate(-1, 0, 0))
	switch d.Format {
	case "atom":
		return s.xml("application/atom+xml", s.atom(d, items, modified), modified)
	case "json":
		body, err := json.MarshalIndent(s.jsonFeed(d, items), "", "  ")
		if err != nil {
			return nil, fmt.Errorf("newsroom: feed of %s: %w", s.outlet.ID, err)
		}
		return &answer{contentType: "application/feed+json; charset=utf-8", body: body, modified: modified}, nil
	default:
		return s.xml("application/rss+xml", s.rss(items, modified), modified)
	}
}

// xml encodes a document with a declaration in the outlet's character set.
func (s *server) xml(mime string, doc any, modified time.Time) (*answer, error) {
	body, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("newsroom: xml of %s: %w", s.outlet.ID, err)
	}
	head := `<?xml version="1.0" encoding="` + s.outlet.Charset + `"?>` + "\n"
	return s.encoded(mime, append([]byte(head), body...), modified)
}

type rssFeed struct {
	XMLName xml.Name  `xml:"rss"`
	Version string    `xml:"version,attr"`
	DC      string    `xml:"xmlns:dc,attr"`
	Title   string    `xml:"channel>title"`
	Link    string    `xml:"channel>link"`
	About   string    `xml:"channel>description"`
	Lang    string    `xml:"channel>language"`
	Built   string    `xml:"channel>lastBuildDate"`
	Items   []rssItem `xml:"channel>item"`
}

type rssItem struct {
	Title    string   `xml:"title"`
	Link     string   `xml:"link"`
	GUID     string   `xml:"guid"`
	About    string   `xml:"description,omitempty"`
	Category string   `xml:"category,omitempty"`
	Creators []string `xml:"dc:creator,omitempty"`
	PubDate  string   `xml:"pubDate,omitempty"`
	// DCDate carries dates without a time of day, which pubDate cannot.
	DCDate string `xml:"dc:date,omitempty"`
}

func (s *server) rss(items []item, modified time.Time) rssFeed {
	o := s.outlet.Outlet
	f := rssFeed{
		Version: "2.0", DC: "http://purl.org/dc/elements/1.1/", Title: o.Name, Link: s.url("/"), About: o.Publisher,
		Lang: o.Language, Built: modified.Format(time.RFC1123Z),
	}
	for _, it := range items {
		x := rssItem{Title: it.Title, Link: it.URL, GUID: it.URL, About: it.Summary, Category: it.Section}
		if it.page != nil {
			x.Creators = it.page.Authors
			if it.ISO != "" && it.page.Published.DateOnly {
				x.DCDate = it.ISO
			} else if it.ISO != "" {
				x.PubDate = it.page.Published.Time.Format(time.RFC1123Z)
			}
		}
		f.Items = append(f.Items, x)
	}
	return f
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string       `xml:"id"`
	Title     string       `xml:"title"`
	Link      atomLink     `xml:"link"`
	Published string       `xml:"published,omitempty"`
	Updated   string       `xml:"updated"`
	Authors   []atomPerson `xml:"author"`
	Summary   string       `xml:"summary,omitempty"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

func (s *server) atom(d *Discovery, items []item, modified time.Time) atomFeed {
	o := s.outlet.Outlet
	f := atomFeed{
		Lang: o.Language, ID: s.url("/"), Title: o.Name, Updated: modified.Format(time.RFC3339),
		Links: []atomLink{{Rel: "alternate", Href: s.url("/")}, {Rel: "self", Href: s.url(d.Path)}},
	}
	for _, it := range items {
		// Atom asks for updated on each entry; where there is no date it is that of the feed.
		e := atomEntry{
			ID: it.URL, Title: it.Title, Link: atomLink{Href: it.URL}, Summary: it.Summary, Updated: modified.Format(time.RFC3339),
		}
		if it.page != nil {
			if it.ISO != "" {
				e.Updated = it.page.modified().Format(time.RFC3339)
				if !it.page.Published.DateOnly {
					e.Published = it.page.Published.String()
				}
			}
			for _, a := range it.page.Authors {
				e.Authors = append(e.Authors, atomPerson{Name: a})
			}
		}
		if len(e.Authors) == 0 {
			e.Authors = []atomPerson{{Name: o.Publisher}}
		}
		f.Entries = append(f.Entries, e)
	}
	return f
}

type jsonFeed struct {
	Version  string     `json:"version"`
	Title    string     `json:"title"`
	HomePage string     `json:"home_page_url"`
	FeedURL  string     `json:"feed_url"`
	Language string     `json:"language"`
	Items    []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	Summary   string       `json:"summary,omitempty"`
	Text      string       `json:"content_text"`
	Published string       `json:"date_published,omitempty"`
	Modified  string       `json:"date_modified,omitempty"`
	Authors   []jsonAuthor `json:"authors,omitempty"`
	Tags      []string     `json:"tags,omitempty"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

func (s *server) jsonFeed(d *Discovery, items []item) jsonFeed {
	o := s.outlet.Outlet
	f := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: o.Name, HomePage: s.url("/"), FeedURL: s.url(d.Path),
		Language: o.Language, Items: []jsonItem{},
	}
	for _, it := range items {
		x := jsonItem{ID: it.URL, URL: it.URL, Title: it.Title, Summary: it.Summary, Text: it.Summary}
		if it.page != nil {
			// A date without a time of day is not a date_published (RFC 3339); the page itself tells it.
			if it.ISO != "" && !it.page.Published.DateOnly {
				x.Published = it.ISO
			}
			if it.ISO != "" && !it.page.Updated.IsZero() && !it.page.Updated.DateOnly {
				x.Modified = it.page.Updated.String()
			}
			for _, a := range it.page.Authors {
				x.Authors = append(x.Authors, jsonAuthor{Name: a})
			}
			if it.Section != "" {
				x.Tags = []string{it.Section}
			}
		}
		f.Items = append(f.Items, x)
	}
	return f
}

type sitemapIndex struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Maps    []sitemapLoc `xml:"sitemap"`
}

type urlSet struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapLoc `xml:"url"`
}

type sitemapLoc struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

// sitemap answers for the index at the discovery's path and for its two children: a plain one of standing pages and a gzipped
// one of the stories. Nil is any other address.
func (s *server) sitemap(d *Discovery, at string, edition int) (*answer, error) {
	stem := strings.TrimSuffix(d.Path, ".xml")
	modified := s.newest(edition, editionTime(1).AddDate(-1, 0, 0))
	switch at {
	case d.Path:
		return s.xml("application/xml", sitemapIndex{Maps: []sitemapLoc{
			{Loc: s.url(stem + "-pages.xml")},
			{Loc: s.url(stem + "-posts.xml.gz"), LastMod: modified.Format(time.RFC3339)},
		}}, modified)
	case stem + "-pages.xml":
		return s.xml("application/xml", urlSet{URLs: []sitemapLoc{{Loc: s.url("/")}}}, modified)
	case stem + "-posts.xml.gz":
		a, err := s.xml("application/xml", s.posts(edition), modified)
		if err != nil {
			return nil, err
		}
		a.contentType = "application/gzip"
		a.body, err = zipped(a.body)
		return a, err
	}
	return nil, nil
}

func (s *server) posts(edition int) urlSet {
	var set urlSet
	for _, it := range s.items(s.outlet.listed(edition)) {
		loc := sitemapLoc{Loc: it.URL}
		if it.ISO != "" {
			loc.LastMod = it.page.modified().Format(time.RFC3339)
		}
		set.URLs = append(set.URLs, loc)
	}
	return set
}

// zipped compresses without name or time, so that equal bytes stay equal.
func zipped(body []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(body); err != nil {
		return nil, fmt.Errorf("newsroom: gzip: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("newsroom: gzip: %w", err)
	}
	return b.Bytes(), nil
}
