package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/api"
	"github.com/rapsheet/rapsheet/intel"
)

// addFlags say what the person who adds a page knows about it.
type addFlags struct {
	published, address, source, tlp, title string
}

func (a *app) addCmd() *cobra.Command {
	var f addFlags
	c := &cobra.Command{
		Use:     "add URL|FILE…",
		Short:   "Read one page or file now",
		Example: "  rapsheet add report.html --url https://example.com/report --published 2025-09-03",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.add(c.Context(), args, f)
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.published, "published", "", "when it was published (YYYY-MM-DD or RFC 3339); wins over what the page says")
	fl.StringVar(&f.address, "url", "", "the public address a file came from")
	fl.StringVar(&f.source, "source", "", "id of the source it belongs to")
	fl.StringVar(&f.tlp, "tlp", "CLEAR", "CLEAR, GREEN, AMBER, AMBER+STRICT or RED")
	fl.StringVar(&f.title, "title", "", "title, where the page has none")
	return c
}

func (a *app) add(ctx context.Context, names []string, f addFlags) error {
	published, err := intel.ParseMoment(f.published)
	if err != nil {
		return usagef("--published: %v", err)
	}
	if !intel.TLP(f.tlp).Valid() {
		return usagef("--tlp %s: choose CLEAR, GREEN, AMBER, AMBER+STRICT or RED", f.tlp)
	}
	if a.isDemo() {
		return usagef("add: %s is a demo folder: choose another with --data: %w", a.cfg.Data, intel.ErrDemo)
	}
	to, err := a.addTo(ctx, false)
	if err != nil {
		return err
	}
	defer to.close() //nolint:errcheck // what was stored was acknowledged
	var failed []error
	for _, name := range names {
		item, err := a.item(name, f)
		if err == nil {
			item.Published = published.String()
			err = a.addOne(ctx, to.add, name, item)
		}
		if err != nil {
			failed = append(failed, documentErr(name, err))
		}
	}
	switch {
	case len(failed) == 0:
		return nil
	case len(failed) == len(names):
		return fmt.Errorf("add: %w", errors.Join(failed...))
	default:
		return fmt.Errorf("add: %w: %w", errPartial, errors.Join(failed...))
	}
}

// item is what a name on the command line stands for: an address that whoever stores it reads, or a file read here.
func (a *app) item(name string, f addFlags) (api.AddItem, error) {
	item := api.AddItem{Title: f.title, Source: f.source, TLP: f.tlp, URL: f.address}
	if strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://") {
		item.URL = name
		return item, nil
	}
	doc, err := a.file(name, f.address)
	item.Name, item.Content, item.ContentType = filepath.ToSlash(name), doc.Body, doc.ContentType
	return item, err
}

func (a *app) addOne(ctx context.Context, add api.AddFunc, name string, item api.AddItem) error {
	results, err := add(ctx, []api.AddItem{item})
	if err != nil {
		return err
	}
	if len(results) != 1 {
		return fmt.Errorf("%d answers to one document", len(results))
	}
	r := results[0]
	if r.Problem != "" {
		return errors.New(r.Problem)
	}
	if a.json || a.jsonl {
		return printLine(a.stdout, r)
	}
	state := fmt.Sprintf("version %d", r.Version)
	if r.Status == statusUnchanged {
		state = "already held"
	}
	a.line("%s: “%s”, published %s, %s, %s\n  report %s", name, terminalSafe(r.Title), orUnknown(r.Published.String()), countOf(r.Claims, "claim"), state, r.ReportID)
	return nil
}
