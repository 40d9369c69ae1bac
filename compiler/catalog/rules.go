package catalog

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// Rules are what the Builder has to know of an engine. They are values and functions
// that the compiler assembles from a dialect; nil functions mean "there is no such thing".
type Rules struct {
	// Type resolves a type name; the zero Type where there is none.
	Type func(t ir.TypeName, in *Snapshot) types.Type
	// Columns types the query of a view, of CREATE TABLE AS and the like.
	Columns func(q ir.Query, columns []ir.Ident, in *Snapshot) ([]*Column, diag.List)
	// Extension is what CREATE EXTENSION brings; ok is false for an unknown one.
	Extension func(name string) (types []*TypeDef, functions []*Function, ok bool)
	// VirtualTable gives the columns of CREATE VIRTUAL TABLE.
	VirtualTable func(module string, args []string) ([]*Column, bool)
	// Sequences: serial and identity columns own a sequence (PostgreSQL).
	Sequences bool
	// Inheritance: tables may have child tables, which follow changes of their columns.
	Inheritance bool
	// Serial tells whether a type name is a pseudo type that stands for an integer with a
	// sequence, and which integer.
	Serial func(name string) (types.Type, bool)
	// KeyIsNotNull tells whether being in the table's primary key makes c NOT NULL.
	KeyIsNotNull func(t *Table, key *Constraint, c *Column) bool
	// ConstraintName is the name the engine gives an unnamed constraint, or an unnamed index
	// (PlainIndex); taken tells which names the schema has already. Nil: the engine gives none.
	ConstraintName func(t *Table, c *Constraint, taken func(string) bool) string
	// IgnoresForeignKeys tells whether the engine drops a table's foreign keys without a word.
	// Nil: never.
	IgnoresForeignKeys func(t *Table) bool
	// ImplicitSchemas: a schema that no statement created exists all the same.
	ImplicitSchemas bool
	// DropTakesKeys: dropping a table drops the foreign keys that refer to it (PostgreSQL's
	// CASCADE). Elsewhere they stay and wait for a table of that name.
	DropTakesKeys bool
	// IndexMethod is the method of an index that names none.
	IndexMethod string
	// UniqueIsConstraint tells whether CREATE UNIQUE INDEX and UNIQUE are one thing
	// (MySQL): unique keys are then listed as constraints.
	UniqueIsConstraint bool
}
