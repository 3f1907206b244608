package article

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/data/newsroom"
	"github.com/rapsheet/rapsheet/extract/pdf"
	"github.com/rapsheet/rapsheet/intel"
)

// TestNewsroom reads every page of the demo newsroom and compares title, date and text with what a person expects of it.
func TestNewsroom(t *testing.T) {
	room, err := newsroom.Open(newsroom.Files())
	if err != nil {
		t.Fatal(err)
	}
	pages, err := room.Expected()
	if err != nil {
		t.Fatal(err)
	}
	engine := pdf.New(pdf.Options{CacheDir: t.TempDir()})
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	first, second := newsroom.EditionTimes()
	for _, p := range pages {
		t.Run(strings.ReplaceAll(p.ID, "/", "_")+"_"+string(rune('0'+p.Edition)), func(t *testing.T) {
			if strings.Contains(p.WhyNot, "robots.txt") {
				return // never fetched, so never read: the crawler's tests hold that
			}
			doc := fetchPage(t, room, p, map[int]time.Time{1: first, 2: second}[p.Edition])
			a, err := ReadAny(t.Context(), doc, engine)
			if !p.Report {
				if !errors.Is(err, intel.ErrNotReport) {
					t.Errorf("read as a report (%s): %v %q", p.WhyNot, err, a.Text)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			compare(t, p, a)
		})
	}
}

// fetchPage asks the newsroom's own server for a page, as the crawler does.
func fetchPage(t *testing.T, room *newsroom.Newsroom, p newsroom.ExpectedPage, at time.Time) intel.Document {
	t.Helper()
	base := func(outlet string) string { return "http://" + outlet + ".example" }
	h := room.Handler(p.Outlet, func() int { return p.Edition }, base)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, base(p.Outlet)+p.Path, nil))
	if rec.Code != http.StatusOK {
		t.Fatalf("status %d", rec.Code)
	}
	return intel.Document{
		URL: base(p.Outlet) + p.Path, FinalURL: base(p.Outlet) + p.Path, ContentType: rec.Header().Get("Content-Type"),
		Body: rec.Body.Bytes(), Retrieved: at,
	}
}

func compare(t *testing.T, p newsroom.ExpectedPage, a intel.Article) {
	t.Helper()
	if a.Title != p.Title {
		t.Errorf("title %q, want %q", a.Title, p.Title)
	}
	want, err := intel.ParseMoment(p.Published)
	if err != nil {
		t.Fatal(err)
	}
	day := p.Published[:min(len(p.Published), len(time.DateOnly))]
	if a.Published.String() != want.String() && a.Published.Date().String() != day {
		t.Errorf("published %q (%s), want %q", a.Published, a.PublishedFrom, p.Published)
	}
	if a.Language != p.Language {
		t.Errorf("language %q, want %q", a.Language, p.Language)
	}
	text := strings.Join(strings.Fields(a.Text), " ")
	for _, s := range p.TextContains {
		if !strings.Contains(text, strings.Join(strings.Fields(s), " ")) {
			t.Errorf("text lacks %q", s)
		}
	}
	for _, s := range p.TextExcludes {
		if strings.Contains(text, strings.Join(strings.Fields(s), " ")) {
			t.Errorf("text holds %q", s)
		}
	}
	if t.Failed() {
		t.Log(a.Text)
	}
}
