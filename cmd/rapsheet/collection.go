package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/data"
	"github.com/rapsheet/rapsheet/exchange/incidents"
	"github.com/rapsheet/rapsheet/extract/lexicon"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

// collecting imports a published collection of incidents: in batches, with what was left out and what was bad.
type collecting struct {
	a     *app
	f     *folder
	name  string
	path  string
	batch []intel.Entry
	rows  []int

	Read      int            `json:"read"`
	Added     int            `json:"added"`
	Updated   int            `json:"updated"`
	Unchanged int            `json:"unchanged"`
	Left      map[string]int `json:"left_out"`
	Bad       int            `json:"bad"`
	// Quarantine is the file that keeps the bad rows; empty when there are none.
	Quarantine string `json:"quarantine,omitempty"`
	bad        *os.File
}

// quarantined is a row that could not be taken, as the quarantine file keeps it.
type quarantined struct {
	File    string `json:"file"`
	Row     int    `json:"row"`
	Problem string `json:"problem"`
	Raw     string `json:"raw,omitempty"`
}

// importCollection takes a collection's file: each record is one report of its compiler. The same file again changes nothing, a
// newer one updates what it changed.
func (a *app) importCollection(ctx context.Context, name, path string) error {
	in, err := os.Open(path) //nolint:gosec // the user names the file
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer in.Close() //nolint:errcheck // only read
	f, err := a.openFolder(ctx, a.isDemo())
	if err != nil {
		return err
	}
	defer f.close() //nolint:errcheck // every batch was acknowledged
	if err := a.listCollection(ctx, f, name); err != nil {
		return err
	}
	o, err := collectionOptions(ctx, f)
	if err != nil {
		return err
	}
	c := &collecting{a: a, f: f, name: name, path: path, Left: map[string]int{}}
	err = incidents.Read(name, in, o, func(r incidents.Row) error { return c.take(ctx, r) })
	err = errors.Join(err, c.flush(ctx), c.closeQuarantine())
	if err == nil {
		err = c.note(ctx)
	}
	if err != nil {
		return fmt.Errorf("import: %s: %w", path, err)
	}
	return c.show()
}

// listCollection makes the collection one of the folder's sources, beside those that are crawled.
func (a *app) listCollection(ctx context.Context, f *folder, name string) error {
	src, ok := incidents.Source(name)
	if !ok {
		return usagef("import %s: this version reads %s", name, strings.Join(incidents.Names(), ", "))
	}
	list, err := a.sourceList()
	if err != nil {
		return err
	}
	src.Demo = a.isDemo()
	if src.Demo {
		list = nil // the demo's sources are its own
		held, err := f.store.Health(ctx)
		if err != nil {
			return err
		}
		for _, h := range held {
			if h.Kind != incidents.SourceKind {
				list = append(list, h.Source)
			}
		}
	}
	return f.saveSources(ctx, append(list, src))
}

// saveSources lists sources and the collections that were imported before: they stay sources that could tell.
func (f *folder) saveSources(ctx context.Context, list []intel.Source) error {
	held, err := f.store.Health(ctx)
	if err != nil {
		return err
	}
	listed := map[string]bool{}
	for _, s := range list {
		listed[s.ID] = true
	}
	all := append([]intel.Source{}, list...)
	for _, h := range held {
		if h.Kind == incidents.SourceKind && !listed[h.ID] {
			all = append(all, h.Source)
		}
	}
	return f.store.SaveSources(ctx, all)
}

// collectionOptions know the folder's actors and what a natural person's name looks like.
func collectionOptions(ctx context.Context, f *folder) (incidents.Options, error) {
	cat, err := f.store.Actors(ctx)
	if err != nil {
		return incidents.Options{}, err
	}
	known, err := data.Organisations()
	if err != nil {
		return incidents.Options{}, err
	}
	organisation := map[string]bool{}
	for _, o := range known {
		for _, n := range append([]string{o.Name}, o.Also...) {
			organisation[names.FoldOrg(n)] = true
		}
	}
	lex, err := lexicon.Load()
	if err != nil {
		return incidents.Options{}, err
	}
	resolver := names.NewResolver(cat)
	return incidents.Options{
		Actor: func(name string) (intel.Ref, bool) {
			found := resolver.ResolveName(name)
			if len(found) != 1 || found[0].Confidence < keptConfidence {
				return intel.Ref{}, false
			}
			return intel.Ref{ID: found[0].ID, Name: found[0].Name}, true
		},
		Person: func(name string) bool {
			words := strings.Fields(strings.ToLower(name))
			if len(words) < 2 || len(words) > 4 || organisation[names.FoldOrg(name)] || strings.ContainsAny(name, "0123456789&") {
				return false
			}
			if names.IsLegalForm(words[len(words)-1]) || lex.Name(words[len(words)-1]).Any(lexicon.Vendor|lexicon.Media) {
				return false
			}
			return lex.Name(words[0]).Any(lexicon.Given)
		},
	}, nil
}

func (c *collecting) take(ctx context.Context, r incidents.Row) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	c.Read++
	switch {
	case r.Problem != nil:
		return c.quarantine(r.Number, r.Problem, r.Raw)
	case r.Entry == nil:
		c.Left[r.Left]++
		return nil
	}
	e := *r.Entry
	e.Report.Recorded, e.Report.Retrieved, e.Report.Demo = c.a.now().UTC(), c.a.now().UTC(), c.a.isDemo()
	c.batch, c.rows = append(c.batch, e), append(c.rows, r.Number)
	if len(c.batch) < batchSize {
		return nil
	}
	return c.flush(ctx)
}

// flush saves a batch. Where one record of it is refused, its records are saved one by one, so that the refused is named.
func (c *collecting) flush(ctx context.Context) error {
	if len(c.batch) == 0 {
		return nil
	}
	saved, err := c.f.store.Save(ctx, c.batch)
	if err == nil {
		for _, s := range saved {
			c.count(s)
		}
		c.batch, c.rows = c.batch[:0], c.rows[:0]
		return nil
	}
	if saved == nil {
		return err
	}
	for i, e := range c.batch {
		one, err := c.f.store.Save(ctx, []intel.Entry{e})
		switch {
		case err == nil:
			// What the batch saved before is unchanged now; it was counted nowhere yet.
			if saved[i].ReportID != "" {
				one[0] = saved[i]
			}
			c.count(one[0])
		case errors.Is(err, intel.ErrPurged):
			c.Left["removed on request before"]++
		default:
			if err := c.quarantine(c.rows[i], err, nil); err != nil {
				return err
			}
		}
	}
	c.batch, c.rows = c.batch[:0], c.rows[:0]
	return nil
}

func (c *collecting) count(s intel.Saved) {
	switch {
	case s.Unchanged:
		c.Unchanged++
	case s.Version > 1:
		c.Updated++
	default:
		c.Added++
	}
}

// quarantine keeps a bad row and says why, by file and row.
func (c *collecting) quarantine(row int, problem error, raw []byte) error {
	c.Bad++
	c.a.say("%s row %d: %v", c.path, row, problem)
	if c.bad == nil {
		path := filepath.Join(c.f.dir, "quarantine", c.name+".jsonl")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		var err error
		if c.bad, err = os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600); err != nil { //nolint:gosec // below the data folder
			return err
		}
		c.Quarantine = path
	}
	b, err := json.Marshal(quarantined{c.path, row, problem.Error(), string(raw)})
	if err != nil {
		return err
	}
	_, err = c.bad.Write(append(b, '\n'))
	return err
}

func (c *collecting) closeQuarantine() error {
	if c.bad == nil {
		return nil
	}
	return c.bad.Close()
}

// note enters the reading into the journal, where coverage finds when the collection was last read.
func (c *collecting) note(ctx context.Context) error {
	src, _ := incidents.Source(c.name)
	fetch := intel.Fetch{SourceID: c.name, URL: src.Home, At: c.a.now().UTC(), Outcome: "discovery", Discovery: true}
	if c.Added+c.Updated+c.Unchanged == 0 {
		fetch.Outcome, fetch.Error = "failed", "no record of the file could be taken"
	}
	return c.f.store.Note(ctx, []intel.Fetch{fetch})
}

func (c *collecting) show() error {
	if c.a.json || c.a.jsonl {
		if err := printJSON(c.a.stdout, c); err != nil {
			return err
		}
	} else {
		c.a.line("%s: %d records read; %d added, %d updated, %d unchanged", c.name, c.Read, c.Added, c.Updated, c.Unchanged)
		for _, why := range slices.Sorted(maps.Keys(c.Left)) {
			c.a.line("%d left out: %s", c.Left[why], why)
		}
	}
	if c.Bad > 0 {
		return fmt.Errorf("import: %w: %d rows of %s were not taken; they are in %s", errPartial, c.Bad, c.path, c.Quarantine)
	}
	return nil
}
