package mysql

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/covetsql/covetsql/runtime"
	kept "github.com/covetsql/covetsql/runtime/cache"
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
func (t *Tx) Cache() *kept.Cache { return nil }

// handle is the way of database/sql in the transaction.
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
		l := dbsql.Lease{Conn: conn.driver, Lock: &conn.mu, Rows: &conn.rows, Put: func(err error) {
			conn.mu.Lock()
			defer conn.mu.Unlock()
			_ = conn.note(err)
		}, Read: func(err error) {
			if f := Fault(err); slices.Contains(halfDone, f.Kind) && conn.half == nil {
				conn.half = err
			}
		}}
		of := conn.generation
		conn.std = dbsql.New(func(context.Context, string) (dbsql.Lease, error) {
			conn.mu.Lock()
			defer conn.mu.Unlock()
			if conn.generation != of {
				return dbsql.Lease{}, tx.ErrDone
			}
			if conn.running != nil || conn.rows.Any() {
				return dbsql.Lease{}, errBusy
			}
			return l, conn.checkOpen()
		}, conn.driver.CheckNamedValue)
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
	if err == nil {
		err = t.ended()
	}
	if err != nil {
		t.core.Failed(err)
	}
	return r, err
}

// ended tells of a transaction that the last statement ended.
func (t *Tx) ended() error {
	conn, err := t.core.Conn()
	if err != nil {
		return err
	}
	conn.mu.Lock()
	defer conn.mu.Unlock()
	return conn.checkOpen()
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

// levels are the levels of isolation that InnoDB has (MySQL manual 17.7.2.1).
var levels = map[tx.Isolation]string{
	tx.ReadUncommitted: "READ UNCOMMITTED", tx.ReadCommitted: "READ COMMITTED", tx.RepeatableRead: "REPEATABLE READ", tx.Serializable: "SERIALIZABLE",
}

// Begin begins a transaction.
func (c *Conn) Begin(ctx context.Context, o tx.Options) error {
	if o.Deferrable {
		return tx.Refused("MySQL", "deferrable", "a serializable one locks what it reads, and waits for nobody's snapshot; leave the option out")
	}
	if err := c.wake(ctx); err != nil {
		c.broken = true
		return err
	}
	if o.Isolation != tx.Default {
		level, ok := levels[o.Isolation]
		if !ok {
			return tx.Refused("MySQL", o.Isolation.String(), "under repeatable read it reads a snapshot, but its writes see what others committed since, so that updates are lost; ask for serializable, or for repeatable read and lock what you read (FOR UPDATE)")
		}
		if err := c.exec(ctx, "SET TRANSACTION ISOLATION LEVEL "+level); err != nil {
			return cutOff(err)
		}
	}
	begin := "START TRANSACTION"
	if o.ReadOnly {
		begin += " READ ONLY"
	}
	if err := c.exec(ctx, begin); err != nil {
		c.broken = true // the level waits for the next transaction
		return cutOff(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inTx, c.lost = true, nil
	return nil
}

// Commit commits.
func (c *Conn) Commit(ctx context.Context) error {
	c.letGo()
	if err := cmp.Or(c.lost, c.half); err != nil {
		if err == errImplicit {
			return &fault.Error{Fault: fault.Fault{Kind: fault.Aborted, Outcome: fault.NotDone},
				Err: fmt.Errorf("covetsql: there is no transaction to commit: %w; what was done before that is committed", err)}
		}
		_ = c.Rollback(ctx)
		return fmt.Errorf("%w: %w", tx.ErrRolledBack, err)
	}
	if err := ctx.Err(); err != nil {
		return &fault.Error{Fault: fault.Fault{Kind: fault.Canceled, Outcome: fault.NotDone}, Err: err}
	}
	err := c.exec(ctx, "COMMIT")
	if err == nil {
		c.finish()
	} else if Fault(err).Outcome != fault.NotDone {
		c.broken = true
	}
	return err
}

// Rollback takes the transaction back.
func (c *Conn) Rollback(ctx context.Context) error {
	c.letGo()
	defer c.finish()
	if c.lost != nil && c.lost == errImplicit {
		return nil
	}
	err := c.exec(ctx, "ROLLBACK")
	if err != nil {
		c.broken = true
	}
	return err
}

func (c *Conn) finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inTx, c.lost, c.half, c.used = false, nil, nil, time.Now()
}

// Savepoint sets the savepoint of a depth.
func (c *Conn) Savepoint(ctx context.Context, depth int) error {
	return c.within(ctx, fmt.Sprintf("SAVEPOINT covetsql_%d", depth))
}

// Release ends a savepoint, and what was done in it stays.
func (c *Conn) Release(ctx context.Context, depth int) error {
	return c.within(ctx, fmt.Sprintf("RELEASE SAVEPOINT covetsql_%d", depth))
}

// RollbackTo takes back what was done since a savepoint.
func (c *Conn) RollbackTo(ctx context.Context, depth int) error {
	return c.within(ctx, fmt.Sprintf("ROLLBACK TO SAVEPOINT covetsql_%d", depth))
}

// within runs a statement of the runtime's in the transaction.
func (c *Conn) within(ctx context.Context, query string) error {
	c.mu.Lock()
	err := c.checkOpen()
	if err == nil && (c.running != nil || c.rows.Any()) {
		err = errBusy
	}
	c.mu.Unlock()
	if err != nil {
		return err
	}
	return c.exec(ctx, query)
}

// CommitTable makes the table that tx.Options.Token needs. What is older than anybody may ask for can be deleted from it.
const CommitTable = `CREATE TABLE IF NOT EXISTS covetsql_commit (
	token VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
	at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
) ENGINE=InnoDB`

const mark = "INSERT INTO covetsql_commit (token) VALUES (?)"

// Mark notes a token in the transaction.
func (c *Conn) Mark(ctx context.Context, token string) error {
	return cutOff(c.change(ctx, mark, token))
}

// Marked tells whether a transaction with a token was committed. It writes the token itself, and takes that back: where another transaction
// has written it and is open still, the server lets this one wait until that has ended, so that it can't be committed afterwards.
func (c *Conn) Marked(ctx context.Context, token string) (bool, error) {
	if err := c.Begin(ctx, tx.Options{}); err != nil {
		return false, err
	}
	err := c.change(ctx, mark, token)
	known := Fault(err).Kind == fault.Unique
	if known {
		err = nil
	}
	if e := c.Rollback(ctx); err == nil {
		err = e
	}
	return known && err == nil, err
}
