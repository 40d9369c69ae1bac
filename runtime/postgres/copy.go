package postgres

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/covetsql/covetsql/runtime/pool"
)

// Copy is a COPY of rows into a table: for each row its columns' arguments in order and EndRow, at last End, once. Rows are encoded as they
// come, into one buffer that is sent when it is full.
type Copy struct {
	args

	told

	db   *DB
	cn   *conn
	held *pool.Conn[*conn]
	tx   *Tx
	ctx  context.Context
	st   *statement // what describes the columns
	sql  string
	err  error // why there is nothing to be sent to

	start  int // of the row that is being encoded
	stream *stream
}

// header begins a binary COPY: the signature, no flags, no extension. Source: manual, COPY, "Binary Format".
const header = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"

// full is from which size on a buffer is sent: pgconn sends messages of up to 64 KiB.
const full = 63 << 10

func failedCopy(ctx context.Context, d *DB, t told, err error) *Copy {
	return &Copy{told: t, db: d, ctx: ctx, err: err, args: args{copying: true}}
}

func newCopy(ctx context.Context, cn *conn, held *pool.Conn[*conn], t *Tx, is told) *Copy {
	return &Copy{told: is, db: cn.db, cn: cn, held: held, tx: t, ctx: ctx, args: args{copying: true, types: cn.types}}
}

// describe asks for the columns' types, once a connection.
func (c *Copy) describe(table pgx.Identifier, columns []string) {
	var names strings.Builder
	for i, name := range columns {
		if i > 0 {
			names.WriteString(", ")
		}
		names.WriteString(pgx.Identifier{name}.Sanitize())
	}
	st, err := c.cn.statement(c.ctx, nil, "select "+names.String()+" from "+table.Sanitize())
	if err != nil {
		c.err = fmt.Errorf("statement description failed: %w", err)
		return
	}
	c.st, c.sql = st, "copy "+table.Sanitize()+" ( "+names.String()+" ) from stdin binary;"
	c.types, c.oids, c.kinds = c.cn.types, make([]uint32, len(st.fields)), make([]kind, len(st.fields))
	for i, f := range st.fields {
		c.oids[i], c.kinds[i] = f.DataTypeOID, kindOf(c.types, f.DataTypeOID)
	}
	if c.cn.copyBuffer == nil {
		c.cn.copyBuffer = make([]byte, 0, full+8<<10)
	}
	c.buffer, c.cn.copyBuffer = append(c.cn.copyBuffer[:0], header...), nil
	c.row()
}

// row begins a row.
func (c *Copy) row() {
	c.start, c.count = len(c.buffer), 0
	c.buffer = binary.BigEndian.AppendUint16(c.buffer, uint16(len(c.kinds)))
}

// EndRow ends a row.
func (c *Copy) EndRow() {
	if c.err != nil || c.wrong != nil {
		return
	}
	if c.count != len(c.kinds) {
		c.wrong = fmt.Errorf("expected %d values, got %d values", len(c.kinds), c.count)
		return
	}
	if len(c.buffer) >= full {
		if c.stream == nil {
			c.stream = open(c)
		}
		c.buffer = c.stream.swap(c.buffer)
	}
	c.row()
}

// End sends what is left and gives how many rows were copied. Where an argument or a row was wrong, none is.
func (c *Copy) End() (int64, error) {
	var tag pgconn.CommandTag
	err := c.err
	if err == nil {
		c.buffer = c.buffer[:c.start] // without the row that was begun
		rest := &rest{data: c.buffer, wrong: c.wrong}
		if c.stream == nil {
			tag, err = c.cn.pc.CopyFrom(c.ctx, rest, c.sql)
		} else {
			tag, err = c.stream.end(rest)
		}
		c.cn.copyBuffer = c.buffer
	}
	if err != nil {
		if c.st != nil {
			c.cn.discard(c.ctx, nil, c.st)
		}
		if c.tx != nil {
			err = c.tx.failed(err)
		}
	}
	is := c.db.ended(c.told, tag.RowsAffected(), err, nil)
	if held := c.held; held != nil {
		c.cn.used = is.at
		c.held = nil
		held.Put(c.cn.Gone())
		c.db.core.Ran(c.query)
	}
	c.db.tell(c.ctx, is)
	return tag.RowsAffected(), err
}

// rest reads what was encoded, and ends by the error that made a row wrong.
type rest struct {
	data  []byte
	wrong error
}

func (r *rest) Read(p []byte) (int, error) {
	switch {
	case r.wrong != nil:
		return 0, r.wrong
	case len(r.data) == 0:
		return 0, io.EOF
	}
	n := copy(p, r.data)
	r.data = r.data[n:]
	return n, nil
}

// stream sends buffers while the next one is filled.
type stream struct {
	full  chan []byte // to be sent
	empty chan []byte // sent
	last  chan *rest
	done  chan struct{} // the COPY is over
	now   []byte
	part  []byte // of now, not sent yet
	rest  *rest
	tag   pgconn.CommandTag
	err   error
}

func open(c *Copy) *stream {
	s := &stream{full: make(chan []byte), empty: make(chan []byte, 2), last: make(chan *rest, 1), done: make(chan struct{})}
	s.empty <- make([]byte, 0, cap(c.buffer))
	go func() {
		s.tag, s.err = c.cn.pc.CopyFrom(c.ctx, s, c.sql)
		close(s.done)
	}()
	return s
}

// swap gives a full buffer away for an empty one. Where the COPY is over already, what comes goes nowhere, until End tells why.
func (s *stream) swap(b []byte) []byte {
	select {
	case s.full <- b:
		select {
		case e := <-s.empty:
			return e[:0]
		case <-s.done:
			return make([]byte, 0, cap(b))
		}
	case <-s.done:
		return b[:0]
	}
}

// Read implements io.Reader for pgconn.
func (s *stream) Read(p []byte) (int, error) {
	if s.rest != nil {
		return s.rest.Read(p)
	}
	if len(s.part) == 0 {
		if s.now != nil {
			s.empty <- s.now
			s.now = nil
		}
		select {
		case s.now = <-s.full:
			s.part = s.now
		case s.rest = <-s.last:
			return s.rest.Read(p)
		}
	}
	n := copy(p, s.part)
	s.part = s.part[n:]
	return n, nil
}

// end sends the last buffer and waits for the server's answer.
func (s *stream) end(r *rest) (pgconn.CommandTag, error) {
	s.last <- r
	<-s.done
	return s.tag, s.err
}
