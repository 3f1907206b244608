// SPDX-License-Identifier: Apache-2.0

// Package crawlertest helps to test what uses a crawler: a journal in memory.
package crawlertest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/rapsheet/rapsheet/intel"
)

// Journal is an intel.Journal in memory. The zero Journal is empty and ready; it may be used by several goroutines.
type Journal struct {
	// Fail, when set, is what Record and Last answer.
	Fail error

	mu      sync.Mutex
	fetches []intel.Fetch
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

// Last gives the last attempt at a URL that carried validators or was stored; ErrNotFound when there is none.
func (j *Journal) Last(_ context.Context, url string) (intel.Fetch, error) {
	if j.Fail != nil {
		return intel.Fetch{}, j.Fail
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, f := range slices.Backward(j.fetches) {
		if f.URL == url && (f.ETag != "" || f.LastModified != "" || f.Outcome == "stored") {
			return f, nil
		}
	}
	return intel.Fetch{}, fmt.Errorf("crawlertest: %s: %w", url, intel.ErrNotFound)
}

// Health answers nothing; a crawler does not ask.
func (j *Journal) Health(context.Context) ([]intel.SourceHealth, error) { return nil, nil }

// All gives every attempt recorded, in order.
func (j *Journal) All() []intel.Fetch {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.fetches)
}
