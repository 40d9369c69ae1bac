package postgres

import (
	"github.com/covetsql/covetsql/compiler/ir"
	pg "github.com/pganalyze/pg_query_go/v5"
)

// query lowers whatever yields rows and stands in the range r. The range that it returns
// is what the query covers.
func (l *lowerer) query(n *pg.Node, r rng) (ir.Query, rng) {
	switch q := n.GetNode().(type) {
	case *pg.Node_SelectStmt:
		return l.selectStmt(q.SelectStmt, r), r
	case *pg.Node_InsertStmt:
		return l.insert(q.InsertStmt, r), r
	case *pg.Node_UpdateStmt:
		return l.update(q.UpdateStmt, r), r
	case *pg.Node_DeleteStmt:
		return l.deleteFrom(q.DeleteStmt, r), r
	case *pg.Node_MergeStmt:
		return l.merge(q.MergeStmt, r), r
	}
	// The grammar lets nothing else stand here; an empty SELECT with the opaque item says so.
	x := l.opaque(r, nodeName(n))
	return &ir.Select{At: l.pos(r), Items: []ir.SelectItem{{At: ir.At{Pos: x.Span()}, X: x}}}, r
}

func (l *lowerer) selectStmt(s *pg.SelectStmt, r rng) ir.Query {
	c := l.clausesOf(r, len(s.GetWithClause().GetCtes()))
	saved := l.fallback
	l.fallback = l.one(c.core)
	defer func() { l.fallback = saved }()
	if s.Op != pg.SetOperation_SETOP_NONE && s.Op != pg.SetOperation_SET_OPERATION_UNDEFINED {
		q := l.setOp(s, rng{c.core, c.end}, c.splits)
		q.At, q.Tail = l.pos(r), l.tail(s, &c)
		return q
	}
	if len(s.ValuesLists) > 0 {
		v := &ir.Values{At: l.pos(r), Rows: make([][]ir.Expr, 0, len(s.ValuesLists))}
		for _, row := range s.ValuesLists {
			items, _ := l.exprs(row.GetList().GetItems())
			v.Rows = append(v.Rows, items)
		}
		v.Tail = l.tail(s, &c)
		return v
	}
	q := &ir.Select{At: l.pos(r)}
	level := int(l.up[c.core])
	q.Distinct, q.DistinctOn = l.distinct(s)
	q.Items = l.items(s.TargetList, level)
	if rel := s.GetIntoClause().GetRel(); rel != nil {
		name, _ := l.relationName(rel)
		q.Into = &name
	}
	if len(s.FromClause) > 0 {
		if l.is(c.core, "TABLE") && c.from < 0 {
			c.from = c.core
		}
		q.From = l.fromList(s.FromClause, c.from+1, level)
	}
	q.Where = l.value(s.WhereClause)
	if len(s.GroupClause) > 0 {
		q.GroupBy = l.groupBy(s, &c, level)
	}
	q.Having = l.value(s.HavingClause)
	for _, n := range s.WindowClause {
		q.Windows = append(q.Windows, l.namedWindow(n.GetWindowDef()))
	}
	q.Tail = l.tail(s, &c)
	return q
}

// distinct reads the clause that is a list of nothing for plain DISTINCT.
func (l *lowerer) distinct(s *pg.SelectStmt) (bool, []ir.Expr) {
	if len(s.DistinctClause) == 0 {
		return false, nil
	}
	on, _ := l.exprs(s.DistinctClause)
	return true, on
}

// items lowers a select list or RETURNING whose words stand on level.
func (l *lowerer) items(list []*pg.Node, level int) []ir.SelectItem {
	if len(list) == 0 {
		return nil
	}
	out := make([]ir.SelectItem, 0, len(list))
	for _, n := range list {
		t := n.GetResTarget()
		if t == nil {
			continue
		}
		item, _ := l.item(t, level)
		out = append(out, item)
	}
	return out
}

func (l *lowerer) item(t *pg.ResTarget, level int) (ir.SelectItem, rng) {
	x, xr := l.expr(t.Val)
	r := l.onLevel(l.cover(l.at(t.Location), xr), level)
	item := ir.SelectItem{X: x}
	if t.Name != "" {
		r.hi++
		if l.is(r.hi, "AS") {
			r.hi++
		}
		item.Alias = l.optIdent(r.hi, t.Name)
	}
	item.At = l.pos(r)
	return item, r
}

// setOp lowers a set operation whose operands stand in r and whose words are splits.
func (l *lowerer) setOp(s *pg.SelectStmt, r rng, splits []int) *ir.SetOp {
	words := map[pg.SetOperation]string{pg.SetOperation_SETOP_UNION: "UNION", pg.SetOperation_SETOP_INTERSECT: "INTERSECT", pg.SetOperation_SETOP_EXCEPT: "EXCEPT"}
	q := &ir.SetOp{At: l.pos(r), Op: words[s.Op], All: s.All}
	// INTERSECT binds closer; equal words bind to the left.
	cut := -1
	for i := len(splits) - 1; i >= 0; i-- {
		if intersect := l.is(splits[i], "INTERSECT"); intersect == (s.Op == pg.SetOperation_SETOP_INTERSECT) {
			cut = i
			break
		}
	}
	if cut < 0 {
		q.L, q.R = l.selectStmt(s.Larg, r), l.selectStmt(s.Rarg, r)
		return q
	}
	at := splits[cut]
	right := at + 1
	if l.isAny(right, "ALL", "DISTINCT") {
		right++
	}
	q.L = l.operand(s.Larg, rng{r.lo, max(at-1, r.lo)}, splits[:cut])
	q.R = l.operand(s.Rarg, rng{right, max(r.hi, right)}, splits[cut+1:])
	return q
}

// operand lowers one side of a set operation. Words that remain belong to a set operation
// without brackets of its own.
func (l *lowerer) operand(s *pg.SelectStmt, r rng, splits []int) ir.Query {
	if len(splits) > 0 {
		return l.setOp(s, r, splits)
	}
	return l.selectStmt(s, r)
}

func (l *lowerer) tail(s *pg.SelectStmt, c *clauses) ir.Tail {
	t := ir.Tail{WithTies: s.LimitOption == pg.LimitOption_LIMIT_OPTION_WITH_TIES}
	if s.WithClause != nil {
		t.With = l.with(s.WithClause)
	}
	if len(s.SortClause) > 0 {
		t.OrderBy, _ = l.orderItems(s.SortClause, l.levelOf(c.order))
	}
	if s.LimitCount != nil && !s.LimitCount.GetAConst().GetIsnull() {
		saved := l.fallback
		if c.fetch >= 0 {
			l.fallback = l.one(c.fetch) // FETCH FIRST ROW has a count that nobody wrote
		}
		t.Limit = l.value(s.LimitCount)
		l.fallback = saved
	}
	t.Offset = l.value(s.LimitOffset)
	for i, n := range s.LockingClause {
		at := -1
		if i < len(c.locks) {
			at = c.locks[i]
		}
		t.Locking = append(t.Locking, l.lock(n.GetLockingClause(), at))
	}
	return t
}

// levelOf is the bracket around token i.
func (l *lowerer) levelOf(i int) int {
	if i < 0 || i >= l.n {
		return -1
	}
	return int(l.up[i])
}

var lockStrengths = map[pg.LockClauseStrength]string{
	pg.LockClauseStrength_LCS_FORKEYSHARE: "KEY SHARE", pg.LockClauseStrength_LCS_FORSHARE: "SHARE",
	pg.LockClauseStrength_LCS_FORNOKEYUPDATE: "NO KEY UPDATE", pg.LockClauseStrength_LCS_FORUPDATE: "UPDATE",
}

func (l *lowerer) lock(c *pg.LockingClause, at int) ir.Lock {
	k := ir.Lock{Strength: lockStrengths[c.GetStrength()]}
	r := l.or(nowhere)
	if at >= 0 {
		r = l.one(at)
		for l.isAny(r.hi+1, "NO", "KEY", "UPDATE", "SHARE") {
			r.hi++
		}
	}
	for _, n := range c.GetLockedRels() {
		name, nr := l.relationName(n.GetRangeVar())
		k.Of, r = append(k.Of, name), l.cover(r, nr)
	}
	switch c.GetWaitPolicy() {
	case pg.LockWaitPolicy_LockWaitError:
		k.Wait = "NOWAIT"
		r.hi = min(r.hi+1, l.n-1)
	case pg.LockWaitPolicy_LockWaitSkip:
		k.Wait = "SKIP LOCKED"
		r.hi = min(r.hi+2, l.n-1)
	}
	k.At = l.pos(r)
	return k
}

// orderBy is orderItems for a list inside the bracket at open.
func (l *lowerer) orderBy(list []*pg.Node, open int) []ir.OrderItem {
	items, _ := l.orderItems(list, open)
	return items
}

func (l *lowerer) orderItems(list []*pg.Node, level int) ([]ir.OrderItem, rng) {
	if len(list) == 0 {
		return nil, nowhere
	}
	out := make([]ir.OrderItem, 0, len(list))
	all := nowhere
	for _, n := range list {
		s := n.GetSortBy()
		if s == nil {
			continue
		}
		x, xr := l.expr(s.Node)
		r := l.onLevel(l.or(xr), level)
		o := ir.OrderItem{X: x, Desc: s.SortbyDir == pg.SortByDir_SORTBY_DESC}
		switch {
		case l.isAny(r.hi+1, "ASC", "DESC"):
			r.hi++
		case s.SortbyDir == pg.SortByDir_SORTBY_USING:
			_, o.Using = operator(s.UseOp)
			r.hi += 2
			if l.char(r.hi+1) == '(' {
				r.hi = l.closing(r.hi + 1)
			}
		}
		switch s.SortbyNulls {
		case pg.SortByNulls_SORTBY_NULLS_FIRST:
			o.Nulls = "FIRST"
		case pg.SortByNulls_SORTBY_NULLS_LAST:
			o.Nulls = "LAST"
		}
		if o.Nulls != "" {
			r.hi += 2
		}
		o.At = l.pos(r)
		out = append(out, o)
		all = l.cover(all, r)
	}
	return out, all
}

func (l *lowerer) groupBy(s *pg.SelectStmt, c *clauses, level int) *ir.GroupBy {
	g := &ir.GroupBy{Distinct: s.GroupDistinct}
	r := l.at(-1)
	if c.group >= 0 {
		r = l.one(c.group)
	}
	for _, n := range s.GroupClause {
		e, er := l.groupElem(n)
		g.Elems = append(g.Elems, e)
		r = l.cover(r, l.onLevel(er, level))
	}
	g.At = l.pos(l.or(r))
	return g
}

var groupKinds = map[pg.GroupingSetKind]ir.GroupKind{
	pg.GroupingSetKind_GROUPING_SET_EMPTY: ir.GroupEmpty, pg.GroupingSetKind_GROUPING_SET_SIMPLE: ir.GroupSimple,
	pg.GroupingSetKind_GROUPING_SET_ROLLUP: ir.GroupRollup, pg.GroupingSetKind_GROUPING_SET_CUBE: ir.GroupCube,
	pg.GroupingSetKind_GROUPING_SET_SETS: ir.GroupSets,
}

func (l *lowerer) groupElem(n *pg.Node) (ir.GroupElem, rng) {
	s := n.GetGroupingSet()
	if s == nil {
		x, r := l.expr(n)
		r = l.or(r)
		return ir.GroupElem{At: ir.At{Pos: x.Span()}, Kind: ir.GroupSimple, Exprs: []ir.Expr{x}}, r
	}
	r := l.or(l.at(s.Location))
	open := r.lo
	for open < l.n && l.char(open) != '(' {
		open++
	}
	r.hi = l.closing(open)
	e := ir.GroupElem{At: l.pos(r), Kind: groupKinds[s.Kind]}
	for _, part := range s.Content {
		if e.Kind == ir.GroupSets {
			sub, _ := l.groupElem(part)
			e.Sets = append(e.Sets, sub)
			continue
		}
		e.Exprs = append(e.Exprs, l.value(part))
	}
	return e, r
}

// namedWindow lowers w AS (…); the tree says where the bracket stands.
func (l *lowerer) namedWindow(w *pg.WindowDef) ir.Window {
	r := l.or(l.at(w.GetLocation()))
	r.hi = l.closing(r.lo)
	out := l.window(w, r)
	out.Name = l.optIdent(r.lo-2, w.GetName())
	r.lo = max(r.lo-2, 0)
	out.At = l.pos(r)
	return out
}

func (l *lowerer) with(w *pg.WithClause) *ir.With {
	r := l.or(l.at(w.Location))
	out := &ir.With{Recursive: w.Recursive}
	for _, n := range w.Ctes {
		cte, cr := l.cte(n.GetCommonTableExpr())
		out.CTEs = append(out.CTEs, cte)
		r = l.cover(r, cr)
	}
	out.At = l.pos(r)
	return out
}

var materialized = map[pg.CTEMaterialize]string{
	pg.CTEMaterialize_CTEMaterializeAlways: "MATERIALIZED", pg.CTEMaterialize_CTEMaterializeNever: "NOT MATERIALIZED",
}

func (l *lowerer) cte(c *pg.CommonTableExpr) (ir.CTE, rng) {
	r := l.or(l.at(c.GetLocation()))
	out := ir.CTE{Name: l.ident(r.lo, c.GetCtename()), Materialized: materialized[c.GetCtematerialized()]}
	i := r.lo + 1
	if l.char(i) == '(' {
		out.Columns = l.identsIn(i, strs(c.GetAliascolnames()))
		i = l.closing(i) + 1
	}
	for l.isAny(i, "AS", "NOT", "MATERIALIZED") {
		i++
	}
	out.Query = l.bracketed(c.GetCtequery(), i)
	r.hi = l.closing(i)
	if s := c.GetSearchClause(); s != nil {
		if set := l.find(r.hi+1, l.n-1, "SET"); set >= 0 {
			out.SearchColumn = l.optIdent(set+1, s.SearchSeqColumn)
			r.hi = set + 1
		}
	}
	if s := c.GetCycleClause(); s != nil {
		if set := l.find(r.hi+1, l.n-1, "SET"); set >= 0 {
			out.CycleMark = l.optIdent(set+1, s.CycleMarkColumn)
			if using := l.find(set, l.n-1, "USING"); using >= 0 {
				out.CyclePath = l.optIdent(using+1, s.CyclePathColumn)
				r.hi = using + 1
			}
			saved := l.fallback
			l.fallback = l.one(set + 1) // without TO the mark is a boolean that nobody wrote
			out.CycleMarkVal = l.value(s.CycleMarkValue)
			l.fallback = saved
		}
	}
	out.At = l.pos(r)
	return out, r
}

// identsIn names the items of a list of plain names in brackets at open.
func (l *lowerer) identsIn(open int, names []string) []ir.Ident {
	items := l.inside(open)
	out := make([]ir.Ident, 0, len(names))
	for i, name := range names {
		at := open
		if i < len(items) {
			at = items[i].lo
		}
		out = append(out, l.ident(at, name))
	}
	return out
}
