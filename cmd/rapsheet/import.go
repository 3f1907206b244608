package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/api"
	"github.com/rapsheet/rapsheet/data"
	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/intel"
)

func (a *app) importCmd() *cobra.Command {
	var insist bool
	c := &cobra.Command{
		Use:     "import misp-galaxy|attack|microsoft|vcdb|eurepoc|kev|reports FILE",
		Short:   "Read a catalogue of names, a published collection of incidents, or reports as JSON lines",
		Example: "  rapsheet import misp-galaxy threat-actor.json\n  rapsheet import vcdb vcdb.json          # likewise eurepoc dataset.csv, kev known_exploited_vulnerabilities.json\n  rapsheet import reports reports.jsonl   # {id?, url?, title?, text, published?, source?, language?, tlp?}",
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			switch args[0] {
			case "misp-galaxy", "attack", "microsoft":
				return a.importCatalogue(c.Context(), args[0], args[1], insist)
			case "vcdb", "eurepoc", "kev":
				return a.importCollection(c.Context(), args[0], args[1])
			case "reports":
				return a.importReports(c.Context(), args[1])
			default:
				return usagef("import %s: this version reads misp-galaxy, attack, microsoft, vcdb, eurepoc, kev and reports", args[0])
			}
		},
	}
	c.Flags().BoolVar(&insist, "insist", false, "import a catalogue even where it lacks more than a quarter of what stood in it")
	return c
}

// importedReport is one line of `import reports`.
type importedReport struct {
	ID        string `json:"id"`
	URL       string `json:"url"`
	Title     string `json:"title"`
	Text      string `json:"text"`
	Published string `json:"published"`
	Source    string `json:"source"`
	Language  string `json:"language"`
	TLP       string `json:"tlp"`
}

func (a *app) importReports(ctx context.Context, path string) error {
	in, err := os.Open(path) //nolint:gosec // the user names the file
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer in.Close() //nolint:errcheck // only read
	to, err := a.addTo(ctx, a.isDemo())
	if err != nil {
		return err
	}
	defer to.close() //nolint:errcheck // every batch was acknowledged
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	b := importing{add: to.add, path: path}
	for n := 1; lines.Scan() && ctx.Err() == nil; n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var r importedReport
		if err := decode(lines.Bytes(), &r); err != nil {
			b.fail(n, err)
			continue
		}
		if err := b.take(ctx, n, r); err != nil {
			return fmt.Errorf("import: %s: %w", path, err)
		}
	}
	if err := errors.Join(b.flush(ctx), lines.Err(), ctx.Err()); err != nil {
		return fmt.Errorf("import: %s: %w", path, err)
	}
	a.line("%d reports stored, %d already held", b.stored, b.unchanged)
	if len(b.failed) > 0 {
		return fmt.Errorf("import: %w: %w", errPartial, errors.Join(b.failed...))
	}
	return nil
}

// importing sends the lines of a file on in batches and counts what became of them.
type importing struct {
	add               api.AddFunc
	path              string
	items             []api.AddItem
	lines             []int
	bytes             int
	stored, unchanged int
	failed            []error
}

// mostBatchBytes bounds the text of a batch, which may go over HTTP.
const mostBatchBytes = 8 << 20

func (b *importing) fail(line int, err error) {
	b.failed = append(b.failed, fmt.Errorf("%s line %d: %w", b.path, line, err))
}

func (b *importing) take(ctx context.Context, line int, r importedReport) error {
	if strings.TrimSpace(r.Text) == "" {
		b.fail(line, fmt.Errorf("text is empty: %w", intel.ErrInvalid))
		return nil
	}
	b.items = append(b.items, api.AddItem{
		ID: r.ID, URL: r.URL, Title: r.Title, Text: r.Text, Published: r.Published, Source: r.Source, Language: r.Language, TLP: r.TLP,
	})
	b.lines = append(b.lines, line)
	if b.bytes += len(r.Text); len(b.items) < batchSize && b.bytes < mostBatchBytes {
		return nil
	}
	return b.flush(ctx)
}

// hopeless is the error of a batch of which every line failed for one reason, a full disk say: the lines after it would too.
func (b *importing) hopeless(results []api.Added) error {
	if len(results) < 2 {
		return nil
	}
	for _, r := range results {
		if r.Problem == "" || r.Problem != results[0].Problem {
			return nil
		}
	}
	return fmt.Errorf("stopped at line %d, %s: %w: %d reports stored before it, %d already held; mend that and run it again", b.lines[0], results[0].Problem, errPartial, b.stored, b.unchanged)
}

func (b *importing) flush(ctx context.Context) error {
	if len(b.items) == 0 {
		return nil
	}
	results, err := b.add(ctx, b.items)
	if err != nil {
		return err
	}
	if err := b.hopeless(results); err != nil {
		return err
	}
	for i, r := range results {
		switch {
		case r.Problem != "":
			b.fail(b.lines[i], errors.New(r.Problem))
		case r.Status == statusUnchanged:
			b.unchanged++
		default:
			b.stored++
		}
	}
	b.items, b.lines, b.bytes = b.items[:0], b.lines[:0], 0
	return nil
}

// extractorFor knows the actors and software of a catalogue, and the sectors and countries shipped.
func extractorFor(cat intel.Catalogue) (*extract.Extractor, error) {
	o := extract.Options{Catalogue: cat}
	sectors, err := data.Sectors()
	if err != nil {
		return nil, err
	}
	for _, s := range sectors {
		o.Sectors = append(o.Sectors, extract.Sector{Name: s.Name, OV: s.OV, Words: s.Words})
	}
	countries, err := data.Countries()
	if err != nil {
		return nil, err
	}
	for _, c := range countries {
		o.Countries = append(o.Countries, extract.Country{
			Code: c.Code, Names: append([]string{c.Name}, c.Names...), Demonyms: c.Demonyms, Places: c.Places, Domains: c.Domains, Forms: c.Forms,
		})
	}
	known, err := data.Organisations()
	if err != nil {
		return nil, err
	}
	section := map[string]string{}
	for _, s := range sectors {
		section[s.Section] = s.Name
	}
	for _, k := range known {
		o.Victims = append(o.Victims, extract.Victim{Names: append([]string{k.Name}, k.Also...), Country: k.Country, Sector: section[k.Section]})
	}
	return extract.New(o)
}
