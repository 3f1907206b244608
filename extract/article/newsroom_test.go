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
			at := map[int]time.Time{1: first, 2: second}[p.Edition]
			// As a site of its own the host names the outlet; as the demo serves it, nothing does.
			for _, base := range []string{"http://" + p.Outlet + ".example", "http://127.0.0.1:8001"} {
				readAs(t, fetchPage(t, room, p, at, base), p, engine)
			}
		})
	}
}

func readAs(t *testing.T, doc intel.Document, p newsroom.ExpectedPage, engine PDFReader) {
	t.Helper()
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
}

// fetchPage asks the newsroom's own server for a page, as the crawler does.
func fetchPage(t *testing.T, room *newsroom.Newsroom, p newsroom.ExpectedPage, at time.Time, base string) intel.Document {
	t.Helper()
	h := room.Handler(p.Outlet, func() int { return p.Edition }, func(string) string { return base })
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, base+p.Path, nil))
	if rec.Code != http.StatusOK {
		t.Fatalf("status %d", rec.Code)
	}
	return intel.Document{
		URL: base + p.Path, FinalURL: base + p.Path, ContentType: rec.Header().Get("Content-Type"),
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
