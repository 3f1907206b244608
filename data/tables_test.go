package data_test

import (
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/rapsheet/rapsheet/data"
)

// load decodes a file of this folder strictly.
func load(t *testing.T, name string, out any) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Load(b, out, yaml.WithKnownFields()); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

type discoverEntry struct {
	Type  string `yaml:"type"`
	URL   string `yaml:"url"`
	Links string `yaml:"links"`
	Next  string `yaml:"next"`
}

type sourceEntry struct {
	ID          string          `yaml:"id"`
	Name        string          `yaml:"name"`
	Kind        string          `yaml:"kind"`
	Home        string          `yaml:"home"`
	Reliability string          `yaml:"reliability"`
	Language    string          `yaml:"language"`
	Country     string          `yaml:"country"`
	Licence     string          `yaml:"licence"`
	ServeText   bool            `yaml:"serve_text"`
	Checked     string          `yaml:"checked"`
	Tags        []string        `yaml:"tags"`
	Note        string          `yaml:"note"`
	Delay       string          `yaml:"delay"`
	Topics      []string        `yaml:"topics"`
	Discover    []discoverEntry `yaml:"discover"`
}

func TestSourceTable(t *testing.T) {
	var doc struct {
		Sources []sourceEntry `yaml:"sources"`
	}
	load(t, "sources.yaml", &doc)
	if len(doc.Sources) < 90 {
		t.Errorf("%d sources", len(doc.Sources))
	}
	codes := countryCodes(t)
	ids, urls := map[string]bool{}, map[string]bool{}
	for _, s := range doc.Sources {
		if ids[s.ID] || !regexp.MustCompile(`^[a-z0-9-]+$`).MatchString(s.ID) {
			t.Errorf("%q: twice, or no id", s.ID)
		}
		ids[s.ID] = true
		checkSource(t, &s, codes)
		for _, d := range s.Discover {
			if urls[d.URL] {
				t.Errorf("%s: %s is another source's too", s.ID, d.URL)
			}
			urls[d.URL] = true
		}
	}
}

func checkSource(t *testing.T, s *sourceEntry, codes map[string]bool) {
	t.Helper()
	kinds := []string{"media", "vendor", "government", "regulator", "police", "court", "company", "research"}
	if s.Name == "" || !slices.Contains(kinds, s.Kind) || !regexp.MustCompile(`^[A-F]$`).MatchString(s.Reliability) {
		t.Errorf("%s: name %q, kind %q, reliability %q", s.ID, s.Name, s.Kind, s.Reliability)
	}
	if len(s.Language) != 2 || !codes[s.Country] || s.Licence == "" || s.Checked == "" || len(s.Discover) == 0 {
		t.Errorf("%s: language %q, country %q, licence %q, checked %q", s.ID, s.Language, s.Country, s.Licence, s.Checked)
	}
	if s.ServeText && strings.Contains(s.Licence, "reserved") {
		t.Errorf("%s: serves text whose rights are reserved", s.ID)
	}
	for _, d := range s.Discover {
		u, err := url.Parse(d.URL)
		if err != nil || u.Scheme != "https" || u.Host == "" || strings.HasSuffix(u.Hostname(), ".onion") {
			t.Errorf("%s: address %q", s.ID, d.URL)
		}
		listing := d.Type == "listing" || d.Type == "archive"
		if !slices.Contains([]string{"feed", "sitemap", "archive", "listing", "page"}, d.Type) || listing != (d.Links != "") {
			t.Errorf("%s: discovery %q with links %q", s.ID, d.Type, d.Links)
		}
	}
}

func TestSectorTable(t *testing.T) {
	var doc struct {
		Sectors []struct {
			Section string   `yaml:"section"`
			Name    string   `yaml:"name"`
			Title   string   `yaml:"title"`
			OV      string   `yaml:"ov"`
			OVAlso  []string `yaml:"ov_also"`
			Words   []string `yaml:"words"`
		} `yaml:"sectors"`
	}
	load(t, "sectors.yaml", &doc)
	var sections strings.Builder
	at := map[string]string{}
	for _, s := range doc.Sectors {
		sections.WriteString(s.Section)
		if s.Name == "" || s.OV == "" {
			t.Errorf("%s: name %q, ov %q", s.Section, s.Name, s.OV)
		}
		for _, w := range s.Words {
			if old := at[w]; old != "" || w != strings.ToLower(w) {
				t.Errorf("%s: %q is not lower case, or in %s too", s.Section, w, old)
			}
			at[w] = s.Section
		}
	}
	if got := sections.String(); got != "ABCDEFGHIJKLMNOPQRSTU" {
		t.Errorf("sections %s", got)
	}
}

func TestOrganisations(t *testing.T) {
	list, err := data.Organisations()
	if err != nil {
		t.Fatal(err)
	}
	codes, seen := countryCodes(t), map[string]bool{}
	for _, o := range list {
		if !codes[o.Country] || len(o.Section) != 1 || o.Section[0] < 'A' || o.Section[0] > 'U' {
			t.Errorf("%s: country %q, section %q", o.Name, o.Country, o.Section)
		}
		for _, n := range append([]string{o.Name}, o.Also...) {
			if k := strings.ToLower(n); n == "" || seen[k] {
				t.Errorf("%s: the name %q is empty or stands twice", o.Name, n)
			}
			seen[strings.ToLower(n)] = true
		}
	}
}

type countryEntry struct {
	Code     string   `yaml:"code"`
	Name     string   `yaml:"name"`
	Names    []string `yaml:"names"`
	Demonyms []string `yaml:"demonyms"`
	Capital  string   `yaml:"capital"`
	Places   []string `yaml:"places"`
	Domains  []string `yaml:"domains"`
	Forms    []string `yaml:"forms"`
}

func countries(t *testing.T) []countryEntry {
	t.Helper()
	var doc struct {
		Countries []countryEntry `yaml:"countries"`
	}
	load(t, "countries.yaml", &doc)
	return doc.Countries
}

func countryCodes(t *testing.T) map[string]bool {
	t.Helper()
	codes := map[string]bool{}
	for _, c := range countries(t) {
		codes[c.Code] = true
	}
	return codes
}

func TestCountryTable(t *testing.T) {
	list := countries(t)
	if len(list) != 250 {
		t.Errorf("%d countries, want the 249 of ISO 3166-1 and Kosovo", len(list))
	}
	words := map[string]string{}
	for _, c := range list {
		if !regexp.MustCompile(`^[A-Z]{2}$`).MatchString(c.Code) || c.Name == "" {
			t.Errorf("code %q, name %q", c.Code, c.Name)
		}
		for _, w := range slices.Concat([]string{c.Name}, c.Names) {
			if old := words[strings.ToLower(w)]; old != "" {
				t.Errorf("%s: the name %q is that of %s too", c.Code, w, old)
			}
			words[strings.ToLower(w)] = c.Code
		}
	}
	places := map[string]string{}
	for _, c := range list {
		for _, w := range c.Places {
			if old := places[strings.ToLower(w)]; old != "" {
				t.Errorf("%s: the place %q is in %s too", c.Code, w, old)
			}
			places[strings.ToLower(w)] = c.Code
		}
	}
}
