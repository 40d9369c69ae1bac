// Package dialect is what the rest of the compiler knows of an engine: its parser
// behind Parse, its types, functions, operators and casts behind Semantics. The three
// packages below it are the only importers of the engines' parsers.
package dialect

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
	"github.com/covetsql/covetsql/compiler/types"
)

// Dialect is one engine. Implementations are stateless and safe for concurrent use.
type Dialect interface {
	Engine() catalog.Engine
	// Lex names the lexical rules.
	Lex() token.Dialect
	// Parse reads one statement with the engine's own parser and lowers it. It returns nil
	// and at least one error where the text is not accepted; it never panics and never
	// drops a part of the statement: what it can not express becomes ir.Opaque with a
	// diag.NotModelled.
	Parse(s *token.Statement) (ir.Statement, diag.List)
	// Quote writes an identifier so that it names exactly name, quoting only where needed.
	Quote(name string) string
	// Type resolves a type as written against the engine's types and the snapshot's. The
	// zero Type means that there is no such type.
	Type(t ir.TypeName, in *catalog.Snapshot) types.Type
	// Semantics gives the typing rules over a snapshot (its functions, types and
	// extensions take part in resolution).
	Semantics(in *catalog.Snapshot) Semantics
	// SchemaRules are the engine's rules for building a catalog from DDL; the functions that
	// need a compiler (Type, Columns, Extension) are left nil. They are in schema.go.
	SchemaRules() catalog.Rules
	// NewSnapshot is the schema of an empty database: default schema, search path,
	// system catalogs as far as known. Each
	// call makes a fresh one, which a catalog.Builder may take over.
	NewSnapshot() *catalog.Snapshot
	// Extension is what CREATE EXTENSION adds, and whether the extension is known.
	Extension(name string) (types []*catalog.TypeDef, functions []*catalog.Function, ok bool)
	// Traits are the differences that binding has to know, as data.
	Traits() Traits
}

// Traits are engine differences that binding needs and that are plain values.
type Traits struct {
	// CaselessNames: columns and tables compare without case.
	CaselessNames bool
	// AliasInGroupBy, AliasInHaving, AliasInWhere: may these clauses name a select alias?
	AliasInGroupBy, AliasInHaving, AliasInWhere bool
	// LooseGroupBy: columns outside GROUP BY are allowed (SQLite).
	LooseGroupBy bool
	// RowIDs: base tables have rowid, _rowid_ and oid (SQLite).
	RowIDs bool
	// WholeRowRefs: a table's name is an expression for its row (PostgreSQL).
	WholeRowRefs bool
	// DoubleQuotedStrings: "x" that names no column is a string (SQLite).
	DoubleQuotedStrings bool
	// SystemColumns are hidden columns of every base table (PostgreSQL: ctid, xmin …).
	SystemColumns []catalog.Column
	// LimitType is the type of a LIMIT or OFFSET parameter.
	LimitType types.Type
	// BoolType is the type of a predicate: bool, SQLite's INTEGER.
	BoolType types.Type
	// UntypedSetOps: set operations have no common type (SQLite).
	UntypedSetOps bool
	// DivisionByZeroIsNull holds for MySQL and SQLite.
	DivisionByZeroIsNull bool
	// SubqueriesRunAgain: a subquery that calls a volatile function runs again for each row, even
	// where it reads nothing of the row (MySQL).
	SubqueriesRunAgain bool
	// HavingFilters: HAVING without GROUP BY and without aggregates is a filter over the rows
	// that may name aliases (MySQL), and does not make one group of them.
	HavingFilters bool
	// HavingSeesSelected: outside of aggregates HAVING can name no other columns than those that
	// are selected and those that are grouped by, and no expression that is grouped by; nor can the
	// arguments of a window function (MySQL).
	HavingSeesSelected bool
	// ColumnsNamedOnce: the columns of a query in FROM have names of their own (MySQL).
	ColumnsNamedOnce bool
	// QueriesBehindInUncut: a query behind IN, ANY or ALL takes no LIMIT (MySQL).
	QueriesBehindInUncut bool
	// DuplicateAliases: one FROM may have two relations of one name (SQLite).
	DuplicateAliases bool
	// ForeignKeysHold: a declared foreign key proves that the row it refers to exists. SQLite
	// checks none unless told to.
	ForeignKeysHold bool
	// GroupByPrimaryKeyOnly: of the functional dependencies on GROUP BY only that on a table's
	// primary key counts (PostgreSQL).
	GroupByPrimaryKeyOnly bool
	// StatedDependence: a column depends on GROUP BY by what the query states, and by nothing that has
	// to be proved (rel.Stated); a grouping expression that is no column is found as a whole item
	// only; WITH ROLLUP determines nothing but its columns (MySQL).
	StatedDependence bool
	// FromToParams: parameters of BETWEEN are called from_x and to_x; UpperFuncParams: those
	// of a function are called by its name in capitals. Both are sqlc's names in MySQL and SQLite.
	FromToParams, UpperFuncParams bool
	// ValuesSeeTarget: a value of INSERT may name a column of the target (MySQL).
	ValuesSeeTarget bool
	// ShortInserts: INSERT without a column list may give fewer values than the table has
	// columns (PostgreSQL); SkipsGenerated: it leaves generated columns out (SQLite).
	ShortInserts, SkipsGenerated bool
	// AggregatesSelected: without GROUP BY only an aggregate in the select list makes a group of
	// the rows, one in HAVING or ORDER BY does not (SQLite).
	AggregatesSelected bool
	// ReturningTargetOnly: RETURNING names no other relation than the target (SQLite, MariaDB).
	ReturningTargetOnly bool
	// AggregatePositions: a number in an aggregate's ORDER BY is the position of an argument (MySQL).
	AggregatePositions bool
	// ZeroDateIsNull: IS NULL holds for the zero date in a column that is NOT NULL (MySQL).
	ZeroDateIsNull bool
	// OrdersOneRow: where there is aggregation without GROUP BY, ORDER BY may name any column;
	// it is dropped (MySQL).
	OrdersOneRow bool
	// KeysAs are types whose values are compared, as they are, by another one's equality: a key
	// of the first is one under the second's (operator families of PostgreSQL's btree, 38.16).
	KeysAs map[string]string
	// Unordered are types by which rows can not be sorted, Unequal those by which they can not
	// even be told apart.
	Unordered, Unequal map[string]bool
	// PositionsOnly: a constant in GROUP BY, ORDER BY and DISTINCT ON is a position in the select
	// list or an error.
	PositionsOnly bool
	// RollupNullsSubqueries: a subquery that refers to a grouped query is NULL in the rows that
	// WITH ROLLUP adds, and where there is no row to aggregate, whatever it counts.
	RollupNullsSubqueries bool
	// GroupsLoseRows: a window function that takes a value from another row of a grouped query may not
	// find it and give NULL (MariaDB 10.11).
	GroupsLoseRows bool
	// GroupsLoseWindows are aggregates beside which what is computed of a window function over groups may be NULL, or
	// anything, as it may beside any aggregate with DISTINCT (MariaDB 10.11, which sorts the rows for them).
	GroupsLoseWindows map[string]bool
	// RollupPassesHaving: rows that WITH ROLLUP adds may pass a HAVING that is not true of them: MariaDB
	// asks it of the rows before it groups them, MySQL 9.7 of constants that queries in FROM compute.
	RollupPassesHaving bool
	// AggregatesStayInside: an aggregate over the columns of a query around that can not have it
	// where the subquery stands is the subquery's own.
	AggregatesStayInside bool
	// ConstantsPassPadding: a column of a subquery that is computed of constants, or of columns that stand
	// around it (LATERAL), is compared as if its row were there where an outer join pads it, so that no comparison proves the row (MySQL 9.7
	// where it merges the subquery).
	ConstantsPassPadding bool
	// SortedByPrefix are the types whose values ORDER BY may take for equal that only begin alike (MySQL's
	// max_sort_length).
	SortedByPrefix map[string]bool
	// ImplicitRecursion: a common table expression may name itself without RECURSIVE (SQLite).
	ImplicitRecursion bool
	// SeveralRecursiveTerms: a recursive union may have more than one term that recurs (MySQL,
	// SQLite).
	SeveralRecursiveTerms bool
	// TextColumnNames: an expression without alias is called by its text (MySQL, SQLite)
	// rather than by PostgreSQL's rules.
	TextColumnNames bool
	// StoredFunctions: a schema may define functions.
	StoredFunctions bool
	// StringsNameItems: a string without alias is called by what is in it, and a text is
	// taken with the parentheses around it and up to 255 characters (MySQL).
	StringsNameItems bool
	// StarThrough are functions through which * reads columns of a declared type, by that type:
	// a JSONB column of SQLite holds an encoding that is of no use outside the engine.
	StarThrough map[string]string
	// Families are the types that are kinds of one thing; DeclaredTypes: what a column was declared as
	// says more than its type (SQLite).
	Families      Families
	DeclaredTypes bool
	// RowValues: a row is a value like others (PostgreSQL); elsewhere rows are only compared.
	RowValues bool
	// SetsAnywhere: functions that yield several rows stand in select lists too (PostgreSQL).
	SetsAnywhere bool
	// LocksPlainRows: FOR UPDATE needs rows of tables: no groups, aggregates, DISTINCT, windows
	// or set operations (PostgreSQL).
	LocksPlainRows bool
	// DistinctOrders: what orders a SELECT DISTINCT must be in its list (PostgreSQL, MySQL).
	DistinctOrders bool
	// ResolvesUnknown: a select item that is a constant or parameter without a type is text once
	// its query block ends (PostgreSQL).
	ResolvesUnknown bool
	// SetOpsOrderByName: ORDER BY behind a set operation names output columns only (PostgreSQL).
	SetOpsOrderByName bool
	// PageKeys are the types of columns by which rows are paged through: their values go to Go and back unchanged, and
	// the engine sorts them as it compares them. The text says how a parameter of one is written, %s being
	// the parameter, %d the type's length and scale. PageEnums: enums are such types.
	PageKeys  map[string]string
	PageEnums bool
	// PageLength is how long texts among them may be at the most, by their types; 0 for any length.
	PageLength int32
	// RowRanges: an index serves (a, b) > (x, y).
	RowRanges bool
	// AliasesAlone: an alias in GROUP BY and ORDER BY is the whole expression (PostgreSQL).
	AliasesAlone bool
	// SetsTwice: SET may name a column twice, the last counts (MySQL, SQLite).
	SetsTwice bool
	// StarFirst: * without a table's name must be the first of the select list (MySQL).
	StarFirst bool
	// Classes are what a cast to a type gives (SQLite, where a column of the type holds anything,
	// if its table is not STRICT and it is not the rowid).
	Classes map[string]Class
	// Spaceship: <=> is equality that takes NULL for a value (MySQL).
	Spaceship bool
	// AllColumnsNamed: a column list of a common table expression names all columns or none.
	AllColumnsNamed bool
	// JSON are the functions that build JSON of which the shape is known, by name; JSONIsText: outside of the
	// call that built it a JSON value is a text to the next such function (SQLite).
	JSON       map[string]JSONForm
	JSONIsText bool
	// ValuesColumn is what columns of VALUES are called before their number from 0 (MySQL's
	// "column_"); empty means column1, column2 …
	ValuesColumn string
}

// Operand is an argument of an operator or function while it is being resolved.
type Operand struct {
	Type types.Type
	Null types.Nullability
	// Untyped operands take the type that the resolution gives them: a parameter (Param),
	// PostgreSQL's string literal or NULL (Literal holds it).
	Param   bool
	Literal *ir.Literal
	Name    string // of a named argument
	// Variadic marks VARIADIC.
	Variadic bool
	// Digits is a power of ten that the value's magnitude stays under, by the signature that
	// made it; 0 where none did.
	Digits int
	// Class is of what the value is, by the signature that made it or the table that holds it;
	// Stored tells that it is a column's of a table.
	Class  Class
	Stored bool
}

// Class tells which values there may be where an engine's columns hold others than they are
// declared for (SQLite). Where a value is one of several, the least of theirs is its class.
type Class uint8

// The classes.
const (
	AnyValue Class = iota
	NoBlob         // a text, a number or NULL
	Number         // a number or NULL
	RealDay        // a day of the calendar or NULL, not 0000-00-00 or 2024-02-00 (MySQL)
	ClockDay       // a RealDay of the years 1970 to 3001, as clocks show it
	StampDay       // a ClockDay that a TIMESTAMP can hold
	OnlyNull       // NULL
)

// Untyped tells whether resolution decides the operand's type.
func (o Operand) Untyped() bool { return !o.Type.Known() || o.Type.Kind == types.Unknown }

// Signature is a resolved operator or function.
type Signature struct {
	// Args are the types that the operands are taken as; an untyped operand becomes its own.
	// Where the engine leaves a parameter's type open, the zero Type.
	Args []types.Type
	// Returns is the result type; for a function that returns a table, Columns are set.
	Returns    types.Type
	ReturnsSet bool
	Columns    []*catalog.Column
	Kind       catalog.FuncKind
	Null       catalog.NullRule
	Volatility string
	// Digits is a power of ten that the result's magnitude stays under; 0 where it is not computed.
	Digits int
	// Class is of what the result is, whatever the operands are.
	Class Class
	// Moment tells that the call is a literal of a date or time, which stands in its argument.
	Moment bool
	// Subtypes: as a window function its arguments stay in the query's own block, where they keep
	// the subtype by which JSON is told from text (SQLite), and aggregates in them are that block's.
	Subtypes bool
	// Rows bounds how many rows a function of several gives, nil where that is not known.
	Rows *Rows
	// NoNumber: over infinities there may be no result, which is NULL (SQLite).
	NoNumber bool
	// Function is the resolved function, nil for operators and special forms.
	Function *catalog.Function
}

// Rows is a number of rows: at least Min, at most Max.
type Rows struct{ Min, Max int64 }

// Failure says why a resolution failed.
type Failure uint8

// The failures.
const (
	OK Failure = iota
	NotFound
	NoMatch   // the name exists, the argument types do not fit
	Ambiguous // several fit equally well
)

// Semantics types expressions over one snapshot. It is safe for concurrent use.
type Semantics interface {
	// Literal is the type of a constant: PostgreSQL's 'x' and NULL are Unknown.
	Literal(l *ir.Literal) types.Type
	// Operator resolves an operator by its ir spelling; a prefix operator has one operand.
	Operator(op string, operands []Operand) (Signature, Failure)
	// Function resolves a call. star marks count(*).
	Function(schema, name string, args []Operand, star bool) (Signature, Failure)
	// Candidates lists signatures of a name for an error message, as "length(text)".
	Candidates(schema, name string) []string
	// FunctionNames lists known names near to none in particular, for "did you mean".
	FunctionNames() []string
	// Common is the type that several operands take in CASE, COALESCE, VALUES, UNION, IN,
	// ARRAY; ok is false where there is none.
	Common(operands []Operand) (t types.Type, ok bool)
	// Assignable tells whether a value of type from can be stored in a column of type to.
	Assignable(from, to types.Type) bool
	// Castable tells whether CAST(from AS to) exists.
	Castable(from, to types.Type) bool
	// Cast is the null rule of a cast, strict or partial where a cast can give NULL, and the class
	// of what it gives.
	Cast(from Operand, to types.Type) (catalog.NullRule, Class)
	// Digits is a power of ten that a value's magnitude stays under, 0 in an engine where
	// nothing depends on it: in SQLite arithmetic with infinities gives NULL.
	Digits(o Operand) int
	// Interval is the type of INTERVAL amount unit, in engines that have such an expression.
	Interval(amount Operand, unit string) types.Type
	// Comparable tells the types that both sides of a comparison are taken as: an untyped
	// side takes the other's type (PostgreSQL: text where both are untyped).
	Comparable(l, r Operand) (lt, rt types.Type, ok bool)
	// Base strips domains; Fields are a composite's or table row's columns, nil for others.
	Base(t types.Type) types.Type
	// Unreadable tells whether a string constant that takes type t certainly can not be read as
	// one, which the server says while it prepares the statement.
	Unreadable(t types.Type, text string) bool
	// Subscriptable and Collatable tell whether t[1] and t COLLATE "C" may be.
	Subscriptable(t types.Type) bool
	Collatable(t types.Type) bool
	Fields(t types.Type) []*catalog.Column
	// Result is the type under which a column of type t leaves the query (PostgreSQL's
	// unknown becomes text; domains stay; MySQL widens integers of expressions).
	Result(t types.Type) types.Type
}
