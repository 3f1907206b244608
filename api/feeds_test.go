package api

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
)

func TestFeedsAreFeeds(t *testing.T) {
	_, h := newExportServer(t)
	for _, target := range []string{
		"/feeds/incidents.atom", "/feeds/incidents.json", "/feeds/incidents.atom?sector=Manufacturing", "/feeds/actors/umbrella.atom", "/feeds/actors/umbrella.json", "/feeds/victims/v1.atom",
	} {
		t.Run(target, func(t *testing.T) {
			w := call(h, "GET", target, "")
			if w.Code != 200 {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			tag := w.Header().Get("ETag")
			feed, err := gofeed.NewParser().ParseString(w.Body.String())
			if err != nil || len(feed.Items) != 1 || feed.Title == "" {
				t.Fatalf("%v: %s", err, w.Body)
			}
			item := feed.Items[0]
			if item.GUID == "" || item.UpdatedParsed == nil || !item.UpdatedParsed.Equal(time.Unix(1757000000, 0)) {
				t.Errorf("id %q, updated %v: the time is when the claim was recorded", item.GUID, item.UpdatedParsed)
			}
			if strings.Contains(w.Body.String(), "javascript:") || strings.Contains(w.Body.String(), "<script>") {
				t.Errorf("a hostile address or name passed: %s", w.Body)
			}
			if again := call(h, "GET", target, "", "If-None-Match", tag); again.Code != http.StatusNotModified {
				t.Errorf("%d for what is held", again.Code)
			}
		})
	}
}

func TestAtomIsWellFormed(t *testing.T) {
	_, h := newExportServer(t)
	dec := xml.NewDecoder(call(h, "GET", "/feeds/incidents.atom", "").Body)
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestNoSuchFeed(t *testing.T) {
	_, h := newExportServer(t)
	for target, want := range map[string]int{
		"/feeds/incidents.rss": 404, "/feeds/.atom": 404, "/feeds/weather.atom": 404, "/feeds/actors/nobody.atom": 404, "/feeds/actors/two.atom": 300, "/feeds/incidents.atom?limit=3": 400,
		"/feeds/incidents.atom?kind=hacking": 400, "/feeds/misp/x": 404, "/feeds/misp/00000000-0000-5000-8000-000000000000.json": 404, "/feeds/misp/..%2f..%2fkeys.json": 404,
	} {
		if w := call(h, "GET", target, ""); w.Code != want {
			t.Errorf("%s: %d, want %d", target, w.Code, want)
		}
	}
}

// TestMispFeedOpens reads the feed as MISP does: the manifest, then every event, whose values hashes.csv lists.
func TestMispFeedOpens(t *testing.T) {
	feed := &fakeFeed{}
	feed.fill()
	for n := range 5 {
		feed.incidentNo(n+10, n == 4)
	}
	h := serve(t, feed)
	var manifest map[string]struct {
		Info, Date, Timestamp string
		Orgc                  struct{ Name, UUID string }
		Tag                   []struct{ Name string }
	}
	if err := json.Unmarshal(call(h, "GET", "/feeds/misp/manifest.json", "").Body.Bytes(), &manifest); err != nil || len(manifest) != 6 {
		t.Fatalf("%v, %d events", err, len(manifest))
	}
	hashes := call(h, "GET", "/feeds/misp/hashes.csv", "").Body.String()
	withdrawn := 0
	for uuid, line := range manifest {
		var doc struct {
			Event struct {
				UUID, Info, Date, Timestamp string
				Orgc                        struct{ UUID string }
				Attribute                   []struct {
					Type, Category, Value string
					ToIDs                 bool `json:"to_ids"`
				}
				Object []struct {
					Name, TemplateUUID string
					Attribute          []struct{ Value, Comment string }
				}
			}
		}
		w := call(h, "GET", "/feeds/misp/"+uuid+".json", "")
		if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil || doc.Event.UUID != uuid || doc.Event.Timestamp != line.Timestamp || doc.Event.Info != line.Info || doc.Event.Orgc.UUID != line.Orgc.UUID {
			t.Errorf("%s: %v, %+v", uuid, err, doc.Event)
		}
		if _, err := time.Parse(time.DateOnly, doc.Event.Date); err != nil {
			t.Errorf("%s: %v", uuid, err)
		}
		if len(doc.Event.Attribute) == 0 {
			withdrawn++
		}
		for _, a := range doc.Event.Attribute {
			sum := md5.Sum([]byte(a.Value))
			if a.ToIDs || !strings.Contains(hashes, hex.EncodeToString(sum[:])+","+uuid) {
				t.Errorf("%s: %q is for detection (%v) or has no hash", uuid, a.Value, a.ToIDs)
			}
		}
		for _, o := range doc.Event.Object {
			for _, a := range o.Attribute {
				if !strings.Contains(a.Comment, "confirmed") {
					t.Errorf("%q names somebody without an answer", a.Value)
				}
			}
		}
		if strings.Contains(w.Body.String(), "misp-galaxy:") {
			t.Errorf("a link that only the actor claims has a galaxy tag: %s", w.Body)
		}
	}
	if withdrawn != 1 {
		t.Errorf("%d empty events, want the one that was taken back", withdrawn)
	}
}
