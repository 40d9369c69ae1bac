package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/compiler/types"
)

// Result is a bound statement.
type Result struct {
	Source *token.Statement
	Tree   ir.Statement
	// SQL is the statement's text with its stars expanded.
	SQL     string
	Columns []Column
	Params  []Param // by Number
	// Placeholders gives for each placeholder of SQL, in order of the text, the index in
	// Params of its argument.
	Placeholders []int
	Rel          rel.Node
	// Bound is what became of the tree's nodes, where Options.Bound asked for it.
	Bound *Bound
	// Meta tells what the column ids in Rel stand for.
	Meta *rel.Metadata
	// Effects are the relations and functions that the statement touches.
	Effects Effects
	// InsertInto is the target of an INSERT.
	InsertInto *catalog.Table
	Catalog    *catalog.Snapshot
}

// Column is one result column.
type Column struct {
	Name string
	Type types.Type
	Null types.Nullability
	// Table and Source are set where the column is, through any number of subqueries, the
	// plain value of a table's column. TableAlias is how the outermost FROM calls the relation
	// it was taken from.
	Table      *catalog.Table
	Source     *catalog.Column
	TableAlias string
	// Embed is the index of the sqlc.embed in Source.Embeds that produced the column, -1 for none.
	Embed int
	// EmbedNull says whether the embedded row as a whole can be missing (outer join).
	EmbedNull types.Nullability
	// Expr is the select item's expression; nil for columns of a star.
	Expr ir.Expr
	// FromStar marks columns that a star expanded to.
	FromStar bool
	// Unnamed marks an expression without alias, whose name the engine made up.
	Unnamed bool
	// Padded tells that the column's relation stands on a side that an outer join, as
	// written, may fill with NULLs, even where a predicate proves that it does not.
	Padded bool
	// ElemNull tells that the elements of an array are taken from values that may be NULL. Those of
	// a table's column are not known: they may be NULL, and rarely are.
	ElemNull bool
	// JSON is what is known of the JSON that the column is; JSONName is the Go name that the query gives it, empty
	// where it asks for none, and JSONAt is where it does.
	JSON     *JSON
	JSONName string
	JSONAt   source.Span
	// Mark is the ! or ? that the query's alias ends in and that is no part of Name.
	Mark string
	// Overruled is there where the query itself says something of the column: Type and Null are
	// then what it says.
	Overruled *Overruling
}

// Overruling is what was proved of a column of which the query says something, be it the same.
type Overruling struct {
	Null types.Nullability
	Type types.Type
	// NullAt and TypeAt are where the query says something; zero where it does not.
	NullAt, TypeAt source.Span
	// Declared is the type in the query's words.
	Declared string
}

// Sent is the name under which the server sends the column.
func (c *Column) Sent() string { return c.Name + c.Mark }

// Proved is what the compiler itself knows of the column, whatever the query says.
func (c *Column) Proved() (types.Type, types.Nullability) {
	if o := c.Overruled; o != nil {
		return o.Type, o.Null
	}
	return c.Type, c.Null
}

// Param is one argument.
type Param struct {
	Number int
	// Name is as the user gave it, or else derived from where the parameter stands (the
	// compared or assigned column; limit, offset); may be empty.
	Name string
	// Given tells that the user gave the name.
	Given bool
	Type  types.Type
	// Nullable: is NULL a meaningful argument here? Slice: does it stand for a list?
	Nullable bool
	Slice    bool
	Kind     token.ParamKind
	// Source is the column it is compared with or assigned to, where there is one.
	Table  *catalog.Table
	Source *catalog.Column
}
