package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

func (b *binder) merge(q *ir.Merge, parent *scope, e *env) *output {
	e, ctes := b.with(q.With, parent, e)
	s := &scope{parent: parent, env: e}
	r := b.target(q.Table, s, q.Table.Only)
	src := &scope{parent: parent, env: e}
	node := b.from([]ir.TableExpr{q.Source}, src)
	s.push(b.one(r))
	for _, f := range src.frames {
		b.checkAliases(s.frames, f)
		s.push(f)
	}
	b.predicate(q.On, s, inFrom)
	for i := range q.Whens {
		w := &q.Whens[i]
		in := s
		switch {
		case !w.Matched && !w.BySource: // only the source's row is there
			in = &scope{parent: parent, env: e}
			for _, f := range src.frames {
				in.push(f)
			}
		case w.BySource:
			in = &scope{parent: parent, env: e}
			in.push(b.one(r))
		}
		if w.And != nil {
			b.predicate(w.And, in, inWhere)
		}
		if len(w.Set) > 0 {
			b.set(w.Set, r, in)
		}
		if w.Action != "INSERT" {
			continue
		}
		var cols []wanted
		for j := range w.Columns {
			t := &w.Columns[j]
			cw := wanted{col: &catalog.Column{Name: t.Name.Name}, table: r.table}
			if c := b.writable(r, t.Name.Name, t.Name.Span()); c != nil {
				cw.col = b.part(c.source, t)
			}
			cols = append(cols, cw)
		}
		if len(w.Columns) == 0 && r.table != nil {
			for _, c := range r.table.Columns {
				cols = append(cols, wanted{col: c, table: r.table})
			}
		}
		if len(w.Values) > len(cols) && !r.bad {
			b.report(diag.New(diag.WrongArity, w.Values[len(cols)].Span(), "INSERT has %d values for %d columns", len(w.Values), len(cols)))
		}
		if len(w.Values) < len(w.Columns) && len(w.Values) > 0 {
			b.report(diag.New(diag.WrongArity, rowSpan(w.Values, w), "INSERT has %d values for %d columns", len(w.Values), len(w.Columns)))
		}
		saved := in.clause
		in.clause = inValues
		for j, x := range w.Values {
			var cw *wanted
			if j < len(cols) {
				cw = &cols[j]
			}
			b.valueFor(x, in, cw)
		}
		in.clause = saved
	}
	// RETURNING sees the source row as it was, which a row of NOT MATCHED BY SOURCE lacks.
	for i := range q.Whens {
		if q.Whens[i].BySource {
			p := &pad{id: b.meta.Add(rel.Column{}), null: types.Nullable(q.Whens[i].Span(), "WHEN NOT MATCHED BY SOURCE")}
			for _, f := range src.frames {
				f.eachColumn(func(c *column) { c.pads = append(c.pads, p) })
			}
			break
		}
	}
	if r.table != nil && r.table.Kind == catalog.View { // what its query proves is asked of no new row
		b.stored(r, everyColumn)
	}
	card := rel.AnyRows
	out := b.returning(q.Returning, s, "MERGE", r.table, node, card)
	out.node = b.withNode(ctes, out.node)
	return out
}
