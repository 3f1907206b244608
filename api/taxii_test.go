package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rapsheet/rapsheet/intel"
)

// incidentNo adds, changes or takes back incident n with its victim and report, as one transaction of the store.
func (f *fakeFeed) incidentNo(n int, retracted bool) {
	at := time.Unix(1757000000+f.seq, 0).UTC()
	add := func(c intel.Change) {
		f.add(c)
		f.changes[len(f.changes)-1].At = at
	}
	in, rec, v := fakeIncident().Incident, fakeRecord(), fakeVictim().Victim
	in.ID, v.ID, rec.Report.ID = fmt.Sprint("i", n), fmt.Sprint("v", n), fmt.Sprint("r", n)
	v.Name = fmt.Sprint("Organisation ", n)
	in.Victim.Ref = intel.Ref{ID: v.ID, Name: v.Name}
	in.Reports, in.Sector = []string{rec.Report.ID}, []string{"Manufacturing", "Education"}[n%2]
	rec.Claims = slices.Clone(rec.Claims)
	rec.Claims[0].ID, rec.Claims[0].ReportID, rec.Claims[0].IncidentID = fmt.Sprint("c", n), rec.Report.ID, in.ID
	if retracted {
		in.Status, in.Reports = intel.StanceRetracted, []string{}
		rec.Claims[0].RecordedTo = at
	}
	add(intel.Change{What: "victim", ID: v.ID, Victim: &v})
	add(intel.Change{What: "incident", ID: in.ID, Incident: &in})
	add(intel.Change{What: "report", ID: rec.Report.ID, Record: &rec})
}

func serve(t interface {
	Helper()
	Fatal(args ...any)
}, feed *fakeFeed,
) http.Handler {
	t.Helper()
	f := &fake{gen: 5}
	h, err := New(Options{Reader: f, Saver: f, Archive: archive{f}, Clock: noon, Feed: feed})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestTaxiiPullsEverything(t *testing.T) {
	feed := &fakeFeed{}
	feed.fill()
	for n := range 60 {
		feed.incidentNo(n, false)
	}
	h := serve(t, feed)
	var whole []string
	for _, how := range pagings() {
		for _, limit := range []int{1, 7, 1000} {
			c := newStrictClient(h, how, limit)
			objects, err := c.start("all")
			if err != nil {
				t.Fatal(err)
			}
			if err := c.pull(objects, nil); err != nil {
				t.Fatalf("%s by %d: %v", how, limit, err)
			}
			for v, n := range c.got {
				if n != 1 {
					t.Errorf("%s by %d: %s came %d times", how, limit, v, n)
				}
			}
			if whole == nil {
				whole = c.holds()
			}
			if d := cmp.Diff(whole, c.holds()); d != "" || len(whole) < 300 {
				t.Errorf("%s by %d: %d objects, others give %d:\n%s", how, limit, len(c.holds()), len(whole), d)
			}
			if err := c.pull(objects, nil); err != nil || len(c.got) != len(whole) {
				t.Errorf("%s by %d: nothing is new, yet %d versions came, %v", how, limit, len(c.got)-len(whole), err)
			}
		}
	}
}

// TestTaxiiMissesNothing adds, changes and takes back incidents while clients of every kind page, and starts the server anew in the
// middle: in the end each client holds what a client that starts now does.
func TestTaxiiMissesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		feed := &fakeFeed{}
		feed.fill()
		for n := range rapid.IntRange(0, 5).Draw(t, "before") {
			feed.incidentNo(n, false)
		}
		h := serve(t, feed)
		c := newStrictClient(h, rapid.SampledFrom(pagings()).Draw(t, "how"), rapid.SampledFrom([]int{1, 2, 5, 11}).Draw(t, "limit"))
		alias := rapid.SampledFrom([]string{"all", "sector-manufacturing"}).Draw(t, "collection")
		objects, err := c.start("all")
		if err != nil {
			t.Fatal(err)
		}
		objects = strings.Replace(objects, objects[len(taxiiRoot+"collections/"):len(objects)-len("/objects/")], alias, 1)
		calm := 12 // pages after which nothing changes any more
		change := func() {
			if calm--; calm < 0 {
				return
			}
			switch rapid.IntRange(0, 5).Draw(t, "event") {
			case 0, 1:
				feed.incidentNo(rapid.IntRange(0, 7).Draw(t, "n"), false)
			case 2:
				feed.incidentNo(rapid.IntRange(0, 7).Draw(t, "n"), true)
			case 3:
				c.h = serve(t, feed)
			}
		}
		feed.incidentNo(0, false) // so that the sector's collection is there
		for range 2 {
			if err := c.pull(objects, change); err != nil {
				t.Fatal(err)
			}
		}
		calm = 0
		if err := c.pull(objects, nil); err != nil {
			t.Fatal(err)
		}
		fresh := newStrictClient(c.h, "next", 1000)
		if err := fresh.pull(objects, nil); err != nil {
			t.Fatal(err)
		}
		if missing := lacks(c, fresh); len(missing) > 0 {
			t.Fatalf("after %s by %d it lacks %v", c.how, c.limit, missing)
		}
	})
}

// lacks are the objects that stand on the server and that a client does not hold in their latest version, and those it holds that no
// longer stand. A removal that a restarted server cannot know of (there is no trace of what was purged) is not among them.
func lacks(c, fresh *strictClient) []string {
	var out []string
	for id, o := range fresh.seen {
		held := c.seen[id]
		if held == nil && o["revoked"] == true {
			continue
		}
		if held == nil || held["modified"] != o["modified"] || held["revoked"] != o["revoked"] {
			out = append(out, fmt.Sprintf("%s %v (held %v)", id, o["modified"], held["modified"]))
		}
	}
	return out
}

func TestTaxiiFilters(t *testing.T) {
	feed := &fakeFeed{}
	feed.fill()
	for n := range 10 {
		feed.incidentNo(n, false)
	}
	h := serve(t, feed)
	c := newStrictClient(h, "next", 1000)
	objects, err := c.start("all")
	if err != nil {
		t.Fatal(err)
	}
	count := func(path, query string) (int, taxiiTestPage) {
		t.Helper()
		var p taxiiTestPage
		w := call(h, "GET", path+"?"+query, "")
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != 200 {
			t.Fatalf("%s: %d %v %s", query, w.Code, err, w.Body)
		}
		return len(p.Objects), p
	}
	_, all := count(objects, "match[type]=threat-actor,note")
	id, _ := all.Objects[0]["id"].(string)
	version, _ := all.Objects[0]["modified"].(string)
	for query, want := range map[string]int{
		"match[type]=threat-actor": 1, "match[type]=note": 10, "match[type]=tool": 0, "match[id]=" + id: 1, "match[id]=" + id + "&match[version]=first": 1,
		"match[id]=" + id + "&match[version]=" + version: 1, "match[id]=" + id + "&match[version]=2001-01-01T00:00:00Z": 0, "match[spec_version]=2.0": 0,
		"match[type]=note&match[spec_version]=2.1,2.0": 10, "added_after=2999-01-01T00:00:00Z": 0,
	} {
		if n, _ := count(objects, query); n != want {
			t.Errorf("%s: %d objects, want %d", query, n, want)
		}
	}
	// A client that drops its filters on the second page still gets what it asked for.
	_, first := count(objects, "match[type]=note&limit=4")
	_, second := count(objects, "limit=4&next="+first.Next)
	for _, o := range second.Objects {
		if o["type"] != "note" {
			t.Errorf("the second page has a %v", o["type"])
		}
	}
	if n, _ := count(objects+id+"/", ""); n != 1 {
		t.Errorf("one object by id: %d", n)
	}
	var v struct{ Versions []string }
	if w := call(h, "GET", objects+id+"/versions/", ""); json.Unmarshal(w.Body.Bytes(), &v) != nil || !slices.Equal(v.Versions, []string{version}) {
		t.Errorf("versions %v, want %s", v.Versions, version)
	}
}

func TestTaxiiManifestPagesByTimeAlone(t *testing.T) {
	feed := &fakeFeed{}
	feed.fill()
	for n := range 30 {
		feed.incidentNo(n, false)
	}
	h := serve(t, feed)
	manifest := taxiiRoot + "collections/all/manifest/"
	seen, after := map[string]bool{}, "2000-01-01T00:00:00Z"
	for {
		var p struct {
			More    bool
			Objects []manifestRecord
		}
		w := call(h, "GET", manifest+"?limit=11&added_after="+after, "", "Accept", taxiiMedia)
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != 200 {
			t.Fatalf("%d %v", w.Code, err)
		}
		for _, o := range p.Objects {
			if seen[o.ID] || o.DateAdded <= after {
				t.Errorf("%s added at %s came twice, after %s", o.ID, o.DateAdded, after)
			}
			seen[o.ID] = true
		}
		if !p.More {
			break
		}
		after = w.Header().Get("X-TAXII-Date-Added-Last")
	}
	c := newStrictClient(h, "next", 1000)
	if err := c.pull(taxiiRoot+"collections/all/objects/", nil); err != nil || len(c.seen) != len(seen) {
		t.Errorf("the manifest lists %d of %d, %v", len(seen), len(c.seen), err)
	}
}

func TestTaxiiErrors(t *testing.T) {
	_, h := newExportServer(t)
	all := taxiiRoot + "collections/all/objects/"
	for _, tt := range []struct {
		method, target, accept string
		status                 int
	}{
		{"GET", "/taxii2/", "text/html", 406},
		{"GET", "/taxii2/", "application/taxii+json;version=2.0", 406},
		{"GET", "/taxii2/", "application/taxii+json", 200},
		{"GET", "/taxii2/", "text/html, application/taxii+json; version=2.1", 200},
		{"GET", "/taxii2/", "*/*", 200},
		{"GET", "/taxii2/", "", 200},
		{"GET", taxiiRoot + "collections/none/", taxiiMedia, 404},
		{"GET", taxiiRoot + "status/x/", taxiiMedia, 404},
		{"GET", "/taxii2/other/", taxiiMedia, 404},
		{"GET", all + "note--x/", taxiiMedia, 404},
		{"GET", all + "note--x/versions/", taxiiMedia, 404},
		{"GET", all + "?limit=0", taxiiMedia, 400},
		{"GET", all + "?limit=x", taxiiMedia, 400},
		{"GET", all + "?added_after=today", taxiiMedia, 400},
		{"GET", all + "?next=x", taxiiMedia, 400},
		{"GET", all + "?match[version]=newest", taxiiMedia, 400},
		{"GET", all + "?match[colour]=red", taxiiMedia, 400},
		{"POST", all, taxiiMedia, 403},
		{"DELETE", all + "note--x/", taxiiMedia, 403},
		{"PUT", all, taxiiMedia, 405},
	} {
		w := call(h, tt.method, tt.target, "", "Accept", tt.accept)
		if w.Code != tt.status || w.Header().Get("Content-Type") != taxiiMedia {
			t.Errorf("%s %s %q: %d %s, want %d", tt.method, tt.target, tt.accept, w.Code, w.Header().Get("Content-Type"), tt.status)
		}
		var e taxiiError
		if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil || tt.status >= 400 && (e.Title == "" || e.HTTPStatus != strconv.Itoa(tt.status)) {
			t.Errorf("%s: %v %s", tt.target, err, w.Body)
		}
	}
}

func TestTaxiiTakesAKeyAsPassword(t *testing.T) {
	feed := &fakeFeed{}
	feed.fill()
	_, h := newServer(t, func(o *Options) {
		o.RequireKey, o.Feed = true, feed
		o.Keys = func(k string) (Key, bool) { return Key{"reader", []string{"read"}}, k == "good" }
	})
	none := call(h, "GET", "/taxii2/", "")
	if none.Code != 401 || none.Header().Get("Content-Type") != taxiiMedia || !strings.Contains(strings.Join(none.Header().Values("WWW-Authenticate"), " "), "Basic") {
		t.Errorf("%d %v %s", none.Code, none.Header(), none.Body)
	}
	for header, want := range map[string]int{
		"Basic YW55Ym9keTpnb29k": 200, "Basic YW55Ym9keTpiYWQ=": 401, "Bearer good": 200, "Basic !": 401, // anybody:good, anybody:bad
	} {
		if w := call(h, "GET", "/taxii2/", "", "Authorization", header); w.Code != want {
			t.Errorf("%s: %d, want %d", header, w.Code, want)
		}
	}
}

// TestTaxiiKeepsTheLatestVersion changes an object: first, last and all are the version that is held, and what stood before is neither
// listed nor given, as when it was never there.
func TestTaxiiKeepsTheLatestVersion(t *testing.T) {
	feed := &fakeFeed{}
	feed.incidentNo(1, false)
	_, h := newServer(t, func(o *Options) { o.Feed = feed })
	objects := taxiiRoot + "collections/all/objects/"
	read := func(query string) []map[string]any {
		t.Helper()
		var p taxiiTestPage
		if w := call(h, "GET", objects+"?"+query, ""); w.Code != 200 || json.Unmarshal(w.Body.Bytes(), &p) != nil {
			t.Fatalf("%s: %d %s", query, w.Code, w.Body)
		}
		return p.Objects
	}
	was := read("match[type]=incident")
	feed.incidentNo(2, false)
	feed.incidentNo(1, true)
	id, old := was[0]["id"].(string), was[0]["modified"].(string) //nolint:errcheck,forcetypeassert // every object has both
	now := read("match[id]=" + id)
	if len(now) != 1 || now[0]["modified"] == old || now[0]["revoked"] != true {
		t.Fatalf("after the change %v", now)
	}
	version := now[0]["modified"].(string) //nolint:errcheck,forcetypeassert // every object has one
	for query, want := range map[string]int{"first": 1, "last": 1, "all": 1, version: 1, old: 0, "first," + old: 1} {
		if got := read("match[id]=" + id + "&match[version]=" + query); len(got) != want || want == 1 && got[0]["modified"] != version {
			t.Errorf("match[version]=%s: %v", query, got)
		}
	}
	var v struct{ Versions []string }
	if w := call(h, "GET", objects+id+"/versions/", ""); json.Unmarshal(w.Body.Bytes(), &v) != nil || !slices.Equal(v.Versions, []string{version}) {
		t.Errorf("versions %v, want %s alone", v.Versions, version)
	}
}
