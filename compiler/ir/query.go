package ir

// Query is anything that yields rows and can stand in parentheses: Select, SetOp,
// Values, and inside WITH also Insert, Update, Delete and Merge.
type Query interface {
	Node
	query()
}

type (
	// Select is one SELECT block.
	Select struct {
		At
		Tail
		Distinct   bool
		DistinctOn []Expr
		Items      []SelectItem
		From       []TableExpr // the comma list; empty for a SELECT without FROM
		Where      Expr
		GroupBy    *GroupBy
		Having     Expr
		Windows    []Window // WINDOW w AS (…)
		Qualify    Expr
		Into       *Name
	}

	// SetOp is UNION, INTERSECT or EXCEPT of two queries.
	SetOp struct {
		At
		Tail
		Op   string // "UNION", "INTERSECT", "EXCEPT"
		All  bool
		L, R Query
	}

	// Values is VALUES (…), (…).
	Values struct {
		At
		Tail
		Rows [][]Expr
	}
)

// Tail is what may follow or precede any query.
type Tail struct {
	With          *With
	OrderBy       []OrderItem
	Limit, Offset Expr
	WithTies      bool
	Locking       []Lock
}

// With is a WITH clause.
type With struct {
	At
	Recursive bool
	CTEs      []CTE
}

// CTE is one common table expression. Query may be a data-modifying statement.
type CTE struct {
	At
	Name    Ident
	Columns []Ident
	Query   Query
	// Materialized is "", "MATERIALIZED" or "NOT MATERIALIZED".
	Materialized string
	// Search and Cycle add columns (PostgreSQL): SEARCH … SET column; CYCLE … SET mark USING path.
	SearchColumn         *Ident
	CycleMark, CyclePath *Ident
	CycleMarkVal         Expr
}

// SelectItem is one item of a select list or of RETURNING.
type SelectItem struct {
	At
	X     Expr // may be Star
	Alias *Ident
}

// OrderItem is one ORDER BY item.
type OrderItem struct {
	At
	X     Expr
	Desc  bool
	Nulls string // "", "FIRST", "LAST"
	Using string // PostgreSQL's USING operator
}

// GroupBy is a GROUP BY clause. Plain grouping is one Simple element an expression.
type GroupBy struct {
	At
	Distinct bool
	Elems    []GroupElem
	// WithRollup is MySQL's suffix form, over all elements.
	WithRollup bool
}

// GroupElem is one element of GROUP BY.
type GroupElem struct {
	At
	Kind  GroupKind
	Exprs []Expr      // Simple: one; Rollup and Cube: each possibly a Row; Empty: none
	Sets  []GroupElem // GROUPING SETS
}

// GroupKind is the form of a grouping element.
type GroupKind uint8

// The forms of grouping elements.
const (
	GroupSimple GroupKind = iota
	GroupEmpty            // ()
	GroupRollup
	GroupCube
	GroupSets
)

// Window is a window definition or a reference to one: OVER w has only Ref set.
type Window struct {
	At
	Name      *Ident // in a WINDOW clause
	Ref       *Ident // OVER w, or the base window of (w …)
	Partition []Expr
	OrderBy   []OrderItem
	Frame     *Frame
}

// Frame is a window frame.
type Frame struct {
	At
	Unit       string // ROWS, RANGE, GROUPS
	Start, End Bound  // End.Kind is "" where BETWEEN was not written
	Exclude    string // "", "CURRENT ROW", "GROUP", "TIES", "NO OTHERS"
}

// Bound is one end of a frame.
type Bound struct {
	Kind string // "UNBOUNDED PRECEDING", "PRECEDING", "CURRENT ROW", "FOLLOWING", "UNBOUNDED FOLLOWING"
	X    Expr
}

// Lock is FOR UPDATE and its like.
type Lock struct {
	At
	Strength string // "UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"
	Of       []Name
	Wait     string // "", "NOWAIT", "SKIP LOCKED"
}

// TableExpr is an item of FROM.
type TableExpr interface {
	Node
	tableExpr()
}

// Alias is AS name (columns).
type Alias struct {
	At
	Name    Ident
	Columns []Ident
}

type (
	// TableRef is a table, view or CTE by name.
	TableRef struct {
		At
		Name  Name
		Alias *Alias
		Only  bool
		// Partitions are MySQL's PARTITION (p0, p1).
		Partitions []Ident
		// Sample is TABLESAMPLE's arguments; IndexHints the names of hinted indexes.
		Sample     []Expr
		IndexHints []Ident
	}

	// Derived is a query in FROM.
	Derived struct {
		At
		Query   Query
		Lateral bool
		Alias   *Alias
	}

	// TableFunc is a function in FROM. ROWS FROM has several Calls.
	TableFunc struct {
		At
		Calls      []TableCall
		Lateral    bool
		Ordinality bool
		Alias      *Alias
	}

	// Join joins two table expressions. CROSS JOIN has Kind InnerJoin, Cross set and no condition.
	Join struct {
		At
		Kind    JoinKind
		L, R    TableExpr
		Cross   bool
		Natural bool
		Using   []Ident
		On      Expr
		// Alias is the alias of a parenthesised join, (a JOIN b) AS j; UsingAlias that of USING (…) AS u.
		Alias      *Alias
		UsingAlias *Ident
	}
)

// TableCall is one function in FROM, with the column definition list that follows AS
// (PostgreSQL) or COLUMNS (JSON_TABLE, XMLTABLE).
type TableCall struct {
	At
	Func *FuncCall
	Defs []ColumnDef
}

// JoinKind is the kind of a join.
type JoinKind uint8

// The kinds of joins.
const (
	InnerJoin JoinKind = iota
	LeftJoin
	RightJoin
	FullJoin
)

func (*Select) query() {}
func (*SetOp) query()  {}
func (*Values) query() {}
func (*Insert) query() {}
func (*Update) query() {}
func (*Delete) query() {}
func (*Merge) query()  {}

func (*TableRef) tableExpr()  {}
func (*Derived) tableExpr()   {}
func (*TableFunc) tableExpr() {}
func (*Join) tableExpr()      {}
