package random

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/dialect/mysql"
	"github.com/covetsql/covetsql/compiler/dialect/postgres"
	"github.com/covetsql/covetsql/compiler/dialect/sqlite"
	"github.com/covetsql/covetsql/internal/testkit"
	"github.com/covetsql/covetsql/internal/truth"
)

// Lab is a language with databases of a real server: one schema stands in all of them, each
// with rows of its own.
type Lab struct {
	Language *Language
	Dialect  dialect.Dialect
	// databases open an empty database each time they are called, in the place of the last one.
	databases []func(ctx context.Context) (truth.Server, error)
	close     []func()
}

// Open makes a lab of n databases of the testkit's server of "postgresql", "mysql" or
// "mariadb", or of "sqlite" in memory.
func Open(ctx context.Context, language string, n int) (*Lab, error) {
	lang, err := Read(language)
	if err != nil {
		return nil, err
	}
	l := &Lab{Language: lang}
	if language == "sqlite" {
		l.Dialect = sqlite.New()
		for range n {
			l.addSQLite()
		}
		return l, nil
	}
	server, err := testkit.Start(language)
	if err != nil {
		return nil, err
	}
	for range n {
		name, drop, err := server.CreateDatabase("truth")
		if err == nil {
			l.close = append(l.close, func() { _ = drop() }) // the server goes with its last user
			if language == "postgresql" {
				l.Dialect = postgres.New()
				err = l.addPostgreSQL(ctx, server.DSN(name))
			} else {
				l.Dialect = mysql.New()
				err = l.addMySQL(ctx, server, name)
			}
		}
		if err != nil {
			l.Close()
			return nil, err
		}
	}
	return l, nil
}

// Close ends the lab's connections and drops its databases.
func (l *Lab) Close() {
	for _, c := range slices.Backward(l.close) {
		c()
	}
}

func (l *Lab) addPostgreSQL(ctx context.Context, dsn string) error {
	s, closer, err := truth.PostgreSQL(ctx, dsn)
	if err != nil {
		return err
	}
	l.close = append(l.close, closer)
	l.databases = append(l.databases, func(ctx context.Context) (truth.Server, error) {
		return s, s.Exec(ctx, "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public")
	})
	return nil
}

// addMySQL adds a database of a server that a statement may kill: then the next one is asked.
func (l *Lab) addMySQL(ctx context.Context, server *testkit.Server, name string) error {
	var db *sql.DB
	var conn *sql.Conn
	connect := func(ctx context.Context) (err error) {
		if db != nil {
			db.Close()
		}
		if db, err = sql.Open(server.Driver(), server.DSN("")); err == nil {
			conn, err = db.Conn(ctx)
		}
		return err
	}
	if err := connect(ctx); err != nil {
		return err
	}
	l.close = append(l.close, func() { db.Close() })
	l.databases = append(l.databases, func(ctx context.Context) (truth.Server, error) {
		for err, deadline := conn.PingContext(ctx), time.Now().Add(time.Minute); err != nil; {
			if time.Now().After(deadline) {
				return nil, err
			}
			time.Sleep(time.Second) // a server's end takes its time
			if next, e := testkit.Restart(l.Language.Name); e == nil {
				server = next
				err = connect(ctx)
			}
		}
		s := truth.MySQL(conn, l.Language.Name == "mariadb")
		limit := "SET max_execution_time = 2000" // less than the patience, which costs the connection
		if l.Language.Name == "mariadb" {
			limit = "SET max_statement_time = 2"
		}
		for _, st := range []string{"DROP DATABASE IF EXISTS " + name, "CREATE DATABASE " + name + " CHARACTER SET utf8mb4", "USE " + name,
			"SET collation_connection = @@collation_database", limit} {
			if err := s.Exec(ctx, st); err != nil {
				return nil, err
			}
		}
		return s, nil
	})
	return nil
}

// lost tells that an error is the end of a connection: the server died of a statement.
func lost(err error) bool {
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || strings.Contains(err.Error(), "invalid connection")
}

func (l *Lab) addSQLite() {
	var last *sql.DB
	closer := func() {
		if last != nil {
			last.Close()
		}
	}
	l.close = append(l.close, func() { closer() })
	l.databases = append(l.databases, func(ctx context.Context) (truth.Server, error) {
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
	})
}
