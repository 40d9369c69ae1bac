package postgres_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/conformance"
	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/postgres"
	"github.com/covetsql/covetsql/runtime/tx"
)

type handle interface {
	postgres.Direct
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// suited is a handle as the conformance suite wants it.
type suited struct{ h handle }

func (s suited) call(ctx context.Context, q *plan.Query, args []any) *postgres.Call {
	c := s.h.Call(ctx, q, q.SQL)
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
	_, err := s.h.Exec(ctx, text, args...)
	return err
}

func (s suited) IntText(ctx context.Context, text string, args ...any) (n int64, err error) {
	err = s.h.QueryRow(ctx, text, args...).Scan(&n)
	return n, err
}

func (s suited) InTx(ctx context.Context, o tx.Options, fn func(conformance.Tx) error) error {
	return s.h.InTx(ctx, o, func(t *postgres.Tx) error { return fn(suitedTx{suited{t}, t}) })
}

type suitedTx struct {
	suited
	t *postgres.Tx
}

func (s suitedTx) Commit(ctx context.Context) error   { return s.t.Commit(ctx) }
func (s suitedTx) Rollback(ctx context.Context) error { return s.t.Rollback(ctx) }
func (s suitedTx) AfterCommit(fn func())              { s.t.AfterCommit(fn) }
func (s suitedTx) AfterRollback(fn func())            { s.t.AfterRollback(fn) }
func (s suitedTx) Savepoint(ctx context.Context) (conformance.Tx, error) {
	t, err := s.t.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return suitedTx{suited{t}, t}, nil
}

type suitedDB struct {
	suited
	db *postgres.DB
}

func (s suitedDB) Begin(ctx context.Context, o tx.Options) (conformance.Tx, error) {
	t, err := s.db.Begin(ctx, o)
	if err != nil {
		return nil, err
	}
	return suitedTx{suited{t}, t}, nil
}

func (s suitedDB) Fault(err error) fault.Fault                 { return postgres.Fault(err) }
func (s suitedDB) Close(ctx context.Context) error             { return s.db.Close(ctx) }
func (s suitedDB) CreateCommitTable(ctx context.Context) error { return s.db.CreateCommitTable(ctx) }

// Levels are those of the manual, 13.2: what is asked for as read uncommitted is read committed, and repeatable read is a snapshot.
func conform(t *testing.T, pooled bool) {
	t.Parallel()
	committed := conformance.Level{Lets: []conformance.Anomaly{conformance.NonRepeatable, conformance.LostUpdate, conformance.WriteSkew}}
	snapshot := conformance.Level{Lets: []conformance.Anomaly{conformance.WriteSkew}}
	s := testkit.PostgreSQL(t)
	conformance.Run(t, conformance.Target{
		Open: func(t *testing.T, o conformance.Options) conformance.DB {
			name := s.NewDatabase(t)
			s.Exec(t, name, "CREATE TABLE item (id integer PRIMARY KEY, n integer NOT NULL)")
			at := s
			if pooled {
				at = testkit.StartPgBouncer(t, s, 10)
			}
			db, err := postgres.Open(t.Context(), at.DSN(name), postgres.Options{Max: o.Max, Wait: o.Wait, Held: o.Held, Classes: o.Classes, Logger: o.Logger})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close(context.Background()) })
			return suitedDB{suited{db}, db}
		},
		Arg:   func(n int) string { return fmt.Sprintf("$%d", n) },
		Sleep: "SELECT 1 FROM pg_sleep(10)",
		Levels: map[tx.Isolation]conformance.Level{tx.Default: committed, tx.ReadUncommitted: committed, tx.ReadCommitted: committed, tx.RepeatableRead: snapshot, tx.Snapshot: snapshot,
			tx.Serializable: {}},
		Deferrable: true,
	})
}

func TestConformance(t *testing.T)          { conform(t, false) }
func TestConformanceByAPooler(t *testing.T) { conform(t, true) }
