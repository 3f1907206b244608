package pdf

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdferrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/rapsheet/rapsheet/intel"
)

// The defaults of Options.
const (
	DefaultTimeout  = 30 * time.Second
	DefaultMaxPages = 300
	DefaultMaxBytes = intel.MaxDocument
	DefaultMemoryMB = 512
)

// Options are the limits of an engine; zero fields take the defaults.
type Options struct {
	// CacheDir keeps the compiled engine between runs, which saves four seconds at the first document; empty is none.
	CacheDir string
	// Timeout is how long one document may take.
	Timeout time.Duration
	// MaxPages is how many pages are read; the rest of a longer document is left out and Text.Cut says so.
	MaxPages int
	// MaxBytes is the largest document that is read.
	MaxBytes int
	// MemoryMB is how much memory the sandbox may use.
	MemoryMB int
}

// Engine reads PDF documents. Its methods may be called from several goroutines.
type Engine struct {
	opts  Options
	mu    sync.Mutex
	pool  pdfium.Pool
	cache wazero.CompilationCache
}

// New makes an engine; nothing is opened before the first document.
func New(o Options) *Engine {
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxPages <= 0 {
		o.MaxPages = DefaultMaxPages
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.MemoryMB <= 0 {
		o.MemoryMB = DefaultMemoryMB
	}
	return &Engine{opts: o}
}

// Text reads a document. It returns intel.ErrInvalid, with the reason, for one that is corrupt, encrypted, too large or too slow.
func (e *Engine) Text(ctx context.Context, body []byte) (Text, error) {
	if len(body) > e.opts.MaxBytes {
		return Text{}, invalid(fmt.Sprintf("the PDF is %.1f MB long; the limit is %d MB", float64(len(body))/(1<<20), e.opts.MaxBytes>>20))
	}
	if !strings.Contains(string(body[:min(len(body), 1024)]), "%PDF-") {
		return Text{}, invalid("the document is no PDF: it does not begin with %PDF-")
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.open(); err != nil {
		return Text{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, e.opts.Timeout)
	defer cancel()
	inst, err := e.pool.GetInstanceWithContext(ctx)
	if err != nil {
		return Text{}, fmt.Errorf("extract: start PDF engine: %w", err)
	}
	return e.run(ctx, inst, body)
}

// run reads the document beside a watch on the time: an instance that overruns is killed.
func (e *Engine) run(ctx context.Context, inst pdfium.Pdfium, body []byte) (Text, error) {
	type result struct {
		pages rawDocument
		err   error
	}
	done := make(chan result, 1)
	go func() {
		pages, err := readDocument(ctx, inst, body, e.opts.MaxPages)
		done <- result{pages, err}
	}()
	select {
	case r := <-done:
		closeErr := inst.Close()
		if r.err != nil {
			return Text{}, r.err
		}
		if closeErr != nil {
			return Text{}, fmt.Errorf("extract: close PDF instance: %w", closeErr)
		}
		return r.pages.text(), nil
	case <-ctx.Done():
		_ = inst.Kill()
		<-done
		// The sandbox may have been stopped in the middle of anything; the next document gets a new one.
		_ = e.shut()
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return Text{}, invalid(fmt.Sprintf("the PDF took longer than %s", e.opts.Timeout))
		}
		return Text{}, fmt.Errorf("extract: read PDF: %w", ctx.Err())
	}
}

// Close gives the memory back. The engine opens again when another document comes.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.shut()
}

func (e *Engine) shut() error {
	if e.pool == nil {
		return nil
	}
	err := e.pool.Close()
	e.pool = nil
	if e.cache != nil {
		err = errors.Join(err, e.cache.Close(context.Background()))
		e.cache = nil
	}
	if err != nil {
		return fmt.Errorf("extract: close PDF engine: %w", err)
	}
	return nil
}

func (e *Engine) open() error {
	if e.pool != nil {
		return nil
	}
	conf := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(uint32(e.opts.MemoryMB) * 16). //nolint:gosec // megabytes, small
		WithCloseOnContextDone(true)
	if e.opts.CacheDir != "" {
		cache, err := wazero.NewCompilationCacheWithDir(e.opts.CacheDir)
		if err != nil {
			return fmt.Errorf("extract: open PDF cache %s: %w", e.opts.CacheDir, err)
		}
		e.cache = cache
		conf = conf.WithCompilationCache(cache)
	}
	pool, err := webassembly.Init(webassembly.Config{
		MaxIdle: 1, MaxTotal: 1,
		RuntimeConfig: conf,
		// No directory is mounted: the sandbox sees no file.
		FSConfig: wazero.NewFSConfig(),
		Stdout:   io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		return fmt.Errorf("extract: open PDF engine: %w", err)
	}
	e.pool = pool
	return nil
}

// readDocument takes the lines and the metadata of a document. A panic inside the sandbox's glue is an error of the document.
func readDocument(ctx context.Context, inst pdfium.Pdfium, body []byte, most int) (raw rawDocument, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = invalid("the PDF is corrupt: the engine stopped while reading it")
		}
	}()
	open, err := inst.OpenDocument(&requests.OpenDocument{File: &body})
	if err != nil {
		return raw, invalid(openProblem(err))
	}
	count, err := inst.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: open.Document})
	if err != nil {
		return raw, invalid("the PDF is corrupt: its pages cannot be counted")
	}
	raw.meta(inst, open.Document)
	raw.cut = count.PageCount > most
	failed := 0
	for i := range min(count.PageCount, most) {
		if ctx.Err() != nil {
			return raw, fmt.Errorf("extract: read PDF: %w", ctx.Err())
		}
		if err := raw.page(inst, open.Document, i); err != nil {
			failed++
		}
	}
	if failed > 0 && failed == min(count.PageCount, most) {
		return raw, invalid("the PDF is corrupt: no page of it can be read")
	}
	return raw, nil
}

func openProblem(err error) string {
	switch {
	case errors.Is(err, pdferrors.ErrPassword):
		return "the PDF is encrypted"
	case errors.Is(err, pdferrors.ErrFormat):
		return "the PDF is corrupt: its structure cannot be read"
	}
	return "the PDF cannot be opened"
}

// rawDocument is what the engine gives.
type rawDocument struct {
	title, author, created string
	pages                  [][]rawLine
	cut                    bool
}

// rawLine is one line of text with the size of its type, zero when it was not asked.
type rawLine struct {
	text string
	size float64
}

func (d *rawDocument) meta(inst pdfium.Pdfium, ref references.FPDF_DOCUMENT) {
	tags, err := inst.GetMetaData(&requests.GetMetaData{Document: ref})
	if err != nil {
		return
	}
	for _, t := range tags.Tags {
		switch t.Tag {
		case "Title":
			d.title = t.Value
		case "Author":
			d.author = t.Value
		case "CreationDate":
			d.created = t.Value
		}
	}
}

// page takes the lines of a page in the order of the engine, which follows columns.
func (d *rawDocument) page(inst pdfium.Pdfium, ref references.FPDF_DOCUMENT, i int) error {
	at := requests.Page{ByIndex: &requests.PageByIndex{Document: ref, Index: i}}
	got, err := inst.GetPageText(&requests.GetPageText{Page: at})
	if err != nil {
		return err
	}
	var lines []rawLine
	for l := range strings.SplitSeq(strings.ReplaceAll(got.Text, "\r", "\n"), "\n") {
		if l = tidy(l); l != "" {
			lines = append(lines, rawLine{text: l})
		}
	}
	if i == 0 {
		sizes(inst, at, lines)
	}
	d.pages = append(d.pages, lines)
	return nil
}

// sizes finds the size of type of each line of the first page, which tells the title.
func sizes(inst pdfium.Pdfium, at requests.Page, lines []rawLine) {
	got, err := inst.GetPageTextStructured(&requests.GetPageTextStructured{
		Page: at, Mode: requests.GetPageTextStructuredModeRects, CollectFontInformation: true,
	})
	if err != nil {
		return
	}
	for _, r := range got.Rects {
		t := tidy(r.Text)
		if r.FontInformation == nil || len(t) < 2 {
			continue
		}
		size := r.FontInformation.RenderedSize
		if size == 0 {
			size = r.FontInformation.Size
		}
		for i := range lines {
			if strings.Contains(lines[i].text, t) && len(t)*2 >= len(lines[i].text) {
				lines[i].size = max(lines[i].size, size)
				break
			}
		}
	}
}

func invalid(why string) error { return fmt.Errorf("%s: %w", why, intel.ErrInvalid) }
