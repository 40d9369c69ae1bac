package runtime

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/metrics"
	"github.com/covetsql/covetsql/runtime/tx"
)

// defaultTries is how often a transaction is run at most.
const defaultTries = 10

// InTx runs fn in a transaction, which is committed where fn gives no error, and taken back where it gives one or panics. A transaction that
// the server took back for others' sake (a deadlock, a serialization failure, SQLite's busy) is run again from its start after a pause
// that grows and varies, where it may be: all queries that it ran are safe to run twice, or Options.Repeatable says so.
//
// Errors: fn's own; tx.ErrCommitUnknown where the connection was lost while it was committed; tx.ErrRolledBack where a statement
// had failed so that nothing can be committed, and fn gave no error.
func (d *DB[C]) InTx(ctx context.Context, o tx.Options, fn func(*Tx[C]) error) error {
	start := time.Now()
	tries := o.Tries
	if tries <= 0 {
		tries = defaultTries
	}
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.Multiplier, pause.MaxInterval = 5*time.Millisecond, 2, time.Second
	for n := 1; ; n++ {
		t, err := d.once(ctx, o, fn)
		outcome, safe := metrics.RolledBack, true
		if t != nil {
			safe = !t.state.unsafe
			if t.as == unknown && t.state.marked {
				var known bool
				if known, err = d.resolve(ctx, o.Token, err); err == nil {
					if t.as = committed; !known {
						// The same as any other try that the server took back.
						t.as, err = takenBack, &fault.Error{Fault: fault.Fault{Kind: fault.ConnectionLost, Outcome: fault.NotDone, Again: true},
							Err: errors.New("covetsql: the connection was lost while the transaction was committed, and it was not")}
					}
					t.tell(t.as)
				}
			}
			// Where fn ended it by hand its error says nothing of the end.
			outcome = [...]metrics.Outcome{takenBack: metrics.RolledBack, committed: metrics.Committed, unknown: metrics.CommitUnknown}[t.as]
		}
		if err != nil && outcome == metrics.RolledBack && n < tries && (safe || o.Repeatable) && d.Fault(err).Again && ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-time.After(pause.NextBackOff()):
				continue
			}
		}
		d.monitor.Transaction(outcome, time.Since(start), n)
		if err != nil && n > 1 {
			err = fmt.Errorf("%w (after %d tries)", err, n)
		}
		return err
	}
}

// once runs fn in a transaction once; where none began, it gives none.
func (d *DB[C]) once(ctx context.Context, o tx.Options, fn func(*Tx[C]) error) (*Tx[C], error) {
	t, err := d.Begin(ctx, o)
	if err != nil {
		return nil, err
	}
	defer func() {
		if !t.done { // fn panicked, or called runtime.Goexit
			_ = t.Rollback(ctx)
		}
	}()
	if err := fn(t); err != nil {
		if rolled := t.Rollback(ctx); rolled != nil {
			err = fmt.Errorf("%w (and the rollback failed: %w)", err, rolled)
		}
		return t, err
	}
	if t.done {
		return t, nil // fn ended it by hand
	}
	if o.Token != "" {
		if err := t.conn.C.Mark(ctx, o.Token); err != nil {
			_ = t.Rollback(ctx)
			return t, fmt.Errorf("covetsql: the transaction's token can't be noted, so it is taken back: %w", err)
		}
		t.state.marked = true
	}
	return t, t.Commit(ctx)
}

// resolve looks whether a transaction with a token was committed, on another connection.
func (d *DB[C]) resolve(ctx context.Context, token string, lost error) (bool, error) {
	ctx, cancel := outlast(ctx)
	defer cancel()
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 20*time.Millisecond, time.Second
	known, err := backoff.Retry(ctx, func() (bool, error) {
		c, err := d.topology.Load().Primary.Get(ctx, nil)
		if err != nil {
			return false, err
		}
		defer func() { c.Put(c.C.Gone()) }()
		return c.C.Marked(ctx, token)
	}, backoff.WithBackOff(pause), backoff.WithMaxElapsedTime(endTime))
	if err != nil {
		return false, fmt.Errorf("%w (its token could not be looked for: %w)", lost, err)
	}
	return known, nil
}

// InTx runs fn in a savepoint: what it did is taken back where it gives an error or panics, and the transaction goes on. Options are the
// transaction's; those that ask for something else are refused.
func (t *Tx[C]) InTx(ctx context.Context, o tx.Options, fn func(*Tx[C]) error) error {
	if o != (tx.Options{}) {
		return errors.New("covetsql: a transaction within a transaction is a savepoint, which has no options of its own: give none")
	}
	s, err := t.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if !s.done {
			_ = s.Rollback(ctx)
		}
	}()
	if err := fn(s); err != nil {
		if rolled := s.Rollback(ctx); rolled != nil {
			err = fmt.Errorf("%w (and the rollback to the savepoint failed: %w)", err, rolled)
		}
		return err
	}
	if s.done {
		return nil
	}
	return s.Commit(ctx)
}

// Begin sets a savepoint. It ends by its own Commit or Rollback, before anything else is done in the transaction.
func (t *Tx[C]) Begin(ctx context.Context) (*Tx[C], error) {
	c, err := t.Conn()
	if err != nil {
		return nil, err
	}
	depth := t.depth + 1
	if err := c.Savepoint(ctx, depth); err != nil {
		t.Failed(err)
		return nil, fmt.Errorf("covetsql: the savepoint is not set: %w", err)
	}
	t.inner = &Tx[C]{db: t.db, conn: t.conn, depth: depth, outer: t, state: t.state}
	return t.inner, nil
}
