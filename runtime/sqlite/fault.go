package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/tx"
)

// faults are SQLite's result codes (sqlite.org/rescode.html): extended ones first, then primary ones.
var faults = map[int]fault.Fault{
	lib.SQLITE_CONSTRAINT_UNIQUE:     {Kind: fault.Unique, Outcome: fault.NotDone},
	lib.SQLITE_CONSTRAINT_PRIMARYKEY: {Kind: fault.Unique, Outcome: fault.NotDone},
	lib.SQLITE_CONSTRAINT_ROWID:      {Kind: fault.Unique, Outcome: fault.NotDone},
	lib.SQLITE_CONSTRAINT_FOREIGNKEY: {Kind: fault.ForeignKey, Outcome: fault.NotDone},
	lib.SQLITE_CONSTRAINT_NOTNULL:    {Kind: fault.NotNull, Outcome: fault.NotDone},
	lib.SQLITE_CONSTRAINT_CHECK:      {Kind: fault.Check, Outcome: fault.NotDone},

	lib.SQLITE_CONSTRAINT: {Kind: fault.Other, Outcome: fault.NotDone},
	lib.SQLITE_ERROR:      {Kind: fault.Other, Outcome: fault.NotDone},
	lib.SQLITE_BUSY:       {Kind: fault.Busy, Outcome: fault.NotDone, Again: true},
	lib.SQLITE_LOCKED:     {Kind: fault.Busy, Outcome: fault.NotDone, Again: true},
	lib.SQLITE_READONLY:   {Kind: fault.ReadOnly, Outcome: fault.NotDone},
	lib.SQLITE_INTERRUPT:  {Kind: fault.Canceled, Outcome: fault.NotDone},
	lib.SQLITE_SCHEMA:     {Kind: fault.PlanChanged, Outcome: fault.NotDone, Again: true},
	lib.SQLITE_FULL:       {Kind: fault.Other, Outcome: fault.NotDone},
	lib.SQLITE_MISMATCH:   {Kind: fault.Other, Outcome: fault.NotDone},
	lib.SQLITE_TOOBIG:     {Kind: fault.Other, Outcome: fault.NotDone},
	lib.SQLITE_NOMEM:      {Kind: fault.Other, Outcome: fault.NotDone},
	lib.SQLITE_ABORT:      {Kind: fault.Aborted, Outcome: fault.NotDone},
	// What the disk did not do may be found done when the journal is read again.
	lib.SQLITE_IOERR:    {Kind: fault.Unavailable, Outcome: fault.Unknown, Gone: true},
	lib.SQLITE_CANTOPEN: {Kind: fault.Unavailable, Outcome: fault.NotDone},
	lib.SQLITE_CORRUPT:  {Kind: fault.Other, Outcome: fault.Unknown, Gone: true},
	lib.SQLITE_NOTADB:   {Kind: fault.Other, Outcome: fault.NotDone, Gone: true},
}

// Fault sorts an error of SQLite and its driver.
func Fault(err error) fault.Fault {
	if err == nil {
		return fault.Fault{}
	}
	if f, ok := fault.Find(err); ok {
		return f
	}
	var e *sqlite.Error
	switch {
	case errors.As(err, &e):
		if f, ok := faults[e.Code()]; ok {
			return f
		}
		if f, ok := faults[e.Code()&0xff]; ok {
			return f
		}
	case errors.Is(err, sql.ErrNoRows):
		return fault.Fault{Kind: fault.NoRows, Outcome: fault.Done}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fault.Fault{Kind: fault.Canceled, Outcome: fault.NotDone} // SQLite takes back what it did not end
	case errors.Is(err, tx.ErrRolledBack), errors.Is(err, tx.ErrDone):
		return fault.Fault{Kind: fault.Aborted, Outcome: fault.NotDone}
	}
	return fault.Fault{Kind: fault.Other}
}
