package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
)

func (b *binder) insert(q *ir.Insert, parent *scope, e *env) *output {
	e, ctes := b.with(q.With, parent, e)
	s := b.scratch.scopes.keep(scope{parent: parent, env: e})
	r := b.target(q.Table, s, true)

	var cols []wanted
	seen := map[string]source.Span{}
	if len(q.Columns) > 0 {
		for i := range q.Columns {
			t := &q.Columns[i]
			if first, twice := seen[fold(t.Name.Name, b.traits.CaselessNames)]; twice && len(t.Path) == 0 {
				b.report(diag.New(diag.DuplicateColumn, t.Span(), "column %q is given twice", t.Name.Name).WithLabel(first, "the first time"))
			}
			seen[fold(t.Name.Name, b.traits.CaselessNames)] = t.Span()
			if n := len(t.Qualifier); n > 0 && !sameName(t.Qualifier[n-1].Name, r.name, b.traits.CaselessNames) && !r.bad {
				b.report(diag.New(diag.UnknownTable, t.Span(), "%q is not the table that is written", t.Qualifier[n-1].Name))
			}
			c := b.writable(r, t.Name.Name, t.Name.Span())
			w := wanted{table: r.table}
			if c != nil {
				w.col = b.part(c.source, t)
			} else {
				w.col = &catalog.Column{Name: t.Name.Name}
			}
			cols = append(cols, w)
		}
	} else if r.table != nil {
		for _, c := range r.table.Columns {
			if !c.Hidden && !c.Invisible && (c.Generated == "" || !b.traits.SkipsGenerated) {
				cols = append(cols, wanted{col: c, table: r.table})
			}
		}
	}

	var input rel.Node
	card := rel.OneRow
	given := written{}
	if q.Source != nil {
		if sel, ok := q.Source.(*ir.Select); ok && len(q.OnDuplicate) > 0 {
			b.upsert = sel
		}
		out := b.insertSource(q, r, cols, s, parent, e)
		input = out.node
		card = out.node.Props().Card
		given = b.inserted(r, cols, out.cols)
	} else {
		given = b.inserted(r, nil, nil)
	}
	var updated written // of the row that was there before, nil where none is returned
	// An earlier row may win: with DO NOTHING and OR IGNORE a row may be left out.
	for i := range q.OnConflict {
		oc := &q.OnConflict[i]
		if oc.Nothing || oc.UpdateIf != nil || len(oc.Set) > 0 && b.intercepted(r.table, "UPDATE") {
			card.Min = 0
		}
		if set := b.onConflict(oc, r, given, s); len(oc.Set) > 0 {
			if updated != nil || b.intercepted(r.table, "UPDATE") {
				set = written{} // which of several applies is not known
			}
			updated = set
		}
	}
	if q.Or == "IGNORE" || b.mayVanish(r.table) {
		card.Min = 0
	}
	if len(q.OnDuplicate) > 0 {
		updated = b.onDuplicate(q, r, s, cols)
		if b.intercepted(r.table, "UPDATE") {
			updated = written{}
		}
	}
	given.store(r, updated)
	b.generate(r)
	if r.table != nil && r.table.Kind == catalog.View {
		b.stored(r, everyColumn)
	}
	ret := b.scratch.scopes.keep(scope{parent: parent, env: e})
	ret.push(b.one(r))
	out := b.returning(q.Returning, ret, insertVerb(q), r.table, input, card)
	out.node = b.withNode(ctes, out.node)
	return out
}

func insertVerb(q *ir.Insert) string {
	if q.Or == "REPLACE" {
		return "REPLACE"
	}
	return "INSERT"
}

// insertSource binds the rows of an INSERT against its columns.
func (b *binder) insertSource(q *ir.Insert, r *relation, cols []wanted, s *scope, parent *scope, e *env) *output {
	if v, ok := q.Source.(*ir.Values); ok && v.With == nil && len(v.OrderBy) == 0 && v.Limit == nil {
		vs := b.scratch.scopes.keep(scope{parent: parent, env: e, clause: inValues})
		if b.traits.ValuesSeeTarget {
			// MySQL: a value may name a column given before it.
			vs.push(b.one(r))
		}
		nulls := make([]*column, len(cols))
		for i, row := range v.Rows {
			b.checkWidth(len(row), cols, q, r, rowSpan(row, q), row)
			for j, x := range row {
				var w *wanted
				if j < len(cols) {
					w = &cols[j]
				}
				if w != nil && !w.col.Type.Known() && r.bad {
					w = &wanted{col: &catalog.Column{Name: w.col.Name}, table: nil}
				}
				val := b.valueFor(x, vs, w)
				b.computed(w, x, q.Overriding)
				if j < len(cols) {
					n := b.assigned(x, cols[j].col, val.null)
					if i == 0 {
						nulls[j] = b.scratch.columns.keep(column{null: n})
					} else if nulls[j] != nil {
						nulls[j].null = nulls[j].null.Either(n)
					}
				}
				if w != nil && w.col.NotNull && val.null.Null == types.Always && !val.bad && w.col.Table != nil && w.col.Identity == "" && !b.traits.RowIDs {
					d := diag.New(diag.TypeMismatch, x.Span(), "column %q can not be NULL", w.col.Name).WithLabel(w.col.Span, "%s is NOT NULL", w.col.Name)
					d.Severity = diag.Warning // a trigger may still fill it in
					b.report(d)
				}
			}
		}
		for i, c := range nulls {
			if c == nil {
				nulls = nulls[:i] // a row that is too short, which was reported or takes defaults
				break
			}
		}
		n := int64(len(v.Rows))
		row := b.meta.Add(rel.Column{})
		if vs.setReturning { // PostgreSQL: VALUES of one row is a SELECT
			return &output{node: rel.NewFunc(b.meta, []string{"values"}, "", nil, row, rel.ColSet{}, rel.AnyRows), rows: true, cols: nulls}
		}
		return &output{cols: nulls, node: rel.NewRows(b.meta, nil, row, rel.ColSet{}, int(n)), rows: true}
	}
	out := b.query(q.Source, parent, e, cols)
	if !out.bad {
		b.checkWidth(len(out.cols), cols, q, r, q.Source.Span(), nil)
		for i, c := range out.cols {
			if i < len(cols) && i < len(q.Columns) {
				b.computed(&cols[i], &q.Columns[i], q.Overriding)
			}
			if i >= len(cols) || !cols[i].col.Type.Known() {
				continue
			}
			// What the select list did not settle by itself (set operations, stars).
			v := value{typ: c.typ, null: c.null, params: c.params, lit: c.lit}
			at := c.expr
			if at == nil {
				at = &ir.ColumnRef{At: ir.At{Pos: q.Source.Span()}, Parts: []ir.Ident{{Name: c.name}}}
			}
			if c.expr == nil || c.untyped() {
				b.assign(&v, cols[i].col, at)
				if c.expr == nil {
					b.storeNull(c.params, cols[i].col)
				}
			}
		}
	}
	return out
}

// checkWidth reports a row that does not have one value for each column.
func (b *binder) checkWidth(n int, cols []wanted, q *ir.Insert, r *relation, at source.Span, row []ir.Expr) {
	if r.bad || r.table == nil {
		return
	}
	listed := len(q.Columns) > 0
	switch {
	case n == len(cols), !listed && n < len(cols) && b.traits.ShortInserts, !listed && n == 0:
		return
	case n > len(cols):
		d := diag.New(diag.WrongArity, at, "INSERT has %d values for %d columns", n, len(cols))
		if len(row) > len(cols) {
			d.Span = row[len(cols)].Span()
			d = d.WithInline("one too many")
		}
		b.insist(d, row)
	default:
		d := diag.New(diag.WrongArity, at, "INSERT has %d values for %d columns", n, len(cols))
		b.insist(d.WithInline("nothing for column %q", cols[n].col.Name), row)
	}
}

// onConflict binds ON CONFLICT: the arbiter, and DO UPDATE with the row that was refused
// under the name excluded, whose values are given. It returns what DO UPDATE writes.
func (b *binder) onConflict(oc *ir.OnConflict, r *relation, given written, outer *scope) written {
	s := &scope{parent: outer.parent, env: outer.env, clause: inSet}
	s.push(b.one(r))
	for i := range oc.Target {
		b.expr(oc.Target[i].X, s)
	}
	if oc.Where != nil {
		b.predicate(oc.Where, s, inWhere)
	}
	if oc.Constraint != nil && r.table != nil {
		b.constraintNamed(r.table, oc.Constraint)
	}
	b.arbiter(oc, r)
	if len(oc.Set) == 0 {
		return nil
	}
	if r.table != nil {
		ex := b.scan(r.table, "excluded", r.at, true)
		ex.changed = true
		for i, c := range ex.cols {
			c.hidden = false
			if n, ok := given[r.cols[i].id]; ok && n.IsNever() {
				c.null = types.NotNull
			}
		}
		f := &frame{rels: []*relation{ex}, node: ex.node}
		if b.traits.ResolvesUnknown {
			f.cols = ex.cols // a bare name is ambiguous
		}
		s.push(f)
	} else {
		ex := b.badRelation("excluded", r.at)
		s.push(&frame{rels: []*relation{ex}, node: ex.node})
	}
	set := b.set(oc.Set, r, s)
	if oc.UpdateIf != nil {
		b.predicate(oc.UpdateIf, s, inWhere)
	}
	return set
}

// constraintNamed checks that ON CONFLICT ON CONSTRAINT names one of the table's.
func (b *binder) constraintNamed(t *catalog.Table, name *ir.Ident) {
	var known []string
	for _, c := range t.Constraints {
		if c.Name == "" || sameName(c.Name, name.Name, b.traits.CaselessNames) {
			return
		}
		known = append(known, c.Name)
	}
	for _, ix := range t.Indexes {
		if sameName(ix.Name, name.Name, b.traits.CaselessNames) {
			return
		}
	}
	b.report(near(diag.New(diag.UnknownObject, name.Span(), "table %q has no constraint %q", t.Name, name.Name), name.Name, known))
}

// onDuplicate binds MySQL's ON DUPLICATE KEY UPDATE: the row alias is a relation beside the
// target. It returns what the update writes.
func (b *binder) onDuplicate(q *ir.Insert, r *relation, outer *scope, cols []wanted) written {
	s := &scope{parent: outer.parent, env: outer.env, clause: inSet}
	s.push(b.one(r))
	if q.RowAlias != nil && r.table != nil {
		n := b.scan(r.table, q.RowAlias.Name.Name, q.RowAlias.Name.Span(), true)
		n.changed = true
		for i, id := range q.RowAlias.Columns {
			if i < len(cols) {
				for _, c := range n.cols {
					if c.source == cols[i].col {
						c.name = id.Name
					}
				}
			}
		}
		f := &frame{rels: []*relation{n}, node: n.node}
		if len(q.RowAlias.Columns) > 0 {
			f.cols = n.cols
		}
		s.push(f)
	}
	if sel, ok := q.Source.(*ir.Select); ok && sel == b.upsert {
		// The selected relations can be named too.
		for _, f := range b.upsertFrom {
			s.push(&frame{rels: f.rels, node: f.node})
			if len(s.frames) == 2 && q.RowAlias == nil {
				s.fallback = append(s.fallback, f)
			}
		}
	}
	return b.set(q.OnDuplicate, r, s)
}
