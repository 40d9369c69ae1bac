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
		v.equal = b.equation(l, r)
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

// inItem is one comparison of an IN list, for messages at the item.
type inItem struct {
	*ir.In
	i int
}

func (b *binder) isSlice(x ir.Expr) bool {
	p, ok := x.(*ir.Param)
	return ok && p.Ref >= 0 && p.Ref < len(b.occurs) && b.params[b.occurs[p.Ref].param].slice
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
