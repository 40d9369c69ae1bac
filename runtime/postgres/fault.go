package postgres

import (
	"context"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/covetsql/covetsql/runtime/fault"
)

// kinds are what SQLSTATEs tell. Source: manual, appendix A.
var kinds = map[string]fault.Kind{
	"23505": fault.Unique, "23P01": fault.Unique, "23503": fault.ForeignKey, "23001": fault.ForeignKey, "23502": fault.NotNull, "23514": fault.Check,
	"40001": fault.Serialization, "40P01": fault.Deadlock,
	"55P03": fault.LockTimeout, "57014": fault.Canceled, "25006": fault.ReadOnly, "25P02": fault.Aborted,
	"57P01": fault.Unavailable, "57P02": fault.Unavailable, "57P03": fault.Unavailable, "53300": fault.Unavailable,
	"57P04": fault.ConnectionLost, "57P05": fault.ConnectionLost, "25P03": fault.ConnectionLost, "25P04": fault.ConnectionLost,
	"26000": fault.PlanChanged,
}

// Fault sorts an error of pgx, or of what stands under it.
func Fault(err error) fault.Fault {
	if err == nil {
		return fault.Fault{}
	}
	if f, ok := fault.Find(err); ok {
		return f
	}
	var server *pgconn.PgError
	var connecting *pgconn.ConnectError
	var netErr net.Error
	switch {
	case errors.As(err, &connecting):
		f := fault.Fault{Kind: fault.Unavailable, Outcome: fault.NotDone, Again: true}
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			f.Kind = fault.Canceled
		}
		return f
	case errors.As(err, &server):
		return serverFault(server)
	case errors.Is(err, pgx.ErrNoRows):
		return fault.Fault{Kind: fault.NoRows, Outcome: fault.Done}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), pgconn.Timeout(err):
		if pgconn.SafeToRetry(err) { // it had ended before anything was sent
			return fault.Fault{Kind: fault.Canceled, Outcome: fault.NotDone}
		}
		return fault.Fault{Kind: fault.Canceled, Gone: true}
	case errors.Is(err, pgconn.ErrConnClosed):
		// pgx calls it safe to try again, and gives it also where the connection broke while a simple query was answered.
		return fault.Fault{Kind: fault.ConnectionLost, Gone: true}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.As(err, &netErr):
		if pgconn.SafeToRetry(err) {
			return fault.Fault{Kind: fault.ConnectionLost, Outcome: fault.NotDone, Again: true, Gone: true}
		}
		return fault.Fault{Kind: fault.ConnectionLost, Gone: true}
	case pgconn.SafeToRetry(err):
		return fault.Fault{Kind: fault.Other, Outcome: fault.NotDone}
	}
	return fault.Fault{Kind: fault.Other}
}

// uncommitted is an error within a transaction before its commit: what its connection takes along as it breaks is certainly not done.
func uncommitted(err error) error {
	if err == nil {
		return nil
	}
	if f := Fault(err); f.Gone && f.Kind != fault.Canceled && f.Outcome != fault.NotDone {
		f.Outcome, f.Again = fault.NotDone, true
		return &fault.Error{Fault: f, Err: err}
	}
	return err
}

// serverFault sorts an error that the server told. One that ends the session may come after what was asked had been done, as well as before.
func serverFault(e *pgconn.PgError) fault.Fault {
	f := fault.Fault{Kind: fault.Other, Outcome: fault.NotDone}
	if k, ok := kinds[e.Code]; ok {
		f.Kind = k
	} else if len(e.Code) == 5 && e.Code[:2] == "08" {
		f.Kind = fault.ConnectionLost
	}
	switch e.Code {
	case "57014":
		// The one code of both: a time-out of the server's own says so by its routine's text alone, in the server's language.
		if e.Routine == "ProcessInterrupts" && timedOut[e.Message] {
			f.Kind = fault.Timeout
		}
	case "0A000":
		if e.Routine == "RevalidateCachedQuery" {
			f.Kind = fault.PlanChanged
		}
	case "40003", "08007":
		f.Outcome = fault.Unknown
	}
	switch f.Kind {
	case fault.Serialization, fault.Deadlock, fault.PlanChanged:
		f.Again = true
	}
	if fatal(e) {
		f.Gone, f.Outcome = true, fault.Unknown
	}
	return f
}

// timedOut are the texts of 57014 that tell of a time-out and not of a cancel request (src/backend/tcop/postgres.c).
var timedOut = map[string]bool{"canceling statement due to statement timeout": true}

// fatal tells that the server ends the session.
func fatal(e *pgconn.PgError) bool {
	s := e.SeverityUnlocalized
	if s == "" {
		s = e.Severity
	}
	return s == "FATAL" || s == "PANIC"
}

// changed tells of an error after which a statement is to be prepared anew: it no longer fits the schema, or the server has it no more.
func changed(err error) bool {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case "26000":
		return true
	case "0A000":
		return e.Routine == "RevalidateCachedQuery"
	}
	return false
}

// stale tells of an error that may come from a description which is out of date: types that went or changed. The statement is described
// anew before it is next used; pgx does so after each error.
func stale(err error) bool {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return true // a value did not fit
	}
	switch e.Code[:min(2, len(e.Code))] {
	case "22", "23", "25", "40", "53", "55", "57", "P0":
		return e.Code == "22P03" // incorrect binary representation
	}
	return true
}

// code is the SQLSTATE of an error; "" where the server did not tell it.
func code(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
