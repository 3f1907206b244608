// SPDX-License-Identifier: Apache-2.0

// Package crawlertest helps to test what uses a crawler: a journal in memory.
package crawlertest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/rapsheet/rapsheet/intel"
)

// Journal is an intel.Journal and an intel.Memory in memory. The zero Journal is empty and ready; it may be used by several goroutines.
type Journal struct {
	// Fail, when set, is what Record and Last answer.
	Fail error

	mu      sync.Mutex
	fetches []intel.Fetch
	memos   map[[3]string][]byte
}

// Note appends attempts.
func (j *Journal) Note(_ context.Context, fetches []intel.Fetch) error {
	if j.Fail != nil {
		return j.Fail
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.fetches = append(j.fetches, fetches...)
	return nil
}

// Remember implements intel.Memory.
func (j *Journal) Remember(_ context.Context, memos []intel.Memo) error {
	if j.Fail != nil {
		return j.Fail
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.memos == nil {
		j.memos = map[[3]string][]byte{}
	}
	for _, m := range memos {
		key := [3]string{m.SourceID, m.Kind, m.Key}
		if j.memos[key] = m.Value; len(m.Value) == 0 {
			delete(j.memos, key)
		}
	}
	return nil
}

// Memos implements intel.Memory.
func (j *Journal) Memos(_ context.Context, sourceID string) ([]intel.Memo, error) {
	if j.Fail != nil {
		return nil, j.Fail
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	var out []intel.Memo
	for k, v := range j.memos {
		if k[0] == sourceID {
			out = append(out, intel.Memo{SourceID: k[0], Kind: k[1], Key: k[2], Value: v})
		}
	}
	slices.SortFunc(out, func(a, b intel.Memo) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key)) })
	return out, nil
}

// Last gives the last attempt at a URL that settled something; ErrNotFound when there is none.
func (j *Journal) Last(_ context.Context, url string) (intel.Fetch, error) {
	if j.Fail != nil {
		return intel.Fetch{}, j.Fail
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, f := range slices.Backward(j.fetches) {
		if f.URL == url && settles(f) {
			return f, nil
		}
	}
	return intel.Fetch{}, fmt.Errorf("crawlertest: %s: %w", url, intel.ErrNotFound)
}

func settles(f intel.Fetch) bool {
	switch f.Outcome {
	case "stored", "unchanged", "discovery", "not-report", "duplicate", "purged", "too-large":
		return true
	case "http-error", "blocked":
		return slices.Contains([]int{401, 402, 404, 410, 451}, f.Status)
	}
	return false
}

// Health answers nothing; a crawler does not ask.
func (j *Journal) Health(context.Context) ([]intel.SourceHealth, error) { return nil, nil }

// All gives every attempt recorded, in order.
func (j *Journal) All() []intel.Fetch {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.fetches)
}
