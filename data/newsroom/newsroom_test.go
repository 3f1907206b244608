package newsroom

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

// fixture is the real outlets and layouts with pages of the test's own: one a shape for each outlet, and enough to page.
func fixture(t *testing.T, extra map[string]string) fstest.MapFS {
	t.Helper()
	fsys := fstest.MapFS{}
	err := fs.WalkDir(Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasPrefix(name, "outlets") {
			return err
		}
		data, err := fs.ReadFile(Files(), name)
		fsys[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range outletIDs(t, fsys) {
		for i, shape := range append(shapes(), "") {
			name := fmt.Sprintf("pages/%s/p%d.md", id, i)
			fsys[name] = &fstest.MapFile{Data: fmt.Appendf(nil, pageText, i, shape, i, i+1, i)}
		}
	}
	for name, text := range extra {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

const pageText = `---
path: /a/p%d
title: "Rivermouth Ferries “offline” after %s attack, part %d"
authors: [Ann Example, Bo Writer]
published: 2025-09-0%dT08:30:00Z
shape: %[2]s
section: Cyber
topic_links:
  - {text: Earlier, href: "breachdesk:/a/p7"}
credit: Northgate Wire
---
The ferry company **Rivermouth Ferries** said on Monday its bookings were down.

A group calling itself Quiet Heron claimed it, see [the desk](breachdesk:/a/p7).

## What is known

- one point of %[5]d
- another

| kind | value |
|------|-------|
| domain | evil\[.\]example |

The last paragraph is number seven.
`

func outletIDs(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	outlets, err := loadOutlets(fsys)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, o := range outlets {
		ids = append(ids, o.ID)
	}
	return ids
}

func base(id string) string { return "http://" + id + ".test" }

func open(t *testing.T, extra map[string]string) *Newsroom {
	t.Helper()
	n, err := Open(fixture(t, extra))
	if err != nil {
		t.Fatal(err)
	}
	n.slow = time.Millisecond
	return n
}

// reply is an answer with its body read.
type reply struct {
	StatusCode int
	Header     http.Header
	bytes      []byte
}

func get(t *testing.T, n *Newsroom, outlet string, edition int, path string, headers ...string) reply {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	n.Handler(outlet, func() int { return edition }, base).ServeHTTP(w, r)
	return reply{StatusCode: w.Code, Header: w.Header(), bytes: w.Body.Bytes()}
}

func body(t *testing.T, res reply) []byte {
	t.Helper()
	return res.bytes
}

func TestOutlets(t *testing.T) {
	want := []string{
		"northgate-wire", "the-daily-tide", "midland-courier", "breachdesk", "secwatch", "cobalt-labs", "hexlane", "ncert",
		"filings-monitor", "ransom-ledger", "le-quotidien-numerique", "sicherheitsblick", "company-newsroom",
	}
	n := open(t, nil)
	var got []string
	for _, o := range n.Outlets() {
		got = append(got, o.ID)
		if len(o.Discover) == 0 {
			t.Errorf("%s: no discovery", o.ID)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outlets (-want +got):\n%s", diff)
	}
}

func TestOpenErrorsNameFileAndLine(t *testing.T) {
	const file = "pages/secwatch/bad.md"
	for name, tt := range map[string]struct{ text, want string }{
		"unknown key":  {"---\npath: /x\ntitle: T\ncolour: A\n---\n", "line 4"},
		"bad date":     {"---\npath: /x\ntitle: T\npublished: yesterday\n---\n", "line 4"},
		"no head":      {"# T\n", file + ":1"},
		"no end":       {"---\npath: /x\n", file + ":1"},
		"bad shape":    {"---\npath: /x\ntitle: T\nshape: round\n---\n", "unknown shape"},
		"no title":     {"---\npath: /x\n---\n", "no title"},
		"same address": {"---\npath: /a/p1\ntitle: T\n---\n", "already that of"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(fixture(t, map[string]string{file: tt.text}))
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), file) {
				t.Errorf("Open error = %v, want file %s and %q", err, file, tt.want)
			}
		})
	}
}

func TestShapesTakeListOrWords(t *testing.T) {
	for name, yaml := range map[string]string{"scalar": "mojibake, undated", "list": "[mojibake, undated]"} {
		t.Run(name, func(t *testing.T) {
			n := open(t, map[string]string{"pages/hexlane/x.md": "---\npath: /x\ntitle: T\nshape: " + yaml + "\n---\nWords.\n"})
			for _, p := range n.Pages(1) {
				if p.ID == "hexlane/x" && (!p.Has(shapeMojibake) || !p.Has(shapeUndated)) {
					t.Errorf("shapes = %v", p.Shapes)
				}
			}
		})
	}
}

func TestEveryPageRenders(t *testing.T) {
	rooms := map[string]*Newsroom{"fixture": open(t, nil)}
	real, err := Open(Files())
	if err != nil {
		t.Fatal(err)
	}
	real.slow = time.Millisecond
	rooms["embedded"] = real
	for name, n := range rooms {
		t.Run(name, func(t *testing.T) {
			for edition := 1; edition <= 2; edition++ {
				for _, p := range n.Pages(edition) {
					checkPage(t, n, &p, edition)
				}
			}
		})
	}
}

func checkPage(t *testing.T, n *Newsroom, p *Page, edition int) {
	t.Helper()
	res := get(t, n, p.Outlet, edition, p.Path)
	b := body(t, res)
	if res.StatusCode != http.StatusOK || len(b) == 0 {
		t.Errorf("%s: status %d, %d bytes", p.ID, res.StatusCode, len(b))
		return
	}
	if again := body(t, get(t, n, p.Outlet, edition, p.Path)); !bytes.Equal(b, again) {
		t.Errorf("%s: two renderings differ", p.ID)
	}
	kind := res.Header.Get("Content-Type")
	switch {
	case p.Has(shapePDF) && !p.Has(shapeGeoblock):
		if !bytes.HasPrefix(b, []byte("%PDF")) || kind != "application/pdf" {
			t.Errorf("%s: no PDF: %s", p.ID, kind)
		}
	case p.Has(shapeText):
		if !strings.HasPrefix(kind, "text/plain") {
			t.Errorf("%s: content type %s", p.ID, kind)
		}
	default:
		checkHTML(t, n, p, kind, b)
	}
}

func checkHTML(t *testing.T, n *Newsroom, p *Page, kind string, b []byte) {
	t.Helper()
	if want := "text/html; charset=" + n.outlet(p.Outlet).Charset; kind != want {
		t.Errorf("%s: content type %s, want %s", p.ID, kind, want)
	}
	if _, err := html.Parse(bytes.NewReader(b)); err != nil {
		t.Errorf("%s: %v", p.ID, err)
	}
	if bytes.Contains(b, []byte("ZgotmplZ")) || bytes.Contains(b, []byte(`href="breachdesk:`)) {
		t.Errorf("%s: an unsafe or unresolved link", p.ID)
	}
	blocked := p.Has(shapeGeoblock)
	if has := bytes.Contains(b, []byte("number seven")); strings.Contains(p.Markdown, "number seven") && has == (blocked || p.Has(shapePaywall)) {
		t.Errorf("%s (%v): last paragraph printed: %v", p.ID, p.Shapes, has)
	}
}

func TestShapedPages(t *testing.T) {
	n := open(t, nil)
	for i, shape := range shapes() {
		path := fmt.Sprintf("/a/p%d", i)
		b := string(body(t, get(t, n, "northgate-wire", 1, path)))
		contains, lacks := map[string][]string{
			shapeMojibake: {"º£½Ç", "¾ÅÒ»"}, shapeGeoblock: {"Oops", "Sorry."}, shapeGeonotice: {"PRIVACY"},
			shapePaywall: {"Subscribers only"}, shapeText: {"Date: 2025-09-07T08:30:00Z"}, shapePDF: {"%PDF"}, shapeUndated: {"Quiet Heron"},
		}[shape], map[string]string{shapeGeoblock: "Quiet Heron", shapeUndated: "2025-09-04"}[shape]
		found := false
		for _, c := range contains {
			found = found || strings.Contains(b, c)
		}
		if !found {
			t.Errorf("%s: none of %q in page", shape, contains)
		}
		if lacks != "" && strings.Contains(b, lacks) {
			t.Errorf("%s: page holds %q", shape, lacks)
		}
	}
}

func TestEditions(t *testing.T) {
	n := open(t, map[string]string{
		"pages/breachdesk/p7.2.md": "---\npath: /a/p7\ntitle: Retracted\nupdated: 2025-11-01T00:00:00Z\n---\nWe got it wrong.\n",
		"pages/breachdesk/new.md":  "---\npath: /new\ntitle: New\nedition: 2\npublished: 2025-11-02\n---\nNews.\n",
	})
	before, after := get(t, n, "breachdesk", 1, "/a/p7"), get(t, n, "breachdesk", 2, "/a/p7")
	if before.Header.Get("ETag") == after.Header.Get("ETag") {
		t.Error("the ETag did not change with the edition")
	}
	if !strings.Contains(string(body(t, after)), "We got it wrong.") {
		t.Error("edition 2 does not show the second version")
	}
	if s := get(t, n, "breachdesk", 1, "/new").StatusCode; s != http.StatusNotFound {
		t.Errorf("a page of edition 2 answers %d in edition 1", s)
	}
	if s := get(t, n, "breachdesk", 2, "/new").StatusCode; s != http.StatusOK {
		t.Errorf("a page of edition 2 answers %d in edition 2", s)
	}
	res := get(t, n, "breachdesk", 2, "/a/p7", "If-Modified-Since", before.Header.Get("Last-Modified"))
	if res.StatusCode != http.StatusOK {
		t.Errorf("edited page answers %d to the old Last-Modified", res.StatusCode)
	}
	if len(n.Pages(2)) != len(n.Pages(1))+1 {
		t.Errorf("%d pages in edition 1, %d in edition 2", len(n.Pages(1)), len(n.Pages(2)))
	}
}

func TestStampsKeepTheirPrecision(t *testing.T) {
	for in, want := range map[string]string{
		"2025-09-02": "2025-09-02", "2025-09-02T10:11:12+02:00": "2025-09-02T10:11:12+02:00",
	} {
		n := open(t, map[string]string{"pages/hexlane/x.md": "---\npath: /x\ntitle: T\npublished: " + in + "\n---\nWords.\n"})
		for _, p := range n.Pages(1) {
			if p.ID == "hexlane/x" && p.Published.String() != want {
				t.Errorf("published %s = %s", in, p.Published)
			}
		}
	}
}

func TestNoExpected(t *testing.T) {
	if _, err := open(t, nil).Expected(); !errors.Is(err, ErrNoExpected) {
		t.Errorf("Expected error = %v", err)
	}
	n := open(t, map[string]string{"expected.json": "{\"pages\": [\n{\"id\": \"a/b\",\n\"colour\": 1}]}"})
	if _, err := n.Expected(); err == nil || !strings.Contains(err.Error(), "colour") {
		t.Errorf("Expected error = %v, want the unknown field", err)
	}
}
