package sqlite

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"math"
	"time"
	"unsafe"

	lib "modernc.org/sqlite/lib"

	"github.com/covetsql/covetsql/runtime/dbsql"
)

// The columns of the row, in order. Where the value's storage class fits the Go type it is taken as it is; everything else goes by the
// rules of database/sql.

// next goes to the next column: its index and its value. ok is false where there is none, or nothing is to be read any more.
func (c *Call) next() (i int, cell uintptr, ok bool) {
	i = c.col
	c.col++
	if c.state != onRow || c.st == nil || i >= len(c.st.columns) || c.err != nil {
		return i, 0, false
	}
	return i, c.st.cell(i), true
}

// plainInteger tells of an integer that the driver gives as an int64.
func (c *Call) plainInteger(i int, cell uintptr) bool {
	return c.st.class(cell) == lib.SQLITE_INTEGER && !(c.st.h.intToTime && c.st.columns[i].time)
}

// plainText tells of a text that the driver gives as a string.
func (c *Call) plainText(i int, cell uintptr) bool {
	col := &c.st.columns[i]
	return c.st.class(cell) == lib.SQLITE_TEXT && !col.time && !(col.untyped && c.st.h.textToTime)
}

// driverValue is the column's value as the driver gives it. Blobs may be unfolded in SQLite's memory for it.
func (c *Call) driverValue(i int) driver.Value {
	c.conn.mu.Lock()
	defer c.conn.mu.Unlock()
	if c.state != onRow {
		return nil
	}
	return c.st.value(i)
}

// convert gives the column by the rules of database/sql.
func convert[T any](c *Call, i int) T {
	v, err := dbsql.To[T](c.driverValue(i))
	if err != nil {
		var none T
		c.unfit(i, err)
		return none
	}
	return v
}

func (c *Call) unfit(i int, err error) { c.fail(dbsql.ScanError(i, c.st.name(i), err)) }

// Bool is the column as a bool.
func (c *Call) Bool() bool {
	i, cell, ok := c.next()
	if !ok {
		return false
	}
	if c.plainInteger(i, cell) {
		if v := lib.Xsqlite3_value_int64(c.st.h.tls, cell); v == 0 || v == 1 {
			return v == 1
		}
	}
	return convert[bool](c, i)
}

// Int16 is the column as an int16.
func (c *Call) Int16() int16 {
	i, cell, ok := c.next()
	if !ok {
		return 0
	}
	if c.plainInteger(i, cell) {
		if v := lib.Xsqlite3_value_int64(c.st.h.tls, cell); v == int64(int16(v)) {
			return int16(v)
		}
	}
	return convert[int16](c, i)
}

// Int32 is the column as an int32.
func (c *Call) Int32() int32 {
	i, cell, ok := c.next()
	if !ok {
		return 0
	}
	if c.plainInteger(i, cell) {
		if v := lib.Xsqlite3_value_int64(c.st.h.tls, cell); v == int64(int32(v)) {
			return int32(v)
		}
	}
	return convert[int32](c, i)
}

// Int64 is the column as an int64.
func (c *Call) Int64() int64 {
	i, cell, ok := c.next()
	if !ok {
		return 0
	}
	if c.plainInteger(i, cell) {
		return lib.Xsqlite3_value_int64(c.st.h.tls, cell)
	}
	return convert[int64](c, i)
}

// Float32 is the column as a float32.
func (c *Call) Float32() float32 {
	i, cell, ok := c.next()
	if !ok {
		return 0
	}
	if c.st.class(cell) == lib.SQLITE_FLOAT {
		// Others are rounded from their decimal form, as database/sql does.
		if v := lib.Xsqlite3_value_double(c.st.h.tls, cell); float64(float32(v)) == v && !math.IsInf(v, 0) {
			return float32(v)
		}
	}
	return convert[float32](c, i)
}

// Float64 is the column as a float64.
func (c *Call) Float64() float64 {
	i, cell, ok := c.next()
	if !ok {
		return 0
	}
	if c.st.class(cell) == lib.SQLITE_FLOAT {
		return lib.Xsqlite3_value_double(c.st.h.tls, cell)
	}
	return convert[float64](c, i)
}

// String is the column as a string.
func (c *Call) String() string {
	i, cell, ok := c.next()
	if !ok {
		return ""
	}
	if c.plainText(i, cell) {
		return c.string(c.st.text(cell))
	}
	return convert[string](c, i)
}

// Short texts of later rows share their memory, a little at a time: one that is kept keeps no more than that.
const (
	short    = 64
	together = 512
)

func (c *Call) string(text []byte) string {
	if len(text) > short || c.rows < 2 || len(text) == 0 {
		return string(text)
	}
	if len(text) > cap(c.short)-len(c.short) {
		c.short = make([]byte, 0, together)
	}
	from := len(c.short)
	c.short = append(c.short, text...)
	return unsafe.String(&c.short[from], len(text))
}

// Bytes is the column as bytes of the caller's own; NULL is nil.
func (c *Call) Bytes() []byte {
	i, cell, ok := c.next()
	if !ok {
		return nil
	}
	if c.st.class(cell) == lib.SQLITE_BLOB {
		c.conn.mu.Lock()
		defer c.conn.mu.Unlock()
		return bytes.Clone(c.st.blob(cell))
	}
	if c.plainText(i, cell) {
		return append([]byte{}, c.st.text(cell)...)
	}
	return convert[[]byte](c, i)
}

// Time is the column as a time.
func (c *Call) Time() time.Time {
	i, cell, ok := c.next()
	if !ok {
		return time.Time{}
	}
	if col := &c.st.columns[i]; col.time && c.st.class(cell) == lib.SQLITE_TEXT && c.st.h.loc == nil {
		if t, ok := plainTime(view(lib.Xsqlite3_value_text(c.st.h.tls, cell), int(lib.Xsqlite3_value_bytes(c.st.h.tls, cell)))); ok {
			return t
		}
	}
	return convert[time.Time](c, i)
}

// null tells whether the next column is NULL, and goes over it where it is.
func (c *Call) isNull() bool {
	i := c.col
	if c.state != onRow || c.st == nil || i >= len(c.st.columns) || c.err != nil {
		c.col++
		return true
	}
	if c.st.class(c.st.cell(i)) == lib.SQLITE_NULL {
		c.col++
		return true
	}
	return false
}

// NullString is the column as an sql.NullString.
func (c *Call) NullString() (v sql.NullString) {
	if !c.isNull() {
		v.String = c.String()
		v.Valid = c.err == nil
	}
	return v
}

// NullInt16 is the column as an sql.NullInt16.
func (c *Call) NullInt16() (v sql.NullInt16) {
	if !c.isNull() {
		v.Int16 = c.Int16()
		v.Valid = c.err == nil
	}
	return v
}

// NullInt32 is the column as an sql.NullInt32.
func (c *Call) NullInt32() (v sql.NullInt32) {
	if !c.isNull() {
		v.Int32 = c.Int32()
		v.Valid = c.err == nil
	}
	return v
}

// NullInt64 is the column as an sql.NullInt64.
func (c *Call) NullInt64() (v sql.NullInt64) {
	if !c.isNull() {
		v.Int64 = c.Int64()
		v.Valid = c.err == nil
	}
	return v
}

// NullFloat64 is the column as an sql.NullFloat64.
func (c *Call) NullFloat64() (v sql.NullFloat64) {
	if !c.isNull() {
		v.Float64 = c.Float64()
		v.Valid = c.err == nil
	}
	return v
}

// NullBool is the column as an sql.NullBool.
func (c *Call) NullBool() (v sql.NullBool) {
	if !c.isNull() {
		v.Bool = c.Bool()
		v.Valid = c.err == nil
	}
	return v
}

// NullTime is the column as an sql.NullTime.
func (c *Call) NullTime() (v sql.NullTime) {
	if !c.isNull() {
		v.Time = c.Time()
		v.Valid = c.err == nil
	}
	return v
}

// Scan stores the column in what dst points to.
func (c *Call) Scan(dst any) {
	defer c.caught()
	i, _, ok := c.next()
	if !ok {
		return
	}
	if err := dbsql.Assign(dst, c.driverValue(i)); err != nil {
		c.unfit(i, err)
	}
}

// The arguments of database/sql's types; what is not valid is NULL.

// ArgNullString gives an sql.NullString.
func (c *Call) ArgNullString(v sql.NullString) {
	if v.Valid {
		c.ArgString(v.String)
	} else {
		c.ArgNull()
	}
}

// ArgNullInt16 gives an sql.NullInt16.
func (c *Call) ArgNullInt16(v sql.NullInt16) { c.nullInt(int64(v.Int16), v.Valid) }

// ArgNullInt32 gives an sql.NullInt32.
func (c *Call) ArgNullInt32(v sql.NullInt32) { c.nullInt(int64(v.Int32), v.Valid) }

// ArgNullInt64 gives an sql.NullInt64.
func (c *Call) ArgNullInt64(v sql.NullInt64) { c.nullInt(v.Int64, v.Valid) }

func (c *Call) nullInt(v int64, valid bool) {
	if valid {
		c.ArgInt64(v)
	} else {
		c.ArgNull()
	}
}

// ArgNullFloat64 gives an sql.NullFloat64.
func (c *Call) ArgNullFloat64(v sql.NullFloat64) {
	if v.Valid {
		c.ArgFloat64(v.Float64)
	} else {
		c.ArgNull()
	}
}

// ArgNullBool gives an sql.NullBool.
func (c *Call) ArgNullBool(v sql.NullBool) {
	if v.Valid {
		c.ArgBool(v.Bool)
	} else {
		c.ArgNull()
	}
}

// ArgNullTime gives an sql.NullTime.
func (c *Call) ArgNullTime(v sql.NullTime) {
	if v.Valid {
		c.ArgTime(v.Time)
	} else {
		c.ArgNull()
	}
}

// ArgNull gives NULL.
func (c *Call) ArgNull() {
	if c.conn != nil {
		c.null()
	}
}

// Arg gives a value of any type that database/sql takes.
func (c *Call) Arg(v any) {
	if c.conn == nil || c.err != nil {
		return
	}
	defer c.caught()
	nv, drop, err := dbsql.Arg(nil, len(c.args)+1, v)
	if err != nil {
		c.fail(err)
		return
	}
	if drop {
		return
	}
	n := len(c.args)
	c.value(nv.Value)
	if len(c.args) > n {
		c.args[n].name = nv.Name
	}
}
