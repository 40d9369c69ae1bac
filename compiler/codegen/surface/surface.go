// Package surface is the description that Go is written from: a schema and queries with types by
// name, nullability as a yes or no, and names still in SQL's spelling. It comes in two ways:
// Truth takes what sem proved; the compat package below answers as sqlc does, so that a
// project which changes over keeps its Go surface. Nothing here knows Go types.
package surface

import (
	"github.com/covetsql/covetsql/compiler/source"
)

// Package is all that is written into one folder.
type Package struct {
	// DefaultSchema is the schema whose name stands in front of no Go name.
	DefaultSchema string
	Schemas       []Schema
	Tables        []*Table
	// System lists the tables of the server's own schemas, where sqlc does; it may be nil. They are
	// not among Tables.
	System     func() []*Table
	Enums      []*Enum
	Composites []*Composite
	Domains    []*Domain
	Queries    []*Query
}

// Schema is a schema that tables and types may stand in, the systems' own too.
type Schema struct{ Name, Comment string }

// Relation names a table. Schema is empty for the default one, save where sqlc would have it as
// it was written.
type Relation struct{ Schema, Name string }

// Composite is a composite type.
type Composite struct {
	Relation
	Comment string
	// Row tells that it is the type of a table's rows, which some column has.
	Row bool
	// Columns are its attributes, where a type of its own is wanted; any of them may be NULL.
	Columns []Column
	Span    source.Span
}

// Domain is a domain (PostgreSQL). Base describes a value of it that is not NULL.
type Domain struct {
	Relation
	Comment string
	Base    Column
	Span    source.Span
}

// Within is a domain that a value is of. Dims counts the array dimensions around it: 1 where the value is an array of it.
type Within struct {
	Name string // as overrides compare it
	Dims int
}

// Table is a table or view. Its schema's name is always there; Written is its name as its
// columns have it.
type Table struct {
	Relation
	Written *Relation
	Comment string
	Columns []Column
	Span    source.Span // where it was created
}

// Enum is an enum; MySQL's inline ones are called table_column.
type Enum struct {
	Relation
	Comment string
	Values  []string
	Span    source.Span
}

// Column is a result column, a table's column, or what a parameter stands for.
type Column struct {
	Name string
	// Original is the column's name in its table, where Name is an alias.
	Original string
	// Type is the type's name as overrides compare it: "text", "pg_catalog.int4", "foo.mood".
	Type string
	// Typed tells that the type stands in a declaration or a cast, and so may have a schema:
	// foo.mood. Otherwise what looks like one is a part of a name of sqlc's.
	Typed   bool
	NotNull bool
	// Domains are the domains that the value is of, the one that is declared first, then those under it; Type is what is
	// under them all.
	Domains []Within
	// Dims counts array dimensions; 0 is a scalar.
	Dims int
	// ElemNull tells that an array's elements may be NULL.
	ElemNull bool
	Length   int // of MySQL's types: tinyint(1); -1 where absent
	Unsigned bool
	Comment  string
	// Given tells that the user named the parameter; Slice that it is a sqlc.slice.
	Given, Slice bool
	// Among tells that a parameter is an array, never NULL, that ANY or ALL compares with.
	Among bool
	// Optional tells that a parameter may be left unset, Flag that it is no parameter of the SQL but says
	// whether parts are there, Order that it chooses what to sort by.
	Optional, Flag bool
	Order          *Order
	// Cursor tells that a parameter is a value of a cursor, PageSize that it is how many rows a page has.
	Cursor   *Cursor
	PageSize bool
	// Star tells that a star of the query expanded to the column.
	Star bool
	// Call tells that the column is what a function returns.
	Call bool
	// Overruled tells that the query itself says what the column is: no model stands for it that
	// says something else.
	Overruled bool
	// JSON is there where the query asks for a Go type of the JSON that the column is.
	JSON *JSON
	// Table is the table that the column is of; nil where it is computed, or the query gives it
	// another type.
	Table *Relation
	// Embed is the table of a sqlc.embed: the column stands for all of its columns, which the
	// query gives in the order of EmbedColumns.
	Embed        *Relation
	EmbedColumns []string
	// EmbedMissing tells that an outer join may leave the embedded row out.
	EmbedMissing bool
}

// Param is a parameter. Where placeholders have no numbers each occurrence is one.
type Param struct {
	Number int
	// Foreign is the number that other generators than ours go by, where it is another and
	// the package has such generators.
	Foreign int
	// Written tells that the parameter is the value that a column is set to.
	Written bool
	Column
	// Empty is what takes the place of a sqlc.slice without values; nil for sqlc's NULL.
	Empty *Empty
	// Needs are sets of conditions of the query's Variants, a bit each: the parameter is there where all
	// of a set hold. It always is where there is none.
	Needs []uint
}

// Empty says how an empty list is written so that nothing is in it.
type Empty struct {
	// Text takes the place of the list's mark.
	Text string
	// Before and After are the text on a side of the mark that goes with it, a comma: the list stands
	// beside other values.
	Before, After string
}

// Few is the greatest number that Query.Most says: so many rows may be made room for at once, though fewer may come.
const Few = 128

// Query is one query.
type Query struct {
	Name, Command string
	// File is the base name of the file the query stands in.
	File     string
	SQL      string
	Comments []string
	// Returns names the result type that the query shares with others; empty for one of its own.
	Returns string
	Columns []Column
	Params  []Param
	// Placeholders gives for each placeholder of SQL, in order of the text, the index in Params
	// of its argument.
	Placeholders []int
	// Variants is there where parts of the query are optional.
	Variants *Variants
	// Page is there where the query is read page by page.
	Page *Page
	// Most is the greatest number of rows that the query can give, where that is proved and small; else 0.
	Most int
	// Limit is the parameter that bounds the rows (LIMIT $2), its place in Params counted from 1; 0 where there is none.
	Limit int
	// Nested is there where rows are put together into structs within structs. Columns has all columns of the rows
	// that the server sends.
	Nested *Nested
	// InsertInto is an INSERT's target.
	InsertInto *Relation
	// Facts is what the query does, for the runtime.
	Facts Facts
	Span  source.Span
}

// Facts is what a query does, as facts.Query has it.
type Facts struct {
	Kind                                     string
	Reads, Writes                            []string
	MaxRows                                  int64
	Locks, Deterministic, Idempotent, Unseen bool
	Touches                                  []string
	// Class is the class of queries that it is of: "-- class: reports". Cache is how long its rows are kept: "-- cache: 30s".
	Class, Cache string
}

// Nested says how rows become parents that hold what belongs to them, as facts.Nested has it.
type Nested struct {
	Keys             [][]Cell
	Single, Together bool
	Nests            []Nest
}

// Nest is a part of what a row's parent holds.
type Nest struct {
	Path   []string
	Named  bool // Path is Go's already
	Form   string
	Parent int
	// Columns are indexes in the query's Columns: one, of a sqlc.embed, or several with their Names in the nest. Never
	// tells which of these are not NULL where the nest is there.
	Columns []int
	Names   []string
	Never   []bool
	// Present is NULL exactly where the nest is not there; Always tells that it always is.
	Present Cell
	Always  bool
	Repeats bool
	Keys    [][]Cell
	Span    source.Span
}

// Cell is a column of a query, or of the table that one embeds.
type Cell struct {
	Column int
	In     int // index in EmbedColumns; -1 for the column itself
}

// Variants are the texts of a query with optional parts, numbered as facts.Variants has them.
type Variants struct {
	// Conditions are the indexes in Params of what is set or not, Orders of what chooses.
	Conditions, Orders []int
	Texts              []string
}

// Page tells what the pages of a query are sorted by. The last two conditions of its Variants are the cursors.
type Page struct{ Keys []PageKey }

// PageKey is the index of a column of the query and, where that is a sqlc.embed, of a column in it, else -1.
type PageKey struct{ Column, Embed int }

// Cursor is a value of a query's cursor, by the number of its key.
type Cursor struct {
	Query string
	Key   int
}

// Order is what a parameter chooses from.
type Order struct {
	Query, Name string
	Choices     []Choice
}

// Choice is a key to sort by, in one direction.
type Choice struct {
	Name string
	Desc bool
	// Words are its text: "price desc".
	Words string
}
