package conformance

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/tx"
)

// How transactions and savepoints end.

var errMine = errors.New("the function's own")

func commits(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{}), t.Context()
	if err := db.InTx(ctx, tx.Options{}, func(s Tx) error {
		if err := s.Exec(ctx, q.set, 5, 1); err != nil {
			return err
		}
		expect(t, "within the transaction", n(t, s, q, 1), int64(5))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	expect(t, "after the commit", n(t, db, q, 1), int64(5))
}

func rollsBack(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{}), t.Context()
	err := db.InTx(ctx, tx.Options{}, func(s Tx) error {
		if err := s.Exec(ctx, q.set, 5, 1); err != nil {
			return err
		}
		return errMine
	})
	if !errors.Is(err, errMine) {
		t.Errorf("the function's error is lost: %v", err)
	}
	expect(t, "after the rollback", n(t, db, q, 1), int64(0))
}

func panics(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{Max: 1, Wait: time.Second}), t.Context()
	func() {
		defer func() { expect(t, "the panic", recover(), any("mine")) }()
		_ = db.InTx(ctx, tx.Options{}, func(s Tx) error {
			if err := s.Exec(ctx, q.set, 5, 1); err != nil {
				t.Error(err)
			}
			panic("mine")
		})
	}()
	expect(t, "after the panic", n(t, db, q, 1), int64(0))
	if err := db.Exec(ctx, q.set, 6, 1); err != nil {
		t.Errorf("the connection is not back: %v", err)
	}
}

func goexit(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{Max: 1, Wait: time.Second}), t.Context()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = db.InTx(ctx, tx.Options{}, func(s Tx) error {
			if err := s.Exec(ctx, q.set, 5, 1); err != nil {
				t.Error(err)
			}
			runtime.Goexit()
			return nil
		})
	}()
	<-ended
	expect(t, "after Goexit", n(t, db, q, 1), int64(0))
	if err := db.Exec(ctx, q.set, 6, 1); err != nil {
		t.Errorf("the connection is not back: %v", err)
	}
}

func byHand(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{}), t.Context()
	for i, end := range []func(Tx) error{func(s Tx) error { return s.Commit(ctx) }, func(s Tx) error { return s.Rollback(ctx) }} {
		s, err := db.Begin(ctx, tx.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Exec(ctx, q.set, 5+i, 1); err != nil {
			t.Fatal(err)
		}
		if err := end(s); err != nil {
			t.Fatal(err)
		}
		expect(t, "after the end", n(t, db, q, 1), int64(5))
	}
}

func savepoints(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{}), t.Context()
	var told []string
	tell := func(what string) func() { return func() { told = append(told, what) } }
	if err := db.InTx(ctx, tx.Options{}, func(a Tx) error {
		a.AfterCommit(tell("outer committed"))
		if err := a.Exec(ctx, q.set, 1, 1); err != nil {
			return err
		}
		err := a.InTx(ctx, tx.Options{}, func(b Tx) error { // taken back, with what is in it
			b.AfterCommit(tell("never"))
			b.AfterRollback(tell("inner taken back"))
			if err := b.Exec(ctx, q.set, 2, 1); err != nil {
				return err
			}
			if err := b.InTx(ctx, tx.Options{}, func(c Tx) error {
				c.AfterRollback(tell("innermost taken back"))
				return c.Exec(ctx, q.set, 3, 2)
			}); err != nil {
				return err
			}
			return errMine
		})
		if !errors.Is(err, errMine) {
			t.Errorf("the savepoint's error is lost: %v", err)
		}
		expect(t, "after the savepoint was taken back", n(t, a, q, 1), int64(1))
		expect(t, "what its own savepoint had kept", n(t, a, q, 2), int64(0))
		return a.InTx(ctx, tx.Options{}, func(b Tx) error { // stays
			b.AfterCommit(tell("inner committed"))
			return b.Exec(ctx, q.set, 7, 2)
		})
	}); err != nil {
		t.Fatal(err)
	}
	expect(t, "row 1", n(t, db, q, 1), int64(1))
	expect(t, "row 2", n(t, db, q, 2), int64(7))
	expect(t, "the hooks", strings.Join(told, ", "), "inner taken back, innermost taken back, outer committed, inner committed")
	if err := db.InTx(ctx, tx.Options{}, func(a Tx) error {
		return a.InTx(ctx, tx.Options{ReadOnly: true}, func(Tx) error { return nil })
	}); err == nil {
		t.Error("a savepoint took options")
	}
	func() { // a panic goes through both
		defer func() { _ = recover() }()
		_ = db.InTx(ctx, tx.Options{}, func(a Tx) error {
			_ = a.Exec(ctx, q.set, 9, 1)
			return a.InTx(ctx, tx.Options{}, func(Tx) error { panic("mine") })
		})
	}()
	expect(t, "after a panic in a savepoint", n(t, db, q, 1), int64(1))
}

func outerWhileInner(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{}), t.Context()
	if err := db.InTx(ctx, tx.Options{}, func(a Tx) error {
		b, err := a.Savepoint(ctx)
		if err != nil {
			return err
		}
		if err := a.Exec(ctx, q.set, 1, 1); err == nil {
			t.Error("the transaction's own handle ran a statement within its savepoint")
		}
		if err := a.ExecText(ctx, "UPDATE item SET n = 1 WHERE id = 1"); err == nil {
			t.Error("so it did by the ordinary way")
		}
		if err := a.Commit(ctx); err == nil {
			t.Error("the transaction was committed with its savepoint open")
		}
		if err := b.Exec(ctx, q.set, 2, 2); err != nil {
			return err
		}
		if err := b.Commit(ctx); err != nil {
			return err
		}
		if err := b.Exec(ctx, q.set, 3, 2); !errors.Is(err, tx.ErrDone) {
			t.Errorf("a savepoint that has ended ran a statement: %v", err)
		}
		return a.Exec(ctx, q.set, 4, 1)
	}); err != nil {
		t.Fatal(err)
	}
	expect(t, "row 1", n(t, db, q, 1), int64(4))
	expect(t, "row 2", n(t, db, q, 2), int64(2))
}

// outerEndsFirst: a savepoint whose transaction was taken back has no connection any more, which is another's by then.
func outerEndsFirst(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{Max: 1}), t.Context()
	var told []string
	a, err := db.Begin(ctx, tx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := a.Savepoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	c, err := b.Savepoint(ctx)
	if err != nil {
		t.Fatal(err)
	}
	a.AfterRollback(func() { told = append(told, "a") })
	b.AfterRollback(func() { told = append(told, "b") })
	c.AfterRollback(func() { told = append(told, "c") })
	if err := a.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	expect(t, "the hooks", strings.Join(told, ", "), "a, b, c")
	if err := db.InTx(ctx, tx.Options{}, func(other Tx) error { // on the same connection
		if err := other.Exec(ctx, q.set, 7, 1); err != nil {
			return err
		}
		d, err := other.Savepoint(ctx)
		if err != nil {
			return err
		}
		if err := d.Exec(ctx, q.set, 7, 2); err != nil {
			return err
		}
		for _, s := range []Tx{b, c} {
			if err := s.Exec(ctx, q.set, 8, 1); !errors.Is(err, tx.ErrDone) {
				t.Errorf("a savepoint whose transaction has ended ran a statement: %v", err)
			}
			if err := s.ExecText(ctx, "UPDATE item SET n = 8 WHERE id = 1"); !errors.Is(err, tx.ErrDone) {
				t.Errorf("so it did by the ordinary way: %v", err)
			}
			if err := s.Commit(ctx); !errors.Is(err, tx.ErrDone) {
				t.Errorf("it was committed: %v", err)
			}
			if err := s.Rollback(ctx); err != nil {
				t.Error(err)
			}
		}
		return d.Commit(ctx)
	}); err != nil {
		t.Fatal(err)
	}
	expect(t, "row 1", n(t, db, q, 1), int64(7))
	expect(t, "row 2", n(t, db, q, 2), int64(7))
	expect(t, "the hooks, at last", strings.Join(told, ", "), "a, b, c")
}

// endedByHand: what fn committed itself is not run again, whatever error it gives after.
func endedByHand(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{}), t.Context()
	again := &fault.Error{Fault: fault.Fault{Kind: fault.Serialization, Outcome: fault.NotDone, Again: true}, Err: errMine}
	for _, commit := range []bool{true, false} {
		tries := 0
		err := db.InTx(ctx, tx.Options{Repeatable: true, Tries: 2}, func(s Tx) error {
			tries++
			if err := s.Exec(ctx, q.set, tries, 1); err != nil {
				return err
			}
			end := s.Rollback
			if commit {
				end = s.Commit
			}
			if err := end(ctx); err != nil {
				return err
			}
			return again
		})
		if !errors.Is(err, errMine) {
			t.Error(err)
		}
		expect(t, "tries", tries, map[bool]int{true: 1, false: 2}[commit])
		expect(t, "row 1", n(t, db, q, 1), int64(1))
	}
}

func done(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{}), t.Context()
	for _, commit := range []bool{true, false} {
		s, err := db.Begin(ctx, tx.Options{})
		if err != nil {
			t.Fatal(err)
		}
		end := s.Rollback
		if commit {
			end = s.Commit
		}
		if err := end(ctx); err != nil {
			t.Fatal(err)
		}
		if err := s.Exec(ctx, q.set, 1, 1); !errors.Is(err, tx.ErrDone) {
			t.Errorf("Exec after the end: %v", err)
		}
		if _, err := s.IntText(ctx, "SELECT count(*) FROM item"); !errors.Is(err, tx.ErrDone) {
			t.Errorf("the ordinary way after the end: %v", err)
		}
		if err := s.ExecText(ctx, "DELETE FROM item"); !errors.Is(err, tx.ErrDone) {
			t.Errorf("the ordinary way after the end: %v", err)
		}
		if err := s.Commit(ctx); !errors.Is(err, tx.ErrDone) {
			t.Errorf("Commit after the end: %v", err)
		}
		if err := s.Rollback(ctx); err != nil {
			t.Errorf("Rollback after the end: %v", err)
		}
		if _, err := s.Savepoint(ctx); !errors.Is(err, tx.ErrDone) {
			t.Errorf("Savepoint after the end: %v", err)
		}
	}
	expect(t, "row 1", n(t, db, q, 1), int64(0))
}

func hooks(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{}), t.Context()
	for _, fail := range []error{nil, errMine} {
		committed, back := 0, 0
		err := db.InTx(ctx, tx.Options{}, func(s Tx) error {
			s.AfterCommit(func() {
				committed++
				if _, err := db.Int(ctx, q.get, 1); err != nil { // the connection is back by then
					t.Error(err)
				}
			})
			s.AfterRollback(func() { back++ })
			return fail
		})
		if !errors.Is(err, fail) {
			t.Error(err)
		}
		want := [2]int{1, 0}
		if fail != nil {
			want = [2]int{0, 1}
		}
		expect(t, "hooks after commit and after rollback", [2]int{committed, back}, want)
	}
}

func failedStatement(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{}), t.Context()
	// An error that fn swallows leaves the rest in the engine's hands: what is told as committed is there, what is not is not.
	err := db.InTx(ctx, tx.Options{}, func(s Tx) error {
		if err := s.Exec(ctx, q.set, 5, 1); err != nil {
			return err
		}
		if err := s.Exec(ctx, q.insert, 1, 1); db.Fault(err).Kind != fault.Unique {
			t.Errorf("a key that is there already: %v, %v", db.Fault(err).Kind, err)
		}
		return nil
	})
	want := int64(5)
	if err != nil {
		want = 0
		if !errors.Is(err, tx.ErrRolledBack) {
			t.Errorf("it was not committed, and the error does not say so: %v", err)
		}
	}
	expect(t, "row 1", n(t, db, q, 1), want)
	// In a savepoint it can be gone round on every engine.
	if err := db.InTx(ctx, tx.Options{}, func(s Tx) error {
		if err := s.Exec(ctx, q.set, 6, 1); err != nil {
			return err
		}
		if err := s.InTx(ctx, tx.Options{}, func(p Tx) error { return p.Exec(ctx, q.insert, 1, 1) }); err == nil {
			t.Error("a key that is there already was inserted")
		}
		return s.Exec(ctx, q.set, 7, 2)
	}); err != nil {
		t.Fatal(err)
	}
	expect(t, "row 1", n(t, db, q, 1), int64(6))
	expect(t, "row 2", n(t, db, q, 2), int64(7))
}

func retry(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{}), t.Context()
	again := &fault.Error{Fault: fault.Fault{Kind: fault.Serialization, Outcome: fault.NotDone, Again: true}, Err: errors.New("could not be put in order")}
	for _, c := range []struct {
		what  string
		o     tx.Options
		run   func(Tx, int) error
		fails error
		tries int
	}{
		{"a query that reads", tx.Options{}, func(s Tx, _ int) error { _, err := s.Int(ctx, q.get, 1); return err }, again, 3},
		{"a query that is safe to run twice", tx.Options{}, func(s Tx, _ int) error { return s.Exec(ctx, q.set, 1, 1) }, again, 3},
		{"a query that is not", tx.Options{}, func(s Tx, try int) error { return s.Exec(ctx, q.insert, 10+try, 1) }, again, 1},
		{"one that is not, but the author says so", tx.Options{Repeatable: true}, func(s Tx, try int) error { return s.Exec(ctx, q.insert, 20+try, 1) }, again, 3},
		{"a text that nobody knows", tx.Options{}, func(s Tx, _ int) error { return s.ExecText(ctx, "UPDATE item SET n = n") }, again, 1},
		{"an error that is not for others' sake", tx.Options{Repeatable: true}, func(s Tx, _ int) error { return nil }, errMine, 1},
		{"no more tries than are let", tx.Options{Tries: 2}, func(s Tx, _ int) error { _, err := s.Int(ctx, q.get, 1); return err }, again, 2},
	} {
		tries, hooks := 0, 0
		err := db.InTx(ctx, c.o, func(s Tx) error {
			tries++
			s.AfterCommit(func() { hooks++ })
			if err := c.run(s, tries); err != nil {
				return err
			}
			if tries < 3 {
				return c.fails
			}
			return nil
		})
		if tries != c.tries || (err == nil) != (c.tries == 3) {
			t.Errorf("%s: %d tries, not %d: %v", c.what, tries, c.tries, err)
		}
		if err != nil && !errors.Is(err, c.fails) || err == nil && hooks != 1 {
			t.Errorf("%s: %v, %d hooks", c.what, err, hooks)
		}
	}
	rows, err := db.Int(ctx, q.count)
	if err != nil || rows != 3 { // 1, 2 and 23
		t.Errorf("%d rows are left, not 3: %v", rows, err)
	}
}

func canceled(t *testing.T, target *Target, q queries) {
	db := target.open(t, q, Options{Max: 1, Wait: 2 * time.Second})
	ctx, cancel := context.WithCancel(t.Context())
	err := db.InTx(ctx, tx.Options{}, func(s Tx) error {
		if err := s.Exec(ctx, q.set, 5, 1); err != nil {
			return err
		}
		cancel()
		return s.Exec(ctx, q.set, 6, 2)
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the context's end: %v", err)
	}
	expect(t, "row 1", n(t, db, q, 1), int64(0))

	ctx, cancel = context.WithCancel(t.Context())
	err = db.InTx(ctx, tx.Options{}, func(s Tx) error {
		defer cancel()
		return s.Exec(ctx, q.set, 5, 1)
	})
	if v := n(t, db, q, 1); (err == nil) != (v == 5) {
		t.Errorf("the context ended before the commit: told %v, and the row has %d", err, v)
	}
	cancel()
	if err := db.Exec(ctx, q.set, 7, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that has ended: %v", err)
	}
	if err := db.Exec(t.Context(), q.set, 8, 1); err != nil {
		t.Errorf("the connection is of no use any more: %v", err)
	}
}

func interrupted(t *testing.T, target *Target, q queries) {
	db := target.open(t, q, Options{})
	run := map[string]func(context.Context) error{
		"direct": func(ctx context.Context) error { _, err := db.Int(ctx, q.sleep); return err },
		"in a transaction": func(ctx context.Context) error {
			return db.InTx(ctx, tx.Options{}, func(s Tx) error { _, err := s.Int(ctx, q.sleep); return err })
		},
		"ordinary": func(ctx context.Context) error { _, err := db.IntText(ctx, q.sleep.SQL); return err },
	}
	for what, fn := range run {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		start := time.Now()
		err := fn(ctx)
		cancel()
		if took := time.Since(start); took > 4*time.Second || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: ended after %s: %v", what, took, err)
		}
		if _, err := db.Int(t.Context(), q.get, 1); err != nil {
			t.Errorf("%s: afterwards: %v", what, err)
		}
	}
}

func token(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{}), t.Context()
	for range 2 {
		if err := db.CreateCommitTable(ctx); err != nil {
			t.Fatal(err)
		}
	}
	run := func(s Tx) error { return s.Exec(ctx, q.set, 5, 1) }
	if err := db.InTx(ctx, tx.Options{Token: "a"}, run); err != nil {
		t.Fatal(err)
	}
	if err := db.InTx(ctx, tx.Options{Token: "a"}, func(s Tx) error { return s.Exec(ctx, q.set, 6, 1) }); err == nil {
		t.Error("a token was taken twice")
	}
	expect(t, "row 1", n(t, db, q, 1), int64(5))
}
