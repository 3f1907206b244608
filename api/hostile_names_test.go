package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rapsheet/rapsheet/intel"
)

// hostileStore is a fake whose actor, victim, reports and publishers all bear one name.
type hostileStore struct {
	*fake
	name string
}

func (h hostileStore) incident() intel.IncidentDetail {
	in := fakeIncident()
	in.Victim.Name, in.Actors[0].Name, in.Occurred.Words = h.name, h.name, h.name
	c := &in.Claims[0]
	c.SaidBy.Name, c.Quote, c.Title, c.Publisher, c.Victim.Name, c.Actor.Name = h.name, h.name, h.name, h.name, h.name, h.name
	return in
}

func (h hostileStore) actor() intel.ActorProfile {
	a := fakeActor()
	a.Name, a.Names = h.name, []intel.Name{{Name: h.name, Source: h.name, Extent: intel.ExtentExact, Match: intel.MatchAlways}}
	return a
}

func (h hostileStore) victim() intel.VictimProfile {
	v := fakeVictim()
	v.Name, v.Names, v.Domains = h.name, []string{h.name}, []string{h.name}
	return v
}

func (h hostileStore) Actors(context.Context, intel.Query) (intel.Page[intel.ActorProfile], error) {
	return page(h.actor()), nil
}

func (h hostileStore) Victims(context.Context, intel.Query) (intel.Page[intel.VictimProfile], error) {
	return page(h.victim()), nil
}

func (h hostileStore) Actor(context.Context, string, intel.Query) (intel.ActorProfile, error) {
	return h.actor(), nil
}

func (h hostileStore) Victim(context.Context, string, intel.Query) (intel.VictimProfile, error) {
	return h.victim(), nil
}

func (h hostileStore) Incidents(context.Context, intel.Query) (intel.Page[intel.IncidentDetail], error) {
	return page(h.incident()), nil
}

func (h hostileStore) Enrich(_ context.Context, items []intel.EnrichItem, _ intel.EnrichOptions) ([]intel.EnrichResult, error) {
	in := h.incident()
	one := intel.Candidate{ID: "umbrella", Name: h.name, Type: "actor", Match: "alias", Why: h.name, UsedBy: []string{h.name}, Confidence: 0.9}
	victim := intel.Candidate{ID: "v1", Name: h.name, Type: "victim", Match: "exact", Why: h.name, Confidence: 0.9}
	out := make([]intel.EnrichResult, len(items))
	for i, it := range items {
		out[i] = intel.EnrichResult{ID: it.ID, Value: it.Value, Type: "text", Status: "found", Candidates: []intel.Candidate{one, victim}, Incidents: []intel.Incident{in.Incident}, Summary: &intel.Summary{Incidents: 1, Reports: 1}}
	}
	return out, nil
}

func (h hostileStore) feed() *fakeFeed {
	f := &fakeFeed{}
	a, v, in, rec := h.actor().Actor, h.victim().Victim, h.incident(), fakeRecord()
	rec.Report.Title, rec.Report.Publisher, rec.Claims[0] = h.name, h.name, in.Claims[0].Claim
	f.add(intel.Change{What: "actor", ID: a.ID, Actor: &a})
	f.add(intel.Change{What: "victim", ID: v.ID, Victim: &v})
	f.add(intel.Change{What: "incident", ID: in.ID, Incident: &in.Incident})
	f.add(intel.Change{What: "report", ID: rec.Report.ID, Record: &rec})
	return f
}

// harmless says what is wrong with an answer that another program will read.
func harmless(media string, body []byte) error {
	switch {
	case !utf8.Valid(body):
		return errors.New("is no UTF-8")
	case strings.HasPrefix(media, "text/csv"):
		return plainCells(body)
	case strings.Contains(media, "xml"):
		dec := xml.NewDecoder(bytes.NewReader(body))
		for {
			t, err := dec.Token()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if el, ok := t.(xml.StartElement); ok && (el.Name.Local == "script" || el.Name.Local == "img") {
				return errors.New("has an element of ours to run")
			}
			if err != nil {
				return err
			}
		}
	case strings.Contains(media, "ndjson"):
		for line := range bytes.Lines(body) {
			if !json.Valid(line) {
				return errors.New("has a line that is no JSON")
			}
		}
	case !json.Valid(body):
		return errors.New("is no JSON")
	}
	if bytes.ContainsAny(body, "<>\x00\x01\x1b\u2028") {
		return errors.New("carries markup or control characters as they are")
	}
	return nil
}

// plainCells refuses a table whose rows differ in length or that has a cell a spreadsheet takes for a formula.
func plainCells(body []byte) error {
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		return err
	}
	for _, row := range rows {
		for _, cell := range row {
			if first, _ := utf8.DecodeRuneInString(strings.TrimLeft(cell, " \t\r\n\u202e\ufeff")); cell != "" && strings.ContainsRune("=+-@＝＋－＠", first) || strings.ContainsAny(cell, "\r\n\x00\x1b") {
				return errors.New("has the cell " + cell)
			}
		}
	}
	return nil
}

// TestHostileNamesInEveryAnswer gives actor, victim, speaker, title and publisher a name that other programs could take for their own,
// and reads every shape, export, feed and TAXII page: each is well formed and nothing in it runs; headers and logs stay ours.
func TestHostileNamesInEveryAnswer(t *testing.T) {
	for _, name := range append(hostileValues(), "＝1+1", "\ufeff=1", "\x1b[31mred", "]]></title><script>x</script>", "a\nb,c\"d", "x|y||z", "CEF:0|a|b") {
		var log bytes.Buffer
		h := hostileStore{&fake{gen: 5}, name}
		server, err := New(Options{Reader: h, Saver: h, Archive: archive{h.fake}, Clock: noon, Feed: h.feed(), Logger: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		paths := []string{"/v1/enrich/x", "/v1/actors", "/v1/victims", "/v1/incidents", "/v1/actors/umbrella", "/v1/victims/v1", "/feeds/incidents.atom", "/feeds/incidents.json", "/taxii2/rapsheet/collections/all/objects/", "/feeds/misp/manifest.json"}
		for _, f := range formatNames() {
			paths = append(paths, "/v1/enrich/x?format="+f)
		}
		for _, f := range ExportFormats() {
			paths = append(paths, "/v1/export/"+f)
		}
		for _, path := range paths {
			w := call(server, http.MethodGet, path, "")
			if w.Code != http.StatusOK {
				t.Errorf("%.40q: %s: %d %.200s", name, path, w.Code, w.Body)
				continue
			}
			if err := harmless(w.Header().Get("Content-Type"), w.Body.Bytes()); err != nil {
				t.Errorf("%.40q: %s %v", name, path, err)
			}
			for k, all := range w.Header() {
				if strings.ContainsAny(strings.Join(all, ""), "\r\n") || k == "X-Injected" || k == "Set-Cookie" {
					t.Errorf("%.40q: %s: header %s: %q", name, path, k, all)
				}
			}
		}
		for line := range strings.Lines(log.String()) {
			if !strings.HasPrefix(line, "time=") {
				t.Errorf("%.40q: a line of the log is %q", name, line)
			}
		}
	}
}
