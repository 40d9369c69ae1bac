package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	core "github.com/covetsql/covetsql/runtime"
	"github.com/covetsql/covetsql/runtime/cache"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/pool"
	"github.com/covetsql/covetsql/runtime/tx"
)

// DB is a database. It is safe for concurrent use.
type DB struct {
	core    *core.DB[*conn]
	pool    *pool.Pool[*conn]
	config  *pgx.ConnConfig
	options Options
	monitor core.Monitor
	pooled  bool
}

// Direct is what generated code asks of a handle beside the methods of every pgx handle: DB and Tx have it.
type Direct interface {
	Call(ctx context.Context, q *plan.Query, sql string) *Call
	Copy(ctx context.Context, q *plan.Query, table pgx.Identifier, columns []string) *Copy
	InTx(ctx context.Context, o tx.Options, fn func(*Tx) error) error
	// Cache keeps rows of the queries that ask for it; nil keeps none.
	Cache() *cache.Cache
}

var (
	_ Direct = (*DB)(nil)
	_ Direct = (*Tx)(nil)
)

// Close closes the database. It waits until all connections are back or ctx ends; then its error tells who has them still.
func (d *DB) Close(ctx context.Context) error { return d.core.Close(ctx) }

// Stats are the pool's numbers.
func (d *DB) Stats() pool.Stats { return d.pool.Stats() }

// Holders are those who have connections, who has one longest first.
func (d *DB) Holders() []pool.Holder { return d.pool.Holders() }

// Call begins a call of a query: its arguments follow, then One, Next or Exec, the columns, and End. sql is q.SQL, or a text that was put
// together for this call.
func (d *DB) Call(ctx context.Context, q *plan.Query, sql string) *Call {
	ctx, t := d.begin(ctx, q)
	held, err := d.core.Get(ctx, q)
	if err != nil {
		return failed(ctx, d, t, err)
	}
	t.connected()
	cn := held.C
	err = cn.wake(ctx, t.began) // before: what it has prepared may go with it
	c := &cn.call
	c.start(ctx, held, nil, t, sql)
	if err != nil {
		c.fail(err)
	}
	return c
}

// Copy begins a COPY of rows into a table: for each row its columns' arguments in order and EndRow, then End.
func (d *DB) Copy(ctx context.Context, q *plan.Query, table pgx.Identifier, columns []string) *Copy {
	ctx, t := d.begin(ctx, q)
	held, err := d.core.Get(ctx, q)
	if err != nil {
		return failedCopy(ctx, d, t, err)
	}
	t.connected()
	err = held.C.wake(ctx, t.began)
	c := newCopy(ctx, held.C, held, nil, t)
	if err != nil {
		c.err = err
		return c
	}
	c.describe(table, columns)
	return c
}

// Cache keeps rows of the queries that ask for it; nil keeps none.
func (d *DB) Cache() *cache.Cache { return d.core.Cache() }

// InTx runs fn in a transaction: see runtime.DB.InTx.
func (d *DB) InTx(ctx context.Context, o tx.Options, fn func(*Tx) error) error {
	return d.core.InTx(ctx, o, func(t *core.Tx[*conn]) error { return fn(&Tx{core: t, db: d}) })
}

// Begin begins a transaction that the caller ends by Commit or Rollback. InTx is safer.
func (d *DB) Begin(ctx context.Context, o tx.Options) (*Tx, error) {
	t, err := d.core.Begin(ctx, o)
	if err != nil {
		return nil, err
	}
	return &Tx{core: t, db: d}, nil
}

// CreateCommitTable makes the table of tokens, where it is not there.
func (d *DB) CreateCommitTable(ctx context.Context) error {
	if _, err := d.Exec(ctx, CommitTable); err != nil {
		return fmt.Errorf("covetsql: the table of transactions' tokens is not made: %w", err)
	}
	return nil
}
