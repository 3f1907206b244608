// Package newsroom is the bundled demo newsroom: thirteen invented outlets whose pages are written in Markdown, rendered into
// thirteen different HTML layouts and served from memory as real sites are: feeds, sitemaps, archives, robots.txt, validators,
// and the usual accidents (dead links, redirect loops, geo-block notices, broken character sets).
//
// It has two editions, so that a second crawl meets new and edited pages. Nothing in it reads a clock: the edition is asked of
// the caller, and every date served comes from a page or from EditionTimes. The format is described in README.md.
package newsroom

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
)

//go:embed outlets.yaml outlets pages expected.json sources.json
var files embed.FS

// pageDelay is how long a page marked slow makes its reader wait.
const pageDelay = 1500 * time.Millisecond

// ErrNoExpected says that the newsroom has no expected.json.
var ErrNoExpected = errors.New("newsroom: no expected.json")

// Newsroom is the whole of it, read once and held in memory. It is safe for concurrent use.
type Newsroom struct {
	fsys    fs.FS
	outlets []*outlet
	slow    time.Duration
}

// Files returns the embedded newsroom.
func Files() fs.FS { return files }

// EditionTimes returns what a crawler's clock shows when it reads the first and the second edition.
func EditionTimes() (first, second time.Time) {
	return time.Date(2025, time.September, 9, 6, 0, 0, 0, time.UTC), time.Date(2025, time.November, 17, 6, 0, 0, 0, time.UTC)
}

// editionTime returns the crawl time of one edition.
func editionTime(edition int) time.Time {
	first, second := EditionTimes()
	if edition >= 2 {
		return second
	}
	return first
}

// Open reads outlets.yaml, each outlet's layout and all pages from fsys. Errors name the file, and the line where there is one.
func Open(fsys fs.FS) (*Newsroom, error) {
	outlets, err := loadOutlets(fsys)
	if err != nil {
		return nil, err
	}
	n := &Newsroom{fsys: fsys, outlets: outlets, slow: pageDelay}
	for _, o := range outlets {
		if o.pages, err = loadPages(fsys, o.Outlet); err != nil {
			return nil, err
		}
	}
	if err := n.refuseStrangers(); err != nil {
		return nil, err
	}
	return n, nil
}

// refuseStrangers fails when pages/ holds a folder that is no outlet's.
func (n *Newsroom) refuseStrangers() error {
	dirs, err := fs.ReadDir(n.fsys, "pages")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("newsroom: read pages: %w", err)
	}
	for _, d := range dirs {
		if d.IsDir() && n.outlet(d.Name()) == nil {
			return fmt.Errorf("newsroom: pages/%s: no such outlet in outlets.yaml", d.Name())
		}
	}
	return nil
}

// Outlets lists the outlets in the order of outlets.yaml.
func (n *Newsroom) Outlets() []Outlet {
	out := make([]Outlet, 0, len(n.outlets))
	for _, o := range n.outlets {
		out = append(out, o.Outlet)
	}
	return out
}

// Pages lists the pages of an edition as they read in it, by outlet and slug.
func (n *Newsroom) Pages(edition int) []Page {
	var out []Page
	for _, o := range n.outlets {
		out = append(out, o.edition(edition)...)
	}
	slices.SortFunc(out, func(a, b Page) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func (n *Newsroom) outlet(id string) *outlet {
	i := slices.IndexFunc(n.outlets, func(o *outlet) bool { return o.ID == id })
	if i < 0 {
		return nil
	}
	return n.outlets[i]
}

// edition returns the pages that exist in an edition, each in its newest version by then, newest first.
func (o *outlet) edition(edition int) []Page {
	current := map[string]Page{}
	for _, p := range o.pages {
		if p.Edition > edition {
			continue
		}
		if old, ok := current[p.Path]; !ok || old.Edition < p.Edition {
			current[p.Path] = p
		}
	}
	out := make([]Page, 0, len(current))
	for _, p := range current {
		out = append(out, p)
	}
	slices.SortFunc(out, newestFirst)
	return out
}

// listed returns what homepages, archives and feeds of an edition show.
func (o *outlet) listed(edition int) []Page {
	return slices.DeleteFunc(o.edition(edition), func(p Page) bool { return !p.Listed })
}

func newestFirst(a, b Page) int {
	return cmp.Or(b.sortTime().Compare(a.sortTime()), strings.Compare(a.Slug, b.Slug))
}
