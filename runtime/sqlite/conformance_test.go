package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/covetsql/covetsql/runtime/conformance"
	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/sqlite"
	"github.com/covetsql/covetsql/runtime/tx"
)

type handle interface {
	sqlite.Direct
	ordinary
}

// suited is a handle as the conformance suite wants it.
type suited struct{ handle }

func (s suited) call(ctx context.Context, q *plan.Query, args []any) *sqlite.Call {
	c := s.Call(ctx, q, q.SQL)
	for _, a := range args {
		c.Arg(a)
	}
	return c
}

func (s suited) Exec(ctx context.Context, q *plan.Query, args ...any) error {
	c := s.call(ctx, q, args)
	c.Exec()
	return c.End()
}

func (s suited) Int(ctx context.Context, q *plan.Query, args ...any) (n int64, err error) {
	c := s.call(ctx, q, args)
	if c.One() {
		n = c.Int64()
	}
	return n, c.End()
}

func (s suited) Each(ctx context.Context, q *plan.Query, fn func(int64) bool) error {
	c := s.call(ctx, q, nil)
	for c.Next() {
		if n := c.Int64(); c.Failed() || !fn(n) {
			break
		}
	}
	return c.End()
}

func (s suited) ExecText(ctx context.Context, text string, args ...any) error {
	_, err := s.ExecContext(ctx, text, args...)
	return err
}

func (s suited) IntText(ctx context.Context, text string, args ...any) (n int64, err error) {
	err = s.QueryRowContext(ctx, text, args...).Scan(&n)
	return n, err
}

func (s suited) InTx(ctx context.Context, o tx.Options, fn func(conformance.Tx) error) error {
	return s.handle.InTx(ctx, o, func(t *sqlite.Tx) error { return fn(suitedTx{suited{t}, t}) })
}

type suitedTx struct {
	suited
	*sqlite.Tx
}

func (s suitedTx) Exec(ctx context.Context, q *plan.Query, args ...any) error {
	return s.suited.Exec(ctx, q, args...)
}
func (s suitedTx) InTx(ctx context.Context, o tx.Options, fn func(conformance.Tx) error) error {
	return s.suited.InTx(ctx, o, fn)
}

func (s suitedTx) Savepoint(ctx context.Context) (conformance.Tx, error) {
	t, err := s.Tx.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return suitedTx{suited{t}, t}, nil
}

type suitedDB struct {
	suited
	db *sqlite.DB
}

func (s suitedDB) Begin(ctx context.Context, o tx.Options) (conformance.Tx, error) {
	t, err := s.db.Begin(ctx, o)
	if err != nil {
		return nil, err
	}
	return suitedTx{suited{t}, t}, nil
}

func (s suitedDB) Fault(err error) fault.Fault                 { return s.db.Core().Fault(err) }
func (s suitedDB) Close(ctx context.Context) error             { return s.db.Close(ctx) }
func (s suitedDB) CreateCommitTable(ctx context.Context) error { return s.db.CreateCommitTable(ctx) }

func conform(t *testing.T, dsn func(t *testing.T) string) {
	levels := map[tx.Isolation]conformance.Level{}
	for l := tx.Default; l <= tx.Serializable; l++ {
		levels[l] = conformance.Level{} // serializable, whatever is asked for
	}
	conformance.Run(t, conformance.Target{
		Open: func(t *testing.T, o conformance.Options) conformance.DB {
			db, err := sqlite.Open(t.Context(), dsn(t), sqlite.Options{Readers: o.Max, Wait: o.Wait, Held: o.Held, Classes: o.Classes, Logger: o.Logger})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close(context.Background()) })
			if _, err := db.ExecContext(t.Context(), "CREATE TABLE item (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)"); err != nil {
				t.Fatal(err)
			}
			return suitedDB{suited{db}, db}
		},
		Arg:    func(int) string { return "?" },
		Sleep:  "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n < 100000000) SELECT count(*) FROM c",
		Levels: levels,
	})
}

func TestConformance(t *testing.T) {
	conform(t, func(t *testing.T) string { return filepath.Join(t.TempDir(), "c.db") })
}
