package warc_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rapsheet/rapsheet/crawler/warc"
	"github.com/rapsheet/rapsheet/intel"
)

func response() warc.Record {
	return warc.Record{
		Type: "response", ID: "11111111-2222-4333-8444-555555555555", Date: time.Date(2025, 9, 3, 10, 0, 0, 123000, time.UTC),
		ContentType: "application/http;msgtype=response", Fields: []warc.Field{{Name: "WARC-Target-URI", Value: "https://news.example/a\r\nX: y"}},
		Block: []byte("HTTP/1.1 200 OK\r\nA: b\r\n\r\n\x00\xff body\r\n\r\n"),
	}
}

func TestARecordComesBackByteForByte(t *testing.T) {
	var b bytes.Buffer
	for range 2 {
		if err := warc.Append(&b, response()); err != nil {
			t.Fatal(err)
		}
	}
	got, err := warc.Read(bytes.NewReader(b.Bytes()[b.Len()/2:]))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(response().Block, got.Block); diff != "" || got.ID != response().ID || !got.Date.Equal(response().Date) {
		t.Error(diff, got.ID, got.Date)
	}
	if uri := got.Field("warc-target-uri"); uri != "https://news.example/a  X: y" {
		t.Errorf("%q: a line break must not make a field", uri)
	}
	if string(got.Payload()) != "\x00\xff body\r\n\r\n" {
		t.Errorf("payload %q", got.Payload())
	}
}

func TestWhatIsDamagedIsRefused(t *testing.T) {
	var b bytes.Buffer
	if err := warc.Append(&b, response()); err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{"empty": nil, "cut": b.Bytes()[:b.Len()/2], "not gzip": []byte("WARC/1.1\r\n\r\n")} {
		if _, err := warc.Read(bytes.NewReader(body)); !errors.Is(err, intel.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if err := warc.Append(&b, response()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, body []byte) {
		if rec, err := warc.Read(bytes.NewReader(body)); err == nil && rec.Block == nil {
			t.Fatal("a record without block")
		}
	})
}
