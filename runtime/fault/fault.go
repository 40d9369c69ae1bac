// Package fault sorts errors of databases and their drivers: what happened, whether the statement was done, and whether to try
// again. The codes are the engines' own; their adapters have the tables.
package fault

import "errors"

// Kind is what happened. It has few values, so that errors can be counted by it.
type Kind uint8

// The kinds of faults.
const (
	None           Kind = iota // no error
	Other                      // an error that nothing below describes
	NoRows                     // a query for one row found none
	Unique                     // a unique or primary key, or an exclusion constraint
	ForeignKey                 // a foreign key
	NotNull                    // a NOT NULL column
	Check                      // a CHECK constraint
	Serialization              // the transaction can't be put in order with others
	Deadlock                   // chosen as a deadlock's victim
	Busy                       // SQLite: another connection writes
	LockTimeout                // a lock was not had in time, or NOWAIT
	Timeout                    // the server's statement time-out
	Canceled                   // the context ended, or the server was asked to cancel
	ReadOnly                   // a write in a read-only transaction or on a read-only server
	Aborted                    // the transaction failed before; nothing but a rollback is taken
	PlanChanged                // a prepared statement no longer fits the schema
	ConnectionLost             // the connection broke
	Unavailable                // the server starts, stops, or has no connection to give
	PoolTimeout                // no connection of the pool came free in time
	Leaked                     // what ran out of its owner's hands
	kinds                      // how many there are
)

// Kinds is how many kinds there are: an array of counters by kind has that size.
const Kinds = int(kinds)

var names = [...]string{"", "other", "no_rows", "unique", "foreign_key", "not_null", "check", "serialization", "deadlock", "busy", "lock_timeout", "timeout",
	"canceled", "read_only", "aborted", "plan_changed", "connection_lost", "unavailable", "pool_timeout", "leaked"}

// String is the kind's name in metrics and logs.
func (k Kind) String() string { return names[k] }

// Outcome says whether a statement that ended with an error was done.
type Outcome uint8

// The outcomes. Unknown is the zero value: what nothing is known of may have been done.
const (
	Unknown Outcome = iota
	NotDone         // the server did nothing, or took it back
	Done
)

// Fault is what is known of an error.
type Fault struct {
	Kind    Kind
	Outcome Outcome
	// Again tells that the same transaction, run again from its start, may well succeed.
	Again bool
	// Gone tells that the connection can't be used any more.
	Gone bool
}

// Error is an error with its fault. The error itself is what the driver gave, to errors.As and errors.Is.
type Error struct {
	Fault
	Err error
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }

// Find gives the fault of an error that an adapter sorted; ok is false for all others.
func Find(err error) (f Fault, ok bool) {
	var e *Error
	if errors.As(err, &e) {
		return e.Fault, true
	}
	return Fault{}, false
}
