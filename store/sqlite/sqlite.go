// SPDX-License-Identifier: Apache-2.0

// Package sqlite is the embedded system of record: one file, write-ahead log, one writer connection and several readers. Every
// Save is one transaction with a savepoint an entry; what was acknowledged survives a kill at any moment without repair. It
// implements intel.Saver, intel.Journal, intel.Memory, intel.Feed, intel.Archive and intel.Past.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/pressly/goose/v3"
	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/rapsheet/rapsheet/intel"
)

//go:embed migrations/*.sql
var migrations embed.FS

// readers is how many connections read side by side.
const readers = 4

// pollEvery is how often Wait looks for what another process committed.
const pollEvery = time.Second

// Options say where the store is and what it depends on.
type Options struct {
	// Path is the database file; it is created when missing.
	Path string
	// Clock tells when something is recorded; NewID makes the ids of incidents and decisions. Both are needed.
	Clock func() time.Time
	NewID func() string
	// Demo says which kind of store this is, for life.
	Demo bool
	// Logger may be nil.
	Logger *slog.Logger
}

// Store is an open system of record. It is safe for use by many goroutines.
type Store struct {
	o      Options
	write  *sql.DB
	read   *sql.DB
	zip    *zstd.Encoder
	unzip  *zstd.Decoder
	mu     sync.Mutex // one writer: held for the length of a transaction
	kept   readings   // what the last batch read, true while keptAt is the head of the feed
	keptAt int64
	notify chan struct{}
	nmu    sync.Mutex
}

var (
	_ intel.Saver   = (*Store)(nil)
	_ intel.Journal = (*Store)(nil)
	_ intel.Memory  = (*Store)(nil)
	_ intel.Feed    = (*Store)(nil)
	_ intel.Archive = (*Store)(nil)
	_ intel.Past    = (*Store)(nil)
)

// Open opens or makes the store and brings its schema up to date. A database of the other kind (demo or real) gives
// intel.ErrDemo.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Path == "" || o.Clock == nil || o.NewID == nil {
		return nil, fmt.Errorf("store: open: Path, Clock and NewID are needed: %w", intel.ErrInvalid)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Store{o: o, notify: make(chan struct{})}
	if err := s.connect(); err != nil {
		return nil, fmt.Errorf("store: open %s: %w", o.Path, err)
	}
	err := s.migrate(ctx)
	if err == nil {
		err = s.claimKind(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("store: open %s: %w", o.Path, explain(err)), s.Close())
	}
	return s, nil
}

func (s *Store) dsn(extra string) string {
	return "file:" + (&url.URL{Path: s.o.Path}).EscapedPath() + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)" +
		"&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)" + extra
}

func (s *Store) connect() error {
	var err error
	if s.write, err = sql.Open("sqlite", s.dsn("&_txlock=immediate&_pragma=cache_size(-32768)&_pragma=temp_store(2)")); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = sql.Open("sqlite", s.dsn("&_txlock=deferred&_pragma=query_only(1)")); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	if s.zip, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)); err != nil {
		return err
	}
	s.unzip, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
	return err
}

func (s *Store) migrate(ctx context.Context) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.write, dir)
	if err != nil {
		return err
	}
	have, knows, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > knows {
		return fmt.Errorf("the database has schema version %d and this program knows versions up to %d, so a newer rapsheet wrote it: run that version or a later one, or restore a backup made before the upgrade: %w", have, knows, intel.ErrConflict)
	}
	_, err = p.Up(ctx)
	return err
}

// claimKind writes what kind of store this is, or checks it.
func (s *Store) claimKind(ctx context.Context) error {
	kind := "real"
	if s.o.Demo {
		kind = "demo"
	}
	if _, err := s.write.ExecContext(ctx, `INSERT INTO meta (key, value) VALUES ('kind', ?) ON CONFLICT DO NOTHING`, kind); err != nil {
		return err
	}
	var have string
	if err := s.write.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = 'kind'`).Scan(&have); err != nil {
		return err
	}
	if have != kind {
		return fmt.Errorf("this is a %s store: %w", have, intel.ErrDemo)
	}
	return nil
}

// Close gives the connections back.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.unzip != nil {
		s.unzip.Close()
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("store: close: %w", err)
	}
	return nil
}

// Check verifies the file's integrity and its foreign keys.
func (s *Store) Check(ctx context.Context) error {
	var word string
	if err := s.read.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&word); err != nil {
		return fmt.Errorf("store: check: %w", err)
	}
	if word != "ok" {
		return fmt.Errorf("store: check: %s: restore a backup", word)
	}
	rows, err := s.read.QueryContext(ctx, `PRAGMA foreign_key_check`)
	if err != nil {
		return fmt.Errorf("store: check: %w", err)
	}
	defer rows.Close() //nolint:errcheck // only read
	if rows.Next() {
		return errors.New("store: check: a foreign key is broken: restore a backup")
	}
	return rows.Err()
}

// Backup writes a copy of the store to a new file while it is in use. It has a connection of its own: neither the writer waits
// for it nor do the readers.
func (s *Store) Backup(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", s.dsn(""))
	if err != nil {
		return fmt.Errorf("store: backup to %s: %w", path, err)
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, path)
	if err := errors.Join(explain(err), db.Close()); err != nil {
		return fmt.Errorf("store: backup to %s: %w", path, err)
	}
	return nil
}

// BackupFile is Backup of a database that this process has not opened; another may be writing to it.
func BackupFile(ctx context.Context, db, path string) error {
	return (&Store{o: Options{Path: db}}).Backup(ctx, path)
}

// tx is one transaction of the writer.
type tx struct {
	statements
	s   *Store
	ctx context.Context //nolint:containedctx // a transaction lives as long as one call
	now time.Time
	// decided holds the subjects and objects of decisions in force; nil is not read yet. Most ids are in none.
	decided map[string]bool
	// told are the things whose change is in the feed already: all of a transaction is read at once.
	// tells are those that the entry being saved put there.
	told  map[[2]string]int64
	tells [][2]string
	// seq is the head of the feed; keeps says that what was read may be kept for the next batch.
	seq   int64
	keeps bool
	batch
}

// update runs f in one transaction and tells those who wait.
func (s *Store) update(ctx context.Context, f func(*tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	// The driver starts a goroutine for each statement that can be called off: here one look between statements does.
	calm := context.WithoutCancel(ctx)
	t, err := s.write.BeginTx(calm, nil)
	if err != nil {
		return explain(err)
	}
	change := &tx{statements: prepare(t, ctx.Err), s: s, ctx: calm, told: map[[2]string]int64{}, batch: newBatch()}
	err = change.clock()
	if err == nil {
		err = f(change)
	}
	if err != nil || change.keeps || change.seq != s.keptAt {
		s.kept = readings{} // written over, or perhaps no longer true; what a purge removes is in no memory either
	}
	if err != nil {
		_ = t.Rollback() // the cause matters; after some errors (a full disk) the database has rolled back by itself
		return explain(err)
	}
	if err := t.Commit(); err != nil {
		return explain(err)
	}
	if change.keeps {
		s.kept, s.keptAt = change.bounded(), change.seq
	}
	s.wake()
	return nil
}

// clock sets when the transaction is recorded. Recorded time never goes back, whatever the machine's clock does: a claim does not
// end before it began, and what was known at a moment stays what was known then.
func (t *tx) clock() error {
	t.now = t.s.o.Clock().UTC().Round(0)
	var last int64
	if err := t.one(`SELECT seq, at FROM changes ORDER BY seq DESC LIMIT 1`).Scan(&t.seq, &last); err != nil && !noRows(err) {
		return err
	}
	if behind := fromNano(last).Sub(t.now); last != 0 && behind > 0 {
		t.s.o.Logger.Warn("the clock is behind what was last recorded: recording with that time until it has caught up", "behind", behind.String(), "last", fromNano(last))
		t.now = fromNano(last)
	}
	return nil
}

func (s *Store) wake() {
	s.nmu.Lock()
	defer s.nmu.Unlock()
	close(s.notify)
	s.notify = make(chan struct{})
}

// explain says what to do about the errors a person can mend.
func explain(err error) error {
	var e *driver.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("the disk is full: free some space and try again; what was stored before is unharmed: %w", err)
	case sqlite3.SQLITE_IOERR:
		return fmt.Errorf("the disk could not be read or written: look whether it is full, over a quota or failing; what was stored before is unharmed: %w", err)
	case sqlite3.SQLITE_READONLY:
		return fmt.Errorf("the store may not be written: check the owner and the permissions of the data folder: %w", err)
	case sqlite3.SQLITE_BUSY:
		return fmt.Errorf("another process is writing to the store: try again when it has finished: %w", err)
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("the database file is damaged: restore a backup: %w", err)
	}
	return err
}

func (t *tx) exec(query string, args ...any) error {
	_, err := t.ExecContext(t.ctx, query, args...)
	return err
}

func (t *tx) one(query string, args ...any) *sql.Row { return t.QueryRowContext(t.ctx, query, args...) }

// strings reads one text column of many rows.
func (t *tx) strings(query string, args ...any) ([]string, error) {
	rows, err := t.QueryContext(t.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // only read
	var out []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// changed moves a thing to the end of the sequence.
func (t *tx) changed(what, id string) (int64, error) {
	if seq, ok := t.told[[2]string{what, id}]; ok {
		return seq, nil
	}
	res, err := t.ExecContext(t.ctx, `INSERT OR REPLACE INTO changes (what, id, at) VALUES (?, ?, ?)`, what, id, t.now.UnixNano())
	if err != nil {
		return 0, err
	}
	seq, err := res.LastInsertId()
	if err == nil {
		t.seq = seq
		t.told[[2]string{what, id}] = seq
		t.tells = append(t.tells, [2]string{what, id})
	}
	return seq, err
}

// untold takes a thing out of the feed.
func (t *tx) untold(what, id string) error {
	delete(t.told, [2]string{what, id})
	return t.exec(`DELETE FROM changes WHERE what = ? AND id = ?`, what, id)
}

// encode is JSON for a column.
func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// queryer is what both a transaction and a reader can do.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// bodies reads one JSON column of many rows.
func bodies[T any](ctx context.Context, q queryer, query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // only read
	var out []T
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			return nil, err
		}
		var v T
		if err := json.Unmarshal(b, &v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// body reads one JSON column of one row; no row is intel.ErrNotFound.
func body[T any](ctx context.Context, q queryer, query string, args ...any) (T, error) {
	var v T
	var b []byte
	err := q.QueryRowContext(ctx, query, args...).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return v, intel.ErrNotFound
	}
	if err != nil {
		return v, err
	}
	return decode[T](b)
}

// decode reads a JSON column.
func decode[T any](b []byte) (T, error) {
	var v T
	err := json.Unmarshal(b, &v)
	return v, err
}

// nano is a time column: 0 is unknown.
func nano(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func fromNano(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}
