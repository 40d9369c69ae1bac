package runtime

import (
	"context"
	"log/slog"
	"sync/atomic"

	"github.com/covetsql/covetsql/runtime/cache"
	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/pool"
)

// Monitor is who is told of what happens; nil is nobody.
type Monitor = *metrics.Registry

// Topology is where a database's connections lead at a moment. It is never changed, but replaced as a whole.
type Topology[C Conn] struct {
	// Epoch counts topologies, from 1.
	Epoch uint64
	// Primary takes everything; Readers, where there are some, take what only reads.
	Primary, Readers *pool.Pool[C]
}

// Router chooses where a query goes. q is nil for a transaction; write tells that it may write.
type Router[C Conn] interface {
	Route(t *Topology[C], q *plan.Query, write bool) *pool.Pool[C]
}

// byWrite sends what only reads to the readers, where there are some.
type byWrite[C Conn] struct{}

func (byWrite[C]) Route(t *Topology[C], _ *plan.Query, write bool) *pool.Pool[C] {
	if write || t.Readers == nil {
		return t.Primary
	}
	return t.Readers
}

// Config is what a DB is made of.
type Config[C Conn] struct {
	Engine   Engine
	Topology Topology[C]
	Router   Router[C] // nil: by what the query does
	Monitor  Monitor
	Logger   *slog.Logger
	// Cache keeps rows of the queries that ask for it; nil keeps none.
	Cache *cache.Cache
}

// DB is a database: its connections, and what is done with them. It is safe for concurrent use.
type DB[C Conn] struct {
	engine   Engine
	topology atomic.Pointer[Topology[C]]
	router   Router[C]
	monitor  Monitor
	log      *slog.Logger
	cache    *cache.Cache
}

// New makes a handle.
func New[C Conn](cfg Config[C]) *DB[C] {
	d := &DB[C]{engine: cfg.Engine, router: cfg.Router, monitor: cfg.Monitor, log: cfg.Logger, cache: cfg.Cache}
	if d.router == nil {
		d.router = byWrite[C]{}
	}
	if d.log == nil {
		d.log = slog.Default()
	}
	t := cfg.Topology
	t.Epoch = max(t.Epoch, 1)
	d.topology.Store(&t)
	return d
}

// Topology is where connections lead now.
func (d *DB[C]) Topology() *Topology[C] { return d.topology.Load() }

// Writes tells whether a query needs a connection that may write; one that is not known does.
func Writes(q *plan.Query) bool { return q == nil || q.Kind != plan.Read || q.Locks }

// Get gives a connection to run q with; q may be nil. Whoever has it gives it back by its Put.
func (d *DB[C]) Get(ctx context.Context, q *plan.Query) (*pool.Conn[C], error) {
	return d.router.Route(d.topology.Load(), q, Writes(q)).Get(ctx, q)
}

// Fault sorts an error, of this engine or of the runtime.
func (d *DB[C]) Fault(err error) fault.Fault {
	if err == nil {
		return fault.Fault{}
	}
	if f, ok := fault.Find(err); ok {
		return f
	}
	return d.engine.Fault(err)
}

// Cache keeps rows; nil keeps none.
func (d *DB[C]) Cache() *cache.Cache { return d.cache }

// Ran is told of each query that ended outside of a transaction, however it ended: rows of tables that it may have written are not
// answered from memory any more. q is nil for a statement that nobody knows.
func (d *DB[C]) Ran(q *plan.Query) {
	if q == nil || len(q.Touches) > 0 {
		d.cache.Touch(q)
	}
}

// Monitor is who is told; nil is nobody.
func (d *DB[C]) Monitor() Monitor { return d.monitor }

// Close closes the pools, and waits until all connections are back or ctx ends.
func (d *DB[C]) Close(ctx context.Context) error {
	t := d.topology.Load()
	var first error
	for _, p := range []*pool.Pool[C]{t.Readers, t.Primary} {
		if p == nil {
			continue
		}
		if err := p.Close(ctx); err != nil && first == nil {
			first = err
		}
	}
	return first
}
