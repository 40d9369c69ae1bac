package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/covetsql/covetsql/runtime"
	"github.com/covetsql/covetsql/runtime/dbsql"
	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/pool"
	"github.com/covetsql/covetsql/runtime/tx"
)

// Call is a query on its way: its arguments are given in order, then it is run by One, Next or Exec, then the columns of each row are read
// in order, then it ends by End, once. Errors are kept in it: the first is what End gives. It belongs to one goroutine, and after End to
// nobody.
type Call struct {
	conn   *Conn // nil where none could be had
	pooled *pool.Conn[*Conn]
	db     *DB
	tx     *Tx
	q      *plan.Query
	ctx    context.Context
	sql    string
	watch  runtime.Watch

	args []driver.NamedValue

	open       driver.Rows
	stop       func() bool // the guard of the context
	columns    int
	row        []driver.Value
	short      []byte // room for short texts
	result     driver.Result
	err        error
	col        int
	rows       int64
	state      state
	generation uint64
	panicked   any // in a Scanner or Valuer of the application
}

var errBusy = errors.New("covetsql: rows of another query are open on the transaction's connection: read them to their end first")

type state uint8

const (
	asked state = iota // arguments are given
	onRow
	over // no more rows
	dead // its transaction ended before it
)

func (c *Conn) call(ctx context.Context, q *plan.Query, sql string) *Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	var call *Call
	if n := len(c.calls); n > 0 {
		call, c.calls = c.calls[n-1], c.calls[:n-1]
	} else {
		call = &Call{}
	}
	call.conn, call.q, call.ctx, call.sql, call.generation = c, q, ctx, sql, c.generation
	return call
}

func (c *Call) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// mostTries is how often a query is sent at most: a server that was started again has closed all connections of the pool.
const mostTries = 3

// run sends the query; it gives whether there is a row.
func (c *Call) run(exec bool) bool {
	if c.state = over; c.err != nil {
		return false
	}
	for n := 1; ; n++ {
		row, err := c.once(exec)
		if err == nil {
			if row {
				c.state = onRow
			}
			return row
		}
		if n == mostTries || !c.again(err, n) {
			if c.tx != nil && !commits(c.q) {
				err = cutOff(err)
			}
			c.fail(err)
			return false
		}
	}
}

// again makes ready to send the query once more, where that is right: outside of a transaction, where nothing was done or nothing can be
// done twice.
func (c *Call) again(err error, n int) bool {
	if c.pooled == nil || c.ctx.Err() != nil {
		return false
	}
	f := Fault(err)
	switch {
	case f.Kind == fault.PlanChanged:
		c.conn.mu.Lock()
		defer c.conn.mu.Unlock()
		return c.conn.cache.forget(c.q, c.sql) == nil
	case f.Gone && (f.Outcome == fault.NotDone || c.q != nil && tx.Safe(c.q)):
		c.pooled.Put(true)
		c.pooled, c.conn = nil, nil
		if n > 1 {
			c.db.core.Topology().Primary.Drop()
		}
		pc, err := c.db.core.Get(c.ctx, c.q)
		if err != nil {
			c.fail(err)
			return false
		}
		c.pooled, c.conn, c.generation = pc, pc.C, pc.C.generation
		return true
	}
	return false
}

// once sends the query once.
func (c *Call) once(exec bool) (row bool, err error) {
	conn := c.conn
	if conn == nil {
		return false, c.err
	}
	conn.mu.Lock()
	defer conn.mu.Unlock()
	switch {
	case c.generation != conn.generation:
		return false, tx.ErrDone
	case conn.running != nil || conn.rows.Any():
		return false, errBusy
	}
	if err := conn.checkOpen(); err != nil {
		return false, err
	}
	if err := c.ctx.Err(); err != nil {
		return false, err
	}
	c.stop = conn.guard(c.ctx)
	defer func() {
		if c.open == nil {
			c.unguard()
		}
	}()
	s, err := conn.prepare(c.q, c.sql, c.args)
	if err != nil {
		return false, conn.note(c.ended(err))
	}
	if s != nil {
		if want := s.NumInput(); want >= 0 && want != len(c.args) {
			return false, fmt.Errorf("sql: expected %d arguments, got %d", want, len(c.args))
		}
	}
	if exec && s != nil && s.rows {
		return false, conn.note(c.ended(c.drain(s)))
	}
	if exec {
		if s == nil {
			c.result, err = conn.driver.ExecContext(context.Background(), c.sql, c.args)
		} else {
			c.result, err = s.ExecContext(context.Background(), c.args)
		}
		return false, conn.note(c.ended(err))
	}
	if s == nil {
		c.open, err = conn.driver.QueryContext(context.Background(), c.sql, c.args)
	} else {
		c.open, err = s.QueryContext(context.Background(), c.args)
	}
	if err != nil {
		c.open = nil
		return false, conn.note(c.ended(err))
	}
	conn.running = c
	c.columns = len(c.open.Columns())
	if cap(c.row) < c.columns {
		c.row = make([]driver.Value, c.columns)
	}
	c.row = c.row[:c.columns]
	return c.read()
}

// drain runs a statement that gives rows, and throws them away. Those of a statement that writes (RETURNING) are those that it wrote.
func (c *Call) drain(s *prepared) error {
	rows, err := s.QueryContext(context.Background(), c.args)
	if err != nil {
		return err
	}
	values, n := make([]driver.Value, len(rows.Columns())), int64(0)
	for err = rows.Next(values); err == nil; err = rows.Next(values) {
		n++
	}
	if err == io.EOF {
		err = nil
	}
	if e := rows.Close(); err == nil {
		err = e
	}
	if c.q == nil || c.q.Kind != plan.Write {
		n = 0
	}
	c.result = returned(n)
	return err
}

// returned is the result of a statement that was run for its rows.
type returned int64

func (r returned) LastInsertId() (int64, error) { return 0, nil }
func (r returned) RowsAffected() (int64, error) { return int64(r), nil }

// ended gives the context's error where it ended the query, as database/sql does.
func (c *Call) ended(err error) error {
	if err == nil {
		return nil
	}
	if e := c.ctx.Err(); e != nil && !errors.Is(err, e) && Fault(err).Gone {
		return e
	}
	return err
}

// read reads the next row. The caller holds the lock.
func (c *Call) read() (bool, error) {
	switch err := c.open.Next(c.row); err {
	case nil:
		return true, nil
	case io.EOF:
		return false, nil
	default:
		err = c.ended(err)
		_ = c.close()
		return false, c.conn.note(err)
	}
}

// close closes the rows: what was not read of them is read and thrown away. The caller holds the lock.
func (c *Call) close() error {
	if c.open == nil {
		return nil
	}
	err := c.open.Close()
	c.open = nil
	c.unguard()
	if c.conn.running == c {
		c.conn.running = nil
	}
	return err
}

// unguard ends the guard of the query.
func (c *Call) unguard() {
	c.conn.done(c.stop)
	c.stop = nil
}

// One runs the query for its first row: is there one? Later rows are not given.
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
	c.conn.mu.Lock()
	defer c.conn.mu.Unlock()
	if c.state != onRow {
		return false
	}
	c.state = over
	if err := c.ctx.Err(); err != nil {
		c.fail(err)
		return false
	}
	row, err := c.read()
	if err != nil {
		if c.tx != nil && !commits(c.q) {
			err = cutOff(err)
		}
		c.fail(err)
	}
	if row {
		c.state = onRow
	}
	return row
}

// Exec runs the query; rows that it gives are not read.
func (c *Call) Exec() {
	c.run(true)
	c.rows = c.RowsAffected()
}

// RowsAffected is how many rows Exec inserted, updated or deleted; an update counts rows that it changed, unless the DSN has
// clientFoundRows.
func (c *Call) RowsAffected() int64 {
	if c.result == nil {
		return 0
	}
	n, err := c.result.RowsAffected()
	if err != nil {
		c.fail(err)
	}
	return n
}

// LastInsertID is the value that AUTO_INCREMENT gave to the first row that Exec inserted.
func (c *Call) LastInsertID() int64 {
	if c.result == nil {
		return 0
	}
	n, err := c.result.LastInsertId()
	if err != nil {
		c.fail(err)
	}
	return n
}

// Result is both, as database/sql gives them.
func (c *Call) Result() sql.Result {
	if c.result == nil {
		return returned(0)
	}
	return c.result
}

// Failed tells that the query, or a column of the row that was just read, failed. End gives the error.
func (c *Call) Failed() bool {
	if c.state == onRow {
		c.rowEnd()
	}
	return c.err != nil
}

// rowEnd looks whether the row that was read has as many columns as were asked for.
func (c *Call) rowEnd() {
	if c.col != 0 && c.col != c.columns {
		c.fail(dbsql.CountError(c.columns, c.col))
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
	if c.state == onRow {
		c.rowEnd()
	}
	conn, pooled, transaction, db, query := c.conn, c.pooled, c.tx, c.db, c.q
	if conn == nil {
		c.told()
		return c.err
	}
	conn.mu.Lock()
	if c.state != dead {
		open := c.open != nil
		if err := c.close(); err != nil {
			if err = c.ended(err); c.err == nil || errors.Is(c.err, sql.ErrNoRows) {
				c.err = err
			}
		}
		if open && c.err == nil {
			c.err = conn.note(nil)
		}
	}
	if pooled != nil {
		conn.used = time.Now()
	}
	c.told()
	err := c.err
	reuse := c.state != dead
	clear(c.args)
	clear(c.row)
	panicked := c.panicked
	*c = Call{args: c.args[:0], row: c.row}
	if reuse {
		conn.calls = append(conn.calls, c)
	}
	conn.mu.Unlock()
	if transaction != nil && err != nil {
		transaction.core.Failed(err)
	}
	if pooled != nil {
		pooled.Put(conn.Gone())
		db.core.Ran(query)
	}
	if panicked != nil {
		panic(panicked)
	}
	return err
}

// told tells of the query.
func (c *Call) told() {
	if c.db == nil {
		return
	}
	kind := fault.None
	if c.err != nil {
		kind = c.db.core.Fault(c.err).Kind
	}
	c.watch.End(c.ctx, c.rows, kind, c.err, func() []any {
		out := make([]any, len(c.args))
		for i, a := range c.args {
			out[i] = a.Value
		}
		return out
	})
}

// abandon ends a call whose transaction ended before it. The caller holds the lock.
func (c *Call) abandon(why error) {
	_ = c.close()
	c.state = dead
	c.fail(why)
}
