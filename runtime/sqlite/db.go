package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"modernc.org/sqlite"

	"github.com/covetsql/covetsql/runtime"
	"github.com/covetsql/covetsql/runtime/cache"
	"github.com/covetsql/covetsql/runtime/dbsql"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/pool"
	"github.com/covetsql/covetsql/runtime/tx"
)

var (
	errClosed = errors.New("covetsql: SQLite's connection is closed")
	errEnded  = errors.New("a statement ended it: COMMIT and ROLLBACK are the runtime's to run")
)

// DB is a database. It is safe for concurrent use. It has the methods that generated packages ask of a handle, of database/sql's kind and
// of the direct way.
type DB struct {
	core    *runtime.DB[*Conn]
	std     *sql.DB
	monitor runtime.Monitor
}

// Direct is what the direct way of generated code runs on: a DB or a Tx.
type Direct interface {
	Call(ctx context.Context, q *plan.Query, sql string) *Call
	InTx(ctx context.Context, o tx.Options, fn func(*Tx) error) error
	// Cache keeps rows of the queries that ask for it; nil keeps none.
	Cache() *cache.Cache
}

var (
	_ Direct = (*DB)(nil)
	_ Direct = (*Tx)(nil)
)

// Open opens the database of a DSN, as modernc.org/sqlite writes them, and makes sure that it can be reached.
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	if err := o.defaults(); err != nil {
		return nil, err
	}
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	memory, readOnly, err := look(ctx, connector)
	if err != nil {
		return nil, err
	}
	log := o.Logger
	if log == nil {
		log = slog.Default()
	}
	newPool := func(most int, reader bool) (*pool.Pool[*Conn], error) {
		settings := o.settings(dsn, reader, !memory && !readOnly)
		cfg := pool.Config[*Conn]{
			Connect: func(ctx context.Context) (*Conn, error) { return o.connect(ctx, connector, settings, reader) },
			Close:   (*Conn).close,
			Max:     most, Wait: o.Wait, Classes: o.Classes, Held: o.Held, OnWait: o.Monitor.PoolWait, OnTimeout: o.Monitor.PoolTimeout,
			OnHeld: func(h pool.Holder) {
				log.Warn("covetsql: a connection is held for long", "holder", h.String())
			},
		}
		if !memory {
			cfg.Lifetime, cfg.Idle = o.Lifetime, o.Idle
		}
		return pool.New(cfg)
	}
	var top runtime.Topology[*Conn]
	if top.Primary, err = newPool(1, false); err != nil {
		return nil, err
	}
	if !memory {
		if top.Readers, err = newPool(o.Readers, true); err != nil {
			_ = top.Primary.Close(ctx)
			return nil, err
		}
	}
	d := &DB{monitor: o.Monitor}
	d.core = runtime.New(runtime.Config[*Conn]{
		Engine:   runtime.Engine{Name: "SQLite", Fault: Fault},
		Topology: top, Monitor: o.Monitor, Logger: log, Cache: o.Cache,
	})
	d.std = dbsql.New(d.lend, nil)
	c, err := top.Primary.Get(ctx, nil)
	if err != nil {
		_ = d.Close(ctx)
		return nil, err
	}
	c.Put(false)
	o.Monitor.Pool("primary", func() metrics.Connections { return metrics.Connections(top.Primary.Stats()) })
	if top.Readers != nil {
		o.Monitor.Pool("readers", func() metrics.Connections { return metrics.Connections(top.Readers.Stats()) })
	}
	return d, nil
}

// look opens the database once to see what it is.
func look(ctx context.Context, c driver.Connector) (memory, readOnly bool, err error) {
	h, err := open(ctx, c)
	if err != nil {
		return false, false, err
	}
	defer h.close()
	file, err := h.file()
	if err != nil {
		return false, false, err
	}
	readOnly, err = h.readOnly()
	return file == "", readOnly, err
}

// Close closes the database, and waits until all connections are back or ctx ends.
func (d *DB) Close(ctx context.Context) error {
	err := d.core.Close(ctx)
	d.monitor.Pool("primary", nil)
	d.monitor.Pool("readers", nil)
	if e := d.std.Close(); err == nil {
		err = e
	}
	return err
}

// Stats are the pools' numbers at a moment.
type Stats struct{ Writer, Readers pool.Stats }

// Stats gives the pools' numbers.
func (d *DB) Stats() Stats {
	t := d.core.Topology()
	s := Stats{Writer: t.Primary.Stats()}
	if t.Readers != nil {
		s.Readers = t.Readers.Stats()
	}
	return s
}

// Cache is Options.Cache.
func (d *DB) Cache() *cache.Cache { return d.core.Cache() }

// Core is the engine-neutral handle.
func (d *DB) Core() *runtime.DB[*Conn] { return d.core }

// Call begins a query on a connection of the pool. It is never nil: what went wrong is told by its End.
func (d *DB) Call(ctx context.Context, q *plan.Query, sql string) *Call {
	ctx, w := d.core.Watch(ctx, q)
	pc, err := d.core.Get(ctx, q)
	if err != nil {
		return &Call{db: d, q: q, ctx: ctx, err: err, watch: w}
	}
	c := pc.C.call(ctx, q, sql)
	c.pooled, c.db, c.watch = pc, d, w
	return c
}

// lend lends a connection for a statement of database/sql's kind: a reader where the statement only reads.
func (d *DB) lend(ctx context.Context, query string) (dbsql.Lease, error) {
	t := d.core.Topology()
	known := plan.Find(query)
	if t.Readers != nil && selects(query) {
		pc, err := t.Readers.Get(ctx, known)
		if err != nil {
			return dbsql.Lease{}, err
		}
		if pc.C.onlyReads(query) {
			return lease(pc, func() {}), nil
		}
		pc.Put(false)
	}
	pc, err := t.Primary.Get(ctx, known)
	if err != nil {
		return dbsql.Lease{}, err
	}
	return lease(pc, func() { d.core.Ran(known) }), nil
}

// lease is a connection that is lent; ran is called as it comes back.
func lease(pc *pool.Conn[*Conn], ran func()) dbsql.Lease {
	return dbsql.Lease{Conn: pc.C.h.driver, Lock: &pc.C.mu, Put: func(error) {
		pc.Put(pc.C.Gone())
		ran()
	}}
}

// selects tells that a text begins as one that reads.
func selects(query string) bool {
	for {
		query = strings.TrimLeft(query, " \t\r\n\f")
		switch {
		case strings.HasPrefix(query, "--"):
			_, query, _ = strings.Cut(query, "\n")
		case strings.HasPrefix(query, "/*"):
			_, query, _ = strings.Cut(query, "*/")
		default:
			for _, word := range []string{"SELECT", "WITH", "VALUES", "EXPLAIN"} {
				if len(query) > len(word) && strings.EqualFold(query[:len(word)], word) {
					return true
				}
			}
			return false
		}
	}
}

// onlyReads tells that a statement changes no database. One that can't be prepared does not.
func (c *Conn) onlyReads(query string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	s, err := c.statement(nil, query)
	if err != nil {
		return true
	}
	reads := s.readOnly()
	_ = c.giveBack(s)
	return reads
}

// ExecContext runs a statement by the way of database/sql.
func (d *DB) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return d.std.ExecContext(ctx, query, args...)
}

// PrepareContext prepares a statement by the way of database/sql. It holds no connection.
func (d *DB) PrepareContext(ctx context.Context, query string) (*sql.Stmt, error) {
	return d.std.PrepareContext(ctx, query)
}

// QueryContext runs a query by the way of database/sql.
func (d *DB) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return d.std.QueryContext(ctx, query, args...)
}

// QueryRowContext runs a query for one row by the way of database/sql.
func (d *DB) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return d.std.QueryRowContext(ctx, query, args...)
}

// InTx runs fn in a transaction: (*runtime.DB).InTx. One that may write has SQLite's write lock from its beginning (BEGIN IMMEDIATE), so that it
// never fails half-way for another's sake.
func (d *DB) InTx(ctx context.Context, o tx.Options, fn func(*Tx) error) error {
	return d.core.InTx(ctx, o, func(t *runtime.Tx[*Conn]) error { return fn(&Tx{db: d, core: t}) })
}

// Begin begins a transaction that is in the caller's hands.
func (d *DB) Begin(ctx context.Context, o tx.Options) (*Tx, error) {
	t, err := d.core.Begin(ctx, o)
	if err != nil {
		return nil, err
	}
	return &Tx{db: d, core: t}, nil
}

// CreateCommitTable makes the table in which tokens of transactions are noted, where it is missing.
func (d *DB) CreateCommitTable(ctx context.Context) error {
	if _, err := d.ExecContext(ctx, CommitTable); err != nil {
		return fmt.Errorf("covetsql: the table of tokens is not made: %w", err)
	}
	return nil
}
