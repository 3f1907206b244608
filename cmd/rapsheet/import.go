package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/data"
	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names/address"
)

func (a *app) importCmd() *cobra.Command {
	return &cobra.Command{
		Use:     "import misp-galaxy|attack|microsoft|reports FILE",
		Short:   "Read a catalogue of names, or reports as JSON lines",
		Example: "  rapsheet import misp-galaxy threat-actor.json\n  rapsheet import reports reports.jsonl   # {id?, url?, title?, text, published?, source?, language?, tlp?}",
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			switch args[0] {
			case "misp-galaxy", "attack", "microsoft":
				return a.importCatalogue(c.Context(), args[0], args[1])
			case "reports":
				return a.importReports(c.Context(), args[1])
			default:
				return usagef("import %s: this version reads misp-galaxy, attack, microsoft and reports", args[0])
			}
		},
	}
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
	w, err := a.openWork(ctx, a.isDemo())
	if err != nil {
		return err
	}
	defer w.close() //nolint:errcheck // every batch was acknowledged
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	var failed []error
	var batch []intel.Entry
	stored, unchanged := 0, 0
	flush := func() {
		saved, err := w.folder.store.Save(ctx, batch)
		if err != nil {
			failed = append(failed, err)
		}
		for _, s := range saved {
			switch {
			case s.Unchanged:
				unchanged++
			case s.ReportID != "":
				stored++
			}
		}
		batch = batch[:0]
	}
	for n := 1; lines.Scan() && ctx.Err() == nil; n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		entry, err := w.pipeline.imported(lines.Bytes())
		if err != nil {
			failed = append(failed, fmt.Errorf("%s line %d: %w", path, n, err))
			continue
		}
		if batch = append(batch, entry); len(batch) == batchSize {
			flush()
		}
	}
	flush()
	if err := errors.Join(lines.Err(), ctx.Err()); err != nil {
		return fmt.Errorf("import: %s: %w", path, err)
	}
	a.line("%d reports stored, %d already held", stored, unchanged)
	if len(failed) > 0 {
		return fmt.Errorf("import: %w: %w", errPartial, errors.Join(failed...))
	}
	return nil
}

// imported makes an entry of one line; nothing it lacks is guessed.
func (p *pipeline) imported(line []byte) (intel.Entry, error) {
	var r importedReport
	if err := decode(line, &r); err != nil {
		return intel.Entry{}, err
	}
	published, err := intel.ParseMoment(r.Published)
	if err != nil {
		return intel.Entry{}, err
	}
	if strings.TrimSpace(r.Text) == "" {
		return intel.Entry{}, fmt.Errorf("text is empty: %w", intel.ErrInvalid)
	}
	if r.TLP != "" && !intel.TLP(r.TLP).Valid() {
		return intel.Entry{}, fmt.Errorf("tlp %q: choose CLEAR, GREEN, AMBER, AMBER+STRICT or RED: %w", r.TLP, intel.ErrInvalid)
	}
	url := r.URL
	if url != "" {
		if url, err = address.Canonical(r.URL); err != nil {
			return intel.Entry{}, err
		}
	} else {
		sum := sha256.Sum256([]byte(r.ID + "\x00" + r.Text))
		url = "urn:sha256:" + hex.EncodeToString(sum[:])
	}
	doc := intel.Document{URL: url, FinalURL: url, SourceID: r.Source, Body: line, Retrieved: p.now(), TLP: intel.TLP(r.TLP), Demo: p.demo}
	art := intel.Article{Title: r.Title, Published: published, Language: r.Language, Text: r.Text, CanonicalURL: url}
	if !published.IsZero() {
		art.PublishedFrom = "given"
	}
	return p.entry(doc, art), nil
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
