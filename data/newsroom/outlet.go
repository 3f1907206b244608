package newsroom

import (
	"fmt"
	"html/template"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Outlet is one site of the newsroom.
type Outlet struct {
	ID   string `yaml:"id"`
	Name string `yaml:"name"`
	// Kind is media, vendor, government, regulator or company.
	Kind      string `yaml:"kind"`
	Publisher string `yaml:"publisher"`
	// Reliability is an Admiralty letter, A to F.
	Reliability string      `yaml:"reliability"`
	Language    string      `yaml:"language"`
	Country     string      `yaml:"country"`
	Discover    []Discovery `yaml:"discover"`
	// TitleSuffix follows each page's title in <title>.
	TitleSuffix string `yaml:"title_suffix"`
	// DateLayout prints dates with a day only, TimeLayout those with a time of day (Go layouts).
	DateLayout string `yaml:"date_layout"`
	TimeLayout string `yaml:"time_layout"`
	// Charset is utf-8 or windows-1252.
	Charset string `yaml:"charset"`
	// Canonical prints <link rel=canonical>.
	Canonical bool `yaml:"canonical"`
	// LiveSidebar lets article pages list the newest stories, so that old pages change when new ones appear.
	LiveSidebar bool   `yaml:"live_sidebar"`
	Robots      Robots `yaml:"robots"`
	// Traps are links that lead nowhere, shown among the stories.
	Traps []Trap `yaml:"traps"`
}

// Discovery is one way an outlet tells of its pages.
type Discovery struct {
	// Type is feed, sitemap, archive, listing or page.
	Type string `yaml:"type"`
	Path string `yaml:"path"`
	// Format of a feed: rss, atom or json.
	Format string `yaml:"format"`
	// Links is the CSS selector of the item links, Next that of the next-page link (archive, listing).
	Links string `yaml:"links"`
	Next  string `yaml:"next"`
	// PageSize splits an archive; PagePath is the address of page 2 and later, with {n} for the number.
	PageSize int    `yaml:"page_size"`
	PagePath string `yaml:"page_path"`
}

// Robots says what an outlet's robots.txt holds.
type Robots struct {
	// Missing answers 404.
	Missing    bool     `yaml:"missing"`
	CrawlDelay int      `yaml:"crawl_delay"`
	Disallow   []string `yaml:"disallow"`
}

// Trap is a listed link without a page behind it.
type Trap struct {
	// Kind is dead (404) or loop (an endless redirect).
	Kind  string `yaml:"kind"`
	Path  string `yaml:"path"`
	Title string `yaml:"title"`
}

// outlet is an Outlet with what it serves.
type outlet struct {
	Outlet
	layout *template.Template
	pages  []Page
}

func loadOutlets(fsys fs.FS) ([]*outlet, error) {
	data, err := fs.ReadFile(fsys, "outlets.yaml")
	if err != nil {
		return nil, fmt.Errorf("newsroom: read outlets.yaml: %w", err)
	}
	var doc struct {
		Outlets []Outlet `yaml:"outlets"`
	}
	if err := yaml.Load(data, &doc, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("newsroom: outlets.yaml: %w", err)
	}
	seen := map[string]bool{}
	outlets := make([]*outlet, 0, len(doc.Outlets))
	for _, o := range doc.Outlets {
		if err := o.validate(); err != nil {
			return nil, err
		}
		if seen[o.ID] {
			return nil, fmt.Errorf("newsroom: outlets.yaml: outlet %s is there twice", o.ID)
		}
		seen[o.ID] = true
		layout, err := loadLayout(fsys, o.ID)
		if err != nil {
			return nil, err
		}
		outlets = append(outlets, &outlet{Outlet: o, layout: layout})
	}
	return outlets, nil
}

func (o *Outlet) validate() error {
	for _, f := range []struct{ key, value string }{
		{"name", o.Name},
		{"kind", o.Kind},
		{"language", o.Language},
		{"reliability", o.Reliability},
		{"date_layout", o.DateLayout},
		{"time_layout", o.TimeLayout},
	} {
		if f.value == "" {
			return fmt.Errorf("newsroom: outlets.yaml: outlet %q has no %s", o.ID, f.key)
		}
	}
	if o.Charset != "utf-8" && o.Charset != "windows-1252" {
		return fmt.Errorf("newsroom: outlets.yaml: outlet %s: charset %q is neither utf-8 nor windows-1252", o.ID, o.Charset)
	}
	for _, t := range o.Traps {
		if t.Kind != "dead" && t.Kind != "loop" {
			return fmt.Errorf("newsroom: outlets.yaml: outlet %s: trap %q is neither dead nor loop", o.ID, t.Kind)
		}
	}
	for _, d := range o.Discover {
		if err := d.validate(); err != nil {
			return fmt.Errorf("newsroom: outlets.yaml: outlet %s: %w", o.ID, err)
		}
	}
	return nil
}

func (d *Discovery) validate() error {
	if !strings.HasPrefix(d.Path, "/") {
		return fmt.Errorf("path %q does not start with /", d.Path)
	}
	switch d.Type {
	case "feed":
		if d.Format != "rss" && d.Format != "atom" && d.Format != "json" {
			return fmt.Errorf("feed %s: format %q is none of rss, atom, json", d.Path, d.Format)
		}
	case "archive", "listing":
		if d.Links == "" {
			return fmt.Errorf("%s %s has no links selector", d.Type, d.Path)
		}
		if d.PageSize > 0 && (!strings.Contains(d.PagePath, "{n}") || d.Next == "") {
			return fmt.Errorf("%s %s is paged and needs page_path with {n} and next", d.Type, d.Path)
		}
	case "sitemap", "page":
	default:
		return fmt.Errorf("discovery %s: unknown type %q", d.Path, d.Type)
	}
	return nil
}

func loadLayout(fsys fs.FS, id string) (*template.Template, error) {
	name := "outlets/" + id + "/layout.html"
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("newsroom: read layout: %w", err)
	}
	t, err := template.New(id).Option("missingkey=error").Parse(string(data))
	if err != nil {
		return nil, fmt.Errorf("newsroom: %s: %w", name, err)
	}
	for _, part := range []string{"article", "listing"} {
		if t.Lookup(part) == nil {
			return nil, fmt.Errorf("newsroom: %s: no template %q", name, part)
		}
	}
	return t, nil
}
