// SPDX-License-Identifier: Apache-2.0

// Package sitemap reads sitemaps and sitemap indexes (sitemaps.org), XML, gzip or plain text, with the dates of news sitemaps.
// It reads token by token within the limits of the protocol and gives what it could read even when the rest is broken.
package sitemap

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/net/html/charset"

	"github.com/rapsheet/rapsheet/crawler/mend"
	"github.com/rapsheet/rapsheet/intel"
)

// Limits of the protocol: what is beyond is not read.
const (
	MaxBytes = 50 << 20
	MaxURLs  = 50_000
)

// maxText bounds one text value; longer ones are no addresses.
const maxText = 8192

// Entry is one page or one further sitemap.
type Entry struct {
	URL string
	// Modified is lastmod: when the page changed, not when it was published.
	Modified intel.Moment
	// Published, Title and Language are what a news sitemap says.
	Published intel.Moment
	Title     string
	Language  string
}

// Map is what one sitemap lists.
type Map struct {
	Pages []Entry
	// Maps are the sitemaps that an index names.
	Maps []Entry
	// Cut says that a limit was reached or the end was missing.
	Cut bool
}

// Parse reads a sitemap as fetched. The Map holds what was read before an error. It returns ErrInvalid for what is no sitemap.
func Parse(body []byte) (Map, error) {
	var m Map
	if len(body) > 2 && body[0] == 0x1f && body[1] == 0x8b {
		plain, cut, err := unzip(body)
		if err != nil && len(plain) == 0 {
			return Map{}, fmt.Errorf("sitemap: unzip: %w: %w", err, intel.ErrInvalid)
		}
		body, m.Cut = plain, cut || err != nil
	}
	if len(body) > MaxBytes {
		body, m.Cut = body[:MaxBytes], true
	}
	if better, ok := mend.Bytes(body); ok {
		body = better
	}
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\ufeff")), " \t\r\n")
	if len(trimmed) > 0 && trimmed[0] != '<' {
		return m.text(trimmed)
	}
	return m.xml(trimmed)
}

// unzip gives at most MaxBytes, and what it has when the end is missing.
func unzip(body []byte) (plain []byte, cut bool, err error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	plain, err = io.ReadAll(io.LimitReader(r, MaxBytes+1))
	return plain, len(plain) > MaxBytes, err
}

// text reads the plain form: one address a line.
func (m Map) text(body []byte) (Map, error) {
	for line := range bytes.Lines(body) {
		s := strings.TrimSpace(string(line))
		if !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") || len(s) > maxText {
			continue
		}
		if len(m.Pages) == MaxURLs {
			m.Cut = true
			break
		}
		m.Pages = append(m.Pages, Entry{URL: s})
	}
	if len(m.Pages) == 0 {
		return m, fmt.Errorf("sitemap: neither XML nor a list of addresses: %w", intel.ErrInvalid)
	}
	return m, nil
}

func (m Map) xml(body []byte) (Map, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.Strict = false
	d.Entity = xml.HTMLEntity
	d.CharsetReader = charset.NewReaderLabel
	w := walker{m: &m}
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			m.Cut = true
			if w.root == "" {
				return m, fmt.Errorf("sitemap: %w: %w", err, intel.ErrInvalid)
			}
			return m, fmt.Errorf("sitemap: after %d entries: %w", len(m.Pages)+len(m.Maps), err)
		}
		if err := w.token(t); err != nil {
			return m, err
		}
		if len(m.Pages)+len(m.Maps) >= MaxURLs {
			m.Cut = true
			break
		}
	}
	if w.root == "" {
		return m, fmt.Errorf("sitemap: empty: %w", intel.ErrInvalid)
	}
	return m, nil
}

// walker follows the token stream; it knows the entry it is in and the element whose text it collects.
type walker struct {
	m     *Map
	root  string
	entry *Entry
	// kind is url or sitemap, the element that entry was opened by; depth counts elements inside it.
	kind  string
	depth int
	text  strings.Builder
}

func (w *walker) token(t xml.Token) error {
	switch t := t.(type) {
	case xml.StartElement:
		return w.start(t.Name)
	case xml.CharData:
		if w.entry != nil && w.text.Len() < maxText {
			w.text.Write(t[:min(len(t), maxText)])
		}
	case xml.EndElement:
		w.end(t.Name)
	}
	return nil
}

func (w *walker) start(n xml.Name) error {
	w.text.Reset()
	if w.root == "" {
		w.root = n.Local
		if n.Local != "urlset" && n.Local != "sitemapindex" {
			return fmt.Errorf("sitemap: the document is <%s>, not <urlset> or <sitemapindex>: %w", n.Local, intel.ErrInvalid)
		}
		return nil
	}
	switch {
	case w.entry != nil:
		w.depth++
	case n.Local == "url" || n.Local == "sitemap":
		w.entry, w.kind, w.depth = &Entry{}, n.Local, 0
	}
	return nil
}

func (w *walker) end(n xml.Name) {
	if w.entry == nil {
		return
	}
	if w.depth == 0 {
		if n.Local == w.kind {
			w.close()
		}
		return
	}
	w.depth--
	w.set(n, strings.TrimSpace(w.text.String()))
	w.text.Reset()
}

func (w *walker) set(n xml.Name, text string) {
	if len(text) >= maxText {
		return
	}
	news := strings.Contains(n.Space, "news")
	switch n.Local {
	case "loc":
		// image:loc and video:*_loc are not the page's address.
		if w.depth == 0 && w.entry.URL == "" {
			w.entry.URL = text
		}
	case "lastmod":
		w.entry.Modified = Moment(text)
	case "publication_date":
		w.entry.Published = Moment(text)
	case "title":
		if news {
			w.entry.Title = text
		}
	case "language":
		if news {
			w.entry.Language = text
		}
	}
}

func (w *walker) close() {
	if w.entry.URL != "" {
		if w.kind == "sitemap" {
			w.m.Maps = append(w.m.Maps, *w.entry)
		} else {
			w.m.Pages = append(w.m.Pages, *w.entry)
		}
	}
	w.entry = nil
}
