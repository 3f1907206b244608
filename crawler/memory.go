package crawler

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names/address"
)

// The kinds of memo.
const (
	memoList     = "list"
	memoRetry    = "retry"
	memoHost     = "host"
	memoBackfill = "backfill"
)

// pageMemo is a candidate as it is remembered.
type pageMemo struct {
	URL       string       `json:"u"`
	Title     string       `json:"t,omitempty"`
	Language  string       `json:"l,omitempty"`
	Published intel.Moment `json:"p,omitzero"`
	Updated   intel.Moment `json:"m,omitzero"`
	Tries     int          `json:"n,omitempty"`
}

// listMemo is a list as it is remembered: without titles, which a purge would have to look for.
type listMemo struct {
	ETag     string     `json:"e,omitempty"`
	Modified string     `json:"m,omitempty"`
	Pages    []pageMemo `json:"p,omitempty"`
	More     []pageMemo `json:"x,omitempty"`
}

// hostMemo is a host that asked to be left alone.
type hostMemo struct {
	Until time.Time `json:"until"`
	Why   string    `json:"why"`
}

func (c candidate) memo() pageMemo {
	return pageMemo{URL: c.url, Title: c.title, Language: c.language, Published: c.published, Updated: c.updated, Tries: c.tries}
}

func (m pageMemo) candidate() candidate {
	return candidate{url: m.URL, title: m.Title, language: m.Language, published: m.Published, updated: m.Updated, tries: m.Tries}
}

func pagesOf(list []candidate) []pageMemo {
	out := make([]pageMemo, 0, len(list))
	for _, c := range list {
		m := c.memo()
		m.Title, m.Language, m.Tries = "", "", 0
		out = append(out, m)
	}
	return out
}

func candidatesOf(list []pageMemo) []candidate {
	out := make([]candidate, 0, len(list))
	for _, m := range list {
		out = append(out, m.candidate())
	}
	return out
}

// encodeMemo never fails on these types; what cannot be written is forgotten.
func encodeMemo(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return b
}

// recall brings back what an earlier process knew of a source, once. A page that was listed then and never settled is tried
// again even if it is listed no longer: the process may have been killed before it came to it.
func (c *Crawler) recall(ctx context.Context, sourceID string) error {
	if c.opts.Memory == nil || !c.once(sourceID) {
		return nil
	}
	err := c.recallSource(ctx, sourceID)
	if err != nil {
		c.mu.Lock()
		delete(c.recalled, sourceID)
		c.mu.Unlock()
		return fmt.Errorf("crawler: recall source %s: %w", sourceID, err)
	}
	return nil
}

func (c *Crawler) once(sourceID string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.recalled[sourceID] {
		return false
	}
	c.recalled[sourceID] = true
	return true
}

func (c *Crawler) recallSource(ctx context.Context, sourceID string) error {
	memos, err := c.opts.Memory.Memos(ctx, sourceID)
	if err != nil {
		return err
	}
	for _, m := range memos {
		switch m.Kind {
		case memoRetry:
			var p pageMemo
			if json.Unmarshal(m.Value, &p) == nil && p.URL != "" {
				c.retry(sourceID, m.Key, p.candidate())
			}
		case memoList:
			var l listMemo
			if json.Unmarshal(m.Value, &l) != nil {
				continue
			}
			if err := c.recallList(ctx, sourceID, m.Key, l, sha256.Sum256(m.Value)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Crawler) recallList(ctx context.Context, sourceID, key string, l listMemo, digest [32]byte) error {
	known := list{etag: l.ETag, modified: l.Modified, pages: candidatesOf(l.Pages), more: candidatesOf(l.More)}
	c.keepList(sourceID+"\x00"+key, known, true)
	c.mu.Lock()
	c.written[sourceID+"\x00"+key] = digest
	c.mu.Unlock()
	for _, p := range known.pages {
		canonical, err := address.Canonical(p.url)
		if err != nil {
			continue
		}
		if _, err := c.opts.Journal.Last(ctx, canonical); errors.Is(err, intel.ErrNotFound) {
			c.retryNew(sourceID, canonical, p)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// retryNew is retry for a page of which nothing better is known.
func (c *Crawler) retryNew(sourceID, key string, cand candidate) {
	c.mu.Lock()
	_, known := c.pending[sourceID][key]
	c.mu.Unlock()
	if !known {
		c.retry(sourceID, key, cand)
	}
}

// recallHosts brings back which hosts asked to be left alone.
func (c *Crawler) recallHosts(ctx context.Context) error {
	if c.opts.Memory == nil || !c.once("") {
		return nil
	}
	memos, err := c.opts.Memory.Memos(ctx, "")
	if err != nil {
		return fmt.Errorf("crawler: recall hosts: %w", err)
	}
	now := c.opts.Clock()
	var over []intel.Memo
	for _, m := range memos {
		var h hostMemo
		if m.Kind != memoHost {
			continue
		}
		// A clock that was wrong once must not silence a host for good.
		if json.Unmarshal(m.Value, &h) != nil || !now.Before(h.Until) || h.Until.Sub(now) > maxRetryAfter {
			over = append(over, intel.Memo{Kind: memoHost, Key: m.Key})
			continue
		}
		c.transport.hosts.get(m.Key).pause(h.Until, h.Why)
	}
	if len(over) == 0 {
		return nil
	}
	return c.opts.Memory.Remember(ctx, over)
}

// rememberPause writes down that a host is to be left alone. That it could not be written is no reason to ask the host again.
func (t *transport) rememberPause(ctx context.Context, authority string, until time.Time, why string) {
	if t.opts.Memory == nil {
		return
	}
	m := intel.Memo{Kind: memoHost, Key: authority, Value: encodeMemo(hostMemo{Until: until, Why: why})}
	if err := t.opts.Memory.Remember(context.WithoutCancel(ctx), []intel.Memo{m}); err != nil {
		t.opts.Logger.WarnContext(ctx, "a host's pause is known to this process only", "host", authority, "error", err)
	}
}

// rememberList has a list written with the next flush, when it differs from what is written.
func (w *worker) rememberList(key string, l list) {
	if w.c.opts.Memory == nil || len(l.pages)+len(l.more) > maxListed {
		return
	}
	value := encodeMemo(listMemo{ETag: l.etag, Modified: l.modified, Pages: pagesOf(l.pages), More: pagesOf(l.more)})
	digest := sha256.Sum256(value)
	w.c.mu.Lock()
	defer w.c.mu.Unlock()
	full := w.source.ID + "\x00" + key
	if w.c.written[full] != digest {
		w.c.written[full] = digest
		w.memos = append(w.memos, intel.Memo{SourceID: w.source.ID, Kind: memoList, Key: key, Value: value})
	}
}

// retry has a page tried again in the next rounds and after a restart; settled takes that back.
func (w *worker) retry(key string, cand candidate) {
	if w.c.retry(w.source.ID, key, cand) {
		w.memo(memoRetry, key, encodeMemo(cand.memo()))
	} else {
		w.memo(memoRetry, key, nil)
	}
}

func (w *worker) settled(key string) {
	if w.c.settled(w.source.ID, key) {
		w.memo(memoRetry, key, nil)
	}
}

func (w *worker) memo(kind, key string, value []byte) {
	if w.c.opts.Memory != nil {
		w.memos = append(w.memos, intel.Memo{SourceID: w.source.ID, Kind: kind, Key: key, Value: value})
	}
}

// flushMemos comes before the journal's lines: what a kill between the two leaves is asked once more, not lost.
func (w *worker) flushMemos(ctx context.Context) error {
	if len(w.memos) == 0 {
		return nil
	}
	if err := w.c.opts.Memory.Remember(ctx, w.memos); err != nil {
		return fmt.Errorf("crawler: remember %d things of source %s: %w", len(w.memos), w.source.ID, err)
	}
	w.memos = nil
	return nil
}
