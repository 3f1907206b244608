package index

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
	bleveindex "github.com/blevesearch/bleve_index_api"

	"github.com/rapsheet/rapsheet/intel"
)

// schema is the version of what is written to bleve: fields, analysis, ids. Another one means a rebuild.
const schema = "rapsheet-index-1"

// The fields of a document, with what a match in them weighs.
const (
	fieldTitle, boostTitle = "title", 2
	fieldText, boostText   = "text", 1
	fieldNames, boostNames = "names", 3
)

// textIndex is bleve: it finds and scores words, and nothing else. Fields are indexed with positions, without stored values
// and without docvalues. One goroutine writes; any number search.
type textIndex struct {
	dir      string
	idx      bleve.Index
	adv      bleveindex.Index
	mapping  mapping.IndexMapping
	analyzer *analyzer
	ids      idCache
	// mu keeps searches away while the index is closed or made anew.
	mu     sync.RWMutex
	closed bool
}

var errClosed = errors.New("index: closed")

// close ends searches that come in later; those under way have ended.
func (t *textIndex) close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil
	}
	t.closed = true
	return wrap("close", t.idx.Close())
}

// textMapping maps nothing by itself: documents are made field by field, with our own analyzer, and nothing is guessed.
func textMapping() mapping.IndexMapping {
	m := bleve.NewIndexMapping()
	m.DefaultMapping = bleve.NewDocumentStaticMapping()
	m.DefaultMapping.Enabled = false
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m
}

// openText opens the index in dir, or makes it. What cannot be opened or was written by another version is deleted: it is a
// cache. fresh says that it is empty.
func openText(dir string) (t *textIndex, why error, err error) {
	t = &textIndex{dir: dir, mapping: textMapping(), analyzer: newAnalyzer()}
	if dir == "" {
		t.idx, err = bleve.NewUsing("", t.mapping, scorch.Name, scorch.Name, nil)
		if err == nil {
			err = t.begin()
		}
		return t, nil, wrap("open memory", err)
	}
	path := filepath.Join(dir, "text")
	if _, serr := os.Stat(path); serr == nil {
		if why = t.reopen(path); why == nil {
			return t, nil, nil
		}
	}
	if err = t.create(path); err != nil {
		return nil, why, wrap("create "+path, err)
	}
	return t, why, nil
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("index: %s: %w", what, err)
}

func (t *textIndex) reopen(path string) (err error) {
	defer func() {
		// A damaged segment can make bleve panic while it opens; the cache is then as good as gone.
		if r := recover(); r != nil {
			err = fmt.Errorf("damaged: %v", r)
		}
	}()
	idx, err := bleve.OpenUsing(path, map[string]any{"bolt_timeout": "2s"})
	if err != nil {
		return err
	}
	got, err := idx.GetInternal([]byte("schema"))
	if err == nil && string(got) != schema {
		err = fmt.Errorf("schema %q is not %q", got, schema)
	}
	if err != nil {
		_ = idx.Close()
		return err
	}
	t.idx = idx
	t.adv, err = idx.Advanced()
	return err
}

func (t *textIndex) create(path string) error {
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	var err error
	if t.idx, err = bleve.New(path, t.mapping); err != nil {
		return err
	}
	return t.begin()
}

func (t *textIndex) begin() error {
	var err error
	if t.adv, err = t.idx.Advanced(); err != nil {
		return err
	}
	b := bleveindex.NewBatch()
	b.SetInternal([]byte("schema"), []byte(schema))
	b.SetInternal([]byte("seq"), binary.BigEndian.AppendUint64(nil, 0))
	return t.adv.Batch(b)
}

// seq is the last change whose text is in the index.
func (t *textIndex) seq() (int64, error) {
	v, err := t.idx.GetInternal([]byte("seq"))
	if err != nil || len(v) != 8 {
		return 0, err
	}
	return int64(binary.BigEndian.Uint64(v)), nil //nolint:gosec // written from an int64
}

// reset empties the index.
func (t *textIndex) reset() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.idx.Close(); err != nil {
		return wrap("close", err)
	}
	t.ids.forget()
	if t.dir == "" {
		var err error
		if t.idx, err = bleve.NewUsing("", t.mapping, scorch.Name, scorch.Name, nil); err != nil {
			return wrap("open memory", err)
		}
		return wrap("begin", t.begin())
	}
	return wrap("create", t.create(filepath.Join(t.dir, "text")))
}

// put writes the texts of a batch of changes and the sequence number they reach, together or not at all.
func (t *textIndex) put(changes []intel.Change, seq int64) error {
	b := bleveindex.NewBatch()
	for _, c := range changes {
		switch {
		case c.What == "purge":
			b.Delete(docID(c.ID))
		case c.What == "report" && c.Record != nil:
			b.Update(t.document(c.Record))
		}
	}
	if len(b.IndexOps) == 0 {
		return nil
	}
	b.SetInternal([]byte("seq"), binary.BigEndian.AppendUint64(nil, uint64(seq))) //nolint:gosec // not negative
	return wrap("write batch", t.adv.Batch(b))
}

// wipe writes every segment anew, so that nothing of deleted documents is left on disk. A lone segment is not merged with
// itself, so an empty document is put beside it for the while; were the process killed meanwhile, the number of documents
// would not be that of the reports and the folder would be written anew.
func (t *textIndex) wipe(ctx context.Context) error {
	s, ok := t.adv.(*scorch.Scorch)
	if !ok || t.dir == "" {
		return nil
	}
	old, err := filepath.Glob(filepath.Join(t.dir, "text", "store", "*.zap"))
	if err != nil {
		return wrap("wipe", err)
	}
	b := bleveindex.NewBatch()
	b.Update(document.NewDocument(wipeID))
	if err := t.adv.Batch(b); err != nil {
		return wrap("wipe", err)
	}
	if err := s.ForceMerge(ctx, nil); err != nil {
		return wrap("wipe", err)
	}
	if err := t.adv.Delete(wipeID); err != nil {
		return wrap("wipe", err)
	}
	awaitGone(ctx, old)
	return nil
}

// awaitGone waits until bleve, which gives files up in its own time, has removed those that a wipe replaced: a program that ended
// before would leave them. One that a long search still reads goes when that ends, or when the index is next opened.
func awaitGone(ctx context.Context, files []string) {
	for range 150 {
		files = slices.DeleteFunc(files, func(p string) bool {
			_, err := os.Stat(p)
			return errors.Is(err, fs.ErrNotExist)
		})
		if len(files) == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// wipeID is the id of the empty document of wipe; no report has it, because theirs begin with ~ or are 22 characters long.
const wipeID = "wipe"

// document makes the fields of a record. Where rights are reserved, only title, names and quotes are searched.
func (t *textIndex) document(rec *intel.Record) *document.Document {
	text := rec.Text
	if rec.Report.RightsReserved {
		text = quotes(rec)
	}
	d := document.NewDocument(docID(rec.Report.ID))
	add := func(name, value string) {
		if value != "" {
			d.AddField(document.NewTextFieldCustom(name, nil, []byte(value), bleveindex.IndexField|bleveindex.IncludeTermVectors, t.analyzer))
		}
	}
	add(fieldTitle, rec.Report.Title)
	add(fieldText, text)
	add(fieldNames, recordNames(rec))
	return d
}

func quotes(rec *intel.Record) string {
	var parts []string
	for _, c := range rec.Claims {
		if c.RecordedTo.IsZero() {
			parts = appendNew(parts, c.Quote)
		}
	}
	return strings.Join(parts, "\n")
}

// recordNames are the names that were read in a record, each once, kept apart by a sign that no phrase crosses.
func recordNames(rec *intel.Record) string {
	var parts []string
	add := func(s string) {
		if s != "" {
			parts = appendNew(parts, s)
		}
	}
	for _, l := range [][]intel.Mention{rec.Actors, rec.Software, rec.CVEs, rec.Techniques} {
		for _, n := range l {
			add(n.Name)
			add(n.ID)
		}
	}
	for _, c := range rec.Claims {
		if c.RecordedTo.IsZero() {
			add(c.Actor.Name)
			add(c.Victim.Name)
			for _, a := range c.Victim.Aliases {
				add(a)
			}
		}
	}
	return strings.Join(parts, "\n")
}

// docID is a short form of a report's id.
func docID(id string) string {
	if len(id) == 36 {
		if b, err := hex.DecodeString(strings.ReplaceAll(id, "-", "")); err == nil && len(b) == 16 && uuidText(b) == id {
			return base64.RawURLEncoding.EncodeToString(b)
		}
	}
	return "~" + id
}

// reportIDOf undoes docID.
func reportIDOf(doc string) string {
	if rest, ok := strings.CutPrefix(doc, "~"); ok {
		return rest
	}
	b, err := base64.RawURLEncoding.DecodeString(doc)
	if err != nil || len(b) != 16 {
		return doc
	}
	return uuidText(b)
}

func uuidText(b []byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// textHit is a document with its score.
type textHit struct {
	ord   uint32
	score float64
}

// find runs q and gives every hit. ordinal maps a report id to its ordinal.
func (t *textIndex) find(ctx context.Context, q query.Query, scored bool, ordinal func(ids []string) []uint32) ([]textHit, error) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if t.closed {
		return nil, errClosed
	}
	reader, err := t.adv.Reader()
	if err != nil {
		return nil, wrap("read", err)
	}
	defer func() { _ = reader.Close() }()
	o := search.SearcherOptions{}
	if !scored {
		o.Score = "none"
	}
	s, err := q.Searcher(ctx, reader, t.mapping, o)
	if err != nil {
		return nil, wrap("search", err)
	}
	defer func() { _ = s.Close() }()
	sctx := &search.SearchContext{DocumentMatchPool: search.NewDocumentMatchPool(s.DocumentMatchPoolSize()+1, 0), IndexReader: reader}
	var nums []uint64
	var hits []textHit
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		d, err := s.Next(sctx)
		if err != nil {
			return nil, wrap("search", err)
		}
		if d == nil {
			break
		}
		nums = append(nums, d.IndexInternalID.Value())
		hits = append(hits, textHit{score: d.Score})
		sctx.DocumentMatchPool.Put(d)
	}
	return t.ids.resolve(reader, nums, hits, ordinal)
}

// idCache remembers which report each document of one snapshot is: to ask bleve costs a hundred times as much.
type idCache struct {
	mu     sync.Mutex
	reader bleveindex.IndexReader
	ords   []uint32
}

func (c *idCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reader, c.ords = nil, nil
}

// resolve fills in the ordinals of hits; those of unknown documents are dropped.
func (c *idCache) resolve(r bleveindex.IndexReader, nums []uint64, hits []textHit, ordinal func([]string) []uint32) ([]textHit, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reader != r {
		c.reader, c.ords = r, c.ords[:0]
	}
	var missing []uint64
	var ids []string
	for _, n := range nums {
		if n >= uint64(len(c.ords)) {
			c.ords = append(c.ords, make([]uint32, int(n)+1-len(c.ords))...) //nolint:gosec // a document number
		}
		if c.ords[n] != 0 {
			continue
		}
		id, err := r.ExternalID(bleveindex.NewIndexInternalID(nil, n))
		if err != nil {
			return nil, wrap("document id", err)
		}
		missing, ids = append(missing, n), append(ids, reportIDOf(id))
	}
	if len(ids) > 0 {
		for i, ord := range ordinal(ids) {
			c.ords[missing[i]] = ord + 1
		}
	}
	out := hits[:0]
	for i, n := range nums {
		if ord := c.ords[n]; ord != 0 {
			hits[i].ord = ord - 1
			out = append(out, hits[i])
		}
	}
	return out, nil
}
