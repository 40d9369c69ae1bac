package dbsql

import (
	"database/sql/driver"
	"io"
	"reflect"
	"sync"
)

// rows are a driver's rows with the connection that they hold.
type rows struct {
	lease Lease
	rows  driver.Rows
	stmt  driver.Stmt
	ended error // why they were closed from without
	done  bool
	last  error
}

func (r *rows) Columns() []string { return r.rows.Columns() }

func (r *rows) Next(dst []driver.Value) error {
	r.lease.Lock.Lock()
	defer r.lease.Lock.Unlock()
	if r.done {
		if r.ended != nil {
			return r.ended
		}
		return io.EOF
	}
	err := r.rows.Next(dst)
	if err != nil && err != io.EOF {
		if r.last = err; r.lease.Read != nil {
			r.lease.Read(err)
		}
	}
	return err
}

// Close closes the rows and gives the connection back.
func (r *rows) Close() error { return r.end(nil) }

func (r *rows) end(why error) error {
	r.lease.Lock.Lock()
	if r.done {
		r.lease.Lock.Unlock()
		return nil
	}
	r.done, r.ended = true, why
	err := r.rows.Close()
	if r.stmt != nil {
		if e := r.stmt.Close(); err == nil {
			err = e
		}
	}
	r.lease.Lock.Unlock()
	r.lease.Rows.remove(r)
	if r.last != nil {
		r.lease.Put(r.last)
	} else {
		r.lease.Put(err)
	}
	return err
}

// What a driver may tell of its rows beside.

func (r *rows) HasNextResultSet() bool {
	n, ok := r.rows.(driver.RowsNextResultSet)
	return ok && !r.done && n.HasNextResultSet()
}

func (r *rows) NextResultSet() error {
	n, ok := r.rows.(driver.RowsNextResultSet)
	if !ok {
		return io.EOF
	}
	r.lease.Lock.Lock()
	defer r.lease.Lock.Unlock()
	if r.done {
		return io.EOF
	}
	return n.NextResultSet()
}

func (r *rows) ColumnTypeScanType(i int) reflect.Type {
	if t, ok := r.rows.(driver.RowsColumnTypeScanType); ok {
		return t.ColumnTypeScanType(i)
	}
	return reflect.TypeFor[any]()
}

func (r *rows) ColumnTypeDatabaseTypeName(i int) string {
	if t, ok := r.rows.(driver.RowsColumnTypeDatabaseTypeName); ok {
		return t.ColumnTypeDatabaseTypeName(i)
	}
	return ""
}

func (r *rows) ColumnTypeLength(i int) (int64, bool) {
	if t, ok := r.rows.(driver.RowsColumnTypeLength); ok {
		return t.ColumnTypeLength(i)
	}
	return 0, false
}

func (r *rows) ColumnTypeNullable(i int) (nullable, ok bool) {
	if t, ok := r.rows.(driver.RowsColumnTypeNullable); ok {
		return t.ColumnTypeNullable(i)
	}
	return false, false
}

func (r *rows) ColumnTypePrecisionScale(i int) (precision, scale int64, ok bool) {
	if t, ok := r.rows.(driver.RowsColumnTypePrecisionScale); ok {
		return t.ColumnTypePrecisionScale(i)
	}
	return 0, 0, false
}

// Open are the rows of the *sql.DB that are open on one connection.
type Open struct {
	mu   sync.Mutex
	rows map[*rows]struct{}
}

func (o *Open) add(r *rows) {
	if o == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.rows == nil {
		o.rows = map[*rows]struct{}{}
	}
	o.rows[r] = struct{}{}
}

func (o *Open) remove(r *rows) {
	if o == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.rows, r)
}

// Any tells whether there are some.
func (o *Open) Any() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.rows) > 0
}

// CloseAll closes all rows that are open; whoever reads on gets err.
func (o *Open) CloseAll(err error) {
	for {
		o.mu.Lock()
		var one *rows
		for r := range o.rows {
			one = r
			break
		}
		o.mu.Unlock()
		if one == nil {
			return
		}
		_ = one.end(err)
	}
}
