package golden

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/covetsql/covetsql/runtime/postgres"
)

// DirectPGX opens the runtime's handle of the database that a connection is of: generated code takes the direct way with it. Types of the
// database's own that the connection knows it knows too.
func DirectPGX(t testing.TB, conn *pgx.Conn) *postgres.DB {
	t.Helper()
	ctx := context.Background()
	rows, err := conn.Query(ctx, "SELECT oid, quote_ident(typnamespace::regnamespace::text) || '.' || quote_ident(typname) FROM pg_type WHERE oid >= 16384 ORDER BY oid")
	OK(t, err)
	var known []string
	for rows.Next() {
		var oid uint32
		var name string
		OK(t, rows.Scan(&oid, &name))
		if _, ok := conn.TypeMap().TypeForOID(oid); ok {
			known = append(known, name)
		}
	}
	OK(t, rows.Err())
	db, err := postgres.Open(ctx, conn.Config().ConnString(), postgres.Options{AfterConnect: func(ctx context.Context, c *pgx.Conn) error {
		if len(known) == 0 {
			return nil
		}
		types, err := c.LoadTypes(ctx, known)
		if err == nil {
			c.TypeMap().RegisterTypes(types)
		}
		return err
	}})
	OK(t, err)
	t.Cleanup(func() { OK(t, db.Close(ctx)) })
	return db
}
