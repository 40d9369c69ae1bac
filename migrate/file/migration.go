package file

import (
	"time"

	"github.com/covetsql/covetsql/compiler/source"
)

// Migration is one step of a folder.
type Migration struct {
	// Version is what history tables know the migration by: digits without leading zeros where the form's versions are
	// numbers, the file's name in sql-migrate's form.
	Version string
	Name    string
	// Path is the name of the file of the up side.
	Path     string
	Up, Down Side
	// Checksum is the SHA-256, in hexadecimal, of the migration's text with newlines as \n: of both sides where they share
	// a file, of the up side's file otherwise.
	Checksum string
	// Text is what Checksum is of.
	Text string
	// Checkpoint: the file holds all that came before it (Atlas's checkpoints, Flyway's baseline migrations). A new
	// database starts with the last one; one with a history passes over them.
	Checkpoint bool
	// Repeatable: it has no version and runs again whenever its text changed (Flyway's R__ files). Version is the file's name.
	Repeatable bool
	// Replaces are the versions that this migration stands for, itself included, after a squash.
	Replaces []string
	// Go: the file is Go code (goose), which only a program that has it compiled in can run.
	Go bool

	raw string // the file as it is, for Atlas's sums
}

// Side is what one way of a migration does.
type Side struct {
	// File is the text that spans point into. Nil: the migration has no such side.
	File       *source.File
	Statements []Statement
	// Transaction says what the file says of it.
	Transaction Transaction
	// LockTimeout is how long a statement may wait for a lock; 0 leaves it to the runner.
	LockTimeout time.Duration
	// Problem is why the side can't be run as it is: an unclosed string, a template, a command of a client. It matters when the
	// side is to be run, and not before: an old migration that another tool ran may hold anything.
	Problem error
	// ForeignKeysOff: SQLite does not enforce foreign keys while the side runs.
	ForeignKeysOff bool
}

// Transaction is what a file says of its transaction.
type Transaction uint8

// What a file may say.
const (
	Unsaid  Transaction = iota // the form's default: one transaction for the side, where the engine and the statements can
	None                       // each statement by itself
	Grouped                    // the file's own BEGIN and COMMIT: statements of one group share a transaction
)

// Statement is one statement of a side.
type Statement struct {
	// SQL is what is sent, without the semicolon behind it.
	SQL  string
	Span source.Span
	// Batch: it runs again and again until it changes no row. Check: it is a query that must give no row.
	Batch, Check bool
	// Group numbers the transaction of the file's own that the statement stands in; 0: it stands in none.
	Group int
	// block: the form says where the statement ends.
	block bool
}

// Line is the line of the file that the statement starts in.
func (s Statement) Line() int {
	if s.Span.File == nil {
		return 0
	}
	line, _ := s.Span.File.LineColumn(int(s.Span.Start))
	return line
}

// Exists tells whether the migration has the side.
func (s Side) Exists() bool { return s.File != nil }
