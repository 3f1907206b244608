package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rapsheet/rapsheet/extract/article"
	"github.com/rapsheet/rapsheet/intel"
)

// maxFile bounds a file read from disk, in bytes: more is no article.
const maxFile = intel.MaxDocument

func (a *app) readCmd() *cobra.Command {
	var htmlFile, address string
	c := &cobra.Command{
		Use:   "read FILE|URL",
		Short: "Main text and metadata of a page as JSON",
		Example: "  rapsheet read report.html --url https://example.com/report\n" +
			"  rapsheet read --jsonl < pages.jsonl   # lines {id, html_path, url}",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if a.jsonl {
				return a.readLines(c.Context())
			}
			name := htmlFile
			if name == "" && len(args) == 1 {
				name = args[0]
			}
			if name == "" {
				return usagef("read: name a file or URL, or give lines with --jsonl")
			}
			art, err := a.readOne(c.Context(), name, address)
			if err != nil {
				return documentErr(name, err)
			}
			return printJSON(a.stdout, art)
		},
	}
	c.Flags().StringVar(&htmlFile, "html", "", "a local HTML file whose address is --url")
	c.Flags().StringVar(&address, "url", "", "the address a local file came from")
	return c
}

// readOne reads a page from disk or from the web.
func (a *app) readOne(ctx context.Context, name, address string) (intel.Article, error) {
	doc, err := a.document(ctx, name, address)
	if err != nil {
		return intel.Article{}, err
	}
	engine := a.pdfEngine("")
	defer engine.Close() //nolint:errcheck // memory only
	return article.ReadAny(ctx, doc, engine)
}

// document gets the bytes of a file or URL.
func (a *app) document(ctx context.Context, name, address string) (intel.Document, error) {
	if strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://") {
		cr, err := a.crawler(nil, nil, nil)
		if err != nil {
			return intel.Document{}, err
		}
		return cr.Get(ctx, name)
	}
	return a.file(name, address)
}

// file reads a local document. Its retrieval time is the clock's; its publication stays unknown.
func (a *app) file(name, address string) (intel.Document, error) {
	st, err := os.Stat(name)
	if err != nil {
		return intel.Document{}, err
	}
	if st.Size() > maxFile {
		return intel.Document{}, fmt.Errorf("%d MB is more than the %d MB a document may have: %w", st.Size()>>20, maxFile>>20, intel.ErrInvalid)
	}
	b, err := os.ReadFile(name) //nolint:gosec // the user names the file
	if err != nil {
		return intel.Document{}, err
	}
	if b, name, err = unpacked(b, name); err != nil {
		return intel.Document{}, err
	}
	if len(b) == 0 {
		return intel.Document{}, fmt.Errorf("the file is empty: %w", intel.ErrInvalid)
	}
	if address == "" {
		address = "file:" + filepath.ToSlash(name)
	}
	return intel.Document{URL: address, FinalURL: address, ContentType: contentType(name, b), Body: b, Retrieved: a.now()}, nil
}

// unpacked is the page within a gzip file, under the name that it has without ".gz"; any other file is itself.
func unpacked(b []byte, name string) (page []byte, as string, err error) {
	if !bytes.HasPrefix(b, []byte{0x1f, 0x8b}) {
		return b, name, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, name, fmt.Errorf("not the gzip file that it begins as: %w: %w", err, intel.ErrInvalid)
	}
	page, err = io.ReadAll(io.LimitReader(z, maxFile+1))
	if err != nil {
		return nil, name, fmt.Errorf("the gzip file ends early or is damaged: %w: %w", err, intel.ErrInvalid)
	}
	if len(page) > maxFile {
		return nil, name, fmt.Errorf("unpacked it is more than the %d MB a document may have: %w", maxFile>>20, intel.ErrInvalid)
	}
	return page, strings.TrimSuffix(name, ".gz"), nil
}

// contentType goes by the name first, since a text dump may hold tags.
func contentType(name string, b []byte) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".html", ".htm", ".xhtml":
		return "text/html"
	case ".pdf":
		return "application/pdf"
	case ".txt", ".md":
		return "text/plain"
	default:
		return http.DetectContentType(b)
	}
}

// readLines reads {id, html_path, url} lines and prints the article of each with its id.
func (a *app) readLines(ctx context.Context) error {
	in := bufio.NewScanner(a.stdin)
	in.Buffer(nil, 1<<20)
	engine := a.pdfEngine("")
	defer engine.Close() //nolint:errcheck // memory only
	var failed []error
	for n := 1; in.Scan(); n++ {
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		if err := a.readLine(ctx, engine, in.Bytes()); err != nil {
			failed = append(failed, fmt.Errorf("line %d: %w", n, err))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("read stdin: %w", err)
	}
	if len(failed) > 0 {
		return fmt.Errorf("%w: %w", errPartial, errors.Join(failed...))
	}
	return nil
}

func (a *app) readLine(ctx context.Context, engine article.PDFReader, line []byte) error {
	var rec struct {
		ID       string `json:"id"`
		HTMLPath string `json:"html_path"`
		URL      string `json:"url"`
	}
	if err := decode(line, &rec); err != nil {
		return err
	}
	doc, err := a.file(rec.HTMLPath, rec.URL)
	if err != nil {
		return err
	}
	art, err := article.ReadAny(ctx, doc, engine)
	if err != nil {
		return documentErr(rec.HTMLPath, err)
	}
	return printLine(a.stdout, struct {
		ID string `json:"id"`
		intel.Article
	}{rec.ID, art})
}

// decode reads one JSON value and says so when it is none.
func decode(b []byte, v any) error {
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("not the JSON expected: %w: %w", err, intel.ErrInvalid)
	}
	return nil
}
