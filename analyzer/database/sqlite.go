package database

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/analyzer/plan"
	"github.com/covetsql/covetsql/compiler/introspect/sqlite"
)

type sqliteDatabase struct{ db *sql.DB }

func openSQLite(ctx context.Context, uri string) (Database, error) {
	db, path, err := sqlite.Open(uri)
	if err != nil {
		return nil, err
	}
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	return &sqliteDatabase{db}, nil
}

func (s *sqliteDatabase) Prepare(ctx context.Context, query string) error {
	st, err := s.db.PrepareContext(ctx, query)
	if err != nil {
		return err
	}
	return st.Close()
}

// Explain fails: the form of SQLite's plans is for people, and changes with every release. Rules see them as Plan gives them.
func (s *sqliteDatabase) Explain(context.Context, string, []Argument) ([]byte, error) {
	return nil, errors.New("SQLite gives no plan that a rule could read")
}

func (s *sqliteDatabase) Plan(ctx context.Context, query string, args []Argument) ([]byte, error) {
	rows, err := s.db.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query, make([]any, len(args))...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []plan.SQLiteRow{}
	for rows.Next() {
		var r plan.SQLiteRow
		var unused any
		if err := rows.Scan(&r.ID, &r.Parent, &unused, &r.Detail); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return json.Marshal(list)
}

func (s *sqliteDatabase) Measure(context.Context, string, []Argument) ([]byte, error) {
	return nil, ErrNotMeasured
}

// counted is how many rows of a table are counted at most.
const counted = 1_000_000

func (s *sqliteDatabase) Custom(context.Context, string, []Argument) ([]byte, error) {
	return nil, ErrNotMeasured
}

func (s *sqliteDatabase) Tables(ctx context.Context) ([]plan.Table, error) {
	var out []plan.Table
	rows, err := s.db.QueryContext(ctx, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL%'")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		t := plan.Table{Schema: "main", Unknown: true}
		if err := rows.Scan(&t.Name); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i := range out {
		t := &out[i]
		if err := s.db.QueryRowContext(ctx, fmt.Sprintf("SELECT COUNT(*) FROM (SELECT 1 FROM %s LIMIT %d)", doubleQuoted(t.Name), counted)).Scan(&t.Rows); err != nil {
			return nil, err
		}
		var stat string // there is no sqlite_stat1 before the first ANALYZE
		if s.db.QueryRowContext(ctx, "SELECT stat FROM sqlite_stat1 WHERE tbl = ? LIMIT 1", t.Name).Scan(&stat) == nil {
			t.Unknown = false
			var rows float64
			if _, err := fmt.Sscan(stat, &rows); err == nil && t.Rows == counted {
				t.Rows = max(t.Rows, rows)
			}
		}
	}
	return out, nil
}

func (s *sqliteDatabase) Fraction(ctx context.Context, _, table, column string) (float64, bool) {
	return fraction(ctx, s.db, doubleQuoted, table, column)
}

func doubleQuoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func (s *sqliteDatabase) Close() { s.db.Close() }
