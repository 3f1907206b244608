package api

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rapsheet/rapsheet/exchange"
	"github.com/rapsheet/rapsheet/intel"
)

// memoMost bounds the memory of answers that are kept, in bytes.
const memoMost = 32 << 20

// memo keeps answers as they were written, until the index moves: a SIEM asks about the same names and hosts again and again.
type memo struct {
	mu   sync.RWMutex
	gen  uint64
	size int
	by   map[string][]byte
}

// memoKey says what was asked: how, the type given, and the value.
func memoKey(b []byte, how byte, item *intel.EnrichItem) []byte {
	b = append(b[:0], how)
	b = append(append(b, item.Type...), 0)
	return append(b, item.Value...)
}

// find gives the answers that are held, in the order of the items; nil where there is none.
func (m *memo) find(gen uint64, how byte, items []intel.EnrichItem) (held [][]byte, missing int) {
	held = make([][]byte, len(items))
	var room [128]byte
	key := room[:0]
	m.mu.RLock()
	defer m.mu.RUnlock()
	if m.gen != gen {
		return held, len(items)
	}
	for i := range items {
		key = memoKey(key, how, &items[i])
		if held[i] = m.by[string(key)]; held[i] == nil {
			missing++
		}
	}
	return held, missing
}

// memoed is one answer on its way into the memo.
type memoed struct {
	key string
	b   []byte
}

func (m *memo) keep(gen uint64, all []memoed) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.by == nil || m.gen != gen || m.size > memoMost {
		m.gen, m.size, m.by = gen, 0, make(map[string][]byte, len(all))
	}
	for _, w := range all {
		if _, ok := m.by[w.key]; !ok {
			m.by[w.key] = w.b
			m.size += len(w.key) + len(w.b) + 64
		}
	}
}

// appendAnswers appends the answers of plain items, separated by commas. What it writes anew is kept when nothing moved meanwhile.
func (s *server) appendAnswers(ctx context.Context, b []byte, p plainAsk, items []intel.EnrichItem) ([]byte, error) {
	gen, _ := s.Reader.Generation()
	held, missing := s.memo.find(gen, p.how, items)
	var found []intel.EnrichResult
	if missing > 0 {
		asked := make([]intel.EnrichItem, 0, missing)
		for i := range items {
			if held[i] == nil {
				asked = append(asked, items[i])
			}
		}
		var err error
		if found, err = p.call(ctx, asked, p.o); err != nil {
			return b, err
		}
	}
	now, _ := s.Reader.Generation()
	fresh := make([]memoed, 0, missing)
	var err error
	for i := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		if items[i].ID != "" {
			if b, err = exchange.AppendText(append(b, `"id":`...), items[i].ID); err != nil {
				return b, err
			}
			b = append(b, ',')
		}
		if held[i] != nil {
			b = append(b, held[i]...)
			continue
		}
		from := len(b)
		if b, err = s.encoded.appendTail(b, &found[0], now == gen); err != nil {
			return b, err
		}
		if now == gen {
			fresh = append(fresh, memoed{string(memoKey(nil, p.how, &items[i])), append([]byte(nil), b[from:]...)})
		}
		found = found[1:]
	}
	if len(fresh) > 0 {
		s.memo.keep(gen, fresh)
	}
	return b, nil
}

// plainAsk is what most requests ask: native answers about now with the settings that are the default.
type plainAsk struct {
	how  byte
	call enrichFunc
	o    intel.EnrichOptions
}

// headKept is how long the beginning of answers is kept: coverage goes stale by the clock too.
const headKept = time.Second

// answerHead keeps the beginning that answers share.
type answerHead struct {
	mu    sync.RWMutex
	gen   uint64
	until time.Time
	b     []byte
}

// appendHead appends an answer up to its results.
func (s *server) appendHead(b []byte) ([]byte, error) {
	gen, at := s.Reader.Generation()
	now := s.Clock()
	h := &s.head
	h.mu.RLock()
	held := h.b
	if h.gen != gen || !now.Before(h.until) {
		held = nil
	}
	h.mu.RUnlock()
	if held != nil {
		return append(b, held...), nil
	}
	when, err := json.Marshal(at)
	if err != nil {
		return b, fmt.Errorf("api: encode answer: %w", err)
	}
	coverage, err := json.Marshal(s.Reader.Coverage())
	if err != nil {
		return b, fmt.Errorf("api: encode answer: %w", err)
	}
	fresh := append([]byte(`{"generated_at":`), when...)
	fresh = strconv.AppendUint(append(fresh, `,"generation":`...), gen, 10)
	fresh = append(append(append(fresh, `,"coverage":`...), coverage...), `,"results":[`...)
	h.mu.Lock()
	h.gen, h.until, h.b = gen, now.Add(headKept), fresh
	h.mu.Unlock()
	return append(b, fresh...), nil
}

// fastBody reads the body that nearly every bulk request has: items alone, each a string or an object of id, type and value, no
// string with an escape. The items are parts of body. What it cannot read is left to encoding/json.
func fastBody(body string) (items []intel.EnrichItem, ok bool) {
	s := scanner{b: body}
	if !s.byte('{') {
		return nil, false
	}
	if key, ok := s.text(); !ok || key != "items" || !s.byte(':') || !s.byte('[') {
		return nil, false
	}
	items = make([]intel.EnrichItem, 0, min(maxItems, strings.Count(body, "{")+1))
	for {
		var item intel.EnrichItem
		value, ok := s.text()
		if ok {
			item.Value = value
		} else if item, ok = s.item(); !ok {
			return nil, false
		}
		if items = append(items, item); len(items) > maxItems {
			return nil, false
		}
		if s.byte(',') {
			continue
		}
		return items, s.byte(']') && s.byte('}') && s.blank()
	}
}
