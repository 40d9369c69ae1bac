// Package database asks a live database of queries: whether it takes them, and how it would run them. No query is
// executed: a plan is asked for in a transaction that is rolled back. It knows nothing of rules.
package database

import (
	"context"
	"fmt"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// Database is an open database, safe for concurrent use.
type Database interface {
	// Prepare gives what the database has against a query, nil where it takes it.
	Prepare(ctx context.Context, query string) error
	// Explain gives the plan of a query as the engine writes it in JSON. The arguments have the query's types and no
	// meaning.
	Explain(ctx context.Context, query string, args []Argument) ([]byte, error)
	Close()
}

// Argument is the type of an argument.
type Argument struct {
	Type  string // as the engine calls it: pg_catalog.int4, varchar
	Array bool
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
