package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/intel"
)

// record is one labelled text.
type record struct {
	in  extract.Input
	set string
	// parts are the ids of the records that a roundup is made of, or that a text told in our own words resembles.
	parts []string
	// gold are the victims, each with all its names; ambiguous names count neither way.
	gold      [][]string
	ambiguous []string
	// weight is that of its candidates; weak, when not zero, that of candidates that nobody labelled.
	weight, weak float64
	// complete says that what is not a victim here is none.
	complete bool
}

// line is a record of any of the sets.
type line struct {
	ID, Title, Text, Date string
	Victim                struct {
		Names []string
		Kind  string
		// InText says that the text itself names it.
		InText bool `json:"in_text"`
	}
	Victims   []struct{ Name string }
	Incidents []struct{ Victims [][]string }
	Ambiguous []string
	// Items are the ids of the notes that a roundup is made of.
	Items []string
}

func load(dir string) ([]record, error) {
	texts, err := lines(dir, "casie.dev.jsonl")
	if err != nil {
		return nil, err
	}
	articles, err := lines(dir, "articles.dev.jsonl")
	if err != nil {
		return nil, err
	}
	out := longRecords(texts, articles, persons(dir))
	for _, set := range []string{"hackmageddon", "vcdb"} {
		short, err := lines(dir, set+".dev.jsonl")
		if err != nil {
			return nil, err
		}
		out = append(out, shortRecords(set, short)...)
	}
	return append(out, roundups(out)...), nil
}

// longRecords pairs the judged articles with their texts; texts that nobody judged have some victims labelled and no others.
func longRecords(texts, articles []line, ignore map[string]bool) []record {
	judged := map[string]line{}
	for _, a := range articles {
		judged[a.ID] = a
	}
	var out []record
	for _, t := range texts {
		r := record{in: input(t), set: "casie", weight: 0.5, weak: 0.03}
		a, ok := judged[t.ID]
		if !ok {
			for _, v := range t.Victims {
				r.gold = append(r.gold, []string{v.Name})
			}
			out = append(out, r)
			continue
		}
		r = record{in: input(t), set: "articles", weight: 2.5, complete: true, ambiguous: a.Ambiguous}
		for _, i := range a.Incidents {
			for _, v := range i.Victims {
				if ignore[v[0]] {
					r.ambiguous = append(r.ambiguous, v...)
				} else {
					r.gold = append(r.gold, v)
				}
			}
		}
		out = append(out, r)
	}
	return out
}

func shortRecords(set string, in []line) []record {
	var out []record
	for _, d := range in {
		r := record{in: input(d), set: set, weight: 1}
		named := d.Victim.Kind == "named"
		switch {
		case named:
			r.gold = [][]string{d.Victim.Names}
			// Whom the text does not name it may yet describe: what else it names is then neither right nor wrong.
			r.complete = set == "hackmageddon" && d.Victim.InText
		case set == "hackmageddon" && d.Victim.Kind == "generic":
			r.complete, r.ambiguous = true, d.Victim.Names
		}
		if set == "vcdb" {
			r.weight, r.weak = 0.8, 0.05
		}
		out = append(out, r)
	}
	return out
}

// roundups joins five notes of one fold, so that texts about many incidents are known too.
func roundups(in []record) []record {
	var out []record
	var open [folds][]record
	for _, r := range in {
		if r.set != "hackmageddon" || !r.complete && len(r.gold) > 0 {
			continue
		}
		f := fold(r.in.ID)
		if open[f] = append(open[f], r); len(open[f]) < 5 {
			continue
		}
		s := record{set: "roundup", complete: true, weight: 0.6}
		var parts []string
		for _, q := range open[f] {
			parts = append(parts, q.in.Text)
			s.gold, s.ambiguous, s.in.ID = append(s.gold, q.gold...), append(s.ambiguous, q.ambiguous...), q.in.ID
			s.parts = append(s.parts, q.in.ID)
		}
		s.in.Text = strings.Join(parts, "\n\n")
		out = append(out, s)
		open[f] = nil
	}
	return out
}

func input(l line) extract.Input {
	m, err := intel.ParseMoment(strings.ReplaceAll(l.Date, "_", "-"))
	if err != nil {
		m = intel.Moment{}
	}
	return extract.Input{ID: l.ID, Title: l.Title, Text: l.Text, Published: m}
}

// persons are the names that labels give but that are natural persons or software.
func persons(dir string) map[string]bool {
	out := map[string]bool{}
	b, err := os.ReadFile(filepath.Join(dir, "ignore.json"))
	if err != nil {
		return out
	}
	var lists map[string][]string
	if json.Unmarshal(b, &lists) != nil {
		return out
	}
	for _, l := range lists {
		for _, n := range l {
			out[n] = true
		}
	}
	return out
}

func lines(dir, name string) ([]line, error) {
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return nil, fmt.Errorf("train: open records: %w", err)
	}
	defer func() { _ = f.Close() }()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<26)
	var out []line
	for n := 1; sc.Scan(); n++ {
		var l line
		// Victims is a list of names in some sets and of objects in others; only objects are read.
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil && l.ID == "" {
			return nil, fmt.Errorf("train: %s:%d: %w", name, n, err)
		}
		out = append(out, l)
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("train: read %s: %w", name, err)
	}
	return out, nil
}
