package index

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rapsheet/rapsheet/intel"
)

// The bounds of a query; beyond them it is refused, not cut.
const (
	maxQuery   = 512
	maxClauses = 32
	maxDepth   = 8
)

// queryFields are the fields a query may name, with their other spellings.
func queryFields() map[string]string {
	return map[string]string{
		"actor": "actor", "victim": "victim", "sector": "sector", "country": "country", "kind": "kind", "status": "status",
		"source": "source", "lang": "lang", "language": "lang", "cve": "cve", "technique": "technique", "observable": "observable",
	}
}

type op uint8

const (
	opWord op = iota
	opPhrase
	opField
	opAnd
	opOr
	opNot
)

// node is one part of a parsed query: a leaf with text, or an operation on kids.
type node struct {
	op    op
	field string
	text  string
	kids  []*node
}

// parse reads a query. Words that stand side by side must all match, OR between them asks for either, a minus excludes,
// quotation marks hold a phrase together, field:value asks a column and brackets group. The empty query gives nil.
func parse(text string) (*node, error) {
	if utf8.RuneCountInString(text) > maxQuery {
		return nil, invalid("query is longer than %d characters: shorten it", maxQuery)
	}
	if !utf8.ValidString(text) {
		return nil, invalid("query is not valid UTF-8: send it percent-encoded as UTF-8")
	}
	p := &parser{rest: text}
	n, err := p.or(0)
	if err != nil {
		return nil, err
	}
	if p.skip(); p.rest != "" {
		return nil, invalid("query: a bracket is closed that was never opened: remove it or put the words in quotation marks")
	}
	return n, nil
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("index: "+format+": %w", append(args, intel.ErrInvalid)...)
}

type parser struct {
	rest    string
	clauses int
}

func (p *parser) skip() {
	p.rest = strings.TrimLeftFunc(p.rest, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}

// or reads alternatives up to the end or a closing bracket.
func (p *parser) or(depth int) (*node, error) {
	if depth > maxDepth {
		return nil, invalid("query: brackets are nested deeper than %d: simplify it", maxDepth)
	}
	var alternatives []*node
	for {
		n, err := p.and(depth)
		if err != nil {
			return nil, err
		}
		if n != nil {
			alternatives = append(alternatives, n)
		}
		if !p.keyword("OR") {
			break
		}
	}
	return combine(opOr, alternatives), nil
}

func (p *parser) and(depth int) (*node, error) {
	var all []*node
	for {
		p.skip()
		if p.rest == "" || p.rest[0] == ')' || p.peekKeyword("OR") {
			return combine(opAnd, all), nil
		}
		if p.keyword("AND") {
			continue
		}
		n, err := p.unary(depth)
		if err != nil {
			return nil, err
		}
		if n != nil {
			all = append(all, n)
		}
	}
}

func combine(o op, kids []*node) *node {
	switch len(kids) {
	case 0:
		return nil
	case 1:
		return kids[0]
	}
	var flat []*node
	for _, k := range kids {
		if k.op == o {
			flat = append(flat, k.kids...)
		} else {
			flat = append(flat, k)
		}
	}
	return &node{op: o, kids: flat}
}

func (p *parser) unary(depth int) (*node, error) {
	not := false
	switch {
	case p.keyword("NOT"):
		not = true
		p.skip()
	case len(p.rest) > 1 && p.rest[0] == '-' && p.rest[1] != ' ' && p.rest[1] != '-':
		not = true
		p.rest = p.rest[1:]
	}
	n, err := p.primary(depth)
	if err != nil || n == nil || !not {
		return n, err
	}
	if n.op == opNot {
		return n.kids[0], nil
	}
	return &node{op: opNot, kids: []*node{n}}, nil
}

func (p *parser) primary(depth int) (*node, error) {
	if p.rest == "" || p.rest[0] == ')' {
		return nil, nil
	}
	if p.rest[0] == '(' {
		p.rest = p.rest[1:]
		n, err := p.or(depth + 1)
		if err != nil {
			return nil, err
		}
		if p.skip(); p.rest == "" || p.rest[0] != ')' {
			return nil, invalid("query: a bracket is not closed: add ) or put the words in quotation marks")
		}
		p.rest = p.rest[1:]
		return n, nil
	}
	if p.clauses++; p.clauses > maxClauses {
		return nil, invalid("query has more than %d parts: shorten it", maxClauses)
	}
	if p.rest[0] == '"' {
		text, err := p.quoted()
		if err != nil || strings.TrimSpace(text) == "" {
			return nil, err
		}
		return &node{op: opPhrase, text: text}, nil
	}
	return p.wordOrField()
}

func (p *parser) wordOrField() (*node, error) {
	w := p.word()
	if w == "" {
		return nil, nil
	}
	name, value, ok := strings.Cut(w, ":")
	if !ok || name == "" || strings.HasPrefix(value, "//") || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return &node{op: opWord, text: w}, nil
	}
	if value == "" && !strings.HasPrefix(p.rest, `"`) {
		return &node{op: opWord, text: name}, nil
	}
	field, known := queryFields()[strings.ToLower(name)]
	if !known {
		return nil, invalid("query: there is no field %q: use actor, victim, sector, country, kind, status, source, lang, cve, technique or observable, or put the words in quotation marks", name)
	}
	if value == "" {
		v, err := p.quoted()
		if err != nil {
			return nil, err
		}
		value = v
	}
	if value = strings.TrimSpace(value); value == "" {
		return nil, invalid("query: field %s has no value: write %s:value", field, field)
	}
	return &node{op: opField, field: field, text: value}, nil
}

// quoted reads a text in quotation marks.
func (p *parser) quoted() (string, error) {
	end := strings.IndexByte(p.rest[1:], '"')
	if end < 0 {
		return "", invalid("query: a quotation mark is not closed: add one or remove it")
	}
	text := p.rest[1 : end+1]
	p.rest = p.rest[end+2:]
	return text, nil
}

// word reads up to a space, a quotation mark or a bracket that it did not open itself: NoName057(16) is one word.
func (p *parser) word() string {
	open := 0
	for i, r := range p.rest {
		switch {
		case r == '(':
			open++
		case r == ')' && open > 0:
			open--
		case r == ')' || r == '"' || unicode.IsSpace(r) || unicode.IsControl(r):
			w := p.rest[:i]
			p.rest = p.rest[i:]
			return w
		}
	}
	w := p.rest
	p.rest = ""
	return w
}

func (p *parser) peekKeyword(k string) bool {
	if !strings.HasPrefix(p.rest, k) {
		return false
	}
	r, n := utf8.DecodeRuneInString(p.rest[len(k):])
	return n == 0 || unicode.IsSpace(r) || r == '('
}

func (p *parser) keyword(k string) bool {
	p.skip()
	if !p.peekKeyword(k) {
		return false
	}
	p.rest = p.rest[len(k):]
	return true
}

// words gives the positive words and phrases of a query, for highlights.
func (n *node) words(f func(*node)) {
	if n == nil || n.op == opNot {
		return
	}
	if n.op == opWord || n.op == opPhrase {
		f(n)
	}
	for _, k := range n.kids {
		k.words(f)
	}
}

// String writes the query back in its own language; parsing it gives the same query.
func (n *node) String() string {
	if n == nil {
		return ""
	}
	switch n.op {
	case opWord:
		return n.text
	case opPhrase:
		return `"` + n.text + `"`
	case opField:
		if strings.ContainsFunc(n.text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '(' || r == ')' }) {
			return n.field + `:"` + n.text + `"`
		}
		return n.field + ":" + n.text
	case opNot:
		return "-" + n.kids[0].group()
	}
	parts := make([]string, len(n.kids))
	for i, k := range n.kids {
		parts[i] = k.group()
	}
	return strings.Join(parts, map[op]string{opAnd: " ", opOr: " OR "}[n.op])
}

func (n *node) group() string {
	if slices.Contains([]op{opAnd, opOr}, n.op) {
		return "(" + n.String() + ")"
	}
	return n.String()
}
