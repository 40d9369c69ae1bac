package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/go-sql-driver/mysql"

	"github.com/covetsql/covetsql/runtime/fault"
	"github.com/covetsql/covetsql/runtime/tx"
)

// faults are the servers' error numbers (MySQL 8.4 and 9 Error Reference; MariaDB Error Codes). A statement that the server answers with
// an error was not done, whatever else was.
var faults = map[uint16]fault.Fault{
	1022: {Kind: fault.Unique},     // ER_DUP_KEY
	1062: {Kind: fault.Unique},     // ER_DUP_ENTRY
	1169: {Kind: fault.Unique},     // ER_DUP_UNIQUE
	1586: {Kind: fault.Unique},     // ER_DUP_ENTRY_WITH_KEY_NAME
	1859: {Kind: fault.Unique},     // ER_DUP_UNKNOWN_IN_INDEX
	1216: {Kind: fault.ForeignKey}, // ER_NO_REFERENCED_ROW
	1217: {Kind: fault.ForeignKey}, // ER_ROW_IS_REFERENCED
	1451: {Kind: fault.ForeignKey}, // ER_ROW_IS_REFERENCED_2
	1452: {Kind: fault.ForeignKey}, // ER_NO_REFERENCED_ROW_2
	1048: {Kind: fault.NotNull},    // ER_BAD_NULL_ERROR
	1263: {Kind: fault.NotNull},    // ER_WARN_NULL_TO_NOTNULL
	1364: {Kind: fault.NotNull},    // ER_NO_DEFAULT_FOR_FIELD
	3819: {Kind: fault.Check},      // ER_CHECK_CONSTRAINT_VIOLATED
	4025: {Kind: fault.Check},      // MariaDB: ER_CONSTRAINT_FAILED

	1213: {Kind: fault.Deadlock, Again: true},      // ER_LOCK_DEADLOCK: the whole transaction is taken back
	1205: {Kind: fault.LockTimeout, Again: true},   // ER_LOCK_WAIT_TIMEOUT: the statement alone is taken back
	3572: {Kind: fault.LockTimeout, Again: true},   // ER_LOCK_NOWAIT
	1020: {Kind: fault.Serialization, Again: true}, // ER_CHECKREAD: MariaDB's innodb_snapshot_isolation
	3101: {Kind: fault.Serialization, Again: true}, // ER_TRANSACTION_ROLLBACK_DURING_COMMIT: group replication

	1317: {Kind: fault.Canceled},                 // ER_QUERY_INTERRUPTED
	3024: {Kind: fault.Timeout},                  // ER_QUERY_TIMEOUT: max_execution_time
	1969: {Kind: fault.Timeout},                  // MariaDB: ER_STATEMENT_TIMEOUT
	1290: {Kind: fault.ReadOnly},                 // ER_OPTION_PREVENTS_STATEMENT: read_only
	1792: {Kind: fault.ReadOnly},                 // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
	1836: {Kind: fault.ReadOnly},                 // ER_READ_ONLY_MODE
	1615: {Kind: fault.PlanChanged, Again: true}, // ER_NEED_REPREPARE
	1243: {Kind: fault.PlanChanged, Again: true}, // ER_UNKNOWN_STMT_HANDLER: another server behind the same address

	1040: {Kind: fault.Unavailable, Again: true},                // ER_CON_COUNT_ERROR
	1203: {Kind: fault.Unavailable, Again: true},                // ER_TOO_MANY_USER_CONNECTIONS
	1226: {Kind: fault.Unavailable},                             // ER_USER_LIMIT_REACHED
	1053: {Kind: fault.Unavailable, Gone: true},                 // ER_SERVER_SHUTDOWN
	4031: {Kind: fault.ConnectionLost, Gone: true, Again: true}, // ER_CLIENT_INTERACTION_TIMEOUT
}

// unknown are those that leave it open what was done.
var unknown = map[uint16]fault.Fault{
	1180: {Kind: fault.Unavailable},                // ER_ERROR_DURING_COMMIT
	1158: {Kind: fault.ConnectionLost, Gone: true}, // ER_NET_READ_ERROR and its like
	1159: {Kind: fault.ConnectionLost, Gone: true},
	1160: {Kind: fault.ConnectionLost, Gone: true},
	1161: {Kind: fault.ConnectionLost, Gone: true},
	1927: {Kind: fault.ConnectionLost, Gone: true}, // MariaDB: ER_CONNECTION_KILLED
}

// Fault sorts an error of the servers and of the driver.
func Fault(err error) fault.Fault {
	if err == nil {
		return fault.Fault{}
	}
	if f, ok := fault.Find(err); ok {
		return f
	}
	var e *mysql.MySQLError
	var n net.Error
	switch {
	case errors.As(err, &e):
		if f, ok := unknown[e.Number]; ok {
			return f
		}
		f, ok := faults[e.Number]
		if !ok {
			f.Kind = fault.Other
		}
		f.Outcome = fault.NotDone
		return f
	case errors.Is(err, sql.ErrNoRows):
		return fault.Fault{Kind: fault.NoRows, Outcome: fault.Done}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		// The driver closes the connection; the server may go on with the statement.
		return fault.Fault{Kind: fault.Canceled}
	case errors.Is(err, driver.ErrBadConn): // nothing was sent
		return fault.Fault{Kind: fault.ConnectionLost, Outcome: fault.NotDone, Again: true, Gone: true}
	case errors.Is(err, mysql.ErrInvalidConn), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.As(err, &n):
		return fault.Fault{Kind: fault.ConnectionLost, Gone: true}
	case errors.Is(err, tx.ErrRolledBack), errors.Is(err, tx.ErrDone):
		return fault.Fault{Kind: fault.Aborted, Outcome: fault.NotDone}
	}
	return fault.Fault{Kind: fault.Other}
}
