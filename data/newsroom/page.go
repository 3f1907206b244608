package newsroom

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Page is one document of an outlet in one of its versions.
type Page struct {
	// ID is "outlet/slug"; both versions of a page share it.
	ID     string
	Outlet string
	Slug   string
	// Path is where it is served.
	Path     string
	Title    string
	Authors  []string
	Language string
	Section  string
	// Edition is the first edition that shows this version.
	Edition   int
	Listed    bool
	Forbidden bool
	Slow      bool
	// Credit names whose story it is, when it is syndicated.
	Credit     string
	Published  Stamp
	Updated    Stamp
	TopicLinks []Link
	Shapes     []string
	// Markdown is the body as written, File where it was read.
	Markdown string
	File     string
	line     int
}

// Link is a link with its words.
type Link struct {
	Text string `yaml:"text"`
	// Href is "outlet-id:/path" or a path on the same site.
	Href string `yaml:"href"`
}

// Has reports whether the page has a shape.
func (p *Page) Has(shape string) bool { return slices.Contains(p.Shapes, shape) }

// sortTime orders listings; pages without a date come last.
func (p *Page) sortTime() time.Time { return p.Published.Time }

// frontMatter is what stands between the --- lines.
type frontMatter struct {
	Path       string   `yaml:"path"`
	Title      string   `yaml:"title"`
	Authors    []string `yaml:"authors"`
	Published  Stamp    `yaml:"published"`
	Updated    Stamp    `yaml:"updated"`
	Language   string   `yaml:"language"`
	Section    string   `yaml:"section"`
	Edition    int      `yaml:"edition"`
	Listed     *bool    `yaml:"listed"`
	TopicLinks []Link   `yaml:"topic_links"`
	Credit     string   `yaml:"credit"`
	Shape      words    `yaml:"shape"`
	Forbidden  bool     `yaml:"forbidden"`
	Slow       bool     `yaml:"slow"`
}

// words is a list of words written as a YAML list or as one scalar with commas.
type words []string

// UnmarshalYAML takes a list or a scalar.
func (w *words) UnmarshalYAML(node *yaml.Node) error {
	var list []string
	if node.Kind == yaml.SequenceNode {
		if err := node.Decode(&list); err != nil {
			return err
		}
		*w = list
		return nil
	}
	var one string
	if err := node.Decode(&one); err != nil {
		return err
	}
	for word := range strings.SplitSeq(one, ",") {
		if word = strings.TrimSpace(word); word != "" {
			list = append(list, word)
		}
	}
	*w = list
	return nil
}

func loadPages(fsys fs.FS, o Outlet) ([]Page, error) {
	names, err := fs.Glob(fsys, "pages/"+o.ID+"/*.md")
	if err != nil {
		return nil, fmt.Errorf("newsroom: list pages of %s: %w", o.ID, err)
	}
	var (
		pages []Page
		errs  []error
	)
	for _, name := range names {
		p, err := loadPage(fsys, name, o)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		pages = append(pages, p)
	}
	errs = append(errs, checkPaths(pages))
	return pages, errors.Join(errs...)
}

// checkPaths refuses two pages at one address, and second versions that moved.
func checkPaths(pages []Page) error {
	bySlug, byPath := map[string]Page{}, map[string]Page{}
	for _, p := range pages {
		if other, ok := bySlug[p.Slug]; ok && other.Path != p.Path {
			return fmt.Errorf("newsroom: %s: path %q differs from %q in %s", p.File, p.Path, other.Path, other.File)
		}
		if other, ok := byPath[p.Path]; ok && other.Slug != p.Slug {
			return fmt.Errorf("newsroom: %s: path %q is already that of %s", p.File, p.Path, other.File)
		}
		bySlug[p.Slug], byPath[p.Path] = p, p
	}
	return nil
}

func loadPage(fsys fs.FS, name string, o Outlet) (Page, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return Page{}, fmt.Errorf("newsroom: read page: %w", err)
	}
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	head, body, line, err := splitFrontMatter(data)
	if err != nil {
		return Page{}, fmt.Errorf("newsroom: %s:%d: %w", name, line, err)
	}
	fm := frontMatter{Edition: 1, Language: "en"}
	// The leading empty line stands for "---", so that the decoder counts lines as the file does.
	if err := yaml.Load(append([]byte("\n"), head...), &fm, yaml.WithKnownFields()); err != nil {
		return Page{}, fmt.Errorf("newsroom: %s: %w", name, err)
	}
	slug, second := strings.CutSuffix(strings.TrimSuffix(path.Base(name), ".md"), ".2")
	if second {
		fm.Edition = 2
	}
	p := Page{
		ID: o.ID + "/" + slug, Outlet: o.ID, Slug: slug, Path: fm.Path, Title: fm.Title, Authors: fm.Authors,
		Language: fm.Language, Section: fm.Section, Edition: fm.Edition, Listed: fm.Listed == nil || *fm.Listed,
		Forbidden: fm.Forbidden, Slow: fm.Slow, Credit: fm.Credit, Published: fm.Published, Updated: fm.Updated,
		TopicLinks: fm.TopicLinks, Shapes: fm.Shape, Markdown: string(body), File: name, line: line,
	}
	if err := p.validate(); err != nil {
		return Page{}, fmt.Errorf("newsroom: %s:1: %w", name, err)
	}
	return p, nil
}

// splitFrontMatter parts a file at its --- lines; line is where the body starts, or where it went wrong.
func splitFrontMatter(data []byte) (head, body []byte, line int, err error) {
	rest, ok := bytes.CutPrefix(data, []byte("---\n"))
	if !ok {
		return nil, nil, 1, errors.New("the first line is not ---")
	}
	head, body, ok = bytes.Cut(rest, []byte("\n---\n"))
	if !ok {
		if head, ok = bytes.CutSuffix(rest, []byte("\n---")); !ok {
			return nil, nil, 1, errors.New("the front matter has no closing ---")
		}
	}
	return head, body, bytes.Count(head, []byte("\n")) + 4, nil
}

func (p *Page) validate() error {
	if !strings.HasPrefix(p.Path, "/") || strings.ContainsAny(p.Path, " #") {
		return fmt.Errorf("path %q does not start with / or holds a blank", p.Path)
	}
	if p.Title == "" {
		return errors.New("no title")
	}
	if p.Edition != 1 && p.Edition != 2 {
		return fmt.Errorf("edition %d is neither 1 nor 2", p.Edition)
	}
	for _, s := range p.Shapes {
		if !slices.Contains(shapes(), s) {
			return fmt.Errorf("unknown shape %q (known: %s)", s, strings.Join(shapes(), ", "))
		}
	}
	return nil
}

// modified is the page's Last-Modified: what it says itself, else just before the crawl of its edition.
func (p *Page) modified() time.Time {
	t := p.Published.Time
	if p.Updated.Time.After(t) {
		t = p.Updated.Time
	}
	floor := editionTime(p.Edition).Add(-24 * time.Hour)
	if t.IsZero() || (p.Edition > 1 && t.Before(editionTime(1))) {
		return floor
	}
	return t
}
