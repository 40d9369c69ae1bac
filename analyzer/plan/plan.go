// Package plan reads the plans of PostgreSQL, MySQL, MariaDB and SQLite into one form: a tree of what is done, from the
// rows that go out down to the tables that are read. It knows what the engines write, not what is good or bad about
// it, and asks no database.
package plan

import (
	"fmt"
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
)

// Plan is how an engine would run a statement.
type Plan struct {
	Engine catalog.Engine
	Root   *Node
	// Cost is the planner's, in its own unit; 0 where the engine tells none.
	Cost float64
	// Analyzed tells that the statement was run: nodes have what was measured.
	Analyzed bool
}

// Kind is what a node does. Its text is what rules of a team compare with.
type Kind string

// The kinds of nodes.
const (
	// Scan reads a table from end to end, FullIndex an index from end to end.
	Scan      Kind = "scan"
	FullIndex Kind = "full index"
	// IndexScan searches an index by Cond, Lookup a unique one for a single row.
	IndexScan Kind = "index"
	Lookup    Kind = "lookup"
	// Bitmap finds rows by indexes and reads them in the table's order, IndexMerge joins what several indexes find. The parts
	// are below it, each a BitmapIndex.
	Bitmap      Kind = "bitmap"
	IndexMerge  Kind = "index merge"
	BitmapIndex Kind = "bitmap index"
	// AutoIndex builds an index for this one statement, and searches it.
	AutoIndex Kind = "automatic index"

	NestedLoop Kind = "nested loop" // its second input is run for each row of the first
	HashJoin   Kind = "hash join"
	MergeJoin  Kind = "merge join"

	Sort        Kind = "sort"
	Materialize Kind = "materialize" // a temporary table
	Memoize     Kind = "memoize"
	Aggregate   Kind = "aggregate"
	Distinct    Kind = "distinct"
	Window      Kind = "window"
	Limit       Kind = "limit"
	Append      Kind = "append" // UNION ALL, partitions
	SetOp       Kind = "set operation"
	Recursive   Kind = "recursive"
	Subplan     Kind = "subplan" // a subquery; PerRow where it is run anew for each row
	CTE         Kind = "cte"     // a common table expression that is computed once
	CTEScan     Kind = "cte scan"
	Subquery    Kind = "subquery"
	Function    Kind = "function"
	Rows        Kind = "rows"  // constant rows, or none
	Count       Kind = "count" // the engine's own count of a table
	Modify      Kind = "modify"
	Other       Kind = "other"
)

// Kinds are all kinds, in the order in which the manual lists them.
var Kinds = []Kind{Scan, FullIndex, IndexScan, Lookup, Bitmap, IndexMerge, BitmapIndex, AutoIndex, NestedLoop, HashJoin, MergeJoin, Sort, Materialize,
	Memoize, Aggregate, Distinct, Window, Limit, Append, SetOp, Recursive, Subplan, CTE, CTEScan, Subquery, Function, Rows, Count, Modify, Other}

// Node is one thing that is done. Numbers are 0 where the engine does not tell.
type Node struct {
	Kind Kind
	// Word is the engine's own name of it.
	Word string
	// Schema and Table are what is read, Alias what the statement calls it; Table is empty where an engine tells the alias
	// alone, see Name.
	Schema, Table, Alias string
	Index                string
	// Covering tells that the index has all that is read, so that the table is not touched.
	Covering bool
	// Cond is what an index is searched by, or what joins; Filter is asked of each row that was read.
	Cond, Filter string
	// Keys are what is sorted or grouped by.
	Keys []string
	// Rows is the planner's estimate of what goes out of one run of the node, Read of what is read for it.
	Rows, Read float64
	Cost       float64
	PerRow     bool
	Actual     *Actual
	Inputs     []*Node
}

// Actual is what was measured of a node; Rows are those of all runs together.
type Actual struct {
	Rows, Loops float64
	// Removed are the rows that the filter threw away, in all runs.
	Removed float64
	// Disk tells how many kilobytes a sort or a hash wrote to files.
	Disk float64
	// Batches are the parts that a hash was split into.
	Batches float64
	// Exact and Lossy are a bitmap's blocks.
	Exact, Lossy float64
}

// Whole tells that a node reads all of a table or index whatever the statement asks for.
func (n *Node) Whole() bool { return n.Kind == Scan || n.Kind == FullIndex }

// Reads tells that a node reads rows of a table.
func (n *Node) Reads() bool {
	switch n.Kind {
	case Scan, FullIndex, IndexScan, Lookup, Bitmap, IndexMerge, AutoIndex:
		return true
	}
	return false
}

// Called is what the statement calls what a node reads.
func (n *Node) Called() string {
	if n.Alias != "" {
		return n.Alias
	}
	return n.Table
}

// Walk calls f with each node and those above it, the nearest last.
func (p *Plan) Walk(f func(n *Node, above []*Node)) {
	var walk func(n *Node, above []*Node)
	walk = func(n *Node, above []*Node) {
		f(n, above)
		below := append(above[:len(above):len(above)], n)
		for _, in := range n.Inputs {
			walk(in, below)
		}
	}
	if p.Root != nil {
		walk(p.Root, nil)
	}
}

// Name fills in the tables of nodes that have an alias alone. table gives the schema and name that an alias stands for, or ok
// = false for what is no table.
func (p *Plan) Name(table func(alias string) (schema, name string, ok bool)) {
	p.Walk(func(n *Node, _ []*Node) {
		if n.Table == "" && n.Alias != "" && n.Reads() {
			if schema, name, ok := table(n.Alias); ok {
				n.Schema, n.Table = schema, name
			}
		}
	})
}

// Shape is the plan without its numbers: one line a node, the same as long as the statement is run in the same way.
func (p *Plan) Shape() string { return p.text(false) }

// String is the plan for people: one line a node.
func (p *Plan) String() string { return p.text(true) }

func (p *Plan) text(numbers bool) string {
	var b strings.Builder
	p.Walk(func(n *Node, above []*Node) {
		b.WriteString(strings.Repeat("  ", len(above)))
		b.WriteString(n.line(numbers))
		b.WriteByte('\n')
	})
	return b.String()
}

func (n *Node) line(numbers bool) string {
	words := []string{string(n.Kind)}
	if n.Table != "" && n.Alias != "" && n.Alias != n.Table {
		words = append(words, n.Table, "as", n.Alias)
	} else if name := n.Called(); name != "" {
		words = append(words, name)
	}
	if n.Index != "" {
		words = append(words, "by", n.Index)
	}
	if n.Covering {
		words = append(words, "alone")
	}
	if n.PerRow {
		words = append(words, "for each row")
	}
	if numbers {
		if n.Cond != "" {
			words = append(words, "on", n.Cond)
		}
		if len(n.Keys) > 0 {
			words = append(words, "key", strings.Join(n.Keys, ", "))
		}
		if n.Filter != "" {
			words = append(words, "filter", n.Filter)
		}
		if n.Read > 0 {
			words = append(words, fmt.Sprintf("read=%.0f", n.Read))
		}
		if n.Rows > 0 {
			words = append(words, fmt.Sprintf("rows=%.0f", n.Rows))
		}
	}
	return strings.Join(words, " ")
}
