package extract

import (
	"fmt"
	"strings"

	"github.com/rapsheet/rapsheet/extract/dates"
	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/extract/sentence"
	"github.com/rapsheet/rapsheet/intel"
)

// version names the rules; the digest of the model and catalogue is added to it.
const version = "rules-1"

// Country is what the extractor needs to know of a country.
type Country struct {
	// Code is ISO 3166-1 alpha-2.
	Code string
	// Names are its names and short forms, Demonyms its adjectives, Places its towns and regions.
	Names, Demonyms, Places []string
	// Domains are its top-level domains without the dot; Forms the legal forms that only it uses.
	Domains, Forms []string
}

// Sector is a section of ISIC rev. 4 with the words that tell of it.
type Sector struct {
	// Name is the section's name and OV the STIX industry-sector-ov value.
	Name, OV string
	// Words are words and phrases in lower case that speak for it.
	Words []string
}

// Victim is an organisation known by name, so that its acronyms, country and sector need not be in the text.
type Victim struct {
	ID      string
	Names   []string
	Country string
	Sector  string
}

// Options configure an Extractor. The zero value knows no actor, country, sector or organisation and uses the embedded model.
type Options struct {
	Catalogue intel.Catalogue
	Countries []Country
	Sectors   []Sector
	Victims   []Victim
	// Model replaces the embedded model: lines of a feature, a tab and a weight.
	Model []byte
	// MinConfidence is the least confidence of an incident that is given; zero means 0.05.
	MinConfidence float64
}

// Input is one report to read.
type Input struct {
	ID       string
	Title    string
	Text     string
	Language string
	// Published is the reference for words of time; the zero Moment leaves them unresolved.
	Published     intel.Moment
	Publisher     string
	PublisherKind intel.SpeakerKind
	// Second is what another reader (an intel.Recognizer) made of the report; nil for none.
	Second *intel.Recognition
}

// Extractor reads reports. It is safe for use by several goroutines.
type Extractor struct {
	lex       *lexicon.Lexicon
	actors    *gazetteer
	model     *model
	places    *placeTable
	sectors   *sectorTable
	known     map[string]*Victim
	techs     map[string]intel.Technique
	techNames *gazetteer
	least     float64
	version   string
}

// New makes an Extractor. It returns ErrInvalid when the model cannot be read.
func New(o Options) (*Extractor, error) {
	lex, err := lexicon.Load()
	if err != nil {
		return nil, fmt.Errorf("extract: load lexicon: %w", err)
	}
	raw := o.Model
	if raw == nil {
		raw = embeddedModel
	}
	m, err := readModel(raw)
	if err != nil {
		return nil, fmt.Errorf("extract: read model: %w", err)
	}
	x := &Extractor{lex: lex, model: m, known: map[string]*Victim{}, techs: map[string]intel.Technique{}, least: o.MinConfidence}
	if x.least == 0 {
		x.least = 0.05
	}
	x.places = newPlaces(o.Countries, lex)
	x.sectors = newSectors(o.Sectors)
	x.actors = newActorGazetteer(o.Catalogue)
	x.techNames = newTechniqueGazetteer(o.Catalogue.Techniques)
	for _, t := range o.Catalogue.Techniques {
		x.techs[strings.ToUpper(t.ID)] = t
	}
	for i := range o.Victims {
		for _, n := range o.Victims[i].Names {
			x.known[orgKey(strings.Fields(strings.ToLower(n)), lex)] = &o.Victims[i]
		}
	}
	x.version = version + "+" + m.digest
	if o.Catalogue.Version != "" {
		x.version += "+" + o.Catalogue.Version
	}
	return x, nil
}

// Version tells two extractors apart: the rules, the model and the catalogue.
func (x *Extractor) Version() string { return x.version }

// Extract reads one report.
func (x *Extractor) Extract(in Input) intel.Extraction {
	d := x.read(in)
	x.rank(d)
	d.heed()
	out := intel.Extraction{Incidents: x.incidents(d), Relations: d.relations(), Extractor: x.version}
	out.Actors, out.Software = d.actorMentions()
	out.Observables, out.CVEs, out.Techniques = d.indicators()
	return out
}

// document is a report while it is read.
type document struct {
	x  *Extractor
	in Input
	*sentence.Text
	// base is where the report's text begins in Raw, after the title.
	base int
	// class holds the word classes of each token, hit the index of the actor hit that covers it or -1.
	class    []lexicon.Class
	hits     []hit
	hitAt    []int32
	mentions []mention
	groups   []group
	at       []int32
	// titled marks headlines: sentences in which nearly every word has a capital.
	titled []bool
	runes  runeIndex
	genre  genre
	// said holds the acts of speech by sentence, corefAt the group that a token such as "company" stands for; both are made by speech.
	said    [][]utterance
	corefAt map[int]int
	// contents holds what whole sentences speak of, as far as it was asked for.
	contents []*content
	// tellsOf holds the likely victims that each paragraph names, once they were asked for.
	tellsOf map[int][]int
	// times holds the phrases of time by sentence.
	times [][]dates.Found
	// second is what another reader said, or nil.
	second *second
}

// read prepares a report: tokens, sentences, names, groups.
func (x *Extractor) read(in Input) *document {
	if len(in.Title) > 2000 {
		in.Title = ""
	}
	raw, base := in.Text, 0
	if t := strings.TrimSpace(in.Title); t != "" && !strings.HasPrefix(strings.TrimSpace(in.Text), t) {
		raw = t + "\n\n" + in.Text
		base = len(t) + 2
	}
	d := &document{x: x, in: in, Text: sentence.Read(raw), base: base}
	d.runes = newRuneIndex(in.Text)
	d.class = make([]lexicon.Class, len(d.Tokens))
	for i := range d.Tokens {
		d.class[i] = x.lex.Word(d.Tokens[i].Low)
	}
	d.titled = d.titleCased()
	d.readPlainNames()
	if in.Second != nil {
		d.second = d.newSecond(in.Second)
	}
	d.findActors()
	d.findMentions()
	d.groupMentions()
	d.findSeries()
	d.genre = d.readGenre()
	return d
}

// inTitle reports whether a sentence belongs to the title.
func (d *document) inTitle(s int) bool { return d.Sentences[s].Start < d.base }

// low is the token i in lower case, or empty outside the text.
func (d *document) low(i int) string {
	if i < 0 || i >= len(d.Tokens) {
		return ""
	}
	return d.Tokens[i].Low
}

// is reports whether token i has one of the classes.
func (d *document) is(i int, c lexicon.Class) bool {
	return i >= 0 && i < len(d.class) && d.class[i].Any(c)
}

// words is the text of tokens a to b.
func (d *document) words(a, b int) string { return d.Raw[d.Tokens[a].Start:d.Tokens[b-1].End] }
