package random

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
)

// patience is how long a query may run before its connection is given up. Servers end queries
// sooner by themselves, where they can; some statements run for ever.
const patience = 3 * time.Second

// lost tells that an error is the end of a connection: the server died of a statement, or the
// client gave up. In the process there is none to lose.
func (l *Lab) lost(err error) bool {
	if l.server == nil {
		return false
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Severity == "FATAL" || pg.Severity == "PANIC"
	}
	for _, end := range []error{driver.ErrBadConn, sql.ErrConnDone, io.EOF, io.ErrUnexpectedEOF, context.DeadlineExceeded, mysql.ErrInvalidConn} {
		if errors.Is(err, end) {
			return true
		}
	}
	return strings.Contains(err.Error(), "conn closed") // pgconn's, which has no name
}

// tooLong tells that the server ended a query because of the time it took.
func tooLong(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "57014" // query_canceled
	}
	var my *mysql.MySQLError
	return errors.As(err, &my) && (my.Number == 3024 || my.Number == 1969) // of MySQL, of MariaDB
}
