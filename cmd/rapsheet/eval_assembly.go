package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/rapsheet/rapsheet/data/newsroom"
	"github.com/rapsheet/rapsheet/extract/eval"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/ledger"
	"github.com/rapsheet/rapsheet/names"
	"github.com/rapsheet/rapsheet/store/sqlite"
)

// assemblyScore is how well what the newsroom's pages tell of one event was put together into one incident.
type assemblyScore struct {
	// Precision, Recall and F1 are B-cubed, over Items: what a page tells of an organisation, and was found there.
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Items     int     `json:"items"`
	// Expected counts the items that the labels have, Events and Incidents what the found ones are in truth and as assembled.
	Expected  int `json:"expected"`
	Events    int `json:"events"`
	Incidents int `json:"incidents"`
}

// toldPage is one page of the newsroom with what was read of it.
type toldPage struct {
	expected *newsroom.ExpectedPage
	entry    intel.Entry
}

// toldItem is what a page tells of one organisation in one incident.
type toldItem struct {
	page           string
	incident, part int
}

// assemble saves the pages as a crawl would, edition by edition, and compares the incidents with the events of the labels.
func (a *app) assemble(ctx context.Context, pages []toldPage) (assemblyScore, error) {
	var s assemblyScore
	dir, err := os.MkdirTemp("", "rapsheet-eval-")
	if err != nil {
		return s, fmt.Errorf("eval: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	st, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(dir, storeFile), Clock: a.now, NewID: a.newID, Logger: a.logger()})
	if err != nil {
		return s, err
	}
	defer st.Close() //nolint:errcheck // thrown away
	slices.SortStableFunc(pages, func(x, y toldPage) int { return cmp.Compare(x.expected.Edition, y.expected.Edition) })
	last := map[string]toldPage{}
	for _, p := range pages {
		if _, err := st.Save(ctx, []intel.Entry{p.entry}); err != nil {
			return s, fmt.Errorf("eval: %s: %w", p.expected.ID, err)
		}
		last[p.entry.Report.ID] = p
	}
	truth, got := map[toldItem]string{}, map[toldItem]string{}
	events := eventsOf(pages)
	for id, p := range last {
		rec, err := st.Record(ctx, id)
		if err != nil {
			return s, fmt.Errorf("eval: %s: %w", p.expected.ID, err)
		}
		for i := range p.expected.Incidents {
			for k := range p.expected.Incidents[i].Victims {
				s.Expected++
				if in := incidentTold(rec.Claims, p.expected, i, k); in != "" {
					item := toldItem{id, i, k}
					truth[item], got[item] = events.of(p.expected.Incidents[i].Victims[k])+"\x00"+p.expected.Incidents[i].Event, in
				}
			}
		}
	}
	s.Items, s.Events, s.Incidents = len(truth), values(truth), values(got)
	s.Precision, s.Recall, s.F1 = ledger.BCubed(truth, got)
	return s, nil
}

func values(of map[toldItem]string) int {
	seen := map[string]bool{}
	for _, v := range of {
		seen[v] = true
	}
	return len(seen)
}

// incidentTold is the incident that most claims of a page on an organisation are in; empty where none was found. Of several
// incidents of one organisation on one page the actor tells which is meant.
func incidentTold(claims []intel.Claim, page *newsroom.ExpectedPage, incident, part int) string {
	in := &page.Incidents[incident]
	party := in.Victims[part]
	several := 0
	for i := range page.Incidents {
		if holdsVictim(&page.Incidents[i], expectedNames(party)) {
			several++
		}
	}
	votes := map[string]int{}
	for _, c := range claims {
		if c.RecordedTo.IsZero() && c.IncidentID != "" && sameParty(victimOf(&c.Victim), party, eval.SameOrganisation) && (several < 2 || holdsActor(in, c.Actor.Name)) {
			votes[c.IncidentID]++
		}
	}
	best := ""
	for id, n := range votes {
		if best == "" || n > votes[best] || n == votes[best] && id < best {
			best = id
		}
	}
	return best
}

// organisations tells which names of the labels are one organisation: those that stand beside one another anywhere.
type organisations map[string]string

func eventsOf(pages []toldPage) organisations {
	o := organisations{}
	for _, p := range pages {
		for _, in := range p.expected.Incidents {
			for _, v := range in.Victims {
				first := o.root(v.Name)
				for _, n := range v.Aliases {
					o[o.root(n)] = first
				}
			}
		}
	}
	return o
}

func (o organisations) root(name string) string {
	name = names.FoldOrg(name)
	for o[name] != "" && o[name] != name {
		name = o[name]
	}
	o[name] = name
	return name
}

func (o organisations) of(v newsroom.ExpectedParty) string { return o.root(v.Name) }
