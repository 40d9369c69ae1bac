// Package tx says what a transaction is asked for and how it may end. The engines' adapters do it.
package tx

import (
	"errors"
	"fmt"
)

// Isolation is what a transaction is kept apart from. Names are the SQL standard's, and Snapshot. An engine gives what is asked for, or
// more, or refuses; it never gives less in silence.
type Isolation uint8

// The levels of isolation. What each engine gives:
//
//	                 PostgreSQL           MySQL, MariaDB (InnoDB)     SQLite
//	Default          the server's default the server's default        serializable
//	ReadUncommitted  read committed       read uncommitted            serializable
//	ReadCommitted    read committed       read committed              serializable
//	RepeatableRead   snapshot             repeatable read             serializable
//	Snapshot         snapshot             refused: writes see what is serializable
//	                                      newer than the snapshot
//	Serializable     serializable (SSI)   serializable (locks)        serializable
//
// Sources: PostgreSQL manual 13.2; MySQL manual 17.7.2.1; SQLite "Isolation In SQLite".
const (
	Default Isolation = iota
	ReadUncommitted
	ReadCommitted
	RepeatableRead
	Snapshot
	Serializable
)

func (i Isolation) String() string {
	return [...]string{"default", "read uncommitted", "read committed", "repeatable read", "snapshot", "serializable"}[i]
}

// Options is what a transaction is asked for. The zero value is the server's default isolation, for reading and writing.
type Options struct {
	Isolation Isolation
	// ReadOnly: writes fail, on every engine.
	ReadOnly bool
	// Deferrable: a serializable read-only transaction waits for a snapshot that no other can spoil (PostgreSQL alone; others refuse).
	Deferrable bool
	// Repeatable says that the function may be run again from its start where the transaction was taken back by the server: it does
	// nothing outside the database that may not be done twice. Where all queries that a try ran are known to be safe to run twice,
	// it need not be said.
	Repeatable bool
	// Tries is how often the function is run at most; 0 is 10, 1 never again.
	Tries int
	// Token tells this transaction from all others ever. With it the runtime notes in the database that the transaction was committed,
	// and where the connection is lost as it commits, looks there whether it was, instead of ErrCommitUnknown. The table that it
	// needs is made by the adapter's CommitTable.
	Token string
}

// ErrCommitUnknown says that the connection was lost while the transaction was committed: it may have been, or not. It is never tried
// again blindly.
var ErrCommitUnknown = errors.New("covetsql: the connection was lost while the transaction was committed; it is not known whether it was")

// ErrRolledBack says that the server took the transaction back though it was asked to commit, as a statement in it had failed.
var ErrRolledBack = errors.New("covetsql: the transaction was taken back as it was to be committed: a statement in it had failed, and its error was not returned")

// ErrDone says that the transaction has ended.
var ErrDone = errors.New("covetsql: the transaction has ended")

// ErrNone says that a handle can't begin transactions.
var ErrNone = errors.New("covetsql: the queries were made with a driver's handle; InTx needs the runtime's DB")

// Refused is the error of an engine that does not have what is asked for.
func Refused(engine, what, why string) error {
	return fmt.Errorf("covetsql: %s has no %s transactions: %s", engine, what, why)
}
