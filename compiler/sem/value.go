package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// value is what is known of a bound expression.
type value struct {
	typ  types.Type
	null types.Nullability
	// col is set for a plain column, lit for a constant, whole for a relation's row.
	col   *column
	lit   *ir.Literal
	whole *relation
	// unsigned is the constant of which the value is the negation, or itself.
	unsigned *ir.Literal
	// moment tells that the constant stands in a literal of a date or time.
	moment bool
	// notTrue and notFalse tell of a condition that it is never true, never false.
	notTrue, notFalse bool
	// params are the parameters that the value is one of (a parameter itself, a CASE or
	// COALESCE over some): they take the type that the value is given.
	params []int
	// row are the values of a row constructor or of a subquery with several columns.
	row []value
	// fields are the columns of a composite value or record.
	fields []*catalog.Column
	// elemNever: the elements of this array are never NULL. elemMaybe: they are taken from values
	// that may be NULL.
	elemNever, elemMaybe bool
	// elements are known to stand at the subscripts from 1 to this one, if there is an array.
	elements int
	// digits is a power of ten that a number's magnitude stays under; 0 where it is not computed.
	digits int
	// class is of what it is, whatever its columns are declared for.
	class dialect.Class
	// json is what is known of the JSON that it is.
	json *JSON
	// query marks a row that a subquery gives.
	query bool
	// set marks a function that yields several rows.
	set bool
	// bad marks an expression whose mistake was reported.
	bad bool
	// volatile marks an expression that may differ from row to row without reading a column.
	volatile bool

	// uses are the columns that the expression reads, of this query and of outer ones.
	uses rel.ColSet
	// strict are columns that make the value NULL where one of them is.
	strict rel.ColSet
	// ifTrue and ifFalse are columns that are not NULL where the predicate is true or false.
	ifTrue, ifFalse rel.ColSet
	// equal are equations that hold where the predicate is true.
	equal []rel.Equality
	// stated are those that a condition states, whatever the types of its sides (dialect.Traits.StatedDependence).
	stated []rel.Equality
}

// untyped tells whether a type can still be given to v.
func (v *value) untyped() bool { return !v.typ.Known() || v.typ.Kind == types.Unknown }

func (v *value) operand() dialect.Operand {
	o := dialect.Operand{Type: v.typ, Null: v.null, Param: len(v.params) > 0 && v.untyped(), Digits: v.digits, Class: v.class, Stored: v.col != nil && v.col.source != nil}
	if v.lit != nil {
		o.Literal = v.lit
	}
	return o
}

// classified is the class of v, of a constant too.
func (v *value) classified() dialect.Class {
	switch {
	case v.null.Null == types.Always:
		return dialect.OnlyNull
	case v.lit != nil && (numeric[v.lit.Kind] || v.lit.Kind == ir.Bool):
		return dialect.Number
	case v.lit != nil && v.lit.Kind == ir.String:
		return dialect.NoBlob
	}
	return v.class
}

// magnitude is the constant that v is but for its sign, nil where it is none.
func (v *value) magnitude() *ir.Literal {
	if v.lit != nil {
		return v.lit
	}
	return v.unsigned
}

func operands(vs []value) []dialect.Operand {
	out := make([]dialect.Operand, len(vs))
	for i := range vs {
		out[i] = vs[i].operand()
	}
	return out
}

// settle gives an untyped value a type: its parameters and literals become t.
func (b *binder) settle(v *value, t types.Type, at ir.Node) {
	if t.Kind == types.Pseudo && t.Name == "record" && v.untyped() {
		b.readable(v, t, at)
	}
	if !t.Known() || t.Kind == types.Unknown || t.Kind == types.Pseudo || !v.untyped() {
		return
	}
	b.typeParams(v.params, t, at)
	v.typ = t.Plain()
	b.readable(v, t, at)
}

// settleAll gives several values the type that they have in common, and returns it. ok is
// false where there is none.
func (b *binder) settleAll(vs []value, at []ir.Expr) (types.Type, bool) {
	t, ok := b.sem.Common(operands(vs))
	if !ok {
		return types.Type{}, false
	}
	for i := range vs {
		var n ir.Node
		if i < len(at) {
			n = at[i]
		}
		b.settle(&vs[i], t, n)
	}
	return t, true
}

// anyBad tells whether a mistake in vs was reported already.
func anyBad(vs ...value) bool {
	for i := range vs {
		if vs[i].bad {
			return true
		}
	}
	return false
}

// gather unites what vs read.
func gather(vs ...value) (uses, strict rel.ColSet, volatile bool) {
	for i := range vs {
		uses = uses.Union(vs[i].uses)
		strict = strict.Union(vs[i].strict)
		volatile = volatile || vs[i].volatile
		if len(vs[i].row) > 0 {
			u, _, vol := gather(vs[i].row...)
			uses, volatile = uses.Union(u), volatile || vol
		}
	}
	return uses, strict, volatile
}

// eitherNull is the nullability of a predicate over several others of which one may decide
// it alone (AND, OR, IN): NULL only where none decides.
func eitherNull(n, m types.Nullability) types.Nullability {
	switch {
	case n.Null == m.Null:
		return n
	case n.Null == types.Always:
		n.Null = types.Maybe
		return n
	case m.Null == types.Always:
		m.Null = types.Maybe
		return m
	}
	return n.Strict(m)
}

// fieldwise puts the fields of rows in their place: a comparison of rows is one of theirs, while
// to a function a row of NULLs is a value.
func fieldwise(vs ...value) []value {
	var out []value
	for i := range vs {
		if len(vs[i].row) > 0 {
			out = append(out, fieldwise(vs[i].row...)...)
			continue
		}
		out = append(out, vs[i])
	}
	return out
}

// strictNull is the nullability of a strict operation over vs.
func strictNull(vs ...value) types.Nullability {
	n := types.NotNull
	for i := range vs {
		n = n.Strict(vs[i].null)
	}
	return n
}
