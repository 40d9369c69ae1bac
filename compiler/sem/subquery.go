package sem

import (
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

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
		v := value{typ: c.typ, null: c.null, params: c.params, lit: nil, elemNever: c.elemNever, elemMaybe: c.elemMaybe, uses: uses, fields: c.fields, json: b.subqueryJSON(c.json, x.Query), volatile: volatile, digits: c.digits, class: c.class,
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
