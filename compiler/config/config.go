// Package config is the configuration as a value: sqlc's versions 1 and 2 in YAML and JSON,
// and covetsql's own file, which has the same keys. Loading is in load.go.
package config

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/source"
)

// Config is one configuration file.
type Config struct {
	File    *source.File
	Dir     string // the folder that relative paths start from
	Version string // "1" or "2"
	// Strict: nullability and types as they are (covetsql.yaml). Otherwise the generated surface
	// is exactly sqlc's, and differences are findings.
	Strict   bool
	Packages []Package
	Plugins  []Plugin
	Rules    []Rule
	Servers  []Server
	Vet      Vet
}

// Package is one block of `sql:` (or of version 1's `packages:`).
type Package struct {
	Name     string
	Engine   catalog.Engine
	Schema   []string // files, folders, globs; relative to Dir
	Queries  []string
	Database *Database
	// Migrations is nil where the block says nothing of them.
	Migrations *Migrations
	// AnalyzerDatabase is analyzer.database; nil where unset.
	AnalyzerDatabase     *bool
	StrictFunctionChecks *bool
	StrictOrderBy        *bool
	Strict               *bool // overrides Config.Strict
	// Go is nil where no Go is generated.
	Go      *Go
	JSON    *JSONGen
	Codegen []Codegen
	// Rules are the names of the rules that the block's queries are judged by.
	Rules []RuleUse
	// Severity overrules that of Config.Vet for the block.
	Severity []RuleSeverity
	// Functions declares functions that the catalog does not know: "name(type, …) returns type".
	Functions []string
	Span      source.Span
}

// Database is a live database. URI has ${VARIABLES} unexpanded; it is never printed.
type Database struct {
	URI     string
	Managed bool
	Span    source.Span
}

// Go are the options of the Go generator; the names are sqlc's in Go spelling.
type Go struct {
	Package    string
	Out        string
	SQLPackage string // "database/sql" (default), "pgx/v4", "pgx/v5"
	SQLDriver  string
	BuildTags  string
	Runtime    bool // covetsql's own: emit plan.go

	// NullableArrayElements is covetsql's own: elements of stored arrays may be NULL.
	NullableArrayElements bool
	// EmitDomainTypes is covetsql's own: domains over basic types have Go types.
	EmitDomainTypes           bool
	EmitInterface             bool
	EmitJSONTags              bool
	EmitDBTags                bool
	EmitPreparedQueries       bool
	EmitExactTableNames       bool
	EmitEmptySlices           bool
	EmitExportedQueries       bool
	EmitResultStructPointers  bool
	EmitParamsStructPointers  bool
	EmitMethodsWithDBArgument bool
	EmitPointersForNullTypes  bool
	EmitPointersForNullEnums  *bool // nil: as EmitPointersForNullTypes
	EmitEnumValidMethod       bool
	EmitAllEnumValues         bool
	EmitSQLAsComment          bool
	WrapErrors                bool
	OmitSQLCVersion           bool
	OmitUnusedStructs         bool

	JSONTagsCaseStyle           string // camel, pascal, snake, none
	JSONTagsIDUppercase         bool
	Rename                      map[string]string
	Initialisms                 []string // nil: sqlc's default, ["id"]
	InflectionExcludeTableNames []string
	QueryParameterLimit         *int // nil: 1

	OutputDBFileName       string
	OutputModelsFileName   string
	OutputQuerierFileName  string
	OutputCopyFromFileName string
	OutputBatchFileName    string
	OutputFilesSuffix      string

	Overrides []Override // the global ones first, then those of the package; the first match wins
	Span      source.Span
}

// Override replaces the Go type of a database type or a column.
type Override struct {
	DBType      string
	Engine      catalog.Engine
	Nullable    bool
	Unsigned    bool
	Column      string // [catalog.][schema.]table.column, with * patterns
	GoType      GoType
	GoStructTag string
	// JSON: the Go type is what a column's JSON is read into and written from.
	JSON bool
	Span source.Span
}

// GoType is a Go type in an override. Spec is the string form, where it was used.
type GoType struct {
	Spec    string
	Import  string
	Package string // the import's alias
	Type    string
	Pointer bool
	Slice   bool
}

// JSONGen is gen.json.
type JSONGen struct {
	Out, Filename, Indent string
}

// Codegen is one use of a plugin; Options are passed on as JSON.
type Codegen struct {
	Plugin, Out string
	Options     []byte
	Span        source.Span
}

// Plugin is a code generator outside the process.
type Plugin struct {
	Name    string
	Env     []string
	Cmd     string // process
	Format  string
	WASMURL string
	SHA256  string
	// Options are those of the file's `options` under the plugin's name, as JSON; nil for none.
	Options []byte
	Span    source.Span
}

// Server is a database server on which databases are made for the blocks with
// `database: {managed: true}`. URI has ${VARIABLES} unexpanded; it is never printed.
type Server struct {
	Name   string
	Engine catalog.Engine
	URI    string
	Span   source.Span
}

// Rule is a rule of vet in CEL. It may be wrong in any way: who vets says so, a build does not care.
type Rule struct {
	Name, Rule, Message string
	// The others are covetsql's own. MessageExpression is an expression that gives the message, Severity how bad a finding is, Each what
	// the rule judges, Engines those that it is for.
	MessageExpression, Severity, Each string
	Engines                           []string
	// Span is the rule in the file, NameSpan its name.
	Span, NameSpan source.Span
	// Lines are the places of Rule's lines in the file, each on a line of its own; where a text can not be followed
	// (it has escapes, or is folded) it is the whole value, once.
	Lines []source.Span
	// MessageLines are those of MessageExpression.
	MessageLines []source.Span
}

// At is the place of a line (from 1) and column (from 0, in characters) of the rule's text.
func (r Rule) At(line, column int) source.Span { return r.in(r.Rule, r.Lines, line, column) }

// MessageAt is a place in the rule's message expression.
func (r Rule) MessageAt(line, column int) source.Span {
	return r.in(r.MessageExpression, r.MessageLines, line, column)
}

func (r Rule) in(text string, places []source.Span, line, column int) source.Span {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if line < 1 || line > len(lines) || len(lines) != len(places) || places[line-1].Text() != lines[line-1] {
		if len(places) == 1 {
			return places[0]
		}
		return r.Span
	}
	whole := places[line-1]
	at := int(whole.Start) + columnOffset(lines[line-1], column+1)
	return whole.File.Span(at, max(at+1, int(whole.End)))
}

// RuleUse names a rule in a block.
type RuleUse struct {
	Name string
	Span source.Span
}
