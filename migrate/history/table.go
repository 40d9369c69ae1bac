package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// DefaultTable is the name of our table where nobody gave another.
const DefaultTable = "covetsql_migrations"

// State is how far a migration came.
type State string

// The states.
const (
	Applied  State = "applied"  // it ran whole
	Baseline State = "baseline" // it is taken to be there and was not run
	Squashed State = "squashed" // another migration stands for it now
	Partial  State = "partial"  // some of its statements ran; Done and Started say which
)

// Entry is one row: one migration of the set that a database has.
type Entry struct {
	Version, Name string
	// Position orders entries by when they were applied.
	Position int64
	State    State
	// Way is "up", or "down" while a migration that can't be undone in one transaction is being undone.
	Way string
	// Checksum and Text are the file's as it was run; empty for Go code and for what another tool applied before.
	Checksum, Text string
	// Total counts the statements. Done of them took effect, and Started, where it is Done+1, is one of which nobody wrote down
	// its end. Prefix is the checksum of the statements done; Before is what the runner saw before the one that was started.
	Total, Done, Started int
	Prefix, Before       string
	// At is when it was begun, in UTC; Took, how long it ran.
	At   time.Time
	Took time.Duration
	// By is who ran it and with what. Run is the attempt's own mark.
	By, Run string
}

// Table is our table in a database.
type Table struct {
	Engine Engine
	// Name is quoted and qualified.
	Name string
}

const columns = "version, name, position, state, way, checksum, body, total, done, started, prefix, before_it, applied_at, took_ms, applied_by, run"

// Create makes the table where it is not there.
func (t Table) Create(ctx context.Context, q Querier) error {
	text, version, tail, small := "text", "varchar(255)", "", "varchar(255)"
	switch t.Engine {
	case MySQL:
		text, version, tail = "longtext", "varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", " DEFAULT CHARSET=utf8mb4"
	case SQLite:
		text, version, small = "text", "text", "text"
	}
	_, err := q.ExecContext(ctx, fmt.Sprintf(`CREATE TABLE IF NOT EXISTS %s (
  version %s NOT NULL PRIMARY KEY,
  name %s NOT NULL,
  position bigint NOT NULL,
  state varchar(16) NOT NULL,
  way varchar(8) NOT NULL,
  checksum varchar(64) NOT NULL,
  body %s NOT NULL,
  total integer NOT NULL,
  done integer NOT NULL,
  started integer NOT NULL,
  prefix varchar(64) NOT NULL,
  before_it %s NOT NULL,
  applied_at varchar(40) NOT NULL,
  took_ms bigint NOT NULL,
  applied_by %s NOT NULL,
  run varchar(64) NOT NULL
)%s`, t.Name, version, small, text, text, small, tail))
	return err
}

// Entries are the rows in order of Position.
func (t Table) Entries(ctx context.Context, q Querier) ([]Entry, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+columns+" FROM "+t.Name+" ORDER BY position, version")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Entry
	for rows.Next() {
		e, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// Entry is the row of a version; ok is false where there is none.
func (t Table) Entry(ctx context.Context, q Querier, version string) (e Entry, ok bool, err error) {
	e, err = scan(q.QueryRowContext(ctx, t.Engine.bind("SELECT "+columns+" FROM "+t.Name+" WHERE version = ?"), version))
	if err == sql.ErrNoRows {
		return e, false, nil
	}
	return e, err == nil, err
}

func scan(row interface{ Scan(...any) error }) (e Entry, err error) {
	var at string
	var ms int64
	err = row.Scan(&e.Version, &e.Name, &e.Position, &e.State, &e.Way, &e.Checksum, &e.Text, &e.Total, &e.Done, &e.Started, &e.Prefix, &e.Before, &at, &ms, &e.By, &e.Run)
	if err != nil {
		return e, err
	}
	e.Took = time.Duration(ms) * time.Millisecond
	if e.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
		return e, fmt.Errorf("the history has a time that is none, of version %s: %w", e.Version, err)
	}
	return e, nil
}

func (e Entry) values() []any {
	return []any{e.Version, e.Name, e.Position, string(e.State), e.Way, e.Checksum, e.Text, e.Total, e.Done, e.Started, e.Prefix, e.Before,
		e.At.UTC().Format(time.RFC3339Nano), e.Took.Milliseconds(), clip(e.By, 255), e.Run}
}

// clip cuts a text to as many characters as its column takes.
func clip(s string, n int) string {
	r := []rune(s)
	return string(r[:min(len(r), n)])
}

// Insert adds a row. That of a version that is there fails, which is what keeps two runners from running one file twice.
func (t Table) Insert(ctx context.Context, q Querier, e Entry) error {
	_, err := q.ExecContext(ctx, t.Engine.bind("INSERT INTO "+t.Name+" ("+columns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"), e.values()...)
	return err
}

// Update writes a row anew. It must be there.
func (t Table) Update(ctx context.Context, q Querier, e Entry) error {
	res, err := q.ExecContext(ctx, t.Engine.bind("UPDATE "+t.Name+" SET name = ?, position = ?, state = ?, way = ?, checksum = ?, body = ?, total = ?, done = ?, started = ?, prefix = ?, before_it = ?, applied_at = ?, took_ms = ?, applied_by = ?, run = ? WHERE version = ?"),
		append(e.values()[1:], e.Version)...)
	if err != nil {
		return err
	}
	// MySQL counts rows that changed, so that none is counted where all was so before.
	if n, err := res.RowsAffected(); err == nil && n == 0 && t.Engine != MySQL {
		return fmt.Errorf("the history's row of version %s is gone", e.Version)
	}
	return nil
}

// Advance is Update for one that goes on from what it read: the row must still be at the same statement of the same run.
// Otherwise another runner took over, and ErrTakenOver says so.
func (t Table) Advance(ctx context.Context, q Querier, from, to Entry) error {
	res, err := q.ExecContext(ctx, t.Engine.bind("UPDATE "+t.Name+" SET state = ?, way = ?, checksum = ?, body = ?, total = ?, done = ?, started = ?, prefix = ?, before_it = ?, took_ms = ?, applied_by = ?, run = ? WHERE version = ? AND done = ? AND started = ? AND run = ?"),
		string(to.State), to.Way, to.Checksum, to.Text, to.Total, to.Done, to.Started, to.Prefix, to.Before, to.Took.Milliseconds(), clip(to.By, 255), to.Run, to.Version, from.Done, from.Started, from.Run)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	now, ok, err := t.Entry(ctx, q, to.Version)
	if err != nil {
		return err
	}
	// MySQL counts the rows that changed.
	if t.Engine == MySQL && ok && now.Run == to.Run && now.Done == to.Done && now.Started == to.Started && now.State == to.State {
		return nil
	}
	return ErrTakenOver
}

// ErrTakenOver says that another runner goes on with the migration.
var ErrTakenOver = errors.New("another runner took the migration over")

// Delete removes the row of a version.
func (t Table) Delete(ctx context.Context, q Querier, version string) error {
	_, err := q.ExecContext(ctx, t.Engine.bind("DELETE FROM "+t.Name+" WHERE version = ?"), version)
	return err
}

// Touch changes nothing and takes SQLite's write lock, so that what the transaction reads from then on stays so.
func (t Table) Touch(ctx context.Context, q Querier) error {
	_, err := q.ExecContext(ctx, "UPDATE "+t.Name+" SET position = position WHERE 0 = 1")
	return err
}
