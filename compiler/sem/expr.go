package sem

import (
	"strconv"

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
		b.settle(&v, b.traits.LimitType, x)
		return value{typ: typ, null: v.null, uses: v.uses, strict: v.strict, volatile: v.volatile}
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

// subquery binds a query that stands for one value.
func (b *binder) subquery(x *ir.Subquery, s *scope) value {
	v := b.subqueryRow(x, s)
	if len(v.row) > 1 {
		b.report(diag.New(diag.WrongArity, x.Span(), "a subquery that stands for a value must have one column, not %d", len(v.row)))
		return value{bad: true, null: types.Nullable(x.Span(), "unknown")}
	}
	return v
}

func (b *binder) subqueryRow(x *ir.Subquery, s *scope) value {
	unsteady := b.unsteady
	out, uses := b.inner(x.Query, s)
	volatile := b.traits.SubqueriesRunAgain && b.unsteady > unsteady
	if len(out.cols) == 0 {
		if !out.bad {
			b.report(diag.New(diag.WrongArity, x.Span(), "this subquery has no columns"))
		}
		return value{bad: true, null: types.Nullable(x.Span(), "unknown")}
	}
	exact := out.node.Props().Card.Min >= 1
	// absent: the subquery refers to a group that has no row, and is not run.
	absent := types.NotNull
	if b.traits.RollupNullsSubqueries && uses.Intersects(s.local) && s.clause.grouped() {
		switch {
		case s.group != nil && s.group.sets > 0:
			absent = s.group.reason
			s.absentQueries++
		case s.empty && !s.nonEmpty:
			absent = types.Nullable(x.Span(), "no rows to aggregate")
		case s.group == nil:
			s.loose = true // should there be an aggregate, it is bound once more
		}
	}
	one := func(c *column) value {
		v := value{typ: c.typ, null: c.null, params: c.params, lit: nil, elemNever: c.elemNever, elemMaybe: c.elemMaybe, uses: uses, fields: c.fields, volatile: volatile, digits: c.digits, class: c.class,
			strict: out.proves.Union(c.strict)} // NULL without a row
		if void(out.node) {
			v.null = types.Nullability{Null: types.Always, Reason: types.Reason{Text: "subquery gives no row", At: x.Span()}}
		} else if !exact {
			if v.null.Null != types.Always {
				v.null.Null = types.Maybe
			}
			if v.null.Reason.Text == "" {
				v.null = types.Nullable(x.Span(), "subquery may give no row")
			}
		}
		if v.null.IsNever() {
			v.null = absent
		}
		return v
	}
	if x.Array {
		if len(out.cols) > 1 && !out.bad {
			b.report(diag.New(diag.WrongArity, x.Span(), "a subquery that stands for an array must have one column, not %d", len(out.cols)))
		}
		c := out.cols[0]
		t := c.typ
		if t.Known() {
			t = t.Plain().Array()
		}
		return value{typ: t, null: types.NotNull, elemNever: c.null.IsNever(), elemMaybe: !c.null.IsNever(), uses: uses}
	}
	if len(out.cols) == 1 {
		return one(out.cols[0])
	}
	v := value{typ: types.Type{Name: "record", Kind: types.Pseudo}, null: types.NotNull, uses: uses, query: true}
	for _, c := range out.cols {
		v.row = append(v.row, one(c))
	}
	return v
}

// inner binds a subquery in an expression; outer are the columns around it that it reads.
func (b *binder) inner(q ir.Query, s *scope) (out *output, outer rel.ColSet) {
	before, unsteady := b.touched, b.unsteady
	b.touched = rel.ColSet{}
	out = b.query(q, s, s.env, nil)
	if b.unsteady > unsteady {
		if b.moody == nil {
			b.moody = map[ir.Query]bool{}
		}
		b.moody[q] = true
	}
	b.boundary(out.cols)
	for t := s; t != nil; t = t.parent {
		outer = outer.Union(b.touched.Intersect(t.local))
	}
	b.touched = before.Union(b.touched)
	return out, outer
}

func (b *binder) caseExpr(x *ir.Case, s *scope) value {
	var operand value
	defer b.noSets(s, x, "CASE")()
	if x.Operand != nil {
		operand = b.expr(x.Operand, s)
		if b.traits.ResolvesUnknown {
			b.settle(&operand, b.sem.Result(types.Type{Name: "unknown", Kind: types.Unknown}), x.Operand)
		}
	}
	var results []value
	var at []ir.Expr
	var all []value
	var sofar rel.ColSet
	bad := false
	proved := make([]rel.ColSet, 0, len(x.Whens)+1) // where each result is handed out
	for i := range x.Whens {
		w := &x.Whens[i]
		b.given(s, sofar, func() {
			var cond value
			if x.Operand != nil {
				var c value
				b.within(place{kind: placeOp, l: x.Operand, r: w.Cond}, func() { c = b.expr(w.Cond, s) })
				cond = b.compare("=", operand, c, w, x.Operand, w.Cond, s)
			} else {
				b.testing++
				cond = b.expr(w.Cond, s)
				b.testing--
				b.condition(&cond, w.Cond, "WHEN")
			}
			all = append(all, cond)
			bad = bad || cond.bad
			b.given(s, cond.ifTrue, func() { results = append(results, b.expr(w.Then, s)) })
			at = append(at, w.Then)
			proved = append(proved, sofar.Union(cond.ifTrue))
			if cond.null.IsNever() {
				sofar = sofar.Union(cond.ifFalse)
			}
		})
	}
	if x.Else != nil {
		b.given(s, sofar, func() { results = append(results, b.expr(x.Else, s)) })
		at = append(at, x.Else)
		proved = append(proved, sofar)
	}
	// ELSE has the first word about the type (PostgreSQL 10.5, parse_expr.c), WHEN about the rest.
	n := len(results) - 1
	typed := results
	if x.Else != nil {
		typed = append([]value{results[n]}, results[:n]...)
		at = append([]ir.Expr{at[n]}, at[:n]...)
	}
	v := b.branches(typed, at, x, "CASE")
	if x.Else != nil {
		results = append(typed[1:len(typed):len(typed)], typed[0])
	}
	var picks choices
	for i := range x.Whens {
		picks.when(&all[i], results[i].null)
	}
	if x.Else != nil {
		v.null = picks.otherwise(results[len(results)-1].null)
	} else {
		v.null = picks.otherwise(types.Nullability{Null: types.Always, Reason: types.Reason{Text: "CASE without ELSE", At: x.Span()}})
	}
	arms := make([]arm, len(results))
	for i := range results {
		arms[i] = arm{&results[i], proved[i]}
	}
	v.chosen(arms)
	uses, _, volatile := gather(append(append(all, operand), results...)...)
	v.uses, v.volatile = uses, volatile
	return v
}

// branches gives the branches of CASE, COALESCE and the like their common type.
func (b *binder) branches(vs []value, at []ir.Expr, x ir.Node, what string) value {
	var v value
	if len(vs) == 0 {
		return v
	}
	if anyBad(vs...) {
		v.bad = true
		return v
	}
	t, ok := b.settleAll(vs, at)
	if !ok {
		known := []types.Type{}
		for i := range vs {
			if !vs[i].untyped() {
				known = append(known, vs[i].typ)
			}
		}
		if len(known) > 1 {
			b.report(diag.New(diag.TypeMismatch, x.Span(), "the branches of %s have types that do not go together: %s and %s", what, known[0], differing(known)))
			v.bad = true
		}
		return v
	}
	v.typ = t
	v.elemNever, v.class = true, dialect.Number
	for i := range vs {
		v.class = min(v.class, vs[i].classified())
		v.digits = max(v.digits, b.sem.Digits(vs[i].operand()))
		v.elemNever = v.elemNever && (vs[i].elemNever || vs[i].null.Null == types.Always)
		v.elemMaybe = v.elemMaybe || vs[i].elemMaybe
		if v.untyped() {
			v.params = append(v.params, vs[i].params...)
		}
	}
	return v
}

func differing(list []types.Type) types.Type {
	for _, t := range list[1:] {
		if !t.Same(list[0]) {
			return t
		}
	}
	return list[1]
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
	out.digits, out.class = b.sem.Digits(v.operand()), b.traits.Classes[t.Name]
	from := v.typ
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
		out.null = b.nullBy(b.sem.CastNull(from, t), []value{v}, x.Span(), "cast to "+t.String())
	}
	if b.sem.Base(t).Same(b.traits.BoolType) && b.sem.Base(from).Same(b.traits.BoolType) {
		out.ifTrue, out.ifFalse = v.ifTrue, v.ifFalse
	} else {
		out.ifTrue, out.ifFalse = v.strict, v.strict
	}
	if v.lit != nil && v.lit.Kind == ir.Null {
		out.lit = nil
	}
	return out
}

func (b *binder) array(x *ir.Array, s *scope) value {
	vs := make([]value, len(x.Items))
	for i, it := range x.Items {
		vs[i] = b.expr(it, s)
	}
	v := value{null: types.NotNull, elemNever: true}
	v.uses, _, v.volatile = gather(vs...)
	for i := range vs {
		v.elemNever = v.elemNever && vs[i].null.IsNever()
		v.elemMaybe = !v.elemNever
	}
	if anyBad(vs...) {
		v.bad = true
		return v
	}
	if len(vs) == 0 {
		return v
	}
	t, ok := b.settleAll(vs, x.Items)
	if !ok && !untypedAll(vs) {
		b.report(diag.New(diag.TypeMismatch, x.Span(), "the elements of the array have types that do not go together"))
		v.bad = true
		return v
	}
	if t.Known() {
		v.typ = t.Plain().Array()
	}
	if b.scalar(t) { // of arrays it is one of more dimensions
		v.elements = len(vs)
	}
	return v
}

// scalar tells whether t is known, and no array.
func (b *binder) scalar(t types.Type) bool { return t.Known() && !b.sem.Base(t).IsArray() }

// within tells whether a literal subscript is one from 1 to n.
func within(l *ir.Literal, n int) bool {
	i, err := strconv.Atoi(l.Text)
	return l.Kind == ir.Integer && err == nil && 1 <= i && i <= n
}

func (b *binder) index(x *ir.Index, s *scope) value {
	v := b.expr(x.X, s)
	uses := v.uses
	integer := b.sem.Literal(&ir.Literal{Kind: ir.Integer, Text: "1"})
	base := b.sem.Base(v.typ)
	null := v.null
	for _, i := range [...]ir.Expr{x.Lo, x.Hi} {
		if i == nil {
			continue
		}
		iv := b.expr(i, s)
		null = null.Strict(iv.null)
		if base.IsArray() {
			b.settle(&iv, integer, i)
			if !iv.bad && !iv.untyped() && !b.sem.Assignable(b.sem.Base(iv.typ), integer) {
				b.report(diag.New(diag.TypeMismatch, i.Span(), "a subscript is %s, not %s", integer, iv.typ).WithInline("this is %s", iv.typ))
			}
		}
		uses = uses.Union(iv.uses)
	}
	if !v.bad && v.untyped() && (v.lit != nil || len(v.params) > 0) {
		b.report(diag.New(diag.TypeMismatch, x.X.Span(), "what has no type takes no subscript").WithHelp("cast it to an array"))
		v.bad = true
	}
	_, deeper := x.X.(*ir.Index) // an array's type does not tell its dimensions
	if !v.bad && !deeper && v.typ.Known() && v.typ.Kind != types.Unknown && !b.sem.Subscriptable(v.typ) && !b.stranger(v.typ) {
		b.report(diag.New(diag.TypeMismatch, x.X.Span(), "%s takes no subscript", v.typ).WithInline("this is %s", v.typ))
		v.bad = true
	}
	out := value{uses: uses, strict: v.strict, bad: v.bad}
	out.ifTrue, out.ifFalse = v.strict, v.strict
	switch {
	case v.untyped():
	case x.Slice:
		out.typ = base
		out.elemNever = v.elemNever
	case base.IsArray():
		out.typ = base.Elem()
	default:
		out.typ = v.typ // jsonb
	}
	if x.Slice {
		out.null = null
	} else if n, ok := x.Lo.(*ir.Literal); ok && x.Hi == nil && base.IsArray() && v.elemNever && within(n, v.elements) {
		out.null = v.null
	} else {
		out.null = types.Nullable(x.Span(), "subscript may be out of bounds")
	}
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
