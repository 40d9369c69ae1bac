// Package testkit gives tests real database servers: PostgreSQL, MySQL and MariaDB on this
// machine, private, on free loopback ports, in temporary folders; and SQLite in the process.
// Test processes that run at the same time share one server of a kind, and every test takes
// a database of its own. It knows nothing of the compiler.
package testkit

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/covetsql/covetsql/internal/testkit/binaries"
)

// Server is a running server. It stays until the last test process that uses it has ended.
type Server struct {
	// Engine is "postgresql", "mysql", "mariadb" or "sqlite".
	Engine string
	// Version is the server's own, "15.18" or "10.11.11-MariaDB".
	Version string
	// Host and Port are where it listens; empty for SQLite.
	Host string
	Port int

	dir string // of SQLite's databases
}

var (
	started = map[binaries.Engine]*share{}
	mutex   sync.Mutex
)

type share struct {
	server *Server
	err    error
}

// PostgreSQL gives a PostgreSQL server. Where none can be had the test is skipped with the
// reason; with CI=true in the environment it fails.
func PostgreSQL(t testing.TB) *Server { t.Helper(); return get(t, binaries.PostgreSQL) }

// MySQL gives a server of MySQL itself, as PostgreSQL does.
func MySQL(t testing.TB) *Server { t.Helper(); return get(t, binaries.MySQL) }

// MariaDB gives a MariaDB server, as PostgreSQL does.
func MariaDB(t testing.TB) *Server { t.Helper(); return get(t, binaries.MariaDB) }

// SQLite gives the engine that runs in the process; its databases are files.
func SQLite(t testing.TB) *Server {
	t.Helper()
	s := &Server{Engine: "sqlite", dir: t.TempDir()}
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("select sqlite_version()").Scan(&s.Version); err != nil {
		t.Fatal(err)
	}
	return s
}

func get(t testing.TB, e binaries.Engine) *Server {
	t.Helper()
	server, err := shared(e)
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("testkit: %v", err)
		}
		t.Skipf("testkit: %v", err)
	}
	return server
}

// shared gives the server that test processes share.
func shared(e binaries.Engine) (*Server, error) {
	mutex.Lock()
	defer mutex.Unlock()
	s := started[e]
	if s == nil {
		s = &share{}
		s.server, s.err = connect(e)
		started[e] = s
	}
	return s.server, s.err
}

// URI is how a configuration's `database.uri` names a database of the server.
func (s *Server) URI(db string) string {
	switch s.Engine {
	case "postgresql":
		return fmt.Sprintf("postgres://postgres@%s:%d/%s?sslmode=disable", s.Host, s.Port, db)
	case "sqlite":
		return filepath.Join(s.dir, db+".db")
	}
	return fmt.Sprintf("mysql://root@%s:%d/%s", s.Host, s.Port, db)
}

// DSN is how the engine's database/sql driver names a database of the server.
func (s *Server) DSN(db string) string {
	switch s.Engine {
	case "postgresql":
		return s.URI(db)
	case "sqlite":
		return "file:" + s.URI(db) + "?_pragma=foreign_keys(1)&_pragma=busy_timeout(10000)"
	}
	return fmt.Sprintf("root@tcp(%s:%d)/%s?parseTime=true&multiStatements=true", s.Host, s.Port, db)
}

// Driver is the name of the engine's database/sql driver.
func (s *Server) Driver() string {
	switch s.Engine {
	case "postgresql":
		return "pgx"
	case "sqlite":
		return "sqlite"
	}
	return "mysql"
}

var (
	serial  atomic.Int64
	unnamed = regexp.MustCompile(`[^a-z0-9]+`)
)

// NewDatabase makes an empty database for a test and returns its name. It is dropped when
// the test ends.
func (s *Server) NewDatabase(t testing.TB) string {
	t.Helper()
	name := strings.Trim(unnamed.ReplaceAllString(strings.ToLower(t.Name()), "_"), "_")
	if len(name) > 30 {
		name = name[:30]
	}
	if s.Engine == "sqlite" { // the file is made on first use, in a folder that goes with the test
		return fmt.Sprintf("%s_%d_%d", name, os.Getpid(), serial.Add(1))
	}
	name, drop, err := s.CreateDatabase(name)
	if err != nil {
		t.Fatalf("testkit: making a database: %v", err)
	}
	t.Cleanup(func() {
		if err := drop(); err != nil {
			t.Logf("testkit: %v", err)
		}
	})
	return name
}

// Open connects to a database of the server; the connections are closed when the test ends.
func (s *Server) Open(t testing.TB, db string) *sql.DB {
	t.Helper()
	conn, err := sql.Open(s.Driver(), s.DSN(db))
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// Exec runs statements that make up a schema or rows; several may stand in one text.
func (s *Server) Exec(t testing.TB, db, statements string) {
	t.Helper()
	conn, err := sql.Open(s.Driver(), s.DSN(db))
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	defer conn.Close()
	if s.Engine == "postgresql" {
		err = simpleQuery(conn, statements)
	} else {
		_, err = conn.Exec(statements)
	}
	if err != nil {
		t.Fatalf("testkit: %v\nin %s", err, statements)
	}
}
