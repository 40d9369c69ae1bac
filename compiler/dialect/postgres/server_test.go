package postgres

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/covetsql/covetsql/internal/testkit"
)

// connect gives a session in a database of its own on a real server, or skips the test.
func connect(t *testing.T) *pgx.Conn {
	t.Helper()
	server := testkit.PostgreSQL(t)
	conn, err := pgx.Connect(context.Background(), server.URI(server.NewDatabase(t)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}
