package crawler_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/rapsheet/rapsheet/crawler"
	"github.com/rapsheet/rapsheet/intel"
)

func TestTheBytesComeAsReceived(t *testing.T) {
	o := newOutlet(t)
	packed := zipped(t, []byte("<p>caf\xe9"))
	o.handle("/packed", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed)
	})
	o.html("/plain", "<p>plain</p>")
	o.handle("/moved", redirect("/there"))
	o.handle("/there", func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(strings.Repeat("chunk ", 20000)))
		_ = http.NewResponseController(w).Flush()
	})
	o.feed("/packed", "/plain", "/moved")
	var same []intel.Document
	b := newBench(t, func(op *crawler.Options) {
		op.Capture = true
		op.Unmodified = func(d intel.Document) error { same = append(same, d); return nil }
	}, o)
	b.round(t, o.source("s"))
	want := map[string][]byte{"/packed": packed, "/plain": []byte("<p>plain</p>"), "/moved": []byte(strings.Repeat("chunk ", 20000))}
	for _, d := range b.desk.docs {
		r := d.Received
		if r == nil || !bytes.Equal(r.Body, want[strings.TrimPrefix(d.URL, o.URL)]) || r.URL != d.FinalURL || r.Remote != "127.0.0.1" {
			t.Errorf("%s: %+v", d.URL, r)
			continue
		}
		head := string(r.Head)
		if !strings.HasPrefix(head, "HTTP/1.1 200 OK\r\n") || !strings.HasSuffix(head, "\r\n\r\n") || strings.Contains(head, "chunked") {
			t.Errorf("%s: head %q", d.URL, head)
		}
		if !strings.HasPrefix(string(r.Request), "GET /") || !strings.Contains(string(r.Request), "User-Agent: rapsheet/1.2\r\n") {
			t.Errorf("%s: request %q", d.URL, r.Request)
		}
	}
	b.round(t, o.source("s"))
	if len(same) != 1 || same[0].URL != o.URL+"/plain" || !strings.HasPrefix(string(same[0].Received.Head), "HTTP/1.1 304 ") {
		t.Errorf("%+v", same)
	}
	quiet := o.source("quiet")
	quiet.NoEvidence = true
	c := newBench(t, func(op *crawler.Options) { op.Capture = true }, o)
	c.round(t, quiet)
	if len(c.desk.docs) != 3 || c.desk.docs[0].Received != nil {
		t.Error("a source that wants no evidence must leave none")
	}
}
