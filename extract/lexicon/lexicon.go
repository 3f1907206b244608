package lexicon

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

//go:embed words.txt
var wordsFile string

//go:embed names.txt
var namesFile string

// Class is a set of word classes.
type Class uint64

// The classes of single words.
const (
	AttackNoun Class = 1 << iota
	AttackVerb
	StealVerb
	SufferVerb
	DiscloseVerb
	SayVerb
	FindVerb
	ClaimVerb
	ClaimNoun
	ListNoun
	Negation
	Lure
	OrgHead
	Legal
	HeadFull
	LowHead
	OfHead
	CorpHead
	ActorHead
	MalwareHead
	ProductHead
	PersonRole
	Honorific
	Researcher
	Background
	CustNoun
	Demonym
	Weekday
	Month
	Function
	Starter
	// The classes of names, which may have several words.
	Vendor
	Media
	Authority
	Product
	Social
	Given
	Place
)

// classNames pairs the names used in the files with the classes, in the order of the constants.
func classNames() []string {
	return []string{
		"attacknoun", "attackverb", "stealverb", "sufferverb", "discloseverb", "sayverb", "findverb", "claimverb", "claimnoun", "listnoun",
		"negation", "lure", "orghead", "legal", "headfull", "lowhead", "ofhead", "corphead", "actorhead", "malwarehead", "producthead",
		"personrole", "honorific", "researcher", "background", "custnoun", "demonym", "weekday", "month", "function", "starter",
		"vendor", "media", "authority", "product", "social", "given", "place",
	}
}

// Has reports whether c holds all classes of d.
func (c Class) Has(d Class) bool { return c&d == d }

// Any reports whether c and d share a class.
func (c Class) Any(d Class) bool { return c&d != 0 }

// Names lists the names of the classes in c.
func (c Class) Names() []string {
	var out []string
	for i, n := range classNames() {
		if c&(1<<i) != 0 {
			out = append(out, n)
		}
	}
	return out
}

// Lexicon knows the classes of words and of names.
type Lexicon struct {
	words  map[string]Class
	names  map[string]Class
	places map[string]string
}

// Load reads the embedded files.
func Load() (*Lexicon, error) {
	l := &Lexicon{words: map[string]Class{}, names: map[string]Class{}, places: map[string]string{}}
	index := map[string]Class{}
	for i, n := range classNames() {
		index[n] = 1 << i
	}
	if err := l.read("words.txt", wordsFile, index, strings.Fields, l.addWord); err != nil {
		return nil, err
	}
	split := func(s string) []string {
		if strings.Contains(s, ",") {
			return strings.Split(s, ",")
		}
		return strings.Fields(s)
	}
	return l, l.read("names.txt", namesFile, index, split, l.addName)
}

func (l *Lexicon) read(file, text string, index map[string]Class, split func(string) []string, add func(string, Class)) error {
	for n, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		name, rest, ok := strings.Cut(line, ":")
		c := index[name]
		if !ok || c == 0 {
			return fmt.Errorf("lexicon: read %s:%d: unknown class %q: %w", file, n+1, name, intel.ErrInvalid)
		}
		for _, w := range split(rest) {
			if w = strings.TrimSpace(w); w != "" {
				add(w, c)
			}
		}
	}
	return nil
}

func (l *Lexicon) addWord(w string, c Class) {
	base, form, ok := strings.Cut(w, "/")
	if !ok {
		l.words[w] |= c
		return
	}
	l.words[base] |= c
	for _, f := range inflect(base, form) {
		l.words[f] |= c
	}
}

func (l *Lexicon) addName(n string, c Class) { l.names[n] |= c }

// AddPlace makes a name, in lower case, known as a place of a country.
func (l *Lexicon) AddPlace(name, country string) {
	l.names[name] |= Place
	if country != "" {
		l.places[name] = country
	}
}

// AddName makes a name, in lower case, known under classes.
func (l *Lexicon) AddName(name string, c Class) { l.names[name] |= c }

// AddWord makes a word, in lower case, known under classes.
func (l *Lexicon) AddWord(word string, c Class) { l.words[word] |= c }

// Word gives the classes of a word in lower case.
func (l *Lexicon) Word(low string) Class { return l.words[low] }

// Name gives the classes of a name in lower case, words separated by one space.
func (l *Lexicon) Name(low string) Class { return l.names[low] }

// inflect gives the regular forms of a verb or noun.
func inflect(w, form string) []string {
	plural := w + "s"
	switch {
	case strings.HasSuffix(w, "s"), strings.HasSuffix(w, "x"), strings.HasSuffix(w, "ch"), strings.HasSuffix(w, "sh"):
		plural = w + "es"
	case strings.HasSuffix(w, "y") && !strings.ContainsAny(w[len(w)-2:len(w)-1], "aeiou"):
		plural = w[:len(w)-1] + "ies"
	}
	if form == "n" {
		return []string{plural}
	}
	stem := w
	switch {
	case strings.HasSuffix(w, "e"):
		stem = w[:len(w)-1]
	case doubles(w):
		stem = w + w[len(w)-1:]
	}
	past := stem + "ed"
	if strings.HasSuffix(plural, "ies") {
		past = plural[:len(plural)-1] + "d"
	}
	return []string{plural, past, stem + "ing"}
}

// doubles reports whether a verb doubles its last consonant: scan, plan, submit.
func doubles(w string) bool {
	switch w {
	case "scam", "drop", "plan", "admit", "submit", "scan", "ransom":
		return w != "ransom"
	}
	return false
}
