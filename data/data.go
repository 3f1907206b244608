// SPDX-License-Identifier: Apache-2.0

// Package data embeds the facts that rapsheet ships: the joined catalogue of actors with the curated records laid over it, the
// sources, the sectors and the countries. Decoding is strict: an unknown field is an error that names file and line.
package data

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

//go:embed catalogue.json.gz crosswalk.yaml actors/*.yaml sources.yaml sectors.yaml countries.yaml organisations.yaml
var files embed.FS

// maxCatalogue bounds the catalogue when it is unpacked, in bytes.
const maxCatalogue = 64 << 20

// strict decodes YAML; file names it in errors, the decoder adds the line.
func strict(file string, b []byte, v any) error {
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(v); err != nil {
		return fmt.Errorf("data: %s: %w: %w", file, plain(err), intel.ErrInvalid)
	}
	return nil
}

// plain tells the decoder's findings in the words of who writes the file: lines and keys, no types of this program.
func plain(err error) error {
	var all *yaml.LoadErrors
	if !errors.As(err, &all) {
		return err
	}
	told := make([]string, len(all.Errors))
	for i, e := range all.Errors {
		told[i] = fmt.Sprintf("line %d: %s", e.Mark.Line, unknownKey(e.Message))
	}
	return errors.New(strings.Join(told, "; "))
}

// unknownKey turns the decoder's sentence about a field into one about a key, with the keys that there are where it tells them.
func unknownKey(said string) string {
	rest, ok := strings.CutPrefix(said, "field ")
	key, of, found := strings.Cut(rest, " not found in type ")
	if !ok || !found {
		return said
	}
	told := fmt.Sprintf("there is no key %q here", key)
	var known []string
	for _, tag := range strings.Split(of, `yaml:\"`)[1:] {
		name, _, _ := strings.Cut(tag, `\"`)
		known = append(known, name)
	}
	if len(known) > 0 {
		told += "; keys are " + strings.Join(known, ", ")
	}
	return told
}

// Catalogue is the embedded catalogue: the parts joined, with the curated records laid over them.
func Catalogue() (intel.Catalogue, error) {
	p, err := Parts()
	if err != nil {
		return intel.Catalogue{}, err
	}
	return Joined(p, nil)
}

// Parts are the embedded catalogues as their publishers have them.
func Parts() (names.Parts, error) {
	var p names.Parts
	b, err := files.ReadFile("catalogue.json.gz")
	if err != nil {
		return p, fmt.Errorf("data: catalogue: %w", err)
	}
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return p, fmt.Errorf("data: catalogue: %w", err)
	}
	if err := json.NewDecoder(io.LimitReader(r, maxCatalogue)).Decode(&p); err != nil {
		return p, fmt.Errorf("data: catalogue: %w", err)
	}
	return p, nil
}

// Links are the joins of the embedded crosswalk.
func Links() ([]names.Link, error) {
	b, err := files.ReadFile("crosswalk.yaml")
	if err != nil {
		return nil, fmt.Errorf("data: crosswalk: %w", err)
	}
	return ParseLinks("crosswalk.yaml", b)
}

// ParseLinks reads a crosswalk strictly.
func ParseLinks(file string, b []byte) ([]names.Link, error) {
	var doc struct {
		Links []names.Link `yaml:"links"`
	}
	err := strict(file, b, &doc)
	return doc.Links, err
}

// Joined joins parts by the embedded crosswalk and then by links, which may also keep records apart, and lays the curated records
// over the outcome.
func Joined(p names.Parts, links []names.Link) (intel.Catalogue, error) {
	own, err := Links()
	if err != nil {
		return intel.Catalogue{}, err
	}
	c := p.Join(append(own, links...))
	digest := []string{p.MISP.Version, p.Attack.Version, p.Microsoft.Version}
	for _, l := range append(own, links...) {
		digest = append(digest, fmt.Sprintf("%+v", l))
	}
	c.Version = intel.UUIDv5(digest...)
	return c, curate(&c)
}

// curate lays data/actors over the catalogue.
func curate(c *intel.Catalogue) error {
	paths, err := fs.Glob(files, "actors/*.yaml")
	if err != nil {
		return fmt.Errorf("data: actors: %w", err)
	}
	digest := []string{c.Version}
	for _, p := range paths {
		b, err := files.ReadFile(p)
		if err != nil {
			return fmt.Errorf("data: %s: %w", p, err)
		}
		rec, err := ParseActor(p, b)
		if err != nil {
			return err
		}
		lay(c, rec)
		digest = append(digest, string(b))
	}
	c.Version = intel.UUIDv5(digest...)[:13]
	return nil
}

// sourceEntry is one entry of sources.yaml.
type sourceEntry struct {
	ID          string   `yaml:"id"`
	Name        string   `yaml:"name"`
	Kind        string   `yaml:"kind"`
	Home        string   `yaml:"home"`
	Reliability string   `yaml:"reliability"`
	Language    string   `yaml:"language"`
	Country     string   `yaml:"country"`
	Licence     string   `yaml:"licence"`
	ServeText   bool     `yaml:"serve_text"`
	Checked     string   `yaml:"checked"`
	Tags        []string `yaml:"tags"`
	Note        string   `yaml:"note"`
	Delay       string   `yaml:"delay"`
	Topics      []string `yaml:"topics"`
	Evidence    *bool    `yaml:"evidence"`
	Discover    []struct {
		Type     string `yaml:"type"`
		URL      string `yaml:"url"`
		Links    string `yaml:"links"`
		Next     string `yaml:"next"`
		MaxPages int    `yaml:"max_pages"`
		Format   string `yaml:"format"`
		Rows     string `yaml:"rows"`
		// Row is the mapping of records.
		Row *rowEntry `yaml:"row"`
	} `yaml:"discover"`
}

// rowEntry is intel.Row in sources.yaml.
type rowEntry struct {
	URL       string `yaml:"url"`
	Title     string `yaml:"title"`
	Text      string `yaml:"text"`
	Published string `yaml:"published"`
	Language  string `yaml:"language"`
}

// Sources are the shipped sources.
func Sources() ([]intel.Source, error) {
	b, err := files.ReadFile("sources.yaml")
	if err != nil {
		return nil, fmt.Errorf("data: sources: %w", err)
	}
	return ParseSources("sources.yaml", b)
}

// ParseSources reads a list of sources. An unknown key, a missing or doubled id, a bad date, delay or discovery gives
// intel.ErrInvalid with the file and the entry or line.
func ParseSources(file string, b []byte) ([]intel.Source, error) {
	var doc struct {
		Sources []sourceEntry `yaml:"sources"`
	}
	if err := strict(file, b, &doc); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	out := make([]intel.Source, 0, len(doc.Sources))
	for i, e := range doc.Sources {
		s, err := e.source()
		if err == nil && seen[e.ID] {
			err = fmt.Errorf("the id stands twice: %w", intel.ErrInvalid)
		}
		if err != nil {
			return nil, fmt.Errorf("data: %s: source %d (%q): %w", file, i+1, e.ID, err)
		}
		seen[e.ID] = true
		out = append(out, s)
	}
	return out, nil
}

func (e sourceEntry) source() (intel.Source, error) {
	s := intel.Source{
		ID: e.ID, Name: e.Name, Kind: e.Kind, Home: e.Home, Reliability: e.Reliability, Language: e.Language, Country: e.Country,
		Licence: e.Licence, ServeText: e.ServeText, Note: e.Note, NoEvidence: e.Evidence != nil && !*e.Evidence,
	}
	if e.ID == "" || e.Name == "" || len(e.Discover) == 0 {
		return s, fmt.Errorf("id, name and discover are needed: %w", intel.ErrInvalid)
	}
	if len(e.Reliability) != 1 || e.Reliability[0] < 'A' || e.Reliability[0] > 'F' {
		return s, fmt.Errorf("reliability %q: an Admiralty letter from A to F: %w", e.Reliability, intel.ErrInvalid)
	}
	for _, d := range e.Discover {
		switch d.Type {
		case "feed", "sitemap", "archive", "listing", "page", "file":
			if d.Row != nil || d.Rows != "" || d.Format != "" {
				return s, fmt.Errorf("discover type %q takes no format, rows or row: %w", d.Type, intel.ErrInvalid)
			}
		case "records":
			if d.Format != "json" && d.Format != "csv" || d.Row == nil || d.Row.URL == "" || d.Row.Title == "" || d.Row.Text == "" {
				return s, fmt.Errorf("records need format (json or csv) and row with url, title and text: %w", intel.ErrInvalid)
			}
		default:
			return s, fmt.Errorf("discover type %q: choose feed, sitemap, archive, listing, page, file or records: %w", d.Type, intel.ErrInvalid)
		}
		s.Discover = append(s.Discover, intel.Discovery{Type: d.Type, URL: d.URL, Links: d.Links, Next: d.Next, MaxPages: d.MaxPages, Format: d.Format, Rows: d.Rows, Row: (*intel.Row)(d.Row)})
	}
	if e.Checked != "" && e.Checked != "never" {
		d, err := intel.ParseDate(e.Checked)
		if err != nil {
			return s, fmt.Errorf("checked: %w", err)
		}
		s.Checked = d
	}
	if e.Delay != "" {
		d, err := time.ParseDuration(e.Delay)
		if err != nil || d < 0 {
			return s, fmt.Errorf("delay %q: write a duration such as 5s: %w", e.Delay, intel.ErrInvalid)
		}
		s.Delay, s.NoDelay = d, d == 0
	}
	return s, nil
}

// Sector is one section of ISIC rev. 4.
type Sector struct {
	Section string   `yaml:"section"`
	Name    string   `yaml:"name"`
	Title   string   `yaml:"title"`
	OV      string   `yaml:"ov"`
	OVAlso  []string `yaml:"ov_also"`
	Words   []string `yaml:"words"`
}

// Sectors are the sections of ISIC rev. 4 with the words that tell of them.
func Sectors() ([]Sector, error) {
	var doc struct {
		Sectors []Sector `yaml:"sectors"`
	}
	err := read("sectors.yaml", &doc)
	return doc.Sectors, err
}

// Organisation is an organisation that reports take for known: its head office and what it does.
type Organisation struct {
	Name    string   `yaml:"name"`
	Also    []string `yaml:"also"`
	Country string   `yaml:"country"`
	Section string   `yaml:"section"`
}

// Organisations are organisations that reports take for known.
func Organisations() ([]Organisation, error) {
	var doc struct {
		Organisations []Organisation `yaml:"organisations"`
	}
	err := read("organisations.yaml", &doc)
	return doc.Organisations, err
}

// Country is one country or territory with the words by which reports call it.
type Country struct {
	Code     string   `yaml:"code"`
	Name     string   `yaml:"name"`
	Names    []string `yaml:"names"`
	Demonyms []string `yaml:"demonyms"`
	Capital  string   `yaml:"capital"`
	Places   []string `yaml:"places"`
	Domains  []string `yaml:"domains"`
	Forms    []string `yaml:"forms"`
}

// Countries are all countries and territories.
func Countries() ([]Country, error) {
	var doc struct {
		Countries []Country `yaml:"countries"`
	}
	err := read("countries.yaml", &doc)
	return doc.Countries, err
}

func read(file string, v any) error {
	b, err := files.ReadFile(file)
	if err != nil {
		return fmt.Errorf("data: %s: %w", file, err)
	}
	return strict(file, b, v)
}

// id is the record's name without its ending.
func id(p string) string { return strings.TrimSuffix(path.Base(p), ".yaml") }
