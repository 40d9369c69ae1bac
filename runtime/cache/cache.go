// Package cache keeps the rows of queries in memory: those that ask for it ("-- cache: 30s"), by query and arguments, for as long as no
// query that is known to write their tables has run. It knows of this process's writes alone, and of those that go through the
// runtime; what others write is seen when the time is over. Nothing is answered from it within a transaction.
package cache

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/sync/singleflight"

	"github.com/covetsql/covetsql/runtime/plan"
)

// Options of a cache.
type Options struct {
	// MaxRows is how many rows are kept at most, of all queries; 0 is 100,000. What was used least goes first.
	MaxRows int
	// Refresh is how long rows may be read anew behind an answer from the stale ones; 0 is 30 s.
	Refresh time.Duration
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Cache keeps rows. A nil *Cache keeps none. It is safe for concurrent use.
//
// The store is otter (S3-FIFO's successor of TinyLFU, which drops no set); that a row is still right is decided here: each table has a
// number that every write of it raises, and rows are kept with the numbers that their tables had before they were read.
type Cache struct {
	store   *otter.Cache[key, *entry]
	flights singleflight.Group
	opts    Options
	every   atomic.Uint64 // raised by writes that nobody knows the tables of

	mu     sync.RWMutex
	tables map[string]*atomic.Uint64
	reads  []atomic.Pointer[[]*atomic.Uint64] // by the query's number

	hits, misses, stale atomic.Int64
}

type key struct {
	query int
	args  string
}

type entry struct {
	value any
	rows  int
	seen  uint64 // the sum of the numbers: they only ever grow
	at    time.Time
}

// New makes a cache.
func New(o Options) (*Cache, error) {
	if o.MaxRows <= 0 {
		o.MaxRows = 100_000
	}
	if o.Refresh <= 0 {
		o.Refresh = 30 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	store, err := otter.New(&otter.Options[key, *entry]{
		MaximumWeight: uint64(o.MaxRows),
		Weigher:       func(_ key, e *entry) uint32 { return uint32(e.rows) + 1 },
	})
	if err != nil {
		return nil, err
	}
	return &Cache{store: store, opts: o, tables: map[string]*atomic.Uint64{}}, nil
}

// seen is the state of a query's tables: whatever writes one raises it.
func (c *Cache) seen(q *plan.Query) uint64 {
	sum := c.every.Load()
	for _, t := range c.tablesOf(q) {
		sum += t.Load()
	}
	return sum
}

// tablesOf are the numbers of the tables that a query reads.
func (c *Cache) tablesOf(q *plan.Query) []*atomic.Uint64 {
	n := q.Number()
	c.mu.RLock()
	if n < len(c.reads) {
		if list := c.reads[n].Load(); list != nil {
			c.mu.RUnlock()
			return *list
		}
	}
	c.mu.RUnlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if n >= len(c.reads) {
		grown := make([]atomic.Pointer[[]*atomic.Uint64], max(n+1, plan.Count()))
		for i := range c.reads {
			grown[i].Store(c.reads[i].Load())
		}
		c.reads = grown
	}
	list := make([]*atomic.Uint64, 0, len(q.Reads))
	for _, name := range q.Reads {
		list = append(list, c.table(name))
	}
	c.reads[n].Store(&list)
	return list
}

// table is the number of a table. The lock is held.
func (c *Cache) table(name string) *atomic.Uint64 {
	t := c.tables[name]
	if t == nil {
		t = new(atomic.Uint64)
		c.tables[name] = t
	}
	return t
}

// Touch tells of a write that is done, or may be: rows of the tables that it may have changed are not answered any more. q is nil for a
// statement that nobody knows, which may have changed any.
func (c *Cache) Touch(q *plan.Query) {
	switch {
	case c == nil:
	case q == nil:
		c.TouchAll()
	default:
		c.TouchTables(q.Touches)
	}
}

// TouchTables does so for tables by name; "*" is all.
func (c *Cache) TouchTables(names []string) {
	if c == nil || len(names) == 0 {
		return
	}
	if slices.Contains(names, "*") {
		c.TouchAll()
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range names {
		c.table(name).Add(1)
	}
}

// TouchAll forgets all rows.
func (c *Cache) TouchAll() {
	if c != nil {
		c.every.Add(1)
		c.store.InvalidateAll()
	}
}

// Stats are what a cache did.
type Stats struct {
	Hits, Misses int64
	// Stale are the hits among them that were answered while the rows were read anew.
	Stale int64
	// Rows is how many rows are kept, about.
	Rows int
}

// Stats gives the cache's numbers.
func (c *Cache) Stats() Stats {
	if c == nil {
		return Stats{}
	}
	return Stats{Hits: c.hits.Load(), Misses: c.misses.Load(), Stale: c.stale.Load(), Rows: int(c.store.WeightedSize())}
}

// One answers a query for one row: from memory, or by load, which at most one caller runs at a time for the same arguments. args is what Key
// made of the arguments. Errors are not kept.
func One[T any](ctx context.Context, c *Cache, q *plan.Query, args Key, load func(context.Context) (T, error)) (T, error) {
	return get(ctx, c, q, args, func(T) int { return 1 }, load)
}

// Maybe answers a query for one row or none. What it gives is the caller's own.
func Maybe[T any](ctx context.Context, c *Cache, q *plan.Query, args Key, load func(context.Context) (*T, error)) (*T, error) {
	v, err := get(ctx, c, q, args, func(*T) int { return 1 }, load)
	if v == nil || err != nil {
		return nil, err
	}
	own := *v
	return &own, nil
}

// Many answers a query for many rows. The list is the caller's own.
func Many[T any](ctx context.Context, c *Cache, q *plan.Query, args Key, load func(context.Context) ([]T, error)) ([]T, error) {
	list, err := get(ctx, c, q, args, func(l []T) int { return len(l) }, load)
	return slices.Clone(list), err
}

func get[T any](ctx context.Context, c *Cache, q *plan.Query, args Key, rows func(T) int, load func(context.Context) (T, error)) (T, error) {
	if c == nil || !args.ok || q.Cache.Fresh <= 0 {
		return load(ctx)
	}
	k := key{q.Number(), string(args.text)}
	// The numbers are taken before the rows are read: a write that comes in between makes these rows old at once.
	seen := c.seen(q)
	if e, ok := c.store.GetIfPresent(k); ok && e.seen == seen {
		age := c.opts.Now().Sub(e.at)
		switch {
		case age < q.Cache.Fresh:
			c.hits.Add(1)
			return e.value.(T), nil
		case age < q.Cache.Fresh+q.Cache.Stale:
			c.hits.Add(1)
			c.stale.Add(1)
			go func() {
				ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.opts.Refresh)
				defer cancel()
				_, _ = fly(ctx, c, q, k, seen, rows, load)
			}()
			return e.value.(T), nil
		}
	}
	c.misses.Add(1)
	return fly(ctx, c, q, k, seen, rows, load)
}

// fly reads the rows, for all who ask for them at the same state of the tables. That another's time was over as he read them for all is no
// error of those who have time: they read them themselves.
func fly[T any](ctx context.Context, c *Cache, q *plan.Query, k key, seen uint64, rows func(T) int, load func(context.Context) (T, error)) (T, error) {
	mine := false // where it is set, it is before the answer is sent
	done := c.flights.DoChan(k.flight(seen), func() (any, error) {
		mine = true
		// Others wait for these rows too: that the first of them goes away does not keep them from being read.
		loading := context.WithoutCancel(ctx)
		if end, ok := ctx.Deadline(); ok {
			var cancel context.CancelFunc
			loading, cancel = context.WithDeadline(loading, end)
			defer cancel()
		}
		at := c.opts.Now() // before they are read: they are not older than that
		v, err := safely(loading, load)
		if err == nil {
			c.store.Set(k, &entry{value: v, rows: rows(v), seen: seen, at: at})
		} else if loading.Err() != nil {
			err = &late{err}
		}
		return v, err
	})
	var none T
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case r := <-done:
		if l, ok := r.Err.(*late); ok {
			if !mine && ctx.Err() == nil {
				return load(ctx)
			}
			return none, l.error
		}
		if r.Err != nil {
			return none, r.Err
		}
		return r.Val.(T), nil
	}
}

// late is the error of a read whose time was over.
type late struct{ error }

// safely is load, whose panic is an error: it runs in a goroutine that nobody recovers.
func safely[T any](ctx context.Context, load func(context.Context) (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("covetsql: reading rows for the cache panicked: %v", p)
		}
	}()
	return load(ctx)
}
