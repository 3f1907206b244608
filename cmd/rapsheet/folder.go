package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/rapsheet/rapsheet/crawler/evidence"
	"github.com/rapsheet/rapsheet/index"
	"github.com/rapsheet/rapsheet/intel"
	"github.com/rapsheet/rapsheet/store/sqlite"
)

// staleAfter is how long a source may be silent before coverage calls it stale.
const staleAfter = 48 * time.Hour

// storeFile is the system of record below the data folder.
const storeFile = "rapsheet.db"

// folder is an opened data folder: one process owns it at a time.
type folder struct {
	dir   string
	lock  *flock.Flock
	store *sqlite.Store
	// options are those the store was opened with.
	options sqlite.Options
	index   *index.Index
	now     func() time.Time
	// joining keeps two decisions from joining the catalogues at once.
	joining sync.Mutex
	// evidence keeps what pages looked like.
	evidence *evidence.Folder
}

// openFolder takes the folder's lock and opens the system of record. A folder is demo or real for life.
func (a *app) openFolder(ctx context.Context, demo bool) (*folder, error) {
	dir := a.cfg.Data
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open data folder %s: %w; choose another with --data", dir, err)
	}
	lock := flock.New(filepath.Join(dir, "lock"))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("open data folder %s: lock: %w", dir, err)
	}
	if !ok {
		return nil, owned(dir)
	}
	kept, err := a.openEvidence(dir)
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	o := a.storeOptions(demo)
	st, err := sqlite.Open(ctx, o)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open data folder %s: %w", dir, err), lock.Unlock())
	}
	f := &folder{dir: dir, lock: lock, store: st, options: o, evidence: kept, now: a.now}
	err = f.loadCatalogue(ctx)
	if err == nil {
		err = f.purgeRestored(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

// storeOptions open the store of the data folder.
func (a *app) storeOptions(demo bool) sqlite.Options {
	return sqlite.Options{Path: filepath.Join(a.cfg.Data, storeFile), Clock: a.now, NewID: a.newID, Demo: demo, Logger: a.logger()}
}

func (f *folder) today() intel.Date { return intel.DateOf(f.now()) }

// errOwned says that another process holds the folder's lock.
var errOwned = errors.New("another rapsheet owns this folder")

// owned says who owns a folder, and how to get on.
func owned(dir string) error {
	if at := ownerOf(dir); at != "" {
		return fmt.Errorf("open data folder %s: %w and serves it at %s: stop it, and run this again", dir, errOwned, at)
	}
	return fmt.Errorf("open data folder %s: %w and does not serve it (a crawl or an import): wait until it ends, and run this again", dir, errOwned)
}

// openIndex opens the index over the store and applies all there is.
func (f *folder) openIndex(ctx context.Context, a *app) error {
	o := index.Options{Dir: filepath.Join(f.dir, "index"), Feed: f.store, Archive: f.store, Past: f.store, Logger: a.logger(), StaleAfter: staleAfter, Now: a.now}
	if a.isDemo() {
		o.StaleAfter = 0 // the newsroom's clock stands still: its sources do not age
	}
	ix, err := index.Open(ctx, o)
	if err != nil {
		return fmt.Errorf("open index: %w", err)
	}
	f.index = ix
	if _, err := ix.CatchUp(ctx); err != nil {
		return fmt.Errorf("open index: %w", err)
	}
	return nil
}

// announce writes where the owner of the folder listens, so that other commands can ask it.
func (f *folder) announce(url string) error {
	return os.WriteFile(filepath.Join(f.dir, "server"), []byte(url+"\n"), 0o600)
}

// ownerOf is the address of the process that owns dir; empty when none announced itself.
func ownerOf(dir string) string {
	b, err := os.ReadFile(filepath.Join(dir, "server")) //nolint:gosec // below the data folder
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// close gives everything back, index first.
func (f *folder) close() error {
	var errs []error
	if f.index != nil {
		errs = append(errs, f.index.Close())
	}
	errs = append(errs, f.evidence.Close(), f.store.Close())
	if err := os.Remove(filepath.Join(f.dir, "server")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		errs = append(errs, err)
	}
	errs = append(errs, f.lock.Unlock())
	return errors.Join(errs...)
}
