package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/intel"
)

func (a *app) crawlCmd() *cobra.Command {
	var since string
	c := &cobra.Command{
		Use:   "crawl [SOURCE…]",
		Short: "Read the sources once, now, and with --since look back as far",
		Long: "crawl reads what the sources list now. With --since it then walks their sitemaps and archives back to that day and reads what was never\n" +
			"read, every two seconds a page of a host, with live rounds in between. It may be stopped at any time and goes on where it was. While a server owns the\n" +
			"data folder, that server looks back beside its live rounds, and this command shows how far it is.",
		Example: "  rapsheet crawl --contact https://example.com/about-our-crawler\n  rapsheet crawl bleepingcomputer --since 2026-01-01",
		RunE: func(c *cobra.Command, args []string) error {
			return a.crawl(c.Context(), args, since)
		},
	}
	c.Flags().StringVar(&a.cfg.Sources, "sources", a.cfg.Sources, "a file that replaces the shipped list of sources")
	c.Flags().StringVar(&since, "since", "", "look back to this day (YYYY-MM-DD) and leave out what is known to be older")
	c.Flags().Bool("once", true, "one round (this command never stays)")
	return c
}

func (a *app) crawl(ctx context.Context, ids []string, since string) error {
	from, err := intel.ParseDate(since)
	if err != nil {
		return usagef("--since: %v", err)
	}
	if a.isDemo() {
		return usagef("crawl: %s is a demo folder: choose another with --data: %w", a.cfg.Data, intel.ErrDemo)
	}
	w, err := a.openWork(ctx, false)
	if errors.Is(err, errOwned) && !from.IsZero() {
		return a.askToLookBack(ctx, ids, from, err)
	}
	if errors.Is(err, errOwned) {
		return fmt.Errorf("crawl: %w; the server reads its sources by itself, and 'rapsheet add URL' hands it one page", err)
	}
	if err != nil {
		return err
	}
	defer w.close() //nolint:errcheck // every document was acknowledged
	sources, err := pick(w.sources, ids)
	if err != nil {
		return err
	}
	if err := a.needContact(sources); err != nil {
		return err
	}
	bar := a.progress("crawl")
	show := bar.set
	if !from.IsZero() {
		show = nil // looking back has a bar of its own
	}
	cr, err := a.crawler(w.folder, nil, show)
	if err != nil {
		return usagef("%v", err)
	}
	defer cr.Close()
	res, err := cr.Round(ctx, sources, from, w.pipeline.deliver)
	bar.done()
	if err != nil {
		return err
	}
	if from.IsZero() {
		return a.showRound(res)
	}
	return a.lookBack(ctx, cr, w, sources, from, res)
}

// liveEvery is how often the sources are read while they are walked back.
const liveEvery = time.Hour

// lookBack walks the sources back, with live rounds beside it.
func (a *app) lookBack(ctx context.Context, cr *crawler.Crawler, w *work, sources []intel.Source, from intel.Date, first crawler.Result) error {
	bar := a.progress("back to " + from.String())
	defer bar.done()
	live, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	// The sources were read a moment ago: the first of them is due in an hour, or sooner by its habit.
	go func() { done <- a.watchSources(live, cr, w, sources, from, liveEvery) }()
	res, err := cr.Backfill(ctx, sources, from, w.pipeline.deliver, func(b crawler.Backlog) { bar.set(b.PagesDone, max(b.Total(), b.PagesDone)) })
	stop()
	if lerr := ignoreCancel(<-done); err == nil {
		err = lerr
	}
	bar.done()
	if err != nil {
		a.say("stopped; the same command goes on from here")
		return err
	}
	for i, s := range res.Sources {
		// One line a source: what the first round did and what looking back did.
		for outcome, n := range first.Sources[i].Outcomes {
			s.Outcomes[outcome] += n
		}
		s.Found, s.Requests = s.Found+first.Sources[i].Found, s.Requests+first.Sources[i].Requests
		s.Err = errors.Join(first.Sources[i].Err, s.Err)
		res.Sources[i] = s
	}
	return a.showRound(res)
}

// pick selects sources by id; none means all.
func pick(all []intel.Source, ids []string) ([]intel.Source, error) {
	if len(ids) == 0 {
		return all, nil
	}
	var out []intel.Source
	for _, id := range ids {
		i := slices.IndexFunc(all, func(s intel.Source) bool { return s.ID == id })
		if i < 0 {
			return nil, usagef("no source %q; 'rapsheet sources' lists them", id)
		}
		out = append(out, all[i])
	}
	return out, nil
}

// notRead counts pages that could not be had: forbidden, refused, failed, too large, or left for later because their host rests.
func notRead(s crawler.SourceResult) int {
	n := s.Waiting
	for _, o := range []string{
		crawler.OutcomeBlocked, crawler.OutcomeRobots, crawler.OutcomeHTTPError, crawler.OutcomeNetworkError, crawler.OutcomeTooLarge, crawler.OutcomeFailed,
	} {
		n += s.Outcomes[o]
	}
	return n
}

// maxReason bounds what is told of one source: it may quote its pages.
const maxReason = 600

// oneLine tells an error, and those that it joins, in one line.
func oneLine(err error) string { return strings.Join(strings.Split(err.Error(), "\n"), "; ") }

func (a *app) showRound(res crawler.Result) error {
	rows := [][]string{}
	failed := 0
	for _, s := range res.Sources {
		state := "ok"
		switch {
		case s.Partial:
			failed++
			state = "partly read"
		case s.Err != nil:
			failed++
			state = "failed"
		}
		stored, unchanged := s.Outcomes[crawler.OutcomeStored], s.Outcomes[crawler.OutcomeUnchanged]
		rows = append(rows, []string{s.SourceID, strconv.Itoa(s.Found), strconv.Itoa(stored), strconv.Itoa(unchanged), strconv.Itoa(notRead(s)), strconv.Itoa(s.Requests), state})
	}
	if err := printTable(a.stdout, []string{"SOURCE", "FOUND", "STORED", "UNCHANGED", "NOT READ", "REQUESTS", "STATE"}, rows); err != nil {
		return err
	}
	a.line("%d sources, %d of them failed or were partly read", len(res.Sources), failed)
	if failed > 0 {
		names := []string{}
		for _, s := range res.Sources {
			if s.Err != nil {
				names = append(names, s.SourceID)
				a.line("%s: %s", s.SourceID, terminalSafe(clip(oneLine(s.Err), maxReason)))
			}
		}
		return fmt.Errorf("crawl: %w: %s", errPartial, strings.Join(names, ", "))
	}
	return nil
}
