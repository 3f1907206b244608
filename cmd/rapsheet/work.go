package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/data"
	"github.com/rapsheet/rapsheet/extract"
	"github.com/rapsheet/rapsheet/extract/pdf"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names/address"
	"github.com/rapsheet/rapsheet/store/sqlite"
)

// work is an opened folder with the pipeline that fills it.
type work struct {
	folder   *folder
	pipeline *pipeline
	sources  []intel.Source
	pdf      *pdf.Engine
	cancel   context.CancelFunc
}

// openWork opens the data folder for writing.
func (a *app) openWork(ctx context.Context, demo bool, extra ...intel.Source) (*work, error) {
	sources, err := a.sourceList()
	if err != nil {
		return nil, err
	}
	if demo {
		sources = extra
	}
	f, err := a.openFolder(ctx, demo)
	if err != nil {
		return nil, err
	}
	w, err := a.startWork(ctx, f, sources, demo)
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return w, nil
}

func (a *app) startWork(ctx context.Context, f *folder, sources []intel.Source, demo bool) (*work, error) {
	if err := f.saveSources(ctx, sources); err != nil {
		return nil, err
	}
	cat, err := f.store.Actors(ctx)
	if err != nil {
		return nil, err
	}
	x, err := extractorFor(cat)
	if err != nil {
		return nil, err
	}
	h, err := a.helped(x)
	if err != nil {
		return nil, err
	}
	// The saver outlives a cancelled crawl by design: what was read is committed before the folder closes.
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	w := &work{folder: f, sources: sources, cancel: cancel, pdf: a.pdfEngine(f.dir)}
	w.pipeline = newPipeline(h, f.store, sources, a.now, demo)
	w.pipeline.pdf = w.pdf
	w.pipeline.keep = f.evidence.Keep
	go w.pipeline.run(run)
	return w, nil
}

// close stops the saver, then gives the folder back.
func (w *work) close() error {
	w.cancel()
	<-w.pipeline.done
	return errors.Join(w.pdf.Close(), w.folder.close())
}

// sourceList is the shipped list of sources, or the file that replaces it.
func (a *app) sourceList() ([]intel.Source, error) {
	if a.cfg.Sources == "" {
		return data.Sources()
	}
	b, err := os.ReadFile(a.cfg.Sources)
	if err != nil {
		return nil, usagef("sources: %v", err)
	}
	list, err := data.ParseSources(a.cfg.Sources, b)
	if err != nil {
		return nil, usagef("sources: %v", err)
	}
	dir, err := filepath.Abs(filepath.Dir(a.cfg.Sources))
	if err != nil {
		return nil, fmt.Errorf("sources: %w", err)
	}
	for _, s := range list {
		for i, d := range s.Discover {
			s.Discover[i].URL = localAddress(dir, d)
		}
	}
	return list, nil
}

// localAddress gives files of a source an absolute path: theirs are told from where the list of sources lies.
func localAddress(dir string, d intel.Discovery) string {
	if d.Type != "file" && !strings.HasPrefix(d.URL, "file:") {
		return d.URL
	}
	name := strings.TrimPrefix(strings.TrimPrefix(d.URL, "file://"), "file:")
	if !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	return "file:" + filepath.ToSlash(name)
}

// extractor knows the catalogue of the data folder, so that what was imported is read by name; without a store, the embedded one.
// It takes no lock: another process may own the folder.
func (a *app) extractor(ctx context.Context) (*extract.Extractor, error) {
	o := a.storeOptions(a.isDemo())
	if _, err := os.Stat(o.Path); errors.Is(err, fs.ErrNotExist) {
		return newExtractor()
	}
	s, err := sqlite.Open(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("catalogue of %s: %w", a.cfg.Data, err)
	}
	cat, err := s.Actors(ctx)
	if err := errors.Join(err, s.Close()); err != nil {
		return nil, fmt.Errorf("catalogue of %s: %w", a.cfg.Data, err)
	}
	if len(cat.Actors) == 0 {
		return newExtractor() // a store that nobody has opened for work yet
	}
	return extractorFor(cat)
}

// newExtractor knows the embedded catalogue.
func newExtractor() (*extract.Extractor, error) {
	cat, err := data.Catalogue()
	if err != nil {
		return nil, err
	}
	return extractorFor(cat)
}

// pageRecheck is how long a page that was read is left alone unless its listing says that it changed. The demo asks each time.
const pageRecheck = 6 * time.Hour

// needContact refuses to crawl public sites in nobody's name.
func (a *app) needContact(sources []intel.Source) error {
	for _, s := range sources {
		for _, d := range s.Discover {
			if a.cfg.Contact == "" && !strings.HasPrefix(d.URL, "file:") && !address.Loopback(d.URL) {
				return usagef("crawling public sites needs a contact that publishers can reach: give --contact URL, RAPSHEET_CONTACT, or contact in rapsheet.toml")
			}
		}
	}
	return nil
}

// crawler makes a crawler that reaches public addresses, and the loopback addresses named in allow.
// f is nil where nothing is remembered.
func (a *app) crawler(f *folder, allow []string, progress func(done, queued int)) (*crawler.Crawler, error) {
	var recheck time.Duration
	if len(allow) == 0 {
		recheck = pageRecheck
	}
	o := crawler.Options{
		Recheck: recheck, Version: version, Contact: a.cfg.Contact, Clock: a.now, AllowPrivate: allow, Logger: a.logger(), Progress: progress,
		Capture: a.cfg.EvidenceDays > 0, Files: os.DirFS("/"),
	}
	if f != nil {
		o.Journal, o.Memory, o.Unmodified, o.Listed = f.store, f.store, f.evidence.NotModified, f.evidence.KeepList
	}
	return crawler.New(o)
}

// pdfEngine is opened when the first PDF comes; dir keeps its compiled code between runs.
func (a *app) pdfEngine(dir string) *pdf.Engine {
	cache := ""
	if dir != "" {
		cache = filepath.Join(dir, "pdf-cache")
	}
	return pdf.New(pdf.Options{CacheDir: cache})
}

// demoMark is the file that says that a folder is a demo's.
const demoMark = "demo"

// isDemo reports whether the data folder belongs to the demo.
func (a *app) isDemo() bool {
	_, err := os.Stat(filepath.Join(a.cfg.Data, demoMark))
	return !errors.Is(err, fs.ErrNotExist)
}
