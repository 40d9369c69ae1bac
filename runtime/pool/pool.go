// Package pool keeps connections to one server, or one file, and gives them out: the one used last first, as its session is the
// warmest; to whoever waited longest when there are none; to at most so many of a class of queries at a time. What holds a
// connection for long is told of with its place, so that a pool is never drained in silence.
package pool

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/puddle/v2"
	"golang.org/x/sync/semaphore"

	"github.com/covetsql/covetsql/runtime/plan"
)

// ErrClosed says that the pool was closed.
var ErrClosed = errors.New("covetsql: the pool is closed")

// ErrTimeout says that no connection came free in Config.Wait. The error around it tells who held them.
var ErrTimeout = errors.New("covetsql: no connection came free in time")

// Config says what a pool is made of.
type Config[C any] struct {
	// Connect opens a connection. Close closes it, and waits for nothing.
	Connect func(context.Context) (C, error)
	Close   func(C)
	// Max is how many connections there are at most.
	Max int
	// Wait is how long somebody waits for a connection at most; 0: as long as its context lets it.
	Wait time.Duration
	// Lifetime is how old a connection gets at most (±10 %, so that not all end at once), Idle how long it may lie unused; 0: for
	// ever.
	Lifetime, Idle time.Duration
	// Classes bounds how many connections the queries of a class have at a time (plan.Query.Class).
	Classes map[string]int
	// Held is how long one holder may keep a connection before OnHeld is told, once; 0: a minute, less than 0: never.
	Held   time.Duration
	OnHeld func(Holder)
	// OnWait is told how long somebody waited who had to; OnTimeout of each who waited in vain.
	OnWait    func(time.Duration)
	OnTimeout func()
}

// Conn is a connection that is out: whoever has it gives it back by Put, once.
type Conn[C any] struct {
	C C

	pool  *Pool[C]
	res   *puddle.Resource[*Conn[C]]
	class *class
	dies  time.Time
	since atomic.Int64 // when it was given out, in nanoseconds since the pool's start; 0 while it is in
	query atomic.Pointer[plan.Query]
	site  atomic.Pointer[Site]
	told  atomic.Bool
}

// class is a class of queries with a limit.
type class struct {
	name  string
	limit int64
	sem   *semaphore.Weighted
}

func (c *class) release() {
	if c != nil {
		c.sem.Release(1)
	}
}

// defaultHeld is Config.Held where it is not given: longer than most transactions take, and short enough to be read before others wait.
const defaultHeld = time.Minute

// Holder is who has a connection.
type Holder struct {
	// Query is the query that runs, or that ran last; nil where there was none.
	Query *plan.Query
	// Site is where it was taken; nil where only the query is known.
	Site *Site
	// For is how long.
	For time.Duration
}

func (h Holder) String() string {
	what := "a connection"
	switch {
	case h.Site != nil:
		what = h.Site.String()
	case h.Query != nil:
		what = "query " + h.Query.Name
	}
	return fmt.Sprintf("%s, for %s", what, h.For.Round(time.Millisecond))
}

// Pool is a pool of connections. It is safe for concurrent use.
type Pool[C any] struct {
	cfg     Config[C]
	p       *puddle.Pool[*Conn[C]]
	all     class // of all connections
	classes map[string]*class
	start   time.Time
	waiting atomic.Int64
	open    context.Context // ends as the pool is closed
	stop    context.CancelFunc
	watch   sync.WaitGroup

	mu    sync.Mutex
	conns map[*Conn[C]]struct{}
}

// New makes a pool. It opens no connection yet.
func New[C any](cfg Config[C]) (*Pool[C], error) {
	if cfg.Max <= 0 {
		return nil, fmt.Errorf("covetsql: a pool of %d connections can't give any: set the maximum to 1 or more", cfg.Max)
	}
	if cfg.Held == 0 {
		cfg.Held = defaultHeld
	}
	p := &Pool[C]{cfg: cfg, all: class{limit: int64(cfg.Max), sem: semaphore.NewWeighted(int64(cfg.Max))},
		classes: map[string]*class{}, start: time.Now(), conns: map[*Conn[C]]struct{}{}}
	for name, n := range cfg.Classes {
		if n <= 0 {
			return nil, fmt.Errorf("covetsql: the class %q of queries is given %d connections: let it have 1 or more", name, n)
		}
		p.classes[name] = &class{name: name, limit: int64(n), sem: semaphore.NewWeighted(int64(n))}
	}
	var err error
	p.p, err = puddle.NewPool(&puddle.Config[*Conn[C]]{Constructor: p.connect, Destructor: p.close, MaxSize: int32(cfg.Max)})
	if err != nil {
		return nil, err
	}
	p.open, p.stop = context.WithCancel(context.Background())
	p.watch.Go(p.attend)
	return p, nil
}

func (p *Pool[C]) connect(ctx context.Context) (*Conn[C], error) {
	c, err := p.cfg.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn := &Conn[C]{C: c, pool: p}
	if p.cfg.Lifetime > 0 {
		conn.dies = time.Now().Add(jitter(p.cfg.Lifetime))
	}
	p.mu.Lock()
	p.conns[conn] = struct{}{}
	p.mu.Unlock()
	return conn, nil
}

func (p *Pool[C]) close(c *Conn[C]) {
	p.mu.Lock()
	delete(p.conns, c)
	p.mu.Unlock()
	p.cfg.Close(c.C)
}

// Get gives a connection, to run q with; q may be nil. It waits until one is free, ctx ends, or Config.Wait is over, which gives
// an error around ErrTimeout that tells who has them.
func (p *Pool[C]) Get(ctx context.Context, q *plan.Query) (*Conn[C], error) {
	var of *class
	if q != nil && q.Class != "" {
		of = p.classes[q.Class]
	}
	if p.open.Err() != nil {
		return nil, ErrClosed
	}
	if of != nil && !of.sem.TryAcquire(1) {
		if err := p.wait(ctx, of); err != nil {
			return nil, err
		}
	}
	if !p.all.sem.TryAcquire(1) {
		if err := p.wait(ctx, &p.all); err != nil {
			of.release()
			return nil, err
		}
	}
	for {
		// There is a place for us, so nobody is waited for but a connection that is being opened.
		res, err := p.p.Acquire(ctx)
		if err != nil {
			p.all.release()
			of.release()
			if errors.Is(err, puddle.ErrClosedPool) {
				err = ErrClosed
			}
			return nil, err
		}
		c := res.Value()
		if !c.dies.IsZero() && time.Now().After(c.dies) {
			res.Destroy()
			continue
		}
		c.res, c.class = res, of
		c.query.Store(q)
		c.told.Store(false)
		c.since.Store(int64(time.Since(p.start)) | 1)
		return c, nil
	}
}

// Put gives the connection back; broken throws it away.
func (c *Conn[C]) Put(broken bool) {
	p, of := c.pool, c.class
	c.since.Store(0)
	c.site.Store(nil)
	if broken {
		c.res.Destroy()
	} else {
		c.res.Release()
	}
	of.release()
	p.all.release()
}

// Runs notes which query the connection is used for now, and Opened where the transaction or the rows that hold it were opened.
func (c *Conn[C]) Runs(q *plan.Query) { c.query.Store(q) }

// Opened notes the place that holds the connection.
func (c *Conn[C]) Opened(s *Site) { c.site.Store(s) }

// Drop closes all connections that lie in the pool, and those that are out as they come back: a server that went, or changed its
// role, is not given out once more.
func (p *Pool[C]) Drop() { p.p.Reset() }

// Close closes the pool: nothing is given out any more. It waits for what is out until ctx ends; then it gives an error that tells
// who still has connections, which are closed when they come back.
func (p *Pool[C]) Close(ctx context.Context) error {
	p.stop()
	done := make(chan struct{})
	go func() {
		p.p.Close()
		p.watch.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("covetsql: the pool is closed, but connections are still out%s: %w", p.held(), ctx.Err())
	}
}

// Stats are a pool's numbers at a moment.
type Stats struct {
	Max, Total, Busy, Idle int
	// Waiting is how many wait for a connection now.
	Waiting int
}

// Stats gives the pool's numbers.
func (p *Pool[C]) Stats() Stats {
	s := p.p.Stat()
	return Stats{Max: p.cfg.Max, Total: int(s.TotalResources()), Busy: int(s.AcquiredResources()), Idle: int(s.IdleResources()), Waiting: int(p.waiting.Load())}
}
