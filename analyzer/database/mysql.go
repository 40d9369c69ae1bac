package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	driver "github.com/go-sql-driver/mysql"

	"github.com/covetsql/covetsql/analyzer/plan"
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

func (m *mysqlDatabase) Explain(ctx context.Context, query string, args []Argument) ([]byte, error) {
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = mysqlSamples[a.Type]
	}
	return m.explain(ctx, query, values)
}

// Plan asks with values that the tables have: of a row that is not there MySQL tells no plan.
func (m *mysqlDatabase) Plan(ctx context.Context, query string, args []Argument) ([]byte, error) {
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = mysqlSamples[a.Type]
		if a.Column == "" {
			continue
		}
		var v any
		column := backQuoted(a.Column)
		if m.db.QueryRowContext(ctx, "SELECT "+column+" FROM "+backQuoted(a.Table)+" WHERE "+column+" IS NOT NULL LIMIT 1").Scan(&v) == nil {
			values[i] = v
		}
	}
	return m.explain(ctx, query, values)
}

func (m *mysqlDatabase) Measure(context.Context, string, []Argument) ([]byte, error) {
	return nil, ErrNotMeasured
}

func (m *mysqlDatabase) Custom(context.Context, string, []Argument) ([]byte, error) {
	return nil, ErrNotMeasured
}

func (m *mysqlDatabase) Tables(ctx context.Context) ([]plan.Table, error) {
	conn, err := m.db.Conn(ctx)
	if err != nil {
		return nil, spoken(err)
	}
	defer conn.Close()
	// MySQL keeps the numbers for a day unless it is told not to; MariaDB does not know the setting.
	_, _ = conn.ExecContext(ctx, "SET SESSION information_schema_stats_expiry = 0")
	rows, err := conn.QueryContext(ctx, "SELECT table_name, COALESCE(table_rows, 0), COALESCE(data_length, 0) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'")
	if err != nil {
		return nil, spoken(err)
	}
	defer rows.Close()
	var out []plan.Table
	for rows.Next() {
		var t plan.Table
		if err := rows.Scan(&t.Name, &t.Rows, &t.Bytes); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

func (m *mysqlDatabase) Fraction(ctx context.Context, _, table, column string) (float64, bool) {
	return fraction(ctx, m.db, backQuoted, table, column)
}

func backQuoted(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

func (m *mysqlDatabase) explain(ctx context.Context, query string, values []any) (plan []byte, err error) {
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
