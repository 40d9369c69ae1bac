package mysql

import (
	"database/sql/driver"
	"fmt"
	"reflect"
	"time"
)

// statement is what the driver's prepared statements do.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// prepared is a prepared statement of one connection.
type prepared struct {
	statement
	kinds []kind // of the arguments that it was run with
	// rows tells that it gives rows, where the driver knows it from the preparation (MariaDB). Its Exec waits for ever for such ones, as it
	// expects columns to be told once more (v1.10.1, statement.go).
	rows bool
}

// kind is how an argument goes over the wire.
type kind uint8

const (
	null kind = iota
	signed
	unsigned
	real
	text
	moment
	other
)

func newPrepared(s driver.Stmt) (*prepared, error) {
	st, ok := s.(statement)
	if !ok {
		_ = s.Close()
		return nil, fmt.Errorf("covetsql: a statement of go-sql-driver is a %T, which takes no context", s)
	}
	p := &prepared{statement: st}
	if n := s.NumInput(); n > 0 {
		p.kinds = make([]kind, n)
	}
	if v := reflect.ValueOf(s); v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Struct {
		columns := v.Elem().FieldByName("columns")
		p.rows = columns.IsValid() && columns.Kind() == reflect.Slice && columns.Len() > 0
	}
	return p, nil
}

// takes tells whether the statement can be run with arguments of these kinds: MySQL, from 8.0.22 on, keeps the type that a parameter was
// first given where nothing else in the statement says one, and converts what comes later, so that after a number 'text' is 0.
func (p *prepared) takes(args []driver.NamedValue) bool {
	for i := range args {
		if i >= len(p.kinds) {
			break
		}
		k := kindOf(args[i].Value)
		switch {
		case k == null || k == p.kinds[i]:
		case p.kinds[i] == null:
			p.kinds[i] = k
		default:
			return false
		}
	}
	return true
}

func kindOf(v driver.Value) kind {
	switch v := v.(type) {
	case nil:
		return null
	case int64, bool:
		return signed
	case uint64:
		return unsigned
	case float64, float32:
		return real
	case string:
		return text
	case []byte:
		if v == nil {
			return null
		}
		return text
	case time.Time:
		return moment
	}
	return other
}
