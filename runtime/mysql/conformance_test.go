package mysql_test

import (
	"context"
	"testing"

	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/runtime/conformance"
	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/mysql"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/tx"
)

type handle interface {
	mysql.Direct
	ordinary
}

// suited is a handle as the conformance suite wants it.
type suited struct{ handle }

func (s suited) call(ctx context.Context, q *plan.Query, args []any) *mysql.Call {
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
	return s.handle.InTx(ctx, o, func(t *mysql.Tx) error { return fn(suitedTx{suited{t}, t}) })
}

type suitedTx struct {
	suited
	*mysql.Tx
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
	db *mysql.DB
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

// server gives a server of each kind, with the levels of isolation as it has them.
func servers(t *testing.T, run func(t *testing.T, s *testkit.Server)) {
	for name, get := range map[string]func(testing.TB) *testkit.Server{"MySQL": testkit.MySQL, "MariaDB": testkit.MariaDB} {
		t.Run(name, func(t *testing.T) { run(t, get(t)) })
	}
}

func TestConformance(t *testing.T) {
	servers(t, func(t *testing.T, s *testkit.Server) {
		all := []conformance.Anomaly{conformance.DirtyRead, conformance.NonRepeatable, conformance.LostUpdate, conformance.WriteSkew}
		repeatable := conformance.Level{Lets: all[2:]}
		conformance.Run(t, conformance.Target{
			Open: func(t *testing.T, o conformance.Options) conformance.DB {
				db, err := mysql.Open(t.Context(), s.DSN(s.NewDatabase(t)), mysql.Options{Max: o.Max, Wait: o.Wait, Held: o.Held, Classes: o.Classes, Logger: o.Logger})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = db.Close(context.Background()) })
				if _, err := db.ExecContext(t.Context(), "CREATE TABLE item (id BIGINT PRIMARY KEY, n BIGINT NOT NULL) ENGINE=InnoDB"); err != nil {
					t.Fatal(err)
				}
				return suitedDB{suited{db}, db}
			},
			Arg:   func(int) string { return "?" },
			Sleep: "SELECT SLEEP(10)",
			Levels: map[tx.Isolation]conformance.Level{
				tx.Default: repeatable, tx.ReadUncommitted: {Lets: all}, tx.ReadCommitted: {Lets: all[1:]}, tx.RepeatableRead: repeatable,
				tx.Snapshot: {Refused: true}, tx.Serializable: {},
			},
		})
	})
}
