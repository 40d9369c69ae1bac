package postgres

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/tx"
)

var load = flag.Duration("load", 0, "how long the load lasts; 0: two seconds")

// heap is how much memory is in use.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Ten thousand goroutines share fifty connections: nothing fails but those who waited too long, each sum is right, and at the end all is as
// it was at the start.
func TestLoad(t *testing.T) {
	last, goroutines := 2*time.Second, 2000
	if *load > 0 {
		last, goroutines = *load, 10_000
	}
	dsn := database(t)
	ctx := t.Context()
	registry := metrics.New(metrics.Options{Repeats: -1})
	o := Options{Max: 50, Wait: 5 * time.Second, Monitor: registry, Held: time.Minute}
	db, err := Open(ctx, dsn, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(ctx, "INSERT INTO account SELECT n, 1000000 FROM generate_series(10, 1009) n"); err != nil {
		t.Fatal(err)
	}
	before := sum(t, dsn)
	control := raw(t, dsn)
	sessions := func() (n int) {
		t.Helper()
		if err := control.QueryRow(context.Background(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	started, held, open := runtime.NumGoroutine(), heap(), sessions()
	var calls, timeouts, wrong atomic.Int64
	var peak atomic.Int64
	until := time.Now().Add(last)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := g; time.Now().Before(until); i++ {
				var err error
				switch i % 4 {
				case 0:
					var b book
					c := db.Call(ctx, oneBook, oneBook.SQL)
					c.ArgInt64(int64(1 + i%1000))
					if c.One() {
						b.read(c)
					}
					if err = c.End(); err == nil && b.ID != int64(1+i%1000) {
						wrong.Add(1)
					}
				case 1:
					n := 0
					c := db.Call(ctx, manyBooks, manyBooks.SQL)
					c.ArgInt64(50)
					for c.Next() {
						var b book
						b.read(c)
						n++
					}
					if err = c.End(); err == nil && n != 50 {
						wrong.Add(1)
					}
				case 2: // money goes from one account to another
					from := 10 + rand.Int64N(1000)
					to := 10 + rand.Int64N(1000)
					err = db.InTx(ctx, tx.Options{Repeatable: true}, func(q *Tx) error {
						if err := add(ctx, q, min(from, to), -1); err != nil {
							return err
						}
						return add(ctx, q, max(from, to), 1)
					})
				case 3: // somebody goes away
					short, cancel := context.WithTimeout(ctx, time.Duration(1+rand.IntN(3000))*time.Millisecond)
					_, err = holds(short, db, 10+rand.Int64N(1000))
					if errors.Is(err, context.DeadlineExceeded) {
						err = nil
					}
					cancel()
				}
				calls.Add(1)
				switch {
				case err == nil:
				case db.core.Fault(err).Kind == fault.PoolTimeout:
					timeouts.Add(1)
				default:
					if wrong.Add(1) < 10 {
						t.Error(err)
					}
				}
				if n := int64(db.Stats().Total); n > peak.Load() {
					peak.Store(n)
				}
			}
		})
	}
	wg.Wait()
	if wrong.Load() != 0 {
		t.Errorf("%d calls went wrong", wrong.Load())
	}
	if peak.Load() > 50 {
		t.Errorf("there were %d connections", peak.Load())
	}
	if s := db.Stats(); s.Busy != 0 || s.Waiting != 0 {
		t.Errorf("%+v", s)
	}
	if got := sum(t, dsn); got != before {
		t.Errorf("the accounts hold %d, before it %d", got, before)
	}
	end, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := db.Close(end); err != nil {
		t.Error(err)
	}
	for range 100 {
		if sessions() < open && runtime.NumGoroutine() <= started {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if n := sessions(); n >= open { // those of the handle are gone, which had one before
		t.Errorf("%d sessions are open, before it %d", n, open)
	}
	if n := runtime.NumGoroutine(); n > started {
		t.Errorf("%d goroutines, before it %d", n, started)
	}
	after := heap()
	if after > held+8<<20 {
		t.Errorf("%d KB of memory are in use, before it %d", after>>10, held>>10)
	}
	t.Logf("%d goroutines, %d calls in %v, %d waited too long, %d connections at most; memory %d KB, before it %d", goroutines, calls.Load(), last, timeouts.Load(), peak.Load(), after>>10, held>>10)
}
