// SPDX-License-Identifier: Apache-2.0

// Package incidents reads openly published collections of incidents by their public field names: the VERIS Community Database
// (JSON), the European Repository of Cyber Incidents (CSV) and CISA's catalogue of known exploited vulnerabilities (JSON). Each
// record becomes one report of its compiler, whose sentences state the fields in words, with the claims that rest on them. A
// compiler is one speaker of its own: what it lists is what it says, never a fact. No data are shipped.
package incidents

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
)

// SourceKind is the kind of source that a collection is: imported, never crawled.
const SourceKind = "collection"

// Bounds: what is beyond them is a bad row.
const (
	maxRecord  = 1 << 20
	maxVictims = 100
	maxName    = 200
	maxSummary = 4000
)

// Options say what a reader cannot know by itself.
type Options struct {
	// Actor says which catalogued actor a name means; ok is false when none or several. Nil knows nobody.
	Actor func(name string) (ref intel.Ref, ok bool)
	// Person says that a name looks like a natural person's, who is never actor or victim. Nil goes by titles alone.
	Person func(name string) bool
}

// Row is one record of a file: an entry to save, or why there is none.
type Row struct {
	// Number counts the file's records from 1; a CSV's header is not counted.
	Number int
	// Entry is set unless the record was left out.
	Entry *intel.Entry
	// Left says why a sound record is none of ours: no outsider attacked, say.
	Left string
	// Problem is what is wrong with a bad record, Raw the record itself, at most a megabyte of it.
	Problem error
	Raw     []byte
}

// Names lists the collections that can be read.
func Names() []string { return []string{"eurepoc", "kev", "vcdb"} }

// Source describes a collection as a source, so that coverage can say when it was last read.
func Source(name string) (intel.Source, bool) {
	c, ok := compilers()[name]
	return c.source(name), ok
}

// Read calls take with every record of a collection's file, in order; an error of take ends it. A record that cannot be read is
// told of and costs the others nothing, unless the file itself breaks off.
func Read(name string, r io.Reader, o Options, take func(Row) error) error {
	c, ok := compilers()[name]
	if !ok {
		return fmt.Errorf("incidents: %q: choose one of %s: %w", name, strings.Join(Names(), ", "), intel.ErrInvalid)
	}
	if o.Actor == nil {
		o.Actor = func(string) (intel.Ref, bool) { return intel.Ref{}, false }
	}
	b := &builder{compiler: c, name: name, o: o}
	if err := c.read(b, r, take); err != nil {
		return fmt.Errorf("incidents: read %s: %w", name, err)
	}
	return nil
}

// compiler is who publishes a collection.
type compiler struct {
	title, home, licence, reliability string
	kind                              intel.SpeakerKind
	read                              func(*builder, io.Reader, func(Row) error) error
}

func compilers() map[string]compiler {
	return map[string]compiler{
		"vcdb": {
			title: "VERIS Community Database", home: "https://github.com/vz-risk/VCDB", licence: "CC BY-SA 4.0", reliability: "C",
			kind: intel.SpeakerMedia, read: readVCDB,
		},
		"eurepoc": {
			title: "European Repository of Cyber Incidents", home: "https://eurepoc.eu/", reliability: "B",
			kind: intel.SpeakerMedia, read: readEuRepoC,
		},
		"kev": {
			title: "CISA Known Exploited Vulnerabilities Catalog", home: "https://www.cisa.gov/known-exploited-vulnerabilities-catalog", licence: "CC0 1.0", reliability: "A",
			kind: intel.SpeakerGovernment, read: readKEV,
		},
	}
}

func (c compiler) source(name string) intel.Source {
	return intel.Source{ID: name, Name: c.title, Kind: SourceKind, Home: c.home, Reliability: c.reliability, Language: "en", Licence: c.licence}
}

// builder makes entries of one collection.
type builder struct {
	compiler
	name string
	o    Options
}

// extractor names the reader in claims, where those read from text name the extractor.
func (b *builder) extractor() string { return "collection/" + b.name + "/1" }

// record is what any collection's record comes down to.
type record struct {
	url, title          string
	published, modified intel.Moment
	// cites is the first address the compiler rests on: a copy of a story adds no origin to it.
	cites   string
	summary string
	finding []intel.Finding
	cves    []string
}

// text collects sentences and where each stands, in code points.
type text struct {
	b strings.Builder
	n int
}

func (t *text) add(s string) intel.Span {
	if t.n > 0 {
		t.b.WriteByte(' ')
		t.n++
	}
	from := t.n
	t.b.WriteString(s)
	t.n += utf8.RuneCountInString(s)
	return intel.Span{Start: from, End: t.n}
}

// entry makes a report of a record: the sentences of its findings, then the compiler's own summary.
func (b *builder) entry(rec record) *intel.Entry {
	var t text
	x := intel.Extraction{Extractor: b.extractor()}
	for _, f := range rec.finding {
		for i := range f.Claims {
			f.Claims[i].Span = t.add(f.Claims[i].Quote)
			f.Claims[i].Confidence = f.Confidence
		}
		for i := range f.Victims {
			f.Victims[i].Role = intel.RoleTarget
		}
		f.Facets, f.Status = facets(f.Claims)
		x.Incidents = append(x.Incidents, f)
		for _, a := range f.Actors {
			if a.ID != "" && !slices.ContainsFunc(x.Actors, func(m intel.Mention) bool { return m.ID == a.ID }) {
				x.Actors = append(x.Actors, mention(f.Claims, a.Ref))
			}
		}
	}
	for _, id := range rec.cves {
		x.CVEs = append(x.CVEs, intel.Mention{ID: id, Name: id, Span: t.add(id + ".")})
	}
	var print []uint32
	if rec.summary != "" {
		t.add(rec.summary)
		print = ledger.Fingerprint(rec.summary)
	}
	body := t.b.String()
	// What the sentences do not say, a sector or a sureness, makes a new version too.
	rest, _ := json.Marshal(x.Incidents)
	sum := sha256.Sum256([]byte(strings.Join([]string{rec.title, rec.published.String(), body, string(rest)}, "\n")))
	return &intel.Entry{Report: intel.Report{
		ID: intel.ReportID(rec.url), URL: rec.url, SourceID: b.name, Publisher: b.title, Title: rec.title, Published: rec.published,
		PublishedFrom: "given", Modified: rec.modified, Language: "en", Text: body, ContentHash: hex.EncodeToString(sum[:]), Fingerprint: print,
		SyndicatedFrom: rec.cites, Reliability: b.reliability, SpeakerKind: b.kind, TLP: intel.TLPClear,
	}, Extraction: x}
}

// mention is where a finding's actor is named.
func mention(said []intel.Statement, a intel.Ref) intel.Mention {
	m := intel.Mention{ID: a.ID, Name: a.Name}
	for _, s := range said {
		before, _, found := strings.Cut(s.Quote, a.Name)
		if found {
			m.Start = s.Start + utf8.RuneCountInString(before)
			m.End = m.Start + utf8.RuneCountInString(a.Name)
			return m
		}
	}
	return m
}

// facets are those of one compiler's word.
func facets(said []intel.Statement) (intel.FacetStatus, intel.Stance) {
	var f intel.FacetStatus
	for _, s := range said {
		switch s.Facet {
		case intel.FacetEvent:
			f.Event = s.Stance
		case intel.FacetAttribution:
			f.Attribution = s.Stance
		case intel.FacetImpact:
			f.Impact = s.Stance
		}
	}
	if f.Attribution != "" {
		return f, f.Attribution
	}
	return f, f.Event
}

// says is one sentence of the compiler.
func (b *builder) says(f intel.Facet, s intel.Stance, sentence string) intel.Statement {
	return intel.Statement{Facet: f, Stance: s, SaidBy: intel.Speaker{Name: b.title, Kind: b.kind}, Quote: sentence}
}

// person says that a name is a natural person's.
func (b *builder) person(name string) bool {
	if titled(name) {
		return true
	}
	return b.o.Person != nil && b.o.Person(name)
}

// titled reports whether a name is called a person by its words.
func titled(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune(" .,()", r) })
	if len(words) == 0 {
		return false
	}
	if slices.Contains([]string{"dr", "mr", "mrs", "ms", "miss", "prof", "professor", "sir", "madam", "senator", "president"}, words[0]) && len(words) > 1 {
		return true
	}
	for _, w := range words {
		switch w {
		case "individual", "individuals", "person", "persons", "dds", "dmd", "esq", "dissident", "dissidents":
			return true
		}
	}
	return words[len(words)-1] == "md" && len(words) > 1
}

// nameless reports whether a field says that there is no name.
func nameless(s string) bool {
	switch strings.ToLower(strings.Trim(strings.TrimSpace(s), ".*?-")) {
	case "", "unknown", "na", "n/a", "none", "not available", "not attributed", "other", "various", "multiple", "redacted", "anonymous victim", "undisclosed":
		return true
	}
	return false
}

// victim is the organisation a field names; false when it names none that may be stored.
func (b *builder) victim(name string) (intel.VictimRef, bool) {
	name = tidy(name)
	if nameless(name) || b.person(name) {
		return intel.VictimRef{}, false
	}
	return intel.VictimRef{Ref: intel.Ref{Name: name}}, true
}

// actor is who a field names: a catalogued actor by any of its names, or a group of that name that nobody has catalogued.
func (b *builder) actor(field string, fresh bool) (intel.ActorRef, bool) {
	field = tidy(field)
	if nameless(field) {
		return intel.ActorRef{}, false
	}
	names := []string{field}
	names = append(names, strings.FieldsFunc(field, func(r rune) bool { return r == '/' || r == '<' || r == ',' || r == '(' || r == ')' })...)
	for _, n := range names {
		if n = strings.TrimSpace(n); n == "" {
			continue
		}
		if ref, ok := b.o.Actor(n); ok {
			return intel.ActorRef{Ref: ref}, true
		}
	}
	if !fresh || b.person(field) || strings.ContainsAny(field, "/<(") || len(strings.Fields(field)) > 4 {
		return intel.ActorRef{}, false
	}
	return intel.ActorRef{Ref: intel.Ref{Name: field}}, true
}

// tidy is a field in one line, bounded.
func tidy(s string) string {
	return cut(strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " "), maxName)
}

// cut shortens a text to at most n bytes at a rune.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimSpace(s[:n])
}

// summary is a compiler's text in one paragraph, bounded, without addresses of hidden services.
func summary(s string) string {
	words := slices.DeleteFunc(strings.Fields(strings.ToValidUTF8(s, "")), func(w string) bool {
		return strings.Contains(strings.ToLower(w), ".onion")
	})
	return cut(strings.Join(words, " "), maxSummary)
}
