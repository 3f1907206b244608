package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/data/newsroom"
	"github.com/rapsheet/rapsheet/intel"
)

// firstDemoPort is where the first outlet listens when the port is free, so that links into a kept demo folder stay good.
const firstDemoPort = 47101

func (a *app) demoCmd() *cobra.Command {
	var once bool
	c := &cobra.Command{
		Use:     "demo",
		Short:   "Crawl a bundled newsroom on loopback, then serve what was learned",
		Long:    "demo serves the bundled newsroom on loopback ports, crawls it with the real crawler in its two editions, extracts, stores and\nindexes it, prints a summary, and serves the API and pages until Ctrl-C. Nothing leaves this machine.",
		Example: "  rapsheet demo\n  rapsheet demo --once --data /tmp/demo",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.demo(c.Context(), c.Flags().Changed("data"), once)
		},
	}
	c.Flags().BoolVar(&once, "once", false, "print the summary and exit")
	c.Flags().StringVar(&a.cfg.Addr, "addr", a.cfg.Addr, "where the API listens")
	return c
}

// demoClock tells the newsroom's time: that of the edition being crawled, moving on with the real clock.
type demoClock struct {
	base    atomic.Pointer[time.Time]
	started time.Time
	real    func() time.Time
}

func (c *demoClock) set(t time.Time) { c.base.Store(&t) }

func (c *demoClock) now() time.Time { return c.base.Load().Add(c.real().Sub(c.started)) }

func (a *app) demo(ctx context.Context, keep, once bool) error {
	if !keep {
		dir, err := os.MkdirTemp("", "rapsheet-demo-")
		if err != nil {
			return fmt.Errorf("demo: %w; choose a folder with --data", err)
		}
		defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
		a.cfg.Data = dir
	}
	if err := markDemo(a.cfg.Data); err != nil {
		return err
	}
	clock := &demoClock{started: a.now(), real: a.now}
	first, second := newsroom.EditionTimes()
	clock.set(first)
	a.now = clock.now

	site, err := openSite(ctx, a)
	if err != nil {
		return err
	}
	defer site.close()
	w, err := a.openWork(ctx, true, site.sources...)
	if err != nil {
		return err
	}
	defer w.close() //nolint:errcheck // shutting down
	if err := w.folder.openIndex(ctx, a); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	g.Go(func() error { return w.folder.index.Follow(ctx) })
	said := summary{once: once, kept: keep}
	if !once {
		srv, err := a.listen(ctx, w)
		if err != nil {
			return err
		}
		said.base = srv.url
		a.say("API and pages at %s while the newsroom is crawled", srv.url)
		g.Go(func() error { return srv.run(ctx) })
	}
	g.Go(func() error {
		if err := a.demoRounds(ctx, site, w, func() { clock.set(second) }); err != nil {
			return err
		}
		if _, err := w.folder.index.CatchUp(ctx); err != nil {
			return err
		}
		if err := a.demoSummary(ctx, site, w, said); err != nil {
			return err
		}
		// The PDF runtime and the crawl's garbage are given back: what is left only serves.
		err := w.pdf.Close()
		debug.FreeOSMemory()
		if once {
			stop()
		}
		return err
	})
	return ignoreCancel(g.Wait())
}

// demoRounds crawls both editions.
func (a *app) demoRounds(ctx context.Context, site *site, w *work, turn func()) error {
	bar := a.progress("newsroom")
	cr, err := a.crawler(w.folder, site.hosts, bar.set)
	if err != nil {
		return err
	}
	defer cr.Close()
	defer bar.done()
	for edition := 1; edition <= 2; edition++ {
		if edition == 2 {
			site.edition.Store(2)
			turn()
			bar.again("newsroom, second edition")
		}
		res, err := cr.Round(ctx, site.sources, intel.Date{}, w.pipeline.deliver)
		if err != nil {
			return err
		}
		site.add(res)
	}
	return nil
}

// markDemo makes dir a demo's; a folder that already holds a real store is refused.
func markDemo(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	mark := filepath.Join(dir, demoMark)
	if _, err := os.Stat(mark); err == nil {
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, "rapsheet.db")); err == nil {
		return usagef("demo: %s holds a real store: choose another folder with --data: %w", dir, intel.ErrDemo)
	}
	return os.WriteFile(mark, []byte("this folder holds the demo newsroom, never real reporting\n"), 0o600)
}

// site is the newsroom as it is served: one listener an outlet.
type site struct {
	room    *newsroom.Newsroom
	edition atomic.Int32
	servers []*http.Server
	bases   map[string]string
	sources []intel.Source
	hosts   []string
	// requests and unchanged count what the crawls did.
	requests, unchanged int
}

func openSite(ctx context.Context, a *app) (*site, error) {
	room, err := newsroom.Open(newsroom.Files())
	if err != nil {
		return nil, err
	}
	s := &site{room: room, bases: map[string]string{}}
	s.edition.Store(1)
	listeners := make([]net.Listener, 0, len(room.Outlets()))
	for i, o := range room.Outlets() {
		ln, err := listenNear(ctx, firstDemoPort+i)
		if err != nil {
			s.close()
			return nil, fmt.Errorf("demo: %w", err)
		}
		listeners = append(listeners, ln)
		s.bases[o.ID] = "http://" + ln.Addr().String()
		s.hosts = append(s.hosts, ln.Addr().String())
	}
	for i, o := range room.Outlets() {
		h := room.Handler(o.ID, func() int { return int(s.edition.Load()) }, func(id string) string { return s.bases[id] })
		srv := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
		s.servers = append(s.servers, srv)
		s.sources = append(s.sources, s.source(o))
		log := a.logger()
		go func() {
			if err := srv.Serve(listeners[i]); !errors.Is(err, http.ErrServerClosed) {
				log.ErrorContext(ctx, "newsroom failed", "outlet", o.ID, "error", err)
			}
		}()
	}
	return s, nil
}

// listenNear takes the preferred port, or any free one where it is taken.
func listenNear(ctx context.Context, port int) (net.Listener, error) {
	var lc net.ListenConfig
	if ln, err := lc.Listen(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
		return ln, nil
	}
	return lc.Listen(ctx, "tcp", "127.0.0.1:0")
}

// source describes an outlet to the crawler, without delay: it is on loopback.
func (s *site) source(o newsroom.Outlet) intel.Source {
	src := intel.Source{
		ID: o.ID, Name: o.Name, Kind: o.Kind, Home: s.bases[o.ID] + "/", Reliability: o.Reliability, Language: o.Language,
		Country: o.Country, Licence: "demo text, Apache-2.0", ServeText: true, NoDelay: true, Demo: true,
	}
	for _, d := range o.Discover {
		src.Discover = append(src.Discover, intel.Discovery{Type: d.Type, URL: s.bases[o.ID] + d.Path, Links: d.Links, Next: d.Next})
	}
	return src
}

func (s *site) add(res crawler.Result) {
	for _, r := range res.Sources {
		s.requests += r.Requests
	}
	s.unchanged += res.Count(crawler.OutcomeUnchanged)
}

func (s *site) close() {
	for _, srv := range s.servers {
		_ = srv.Close() // loopback demo pages: nothing to finish
	}
}
