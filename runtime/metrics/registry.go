package metrics

import (
	"context"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
)

// Options is what a Registry is made of. The zero value counts, and tells of nothing but queries that repeat.
type Options struct {
	// Logger is told of slow queries and of those that repeat; nil is slog.Default.
	Logger *slog.Logger
	// Slow is from when on a query is slow; 0: none is.
	Slow time.Duration
	// SlowEvery is how long after a slow call of a query the next one of the same query is told of at the earliest; those between are
	// counted, and their number is told. 0 is a second.
	SlowEvery time.Duration
	// Arguments lets arguments and the texts of errors, which may hold them, into the log. Without it the log has types and lengths of
	// arguments, and the kinds of errors.
	Arguments bool
	// Sample is of how many calls one has its time in pool, server and scan told apart: 0 is 32, 1 each, -1 none.
	Sample int
	// Repeats is how often a query runs under one parent until it is told of: 0 is 10, -1 never.
	Repeats int
	// Parent finds the parent of a call whose context has no Scope; nil: it has none then. metrics/otel has one for spans.
	Parent func(context.Context) (Parent, bool)
	// Tracer makes spans of calls; nil makes none.
	Tracer Tracer
}

// Registry has the figures of one database handle. All methods may be called at the same time; a nil Registry counts nothing.
type Registry struct {
	opts   Options
	slow   time.Duration // math.MaxInt64 where there is none
	sample uint64        // a call whose number of 32 bits is below it is sampled

	slots   atomic.Pointer[[]atomic.Pointer[slot]] // by plan.Query.Number
	mu      sync.Mutex                             // of changes of slots, pools and since
	since   time.Time
	pools   []gauge
	shared  atomic.Pointer[shared]
	repeats repeats
}

// shared is what is counted for all queries together.
type shared struct {
	waits        Histogram
	timeouts     atomic.Uint64
	transactions [outcomes]Histogram
	tries        atomic.Uint64
}

// slot has the counters of one query. Those that each call changes stand first, and together.
type slot struct {
	rows    atomic.Uint64
	latency Histogram

	query    *plan.Query
	errors   [fault.Kinds]atomic.Uint64
	slow     atomic.Uint64
	repeated atomic.Uint64

	sampled, pool, server, scan atomic.Uint64

	told   atomic.Int64 // when a slow call was told of, in nanoseconds since 1970
	untold atomic.Int64
}

// New makes a registry, which counts from now on.
func New(o Options) *Registry {
	if o.Sample == 0 {
		o.Sample = 32
	}
	if o.Repeats == 0 {
		o.Repeats = 10
	}
	if o.SlowEvery == 0 {
		o.SlowEvery = time.Second
	}
	r := &Registry{opts: o, slow: math.MaxInt64}
	if o.Slow > 0 {
		r.slow = o.Slow
	}
	if o.Sample > 0 {
		r.sample = 1 << 32 / uint64(o.Sample)
	}
	r.Reset()
	return r
}

// Reset counts everything from zero again. What calls that run at this moment count is lost, or stands in the new figures.
func (r *Registry) Reset() {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	slots := make([]atomic.Pointer[slot], plan.Count())
	r.slots.Store(&slots)
	r.shared.Store(new(shared))
	r.repeats.clear()
	r.since = time.Now()
}

// Done counts a call of q: how long it took, how many rows it gave or changed (below 0: not known), and how it failed; fault.None is
// that it did not. Calls that failed count as calls, and with their time.
func (r *Registry) Done(q *plan.Query, took time.Duration, rows int64, k fault.Kind) {
	if r == nil || q == nil {
		return
	}
	s := r.slot(q)
	s.latency.Observe(took)
	if rows > 0 {
		s.rows.Add(uint64(rows))
	}
	if k != fault.None {
		s.errors[k].Add(1)
	}
	if took >= r.slow {
		s.slow.Add(1)
	}
}

// Sample tells whether this call of q is one whose phases are to be measured: the first, and one in Options.Sample after it.
func (r *Registry) Sample(q *plan.Query) bool {
	if r == nil || q == nil {
		return false
	}
	// The nanoseconds that all calls have taken are as good as chance, multiplied by 2^64 / φ, and cost a load: a random number costs
	// more than all else that is counted. No rhythm of the application's is met, as it would be by each nth call.
	const golden = 0x9e3779b97f4a7c15
	return r.slot(q).latency.sum.Load()*golden>>32 < r.sample
}

// Phases counts where the time of a sampled call went: waiting for a connection, waiting for the server, and reading its answer into
// values.
func (r *Registry) Phases(q *plan.Query, pool, server, scan time.Duration) {
	if r == nil || q == nil {
		return
	}
	s := r.slot(q)
	s.pool.Add(uint64(max(pool, 0)))
	s.server.Add(uint64(max(server, 0)))
	s.scan.Add(uint64(max(scan, 0)))
	s.sampled.Add(1)
}

// log is who is told. The default is asked for each time, as applications set it after they have opened databases.
func (r *Registry) log() *slog.Logger {
	if r.opts.Logger == nil {
		return slog.Default()
	}
	return r.opts.Logger
}

// slot gives q's counters.
func (r *Registry) slot(q *plan.Query) *slot {
	slots, n := *r.slots.Load(), q.Number()
	if n < len(slots) {
		if s := slots[n].Load(); s != nil {
			return s
		}
	}
	return r.open(q)
}

// open makes q's counters.
func (r *Registry) open(q *plan.Query) *slot {
	r.mu.Lock()
	defer r.mu.Unlock()
	slots, n := *r.slots.Load(), q.Number()
	if n >= len(slots) {
		longer := make([]atomic.Pointer[slot], max(plan.Count(), n+1))
		for i := range slots {
			longer[i].Store(slots[i].Load())
		}
		slots = longer
		r.slots.Store(&slots)
	}
	s := slots[n].Load()
	if s == nil {
		s = &slot{query: q}
		slots[n].Store(s)
	}
	return s
}
