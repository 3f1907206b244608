// SPDX-License-Identifier: Apache-2.0

// Package warc writes and reads WARC 1.1 files (ISO 28500:2017), one gzip member a record, so that any archive tool can show
// what was seen.
package warc

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/rapsheet/rapsheet/intel"
)

// The profiles of a revisit record: what did not change since the record it refers to.
const (
	SamePayload = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
	NotModified = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
)

// Limits of what is read: a file may have been made by anybody.
const (
	maxLine   = 64 << 10
	maxFields = 200
	maxBlock  = 64 << 20
)

// Field is one named field of a record's header.
type Field struct{ Name, Value string }

// Record is one record: its header fields in order, and its block.
type Record struct {
	// Type is warcinfo, response, request or revisit.
	Type string
	// ID is a UUID.
	ID   string
	Date time.Time
	// ContentType is the media type of the block.
	ContentType string
	// Fields are the other fields.
	Fields []Field
	Block  []byte
}

// Field gives the value of a field, compared without regard to case; empty when there is none.
func (r Record) Field(name string) string {
	for _, f := range r.Fields {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Payload is the block of an HTTP record without its head.
func (r Record) Payload() []byte {
	if i := bytes.Index(r.Block, []byte("\r\n\r\n")); i >= 0 {
		return r.Block[i+4:]
	}
	return nil
}

// Digest is a labelled SHA-256.
func Digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Append adds a record as one gzip member to dst. Field values are cleaned of line breaks: they come from the web.
func Append(dst *bytes.Buffer, r Record) error {
	var head bytes.Buffer
	head.WriteString("WARC/1.1\r\n")
	put := func(name, value string) {
		if value = strings.Map(printable, value); value != "" {
			head.WriteString(name + ": " + value + "\r\n")
		}
	}
	put("WARC-Type", r.Type)
	put("WARC-Record-ID", "<urn:uuid:"+r.ID+">")
	put("WARC-Date", r.Date.UTC().Format("2006-01-02T15:04:05.000000Z"))
	for _, f := range r.Fields {
		put(f.Name, f.Value)
	}
	put("WARC-Block-Digest", Digest(r.Block))
	put("Content-Type", r.ContentType)
	put("Content-Length", strconv.Itoa(len(r.Block)))
	head.WriteString("\r\n")
	z := gzip.NewWriter(dst)
	for _, part := range [][]byte{head.Bytes(), r.Block, []byte("\r\n\r\n")} {
		if _, err := z.Write(part); err != nil {
			return errors.Join(fmt.Errorf("warc: write: %w", err), z.Close())
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("warc: write: %w", err)
	}
	return nil
}

func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return ' '
	}
	return r
}

// Read reads one record from the beginning of r, which starts with a gzip member, and checks its block against its digest.
// What is no record gives intel.ErrInvalid.
func Read(r io.Reader) (Record, error) {
	z, err := gzip.NewReader(bufio.NewReader(r))
	if err != nil {
		return Record{}, fmt.Errorf("warc: read: %w: %w", err, intel.ErrInvalid)
	}
	z.Multistream(false)
	rec, err := read(bufio.NewReaderSize(z, maxLine))
	if err != nil {
		return rec, fmt.Errorf("warc: read: %w: %w", err, intel.ErrInvalid)
	}
	return rec, nil
}

func read(r *bufio.Reader) (Record, error) {
	var rec Record
	version, err := line(r)
	if err != nil || !strings.HasPrefix(version, "WARC/1.") {
		return rec, fmt.Errorf("no WARC version in %.20q: %w", version, err)
	}
	length := int64(-1)
	for n := 0; ; n++ {
		l, err := line(r)
		if err != nil || n > maxFields {
			return rec, fmt.Errorf("the header does not end: %w", err)
		}
		if l == "" {
			break
		}
		name, value, ok := strings.Cut(l, ":")
		if !ok {
			return rec, fmt.Errorf("header line %.40q has no colon", l)
		}
		if err := rec.take(textproto.CanonicalMIMEHeaderKey(name), strings.TrimSpace(value), &length); err != nil {
			return rec, err
		}
	}
	if length < 0 || length > maxBlock {
		return rec, fmt.Errorf("a block of %d bytes", length)
	}
	rec.Block = make([]byte, length)
	if _, err := io.ReadFull(r, rec.Block); err != nil {
		return rec, fmt.Errorf("the block breaks off: %w", err)
	}
	if want := rec.Field("WARC-Block-Digest"); strings.HasPrefix(want, "sha256:") && want != Digest(rec.Block) {
		return rec, errors.New("the block does not match its digest")
	}
	return rec, nil
}

func (r *Record) take(name, value string, length *int64) error {
	var err error
	switch name {
	case "Warc-Type":
		r.Type = value
	case "Warc-Record-Id":
		r.ID = strings.TrimSuffix(strings.TrimPrefix(value, "<urn:uuid:"), ">")
	case "Warc-Date":
		r.Date, err = time.Parse(time.RFC3339Nano, value)
	case "Content-Type":
		r.ContentType = value
	case "Content-Length":
		*length, err = strconv.ParseInt(value, 10, 64)
	default:
		r.Fields = append(r.Fields, Field{name, value})
	}
	return err
}

func line(r *bufio.Reader) (string, error) {
	b, err := r.ReadSlice('\n')
	if err != nil {
		return "", err
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}
