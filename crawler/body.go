package crawler

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// counter counts what came over the wire.
type counter struct {
	r io.Reader
	n *int64
}

func (c counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	*c.n += int64(n)
	return n, err
}

// read takes the answer's header and body into the exchange, decompressed, within the limit. A page that is too large or
// breaks off is an error; where keepCut is set the part that came is kept instead.
func (ex *exchange) read(resp *http.Response) error {
	var wire *bytes.Buffer
	if ex.received != nil {
		if resp.Header.Get("Content-Encoding") != "" {
			wire = &bytes.Buffer{}
			resp.Body = tee{io.TeeReader(resp.Body, wire), resp.Body}
		}
		defer func() {
			ex.received.Body = ex.body
			if wire != nil {
				ex.received.Body = wire.Bytes()
			}
			ex.received.Head = responseHead(resp, len(ex.received.Body))
		}()
	}
	return ex.readBody(resp)
}

// tee reads from one and closes the other.
type tee struct {
	io.Reader
	io.Closer
}

func (ex *exchange) readBody(resp *http.Response) error {
	ex.status, ex.header = resp.StatusCode, resp.Header
	limit := ex.limit
	if resp.StatusCode >= 300 {
		// Only enough of an error or redirect to recognise it.
		limit = min(limit, maxRedirectBody)
	} else if resp.ContentLength > limit && !ex.keepCut {
		return fmt.Errorf("%d bytes announced, at most %d are read: %w", resp.ContentLength, limit, errTooLarge)
	}
	body, err := ex.decoded(resp)
	if err != nil {
		if resp.StatusCode >= 300 {
			return nil
		}
		return err
	}
	ex.body, err = io.ReadAll(io.LimitReader(body, limit+1))
	over := int64(len(ex.body)) > limit
	if over {
		ex.body = ex.body[:limit]
	}
	switch {
	case resp.StatusCode >= 300:
		return nil
	case (over || err != nil) && ex.keepCut && len(ex.body) > 0:
		if ex.cut = err; over {
			ex.cut = fmt.Errorf("no more than that is read: %w", errTooLarge)
		}
		return nil
	case over:
		return fmt.Errorf("more than %d bytes: %w", limit, errTooLarge)
	default:
		return err
	}
}

// decoded undoes the content encoding that was asked for; any other was not.
func (ex *exchange) decoded(resp *http.Response) (io.Reader, error) {
	raw := counter{resp.Body, &ex.wire}
	switch enc := strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding"))); enc {
	case "", "identity":
		return raw, nil
	case "gzip", "x-gzip":
		if resp.Body == http.NoBody || resp.StatusCode == http.StatusNoContent {
			return raw, nil
		}
		r, err := gzip.NewReader(raw)
		if err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		return r, nil
	default:
		return nil, fmt.Errorf("content encoding %q was not asked for", enc)
	}
}
