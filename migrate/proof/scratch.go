// Package proof tries a plan out before anybody runs it: on a scratch database that has the old schema and rows, forward and
// back. It knows how engines make and empty databases; how a plan is made it does not know.
package proof

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	introspectmysql "github.com/covetsql/covetsql/compiler/introspect/mysql"
	introspectpostgres "github.com/covetsql/covetsql/compiler/introspect/postgres"
	introspectsqlite "github.com/covetsql/covetsql/compiler/introspect/sqlite"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/internal/managed"
	"github.com/covetsql/covetsql/migrate/plan"
	"github.com/covetsql/covetsql/migrate/proof/fingerprint"
)

// Scratch is where databases are made that nobody misses.
type Scratch struct {
	Dialect dialect.Dialect
	// Server is the URI of a server on which databases may be made; "" for SQLite, whose databases are files in a
	// temporary folder.
	Server string
	// Defaults are the character set, collation and encryption of the databases, as MySQL and MariaDB show them behind a database's name
	// (catalog.Schema.Definition); "" leaves them to the server.
	Defaults string
}

// Database is a scratch database, used over one connection. Close drops it.
type Database struct {
	URI     string
	Dialect dialect.Dialect
	db      *sql.DB
	conn    *sql.Conn
	drop    func()
}

// Split cuts a text of DDL into its statements. The error names the first that can't be read.
func (s Scratch) Split(path, text string) ([]*token.Statement, error) {
	statements, diags := token.Split(source.NewFile(path, text), s.Dialect.Lex(), token.Schema)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%s can't be cut into statements: %v", path, diags[0])
	}
	return statements, nil
}

// New makes a database of a schema. An error that is a *managed.Refused names the statement that the server has something against.
func (s Scratch) New(ctx context.Context, schema []*token.Statement) (*Database, error) {
	uri, drop, err := managed.Scratch(ctx, s.Dialect.Engine(), s.Server, s.Defaults, schema)
	if err != nil {
		return nil, err
	}
	d := &Database{URI: uri, Dialect: s.Dialect, drop: drop}
	if d.db, err = engines[s.Dialect.Engine()].open(uri); err == nil {
		d.conn, err = d.db.Conn(ctx)
	}
	if err != nil {
		d.Close()
		return nil, fmt.Errorf("connecting to a scratch database: %w", err)
	}
	return d, nil
}

// Over is a database that is there already, by its URI and the connections to it. Close ends the connections and drops nothing.
func Over(ctx context.Context, d dialect.Dialect, uri string, db *sql.DB) (*Database, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("connecting to the database: %w", said(err))
	}
	return &Database{URI: uri, Dialect: d, db: db, conn: conn, drop: func() {}}, nil
}

// Close ends the connection and drops the database.
func (d *Database) Close() {
	if d.conn != nil {
		d.conn.Close()
	}
	if d.db != nil {
		d.db.Close()
	}
	d.drop()
}

// Run runs one statement.
func (d *Database) Run(ctx context.Context, statement string) error {
	_, err := d.conn.ExecContext(ctx, statement)
	return said(err)
}

// Snapshot introspects the database.
func (d *Database) Snapshot(ctx context.Context) (*catalog.Snapshot, error) {
	return engines[d.Dialect.Engine()].snapshot(ctx, d)
}

// Version is the server's, as plan.Options.Version has it.
func (d *Database) Version(ctx context.Context) (int, error) {
	var text string
	if err := d.conn.QueryRowContext(ctx, engines[d.Dialect.Engine()].version).Scan(&text); err != nil {
		return 0, fmt.Errorf("asking the scratch database for its version: %w", said(err))
	}
	numbers := digits.FindAllString(text, 3)
	if len(numbers) == 1 { // PostgreSQL gives the number itself
		return strconv.Atoi(numbers[0])
	}
	out, weight := 0, []int{10000, 100, 1}
	if d.Dialect.Engine() == catalog.SQLite {
		weight = []int{1000000, 1000, 1}
	}
	for i, n := range numbers {
		v, err := strconv.Atoi(n)
		if err != nil {
			return 0, fmt.Errorf("reading the version %q: %w", text, err)
		}
		out += v * weight[i]
	}
	return out, nil
}

var digits = regexp.MustCompile(`[0-9]+`)

// Print is the database's schema independent of what covetsql models.
func (d *Database) Print(ctx context.Context) (fingerprint.Print, error) {
	return engines[d.Dialect.Engine()].print(ctx, d)
}

// Failed is a step that the engine refused.
type Failed struct {
	Step plan.Step
	Err  error
}

func (f *Failed) Error() string { return fmt.Sprintf("%v, at: %s", f.Err, f.Step.SQL) }
func (f *Failed) Unwrap() error { return f.Err }

// Apply runs a plan as the runner would: steps that may share a transaction share one where the engine's DDL is
// transactional. The error of a refused statement is a *Failed.
func (d *Database) Apply(ctx context.Context, p plan.Plan) (err error) {
	if p.ForeignKeysOff {
		if err := d.Run(ctx, "PRAGMA foreign_keys = OFF"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, d.Run(ctx, "PRAGMA foreign_keys = ON")) }()
	}
	open := false
	end := func(word string) error {
		if !open {
			return nil
		}
		open = false
		return d.Run(ctx, word)
	}
	for _, s := range p.Steps {
		if s.Alone {
			if err := end("COMMIT"); err != nil {
				return &Failed{s, err}
			}
		} else if !open && engines[d.Dialect.Engine()].transactional {
			if err := d.Run(ctx, "BEGIN"); err != nil {
				return &Failed{s, err}
			}
			open = true
		}
		if err := d.step(ctx, s); err != nil {
			end("ROLLBACK") //nolint:errcheck // what went wrong before is what counts
			return &Failed{s, err}
		}
	}
	if err := end("COMMIT"); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}

// rounds is how often a batch may run over the few rows of a scratch database before it is taken for endless.
const rounds = 1000

func (d *Database) step(ctx context.Context, s plan.Step) error {
	switch {
	case s.Check != "":
		return d.check(ctx, s)
	case !s.Batch:
		return d.Run(ctx, s.SQL)
	}
	for range rounds {
		r, err := d.conn.ExecContext(ctx, s.SQL)
		if err != nil {
			return said(err)
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return err
		}
	}
	return errors.New("the batch finds rows again and again")
}

// check runs a query that has to find nothing.
func (d *Database) check(ctx context.Context, s plan.Step) error {
	rows, err := d.conn.QueryContext(ctx, s.SQL)
	if err != nil {
		return said(err)
	}
	defer rows.Close()
	if rows.Next() {
		return errors.New(s.Check)
	}
	return said(rows.Err())
}

// said are a server's own words.
func said(err error) error {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		text := server.Message
		for _, more := range []string{server.Detail, server.Hint} {
			if more != "" {
				text += "; " + more
			}
		}
		return errors.New(text)
	}
	return err
}

// engines are how a scratch database is reached and read.
var engines = map[catalog.Engine]struct {
	open          func(uri string) (*sql.DB, error)
	snapshot      func(ctx context.Context, d *Database) (*catalog.Snapshot, error)
	print         func(ctx context.Context, d *Database) (fingerprint.Print, error)
	transactional bool
	version       string // the query for it
}{
	catalog.PostgreSQL: {
		open: func(uri string) (*sql.DB, error) { return sql.Open("pgx", uri) },
		snapshot: func(ctx context.Context, d *Database) (*catalog.Snapshot, error) {
			return overPgx(d, func(c *pgx.Conn) (*catalog.Snapshot, error) { return introspectpostgres.ReadConn(ctx, c) })
		},
		print: func(ctx context.Context, d *Database) (fingerprint.Print, error) {
			return overPgx(d, func(c *pgx.Conn) (fingerprint.Print, error) { return fingerprint.PostgreSQL(ctx, c) })
		},
		transactional: true,
		version:       "SHOW server_version_num",
	},
	catalog.MySQL: {
		version: "SELECT version()",
		open: func(uri string) (*sql.DB, error) {
			config, err := introspectmysql.Parse(uri)
			if err != nil {
				return nil, err
			}
			return introspectmysql.Open(config)
		},
		snapshot: func(ctx context.Context, d *Database) (*catalog.Snapshot, error) {
			return introspectmysql.Read(ctx, d.URI, d.Dialect)
		},
		print: func(ctx context.Context, d *Database) (fingerprint.Print, error) {
			return fingerprint.MySQL(ctx, d.conn)
		},
	},
	catalog.SQLite: {
		version: "SELECT sqlite_version()",
		open: func(uri string) (*sql.DB, error) {
			return sql.Open("sqlite", uri+"?_pragma=foreign_keys(1)&_pragma=synchronous(0)")
		},
		snapshot: func(ctx context.Context, d *Database) (*catalog.Snapshot, error) {
			return introspectsqlite.Read(ctx, d.URI, d.Dialect)
		},
		print: func(ctx context.Context, d *Database) (fingerprint.Print, error) {
			return fingerprint.SQLite(ctx, d.conn)
		},
		transactional: true,
	},
}

// overPgx lends the driver's own connection.
func overPgx[T any](d *Database, read func(*pgx.Conn) (T, error)) (out T, err error) {
	raw := d.conn.Raw(func(driver any) error {
		out, err = read(driver.(*stdlib.Conn).Conn())
		return err
	})
	return out, raw
}
