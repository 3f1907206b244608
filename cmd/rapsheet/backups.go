package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/store/sqlite"
)

// backupsFile and purgedFile, below the data folder, name the backups made of it and the reports purged from it, one a line. They
// stand outside the store because they must outlive its being put back from a backup; an id says nothing of a report.
const (
	backupsFile = "backups"
	purgedFile  = "purged"
)

// linesOf reads a file of lines; one that is not there has none.
func linesOf(path string) ([]string, error) {
	f, err := os.Open(path) //nolint:gosec // below the data folder
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // only read
	var out []string
	in := bufio.NewScanner(f)
	for in.Scan() {
		if s := strings.TrimSpace(in.Text()); s != "" {
			out = append(out, s)
		}
	}
	return out, in.Err()
}

// addLine puts a line at the end of a file unless it is there.
func addLine(path, line string) error {
	have, err := linesOf(path)
	if err != nil || slices.Contains(have, line) {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600) //nolint:gosec // below the data folder
	if err != nil {
		return err
	}
	_, err = f.WriteString(line + "\n")
	return errors.Join(err, f.Sync(), f.Close())
}

// noteBackup remembers where a backup was written, so that purges reach it.
func noteBackup(dir, path string) error {
	whole, err := filepath.Abs(path)
	if err == nil {
		err = addLine(filepath.Join(dir, backupsFile), whole)
	}
	if err != nil {
		return fmt.Errorf("backup: it is written, but purges will not reach it: %w", err)
	}
	return nil
}

// missingBackups are the backups on record that are not where they were written.
func missingBackups(dir string) ([]string, error) {
	all, err := linesOf(filepath.Join(dir, backupsFile))
	if err != nil {
		return nil, fmt.Errorf("backups on record: %w", err)
	}
	return slices.DeleteFunc(all, func(p string) bool {
		_, err := os.Stat(p)
		return err == nil
	}), nil
}

// purgeBackups purges a report from every backup on record that is where it was written.
func (p purger) purgeBackups(ctx context.Context, d intel.Decision) error {
	if err := addLine(filepath.Join(p.dir, purgedFile), d.Subject); err != nil {
		return fmt.Errorf("purge: a store put back from a backup would not know of it: %w", err)
	}
	all, err := linesOf(filepath.Join(p.dir, backupsFile))
	if err != nil {
		return fmt.Errorf("purge: backups on record: %w", err)
	}
	var errs []error
	for _, path := range all {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			continue // moved or deleted: 'purge' and 'doctor' name it
		}
		if err := p.purgeBackup(ctx, path, d); err != nil {
			errs = append(errs, fmt.Errorf("purge: the report is gone from the store, but backup %s may still hold it: purge it again, or delete that file: %w", path, err))
		}
	}
	return errors.Join(errs...)
}

func (p purger) purgeBackup(ctx context.Context, path string, d intel.Decision) error {
	o := p.options
	o.Path = path
	s, err := sqlite.Open(ctx, o)
	if err != nil {
		return err
	}
	_, err = s.Decide(ctx, d)
	if errors.Is(err, intel.ErrNotFound) || errors.Is(err, intel.ErrPurged) {
		err = nil // made before the report came, or after it went
	}
	return errors.Join(err, s.Close())
}

// purgeRestored purges again what was purged from this folder, should its store have been put back from a backup that has it.
func (f *folder) purgeRestored(ctx context.Context) error {
	ids, err := linesOf(filepath.Join(f.dir, purgedFile))
	if err != nil {
		return fmt.Errorf("purged reports: %w", err)
	}
	for _, id := range ids {
		_, err := f.store.Record(ctx, id)
		if errors.Is(err, intel.ErrPurged) || errors.Is(err, intel.ErrNotFound) {
			continue
		}
		if err == nil {
			d := intel.Decision{Kind: intel.DecidePurge, Subject: id, By: "rapsheet", Reason: "it was purged from this folder before its store was put back from a backup"}
			_, err = f.saver().Decide(ctx, d)
		}
		if err != nil {
			return fmt.Errorf("purge anew %s: %w", id, err)
		}
	}
	return nil
}
