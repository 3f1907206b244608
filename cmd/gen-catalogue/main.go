// SPDX-License-Identifier: Apache-2.0

// Command gen-catalogue makes the embedded catalogue of actors, software and techniques from the public catalogues: MISP galaxy,
// ATT&CK and Microsoft's table. The same inputs give the same bytes.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"go.yaml.in/yaml/v4"

	"github.com/rapsheet/rapsheet/exchange/catalogue"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names"
)

func main() { os.Exit(run(os.Args[1:], os.Stderr)) }

// run reads the catalogues, joins them and writes the result; it answers the exit code.
func run(args []string, stderr io.Writer) int {
	fl := flag.NewFlagSet("gen-catalogue", flag.ContinueOnError)
	fl.SetOutput(stderr)
	files := map[string]*string{}
	for _, name := range []string{"misp", "ransomware", "attack", "software", "microsoft"} {
		files[name] = fl.String(name, "", name+" catalogue file")
	}
	crosswalk := fl.String("crosswalk", "data/crosswalk.yaml", "joins that people made")
	out := fl.String("out", "data/catalogue.json.gz", "file to write")
	if err := fl.Parse(args); err != nil {
		return 2
	}
	if err := generate(files, *crosswalk, *out, stderr); err != nil {
		fmt.Fprintln(stderr, "gen-catalogue:", err)
		return 1
	}
	return 0
}

func generate(files map[string]*string, crosswalk, out string, stderr io.Writer) error {
	read := func(flagName, origin string) (intel.Catalogue, error) {
		b, err := os.ReadFile(*files[flagName])
		if err != nil {
			return intel.Catalogue{}, fmt.Errorf("-%s: %w", flagName, err)
		}
		c, skipped, err := catalogue.Parse(origin, *files[flagName], b)
		for _, s := range skipped {
			if _, kept := errors.AsType[*catalogue.QuarantineError](s); !kept {
				fmt.Fprintln(stderr, "left out:", s)
			}
		}
		return c, err
	}
	misp, err1 := read("misp", "misp-galaxy")
	ransomware, err2 := read("ransomware", "ransomware")
	attack, err3 := read("attack", "attack")
	software, err4 := read("software", "attack")
	microsoft, err5 := read("microsoft", "microsoft")
	links, err6 := readLinks(crosswalk)
	if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
		return err
	}
	misp.Software = ransomware.Software
	attack.Software = software.Software
	misp.Version = intel.UUIDv5(misp.Version, ransomware.Version)[:13]
	attack.Version = intel.UUIDv5(attack.Version, software.Version)[:13]
	parts := names.Parts{MISP: misp, Attack: attack, Microsoft: microsoft}
	joined := parts.Join(links)
	fmt.Fprintf(stderr, "%d actors, %d software, %d techniques\n", len(joined.Actors), len(joined.Software), len(joined.Techniques))
	return write(out, parts)
}

func readLinks(path string) ([]names.Link, error) {
	b, err := os.ReadFile(path) //nolint:gosec // the developer names the file
	if err != nil {
		return nil, err
	}
	var doc struct {
		Links []names.Link `yaml:"links"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return doc.Links, nil
}

// write compresses without a time, so that the bytes depend on the facts alone.
func write(path string, c names.Parts) error {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := errors.Join(json.NewEncoder(w).Encode(c), w.Close()); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o600)
}
