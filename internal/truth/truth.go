// Package truth holds the compiler's answers against real servers: it builds a schema on one,
// fills it with hostile rows, lets the server describe and run queries, and says where the
// server's answer is another than ours. It knows the engines' clients; it must not know how
// the compiler comes to its answers. Tests and the long-running search use it.
package truth

import (
	"context"
	"fmt"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/facts"
)

// Column is a result column, or a relation's, as the server names and types it.
type Column struct {
	Name string
	// Type is spelt as types.Type.String does; empty where the server does not tell.
	Type    string
	NotNull bool
	// Whole tells of a decimal that it has no digits behind the point; whether ours is wide enough
	// is shown by the values.
	Whole bool
}

// Description is what a server says of a statement without running it.
type Description struct {
	Columns []Column
	// Params are the parameters' types, "" where the server does not tell them; nil where it
	// does not even tell how many there are.
	Params []string
}

// Value is a value as a client sees it.
type Value struct {
	Null bool
	Text string
	// Class is SQLite's storage class; empty elsewhere.
	Class string
}

// Answer is the result of running a statement.
type Answer struct {
	Columns []Column
	Rows    [][]Value
}

// Server is one database of a real server.
type Server interface {
	// Exec runs one statement of a schema.
	Exec(ctx context.Context, statement string) error
	// Describe prepares a query. Where an engine only describes what it runs, Columns are
	// left for Run.
	Describe(ctx context.Context, q *facts.Query) (*Description, error)
	// Run runs a query and takes back what it did. Arguments are by parameter; a nil list of
	// a slice parameter is an empty one. A query that is said to be a read runs where writing
	// is refused.
	Run(ctx context.Context, q *facts.Query, args []Arg) (*Answer, error)
	// Try runs a query as Run does, in another state.
	Try(ctx context.Context, q *facts.Query, a Attempt) (*Answer, error)
	// Relations are the columns of the database's tables and views, by schema.name.
	Relations(ctx context.Context) (map[string][]Column, error)
	// Insert stores one row for good; nil values are NULL.
	Insert(ctx context.Context, t *catalog.Table, columns []*catalog.Column, values []*string) error
	// Freeze switches off what would keep rows out beside constraints: triggers, missing partitions.
	Freeze(ctx context.Context, in *catalog.Snapshot) error
}

// Arg is an argument: one value, or those of a list.
type Arg struct {
	Value *string
	List  []*string
	Slice bool
}

// Finding is a difference between the server's answer and ours.
type Finding struct {
	Kind Kind
	// What is the column, parameter or fact, Ours and Theirs the answers.
	What, Ours, Theirs string
}

// Kind says how bad a difference is.
type Kind string

// The kinds of findings. The first four are counterexamples: generated code can break.
const (
	UnsoundNull   Kind = "null"    // a NULL where we say never
	UnsoundRows   Kind = "rows"    // a number of rows that we exclude
	UnsoundRead   Kind = "writes"  // a write by what we call a read
	UnsoundKey    Kind = "key"     // two rows of one key, or a dependency among columns that does not hold
	WrongAlways   Kind = "always"  // a value where we say always NULL
	WrongShape    Kind = "shape"   // other columns or parameters in number
	WrongName     Kind = "name"    // another column name
	WrongType     Kind = "type"    // another type of a column
	WrongParam    Kind = "param"   // another type of a parameter
	WrongNotNull  Kind = "notnull" // the catalog's NOT NULL
	WrongRelation Kind = "table"   // a table that one side has not
)

func (f Finding) String() string {
	return fmt.Sprintf("[%s] %s: ours %s, the server's %s", f.Kind, f.What, f.Ours, f.Theirs)
}
