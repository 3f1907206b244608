package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/intel"
)

// maxLine bounds one JSON line on stdin, in bytes.
const maxLine = 32 << 20

// errNoRecord marks a line that is no record; one with a date that cannot be read is still extracted, undated.
var errNoRecord = errors.New("left out")

// extractRecord is one line of input of `rapsheet extract`.
type extractRecord struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Text     string `json:"text"`
	Date     string `json:"date"`
	Language string `json:"language"`
}

func (a *app) extractCmd() *cobra.Command {
	var minConfidence float64
	c := &cobra.Command{
		Use:     "extract",
		Short:   "JSON lines {id, title?, text, date?, language?} to what they say: incidents with claims, actors, observables",
		Example: "  echo '{\"id\":\"1\",\"text\":\"Acme GmbH was hit by the Play ransomware gang.\"}' | rapsheet extract",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.extract(c.Context(), minConfidence)
		},
	}
	c.Flags().Float64Var(&minConfidence, "min-confidence", 0.5, "leave out incidents below it (0 to 1)")
	return c
}

func (a *app) extract(ctx context.Context, minConfidence float64) error {
	x, err := a.extractor(ctx)
	if err != nil {
		return err
	}
	h, err := a.helped(x)
	if err != nil {
		return err
	}
	in := bufio.NewScanner(a.stdin)
	in.Buffer(nil, maxLine)
	out := bufio.NewWriter(a.stdout)
	var failed []error
	for n := 1; in.Scan(); n++ {
		if ctx.Err() != nil {
			break
		}
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		rec, res, err := extractLine(ctx, h, in.Bytes(), minConfidence)
		if err != nil {
			failed = append(failed, fmt.Errorf("line %d: %w", n, err))
		}
		if errors.Is(err, errNoRecord) {
			continue
		}
		if err := printLine(out, struct {
			ID string `json:"id"`
			intel.Extraction
		}{rec.ID, res}); err != nil {
			return err
		}
	}
	if err := errors.Join(in.Err(), out.Flush(), ctx.Err()); err != nil {
		return fmt.Errorf("extract: %w", err)
	}
	if len(failed) > 0 {
		return fmt.Errorf("extract: %w: %w", errPartial, errors.Join(failed...))
	}
	return nil
}

func extractLine(ctx context.Context, x helper, line []byte, minConfidence float64) (extractRecord, intel.Extraction, error) {
	var rec extractRecord
	if err := decode(line, &rec); err != nil {
		return rec, intel.Extraction{}, errors.Join(errNoRecord, err)
	}
	published, dateErr := looseDate(rec.Date)
	res := x.extract(ctx, extract.Input{ID: rec.ID, Title: rec.Title, Text: rec.Text, Language: rec.Language, Published: published})
	res.Incidents = atLeast(res.Incidents, minConfidence)
	return rec, res, dateErr
}

// looseDate reads a date as collections of reports write it: 2018_11_02 and 2018/11/02 are the days they look like.
func looseDate(s string) (intel.Moment, error) {
	m, err := intel.ParseMoment(s)
	if err == nil {
		return m, nil
	}
	return intel.ParseMoment(strings.NewReplacer("_", "-", "/", "-").Replace(s))
}

// atLeast keeps the incidents of at least this confidence.
func atLeast(all []intel.Finding, minConfidence float64) []intel.Finding {
	kept := make([]intel.Finding, 0, len(all))
	for _, f := range all {
		if f.Confidence >= minConfidence {
			kept = append(kept, f)
		}
	}
	return kept
}
