package index

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/intel"
)

func TestHitExplainsItself(t *testing.T) {
	ix := indexed(t, corpus())
	for _, c := range []struct {
		name, text, id string
		why            []intel.Why
		highlight      string
	}{
		{
			"alias", "UNC6040", "r03",
			[]intel.Why{{Field: "actor", Matched: "UNC6040", Of: "ShinyHunters"}, {Field: "title", Matched: "ShinyHunters"}, {Field: "text", Matched: "ShinyHunters"}},
			"The seller known as «ShinyHunters» offered a database of Northlight Airways for sale. The data breach affects two million customers.",
		},
		{"through its umbrella", "Octo Tempest", "r01", []intel.Why{{Field: "member", Matched: "Octo Tempest", Of: "Scattered LAPSUS$ Hunters"}}, ""},
		{
			"words", "database sale", "r03",
			[]intel.Why{{Field: "title", Matched: "database"}, {Field: "text", Matched: "database, sale"}},
			"The seller known as ShinyHunters offered a «database» of Northlight Airways for «sale». The data breach affects two million customers.",
		},
		{
			"an indicator, defanged", "login.crm-sync.example", "r04",
			[]intel.Why{{Field: "observable", Matched: "login[.]crm-sync[.]example"}, {Field: "text", Matched: "login[.]crm-sync[.]example"}},
			"loader. Brookbank was among the tenants breached. Traffic went to «login[.]crm-sync[.]example» and 203[.]0[.]113[.]7.",
		},
		{
			"reserved text is quoted only", "Brookbank", "r11",
			[]intel.Why{{Field: "victim", Matched: "Brookbank", Of: "Brookbank"}, {Field: "title", Matched: "Brookbank"}, {Field: "text", Matched: "brookbank"}},
			"«brookbank» was attacked, says wire.",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			page, err := ix.Search(t.Context(), intel.Query{Text: c.text})
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range page.Items {
				for _, e := range h.Highlights {
					if utf8.RuneCountInString(e) > maxExcerpt {
						t.Errorf("excerpt too long: %q", e)
					}
				}
				if h.ReportID != c.id {
					continue
				}
				if diff := cmp.Diff(c.why, h.Why); diff != "" {
					t.Errorf("why (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(c.highlight, strings.Join(h.Highlights, "|")); diff != "" {
					t.Errorf("highlight (-want +got):\n%s", diff)
				}
				return
			}
			t.Errorf("%s not found", c.id)
		})
	}
}

func TestEnrich(t *testing.T) {
	ix := indexed(t, corpus())
	for _, c := range []struct {
		item                   intel.EnrichItem
		typ, status, candidate string
		incidents              int
	}{
		{intel.EnrichItem{Value: "Octo Tempest"}, "actor", "found", "scattered-spider", 0},
		{intel.EnrichItem{Value: "unc-6040"}, "actor", "found", "shinyhunters", 2},
		{intel.EnrichItem{Value: "lapsus$"}, "actor", "found", "lapsus", 0},
		{intel.EnrichItem{Value: "Grizzly Steppe"}, "text", "ambiguous", "apt28 apt29", -1},
		{intel.EnrichItem{Value: "HMX"}, "victim", "found", "harbour-motors", 1},
		{intel.EnrichItem{Value: "Harbour Motors Ltd."}, "victim", "found", "harbour-motors", 1},
		{intel.EnrichItem{Value: "www.harbourmotors[.]example"}, "domain", "found", "harbour-motors", 1},
		{intel.EnrichItem{Value: "hxxps://portal.harbourmotors.example:8443/x?y=1"}, "url", "found", "harbour-motors", 1},
		{intel.EnrichItem{Value: "someone@harbourmotors.example"}, "email", "found", "harbour-motors", 1},
		{intel.EnrichItem{Value: "203.0.113[.]7"}, "ip", "found", "", 1},
		{intel.EnrichItem{Value: "198.51.100.1"}, "ip", "not_found", "", -1},
		{intel.EnrichItem{Value: "cve-2025-10001"}, "cve", "found", "", 0},
		{intel.EnrichItem{Value: "T1566.004"}, "technique", "found", "", 1},
		{intel.EnrichItem{Value: "d41d8cd98f00b204e9800998ecf8427e"}, "hash", "not_found", "", -1},
		{intel.EnrichItem{Value: "Nobody Ever"}, "text", "not_found", "", -1},
		{intel.EnrichItem{Value: ""}, "text", "invalid", "", -1},
		{intel.EnrichItem{Value: "x", Type: "colour"}, "colour", "invalid", "", -1},
		{intel.EnrichItem{Value: "10.0.0.0/8", Type: "ip"}, "ip", "invalid", "", -1},
		{intel.EnrichItem{Value: strings.Repeat("a", 600)}, "text", "invalid", "", -1},
		{intel.EnrichItem{Value: "Play", Type: "victim"}, "victim", "not_found", "", -1},
	} {
		got, err := ix.Enrich(t.Context(), []intel.EnrichItem{{Value: "first"}, c.item}, intel.EnrichOptions{MinConfidence: 0.8})
		if err != nil {
			t.Fatal(err)
		}
		r := got[1]
		var cs []string
		for _, x := range r.Candidates {
			cs = append(cs, x.ID)
		}
		if r.Value != c.item.Value || r.Type != c.typ || r.Status != c.status || strings.Join(cs, " ") != c.candidate {
			t.Errorf("%q: %s %s %v, want %s %s %s (%s)", c.item.Value, r.Type, r.Status, cs, c.typ, c.status, c.candidate, r.Problem)
		}
		if (r.Status == "invalid") != (r.Problem != "") {
			t.Errorf("%q: status %s, problem %q", c.item.Value, r.Status, r.Problem)
		}
		if c.incidents < 0 != (r.Summary == nil) || c.incidents >= 0 && r.Summary.Incidents != c.incidents {
			t.Errorf("%q: summary %+v, want %d incidents", c.item.Value, r.Summary, c.incidents)
		}
	}
}

func TestEnrichSummary(t *testing.T) {
	n := corpus()
	n.save(page{
		id: "low", title: "Rumour", source: "wire", published: "2025-10-10", text: "A rumour.",
		stories: []story{{incident: "i-low", actor: "shinyhunters", victim: "northlight", kind: intel.KindDataBreach, confidence: 0.4}},
	})
	ix := indexed(t, n)
	got, err := ix.Enrich(t.Context(), []intel.EnrichItem{{Value: "ShinyHunters"}}, intel.EnrichOptions{MinConfidence: 0.8})
	if err != nil {
		t.Fatal(err)
	}
	s := got[0].Summary
	if s == nil || s.Incidents != 2 || s.BelowThreshold != 1 || s.ClaimOnly != 1 || s.Corroborated != 1 || s.LastReported.String() != "2025-10-01" ||
		s.FirstReported.String() != "2021-05-10" {
		t.Fatalf("summary %+v", s)
	}
	if diff := cmp.Diff([]intel.Count{{Value: "AU", Count: 1}, {Value: "GB", Count: 1}}, s.Countries); diff != "" {
		t.Errorf("countries (-want +got):\n%s", diff)
	}
	if len(got[0].Incidents) != 2 || got[0].Incidents[0].ID != "i-brook-25" {
		t.Errorf("incidents %v", got[0].Incidents)
	}
	// The kept answer must not outlive what it rests on.
	n.purge("r03")
	if _, err := ix.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, _ = ix.Enrich(t.Context(), []intel.EnrichItem{{Value: "ShinyHunters"}}, intel.EnrichOptions{MinConfidence: 0.8}); got[0].Summary.Incidents != 1 {
		t.Errorf("after a purge: %+v", got[0].Summary)
	}
}

func TestMembers(t *testing.T) {
	ix := indexed(t, corpus())
	p, err := ix.Actor(t.Context(), "SLSH", intel.Query{ExpandMembers: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Members) != 3 || p.Summary.Incidents != 2 {
		t.Errorf("members %v, summary %+v", p.Members, p.Summary)
	}
	list, err := ix.Incidents(t.Context(), intel.Query{Actor: "SLSH", ExpandMembers: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range list.Items {
		got = append(got, i.ID+" via "+i.Via)
	}
	if diff := cmp.Diff([]string{"i-brook-25 via ShinyHunters", "i-harbour via "}, got); diff != "" {
		t.Errorf("incidents (-want +got):\n%s", diff)
	}
	if d := list.Items[1]; len(d.Claims) != 2 || d.Claims[0].Title == "" || d.Claims[0].Quote == "" || d.Facets.Event != intel.StanceConfirmed || d.Facets.Attribution != intel.StanceClaimed {
		t.Errorf("detail %+v", d)
	}
}

func TestRestricted(t *testing.T) {
	n := corpus()
	n.victim(intel.Victim{ID: "hush", Name: "Hushed Ltd", Names: []string{"Hushed Ltd"}})
	n.save(page{
		id: "amber", title: "Amber note on Hushed", source: "wire", published: "2025-10-05", text: "Hushed was hit by Play with 198.51.100.9.", tlp: intel.TLPAmber,
		stories: []story{{incident: "i-hush", actor: "play", victim: "hush", kind: intel.KindRansomware}}, observables: []string{"198.51.100.9"},
	})
	n.save(page{
		id: "mixed", title: "Statement on Brookbank", source: "wire", published: "2025-10-06", text: "Brookbank denies.", tlp: intel.TLPAmber,
		stories: []story{{incident: "i-brook-25", actor: "shinyhunters", victim: "brookbank", kind: intel.KindDataBreach, stance: intel.StanceDenied, by: intel.SpeakerVictim, speaker: "Brookbank"}},
	})
	ix := indexed(t, n)
	same(t, "what CLEAR sees", answers(t, indexed(t, corpus()), queries()[:8]), answers(t, ix, queries()[:8]))
	for _, c := range []struct {
		q           intel.Query
		clear, full int
	}{{intel.Query{Text: "hushed"}, 0, 1}, {intel.Query{Actor: "Play"}, 1, 2}, {intel.Query{Observable: "198.51.100.9"}, 0, 1}} {
		for _, l := range []struct {
			tlp  intel.TLP
			want int
		}{{"", c.clear}, {intel.TLPAmber, c.full}} {
			c.q.MaxTLP = l.tlp
			if p, err := ix.Search(t.Context(), c.q); err != nil || p.Total != l.want {
				t.Errorf("%+v: %d, want %d (%v)", c.q, p.Total, l.want, err)
			}
		}
	}
	if _, err := ix.Victim(t.Context(), "Hushed", intel.Query{}); !errors.Is(err, intel.ErrNotFound) {
		t.Errorf("a victim known from an amber report only: %v", err)
	}
	if _, err := ix.Incident(t.Context(), "i-hush", intel.Query{}); !errors.Is(err, intel.ErrNotFound) {
		t.Errorf("its incident: %v", err)
	}
	if _, err := ix.Report(t.Context(), "amber", intel.Query{}); !errors.Is(err, intel.ErrNotFound) {
		t.Errorf("the report: %v", err)
	}
	if s, err := ix.Suggest(t.Context(), "hush", 5); err != nil || len(s) != 0 {
		t.Errorf("suggested: %v %v", s, err)
	}
	r, err := ix.Resolve(t.Context(), []intel.EnrichItem{{Value: "Hushed Ltd"}}, intel.EnrichOptions{})
	if err != nil || r[0].Status != "not_found" {
		t.Errorf("resolved: %+v %v", r, err)
	}
	open, _ := ix.Incident(t.Context(), "i-brook-25", intel.Query{})
	all, _ := ix.Incident(t.Context(), "i-brook-25", intel.Query{MaxTLP: intel.TLPRed})
	if open.Status != intel.StanceAttributed || all.Status != intel.StanceDisputed || len(open.Claims) != 2 || len(all.Claims) != 3 {
		t.Errorf("open %s (%d claims), all %s (%d claims)", open.Status, len(open.Claims), all.Status, len(all.Claims))
	}
}

func TestPurgedAndMerged(t *testing.T) {
	n := corpus()
	ix := indexed(t, n)
	n.purge("r06")
	n.actor(intel.Actor{ID: "apt29", Name: "APT29", MergedInto: "apt28", Origin: "attack", Names: named("Cozy Bear")})
	n.victim(intel.Victim{ID: "brookbank", Name: "Brookbank", Names: []string{"Brookbank"}, MergedInto: "northlight"})
	if _, err := ix.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := ix.Report(t.Context(), "r06", intel.Query{}); !errors.Is(err, intel.ErrPurged) {
		t.Errorf("purged report: %v", err)
	}
	if p, err := ix.Search(t.Context(), intel.Query{Text: "diplomats"}); err != nil || p.Total != 0 {
		t.Errorf("purged text: %v %v", ids(p), err)
	}
	a, err := ix.Actor(t.Context(), "apt29", intel.Query{})
	if err != nil || a.ID != "apt28" || a.MergedInto != "apt28" {
		t.Errorf("merged actor: %+v %v", a, err)
	}
	if p, err := ix.Search(t.Context(), intel.Query{Actor: "APT28"}); err != nil || strings.Join(ids(p), " ") != "r07 r12" {
		t.Errorf("reports of a merged actor: %v %v", ids(p), err)
	}
	v, err := ix.Victim(t.Context(), "Brookbank", intel.Query{})
	if err != nil || v.ID != "northlight" || v.Summary.Incidents != 4 {
		t.Errorf("merged victim: %+v %v", v, err)
	}
	n.victim(intel.Victim{ID: "brookbank", Name: "Brookbank", Names: []string{"Brookbank"}})
	if _, err := ix.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v, err := ix.Victim(t.Context(), "Brookbank", intel.Query{}); err != nil || v.ID != "brookbank" || v.Summary.Incidents != 2 {
		t.Errorf("merge undone: %+v %v", v, err)
	}
}

func TestReport(t *testing.T) {
	ix := indexed(t, corpus())
	for _, c := range []struct {
		id   string
		text bool
	}{{"r04", true}, {"r01", false}, {"r11", false}} {
		rec, err := ix.Report(t.Context(), c.id, intel.Query{})
		if err != nil || (rec.Text != "") != c.text || rec.Report.Text != "" || len(rec.Claims) != 1 {
			t.Errorf("%s: text %q %q, claims %d: %v", c.id, rec.Text, rec.Report.Text, len(rec.Claims), err)
		}
	}
}

func TestSuggest(t *testing.T) {
	ix := indexed(t, corpus())
	for _, c := range []struct{ text, want string }{
		{"sca", "actor:Scattered LAPSUS$ Hunters actor:Scattered Spider"},
		{"hunters", "actor:Scattered LAPSUS$ Hunters"},
		{"unc", "actor:ShinyHunters actor:Scattered Spider"},
		{"apt 2", "actor:APT28 actor:APT29"},
		{"hm", "victim:Harbour Motors"},
		{"CVE-2025", "query:cve:CVE-2025-10001"},
		{"ddo", "query:kind:ddos"},
		{"", ""},
	} {
		got, err := ix.Suggest(t.Context(), c.text, 10)
		if err != nil {
			t.Fatal(err)
		}
		var s []string
		for _, g := range got {
			s = append(s, g.Type+":"+g.Name)
		}
		if strings.Join(s, " ") != c.want {
			t.Errorf("%q: got %v, want %s", c.text, s, c.want)
		}
	}
}

func TestListsAndConflicts(t *testing.T) {
	ix := indexed(t, corpus())
	names := func(q intel.Query) string {
		t.Helper()
		p, err := ix.Actors(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, a := range p.Items {
			out = append(out, a.ID)
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		q    intel.Query
		want string
	}{
		{intel.Query{}, "shinyhunters lapsus scattered-lapsus-hunters scattered-spider apt28 apt29 noname057-16 play"},
		{intel.Query{Text: "scat"}, "scattered-lapsus-hunters scattered-spider"},
		{intel.Query{Victim: "Brookbank"}, "shinyhunters noname057-16"},
		{intel.Query{Kind: intel.KindRansomware}, "play"},
	} {
		if got := names(c.q); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.q, got, c.want)
		}
	}
	v, err := ix.Victims(t.Context(), intel.Query{Actor: "ShinyHunters"})
	if err != nil || len(v.Items) != 2 || v.Items[0].ID != "brookbank" {
		t.Errorf("victims %+v %v", v.Items, err)
	}
	conflicts, err := ix.Conflicts(t.Context())
	if err != nil || len(conflicts) != 1 || conflicts[0].Value != "Grizzly Steppe" || len(conflicts[0].Candidates) != 2 {
		t.Errorf("conflicts %+v %v", conflicts, err)
	}
	sources, err := ix.Sources(t.Context())
	if err != nil || len(sources) != 2 || sources[0].ID != "vendor" || sources[0].Reports != 5 {
		t.Errorf("sources %+v %v", sources, err)
	}
}

func TestFacets(t *testing.T) {
	ix := indexed(t, corpus())
	p, err := ix.Search(t.Context(), intel.Query{Text: "brookbank", Facets: []string{"actor", "country", "year", "sector"}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]intel.Count{
		"actor":   {{Value: "noname057-16", Name: "NoName057(16)", Count: 2}, {Value: "shinyhunters", Name: "ShinyHunters", Count: 2}},
		"country": {{Value: "GB", Count: 4}}, "year": {{Value: "2025", Count: 4}},
		"sector": {{Value: "Financial and insurance activities", Count: 4}},
	}
	if diff := cmp.Diff(want, p.Facets); diff != "" {
		t.Errorf("facets (-want +got):\n%s", diff)
	}
}
