package evidence

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Purge takes every record of a report out of every file and reports how many there were. The old bytes are overwritten before
// they are given back to the disk.
func (f *Folder) Purge(reportID string) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all, indexes, err := f.all()
	if err == nil {
		match, urls := belongsTo(all, reportID), addressesOf(all, reportID)
		for url := range urls {
			delete(f.last, key(url))
		}
		// Lists that do not name the report any more, or never did, may tell it all the same.
		listed := map[string]bool{}
		for i := range all {
			if all[i].Reports != nil && all[i].of(reportID) {
				listed[all[i].URL] = true
			}
		}
		unwanted := func(e Entry) bool { return match(e) || listed[e.URL] }
		var n int
		n, err = f.drop(indexes, all, unwanted)
		if err == nil {
			return n, nil
		}
	}
	return 0, fmt.Errorf("evidence: purge %s: some of its records may still be kept: try again: %w", reportID, err)
}

// Expire drops what was last seen longer ago than the folder's days, and reports how many records there were.
func (f *Folder) Expire() (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.expire()
	if err != nil {
		return n, fmt.Errorf("evidence: expire: %w", err)
	}
	return n, nil
}

func (f *Folder) expire() (int, error) {
	all, indexes, err := f.all()
	if err != nil {
		return 0, err
	}
	before := f.o.Clock().AddDate(0, 0, -f.o.Days)
	// A record stays as long as a revisit that is kept refers to it.
	needed := map[string]time.Time{}
	for _, e := range all {
		if k := e.URL + " " + e.Digest; e.At.After(needed[k]) {
			needed[k] = e.At
		}
	}
	return f.drop(indexes, all, func(e Entry) bool {
		if e.Type == "response" {
			return needed[e.URL+" "+e.Digest].Before(before)
		}
		return e.At.Before(before)
	})
}

// all reads every index. The current file is ended first: what is dropped from it must not be written to again.
func (f *Folder) all() (all []Entry, indexes []string, err error) {
	if err := f.end(); err != nil {
		return nil, nil, err
	}
	f.ready = false
	if indexes, err = f.indexes(); err != nil {
		return nil, nil, err
	}
	for _, name := range indexes {
		entries, err := f.entries(name)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, entries...)
	}
	return all, indexes, nil
}

func (f *Folder) drop(indexes []string, all []Entry, unwanted func(Entry) bool) (int, error) {
	n := 0
	for _, name := range indexes {
		var kept, gone []Entry
		for _, e := range all {
			switch {
			case e.index != name:
			case unwanted(e):
				gone = append(gone, e)
			default:
				kept = append(kept, e)
			}
		}
		if len(gone) == 0 {
			continue
		}
		n += len(gone)
		if err := f.rewrite(name, gone[0].File, min(gone[0].Offset, firstOf(kept, gone[0].Offset)), kept); err != nil {
			return n, err
		}
	}
	return n, nil
}

func firstOf(kept []Entry, otherwise int64) int64 {
	if len(kept) == 0 {
		return otherwise
	}
	return kept[0].Offset
}

// rewrite puts the entries kept into a new file. gzip members stand alone, so their bytes are copied as they are. The new index
// is renamed over the old one, which is when the new file counts: a kill before or after leaves a file that no index names, and
// such files are swept before the next write.
func (f *Folder) rewrite(index, name string, head int64, kept []Entry) error {
	path, indexPath := filepath.Join(f.o.Dir, name), filepath.Join(f.o.Dir, index)
	old, err := os.OpenFile(path, os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	oldIndex, err := os.OpenFile(indexPath, os.O_RDWR, 0o600)
	if err != nil {
		return errors.Join(err, old.Close())
	}
	if len(kept) == 0 {
		return errors.Join(os.Remove(indexPath), wipe(old), wipe(oldIndex), os.Remove(path))
	}
	fresh := nextName(name)
	var lines strings.Builder
	err = copyTo(filepath.Join(f.o.Dir, fresh), fresh, old, head, kept, &lines)
	if err == nil {
		err = os.WriteFile(indexPath+".part", []byte(lines.String()), 0o600)
	}
	if err == nil {
		err = os.Rename(indexPath+".part", indexPath)
	}
	if err != nil {
		return errors.Join(err, old.Close(), oldIndex.Close())
	}
	return errors.Join(wipe(old), wipe(oldIndex), os.Remove(path))
}

// nextName counts the rewritings of a file: rapsheet-DAY-TIME-00001.warc.gz, then rapsheet-DAY-TIME-00001-2.warc.gz.
func nextName(name string) string {
	base := strings.TrimSuffix(name, ".warc.gz")
	parts := strings.Split(base, "-")
	n := 1
	if len(parts) > 4 {
		if have, err := strconv.Atoi(parts[4]); err == nil {
			n = have
		}
		base = strings.Join(parts[:4], "-")
	}
	return fmt.Sprintf("%s-%d.warc.gz", base, n+1)
}

// copyTo writes the first record (warcinfo) and the entries kept, with their new places into index.
func copyTo(path, name string, old *os.File, head int64, kept []Entry, index *strings.Builder) (err error) {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Sync(), out.Close()) }()
	at, err := io.Copy(out, io.NewSectionReader(old, 0, head))
	if err != nil {
		return err
	}
	for _, e := range kept {
		n, err := io.Copy(out, io.NewSectionReader(old, e.Offset, e.Length))
		if err != nil || n != e.Length {
			return errors.Join(fmt.Errorf("%s breaks off at %d", e.File, e.Offset+n), err)
		}
		e.File, e.Offset = name, at
		at += n
		index.WriteString(e.line())
	}
	return nil
}

// wipe overwrites a file that has no name any more, so that what it held is nowhere.
func wipe(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	zero := make([]byte, 64<<10)
	for at := int64(0); at < info.Size() && err == nil; at += int64(len(zero)) {
		_, err = f.WriteAt(zero[:min(int64(len(zero)), info.Size()-at)], at)
	}
	return errors.Join(err, f.Sync(), f.Close())
}
