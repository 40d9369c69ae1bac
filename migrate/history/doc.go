// Package history keeps what was applied to a database: in a table of our own (the set of versions with checksum and text,
// when, by whom, how long, how far), and beside it in the table of the tool whose form the folder is in, so that the
// tool goes on working. It runs no migration and decides nothing.
package history

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
)

// Engine is a database engine, as configurations name it.
type Engine string

// The engines. MariaDB is MySQL here.
const (
	PostgreSQL Engine = "postgresql"
	MySQL      Engine = "mysql"
	SQLite     Engine = "sqlite"
)

// Querier is a connection or a transaction of database/sql.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Quote writes a name by the engine's rules.
func (e Engine) Quote(name string) string {
	if e == MySQL {
		return "`" + strings.ReplaceAll(name, "`", "``") + "`"
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// bind writes the engine's placeholders for the question marks of a query, which stands in this package and has no other.
func (e Engine) bind(query string) string {
	if e != PostgreSQL {
		return query
	}
	var b strings.Builder
	n := 0
	for _, c := range query {
		if c == '?' {
			n++
			b.WriteString("$" + strconv.Itoa(n))
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

// Place finds the table of a name as a session that was just opened sees it, or where it would be made: its quoted,
// qualified name. There is none where PostgreSQL's search_path names no schema.
func (e Engine) Place(ctx context.Context, q Querier, table string) (name string, exists bool, err error) {
	switch e {
	case PostgreSQL:
		var schema sql.NullString
		err := q.QueryRowContext(ctx, `SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE c.oid = pg_catalog.to_regclass($1)`, e.Quote(table)).Scan(&schema)
		switch {
		case err == nil:
			return e.Quote(schema.String) + "." + e.Quote(table), true, nil
		case err != sql.ErrNoRows:
			return "", false, err
		}
		if err := q.QueryRowContext(ctx, `SELECT pg_catalog.current_schema()`).Scan(&schema); err != nil {
			return "", false, err
		}
		if !schema.Valid {
			return "", false, fmt.Errorf("search_path names no schema that exists, so that there is no place for the table %s; set search_path in the connection's settings, or create the schema", table)
		}
		return e.Quote(schema.String) + "." + e.Quote(table), false, nil
	case MySQL:
		var db sql.NullString
		if err := q.QueryRowContext(ctx, `SELECT DATABASE()`).Scan(&db); err != nil {
			return "", false, err
		}
		if !db.Valid {
			return "", false, fmt.Errorf("the connection names no database; name one in its address")
		}
		var n int
		if err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ? AND table_name = ?`, db.String, table).Scan(&n); err != nil {
			return "", false, err
		}
		return e.Quote(db.String) + "." + e.Quote(table), n > 0, nil
	}
	var n int
	if err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM main.sqlite_schema WHERE type = 'table' AND lower(name) = lower(?)`, table).Scan(&n); err != nil {
		return "", false, err
	}
	return "main." + e.Quote(table), n > 0, nil
}
