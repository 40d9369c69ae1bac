// Package rel is the bound relational tree: every column has an id, every relation knows
// which columns can not be NULL, its keys and how many rows it may yield, computed
// bottom-up. It knows nothing of scopes or names: the binder (package sem) makes the nodes
// and says what their predicates prove.
package rel

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// Node is a relational operator.
type Node interface {
	relation()
	// Props are the node's logical properties; never nil.
	Props() *Props
	// Inputs are the relations below, in order.
	Inputs() []Node
}

// Metadata tells what the column ids of one statement stand for.
type Metadata struct {
	columns []Column
	room    []FD // behind those in use, for more
}

// Column is what is known of a ColID wherever it stands.
type Column struct {
	Name string
	Type types.Type
	// Table and Source are set for columns of tables and views.
	Table  *catalog.Table
	Source *catalog.Column
}

// Add gives a new column its id.
func (m *Metadata) Add(c Column) ColID {
	if m.columns == nil {
		m.columns = make([]Column, 1, 32) // id 0 is no column
	}
	m.columns = append(m.columns, c)
	return ColID(len(m.columns) - 1)
}

// Reset forgets all columns and keeps their memory. No id of before may be used again.
func (m *Metadata) Reset() {
	clear(m.columns)
	m.room = m.room[:0]
	if m.columns != nil {
		m.columns = m.columns[:1]
	}
}

// fds gives n dependencies, which are good until m is reset.
func (m *Metadata) fds(n int) []FD {
	if m == nil {
		return make([]FD, n)
	}
	if n > cap(m.room)-len(m.room) { // what was handed out keeps the old room
		m.room = make([]FD, 0, max(n, 2*cap(m.room), 8))
	}
	end := len(m.room) + n
	out := m.room[len(m.room):end:end]
	m.room = m.room[:end]
	clear(out)
	return out
}

// Column is what id stands for.
func (m *Metadata) Column(id ColID) *Column { return &m.columns[id] }

// Scalar is an expression in a node: an item of a projection, a grouping key.
type Scalar struct {
	X    ir.Expr // nil for what a star or USING produced
	Name string
	ID   ColID // the column it yields
	// Uses are the columns that it reads.
	Uses ColSet
	Type types.Type
	Null types.Nullability
	// ByColumns tells of an item of a projection that a row's columns determine it: no aggregate, no
	// window function and nothing volatile is in it. Strict are columns that make it NULL where one is.
	ByColumns bool
	Strict    ColSet
}

// JoinKind is the kind of a join.
type JoinKind uint8

// The kinds of joins.
const (
	Inner JoinKind = iota
	Left
	Right
	Full
	Cross
)

func (k JoinKind) String() string {
	return [...]string{"inner", "left", "right", "full", "cross"}[k]
}

type node struct{ props Props }

func (n *node) relation()     {}
func (n *node) Props() *Props { return &n.props }

type (
	// Scan reads a table or view.
	Scan struct {
		node
		Table *catalog.Table
		Alias string
	}

	// CTEScan reads a common table expression. Recursive marks its own recursive term.
	CTEScan struct {
		node
		Name, Alias string
		Recursive   bool
		// Definition is what is read; nil within the recursive term.
		Definition Node
	}

	// Func is a function that yields rows.
	Func struct {
		node
		Names []string
		Alias string
	}

	// Rows is VALUES; Single is a SELECT without FROM.
	Rows struct {
		node
		Count int
	}

	// Single is the one row without columns that a SELECT without FROM reads.
	Single struct{ node }

	// Join joins two relations. Kind is as written; Effective is what the predicates above
	// leave of it: a LEFT JOIN whose padded rows are rejected is an inner join.
	Join struct {
		node
		Kind, Effective JoinKind
		L, R            Node
		On              ir.Expr
		Lateral         bool
		// PadL and PadR name the paddings that the join may give either side; 0 for none.
		PadL, PadR ColID
		// Stated are the equations of the condition as written, Reads the columns that it reads.
		Stated []Equality
		Reads  ColSet
		// Proves are the columns that are not NULL where the condition is true.
		Proves ColSet
		// Volatile tells that the condition is not the same for the same rows.
		Volatile bool
		matched  FDs // what holds of the rows that have a partner
	}

	// Filter keeps the rows for which Pred is true.
	Filter struct {
		node
		Input Node
		Pred  ir.Expr
		// Stated are the equations of Pred as written.
		Stated []Equality
	}

	// Aggregate groups. Keys are the grouping keys; Sets is the number of grouping sets, 0
	// for a plain GROUP BY. Scalar marks aggregation without GROUP BY.
	Aggregate struct {
		node
		Input  Node
		Keys   []Scalar
		Sets   int
		Scalar bool
	}

	// Window computes window functions beside its input.
	Window struct {
		node
		Input Node
	}

	// Project computes the select list.
	Project struct {
		node
		Input Node
		Items []Scalar
	}

	// Distinct removes repeated rows, or with On keeps one row for each value of On.
	Distinct struct {
		node
		Input Node
		On    []Scalar
	}

	// Sort orders. Cols are the columns that By sorts by, 0 for an expression and for an order other than the
	// type's own.
	Sort struct {
		node
		Input Node
		By    []ir.OrderItem
		Cols  []ColID
	}

	// Limit cuts. Max is -1 where it is not a constant.
	Limit struct {
		node
		Input         Node
		Count, Offset ir.Expr
	}

	// Lock is FOR UPDATE and its like.
	Lock struct {
		node
		Input    Node
		Strength string
	}

	// SetOp is UNION, INTERSECT or EXCEPT; Recursive marks that of a recursive CTE.
	SetOp struct {
		node
		Op        string
		All       bool
		L, R      Node
		Recursive bool
	}

	// With defines common table expressions for Input.
	With struct {
		node
		Names []string
		CTEs  []Node
		Input Node
	}

	// Alias gives a query in FROM its own columns.
	Alias struct {
		node
		Name    string
		Input   Node
		Lateral bool
	}

	// Modify is INSERT, UPDATE, DELETE or MERGE; its columns are those of RETURNING.
	Modify struct {
		node
		Op     string
		Target *catalog.Table
		Input  Node // nil for INSERT … DEFAULT VALUES
	}
)

// Inputs of a leaf are none.
func (n *node) Inputs() []Node { return nil }

// Inputs are both sides.
func (n *Join) Inputs() []Node { return []Node{n.L, n.R} }

// Inputs is the filtered relation.
func (n *Filter) Inputs() []Node { return []Node{n.Input} }

// Inputs is the grouped relation.
func (n *Aggregate) Inputs() []Node { return []Node{n.Input} }

// Inputs is the relation the windows slide over.
func (n *Window) Inputs() []Node { return []Node{n.Input} }

// Inputs is the relation the items read.
func (n *Project) Inputs() []Node { return []Node{n.Input} }

// Inputs is the relation with repeats.
func (n *Distinct) Inputs() []Node { return []Node{n.Input} }

// Inputs is the unordered relation.
func (n *Sort) Inputs() []Node { return []Node{n.Input} }

// Inputs is the uncut relation.
func (n *Limit) Inputs() []Node { return []Node{n.Input} }

// Inputs is the relation whose rows are locked.
func (n *Lock) Inputs() []Node { return []Node{n.Input} }

// Inputs are both branches.
func (n *SetOp) Inputs() []Node { return []Node{n.L, n.R} }

// Inputs are the common table expressions, then the query.
func (n *With) Inputs() []Node { return append(append([]Node(nil), n.CTEs...), n.Input) }

// Inputs is the query.
func (n *Alias) Inputs() []Node { return []Node{n.Input} }

// Inputs is the source of the changed rows, where there is one.
func (n *Modify) Inputs() []Node {
	if n.Input == nil {
		return nil
	}
	return []Node{n.Input}
}
