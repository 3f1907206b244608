package newsroom

import (
	"errors"
	"strings"
	"testing"
)

// squash folds white space, so that line breaks in the source do not matter.
func squash(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestExpectedAgreesWithPages(t *testing.T) {
	n, err := Open(Files())
	if err != nil {
		t.Fatal(err)
	}
	records, err := n.Expected()
	if errors.Is(err, ErrNoExpected) {
		t.Skip("no expected.json")
	}
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]Page{}
	for _, o := range n.outlets {
		for _, p := range o.pages {
			pages[versionKey(p.ID, p.Edition)] = p
		}
	}
	seen := map[string]bool{}
	for _, r := range records {
		key := versionKey(r.ID, r.Edition)
		p, ok := pages[key]
		if !ok || seen[key] {
			t.Errorf("%s: no such page, or a second record", key)
			continue
		}
		seen[key] = true
		checkRecord(t, &r, &p)
	}
	for key := range pages {
		if !seen[key] {
			t.Errorf("%s: page without a record", key)
		}
	}
}

func versionKey(id string, edition int) string {
	return id + " in edition " + string(rune('0'+edition))
}

func checkRecord(t *testing.T, r *ExpectedPage, p *Page) {
	t.Helper()
	if r.Outlet != p.Outlet || r.Path != p.Path || r.Title != p.Title || r.Language != p.Language {
		t.Errorf("%s: outlet, path, title or language differ from the page's: %q %q %q %q", r.ID, r.Outlet, r.Path, r.Title, r.Language)
	}
	if want := p.Published.String(); r.Published != want && !p.Has(shapeUndated) {
		t.Errorf("%s: published %q, page says %q", r.ID, r.Published, want)
	}
	if p.Published.Time.After(editionTime(p.Edition)) {
		t.Errorf("%s: published %s, after its edition is crawled", r.ID, p.Published)
	}
	if !r.Report {
		if r.WhyNot == "" {
			t.Errorf("%s: no report, and why_not is empty", r.ID)
		}
		return
	}
	text := squash(p.Title + " " + p.Text())
	for _, want := range r.TextContains {
		if !strings.Contains(text, squash(want)) {
			t.Errorf("%s: text_contains %q is not in the body", r.ID, want)
		}
	}
	for _, in := range r.Incidents {
		for _, c := range in.Claims {
			if !strings.Contains(text, squash(c.Quote)) {
				t.Errorf("%s: quote %q is not in the body", r.ID, c.Quote)
			}
		}
	}
}
