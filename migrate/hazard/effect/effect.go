// Package effect is what one statement does to a live database, as data: the locks that it takes, the work that it does under
// them, what is lost, and what of that is dangerous. It knows no engine's rules.
package effect

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/migrate/plan"
)

// Scene is what a statement meets.
type Scene struct {
	// Schema is as it is before the statement.
	Schema *catalog.Snapshot
	// Statement is the text, Tree what the engine's parser made of it.
	Statement *token.Statement
	Tree      ir.Statement
	// Version is the server's, as plan.Options has it; 0 for the oldest that is supported.
	Version int
	// TimeZone is the session's; "" where nobody said.
	TimeZone string
	// InTransaction: the statement shares a transaction with others, or stands in one of its own that the runner opens.
	InTransaction bool
	// ForeignKeysOff: SQLite does not enforce foreign keys, MySQL does not check them.
	ForeignKeysOff bool
}

// Table names a relation.
type Table struct{ Schema, Name string }

func (t Table) String() string {
	if t.Schema == "" || t.Schema == "public" || t.Schema == "main" {
		return t.Name
	}
	return t.Schema + "." + t.Name
}

// Of names a relation of a snapshot.
func Of(t *catalog.Table) Table { return Table{t.Schema, t.Name} }

// Mode is how strong a lock is, by PostgreSQL's names (manual 13.3.1); other engines use those that block as theirs do.
type Mode uint8

// The modes, weakest first.
const (
	NoLock Mode = iota
	AccessShare
	RowShare
	RowExclusive
	ShareUpdateExclusive
	Share
	ShareRowExclusive
	Exclusive
	AccessExclusive
)

var modes = [...]string{"no lock", "ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"}

func (m Mode) String() string { return modes[m] }

// ServerName is the mode as pg_locks spells it: AccessExclusiveLock.
func (m Mode) ServerName() string {
	var b strings.Builder
	for w := range strings.FieldsSeq(m.String()) {
		b.WriteString(w[:1] + strings.ToLower(w[1:]))
	}
	return b.String() + "Lock"
}

// BlocksWrites and BlocksReads tell whom the lock keeps waiting.
func (m Mode) BlocksWrites() bool { return m >= Share }
func (m Mode) BlocksReads() bool  { return m == AccessExclusive }

// Lock is a lock that is held until the transaction ends.
type Lock struct {
	Table Table
	Mode  Mode
	// New: the statement makes the relation, so nobody waits for it.
	New bool
	// Gone: the statement drops the relation.
	Gone bool
}

// WorkKind is what is done to the rows of a table.
type WorkKind uint8

// The kinds of work.
const (
	// Proved: a scan that was not needed, because a constraint proves what it would have looked for.
	Proved WorkKind = iota
	// Verify reads all rows and looks whether they keep what is new.
	Verify
	// ValidateKey looks each row of a foreign key up in the table that it refers to.
	ValidateKey
	// Scan reads all rows for another end.
	Scan
	// BuildIndex makes the index Object.
	BuildIndex
	// Rewrite writes all rows anew, and all indexes with them.
	Rewrite
	// Copy moves all rows, as they are, to another place.
	Copy
	// Query runs a query and stores its rows.
	Query
	// Write inserts, changes or deletes rows.
	Write
)

var kinds = [...]string{"proved", "verify", "validate foreign key", "scan", "build index", "rewrite", "copy", "run a query", "write rows"}

func (k WorkKind) String() string { return kinds[k] }

// Work is one such thing.
type Work struct {
	Kind  WorkKind
	Table Table
	// Object is the index, the constraint or the column.
	Object string
	// Trivial: it is over no rows (a new table, a truncated one) or follows from other work of the statement.
	Trivial bool
}

// Class is how MySQL does an ALTER TABLE.
type Class uint8

// The classes, cheapest first.
const (
	Unclassed Class = iota
	// Instant changes the data dictionary alone.
	Instant
	// Inplace lets the engine do it, with writers beside it; Rebuild says whether the rows are written anew.
	Inplace
	// InplaceShared lets the engine do it while nobody writes.
	InplaceShared
	// CopyShared copies the rows to a new table while nobody writes.
	CopyShared
)

var classes = [...]string{"", "ALGORITHM=INSTANT", "ALGORITHM=INPLACE, LOCK=NONE", "ALGORITHM=INPLACE, LOCK=SHARED", "ALGORITHM=COPY, LOCK=SHARED"}

// String is the clause that makes the server refuse anything worse.
func (c Class) String() string { return classes[c] }

// Effect is what a statement does.
type Effect struct {
	Locks []Lock
	Work  []Work
	// Class is MySQL's; Reason is why it is no better one. Rebuild: the rows are written anew.
	Class   Class
	Reason  string
	Rebuild bool
	// Losses are what is gone afterwards.
	Losses []plan.Loss
	// Final says what can't be undone by another statement, "" where all can.
	Final string
	// Refused says why the engine does not take the statement in this schema, whatever the rows are; FailsOnRows
	// which rows make it fail.
	Refused, FailsOnRows string
	// Alone: the engine takes the statement outside of transactions only.
	Alone bool
	// Dangers are what a reader should know, and the safe way.
	Dangers []Danger
	// Unknown: nobody knows what the statement does (a DO block, an extension's procedure).
	Unknown bool
}

// Danger is one finding about a statement.
type Danger struct {
	Code *diag.Code
	// Table is what it is about: nothing is said where that table is new or empty. The zero Table is about no rows.
	Table Table
	Text  string
	// Safe is what to write in its place, line by line.
	Safe []string
}

// Lock notes a lock; the strongest of a table counts.
func (e *Effect) Lock(t Table, m Mode) {
	for i := range e.Locks {
		if e.Locks[i].Table == t {
			e.Locks[i].Mode = max(e.Locks[i].Mode, m)
			return
		}
	}
	e.Locks = append(e.Locks, Lock{Table: t, Mode: m})
}

// Do notes work, once.
func (e *Effect) Do(k WorkKind, t Table, object string) {
	w := Work{Kind: k, Table: t, Object: object}
	for _, o := range e.Work {
		if o == w {
			return
		}
	}
	e.Work = append(e.Work, w)
}

// Warn adds a danger.
func (e *Effect) Warn(d Danger) { e.Dangers = append(e.Dangers, d) }

// Held is the mode that is held on a table.
func (e *Effect) Held(t Table) Mode {
	for _, l := range e.Locks {
		if l.Table == t {
			return l.Mode
		}
	}
	return NoLock
}
