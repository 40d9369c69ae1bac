package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"

	"github.com/go-sql-driver/mysql"

	"github.com/covetsql/covetsql/runtime"
	kept "github.com/covetsql/covetsql/runtime/cache"
	"github.com/covetsql/covetsql/runtime/dbsql"
	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/pool"
	"github.com/covetsql/covetsql/runtime/tx"
)

// halfDone are the faults after which what is left of a transaction is not committed: a lock time-out takes the statement alone back
// (innodb_rollback_on_timeout is off by default), the others all that came before.
var halfDone = []fault.Kind{fault.LockTimeout, fault.Deadlock, fault.Serialization}

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
	Cache() *kept.Cache
}

var (
	_ Direct = (*DB)(nil)
	_ Direct = (*Tx)(nil)
)

// Open opens the database of a DSN, as go-sql-driver writes them, and makes sure that the server can be reached.
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	cfg, err := mysql.ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	return OpenConfig(ctx, cfg, o)
}

// OpenConfig opens the database of a configuration of go-sql-driver.
func OpenConfig(ctx context.Context, cfg *mysql.Config, o Options) (*DB, error) {
	o.defaults()
	cfg = cfg.Clone()
	if cfg.Logger != nil {
		cfg.Logger = quiet{cfg.Logger}
	}
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, err
	}
	log := o.Logger
	if log == nil {
		log = slog.Default()
	}
	p, err := pool.New(pool.Config[*Conn]{
		Connect: func(ctx context.Context) (*Conn, error) { return o.connect(ctx, connector, cfg) },
		Close:   (*Conn).close,
		Max:     o.Max, Wait: o.Wait, Lifetime: o.Lifetime, Idle: o.Idle, Classes: o.Classes, Held: o.Held,
		OnWait: o.Monitor.PoolWait, OnTimeout: o.Monitor.PoolTimeout,
		OnHeld: func(h pool.Holder) { log.Warn("covetsql: a connection is held for long", "holder", h.String()) },
	})
	if err != nil {
		return nil, err
	}
	d := &DB{monitor: o.Monitor}
	d.core = runtime.New(runtime.Config[*Conn]{
		Engine:   runtime.Engine{Name: "MySQL", Fault: Fault, HalfDone: halfDone},
		Topology: runtime.Topology[*Conn]{Primary: p}, Monitor: o.Monitor, Logger: log, Cache: o.Cache,
	})
	pc, err := p.Get(ctx, nil)
	if err != nil {
		_ = p.Close(ctx)
		return nil, err
	}
	d.std = dbsql.New(d.lend, pc.C.driver.CheckNamedValue)
	pc.Put(false)
	o.Monitor.Pool("primary", func() metrics.Connections { return metrics.Connections(p.Stats()) })
	return d, nil
}

// Close closes the database, and waits until all connections are back or ctx ends.
func (d *DB) Close(ctx context.Context) error {
	err := d.core.Close(ctx)
	d.monitor.Pool("primary", nil)
	if e := d.std.Close(); err == nil {
		err = e
	}
	return err
}

// Stats gives the pool's numbers at a moment.
func (d *DB) Stats() pool.Stats { return d.core.Topology().Primary.Stats() }

// Cache is Options.Cache.
func (d *DB) Cache() *kept.Cache { return d.core.Cache() }

// Core is the engine-neutral handle.
func (d *DB) Core() *runtime.DB[*Conn] { return d.core }

// Call begins a query on a connection of the pool. It is never nil: what went wrong is told by its End.
func (d *DB) Call(ctx context.Context, q *plan.Query, sql string) *Call {
	ctx, w := d.core.Watch(ctx, q)
	pc, err := d.get(ctx, q)
	if err != nil {
		return &Call{db: d, q: q, ctx: ctx, err: err, watch: w}
	}
	c := pc.C.call(ctx, q, sql)
	c.pooled, c.db, c.watch = pc, d, w
	return c
}

// get gives a connection that is alive, as far as can be seen.
func (d *DB) get(ctx context.Context, q *plan.Query) (*pool.Conn[*Conn], error) {
	for {
		pc, err := d.core.Get(ctx, q)
		if err != nil || pc.C.wake(ctx) == nil {
			return pc, err
		}
		pc.Put(true) // nothing was sent; one that is opened anew is not looked at
	}
}

// lend lends a connection for a statement of database/sql's kind.
func (d *DB) lend(ctx context.Context, query string) (dbsql.Lease, error) {
	known := plan.Find(query)
	pc, err := d.get(ctx, known)
	if err != nil {
		return dbsql.Lease{}, err
	}
	return dbsql.Lease{Conn: pc.C.driver, Lock: &pc.C.mu, Put: func(error) {
		pc.Put(pc.C.Gone())
		d.core.Ran(known)
	}}, nil
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

// InTx runs fn in a transaction: (*runtime.DB).InTx.
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
