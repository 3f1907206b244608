package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// mispUUID is the name of an event's file; a server's word goes into a path only in this form.
var mispUUID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// exportMisp writes a MISP feed into a folder. Files that are there already in the same form stay untouched, so that a web server's
// validators hold.
func (a *app) exportMisp(ctx context.Context, dir string) error {
	k, err := a.asker(ctx)
	if err != nil {
		return err
	}
	defer k.close() //nolint:errcheck // nothing was written
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("export misp: %w", err)
	}
	manifest, _, err := k.fetch(ctx, "/feeds/misp/manifest.json", nil)
	if err != nil {
		return err
	}
	var events map[string]json.RawMessage
	if err := json.Unmarshal(manifest, &events); err != nil {
		return fmt.Errorf("export misp: manifest: %w", err)
	}
	for uuid := range events {
		if !mispUUID.MatchString(uuid) {
			return fmt.Errorf("export misp: the manifest names an event %q, which is no UUID", uuid)
		}
		b, _, err := k.fetch(ctx, "/feeds/misp/"+uuid+".json", nil)
		if err != nil {
			return err
		}
		if err := writeIfNew(filepath.Join(dir, uuid+".json"), b); err != nil {
			return err
		}
	}
	hashes, _, err := k.fetch(ctx, "/feeds/misp/hashes.csv", nil)
	if err != nil {
		return err
	}
	if err := writeIfNew(filepath.Join(dir, "hashes.csv"), hashes); err != nil {
		return err
	}
	// The manifest comes last: it names nothing that is not there.
	if err := writeIfNew(filepath.Join(dir, "manifest.json"), manifest); err != nil {
		return err
	}
	a.say("%d events in %s", len(events), dir)
	return nil
}

// writeIfNew replaces a file as a whole unless it holds these bytes.
func writeIfNew(path string, b []byte) error {
	if old, err := os.ReadFile(path); err == nil && string(old) == string(b) { //nolint:gosec // the folder is the user's own choice
		return nil
	}
	tmp := path + ".tmp"
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return fmt.Errorf("export misp: %w", err)
	}
	if err := os.Chmod(tmp, 0o644); err != nil { //nolint:gosec // a web server reads it
		return fmt.Errorf("export misp: %w", err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("export misp: %w", err)
	}
	return nil
}
