package ir

// Statement is a whole statement: a Query, or one of the forms below and in ddl.go.
type Statement interface {
	Node
	statement()
}

type (
	// Insert is INSERT or REPLACE.
	Insert struct {
		At
		With    *With
		Table   *TableRef
		Columns []Target
		// Source is the rows: Values, Select …; nil for DEFAULT VALUES. Default in Values
		// rows is DEFAULT. INSERT … SET is lowered to Columns and one row of Values.
		Source     Query
		Overriding string // "", "SYSTEM", "USER"
		// Or is what a conflict does: "", "IGNORE", "REPLACE", "ABORT", "FAIL", "ROLLBACK".
		// MySQL's REPLACE is an Insert with Or "REPLACE".
		Or         string
		OnConflict []OnConflict
		// RowAlias is MySQL's AS new(cols) for ON DUPLICATE KEY UPDATE.
		RowAlias    *Alias
		OnDuplicate []Assign
		Returning   []SelectItem
	}

	// Update is UPDATE. Tables is the target list: one TableRef in PostgreSQL and SQLite, any
	// table expressions in MySQL, where Set says which are written.
	Update struct {
		At
		With      *With
		Tables    []TableExpr
		Set       []Assign
		From      []TableExpr
		Where     Expr
		OrderBy   []OrderItem
		Limit     Expr
		Offset    Expr
		Or        string
		Returning []SelectItem
	}

	// Delete is DELETE. Tables are the deleted relations as named (aliases in MySQL's
	// multi-table form); From is what is joined: USING, or MySQL's FROM list. In the
	// single-table form Tables has the one TableRef and From is empty.
	Delete struct {
		At
		With      *With
		Tables    []*TableRef
		From      []TableExpr
		Where     Expr
		OrderBy   []OrderItem
		Limit     Expr
		Offset    Expr
		Or        string
		Returning []SelectItem
		// Multi marks MySQL's multi-table form, where Tables name relations of From.
		Multi bool
	}

	// Merge is MERGE INTO.
	Merge struct {
		At
		With      *With
		Table     *TableRef
		Source    TableExpr
		On        Expr
		Whens     []MergeWhen
		Returning []SelectItem
	}

	// Call is CALL procedure(…).
	Call struct {
		At
		Func *FuncCall
	}

	// Utility is a statement that is only executed: SET, LOCK TABLE, LISTEN, TRUNCATE,
	// REFRESH MATERIALIZED VIEW, VACUUM, BEGIN, PRAGMA … Verb is its first words in capitals.
	Utility struct {
		At
		Verb   string
		Tables []*TableRef
		Args   []Expr
		// Query is what EXPLAIN explains, DECLARE CURSOR declares, COPY (query) copies.
		Query Query
		// Columns are the result columns of statements that return rows (SHOW, PRAGMA),
		// where the dialect knows them.
		Columns []ColumnDef
	}
)

// Target is a column that is written: a, a[1], a.b.
type Target struct {
	At
	Name Ident
	// Qualifier is MySQL's table in t.a = 1.
	Qualifier []Ident
	// Path is set where a part of the column is written: Index and Field steps in order.
	Path []Expr
}

// Assign is one element of SET. Several Targets are (a, b) = value, where Value is a
// Row or a Subquery.
type Assign struct {
	At
	Targets []Target
	Value   Expr
}

// OnConflict is one ON CONFLICT clause.
type OnConflict struct {
	At
	Target     []OrderItem // columns or expressions of the arbiter index
	Constraint *Ident
	Where      Expr // of the arbiter
	Nothing    bool
	Set        []Assign
	UpdateIf   Expr // WHERE of DO UPDATE
}

// MergeWhen is one WHEN of MERGE.
type MergeWhen struct {
	At
	Matched  bool
	BySource bool // WHEN NOT MATCHED BY SOURCE
	And      Expr
	Action   string // "INSERT", "UPDATE", "DELETE", "NOTHING"
	Columns  []Target
	Values   []Expr
	Set      []Assign
}

func (*Select) statement()  {}
func (*SetOp) statement()   {}
func (*Values) statement()  {}
func (*Insert) statement()  {}
func (*Update) statement()  {}
func (*Delete) statement()  {}
func (*Merge) statement()   {}
func (*Call) statement()    {}
func (*Utility) statement() {}
