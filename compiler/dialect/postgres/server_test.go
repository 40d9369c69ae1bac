package postgres

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
)

// connect gives a session on a real server, or skips the test.
func connect(t *testing.T) *pgx.Conn {
	t.Helper()
	url := os.Getenv("COVETSQL_TEST_POSTGRES")
	if url == "" {
		t.Skip("COVETSQL_TEST_POSTGRES names no server")
	}
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}
