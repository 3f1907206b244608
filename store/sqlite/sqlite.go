// SPDX-License-Identifier: Apache-2.0

// Package sqlite is the embedded system of record: one file, write-ahead log, one writer connection and several readers. Every
// Save is one transaction with a savepoint an entry; what was acknowledged survives a kill at any moment without repair. It
// implements intel.Saver, intel.Journal, intel.Feed and intel.Archive.
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
	_ "modernc.org/sqlite" // the driver

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
	notify chan struct{}
	nmu    sync.Mutex
}

var (
	_ intel.Saver   = (*Store)(nil)
	_ intel.Journal = (*Store)(nil)
	_ intel.Feed    = (*Store)(nil)
	_ intel.Archive = (*Store)(nil)
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
	if err := errors.Join(s.migrate(ctx), s.claimKind(ctx)); err != nil {
		return nil, errors.Join(fmt.Errorf("store: open %s: %w", o.Path, err), s.Close())
	}
	return s, nil
}

func (s *Store) connect() error {
	dsn := func(extra string) string {
		return "file:" + (&url.URL{Path: s.o.Path}).EscapedPath() + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)" +
			"&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)" + extra
	}
	var err error
	if s.write, err = sql.Open("sqlite", dsn("&_txlock=immediate")); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = sql.Open("sqlite", dsn("&_txlock=deferred&_pragma=query_only(1)")); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(readers)
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

// Backup writes a copy of the store to a new file while it is in use.
func (s *Store) Backup(ctx context.Context, path string) error {
	if _, err := s.read.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		return fmt.Errorf("store: backup to %s: %w", path, err)
	}
	return nil
}

// tx is one transaction of the writer.
type tx struct {
	*sql.Tx
	s   *Store
	ctx context.Context //nolint:containedctx // a transaction lives as long as one call
	now time.Time
}

// update runs f in one transaction and tells those who wait.
func (s *Store) update(ctx context.Context, f func(*tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(&tx{t, s, ctx, s.o.Clock().UTC()}); err != nil {
		return errors.Join(err, t.Rollback())
	}
	if err := t.Commit(); err != nil {
		return err
	}
	s.wake()
	return nil
}

func (s *Store) wake() {
	s.nmu.Lock()
	defer s.nmu.Unlock()
	close(s.notify)
	s.notify = make(chan struct{})
}

func (t *tx) exec(query string, args ...any) error {
	_, err := t.ExecContext(t.ctx, query, args...)
	return err
}

// changed moves a thing to the end of the sequence.
func (t *tx) changed(what, id string) (int64, error) {
	if err := t.exec(`DELETE FROM changes WHERE what = ? AND id = ?`, what, id); err != nil {
		return 0, err
	}
	res, err := t.ExecContext(t.ctx, `INSERT INTO changes (what, id, at) VALUES (?, ?, ?)`, what, id, t.now.UnixNano())
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
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
	return v, json.Unmarshal(b, &v)
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
