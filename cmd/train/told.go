package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
)

// tell reads the texts told in our own words: files of texts that begin with a line "%% id" and headers, then a blank line and the
// body. What the headers do not call a victim is none.
func tell(dir string) ([]record, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, fmt.Errorf("train: find texts: %w", err)
	}
	var out []record
	for _, p := range paths {
		b, err := os.ReadFile(p) //nolint:gosec // the folder the caller named
		if err != nil {
			return nil, fmt.Errorf("train: read texts: %w", err)
		}
		for n, part := range strings.Split("\n"+strings.ReplaceAll(string(b), "\r\n", "\n"), "\n%% ")[1:] {
			r, err := told(part)
			if err != nil {
				return nil, fmt.Errorf("train: %s, text %d: %w", filepath.Base(p), n+1, err)
			}
			out = append(out, r)
		}
	}
	return out, nil
}

// told reads one text.
func told(part string) (record, error) {
	head, body, ok := strings.Cut(part, "\n\n")
	lines := strings.Split(head, "\n")
	r := record{set: "told", weight: 1, complete: true}
	r.in.ID, r.in.Text = strings.TrimSpace(lines[0]), strings.TrimSpace(body)
	if !ok || r.in.ID == "" || r.in.Text == "" {
		return r, fmt.Errorf("%q has no id or no body: %w", lines[0], intel.ErrInvalid)
	}
	for _, l := range lines[1:] {
		key, value, _ := strings.Cut(l, ":")
		value = strings.TrimSpace(value)
		switch key {
		case "title":
			r.in.Title = value
		case "lang":
			r.in.Language = value
		case "date":
			m, err := intel.ParseMoment(value)
			if err != nil {
				return r, fmt.Errorf("%s: %w", r.in.ID, err)
			}
			r.in.Published = m
		case "victim":
			names, _, _ := strings.Cut(value, " @ ")
			r.gold = append(r.gold, forms(names))
		case "doubt":
			r.ambiguous = append(r.ambiguous, forms(value)...)
		case "actor":
		default:
			return r, fmt.Errorf("%s: header %q: %w", r.in.ID, key, intel.ErrInvalid)
		}
	}
	return r, nil
}

func forms(s string) []string {
	var out []string
	for f := range strings.SplitSeq(s, "|") {
		if f = strings.TrimSpace(f); f != "" {
			out = append(out, f)
		}
	}
	return out
}
