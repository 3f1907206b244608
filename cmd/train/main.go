// SPDX-License-Identifier: Apache-2.0

// Command train learns the weights of the extractor from a folder of labelled reporting and writes extract/model.tsv. The folder
// holds articles.dev.jsonl with its texts in casie.dev.jsonl, hackmageddon.dev.jsonl and vcdb.dev.jsonl; nothing of their text goes
// into the model but counts of single words and word classes. The same folder gives the same file.
//
//	go run ./cmd/train -data DIR -catalogue FILE -out extract/model.tsv
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/intel"
)

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stderr)) }

func run(_ context.Context, args []string, stderr io.Writer) int {
	fs := flag.NewFlagSet("train", flag.ContinueOnError)
	fs.SetOutput(stderr)
	data := fs.String("data", "", "folder of labelled reporting")
	catalogue := fs.String("catalogue", "", "JSON file of an intel.Catalogue whose names are marked in the text")
	leave := fs.Int("leave", -1, "fold of five (by id) to leave out, for measuring; -1 trains on all")
	out := fs.String("out", "extract/model.tsv", "file to write")
	if err := fs.Parse(args); err != nil {
		return 2
	}
	if *data == "" {
		fmt.Fprintln(stderr, "train: name the folder with -data")
		return 2
	}
	if err := train(*data, *catalogue, *out, *leave, stderr); err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

func train(data, catalogue, out string, leave int, stderr io.Writer) error {
	o := extract.Options{Model: []byte("bias\t0\n")}
	if catalogue != "" {
		c, err := readCatalogue(catalogue)
		if err != nil {
			return err
		}
		o.Catalogue = c
	}
	x, err := extract.New(o)
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	records, err := load(data)
	if err != nil {
		return err
	}
	docs := label(x, records)
	model := fit(x, docs, leave)
	fmt.Fprintf(stderr, "train: %d documents, %d bytes\n", len(docs), len(model))
	if err := os.WriteFile(out, model, 0o644); err != nil { //nolint:gosec // a source file of the project
		return fmt.Errorf("train: write model: %w", err)
	}
	return nil
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
