package api

import (
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/proto"
)

func pages() []string {
	return []string{"/", "/search?q=word", "/actors/umbrella", "/victims/v1", "/incidents/i1", "/reports/r1", "/sources", "/docs", "/actors/two", "/actors/nobody", "/reports/purged"}
}

func TestPagesEscapeWhatComesFromOutside(t *testing.T) {
	_, h := newServer(t)
	for _, p := range pages() {
		w := call(h, "GET", p, "")
		if w.Code >= 500 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s", p, w.Code, w.Header().Get("Content-Type"))
		}
		for _, no := range []string{"<script", "javascript:alert", "evil.example", "breached by"} {
			if strings.Contains(w.Body.String(), no) {
				t.Errorf("%s carries %q", p, no)
			}
		}
		if w.Header().Get("X-Injected") != "" || w.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%s: headers %v", p, w.Header())
		}
	}
}

func TestEveryVictimStandsWithItsAnswer(t *testing.T) {
	_, h := newServer(t)
	for _, p := range []string{"/", "/search?q=word", "/actors/umbrella", "/victims/v1", "/incidents/i1", "/reports/r1"} {
		if w := call(h, "GET", p, ""); !strings.Contains(w.Body.String(), "confirms the event") {
			t.Errorf("%s names a victim without its latest answer", p)
		}
	}
}

// What an edited page does not say any more is shown apart from what it says.
func TestWhatAReportNoLongerSays(t *testing.T) {
	_, h := newServer(t)
	body := call(h, "GET", "/reports/r1", "").Body.String()
	if _, after, ok := strings.Cut(body, "No longer said"); !ok || !strings.Contains(after, "It saw no sign of theft.") {
		t.Error("the claim of an earlier version is not shown")
	}
}

// browser finds Chromium, or skips: CI sets RAPSHEET_NEED_BROWSER and must not skip.
func browser(t *testing.T) *rod.Browser {
	t.Helper()
	path, found := launcher.LookPath()
	if !found {
		if os.Getenv("RAPSHEET_NEED_BROWSER") != "" {
			t.Fatal("no browser was found, and RAPSHEET_NEED_BROWSER is set: install chromium")
		}
		t.Skip("no browser was found: install chromium to run this test")
	}
	u, err := launcher.New().Bin(path).NoSandbox(true).Set("disable-background-networking").Set("disable-component-update").Set("disable-sync").Set("no-first-run").Launch()
	if err != nil {
		t.Fatal(err)
	}
	b := rod.New().ControlURL(u)
	if err := b.Connect(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// TestPagesInABrowser opens every page and looks for what a reader would trip over: an error on the console, a request elsewhere,
// a page wider than a telephone.
func TestPagesInABrowser(t *testing.T) {
	b := browser(t)
	_, h := newServer(t)
	srv := httptest.NewServer(h)
	defer srv.Close()
	for _, path := range pages() {
		tab := b.MustPage()
		bad := watch(tab, srv.URL)
		tab.MustSetViewport(390, 800, 2, true).MustNavigate(srv.URL + path).MustWaitLoad()
		if n := len(tab.MustElements("h1")); n != 1 {
			t.Errorf("%s has %d headings of the first order", path, n)
		}
		if wide := tab.MustEval(`() => document.documentElement.scrollWidth`).Int(); wide > 400 {
			t.Errorf("%s is %d px wide on a telephone", path, wide)
		}
		tab.MustClose()
		for _, s := range bad() {
			t.Errorf("%s: %s", path, s)
		}
	}
}

// watch gathers what a page does that it should not, until the answer is called.
func watch(tab *rod.Page, own string) func() []string {
	var mu sync.Mutex
	var bad []string
	note := func(s string) {
		mu.Lock()
		defer mu.Unlock()
		bad = append(bad, s)
	}
	go tab.EachEvent(func(e *proto.NetworkRequestWillBeSent) {
		if !strings.HasPrefix(e.Request.URL, own) && !strings.HasPrefix(e.Request.URL, "data:") {
			note("asked " + e.Request.URL)
		}
	}, func(e *proto.RuntimeExceptionThrown) {
		note("threw " + e.ExceptionDetails.Text)
	}, func(e *proto.LogEntryAdded) {
		// A page that answers 300, 404 or 410 is itself listed as a resource that failed to load.
		if e.Entry.Level == proto.LogLogEntryLevelError && e.Entry.Source != proto.LogLogEntrySourceNetwork {
			note("logged " + e.Entry.Text)
		}
	}, func(e *proto.RuntimeConsoleAPICalled) {
		note("printed to the console: " + string(e.Type))
	})()
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return bad
	}
}

// TestFacetsNarrowTheSearch follows what the lists beside a search offer.
func TestFacetsNarrowTheSearch(t *testing.T) {
	f, h := newServer(t)
	body := call(h, "GET", "/search?q=word&sector=Mining&cursor=c", "").Body.String()
	for _, want := range []string{
		`href="?actor=umbrella&amp;q=word&amp;sector=Mining"`,
		`href="?from=2025-01-01&amp;q=word&amp;sector=Mining&amp;time=published&amp;to=2025-12-31"`,
		`href="?lang=en&amp;q=word&amp;sector=Mining"`,
		`href="?q=word" title=`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	call(h, "GET", "/search?from=2025-01-01&to=2025-12-31&time=published&lang=en&status=denied", "")
	got := f.asked
	if got.From.String() != "2025-01-01" || got.To.String() != "2025-12-31" || got.TimeField != "published" || got.Language != "en" || got.Status != "denied" {
		t.Errorf("the filters did not arrive: %+v", got)
	}
}

func TestSearchPageRefusesWhatItCannotAsk(t *testing.T) {
	_, h := newServer(t)
	for _, q := range []string{"kind=hacking", "status=maybe", "sort=best", "from=yesterday", "to=2025-13-01", "time=never", "q=("} {
		if w := call(h, "GET", "/search?"+q, ""); w.Code != 400 || !strings.Contains(w.Body.String(), "cannot be asked") {
			t.Errorf("%s: %d", q, w.Code)
		}
	}
}

// A word that stands in many names is the name of none of them.
func TestSearchSaysWhoIsMeantOnlyByAName(t *testing.T) {
	_, h := newServer(t)
	if body := call(h, "GET", "/search?q=umbrella", "").Body.String(); !strings.Contains(body, "Known by this name") {
		t.Error("the page does not say who bears the name")
	}
	if body := call(h, "GET", "/search?q=ransomware+group", "").Body.String(); strings.Contains(body, "Known by this name") {
		t.Error("a word of every report is shown as a name")
	}
}
