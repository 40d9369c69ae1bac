package mysql_test

import (
	"context"
	"database/sql"
)

// ordinary is what generated packages ask of a handle of database/sql's kind.
type ordinary interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	PrepareContext(context.Context, string) (*sql.Stmt, error)
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}
