package pool_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/pool"
)

// conn stands for a connection; the pool knows nothing of one but how it is opened and closed.
type conn struct{ id int64 }

type server struct{ opened, closed atomic.Int64 }

func (s *server) config(n int) pool.Config[*conn] {
	return pool.Config[*conn]{
		Max:     n,
		Connect: func(context.Context) (*conn, error) { return &conn{s.opened.Add(1)}, nil },
		Close:   func(*conn) { s.closed.Add(1) },
	}
}

func open(t *testing.T, cfg pool.Config[*conn]) *pool.Pool[*conn] {
	t.Helper()
	p, err := pool.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := p.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return p
}

func get(t *testing.T, p *pool.Pool[*conn], q *plan.Query) *pool.Conn[*conn] {
	t.Helper()
	c, err := p.Get(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func eventually(t *testing.T, otherwise string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(otherwise)
		}
	}
}

func TestTheConnectionUsedLastComesFirst(t *testing.T) {
	var s server
	p := open(t, s.config(3))
	a, b := get(t, p, nil), get(t, p, nil)
	a.Put(false)
	b.Put(false)
	c := get(t, p, nil)
	if c.C != b.C {
		t.Error("the pool rotates: cold sessions are slow")
	}
	c.Put(true)
	eventually(t, "a broken connection stays", func() bool { return s.closed.Load() == 1 })
	d := get(t, p, nil)
	if d.C != a.C {
		t.Error("the broken one was given out")
	}
	d.Put(false)
}

func TestWhoWaitsInVainIsToldWhoHoldsConnections(t *testing.T) {
	var s server
	cfg := s.config(2)
	cfg.Wait = 30 * time.Millisecond
	var waited, failed atomic.Int64
	cfg.OnWait, cfg.OnTimeout = func(time.Duration) { waited.Add(1) }, func() { failed.Add(1) }
	p := open(t, cfg)
	a, b := get(t, p, &plan.Query{Name: "Slow"}), get(t, p, nil)
	b.Opened(pool.Here("a transaction"))
	_, err := p.Get(context.Background(), nil)
	if !errors.Is(err, pool.ErrTimeout) {
		t.Fatal(err)
	}
	for _, part := range []string{"all 2 connections", "query Slow", "a transaction opened by pool_test.TestWho", "pool_test.go:"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in: %v", part, err)
		}
	}
	if f, _ := fault.Find(err); f.Kind != fault.PoolTimeout || f.Outcome != fault.NotDone {
		t.Error(f)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Get(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if waited.Load() != 2 || failed.Load() != 2 {
		t.Error(waited.Load(), failed.Load())
	}
	a.Put(false)
	c := get(t, p, nil)
	b.Put(false)
	c.Put(false)
}

func TestAClassHasItsLimitAndLeavesTheRestToOthers(t *testing.T) {
	var s server
	cfg := s.config(3)
	cfg.Wait, cfg.Classes = 20*time.Millisecond, map[string]int{"reports": 1}
	p := open(t, cfg)
	report := &plan.Query{Name: "Report", Class: "reports"}
	a := get(t, p, report)
	if _, err := p.Get(context.Background(), report); !errors.Is(err, pool.ErrTimeout) || !strings.Contains(err.Error(), `"reports"`) {
		t.Error(err)
	}
	b := get(t, p, nil)
	a.Put(false)
	c := get(t, p, report)
	c.Put(false)
	b.Put(false)
}

func TestAPoolRefusesWhatItCanNotKeep(t *testing.T) {
	var s server
	if _, err := pool.New(s.config(0)); err == nil {
		t.Error("a pool of none")
	}
	cfg := s.config(1)
	cfg.Classes = map[string]int{"a": 0}
	if _, err := pool.New(cfg); err == nil || !strings.Contains(err.Error(), `"a"`) {
		t.Error(err)
	}
}

func TestAnErrorOfConnectingLeavesThePlaceFree(t *testing.T) {
	var s server
	cfg := s.config(1)
	bad := true
	connect := cfg.Connect
	cfg.Connect = func(ctx context.Context) (*conn, error) {
		if bad {
			return nil, errors.New("no server")
		}
		return connect(ctx)
	}
	p := open(t, cfg)
	for range 3 {
		if _, err := p.Get(context.Background(), nil); err == nil || err.Error() != "no server" {
			t.Fatal(err)
		}
	}
	bad = false
	get(t, p, nil).Put(false)
}

func TestWhatIsHeldForLongIsToldOfOnce(t *testing.T) {
	var s server
	cfg := s.config(1)
	told := make(chan pool.Holder, 10)
	cfg.Held, cfg.OnHeld = 20*time.Millisecond, func(h pool.Holder) { told <- h }
	p := open(t, cfg)
	for range 2 {
		c := get(t, p, nil)
		c.Opened(pool.Here("rows of Books"))
		h := <-told
		if !strings.HasPrefix(h.String(), "rows of Books opened by pool_test.TestWhatIsHeld") || h.For < cfg.Held {
			t.Error(h)
		}
		time.Sleep(50 * time.Millisecond)
		if len(told) > 0 {
			t.Error("told twice")
		}
		c.Put(false)
	}
}

func TestOldAndIdleConnectionsAreClosed(t *testing.T) {
	var s server
	cfg := s.config(2)
	cfg.Idle = 20 * time.Millisecond
	p := open(t, cfg)
	get(t, p, nil).Put(false)
	eventually(t, "an idle connection stays", func() bool { return s.closed.Load() > 0 })
	var s2 server
	cfg = s2.config(1)
	cfg.Lifetime = 10 * time.Millisecond
	p = open(t, cfg)
	a := get(t, p, nil)
	a.Put(false)
	time.Sleep(30 * time.Millisecond)
	b := get(t, p, nil)
	if a.C == b.C {
		t.Error("a connection outlived its time")
	}
	b.Put(false)
}

func TestDroppedConnectionsAreNotGivenOutAgain(t *testing.T) {
	var s server
	p := open(t, s.config(2))
	a, b := get(t, p, nil), get(t, p, nil)
	a.Put(false)
	p.Drop()
	b.Put(false)
	c := get(t, p, nil)
	if c.C == a.C || c.C == b.C {
		t.Error("a connection to a server that went is given out")
	}
	c.Put(false)
}

func TestCloseTellsWhoDoesNotGiveBack(t *testing.T) {
	var s server
	p, err := pool.New(s.config(1))
	if err != nil {
		t.Fatal(err)
	}
	c := get(t, p, &plan.Query{Name: "Hung"})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := p.Close(ctx); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "query Hung") {
		t.Error(err)
	}
	if _, err := p.Get(context.Background(), nil); err == nil {
		t.Error("a closed pool gives a connection")
	}
	waiting := make(chan error)
	c.Put(false)
	if err := p.Close(context.Background()); err != nil || s.closed.Load() != 1 {
		t.Error(err, s.closed.Load())
	}
	// Whoever waits as the pool is closed is told so, and does not wait for ever.
	if p, err = pool.New(s.config(1)); err != nil {
		t.Fatal(err)
	}
	c = get(t, p, nil)
	go func() {
		_, err := p.Get(context.Background(), nil)
		waiting <- err
	}()
	eventually(t, "nobody waits", func() bool { return p.Stats().Waiting == 1 })
	closed := make(chan error)
	go func() { closed <- p.Close(context.Background()) }()
	if err := <-waiting; !errors.Is(err, pool.ErrClosed) {
		t.Error(err)
	}
	c.Put(false)
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

func TestManyAtOnce(t *testing.T) {
	var s server
	cfg := s.config(5)
	cfg.Wait, cfg.Classes = time.Minute, map[string]int{"a": 2}
	p := open(t, cfg)
	var busy, most, ofA, mostA atomic.Int64
	var wg sync.WaitGroup
	q := &plan.Query{Class: "a"}
	for i := range 200 {
		wg.Go(func() {
			var of *plan.Query
			if i%2 == 0 {
				of = q
			}
			for range 50 {
				c, err := p.Get(context.Background(), of)
				if err != nil {
					t.Error(err)
					return
				}
				up(&most, busy.Add(1))
				if of != nil {
					up(&mostA, ofA.Add(1))
					ofA.Add(-1)
				}
				busy.Add(-1)
				c.Put(i%50 == 0)
			}
		})
	}
	wg.Wait()
	if most.Load() > 5 || mostA.Load() > 2 {
		t.Errorf("%d at once, %d of the class", most.Load(), mostA.Load())
	}
	// A broken connection is closed beside the one who gave it back.
	eventually(t, "connections are out though all were given back", func() bool { st := p.Stats(); return st.Busy == 0 && st.Waiting == 0 && st.Total <= 5 })
}

func up(most *atomic.Int64, n int64) {
	for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
	}
}

func BenchmarkGetAndPut(b *testing.B) {
	var s server
	p, err := pool.New(s.config(4))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		c, _ := p.Get(context.Background(), nil)
		c.Put(false)
	}
}
