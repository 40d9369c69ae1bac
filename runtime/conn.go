package runtime

import (
	"context"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/tx"
)

// Conn is what an adapter's connection does for transactions. Its methods are called by one goroutine at a time.
type Conn interface {
	// Begin begins a transaction, or refuses what the engine does not have. It may put it off until the first statement.
	Begin(ctx context.Context, o tx.Options) error
	// Commit commits. An error that leaves it unknown whether it was done has a fault whose outcome is fault.Unknown; a server that took
	// the transaction back instead gives tx.ErrRolledBack.
	Commit(ctx context.Context) error
	// Rollback takes the transaction back. A connection that can't tell is Gone.
	Rollback(ctx context.Context) error
	// Savepoint, Release and RollbackTo do so with the savepoint of a depth, from 1. RollbackTo leaves the savepoint standing.
	Savepoint(ctx context.Context, depth int) error
	Release(ctx context.Context, depth int) error
	RollbackTo(ctx context.Context, depth int) error
	// Mark notes a token in the transaction. Marked tells, outside of one, whether a transaction with it was committed: it waits for one that is
	// open still, and none with that token can be committed after it said no.
	Mark(ctx context.Context, token string) error
	Marked(ctx context.Context, token string) (bool, error)
	// Gone tells that the connection can't be given out again.
	Gone() bool
}

// Engine is what an adapter knows beside its connections.
type Engine struct {
	Name string
	// Fault sorts an error of the driver; that of an error which is none of its kind is fault.Other.
	Fault func(error) fault.Fault
	// HalfDone are the faults after which the engine would commit a transaction without the statement that failed, or without all that came
	// before it; the runtime does not let it.
	HalfDone []fault.Kind
}
