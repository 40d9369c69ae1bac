package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// expr binds a scalar expression.
func (b *binder) expr(x ir.Expr, s *scope) value {
	v := b.bare(x, s)
	if b.depth < printDepth {
		b.proved(x, &v, s)
	}
	b.noteValue(x, &v)
	return v
}

// whole binds an expression that is an item by itself.
func (b *binder) whole(x ir.Expr, s *scope) value {
	saved := s.whole
	s.whole = x
	v := b.expr(x, s)
	s.whole = saved
	return v
}

// printDepth is how deep expressions are compared as a whole with others: comparing at every
// level costs the square of the depth.
const printDepth = 100

// bare binds an expression without regard to what conditions proved of it as a whole.
func (b *binder) bare(x ir.Expr, s *scope) value {
	b.depth++
	defer func() { b.depth-- }()
	if x == nil {
		return value{bad: true}
	}
	if b.tooDeep(x.Span()) {
		return value{bad: true}
	}
	if _, plain := x.(*ir.ColumnRef); !plain && b.depth < printDepth {
		if v, ok := b.groupedExpr(x, s); ok {
			return v
		}
	}
	switch x := x.(type) {
	case *ir.ColumnRef:
		return b.columnRef(x, s)
	case *ir.Literal:
		return b.literal(x)
	case *ir.Param:
		return b.param(x)
	case *ir.Unary:
		return b.unary(x, s)
	case *ir.Binary:
		return b.binary(x, s)
	case *ir.Logical:
		return b.logical(x, s)
	case *ir.Not:
		return b.not(x, s)
	case *ir.IsTest:
		return b.isTest(x, s)
	case *ir.Between:
		return b.between(x, s)
	case *ir.In:
		return b.inList(x, s)
	case *ir.Like:
		return b.like(x, s)
	case *ir.Quantified:
		return b.quantified(x, s)
	case *ir.Exists:
		q, uses := b.inner(x.Query, s)
		v := value{typ: b.traits.BoolType, null: types.NotNull, uses: uses, ifTrue: q.proves}
		v.surely(q.node.Props().Card.Min >= 1, void(q.node), false)
		return v
	case *ir.Subquery:
		return b.subquery(x, s)
	case *ir.Case:
		return b.caseExpr(x, s)
	case *ir.Cast:
		return b.cast(x, s)
	case *ir.FuncCall:
		return b.call(x, s, false).value
	case *ir.Row:
		b.rowHere(x)
		v := value{null: types.NotNull, typ: types.Type{Name: "record", Kind: types.Pseudo}}
		for _, it := range x.Items {
			v.row = append(v.row, b.expr(it, s))
		}
		v.uses, _, v.volatile = gather(v.row...)
		return v
	case *ir.Array:
		return b.array(x, s)
	case *ir.Index:
		return b.index(x, s)
	case *ir.Field:
		return b.field(x, s)
	case *ir.Collate:
		v := b.expr(x.X, s)
		if !v.bad && !v.untyped() && !b.sem.Collatable(v.typ) {
			b.report(diag.New(diag.TypeMismatch, x.Span(), "%s has no collations", v.typ).WithInline("this is %s", v.typ))
		}
		v.col, v.lit = nil, nil
		return v
	case *ir.Interval:
		v := b.expr(x.X, s)
		typ := b.sem.Interval(v.operand(), x.Unit)
		digits := b.sem.Digits(dialect.Operand{Literal: v.magnitude()})
		b.settle(&v, b.traits.LimitType, x)
		return value{typ: typ, digits: digits, null: v.null, uses: v.uses, strict: v.strict, volatile: v.volatile}
	case *ir.Variable:
		if x.Value != nil {
			v := b.expr(x.Value, s)
			v.col, v.volatile = nil, true
			b.unsteady++
			return v
		}
		b.unsteady++
		return value{null: types.Nullable(x.Span(), "variable "+x.Name), volatile: true}
	case *ir.Default:
		b.report(diag.New(diag.TypeMismatch, x.Span(), "DEFAULT stands for a whole value of INSERT or UPDATE only"))
		return value{bad: true, null: types.NotNull}
	case *ir.Star: // (t.*) is the row
		return b.starArgument(x, s)
	case *ir.Opaque:
		var vs []value
		for _, a := range x.Args {
			vs = append(vs, b.expr(a, s))
		}
		v := value{null: types.Nullable(x.Span(), x.What+" is not understood"), volatile: true}
		v.uses, _, _ = gather(vs...)
		return v
	}
	return value{bad: true}
}

func (b *binder) literal(l *ir.Literal) value {
	v := value{typ: b.sem.Literal(l), null: types.NotNull, lit: l}
	if l.Kind == ir.Null {
		v.null = types.Nullability{Null: types.Always, Reason: types.Reason{Text: "NULL", At: l.Span()}}
	}
	return v
}

// noOperator reports an operator that does not take these operands.
func (b *binder) noOperator(x ir.Node, op string, vs ...value) value {
	bad := value{bad: true, null: types.Nullable(x.Span(), "unknown"), typ: types.Type{}}
	if anyBad(vs...) {
		return bad
	}
	for i := range vs {
		if b.stranger(vs[i].typ) {
			bad.bad = false
			return bad
		}
	}
	for i := range vs {
		if len(vs) == 2 && b.conflict(&vs[i], vs[1-i].typ, x) {
			return bad
		}
	}
	if len(vs) == 1 {
		b.report(diag.New(diag.NoOperator, x.Span(), "no operator %s takes %s", op, vs[0].typ))
		return bad
	}
	d := diag.New(diag.NoOperator, x.Span(), "no operator takes %s %s %s", vs[0].typ, op, vs[1].typ).
		WithInline("%s %s %s", vs[0].typ, op, vs[1].typ)
	b.report(d)
	return bad
}

// applyOperator resolves an operator and gives its value.
func (b *binder) applyOperator(x ir.Node, op string, vs []value, at []ir.Expr) value {
	if anyBad(vs...) {
		return value{bad: true, null: types.Nullable(x.Span(), "unknown")}
	}
	sig, failure := b.sem.Operator(op, operands(vs))
	if failure != dialect.OK {
		if failure == dialect.Ambiguous {
			return b.notUnique(x, op, vs)
		}
		return b.noOperator(x, op, vs...)
	}
	for i := range vs {
		if i < len(sig.Args) {
			b.settle(&vs[i], sig.Args[i], at[i])
		}
	}
	b.noteArgs(x, sig.Args)
	v := value{typ: sig.Returns, digits: sig.Digits, class: sig.Class}
	v.uses, v.strict, v.volatile = gather(vs...)
	v.null = b.nullBy(sig.Null, vs, x.Span(), "operator "+op)
	if sig.NoNumber && len(vs) == 2 && op != "-" && vs[0].col != nil && vs[0].col == vs[1].col { // Inf + Inf, Inf * Inf
		sig.NoNumber = op != "+" && op != "*"
	}
	if sig.NoNumber && v.null.IsNever() {
		v.null = types.Nullable(x.Span(), "operator "+op+" over infinities")
	}
	if sig.Null != catalog.NullStrict && sig.Null != catalog.NullStrictPartial {
		v.strict = rel.ColSet{}
	}
	v.ifTrue, v.ifFalse = v.strict, v.strict
	if op == "||" {
		v.keepElements("array_append", vs, b.opt.NullElements)
	}
	return v
}

func (b *binder) unary(x *ir.Unary, s *scope) value {
	v := b.expr(x.X, s)
	if v.untyped() && v.lit == nil && len(v.params) == 0 && !v.bad {
		v.col = nil
		return v
	}
	out := b.applyOperator(x, x.Op, []value{v}, []ir.Expr{x.X})
	if x.Op == "-" || x.Op == "+" {
		out.unsigned = v.magnitude()
	}
	return out
}

func (b *binder) binary(x *ir.Binary, s *scope) value {
	var l, r value
	lr, lrow := x.L.(*ir.Row)
	rr, rrow := x.R.(*ir.Row)
	if lrow && rrow && len(lr.Items) == len(rr.Items) && len(b.occurs) > 0 {
		l, r = b.rowOf(lr, rr, x, s), b.rowOf(rr, lr, x, s)
	} else {
		b.within(place{kind: placeOp, l: x.L, r: x.R}, func() {
			if b.compares(x.Op) {
				l, r = b.operandOf(x.L, s), b.operandOf(x.R, s)
			} else {
				l, r = b.expr(x.L, s), b.expr(x.R, s)
			}
		})
	}
	if b.compares(x.Op) {
		l, r = b.tracked(x.L, l, s), b.tracked(x.R, r, s)
		v := b.compare(x.Op, l, r, x, x.L, x.R, s)
		if counted(x) && (s.clause == inHaving || b.testing > 0 && s.clause.grouped()) {
			v.ifTrue = v.ifTrue.Union(b.filled(s))
		}
		return v
	}
	return b.applyOperator(x, x.Op, []value{l, r}, []ir.Expr{x.L, x.R})
}

// rowOf binds one row of a comparison of two; each parameter in it stands beside the value
// that it is compared with.
func (b *binder) rowOf(row, other *ir.Row, x *ir.Binary, s *scope) value {
	v := value{null: types.NotNull, typ: types.Type{Name: "record", Kind: types.Pseudo}}
	for i, it := range row.Items {
		b.within(place{kind: placeOp, l: x.L, r: x.R, beside: other.Items[i]}, func() {
			v.row = append(v.row, b.expr(it, s))
		})
	}
	v.uses, _, v.volatile = gather(v.row...)
	return v
}

// operandOf binds an operand that may be a row: a subquery of several columns.
func (b *binder) operandOf(x ir.Expr, s *scope) value {
	if q, ok := x.(*ir.Subquery); ok && !q.Array {
		return b.subqueryRow(q, s)
	}
	b.rowAt = x
	return b.expr(x, s)
}

func (b *binder) cast(x *ir.Cast, s *scope) value {
	t := b.typeName(x.Type)
	var v value
	b.within(place{kind: placeCast}, func() { v = b.expr(x.X, s) })
	if !t.Known() {
		v.bad = true
		v.typ = t
		v.col = nil
		return v
	}
	out := value{typ: t, uses: v.uses, strict: v.strict, volatile: v.volatile, set: v.set, elemNever: v.elemNever && t.IsArray(), elemMaybe: v.elemMaybe && t.IsArray()}
	from := v.operand()
	out.digits = b.sem.Digits(from)
	if _, ok := x.X.(*ir.Param); ok && v.typ.Same(t) { // it has its type already, for this cast or another
		from.Param = true
	}
	rule, class := b.sem.Cast(from, t)
	out.class = class
	wasParam := len(v.params) > 0 && v.untyped()
	if wasParam {
		b.settle(&v, t, x)
		out.params = v.params
	} else if len(v.params) > 0 {
		out.params = v.params
	}
	if wasParam && t.IsArray() {
		out.elemNever = true
	}
	if v.untyped() {
		b.readable(&v, t, x)
	}
	if v.bad {
		out.null = types.Nullable(x.Span(), "unknown")
		return out
	}
	if len(v.row) > 0 {
		if b.rowless(t) {
			b.report(diag.New(diag.TypeMismatch, x.Span(), "a row can not be cast to %s", t))
		}
		b.settleFields(&v, t, x.X)
	} else if !v.untyped() && !wasParam && !b.sem.Castable(v.typ, t) && !b.stranger(v.typ) && !b.stranger(t) {
		b.report(diag.New(diag.TypeMismatch, x.Span(), "%s can not be cast to %s", v.typ, t).WithInline("this is %s", v.typ))
	}
	out.null = v.null
	if len(v.row) == 0 && !wasParam && v.null.Null != types.Always {
		out.null = b.nullBy(rule, []value{v}, x.Span(), "cast to "+t.String())
	}
	if b.sem.Base(t).Same(b.traits.BoolType) && b.sem.Base(from.Type).Same(b.traits.BoolType) {
		out.ifTrue, out.ifFalse = v.ifTrue, v.ifFalse
	} else {
		out.ifTrue, out.ifFalse = v.strict, v.strict
	}
	if v.lit != nil && v.lit.Kind == ir.Null {
		out.lit = nil
	}
	out.json = b.castJSON(&v, t, x)
	return out
}

func (b *binder) field(x *ir.Field, s *scope) value {
	v := b.expr(x.X, s)
	if v.bad {
		return v
	}
	if f := b.fieldOf(&v, x.Name.Name); f != nil {
		if f.null.Reason.At.IsZero() && !f.null.IsNever() {
			f.null.Reason.At = x.Span()
		}
		f.set = v.set
		return *f
	}
	if f, ok := b.functional(x, x.Name, x.X, s); ok {
		return f
	}
	fields := b.fields(&v)
	if fields == nil && v.untyped() && (v.lit != nil || len(v.params) > 0) {
		b.report(diag.New(diag.UnknownColumn, x.Name.Span(), "what has no type has no field %q", x.Name.Name))
		return value{bad: true, null: types.Nullable(x.Span(), "unknown")}
	}
	if fields == nil && (v.untyped() || v.typ.Kind == types.Pseudo) {
		return value{null: types.Nullable(x.Span(), "field of an unknown row"), uses: v.uses}
	}
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	b.report(near(diag.New(diag.UnknownColumn, x.Name.Span(), "%s has no field %q", v.typ, x.Name.Name), x.Name.Name, names))
	return value{bad: true, null: types.Nullable(x.Span(), "unknown")}
}
