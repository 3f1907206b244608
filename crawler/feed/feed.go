// SPDX-License-Identifier: Apache-2.0

// Package feed reads RSS, Atom and JSON feeds so that no item is lost: a bad date costs the date, not the item; a broken item
// costs itself, not its neighbours; a feed that was cut off gives every item that was complete.
package feed

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/mmcdole/gofeed"

	"github.com/rapsheet/rapsheet/crawler/mend"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names/address"
)

// MaxItems bounds what one feed may list.
const MaxItems = 50_000

// Item is one entry of a feed.
type Item struct {
	// URL is the clean address of the page.
	URL      string
	Title    string
	Language string
	// Published and Updated are unknown when the feed gives none or none that can be read.
	Published intel.Moment
	Updated   intel.Moment
}

// Feed is what one feed lists, in its order.
type Feed struct {
	Title string
	Items []Item
	// NoAddress counts items that name no page, Broken those that could not be read at all.
	NoAddress int
	Broken    int
	// Cut says that the feed had no proper end.
	Cut bool
}

// Parse reads a feed fetched from base. What is no feed gives ErrInvalid.
func Parse(body []byte, base string) (Feed, error) {
	parsed, err := parse(body)
	if better, ok := mend.Bytes(body); err != nil && ok {
		body = better
		parsed, err = parse(body)
	}
	if err == nil {
		f := Feed{Title: parsed.Title, Cut: unfinished(body)}
		f.take(parsed, base)
		return f, nil
	}
	f, salvaged := salvage(body, base)
	if !salvaged {
		return Feed{}, fmt.Errorf("feed: %w: %w", err, intel.ErrInvalid)
	}
	return f, nil
}

func parse(body []byte) (*gofeed.Feed, error) {
	return gofeed.NewParser().Parse(bytes.NewReader(body))
}

// unfinished reports whether the last tag or brace that a feed ends with is missing.
func unfinished(body []byte) bool {
	tail := bytes.ToLower(bytes.TrimSpace(body[max(0, len(body)-4096):]))
	for _, end := range []string{"</rss>", "</feed>", "rdf>", "}"} {
		if bytes.Contains(tail, []byte(end)) {
			return false
		}
	}
	return true
}

func (f *Feed) take(parsed *gofeed.Feed, base string) {
	for _, it := range parsed.Items {
		if it == nil {
			continue
		}
		if len(f.Items) >= MaxItems {
			f.Cut = true
			return
		}
		item, ok := toItem(it, parsed, base)
		if !ok {
			f.NoAddress++
			continue
		}
		f.Items = append(f.Items, item)
	}
}

func toItem(it *gofeed.Item, parsed *gofeed.Feed, base string) (Item, bool) {
	url := link(it, base)
	if url == "" {
		return Item{}, false
	}
	item := Item{
		URL:       url,
		Title:     strings.Join(strings.Fields(it.Title), " "),
		Language:  strings.TrimSpace(parsed.Language),
		Published: moment(it.Published, it.PublishedParsed),
		Updated:   moment(it.Updated, it.UpdatedParsed),
	}
	if it.DublinCoreExt != nil && len(it.DublinCoreExt.Language) > 0 {
		item.Language = strings.TrimSpace(it.DublinCoreExt.Language[0])
	}
	return item, true
}

// link finds the page of an item: its link, another link, or an id that is an address.
func link(it *gofeed.Item, base string) string {
	for _, l := range append([]string{it.Link}, it.Links...) {
		if strings.TrimSpace(l) == "" {
			continue
		}
		if url, err := address.Resolve(base, l); err == nil {
			return url
		}
	}
	if url, err := address.Clean(it.GUID); err == nil {
		return url
	}
	return ""
}
