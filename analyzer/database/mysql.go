package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	driver "github.com/go-sql-driver/mysql"

	"github.com/covetsql/covetsql/compiler/introspect/mysql"
)

type mysqlDatabase struct {
	db *sql.DB
	// setting is what a session must set for plans to have the form that rules know; "" where there is no other.
	setting string
}

func openMySQL(ctx context.Context, uri string) (Database, error) {
	config, err := mysql.Parse(uri)
	if err != nil {
		return nil, err
	}
	db, err := mysql.Open(config)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("connecting to MySQL at %s: %w", config.Addr, spoken(err))
	}
	m := &mysqlDatabase{db: db}
	// MySQL 8.3 and later can write plans in a second form, and servers may have it as their default.
	var version string
	if db.QueryRowContext(ctx, "SELECT @@explain_json_format_version").Scan(&version) == nil {
		m.setting = "SET SESSION explain_json_format_version = 1"
	}
	return m, nil
}

func (m *mysqlDatabase) Prepare(ctx context.Context, query string) error {
	s, err := m.db.PrepareContext(ctx, query)
	if err != nil {
		return spoken(err)
	}
	return s.Close()
}

func (m *mysqlDatabase) Explain(ctx context.Context, query string, args []Argument) (plan []byte, err error) {
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = mysqlSamples[a.Type]
	}
	conn, err := m.db.Conn(ctx)
	if err != nil {
		return nil, spoken(err)
	}
	defer conn.Close()
	if m.setting != "" {
		if _, err := conn.ExecContext(ctx, m.setting); err != nil {
			return nil, spoken(err)
		}
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return nil, spoken(err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	return plan, spoken(tx.QueryRowContext(ctx, "EXPLAIN FORMAT=JSON "+query, values...).Scan(&plan))
}

func (m *mysqlDatabase) Close() { m.db.Close() }

// spoken are the server's words, without the number that the driver adds.
func spoken(err error) error {
	var server *driver.MySQLError
	if errors.As(err, &server) {
		return errors.New(server.Message)
	}
	return err
}
