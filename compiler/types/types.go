// Package types knows SQL types and nullability as values: what a type is called,
// whether two are the same, what may be NULL and why. It does not know any engine's
// coercion rules; those are the dialects'.
package types

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/source"
)

// Kind tells what sort of thing a type's name stands for.
type Kind uint8

// The kinds of types.
const (
	Base      Kind = iota // built in, or of an extension
	Enum                  // a user's enum; MySQL's inline ENUM and SET too
	Domain                // a user's domain
	Composite             // a user's composite type, or a table's row type
	Range                 // a range or multirange
	Pseudo                // any, anyelement, record, void, trigger …
	Unknown               // an untyped literal or NULL, not yet resolved (PostgreSQL's "unknown")
)

// Type is a SQL type. It is comparable: two equal values are the same type. The zero
// Type means "not known".
type Type struct {
	// Schema is empty for the engine's own types and for MySQL and SQLite.
	Schema string
	// Name is the canonical lower-case name without modifiers: int8, text, timestamptz
	// (PostgreSQL: pg_type.typname); bigint, varchar, enum (MySQL); INTEGER, REAL, TEXT,
	// BLOB, NUMERIC, any (SQLite: the affinity, in capitals; the declared name is in
	// catalog.Column.Declared).
	Name string
	Kind Kind
	// Dims is the number of array dimensions, 0 for a scalar. PostgreSQL does not tell
	// dimensions apart, so an array type inferred from an expression has 1.
	Dims uint8
	// Unsigned is for MySQL's integers and decimals.
	Unsigned bool
	// Length and Scale are the type's modifiers: varchar(Length), numeric(Length, Scale).
	// 0 means absent. They do not take part in Same.
	Length, Scale int32
}

// Known tells whether t is a type at all.
func (t Type) Known() bool { return t.Name != "" }

// Array is t with one array dimension.
func (t Type) Array() Type { t.Dims = 1; return t }

// Elem is the element type of an array, or t itself where it is none.
func (t Type) Elem() Type { t.Dims = 0; return t }

// IsArray tells whether t is an array.
func (t Type) IsArray() bool { return t.Dims > 0 }

// Plain is t without length and scale.
func (t Type) Plain() Type { t.Length, t.Scale = 0, 0; return t }

// Same tells whether t and u are one type, whatever their modifiers and dimensions.
func (t Type) Same(u Type) bool {
	return t.Name == u.Name && t.Schema == u.Schema && (t.Dims > 0) == (u.Dims > 0) && t.Unsigned == u.Unsigned
}

// String is the name as `inspect` prints it: int8, text[], bigint unsigned.
func (t Type) String() string {
	if t.Name == "" {
		return "any"
	}
	s := t.Name
	if t.Unsigned {
		s += " unsigned"
	}
	if t.Dims > 0 {
		s += "[]"
	}
	return s
}

// Qualified is String with the schema in front where there is one.
func (t Type) Qualified() string {
	if t.Schema != "" {
		return t.Schema + "." + t.String()
	}
	return t.String()
}

// Is tells whether t is a scalar built-in type of one of the names.
func (t Type) Is(names ...string) bool {
	if t.Dims > 0 || t.Schema != "" {
		return false
	}
	for _, n := range names {
		if strings.EqualFold(t.Name, n) {
			return true
		}
	}
	return false
}

// Null says whether a value can be NULL.
type Null uint8

// The nullability lattice. Never and Always are proofs; Maybe is everything else.
const (
	Maybe Null = iota
	Never
	Always
)

func (n Null) String() string { return [...]string{"maybe", "never", "always"}[n] }

// Nullability is a Null with its reason. Where Null is Never, the reason is empty.
type Nullability struct {
	Null   Null
	Reason Reason
}

// Reason says why a value may be NULL: in words, and where.
type Reason struct {
	Text string      // "LEFT JOIN books", "nullable column bio", "sum over no rows"
	At   source.Span // may be zero for what the schema alone decides
}

// NotNull is the nullability of a value that is never NULL.
var NotNull = Nullability{Null: Never}

// Nullable makes the nullability of a value that may be NULL for a reason.
func Nullable(at source.Span, text string) Nullability {
	return Nullability{Null: Maybe, Reason: Reason{Text: text, At: at}}
}

// IsNever tells whether a value is proved not to be NULL.
func (n Nullability) IsNever() bool { return n.Null == Never }

// Either is the nullability of a value that is one or the other (CASE, UNION,
// COALESCE's dual): never NULL only where both are, always only where both are.
// The reason is that of the first that may be NULL.
func (n Nullability) Either(m Nullability) Nullability {
	if n.Null == Never {
		if m.Null == Always {
			m.Null = Maybe
		}
		return m
	}
	if n.Null == Always && m.Null != Always {
		n.Null = Maybe
	}
	return n
}

// Strict is the nullability of a strict operation over both: NULL where either is.
func (n Nullability) Strict(m Nullability) Nullability {
	switch {
	case n.Null == Always || m.Null == Never:
		return n
	case m.Null == Always || n.Null == Never:
		return m
	}
	return n
}

// FirstNotNull is the nullability of COALESCE(n, m).
func (n Nullability) FirstNotNull(m Nullability) Nullability {
	switch {
	case n.Null == Never:
		return n
	case n.Null == Always:
		return m
	case m.Null == Never:
		return m
	}
	return n
}
