package sem

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/dialect"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// comparison are the operators that compare; nullSafe those of them that treat NULL as a value.
var (
	comparison = map[string]bool{"=": true, "<>": true, "<": true, "<=": true, ">": true, ">=": true,
		"IS DISTINCT FROM": true, "IS NOT DISTINCT FROM": true, "<=>": true}
	nullSafe = map[string]bool{"IS DISTINCT FROM": true, "IS NOT DISTINCT FROM": true, "<=>": true}
)

// compare binds l op r. lx and rx are their expressions, nil where there are none.
func (b *binder) compare(op string, l, r value, x ir.Node, lx, rx ir.Expr, s *scope) value {
	v := value{typ: b.traits.BoolType}
	v.uses, v.strict, v.volatile = gather(l, r)
	if anyBad(l, r) {
		v.bad, v.null = true, types.Nullable(x.Span(), "unknown")
		return v
	}
	if nullSafe[op] {
		b.takesNull(&l)
		b.takesNull(&r)
	}
	if len(l.row) > 0 || len(r.row) > 0 {
		return b.compareRows(op, l, r, x, s)
	}
	if !b.fit(op, &l, &r, x, lx, rx) {
		v.bad, v.null = true, types.Nullable(x.Span(), "unknown")
		return v
	}
	if nullSafe[op] {
		v.null, v.strict = types.NotNull, rel.ColSet{}
		isNull := func(n types.Nullability) bool { return n.Null == types.Always }
		switch {
		case op == "IS DISTINCT FROM" && isNull(r.null):
			v.ifTrue = l.strict
		case op == "IS DISTINCT FROM" && isNull(l.null):
			v.ifTrue = r.strict
		case op == "IS DISTINCT FROM":
		case isNull(r.null):
			v.ifFalse = l.strict
		case isNull(l.null):
			v.ifFalse = r.strict
		case r.null.IsNever():
			v.ifTrue = l.strict
		case l.null.IsNever():
			v.ifTrue = r.strict
		}
		v.asTruth(op, &l, r.lit)
		v.asTruth(op, &r, l.lit)
		if op != "IS DISTINCT FROM" {
			v.ifTrue = v.ifTrue.Union(b.isEqual(l.col, r.lit, s)).Union(b.isEqual(r.col, l.lit, s))
		}
		return v
	}
	v.null = strictNull(l, r)
	v.ifTrue, v.ifFalse = v.strict, v.strict
	v.asTruth(op, &l, r.lit)
	v.asTruth(op, &r, l.lit)
	if op == "=" {
		v.ifTrue = v.ifTrue.Union(b.isEqual(l.col, r.lit, s)).Union(b.isEqual(r.col, l.lit, s))
	}
	if op == "=" && !collates(x, lx) && !collates(x, rx) {
		if v.equal = b.equation(l, r); v.equal == nil {
			v.equal = b.computedEquation(l, r, lx, rx, s)
		}
	}
	if op == "=" && b.traits.StatedDependence {
		v.stated = stated(l, r, lx, rx, s)
	}
	return v
}

// collates tells whether a side of the comparison at has a collation written to it, which
// then holds for the whole comparison. A side without an expression is somewhere in at.
func collates(at ir.Node, side ir.Expr) bool {
	if side != nil {
		at = side
	}
	if in, ok := at.(inItem); ok {
		at = in.In
	}
	found := false
	ir.Walk(at, func(n ir.Node) bool {
		if _, is := n.(*ir.Collate); is {
			found = true
		}
		return !found
	})
	return found
}

// fit gives the sides of a comparison their types; false and a diagnostic where they can
// not be compared.
func (b *binder) fit(op string, l, r *value, x ir.Node, lx, rx ir.Expr) bool {
	if l.whole != nil || r.whole != nil {
		for _, i := range append(append([]int(nil), l.params...), r.params...) {
			b.params[i].record = true
		}
	}
	lo, ro := l.operand(), r.operand()
	lt, rt, ok := b.sem.Comparable(lo, ro)
	if !ok {
		sig, failure := b.sem.Operator(op, []dialect.Operand{lo, ro})
		if failure != dialect.OK {
			b.noOperator(x, op, *l, *r)
			return false
		}
		if len(sig.Args) == 2 {
			lt, rt = sig.Args[0], sig.Args[1]
		}
	}
	if lx == nil {
		lx, _ = x.(ir.Expr)
	}
	if rx == nil {
		rx, _ = x.(ir.Expr)
	}
	var ln, rn ir.Node = lx, rx
	if lx == nil {
		ln = x
	}
	if rx == nil {
		rn = x
	}
	b.settle(l, lt, ln)
	b.settle(r, rt, rn)
	b.noteArgs(x, []types.Type{lt, rt})
	return true
}

// equation is col = col or col = constant, where both sides are compared as the column is.
func (b *binder) equation(l, r value) []rel.Equality {
	one := func(c *column, other value) []rel.Equality {
		if other.volatile || !c.typ.Known() || !b.sem.Base(other.typ).Known() {
			return nil
		}
		lt, rt, ok := b.sem.Comparable(dialect.Operand{Type: c.typ}, dialect.Operand{Type: other.typ, Literal: other.lit})
		base := b.keyType(c.typ)
		if !ok || !b.keyType(lt).Same(base) && !b.keyType(rt).Same(base) {
			return nil
		}
		if other.col != nil {
			if !b.keyType(lt).Same(base) || !b.keyType(rt).Same(b.keyType(other.typ)) {
				return nil // several values of one side may be one of the other's
			}
			if !strings.EqualFold(c.collation(), other.col.collation()) {
				return nil // what is one value to this column may be several to that
			}
			return []rel.Equality{{A: c.id, B: other.col.id}}
		}
		if other.uses.Empty() {
			return []rel.Equality{{A: c.id}}
		}
		return nil
	}
	switch {
	case l.col != nil:
		return one(l.col, r)
	case r.col != nil:
		return one(r.col, l)
	}
	return nil
}

// keyType is the type by whose equality a key of t tells values apart.
func (b *binder) keyType(t types.Type) types.Type {
	t = b.sem.Base(t)
	if as := b.traits.KeysAs[t.Name]; as != "" && t.Dims == 0 {
		return types.Type{Name: as}
	}
	return t
}

// collation is that of a table's column, "" for the default and for computed ones.
func (c *column) collation() string {
	if c.source == nil {
		return ""
	}
	return c.source.Collation
}

func (b *binder) compareRows(op string, l, r value, x ir.Node, s *scope) value {
	v := value{typ: b.traits.BoolType}
	v.uses, _, v.volatile = gather(l, r)
	if len(l.row) == 0 || len(r.row) == 0 {
		single, row := l, r
		if len(l.row) > 0 {
			single, row = r, l
		}
		for _, i := range single.params {
			b.params[i].record = true
		}
		if !b.traits.RowValues && single.untyped() || row.query && !single.bad || single.lit != nil && single.lit.Kind == ir.String {
			b.report(diag.New(diag.WrongArity, x.Span(), "a row of %d values is compared with one value", len(row.row)))
			v.bad, v.null = true, types.Nullable(x.Span(), "unknown")
			return v
		}
		if !single.untyped() && single.whole == nil && b.fields(&single) == nil && b.sem.Base(single.typ).Kind != types.Pseudo && b.sem.Base(single.typ).Kind != types.Composite && !b.stranger(single.typ) {
			b.report(diag.New(diag.WrongArity, x.Span(), "a row of %d values is compared with one value of %s", len(row.row), single.typ))
			v.bad, v.null = true, types.Nullable(x.Span(), "unknown")
			return v
		}
		// A row beside a composite value or a whole row: the fields are not looked into.
		v.null = types.Nullable(x.Span(), "row comparison")
		return v
	}
	if len(l.row) != len(r.row) {
		b.report(diag.New(diag.WrongArity, x.Span(), "a row of %d values is compared with one of %d", len(l.row), len(r.row)))
		v.bad, v.null = true, types.Nullable(x.Span(), "unknown")
		return v
	}
	element := op
	for i := range l.row {
		lx, rx := rowItem(x, 0, i), rowItem(x, 1, i)
		e := b.compare(element, l.row[i], r.row[i], x, lx, rx, s)
		if e.bad {
			v.bad, v.null = true, types.Nullable(x.Span(), "unknown")
			return v
		}
		if i == 0 {
			v.null = e.null
		} else {
			v.null = eitherNull(v.null, e.null)
		}
		if op == "=" {
			v.ifTrue = v.ifTrue.Union(e.ifTrue)
			v.equal = append(v.equal, e.equal...)
			v.stated = append(v.stated, e.stated...)
		} else if i == 0 && !nullSafe[op] && op != "<>" {
			v.ifTrue = e.ifTrue
		}
	}
	return v
}

func rowItem(x ir.Node, side, i int) ir.Expr {
	c, ok := x.(*ir.Binary)
	if !ok {
		return nil
	}
	e := c.L
	if side == 1 {
		e = c.R
	}
	if r, ok := e.(*ir.Row); ok && i < len(r.Items) {
		return r.Items[i]
	}
	return nil
}

func (b *binder) between(x *ir.Between, s *scope) value {
	defer b.noSets(s, x, "BETWEEN")()
	prefix := func(p string) string {
		if b.traits.FromToParams {
			return p
		}
		return ""
	}
	var v, lo, hi value
	b.within(place{kind: placeOp, l: x.X, r: x.Lo}, func() { v = b.tracked(x.X, b.operandOf(x.X, s), s) })
	b.within(place{kind: placeOp, l: x.X, r: x.Lo, prefix: prefix("from_")}, func() { lo = b.operandOf(x.Lo, s) })
	var above value
	inOrder := b.traits.ResolvesUnknown // x >= lo AND x <= hi, one after the other
	if inOrder {
		above = b.compare(">=", v, lo, x, x.X, x.Lo, s)
		b.retyped(&v)
	}
	b.within(place{kind: placeOp, l: x.X, r: x.Hi, prefix: prefix("to_")}, func() { hi = b.operandOf(x.Hi, s) })
	if v.untyped() && !lo.untyped() && !inOrder {
		b.settle(&v, lo.typ, x.X)
	}
	if v.untyped() && !hi.untyped() && !inOrder {
		b.settle(&v, hi.typ, x.X)
	}
	if !inOrder {
		above = b.compare(">=", v, lo, x, x.X, x.Lo, s)
	}
	below := b.compare("<=", v, hi, x, x.X, x.Hi, s)
	out := value{typ: b.traits.BoolType, bad: anyBad(above, below)}
	out.uses, out.strict, out.volatile = gather(v, lo, hi)
	out.null = eitherNull(above.null, below.null)
	out.ifTrue = out.strict
	out.ifFalse = v.strict.Union(lo.strict.Intersect(hi.strict))
	out.strict = v.strict // false may come from one bound while the other is NULL
	if x.Not {
		out.ifTrue, out.ifFalse = out.ifFalse, out.ifTrue
	}
	if x.Symmetric {
		out.ifTrue, out.ifFalse = v.strict, rel.ColSet{}
	}
	return out
}

// inItem is one comparison of an IN list, for messages at the item.
type inItem struct {
	*ir.In
	i int
}

func (b *binder) like(x *ir.Like, s *scope) value {
	var v, p value
	vs := make([]value, 0, 3)
	b.within(place{kind: placeOp, l: x.X, r: x.Pattern}, func() {
		v = b.tracked(x.X, b.expr(x.X, s), s)
		p = b.expr(x.Pattern, s)
		vs = append(vs, v, p)
		if x.Escape != nil {
			e := b.expr(x.Escape, s)
			b.settle(&e, b.sem.Literal(&ir.Literal{Kind: ir.String}), x.Escape)
			vs = append(vs, e)
		}
	})
	out := value{typ: b.traits.BoolType}
	out.uses, out.strict, out.volatile = gather(vs...)
	out.null = strictNull(fieldwise(vs...)...)
	out.ifTrue, out.ifFalse = out.strict, out.strict
	if anyBad(vs...) {
		out.bad = true
		return out
	}
	sig, failure := b.sem.Operator(x.Op, operands([]value{v, p}))
	switch {
	case failure == dialect.OK && len(sig.Args) == 2:
		b.settle(&v, sig.Args[0], x.X)
		b.settle(&p, sig.Args[1], x.Pattern)
		b.noteArgs(x, sig.Args)
		if whole, ok := b.sem.Operator(x.Op, operands(vs)); x.Escape != nil && ok == dialect.OK {
			sig.Null = whole.Null
		}
		if sig.Null != catalog.NullStrict {
			out.null = b.nullBy(sig.Null, vs, x.Span(), x.Op)
		}
		if sig.Null == catalog.NullMaybe || sig.Null == catalog.NullNever { // what is no text matches nothing, also beside a NULL
			out.strict = rel.ColSet{}
			if out.ifFalse = out.strict; x.Not {
				out.ifTrue, out.ifFalse = out.ifFalse, out.ifTrue
			}
		}
	case failure == dialect.NoMatch:
		return b.noOperator(x, x.Op, v, p)
	}
	// A pattern without a type of its own is of the matched value's.
	if p.untyped() {
		b.settle(&p, v.typ, x.Pattern)
	}
	if v.untyped() {
		b.settle(&v, p.typ, x.X)
	}
	return out
}

// operate is compare for any operator.
func (b *binder) operate(op string, l, r value, x ir.Node, lx, rx ir.Expr, s *scope) value {
	if b.compares(op) {
		return b.compare(op, l, r, x, lx, rx, s)
	}
	sig, failure := b.sem.Operator(op, operands([]value{l, r}))
	if failure == dialect.OK {
		if len(sig.Args) == 2 {
			b.settle(&l, sig.Args[0], lx)
			b.settle(&r, sig.Args[1], rx)
		}
		return value{typ: sig.Returns, null: strictNull(fieldwise(l, r)...)}
	}
	if failure == dialect.NotFound { // LIKE ANY and its like
		return value{typ: b.traits.BoolType, null: strictNull(fieldwise(l, r)...)}
	}
	return b.noOperator(x, op, l, r)
}
