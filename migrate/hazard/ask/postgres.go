// Package ask lets a database say itself what a statement does to it. It is for scratch databases that have the schema: the
// statement is run, and rolled back where that can be.
package ask

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/covetsql/covetsql/migrate/hazard/effect"
)

// Postgres is a connection to a scratch database of PostgreSQL, for one goroutine.
type Postgres struct {
	conn     *pgx.Conn
	messages []string
}

// Answer is what the server did.
type Answer struct {
	// Locks are those held on relations that were there before or are there afterwards, by their names from before.
	Locks map[effect.Table]effect.Mode
	// Gone are relations that are no longer there: the locks of those are not to be seen.
	Gone map[effect.Table]bool
	// Work is what the debug messages tell, in their order. Indexes of TOAST tables are left out.
	Work []effect.Work
	// NewFile are relations of which the rows stand in another file than before: rewritten, copied or truncated ones.
	NewFile map[effect.Table]bool
	// Refused is the server's error, "" where it took the statement.
	Refused string
	// Alone: it takes the statement outside of transactions only.
	Alone bool
}

// ConnectPostgres opens a connection. Statements that wait for a lock or run for longer than limit are given up.
func ConnectPostgres(ctx context.Context, uri string, limit time.Duration) (*Postgres, error) {
	config, err := pgx.ParseConfig(uri)
	if err != nil {
		return nil, fmt.Errorf("the database's URI can't be read: %w", err)
	}
	p := &Postgres{}
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		if strings.HasPrefix(n.Severity, "DEBUG") {
			p.messages = append(p.messages, n.Message)
		}
	}
	config.RuntimeParams["client_min_messages"] = "debug1"
	ms := fmt.Sprint(limit.Milliseconds())
	config.RuntimeParams["lock_timeout"], config.RuntimeParams["statement_timeout"] = ms, ms
	if p.conn, err = pgx.ConnectConfig(ctx, config); err != nil {
		return nil, fmt.Errorf("connecting to the scratch database: %w", err)
	}
	return p, nil
}

// Close ends the connection.
func (p *Postgres) Close(ctx context.Context) error { return p.conn.Close(ctx) }

type relation struct {
	table effect.Table
	file  uint32
}

const relations = `SELECT c.oid, n.nspname, c.relname, pg_catalog.pg_relation_filenode(c.oid) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_%'`

func (p *Postgres) relations(ctx context.Context, tx pgx.Tx) (map[uint32]relation, error) {
	rows, err := tx.Query(ctx, relations)
	if err != nil {
		return nil, err
	}
	out := map[uint32]relation{}
	var oid uint32
	var file *uint32
	var t effect.Table
	_, err = pgx.ForEachRow(rows, []any{&oid, &t.Schema, &t.Name, &file}, func() error {
		r := relation{table: t}
		if file != nil {
			r.file = *file
		}
		out[oid] = r
		return nil
	})
	return out, err
}

// Ask runs a statement in a transaction, behind others that it needs (SET …), and takes all back.
func (p *Postgres) Ask(ctx context.Context, before []string, statement string) (a Answer, err error) {
	tx, err := p.conn.Begin(ctx)
	if err != nil {
		return a, fmt.Errorf("beginning a transaction on the scratch database: %w", err)
	}
	defer func() { err = errors.Join(err, tx.Rollback(ctx)) }()
	old, err := p.relations(ctx, tx)
	if err != nil {
		return a, fmt.Errorf("reading the scratch database's relations: %w", err)
	}
	for _, b := range before {
		if _, err := tx.Exec(ctx, b, pgx.QueryExecModeSimpleProtocol); err != nil {
			return a, fmt.Errorf("running %s before: %w", b, err)
		}
	}
	held, err := p.locks(ctx, tx)
	if err != nil {
		return a, err
	}
	p.messages = nil
	if _, err := tx.Exec(ctx, statement, pgx.QueryExecModeSimpleProtocol); err != nil {
		var server *pgconn.PgError
		if !errors.As(err, &server) {
			return a, fmt.Errorf("asking the scratch database: %w", err)
		}
		a.Refused, a.Alone = server.Message, server.Code == "25001"
		a.Work = worked(p.messages)
		return a, nil
	}
	messages := p.messages
	now, err := p.relations(ctx, tx)
	if err != nil {
		return a, err
	}
	after, err := p.locks(ctx, tx)
	if err != nil {
		return a, err
	}
	a.Locks, a.Gone, a.NewFile = map[effect.Table]effect.Mode{}, map[effect.Table]bool{}, map[effect.Table]bool{}
	for oid, r := range old {
		n, there := now[oid]
		if !there {
			a.Gone[r.table] = true
		} else if n.file != r.file {
			a.NewFile[r.table] = true
		}
	}
	for oid, mode := range after {
		r, there := now[oid]
		if !there || mode <= held[oid] {
			continue
		}
		if o, was := old[oid]; was {
			r = o
		}
		a.Locks[r.table] = mode
	}
	a.Work = worked(messages)
	for i := range a.Work { // messages have no schema
		for _, r := range now {
			if r.table.Name == a.Work[i].Table.Name {
				a.Work[i].Table.Schema = r.table.Schema
			}
		}
	}
	return a, nil
}

func (p *Postgres) locks(ctx context.Context, tx pgx.Tx) (map[uint32]effect.Mode, error) {
	rows, err := tx.Query(ctx, `SELECT relation, mode FROM pg_catalog.pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted
		AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())`)
	if err != nil {
		return nil, fmt.Errorf("reading pg_locks: %w", err)
	}
	out := map[uint32]effect.Mode{}
	var oid uint32
	var mode string
	_, err = pgx.ForEachRow(rows, []any{&oid, &mode}, func() error {
		for m := effect.AccessShare; m <= effect.AccessExclusive; m++ {
			if m.ServerName() == mode {
				out[oid] = max(out[oid], m)
			}
		}
		return nil
	})
	return out, err
}

// said are the server's messages about work, since version 11; the names in them are quoted but not escaped.
var said = []struct {
	re   *regexp.Regexp
	kind effect.WorkKind
}{
	{regexp.MustCompile(`^rewriting table "(?P<table>.*)"$`), effect.Rewrite},
	{regexp.MustCompile(`^verifying table "(?P<table>.*)"$`), effect.Verify},
	{regexp.MustCompile(`^building index "(?P<object>.*)" on table "(?P<table>.*)" (serially|with request .*)$`), effect.BuildIndex},
	{regexp.MustCompile(`^validating foreign key constraint "(?P<object>.*)"$`), effect.ValidateKey},
	{regexp.MustCompile(`^existing constraints on column "(?P<table>.*)\.(?P<object>.*)" are sufficient`), effect.Proved},
}

// Worked reads debug messages of PostgreSQL.
func Worked(messages []string) []effect.Work { return worked(messages) }

func worked(messages []string) (out []effect.Work) {
	for _, m := range messages {
		for _, s := range said {
			found := s.re.FindStringSubmatch(m)
			if found == nil {
				continue
			}
			w := effect.Work{Kind: s.kind}
			for i, name := range s.re.SubexpNames() {
				switch name {
				case "table":
					w.Table.Name = found[i]
				case "object":
					w.Object = found[i]
				}
			}
			if !strings.HasPrefix(w.Table.Name, "pg_toast_") {
				out = append(out, w)
			}
		}
	}
	return out
}
