package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

// fakeFeed is a feed of the fake's things. Changes to one thing are folded into the latest, as the store does.
type fakeFeed struct {
	changes []intel.Change
	seq     int64
}

func (f *fakeFeed) add(c intel.Change) {
	f.changes = slices.DeleteFunc(f.changes, func(o intel.Change) bool { return o.What == c.What && o.ID == c.ID })
	f.seq++
	c.Seq, c.At = f.seq, time.Unix(1757000000+f.seq/10, 0).UTC() // ten changes a transaction
	f.changes = append(f.changes, c)
}

func (f *fakeFeed) Head(context.Context) (int64, error) { return f.seq, nil }
func (f *fakeFeed) Wait(context.Context, int64) error   { return nil }
func (f *fakeFeed) Changes(_ context.Context, after int64, limit int) ([]intel.Change, error) {
	var out []intel.Change
	for _, c := range f.changes {
		if c.Seq > after && len(out) < limit {
			out = append(out, c)
		}
	}
	return out, nil
}

// fill adds the fake's actor, victim, incident and report.
func (f *fakeFeed) fill() {
	a, v, in, rec := fakeActor().Actor, fakeVictim().Victim, fakeIncident().Incident, fakeRecord()
	f.add(intel.Change{What: "actor", ID: a.ID, Actor: &a})
	f.add(intel.Change{What: "victim", ID: v.ID, Victim: &v})
	f.add(intel.Change{What: "incident", ID: in.ID, Incident: &in})
	f.add(intel.Change{What: "report", ID: rec.Report.ID, Record: &rec})
}

func newExportServer(t *testing.T) (*fakeFeed, http.Handler) {
	t.Helper()
	feed := &fakeFeed{}
	feed.fill()
	_, h := newServer(t, func(o *Options) { o.Feed = feed })
	return feed, h
}

func TestExportsAnswerEveryFormat(t *testing.T) {
	_, h := newExportServer(t)
	for _, format := range ExportFormats() {
		t.Run(format, func(t *testing.T) {
			w := call(h, "GET", "/v1/export/"+format, "")
			tag := w.Header().Get("ETag")
			if w.Code != 200 || w.Body.Len() == 0 || tag == "" || w.Header().Get(seqHeader) == "" {
				t.Fatalf("%d, %d bytes, ETag %s, %s %q: %s", w.Code, w.Body.Len(), tag, seqHeader, w.Header().Get(seqHeader), w.Body)
			}
			if again := call(h, "GET", "/v1/export/"+format, "", "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
				t.Errorf("%d with %d bytes for what is held", again.Code, again.Body.Len())
			}
			switch media := w.Header().Get("Content-Type"); {
			case strings.HasPrefix(media, "text/csv"):
				if rows, err := csv.NewReader(w.Body).ReadAll(); err != nil || len(rows) < 2 {
					t.Errorf("%d rows, %v", len(rows), err)
				}
			default:
				for line := range bytes.Lines(bytes.TrimSpace(w.Body.Bytes())) {
					if strings.HasSuffix(media, "ndjson") && !json.Valid(line) {
						t.Errorf("line %s", line)
					}
				}
			}
		})
	}
}

func TestExportSince(t *testing.T) {
	feed, h := newExportServer(t)
	mark := call(h, "GET", "/v1/export/stix", "").Header().Get(seqHeader)
	count := func(format, since string) (upserts, removals int) {
		t.Helper()
		w := call(h, "GET", "/v1/export/"+format+"?since="+since, "")
		if w.Code != 200 {
			t.Fatalf("%s: %d %s", format, w.Code, w.Body)
		}
		if format == "splunk" {
			rows, err := csv.NewReader(w.Body).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows[1:] {
				if r[0] == "upsert" {
					upserts++
				} else {
					removals++
				}
			}
			return upserts, removals
		}
		var doc struct{ Objects []struct{ Revoked bool } }
		if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		for _, o := range doc.Objects {
			if o.Revoked {
				removals++
			} else {
				upserts++
			}
		}
		return upserts - len(exchange.Fixed()), removals
	}
	for _, format := range []string{"stix", "splunk"} {
		if up, gone := count(format, mark); up != 0 || gone != 0 {
			t.Errorf("%s: %d changed and %d went although nothing happened", format, up, gone)
		}
	}
	in := fakeIncident().Incident
	in.Status, in.Reports = intel.StanceRetracted, []string{}
	feed.add(intel.Change{What: "incident", ID: in.ID, Incident: &in})
	if up, gone := count("stix", mark); up != 0 || gone < 3 {
		t.Errorf("stix: %d changed, %d went: the incident, its link and its note went", up, gone)
	}
	if up, gone := count("splunk", mark); up != 2 || gone != 1 {
		t.Errorf("splunk: %d rows, %d removals: the actor's history changed", up, gone)
	}
	for _, since := range []string{"-1", "x", strconv.FormatInt(feed.seq+100, 10)} {
		if w := call(h, "GET", "/v1/export/stix?since="+since, ""); w.Code != http.StatusBadRequest {
			t.Errorf("since=%s: %d", since, w.Code)
		}
	}
	if w := call(h, "GET", "/v1/export/elastic-policy?since=1", ""); w.Code != http.StatusBadRequest {
		t.Errorf("since where it means nothing: %d", w.Code)
	}
}

func TestExportsWithoutAFeedSaySo(t *testing.T) {
	_, h := newServer(t)
	if w := call(h, "GET", "/v1/export/stix", ""); w.Code != http.StatusNotImplemented || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := call(h, "GET", "/v1/export/paper", ""); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "splunk") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// noon is a clock.
func noon() time.Time { return time.Unix(1757000000, 0).UTC() }

func escaped(s string) string { return url.QueryEscape(s) }
