package dbsql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
)

// Lease is a driver's connection that is lent out for one statement, and for as long as the rows that it gives are open.
type Lease struct {
	Conn driver.Conn
	// Lock is held around each call of the connection.
	Lock sync.Locker
	// Put gives the connection back; err is the driver's error with which the statement ended, if it did.
	Put func(err error)
	// Read, where it is not nil, is told of an error that came while rows were read.
	Read func(err error)
	// Rows, where it is not nil, is told of rows that are open, so that their connection's owner can close them.
	Rows *Open
}

// Lend lends a connection that can run a statement.
type Lend func(ctx context.Context, query string) (Lease, error)

// New gives a *sql.DB over connections that are lent: it has none of its own, so nothing of it bounds them. check is the driver's check of arguments;
// nil where it has none.
func New(lend Lend, check Check) *sql.DB {
	if check == nil {
		check = func(*driver.NamedValue) error { return driver.ErrSkip }
	}
	return sql.OpenDB(connector{lend, check})
}

type connector struct {
	lend  Lend
	check Check
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return &conn{c}, nil }
func (c connector) Driver() driver.Driver                        { return c }
func (c connector) Open(string) (driver.Conn, error)             { return &conn{c}, nil }

// conn is what database/sql takes for a connection. It borrows one for each statement.
type conn struct{ connector }

func (c *conn) Close() error                                { return nil }
func (c *conn) CheckNamedValue(nv *driver.NamedValue) error { return c.check(nv) }
func (c *conn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}
func (c *conn) Begin() (driver.Tx, error)                                    { return nil, errBegin }
func (c *conn) BeginTx(context.Context, driver.TxOptions) (driver.Tx, error) { return nil, errBegin }

var errBegin = errors.New("covetsql: transactions of the runtime's DB are begun by its own InTx or Begin")

// PrepareContext looks whether the statement can be prepared. It holds no connection for it.
func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	l, err := c.lend(ctx, query)
	if err != nil {
		return nil, err
	}
	l.Lock.Lock()
	s, err := prepare(ctx, l.Conn, query)
	if err == nil {
		err = s.Close()
	}
	l.Lock.Unlock()
	l.Put(err)
	if err != nil {
		return nil, err
	}
	return &stmt{c, query}, nil
}

// stmt is a prepared statement of the *sql.DB: its text. The driver's connections keep what is prepared.
type stmt struct {
	conn  *conn
	query string
}

func (s *stmt) Close() error                               { return nil }
func (s *stmt) NumInput() int                              { return -1 }
func (s *stmt) Exec([]driver.Value) (driver.Result, error) { return nil, driver.ErrSkip }
func (s *stmt) Query([]driver.Value) (driver.Rows, error)  { return nil, driver.ErrSkip }
func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.conn.ExecContext(ctx, s.query, args)
}
func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.conn.QueryContext(ctx, s.query, args)
}

func prepare(ctx context.Context, c driver.Conn, query string) (driver.Stmt, error) {
	if p, ok := c.(driver.ConnPrepareContext); ok {
		return p.PrepareContext(ctx, query)
	}
	return c.Prepare(query)
}

// count is database/sql's check of how many arguments there are.
func count(s driver.Stmt, args []driver.NamedValue) error {
	if want := s.NumInput(); want >= 0 && want != len(args) {
		return fmt.Errorf("sql: expected %d arguments, got %d", want, len(args))
	}
	return nil
}

func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	l, err := c.lend(ctx, query)
	if err != nil {
		return nil, err
	}
	l.Lock.Lock()
	r, err := exec(ctx, l.Conn, query, args)
	l.Lock.Unlock()
	l.Put(err)
	return r, err
}

func exec(ctx context.Context, c driver.Conn, query string, args []driver.NamedValue) (driver.Result, error) {
	if e, ok := c.(driver.ExecerContext); ok {
		if r, err := e.ExecContext(ctx, query, args); err != driver.ErrSkip {
			return r, err
		}
	}
	s, err := prepare(ctx, c, query)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := count(s, args); err != nil {
		return nil, err
	}
	e, ok := s.(driver.StmtExecContext)
	if !ok {
		return nil, fmt.Errorf("covetsql: the driver's statement, a %T, takes no context", s)
	}
	return e.ExecContext(ctx, args)
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	l, err := c.lend(ctx, query)
	if err != nil {
		return nil, err
	}
	l.Lock.Lock()
	r, s, err := run(ctx, l.Conn, query, args)
	l.Lock.Unlock()
	if err != nil {
		l.Put(err)
		return nil, err
	}
	out := &rows{lease: l, rows: r, stmt: s}
	l.Rows.add(out)
	return out, nil
}

// run runs a query; the statement, where there is one, is closed after the rows.
func run(ctx context.Context, c driver.Conn, query string, args []driver.NamedValue) (driver.Rows, driver.Stmt, error) {
	if q, ok := c.(driver.QueryerContext); ok {
		if r, err := q.QueryContext(ctx, query, args); err != driver.ErrSkip {
			return r, nil, err
		}
	}
	s, err := prepare(ctx, c, query)
	if err != nil {
		return nil, nil, err
	}
	if err := count(s, args); err != nil {
		s.Close()
		return nil, nil, err
	}
	q, ok := s.(driver.StmtQueryContext)
	if !ok {
		s.Close()
		return nil, nil, fmt.Errorf("covetsql: the driver's statement, a %T, takes no context", s)
	}
	r, err := q.QueryContext(ctx, args)
	if err != nil {
		s.Close()
		return nil, nil, err
	}
	return r, s, nil
}
