// SPDX-License-Identifier: Apache-2.0

// Package evidence keeps what was seen: a folder of WARC files, each with an index in CDXJ lines beside it. A page that did not
// change takes a revisit record. What was last seen longer ago than the folder's days is dropped, and a purge takes a report's
// records out of every file.
package evidence

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/rapsheet/rapsheet/crawler/warc"
	"github.com/rapsheet/rapsheet/intel"
)

// Options say where evidence is kept and for how long.
type Options struct {
	Dir string
	// Days is how long a page is kept after it was last seen; zero is 30.
	Days int
	// RevisitEvery is how often a page that stays the same is written down as such; zero is a day. The journal has every attempt.
	RevisitEvery time.Duration
	// MaxBytes is the size at which a file is full; zero is 100 MB.
	MaxBytes int64
	// Software names the program in each file.
	Software string
	// Clock tells the time; it must be set.
	Clock func() time.Time
}

// Folder is a folder of evidence. It may be used by several goroutines, and written by one process at a time. Nothing is touched
// on disk before the first write.
type Folder struct {
	o Options

	mu    sync.Mutex
	ready bool
	// last is the latest record with a body of each address.
	last   map[[16]byte]seen
	cur    *current
	packer warc.Packer
}

// seen is a full record: what a revisit refers to.
type seen struct {
	digest [sha256.Size]byte
	at     int64
	// noted is when the page was last written down as unchanged, or whole.
	noted int64
	// reports is how many reports of a list it names.
	reports int
}

// current is the file being written.
type current struct {
	name       string
	index      string
	day        string
	size       int64
	file, cdxj *os.File
}

// Open makes a Folder.
func Open(o Options) (*Folder, error) {
	if o.Dir == "" || o.Clock == nil || o.Days < 0 || o.MaxBytes < 0 {
		return nil, fmt.Errorf("evidence: open: Dir and Clock are needed, Days and MaxBytes cannot be negative: %w", intel.ErrInvalid)
	}
	if o.Days == 0 {
		o.Days = 30
	}
	if o.MaxBytes == 0 {
		o.MaxBytes = 100 << 20
	}
	if o.RevisitEvery == 0 {
		o.RevisitEvery = 24 * time.Hour
	}
	if o.Software == "" {
		o.Software = "rapsheet"
	}
	return &Folder{o: o, last: map[[16]byte]seen{}}, nil
}

// Keep writes down what was received of a document: whole when it is new or changed, as a revisit when the same bytes were kept
// a short time ago. A document without Received, or of which the rights are reserved, is not kept.
func (f *Folder) Keep(doc intel.Document, reportID string) error {
	return f.keep(doc, reportID, nil)
}

// KeepList writes down what was received of a list, for all the reports that stand in it: rows are their canonical addresses. A list
// has one record, however many reports rest on it, so what purges one of them takes the record from all.
func (f *Folder) KeepList(doc intel.Document, rows []string) error {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = intel.ReportID(row)
	}
	return f.keep(doc, "", ids)
}

func (f *Folder) keep(doc intel.Document, reportID string, reports []string) error {
	r := doc.Received
	if r == nil || doc.RightsReserved {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.prepare(); err != nil {
		return fmt.Errorf("evidence: keep %s: %w", r.URL, err)
	}
	digest := sha256.Sum256(r.Body)
	old, ok := f.last[key(r.URL)]
	e := Entry{URL: r.URL, Asked: asked(doc), Report: reportID, Reports: reports, Source: doc.SourceID, At: r.At.UTC().Truncate(time.Microsecond), Digest: warc.Digest(r.Body), Mime: doc.ContentType}
	// Half way to its end a page that stays the same is kept anew, so that a revisit never outlives what it refers to for long.
	half := time.Duration(f.o.Days) * 12 * time.Hour
	if ok && old.digest == digest && old.reports == len(reports) && r.At.Sub(time.Unix(0, old.at)) < half {
		e.Reports = nil // the record that is referred to has them
		return f.again(e, r, warc.SamePayload, old)
	}
	if err := f.write(e, full(e, r), r); err != nil {
		return err
	}
	f.last[key(r.URL)] = seen{digest: digest, at: e.At.UnixNano(), noted: e.At.UnixNano(), reports: len(reports)}
	return nil
}

// NotModified writes down that the server said that a page did not change. A page that is not held is left out: there would be
// nothing to refer to.
func (f *Folder) NotModified(doc intel.Document) error {
	r := doc.Received
	if r == nil || doc.RightsReserved {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.prepare(); err != nil {
		return fmt.Errorf("evidence: keep %s: %w", r.URL, err)
	}
	old, ok := f.last[key(r.URL)]
	if !ok {
		return nil
	}
	e := Entry{URL: r.URL, Asked: asked(doc), Source: doc.SourceID, At: r.At.UTC().Truncate(time.Microsecond), Digest: digestText(old.digest)}
	return f.again(e, r, warc.NotModified, old)
}

// again writes down that a page is the same, unless that was written a short time ago.
func (f *Folder) again(e Entry, r *intel.Received, profile string, old seen) error {
	if e.At.Sub(time.Unix(0, old.noted)) < f.o.RevisitEvery {
		return nil
	}
	if err := f.write(e, revisit(e, r, profile, old), r); err != nil {
		return err
	}
	old.noted = e.At.UnixNano()
	f.last[key(e.URL)] = old
	return nil
}

// Close ends the current file; the Folder may be used again.
func (f *Folder) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ready = false
	return f.end()
}

func asked(doc intel.Document) string {
	if doc.URL == doc.Received.URL {
		return ""
	}
	return doc.URL
}

func key(url string) [16]byte {
	sum := sha256.Sum256([]byte(url))
	return [16]byte(sum[:16])
}

// full is the response record.
func full(e Entry, r *intel.Received) warc.Record {
	block := append(bytes.Clone(r.Head), r.Body...)
	return warc.Record{
		Type: "response", ID: e.id("response"), Date: e.At, ContentType: "application/http;msgtype=response", Block: block,
		Fields: []warc.Field{{Name: "WARC-Target-URI", Value: e.URL}, {Name: "WARC-IP-Address", Value: r.Remote}, {Name: "WARC-Payload-Digest", Value: e.Digest}},
	}
}

// revisit says that what was held did not change: its block is the answer's head.
func revisit(e Entry, r *intel.Received, profile string, old seen) warc.Record {
	first := Entry{URL: e.URL, At: time.Unix(0, old.at).UTC()}
	return warc.Record{
		Type: "revisit", ID: e.id("response"), Date: e.At, ContentType: "application/http;msgtype=response", Block: r.Head,
		Fields: []warc.Field{
			{Name: "WARC-Target-URI", Value: e.URL},
			{Name: "WARC-IP-Address", Value: r.Remote},
			{Name: "WARC-Profile", Value: profile},
			{Name: "WARC-Payload-Digest", Value: e.Digest},
			{Name: "WARC-Refers-To", Value: "<urn:uuid:" + first.id("response") + ">"},
			{Name: "WARC-Refers-To-Target-URI", Value: e.URL},
			{Name: "WARC-Refers-To-Date", Value: first.At.Format("2006-01-02T15:04:05.000000Z")},
		},
	}
}

// write appends the answer with its request, then the index line. A kill between the two leaves bytes that no index names: they
// are cut off when the file is written next.
func (f *Folder) write(e Entry, rec warc.Record, r *intel.Received) error {
	e.Type, e.Status = rec.Type, status(r.Head)
	var b bytes.Buffer
	err := f.packer.Append(&b, rec)
	if err == nil {
		err = f.packer.Append(&b, warc.Record{
			Type: "request", ID: e.id("request"), Date: e.At, ContentType: "application/http;msgtype=request", Block: r.Request,
			Fields: []warc.Field{{Name: "WARC-Target-URI", Value: e.URL}, {Name: "WARC-Concurrent-To", Value: "<urn:uuid:" + rec.ID + ">"}},
		})
	}
	if err == nil {
		err = f.room(int64(b.Len()))
	}
	if err != nil {
		return fmt.Errorf("evidence: keep %s: %w", e.URL, err)
	}
	e.File, e.Offset, e.Length = f.cur.name, f.cur.size, int64(b.Len())
	if _, err := f.cur.file.WriteAt(b.Bytes(), e.Offset); err != nil {
		return fmt.Errorf("evidence: keep %s: %w", e.URL, err)
	}
	if _, err := f.cur.cdxj.WriteString(e.line()); err != nil {
		return fmt.Errorf("evidence: index %s: %w", e.URL, err)
	}
	f.cur.size += e.Length
	return nil
}

// room gives a file with room for n bytes: a new one each day, and when the current one is full.
func (f *Folder) room(n int64) error {
	day := f.o.Clock().UTC().Format("20060102")
	if f.cur != nil && f.cur.day == day && (f.cur.size+n <= f.o.MaxBytes || f.cur.size == 0) {
		return nil
	}
	turned := f.cur != nil && f.cur.day != day
	if err := f.end(); err != nil {
		return err
	}
	if turned {
		if _, err := f.expire(); err != nil {
			return err
		}
	}
	for i := 1; ; i++ {
		name := fmt.Sprintf("rapsheet-%s-%05d", f.o.Clock().UTC().Format("20060102-150405"), i)
		err := f.begin(name, day)
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
}

// begin makes a file with its warcinfo.
func (f *Folder) begin(base, day string) error {
	name, index := base+".warc.gz", base+".cdxj"
	path := filepath.Join(f.o.Dir, name)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	cdxj, err := os.OpenFile(filepath.Join(f.o.Dir, index), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return errors.Join(err, file.Close())
	}
	f.cur = &current{name: name, index: index, day: day, file: file, cdxj: cdxj}
	var b bytes.Buffer
	err = f.packer.Append(&b, warc.Record{
		Type: "warcinfo", ID: intel.UUIDv5("warcinfo", name), Date: f.o.Clock(), ContentType: "application/warc-fields", Fields: []warc.Field{{Name: "WARC-Filename", Value: name}},
		Block: []byte("software: " + f.o.Software + "\r\nformat: WARC File Format 1.1\r\nconformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\nrobots: obey\r\n"),
	})
	if err == nil {
		_, err = file.WriteAt(b.Bytes(), 0)
	}
	f.cur.size = int64(b.Len())
	return err
}

// end makes the current file durable and closes it.
func (f *Folder) end() error {
	if f.cur == nil {
		return nil
	}
	c := f.cur
	f.cur = nil
	if err := errors.Join(c.file.Sync(), c.cdxj.Sync(), c.file.Close(), c.cdxj.Close()); err != nil {
		return fmt.Errorf("evidence: close %s: %w", c.name, err)
	}
	return nil
}

// prepare reads the indexes before the first write: what is held, and where the last file ends.
func (f *Folder) prepare() error {
	if f.ready {
		return nil
	}
	if err := os.MkdirAll(f.o.Dir, 0o700); err != nil {
		return err
	}
	if _, err := f.expire(); err != nil {
		return err
	}
	clear(f.last)
	indexes, err := f.indexes()
	if err != nil {
		return err
	}
	named := map[string]bool{}
	var newest []Entry
	for _, name := range indexes {
		entries, err := f.entries(name)
		if err != nil {
			return err
		}
		newest = entries
		for _, e := range entries {
			named[e.File] = true
			f.learn(e)
		}
	}
	if err := f.sweep(named); err != nil {
		return err
	}
	f.ready = true
	return f.resume(newest)
}

// learn takes what an index says of a page, oldest first.
func (f *Folder) learn(e Entry) {
	digest, ok := parseDigest(e.Digest)
	if !ok {
		return
	}
	s, at := f.last[key(e.URL)], e.At.UnixNano()
	if e.Type == "response" {
		s = seen{digest: digest, at: at, reports: len(e.Reports)}
	}
	s.noted = at
	if s.at != 0 {
		f.last[key(e.URL)] = s
	}
}

// sweep removes files that no index names: what a kill left of a rewrite, or of a file that had no record yet.
func (f *Folder) sweep(named map[string]bool) error {
	paths, err := filepath.Glob(filepath.Join(f.o.Dir, "rapsheet-*.warc.gz"))
	if err != nil {
		return err
	}
	for _, p := range paths {
		if named[filepath.Base(p)] {
			continue
		}
		old, err := os.OpenFile(p, os.O_RDWR, 0o600)
		if err != nil {
			return err
		}
		if err := errors.Join(wipe(old), os.Remove(p)); err != nil {
			return err
		}
	}
	return nil
}

// resume goes on in the newest file, after cutting off what a kill left without an index line, or with half of one.
func (f *Folder) resume(entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	last := entries[len(entries)-1]
	c := &current{name: last.File, index: last.index, day: strings.SplitN(last.index, "-", 3)[1], size: last.Offset + last.Length}
	var err error
	if c.file, err = os.OpenFile(filepath.Join(f.o.Dir, c.name), os.O_RDWR, 0o600); err != nil {
		return err
	}
	f.cur = c
	var lines strings.Builder
	for _, e := range entries {
		lines.WriteString(e.line())
	}
	index := filepath.Join(f.o.Dir, c.index)
	if c.cdxj, err = os.OpenFile(index, os.O_WRONLY, 0o600); err != nil {
		f.cur = nil
		return errors.Join(err, c.file.Close())
	}
	if _, err := c.cdxj.WriteString(lines.String()); err != nil {
		return err
	}
	return errors.Join(c.cdxj.Truncate(int64(lines.Len())), c.file.Truncate(c.size))
}
