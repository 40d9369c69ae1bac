package managed

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the engine itself
)

// makeSQLite makes a file in a temporary folder of its own. Nothing is shared: it is made faster than found.
func makeSQLite(ctx context.Context, _ string, w wish) (string, error) {
	dir, err := os.MkdirTemp("", "covetsql-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, w.name+".db")
	if err := fillSQLite(ctx, path, w.schema); err != nil {
		os.RemoveAll(dir)
		return "", err
	}
	return "file:" + path, nil
}

func removeSQLite(uri string) { os.RemoveAll(filepath.Dir(strings.TrimPrefix(uri, "file:"))) }

func fillSQLite(ctx context.Context, path string, schema []statement) error {
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		return fmt.Errorf("making %s: %w", path, err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)                                                      // PRAGMAs and transactions are a connection's
	if _, err := db.ExecContext(ctx, "PRAGMA synchronous = OFF"); err != nil { // nobody misses it after a crash
		return fmt.Errorf("making %s: %w", path, err)
	}
	for _, s := range schema {
		if _, err := db.ExecContext(ctx, s.sql); err != nil {
			return &Refused{s.Statement, err}
		}
	}
	return nil
}
