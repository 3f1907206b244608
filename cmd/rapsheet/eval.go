package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/extract/eval"
	"github.com/rapsheet/rapsheet/intel"
)

func (a *app) evalCmd() *cobra.Command {
	var (
		minConfidence          float64
		bundled, given, misses bool
	)
	c := &cobra.Command{
		Use:   "eval GOLD | eval --newsroom",
		Short: "Precision, recall, F1 and reliability of the extractor on a labelled file",
		Long:  "GOLD has one JSON record a line: {id, text, date?, incidents:[{victims:[[name, alias…]], actors:[…], role, kind, status, country}], non_victims, ambiguous}.",
		Args: func(c *cobra.Command, args []string) error {
			if bundled {
				return cobra.NoArgs(c, args)
			}
			return cobra.ExactArgs(1)(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			if bundled {
				return a.evalNewsroom(c.Context(), minConfidence, given, misses)
			}
			return a.eval(c.Context(), args[0], minConfidence)
		},
	}
	c.Flags().Float64Var(&minConfidence, "min-confidence", 0.5, "leave out incidents below it (0 to 1)")
	c.Flags().BoolVar(&bundled, "newsroom", false, "measure reading and extraction on the bundled newsroom")
	c.Flags().BoolVar(&given, "given", false, "with --newsroom: tell the extractor who was struck by whom, to measure what it reads of an incident apart from finding it")
	c.Flags().BoolVar(&misses, "misses", false, "with --newsroom: list what was missed")
	return c
}

func (a *app) eval(ctx context.Context, path string, minConfidence float64) error {
	f, err := os.Open(path) //nolint:gosec // the user names the file
	if err != nil {
		return fmt.Errorf("eval: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	gold, err := readGold(f)
	if err != nil {
		return fmt.Errorf("eval: %s: %w", path, err)
	}
	x, err := a.extractor(ctx)
	if err != nil {
		return err
	}
	h, err := a.helped(x)
	if err != nil {
		return err
	}
	predicted := make([]intel.Extraction, 0, len(gold))
	bar := a.progress("eval")
	for i, g := range gold {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		published, err := looseDate(g.Date)
		if err != nil {
			return fmt.Errorf("eval: record %s: %w", g.ID, err)
		}
		predicted = append(predicted, h.extract(ctx, extract.Input{ID: g.ID, Title: g.Title, Text: g.Text, Language: g.Language, Published: published}))
		bar.set(i+1, len(gold))
	}
	bar.done()
	report, err := eval.Score(gold, predicted, minConfidence)
	if err != nil {
		return err
	}
	if a.json || a.jsonl {
		return printJSON(a.stdout, report)
	}
	return report.Write(a.stdout)
}

// readGold reads labelled records, one a line; a bad line is named.
func readGold(r io.Reader) ([]eval.Gold, error) {
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	var out []eval.Gold
	for n := 1; in.Scan(); n++ {
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		var g eval.Gold
		if err := decode(in.Bytes(), &g); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if g.Text == "" {
			return nil, fmt.Errorf("line %d (%s): text is missing: a labelled file carries its texts: %w", n, g.ID, intel.ErrInvalid)
		}
		out = append(out, g)
	}
	return out, in.Err()
}
