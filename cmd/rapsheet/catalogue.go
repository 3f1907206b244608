package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rapsheet/rapsheet/data"
	"github.com/rapsheet/rapsheet/exchange/catalogue"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// joinedOrigin is the origin under which the store keeps the joined catalogue. It is one, whatever was imported last: so actors and
// their ids depend on the files, not on the order of the imports.
const joinedOrigin = "embedded"

// importedPart is a catalogue file as the folder keeps it, with the days on which it and the one before were read.
type importedPart struct {
	Before    intel.Date      `json:"before,omitzero"`
	Read      intel.Date      `json:"read,omitzero"`
	Catalogue intel.Catalogue `json:"catalogue"`
}

// catalogueMemos is whose memos the imported catalogues are, and of which kind: they stand in the store so that a backup has them.
const catalogueMemos = "catalogue"

// olderPart is where versions before this one kept an imported catalogue.
func (f *folder) olderPart(origin string) string {
	return filepath.Join(f.dir, "catalogues", origin+".json")
}

// keptPart is an imported catalogue as JSON; nil when nothing was imported of the origin.
func (f *folder) keptPart(ctx context.Context, origin string) ([]byte, error) {
	memos, err := f.store.Memos(ctx, catalogueMemos)
	if err != nil {
		return nil, err
	}
	for _, m := range memos {
		if m.Kind != catalogueMemos || m.Key != origin {
			continue
		}
		r, err := gzip.NewReader(bytes.NewReader(m.Value))
		if err != nil {
			return nil, err
		}
		return io.ReadAll(r)
	}
	b, err := os.ReadFile(f.olderPart(origin))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return b, err
}

// importedPart reads what was imported of an origin; ok is false when nothing was.
func (f *folder) importedPart(ctx context.Context, origin string) (p importedPart, ok bool, err error) {
	b, err := f.keptPart(ctx, origin)
	if err == nil && b == nil {
		return p, false, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil {
		return p, false, fmt.Errorf("imported catalogue %s: %w", origin, err)
	}
	return p, true, nil
}

// parts are the embedded catalogues, each replaced by what was imported of it last, and the days on which these were read.
func (f *folder) parts(ctx context.Context) (names.Parts, map[string]names.Read, error) {
	p, err := data.Parts()
	if err != nil {
		return p, nil, err
	}
	read := map[string]names.Read{}
	for _, origin := range names.Origins() {
		in, ok, err := f.importedPart(ctx, origin)
		if err != nil {
			return p, nil, err
		}
		read[origin] = names.Read{Before: in.Before, Now: in.Read}
		if ok {
			if p, err = p.With(origin, in.Catalogue); err != nil {
				return p, nil, err
			}
		}
	}
	return p, read, nil
}

// keepPart keeps an imported catalogue. The same file again changes nothing.
func (f *folder) keepPart(ctx context.Context, origin string, c intel.Catalogue, day intel.Date) error {
	old, ok, err := f.importedPart(ctx, origin)
	if err != nil {
		return err
	}
	if ok && old.Catalogue.Version == c.Version {
		return nil
	}
	whole, err := names.Parts{}.With(origin, old.Catalogue)
	if err == nil {
		whole, err = whole.With(origin, c)
	}
	if err != nil {
		return err
	}
	b, err := json.Marshal(importedPart{Before: old.Read, Read: day, Catalogue: whole.Part(origin)})
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(b); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	if err := f.store.Remember(ctx, []intel.Memo{{SourceID: catalogueMemos, Kind: catalogueMemos, Key: origin, Value: packed.Bytes()}}); err != nil {
		return err
	}
	if err := os.Remove(f.olderPart(origin)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// mostGone is the share of what stood in a catalogue that a newer file may lack before it is taken for a piece of one.
const mostGone = 0.25

// shrunk refuses a file that lacks much of what the one before it had: more likely it is a piece of a catalogue than that its
// publisher withdrew so much.
func (f *folder) shrunk(ctx context.Context, origin string, c intel.Catalogue) error {
	parts, _, err := f.parts(ctx)
	if err != nil {
		return err
	}
	old := parts.Part(origin)
	for _, part := range []struct {
		what      string
		old, gone int
		has       int
	}{
		{"actors", len(old.Actors), lacks(old.Actors, c.Actors, func(a intel.Actor) string { return a.ID }), len(c.Actors)},
		{"pieces of software", len(old.Software), lacks(old.Software, c.Software, func(s intel.Software) string { return s.ID }), len(c.Software)},
	} {
		if part.has > 0 && float64(part.gone) > mostGone*float64(part.old) {
			return fmt.Errorf("%w: it lacks %d of the %d %s of %s and would withdraw them; take the publisher's whole file, or give --insist if it is whole",
				errShrunk, part.gone, part.old, part.what, origin)
		}
	}
	return nil
}

// errShrunk says that a file looks like a piece of a catalogue. Nothing was imported.
var errShrunk = errors.New("this looks like a piece of the catalogue, nothing was imported")

// lacks counts what is in old and not in fresh.
func lacks[T any](old, fresh []T, id func(T) string) int {
	have := make(map[string]bool, len(fresh))
	for _, x := range fresh {
		have[id(x)] = true
	}
	n := 0
	for _, x := range old {
		if !have[id(x)] {
			n++
		}
	}
	return n
}

// loadCatalogue stores the joined catalogue when the folder does not hold this version of it yet.
func (f *folder) loadCatalogue(ctx context.Context) error {
	_, _, err := f.joinCatalogue(ctx)
	if err != nil {
		return fmt.Errorf("load catalogue: %w", err)
	}
	return nil
}

// joinCatalogue joins what the folder has and stores it, and says what that changed. What a catalogue no longer states stays, as
// withdrawn.
func (f *folder) joinCatalogue(ctx context.Context) (intel.CatalogueDiff, []names.NameChange, error) {
	f.joining.Lock()
	defer f.joining.Unlock()
	var diff intel.CatalogueDiff
	parts, read, err := f.parts(ctx)
	if err != nil {
		return diff, nil, err
	}
	apart, err := f.apart(ctx)
	if err != nil {
		return diff, nil, err
	}
	cat, err := data.Joined(parts, apart)
	if err != nil {
		return diff, nil, err
	}
	mark := filepath.Join(f.dir, "catalogue")
	if b, err := os.ReadFile(mark); err == nil && strings.TrimSpace(string(b)) == cat.Version { //nolint:gosec // below the data folder
		return intel.CatalogueDiff{Unchanged: len(cat.Actors)}, nil, nil
	}
	held, err := f.store.Actors(ctx)
	if err != nil {
		return diff, nil, err
	}
	changes := names.Reassert(&cat, held.Actors, read)
	dateJoins(cat.Joins, held.Joins, f.today())
	if diff, err = f.store.SaveCatalogue(ctx, joinedOrigin, cat); err != nil {
		return diff, nil, err
	}
	return diff, changes, os.WriteFile(mark, []byte(cat.Version+"\n"), 0o600)
}

// parseCatalogue reads a file; MISP galaxy keeps actors and ransomware in files of the same shape.
func parseCatalogue(origin, path string, b []byte) (intel.Catalogue, []error, error) {
	var head struct {
		Type string `json:"type"`
	}
	if origin == "misp-galaxy" && json.Unmarshal(b, &head) == nil && head.Type == "ransomware" {
		return catalogue.Parse("ransomware", path, b)
	}
	return catalogue.Parse(origin, path, b)
}

func (a *app) importCatalogue(ctx context.Context, origin, path string, insist bool) error {
	b, err := os.ReadFile(path) //nolint:gosec // the user names the file
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	cat, skipped, err := parseCatalogue(origin, path, b)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	f, err := a.openFolder(ctx, a.isDemo())
	if err != nil {
		return err
	}
	defer f.close() //nolint:errcheck // the import was acknowledged
	if !insist {
		if err := f.shrunk(ctx, origin, cat); err != nil {
			return fmt.Errorf("import: %s: %w", path, err)
		}
	}
	known, err := f.namesOf(ctx, origin)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	if err := f.keepPart(ctx, origin, cat, intel.DateOf(a.now())); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	diff, changes, err := f.joinCatalogue(ctx)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	left := a.saySkipped(skipped, known)
	if err := a.showImport(origin, diff, changes); err != nil {
		return err
	}
	if left > 0 {
		return fmt.Errorf("import: %w: %s of %s left out, the rest was imported", errPartial, countOf(left, "piece"), path)
	}
	return nil
}

// saySkipped says what was left out of a file, and which names are under quarantine that were not known before; it counts what was
// left out.
func (a *app) saySkipped(skipped []error, known map[string]bool) (left int) {
	for _, s := range skipped {
		if q, kept := errors.AsType[*catalogue.QuarantineError](s); kept {
			if !known[q.Name] {
				a.say("quarantined: %v", s)
			}
			continue
		}
		a.say("left out: %v", s)
		left++
	}
	return left
}

// namesOf are all names that stand in a catalogue before a newer file of it is imported.
func (f *folder) namesOf(ctx context.Context, origin string) (map[string]bool, error) {
	parts, _, err := f.parts(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, a := range parts.Part(origin).Actors {
		for _, n := range a.Names {
			known[n.Name] = true
		}
	}
	return known, nil
}

// showImport says what an import changed, actor by actor and name by name.
func (a *app) showImport(origin string, diff intel.CatalogueDiff, changes []names.NameChange) error {
	if a.json || a.jsonl {
		return printJSON(a.stdout, struct {
			intel.CatalogueDiff
			Names []names.NameChange `json:"names"`
		}{diff, append([]names.NameChange{}, changes...)})
	}
	a.line("%s: %d actors added, %d changed, %d withdrawn by the catalogue, %d unchanged", origin, len(diff.Added), len(diff.Changed), len(diff.Withdrawn), diff.Unchanged)
	for _, id := range diff.Added {
		a.line("+ %s", id)
	}
	for _, id := range diff.Withdrawn {
		a.line("- %s (kept, withdrawn)", id)
	}
	for _, c := range changes {
		a.line("~ %s: %s %s (%s)", c.Actor, terminalSafe(c.Name), c.Change, c.Source)
	}
	return nil
}
