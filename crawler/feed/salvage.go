package feed

import (
	"bytes"
	"encoding/json"
)

const (
	// maxHead bounds what stands before the first item and is read again with each attempt.
	maxHead = 64 << 10
	// maxAttempts bounds how often parts of a broken feed are read.
	maxAttempts = 2000
)

// salvage reads a feed item by item after it could not be read as a whole. It reports whether it found any.
func salvage(body []byte, base string) (Feed, bool) {
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(body, []byte("\ufeff")), " \t\r\n")
	if len(trimmed) > 0 && trimmed[0] == '{' {
		return salvageJSON(trimmed, base)
	}
	for _, form := range []struct{ open, end, tail string }{
		{"<item", "</item>", "</channel></rss>"},
		{"<entry", "</entry>", "</feed>"},
	} {
		if f, ok := salvageXML(trimmed, base, form.open, form.end, form.tail); ok {
			return f, true
		}
	}
	return Feed{}, false
}

// salvager reads runs of complete items, halving a run that cannot be read until the broken items stand alone.
type salvager struct {
	feed     Feed
	base     string
	found    bool
	attempts int
	// whole makes a feed of a run of items.
	whole func(items [][]byte) []byte
}

func (s *salvager) read(items [][]byte) {
	if len(items) == 0 {
		return
	}
	if s.attempts++; s.attempts > maxAttempts {
		s.feed.Broken += len(items)
		return
	}
	parsed, err := parse(s.whole(items))
	switch {
	case err == nil && len(parsed.Items) >= len(items):
		s.found = true
		s.feed.Title = parsed.Title
		s.feed.take(parsed, s.base)
	case len(items) == 1:
		s.feed.Broken++
	default:
		s.read(items[:len(items)/2])
		s.read(items[len(items)/2:])
	}
}

func salvageXML(body []byte, base, open, end, tail string) (Feed, bool) {
	first := tag(body, open)
	if first < 0 || first > maxHead {
		return Feed{}, false
	}
	head := body[:first]
	if bytes.Contains(head, []byte("</channel>")) {
		// RSS 1.0 keeps its items beside the channel.
		tail = "</rdf:RDF>"
	}
	items, unclosed := cutItems(body[first:], open, end)
	s := salvager{base: base, feed: Feed{Cut: unfinished(body), Broken: unclosed}}
	s.whole = func(items [][]byte) []byte {
		return append(append(bytes.Clone(head), bytes.Join(items, []byte("\n"))...), tail...)
	}
	s.read(items)
	return s.feed, s.found
}

// cutItems gives the complete items. One that was never closed would swallow the next: an item begins at the last opening
// before its end.
func cutItems(rest []byte, open, end string) (items [][]byte, unclosed int) {
	for len(items) < MaxItems {
		stop := bytes.Index(rest, []byte(end))
		if stop < 0 {
			break
		}
		stop += len(end)
		item := rest[:stop]
		for next := tag(item[1:], open); next >= 0; next = tag(item[1:], open) {
			item = item[1+next:]
			unclosed++
		}
		items = append(items, item)
		start := tag(rest[stop:], open)
		if start < 0 {
			break
		}
		rest = rest[stop+start:]
	}
	return items, unclosed
}

// tag finds an element's opening: "<item" but not "<items".
func tag(b []byte, open string) int {
	for from := 0; ; {
		i := bytes.Index(b[from:], []byte(open))
		if i < 0 {
			return -1
		}
		i += from
		after := i + len(open)
		if after >= len(b) || bytes.IndexByte([]byte(" \t\r\n>/"), b[after]) >= 0 {
			return i
		}
		from = after
	}
}

// salvageJSON keeps the complete items of a JSON feed that is cut off or has a bad one.
func salvageJSON(body []byte, base string) (Feed, bool) {
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return Feed{}, false
	}
	head := map[string]json.RawMessage{"version": json.RawMessage(`"https://jsonfeed.org/version/1.1"`)}
	var items [][]byte
	cut := false
	for !cut && d.More() {
		key, err := d.Token()
		name, ok := key.(string)
		if err != nil || !ok {
			cut = true
			break
		}
		if name == "items" {
			items, cut = jsonItems(d)
			continue
		}
		var value json.RawMessage
		if cut = d.Decode(&value) != nil; !cut && len(value) < maxHead {
			head[name] = value
		}
	}
	s := salvager{base: base, feed: Feed{Cut: cut}}
	s.whole = func(items [][]byte) []byte {
		head["items"] = append(append(json.RawMessage("["), bytes.Join(items, []byte(","))...), ']')
		whole, err := json.Marshal(head)
		if err != nil {
			return nil
		}
		return whole
	}
	s.read(items)
	return s.feed, s.found
}

// jsonItems gives the complete items of the array that comes next, and whether it has no end.
func jsonItems(d *json.Decoder) (items [][]byte, cut bool) {
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return nil, true
	}
	for d.More() && len(items) < MaxItems {
		var item json.RawMessage
		if err := d.Decode(&item); err != nil {
			return items, true
		}
		items = append(items, item)
	}
	t, err := d.Token()
	return items, err != nil || t != json.Delim(']')
}
