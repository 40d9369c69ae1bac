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
	Command  string   // one of token.Commands
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
	// Unseen: it may read tables that are not among Reads, by functions of the schema's own or by policies.
	Unseen bool
	// Touches are the tables whose rows it may change; Anything is all.
	Touches []string
	// Idempotent: a query that writes, run twice in a row with the same arguments, leaves and tells the same as run once.
	Idempotent bool
	Shard      Shard

	// Variants is there where parts of the query are optional. SQL is then the text with all of them, and
	// all else here holds for each of the variants.
	Variants *Variants
	// Nested is there where rows are put together into structs within structs.
	Nested *Nested
	// Page is there where the query is read page by page.
	Page *Page

	// InsertInto is the target of an INSERT, for :copyfrom and :batch.
	InsertInto *catalog.Table

	Source *token.Statement
	Tree   ir.Statement
	Rel    rel.Node
	// Bound is what became of the tree's nodes, where compiler.Options.KeepRel asked for it.
	Bound *sem.Bound
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

// Variants are the texts of a query with optional parts.
type Variants struct {
	// Conditions say when parts are there, Orders what an argument chooses from.
	Conditions []token.Condition
	Orders     []token.Order
	// Texts are the variants by number: bit i tells whether condition i holds; the choices of the first
	// order count by 1 << len(Conditions), those of the next by as many times the first's choices.
	Texts []string
	// Ends are the variants with all parts and with none, with bound trees of their own, where
	// compiler.Options.KeepRel asked for them.
	Ends []*Query
	// Needs are, by the placeholders of Source, the conditions without which each is not there, a bit each.
	Needs []uint
}

// Page tells how a query is read page by page. Its last two conditions are a cursor that the page begins behind, and one
// that it ends before; the parameters that come of them are called AfterParam and BeforeParam with a key's number
// from 1 behind, and the number of rows SizeParam.
type Page struct{ Keys []PageKey }

// PageKey is a column that the rows are sorted by: its index in Columns.
type PageKey struct {
	Column int
	Desc   bool
}

// The names of the parameters of pages.
const (
	AfterParam, BeforeParam = "page_after_", "page_before_"
	SizeParam               = "page_size"
)

// Params are the indexes of the query's parameters that a variant has, in their order.
func (v *Variants) Params(s *token.Statement, variant uint) []int {
	there := map[int]bool{}
	most := 0
	for i, p := range s.Params {
		if v.Needs[i]&^variant == 0 {
			there[p.Number] = true
		}
		most = max(most, p.Number)
	}
	var out []int
	n := 0
	for number := 1; number <= most; number++ {
		if there[number] {
			out = append(out, n)
		}
		n++
	}
	return out
}
