package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/rapsheet/rapsheet/intel"
)

const (
	ndjson = "application/x-ndjson"
	// maxLines bounds a body of lines, maxLine one of them, lineBatch how many are answered at a time.
	maxLines  = 64 << 20
	maxLine   = 64 << 10
	lineBatch = 500
)

func wantsLines(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), ndjson) }

// linesEnd is the last line of an answer of lines: without it the answer was cut off.
type linesEnd struct {
	End         bool           `json:"end"`
	GeneratedAt time.Time      `json:"generated_at"`
	Generation  uint64         `json:"generation"`
	Coverage    intel.Coverage `json:"coverage"`
	Count       int            `json:"count"`
	Problem     *Problem       `json:"problem,omitempty"`
}

// lineWriter writes results as lines.
type lineWriter struct {
	s     *server
	c     echo.Context
	count int
}

func (s *server) newLines(c echo.Context) *lineWriter { return &lineWriter{s: s, c: c} }

// write begins the answer with its first bytes: until then a refusal can be a problem of its own.
func (w *lineWriter) write(b []byte) error {
	if !w.c.Response().Committed {
		w.c.Response().Header().Set("Content-Type", ndjson)
		w.c.Response().Header().Set("Cache-Control", "no-store")
	}
	if _, err := w.c.Response().Write(b); err != nil {
		return fmt.Errorf("api: write lines: %w", err)
	}
	return nil
}

func (w *lineWriter) results(ctx context.Context, a asking, results []intel.EnrichResult) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	var err error
	if a.shape == nil {
		for i := 0; i < len(results) && err == nil; i++ {
			err = enc.Encode(results[i])
		}
	} else {
		var shaped []shapedResult
		shaped, err = w.s.shaped(ctx, a, results)
		for i := 0; i < len(shaped) && err == nil; i++ {
			err = enc.Encode(shaped[i])
		}
	}
	if err != nil {
		return fmt.Errorf("api: encode lines: %w", err)
	}
	w.count += len(results)
	if err := w.write(b.Bytes()); err != nil {
		return err
	}
	w.c.Response().Flush()
	return nil
}

func (w *lineWriter) end() error { return w.endWith(nil) }

// endWith writes the last line, with what went wrong when something did.
func (w *lineWriter) endWith(p *Problem) error {
	gen, at := w.s.Reader.Generation()
	b, err := json.Marshal(linesEnd{true, at, gen, w.s.Reader.Coverage(), w.count, p})
	if err != nil {
		return fmt.Errorf("api: encode lines: %w", err)
	}
	return w.write(append(b, '\n'))
}

// bulkLines answers a body of lines with lines, batch by batch, in order. The settings stand in the query.
func (s *server) bulkLines(c echo.Context, call enrichFunc) error {
	r, err := querySettings(c)
	if err != nil {
		return err
	}
	a, err := r.settings()
	if err != nil {
		return err
	}
	w := s.newLines(c)
	ctx := c.Request().Context()
	in := bufio.NewReaderSize(http.MaxBytesReader(c.Response(), c.Request().Body, maxLines), maxLine)
	_ = http.NewResponseController(c.Response()).EnableFullDuplex() //nolint:errcheck // HTTP/2 and tests do it anyway
	for done := false; !done; {
		var batch []json.RawMessage
		if batch, done, err = readLines(in); err != nil {
			break
		}
		if len(batch) == 0 {
			continue
		}
		var results []intel.EnrichResult
		if results, err = a.ask(ctx, call, batch); err == nil {
			err = w.results(ctx, a, results)
		}
		if err != nil {
			break
		}
	}
	switch {
	case err == nil && w.count == 0:
		return bad(http.StatusUnprocessableEntity, "the body has no lines: write one item a line")
	case err == nil:
		return w.end()
	case w.count == 0:
		return lineError(err)
	}
	p := problemOf(lineError(err))
	return w.endWith(&p)
}

func lineError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return bad(http.StatusRequestEntityTooLarge, fmt.Sprintf("a body of lines may have %d bytes: send several requests", maxLines))
	}
	return err
}

// readLines reads up to a batch of lines that are not empty. A line that is too long is cut, and is thereby an item that is not JSON.
func readLines(in *bufio.Reader) (batch []json.RawMessage, done bool, err error) {
	for len(batch) < lineBatch {
		line, err := in.ReadSlice('\n')
		long := errors.Is(err, bufio.ErrBufferFull)
		kept := bytes.Clone(bytes.TrimSpace(line))
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = in.ReadSlice('\n')
		}
		if long {
			kept = []byte("(a line longer than 64 KiB)")
		}
		if len(kept) > 0 {
			batch = append(batch, kept)
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				return batch, true, nil
			}
			return batch, true, err
		}
	}
	return batch, false, nil
}
