package testkit

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/covetsql/covetsql/internal/testkit/binaries"
)

// pgbouncer is its configuration: in transaction mode each transaction of a client has the session that is free. It asks nobody who he is, and
// is the superuser to the server.
const pgbouncer = `[databases]
* = host=%s port=%d user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = %d
max_client_conn = 2000
ignore_startup_parameters = extra_float_digits
`

// StartPgBouncer puts a PgBouncer in transaction mode before a PostgreSQL, with so many sessions of the server for each database. It gives
// the server as it is reached through it, and ends with the test. Where there is none, the test is skipped as with the servers.
func StartPgBouncer(t testing.TB, behind *Server, sessions int) *Server {
	t.Helper()
	set, err := binaries.Find(binaries.PgBouncer)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("testkit: %v", err)
		}
		t.Skipf("testkit: %v", err)
	}
	s, err := startPgBouncer(t, set, behind, sessions)
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	return s
}

func startPgBouncer(t testing.TB, set binaries.Set, behind *Server, sessions int) (*Server, error) {
	dir, err := os.MkdirTemp("", "covetsql-pgbouncer-")
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // it may run as another user
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	var last error
	for range 5 { // another process may take the free port
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		conf := filepath.Join(dir, "pgbouncer.ini")
		if err := os.WriteFile(conf, fmt.Appendf(nil, pgbouncer, behind.Host, behind.Port, port, sessions), 0o644); err != nil {
			return nil, err
		}
		r := &run{Set: set, Dir: dir}
		if os.Getuid() == 0 { // it refuses to run as the superuser
			const nobody = 65534
			r.as = &syscall.Credential{Uid: nobody, Gid: nobody}
		}
		c := r.command(set.Server, conf)
		c.Stdout, c.Stderr = log, log
		ended, err := keepThread(c)
		if err != nil {
			return nil, err
		}
		s := &Server{Engine: behind.Engine, Version: behind.Version, Host: "127.0.0.1", Port: port}
		if last = s.answers(ended); last == nil {
			t.Cleanup(func() {
				_ = c.Process.Kill()
				<-ended
			})
			return s, nil
		}
		_ = c.Process.Kill()
		<-ended
	}
	text, _ := os.ReadFile(log.Name())
	return nil, fmt.Errorf("pgbouncer does not start: %w\n%s", last, tail(string(text), 20))
}

// keepThread starts a program that ends with the thread which started it, and keeps that thread until it has.
func keepThread(c *exec.Cmd) (ended chan struct{}, err error) {
	ended = make(chan struct{})
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := c.Start()
		started <- err
		if err == nil {
			_ = c.Wait()
		}
		close(ended)
	}()
	return ended, <-started
}

// answers waits until the server answers a query.
func (s *Server) answers(ended <-chan struct{}) error {
	conn, err := sql.Open(s.Driver(), s.DSN("postgres")+"&default_query_exec_mode=simple_protocol")
	if err != nil {
		return err
	}
	defer conn.Close()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		_, err = conn.ExecContext(ctx, "SELECT 1")
		cancel()
		if err == nil {
			return nil
		}
		select {
		case <-ended:
			return fmt.Errorf("it ended at once: %w", err)
		default:
		}
		if time.Now().After(deadline) {
			return err
		}
	}
}
