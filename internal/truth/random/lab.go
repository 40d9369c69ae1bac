package random

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	"github.com/covetsql/covetsql/compiler/dialect/postgres"
	"github.com/covetsql/covetsql/compiler/dialect/sqlite"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/internal/truth"
)

// Lab is a language with databases of a real server: one schema stands in all of them, each
// with rows of its own. The server is the lab's alone, since a statement may kill it.
type Lab struct {
	Language *Language
	Dialect  dialect.Dialect
	server   *testkit.Private // nil for SQLite, in memory
	open     []opener
	close    []func()
	beside   *Lab // of the dialect's other server: see sibling
}

// opener gives an empty database each time it is called, in the place of the last one.
type opener func(ctx context.Context) (truth.Server, error)

// Open makes a lab of n databases of a server of "postgresql", "mysql" or "mariadb", or of
// "sqlite" in memory.
func Open(ctx context.Context, language string, n int) (*Lab, error) {
	lang, err := Read(language)
	if err != nil {
		return nil, err
	}
	l := &Lab{Language: lang, open: make([]opener, n)}
	switch language {
	case "sqlite":
		l.Dialect = sqlite.New()
	case "postgresql":
		l.Dialect = postgres.New()
	default:
		l.Dialect = mysql.New()
	}
	if language != "sqlite" {
		if l.server, err = testkit.StartPrivate(language); err != nil {
			return nil, err
		}
	}
	if err := l.connect(ctx); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// connect makes the databases.
func (l *Lab) connect(ctx context.Context) (err error) {
	for i := range l.open {
		name := fmt.Sprintf("truth_%d", i+1)
		switch l.Language.Name {
		case "sqlite":
			l.open[i] = l.sqlite()
		case "postgresql":
			l.open[i], err = l.postgresql(ctx, name)
		default:
			l.open[i], err = l.mysql(ctx, name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *Lab) disconnect() {
	for _, c := range slices.Backward(l.close) {
		c()
	}
	l.close = nil
}

// Close ends the lab's connections and its server.
func (l *Lab) Close() {
	if l.beside != nil {
		l.beside.Close()
	}
	l.disconnect()
	if l.server != nil {
		_ = l.server.Close() // its supervisor ends it if this did not
	}
}

// tidying is how long emptying a database may take; a statement that runs for ever keeps it.
const tidying = 30 * time.Second

// databases gives the databases, each empty. A server that has died, or does not let go of a
// database, is started anew.
func (l *Lab) databases(ctx context.Context) ([]truth.Server, error) {
	servers, err := l.emptied(ctx)
	if err == nil || l.server == nil || ctx.Err() != nil {
		return servers, err
	}
	l.disconnect()
	if err := l.server.Restart(); err != nil {
		return nil, err
	}
	if err := l.connect(ctx); err != nil {
		return nil, err
	}
	return l.emptied(ctx)
}

func (l *Lab) emptied(ctx context.Context) ([]truth.Server, error) {
	ctx, cancel := context.WithTimeout(ctx, tidying)
	defer cancel()
	servers := make([]truth.Server, len(l.open))
	for i, open := range l.open {
		var err error
		if servers[i], err = open(ctx); err != nil {
			return nil, err
		}
	}
	return servers, nil
}

func (l *Lab) postgresql(ctx context.Context, name string) (opener, error) {
	admin, err := sql.Open(l.server.Driver(), l.server.DSN("postgres"))
	if err != nil {
		return nil, err
	}
	defer admin.Close()
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return nil, err
	}
	s, closer, err := truth.PostgreSQL(ctx, l.server.DSN(name))
	if err != nil {
		return nil, err
	}
	l.close = append(l.close, closer)
	return func(ctx context.Context) (truth.Server, error) {
		return s, s.Exec(ctx, "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public; SET statement_timeout = '1s'")
	}, nil
}

func (l *Lab) mysql(ctx context.Context, name string) (opener, error) {
	db, err := sql.Open(l.server.Driver(), l.server.DSN(""))
	if err != nil {
		return nil, err
	}
	l.close = append(l.close, func() { db.Close() })
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	mariadb := l.Language.Name == "mariadb"
	limit := "SET max_execution_time = 1000"
	if mariadb {
		limit = "SET max_statement_time = 1"
	}
	return func(ctx context.Context) (truth.Server, error) {
		s := truth.MySQL(conn, mariadb)
		for _, st := range []string{"DROP DATABASE IF EXISTS " + name, "CREATE DATABASE " + name + " CHARACTER SET utf8mb4", "USE " + name,
			"SET collation_connection = @@collation_database", limit} {
			if err := s.Exec(ctx, st); err != nil {
				return nil, err
			}
		}
		return s, nil
	}, nil
}

func (l *Lab) sqlite() opener {
	var last *sql.DB
	closer := func() {
		if last != nil {
			last.Close()
		}
	}
	l.close = append(l.close, func() { closer() })
	return func(ctx context.Context) (truth.Server, error) {
		closer()
		db, err := sql.Open("sqlite", ":memory:")
		if err != nil {
			return nil, err
		}
		last = db
		conn, err := db.Conn(ctx)
		if err != nil {
			return nil, err
		}
		return truth.SQLite(conn), nil
	}
}
