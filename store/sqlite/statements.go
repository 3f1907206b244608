package sqlite

import (
	"context"
	"database/sql"
)

// statements is a transaction that prepares each statement once: saving a batch or reading a page of the feed runs the same few
// hundreds of times.
type statements struct {
	*sql.Tx
	off      func() error // says that the caller called it off
	prepared map[string]*sql.Stmt
}

func prepare(t *sql.Tx, off func() error) statements {
	return statements{t, off, map[string]*sql.Stmt{}}
}

// stmt is a query prepared once for the transaction.
func (t statements) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if err := t.off(); err != nil {
		return nil, err
	}
	if p, ok := t.prepared[query]; ok {
		return p, nil
	}
	p, err := t.PrepareContext(ctx, query)
	if err == nil {
		t.prepared[query] = p
	}
	return p, err
}

// ExecContext runs a prepared statement.
func (t statements) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	p, err := t.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return p.ExecContext(ctx, args...)
}

// QueryContext runs a prepared query.
func (t statements) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	p, err := t.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return p.QueryContext(ctx, args...)
}

// QueryRowContext runs a prepared query for one row; a query that cannot be prepared says so when its row is read.
func (t statements) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	p, err := t.stmt(ctx, query)
	if err != nil {
		return t.Tx.QueryRowContext(ctx, query, args...)
	}
	return p.QueryRowContext(ctx, args...)
}
