// Package ir is the neutral syntax tree that the three dialects lower into. It is
// purely syntactic: names are not bound, types are not resolved. Node types are
// closed; what a dialect can not express becomes Opaque, never nothing.
//
// Conventions: an Ident's Name is already dequoted and folded as the engine folds it
// (PostgreSQL lower-cases unquoted names; MySQL and SQLite keep the spelling and compare
// without case). Optional single nodes are nil pointers or nil interfaces. Every node has
// a span in the user's own file, never an empty one.
package ir

import "github.com/covetsql/covetsql/compiler/source"

// Node is any part of the tree.
type Node interface {
	// Span is where the node stands in the user's file.
	Span() source.Span
}

// At is embedded in every node and holds its span.
type At struct{ Pos source.Span }

// Span returns the node's place.
func (a At) Span() source.Span { return a.Pos }

// Ident is one name as the engine understands it.
type Ident struct {
	At
	Name   string
	Quoted bool
}

// Name is a possibly qualified name: table, schema.table, database.schema.table.
type Name struct {
	At
	Parts []Ident
}

// Last is the unqualified name.
func (n Name) Last() string {
	if len(n.Parts) == 0 {
		return ""
	}
	return n.Parts[len(n.Parts)-1].Name
}

// Schema is the qualifier before the last part, or empty.
func (n Name) Schema() string {
	if len(n.Parts) < 2 {
		return ""
	}
	return n.Parts[len(n.Parts)-2].Name
}

// String joins the parts with dots.
func (n Name) String() string {
	s := ""
	for i, p := range n.Parts {
		if i > 0 {
			s += "."
		}
		s += p.Name
	}
	return s
}

// TypeName is a type as written.
type TypeName struct {
	At
	Name Name // as the parser canonicalises it: pg "int4" for integer; MySQL and SQLite as written
	// Mods are the numbers in parentheses.
	Mods []int32
	// Dims counts [] behind the name.
	Dims     uint8
	Unsigned bool
	SetOf    bool
	// Values are the members of an inline ENUM or SET.
	Values []string
	// PercentType marks PostgreSQL's column%TYPE; Name is then table.column.
	PercentType bool
	// Charset and Collate are MySQL's; Binary marks the binary character set.
	Charset, Collate string
	// Raw is the type as the user spelled it, for SQLite's affinity and for messages.
	Raw string
}
