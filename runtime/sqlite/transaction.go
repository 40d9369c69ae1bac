package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/covetsql/covetsql/runtime"
	"github.com/covetsql/covetsql/runtime/cache"
	"github.com/covetsql/covetsql/runtime/dbsql"
	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/tx"
)

// Tx is a transaction, or a savepoint in one. It is used by one goroutine at a time.
type Tx struct {
	db   *DB
	core *runtime.Tx[*Conn]
}

// Core is the engine-neutral transaction.
func (t *Tx) Core() *runtime.Tx[*Conn] { return t.core }

// Call begins a query in the transaction.
func (t *Tx) Call(ctx context.Context, q *plan.Query, sql string) *Call {
	ctx, w := t.db.core.Watch(ctx, q)
	conn, err := t.core.Conn()
	if err != nil {
		return &Call{db: t.db, q: q, ctx: ctx, err: err, watch: w}
	}
	t.core.Runs(q)
	c := conn.call(ctx, q, sql)
	c.db, c.tx, c.watch = t.db, t, w
	return c
}

// InTx runs fn in a savepoint: (*runtime.Tx).InTx.
func (t *Tx) InTx(ctx context.Context, o tx.Options, fn func(*Tx) error) error {
	return t.core.InTx(ctx, o, func(s *runtime.Tx[*Conn]) error { return fn(&Tx{db: t.db, core: s}) })
}

// Begin sets a savepoint that is in the caller's hands.
func (t *Tx) Begin(ctx context.Context) (*Tx, error) {
	s, err := t.core.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &Tx{db: t.db, core: s}, nil
}

// Commit ends the transaction, or the savepoint, and what it did stays.
func (t *Tx) Commit(ctx context.Context) error { return t.core.Commit(ctx) }

// Rollback takes it back. After the end it does nothing.
func (t *Tx) Rollback(ctx context.Context) error { return t.core.Rollback(ctx) }

// AfterCommit has fn run once the transaction is committed.
func (t *Tx) AfterCommit(fn func()) { t.core.AfterCommit(fn) }

// AfterRollback has fn run once the transaction, or the savepoint, was taken back.
func (t *Tx) AfterRollback(fn func()) { t.core.AfterRollback(fn) }

// Cache is none: a transaction sees what it wrote itself.
func (t *Tx) Cache() *cache.Cache { return nil }

// handle is the way of database/sql in the transaction, for a statement.
func (t *Tx) handle(query string) (*sql.DB, error) {
	conn, err := t.core.Conn()
	if err != nil {
		return nil, err
	}
	t.core.Runs(plan.Find(query))
	conn.mu.Lock()
	defer conn.mu.Unlock()
	if err := conn.checkOpen(); err != nil {
		return nil, err
	}
	if conn.std == nil {
		l := dbsql.Lease{Conn: conn.h.driver, Lock: &conn.mu, Rows: &conn.rows, Put: func(err error) {
			conn.mu.Lock()
			defer conn.mu.Unlock()
			conn.note(err)
		}}
		of := conn.generation
		conn.std = dbsql.New(func(context.Context, string) (dbsql.Lease, error) {
			conn.mu.Lock()
			defer conn.mu.Unlock()
			if conn.generation != of {
				return dbsql.Lease{}, tx.ErrDone
			}
			return l, conn.checkOpen()
		}, nil)
	}
	return conn.std, nil
}

// ExecContext runs a statement by the way of database/sql.
func (t *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	db, err := t.handle(query)
	if err != nil {
		return nil, err
	}
	r, err := db.ExecContext(ctx, query, args...)
	if err != nil {
		t.core.Failed(err)
	}
	return r, err
}

// PrepareContext prepares a statement by the way of database/sql. It is good until the transaction ends.
func (t *Tx) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	db, err := t.handle(query)
	if err != nil {
		return nil, err
	}
	return db.PrepareContext(ctx, query)
}

// QueryContext runs a query by the way of database/sql.
func (t *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	db, err := t.handle(query)
	if err != nil {
		return nil, err
	}
	r, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		t.core.Failed(err)
	}
	return r, err
}

// QueryRowContext runs a query for one row by the way of database/sql.
func (t *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	db, err := t.handle(query)
	if err != nil {
		return dbsql.FailedRow(err)
	}
	r := db.QueryRowContext(ctx, query, args...)
	if err := r.Err(); err != nil {
		t.core.Failed(err)
	}
	return r
}

// What a connection does for transactions.

// Begin begins a transaction. Every one is serializable, whatever is asked for.
func (c *Conn) Begin(ctx context.Context, o tx.Options) error {
	if o.Deferrable {
		return tx.Refused("SQLite", "deferrable", "its read-only transactions wait for nobody anyhow; leave the option out")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	begin := "BEGIN IMMEDIATE"
	if o.ReadOnly {
		begin = "BEGIN"
		if !c.reader {
			if _, err := c.exec(ctx, "PRAGMA query_only=ON"); err != nil {
				return err
			}
			c.readsOnly = true
		}
	}
	if _, err := c.exec(ctx, begin); err != nil {
		c.finish()
		return err
	}
	c.inTx = true
	return nil
}

// Commit commits.
func (c *Conn) Commit(ctx context.Context) error {
	c.letGo()
	if c.autocommit() {
		err := c.lost
		if err == nil {
			err = errEnded
		}
		c.finish()
		return fmt.Errorf("%w: %w", tx.ErrRolledBack, err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := c.exec(ctx, "COMMIT")
	if err == nil {
		c.finish()
		return nil
	}
	f := Fault(err)
	if !c.autocommit() {
		f.Outcome = fault.NotDone // it is open still
	} else { // SQLite ended it by itself: the connection is not in it any more
		c.finish()
		c.broken = c.broken || f.Gone
	}
	return &fault.Error{Fault: f, Err: err}
}

// Rollback takes the transaction back.
func (c *Conn) Rollback(ctx context.Context) error {
	c.letGo()
	defer c.finish()
	if c.autocommit() {
		return nil // SQLite did by itself
	}
	_, err := c.exec(context.WithoutCancel(ctx), "ROLLBACK")
	return err
}

// finish forgets the transaction.
func (c *Conn) finish() {
	if c.readsOnly {
		if _, err := c.exec(context.Background(), "PRAGMA query_only=OFF"); err != nil {
			c.broken = true
		}
		c.readsOnly = false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inTx, c.lost = false, nil
}

func (c *Conn) autocommit() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed || c.h.autocommit()
}

// Savepoint sets the savepoint of a depth.
func (c *Conn) Savepoint(ctx context.Context, depth int) error {
	return c.within(ctx, fmt.Sprintf("SAVEPOINT covetsql_%d", depth))
}

// Release ends a savepoint, and what was done in it stays.
func (c *Conn) Release(ctx context.Context, depth int) error {
	return c.within(ctx, fmt.Sprintf("RELEASE covetsql_%d", depth))
}

// RollbackTo takes back what was done since a savepoint.
func (c *Conn) RollbackTo(ctx context.Context, depth int) error {
	return c.within(ctx, fmt.Sprintf("ROLLBACK TO covetsql_%d", depth))
}

// within runs a statement of the runtime's in the transaction.
func (c *Conn) within(ctx context.Context, query string) error {
	c.mu.Lock()
	err := c.checkOpen()
	c.mu.Unlock()
	if err != nil {
		return err
	}
	_, err = c.exec(ctx, query)
	return err
}

// CommitTable makes the table that tx.Options.Token needs. What is older than anybody may ask for can be deleted from it.
const CommitTable = `CREATE TABLE IF NOT EXISTS covetsql_commit (
	token TEXT NOT NULL PRIMARY KEY,
	at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) WITHOUT ROWID`

// Mark notes a token in the transaction.
func (c *Conn) Mark(ctx context.Context, token string) error {
	_, err := c.execute(ctx, "INSERT INTO covetsql_commit (token) VALUES (?1) RETURNING 1", token)
	return err
}

// Marked tells whether a transaction with a token was committed. One writes at a time, so whoever had the token open has ended when
// this begins.
func (c *Conn) Marked(ctx context.Context, token string) (bool, error) {
	if err := c.Begin(ctx, tx.Options{}); err != nil {
		return false, err
	}
	known, err := c.execute(ctx, "SELECT count(*) FROM covetsql_commit WHERE token = ?1", token)
	if e := c.Rollback(ctx); err == nil {
		err = e
	}
	return known == "1", err
}

// Gone tells that the connection can't be given out again. A transaction that a statement began is taken back.
func (c *Conn) Gone() bool {
	c.mu.Lock()
	closed, open := c.closed, !c.closed && !c.inTx && !c.h.autocommit()
	c.mu.Unlock()
	if open {
		if _, err := c.exec(context.Background(), "ROLLBACK"); err != nil {
			c.broken = true
		}
	}
	return closed || c.broken
}
