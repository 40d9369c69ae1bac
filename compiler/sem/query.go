package sem

import (
	"strconv"

	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/types"
)

// output is a bound query: its columns and its relation.
type output struct {
	cols []*column
	node rel.Node
	// bad marks a query whose columns could not all be made out.
	bad bool
	// rows tells that the statement returns rows at all.
	rows bool
	// proves is what holds of the queries around where this one gives a row: a condition in it
	// rejects NULL in their columns.
	proves rel.ColSet
	// left are the columns that some grouping set leaves out of rows that nothing takes away.
	left rel.ColSet
	// expands tells that items of the select list make other than one row of a row.
	expands bool
}

// wanted is what an INSERT's column asks of a select item: its type and its name for
// parameters.
type wanted struct {
	col   *catalog.Column
	table *catalog.Table
	// loose: the item is one branch of a set operation, which has a type before it is assigned.
	loose bool
}

// query binds any query. parent is the scope that it may refer to, want what the columns
// are assigned to, where it feeds an INSERT.
func (b *binder) query(q ir.Query, parent *scope, e *env, want []wanted) (out *output) {
	b.depth++
	saved := b.place
	block := b.beginBlock(q)
	defer func() { b.depth--; b.place = saved; b.endBlock(block, out) }()
	if want == nil {
		b.place = nil
	}
	if b.tooDeep(q.Span()) {
		return &output{bad: true, node: rel.NewSingle(b.meta), rows: true}
	}
	switch q := q.(type) {
	case *ir.Select:
		return b.selectQuery(q, parent, e, want)
	case *ir.SetOp:
		return b.setOp(q, parent, e, want)
	case *ir.Values:
		return b.values(q, parent, e, want)
	case *ir.Insert:
		return b.insert(q, parent, e)
	case *ir.Update:
		return b.update(q, parent, e)
	case *ir.Delete:
		return b.delete(q, parent, e)
	case *ir.Merge:
		return b.merge(q, parent, e)
	}
	return &output{bad: true, node: rel.NewSingle(b.meta), rows: true}
}

// predicate binds a condition of a clause.
func (b *binder) predicate(x ir.Expr, s *scope, in clause) value {
	saved := s.clause
	s.clause = in
	v := b.expr(x, s)
	s.clause = saved
	b.condition(&v, x, in.String())
	if b.traits.StatedDependence && b.forgetDecided(x, s) {
		v.stated = nil
	}
	return v
}

// condition checks that a value can stand as a condition.
func (b *binder) condition(v *value, x ir.Expr, where string) {
	b.settle(v, b.traits.BoolType, x)
	v.ifTrue, v.ifFalse = v.ifTrue.Union(v.strict), v.ifFalse.Union(v.strict)
	if v.bad || v.untyped() || b.sem.Assignable(b.sem.Base(v.typ), b.traits.BoolType) {
		return
	}
	b.report(diag.New(diag.TypeMismatch, x.Span(), "the condition of %s is %s, not %s", where, v.typ, b.traits.BoolType).
		WithInline("this is %s", v.typ))
}

func (b *binder) selectQuery(q *ir.Select, parent *scope, e *env, want []wanted) *output {
	if len(q.Locking) > 0 {
		b.locking++
		defer func() { b.locking-- }()
	}
	keepsUnknown := b.keepsUnknown
	b.keepsUnknown = false
	e, ctes := b.with(q.With, parent, e)
	s := b.scratch.scopes.keep(scope{parent: parent, env: e, items: q.Items, windows: q.Windows, oneGroup: q.Having != nil && q.GroupBy == nil})
	node := b.from(q.From, s)
	if node == nil {
		node = rel.NewSingle(b.meta)
	}
	if q == b.upsert {
		b.upsertFrom = s.frames
	}
	bare := b.typeFromItems(q, s, want)
	var proves rel.ColSet
	if q.Where != nil {
		v := b.predicate(q.Where, s, inWhere)
		proves = v.ifTrue
		reject(s.frames, b.closed(v.ifTrue))
		s.remember(&v)
		input := node
		filter := b.filter(node, q.Where, &v, s)
		filter.Stated = b.localEqual(v.stated, s)
		node = filter
		if b.refersOut(q, s, &v) {
			p := node.Props()
			p.Card = p.Card.AtLeast(1)
		}
		emptied(node, &v)
		kept(node, input, &v)
	}
	s.nonEmpty, s.void = node.Props().Card.Min >= 1, void(node)
	s.losesRows = q.GroupBy != nil && b.traits.GroupsLoseRows
	s.losesWindows = q.GroupBy != nil && b.sortsGroups(q)
	if q.GroupBy != nil {
		node = b.groupBy(q.GroupBy, node, s)
	}
	b.checkWindows(q.Windows)
	for i := range q.Windows {
		b.window(&q.Windows[i], s)
	}

	mark := len(b.diags)
	cols, items, having := b.block(q, s, want)
	if s.aggregates > 0 && s.group == nil {
		// Aggregation without GROUP BY came to light: bind once more knowing that bare columns
		// may have no row to come from.
		lets := (b.traits.LooseGroupBy || b.constant(s.bare, node)) && (len(s.bare) > 0 || s.loose)
		if lets || s.relied {
			b.diags = b.diags[:mark]
			s.empty, s.oneGroup, s.bare, s.aggregates = s.empty || lets, true, nil, 0
			cols, items, having = b.block(q, s, want)
		}
		if lets {
			s.bare = nil
		}
		node = rel.NewAggregate(node, nil, 0, true, b.meta.Add(rel.Column{}), rel.ColSet{})
	}
	b.checkGrouping(s)
	b.checkLocks(q, s)
	b.checkDistinctOrder(q, cols, s)
	if s.group == nil && s.aggregates > 0 || s.group != nil && s.group.empty {
		proves = rel.ColSet{} // there is a group without rows that WHERE saw
	}
	if q.Having != nil {
		proves = proves.Union(having.ifTrue)
		node = rel.NewFilter(node, q.Having, node.Props().NotNull.Union(having.ifTrue), b.localEqual(having.equal, s))
		emptied(node, &having)
	}
	if s.windowed {
		node = rel.NewWindow(node)
	}
	on := b.distinctOn(q, s)
	b.checkGrouping(s)
	s.fillUp(cols, items)
	node = rel.NewProject(node, items, s.setReturning)
	if q.Distinct {
		b.checkDistinctOn(q, s)
		if len(q.DistinctOn) == 0 {
			for _, c := range cols {
				b.groupable(c.typ, q, "DISTINCT")
			}
		}
		node = rel.NewDistinct(node, on)
	}
	node = b.tail(&q.Tail, node, s)
	if !keepsUnknown && want == nil && b.traits.ResolvesUnknown {
		b.unknownText(bare)
	}
	node = b.withNode(ctes, node)
	out := &output{cols: cols, node: node, rows: q.Into == nil, bad: s.anyBadStar(), proves: proves, expands: s.setReturning}
	if s.group != nil {
		out.left = s.group.cols.Minus(s.group.always)
	}
	return out
}

// filter keeps the rows for which WHERE is true.
func (b *binder) filter(node rel.Node, where ir.Expr, v *value, s *scope) *rel.Filter {
	notNull := notNullOf(s.frames...)
	return rel.NewFilter(node, where, notNull, b.localEqual(v.equal, s), b.asked(s.frames, where, v, notNull, s)...)
}

// typeFromItems binds the select list for the parameters in it alone: the engines type it
// before WHERE, but what is known of NULLs flows the other way.
//
// It returns the items that are parameters without a type still.
func (b *binder) typeFromItems(q *ir.Select, s *scope, want []wanted) (bare []*column) {
	if len(b.occurs) == 0 || q.Where == nil && q.GroupBy == nil && q.Having == nil && q.Limit == nil && q.Offset == nil {
		return nil
	}
	found := false
	for i := range q.Items {
		found = found || hasParam(q.Items[i].X)
	}
	if !found {
		return nil
	}
	dry, mark, effects := *s, len(b.diags), b.effects
	dry.bare = nil
	cols, _ := b.selectItems(q.Items, &dry, inItems, want)
	b.diags, b.effects = b.diags[:mark], effects
	for _, c := range cols {
		if len(c.params) > 0 && (!c.typ.Known() || c.typ.Kind == types.Unknown) {
			bare = append(bare, c)
		}
	}
	return bare
}

// distinctOn binds the items of DISTINCT ON.
func (b *binder) distinctOn(q *ir.Select, s *scope) []rel.Scalar {
	if !q.Distinct {
		return nil
	}
	var on []rel.Scalar
	s.clause = inOrderBy
	for _, x := range q.DistinctOn {
		x = b.aliased(b.ordinal(x, s, "DISTINCT ON"), s)
		v := b.expr(x, s)
		b.orderable(v.typ, x, "DISTINCT ON")
		k := rel.Scalar{X: x, Uses: v.uses, Type: v.typ, Null: v.null}
		if v.col != nil {
			k.ID = v.col.id
		} else {
			k.ID = b.meta.Add(rel.Column{Type: v.typ})
		}
		on = append(on, k)
	}
	return on
}

// checkDistinctOn holds ORDER BY against DISTINCT ON: it must begin with the same
// expressions, in any order.
func (b *binder) checkDistinctOn(q *ir.Select, s *scope) {
	if len(q.DistinctOn) == 0 {
		return
	}
	on := map[string]bool{}
	for _, x := range q.DistinctOn {
		on[b.print(b.aliased(b.ordinal(x, s, "DISTINCT ON"), s), s)] = true
	}
	found := map[string]bool{}
	for i := range q.OrderBy {
		x := b.ordinal(q.OrderBy[i].X, s, "ORDER BY")
		if ref, ok := x.(*ir.ColumnRef); ok && len(ref.Parts) == 1 { // an output's name comes first
			for j := range s.items {
				if it := &s.items[j]; it.Alias != nil && it.Alias.Name == ref.Parts[0].Name {
					x = it.X
				}
			}
		}
		p := b.print(x, s)
		if !on[p] {
			if len(found) < len(on) {
				b.report(diag.New(diag.GroupingError, q.OrderBy[i].X.Span(), "ORDER BY must begin with the expressions of DISTINCT ON").
					WithLabel(q.DistinctOn[0].Span(), "these"))
			}
			return
		}
		found[p] = true
	}
}

// anyBadStar tells whether a star over an unknown relation leaves the columns open.
func (s *scope) anyBadStar() bool {
	star := false
	for i := range s.items {
		if _, ok := s.items[i].X.(*ir.Star); ok {
			star = true
		}
	}
	if !star {
		return false
	}
	for _, f := range s.frames {
		for _, r := range f.rels {
			if r.bad {
				return true
			}
		}
	}
	return false
}

// block binds HAVING and the select list, in the order in which their facts flow.
func (b *binder) block(q *ir.Select, s *scope, want []wanted) (cols []*column, items []rel.Scalar, having value) {
	s.having = nil
	if q.Having != nil {
		if s.group == nil && !b.traits.HavingFilters {
			s.aggregates++
		}
		having = b.predicate(q.Having, s, inHaving)
		having.ifTrue = b.provedOfRollup(q, having.ifTrue, s)
		for _, r := range s.bare {
			if r.in == inHaving && !r.aliased {
				s.having = append(s.having, r)
			}
		}
		reject(s.frames, having.ifTrue)
		s.remember(&having)
		s.kept = having.ifTrue
		s.nonEmpty = s.nonEmpty || s.filled != 0 && having.ifTrue.Has(s.filled)
	}
	if q.Qualify != nil {
		b.predicate(q.Qualify, s, inItems)
	}
	s.sets = 0
	before, over := s.aggregates, s.overAggregates
	cols, items = b.selectItems(q.Items, s, inItems, want)
	selected := s.aggregates > before // perhaps within windows only
	alone := s.aggregates-before > s.overAggregates-over
	if before = s.aggregates; len(q.OrderBy) > 0 {
		b.orderBy(q.OrderBy, s, cols)
	}
	ordered := s.aggregates > before
	switch {
	case s.group != nil || !b.traits.AggregatesSelected:
	case q.Having != nil && !alone && !(selected && ordered):
		b.report(diag.New(diag.GroupingError, q.Having.Span(), "HAVING without GROUP BY needs an aggregate in the select list").
			WithHelp("write a condition of rows in WHERE"))
	case q.Having == nil && ordered && !selected:
		b.misplaced(q.OrderBy[0].X, "aggregate", "of ORDER BY", "a query without GROUP BY and without an aggregate in the select list")
	}
	s.fillUp(cols, items)
	b.checkHaving(s, cols)
	return cols, items, having
}

// localEqual keeps the equations about s's own columns; what is of an outer query is a
// constant here.
func (b *binder) localEqual(list []rel.Equality, s *scope) []rel.Equality {
	var out []rel.Equality
	for _, e := range list {
		a, c := s.local.Has(e.A), e.B != 0 && s.local.Has(e.B)
		switch {
		case a && (e.B == 0 || !c):
			out = append(out, rel.Equality{A: e.A})
		case c && !a:
			out = append(out, rel.Equality{A: e.B})
		case a && c:
			out = append(out, e)
		}
	}
	return out
}

// orderBy binds ORDER BY: positions and aliases of the output first, then expressions.
func (b *binder) orderBy(list []ir.OrderItem, s *scope, cols []*column) {
	saved := s.clause
	s.clause = inOrderBy
	defer func() { s.clause = saved }()
	by := make([]rel.ColID, len(list))
	s.order, s.orderCols = list, by
	for i := range list {
		x := list[i].X
		if l, ok := x.(*ir.Literal); ok && l.Kind == ir.Integer {
			if n := b.position(l, len(cols), "ORDER BY"); n >= 0 {
				b.orderable(cols[n].typ, l, "ORDER BY")
				by[i] = cols[n].id
			}
			continue
		} else if ok {
			b.noPosition(l, "ORDER BY")
			continue
		}
		if ref, ok := x.(*ir.ColumnRef); ok && len(ref.Parts) == 1 && outputNamed(cols, ref.Parts[0].Name, b.traits.CaselessNames) {
			if len(s.frames) > 0 {
				b.quietBind(ref, s)
			}
			first := true
			for _, c := range cols {
				switch {
				case !sameName(c.name, ref.Parts[0].Name, b.traits.CaselessNames):
				case first:
					b.orderable(c.typ, ref, "ORDER BY")
					by[i], first = c.id, false
				case c.id != by[i]:
					by[i] = 0 // engines differ in which one it is
				}
			}
			continue
		}
		v := b.whole(x, s)
		b.settle(&v, b.sem.Result(types.Type{Name: "unknown", Kind: types.Unknown}), x)
		b.orderable(v.typ, x, "ORDER BY")
		if v.col != nil {
			by[i] = v.col.id
		}
	}
}

// sortedBy are the columns of an ORDER BY that was bound in s, 0 where there is none of the engine's
// usual order; nil for one that was not.
func (s *scope) sortedBy(list []ir.OrderItem) []rel.ColID {
	if len(s.order) == 0 || &s.order[0] != &list[0] {
		return nil
	}
	for i := range list {
		if list[i].Using != "" {
			s.orderCols[i] = 0
		}
	}
	return s.orderCols
}

// quietBind notes which column a name in ORDER BY stands for, without checks: it names the
// output.
func (b *binder) quietBind(ref *ir.ColumnRef, s *scope) {
	if c, n, _ := b.lookup(ref.Parts[0].Name, s); n == 1 {
		b.bind(ref, c)
	}
}

func outputNamed(cols []*column, name string, caseless bool) bool {
	for _, c := range cols {
		if sameName(c.name, name, caseless) {
			return true
		}
	}
	return false
}

// position checks a number that stands for an output column and gives its index, or -1.
func (b *binder) position(l *ir.Literal, n int, where string) int {
	i, err := strconv.Atoi(l.Text)
	if err != nil || i < 1 || i > n {
		b.report(diag.New(diag.UnknownColumn, l.Span(), "%s position %s is not in the select list of %d columns", where, l.Text, n))
		return -1
	}
	return i - 1
}

// tail binds what follows any query: ORDER BY where it was not bound with the block, LIMIT,
// locks.
func (b *binder) tail(t *ir.Tail, node rel.Node, s *scope) rel.Node {
	if len(t.OrderBy) > 0 {
		node = rel.NewSort(node, t.OrderBy, s.sortedBy(t.OrderBy))
	}
	if t.Limit != nil || t.Offset != nil {
		skip := b.limit(t.Offset, s, "offset") // before LIMIT, as PostgreSQL has it
		limit := b.limit(t.Limit, s, "limit")
		node = rel.NewLimit(node, t.Limit, t.Offset, limit, skip, t.WithTies)
	}
	for i := range t.Locking {
		l := &t.Locking[i]
		b.effects.Locks = true
		node = rel.NewLock(node, l.Strength, l.Wait == "SKIP LOCKED")
		for _, n := range l.Of {
			if s.relationNamed("", n.Last(), b.traits.CaselessNames) == nil && len(s.frames) > 0 {
				b.report(diag.New(diag.UnknownTable, n.Span(), "no table or alias %q in this FROM to lock", n.Last()))
			}
		}
	}
	return node
}

// limit binds LIMIT or OFFSET and gives its value, -1 where it is not a constant.
func (b *binder) limit(x ir.Expr, s *scope, name string) int64 {
	if x == nil {
		return -1
	}
	saved, place0 := s.clause, b.place
	s.clause = inLimit
	b.place = &place{kind: placeNamed, name: name}
	v := b.expr(x, s)
	s.clause, b.place = saved, place0
	b.settle(&v, b.traits.LimitType, x)
	if !v.bad && !v.untyped() && !b.sem.Assignable(b.sem.Base(v.typ), b.traits.LimitType) {
		b.report(diag.New(diag.TypeMismatch, x.Span(), "%s is %s, not %s", name, v.typ, b.traits.LimitType))
	}
	if v.uses.Intersects(s.local) && !v.bad {
		b.report(diag.New(diag.TypeMismatch, x.Span(), "%s can not depend on the rows that it cuts", name))
	}
	if l, ok := x.(*ir.Literal); ok && l.Kind == ir.Integer {
		if n, err := strconv.ParseInt(l.Text, 10, 64); err == nil {
			return n
		}
	}
	return -1
}
