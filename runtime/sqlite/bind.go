package sqlite

import (
	"database/sql/driver"
	"fmt"
	"math"
	"time"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	lib "modernc.org/sqlite/lib"
)

// arena is memory of SQLite's kind for the texts of arguments: they stay there as long as their statement runs.
type arena struct {
	ptr       uintptr
	used, cap int
}

// keepArena is how much of it is kept from one query to the next.
const keepArena = 64 << 10

func (a *arena) free(tls *libc.TLS) {
	if a.ptr != 0 {
		libc.Xfree(tls, a.ptr)
		*a = arena{}
	}
}

// room makes room for n bytes more and gives where they go; false: there is none.
func (a *arena) room(tls *libc.TLS, n int) ([]byte, bool) {
	if a.used+n > a.cap || a.ptr == 0 {
		want := max(a.used+n, 2*a.cap, 512)
		p := libc.Xrealloc(tls, a.ptr, types.Size_t(want))
		if p == 0 {
			return nil, false
		}
		a.ptr, a.cap = p, want
	}
	b := view(a.ptr+uintptr(a.used), n)
	a.used += n
	return b, true
}

// argument is an argument as SQLite takes it.
type argument struct {
	kind uint8
	name string
	// n is an integer, the bits of a real, or how many bytes a text or a blob has from an offset on.
	n      int64
	offset int
}

const (
	isNull uint8 = iota
	isInteger
	isReal
	isText
	isBlob
)

func (c *Call) integer(n int64) { c.args = append(c.args, argument{kind: isInteger, n: n}) }

func (c *Call) null() { c.args = append(c.args, argument{}) }

func (c *Call) text(kind uint8, n int) []byte {
	a := argument{kind: kind, n: int64(n), offset: c.arena.used}
	b, ok := c.arena.room(c.conn.h.tls, n)
	if !ok {
		c.fail(noMemory(n))
		return nil
	}
	c.args = append(c.args, a)
	return b
}

// Arguments are given in order, each by the method of its Go type.

// ArgBool gives a bool.
func (c *Call) ArgBool(v bool) {
	if c.conn == nil {
		return
	}
	if v {
		c.integer(1)
	} else {
		c.integer(0)
	}
}

// ArgInt16 gives an int16.
func (c *Call) ArgInt16(v int16) { c.ArgInt64(int64(v)) }

// ArgInt32 gives an int32.
func (c *Call) ArgInt32(v int32) { c.ArgInt64(int64(v)) }

// ArgInt64 gives an int64.
func (c *Call) ArgInt64(v int64) {
	if c.conn != nil {
		c.integer(v)
	}
}

// ArgFloat32 gives a float32.
func (c *Call) ArgFloat32(v float32) { c.ArgFloat64(float64(v)) }

// ArgFloat64 gives a float64.
func (c *Call) ArgFloat64(v float64) {
	if c.conn != nil {
		c.args = append(c.args, argument{kind: isReal, n: int64(math.Float64bits(v))})
	}
}

// ArgString gives a string.
func (c *Call) ArgString(v string) {
	if c.conn != nil {
		copy(c.text(isText, len(v)), v)
	}
}

// ArgBytes gives bytes; nil is NULL.
func (c *Call) ArgBytes(v []byte) {
	switch {
	case c.conn == nil:
	case v == nil:
		c.null()
	default:
		copy(c.text(isBlob, len(v)), v)
	}
}

// ArgTime gives a time, in the form that the DSN asks for.
func (c *Call) ArgTime(v time.Time) {
	if c.conn == nil {
		return
	}
	switch c.conn.h.integerTimeFormat {
	case "unix":
		c.integer(v.Unix())
	case "unix_milli":
		c.integer(v.UnixMilli())
	case "unix_micro":
		c.integer(v.UnixMicro())
	case "unix_nano":
		c.integer(v.UnixNano())
	default:
		c.ArgString(c.conn.h.formatTime(v))
	}
}

// value gives what database/sql made of an argument.
func (c *Call) value(v driver.Value) {
	switch v := v.(type) {
	case int64:
		c.ArgInt64(v)
	case float64:
		c.ArgFloat64(v)
	case bool:
		c.ArgBool(v)
	case []byte:
		c.ArgBytes(v)
	case string:
		c.ArgString(v)
	case time.Time:
		c.ArgTime(v)
	case nil:
		c.null()
	default:
		c.fail(fmt.Errorf("sqlite: invalid driver.Value type %T", v))
	}
}

// bind gives a statement its arguments.
func (c *Call) bind(s *statement) error {
	for i := range s.params {
		n := i
		if !s.inOrder {
			if n = c.find(&s.params[i]); n < 0 {
				return fmt.Errorf("missing named argument %q", s.params[i].name)
			}
		}
		if n >= len(c.args) {
			if name := s.params[i].name; name != "" {
				return fmt.Errorf("missing named argument %q", name)
			}
			return fmt.Errorf("missing argument with index %d", i+1)
		}
		if rc := c.bindOne(s, int32(i+1), &c.args[n]); rc != lib.SQLITE_OK {
			return s.h.error(rc)
		}
		s.bound = true
	}
	return nil
}

// find gives the argument of a parameter, or -1.
func (c *Call) find(p *param) int {
	if p.ordinal > 0 && p.ordinal <= len(c.args) {
		return p.ordinal - 1
	}
	if p.name == "" {
		return len(c.args)
	}
	for i := range c.args {
		if c.args[i].name == p.name {
			return i
		}
	}
	return -1
}

func (c *Call) bindOne(s *statement, i int32, a *argument) int32 {
	tls, at := s.h.tls, c.arena.ptr+uintptr(a.offset)
	switch a.kind {
	case isInteger:
		return lib.Xsqlite3_bind_int64(tls, s.ptr, i, a.n)
	case isReal:
		return lib.Xsqlite3_bind_double(tls, s.ptr, i, math.Float64frombits(uint64(a.n)))
	case isText:
		if a.n > math.MaxInt32 {
			return lib.SQLITE_TOOBIG
		}
		return lib.Xsqlite3_bind_text(tls, s.ptr, i, at, int32(a.n), 0)
	case isBlob:
		if a.n > math.MaxInt32 {
			return lib.SQLITE_TOOBIG
		}
		return lib.Xsqlite3_bind_blob(tls, s.ptr, i, at, int32(a.n), 0)
	}
	return lib.Xsqlite3_bind_null(tls, s.ptr, i)
}
