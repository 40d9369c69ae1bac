package postgres

import (
	"github.com/covetsql/covetsql/compiler/ir"
	pg "github.com/pganalyze/pg_query_go/v5"
)

func (l *lowerer) insert(s *pg.InsertStmt, r rng) *ir.Insert {
	out := &ir.Insert{At: l.pos(r)}
	if s.WithClause != nil {
		out.With = l.with(s.WithClause)
	}
	table, tr := l.relation(s.Relation)
	out.Table = table
	level := int(l.up[tr.lo])
	i := tr.hi + 1
	if len(s.Cols) > 0 && l.char(i) == '(' {
		out.Columns = l.targets(s.Cols, i)
		i = l.closing(i) + 1
	}
	switch s.Override {
	case pg.OverridingKind_OVERRIDING_USER_VALUE:
		out.Overriding = "USER"
		i += 3
	case pg.OverridingKind_OVERRIDING_SYSTEM_VALUE:
		out.Overriding = "SYSTEM"
		i += 3
	}
	end := r.hi
	if k := l.find(i, r.hi, "RETURNING"); k >= 0 && len(s.ReturningList) > 0 {
		end = k - 1
	}
	if c := s.OnConflictClause; c != nil {
		on := l.or(l.at(c.Location))
		out.OnConflict = []ir.OnConflict{l.onConflict(c, rng{on.lo, max(end, on.lo)}, level)}
		end = on.lo - 1
	}
	if s.SelectStmt != nil {
		out.Source, _ = l.query(s.SelectStmt, rng{i, max(end, i)})
	}
	out.Returning = l.items(s.ReturningList, level)
	return out
}

// targets lowers a list of written columns in brackets at open.
func (l *lowerer) targets(list []*pg.Node, open int) []ir.Target {
	items := l.inside(open)
	out := make([]ir.Target, 0, len(list))
	for i, n := range list {
		t := n.GetResTarget()
		r := l.or(l.at(t.GetLocation()))
		if i < len(items) {
			r = items[i]
		}
		out = append(out, l.target(t, r.lo))
	}
	return out
}

// target lowers a written column at token i: a, a.b, a[1].
func (l *lowerer) target(t *pg.ResTarget, i int) ir.Target {
	r := l.one(i)
	out := ir.Target{Name: l.ident(i, t.GetName())}
	for _, n := range t.GetIndirection() {
		switch s := n.Node.(type) {
		case *pg.Node_String_:
			step := rng{r.hi + 1, min(r.hi+2, l.n-1)}
			out.Path = append(out.Path, &ir.Field{At: l.pos(step), Name: l.ident(step.hi, s.String_.Sval)})
			r.hi = step.hi
		case *pg.Node_AStar:
			step := rng{r.hi + 1, min(r.hi+2, l.n-1)}
			out.Path = append(out.Path, &ir.Field{At: l.pos(step), Name: l.ident(step.hi, "*"), All: true})
			r.hi = step.hi
		case *pg.Node_AIndices:
			step := rng{r.hi + 1, l.closing(r.hi + 1)}
			x := l.subscript(s.AIndices)
			x.At = l.pos(step)
			out.Path = append(out.Path, x)
			r.hi = step.hi
		}
	}
	out.At = l.pos(r)
	return out
}

// assigns lowers SET; the elements of (a, b) = value come one by one and are joined.
func (l *lowerer) assigns(list []*pg.Node, level int) ([]ir.Assign, rng) {
	var out []ir.Assign
	all := nowhere
	for i := 0; i < len(list); i++ {
		t := list[i].GetResTarget()
		first := l.or(l.at(t.GetLocation()))
		a := ir.Assign{Targets: []ir.Target{l.target(t, first.lo)}}
		val := t.GetVal()
		if m := val.GetMultiAssignRef(); m != nil {
			for k := 1; k < int(m.Ncolumns) && i+1 < len(list); k++ {
				i++
				next := list[i].GetResTarget()
				a.Targets = append(a.Targets, l.target(next, l.or(l.at(next.GetLocation())).lo))
			}
			val = m.Source
		}
		x, xr := l.expr(val)
		a.Value = x
		r := l.onLevel(l.cover(first, xr), level)
		a.At = l.pos(r)
		out = append(out, a)
		all = l.cover(all, r)
	}
	return out, all
}

func (l *lowerer) onConflict(c *pg.OnConflictClause, r rng, level int) ir.OnConflict {
	out := ir.OnConflict{At: l.pos(r), Nothing: c.Action == pg.OnConflictAction_ONCONFLICT_NOTHING}
	if f := c.Infer; f != nil {
		i := l.or(l.at(f.Location)).lo
		if f.Conname != "" {
			if l.is(i, "ON") {
				i += 2
			}
			out.Constraint = l.optIdent(i, f.Conname)
		} else {
			items := l.inside(i)
			for k, n := range f.IndexElems {
				er := l.one(i)
				if k < len(items) {
					er = items[k]
				}
				out.Target = append(out.Target, l.arbiter(n.GetIndexElem(), er))
			}
		}
		out.Where = l.value(f.WhereClause)
	}
	out.Set, _ = l.assigns(c.TargetList, level)
	out.UpdateIf = l.value(c.WhereClause)
	return out
}

// arbiter is a column or expression of ON CONFLICT's target.
func (l *lowerer) arbiter(e *pg.IndexElem, r rng) ir.OrderItem {
	if e.GetName() != "" {
		id := l.ident(r.lo, e.GetName())
		return ir.OrderItem{At: l.pos(r), X: &ir.ColumnRef{At: id.At, Parts: []ir.Ident{id}}}
	}
	return ir.OrderItem{At: l.pos(r), X: l.value(e.GetExpr())}
}

func (l *lowerer) update(s *pg.UpdateStmt, r rng) *ir.Update {
	out := &ir.Update{At: l.pos(r)}
	if s.WithClause != nil {
		out.With = l.with(s.WithClause)
	}
	table, tr := l.relation(s.Relation)
	out.Tables = []ir.TableExpr{table}
	level := int(l.up[tr.lo])
	set, sr := l.assigns(s.TargetList, level)
	out.Set = set
	if len(s.FromClause) > 0 {
		i := sr.hi + 1
		if !l.is(i, "FROM") {
			i = max(l.find(i, r.hi, "FROM"), i)
		}
		out.From = l.fromList(s.FromClause, i+1, level)
	}
	out.Where = l.value(s.WhereClause)
	out.Returning = l.items(s.ReturningList, level)
	return out
}

func (l *lowerer) deleteFrom(s *pg.DeleteStmt, r rng) *ir.Delete {
	out := &ir.Delete{At: l.pos(r)}
	if s.WithClause != nil {
		out.With = l.with(s.WithClause)
	}
	table, tr := l.relation(s.Relation)
	out.Tables = []*ir.TableRef{table}
	level := int(l.up[tr.lo])
	if len(s.UsingClause) > 0 {
		out.From = l.fromList(s.UsingClause, tr.hi+2, level)
	}
	out.Where = l.value(s.WhereClause)
	out.Returning = l.items(s.ReturningList, level)
	return out
}

func (l *lowerer) merge(s *pg.MergeStmt, r rng) *ir.Merge {
	out := &ir.Merge{At: l.pos(r)}
	if s.WithClause != nil {
		out.With = l.with(s.WithClause)
	}
	table, tr := l.relation(s.Relation)
	out.Table = table
	level := int(l.up[tr.lo])
	source, sr := l.table(s.SourceRelation, tr.hi+2)
	out.Source = source
	on, or := l.expr(s.JoinCondition)
	out.On = on
	i := l.onLevel(l.cover(sr, or), level).hi + 1
	for _, n := range s.MergeWhenClauses {
		w, wr := l.mergeWhen(n.GetMergeWhenClause(), i, level)
		out.Whens = append(out.Whens, w)
		i = wr.hi + 1
	}
	return out
}

func (l *lowerer) mergeWhen(w *pg.MergeWhenClause, i, level int) (ir.MergeWhen, rng) {
	r := l.one(i)
	out := ir.MergeWhen{Matched: w.GetMatched()}
	then := l.find(i, l.n-1, "THEN")
	if c := w.GetCondition(); c != nil {
		x, xr := l.expr(c)
		out.And = x
		then = l.next(xr, level)
	}
	i = max(then, r.lo)
	r.hi = min(i+1, l.n-1) // THEN and its verb
	switch w.GetCommandType() {
	case pg.CmdType_CMD_UPDATE:
		out.Action = "UPDATE"
		set, sr := l.assigns(w.GetTargetList(), level)
		out.Set, r = set, l.cover(r, sr)
	case pg.CmdType_CMD_DELETE:
		out.Action = "DELETE"
	case pg.CmdType_CMD_INSERT:
		out.Action = "INSERT"
		if open := r.hi + 1; len(w.GetTargetList()) > 0 && l.char(open) == '(' {
			out.Columns = l.targets(w.GetTargetList(), open)
			r.hi = l.closing(open)
		}
		out.Values, _ = l.exprs(w.GetValues())
		if values := l.find(r.hi+1, l.n-1, "VALUES"); values >= 0 {
			r.hi = min(values, l.n-1)
			if l.char(values+1) == '(' {
				r.hi = l.closing(values + 1)
			}
		}
	default:
		out.Action = "NOTHING"
		r.hi = min(r.hi+1, l.n-1)
	}
	out.At = l.pos(r)
	return out, r
}
