package plan

// Table is what a database knows of one of its tables.
type Table struct {
	Schema, Name string
	// Rows is the database's own count or estimate.
	Rows float64
	// Bytes is the size of the rows, 0 where the engine does not tell.
	Bytes float64
	// Unknown tells that the planner has no statistics of the table's columns.
	Unknown bool
	// Changed is how many rows were written since the statistics were made.
	Changed float64
}

// Statistics are what a database knows of its tables.
type Statistics interface {
	// Table finds a table; an empty schema is the default one.
	Table(schema, name string) (Table, bool)
	// Fraction is the part of a table's rows that a comparison of a column with one of its own values keeps, on average over
	// the rows. It is false where nothing is known.
	Fraction(schema, table, column string) (float64, bool)
}

// The sizes below which a plan tells nothing: a planner reads small tables whole because that is best, and of empty ones it
// believes anything.
const (
	// Large is a table that it matters to read whole.
	Large = 10_000
	// Tiny is what a database has at most that was never filled.
	Tiny = 1_000
	// Selective is the part of the rows up to which an index is better than reading all of them.
	Selective = 0.05
)
