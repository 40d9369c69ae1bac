// Package facts holds what is known of one query: its SQL, columns, parameters, and what
// it does. Generation, inspection, rules and routing read it; none of them looks at trees
// again.
package facts

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/token"
)

// Query is one compiled query.
type Query struct {
	Name     string
	Command  string   // one, many, exec, execrows, execresult, execlastid, batchexec, batchone, batchmany, copyfrom
	Comments []string // the doc comment's lines
	Line     int      // of the statement's first token
	// SQL is what goes to the server: the user's text with placeholders and expanded stars.
	SQL     string
	Columns []sem.Column
	// Params are the arguments, in order of their numbers.
	Params []sem.Param
	// Placeholders gives for each placeholder of SQL, in order of the text, the index in
	// Params of its argument. MySQL needs it: ? has no number.
	Placeholders []int

	Kind          Kind
	Reads, Writes []string // tables, sorted; schema-qualified outside the default schema
	Rows          Rows
	Locks         bool
	Deterministic bool
	Shard         Shard

	// InsertInto is the target of an INSERT, for :copyfrom and :batch.
	InsertInto *catalog.Table

	Source *token.Statement
	Tree   ir.Statement
	Rel    rel.Node
	// Catalog is the schema the query was compiled against.
	Catalog *catalog.Snapshot
}

// Kind says what a query does to data.
type Kind string

// The kinds of queries. A SELECT with a volatile function that the catalog does not know
// to be harmless is Write: it may write.
const (
	Read    Kind = "read"
	Write   Kind = "write"
	DDL     Kind = "ddl"
	Utility Kind = "utility"
)

// Rows bounds the number of rows; Max is -1 where there is no bound.
type Rows struct{ Min, Max int64 }

// Shard is the sharding key that the query fixes; see the sharding rules.
type Shard struct {
	Key    string
	Params []int
}
