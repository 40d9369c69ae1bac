package migrate

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/history"
)

// session is the one connection that a call works on: it holds the lock and runs the statements, so that the lock stands as
// long as the server works for us, even when we are gone.
type session struct {
	*Runner
	conn    *sql.Conn
	table   history.Table
	has     bool // the table is there
	foreign *history.Foreign
	mariaDB bool
	pooled  bool
	saved   map[string]string // settings of the session when it was opened
	run     string
	lock    *lock
}

func mark() string {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic(err) // crypto/rand never fails
	}
	return hex.EncodeToString(b[:])
}

// open connects.
func (r *Runner) open(ctx context.Context, form file.Form) (*session, error) {
	s := &session{Runner: r, run: mark()}
	if r.DB == nil {
		return nil, &Error{Text: "the runner has no database"}
	}
	switch r.Engine {
	case PostgreSQL, MySQL, SQLite:
	default:
		return nil, &Error{Text: fmt.Sprintf("unknown engine %q", string(r.Engine)), Do: "write postgresql, mysql or sqlite"}
	}
	if err := s.connect(ctx); err != nil {
		return nil, err
	}
	err := s.find(ctx, form)
	if err != nil {
		s.close()
		return nil, &Error{Text: "the history can't be read", Err: err}
	}
	return s, nil
}

func (s *session) connect(ctx context.Context) error {
	conn, err := s.DB.Conn(ctx)
	if err != nil {
		return &Error{Kind: ErrConnect, Text: "no connection to the database", Err: err, State: "nothing was done", Do: "see that the server runs and that address and password are right"}
	}
	s.conn = conn
	if s.saved, err = s.settings(ctx); err != nil {
		s.close()
		return &Error{Text: "the session's settings can't be read", Err: err}
	}
	return nil
}

// find looks where the tables are.
func (s *session) find(ctx context.Context, form file.Form) error {
	name, exists, err := s.Engine.Place(ctx, s.conn, s.Runner.table())
	if err != nil {
		return err
	}
	s.table, s.has = history.Table{Engine: s.Engine, Name: name}, exists
	if s.Engine == MySQL {
		var v string
		if err := s.conn.QueryRowContext(ctx, "SELECT VERSION()").Scan(&v); err != nil {
			return err
		}
		s.mariaDB = strings.Contains(strings.ToLower(v), "mariadb")
	}
	s.foreign, err = history.FindForeign(ctx, s.conn, s.Engine, form)
	return err
}

func (s *session) close() {
	if s.conn != nil {
		_ = s.conn.Close() // it goes back to its pool, or was lost already
	}
}

// sessionSettings are what a file of MySQL may set for the session, and does in dumps.
var sessionSettings = []string{"sql_mode", "foreign_key_checks", "unique_checks", "time_zone", "character_set_client", "character_set_connection", "character_set_results",
	"collation_connection", "sql_notes", "autocommit", "lock_wait_timeout", "innodb_lock_wait_timeout"}

// settings are the session's settings that a migration could change: it must not change them for those behind it.
func (s *session) settings(ctx context.Context) (map[string]string, error) {
	out := map[string]string{}
	switch s.Engine {
	case PostgreSQL:
		rows, err := s.conn.QueryContext(ctx, `SELECT name, pg_catalog.current_setting(name) FROM pg_catalog.pg_settings WHERE source = 'session' OR name = 'search_path'
			UNION ALL SELECT 'role', pg_catalog.current_setting('role')`)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var name, value string
			if err := rows.Scan(&name, &value); err != nil {
				return nil, err
			}
			out[name] = value
		}
		return out, rows.Err()
	case MySQL:
		values := make([]sql.NullString, len(sessionSettings)+1)
		into := make([]any, len(values))
		for i := range values {
			into[i] = &values[i]
		}
		if err := s.conn.QueryRowContext(ctx, "SELECT @@"+strings.Join(sessionSettings, ", @@")+", DATABASE()").Scan(into...); err != nil {
			return nil, err
		}
		for i, name := range sessionSettings {
			out[name] = values[i].String
		}
		out["database"] = values[len(sessionSettings)].String
		return out, nil
	}
	for _, p := range []string{"foreign_keys", "legacy_alter_table", "recursive_triggers", "ignore_check_constraints", "writable_schema", "busy_timeout", "query_only"} {
		var v int64
		if err := s.conn.QueryRowContext(ctx, "PRAGMA "+p).Scan(&v); err != nil {
			return nil, err
		}
		out[p] = strconv.FormatInt(v, 10)
	}
	return out, nil
}

// restore brings the session's settings back to what they were. q may be a transaction.
func (s *session) restore(ctx context.Context, q history.Querier) error {
	switch s.Engine {
	case PostgreSQL:
		// search_path first: everything here is qualified, and what was set for the transaction only stays until its end.
		rows, err := q.QueryContext(ctx, `SELECT name, pg_catalog.current_setting(name) FROM pg_catalog.pg_settings WHERE source = 'session'
			UNION ALL SELECT 'role', pg_catalog.current_setting('role')`)
		if err != nil {
			return err
		}
		now := map[string]string{}
		for rows.Next() {
			var name, value string
			if err := rows.Scan(&name, &value); err != nil {
				rows.Close()
				return err
			}
			now[name] = value
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return err
		}
		for name, value := range now {
			if name == "transaction_isolation" || name == "transaction_read_only" || name == "transaction_deferrable" || name == "session_authorization" {
				continue
			}
			before, had := s.saved[name]
			switch {
			case had && before == value:
			case had:
				if _, err := q.ExecContext(ctx, "SELECT pg_catalog.set_config($1, $2, false)", name, before); err != nil {
					return err
				}
			default:
				if _, err := q.ExecContext(ctx, "RESET "+dotted(name)); err != nil {
					return err
				}
			}
		}
		return nil
	case MySQL:
		now, err := s.settings(ctx)
		if err != nil {
			return err
		}
		for _, name := range sessionSettings {
			if now[name] == s.saved[name] || name == "autocommit" {
				continue
			}
			value := any(s.saved[name])
			if n, err := strconv.ParseInt(s.saved[name], 10, 64); err == nil {
				value = n
			}
			if _, err := q.ExecContext(ctx, "SET SESSION "+name+" = ?", value); err != nil {
				return err
			}
		}
		if now["database"] != s.saved["database"] && s.saved["database"] != "" {
			if _, err := q.ExecContext(ctx, "USE "+s.Engine.Quote(s.saved["database"])); err != nil {
				return err
			}
		}
		return nil
	}
	for name, value := range s.saved {
		if _, err := q.ExecContext(ctx, "PRAGMA "+name+" = "+value); err != nil {
			return err
		}
	}
	return nil
}

// dotted quotes the parts of a setting's name: app.user is a name too.
func dotted(name string) string {
	parts := strings.Split(name, ".")
	for i, p := range parts {
		parts[i] = PostgreSQL.Quote(p)
	}
	return strings.Join(parts, ".")
}

// limit sets how long statements wait for locks. In a transaction of PostgreSQL's it ends with it; elsewhere restore takes it back.
func (s *session) limit(ctx context.Context, q history.Querier, d time.Duration, local bool) error {
	if d == 0 {
		d = s.LockTimeout
	}
	if d <= 0 {
		return nil
	}
	var err error
	switch s.Engine {
	case PostgreSQL:
		_, err = q.ExecContext(ctx, "SELECT pg_catalog.set_config('lock_timeout', $1, $2)", strconv.FormatInt(max(d.Milliseconds(), 1), 10)+"ms", local)
	case MySQL:
		seconds := max(1, int64((d+time.Second-1)/time.Second))
		if _, err = q.ExecContext(ctx, "SET SESSION lock_wait_timeout = "+strconv.FormatInt(seconds, 10)); err == nil {
			_, err = q.ExecContext(ctx, "SET SESSION innodb_lock_wait_timeout = "+strconv.FormatInt(seconds, 10))
		}
	default:
		_, err = q.ExecContext(ctx, "PRAGMA busy_timeout = "+strconv.FormatInt(d.Milliseconds(), 10))
	}
	return err
}

// again is the session on a new connection, after the old one was lost, with the lock.
func (s *session) again(ctx context.Context) error {
	if s.Engine == SQLite && s.conn != nil { // there is no server to lose, and a database in memory ends with its connection
		_, _ = s.conn.ExecContext(ctx, "ROLLBACK") // fails where no transaction is open
		return s.conn.PingContext(ctx)
	}
	s.discard()
	var err error
	for i := range 5 {
		if err = s.connect(ctx); err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(time.Duration(i+1) * 200 * time.Millisecond):
		}
	}
	if err != nil {
		return err
	}
	if s.lock != nil {
		return s.lock.acquire(ctx, s)
	}
	return nil
}

// discard closes the connection for good, so that a broken one is not given to anybody again.
func (s *session) discard() {
	if s.conn == nil {
		return
	}
	_ = s.conn.Raw(func(any) error { return driver.ErrBadConn }) // database/sql throws away a connection whose use ends so
	_ = s.conn.Close()
	s.conn = nil
}

// commit commits. SQLite keeps a transaction open whose commit found readers in its way; it is rolled back then, so that it can
// be tried again from its start.
func (s *session) commit(ctx context.Context, tx *sql.Tx) error {
	err := tx.Commit()
	if err != nil && s.Engine == SQLite && s.conn != nil {
		_, _ = s.conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // fails where none is open
	}
	return err
}
