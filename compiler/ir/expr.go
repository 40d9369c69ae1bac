package ir

// Expr is a scalar expression.
type Expr interface {
	Node
	expr()
}

type (
	// ColumnRef is a, t.a or s.t.a. In PostgreSQL a may also turn out to be a whole row.
	ColumnRef struct {
		At
		Parts []Ident
	}

	// Star is * or t.* (Qualifier t). Embed marks sqlc.embed(t), which the query text
	// writes as t.*.
	Star struct {
		At
		Qualifier []Ident
		Embed     bool
	}

	// Literal is a constant.
	Literal struct {
		At
		Kind LiteralKind
		// Text is the value: digits as written, a string without quotes, "true"/"false",
		// hex digits of a blob.
		Text string
	}

	// Param is one occurrence of a parameter. Ref indexes the statement's token.ParamRefs.
	Param struct {
		At
		Ref int
	}

	// Unary is a prefix (or postfix) operator: -, +, ~, !, @ …
	Unary struct {
		At
		Op string
		X  Expr
	}

	// Binary is an operator between two operands, by its own spelling in capitals where it is
	// a word: + - * / % || = <> < <= > >= -> ->> #> @> ? DIV MOD & | ^ << >> <=>,
	// "IS DISTINCT FROM", "IS NOT DISTINCT FROM". != is written <>. OpSchema is for
	// PostgreSQL's OPERATOR(schema.op). SQLite's IS and IS NOT between values
	// are "IS NOT DISTINCT FROM" and "IS DISTINCT FROM".
	Binary struct {
		At
		Op       string
		OpSchema string
		L, R     Expr
	}

	// Logical is AND, OR or XOR over two or more operands; chains of one operator are flat.
	Logical struct {
		At
		Op   string
		Args []Expr
	}

	// Not is NOT x.
	Not struct {
		At
		X Expr
	}

	// IsTest is x IS [NOT] NULL, TRUE, FALSE, UNKNOWN, JSON …, DOCUMENT, NORMALIZED.
	IsTest struct {
		At
		X    Expr
		What string // in capitals: "NULL", "TRUE" …
		Not  bool
	}

	// Between is x [NOT] BETWEEN [SYMMETRIC] lo AND hi.
	Between struct {
		At
		X, Lo, Hi Expr
		Not       bool
		Symmetric bool
	}

	// In is x [NOT] IN (list) or (query); exactly one of List and Query is set. X may be a
	// Row. A sqlc.slice parameter is a one-element List whose Param is a slice.
	In struct {
		At
		X     Expr
		List  []Expr
		Query Query
		Not   bool
	}

	// Like is a pattern match: Op is LIKE, ILIKE, SIMILAR TO, GLOB, REGEXP, RLIKE or MATCH.
	Like struct {
		At
		Op         string
		X, Pattern Expr
		Escape     Expr
		Not        bool
	}

	// Quantified is x op ANY/ALL (array or query); exactly one of Array and Query is set.
	Quantified struct {
		At
		Op    string
		X     Expr
		All   bool
		Array Expr
		Query Query
	}

	// Exists is EXISTS (query); NOT EXISTS is a Not around it.
	Exists struct {
		At
		Query Query
	}

	// Subquery is a query used as a value. Array marks ARRAY(query).
	Subquery struct {
		At
		Query Query
		Array bool
	}

	// Case is CASE [operand] WHEN … END.
	Case struct {
		At
		Operand Expr
		Whens   []When
		Else    Expr
	}

	// Cast is CAST(x AS type), x::type or type 'literal'.
	Cast struct {
		At
		X    Expr
		Type TypeName
	}

	// FuncCall is a call. Forms that the grammar treats specially are calls by their
	// standard lower-case name: coalesce, nullif, greatest, least, ifnull, if, iif, grouping,
	// current_date, current_timestamp, localtime, session_user, extract, position, substring,
	// overlay, trim (btrim, ltrim, rtrim), timezone (AT TIME ZONE), overlaps, xmlelement,
	// json_object, json_array, row_to_json, match_against, values (MySQL's VALUES(col)) …
	FuncCall struct {
		At
		Name     Name
		Args     []Arg
		Star     bool // count(*)
		Distinct bool
		OrderBy  []OrderItem // inside the parentheses
		Within   []OrderItem // WITHIN GROUP (ORDER BY …)
		Filter   Expr
		Over     *Window
		// Nulls is "IGNORE" or "RESPECT" where IGNORE/RESPECT NULLS was written.
		Nulls string
		// Separator is GROUP_CONCAT's.
		Separator Expr
		// NoParens marks CURRENT_DATE and its like, written without parentheses.
		NoParens bool
	}

	// Arg is one argument: positional, or named (name => value); Variadic marks VARIADIC.
	Arg struct {
		Name     *Ident
		X        Expr
		Variadic bool
	}

	// Row is ROW(a, b) or (a, b).
	Row struct {
		At
		Items    []Expr
		Explicit bool // the word ROW was written
	}

	// Array is ARRAY[a, b].
	Array struct {
		At
		Items []Expr
	}

	// Index is x[i] or x[lo:hi]; for a slice Slice is set and either bound may be nil.
	Index struct {
		At
		X      Expr
		Lo, Hi Expr
		Slice  bool
	}

	// Field is (x).name; (x).* is a Field with All set.
	Field struct {
		At
		X    Expr
		Name Ident
		All  bool
	}

	// Collate is x COLLATE name.
	Collate struct {
		At
		X    Expr
		Name Name
	}

	// Interval is MySQL's INTERVAL x unit.
	Interval struct {
		At
		X    Expr
		Unit string
	}

	// Variable is MySQL's @name or @@name; Value is set for @name := value.
	Variable struct {
		At
		Name   string
		System bool
		Value  Expr
	}

	// Default is DEFAULT in VALUES or SET.
	Default struct{ At }

	// Opaque is what the tree can not express. What names the construct for the diagnostic;
	// Args are the expressions found inside, so that their columns and parameters still count.
	Opaque struct {
		At
		What string
		Args []Expr
	}
)

// When is one arm of a Case.
type When struct {
	At
	Cond, Then Expr
}

// LiteralKind is the form of a constant as written.
type LiteralKind uint8

// The forms of constants.
const (
	Null LiteralKind = iota
	Bool
	Integer
	Decimal // digits with a point, or an integer too large for 64 bits
	Float   // with an exponent (PostgreSQL types it numeric all the same)
	String
	Blob // x'…', b'…'
	Bit  // B'…'
)

func (*ColumnRef) expr()  {}
func (*Star) expr()       {}
func (*Literal) expr()    {}
func (*Param) expr()      {}
func (*Unary) expr()      {}
func (*Binary) expr()     {}
func (*Logical) expr()    {}
func (*Not) expr()        {}
func (*IsTest) expr()     {}
func (*Between) expr()    {}
func (*In) expr()         {}
func (*Like) expr()       {}
func (*Quantified) expr() {}
func (*Exists) expr()     {}
func (*Subquery) expr()   {}
func (*Case) expr()       {}
func (*Cast) expr()       {}
func (*FuncCall) expr()   {}
func (*Row) expr()        {}
func (*Array) expr()      {}
func (*Index) expr()      {}
func (*Field) expr()      {}
func (*Collate) expr()    {}
func (*Interval) expr()   {}
func (*Variable) expr()   {}
func (*Default) expr()    {}
func (*Opaque) expr()     {}
