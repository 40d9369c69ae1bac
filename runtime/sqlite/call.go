package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	lib "modernc.org/sqlite/lib"

	"github.com/covetsql/covetsql/runtime"
	"github.com/covetsql/covetsql/runtime/dbsql"
	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/pool"
	"github.com/covetsql/covetsql/runtime/tx"
)

// Call is a query on its way: its arguments are given in order, then it is run by One, Next or Exec, then the columns of each row are read
// in order, then it ends by End, once. Errors are kept in it: the first is what End gives. It belongs to one goroutine, and after End to
// nobody.
type Call struct {
	conn   *Conn // nil where none could be had, or after the end
	pooled *pool.Conn[*Conn]
	db     *DB
	tx     *Tx
	q      *plan.Query
	ctx    context.Context
	sql    string
	watch  runtime.Watch

	args  []argument
	arena arena

	st         *statement
	done       <-chan struct{}
	short      []byte // room for short texts
	err        error
	col        int   // columns read of the row
	rows       int64 // that were given, or changed
	changed    int64
	inserted   int64
	state      state
	generation uint64
	panicked   any // in a Scanner or Valuer of the application
}

type state uint8

const (
	asked state = iota // arguments are given
	onRow
	over // no more rows
	dead // its transaction ended before it
)

// call gives a call that is free.
func (c *Conn) call(ctx context.Context, q *plan.Query, sql string) *Call {
	c.mu.Lock()
	var call *Call
	if n := len(c.calls); n > 0 {
		call, c.calls = c.calls[n-1], c.calls[:n-1]
	}
	generation := c.generation
	c.mu.Unlock()
	if call == nil {
		call = &Call{}
	}
	call.generation = generation
	call.conn, call.q, call.ctx, call.sql = c, q, ctx, sql
	return call
}

// fail keeps the first error.
func (c *Call) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// run begins the statement and goes to its first row; all: to its end.
func (c *Call) run(all bool) (row bool) {
	if c.err != nil {
		c.state = over
		return false
	}
	conn := c.conn
	conn.mu.Lock()
	defer conn.mu.Unlock()
	row, err := c.begin(conn, all)
	conn.done = nil
	if c.state = over; row {
		c.state = onRow
	}
	if err != nil {
		c.broke(err)
		return false
	}
	return row
}

// broke keeps SQLite's error; where the context ended that is the error.
func (c *Call) broke(err error) {
	c.conn.note(err)
	if e := c.ctx.Err(); e != nil {
		err = e
	}
	c.fail(err)
}

func (c *Call) begin(conn *Conn, all bool) (row bool, err error) {
	switch {
	case c.state == dead:
		return false, nil
	case conn.closed:
		return false, errClosed
	case c.generation != conn.generation:
		return false, tx.ErrDone
	}
	if err := c.ctx.Err(); err != nil {
		return false, err
	}
	if err := conn.checkOpen(); err != nil {
		return false, err
	}
	s, err := conn.statement(c.q, c.sql)
	if err != nil {
		return false, err
	}
	c.st = s
	conn.running = append(conn.running, c)
	c.done = c.ctx.Done()
	conn.done, conn.since = c.done, time.Time{}
	for _, b := range s.before {
		if err := c.toEnd(b); err != nil {
			return false, err
		}
		if err := b.reset(); err != nil {
			return false, err
		}
	}
	if all {
		if err := c.toEnd(s); err != nil {
			return false, err
		}
		c.changed, c.inserted = int64(lib.Xsqlite3_changes(conn.h.tls, conn.h.db)), lib.Xsqlite3_last_insert_rowid(conn.h.tls, conn.h.db)
		c.rows = c.changed
		return false, nil
	}
	if err := c.bind(s); err != nil {
		return false, err
	}
	row, err = s.step()
	s.describe()
	return row, err
}

// toEnd runs a statement to its end.
func (c *Call) toEnd(s *statement) error {
	if err := c.bind(s); err != nil {
		return err
	}
	for {
		if row, err := s.step(); err != nil || !row {
			return err
		}
		if c.conn.ended() {
			return c.ctx.Err()
		}
	}
}

// One runs the query for its first row: is there one? Later rows are not read.
func (c *Call) One() bool {
	if c.run(false) {
		c.rows, c.col = 1, 0
		return true
	}
	c.fail(sql.ErrNoRows)
	return false
}

// Next goes to the next row; first it runs the query.
func (c *Call) Next() bool {
	switch c.state {
	case asked:
		if !c.run(false) {
			return false
		}
	case onRow:
		if c.rowEnd(); !c.more() {
			return false
		}
	default:
		return false
	}
	c.rows++
	c.col = 0
	return true
}

func (c *Call) more() bool {
	if c.err != nil {
		c.state = over
		return false
	}
	conn := c.conn
	conn.mu.Lock()
	defer conn.mu.Unlock()
	if c.state != onRow {
		return false
	}
	conn.done, conn.since = c.done, time.Time{}
	if conn.ended() {
		conn.done = nil
		c.state = over
		c.broke(c.ctx.Err())
		return false
	}
	row, err := c.st.step()
	conn.done = nil
	if err != nil {
		c.state = over
		c.broke(err)
		return false
	}
	if !row {
		c.state = over
	}
	return row
}

// Exec runs the query; rows that it gives are not read.
func (c *Call) Exec() { c.run(true) }

// RowsAffected is how many rows Exec inserted, updated or deleted.
func (c *Call) RowsAffected() int64 { return c.changed }

// LastInsertID is the rowid of the last row that the connection inserted.
func (c *Call) LastInsertID() int64 { return c.inserted }

// Result is both, as database/sql gives them.
func (c *Call) Result() sql.Result { return result{c.inserted, c.changed} }

type result struct{ id, rows int64 }

func (r result) LastInsertId() (int64, error) { return r.id, nil }
func (r result) RowsAffected() (int64, error) { return r.rows, nil }

// Failed tells that the query, or a column of the row that was just read, failed. End gives the error.
func (c *Call) Failed() bool {
	if c.state == onRow {
		c.rowEnd()
	}
	return c.err != nil
}

// rowEnd looks whether the row that was read has as many columns as were asked for.
func (c *Call) rowEnd() {
	if c.st != nil && c.state != dead && c.col != 0 && c.col != len(c.st.columns) && c.err == nil {
		c.fail(dbsql.CountError(len(c.st.columns), c.col))
	}
}

// caught keeps a panic of an application's Scanner or Valuer until End, which raises it again when the connection is back: nobody else would
// give it back.
func (c *Call) caught() {
	if p := recover(); p != nil {
		c.panicked = p
		c.fail(fmt.Errorf("covetsql: reading a column or writing an argument panicked: %v", p))
	}
}

// End ends the query, gives the connection back, and gives the error: the driver's own; sql.ErrNoRows where One found none.
func (c *Call) End() error {
	conn := c.conn
	if conn == nil {
		err := c.err
		c.told(err)
		return err
	}
	if c.state == onRow {
		c.rowEnd()
	}
	conn.mu.Lock()
	if c.state == dead {
		c.fail(c.err)
	} else if c.st != nil {
		if i := slices.Index(conn.running, c); i >= 0 {
			conn.running = slices.Delete(conn.running, i, i+1)
		}
		if err := conn.giveBack(c.st); err != nil && (c.err == nil || c.err == sql.ErrNoRows) {
			c.err = nil
			c.broke(err)
		}
		conn.note(c.err)
	}
	err, pooled, transaction, db, query := c.err, c.pooled, c.tx, c.db, c.q
	c.told(err)
	again := c.state != dead
	if c.arena.used = 0; c.arena.cap > keepArena || !again || conn.closed {
		c.arena.free(conn.h.tls)
	}
	panicked := c.panicked
	*c = Call{args: c.args[:0], arena: c.arena}
	if again && !conn.closed {
		conn.calls = append(conn.calls, c)
	}
	gone := conn.closed
	conn.mu.Unlock()
	if transaction != nil && err != nil {
		transaction.core.Failed(err)
	}
	if pooled != nil {
		pooled.Put(gone || conn.Gone())
		db.core.Ran(query)
	}
	if panicked != nil {
		panic(panicked)
	}
	return err
}

// told tells of the query.
func (c *Call) told(err error) {
	if c.db == nil {
		return
	}
	kind := fault.None
	if err != nil {
		kind = c.db.core.Fault(err).Kind
	}
	c.watch.End(c.ctx, c.rows, kind, err, c.given)
}

// given are the arguments as the log has them.
func (c *Call) given() []any {
	out := make([]any, len(c.args))
	for i, a := range c.args {
		out[i] = metrics.Argument{Type: [...]string{"null", "integer", "real", "text", "blob"}[a.kind], Length: -1}
		if a.kind == isText || a.kind == isBlob {
			out[i] = metrics.Argument{Type: [...]string{"null", "integer", "real", "text", "blob"}[a.kind], Length: int(a.n)}
		}
	}
	return out
}

// abandon ends a call whose transaction ended before it. The caller holds the lock.
func (c *Call) abandon(why error) {
	if c.st != nil {
		_ = c.conn.giveBack(c.st)
		c.st = nil
	}
	c.arena.free(c.conn.h.tls)
	c.state = dead
	c.fail(why)
}
