// SPDX-License-Identifier: Apache-2.0

// Command train learns the weights of the extractor from a folder of labelled reporting and writes extract/model.tsv. The folder
// holds articles.dev.jsonl with its texts in casie.dev.jsonl, hackmageddon.dev.jsonl and vcdb.dev.jsonl; nothing of their text goes
// into the model but counts of single words and word classes. The same folder gives the same file.
//
// Names are marked in the texts as rapsheet marks them: with the catalogue, the countries and the sectors it ships.
//
//	go run ./cmd/train -data DIR
//	go run ./cmd/train -data DIR -cross PREDICTIONS
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/rapsheet/rapsheet/data"
	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/intel"
)

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) }

func run(_ context.Context, args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("train", flag.ContinueOnError)
	fs.SetOutput(stderr)
	folder := fs.String("data", "", "folder of labelled reporting")
	catalogue := fs.String("catalogue", "", "JSON file of an intel.Catalogue in place of the shipped one")
	cross := fs.String("cross", "", "folder for what five models, each without one fold, make of that fold; no model is written")
	texts := fs.String("texts", "cmd/train/texts", "folder of texts told in our own words, learned from too")
	lowest := fs.Float64("least", 0.5, "with -cross: the least confidence of a finding that is written")
	out := fs.String("out", "extract/model.tsv", "file to write")
	if err := fs.Parse(args); err != nil {
		return 2
	}
	if *folder == "" {
		fmt.Fprintln(stderr, "train: name the folder with -data")
		return 2
	}
	if err := train(*folder, *texts, *catalogue, *out, crossing{folder: *cross, least: *lowest}, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

func train(folder, texts, catalogue, out string, cross crossing, stdout, stderr io.Writer) error {
	o, err := options(catalogue)
	if err != nil {
		return err
	}
	x, err := extract.New(o)
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	records, err := load(folder)
	if err != nil {
		return err
	}
	own, err := tell(texts)
	if err != nil {
		return err
	}
	resembling(records, own)
	docs := label(x, append(records, own...))
	if cross.folder != "" {
		return predict(folder, cross, x, o, docs, stdout)
	}
	model := fit(x, docs, func(string) bool { return false })
	fmt.Fprintf(stderr, "train: %d documents, %d bytes\n", len(docs), len(model))
	if err := os.WriteFile(out, model, 0o644); err != nil { //nolint:gosec // a source file of the project
		return fmt.Errorf("train: write model: %w", err)
	}
	return nil
}

// options are those of the shipped extractor with an empty model.
func options(catalogue string) (extract.Options, error) {
	o := extract.Options{Model: []byte("bias\t0\n")}
	var err error
	if catalogue != "" {
		o.Catalogue, err = readCatalogue(catalogue)
	} else {
		o.Catalogue, err = data.Catalogue()
	}
	if err != nil {
		return o, err
	}
	sectors, err := data.Sectors()
	if err != nil {
		return o, fmt.Errorf("train: %w", err)
	}
	for _, s := range sectors {
		o.Sectors = append(o.Sectors, extract.Sector{Name: s.Name, OV: s.OV, Words: s.Words})
	}
	countries, err := data.Countries()
	if err != nil {
		return o, fmt.Errorf("train: %w", err)
	}
	for _, c := range countries {
		o.Countries = append(o.Countries, extract.Country{
			Code: c.Code, Names: append([]string{c.Name}, c.Names...), Demonyms: c.Demonyms, Places: c.Places, Domains: c.Domains, Forms: c.Forms,
		})
	}
	return o, nil
}

func readCatalogue(file string) (intel.Catalogue, error) {
	var c intel.Catalogue
	b, err := os.ReadFile(file) //nolint:gosec // the file the caller named
	if err != nil {
		return c, fmt.Errorf("train: read catalogue: %w", err)
	}
	if err := json.Unmarshal(b, &c); err != nil {
		return c, fmt.Errorf("train: read catalogue %s: %w", file, errors.Join(intel.ErrInvalid, err))
	}
	return c, nil
}
