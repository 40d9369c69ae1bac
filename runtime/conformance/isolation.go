package conformance

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/tx"
)

// What transactions are kept apart from.

func readOnly(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{Max: 1, Wait: 2 * time.Second}), t.Context()
	for _, write := range map[string]func(Tx) error{
		"direct":   func(s Tx) error { return s.Exec(ctx, q.set, 5, 1) },
		"ordinary": func(s Tx) error { return s.ExecText(ctx, "UPDATE item SET n = 5") },
		"insert":   func(s Tx) error { return s.Exec(ctx, q.insert, 9, 9) },
	} {
		err := db.InTx(ctx, tx.Options{ReadOnly: true}, func(s Tx) error {
			expect(t, "a read", n(t, s, q, 1), int64(0))
			return write(s)
		})
		if db.Fault(err).Kind != fault.ReadOnly {
			t.Errorf("a write in a read-only transaction: %v, %v", db.Fault(err).Kind, err)
		}
	}
	expect(t, "row 1", n(t, db, q, 1), int64(0))
	if err := db.Exec(ctx, q.set, 5, 1); err != nil {
		t.Errorf("the connection stayed read-only: %v", err)
	}
	if err := db.InTx(ctx, tx.Options{}, func(s Tx) error { return s.Exec(ctx, q.set, 6, 1) }); err != nil {
		t.Errorf("the next transaction is read-only: %v", err)
	}
	// What it reads is of one moment.
	if err := db.InTx(ctx, tx.Options{ReadOnly: true, Isolation: tx.Serializable}, func(s Tx) error { _, err := s.Int(ctx, q.count); return err }); err != nil {
		t.Error(err)
	}
}

func deferrable(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{Max: 1, Wait: 2 * time.Second}), t.Context()
	err := db.InTx(ctx, tx.Options{Isolation: tx.Serializable, ReadOnly: true, Deferrable: true}, func(s Tx) error {
		_, err := s.Int(ctx, q.count)
		return err
	})
	if (err == nil) != target.Deferrable {
		t.Errorf("a deferrable transaction: %v", err)
	}
	if _, err := db.Int(ctx, q.count); err != nil {
		t.Errorf("the connection is not back: %v", err)
	}
}

func levels(t *testing.T, target *Target, q queries) {
	db, ctx := target.open(t, q, Options{Max: 1, Wait: 2 * time.Second}), t.Context()
	for level := tx.Default; level <= tx.Serializable; level++ {
		says, ok := target.Levels[level]
		if !ok {
			t.Errorf("nothing is said of %s", level)
			continue
		}
		err := db.InTx(ctx, tx.Options{Isolation: level}, func(s Tx) error { _, err := s.Int(ctx, q.count); return err })
		if (err != nil) != says.Refused {
			t.Errorf("%s: %v", level, err)
		}
		if _, err := db.Int(ctx, q.count); err != nil { // what was refused has its connection back
			t.Errorf("after %s: %v", level, err)
		}
	}
}

// actor is a transaction of its own goroutine: its steps are run in order, and one that waits for another transaction is left
// waiting.
type actor struct {
	steps chan func(Tx) error
	ended chan error
	ran   chan struct{}
}

func act(db DB, o tx.Options) *actor {
	a := &actor{steps: make(chan func(Tx) error, 8), ended: make(chan error, 1), ran: make(chan struct{}, 8)}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		o.Tries = 1
		a.ended <- db.InTx(ctx, o, func(s Tx) error {
			for step := range a.steps {
				if err := step(s); err != nil {
					return err
				}
				a.ran <- struct{}{}
			}
			return nil
		})
	}()
	return a
}

// step has the actor go one step; it waits for it, unless the step waits for somebody else.
func (a *actor) step(fn func(Tx) error) {
	a.steps <- fn
	select {
	case <-a.ran:
	case err := <-a.ended:
		a.ended <- err
	case <-time.After(250 * time.Millisecond):
	}
}

// end has it end after its steps.
func (a *actor) end() { close(a.steps) }

// result waits for its end.
func (a *actor) result() error { return <-a.ended }

func anomalies(t *testing.T, target *Target, q queries) {
	ctx := t.Context()
	scenes := map[Anomaly]func(t *testing.T, db DB, o tx.Options) bool{
		DirtyRead: func(_ *testing.T, db DB, o tx.Options) bool {
			var seen int64
			a, b := act(db, o), act(db, o)
			a.step(func(s Tx) error { return s.Exec(ctx, q.set, 5, 1) })
			b.step(func(s Tx) (err error) { seen, err = s.Int(ctx, q.get, 1); return err })
			a.step(func(Tx) error { return errMine })
			b.end()
			_, err := a.result(), b.result()
			return err == nil && seen == 5
		},
		NonRepeatable: func(_ *testing.T, db DB, o tx.Options) bool {
			var first, second int64
			a, b := act(db, o), act(db, o)
			a.step(func(s Tx) (err error) { first, err = s.Int(ctx, q.get, 1); return err })
			b.step(func(s Tx) error { return s.Exec(ctx, q.set, 5, 1) })
			b.end()
			time.Sleep(100 * time.Millisecond)
			a.step(func(s Tx) (err error) { second, err = s.Int(ctx, q.get, 1); return err })
			a.end()
			err, _ := a.result(), b.result()
			return err == nil && first != second
		},
		LostUpdate: func(t *testing.T, db DB, o tx.Options) bool {
			var seen [2]int64
			actors := []*actor{act(db, o), act(db, o)}
			for i, a := range actors {
				a.step(func(s Tx) (err error) { seen[i], err = s.Int(ctx, q.get, 1); return err })
			}
			for i, a := range actors {
				a.step(func(s Tx) error { return s.Exec(ctx, q.set, seen[i]+1, 1) })
				a.end()
			}
			a, b := actors[0].result(), actors[1].result()
			return a == nil && b == nil && n(t, db, q, 1) == 1
		},
		WriteSkew: func(t *testing.T, db DB, o tx.Options) bool {
			for id := range 2 {
				if err := db.Exec(ctx, q.set, 1, id+1); err != nil {
					t.Fatal(err)
				}
			}
			var seen [2]int64
			actors := []*actor{act(db, o), act(db, o)}
			for i, a := range actors {
				a.step(func(s Tx) (err error) { seen[i], err = s.Int(ctx, q.sum); return err })
			}
			for i, a := range actors { // one of the two has to stay
				a.step(func(s Tx) error {
					if seen[i] < 2 {
						return nil
					}
					return s.Exec(ctx, q.set, 0, i+1)
				})
				a.end()
			}
			a, b := actors[0].result(), actors[1].result()
			return a == nil && b == nil && n(t, db, q, 1)+n(t, db, q, 2) == 0
		},
	}
	for level := tx.Default; level <= tx.Serializable; level++ {
		says := target.Levels[level]
		if says.Refused {
			continue
		}
		for _, what := range []Anomaly{DirtyRead, NonRepeatable, LostUpdate, WriteSkew} {
			t.Run(level.String()+"/"+string(what), func(t *testing.T) {
				t.Parallel()
				db := target.open(t, q, Options{})
				if got, want := scenes[what](t, db, tx.Options{Isolation: level}), slices.Contains(says.Lets, what); got != want {
					t.Errorf("happens: %v; the engine's table says %v", got, want)
				}
			})
		}
	}
}
