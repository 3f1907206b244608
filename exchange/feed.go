package exchange

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
)

// News is a feed of incidents for people's readers.
type News struct {
	Title string
	// Self is the feed's own address, Updated the time of the newest entry, or of the index when there is none.
	Self    string
	Updated time.Time
	Items   []intel.IncidentDetail
	// Gone are incidents that were told and are no longer: readers that keep entries are told to drop them.
	Gone []Gone
}

// Gone is an incident that is no longer one, and since when.
type Gone struct {
	ID string
	At time.Time
}

// Gone are the last incidents that ended, newest first: those of which only a purged report told, and those retracted or merged.
func (g *Graph) Gone(most int) []Gone {
	var out []Gone
	for id, n := range g.incidents {
		if ended(n.v) {
			out = append(out, Gone{id, n.stamp.At})
		}
	}
	slices.SortFunc(out, func(a, b Gone) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(a.ID, b.ID)) })
	return out[:min(most, len(out))]
}

// entryID names the entry of an incident in every feed.
func entryID(incident string) string { return "urn:uuid:" + intel.UUIDv5("feed", incident) }

// newsEntry is one incident as both formats tell it.
type newsEntry struct {
	id, title, text string
	published       time.Time
	updated         time.Time
	links           []newsLink
	tags            []string
}

type newsLink struct{ url, title string }

// entries tells incidents; times are when the store recorded the claims, so that reading again shows nothing as new.
func (n News) entries() []newsEntry {
	out := make([]newsEntry, 0, len(n.Items))
	for _, in := range n.Items {
		e := newsEntry{id: entryID(in.ID), title: incidentName(in.Incident), text: incidentText(in.Incident), published: in.RecordedFrom, updated: in.RecordedFrom, tags: labels(in.Incident)}
		for _, c := range in.Claims {
			if c.RecordedFrom.After(e.updated) {
				e.updated = c.RecordedFrom
			}
			if l := (newsLink{c.URL, cmp.Or(c.Publisher, "report") + ": " + c.Title}); webAddress(c.URL) && !slices.Contains(e.links, l) {
				e.links = append(e.links, l)
			}
			if c.Quote != "" {
				e.text += "\n" + cmp.Or(c.SaidBy.Name, "unnamed") + " (" + string(c.Facet) + " " + string(c.Stance) + "): “" + excerpt(c.Quote) + "”"
			}
		}
		out = append(out, e)
	}
	return out
}

// webAddress reports whether a reader may follow an address.
func webAddress(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")
}

func (n News) updated(entries []newsEntry) time.Time {
	last := time.Time{}
	for _, e := range entries {
		if e.updated.After(last) {
			last = e.updated
		}
	}
	for _, gone := range n.Gone {
		if gone.At.After(last) {
			last = gone.At
		}
	}
	if last.IsZero() {
		return n.Updated.UTC()
	}
	return last.UTC()
}

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
	Deleted []tombstone `xml:"http://purl.org/atompub/tombstones/1.0 deleted-entry"`
}

// tombstone is an entry that was withdrawn (RFC 6721).
type tombstone struct {
	Ref  string `xml:"ref,attr"`
	When string `xml:"when,attr"`
}

type atomLink struct {
	Rel   string `xml:"rel,attr"`
	Href  string `xml:"href,attr"`
	Title string `xml:"title,attr,omitempty"`
}

type atomEntry struct {
	Title     string         `xml:"title"`
	ID        string         `xml:"id"`
	Published string         `xml:"published,omitempty"`
	Updated   string         `xml:"updated"`
	Links     []atomLink     `xml:"link"`
	Category  []atomCategory `xml:"category"`
	Content   atomText       `xml:"content"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// stamped is a time of a record, empty when it is unknown.
func stamped(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// Atom writes a feed as Atom (RFC 4287): plain text only, nothing that a reader renders.
func (n News) Atom() ([]byte, error) {
	entries := n.entries()
	f := atomFeed{
		Title: n.Title, ID: "urn:uuid:" + intel.UUIDv5("feed", n.Self), Updated: n.updated(entries).Format(time.RFC3339Nano), Author: "rapsheet",
		Links: []atomLink{{Rel: "self", Href: n.Self}},
	}
	for _, e := range entries {
		a := atomEntry{Title: e.title, ID: e.id, Published: stamped(e.published), Updated: e.updated.UTC().Format(time.RFC3339Nano), Content: atomText{"text", e.text}}
		for i, l := range e.links {
			a.Links = append(a.Links, atomLink{map[bool]string{true: "alternate", false: "related"}[i == 0], l.url, l.title})
		}
		for _, t := range e.tags {
			a.Category = append(a.Category, atomCategory{t})
		}
		f.Entries = append(f.Entries, a)
	}
	for _, gone := range n.Gone {
		f.Deleted = append(f.Deleted, tombstone{entryID(gone.ID), gone.At.UTC().Format(time.RFC3339Nano)})
	}
	b, err := xml.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("exchange: write atom: %w", err)
	}
	return bytes.Join([][]byte{[]byte(xml.Header), b, []byte("\n")}, nil), nil
}

// JSON writes a feed as JSON Feed 1.1. It has no word for what was withdrawn, so that stands in an extension of ours.
func (n News) JSON() ([]byte, error) {
	items := []any{}
	for _, e := range n.entries() {
		item := map[string]any{"id": e.id, "title": e.title, "content_text": e.text, "tags": e.tags}
		for key, t := range map[string]time.Time{"date_published": e.published, "date_modified": e.updated} {
			if s := stamped(t); s != "" {
				item[key] = s
			}
		}
		if len(e.links) > 0 {
			item["external_url"] = e.links[0].url
		}
		items = append(items, item)
	}
	feed := map[string]any{"version": "https://jsonfeed.org/version/1.1", "title": n.Title, "feed_url": n.Self, "items": items}
	if len(n.Gone) > 0 {
		withdrawn := make([]any, 0, len(n.Gone))
		for _, gone := range n.Gone {
			withdrawn = append(withdrawn, map[string]string{"id": entryID(gone.ID), "date_modified": gone.At.UTC().Format(time.RFC3339Nano)})
		}
		feed["_rapsheet"] = map[string]any{"about": "entries withdrawn: drop them", "withdrawn": withdrawn}
	}
	return indented(feed)
}
