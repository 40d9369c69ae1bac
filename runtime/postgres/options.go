package postgres

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"

	core "github.com/covetsql/covetsql/runtime"
	"github.com/covetsql/covetsql/runtime/cache"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/pool"
)

// Options is how a database is opened. The zero value is a pool of four connections, or of one a processor where there are more.
type Options struct {
	// Max is how many connections there are at most; 0: the larger of 4 and the number of processors.
	Max int
	// Wait is how long a query waits for a connection at most; 0: as long as its context lets it.
	Wait time.Duration
	// Lifetime is how old a connection gets at most, and Idle how long it may lie unused; 0: an hour, and half an hour. Less than 0: for ever.
	Lifetime, Idle time.Duration
	// Classes bounds how many connections the queries of a class have at a time.
	Classes map[string]int
	// Held is from when on whoever has a connection or a transaction is told of in the log; 0: a minute, less than 0: never.
	Held time.Duration
	// Monitor is told of queries and transactions; nil: nobody.
	Monitor core.Monitor
	// Cache keeps rows of the queries that ask for it; nil: none.
	Cache *cache.Cache
	// Logger is where the runtime tells of what goes wrong outside of a query; nil: slog's own.
	Logger *slog.Logger

	// Pooler says that the server is reached through a pooler in transaction mode, which gives each transaction another session. Then no
	// statement is prepared by name. Open finds out by itself what is said by a pooler's own process numbers (PgBouncer's); others are to
	// be named here.
	Pooler bool
	// Statements is how many statements a connection keeps prepared whose text is put together at run time; 0: 256. Those whose text is
	// static are all kept.
	Statements int
	// Configure changes what pgx made of the address: TLS, tracers, how to dial.
	Configure func(*pgx.ConnConfig)
	// AfterConnect is run on each new connection, to register types or set parameters. Behind a pooler in transaction mode parameters do
	// not stay.
	AfterConnect func(context.Context, *pgx.Conn) error
}

// The defaults of Options.
const (
	defaultMax        = 4
	defaultLifetime   = time.Hour
	defaultIdle       = 30 * time.Minute
	defaultStatements = 256
)

// orElse is a duration as Options has it: 0 is the default, less than 0 is none.
func orElse(d, otherwise time.Duration) time.Duration {
	switch {
	case d == 0:
		return otherwise
	case d < 0:
		return 0
	}
	return d
}

// Open opens a database by its address, a URL or a list of keywords as libpq knows them. It connects once, to find out whether a pooler
// stands before the server.
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("covetsql: the database's address is not understood: %w", err)
	}
	if o.Configure != nil {
		o.Configure(cfg)
	}
	if o.Max == 0 {
		o.Max = max(defaultMax, runtime.NumCPU())
	}
	if o.Statements <= 0 {
		o.Statements = defaultStatements
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	d := &DB{options: o, config: cfg, monitor: o.Monitor}
	if o.Pooler {
		d.behindPooler()
	}
	first, err := d.connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("covetsql: the database is not opened: %w", err)
	}
	if !o.Pooler {
		moved, err := first.sessionMoves(ctx)
		if err == nil && moved {
			d.behindPooler()
		}
		if err != nil {
			first.close()
			return nil, fmt.Errorf("covetsql: the database is not opened: %w", err)
		}
	}
	first.close()
	p, err := pool.New(pool.Config[*conn]{
		Connect: d.connect, Close: (*conn).close,
		Max: o.Max, Wait: o.Wait, Lifetime: orElse(o.Lifetime, defaultLifetime), Idle: orElse(o.Idle, defaultIdle), Classes: o.Classes, Held: o.Held,
		OnWait: o.Monitor.PoolWait, OnTimeout: o.Monitor.PoolTimeout,
		OnHeld: func(h pool.Holder) { o.Logger.Warn("covetsql: a connection is held for long", "by", h.String()) },
	})
	if err != nil {
		return nil, err
	}
	d.pool = p
	o.Monitor.Pool("primary", func() metrics.Connections { return metrics.Connections(p.Stats()) })
	d.core = core.New(core.Config[*conn]{Engine: core.Engine{Name: "postgresql", Fault: Fault}, Topology: core.Topology[*conn]{Primary: p},
		Monitor: o.Monitor, Logger: o.Logger, Cache: o.Cache})
	return d, nil
}

// behindPooler has all connections made for a pooler in transaction mode.
func (d *DB) behindPooler() {
	d.pooled = true
	// pgx does the same by itself for what does not come through Call: unnamed statements, whose types it remembers.
	if d.config.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
		d.config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
}
