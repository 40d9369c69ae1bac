package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"sync"
	"time"

	"github.com/covetsql/covetsql/runtime/dbsql"
	"github.com/covetsql/covetsql/runtime/plan"
	"github.com/covetsql/covetsql/runtime/tx"
)

// Conn is a connection of the pool. Of its methods only those of runtime.Conn are for others.
type Conn struct {
	h      *handle
	mu     sync.Mutex // held around each use of h
	id     uintptr    // what SQLite calls back with
	reader bool       // it can't write, whatever it is asked
	cache  prepared

	// While a statement runs.
	done      <-chan struct{}
	patience  time.Duration // how long a lock of another connection is waited for
	since     time.Time     // when that waiting began
	calls     []*Call       // that are free
	running   []*Call       // that have a statement open
	closed    bool
	broken    bool
	inTx      bool
	readsOnly bool  // query_only was set for the transaction
	lost      error // the error with which SQLite took the transaction back by itself

	generation uint64 // of transactions: what was begun in one is nothing in the next

	// The ordinary path within a transaction.
	std  *sql.DB
	rows dbsql.Open
}

// connect opens a connection and sets it up.
func (o *Options) connect(ctx context.Context, connector driver.Connector, settings []string, reader bool) (*Conn, error) {
	h, err := open(ctx, connector)
	if err != nil {
		return nil, err
	}
	c := &Conn{h: h, reader: reader, patience: o.Busy, cache: prepared{max: o.Statements}}
	c.listen()
	setup := func() error {
		for _, s := range settings {
			if _, err := c.exec(ctx, s); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		encoding, err := c.exec(ctx, "PRAGMA encoding")
		if err != nil {
			return err
		}
		if encoding == "UTF-8" { // another one makes SQLite convert as values are read
			h.exclusive()
		}
		return nil
	}
	if err := setup(); err != nil {
		c.close()
		return nil, fmt.Errorf("covetsql: SQLite's connection is not set up: %w", err)
	}
	return c, nil
}

// close closes the connection with all that is prepared in it.
func (c *Conn) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.closed = true
	if c.std != nil {
		c.std.Close()
	}
	c.cache.closeAll()
	for _, call := range c.calls {
		call.arena.free(c.h.tls)
	}
	c.deafen()
	_ = c.h.close()
}

// exec runs a text of the runtime's own; it gives the first column of the first row, where there is one.
func (c *Conn) exec(ctx context.Context, query string) (first string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return "", errClosed
	}
	s, err := c.statement(nil, query)
	if err != nil {
		return "", err
	}
	defer c.giveBack(s)
	c.done, c.since = ctx.Done(), time.Time{}
	row, err := s.step()
	if err == nil && row {
		s.describe()
		v := s.value(0)
		first = fmt.Sprint(v)
		for row && err == nil {
			row, err = s.step()
		}
	}
	c.done = nil
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return first, err
}

// execute runs a text of the runtime's own with arguments.
func (c *Conn) execute(ctx context.Context, query string, args ...string) (first string, err error) {
	call := c.call(ctx, nil, query)
	for _, a := range args {
		call.ArgString(a)
	}
	if call.One() {
		first = call.String()
	}
	return first, call.End()
}

// statement gives a prepared statement that is not in use. The caller holds the lock, and gives it back.
func (c *Conn) statement(q *plan.Query, query string) (*statement, error) {
	if s := c.cache.get(q, query); s != nil {
		return s, nil
	}
	s, err := c.h.prepare(query, true)
	if err != nil {
		return nil, err
	}
	c.cache.put(q, query, s)
	s.busy = true
	return s, nil
}

// giveBack ends a statement's run.
func (c *Conn) giveBack(s *statement) error {
	err := s.reset()
	if s.busy = false; !s.kept {
		s.close()
	}
	return err
}

// checkOpen tells of a transaction that is not open any more, though it should be.
func (c *Conn) checkOpen() error {
	if !c.inTx || !c.h.autocommit() {
		return nil
	}
	if c.lost == nil {
		c.lost = errEnded
	}
	return fmt.Errorf("covetsql: the transaction is not open any more, so nothing is run in it: %w", c.lost)
}

// note keeps the error with which SQLite ended a transaction by itself, as it does after some errors
// (sqlite.org/lang_transaction.html, 3).
func (c *Conn) note(err error) {
	if err != nil && c.inTx && c.lost == nil && c.h.autocommit() {
		c.lost = err
	}
}

// letGo ends all that is open on the connection: what reads goes on holding its snapshot otherwise.
func (c *Conn) letGo() {
	c.rows.CloseAll(tx.ErrDone)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	if c.std != nil {
		c.std.Close()
		c.std = nil
	}
	for _, call := range c.running {
		call.abandon(tx.ErrDone)
	}
	c.running = c.running[:0]
}
