package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rapsheet/rapsheet/crawler/warc"
	"github.com/rapsheet/rapsheet/intel"
)

// Entry is one line of an index: an answer, with its request after it.
type Entry struct {
	URL string `json:"url"`
	// Asked is the address that redirected to URL, if any did.
	Asked  string `json:"asked,omitempty"`
	Report string `json:"report,omitempty"`
	// Reports are those that stand in a list.
	Reports []string `json:"reports,omitempty"`
	Source  string   `json:"source,omitempty"`
	// Type is response or revisit.
	Type   string    `json:"type"`
	At     time.Time `json:"at"`
	Status int       `json:"status,omitempty"`
	Mime   string    `json:"mime,omitempty"`
	// Digest is that of the payload as received.
	Digest string `json:"digest"`
	Offset int64  `json:"offset"`
	Length int64  `json:"length"`
	// File is the WARC file below the folder.
	File string `json:"filename"`

	index string
}

// id is the record's UUID: made of what is unique about it, so that a revisit can name its referent.
func (e Entry) id(kind string) string {
	return intel.UUIDv5("warc", kind, e.URL, e.At.UTC().Format(time.RFC3339Nano))
}

// line is the entry in CDXJ: sort key, timestamp, the rest.
func (e Entry) line() string {
	b, err := json.Marshal(e)
	if err != nil {
		return ""
	}
	return sortKey(e.URL) + " " + e.At.UTC().Format("20060102150405") + " " + string(b) + "\n"
}

// sortKey writes an address so that pages of one site sort together: com,example)/path.
func sortKey(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return strings.ReplaceAll(address, " ", "%20")
	}
	labels := strings.Split(strings.ToLower(u.Hostname()), ".")
	slices.Reverse(labels)
	port := ""
	if p := u.Port(); p != "" {
		port = ":" + p
	}
	return strings.Join(labels, ",") + port + ")" + strings.ReplaceAll(u.RequestURI(), " ", "%20")
}

// indexes are the names of the index files, oldest first. Each names the one WARC file it belongs to.
func (f *Folder) indexes() ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(f.o.Dir, "rapsheet-*.cdxj"))
	if err != nil {
		return nil, err
	}
	names := make([]string, len(paths))
	for i, p := range paths {
		names[i] = filepath.Base(p)
	}
	slices.Sort(names)
	return names, nil
}

// entries reads an index in the order it was written. A line that is torn is left out.
func (f *Folder) entries(name string) ([]Entry, error) {
	b, err := os.ReadFile(filepath.Join(f.o.Dir, name))
	if err != nil {
		return nil, err
	}
	var out []Entry
	for line := range bytes.Lines(b) {
		i := bytes.IndexByte(line, '{')
		var e Entry
		if i < 0 || line[len(line)-1] != '\n' || json.Unmarshal(line[i:], &e) != nil || e.File != filepath.Base(e.File) {
			continue
		}
		e.index = name
		out = append(out, e)
	}
	return out, nil
}

// Find gives the entries of a report, oldest first. A revisit after a 304 belongs to the report of its address.
func (f *Folder) Find(reportID string) ([]Entry, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	indexes, err := f.indexes()
	if err != nil {
		return nil, fmt.Errorf("evidence: find %s: %w", reportID, err)
	}
	var all []Entry
	for _, name := range indexes {
		entries, err := f.entries(name)
		if err != nil {
			return nil, fmt.Errorf("evidence: find %s: %w", reportID, err)
		}
		all = append(all, entries...)
	}
	match := belongsTo(all, reportID)
	out := slices.DeleteFunc(all, func(e Entry) bool { return !match(e) })
	slices.SortStableFunc(out, func(a, b Entry) int { return a.At.Compare(b.At) })
	return out, nil
}

// of reports whether an entry names a report.
func (e Entry) of(reportID string) bool {
	return e.Report == reportID || slices.Contains(e.Reports, reportID)
}

// belongsTo tells which entries are of a report: those that say so, and revisits without a report at an address of one.
func belongsTo(all []Entry, reportID string) func(Entry) bool {
	urls := addressesOf(all, reportID)
	return func(e Entry) bool { return e.of(reportID) || e.Report == "" && e.Reports == nil && urls[e.URL] }
}

func addressesOf(all []Entry, reportID string) map[string]bool {
	urls := map[string]bool{}
	for _, e := range all {
		if e.of(reportID) {
			urls[e.URL] = true
		}
	}
	return urls
}

// Raw gives the bytes of an entry's records as they stand in the file: themselves a WARC file.
func (f *Folder) Raw(e Entry) ([]byte, error) {
	file, err := os.Open(filepath.Join(f.o.Dir, filepath.Base(e.File)))
	if err != nil {
		return nil, fmt.Errorf("evidence: %s: %w", e.URL, err)
	}
	b := make([]byte, min(e.Length, 64<<20))
	_, err = io.ReadFull(io.NewSectionReader(file, e.Offset, e.Length), b)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("evidence: %s in %s: %w", e.URL, e.File, err)
	}
	return b, nil
}

// Response gives the answer that an entry stands for, head and body as received: for a revisit the head it came with then, and
// the body of the record it refers to. entries are those Find gave.
func (f *Folder) Response(entries []Entry, e Entry) ([]byte, error) {
	rec, err := f.record(e)
	if err != nil || e.Type != "revisit" {
		return rec.Block, err
	}
	for _, first := range slices.Backward(entries) {
		if first.Type == "response" && first.URL == e.URL && first.Digest == e.Digest && !first.At.After(e.At) {
			whole, err := f.record(first)
			if err != nil {
				return nil, err
			}
			return append(rec.Block, whole.Payload()...), nil
		}
	}
	return nil, fmt.Errorf("evidence: %s: the record of its bytes is no longer kept: %w", e.URL, intel.ErrNotFound)
}

func (f *Folder) record(e Entry) (warc.Record, error) {
	raw, err := f.Raw(e)
	if err != nil {
		return warc.Record{}, err
	}
	rec, err := warc.Read(bytes.NewReader(raw))
	if err != nil {
		return rec, fmt.Errorf("evidence: %s in %s: %w", e.URL, e.File, err)
	}
	return rec, nil
}

// status is the number in a status line.
func status(head []byte) int {
	fields := bytes.Fields(head[:min(len(head), 64)])
	if len(fields) < 2 {
		return 0
	}
	n, err := strconv.Atoi(string(fields[1]))
	if err != nil {
		return 0
	}
	return n
}

func parseDigest(s string) (sum [sha256.Size]byte, ok bool) {
	b, err := hex.DecodeString(strings.TrimPrefix(s, "sha256:"))
	if err != nil || len(b) != sha256.Size {
		return sum, false
	}
	return [sha256.Size]byte(b), true
}

func digestText(sum [sha256.Size]byte) string { return "sha256:" + hex.EncodeToString(sum[:]) }
