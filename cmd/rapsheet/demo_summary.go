package main

import (
	"context"
	"net/url"

	"github.com/rapsheet/rapsheet/intel"
)

// summary is how the demo ends: where it serves, empty with --once, and whether its folder stays.
type summary struct {
	base       string
	once, kept bool
}

// learned counts what the crawls left on record.
type learned struct {
	reports, edited, actors, victims, incidents int
}

func (w *work) learned(ctx context.Context) (learned, error) {
	ix := w.folder.index
	var l learned
	reports, err := ix.Search(ctx, intel.Query{Limit: 1})
	if err != nil {
		return l, err
	}
	incidents, err := ix.Incidents(ctx, intel.Query{Limit: 1})
	if err != nil {
		return l, err
	}
	victims, err := ix.Victims(ctx, intel.Query{Limit: 1})
	if err != nil {
		return l, err
	}
	actors, err := ix.Actors(ctx, intel.Query{Limit: 1, From: intel.Date{Year: 1970, Month: 1, Day: 1}})
	if err != nil {
		return l, err
	}
	l = learned{reports: reports.Total, actors: actors.Total, victims: victims.Total, incidents: incidents.Total}
	err = w.folder.store.Reports(ctx, func(r intel.Report) error {
		if r.Version > 1 {
			l.edited++
		}
		return nil
	})
	return l, err
}

// demoSummary says what was learned, and what to try.
func (a *app) demoSummary(ctx context.Context, s *site, w *work, said summary) error {
	l, err := w.learned(ctx)
	if err != nil {
		return err
	}
	a.line("")
	a.line("The demo newsroom was read twice: as it stood in September 2025, and as it stood in November.")
	a.line("%6d  pages asked for at %d outlets on loopback, robots.txt obeyed; the second time %d had not changed (304)", s.requests, len(s.sources), s.unchanged)
	a.line("%6d  reports kept; %d of them were edited in between, and both versions are on record", l.reports, l.edited)
	a.line("%6d  actors that they name", l.actors)
	a.line("%6d  organisations named as victims", l.victims)
	a.line("%6d  incidents, each claim with its sentence and its speaker", l.incidents)
	a.line("")
	a.tryNext(w.folder.dir, said)
	return nil
}

// beforeTheUpdate is a time at which the demo had read the first edition only.
const beforeTheUpdate = "2025-09-10T00:00:00Z"

func (a *app) tryNext(dir string, said summary) {
	where := "--data " + dir
	switch {
	case !said.once:
		where = "--server " + said.base
	case !said.kept:
		a.line("Try next:  %s demo                      also serves what it learned: API and pages", a.self)
		a.line("           %s demo --once --data DIR    keeps what it learned, for the other commands", a.self)
		return
	}
	a.line("Three things to try%s:", map[bool]string{true: "", false: " in another terminal"}[said.once])
	try := func(n, what, command, page string) {
		a.line("  %s %s", n, what)
		a.line("       %s %s %s", a.self, command, where)
		if said.base != "" {
			a.line("       %s%s", said.base, page)
		}
	}
	try("1.", "Who is it, and whom do they name?", `actor "scattered lapsus$ hunters"`, "/actors/"+url.PathEscape("scattered-lapsus-hunters"))
	try("2.", "What is known about one organisation now, and what was known before the pages were updated?", "victim JLR", "/victims/JLR")
	a.line("       %s victim JLR --as-of %s %s", a.self, beforeTheUpdate, where)
	try("3.", "Which actors may a name mean?", `resolve "Grizzly Steppe" UNC3944`, "/v1/enrich/UNC3944")
	if said.base != "" {
		a.line("")
		a.line("Pages at %s, the API at %s/docs. Ctrl-C stops%s.", said.base, said.base, map[bool]string{true: " and keeps " + dir, false: " and forgets everything"}[said.kept])
	}
}
