package runtime

import (
	"context"
	"errors"
	"fmt"
	stdruntime "runtime"
	"slices"
	"time"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/pool"
	"github.com/covetsql/covetsql/runtime/tx"
)

// endTime is how long the end of a transaction may take after its context ended: the server's locks are not left to time-outs.
const endTime = 5 * time.Second

// Tx is a transaction, or a savepoint in one. It is used by one goroutine at a time.
type Tx[C Conn] struct {
	db    *DB[C]
	conn  *pool.Conn[C]
	depth int // 0: the transaction itself
	outer *Tx[C]
	inner *Tx[C] // the savepoint in it that is open
	done  bool
	as    ending
	state *state
	// after the end
	committed, rolledBack []func()
	cleanup               stdruntime.Cleanup
}

// ending is how a transaction ended.
type ending uint8

const (
	takenBack ending = iota // or it is open still
	committed
	unknown // it may be committed
)

// state is what a transaction and its savepoints have in common.
type state struct {
	touched []string // tables that were written, and may be after the end
	unsafe  bool     // a query ran that may not be run twice, or one that nobody knows
	half    error    // a statement failed so that what came before may be lost
	depth   int      // of the savepoint within which it did
	marked  bool     // its token was noted
}

// Begin begins a transaction that is in the caller's hands: it ends by Commit or Rollback, or the runtime tells of it. InTx is safer.
func (d *DB[C]) Begin(ctx context.Context, o tx.Options) (*Tx[C], error) {
	c, err := d.router.Route(d.topology.Load(), nil, !o.ReadOnly).Get(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("covetsql: the transaction is not begun: %w", err)
	}
	site := pool.Here("a transaction")
	c.Opened(site)
	if err := c.C.Begin(ctx, o); err != nil {
		c.Put(c.C.Gone())
		return nil, fmt.Errorf("covetsql: the transaction is not begun: %w", err)
	}
	t := &Tx[C]{db: d, conn: c, state: &state{}}
	t.cleanup = stdruntime.AddCleanup(t, d.lost, lostTx[C]{c, site, t.state})
	return t, nil
}

// lostTx is what is left of a transaction that nobody can end any more.
type lostTx[C Conn] struct {
	conn *pool.Conn[C]
	site *pool.Site
	*state
}

// lost takes back a transaction that went to the garbage collector with its connection.
func (d *DB[C]) lost(l lostTx[C]) {
	d.log.Error("covetsql: a transaction was lost: it was neither committed nor rolled back before it went out of use", "opened", l.site.String())
	l.conn.Put(true)               // the server takes back what was open
	d.cache.TouchTables(l.touched) // but not what a statement of its text ended before
}

// Conn is the transaction's connection.
func (t *Tx[C]) Conn() (C, error) {
	switch {
	case t.done:
		var none C
		return none, tx.ErrDone
	case t.inner != nil:
		var none C
		return none, errors.New("covetsql: a savepoint of the transaction is open: use its own handle until it ends")
	}
	return t.conn.C, nil
}

// Runs notes that a query runs in the transaction; nil is one that nobody knows.
func (t *Tx[C]) Runs(q *plan.Query) {
	t.conn.Runs(q)
	switch {
	case q == nil:
		t.state.touched = append(t.state.touched, "*")
	case len(q.Touches) > 0:
		t.state.touched = append(t.state.touched, q.Touches...)
	}
	if q == nil || !tx.Safe(q) {
		t.state.unsafe = true
	}
}

// Failed notes that a statement of the transaction failed. Where the engine took back more than the statement, or would commit the rest
// without it, the transaction can't be committed any more.
func (t *Tx[C]) Failed(err error) {
	if f := t.db.Fault(err); slices.Contains(t.db.engine.HalfDone, f.Kind) && t.state.half == nil {
		t.state.half, t.state.depth = err, t.depth
		if f.Kind == fault.Deadlock || f.Kind == fault.Serialization {
			t.state.depth = 0 // the server took back the whole
		}
	}
}

// AfterCommit has fn run once the transaction is committed; in a savepoint, once the whole is. It is not run where the savepoint or the
// transaction is taken back.
func (t *Tx[C]) AfterCommit(fn func()) { t.committed = append(t.committed, fn) }

// AfterRollback has fn run once the transaction, or the savepoint, was taken back.
func (t *Tx[C]) AfterRollback(fn func()) { t.rolledBack = append(t.rolledBack, fn) }

// Commit ends the transaction; a savepoint's work becomes its transaction's.
func (t *Tx[C]) Commit(ctx context.Context) error {
	if t.done {
		return tx.ErrDone
	}
	if t.inner != nil {
		return errors.New("covetsql: a savepoint of the transaction is open: end it before")
	}
	if half := t.state.half; half != nil && t.state.depth <= t.depth {
		if err := t.Rollback(ctx); err != nil {
			return fmt.Errorf("%w: %w; and the rollback failed: %w", tx.ErrRolledBack, half, err)
		}
		return &fault.Error{Fault: t.db.Fault(half), Err: fmt.Errorf("%w: %w", tx.ErrRolledBack, half)}
	}
	if t.depth > 0 {
		return t.release(ctx)
	}
	err := t.conn.C.Commit(ctx)
	switch {
	case err == nil:
		t.end(committed)
		return nil
	case errors.Is(err, tx.ErrRolledBack):
		t.end(takenBack)
		return err
	}
	f := t.db.Fault(err)
	if f.Outcome == fault.Unknown && f.Kind != fault.Other || t.conn.C.Gone() && f.Outcome == fault.Unknown {
		t.as = unknown
		t.finish()
		return &fault.Error{Fault: fault.Fault{Kind: f.Kind, Outcome: fault.Unknown, Gone: true}, Err: fmt.Errorf("%w: %w", tx.ErrCommitUnknown, err)}
	}
	ctx, cancel := outlast(ctx)
	defer cancel()
	_ = t.conn.C.Rollback(ctx)
	t.end(takenBack)
	return err
}

// release ends a savepoint whose work stays.
func (t *Tx[C]) release(ctx context.Context) error {
	if err := t.conn.C.Release(ctx, t.depth); err != nil {
		t.Failed(err)
		return err
	}
	t.done, t.outer.inner = true, nil
	t.outer.committed = append(t.outer.committed, t.committed...)
	t.outer.rolledBack = append(t.outer.rolledBack, t.rolledBack...)
	return nil
}

// Rollback takes the transaction back; of a savepoint, what was done since. After the end it does nothing.
func (t *Tx[C]) Rollback(ctx context.Context) error {
	if t.done {
		return nil
	}
	ctx, cancel := outlast(ctx)
	defer cancel()
	if t.depth > 0 {
		if err := t.back(ctx); err != nil {
			return err
		}
		t.drop()
		t.done, t.outer.inner = true, nil
		if t.state.half != nil && t.state.depth >= t.depth {
			t.state.half = nil // it is taken back with all that it may have lost
		}
		run(t.rolledBack)
		return nil
	}
	err := t.conn.C.Rollback(ctx)
	t.end(takenBack)
	if err != nil && t.db.Fault(err).Gone {
		return nil // the server takes back what a connection leaves that goes
	}
	return err
}

// back takes a savepoint's work back.
func (t *Tx[C]) back(ctx context.Context) error {
	if err := t.conn.C.RollbackTo(ctx, t.depth); err != nil {
		return err
	}
	return t.conn.C.Release(ctx, t.depth)
}

// end gives the connection back and runs what waited for the end.
func (t *Tx[C]) end(as ending) {
	t.as = as
	t.finish()
	t.tell(as)
}

// tell runs what waited for the end.
func (t *Tx[C]) tell(as ending) {
	switch as {
	case committed:
		run(t.committed)
	case takenBack:
		run(t.rolledBack)
	}
}

// drop ends the savepoints that are open as what they are in is taken back: their handles have no connection any more.
func (t *Tx[C]) drop() {
	for s := t.inner; s != nil; s = s.inner {
		s.done = true
		t.rolledBack = append(t.rolledBack, s.rolledBack...)
	}
	t.inner = nil
}

func (t *Tx[C]) finish() {
	if t.done {
		return
	}
	t.done = true
	t.drop()
	// Also where the end is not known, or was a rollback by a server that may have done some of it (MySQL's DDL).
	t.db.cache.TouchTables(t.state.touched)
	t.cleanup.Stop()
	t.conn.Put(t.conn.C.Gone())
}

func run(list []func()) {
	for _, fn := range list {
		fn()
	}
}

// outlast is a context for the end of a transaction: one that ended already does not keep it from ending.
func outlast(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), endTime)
}
