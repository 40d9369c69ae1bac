package sqlite

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

// semantics types expressions. SQLite types values, not columns; an expression's type here
// is the storage class its values have when columns hold what their affinity says.
type semantics struct{ in *catalog.Snapshot }

var _ dialect.Semantics = semantics{}

func (semantics) Literal(l *ir.Literal) types.Type {
	switch l.Kind {
	case ir.Bool, ir.Integer:
		return integer
	case ir.Decimal, ir.Float:
		return real
	case ir.String:
		return text
	case ir.Blob, ir.Bit:
		return blob
	}
	return nullType
}

// typed tells whether t says anything: any does not.
func typed(t types.Type) bool { return t.Known() && t.Name != anyName }

// isNull tells an operand that is a bare NULL.
func isNull(o dialect.Operand) bool { return o.Type == nullType || o.Null.Null == types.Always }

// merge is the type of a value that is one or the other. SQLite converts neither, so two
// numeric types make NUMERIC and others that differ make any.
func merge(a, b types.Type) types.Type {
	switch {
	case a == b:
		return a
	case number(a) && number(b):
		return numeric
	}
	return anyType
}

func number(t types.Type) bool { return t == integer || t == real || t == numeric }

// Common is the type of CASE, COALESCE, VALUES and set operations: that of the operands
// which have one. It always exists.
func (semantics) Common(operands []dialect.Operand) (types.Type, bool) {
	var out types.Type
	open := false
	for _, o := range operands {
		t := o.Type.Plain()
		switch {
		case o.Type == mixedType:
			t, open = anyType, open || o.Param
		case o.Param && o.Untyped():
			open = true
			continue
		case isNull(o):
			continue
		case !t.Known():
			t = anyType
		}
		if !out.Known() {
			out = t
		} else {
			out = merge(out, t)
		}
	}
	switch {
	case !out.Known():
		return nullType, true
	case out == anyType && open:
		return mixedType, true
	}
	return out, true
}

// Assignable and Castable hold for all types: SQLite stores any value in any column, and
// casts every value to every type.
func (semantics) Assignable(types.Type, types.Type) bool { return true }

func (semantics) Castable(types.Type, types.Type) bool { return true }

// Cast gives NULL for NULL only.
func (semantics) Cast(_ dialect.Operand, to types.Type) (catalog.NullRule, dialect.Class) {
	return catalog.NullStrict, classes[to.Name]
}

// Comparable gives an untyped side the type of the other; all types can be compared.
func (semantics) Comparable(l, r dialect.Operand) (lt, rt types.Type, ok bool) {
	lt, rt = l.Type, r.Type
	if l.Untyped() && l.Param {
		lt = rt
	}
	if r.Untyped() && r.Param {
		rt = lt
	}
	// A number's affinity makes numbers of the text beside it; a literal has none.
	number := func(t types.Type) bool { return t.Same(integer) || t.Same(real) || t.Same(numeric) }
	switch {
	case l.Literal != nil || r.Literal != nil:
	case number(lt) && !number(rt):
		rt = lt
	case number(rt) && !number(lt):
		lt = rt
	}
	return lt, rt, true
}

func (semantics) Base(t types.Type) types.Type { return t }

func (semantics) Fields(types.Type) []*catalog.Column { return nil }

func (semantics) Result(t types.Type) types.Type {
	if !typed(t) {
		return anyType
	}
	return t
}

// Constants have types of their own here, so that none is read as another.
func (semantics) Unreadable(types.Type, string) bool { return false }

// Subscriptable is false: there are no subscripts.
func (semantics) Subscriptable(types.Type) bool { return false }

// Collatable is true: any expression takes COLLATE.
func (semantics) Collatable(types.Type) bool { return true }

// Interval is not computed: there is no such expression.
func (semantics) Interval(dialect.Operand, string) types.Type { return types.Type{Name: "interval"} }
