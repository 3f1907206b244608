package main

import (
	"fmt"
	"io"

	"github.com/rapsheet/rapsheet/extract/eval"
	"github.com/rapsheet/rapsheet/intel"
)

// reliability prints, for the records of a set whose labels are complete, how many of the victims were candidates at all, how often
// each confidence was right, and what leaves the house at eval.SureConfidence. The answers are those of models that never saw the record.
func reliability(w io.Writer, set string, docs []document, answers map[string]intel.Extraction) error {
	name := set
	if set == "casie" {
		name = "articles" // the judged ones among them
	}
	var gold []eval.Gold
	var got []intel.Extraction
	found := eval.Ratio{}
	for i := range docs {
		d := &docs[i]
		a, ok := answers[d.in.ID]
		if d.set != name || !d.complete || !ok {
			continue
		}
		g := eval.Gold{ID: d.in.ID, Text: d.in.Text, Ambiguous: d.ambiguous}
		for _, v := range d.gold {
			found.Count(d.offers(v))
			g.Incidents = append(g.Incidents, eval.Incident{Victims: []eval.Names{v}})
		}
		gold, got = append(gold, g), append(got, a)
	}
	if len(gold) == 0 {
		return nil
	}
	r, err := eval.Score(gold, got, given)
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	s := r.Sure
	for _, l := range []struct {
		name string
		of   eval.Ratio
	}{
		{"are candidates", found},
		{"sure and right", s.VictimPrecision},
		{"sure, of labelled", s.VictimRecall},
		{"none named, one sure", s.FalseVictim},
	} {
		if _, err := fmt.Fprintf(w, "%-13s %-20s %.4f  (%d/%d)\n", name, l.name, l.of.Value(), l.of.Hit, l.of.Of); err != nil {
			return fmt.Errorf("train: print: %w", err)
		}
	}
	for _, b := range r.Reliability {
		if _, err := fmt.Fprintf(w, "%-13s %.1f to %.1f           %.4f  (%d/%d, mean %.2f)\n", name, b.Low, b.High, b.Right.Value(), b.Right.Hit, b.Right.Of, b.Mean); err != nil {
			return fmt.Errorf("train: print: %w", err)
		}
	}
	return nil
}

// offers reports whether a victim is among the candidates of its text.
func (d *document) offers(gold []string) bool {
	for _, c := range d.candidates {
		if same(c.names, [][]string{gold}) {
			return true
		}
	}
	return false
}
