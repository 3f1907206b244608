package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/intel"
)

// given is the confidence from which a finding is given by default; reliability is measured from there.
const given = 0.5

// crossing says where predictions go, and the least confidence of those written: the scorer takes all it is given.
type crossing struct {
	folder string
	least  float64
}

// predict writes for each set what a model that never saw a record makes of it. Roundups are made of notes of all folds, so they
// have models of their own, which saw none of the notes they are asked about.
// On w it prints what no file of predictions shows: how far the confidence of each set can be believed.
func predict(folder string, to crossing, x *extract.Extractor, o extract.Options, docs []document, w io.Writer) error {
	if err := os.MkdirAll(to.folder, 0o755); err != nil { //nolint:gosec // predictions are no secret
		return fmt.Errorf("train: make folder: %w", err)
	}
	var models [folds]*extract.Extractor
	for k := range folds {
		m, err := without(x, o, docs, func(id string) bool { return fold(id) == k })
		if err != nil {
			return err
		}
		models[k] = m
	}
	for _, set := range []string{"hackmageddon", "vcdb", "casie", "eurepoc"} {
		in, err := lines(folder, set+".dev.jsonl")
		if err != nil {
			return err
		}
		all, err := to.answer(set, in, func(l line) *extract.Extractor { return models[fold(l.ID)] })
		if err != nil {
			return err
		}
		if err := reliability(w, set, docs, all); err != nil {
			return err
		}
	}
	return predictRoundups(folder, to, x, o, docs)
}

func predictRoundups(folder string, to crossing, x *extract.Extractor, o extract.Options, docs []document) error {
	in, err := lines(folder, "roundup.dev.jsonl")
	if err != nil {
		return err
	}
	var models [folds]*extract.Extractor
	for k := range folds {
		seen := map[string]bool{}
		for _, l := range in {
			if fold(l.ID) == k {
				for _, id := range l.Items {
					seen[id] = true
				}
			}
		}
		if models[k], err = without(x, o, docs, func(id string) bool { return seen[id] }); err != nil {
			return err
		}
	}
	_, err = to.answer("roundup", in, func(l line) *extract.Extractor { return models[fold(l.ID)] })
	return err
}

// without is an extractor whose model learned nothing from the records that leave names.
func without(x *extract.Extractor, o extract.Options, docs []document, leave func(string) bool) (*extract.Extractor, error) {
	o.Model = fit(x, docs, leave)
	m, err := extract.New(o)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return m, nil
}

// answer writes one JSON line for each record, as rapsheet extract does, and gives by id all that was found.
func (to crossing) answer(set string, in []line, model func(line) *extract.Extractor) (map[string]intel.Extraction, error) {
	path := filepath.Join(to.folder, set+".jsonl")
	f, err := os.Create(path) //nolint:gosec // the folder the caller named
	if err != nil {
		return nil, fmt.Errorf("train: create predictions: %w", err)
	}
	all := make(map[string]intel.Extraction, len(in))
	w := bufio.NewWriter(f)
	enc := json.NewEncoder(w)
	for _, l := range in {
		got := model(l).Extract(input(l))
		all[l.ID] = got
		got.Incidents = slices.DeleteFunc(slices.Clone(got.Incidents), func(f intel.Finding) bool { return f.Confidence < to.least })
		if err := enc.Encode(struct {
			ID string `json:"id"`
			intel.Extraction
		}{l.ID, got}); err != nil {
			return nil, fmt.Errorf("train: write %s: %w", set, err)
		}
	}
	if err := w.Flush(); err != nil {
		return nil, fmt.Errorf("train: write %s: %w", set, err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("train: close %s: %w", set, err)
	}
	return all, nil
}
