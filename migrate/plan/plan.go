// Package plan is what is to be done to turn one schema into another: statements in the order in which they run, with
// what each loses, and what nobody could plan. It knows no engine and runs nothing.
package plan

// Plan turns one schema into another. The zero Plan does nothing.
type Plan struct {
	Steps []Step
	// Questions are what has to be answered before the plan is right: a value for rows that exist, mostly. A plan with
	// questions can be shown, not written.
	Questions []Question
	// Unmanaged are the differences that no step removes. Two schemas with one are never "in sync".
	Unmanaged []Unmanaged
	// ForeignKeysOff: SQLite's foreign keys have to be off while the plan runs, or the DROP TABLE of a table that is made anew
	// deletes the rows of others. PRAGMA foreign_keys does nothing within a transaction, so the runner does it: before its BEGIN
	// IMMEDIATE it keeps what foreign_keys and legacy_alter_table are, turns foreign_keys off, reads it back and fails
	// where it is still on; behind COMMIT or ROLLBACK it sets both as they were. In a file it is the comment
	// "covet:foreign_keys off" before the first statement. All the rest of such a plan is plain SQL in one transaction.
	ForeignKeysOff bool
}

// Step is one statement.
type Step struct {
	// SQL is the statement, without a semicolon behind it.
	SQL string
	// About is the object that the statement makes, changes or drops.
	About Object
	// Losses are what rows or definitions are gone when the statement ran, and can't be had back by the down side.
	Losses []Loss
	// Why says in a line what a reader would ask: why a table is rebuilt, why there are three statements for one change.
	Why string
	// Alone: the engine refuses the statement within a transaction, or its effect is seen only once it was
	// committed (CREATE INDEX CONCURRENTLY, a new enum value that is used, SQLite's PRAGMA foreign_keys), or it works for long and the
	// locks of those before it would be held meanwhile (VALIDATE CONSTRAINT).
	Alone bool
	// Batch marks a statement over many rows that runs again and again until it changes none: SQL changes a part of the rows.
	Batch bool
	// Check, where it isn't "", marks a SELECT that has to give no rows; Check is what is wrong where it gives one. The runner
	// then rolls back. In a file the comment "covet:check" stands before the statement, and the text is a comment beside it.
	Check string
}

// Object names a thing of a schema. Kinds are the engines' words, small: "table", "column", "index", "view".
type Object struct {
	Kind   string
	Schema string
	// Table is the table of a column, a constraint, an index, a trigger or a policy; "" elsewhere.
	Table string
	// Name is the object's own; of a function with its argument types in brackets.
	Name string
}

// String names the object as people write it: column public.users.email is "column users.email".
func (o Object) String() string {
	name := o.Name
	if o.Table != "" {
		name = o.Table + "." + name
	}
	if o.Schema != "" {
		name = o.Schema + "." + name
	}
	return o.Kind + " " + name
}

// Loss is what a step destroys.
type Loss struct {
	Object Object
	// What is lost, for people: "the values of the column", "the rows of the table", "digits behind the third".
	What string
	// Rows: stored values are lost, not a definition alone. Such a step runs only when the drop was allowed.
	Rows bool
}

// Question is what covetsql can't know.
type Question struct {
	Object Object
	// Text asks, for people. Suggested is an SQL expression that would do, "" where none does.
	Text, Suggested string
	// Directive is the comment to put beside the object in the schema file to answer it once for all.
	Directive string
}

// Unmanaged is a difference that is told instead of removed.
type Unmanaged struct {
	Object Object
	// Why there is no step for it, and what to do by hand.
	Why string
}

// Options choose between right plans.
type Options struct {
	// Quote writes an identifier by the engine's rules.
	Quote func(name string) string
	// Online prefers forms that hold strong locks for moments only, at the cost of more statements (CONCURRENTLY, NOT VALID
	// and VALIDATE, batches). Without it a change is the fewest statements.
	Online bool
	// Empty tells whether a table of the old schema is known to hold no rows: nothing is asked for it and nothing needs
	// to be online. Nil: none is.
	Empty func(schema, table string) bool
	// Backfill answers a Question over a column: an SQL expression for rows that have no value, suggested being one that the
	// column's type takes. "" asks. Nil asks always.
	Backfill func(schema, table, column, suggested string) string
	// Inherits tells whether a new table takes its character set from the database that it is made in, since its file names none: MySQL and
	// MariaDB. Nil: none does.
	Inherits func(schema, table string) bool
	// Version is the server's, as a number that engines order by: 150020 for PostgreSQL 15.20, 80400 for MySQL 8.4.0,
	// 110803 for MariaDB 11.8.3, 3040001 for SQLite 3.40.1. 0: the oldest that is supported.
	Version int
}
