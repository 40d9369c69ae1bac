// Package catalog is the one model of a schema: immutable snapshots, built by applying
// DDL in order (Builder) or by introspection. It knows tables, types, functions and the
// rest as data; it does not know how any engine types an expression.
package catalog

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
)

// Engine names an engine as configuration and inspect spell it.
type Engine string

// The engines. MariaDB is MySQL with Flavor "mariadb" in the snapshot.
const (
	PostgreSQL Engine = "postgresql"
	MySQL      Engine = "mysql"
	SQLite     Engine = "sqlite"
)

// Snapshot is a schema at one moment. It is immutable: a Builder makes a new one.
type Snapshot struct {
	Engine Engine
	Flavor string // "mariadb" where an introspected server says so
	// DefaultSchema is "public", the MySQL database's place holder "", SQLite's "main".
	DefaultSchema string
	// SearchPath are the schemas in which unqualified names are looked up, in order.
	SearchPath []string
	// Implicit are schemas searched before the search path: PostgreSQL's pg_catalog.
	Implicit   []string
	Schemas    []*Schema // in order of creation
	Extensions []string
	// Rights are the statements that give rights and make roles, in order.
	Rights []*Right
	// ExtensionSchemas are the schemas of the extensions that stand outside the default one.
	ExtensionSchemas map[string]string
	// ExtensionVersions are the versions of the extensions that have another one than the server takes by itself.
	ExtensionVersions map[string]string
	// Depends are what objects rest on, as a server says; nil where the snapshot was not read from one.
	Depends []Dependency
	// Ruled: the files make rules (PostgreSQL's CREATE RULE), of which nothing more is kept.
	Ruled bool
	// Others are what the compiler has no use for and a schema has all the same, as a server tells them.
	Others []*Object

	byName map[string]*Schema
}

// Schema is a named group of objects, each list in order of creation.
type Schema struct {
	Name      string
	Tables    []*Table // tables, views, materialized views, virtual tables
	Types     []*TypeDef
	Functions []*Function
	Sequences []*Sequence
	Triggers  []*Trigger
	Comment   string
	// Definition is what the server's own CREATE says of the schema behind its name: MySQL's character set and collation of a database.
	Definition string
	// Load finds a table that is not listed in Tables: system catalogs, which are many and
	// rarely asked for. It is safe for concurrent use and returns the same Table each time.
	Load func(folded string) *Table

	tables map[string]*Table
	types  map[string]*TypeDef
}

// TableKind tells what kind of relation a Table is.
type TableKind uint8

// The kinds of relations.
const (
	BaseTable TableKind = iota
	View
	MaterializedView
	VirtualTable
)

// Table is a relation with columns.
type Table struct {
	Schema, Name string
	Kind         TableKind
	Columns      []*Column
	Constraints  []*Constraint
	Indexes      []*Index
	Comment      string
	Temp         bool
	// Query is a view's query, Text its source.
	Query ir.Query
	Text  string
	// Strict and WithoutRowID are SQLite's. Module and ModuleArgs are a virtual table's.
	Strict, WithoutRowID bool
	// Definition is the server's own text of the relation: SQLite's sqlite_schema.sql, MySQL's SHOW CREATE without counters and without
	// the name of the database. Files have none, and Equal leaves it out.
	Definition string
	Module     string
	ModuleArgs []string
	// Partition is PARTITION BY's text; PartitionOf the parent; Bound the FOR VALUES text.
	Partition, PartitionOf, Bound string
	Inherits                      []string
	// Unpopulated: a materialized view was never filled.
	Unpopulated bool
	// HasChildren: tables inherit from it whose rows its own keys and foreign keys do not bind.
	HasChildren bool
	// RowSecurity: policies decide which of its rows a query sees.
	RowSecurity bool
	Policies    []*Policy
	Options     map[string]string
	Postgres    *PostgresTable
	Span        source.Span // of the name where it was created
}

// Column is a column of a table, a composite type or a function's result table.
type Column struct {
	Name string
	Type types.Type
	// Declared is the type as the user wrote it: SQLite's declared type, MySQL's tinyint(1).
	Declared string
	// NotNull is true where the schema proves it: NOT NULL, a primary key (not SQLite's
	// quirky non-INTEGER ones), an identity, a NOT NULL domain.
	NotNull bool
	// NotNullByDomain: NotNull rests on the column's domain alone.
	NotNullByDomain bool
	// WroteNotNull tells that NOT NULL or PRIMARY KEY stands in the column's own definition, or
	// was set later; WroteNull that NULL stands there. sqlc goes by what was written.
	WroteNotNull, WroteNull bool
	// Added counts the table's columns in the order in which they were declared, added or
	// redefined, whatever MySQL's FIRST and AFTER say: the order in which sqlc has them.
	Added int32
	// NullReason says why a view's column may be NULL.
	NullReason types.Reason
	// Constant marks a view's column that is computed of constants alone.
	Constant bool
	// Default and Generated are expression texts; "" where absent. DefaultExpr and
	// GeneratedExpr are their trees where the schema came from files.
	Default, Generated         string
	DefaultExpr, GeneratedExpr ir.Expr
	Stored                     bool
	// Identity is "", "always", "by default" or "auto_increment". Serial columns have a
	// Default of nextval, as in the server.
	Identity string
	// OnUpdate is MySQL's ON UPDATE text.
	OnUpdate  string
	Collation string
	Charset   string
	Comment   string
	Invisible bool
	// Hidden columns are not in * (SQLite: rowid; virtual tables' hidden columns; FTS5's
	// table-named column; PostgreSQL's system columns are not listed at all).
	Hidden bool
	// EnumValues are the members of MySQL's inline ENUM and SET.
	EnumValues []string
	Definition string // the server's own text
	Postgres   *PostgresColumn
	Table      *Table // nil outside tables
	Span       source.Span
}

// HasDefault tells whether an INSERT may leave the column out without giving NULL.
func (c *Column) HasDefault() bool {
	return c.Default != "" || c.Identity != "" || c.Generated != ""
}

// Constraint is a table constraint. Column constraints are lifted to the table, except
// NOT NULL and DEFAULT, which are on the column.
type Constraint struct {
	Name    string            // "" where the engine chose it and it was not read back
	Kind    ir.ConstraintKind // PrimaryKey, Unique, Check, ForeignKey, Exclude
	Columns []string          // of keys and foreign keys; expressions are ""
	// Collations are written to a key's columns, "" where none is (SQLite); nil where none is at all.
	Collations []string
	// Expr is the text of a CHECK's condition, or of an exclusion from its word EXCLUDE on; X is
	// the condition's tree where known.
	Expr string
	X    ir.Expr
	// RefSchema, RefTable and RefColumns are a foreign key's target; empty RefColumns were
	// filled with the target's primary key.
	RefSchema, RefTable           string
	RefColumns                    []string
	OnDelete, OnUpdate, Match     string
	Deferrable, InitiallyDeferred bool
	NotValid                      bool
	NoInherit                     bool
	NullsNotDistinct              bool
	Include                       []string
	OnConflict                    string
	Using                         string
	Postgres                      *PostgresConstraint
	Span                          source.Span
}

// Index is an index that is not the shadow of a constraint.
type Index struct {
	Name             string
	Unique           bool
	Method           string // "btree" where the engine says nothing else
	Parts            []IndexPart
	Include          []string
	Where            string
	WhereExpr        ir.Expr
	NullsNotDistinct bool
	Invisible        bool
	// Alone marks an index ON ONLY a partitioned table to which no partition's was attached yet:
	// PostgreSQL holds it for invalid, and it keeps nothing unique.
	Alone   bool
	Comment string
	Options map[string]string
	// Definition is the server's own text of the index; files have none.
	Definition string
	Span       source.Span
}

// IndexPart is one key of an index: a column, or an expression.
type IndexPart struct {
	Column    string // "" for an expression
	Expr      string
	X         ir.Expr
	Length    int32
	Desc      bool
	Nulls     string
	Collation string
	OpClass   string
}

// TypeDef is a user's type.
type TypeDef struct {
	Schema, Name string
	Kind         types.Kind // Enum, Domain, Composite, Range, Base (shell or extension type)
	Values       []string   // of an enum, in order
	// Base, NotNull, Default and Checks are a domain's.
	Base    types.Type
	NotNull bool
	Default string
	Checks  []*Constraint
	// Columns are a composite's.
	Columns []*Column
	// Subtype is a range's; Multirange marks the multirange of one.
	Subtype    types.Type
	Multirange bool
	Comment    string
	Extension  string // the extension that brought it
	// Definition is the server's own text: of a domain its base type, of a range what stands in brackets.
	Definition string
	// InBlock: a DO block makes it, which sqlc does not look into.
	InBlock bool
	Span    source.Span
}

// Type is the types.Type that stands for d.
func (d *TypeDef) Type() types.Type {
	return types.Type{Schema: d.Schema, Name: d.Name, Kind: d.Kind}
}

// FuncKind tells plain functions from aggregates and the rest.
type FuncKind uint8

// The kinds of functions.
const (
	Scalar FuncKind = iota
	Aggregate
	WindowFunc
	Procedure
	OrderedSet // ordered-set and hypothetical-set aggregates: arguments, then WITHIN GROUP
)

// NullRule says when a function's or operator's result is NULL.
type NullRule uint8

// The null rules.
const (
	// NullMaybe: may be NULL whatever the arguments are. The rule of unknown functions.
	NullMaybe NullRule = iota
	// NullStrict: NULL exactly where an argument is; total otherwise.
	NullStrict
	// NullStrictPartial: NULL where an argument is, and possibly otherwise (substring from a
	// pattern, json ->, array subscript, division by zero in MySQL).
	NullStrictPartial
	// NullNever: never NULL (count, concat, now, json_build_object).
	NullNever
	// NullCoalesce: NULL only where all arguments are (coalesce, greatest in PostgreSQL, concat_ws after
	// its first argument has NullFirst).
	NullCoalesce
	// NullFirst: NULL exactly where the first argument is.
	NullFirst
	// NullAggregate: an aggregate that is NULL over no rows, and otherwise only where every
	// input is NULL (sum, max, string_agg).
	NullAggregate
	// NullAggregateFirst is NullAggregate by the first argument alone (string_agg: rows count
	// whatever their separator is).
	NullAggregateFirst
	// NullAggregateRows: an aggregate that is NULL only over no rows (array_agg, json_agg).
	NullAggregateRows
	// NullNullif: nullif.
	NullNullif
	// NullLag: lag and lead, NULL unless a never-NULL default is given.
	NullLag
	// NullFrameValue: first_value and last_value, the argument's, but NULL over an empty frame.
	NullFrameValue
	// NullIfThenElse: if/iif(cond, a, b): either branch.
	NullIfThenElse
	// NullAlways: NULL whatever the arguments are.
	NullAlways
)

// Function is a function, aggregate, window function or procedure: built in or the user's.
type Function struct {
	Schema, Name string
	Kind         FuncKind
	Args         []FuncArg
	Returns      types.Type
	ReturnsSet   bool
	// Columns are the result columns of RETURNS TABLE or OUT parameters.
	Columns []*Column
	// Variadic marks that the last argument may repeat.
	Variadic   bool
	Strict     bool
	Null       NullRule
	Volatility string // "volatile", "stable", "immutable"; "" unknown (volatile)
	Language   string
	// Definer: it runs with the rights of who made it. SetsPath: it has a search_path of its own.
	Definer, SetsPath bool
	// Body is the text of the function's body; of an aggregate, its definition but for the type
	// of the state: "finalfunc = f, sfunc = g", sorted.
	Body      string
	BodyQuery ir.Query
	Comment   string
	Extension string
	// Signature is how a server of PostgreSQL names the routine, "add(integer, integer)"; Result what it returns, in the server's words.
	Signature, Result string
	// Definition is the server's own text. SQLMode is MySQL's under which it was made, "" for the one that sessions have by themselves.
	Definition, SQLMode string
	Span                source.Span
}

// Policy decides which rows of a table a query sees and may write, where the table has RowSecurity.
type Policy struct {
	Name, Command string // "all", "select", "insert", "update", "delete"
	Restrictive   bool
	To            string // the roles, "" for everyone
	Using, Check  string // the conditions' texts; "" where absent
	Span          source.Span
}

// Right is a statement that gives rights or makes a role: Verb is its first words in capitals, Text its own.
type Right struct {
	Verb, Text string
	Span       source.Span
}

// FuncArg is an argument of a function.
type FuncArg struct {
	Name       string
	Type       types.Type
	Mode       string // "IN", "OUT", "INOUT", "VARIADIC"
	HasDefault bool
	Default    string // its text, where known
}

// Sequence is a sequence; OwnedBy is "table.column" or empty.
type Sequence struct {
	Schema, Name string
	Type         types.Type
	OwnedBy      string
	Options      map[string]string
	Comment      string
	Definition   string // the server's own text
	Unlogged     bool   // PostgreSQL's
	Span         source.Span
}

// Trigger is a trigger; its body stays text.
type Trigger struct {
	Schema, Name, Table string
	Timing              string
	Events              []string
	Text                string
	// Definition is the server's own text of the trigger, SQLMode as Function's; files have none. MySQL lists the triggers of one event
	// in the order in which they run.
	Definition, SQLMode string
	Comment             string
	Span                source.Span
}

// Schema finds a schema by name.
func (s *Snapshot) Schema(name string) *Schema {
	if s.byName == nil { // a literal snapshot, not yet indexed
		for _, sc := range s.Schemas {
			if s.same(sc.Name, name) {
				return sc
			}
		}
		return nil
	}
	return s.byName[s.fold(name)]
}

// Table finds a relation. With an empty schema the search path decides.
func (s *Snapshot) Table(schema, name string) *Table {
	return find(s, schema, func(sc *Schema) *Table { return sc.Table(s.fold(name)) })
}

// Type finds a user's type. With an empty schema the search path decides.
func (s *Snapshot) Type(schema, name string) *TypeDef {
	return find(s, schema, func(sc *Schema) *TypeDef { return sc.types[s.fold(name)] })
}

// Functions lists the user's functions of a name, those of the first schema of the search
// path that has any; with a schema, of that one.
func (s *Snapshot) Functions(schema, name string) []*Function {
	for _, sc := range s.path(schema) {
		var out []*Function
		for _, f := range sc.Functions {
			if s.same(f.Name, name) {
				out = append(out, f)
			}
		}
		if out != nil {
			return out
		}
	}
	return nil
}

// Table finds a relation of this schema by its folded name.
func (sc *Schema) Table(folded string) *Table {
	if t := sc.tables[folded]; t != nil || sc.Load == nil {
		return t
	}
	return sc.Load(folded)
}

// Add puts objects into the schema and its index. It is for code that makes a fresh
// snapshot (a dialect's empty one, introspection), never for a snapshot in use.
func (s *Snapshot) Add(schema string, tables []*Table, typeDefs []*TypeDef, functions []*Function) *Schema {
	sc := s.Schema(schema)
	if sc == nil {
		sc = s.addSchema(schema)
	}
	for _, t := range tables {
		t.Schema = schema
		for _, c := range t.Columns {
			c.Table = t
		}
		sc.Tables = append(sc.Tables, t)
		sc.tables[s.fold(t.Name)] = t
	}
	for _, d := range typeDefs {
		d.Schema = schema
		sc.Types = append(sc.Types, d)
		sc.types[s.fold(d.Name)] = d
	}
	for _, f := range functions {
		f.Schema = schema
		sc.Functions = append(sc.Functions, f)
	}
	return sc
}

func (s *Snapshot) addSchema(name string) *Schema {
	sc := &Schema{Name: name, tables: map[string]*Table{}, types: map[string]*TypeDef{}}
	s.Schemas = append(s.Schemas, sc)
	if s.byName == nil {
		s.byName = map[string]*Schema{}
		for _, old := range s.Schemas {
			s.byName[s.fold(old.Name)] = old
		}
	}
	s.byName[s.fold(name)] = sc
	return sc
}

// Column finds a column by name, nil where there is none. MySQL and SQLite compare
// without case.
func (t *Table) Column(name string, caseless bool) *Column {
	for _, c := range t.Columns {
		if c.Name == name || caseless && strings.EqualFold(c.Name, name) {
			return c
		}
	}
	return nil
}

// PrimaryKey is the table's primary key, nil where it has none.
func (t *Table) PrimaryKey() *Constraint {
	for _, c := range t.Constraints {
		if c.Kind == ir.PrimaryKey {
			return c
		}
	}
	return nil
}

// Caseless tells whether the engine compares identifiers without case.
func (s *Snapshot) Caseless() bool { return s.Engine != PostgreSQL }

func (s *Snapshot) fold(name string) string {
	if s.Caseless() {
		return strings.ToLower(name)
	}
	return name
}

func (s *Snapshot) same(a, b string) bool { return s.fold(a) == s.fold(b) }

func (s *Snapshot) path(schema string) []*Schema { return s.appendPath(nil, schema) }

// appendPath appends the schemas that a name is looked up in.
func (s *Snapshot) appendPath(out []*Schema, schema string) []*Schema {
	if schema != "" {
		if sc := s.Schema(schema); sc != nil {
			out = append(out, sc)
		}
		return out
	}
	path := s.SearchPath
	if len(path) == 0 {
		path = []string{s.DefaultSchema}
	}
	for _, names := range [2][]string{s.Implicit, path} {
		for _, n := range names {
			if sc := s.Schema(n); sc != nil {
				out = append(out, sc)
			}
		}
	}
	return out
}

func find[T any](s *Snapshot, schema string, get func(*Schema) *T) *T {
	var room [8]*Schema
	for _, sc := range s.appendPath(room[:0], schema) {
		if v := get(sc); v != nil {
			return v
		}
	}
	return nil
}
