package sem

import (
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/source"
	"github.com/covetsql/covetsql/compiler/types"
)

// target binds the table that a statement changes; only tells that no row of a child table is.
func (b *binder) target(t *ir.TableRef, s *scope, only bool) *relation {
	alias, at := t.Name.Last(), t.Name.Span()
	if t.Alias != nil {
		alias, at = t.Alias.Name.Name, t.Alias.Name.Span()
	}
	table := b.in.Table(t.Name.Schema(), t.Name.Last())
	if table == nil {
		b.unknownTable(t.Name, s)
		return b.badRelation(alias, at)
	}
	b.writes(table)
	r := b.scan(table, alias, at, only)
	r.changed = true
	if t.Alias == nil {
		r.schema = table.Schema
	}
	b.noteRelation(t, r)
	return r
}

// writable finds a column of r that a statement assigns to.
func (b *binder) writable(r *relation, name string, at source.Span) *column {
	for _, c := range r.cols {
		if sameName(c.name, name, b.traits.CaselessNames) {
			return c
		}
	}
	if c := b.hiddenColumn(r, name); c != nil {
		if c.source == nil {
			c.source = &catalog.Column{Name: c.name, Type: c.typ, NotNull: c.null.IsNever()}
		}
		return c
	}
	if !r.bad {
		b.report(b.notAColumn(at, name, r))
	}
	return nil
}

// returning binds RETURNING over s and makes the statement's relation.
func (b *binder) returning(list []ir.SelectItem, s *scope, op string, table *catalog.Table, input rel.Node, card rel.Cardinality) *output {
	out := &output{rows: len(list) > 0}
	var items []rel.Scalar
	for _, f := range s.frames {
		f.eachColumn(func(c *column) {
			if b.leaks[c.source] {
				c.null = types.Nullable(c.source.Span, "a NULL of its domain may be stored in "+c.name)
			}
		})
	}
	if len(list) > 0 {
		s.items = list
		out.cols, items = b.selectItems(list, s, inReturning, nil)
		out.bad = s.anyBadStar()
	}
	if table == nil {
		out.node = rel.NewSingle(b.meta)
		out.bad = true
		return out
	}
	out.node = rel.NewModify(b.meta, op, table, input, items, b.meta.Add(rel.Column{}), card)
	return out
}

// returningScope is what RETURNING can name: all of the statement's relations, or only the
// target.
func (b *binder) returningScope(s *scope, targets []*relation) *scope {
	if !b.traits.ReturningTargetOnly || len(targets) != 1 {
		return s
	}
	r := b.scratch.scopes.keep(scope{parent: s.parent, env: s.env})
	r.push(b.one(targets[0]))
	return r
}

// part is the column that a target assigns to: the whole column, or an element or field.
func (b *binder) part(c *catalog.Column, t *ir.Target) *catalog.Column {
	if c == nil {
		return &catalog.Column{Name: t.Name.Name}
	}
	if len(t.Path) == 0 {
		return c
	}
	typ := c.Type
	for _, step := range t.Path {
		switch step := step.(type) {
		case *ir.Index:
			base := b.sem.Base(typ)
			for _, x := range [...]ir.Expr{step.Lo, step.Hi} {
				if x != nil {
					v := b.expr(x, &scope{clause: inSet})
					b.settle(&v, b.sem.Literal(&ir.Literal{Kind: ir.Integer, Text: "1"}), x)
				}
			}
			if base.IsArray() && !step.Slice {
				typ = base.Elem()
			}
		case *ir.Field:
			next := types.Type{}
			for _, f := range b.sem.Fields(b.sem.Base(typ)) {
				if sameName(f.Name, step.Name.Name, b.traits.CaselessNames) {
					next = f.Type
				}
			}
			typ = next
		}
	}
	return &catalog.Column{Name: c.Name, Type: typ, Table: c.Table, Span: c.Span}
}

func fold(name string, caseless bool) string {
	if !caseless {
		return name
	}
	out := []byte(name)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return string(out)
}

// set binds the assignments of SET to columns of r.
func (b *binder) set(list []ir.Assign, r *relation, s *scope) written {
	return b.setAny(list, []*relation{r}, s)
}

// setAny binds assignments to columns of any of rels and returns what they are given.
func (b *binder) setAny(list []ir.Assign, rels []*relation, s *scope) written {
	saved, place0 := s.clause, b.place
	s.clause = inSet
	defer func() { s.clause, b.place = saved, place0 }()
	all := written{}
	seen := map[rel.ColID]source.Span{}
	for i := range list {
		a := &list[i]
		var cols []wanted
		targets := make([]*column, len(a.Targets))
		for j := range a.Targets {
			t := &a.Targets[j]
			r, c := b.setTarget(t, rels)
			w := wanted{col: &catalog.Column{Name: t.Name.Name}}
			if c != nil {
				w = wanted{col: b.part(c.source, t), table: r.table}
				if first, twice := seen[c.id]; twice && len(t.Path) == 0 && !b.traits.SetsTwice {
					b.report(diag.New(diag.DuplicateColumn, t.Span(), "column %q is set twice", t.Name.Name).WithLabel(first, "the first time"))
				}
				seen[c.id] = t.Span()
				targets[j] = c
				if r.table != nil {
					b.writes(r.table)
				}
			}
			cols = append(cols, w)
		}
		var values []types.Nullability
		if len(a.Targets) == 1 {
			values = []types.Nullability{b.assigned(a.Value, cols[0].col, b.valueFor(a.Value, s, &cols[0]).null)}
			b.computed(&cols[0], a.Value, "")
		} else {
			values = b.setRow(a, cols, s)
		}
		for j, c := range targets {
			switch {
			case c == nil:
			case j < len(values) && len(a.Targets[j].Path) == 0:
				all.add(c, values[j])
			default: // of the whole nothing is known
				all.add(c, types.Nullable(a.Targets[j].Span(), "column "+c.name))
			}
		}
	}
	return all
}

// setTarget finds the column that a SET target names.
func (b *binder) setTarget(t *ir.Target, rels []*relation) (*relation, *column) {
	if len(t.Qualifier) > 0 {
		q := t.Qualifier[len(t.Qualifier)-1].Name
		for _, r := range rels {
			if sameName(r.name, q, b.traits.CaselessNames) {
				return r, b.writable(r, t.Name.Name, t.Name.Span())
			}
		}
		var names []string
		for _, r := range rels {
			names = append(names, r.name)
		}
		b.report(near(diag.New(diag.UnknownTable, t.Span(), "%q is not a table of this statement", q), q, names))
		return nil, nil
	}
	if len(rels) == 1 {
		return rels[0], b.writable(rels[0], t.Name.Name, t.Name.Span())
	}
	var found *relation
	var col *column
	var names []string
	for _, r := range rels {
		if r.bad {
			return nil, nil
		}
		for _, c := range r.cols {
			names = append(names, c.name)
			if sameName(c.name, t.Name.Name, b.traits.CaselessNames) {
				if found != nil && found != r {
					b.report(diag.New(diag.AmbiguousColumn, t.Span(), "column %q is ambiguous", t.Name.Name).
						WithHelp("write %s.%s or %s.%s", found.name, c.name, r.name, c.name))
					return found, col
				}
				found, col = r, c
			}
		}
	}
	if found == nil {
		b.report(near(diag.New(diag.UnknownColumn, t.Name.Span(), "no column %q in the tables of this statement", t.Name.Name), t.Name.Name, names))
	}
	return found, col
}

// setRow binds (a, b) = row or (a, b) = (query) and returns what is known of the values.
func (b *binder) setRow(a *ir.Assign, cols []wanted, s *scope) (values []types.Nullability) {
	switch v := a.Value.(type) {
	case *ir.Row:
		if len(v.Items) != len(cols) {
			b.report(diag.New(diag.WrongArity, v.Span(), "%d columns are set to a row of %d values", len(cols), len(v.Items)))
		}
		for i, x := range v.Items {
			var w *wanted
			if i < len(cols) {
				w = &cols[i]
			}
			n := b.valueFor(x, s, w).null
			b.computed(w, x, "")
			if w != nil {
				n = b.assigned(x, w.col, n)
			}
			values = append(values, n)
		}
	case *ir.Subquery:
		out := b.query(v.Query, s, s.env, cols)
		if len(out.cols) != len(cols) && !out.bad {
			b.report(diag.New(diag.WrongArity, v.Span(), "%d columns are set to a query of %d columns", len(cols), len(out.cols)))
		}
		for _, c := range out.cols {
			n := c.null
			if out.node.Props().Card.Min < 1 && n.IsNever() {
				n = types.Nullable(v.Span(), "subquery may give no row")
			}
			values = append(values, n)
		}
	default:
		val := b.expr(a.Value, s)
		if len(val.row) != len(cols) && !val.bad && val.whole == nil && val.typ.Kind != types.Pseudo && val.typ.Kind != types.Composite {
			b.report(diag.New(diag.WrongArity, a.Value.Span(), "%d columns are set to one value", len(cols)))
		}
	}
	return values
}

func (b *binder) update(q *ir.Update, parent *scope, e *env) *output {
	e, ctes := b.with(q.With, parent, e)
	s := b.scratch.scopes.keep(scope{parent: parent, env: e})
	var targets []*relation
	var node rel.Node
	if one, ok := single(q.Tables); ok {
		r := b.target(one, s, one.Only)
		targets = []*relation{r}
		f := b.one(r)
		s.push(f)
		node = f.node
		if len(q.From) > 0 {
			from := &scope{parent: parent, env: e}
			n := b.from(q.From, from)
			for _, f := range from.frames {
				b.checkAliases(s.frames, f)
				s.push(f)
			}
			node = rel.NewJoin(rel.Cross, node, n, nil, false, notNullOf(s.frames...), nil, false)
		}
	} else {
		node = b.from(append(append([]ir.TableExpr(nil), q.Tables...), q.From...), s)
		for _, f := range s.frames {
			targets = append(targets, f.rels...)
		}
	}
	// As in PostgreSQL WHERE comes before SET: it types parameters first, and what it proves
	// not to be NULL holds in the values.
	var where value
	if q.Where != nil {
		where = b.predicate(q.Where, s, inWhere)
		reject(s.frames, b.closed(where.ifTrue))
		if node != nil {
			node = b.filter(node, q.Where, &where, s)
		}
	}
	assigned := b.setAny(q.Set, targets, s)
	b.dmlTail(q.OrderBy, q.Limit, q.Offset, s)

	card := rel.AnyRows
	var table *catalog.Table
	if len(targets) > 0 {
		table = targets[0].table
	}
	if node != nil {
		card = node.Props().Card
	}
	card.Min = 0
	// RETURNING shows the new row: what WHERE proved of an assigned column is gone.
	for _, r := range targets {
		changed := func(c *column) bool {
			_, set := assigned[c.id]
			return set || c.source.Generated != ""
		}
		intercepted := b.intercepted(r.table, "UPDATE")
		if intercepted {
			changed = everyColumn
		}
		b.stored(r, changed)
		// A child table may have triggers of its own. A row that OR IGNORE leaves as it was is not shown.
		if r.table != nil && r.table.Kind == catalog.BaseTable && !intercepted && !r.table.HasChildren {
			assigned.store(r, nil)
			b.generate(r)
		}
	}
	out := b.returning(q.Returning, b.returningScope(s, targets), "UPDATE", table, node, card)
	out.node = b.withNode(ctes, out.node)
	return out
}

// single tells whether an UPDATE's target is one table.
func single(list []ir.TableExpr) (*ir.TableRef, bool) {
	if len(list) != 1 {
		return nil, false
	}
	t, ok := list[0].(*ir.TableRef)
	return t, ok
}

// dmlTail binds ORDER BY and LIMIT of UPDATE and DELETE.
func (b *binder) dmlTail(order []ir.OrderItem, limit, offset ir.Expr, s *scope) {
	saved := s.clause
	s.clause = inWhere
	for i := range order {
		b.expr(order[i].X, s)
	}
	s.clause = saved
	b.limit(limit, s, "limit")
	b.limit(offset, s, "offset")
}

func (b *binder) delete(q *ir.Delete, parent *scope, e *env) *output {
	e, ctes := b.with(q.With, parent, e)
	s := b.scratch.scopes.keep(scope{parent: parent, env: e})
	var node rel.Node
	var table *catalog.Table
	switch {
	case q.Multi:
		node = b.from(q.From, s)
		for _, t := range q.Tables {
			r := s.relationNamed(t.Name.Schema(), t.Name.Last(), b.traits.CaselessNames)
			if r == nil {
				b.report(diag.New(diag.UnknownTable, t.Name.Span(), "%q is not a table of this DELETE's FROM", t.Name.String()))
				continue
			}
			if r.table != nil {
				b.writes(r.table)
				if table == nil {
					table = r.table
				}
			}
		}
	case len(q.Tables) > 0:
		r := b.target(q.Tables[0], s, q.Tables[0].Only)
		table = r.table
		f := b.one(r)
		s.push(f)
		node = f.node
		if len(q.From) > 0 {
			from := &scope{parent: parent, env: e}
			n := b.from(q.From, from)
			for _, f := range from.frames {
				b.checkAliases(s.frames, f)
				s.push(f)
			}
			node = rel.NewJoin(rel.Cross, node, n, nil, false, notNullOf(s.frames...), nil, false)
		}
	}
	if q.Where != nil {
		v := b.predicate(q.Where, s, inWhere)
		reject(s.frames, b.closed(v.ifTrue))
		if node != nil {
			node = b.filter(node, q.Where, &v, s)
		}
	}
	b.dmlTail(q.OrderBy, q.Limit, q.Offset, s)
	card := rel.AnyRows
	if node != nil {
		card = node.Props().Card
	}
	card.Min = 0
	var targets []*relation
	if len(s.frames) > 0 && !q.Multi {
		targets = s.frames[0].rels
	}
	out := b.returning(q.Returning, b.returningScope(s, targets), "DELETE", table, node, card)
	out.node = b.withNode(ctes, out.node)
	return out
}
