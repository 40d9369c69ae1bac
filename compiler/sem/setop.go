package sem

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// arity reports branches of different width.
func (b *binder) arity(at ir.Node, op string, want, got int) {
	b.report(diag.New(diag.WrongArity, at.Span(), "each branch of %s must have as many columns as the first: %d, not %d", op, want, got))
}

func (b *binder) setOp(q *ir.SetOp, parent *scope, e *env, want []wanted) *output {
	e, ctes := b.with(q.With, parent, e)
	if len(want) > 0 {
		want = append([]wanted(nil), want...)
		for i := range want {
			want[i].loose = true
		}
	}
	b.keepsUnknown = true
	l := b.query(q.L, parent, e, want)
	b.keepsUnknown = true
	r := b.query(q.R, parent, e, want)
	b.keepsUnknown = false
	if len(q.Locking) > 0 && b.traits.LocksPlainRows {
		b.notLockable(&q.Locking[0], q.Op)
	}
	bad := l.bad || r.bad
	if len(l.cols) != len(r.cols) {
		if !bad {
			b.arity(q.R, q.Op, len(l.cols), len(r.cols))
		}
		bad = true
	}
	cols := make([]*column, len(l.cols))
	for i, lc := range l.cols {
		c := b.scratch.columns.keep(column{name: lc.name, derived: lc.derived, typ: lc.typ, null: lc.null, params: lc.params, lit: lc.lit, elemNever: lc.elemNever, elemMaybe: lc.elemMaybe, fields: lc.fields, json: lc.json, embed: -1, fromStar: lc.fromStar, item: lc.item})
		if len(l.cols) == len(r.cols) {
			b.unite(c, lc, r.cols[i], q)
			if q.Op == "UNION" {
				c.fromOne(l, r, i)
			}
			if !q.All {
				b.groupable(c.typ, q, q.Op)
			}
		}
		c.id = b.meta.Add(rel.Column{Name: c.name, Type: c.typ})
		cols[i] = c
	}
	row := b.meta.Add(rel.Column{})
	var node rel.Node = rel.NewSetOp(q.Op, q.All, l.node, r.node, idsOf(cols), row, neverOf(cols), false)
	s := &scope{parent: parent, env: e, clause: inOrderBy}
	if len(q.OrderBy) > 0 {
		shown := &relation{row: row, node: node, cols: cols, bad: bad}
		s.push(b.one(shown))
		b.orderBranches(q.OrderBy, cols)
		b.orderBy(q.OrderBy, s, cols)
		s = &scope{parent: parent, env: e}
	}
	node = b.tail(&q.Tail, node, s)
	out := &output{cols: cols, node: b.withNode(ctes, node), bad: bad, rows: true}
	switch q.Op {
	case "UNION":
		out.proves = l.proves.Intersect(r.proves)
	case "INTERSECT":
		out.proves = l.proves.Union(r.proves)
	case "EXCEPT":
		out.proves = l.proves
	}
	return out
}

// unite gives c what the columns l and r of two branches have in common.
func (b *binder) unite(c, l, r *column, q *ir.SetOp) {
	c.elemNever = l.elemNever && r.elemNever
	c.elemMaybe = l.elemMaybe || r.elemMaybe
	c.class = min(l.class, r.class)
	switch q.Op {
	case "UNION":
		c.json = eitherJSON(l.json, r.json, q)
		c.fields = bothFields(l.fields, r.fields)
		c.null = l.null.Either(r.null)
	case "INTERSECT":
		if r.null.IsNever() {
			c.null = types.NotNull
		}
	}
	if l.source != nil && l.source == r.source {
		c.table, c.source, c.alias = l.table, l.source, l.alias
	}
	// Which branch's declared type SQLite shows for a view over both is not told.
	if q.Op == "EXCEPT" && r.typ.Same(l.typ) && (!b.traits.DeclaredTypes || r.source != nil && l.source != nil && strings.EqualFold(l.source.Declared, r.source.Declared)) {
		c.table, c.source, c.alias = l.table, l.source, l.alias
	}
	lv := value{typ: l.typ, lit: l.lit, params: l.params}
	rv := value{typ: r.typ, lit: r.lit, params: r.params}
	nullLit := func(v *value) bool { return v.lit != nil && v.lit.Kind == ir.Null }
	if b.traits.UntypedSetOps && (!l.typ.Same(r.typ) || l.typ.Kind != r.typ.Kind) {
		switch {
		case l.null.Null == types.Always || nullLit(&lv):
			c.typ, c.lit = r.typ, nil
		case r.null.Null == types.Always || nullLit(&rv):
			c.typ = l.typ
		default:
			t, ok := b.settleAll([]value{lv, rv}, []ir.Expr{l.expr, r.expr})
			if lv.untyped() || rv.untyped() {
				if ok {
					c.typ = t
				}
			} else {
				c.typ, c.params = b.sem.Result(types.Type{}), nil // also where a branch has its type from a parameter
			}
		}
		return
	}
	vs := []value{lv, rv}
	t, ok := b.settleAll(vs, []ir.Expr{l.expr, r.expr})
	if !ok {
		if !lv.untyped() && !rv.untyped() {
			b.report(diag.New(diag.TypeMismatch, q.R.Span(), "%s can not bring %s and %s of column %q together", q.Op, l.typ, r.typ, l.name))
		}
		return
	}
	if t.Known() {
		c.typ = t
		if t.Same(l.typ) {
			c.typ = l.typ
			c.typ.Length = max(l.typ.Length, t.Length)
		}
	}
	c.params = append(append([]int(nil), l.params...), r.params...)
	if c.typ.Known() && c.typ.Kind != types.Unknown {
		c.lit = nil
	}
}

// bothFields are the fields of rows that may come from either of two branches.
func bothFields(l, r []*catalog.Column) []*catalog.Column {
	out := make([]*catalog.Column, 0, len(l))
	for i, f := range l {
		if f.NotNull && (i >= len(r) || !r[i].NotNull) {
			copy := *f
			copy.NotNull = false
			f = &copy
		}
		out = append(out, f)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// values binds VALUES as a query.
func (b *binder) values(q *ir.Values, parent *scope, e *env, want []wanted) *output {
	e, ctes := b.with(q.With, parent, e)
	s := &scope{parent: parent, env: e, clause: inValues}
	if len(q.Rows) == 0 {
		return &output{node: rel.NewSingle(b.meta), rows: true}
	}
	width := len(q.Rows[0])
	cols := make([]*column, width)
	for i := range cols {
		cols[i] = b.scratch.columns.keep(column{name: b.valuesName(i), null: types.NotNull, derived: true, embed: -1})
	}
	rows := make([][]value, len(q.Rows))
	for i, row := range q.Rows {
		if len(row) != width {
			b.report(diag.New(diag.WrongArity, rowSpan(row, q), "VALUES rows must be of one length: %d, not %d", width, len(row)))
		}
		rows[i] = make([]value, len(row))
		for j, x := range row {
			var w *wanted
			if j < len(want) {
				w = &want[j]
			}
			rows[i][j] = b.valueFor(x, s, w)
		}
	}
	for j, c := range cols {
		var vs []value
		var at []ir.Expr
		n := types.NotNull
		for i, row := range rows {
			if j >= len(row) {
				continue
			}
			vs = append(vs, row[j])
			at = append(at, q.Rows[i][j])
			if i == 0 {
				n = row[j].null
			} else {
				n = n.Either(row[j].null)
			}
		}
		c.null = n
		switch {
		case len(vs) == 1:
			c.typ, c.params, c.lit, c.fields = vs[0].typ, vs[0].params, vs[0].lit, vs[0].fields
			c.expr = at[0]
		default:
			t, ok := b.settleAll(vs, at)
			if !ok && !anyBad(vs...) && !untypedAll(vs) {
				b.report(diag.New(diag.TypeMismatch, rowSpan(at, q), "column %d of VALUES has types that do not go together", j+1))
			}
			c.typ = t
			for _, v := range vs {
				if v.untyped() {
					c.params = append(c.params, v.params...)
					if c.lit == nil {
						c.lit = v.lit
					}
				}
			}
		}
		c.id = b.meta.Add(rel.Column{Name: c.name, Type: c.typ})
	}
	row := b.meta.Add(rel.Column{})
	var node rel.Node = rel.NewRows(b.meta, idsOf(cols), row, neverOf(cols), len(q.Rows))
	if len(q.OrderBy) > 0 {
		o := &scope{parent: parent, env: e}
		o.push(b.one(&relation{row: row, node: node, cols: cols}))
		b.orderBy(q.OrderBy, o, cols)
	}
	node = b.tail(&q.Tail, node, s)
	return &output{cols: cols, node: b.withNode(ctes, node), rows: true}
}

func untypedAll(vs []value) bool {
	for i := range vs {
		if vs[i].untyped() {
			return true
		}
	}
	return false
}

// valueFor binds a value that is assigned to a column, where w says which.
func (b *binder) valueFor(x ir.Expr, s *scope, w *wanted) value {
	if _, ok := x.(*ir.Default); ok && w != nil {
		v := value{null: types.NotNull}
		if w != nil {
			v.typ = w.col.Type
		}
		return v
	}
	if w == nil {
		return b.expr(x, s)
	}
	saved := b.place
	b.place = &place{kind: placeNamed, name: w.col.Name, col: w.col, table: w.table}
	v := b.expr(x, s)
	b.place = saved
	if !w.loose {
		b.assign(&v, w.col, x)
	}
	return v
}
