package article_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rapsheet/rapsheet/data"
	"github.com/rapsheet/rapsheet/data/newsroom"
	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/extract/article"
	"github.com/rapsheet/rapsheet/intel"
)

// shipped is the extractor as the commands make it.
func shipped(t testing.TB) *extract.Extractor {
	t.Helper()
	cat, err := data.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	o := extract.Options{Catalogue: cat}
	section := map[string]string{}
	sectors, err := data.Sectors()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sectors {
		section[s.Section] = s.Name
		o.Sectors = append(o.Sectors, extract.Sector{Name: s.Name, OV: s.OV, Words: s.Words})
	}
	countries, err := data.Countries()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range countries {
		o.Countries = append(o.Countries, extract.Country{Code: c.Code, Names: append([]string{c.Name}, c.Names...), Demonyms: c.Demonyms, Places: c.Places, Domains: c.Domains, Forms: c.Forms})
	}
	known, err := data.Organisations()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range known {
		o.Victims = append(o.Victims, extract.Victim{Names: append([]string{k.Name}, k.Also...), Country: k.Country, Sector: section[k.Section]})
	}
	x, err := extract.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// tally counts hits of fields.
type tally map[string][2]int

func (c tally) add(field string, hit bool) {
	v := c[field]
	if v[1]++; hit {
		v[0]++
	}
	c[field] = v
}

// TestNewsroomFields prints how many fields of the newsroom's incidents are as a careful analyst wrote them, of those whose victim is
// found, and holds the figures that were reached.
//
//	go test ./extract/article -run NewsroomFields -v
func TestNewsroomFields(t *testing.T) {
	room, err := newsroom.Open(newsroom.Files())
	if err != nil {
		t.Fatal(err)
	}
	pages, err := room.Expected()
	if err != nil {
		t.Fatal(err)
	}
	x, c := shipped(t), tally{}
	for _, p := range pages {
		if !p.Report || strings.HasSuffix(p.Path, ".pdf") {
			continue
		}
		got, ok := readPage(t, x, room, p)
		if !ok {
			continue
		}
		for _, want := range p.Incidents {
			var names []string
			for _, v := range want.Victims {
				names = append(append(names, v.Name), v.Aliases...)
			}
			i := slices.IndexFunc(got, func(f intel.Finding) bool {
				return f.Confidence >= 0.5 && slices.ContainsFunc(f.Victims, func(v intel.VictimRef) bool { return slices.Contains(names, v.Name) })
			})
			if i >= 0 {
				compareFields(c, want, got[i])
			}
		}
	}
	floor := map[string]float64{"country": 0.85, "sector": 0.8, "kind": 0.7}
	for f, v := range c {
		share := float64(v[0]) / float64(v[1])
		t.Logf("%-18s %d/%d = %.3f", f, v[0], v[1], share)
		if share < floor[f] {
			t.Errorf("%s: %.3f, below the %.2f that were reached", f, share, floor[f])
		}
	}
}

func readPage(t *testing.T, x *extract.Extractor, room *newsroom.Newsroom, p newsroom.ExpectedPage) ([]intel.Finding, bool) {
	t.Helper()
	base := func(outlet string) string { return "http://" + outlet + ".example" }
	rec := httptest.NewRecorder()
	room.Handler(p.Outlet, func() int { return p.Edition }, base).ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, base(p.Outlet)+p.Path, nil))
	doc := intel.Document{URL: base(p.Outlet) + p.Path, FinalURL: base(p.Outlet) + p.Path, ContentType: rec.Header().Get("Content-Type"), Body: rec.Body.Bytes(), Retrieved: time.Date(2025, 12, 1, 0, 0, 0, 0, time.UTC)}
	a, err := article.ReadAny(t.Context(), doc, nil)
	if err != nil {
		return nil, false // reading is tested where it is done
	}
	return x.Extract(extract.Input{ID: p.ID, Title: a.Title, Text: a.Text, Language: a.Language, Published: a.Published}).Incidents, true
}

func compareFields(c tally, want newsroom.ExpectedIncident, got intel.Finding) {
	kind := string(got.Kind)
	c.add("kind", kind == want.Kind || slices.Contains(want.KindsAccepted, kind))
	if want.Country != "" {
		c.add("country", got.Country == want.Country)
	}
	if want.Sector != "" {
		c.add("sector", got.Sector == want.Sector)
	}
	o := want.Occurred
	c.add("occurred", got.Occurred.From.String() == o.From && got.Occurred.To.String() == o.To && string(got.Occurred.Precision) == o.Precision)
	c.add("facet event", string(got.Facets.Event) == want.Facets.Event)
	c.add("facet attribution", string(got.Facets.Attribution) == want.Facets.Attribution)
	c.add("facet impact", string(got.Facets.Impact) == want.Facets.Impact)
	for _, k := range want.Claims {
		same := func(s intel.Statement) bool { return string(s.Facet) == k.Facet && string(s.Stance) == k.Stance }
		c.add("facet and stance", slices.ContainsFunc(got.Claims, same))
		c.add("said by", slices.ContainsFunc(got.Claims, func(s intel.Statement) bool { return same(s) && string(s.SaidBy.Kind) == k.SaidBy.Kind }))
	}
}
