package newsroom

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
)

// relatedCount is how many other stories an article page names, latestCount how many a live sidebar does.
const (
	relatedCount = 5
	latestCount  = 6
)

// view is what the layouts' "article" template gets.
type view struct {
	Outlet     Outlet
	Base       string
	Lang       string
	Charset    string
	Title      string
	FullTitle  string
	Canonical  string
	Summary    string
	Section    string
	Authors    []string
	Byline     string
	Credit     string
	Published  stampView
	Updated    stampView
	Preamble   template.HTML
	Body       template.HTML
	Paywall    bool
	Blocked    bool
	TopicLinks []Link
	Related    []item
	Latest     []item
	JSONLD     map[string]any
}

// stampView is a date as a layout prints it: ISO for attributes and metadata, Text for people.
type stampView struct{ ISO, Text string }

// listing is what the layouts' "listing" template gets.
type listing struct {
	Outlet     Outlet
	Base       string
	Lang       string
	Charset    string
	Title      string
	Items      []item
	Page       int
	Prev, Next string
	// More is the first page of the archive, on the homepage only.
	More string
}

// item is a story in a listing, a feed or a box.
type item struct {
	Title, Path, URL, Summary, Section, ISO, Date string
	page                                          *Page
}

// stampOf is the page's date for printing; undated pages show none.
func stampOf(p *Page, s Stamp, o *Outlet) stampView {
	if p.Has(shapeUndated) {
		return stampView{}
	}
	return stampView{ISO: s.String(), Text: s.format(o, p.Language)}
}

func (s *server) item(p *Page) item {
	when := stampOf(p, p.Published, &s.outlet.Outlet)
	return item{
		Title: p.Title, Path: p.Path, URL: s.url(p.Path), Summary: parseMarkdown(p.Markdown).summary(), Section: p.Section,
		ISO: when.ISO, Date: when.Text, page: p,
	}
}

// items lists pages for a listing or a feed, and the outlet's traps among them.
func (s *server) items(pages []Page) []item {
	out := make([]item, 0, len(pages)+len(s.outlet.Traps))
	for i := range pages {
		out = append(out, s.item(&pages[i]))
	}
	for _, t := range s.outlet.Traps {
		at := min(1, len(out))
		out = append(out[:at], append([]item{{Title: t.Title, Path: t.Path, URL: s.url(t.Path)}}, out[at:]...)...)
	}
	return out
}

// view fills in everything an article page shows.
func (s *server) view(p *Page, edition int) (view, error) {
	o := &s.outlet.Outlet
	v := view{
		Outlet: *o, Base: s.url(""), Lang: p.Language, Charset: o.Charset, Title: p.Title, FullTitle: p.Title + o.TitleSuffix,
		Section: p.Section, Authors: p.Authors, Byline: byline(p.Authors, p.Language), Credit: p.Credit,
		Published: stampOf(p, p.Published, o), Updated: stampOf(p, p.Updated, o), Preamble: preamble(p),
		Paywall: p.Has(shapePaywall), Related: s.related(p),
	}
	if o.Canonical {
		v.Canonical = s.url(p.Path)
	}
	if o.LiveSidebar {
		v.Latest = s.latest(p, edition)
	}
	if p.Has(shapeGeoblock) {
		v.Blocked, v.Title, v.FullTitle, v.Related, v.Latest = true, o.Name, o.Name, nil, nil
		v.Authors, v.Byline, v.Credit, v.Published, v.Updated, v.Section = nil, "", "", stampView{}, stampView{}, ""
		return v, nil
	}
	d := parseMarkdown(p.Markdown)
	v.Summary = d.summary()
	if v.Paywall {
		d.cut(paywallBlocks)
	}
	for _, l := range p.TopicLinks {
		v.TopicLinks = append(v.TopicLinks, Link{Text: l.Text, Href: s.resolve(l.Href)})
	}
	v.JSONLD = jsonLD(&v)
	var err error
	v.Body, err = d.html(s.base, s.known)
	return v, err
}

// related picks other stories of the outlet that were there when the page was written, so that they never change.
func (s *server) related(p *Page) []item {
	pages := s.outlet.listed(p.Edition)
	var out []item
	for i := range pages {
		k := (i + pick(p.ID, len(pages))) % len(pages)
		if pages[k].Path != p.Path && len(out) < relatedCount {
			out = append(out, s.item(&pages[k]))
		}
	}
	return out
}

func (s *server) latest(p *Page, edition int) []item {
	pages := s.outlet.listed(edition)
	var out []item
	for i := range pages {
		if pages[i].Path != p.Path && len(out) < latestCount {
			out = append(out, s.item(&pages[i]))
		}
	}
	return out
}

// resolve makes "outlet:/path" absolute and leaves paths as they are.
func (s *server) resolve(href string) string {
	if id, path, ok := strings.Cut(href, ":"); ok && strings.HasPrefix(path, "/") && s.known(id) {
		return s.base(id) + path
	}
	return href
}

func byline(authors []string, lang string) string {
	and := map[string]string{"fr": " et ", "de": " und "}[lang]
	if and == "" {
		and = " and "
	}
	if len(authors) < 2 {
		return strings.Join(authors, "")
	}
	last := len(authors) - 1
	return strings.Join(authors[:last], ", ") + and + authors[last]
}

// jsonLD is the schema.org description of an article; the template encodes it.
func jsonLD(v *view) map[string]any {
	authors := make([]map[string]string, 0, len(v.Authors))
	for _, a := range v.Authors {
		authors = append(authors, map[string]string{"@type": "Person", "name": a})
	}
	ld := map[string]any{
		"@context": "https://schema.org", "@type": "NewsArticle", "headline": v.Title, "inLanguage": v.Lang,
		"publisher":           map[string]string{"@type": "Organization", "name": v.Outlet.Publisher},
		"isAccessibleForFree": !v.Paywall,
	}
	if len(authors) > 0 {
		ld["author"] = authors
	}
	if v.Published.ISO != "" {
		ld["datePublished"] = v.Published.ISO
	}
	if v.Updated.ISO != "" {
		ld["dateModified"] = v.Updated.ISO
	}
	return ld
}

func (s *server) execute(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := s.outlet.layout.ExecuteTemplate(&b, name, data); err != nil {
		return nil, fmt.Errorf("newsroom: render %s of %s: %w", name, s.outlet.ID, err)
	}
	return b.Bytes(), nil
}
