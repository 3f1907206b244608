package crawler_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/intel"
)

func TestOneRequestInFlightAndTheDelayOfAHost(t *testing.T) {
	o, moved := newOutlet(t), newOutlet(t)
	clk := newClock()
	var mu sync.Mutex
	inFlight, most := 0, 0
	var times []time.Time
	serve := func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		inFlight++
		most = max(most, inFlight)
		times = append(times, clk.Now())
		mu.Unlock()
		time.Sleep(time.Millisecond)
		if r.URL.Path == "/to" {
			http.Redirect(w, r, "/p0", http.StatusFound)
		} else {
			_, _ = w.Write([]byte("<p>" + r.URL.Path))
		}
		mu.Lock()
		inFlight--
		mu.Unlock()
	}
	var ds [3][]intel.Discovery
	for i := range 12 {
		o.handle(fmt.Sprintf("/p%d", i), serve)
		ds[i%3] = append(ds[i%3], intel.Discovery{Type: "page", URL: fmt.Sprintf("%s/p%d", o.URL, i)})
	}
	o.handle("/robots.txt", serve)
	moved.handle("/x", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, o.URL+"/to", http.StatusFound) })
	o.handle("/to", serve)
	b := newBench(t, func(op *crawler.Options) { op.Clock, op.Sleep = clk.Now, clk.Sleep }, o, moved)
	var sources []intel.Source
	for i, d := range ds {
		sources = append(sources, intel.Source{ID: strconv.Itoa(i), Discover: d})
	}
	sources = append(sources, intel.Source{ID: "moved", Discover: []intel.Discovery{{Type: "page", URL: moved.URL + "/x"}}})
	if err := b.round(t, sources...).Err(); err != nil {
		t.Fatal(err)
	}
	if most != 1 || len(times) < 14 {
		t.Errorf("%d requests at once, %d in all", most, len(times))
	}
	for i := 1; i < len(times); i++ {
		if gap := times[i].Sub(times[i-1]); gap < 2*time.Second {
			t.Errorf("request %d came %s after the one before", i, gap)
		}
	}
}

func TestRobots(t *testing.T) {
	for _, tt := range []struct {
		name    string
		robots  http.HandlerFunc
		want    string
		slept   time.Duration
		noDelay bool
	}{
		{name: "disallowed", robots: text("User-agent: *\nDisallow: /a"), want: "robots"},
		{name: "other agents", robots: text("User-agent: *\nDisallow: /\nUser-agent: rapsheet\nAllow: /"), want: "stored"},
		{name: "404", robots: http.NotFound, want: "stored"},
		{name: "403", robots: status(http.StatusForbidden), want: "stored"},
		{name: "500", robots: status(http.StatusInternalServerError), want: "robots"},
		{name: "429", robots: status(http.StatusTooManyRequests), want: "robots"},
		{name: "redirects in a circle", robots: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/robots.txt", http.StatusFound) }, want: "stored"},
		{name: "redirected", robots: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/real", http.StatusFound) }, want: "robots"},
		{name: "crawl-delay", robots: text("User-agent: *\nCrawl-delay: 7"), want: "stored", slept: 14 * time.Second},
		{name: "crawl-delay on a server of our own", robots: text("User-agent: *\nCrawl-delay: 7"), want: "stored", noDelay: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := newOutlet(t)
			o.handle("/robots.txt", tt.robots)
			o.handle("/real", text("User-agent: *\nDisallow: /"))
			o.html("/a", "<p>a</p>")
			b := newBench(t, nil, o)
			began := b.clock.Now()
			src := o.source("s", intel.Discovery{Type: "page", URL: o.URL + "/a"})
			src.NoDelay = tt.noDelay || tt.slept == 0
			b.round(t, src)
			f := b.outcome(o.URL + "/a")
			if f.Outcome != tt.want || (tt.want != "stored" && o.count("/a") > 0) {
				t.Errorf("outcome %q (%s), asked %d times, want %q", f.Outcome, f.Error, o.count("/a"), tt.want)
			}
			// Between robots.txt and the page, and between the page and tdmrep.json.
			if slept := b.clock.Now().Sub(began); slept != tt.slept {
				t.Errorf("waited %s, want %s", slept, tt.slept)
			}
		})
	}
}

func TestRobotsAreAskedForAgainAfterADay(t *testing.T) {
	o := newOutlet(t)
	o.handle("/robots.txt", text("User-agent: *\nDisallow: /a"))
	o.html("/a", "<p>a</p>")
	b := newBench(t, nil, o)
	src := o.source("s", intel.Discovery{Type: "page", URL: o.URL + "/a"})
	b.round(t, src)
	o.handle("/robots.txt", text("User-agent: *\nAllow: /a"))
	_ = b.clock.Sleep(t.Context(), 23*time.Hour)
	b.round(t, src)
	if f := b.outcome(o.URL + "/a"); f.Outcome != "robots" {
		t.Errorf("after 23 h: %+v", f)
	}
	_ = b.clock.Sleep(t.Context(), 2*time.Hour)
	b.round(t, src)
	if f := b.outcome(o.URL + "/a"); f.Outcome != "stored" {
		t.Errorf("after 25 h: %+v", f)
	}
	// Unreachable later: the old copy still holds.
	o.handle("/robots.txt", status(http.StatusBadGateway))
	_ = b.clock.Sleep(t.Context(), 25*time.Hour)
	b.round(t, src)
	if f := b.outcome(o.URL + "/a"); f.Outcome != "unchanged" {
		t.Errorf("with robots.txt out of reach: %+v", f)
	}
}

func TestRobotsHoldOnRedirects(t *testing.T) {
	o, other := newOutlet(t), newOutlet(t)
	other.handle("/robots.txt", text("User-agent: *\nDisallow: /private"))
	other.html("/private/x", "<p>secret</p>")
	o.handle("/a", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/private/x", http.StatusFound)
	})
	b := newBench(t, nil, o, other)
	b.round(t, o.source("s", intel.Discovery{Type: "page", URL: o.URL + "/a"}))
	if f := b.outcome(o.URL + "/a"); f.Outcome != "robots" || other.count("/private/x") != 0 {
		t.Errorf("%+v, asked %d times", f, other.count("/private/x"))
	}
}

func TestAHostThatSaysStopIsLeftAlone(t *testing.T) {
	for _, tt := range []struct {
		name string
		stop http.HandlerFunc
		wait time.Duration
		want string
	}{
		{"429 with seconds", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
		}, time.Hour, "blocked"},
		{"503 with a date", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", newClock().Now().Add(time.Hour).Format(http.TimeFormat))
			w.WriteHeader(http.StatusServiceUnavailable)
		}, time.Hour, "http-error"},
		{"429 without", status(http.StatusTooManyRequests), 15 * time.Minute, "blocked"},
		{"challenge", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cf-Mitigated", "challenge")
			w.WriteHeader(http.StatusForbidden)
		}, 15 * time.Minute, "blocked"},
		{"challenge with 200", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("<html><title>Just a moment...</title>"))
		}, 15 * time.Minute, "blocked"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := newOutlet(t)
			o.handle("/stop", tt.stop)
			o.html("/b", "<p>b</p>")
			b := newBench(t, nil, o)
			src := o.source("s", intel.Discovery{Type: "page", URL: o.URL + "/stop"}, intel.Discovery{Type: "page", URL: o.URL + "/b"})
			res := b.round(t, src)
			if f := b.outcome(o.URL + "/stop"); f.Outcome != tt.want {
				t.Errorf("%+v, want %s", f, tt.want)
			}
			if res.Sources[0].Waiting != 1 || o.count("/b") != 0 || len(b.desk.docs) != 0 {
				t.Errorf("%+v: the host was asked again", res.Sources[0])
			}
			_ = b.clock.Sleep(t.Context(), tt.wait-time.Minute)
			b.round(t, src)
			if o.count("/b")+o.count("/stop") != 1 {
				t.Error("asked again before its time")
			}
			o.html("/stop", "<p>now</p>")
			_ = b.clock.Sleep(t.Context(), 2*time.Minute)
			if res := b.round(t, src); res.Count("stored") != 2 {
				t.Errorf("afterwards: %+v", res.Sources[0])
			}
		})
	}
}

func TestFiveFailuresInARowBreakOff(t *testing.T) {
	o, fine := newOutlet(t), newOutlet(t)
	var paths []string
	for i := range 20 {
		p := fmt.Sprintf("/p%d", i)
		paths = append(paths, p)
		o.handle(p, status(http.StatusInternalServerError))
		fine.html(p, "<p>"+p+"</p>")
	}
	o.feed(paths...)
	fine.feed(append([]string{"/gone1", "/gone2", "/gone3", "/gone4", "/gone5", "/gone6"}, paths...)...)
	b := newBench(t, nil, o, fine)
	res := b.round(t, o.source("s"), fine.source("fine"))
	if r := res.Sources[0]; r.Outcomes["http-error"] != 5 || r.Waiting != 15 {
		t.Errorf("%+v: want five attempts, then none", r)
	}
	if r := res.Sources[1]; r.Outcomes["stored"] != 20 || r.Outcomes["http-error"] != 6 {
		t.Errorf("%+v: pages that are gone are no failure of the host", r)
	}
}

func TestRightsReserved(t *testing.T) {
	o := newOutlet(t)
	headers := map[string][2]string{
		"/noarchive": {"X-Robots-Tag", "noarchive"}, "/ours": {"X-Robots-Tag", "rapsheet: nofollow, noindex"}, "/tdm": {"TDM-Reservation", "1"},
		"/other": {"X-Robots-Tag", "googlebot: noarchive"}, "/preview": {"X-Robots-Tag", "max-snippet: 5, nofollow"}, "/tdm0": {"TDM-Reservation", "0"},
	}
	var paths []string
	for p, h := range headers {
		paths = append(paths, p)
		o.handle(p, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(h[0], h[1])
			_, _ = w.Write([]byte(p))
		})
	}
	o.feed(paths...)
	b := newBench(t, nil, o)
	b.round(t, o.source("s"))
	want := map[string]bool{"/noarchive": true, "/ours": true, "/tdm": true, "/other": false, "/preview": false, "/tdm0": false}
	for _, d := range b.desk.docs {
		if p := strings.TrimPrefix(d.URL, o.URL); d.RightsReserved != want[p] {
			t.Errorf("%s: reserved %v", p, d.RightsReserved)
		}
	}
	if len(b.desk.docs) != len(want) {
		t.Errorf("%d documents", len(b.desk.docs))
	}
}

func TestSettingsThatAreRefused(t *testing.T) {
	deliver := (&desk{}).deliver
	b := newBench(t, nil)
	page := func(url string) []intel.Discovery { return []intel.Discovery{{Type: "page", URL: url}} }
	for _, tt := range []struct {
		name    string
		contact string
		source  intel.Source
		is      error
		says    string
	}{
		{"no contact", "", intel.Source{ID: "s", Discover: page("https://news.example/")}, intel.ErrBlocked, "contact"},
		{"no delay off loopback", "a@b.example", intel.Source{ID: "s", NoDelay: true, Discover: page("https://news.example/")}, intel.ErrInvalid, "delay: 0s"},
		{"hidden service", "a@b.example", intel.Source{ID: "s", Discover: page("http://abc.onion/")}, intel.ErrBlocked, "hidden services"},
		{"leak host", "a@b.example", intel.Source{ID: "s", Discover: page("https://breachforums.example/")}, intel.ErrBlocked, "stolen data"},
		{"no web address", "a@b.example", intel.Source{ID: "s", Discover: page("gopher://news.example/")}, intel.ErrInvalid, "http"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newBench(t, func(o *crawler.Options) { o.Contact = tt.contact })
			res, err := c.Round(t.Context(), []intel.Source{tt.source}, intel.Date{}, deliver)
			if err != nil || !errors.Is(res.Err(), tt.is) || !strings.Contains(res.Err().Error(), tt.says) {
				t.Errorf("%v, %v", res.Err(), err)
			}
		})
	}
	if _, err := b.Get(t.Context(), "https://news.example/"); !errors.Is(err, intel.ErrBlocked) || !strings.Contains(err.Error(), "contact") {
		t.Errorf("Get without contact: %v", err)
	}
	for name, o := range map[string]crawler.Options{
		"no clock":         {},
		"header injection": {Clock: time.Now, Contact: "a@b.example\r\nX: y"},
		"no address":       {Clock: time.Now, Contact: "somebody"},
		"bad allow":        {Clock: time.Now, AllowPrivate: []string{"127.0.0.1"}},
		"negative":         {Clock: time.Now, Delay: -1},
	} {
		if _, err := crawler.New(o); err == nil {
			t.Errorf("%s: New must refuse", name)
		}
	}
}

func text(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(s)) }
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}
