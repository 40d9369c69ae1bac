package mysql

import (
	"database/sql"
	"database/sql/driver"
	"time"

	"github.com/covetsql/covetsql/runtime/dbsql"
)

// Arguments are given in order, each by the method of its Go type, as the driver takes it.

func (c *Call) give(v driver.Value) {
	c.args = append(c.args, driver.NamedValue{Ordinal: len(c.args) + 1, Value: v})
}

// ArgBool gives a bool.
func (c *Call) ArgBool(v bool) { c.give(v) }

// ArgInt16 gives an int16.
func (c *Call) ArgInt16(v int16) { c.give(int64(v)) }

// ArgInt32 gives an int32.
func (c *Call) ArgInt32(v int32) { c.give(int64(v)) }

// ArgInt64 gives an int64.
func (c *Call) ArgInt64(v int64) { c.give(v) }

// ArgFloat32 gives a float32.
func (c *Call) ArgFloat32(v float32) { c.give(float64(v)) }

// ArgFloat64 gives a float64.
func (c *Call) ArgFloat64(v float64) { c.give(v) }

// ArgString gives a string.
func (c *Call) ArgString(v string) { c.give(v) }

// ArgBytes gives bytes; nil is NULL.
func (c *Call) ArgBytes(v []byte) { c.give(v) }

// ArgTime gives a time, in the location that the DSN asks for.
func (c *Call) ArgTime(v time.Time) { c.give(v) }

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
	c.give(nil)
}

// Arg gives a value of any type that database/sql and the driver take.
func (c *Call) Arg(v any) {
	if c.conn == nil || c.err != nil {
		return
	}
	defer c.caught()
	nv, drop, err := dbsql.Arg(c.conn.driver.CheckNamedValue, len(c.args)+1, v)
	switch {
	case err != nil:
		c.fail(err)
	case !drop:
		c.args = append(c.args, nv)
	}
}
