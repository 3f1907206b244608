package newsroom

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// homeItems is how many stories a homepage shows.
const homeItems = 25

// server answers for one outlet.
type server struct {
	room    *Newsroom
	outlet  *outlet
	edition func() int
	baseOf  func(outletID string) string
}

// answer is a document to be sent.
type answer struct {
	contentType string
	body        []byte
	modified    time.Time
}

// Handler serves an outlet as a site. The edition is asked at each request; base tells where each outlet is reached, such as
// "http://127.0.0.1:47101", so that feeds, sitemaps, canonical and cross links are absolute. An unknown outlet answers 404.
func (n *Newsroom) Handler(outletID string, edition func() int, base func(outletID string) string) http.Handler {
	o := n.outlet(outletID)
	if o == nil {
		return http.NotFoundHandler()
	}
	return &server{room: n, outlet: o, edition: edition, baseOf: base}
}

// ServeHTTP answers GET and HEAD.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "405 method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if to := s.loop(r.URL.Path); to != "" {
		http.Redirect(w, r, to, http.StatusFound)
		return
	}
	edition := s.edition()
	if p := s.page(r.URL.Path, edition); p != nil && p.Slow && !s.wait(r) {
		return
	}
	a, err := s.answer(r, edition)
	switch {
	case err != nil:
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	case a == nil:
		http.Error(w, "404 page not found", http.StatusNotFound)
	default:
		a.send(w, r)
	}
}

// wait holds a slow page back; false when the reader left.
func (s *server) wait(r *http.Request) bool {
	t := time.NewTimer(s.room.slow)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// send writes the document with its validators; ServeContent answers 304 and HEAD.
func (a *answer) send(w http.ResponseWriter, r *http.Request) {
	sum := sha256.Sum256(a.body)
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	h.Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", a.modified, bytes.NewReader(a.body))
}

// answer finds the document at a request's address; nil is none.
func (s *server) answer(r *http.Request, edition int) (*answer, error) {
	switch r.URL.Path {
	case "/robots.txt":
		return s.robots(edition), nil
	case "/":
		return s.home(edition)
	}
	for i := range s.outlet.Discover {
		d := &s.outlet.Discover[i]
		if a, err := s.discovered(d, r, edition); a != nil || err != nil {
			return a, err
		}
	}
	if p := s.page(r.URL.Path, edition); p != nil {
		return s.document(p, edition)
	}
	return nil, nil
}

// discovered answers for feeds, sitemaps, archives and listings.
func (s *server) discovered(d *Discovery, r *http.Request, edition int) (*answer, error) {
	switch d.Type {
	case "feed":
		if r.URL.Path == d.Path {
			return s.feed(d, edition)
		}
	case "sitemap":
		return s.sitemap(d, r.URL.Path, edition)
	case "archive", "listing":
		if n := d.number(r); n > 0 {
			return s.archive(d, n, edition)
		}
	}
	return nil, nil
}

func (s *server) page(at string, edition int) *Page {
	for _, p := range s.outlet.edition(edition) {
		if p.Path == at {
			return &p
		}
	}
	return nil
}

// document renders a page in its shape.
func (s *server) document(p *Page, edition int) (*answer, error) {
	switch {
	case p.Has(shapePDF) && !p.Has(shapeGeoblock):
		body, err := renderPDF(p, &s.outlet.Outlet)
		return &answer{contentType: "application/pdf", body: body, modified: p.modified()}, err
	case p.Has(shapeText) && !p.Has(shapeGeoblock):
		return s.encoded("text/plain", textDump(p, &s.outlet.Outlet), p.modified())
	}
	v, err := s.view(p, edition)
	if err != nil {
		return nil, err
	}
	body, err := s.execute("article", v)
	if err != nil {
		return nil, err
	}
	modified := p.modified()
	if s.outlet.LiveSidebar {
		modified = s.newest(edition, modified)
	}
	return s.encoded("text/html", body, modified)
}

// textDump prints a page as plain text.
func textDump(p *Page, o *Outlet) []byte {
	var b strings.Builder
	b.WriteString(p.Title + "\n" + strings.Repeat("=", len([]rune(p.Title))) + "\n\n")
	if by := byline(p.Authors, p.Language); by != "" {
		b.WriteString(by + "\n")
	}
	if when := stampOf(p, p.Published, o); when.ISO != "" {
		b.WriteString("Date: " + when.ISO + "\n")
	}
	b.WriteString("\n" + strings.TrimSpace(p.Markdown) + "\n")
	return []byte(b.String())
}

// newest is the newest of a moment and the dates of all listed pages of an edition.
func (s *server) newest(edition int, t time.Time) time.Time {
	for _, p := range s.outlet.listed(edition) {
		if m := p.modified(); m.After(t) {
			t = m
		}
	}
	return t
}

// home lists the newest stories.
func (s *server) home(edition int) (*answer, error) {
	pages := s.outlet.listed(edition)
	l := s.listing(s.outlet.Name, 1)
	l.Items = s.items(pages[:min(homeItems, len(pages))])
	for _, d := range s.outlet.Discover {
		if d.Type == "archive" || d.Type == "listing" {
			l.More = d.Path
		}
	}
	return s.listed(l, edition)
}

// number tells which page of an archive a request means; zero is none.
func (d *Discovery) number(r *http.Request) int {
	at := r.URL.Path
	if r.URL.RawQuery != "" {
		at += "?" + r.URL.RawQuery
	}
	if at == d.Path {
		return 1
	}
	before, after, ok := strings.Cut(d.PagePath, "{n}")
	if !ok || !strings.HasPrefix(at, before) || !strings.HasSuffix(at, after) || len(at) < len(before)+len(after) {
		return 0
	}
	n, err := strconv.Atoi(at[len(before) : len(at)-len(after)])
	if err != nil || n < 1 {
		return 0
	}
	return n
}

func (d *Discovery) pageAt(n int) string {
	if n == 1 {
		return d.Path
	}
	return strings.ReplaceAll(d.PagePath, "{n}", strconv.Itoa(n))
}

// archive is page n of all listed stories; nil beyond the last.
func (s *server) archive(d *Discovery, n, edition int) (*answer, error) {
	items := s.items(s.outlet.listed(edition))
	size := d.PageSize
	if size == 0 {
		size = max(1, len(items))
	}
	from := (n - 1) * size
	if n > 1 && from >= len(items) {
		return nil, nil
	}
	l := s.listing(s.outlet.Name, n)
	l.Items = items[from:min(from+size, len(items))]
	if n > 1 {
		l.Prev = d.pageAt(n - 1)
	}
	if from+size < len(items) {
		l.Next = d.pageAt(n + 1)
	}
	return s.listed(l, edition)
}

func (s *server) listing(title string, n int) listing {
	o := s.outlet.Outlet
	return listing{Outlet: o, Base: s.url(""), Lang: o.Language, Charset: o.Charset, Title: title, Page: n}
}

func (s *server) listed(l listing, edition int) (*answer, error) {
	body, err := s.execute("listing", l)
	if err != nil {
		return nil, err
	}
	return s.encoded("text/html", body, s.newest(edition, editionTime(1).AddDate(-1, 0, 0)))
}

// encoded turns UTF-8 into the outlet's character set, what it lacks into numeric references.
func (s *server) encoded(mime string, body []byte, modified time.Time) (*answer, error) {
	a := &answer{contentType: mime + "; charset=" + s.outlet.Charset, body: body, modified: modified}
	if s.outlet.Charset == "utf-8" {
		return a, nil
	}
	enc := encoding.HTMLEscapeUnsupported(charmap.Windows1252.NewEncoder())
	if mime == "text/plain" {
		enc = encoding.ReplaceUnsupported(charmap.Windows1252.NewEncoder())
	}
	var err error
	if a.body, err = enc.Bytes(body); err != nil {
		return nil, fmt.Errorf("newsroom: encode for %s: %w", s.outlet.ID, err)
	}
	return a, nil
}

// loop tells where a redirect loop goes on from an address: a, b, c and back to a; empty outside of one.
func (s *server) loop(at string) string {
	next := map[string]string{"a": "b", "b": "c", "c": "a"}
	for _, t := range s.outlet.Traps {
		dir := path.Dir(t.Path)
		if t.Kind == "loop" && path.Dir(at) == dir && next[path.Base(at)] != "" {
			return path.Join(dir, next[path.Base(at)])
		}
	}
	return ""
}

// robots is the outlet's robots.txt; pages marked forbidden are disallowed.
func (s *server) robots(edition int) *answer {
	rb := s.outlet.Robots
	if rb.Missing {
		return nil
	}
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	if rb.CrawlDelay > 0 {
		fmt.Fprintf(&b, "Crawl-delay: %d\n", rb.CrawlDelay)
	}
	rules := rb.Disallow
	for _, p := range s.outlet.edition(edition) {
		if p.Forbidden {
			rules = append(slices.Clip(rules), p.Path)
		}
	}
	for _, rule := range rules {
		b.WriteString("Disallow: " + rule + "\n")
	}
	if len(rules) == 0 {
		b.WriteString("Disallow:\n")
	}
	for _, d := range s.outlet.Discover {
		if d.Type == "sitemap" {
			b.WriteString("\nSitemap: " + s.url(d.Path) + "\n")
		}
	}
	return &answer{contentType: "text/plain; charset=utf-8", body: []byte(b.String()), modified: editionTime(1).AddDate(-1, 0, 0)}
}

func (s *server) base(id string) string { return strings.TrimSuffix(s.baseOf(id), "/") }

func (s *server) known(id string) bool { return s.room.outlet(id) != nil }

func (s *server) url(at string) string { return s.base(s.outlet.ID) + at }
