package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rapsheet/rapsheet/exchange"
)

// exportMemory is DIR/exported.jsonl: which objects were exported, as digests. The owner of the folder alone writes it.
type exportMemory struct{ path string }

func (f *folder) exported() exportMemory { return exportMemory{filepath.Join(f.dir, "exported.jsonl")} }

// Load implements api.Memory. A last line that a crash cut off is left out: its object was given to nobody.
func (m exportMemory) Load() ([]exchange.Remembered, error) {
	b, err := os.ReadFile(m.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("exported objects: %w", err)
	}
	var all []exchange.Remembered
	for line := range bytes.Lines(b) {
		var r exchange.Remembered
		if err := json.Unmarshal(line, &r); err != nil {
			continue
		}
		all = append(all, r)
	}
	return all, nil
}

// Append implements api.Memory.
func (m exportMemory) Append(all []exchange.Remembered) error {
	f, err := os.OpenFile(m.path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("exported objects: %w", err)
	}
	w := bufio.NewWriter(f)
	if st, err := f.Stat(); err == nil && st.Size() > 0 {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, st.Size()-1); err == nil && last[0] != '\n' {
			err = w.WriteByte('\n')
			if err != nil {
				return errors.Join(fmt.Errorf("exported objects: %w", err), f.Close())
			}
		}
	}
	enc := json.NewEncoder(w)
	for _, r := range all {
		if err := enc.Encode(r); err != nil {
			return errors.Join(fmt.Errorf("exported objects: %w", err), f.Close())
		}
	}
	if err := errors.Join(w.Flush(), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("exported objects: %w", err)
	}
	return nil
}
