package golden

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/covetsql/covetsql/runtime/mysql"
	"github.com/covetsql/covetsql/runtime/sqlite"
)

// DirectSQLite opens the runtime's handle of the file that a handle is of.
func DirectSQLite(t testing.TB, conn *sql.DB) *sqlite.DB {
	t.Helper()
	ctx := context.Background()
	var file string
	OK(t, conn.QueryRowContext(ctx, "SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&file))
	db, err := sqlite.Open(ctx, filepath.ToSlash(file), sqlite.Options{})
	OK(t, err)
	t.Cleanup(func() { OK(t, db.Close(ctx)) })
	return db
}

// DirectMySQL opens the runtime's handle of the database that a handle of EachMySQL is of.
func DirectMySQL(t testing.TB, conn *sql.DB) *mysql.DB {
	t.Helper()
	ctx := context.Background()
	dsn, ok := addresses.Load(conn)
	if !ok {
		t.Fatal("the handle is not one of EachMySQL")
	}
	db, err := mysql.Open(ctx, dsn.(string), mysql.Options{})
	OK(t, err)
	t.Cleanup(func() { OK(t, db.Close(ctx)) })
	return db
}
