package sem

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

func (b *binder) quantified(x *ir.Quantified, s *scope) value {
	out := value{typ: b.traits.BoolType}
	var v value
	if x.Query != nil {
		b.within(place{kind: placeOp, l: x.X}, func() { v = b.operandOf(x.X, s) })
		b.uncut(x.Query)
		q, uses := b.inner(x.Query, s)
		sides := v.row
		if len(v.row) == 0 {
			sides = []value{v}
		}
		if len(q.cols) != len(sides) {
			if !q.bad && !v.bad {
				b.report(diag.New(diag.WrongArity, x.Query.Span(), "%d columns are compared with a query of %d", len(sides), len(q.cols)))
			}
			return value{bad: true, typ: b.traits.BoolType, null: types.Nullable(x.Span(), "unknown")}
		}
		out.uses, _, out.volatile = gather(v)
		out.uses = out.uses.Union(uses)
		out.null = types.NotNull
		for i := range sides {
			c := q.cols[i]
			cv := value{typ: c.typ, null: c.null, params: c.params}
			e := b.operate(x.Op, sides[i], cv, x, x.X, nil, s)
			out.bad = out.bad || e.bad
			out.null = out.null.Strict(e.null)
			if out.null.Null == types.Always {
				out.null.Null = types.Maybe // the query may give no row
			}
			if !x.All {
				out.ifTrue = out.ifTrue.Union(sides[i].strict)
			}
		}
		if !x.All {
			out.ifTrue = out.ifTrue.Union(q.proves)
		} else if len(v.row) == 0 { // a row of the query made it false
			out.ifFalse = v.strict.Union(q.proves)
		}
		return out
	}
	var arr value
	b.within(place{kind: placeOp, l: x.X, r: x.Array}, func() {
		v = b.expr(x.X, s)
		arr = b.expr(x.Array, s)
	})
	out.uses, _, out.volatile = gather(v, arr)
	if anyBad(v, arr) {
		out.bad, out.null = true, types.Nullable(x.Span(), "unknown")
		return out
	}
	if arr.untyped() && len(v.row) == 0 {
		elem := b.sem.Base(v.typ)
		if !elem.Known() || elem.Kind == types.Unknown {
			elem = b.sem.Result(types.Type{Name: "unknown", Kind: types.Unknown})
		}
		// The operator decides what the elements are: of a varchar's and of a domain's it is that of text.
		if _, as, ok := b.sem.Comparable(v.operand(), dialect.Operand{Type: types.Type{Name: "unknown", Kind: types.Unknown}}); ok && as.Known() && as.Kind != types.Pseudo && as.Kind != types.Unknown {
			elem = as.Plain()
		}
		if elem.Known() && !elem.IsArray() && elem.Kind != types.Unknown {
			b.settle(&arr, elem.Array(), x.Array)
		}
	}
	if !arr.untyped() {
		base := b.sem.Base(arr.typ)
		if !base.IsArray() && base.Kind != types.Pseudo && base.Name != "int2vector" && base.Name != "oidvector" && !b.stranger(arr.typ) && b.traits.RowValues {
			b.report(diag.New(diag.TypeMismatch, x.Array.Span(), "ANY and ALL take an array or a query, not %s", arr.typ).WithInline("this is %s", arr.typ))
			out.bad, out.null = true, types.Nullable(x.Span(), "unknown")
			return out
		}
		elem := base
		if base.IsArray() {
			elem = base.Elem()
		}
		ev := value{typ: elem, null: types.NotNull}
		if !arr.elemNever {
			ev.null = types.Nullable(x.Array.Span(), "array may hold NULL")
		}
		e := b.operate(x.Op, v, ev, x, x.X, nil, s)
		out.bad = e.bad
		if !e.bad && e.typ.Known() && !b.sem.Assignable(b.sem.Base(e.typ), b.traits.BoolType) {
			b.report(diag.New(diag.NoOperator, x.Span(), "ANY and ALL take an operator that gives %s; %s gives %s", b.traits.BoolType, x.Op, e.typ))
			out.bad = true
		}
		out.null = e.null.Strict(arr.null)
		if out.null.Null == types.Always && arr.null.Null != types.Always {
			out.null.Null = types.Maybe // the array may be empty
		}
	} else {
		out.null = types.Nullable(x.Span(), "array of an unknown type")
	}
	if x.All {
		out.strict = arr.strict
	} else {
		out.ifTrue = v.strict.Union(arr.strict)
	}
	// What is true of an element, or of one of them false, is not NULL; of none it may be.
	elements := holdsElement(x.Array)
	if x.All {
		out.ifTrue = arr.strict
		if elements {
			out.ifTrue = out.ifTrue.Union(v.strict)
		}
	}
	out.ifFalse = arr.strict
	if x.All || elements {
		out.ifFalse = out.ifFalse.Union(v.strict)
	}
	return out
}

// holdsElement tells whether an array is written with elements in it.
func holdsElement(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Array:
		for _, it := range x.Items {
			if _, nested := it.(*ir.Array); !nested || holdsElement(it) {
				return true
			}
		}
	case *ir.Cast:
		return holdsElement(x.X)
	}
	return false
}
