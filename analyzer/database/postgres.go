package database

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/covetsql/covetsql/compiler/introspect/postgres"
)

// postgresDatabase has a few connections; nil in idle stands for one that was not made yet.
type postgresDatabase struct {
	uri  string
	idle chan *pgx.Conn
}

func openPostgres(ctx context.Context, uri string) (Database, error) {
	first, err := postgres.Connect(ctx, uri)
	if err != nil {
		return nil, err
	}
	db := &postgresDatabase{uri, make(chan *pgx.Conn, connections)}
	for range connections - 1 {
		db.idle <- nil
	}
	db.idle <- first
	return db, nil
}

// with calls f with a connection.
func (db *postgresDatabase) with(ctx context.Context, f func(*pgx.Conn) error) error {
	conn := <-db.idle
	if conn == nil || conn.IsClosed() {
		var err error
		if conn, err = postgres.Connect(ctx, db.uri); err != nil {
			db.idle <- nil
			return err
		}
	}
	defer func() { db.idle <- conn }()
	return words(f(conn))
}

func (db *postgresDatabase) Prepare(ctx context.Context, query string) error {
	return db.with(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Prepare(ctx, "", query) // without a name the next one takes its place
		return err
	})
}

func (db *postgresDatabase) Explain(ctx context.Context, query string, args []Argument) (plan []byte, err error) {
	values := []any{pgx.QueryExecModeDescribeExec}
	for _, a := range args {
		values = append(values, postgresSample(a))
	}
	err = db.with(ctx, func(conn *pgx.Conn) error {
		tx, err := conn.BeginTx(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly})
		if err != nil {
			return err
		}
		defer tx.Rollback(context.WithoutCancel(ctx)) //nolint:errcheck // nothing was written
		var plans []json.RawMessage
		if err := tx.QueryRow(ctx, "EXPLAIN (ANALYZE false, VERBOSE, COSTS, SETTINGS, BUFFERS, FORMAT JSON) "+query, values...).Scan(&plans); err != nil {
			return err
		}
		if len(plans) == 0 {
			return errors.New("the server gave no plan")
		}
		plan = plans[0] // a rule rewrites a statement into several, of which the first is the one that is its own
		return nil
	})
	return plan, err
}

func (db *postgresDatabase) Close() {
	for range connections {
		if conn := <-db.idle; conn != nil {
			conn.Close(context.Background())
		}
	}
}

// words are the server's own, without the code that the driver adds.
func words(err error) error {
	var server *pgconn.PgError
	if !errors.As(err, &server) {
		return err
	}
	if server.Hint != "" {
		return errors.New(server.Message + " (" + server.Hint + ")")
	}
	return errors.New(server.Message)
}
