package dbsql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Assign stores a driver's value in what dst points to, by the rules of (*sql.Rows).Scan; its error is the one that stands within
// that of Scan.
func Assign(dst any, v driver.Value) error {
	if s, ok := dst.(sql.Scanner); ok {
		return s.Scan(v)
	}
	r, err := scanners()
	if err != nil {
		return err
	}
	r.src.value = v
	if !r.rows.Next() {
		return fmt.Errorf("covetsql: database/sql took no value: %w", r.rows.Err())
	}
	err = r.rows.Scan(dst)
	r.src.value = nil
	idle.Put(r)
	if in := errors.Unwrap(err); in != nil {
		return in // without the place, which is the caller's to tell
	}
	return err
}

// To gives a driver's value as a T, as Assign does, without reflection for the types that a driver has.
func To[T any](v driver.Value) (T, error) {
	if v == nil { // sql.Null takes it, other places do not
		var t T
		return t, Assign(&t, nil)
	}
	var n sql.Null[T]
	err := n.Scan(v)
	return n.V, err
}

// ScanError is the error of (*sql.Rows).Scan for a column; err is what Assign gave.
func ScanError(index int, name string, err error) error {
	return fmt.Errorf("sql: Scan error on column index %d, name %q: %w", index, name, err)
}

// CountError is the error of (*sql.Rows).Scan where the row has another number of columns than there are destinations.
func CountError(columns, destinations int) error {
	return fmt.Errorf("sql: expected %d destination arguments in Scan, not %d", columns, destinations)
}

// Null gives a driver's value as what sql.NullInt64 and its like hold: whether it is a value, and which.
func Null[T any](v driver.Value) (T, bool, error) {
	if v == nil {
		var t T
		return t, false, nil
	}
	t, err := To[T](v)
	return t, err == nil, err
}

// scanner is database/sql's own Scan, fed with one value at a time: its rules are not written down anywhere else.
type scanner struct {
	src  *source
	rows *sql.Rows
}

var idle sync.Pool

func scanners() (*scanner, error) {
	if r, ok := idle.Get().(*scanner); ok {
		return r, nil
	}
	src := &source{}
	db := sql.OpenDB(src)
	defer db.Close() // the rows keep their connection; nothing of db goes on running
	rows, err := db.QueryContext(context.Background(), "")
	if err != nil {
		return nil, err
	}
	return &scanner{src, rows}, nil
}

// source is a driver of one endless result with one column.
type source struct{ value driver.Value }

func (s *source) Connect(context.Context) (driver.Conn, error) { return s, nil }
func (s *source) Driver() driver.Driver                        { return s }
func (s *source) Open(string) (driver.Conn, error)             { return s, nil }
func (s *source) Prepare(string) (driver.Stmt, error)          { return nil, driver.ErrSkip }
func (s *source) Begin() (driver.Tx, error)                    { return nil, driver.ErrSkip }
func (s *source) Close() error                                 { return nil }
func (s *source) Columns() []string                            { return []string{"value"} }

func (s *source) QueryContext(context.Context, string, []driver.NamedValue) (driver.Rows, error) {
	return s, nil
}

func (s *source) Next(dst []driver.Value) error {
	if len(dst) != 1 {
		return io.ErrUnexpectedEOF
	}
	dst[0] = s.value
	return nil
}
