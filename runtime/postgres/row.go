package postgres

import (
	"encoding/binary"
	"math"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// value gives the next column's bytes where it is of a kind whose values have that many; otherwise it goes pgtype's way.
func (c *Call) value(k kind, size int) ([]byte, bool) {
	i := c.column
	if i >= len(c.row) || c.kinds[i] != k || len(c.row[i]) != size {
		return nil, false
	}
	c.column = i + 1
	return c.row[i], true
}

// variable gives the next column's bytes where it is of a kind whose values have any length. Those of NULL are nil.
func (c *Call) variable(k kind) ([]byte, bool) {
	i := c.column
	if i >= len(c.row) || c.kinds[i] != k {
		return nil, false
	}
	c.column = i + 1
	return c.row[i], true
}

// null tells whether the next column is a NULL of a kind, and passes it.
func (c *Call) null(k kind) bool {
	i := c.column
	if i >= len(c.row) || c.kinds[i] != k || c.row[i] != nil {
		return false
	}
	c.column = i + 1
	return true
}

// read reads the next column as pgtype does.
func read[T any](c *Call) T {
	var v T
	c.Scan(&v)
	return v
}

// Bool gives the next column of the row; so do the methods below. What does not fit is told by End, and the zero value is given.
func (c *Call) Bool() bool {
	if b, ok := c.value(kindBool, 1); ok {
		return b[0] == 1
	}
	return read[bool](c)
}

func (c *Call) Int16() int16 {
	if b, ok := c.value(kindInt2, 2); ok {
		return int16(binary.BigEndian.Uint16(b))
	}
	return read[int16](c)
}

func (c *Call) Int32() int32 {
	if b, ok := c.value(kindInt4, 4); ok {
		return int32(binary.BigEndian.Uint32(b))
	}
	return read[int32](c)
}

func (c *Call) Int64() int64 {
	if b, ok := c.value(kindInt8, 8); ok {
		return int64(binary.BigEndian.Uint64(b))
	}
	return read[int64](c)
}

func (c *Call) Float32() float32 {
	if b, ok := c.value(kindFloat4, 4); ok {
		return math.Float32frombits(binary.BigEndian.Uint32(b))
	}
	return read[float32](c)
}

func (c *Call) Float64() float64 {
	if b, ok := c.value(kindFloat8, 8); ok {
		return math.Float64frombits(binary.BigEndian.Uint64(b))
	}
	return read[float64](c)
}

func (c *Call) String() string {
	if i := c.column; i < len(c.row) && c.kinds[i] == kindText && c.row[i] != nil {
		c.column = i + 1
		return string(c.row[i])
	}
	return read[string](c)
}

// Bytes gives a copy of a column's bytes; that of NULL is nil.
func (c *Call) Bytes() []byte {
	b, ok := c.variable(kindBytea)
	switch {
	case !ok:
		return read[[]byte](c)
	case b == nil:
		return nil
	}
	return append(make([]byte, 0, len(b)), b...)
}

// The infinities of timestamps and dates have no time.
func finite(us int64) bool { return us != math.MaxInt64 && us != math.MinInt64 }

// moment is a binary timestamp's time.
func moment(us int64) time.Time {
	return time.Unix(toY2K/1000000+us/1000000, us%1000000*1000)
}

// timestamp gives the next column's time where it is a finite one of a kind.
func (c *Call) timestamp(k kind) (time.Time, bool) {
	b, ok := c.value(k, 8)
	if !ok {
		return time.Time{}, false
	}
	us := int64(binary.BigEndian.Uint64(b))
	if !finite(us) {
		c.column-- // pgtype's way
		return time.Time{}, false
	}
	if k == kindTimestamp {
		return moment(us).UTC(), true
	}
	return moment(us), true
}

// date gives the next column's day where it is a finite one.
func (c *Call) date() (time.Time, bool) {
	b, ok := c.value(kindDate, 4)
	if !ok {
		return time.Time{}, false
	}
	days := int32(binary.BigEndian.Uint32(b))
	if days == math.MaxInt32 || days == math.MinInt32 {
		c.column--
		return time.Time{}, false
	}
	return time.Date(2000, 1, int(1+days), 0, 0, 0, 0, time.UTC), true
}

func (c *Call) Time() time.Time {
	if t, ok := c.timestamp(kindTimestamptz); ok {
		return t
	}
	if t, ok := c.timestamp(kindTimestamp); ok {
		return t
	}
	if t, ok := c.date(); ok {
		return t
	}
	return read[time.Time](c)
}

// PgText and its like give pgtype's values.
func (c *Call) PgText() pgtype.Text {
	b, ok := c.variable(kindText)
	switch {
	case !ok:
		return read[pgtype.Text](c)
	case b == nil:
		return pgtype.Text{}
	}
	return pgtype.Text{String: string(b), Valid: true}
}

func (c *Call) PgBool() pgtype.Bool {
	if b, ok := c.value(kindBool, 1); ok {
		return pgtype.Bool{Bool: b[0] == 1, Valid: true}
	}
	if c.null(kindBool) {
		return pgtype.Bool{}
	}
	return read[pgtype.Bool](c)
}

func (c *Call) PgInt2() pgtype.Int2 {
	if b, ok := c.value(kindInt2, 2); ok {
		return pgtype.Int2{Int16: int16(binary.BigEndian.Uint16(b)), Valid: true}
	}
	if c.null(kindInt2) {
		return pgtype.Int2{}
	}
	return read[pgtype.Int2](c)
}

func (c *Call) PgInt4() pgtype.Int4 {
	if b, ok := c.value(kindInt4, 4); ok {
		return pgtype.Int4{Int32: int32(binary.BigEndian.Uint32(b)), Valid: true}
	}
	if c.null(kindInt4) {
		return pgtype.Int4{}
	}
	return read[pgtype.Int4](c)
}

func (c *Call) PgInt8() pgtype.Int8 {
	if b, ok := c.value(kindInt8, 8); ok {
		return pgtype.Int8{Int64: int64(binary.BigEndian.Uint64(b)), Valid: true}
	}
	if c.null(kindInt8) {
		return pgtype.Int8{}
	}
	return read[pgtype.Int8](c)
}

func (c *Call) PgFloat4() pgtype.Float4 {
	if b, ok := c.value(kindFloat4, 4); ok {
		return pgtype.Float4{Float32: math.Float32frombits(binary.BigEndian.Uint32(b)), Valid: true}
	}
	if c.null(kindFloat4) {
		return pgtype.Float4{}
	}
	return read[pgtype.Float4](c)
}

func (c *Call) PgFloat8() pgtype.Float8 {
	if b, ok := c.value(kindFloat8, 8); ok {
		return pgtype.Float8{Float64: math.Float64frombits(binary.BigEndian.Uint64(b)), Valid: true}
	}
	if c.null(kindFloat8) {
		return pgtype.Float8{}
	}
	return read[pgtype.Float8](c)
}

func (c *Call) PgTimestamptz() pgtype.Timestamptz {
	if t, ok := c.timestamp(kindTimestamptz); ok {
		return pgtype.Timestamptz{Time: t, Valid: true}
	}
	if c.null(kindTimestamptz) {
		return pgtype.Timestamptz{}
	}
	return read[pgtype.Timestamptz](c)
}

func (c *Call) PgTimestamp() pgtype.Timestamp {
	if t, ok := c.timestamp(kindTimestamp); ok {
		return pgtype.Timestamp{Time: t, Valid: true}
	}
	if c.null(kindTimestamp) {
		return pgtype.Timestamp{}
	}
	return read[pgtype.Timestamp](c)
}

func (c *Call) PgDate() pgtype.Date {
	if t, ok := c.date(); ok {
		return pgtype.Date{Time: t, Valid: true}
	}
	if c.null(kindDate) {
		return pgtype.Date{}
	}
	return read[pgtype.Date](c)
}

func (c *Call) PgUUID() pgtype.UUID {
	if b, ok := c.value(kindUUID, 16); ok {
		return pgtype.UUID{Bytes: [16]byte(b), Valid: true}
	}
	if c.null(kindUUID) {
		return pgtype.UUID{}
	}
	return read[pgtype.UUID](c)
}

// Scan reads the next column into a pointer to any type that pgx scans into; nil passes it.
func (c *Call) Scan(into any) {
	i := c.column
	c.column++
	if i >= len(c.row) || c.err != nil || into == nil {
		return // columns that are not there are told of as the row ends
	}
	defer c.caught()
	f := &c.fields[i]
	s := &c.plans[i]
	if t := reflect.TypeOf(into); s.into != t {
		s.into, s.plan = t, c.args.types.PlanScan(f.DataTypeOID, c.resultFormats[i], into)
	}
	if err := s.plan.Scan(c.row[i], into); err != nil {
		c.fail(pgx.ScanArgError{ColumnIndex: i, FieldName: f.Name, Err: err})
	}
}
