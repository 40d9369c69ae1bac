package sem

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

func (b *binder) inList(x *ir.In, s *scope) value {
	var v value
	var first ir.Expr
	if len(x.List) > 0 {
		first = x.List[0]
	}
	out := value{typ: b.traits.BoolType}
	b.within(place{kind: placeOp, l: x.X, r: first}, func() {
		v = b.tracked(x.X, b.operandOf(x.X, s), s)
		if x.Query != nil {
			return
		}
		items := make([]value, len(x.List))
		for i, it := range x.List {
			b.rowAt = it
			items[i] = b.expr(it, s)
		}
		if v.untyped() && len(v.row) == 0 {
			for i := range items {
				if !items[i].untyped() {
					b.settle(&v, items[i].typ, x.X)
					break
				}
			}
		}
		slice, slices := false, 0
		for i := range items {
			if b.isSlice(x.List[i]) {
				slice, slices = true, slices+1
			}
			e := b.compare("=", v, items[i], inItem{x, i}, x.X, x.List[i], s)
			out.bad = out.bad || e.bad
			if len(x.List) == 1 && !slice {
				out.equal, out.stated = e.equal, e.stated
			}
			if i == 0 {
				out.null = e.null
				out.ifTrue = e.ifTrue
			} else {
				out.null = eitherNull(out.null, e.null)
				out.ifTrue = out.ifTrue.Intersect(e.ifTrue)
			}
			out.ifFalse = out.ifFalse.Union(e.ifFalse)
		}
		out.uses, _, out.volatile = gather(append(items, v)...)
		switch {
		case slice: // in no list nothing is, NULL neither
			out.ifFalse = rel.ColSet{}
			if out.null.Null == types.Always {
				out.null.Null = types.Maybe
			}
			if slices > 1 && slices == len(items) && out.null.IsNever() { // one that is empty is NULL beside another
				out.null = types.Nullable(x.Span(), "an empty list beside another")
			}
		case len(items) == 0: // SQLite: in no list nothing is, NULL neither
			out.null = types.NotNull
		default:
			out.strict = v.strict
		}
	})
	if x.Query != nil {
		defer b.noSets(s, x, "IN")()
		b.uncut(x.Query)
		q, uses := b.inner(x.Query, s)
		width := max(1, len(v.row))
		if len(q.cols) != width {
			if !q.bad && !v.bad {
				b.report(diag.New(diag.WrongArity, x.Query.Span(), "IN compares %d columns with a query of %d", width, len(q.cols)))
			}
			return value{bad: true, typ: b.traits.BoolType, null: types.Nullable(x.Span(), "unknown")}
		}
		sides := v.row
		if len(v.row) == 0 {
			sides = []value{v}
		}
		out.uses, _, out.volatile = gather(v)
		out.uses = out.uses.Union(uses)
		for i := range sides {
			c := q.cols[i]
			cv := value{typ: c.typ, null: c.null, params: c.params}
			e := b.compare("=", sides[i], cv, x, x.X, nil, s)
			if item := onlyItem(x.Query); item != nil && b.traits.StatedDependence && !out.volatile {
				out.stated = stated(sides[i], cv, x.X, item, s)
			}
			out.bad = out.bad || e.bad
			if i == 0 {
				out.null = e.null
			} else {
				out.null = eitherNull(out.null, e.null)
			}
			if out.null.Null == types.Always {
				out.null.Null = types.Maybe // the query may give no row
			}
			out.ifTrue = out.ifTrue.Union(sides[i].strict).Union(c.strict) // a row's value was equal, so not NULL
		}
		out.ifTrue = out.ifTrue.Union(q.proves)
		out.ifFalse = rel.ColSet{}
		if void(q.node) {
			out.null = types.NotNull
			out.surely(false, true, x.Not)
		}
	}
	if x.Not {
		out.ifTrue, out.ifFalse = out.ifFalse, out.ifTrue
		out.equal, out.stated = nil, nil
	}
	return out
}

// uncut reports a LIMIT of a query behind IN, ANY or ALL, where the engine takes none.
func (b *binder) uncut(q ir.Query) {
	if !b.traits.QueriesBehindInUncut {
		return
	}
	var t *ir.Tail
	switch q := q.(type) {
	case *ir.Select:
		t = &q.Tail
	case *ir.SetOp:
		t = &q.Tail
	case *ir.Values:
		t = &q.Tail
	}
	if t != nil && (t.Limit != nil || t.Offset != nil) {
		b.report(diag.New(diag.SyntaxError, q.Span(), "a query behind IN, ANY or ALL takes no LIMIT").
			WithHelp("put it into FROM of another: IN (SELECT id FROM (… LIMIT 1) x)"))
	}
}

func (b *binder) isSlice(x ir.Expr) bool {
	p, ok := x.(*ir.Param)
	return ok && p.Ref >= 0 && p.Ref < len(b.occurs) && b.params[b.occurs[p.Ref].param].slice
}
