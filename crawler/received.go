package crawler

import (
	"bytes"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/names/address"
)

// watch has the exchange remember what goes over the wire at this hop.
func (ex *exchange) watch(req *http.Request, at time.Time) *http.Request {
	ex.received = &intel.Received{URL: ex.url, At: at, Request: requestHead(req)}
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		addr := info.Conn.RemoteAddr().String()
		if i := strings.LastIndexByte(addr, ':'); i > 0 {
			ex.received.Remote = strings.Trim(addr[:i], "[]")
		}
	}}
	return req.WithContext(httptrace.WithClientTrace(req.Context(), trace))
}

func requestHead(req *http.Request) []byte {
	var b bytes.Buffer
	b.WriteString(req.Method + " " + req.URL.RequestURI() + " HTTP/1.1\r\nHost: " + req.URL.Host + "\r\n")
	_ = req.Header.Write(&b) //nolint:errcheck // a buffer does not fail
	b.WriteString("\r\n")
	return b.Bytes()
}

// responseHead writes the head as HTTP/1.1, which is what archives hold whatever carried it. The length is that of the body as
// received; chunks, which are gone by now, are not announced.
func responseHead(resp *http.Response, length int) []byte {
	var b bytes.Buffer
	text := strings.TrimPrefix(resp.Status, strconv.Itoa(resp.StatusCode)+" ")
	b.WriteString("HTTP/1.1 " + strconv.Itoa(resp.StatusCode) + " " + text + "\r\n")
	header := resp.Header.Clone()
	header.Del("Transfer-Encoding")
	if header.Get("Content-Length") != "" || length > 0 {
		header.Set("Content-Length", strconv.Itoa(length))
	}
	_ = header.Write(&b) //nolint:errcheck // a buffer does not fail
	b.WriteString("\r\n")
	return b.Bytes()
}

// noteUnmodified tells the keeper of evidence that a page is what it was.
func (w *worker) noteUnmodified(ex *exchange, cand candidate) error {
	if w.c.opts.Unmodified == nil || ex.received == nil {
		return nil
	}
	final, err := address.Clean(ex.url)
	if err != nil {
		final = ex.url
	}
	return w.c.opts.Unmodified(intel.Document{
		URL: cand.url, FinalURL: final, SourceID: w.source.ID, Retrieved: w.c.opts.Clock(), RightsReserved: ex.reserved, Demo: w.source.Demo, Received: ex.received,
	})
}
