package api

import (
	"net/http/httptest"
	"os"
	"strings"
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
	for _, p := range []string{"/", "/search?q=word", "/actors/umbrella", "/victims/v1", "/incidents/i1"} {
		if w := call(h, "GET", p, ""); !strings.Contains(w.Body.String(), "confirms the event") {
			t.Errorf("%s names a victim without its latest answer", p)
		}
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
		var bad []string
		go tab.EachEvent(func(e *proto.NetworkRequestWillBeSent) {
			if !strings.HasPrefix(e.Request.URL, srv.URL) && !strings.HasPrefix(e.Request.URL, "data:") {
				bad = append(bad, "asked "+e.Request.URL)
			}
		}, func(e *proto.RuntimeExceptionThrown) { bad = append(bad, "threw "+e.ExceptionDetails.Text) })()
		tab.MustSetViewport(390, 800, 2, true).MustNavigate(srv.URL + path).MustWaitLoad()
		if n := len(tab.MustElements("h1")); n != 1 {
			t.Errorf("%s has %d headings of the first order", path, n)
		}
		if wide := tab.MustEval(`() => document.documentElement.scrollWidth`).Int(); wide > 400 {
			t.Errorf("%s is %d px wide on a telephone", path, wide)
		}
		for _, s := range bad {
			t.Errorf("%s: %s", path, s)
		}
		tab.MustClose()
	}
}
