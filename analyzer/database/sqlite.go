package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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

// Explain fails: SQLite's plans are for people, and their form changes with every release.
func (s *sqliteDatabase) Explain(context.Context, string, []Argument) ([]byte, error) {
	return nil, errors.New("SQLite gives no plan that a rule could read")
}

func (s *sqliteDatabase) Close() { s.db.Close() }
