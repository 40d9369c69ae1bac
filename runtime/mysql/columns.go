package mysql

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"time"
	"unsafe"

	"github.com/covetsql/covetsql/runtime/dbsql"
)

// The columns of the row, in order. What the driver gives as the Go type that is asked for is taken as it is; everything else goes by the
// rules of database/sql.

// next goes to the next column: its index and its value. ok is false where there is none, or nothing is to be read any more.
func (c *Call) next() (i int, v driver.Value, ok bool) {
	i = c.col
	c.col++
	if c.state != onRow || i >= c.columns || c.err != nil {
		return i, nil, false
	}
	return i, c.row[i], true
}

func convert[T any](c *Call, i int, v driver.Value) T {
	t, err := dbsql.To[T](v)
	if err != nil {
		var none T
		c.unfit(i, err)
		return none
	}
	return t
}

func (c *Call) unfit(i int, err error) { c.fail(dbsql.ScanError(i, c.open.Columns()[i], err)) }

// Bool is the column as a bool.
func (c *Call) Bool() bool {
	i, v, ok := c.next()
	if !ok {
		var none bool
		return none
	}
	if n, ok := v.(int64); ok && (n == 0 || n == 1) {
		return n == 1
	}
	return convert[bool](c, i, v)
}

// Int16 is the column as an int16.
func (c *Call) Int16() int16 {
	i, v, ok := c.next()
	if !ok {
		var none int16
		return none
	}
	if n, ok := v.(int64); ok && n == int64(int16(n)) {
		return int16(n)
	}
	return convert[int16](c, i, v)
}

// Int32 is the column as an int32.
func (c *Call) Int32() int32 {
	i, v, ok := c.next()
	if !ok {
		var none int32
		return none
	}
	if n, ok := v.(int64); ok && n == int64(int32(n)) {
		return int32(n)
	}
	return convert[int32](c, i, v)
}

// Int64 is the column as an int64.
func (c *Call) Int64() int64 {
	i, v, ok := c.next()
	if !ok {
		var none int64
		return none
	}
	if n, ok := v.(int64); ok {
		return n
	}
	return convert[int64](c, i, v)
}

// Float32 is the column as a float32.
func (c *Call) Float32() float32 {
	i, v, ok := c.next()
	if !ok {
		var none float32
		return none
	}
	if f, ok := v.(float32); ok {
		return f
	}
	return convert[float32](c, i, v)
}

// Float64 is the column as a float64.
func (c *Call) Float64() float64 {
	i, v, ok := c.next()
	if !ok {
		var none float64
		return none
	}
	if f, ok := v.(float64); ok {
		return f
	}
	return convert[float64](c, i, v)
}

// String is the column as a string.
func (c *Call) String() string {
	i, v, ok := c.next()
	if !ok {
		var none string
		return none
	}
	if b, ok := v.([]byte); ok {
		return c.string(b)
	}
	return convert[string](c, i, v)
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
	i, v, ok := c.next()
	if !ok {
		return nil
	}
	if b, ok := v.([]byte); ok {
		return bytes.Clone(b)
	}
	return convert[[]byte](c, i, v)
}

// Time is the column as a time.Time.
func (c *Call) Time() time.Time {
	i, v, ok := c.next()
	if !ok {
		var none time.Time
		return none
	}
	if t, ok := v.(time.Time); ok {
		return t
	}
	return convert[time.Time](c, i, v)
}

// isNull tells whether the next column is NULL, and goes over it where it is.
func (c *Call) isNull() bool {
	if c.state == onRow && c.col < c.columns && c.err == nil && c.row[c.col] != nil {
		return false
	}
	c.col++
	return true
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
	i, v, ok := c.next()
	if !ok {
		return
	}
	if err := dbsql.Assign(dst, v); err != nil {
		c.unfit(i, err)
	}
}
