package api

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// Bounds of what a free text is found to name.
const (
	namedMost = 20
	// nameWords is the longest name of an organisation that is looked for, triesMost how many are tried in one text.
	nameWords, triesMost = 5, 128
	// mentionedConfidence is that of a name that stands in a text: it does not say that the text is about it.
	mentionedConfidence = 0.5
	matchMentioned      = "mentioned"
	// finderKept is how long the names to look for are kept at least: to read them all takes a while.
	finderKept = time.Minute
)

// isProse reports whether a value is to be read as a text. Undeclared ones must look like a sentence, since a name that merely stands
// in a longer name ("Akira Foods Ltd") is somebody else's.
func isProse(value string, declared bool) bool {
	words, small := 0, 0
	for w := range strings.FieldsSeq(value) {
		words++
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) {
			small++
		}
	}
	return words >= 2 && declared || words >= 5 && small >= 2
}

// readText answers a text by what it names, where the whole of it is no name. typed is the type that the caller gave.
func (s *server) readText(ctx context.Context, r *intel.EnrichResult, typed string, o intel.EnrichOptions) error {
	partial := len(r.Candidates) > 0 && !slices.ContainsFunc(r.Candidates, func(c intel.Candidate) bool { return c.Match != names.MatchPartial })
	whole := !partial && (r.Status != "not_found" || r.Type != "text")
	if whole || typed != "" && typed != "text" || !isProse(r.Value, typed == "text") {
		return nil
	}
	text := intel.EnrichResult{ID: r.ID, Value: r.Value, Type: "text", Status: "not_found", Candidates: []intel.Candidate{}}
	if err := s.addNamed(ctx, &text, o); err != nil {
		return err
	}
	if text.Status != "not_found" {
		*r = text
	}
	return nil
}

// finder finds the names of actors in texts.
type finder struct {
	mu    sync.Mutex
	gen   uint64
	until time.Time
	held  *names.Matcher
}

func (f *finder) get(ctx context.Context, gen uint64, now time.Time, from intel.Archive) (*names.Matcher, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held != nil && (f.gen == gen || now.Before(f.until)) {
		return f.held, nil
	}
	c, err := from.Actors(ctx)
	if err != nil {
		return nil, err
	}
	var all []names.Entry
	for i, a := range c.Actors {
		if a.Withdrawn {
			continue
		}
		for _, n := range a.Names {
			if !n.Withdrawn {
				all = append(all, names.Entry{Name: n.Name, Policy: n.Match, ID: i})
			}
		}
	}
	f.held, f.gen, f.until = names.NewMatcher(all), gen, now.Add(finderKept)
	return f.held, nil
}

// piece is a part of a text that may name something.
type piece struct {
	start, end int
	item       intel.EnrichItem
}

// addNamed answers a text by what it names: actors, organisations, CVEs, techniques and observables. The text itself means none of
// them, so its candidates are "mentioned" and never certain.
func (s *server) addNamed(ctx context.Context, r *intel.EnrichResult, o intel.EnrichOptions) error {
	pieces, err := s.pieces(ctx, r.Value, o)
	if err != nil || len(pieces) == 0 {
		return err
	}
	items := make([]intel.EnrichItem, len(pieces))
	for i, p := range pieces {
		items[i] = p.item
	}
	found, err := s.Reader.Enrich(ctx, items, o)
	if err != nil {
		return fmt.Errorf("api: enrich what a text names: %w", err)
	}
	met := map[string]bool{}
	for _, f := range found {
		if f.Status != "found" && f.Status != "ambiguous" {
			continue
		}
		if f.Status == "ambiguous" || r.Status == "not_found" {
			r.Status = f.Status
		}
		r.Named = append(r.Named, f)
		for _, c := range f.Candidates {
			if key := c.Type + ":" + c.ID; !met[key] && len(r.Candidates) < mostCandidates(o) {
				met[key] = true
				c.Match, c.Confidence = matchMentioned, min(c.Confidence, mentionedConfidence)
				c.Why = "“" + f.Value + "” stands in the text; " + c.Why
				r.Candidates = append(r.Candidates, c)
			}
		}
	}
	if len(r.Named) == 1 {
		r.Summary, r.Incidents = r.Named[0].Summary, r.Named[0].Incidents
	}
	return nil
}

// pieces gives what in a text is worth asking about, in its order and each once.
func (s *server) pieces(ctx context.Context, text string, o intel.EnrichOptions) ([]piece, error) {
	var all []piece
	if s.Archive != nil {
		gen, _ := s.Reader.Generation()
		m, err := s.finder.get(ctx, gen, s.Clock(), s.Archive)
		if err != nil {
			return nil, err
		}
		for _, f := range m.Find(text) {
			all = append(all, piece{f.Start, f.End, intel.EnrichItem{Type: "actor", Value: text[f.Start:f.End]}})
		}
	}
	words := wordsOf(text)
	values, err := s.valuesIn(ctx, words, o)
	if err != nil {
		return nil, err
	}
	all = withoutOverlap(all, values)
	victims, err := s.victimsIn(ctx, text, words, o)
	if err != nil {
		return nil, err
	}
	return inOrder(withoutOverlap(all, victims)), nil
}

// inOrder sorts pieces by place and keeps the first of each thing asked for.
func inOrder(all []piece) []piece {
	slices.SortFunc(all, func(a, b piece) int { return a.start - b.start })
	met := map[intel.EnrichItem]bool{}
	out := all[:0]
	for _, p := range all {
		key := intel.EnrichItem{Type: p.item.Type, Value: names.Fold(p.item.Value)}
		if !met[key] && len(out) < namedMost {
			met[key] = true
			out = append(out, p)
		}
	}
	return out
}

// withoutOverlap adds the pieces that touch none of those before.
func withoutOverlap(all, more []piece) []piece {
	for _, p := range more {
		free := true
		for _, q := range all {
			free = free && (p.end <= q.start || q.end <= p.start)
		}
		if free {
			all = append(all, p)
		}
	}
	return all
}

// word is a word of a text without the punctuation around it; ends says that punctuation follows that no name goes across.
type word struct {
	start, end int
	text       string
	ends       bool
}

const punctuation = ".,;:!?\"'()[]{}<>“”‘’«»"

func wordsOf(text string) []word {
	var out []word
	at := 0
	for f := range strings.FieldsSeq(text) {
		at += strings.Index(text[at:], f)
		from := at
		at += len(f)
		left := strings.TrimLeft(f, punctuation)
		bare := strings.TrimRight(left, punctuation)
		if bare == "" {
			continue
		}
		start := from + len(f) - len(left)
		out = append(out, word{start, start + len(bare), bare, len(bare) < len(left)})
	}
	return out
}

// valuesIn finds the CVEs, techniques and observables that a report holds, and the domains of organisations.
func (s *server) valuesIn(ctx context.Context, words []word, o intel.EnrichOptions) ([]piece, error) {
	var tried []piece
	for _, w := range words {
		if strings.ContainsAny(w.text, "0123456789.:@") && len(w.text) > 3 {
			tried = append(tried, piece{w.start, w.end, intel.EnrichItem{Value: w.text}})
		}
	}
	return s.keepFound(ctx, tried, o, func(r intel.EnrichResult) bool {
		switch r.Type {
		case "text", "actor", "victim":
			return false
		}
		return true
	})
}

// victimsIn finds the names of organisations: written with a capital, the longest first, exactly as they are known.
func (s *server) victimsIn(ctx context.Context, text string, words []word, o intel.EnrichOptions) ([]piece, error) {
	var tried []piece
	for i := range words {
		if r, _ := utf8.DecodeRuneInString(words[i].text); !unicode.IsUpper(r) && !unicode.IsDigit(r) {
			continue
		}
		last := i
		for last+1 < len(words) && last+1 < i+nameWords && !words[last].ends {
			last++
		}
		for ; last >= i && len(tried) < triesMost; last-- {
			if v := text[words[i].start:words[last].end]; len(v) >= 3 {
				tried = append(tried, piece{words[i].start, words[last].end, intel.EnrichItem{Type: "victim", Value: v}})
			}
		}
	}
	found, err := s.keepFound(ctx, tried, o, func(r intel.EnrichResult) bool { return r.Candidates[0].Match != names.MatchFolded })
	return withoutOverlap(nil, found), err
}

// keepFound keeps the pieces that mean something and that keep approves of.
func (s *server) keepFound(ctx context.Context, tried []piece, o intel.EnrichOptions, keep func(intel.EnrichResult) bool) ([]piece, error) {
	if len(tried) == 0 {
		return nil, nil
	}
	items := make([]intel.EnrichItem, len(tried))
	for i, p := range tried {
		items[i] = p.item
	}
	found, err := s.Reader.Resolve(ctx, items, o)
	if err != nil {
		return nil, fmt.Errorf("api: resolve what a text names: %w", err)
	}
	var out []piece
	for i, r := range found {
		if r.Status == "found" || r.Status == "ambiguous" {
			if keep(r) {
				out = append(out, tried[i])
			}
		}
	}
	return out, nil
}
