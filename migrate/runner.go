package migrate

import (
	"context"
	"database/sql"
	"io/fs"
	"os"
	"os/user"
	"time"

	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/migrate/file"
	"github.com/covetsql/covetsql/migrate/history"
)

// Engine is a database engine.
type Engine = history.Engine

// The engines. MySQL is MariaDB too.
const (
	PostgreSQL = history.PostgreSQL
	MySQL      = history.MySQL
	SQLite     = history.SQLite
)

// Runner runs the migrations of a folder on a database. It keeps nothing between calls and may be used by several goroutines.
type Runner struct {
	DB     *sql.DB
	Engine Engine
	// FS has the migrations in its root: embed.FS with fs.Sub, or a folder on disk by file.OpenDisk.
	FS fs.FS
	Options
}

// Options are what else a runner can be told. The zero value is right for most.
type Options struct {
	// Form is the folder's; "" finds it out.
	Form file.Form
	// Table is the name of our history table; "" is history.DefaultTable.
	Table string
	// Funcs are migrations written in Go.
	Funcs []Func
	// AllowLate runs migrations that are older than the newest applied one, as happens after a merge. Without it they are an error.
	AllowLate bool
	// LockTimeout is how long a statement waits for a lock before its transaction is given up and tried again; 0 leaves it to
	// the server. A file's own covet:lock_timeout comes first.
	LockTimeout time.Duration
	// LockRetries is how often a file (or a statement that runs alone) is tried again after its lock timed out; 0 is 10 times,
	// negative never. Between tries there are pauses that grow, with chance in them.
	LockRetries int
	// Wait is how long to wait for another runner; 0 waits until the context ends.
	Wait time.Duration
	// Pooled: the connection goes through a pooler that gives each transaction another session (PgBouncer's transaction
	// mode). It is found out by itself mostly; the driver must be told apart (pgx: default_query_exec_mode=exec).
	Pooled bool
	// BatchPause is between two rounds of a batch.
	BatchPause time.Duration
	// By is who runs the migrations, for the history; "" is the user's and the machine's name.
	By string
	// Approve is asked before Down runs what loses stored values, after all else that could keep it from running was looked at. Its
	// error ends the run with nothing undone. Nil approves: a program that calls Down means it. Refuse approves nothing.
	Approve func(lost []Loss) error
	// OnEvent is told of progress, in order, from the goroutine that runs.
	OnEvent func(Event)
}

// Func is a migration written in Go. Of each way one of the two functions is set, or none where there is no way back.
type Func struct {
	// Version orders it among the files; Name is for people.
	Version, Name string
	// Up and Down run in a transaction, which is committed with the history's row.
	Up, Down func(ctx context.Context, tx *sql.Tx) error
	// UpDB and DownDB run outside of one. After a kill they are run again from their start.
	UpDB, DownDB func(ctx context.Context, db *sql.DB) error
}

func (r *Runner) dialect() token.Dialect {
	switch r.Engine {
	case MySQL:
		return token.MySQL
	case SQLite:
		return token.SQLite
	}
	return token.PostgreSQL
}

func (r *Runner) by() string {
	if r.By != "" {
		return r.By
	}
	name, host := "", ""
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if h, err := os.Hostname(); err == nil {
		host = h
	}
	return name + "@" + host
}

func (r *Runner) table() string {
	if r.Table != "" {
		return r.Table
	}
	return history.DefaultTable
}

// Event is a piece of progress.
type Event struct {
	// Kind is one of the constants below.
	Kind EventKind `json:"event"`
	// Version, Name and Path are the migration's.
	Version string `json:"version,omitempty"`
	Name    string `json:"name,omitempty"`
	Path    string `json:"path,omitempty"`
	Down    bool   `json:"down,omitempty"`
	// Statement counts from 1, of Statements; Line is its line in Path and SQL its beginning, without strings.
	Statement  int    `json:"statement,omitempty"`
	Statements int    `json:"statements,omitempty"`
	Line       int    `json:"line,omitempty"`
	SQL        string `json:"sql,omitempty"`
	// Rows are those that a statement changed, or a batch so far.
	Rows int64 `json:"rows,omitempty"`
	// Attempt counts tries after a lock timeout.
	Attempt int `json:"attempt,omitempty"`
	// Text is for people.
	Text string        `json:"text,omitempty"`
	Took time.Duration `json:"took_ns,omitempty"`
}

// EventKind says what happened.
type EventKind string

// What happens.
const (
	Waiting    EventKind = "waiting"    // for another runner; Text says which
	TakenOver  EventKind = "taken over" // another tool's history said that the migration is applied, or undone
	Begin      EventKind = "begin"      // a migration
	Resume     EventKind = "resume"     // a migration of which a part ran before
	Ran        EventKind = "ran"        // a statement
	BatchRound EventKind = "batch"      // a round of a batch
	Retry      EventKind = "retry"      // a lock was not to be had in time
	Cleaned    EventKind = "cleaned"    // something that an interrupted statement left was removed
	End        EventKind = "end"        // a migration
	Settled    EventKind = "settled"    // a migration that began here, and that another runner had done while this one waited for it
)

func (r *Runner) tell(e Event) {
	if r.OnEvent != nil {
		r.OnEvent(e)
	}
}
