package testkit

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/jackc/pgx/v5/stdlib"
)

var postgres = recipe{
	// A server must not run as the superuser, so that then it runs as nobody.
	dropRoot: true,
	prepare: func(r *run) error {
		c := r.command(r.Set.Init, "-D", r.data(), "-A", "trust", "-U", "postgres", "-N", "--locale=C.UTF-8", "-E", "UTF8")
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("initdb: %w\n%s", err, out)
		}
		settings := fmt.Sprintf(`
listen_addresses = '127.0.0.1'
unix_socket_directories = '%s'
max_connections = 300
shared_buffers = 64MB
jit = off
fsync = off
synchronous_commit = off
full_page_writes = off
timezone = 'UTC'
log_timezone = 'UTC'
max_prepared_transactions = 10
wal_level = logical
`, r.Dir)
		f, err := os.OpenFile(filepath.Join(r.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = f.WriteString(settings)
		return err
	},
	serve: func(r *run, port int) *exec.Cmd {
		return r.command(r.Set.Server, "-D", r.data(), "-p", fmt.Sprint(port))
	},
	driver:  "pgx",
	version: "show server_version",
}

// simpleQuery sends statements in one message, which alone may hold several.
func simpleQuery(db *sql.DB, statements string) error {
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(driver any) error {
		return driver.(*stdlib.Conn).Conn().PgConn().Exec(ctx, statements).Close()
	})
}
