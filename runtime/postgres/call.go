package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/pool"
	"github.com/covetsql/covetsql/runtime/tx"
)

// Call is a query that is called: its arguments in order, then One, Next or Exec, then the columns of each row in order, and at last End,
// once. It lives in its connection, so that after End it is another's. Errors are kept in it, the first one for End.
type Call struct {
	args // those given so far

	told

	db   *DB
	cn   *conn
	held *pool.Conn[*conn] // to be given back; nil in a transaction
	tx   *Tx
	ctx  context.Context
	sql  string
	st   *statement

	open     bool // from its start to End
	sent     bool
	executed bool // by Exec: pgx tells of a wrong count of arguments otherwise there
	one      bool
	x        exchange
	values   [][]byte // of Bind

	fields        []pgconn.FieldDescription
	kinds         []kind
	resultFormats []int16
	plans         []scan
	row           [][]byte
	column        int
	rows          int64
	tag           pgconn.CommandTag
	err           error
	panicked      any // in a Scanner or Valuer of the application
}

// keep is how large a buffer a connection keeps for the next call.
const keep = 64 << 10

// failed is a call that could not begin.
func failed(ctx context.Context, d *DB, t told, err error) *Call {
	return &Call{told: t, db: d, ctx: ctx, st: nothing, open: true, err: err}
}

func (c *Call) start(ctx context.Context, held *pool.Conn[*conn], t *Tx, is told, sql string) {
	if t != nil {
		held = nil
		c.cn, _ = t.core.Conn()
	} else {
		c.cn = held.C
	}
	c.db = c.cn.db
	c.told, c.held, c.tx, c.ctx, c.sql, c.st = is, held, t, ctx, sql, nothing
	c.open, c.sent, c.executed, c.one = true, false, false, false
	c.err = nil
	c.row, c.column, c.rows, c.tag = nil, 0, 0, pgconn.CommandTag{}
	c.fields, c.kinds, c.plans, c.resultFormats = nil, nil, nil, nil
	c.args.reset(c.cn.types, nil, nil, c.args.buffer)
	c.args.call = c
	if st := c.cn.statements.find(is.query, sql); st != nil {
		c.take(st)
	}
}

// take takes a statement for the arguments and the rows of the call.
func (c *Call) take(st *statement) {
	c.use(st)
	c.args.oids, c.args.kinds = st.description.ParamOIDs, st.params
}

func (c *Call) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// prepare has the server describe the statement where it has not, so that the arguments' types are known. A call without arguments of
// which nothing is to be read is never prepared.
func (c *Call) prepare() {
	if c.st != nothing || c.err != nil {
		return
	}
	cn := c.cn
	for try := 0; ; try++ {
		// What the server says against a statement is said in the transaction: it can't be committed after that.
		err := cn.flush(c.ctx)
		if err == nil {
			var st *statement
			if st, err = cn.statement(c.ctx, c.query, c.sql); err == nil {
				c.take(st)
				return
			}
		}
		if try > 0 || !cn.pc.IsClosed() || cn.inTx || c.ctx.Err() != nil || cn.redial(c.ctx) != nil {
			c.fail(err)
			return
		}
		c.args.types = cn.types
	}
}

func (c *Call) use(st *statement) {
	c.st = st
	c.fields, c.kinds, c.resultFormats, c.plans = st.fields, st.columns.kinds, st.columns.formats, st.plans
}

// send sends the call, and tells whether there is a row. Where the connection turns out to be dead, or the statement no longer fits
// the schema, and nothing was done, it is sent once more.
func (c *Call) send() bool {
	c.sent = true
	if c.cn != nil {
		c.prepare()
	}
	if c.err != nil {
		return false
	}
	if want := len(c.st.description.ParamOIDs); c.count != want {
		if c.executed {
			c.fail(errors.New("mismatched param and argument count"))
		} else {
			c.fail(fmt.Errorf("expected %d arguments, got %d", want, c.count))
		}
		return false
	}
	if c.wrong != nil {
		c.fail(c.wrong)
		return false
	}
	c.values = c.values[:0]
	for at := 0; at < len(c.buffer); {
		size := int32(binary.BigEndian.Uint32(c.buffer[at:]))
		at += 4
		if size < 0 {
			c.values = append(c.values, nil)
			continue
		}
		c.values = append(c.values, c.buffer[at:at+int(size):at+int(size)])
		at += int(size)
	}
	for try := 0; ; try++ {
		begins := c.cn.pending != ""
		err := c.x.send(c.ctx, c.cn, c.st, c.values, c.formats)
		if err == nil {
			c.row, err = c.x.next()
		}
		c.answer()
		switch {
		case err == nil && c.row == nil:
			return false
		case err == nil:
			c.described()
			if len(c.row) != len(c.kinds) {
				c.fail(fmt.Errorf("number of field descriptions must equal number of values, got %d and %d", len(c.kinds), len(c.row)))
				return false
			}
			return true
		case try > 0 || !c.again(err, begins):
			if c.cn.pending != "" { // and the transaction is not begun
				c.cn.spoilt = err
			}
			c.fail(err)
			return false
		}
	}
}

// described takes the columns as the server sent them where they are others than those of the statement: it has none but gives rows, as FETCH
// does, or it is described anew each time.
func (c *Call) described() {
	fields := c.x.fields
	if fields == nil {
		return
	}
	of := columnsOf(c.cn.types, fields)
	for i := range fields {
		if of.formats[i] != fields[i].Format {
			of.formats[i] = fields[i].Format
			if of.kinds[i] != kindText {
				of.kinds[i] = other
			}
		}
	}
	c.fields, c.kinds, c.resultFormats, c.plans = of.fields, of.kinds, of.formats, of.plans
}

// again tells whether the statement is to be sent once more after an error, and makes the connection ready for it. begins tells that the
// transaction was to begin with the statement.
func (c *Call) again(err error, begins bool) bool {
	cn := c.cn
	if c.ctx.Err() != nil || cn.inTx && !begins {
		return false
	}
	lost := cn.pc.IsClosed()
	switch {
	case lost && cn.inTx:
		// What was done in a transaction that is not committed is not done.
	case lost && (Fault(err).Outcome == fault.NotDone || c.query != nil && tx.Safe(c.query)):
	case !lost && !cn.inTx && (changed(err) || cn.pooled && code(err) == "08P01") && !opaque(c.query):
		// The server refused the statement before it ran.
		cn.discard(c.ctx, c.query, c.st)
	default:
		return false
	}
	if lost {
		begin := cn.begun
		if cn.redial(c.ctx) != nil {
			return false
		}
		c.args.types = cn.types
		if cn.inTx {
			cn.pending, cn.spoilt = begin, nil
		}
	}
	before := c.st
	if before == nothing {
		return true
	}
	st, failed := cn.statement(c.ctx, c.query, c.sql)
	if failed != nil || !slices.Equal(st.description.ParamOIDs, before.description.ParamOIDs) {
		return false // the arguments are encoded for other types
	}
	c.use(st)
	return true
}

// opaque tells of a query that may run others: a procedure that has committed half of its work may end with the error of a plan that has
// changed, and is not run again.
func opaque(q *plan.Query) bool {
	return q == nil || q.Kind != plan.Read && (len(q.Touches) == 0 || slices.Contains(q.Touches, "*"))
}

// One sends the call, and tells whether there is a row. Later rows are not read.
func (c *Call) One() bool {
	c.one = true
	if !c.send() {
		return false
	}
	c.rows = 1
	return true
}

// Next sends the call at first, and goes to the next row; it tells whether there is one.
func (c *Call) Next() bool {
	if !c.sent {
		if !c.send() {
			return false
		}
		c.rows = 1
		return true
	}
	c.endRow()
	if c.err != nil || !c.x.running {
		return false
	}
	var err error
	if c.row, err = c.x.next(); err != nil {
		c.fail(err)
	}
	if c.row == nil {
		return false
	}
	c.rows++
	return true
}

// endRow checks that a row was read with as many columns as it has.
func (c *Call) endRow() {
	if c.column != 0 && c.column != len(c.row) && c.row != nil {
		c.err = fmt.Errorf("number of field descriptions must equal number of destinations, got %d and %d", len(c.row), c.column)
	}
	c.column = 0
}

// Exec sends the call. Rows that it gives are not read.
func (c *Call) Exec() {
	c.executed = true
	if c.err == nil && c.count == 0 && c.st == nothing {
		c.plain()
		return
	}
	c.send()
	c.row = nil
	if err := c.x.rest(); err != nil {
		c.fail(err)
	}
	if c.err == nil {
		c.tag = pgconn.NewCommandTag(string(c.x.tag))
	}
}

// plain sends a statement without arguments as pgx does: its text alone, which may hold what can't be prepared.
func (c *Call) plain() {
	c.sent = true
	cn := c.cn
	err := cn.flush(c.ctx)
	for try := 0; err == nil; try++ {
		if c.tag, err = cn.simple(c.ctx, c.sql); err == nil {
			return
		}
		if try > 0 || cn.inTx || !cn.pc.IsClosed() || !c.again(err, false) {
			break
		}
		err = nil
	}
	c.fail(err)
}

// RowsAffected is how many rows the statement changed or gave, once it ended: after Exec.
func (c *Call) RowsAffected() int64 { return c.tag.RowsAffected() }

// LastInsertID is none on PostgreSQL: RETURNING gives it.
func (c *Call) LastInsertID() int64 { return 0 }

// Tag is the server's word for what was done: after Exec.
func (c *Call) Tag() pgconn.CommandTag { return c.tag }

// Failed tells whether something went wrong: End has the error.
func (c *Call) Failed() bool { return c.err != nil }

// caught keeps a panic of an application's Scanner or Valuer until End, which raises it again when the connection is back: nobody else would
// give it back.
func (c *Call) caught() {
	if p := recover(); p != nil {
		c.panicked = p
		c.fail(fmt.Errorf("covetsql: reading a column or writing an argument panicked: %v", p))
	}
}

// End ends the call: it reads what is left, gives the connection back, and gives the first error. It is called once.
func (c *Call) End() error {
	if !c.open {
		return c.err
	}
	c.open = false
	c.endRow()
	c.row = nil
	if err := c.x.rest(); err != nil {
		c.fail(err)
	}
	if c.one && c.rows == 0 && c.err == nil {
		c.err = pgx.ErrNoRows
	}
	err := c.err
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		if c.st != nothing && stale(err) {
			c.cn.discard(c.ctx, c.query, c.st)
		}
		if c.tx != nil {
			err = c.tx.failed(err)
		}
	}
	rows := c.rows
	if rows == 0 {
		rows = c.tag.RowsAffected()
	}
	panicked := c.panicked
	c.panicked = nil
	// From here on the call may be another's: what is told of it is copied.
	d, ctx, is := c.db, c.ctx, c.db.ended(c.told, rows, err, &c.args)
	if cn := c.cn; cn != nil {
		c.ctx, c.tx, c.span = nil, nil, nil
		if cap(c.buffer) > keep {
			c.buffer = nil
		}
		clear(c.values)
		cn.used = is.at
		if held := c.held; held != nil {
			c.held = nil
			held.Put(cn.Gone())
			d.core.Ran(is.query)
		}
	}
	d.tell(ctx, is)
	if panicked != nil {
		panic(panicked)
	}
	return err
}
