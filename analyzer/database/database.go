// Package database asks a live database of queries: whether it takes them, and how it would run them, and of its tables: how
// large they are and what is in their columns. No query is executed, except by Measure, which is asked for: all is done in
// transactions that are rolled back. It knows nothing of rules.
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/covetsql/covetsql/analyzer/plan"
	"github.com/covetsql/covetsql/compiler/catalog"
)

// Database is an open database, safe for concurrent use.
type Database interface {
	// Prepare gives what the database has against a query, nil where it takes it.
	Prepare(ctx context.Context, query string) error
	// Explain gives the plan of a query as the engine writes it in JSON. The arguments have the query's types and no
	// meaning.
	Explain(ctx context.Context, query string, args []Argument) ([]byte, error)
	// Plan gives the plan of a query for arguments that are not known, as plan.Read reads it: PostgreSQL's generic plan, MySQL's
	// for values that the compared columns have.
	Plan(ctx context.Context, query string, args []Argument) ([]byte, error)
	// Measure runs a query that only reads, and gives its plan with what was measured; ErrNotMeasured where the engine can not.
	Measure(ctx context.Context, query string, args []Argument) ([]byte, error)
	// Custom is Plan for values that the compared columns have; ErrNotMeasured where Plan is that already.
	Custom(ctx context.Context, query string, args []Argument) ([]byte, error)
	// Tables lists the tables with what is known of them.
	Tables(ctx context.Context) ([]plan.Table, error)
	// Fraction is plan.Statistics.Fraction.
	Fraction(ctx context.Context, schema, table, column string) (float64, bool)
	Close()
}

// ErrNotMeasured says that an engine does not tell of its plans what really happened.
var ErrNotMeasured = errors.New("plans are measured on PostgreSQL only")

// Argument is the type of an argument.
type Argument struct {
	Type  string // as the engine calls it: pg_catalog.int4, varchar
	Array bool
	// Schema, Table and Column are what it is compared with or assigned to; empty where nothing is known.
	Schema, Table, Column string
}

// sampled is how many rows are looked at where an engine has no statistics of a column.
const sampled = 20_000

// fraction is of SQL that counts how often each value of a column occurs in a sample of its table: with a value drawn as the rows have
// them, which part of the rows has it too.
func fraction(ctx context.Context, db *sql.DB, quote func(string) string, table, column string) (float64, bool) {
	var part sql.NullFloat64
	err := db.QueryRowContext(ctx, fmt.Sprintf(
		"SELECT SUM(1.0 * n * n) / (SUM(1.0 * n) * SUM(1.0 * n)) FROM (SELECT COUNT(*) AS n FROM (SELECT %s AS v FROM %s LIMIT %d) s WHERE v IS NOT NULL GROUP BY v) g",
		quote(column), quote(table), sampled)).Scan(&part)
	return part.Float64, err == nil && part.Valid
}

// connections is how many queries are asked for at once.
const connections = 4

// engines are how databases are opened.
var engines = map[catalog.Engine]func(ctx context.Context, uri string) (Database, error){
	catalog.PostgreSQL: openPostgres,
	catalog.MySQL:      openMySQL,
	catalog.SQLite:     openSQLite,
}

// Open opens the database that a URI names. No error holds the URI or its password.
func Open(ctx context.Context, e catalog.Engine, uri string) (Database, error) {
	open := engines[e]
	if open == nil {
		return nil, fmt.Errorf("there is no engine %q", e)
	}
	return open(ctx, uri)
}
