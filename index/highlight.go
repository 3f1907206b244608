package index

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The bounds of excerpts: quotations stay small.
const (
	maxExcerpts  = 3
	maxExcerpt   = 240
	maxScanned   = 1 << 20
	excerptLead  = 70
	excerptTrail = 110
	maxNamesSeen = 64
)

// looker finds the words of a query in a text.
type looker struct {
	analyzer *analyzer
	// phrases are the terms looked for, by their first.
	phrases map[string][][]string
}

// span is one match, in bytes.
type span struct {
	start, end int
	what       string
}

// lookFor collects the words and phrases of a query, and every name of what it names.
func (ix *Index) lookFor(p *plan) *looker {
	l := &looker{analyzer: ix.text.analyzer, phrases: map[string][][]string{}}
	p.root.words(func(n *node) {
		if n.op == opPhrase || !stopWord(n.text) {
			l.add(n.text)
		}
	})
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	for _, k := range p.knownInOrder() {
		l.add(k.typed)
		for _, n := range k.names {
			for i, name := range ix.as(p.filter.asOf).allNames(n.cand.Type, n.cand.ID) {
				if i < maxNamesSeen {
					l.add(name)
				}
			}
		}
	}
	return l
}

// allNames gives every name of an actor or victim.
func (m *model) allNames(kind, id string) []string {
	var out []string
	if kind == "victim" {
		if v := m.called(id); v != nil {
			out = append(append(out, v.Name), v.Names...)
		}
		return out
	}
	if a := m.actors[id]; a != nil {
		out = append(out, a.Name)
		for _, n := range a.Names {
			if !n.Withdrawn {
				out = append(out, n.Name)
			}
		}
	}
	return out
}

func (l *looker) add(text string) {
	terms := l.analyzer.asked(text)
	if len(terms) == 0 {
		return
	}
	words := make([]string, len(terms))
	for i, t := range terms {
		words[i] = t.text
	}
	for _, p := range l.phrases[words[0]] {
		if slices.Equal(p, words) {
			return
		}
	}
	l.phrases[words[0]] = append(l.phrases[words[0]], words)
}

// slot is all terms at one position of a text.
type slot struct {
	terms      []string
	start, end int
}

func (s slot) has(w string) bool { return slices.Contains(s.terms, w) }

// matches finds every phrase in a text, in order, the longest at each place.
func (l *looker) matches(text string) []span {
	var slots []slot
	last := 0
	scan(text, l.analyzer.stem, func(t term) {
		if t.pos != last {
			slots = append(slots, slot{start: t.start, end: t.end})
			last = t.pos
		}
		s := &slots[len(slots)-1]
		s.terms = append(s.terms, t.text)
		s.start, s.end = min(s.start, t.start), max(s.end, t.end)
	})
	var out []span
	for i := 0; i < len(slots); i++ {
		n := l.longest(slots[i:])
		if n == 0 {
			continue
		}
		start, end := slots[i].start, slots[i+n-1].end
		out = append(out, span{start, end, text[start:end]})
		i += n - 1
	}
	return out
}

// longest gives how many slots the longest phrase that begins here takes.
func (l *looker) longest(slots []slot) int {
	best := 0
	for _, w := range slots[0].terms {
		for _, p := range l.phrases[w] {
			if len(p) <= best || len(p) > len(slots) {
				continue
			}
			ok := true
			for k := 1; k < len(p) && ok; k++ {
				ok = slots[k].has(p[k])
			}
			if ok {
				best = len(p)
			}
		}
	}
	return best
}

// excerpts cuts at most n excerpts with matches out of a text, defanged and marked, and says what matched.
func (l *looker) excerpts(text string, n int) (excerpts, found []string) {
	if len(text) > maxScanned {
		text = strings.ToValidUTF8(text[:maxScanned], "")
	}
	spans := l.matches(text)
	for _, s := range spans {
		key := fold(s.what)
		if !slices.ContainsFunc(found, func(f string) bool { return fold(f) == key }) && len(found) < 8 {
			found = append(found, defang(s.what))
		}
	}
	for _, w := range windows(text, spans, n) {
		excerpts = append(excerpts, mark(text, w, spans))
	}
	return excerpts, found
}

// window is a stretch of text around matches.
type window struct{ start, end int }

// windows chooses the stretches with the most different matches, none overlapping, in order of the text.
func windows(text string, spans []span, n int) []window {
	type scored struct {
		window
		different int
	}
	var all []scored
	for i, s := range spans {
		w := window{edge(text, s.start-excerptLead, s.start, false), edge(text, s.end+excerptTrail, s.end, true)}
		var seen []string
		for _, o := range spans[i:] {
			if o.end > w.end {
				break
			}
			seen = appendNew(seen, fold(o.what))
		}
		all = append(all, scored{w, len(seen)})
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.different, a.different) })
	var out []window
	for _, w := range all {
		if len(out) == n {
			break
		}
		if !slices.ContainsFunc(out, func(o window) bool { return w.start < o.end && o.start < w.end }) {
			out = append(out, w.window)
		}
	}
	slices.SortFunc(out, func(a, b window) int { return cmp.Compare(a.start, b.start) })
	return out
}

// edge moves at to a line end, a character and, if one is near, a space between it and the match.
func edge(text string, at, match int, after bool) int {
	at = min(max(at, 0), len(text))
	if after {
		if i := strings.IndexByte(text[match:at], '\n'); i >= 0 {
			return match + i
		}
		if at == len(text) {
			return at
		}
		if i := strings.LastIndexByte(text[match:at], ' '); i >= 0 {
			return match + i
		}
	} else {
		if i := strings.LastIndexByte(text[at:match], '\n'); i >= 0 {
			return at + i + 1
		}
		if at == 0 {
			return at
		}
		if i := strings.IndexByte(text[at:match], ' '); i >= 0 {
			return at + i + 1
		}
	}
	for at < len(text) && at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

// mark writes a window with its matches between « and », defanged, at most maxExcerpt characters.
func mark(text string, w window, spans []span) string {
	var b strings.Builder
	room := maxExcerpt - 1
	write := func(s string) bool {
		n := utf8.RuneCountInString(s)
		if n > room {
			return false
		}
		room -= n
		b.WriteString(s)
		return true
	}
	at, full := w.start, true
	for _, s := range spans {
		if s.start < at || s.end > w.end {
			continue
		}
		if !write(clean(text[at:s.start])) || !write("«"+clean(s.what)+"»") {
			full = false
			break
		}
		at = s.end
	}
	if full {
		tail := clean(text[at:w.end])
		if !write(tail) {
			r := []rune(tail)
			b.WriteString(string(r[:room]))
		}
	}
	out := strings.TrimSpace(b.String())
	if !full || w.end < len(text) {
		out += "…"
	}
	return out
}

// clean defangs a piece of text and puts it on one line; the marks of matches are ours alone.
func clean(s string) string {
	return defang(strings.Map(func(r rune) rune {
		switch {
		case r == '«' || r == '»':
			return '"'
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return -1
		default:
			return r
		}
	}, strings.ToValidUTF8(s, "�")))
}
