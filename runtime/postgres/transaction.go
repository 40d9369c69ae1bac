package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	core "github.com/covetsql/covetsql/runtime"
	"github.com/covetsql/covetsql/runtime/cache"
	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/tx"
)

// Tx is a transaction, or a savepoint in one. It is used by one goroutine at a time.
type Tx struct {
	core *core.Tx[*conn]
	db   *DB
}

// errBusy is what pgx says of a connection whose rows are read still.
var errBusy = &fault.Error{Fault: fault.Fault{Kind: fault.Other, Outcome: fault.NotDone}, Err: errors.New("conn busy")}

// Commit commits; a savepoint's work becomes its transaction's.
func (t *Tx) Commit(ctx context.Context) error { return t.core.Commit(ctx) }

// Rollback takes back what was done. After the end it does nothing.
func (t *Tx) Rollback(ctx context.Context) error { return t.core.Rollback(ctx) }

// AfterCommit has fn run once the whole transaction is committed.
func (t *Tx) AfterCommit(fn func()) { t.core.AfterCommit(fn) }

// AfterRollback has fn run once the transaction, or the savepoint, was taken back.
func (t *Tx) AfterRollback(fn func()) { t.core.AfterRollback(fn) }

// InTx runs fn in a savepoint.
func (t *Tx) InTx(ctx context.Context, o tx.Options, fn func(*Tx) error) error {
	return t.core.InTx(ctx, o, func(s *core.Tx[*conn]) error { return fn(&Tx{core: s, db: t.db}) })
}

// Begin sets a savepoint. It ends by its own Commit or Rollback, before anything else is done in the transaction.
func (t *Tx) Begin(ctx context.Context) (*Tx, error) {
	s, err := t.core.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &Tx{core: s, db: t.db}, nil
}

// Cache is none: a transaction sees what it wrote itself.
func (t *Tx) Cache() *cache.Cache { return nil }

// Call begins a call of a query in the transaction, as DB.Call does.
func (t *Tx) Call(ctx context.Context, q *plan.Query, sql string) *Call {
	ctx, is := t.db.begin(ctx, q)
	cn, err := t.core.Conn()
	if err == nil && cn.call.open {
		err = errBusy
	}
	if err != nil {
		return failed(ctx, t.db, is, err)
	}
	is.got = is.began
	t.core.Runs(q)
	c := &cn.call
	c.start(ctx, nil, t, is, sql)
	return c
}

// Copy begins a COPY in the transaction, as DB.Copy does.
func (t *Tx) Copy(ctx context.Context, q *plan.Query, table pgx.Identifier, columns []string) *Copy {
	ctx, is := t.db.begin(ctx, q)
	cn, err := t.ordinary(ctx, q)
	if err != nil {
		return failedCopy(ctx, t.db, is, err)
	}
	is.got = is.began
	c := newCopy(ctx, cn, nil, t, is)
	c.describe(table, columns)
	return c
}

// ordinary is the connection for a statement that begins the transaction in a round trip of its own, where none came before.
func (t *Tx) ordinary(ctx context.Context, q *plan.Query) (*conn, error) {
	cn, err := t.core.Conn()
	if err != nil {
		return nil, err
	}
	if cn.call.open {
		return nil, errBusy
	}
	t.core.Runs(q)
	if err := cn.flush(ctx); err != nil {
		return nil, t.failed(err)
	}
	return cn, nil
}

// failed notes an error of a statement.
func (t *Tx) failed(err error) error {
	if err == nil {
		return nil
	}
	err = uncommitted(err)
	t.core.Failed(err)
	return err
}

// Exec is pgx's.
func (t *Tx) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	cn, err := t.ordinary(ctx, plan.Find(sql))
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	tag, err := cn.pg.Exec(ctx, sql, args...)
	return tag, t.failed(err)
}

// Query is pgx's.
func (t *Tx) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	cn, err := t.ordinary(ctx, plan.Find(sql))
	if err != nil {
		return noRows{err: err}, err
	}
	r, err := cn.pg.Query(ctx, sql, args...)
	return r, t.failed(err)
}

// QueryRow is pgx's.
func (t *Tx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	cn, err := t.ordinary(ctx, plan.Find(sql))
	if err != nil {
		return noRows{err: err}
	}
	return cn.pg.QueryRow(ctx, sql, args...)
}

// SendBatch is pgx's.
func (t *Tx) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	cn, err := t.ordinary(ctx, nil)
	if err != nil {
		return pgx.FailedBatchResults(b, err)
	}
	return cn.pg.SendBatch(ctx, b)
}

// CopyFrom is pgx's.
func (t *Tx) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error) {
	cn, err := t.ordinary(ctx, nil)
	if err != nil {
		return 0, err
	}
	n, err := cn.pg.CopyFrom(ctx, table, columns, rows)
	return n, t.failed(err)
}
