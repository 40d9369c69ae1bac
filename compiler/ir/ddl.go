package ir

// ObjectKind is what a DROP, COMMENT, rename or ownership statement speaks of.
type ObjectKind string

// The kinds of schema objects.
const (
	ObjTable      ObjectKind = "table"
	ObjView       ObjectKind = "view"
	ObjMatView    ObjectKind = "materialized view"
	ObjIndex      ObjectKind = "index"
	ObjSequence   ObjectKind = "sequence"
	ObjType       ObjectKind = "type"
	ObjDomain     ObjectKind = "domain"
	ObjSchema     ObjectKind = "schema"
	ObjFunction   ObjectKind = "function"
	ObjProcedure  ObjectKind = "procedure"
	ObjAggregate  ObjectKind = "aggregate"
	ObjTrigger    ObjectKind = "trigger"
	ObjExtension  ObjectKind = "extension"
	ObjColumn     ObjectKind = "column"
	ObjConstraint ObjectKind = "constraint"
	ObjEvent      ObjectKind = "event"
	ObjDatabase   ObjectKind = "database"
	ObjOther      ObjectKind = "other" // policies, rules, casts, operators …
)

type (
	// CreateTable is CREATE TABLE, with AsQuery for CREATE TABLE … AS.
	CreateTable struct {
		At
		Name        Name
		IfNotExists bool
		OrReplace   bool // MariaDB: an existing table is dropped first
		Temp        bool
		Unlogged    bool
		Columns     []ColumnDef
		Constraints []Constraint
		Like        []LikeClause
		Inherits    []Name
		PartitionOf *Name
		// Partition is the text of PARTITION BY, Bound that of FOR VALUES …; "" where absent.
		Partition, Bound string
		OfType           *Name
		AsQuery          Query
		AsColumns        []Ident
		WithoutRowID     bool
		Strict           bool
		// Options are the table options as written, keys in lower case: engine, charset,
		// collate, comment, auto_increment, row_format, tablespace, fillfactor …
		Options []Option
	}

	// CreateVirtualTable is SQLite's CREATE VIRTUAL TABLE; Args are the raw module arguments.
	CreateVirtualTable struct {
		At
		Name        Name
		IfNotExists bool
		Module      string
		Args        []string
	}

	// AlterTable is ALTER TABLE; also ALTER VIEW and ALTER INDEX with Kind saying so.
	AlterTable struct {
		At
		Kind     ObjectKind
		Name     Name
		IfExists bool
		Only     bool // PostgreSQL: without the tables that inherit
		Actions  []AlterAction
	}

	// CreateIndex is CREATE INDEX.
	CreateIndex struct {
		At
		Name             Ident // empty where the engine makes the name
		Table            Name
		IfNotExists      bool
		Unique           bool
		Using            string // btree, gin, fulltext, spatial …
		Parts            []IndexPart
		Include          []Ident
		Where            Expr
		NullsNotDistinct bool
		Concurrently     bool
		Only             bool
		Invisible        bool
		Options          []Option
	}

	// CreateView is CREATE [MATERIALIZED] VIEW. QueryText is the source of the query.
	CreateView struct {
		At
		Name         Name
		OrReplace    bool
		IfNotExists  bool
		Materialized bool
		Recursive    bool
		Temp         bool
		Columns      []Ident
		Query        Query
		QueryText    string
		CheckOption  string
		Options      []Option
	}

	// CreateEnum is CREATE TYPE … AS ENUM.
	CreateEnum struct {
		At
		Name   Name
		Values []string
	}

	// AlterEnum is ALTER TYPE … ADD VALUE or RENAME VALUE (Rename set).
	AlterEnum struct {
		At
		Name          Name
		Value         string
		Rename        string // old name
		IfNotExists   bool
		Before, After string
	}

	// CreateDomain is CREATE DOMAIN.
	CreateDomain struct {
		At
		Name        Name
		Type        TypeName
		NotNull     bool
		Default     Expr
		Constraints []Constraint
	}

	// AlterDomain is ALTER DOMAIN; NotNull is nil where the action is about something else.
	AlterDomain struct {
		At
		Name        Name
		NotNull     *bool
		Default     Expr
		DropDefault bool
		Add         *Constraint
		Drop        *Ident
	}

	// CreateComposite is CREATE TYPE … AS (…).
	CreateComposite struct {
		At
		Name    Name
		Columns []ColumnDef
	}

	// CreateRange is CREATE TYPE … AS RANGE; Multirange is the given or derived name.
	CreateRange struct {
		At
		Name       Name
		Subtype    TypeName
		Multirange string
	}

	// CreateBaseType is CREATE TYPE name or CREATE TYPE name (INPUT = …): a type of which
	// only the name is known.
	CreateBaseType struct {
		At
		Name Name
	}

	// CreateSequence is CREATE or ALTER SEQUENCE (Alter set).
	CreateSequence struct {
		At
		Name        Name
		IfNotExists bool
		Alter       bool
		Options     []Option // as, increment, minvalue, maxvalue, start, cache, cycle, owned by
	}

	// CreateFunction is CREATE FUNCTION, PROCEDURE or AGGREGATE.
	CreateFunction struct {
		At
		Kind      ObjectKind // ObjFunction, ObjProcedure, ObjAggregate
		Name      Name
		OrReplace bool
		Params    []FuncParam
		Returns   *TypeName // nil: procedure, or given by OUT parameters
		// Table is RETURNS TABLE (…).
		Table      []ColumnDef
		Strict     bool
		Volatility string // "volatile", "stable", "immutable"
		Language   string
		Body       string
		// BodyQuery is the query of a one-statement SQL body, where the dialect could read it.
		BodyQuery Query
		Options   []Option
	}

	// CreateTrigger is CREATE TRIGGER; its body stays text.
	CreateTrigger struct {
		At
		Name        Ident
		Table       Name
		OrReplace   bool
		IfNotExists bool
		Timing      string // "BEFORE", "AFTER", "INSTEAD OF"
		Events      []string
		Text        string
	}

	// CreatePolicy is CREATE POLICY; Using and Check are the texts of its conditions, "" where absent.
	CreatePolicy struct {
		At
		Name         Ident
		Table        Name
		Command      string // "all", "select", "insert", "update", "delete"
		Restrictive  bool
		Roles        []string // none for PUBLIC
		Using, Check string
	}

	// CreateSchema is CREATE SCHEMA or CREATE DATABASE; Elements are the statements inside.
	CreateSchema struct {
		At
		Name        Ident
		IfNotExists bool
		Elements    []Statement
		Options     []Option
	}

	// CreateExtension is CREATE EXTENSION.
	CreateExtension struct {
		At
		Name        Ident
		IfNotExists bool
		Schema      *Ident
	}

	// Drop is DROP of any object. Table is the table of a dropped index or trigger, where given.
	Drop struct {
		At
		Kind  ObjectKind
		Names []Name
		// Args are the argument types of a dropped function, where given, one list a name.
		Args     [][]TypeName
		Table    *Name
		IfExists bool
		Cascade  bool
	}

	// Rename renames an object, a column (Column set), a constraint or an enum's attribute.
	Rename struct {
		At
		Kind     ObjectKind
		Object   Name
		Column   *Ident
		New      Name // MySQL may move to another database
		IfExists bool
		Also     []Rename // MySQL: the further pairs of RENAME TABLE a TO b, c TO d, in order
	}

	// SetSchema is ALTER … SET SCHEMA.
	SetSchema struct {
		At
		Kind   ObjectKind
		Object Name
		Schema Ident
	}

	// SetSearchPath is SET search_path, also MySQL's USE.
	SetSearchPath struct {
		At
		Schemas []Ident
	}

	// Comment is COMMENT ON. For a column Object is the table and Column its column.
	Comment struct {
		At
		Kind   ObjectKind
		Object Name
		Column *Ident
		Text   *string // nil removes it
	}

	// Noted is a statement without bearing on types that schema files may hold: GRANT,
	// policies, DO blocks, INSERTs of data, SET. Verb is its first words in capitals.
	Noted struct {
		At
		Verb string
		// Definitions are those that a DO block runs as they stand. Whether they run is
		// decided on the server, so one that does not fit is no mistake.
		Definitions []Statement
	}
)

// Option is a key and value as written; keys in lower case.
type Option struct {
	Key, Value string
}

// ColumnDef is a column in CREATE TABLE, a composite type or a column definition list.
type ColumnDef struct {
	At
	Name        Ident
	Type        *TypeName // nil: SQLite column without a type, ORDINALITY columns of JSON_TABLE
	Constraints []Constraint
	Collate     *Name
	Comment     *string
	// Ordinality marks FOR ORDINALITY.
	Ordinality bool
	// OnUpdate is MySQL's ON UPDATE expression; Invisible its INVISIBLE.
	OnUpdate  Expr
	Invisible bool
	// First and After place a column added by MySQL's ALTER TABLE.
	First   bool
	After   *Ident
	Options []Option
}

// ConstraintKind is the kind of a constraint.
type ConstraintKind uint8

// The kinds of constraints.
const (
	NotNull ConstraintKind = iota
	NullAllowed
	DefaultValue
	PrimaryKey
	Unique
	Check
	ForeignKey
	Generated // GENERATED ALWAYS AS (expr)
	Identity  // GENERATED … AS IDENTITY, AUTO_INCREMENT, AUTOINCREMENT
	Exclude
	PlainIndex // MySQL's KEY and INDEX inside CREATE TABLE
)

// Constraint is a table or column constraint; a column's has no Columns.
type Constraint struct {
	At
	Kind    ConstraintKind
	Name    *Ident
	Parts   []IndexPart // of keys
	Columns []Ident     // of a foreign key
	X       Expr        // DEFAULT, CHECK, GENERATED
	// Stored is for GENERATED; Always for identity and generated.
	Stored, Always bool
	// References, RefColumns, OnDelete, OnUpdate, Match are a foreign key's.
	References         *Name
	RefColumns         []Ident
	OnDelete, OnUpdate string // "", "CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"
	Match              string // "", "FULL", "PARTIAL", "SIMPLE"
	Deferrable         bool
	InitiallyDeferred  bool
	NotValid           bool // NOT VALID; MySQL's NOT ENFORCED
	NoInherit          bool
	NullsNotDistinct   bool
	Include            []Ident
	Using              string // access method of EXCLUDE; index type; "fulltext", "spatial"; "desc" of SQLite's c INTEGER PRIMARY KEY DESC
	Where              Expr   // of EXCLUDE
	UsingIndex         *Ident
	// OnConflict is SQLite's conflict clause: "", "IGNORE", "REPLACE" …
	OnConflict string
	Options    []Option
}

// IndexPart is one column or expression of an index or key.
type IndexPart struct {
	At
	Column   *Ident // nil where X is set
	X        Expr
	Length   int32 // MySQL's prefix length
	Desc     bool
	Nulls    string
	Collate  *Name
	OpClass  string
	Operator string // of EXCLUDE … WITH op
}

// LikeClause is LIKE table INCLUDING … in CREATE TABLE.
type LikeClause struct {
	At
	Table     Name
	Including []string // "ALL", "DEFAULTS", "CONSTRAINTS", "INDEXES", "IDENTITY", "GENERATED", …; MySQL's LIKE is ALL
	Excluding []string
}

// FuncParam is a parameter of a function.
type FuncParam struct {
	At
	Name    *Ident
	Type    TypeName
	Mode    string // "IN", "OUT", "INOUT", "VARIADIC"
	Default Expr
}

// AlterKind is what an ALTER TABLE action does.
type AlterKind uint8

// The actions of ALTER TABLE.
const (
	AddColumn AlterKind = iota
	DropColumn
	AlterType  // Def.Type
	SetDefault // X
	DropDefault
	SetNotNull
	DropNotNull
	AddConstraint
	DropConstraint
	ValidateConstraint
	AddIdentity
	DropIdentity
	DropExpression
	ModifyColumn // MySQL: Def replaces Column; CHANGE gives Def another name
	RenameColumn // New
	RenameTable  // NewTable
	RenameIndex
	RenameConstraint
	AddIndex // Index
	DropIndex
	DropPrimaryKey
	AttachPartition // Table
	DetachPartition
	Inherit // Table
	NoInherit
	SetOption // Options: engine, charset, comment, auto_increment …
	ConvertCharset
	OtherAction // no bearing on types: OWNER TO, ENABLE TRIGGER, SET STORAGE …
)

// AlterAction is one action of ALTER TABLE.
type AlterAction struct {
	At
	Kind        AlterKind
	Column      Ident // column, constraint or index that is meant
	New         Ident
	NewTable    *Name
	Table       *Name
	Def         *ColumnDef
	Constraint  *Constraint
	Index       *CreateIndex
	X           Expr
	IfExists    bool
	IfNotExists bool
	Cascade     bool
	Options     []Option
	// Verb names an OtherAction.
	Verb string
}

func (*CreateTable) statement()        {}
func (*CreateVirtualTable) statement() {}
func (*AlterTable) statement()         {}
func (*CreateIndex) statement()        {}
func (*CreateView) statement()         {}
func (*CreateEnum) statement()         {}
func (*AlterEnum) statement()          {}
func (*CreateDomain) statement()       {}
func (*AlterDomain) statement()        {}
func (*CreateComposite) statement()    {}
func (*CreateRange) statement()        {}
func (*CreateBaseType) statement()     {}
func (*CreateSequence) statement()     {}
func (*CreateFunction) statement()     {}
func (*CreateTrigger) statement()      {}
func (*CreatePolicy) statement()       {}
func (*CreateSchema) statement()       {}
func (*CreateExtension) statement()    {}
func (*Drop) statement()               {}
func (*Rename) statement()             {}
func (*SetSchema) statement()          {}
func (*SetSearchPath) statement()      {}
func (*Comment) statement()            {}
func (*Noted) statement()              {}
