package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/rapsheet/rapsheet/api"
	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/intel"
)

// shutdownWithin bounds how long a server may take to stop.
const shutdownWithin = 5 * time.Second

func (a *app) serveCmd() *cobra.Command {
	var roles, storeURL string
	var every time.Duration
	c := &cobra.Command{
		Use:     "serve",
		Short:   "Crawl on schedule, index and serve",
		Example: "  rapsheet serve --contact https://example.com/about-our-crawler\n  rapsheet serve --roles api",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if storeURL != "" {
				return usagef("--store %s: this version keeps its system of record in SQLite below --data; PostgreSQL is not built yet", storeURL)
			}
			return a.serve(c.Context(), strings.Split(roles, ","), every)
		},
	}
	fl := c.Flags()
	fl.StringVar(&a.cfg.Addr, "addr", a.cfg.Addr, "where the API listens")
	fl.StringVar(&a.cfg.Sources, "sources", a.cfg.Sources, "a file that replaces the shipped list of sources")
	fl.StringVar(&a.cfg.TLSCert, "tls-cert", a.cfg.TLSCert, "certificate chain in PEM: serve over TLS; a renewed file is taken without a restart")
	fl.StringVar(&a.cfg.TLSKey, "tls-key", a.cfg.TLSKey, "its key in PEM")
	fl.IntVar(&a.cfg.Rate, "rate", a.cfg.Rate, "requests a minute that a key, or without keys an address, may send; 0 is no limit")
	fl.StringVar(&roles, "roles", "crawl,api", "what this process does: crawl, api")
	fl.StringVar(&storeURL, "store", "", "system of record; empty is SQLite below --data")
	fl.DurationVar(&every, "every", time.Hour, "how often a source is looked at whose habit is not known yet; others by their habit")
	return c
}

func (a *app) serve(ctx context.Context, roles []string, every time.Duration) error {
	for _, r := range roles {
		if r != "crawl" && r != "api" {
			return usagef("--roles %s: choose from crawl, api", r)
		}
	}
	if slices.Contains(roles, "crawl") && a.isDemo() {
		return usagef("serve: %s is a demo folder: choose another with --data: %w", a.cfg.Data, intel.ErrDemo)
	}
	if slices.Contains(roles, "crawl") {
		sources, err := a.sourceList()
		if err != nil {
			return err
		}
		if err := a.needContact(sources); err != nil {
			return err
		}
	}
	w, err := a.openWork(ctx, a.isDemo())
	if err != nil {
		return err
	}
	defer w.close() //nolint:errcheck // shutting down
	if err := w.folder.openIndex(ctx, a); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return w.folder.index.Follow(ctx) })
	if slices.Contains(roles, "api") {
		srv, err := a.listen(ctx, w)
		if err != nil {
			return err
		}
		a.say("rapsheet serves %s  (Ctrl-C stops)", srv.url)
		g.Go(func() error { return srv.run(ctx) })
	}
	if slices.Contains(roles, "crawl") {
		cr, err := a.crawler(w.folder, nil, nil)
		if err != nil {
			return usagef("%v", err)
		}
		g.Go(func() error {
			return a.watchSources(ctx, cr, w, w.sources, intel.Date{}, every)
		})
		g.Go(func() error { return a.grantWishes(ctx, cr, w) })
	}
	return ignoreCancel(g.Wait())
}

// watchSources reads each source when it is due, until ctx ends.
func (a *app) watchSources(ctx context.Context, cr *crawler.Crawler, w *work, sources []intel.Source, since intel.Date, every time.Duration) error {
	return cr.Watch(ctx, sources, crawler.Watch{
		Plan: &crawler.Schedule{Every: every, Random: rand.Float64}, Since: since, Deliver: w.pipeline.deliver,
		Done: func(res crawler.Result) { tellSources(ctx, a.logger(), res) },
	})
}

// tellSources logs how sources were read, and what kept them, or parts of them, from it.
func tellSources(ctx context.Context, log *slog.Logger, res crawler.Result) {
	for _, s := range res.Sources {
		switch {
		case s.Partial:
			log.WarnContext(ctx, "source partly read", "source", s.SourceID, "error", oneLine(s.Err))
		case s.Err != nil:
			log.WarnContext(ctx, "source failed", "source", s.SourceID, "error", oneLine(s.Err))
		default:
			log.InfoContext(ctx, "source read", "source", s.SourceID, "found", s.Found, "stored", s.Outcomes[crawler.OutcomeStored], "took", res.Ended.Sub(res.Started))
		}
	}
}

// server is a listening API.
type server struct {
	url  string
	ln   net.Listener
	http *http.Server
	// last is done when the server has stopped.
	last func() error
}

// listen binds the API's address. Off loopback it refuses to listen without keys.
func (a *app) listen(ctx context.Context, w *work) (*server, error) {
	f := w.folder
	keys, err := loadKeys(f.dir)
	if err != nil {
		return nil, err
	}
	if !onLoopback(a.cfg.Addr) && len(keys.Keys) == 0 {
		return nil, usagef("--addr %s is not on loopback, and there are no API keys: make one with 'rapsheet keys add NAME', or listen on 127.0.0.1", a.cfg.Addr)
	}
	secure, err := a.tlsConfig()
	if err != nil {
		return nil, err
	}
	ring := newKeyring(f.dir, a.now, a.logger())
	audit, err := openAudit(f.dir, a.logger())
	if err != nil {
		return nil, err
	}
	h, err := api.New(api.Options{
		Reader: f.index, Saver: f.saver(), Archive: f.store, Feed: f.store, Exported: f.exported(), Watchlists: f.watchlists(), Clock: a.now, Logger: a.logger(), Version: version,
		Demo: a.isDemo(), Keys: ring.verify, Rate: a.cfg.Rate, Audit: audit.write, RequireKey: !onLoopback(a.cfg.Addr), Head: f.store.Head, Add: a.adder(w),
	})
	if err != nil {
		return nil, err
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.cfg.Addr)
	if err != nil {
		_ = audit.f.Close() //nolint:errcheck // nothing was written
		return nil, usagef("--addr %s: %v; choose another address with --addr, for example --addr 127.0.0.1:8081", a.cfg.Addr, err)
	}
	scheme := "http://"
	if secure != nil {
		scheme = "https://"
	}
	s := &server{
		url: scheme + ln.Addr().String(), ln: ln, last: func() error { return errors.Join(ring.keep(), audit.f.Close()) },
		http: &http.Server{
			Handler: h, TLSConfig: secure, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second,
			IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		},
	}
	return s, f.announce(s.url)
}

// run serves until ctx ends, then lets requests finish within shutdownWithin.
func (s *server) run(ctx context.Context) error {
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownWithin)
		defer cancel()
		stopped <- s.http.Shutdown(end)
	}()
	serve := s.http.Serve
	if s.http.TLSConfig != nil {
		serve = func(ln net.Listener) error { return s.http.ServeTLS(ln, "", "") }
	}
	if err := serve(s.ln); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return errors.Join(<-stopped, s.last())
}

// ignoreCancel drops the error of having been stopped.
func ignoreCancel(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
