package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

// fastItem reads the item that nearly every request sends: an object of id, type and value whose strings hold no escape. What it
// cannot read is left to encoding/json.
func fastItem(raw []byte) (item intel.EnrichItem, ok bool) {
	s := scanner{b: string(raw)}
	item, ok = s.item()
	return item, ok && s.blank()
}

// scanner walks over JSON, or gives up.
type scanner struct {
	b string
	i int
}

func (s *scanner) skip() {
	for s.i < len(s.b) && (s.b[s.i] == ' ' || s.b[s.i] == '\t' || s.b[s.i] == '\n' || s.b[s.i] == '\r') {
		s.i++
	}
}

// blank reports whether nothing is left.
func (s *scanner) blank() bool {
	s.skip()
	return s.i == len(s.b)
}

func (s *scanner) byte(c byte) bool {
	s.skip()
	if s.i < len(s.b) && s.b[s.i] == c {
		s.i++
		return true
	}
	return false
}

// text reads a string without escapes.
func (s *scanner) text() (string, bool) {
	if !s.byte('"') {
		return "", false
	}
	from, high := s.i, false
	for ; s.i < len(s.b); s.i++ {
		switch c := s.b[s.i]; {
		case c == '"':
			out := s.b[from:s.i]
			s.i++
			return out, !high || utf8.ValidString(out)
		case c == '\\' || c < ' ':
			return "", false
		case c >= utf8.RuneSelf:
			high = true
		}
	}
	return "", false
}

// item reads an object of id, type and value.
func (s *scanner) item() (item intel.EnrichItem, ok bool) {
	if !s.byte('{') {
		return item, false
	}
	for {
		key, ok := s.text()
		if !ok || !s.byte(':') {
			return item, false
		}
		value, ok := s.text()
		if !ok {
			return item, false
		}
		switch key {
		case "id":
			item.ID = value
		case "type":
			item.Type = value
		case "value":
			item.Value = value
		default:
			return item, false
		}
		if s.byte(',') {
			continue
		}
		return item, s.byte('}')
	}
}

// encodedMost bounds the memory of written histories.
const encodedMost = 16 << 20

// encoded keeps the JSON of histories between requests, whatever else moves meanwhile. The index gives every caller the same slice of
// a thing's latest incidents until something changes for it, and then another; holding it as the key keeps its memory from being
// another's.
type encoded struct {
	mu   sync.RWMutex
	size int
	by   map[*intel.Incident]encodedHistory
}

type encodedHistory struct {
	n       int
	summary *intel.Summary
	b       []byte
}

// is reports whether a history written before is that of r.
func (h encodedHistory) is(r *intel.EnrichResult) bool {
	a, b := h.summary, r.Summary
	if h.n != len(r.Incidents) || (a == nil) != (b == nil) {
		return false
	}
	return a == nil || a.Incidents == b.Incidents && a.LastReported == b.LastReported && a.FirstReported == b.FirstReported && a.Reports == b.Reports &&
		a.ClaimOnly == b.ClaimOnly && a.Denied == b.Denied && a.Corroborated == b.Corroborated && a.Origins == b.Origins && a.BelowThreshold == b.BelowThreshold &&
		slices.Equal(a.Sectors, b.Sectors) && slices.Equal(a.Countries, b.Countries)
}

// appendHistory appends summary and incidents. keep says that they will be met again.
func (e *encoded) appendHistory(b []byte, r *intel.EnrichResult, keep bool) ([]byte, error) {
	if len(r.Incidents) == 0 {
		if r.Summary == nil {
			return b, nil
		}
		j, err := json.Marshal(r.Summary)
		return append(append(b, `,"summary":`...), j...), err
	}
	key := &r.Incidents[0]
	e.mu.RLock()
	held, ok := e.by[key]
	ok = ok && held.is(r)
	e.mu.RUnlock()
	if ok {
		return append(b, held.b...), nil
	}
	from := len(b)
	if r.Summary != nil {
		j, err := json.Marshal(r.Summary)
		if err != nil {
			return b, err
		}
		b = append(append(b, `,"summary":`...), j...)
	}
	j, err := json.Marshal(r.Incidents)
	if err != nil {
		return b, err
	}
	b = append(append(b, `,"incidents":`...), j...)
	if keep {
		e.keep(key, encodedHistory{len(r.Incidents), r.Summary, slices.Clone(b[from:])})
	}
	return b, nil
}

func (e *encoded) keep(key *intel.Incident, h encodedHistory) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.size > encodedMost || e.by == nil {
		e.size, e.by = 0, map[*intel.Incident]encodedHistory{}
	}
	e.size += len(h.b) - len(e.by[key].b)
	e.by[key] = h
}

// appendCandidates appends a list as encoding/json writes it.
func appendCandidates(b []byte, all []intel.Candidate) ([]byte, error) {
	if all == nil {
		return append(b, `,"candidates":null`...), nil
	}
	b = append(b, `,"candidates":[`...)
	for i, c := range all {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = appendCandidate(b, c); err != nil {
			return b, err
		}
	}
	return append(b, ']'), nil
}

func appendCandidate(b []byte, c intel.Candidate) ([]byte, error) {
	if c.Confidence != 0 && !(c.Confidence >= 1e-6 && c.Confidence <= 1) {
		j, err := json.Marshal(c) // a number that the library writes in its own way
		return append(b, j...), err
	}
	var err error
	text := func(name, v string) {
		if err == nil {
			b, err = exchange.AppendText(append(b, name...), v)
		}
	}
	text(`{"id":`, c.ID)
	text(`,"name":`, c.Name)
	text(`,"type":`, c.Type)
	text(`,"match":`, c.Match)
	text(`,"why":`, c.Why)
	list := func(name string, all []string) {
		for i, v := range all {
			if i > 0 {
				name = ","
			}
			text(name, v)
		}
		if len(all) > 0 {
			b = append(b, ']')
		}
	}
	list(`,"used_by":[`, c.UsedBy)
	list(`,"alone":[`, c.Alone)
	b = strconv.AppendFloat(append(b, `,"confidence":`...), c.Confidence, 'f', -1, 64)
	if c.Withdrawn {
		b = append(b, `,"withdrawn":true`...)
	}
	if !c.FirstAsserted.IsZero() {
		text(`,"first_asserted":`, c.FirstAsserted.String())
	}
	if !c.LastAsserted.IsZero() {
		text(`,"last_asserted":`, c.LastAsserted.String())
	}
	if c.VictimAnswer != "" {
		text(`,"victim_answer":`, c.VictimAnswer)
	}
	return append(b, '}'), err
}

// appendResult appends one result as encoding/json writes it; TestResultsAreWrittenAsTheLibraryDoes holds the two together.
func (e *encoded) appendResult(b []byte, r *intel.EnrichResult, keep bool) ([]byte, error) {
	b = append(b, '{')
	var err error
	text := func(name, v string) {
		if err == nil {
			b, err = exchange.AppendText(append(b, name...), v)
		}
	}
	if r.ID != "" {
		text(`"id":`, r.ID)
		b = append(b, ',')
	}
	if err != nil {
		return b, err
	}
	return e.appendTail(b, r, keep)
}

// appendTail is appendResult without the id, which is the caller's, up to the closing brace.
func (e *encoded) appendTail(b []byte, r *intel.EnrichResult, keep bool) ([]byte, error) {
	var err error
	text := func(name, v string) {
		if err == nil {
			b, err = exchange.AppendText(append(b, name...), v)
		}
	}
	text(`"value":`, r.Value)
	text(`,"type":`, r.Type)
	text(`,"status":`, r.Status)
	if err == nil {
		b, err = appendCandidates(b, r.Candidates)
	}
	if err == nil {
		b, err = e.appendHistory(b, r, keep)
	}
	if r.Problem != "" {
		text(`,"problem":`, r.Problem)
	}
	if len(r.Why) > 0 && err == nil {
		var why []byte
		why, err = json.Marshal(r.Why)
		b = append(append(b, `,"why":`...), why...)
	}
	if len(r.Named) > 0 && err == nil {
		var named []byte
		named, err = json.Marshal(r.Named)
		b = append(append(b, `,"named":`...), named...)
	}
	return append(b, '}'), err
}

// answerBuffers are reused: a bulk answer is a megabyte.
var answerBuffers = sync.Pool{New: func() any { return new([]byte) }}

// writeAnswer writes a native answer as encoding/json would.
func (s *server) writeAnswer(c echo.Context, results []intel.EnrichResult, keep bool) error {
	return s.writeWith(c, func(b []byte) ([]byte, error) {
		var err error
		for i := range results {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = s.encoded.appendResult(b, &results[i], keep); err != nil {
				return b, fmt.Errorf("api: encode answer: %w", err)
			}
		}
		return b, nil
	})
}

// writeWith writes a native answer whose results are appended by fill.
func (s *server) writeWith(c echo.Context, fill func([]byte) ([]byte, error)) error {
	buf, _ := answerBuffers.Get().(*[]byte) //nolint:errcheck // the pool holds nothing else
	defer answerBuffers.Put(buf)
	b, err := s.appendHead((*buf)[:0])
	if err != nil {
		return err
	}
	if b, err = fill(b); err != nil {
		return err
	}
	b = append(b, "]}\n"...)
	*buf = b
	return blob(c, http.StatusOK, "application/json", b)
}
