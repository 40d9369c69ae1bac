package conformance

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/pool"
	"github.com/covetsql/covetsql/runtime/tx"
)

// What holds connections, and who is told.

func ordinaryWay(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{}), t.Context()
	one := target.Arg(1)
	if err := db.ExecText(ctx, "UPDATE item SET n = "+one+" WHERE id = 1", 5); err != nil {
		t.Fatal(err)
	}
	if err := db.InTx(ctx, tx.Options{}, func(s Tx) error {
		v, err := s.IntText(ctx, "SELECT n FROM item WHERE id = "+one, 1)
		expect(t, "by the ordinary way in a transaction", v, int64(5))
		if err != nil {
			return err
		}
		if err := s.ExecText(ctx, "UPDATE item SET n = 6 WHERE id = 1"); err != nil {
			return err
		}
		expect(t, "the direct way sees it", n(t, s, q, 1), int64(6)) // they are one transaction
		return errMine
	}); !errors.Is(err, errMine) {
		t.Fatal(err)
	}
	v, err := db.IntText(ctx, "SELECT n FROM item WHERE id = "+one, 1)
	if err != nil || v != 5 {
		t.Errorf("after the rollback: %d, %v", v, err)
	}
}

func rowsLeftOpen(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{Max: 1, Wait: 2 * time.Second}), t.Context()
	for range 3 { // a loop that is left early gives its connection back
		seen := 0
		if err := db.Each(ctx, q.ids, func(int64) bool { seen++; return false }); err != nil || seen != 1 {
			t.Fatal(seen, err)
		}
	}
	if err := db.InTx(ctx, tx.Options{}, func(s Tx) error {
		if err := s.Each(ctx, q.ids, func(int64) bool { return false }); err != nil {
			return err
		}
		return s.Exec(ctx, q.set, 5, 1)
	}); err != nil {
		t.Fatal(err)
	}
	// A query within the loop over another's rows, on the same connection: it runs, or is refused, and neither's rows are mixed up.
	var ids []int64
	err := db.InTx(ctx, tx.Options{}, func(s Tx) error {
		return s.Each(ctx, q.ids, func(id int64) bool {
			ids = append(ids, id)
			if v, err := s.Int(ctx, q.get, id); err == nil && v != map[int64]int64{1: 5, 2: 0}[id] {
				t.Errorf("row %d has %d", id, v)
			}
			return true
		})
	})
	if err == nil && fmt.Sprint(ids) != "[1 2]" {
		t.Errorf("the rows were %v", ids)
	}
	expect(t, "afterwards", n(t, db, q, 1), int64(5))
}

func held(t *testing.T, target *Target, q queries) {
	var log journal
	db, ctx := target.open(t, q, Options{Held: 50 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(&log, nil))}), t.Context()
	s, err := db.Begin(ctx, tx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !soon(func() bool {
		return strings.Contains(log.String(), "held") && strings.Contains(log.String(), "_test.go:")
	}) {
		t.Errorf("a transaction that is held is not told of with its place: %s", log.String())
	}
	if err := s.Rollback(ctx); err != nil {
		t.Error(err)
	}
}

func lost(t *testing.T, target *Target, q queries) {
	var log journal
	db, ctx := target.open(t, q, Options{Max: 1, Wait: 10 * time.Second, Logger: slog.New(slog.NewTextHandler(&log, nil))}), t.Context()
	func() {
		s, err := db.Begin(ctx, tx.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Exec(ctx, q.set, 5, 1); err != nil {
			t.Fatal(err)
		}
	}()
	if !soon(func() bool { runtime.GC(); return strings.Contains(log.String(), "lost") }) {
		t.Fatalf("a transaction that nobody has any more is not told of: %s", log.String())
	}
	if !strings.Contains(log.String(), "_test.go:") {
		t.Errorf("its place is not told: %s", log.String())
	}
	expect(t, "what it did", n(t, db, q, 1), int64(0))
	if err := db.Exec(ctx, q.set, 6, 1); err != nil {
		t.Errorf("its connection is not back: %v", err)
	}
}

func poolTimeout(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{Max: 1, Wait: 50 * time.Millisecond}), t.Context()
	s, err := db.Begin(ctx, tx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Rollback(ctx) }()
	err = db.Exec(ctx, q.set, 5, 1)
	if !errors.Is(err, pool.ErrTimeout) || db.Fault(err).Kind != fault.PoolTimeout || !strings.Contains(err.Error(), "a transaction opened by") || !strings.Contains(err.Error(), "_test.go:") {
		t.Errorf("who holds the connection is not told: %v", err)
	}
	if _, err := db.Begin(ctx, tx.Options{}); !errors.Is(err, pool.ErrTimeout) {
		t.Errorf("a second transaction: %v", err)
	}
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	if err := db.Exec(short, q.set, 5, 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a context that ends before: %v", err)
	}
}

func classes(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{Wait: 50 * time.Millisecond, Classes: map[string]int{"reports": 1}}), t.Context()
	within := false
	if err := db.Each(ctx, q.classed, func(int64) bool {
		within = true
		err := db.Each(ctx, q.classed, func(int64) bool { return true })
		if !errors.Is(err, pool.ErrTimeout) || !strings.Contains(err.Error(), "reports") {
			t.Errorf("a second query of a class with one connection: %v", err)
		}
		if _, err := db.Int(ctx, q.count); err != nil {
			t.Errorf("another class waits too: %v", err)
		}
		return false
	}); err != nil || !within {
		t.Fatal(within, err)
	}
	if err := db.Each(ctx, q.classed, func(int64) bool { return true }); err != nil {
		t.Errorf("its place is not free again: %v", err)
	}
}

func closing(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{}), t.Context()
	s, err := db.Begin(ctx, tx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	if err := db.Close(short); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "_test.go:") {
		t.Errorf("Close with a connection out does not tell who has it: %v", err)
	}
	if _, err := db.Int(ctx, q.count); !errors.Is(err, pool.ErrClosed) {
		t.Errorf("a query after Close: %v", err)
	}
	if err := s.Exec(ctx, q.set, 5, 1); err != nil {
		t.Errorf("the transaction that was open can't go on: %v", err)
	}
	if err := s.Commit(ctx); err != nil {
		t.Error(err)
	}
	if err := db.Close(ctx); err != nil {
		t.Errorf("Close after it: %v", err)
	}
}

func concurrent(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{Wait: 20 * time.Second}), t.Context()
	const workers, times = 8, 20
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range times {
				id := 100 + w*times + i
				if err := db.InTx(ctx, tx.Options{}, func(s Tx) error {
					if err := s.Exec(ctx, q.insert, id, w); err != nil {
						return err
					}
					v, err := s.Int(ctx, q.get, id)
					if err == nil && v != int64(w) {
						err = fmt.Errorf("row %d has %d, not %d", id, v, w)
					}
					return err
				}); err != nil {
					t.Error(err)
				}
				if v, err := db.Int(ctx, q.get, id); err != nil || v != int64(w) {
					t.Errorf("row %d has %d, not %d: %v", id, v, w, err)
				}
			}
		})
	}
	wg.Wait()
	rows, err := db.Int(ctx, q.count)
	if err != nil || rows != 2+workers*times {
		t.Errorf("%d rows: %v", rows, err)
	}
}
