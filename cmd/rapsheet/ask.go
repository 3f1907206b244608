package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/rapsheet/rapsheet/api"
	"github.com/rapsheet/rapsheet/intel"
)

// asker sends requests to the API: of --server, of the process that owns the data folder, or of the folder opened here. Every
// command that reads goes this one way, so that the table on the terminal and the API can never disagree.
type asker struct {
	base   string
	key    string
	client *http.Client
	close  func() error
}

// asker finds who can answer.
func (a *app) asker(ctx context.Context) (*asker, error) {
	if a.cfg.Server != "" {
		return a.remote(a.cfg.Server), nil
	}
	f, err := a.openFolder(ctx, a.isDemo())
	if errors.Is(err, errOwned) {
		if url := ownerOf(a.cfg.Data); url != "" {
			return a.remote(url), nil
		}
	}
	if err != nil {
		return nil, err
	}
	if err := f.openIndex(ctx, a); err != nil {
		return nil, errors.Join(err, f.close())
	}
	h, err := api.New(api.Options{Reader: f.index, Saver: f.saver(), Archive: f.store, Feed: f.store, Exported: f.exported(), Watchlists: f.watchlists(), Clock: a.now, Logger: a.logger(), Version: version, Demo: a.isDemo()})
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return &asker{base: "http://rapsheet.invalid", client: &http.Client{Transport: handlerTransport{h}}, close: f.settle(context.WithoutCancel(ctx))}, nil
}

// settle closes the folder of a command once the index, which nobody else follows here, has what the command changed: what was
// purged must be in no file of it when the command ends.
func (f *folder) settle(ctx context.Context) func() error {
	return func() error {
		_, err := f.index.CatchUp(ctx)
		return errors.Join(err, f.close())
	}
}

func (a *app) remote(url string) *asker {
	return &asker{base: strings.TrimRight(url, "/"), key: a.cfg.APIKey, client: a.client(), close: func() error { return nil }}
}

// get asks for path and decodes the answer into v; v may be *[]byte to keep it as it is.
func (k *asker) get(ctx context.Context, path string, query url.Values, v any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return k.do(ctx, http.MethodGet, path, nil, v)
}

// post sends body as JSON.
func (k *asker) post(ctx context.Context, path string, body, v any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("ask %s: %w", path, err)
	}
	return k.do(ctx, http.MethodPost, path, b, v)
}

func (k *asker) do(ctx context.Context, method, path string, body []byte, v any) error {
	req, err := http.NewRequestWithContext(ctx, method, k.base+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask %s: %w", path, err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if k.key != "" {
		req.Header.Set("X-API-Key", k.key)
	}
	res, err := k.client.Do(req)
	if err != nil {
		return fmt.Errorf("ask %s: %w", path, err)
	}
	defer res.Body.Close() //nolint:errcheck // nothing was written
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return fmt.Errorf("ask %s: %w", path, err)
	}
	if res.StatusCode >= 300 {
		return problem(res.StatusCode, b)
	}
	if raw, ok := v.(*[]byte); ok {
		*raw = b
		return nil
	}
	if v == nil {
		return nil
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("ask %s: %w", path, err)
	}
	return nil
}

// problem turns an RFC 9457 answer back into an error a command can act on.
func problem(status int, body []byte) error {
	var p struct {
		Title, Detail string
		Candidates    []intel.Candidate
		Coverage      *intel.Coverage
	}
	if err := json.Unmarshal(body, &p); err != nil {
		return fmt.Errorf("the server answered %d", status)
	}
	switch status {
	case http.StatusMultipleChoices:
		return &intel.AmbiguousError{Name: p.Detail, Candidates: p.Candidates}
	case http.StatusNotFound:
		looked := ""
		if p.Coverage != nil {
			looked = coverageText(*p.Coverage)
		}
		return fmt.Errorf("%s: %w%s", detailBefore(p.Detail, intel.ErrNotFound), intel.ErrNotFound, looked)
	case http.StatusGone:
		return fmt.Errorf("%s: %w", detailBefore(p.Detail, intel.ErrPurged), intel.ErrPurged)
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return usagef("%s", p.Detail)
	}
	if p.Detail == "" {
		p.Detail = p.Title
	}
	return errors.New(p.Detail)
}

// detailBefore is what a server told without the sentinel that ends it: the command's error says that itself.
func detailBefore(detail string, sentinel error) string {
	return strings.TrimSuffix(strings.TrimSuffix(detail, sentinel.Error()), ": ")
}

// handlerTransport answers requests from a handler in this process.
type handlerTransport struct{ h http.Handler }

// RoundTrip implements http.RoundTripper.
func (t handlerTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	rec := &recorder{header: http.Header{}, status: http.StatusOK}
	t.h.ServeHTTP(rec, req)
	return &http.Response{
		Status: http.StatusText(rec.status), StatusCode: rec.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: rec.header, Body: io.NopCloser(&rec.body), ContentLength: int64(rec.body.Len()), Request: req,
	}, nil
}

type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
