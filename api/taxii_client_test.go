package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// strictClient is a TAXII 2.1 client that takes nothing the standard does not say.
type strictClient struct {
	h http.Handler
	// how it pages: by next, by next with added_after repeated, or by added_after alone.
	how   string
	limit int
	after string
	// seen are the objects it holds, by id; got counts deliveries of each version.
	seen map[string]map[string]any
	got  map[string]int
}

func newStrictClient(h http.Handler, how string, limit int) *strictClient {
	return &strictClient{h: h, how: how, limit: limit, seen: map[string]map[string]any{}, got: map[string]int{}}
}

// fetch asks for one resource and checks what every answer must have.
func (c *strictClient) fetch(path string, q url.Values, want any) (http.Header, error) {
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = "localhost"
	r.Header.Set("Accept", taxiiMedia)
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		return nil, fmt.Errorf("%s: %d %s", path, w.Code, w.Body)
	}
	if ct := w.Header().Get("Content-Type"); ct != "application/taxii+json;version=2.1" {
		return nil, fmt.Errorf("%s: Content-Type %q", path, ct)
	}
	dec := json.NewDecoder(w.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(want); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return w.Header(), nil
}

// start discovers the server and gives the objects' address of a collection.
func (c *strictClient) start(alias string) (string, error) {
	var d struct {
		Title, Description, Default string
		APIRoots                    []string `json:"api_roots"`
	}
	if _, err := c.fetch("/taxii2/", nil, &d); err != nil {
		return "", err
	}
	if d.Title == "" || !slices.Contains(d.APIRoots, d.Default) {
		return "", fmt.Errorf("discovery %+v", d)
	}
	var root struct {
		Title, Description string
		Versions           []string
		MaxContentLength   int `json:"max_content_length"`
	}
	if _, err := c.fetch(d.Default, nil, &root); err != nil {
		return "", err
	}
	if root.Title == "" || root.MaxContentLength < 1 || !slices.Contains(root.Versions, "application/taxii+json;version=2.1") {
		return "", fmt.Errorf("root %+v", root)
	}
	var list struct{ Collections []taxiiCollectionInfo }
	if _, err := c.fetch(d.Default+"collections/", nil, &list); err != nil {
		return "", err
	}
	for _, col := range list.Collections {
		if col.Alias == alias && col.CanRead && !col.CanWrite && col.Title != "" {
			return d.Default + "collections/" + col.ID + "/objects/", nil
		}
	}
	return "", fmt.Errorf("no collection %s in %+v", alias, list)
}

// page is one page of objects.
type taxiiTestPage struct {
	More    bool
	Next    string
	Objects []map[string]any
}

// step pulls one page; it answers whether there is more, and where to go on.
func (c *strictClient) step(objects, next string) (taxiiTestPage, error) {
	q := url.Values{"limit": {strconv.Itoa(c.limit)}}
	if c.after != "" && (next == "" || c.how == "next and added_after") {
		q.Set("added_after", c.after)
	}
	if next != "" {
		q.Set("next", next)
	}
	var p taxiiTestPage
	h, err := c.fetch(objects, q, &p)
	if err != nil {
		return p, err
	}
	if len(p.Objects) > c.limit || p.More && (p.Next == "" || len(p.Objects) == 0) || !p.More && p.Next != "" {
		return p, fmt.Errorf("%d objects at a limit of %d, more %v, next %q", len(p.Objects), c.limit, p.More, p.Next)
	}
	if len(p.Objects) == 0 {
		return p, nil
	}
	first, last := h.Get("X-TAXII-Date-Added-First"), h.Get("X-TAXII-Date-Added-Last")
	a, err1 := time.Parse("2006-01-02T15:04:05.000000Z", first)
	b, err2 := time.Parse("2006-01-02T15:04:05.000000Z", last)
	if err1 != nil || err2 != nil || b.Before(a) || len(p.Objects) > 1 && !b.After(a) || c.after != "" && next == "" && first <= c.after {
		return p, fmt.Errorf("added from %q to %q after %q", first, last, c.after)
	}
	for _, o := range p.Objects {
		id, _ := o["id"].(string)
		version, _ := o["modified"].(string)
		c.got[id+" "+version]++
		if held := c.seen[id]; held != nil {
			if was, _ := held["modified"].(string); was > version {
				return p, fmt.Errorf("%s was %s and comes back as %s", id, was, version)
			}
		}
		c.seen[id] = o
	}
	if c.how == "added_after" || !p.More {
		c.after = last
	}
	return p, nil
}

// pull pulls until there is no more. between is called after every page.
func (c *strictClient) pull(objects string, between func()) error {
	next := ""
	var lastSeen string
	for range 10_000 {
		p, err := c.step(objects, next)
		if err != nil {
			return err
		}
		if between != nil {
			between()
		}
		if !p.More {
			return nil
		}
		if next = p.Next; c.how == "added_after" {
			next = ""
			if c.after == lastSeen {
				return fmt.Errorf("added_after stays at %s: it loops", c.after)
			}
			lastSeen = c.after
		}
	}
	return errors.New("10,000 pages: it loops")
}

// holds lists what the client holds: id, version and whether it is revoked.
func (c *strictClient) holds() []string {
	var out []string
	for id, o := range c.seen {
		line := id + " " + fmt.Sprint(o["modified"])
		if o["revoked"] == true {
			line += " revoked"
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return out
}

func pagings() []string { return strings.Split("next,next and added_after,added_after", ",") }
