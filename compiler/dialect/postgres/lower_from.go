package postgres

import (
	"github.com/covetsql/covetsql/compiler/ir"
	pg "github.com/pganalyze/pg_query_go/v5"
)

// fromList lowers the items of FROM, the first of which starts at token i. The tree gives
// joins and subqueries no place, so the tokens are followed from left to right.
func (l *lowerer) fromList(list []*pg.Node, i, level int) []ir.TableExpr {
	out := make([]ir.TableExpr, 0, len(list))
	for _, n := range list {
		t, r := l.table(n, i)
		out = append(out, t)
		r = l.onLevel(r, level)
		i = r.hi + 1
		if l.char(i) == ',' {
			i++
		}
	}
	return out
}

// table lowers one table expression that starts at or behind token i: brackets of joins
// around it may come first.
func (l *lowerer) table(n *pg.Node, i int) (ir.TableExpr, rng) {
	switch t := n.GetNode().(type) {
	case *pg.Node_RangeVar:
		return l.relation(t.RangeVar)
	case *pg.Node_RangeSubselect:
		return l.derived(t.RangeSubselect, i)
	case *pg.Node_RangeFunction:
		return l.tableFunc(t.RangeFunction)
	case *pg.Node_RangeTableFunc:
		return l.xmlTable(t.RangeTableFunc)
	case *pg.Node_RangeTableSample:
		return l.sample(t.RangeTableSample, i)
	case *pg.Node_JoinExpr:
		return l.join(t.JoinExpr, i)
	}
	x := l.opaque(l.one(i), nodeName(n))
	r := l.one(i)
	call := &ir.FuncCall{At: l.pos(r), Name: ir.Name{At: l.pos(r), Parts: []ir.Ident{l.ident(i, l.fold(i))}}, Args: []ir.Arg{{X: x}}}
	return &ir.TableFunc{At: l.pos(r), Calls: []ir.TableCall{{At: l.pos(r), Func: call}}}, r
}

// relationName is the name of a table and the tokens that write it.
func (l *lowerer) relationName(v *pg.RangeVar) (ir.Name, rng) {
	if v == nil {
		return ir.Name{At: l.pos(l.fallback)}, l.fallback
	}
	i := l.or(l.at(v.Location)).lo
	var parts [3]string
	n := 0
	for _, p := range [...]string{v.Catalogname, v.Schemaname, v.Relname} {
		if p != "" {
			parts[n] = p
			n++
		}
	}
	return l.name(i, parts[:n]...)
}

func (l *lowerer) relation(v *pg.RangeVar) (*ir.TableRef, rng) {
	name, r := l.relationName(v)
	t := &ir.TableRef{Name: name, Only: !v.GetInh()}
	switch {
	case t.Only && l.is(r.lo-1, "ONLY"):
		r.lo--
	case t.Only && l.char(r.lo-1) == '(' && l.is(r.lo-2, "ONLY"):
		r = rng{r.lo - 2, l.closing(r.lo - 1)}
	case l.is(r.hi+1, "*"):
		r.hi++
	}
	t.Alias, r = l.alias(v.GetAlias(), r)
	t.At = l.pos(r)
	return t, r
}

// alias reads [AS] name [(columns)] behind r, and widens r over it.
func (l *lowerer) alias(a *pg.Alias, r rng) (*ir.Alias, rng) {
	if a == nil {
		return nil, r
	}
	i := r.hi + 1
	start := i
	if l.is(i, "AS") {
		i++
	}
	out := &ir.Alias{Name: l.ident(i, a.Aliasname)}
	end := i
	if len(a.Colnames) > 0 && l.char(i+1) == '(' {
		out.Columns = l.identsIn(i+1, strs(a.Colnames))
		end = l.closing(i + 1)
	}
	out.At = l.pos(rng{start, end})
	return out, rng{r.lo, min(end, l.n-1)}
}

// opensQuery tells whether the bracket at i holds a query, not a join.
func (l *lowerer) opensQuery(i int) bool {
	for {
		switch {
		case l.isAny(i+1, "SELECT", "WITH", "TABLE"):
			return true
		case l.is(i+1, "VALUES"):
			return l.char(i+2) == '('
		case l.char(i+1) != '(':
			return false
		}
		end := l.closing(i + 1)
		if end+1 != l.closing(i) {
			return l.isAny(end+1, "UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR")
		}
		i++
	}
}

func (l *lowerer) derived(s *pg.RangeSubselect, i int) (ir.TableExpr, rng) {
	for l.char(i) == '(' && !l.opensQuery(i) {
		i++
	}
	r := l.one(i)
	if l.is(i, "LATERAL") {
		i++
	}
	r.hi = l.closing(i)
	d := &ir.Derived{Query: l.bracketed(s.Subquery, i), Lateral: s.Lateral}
	d.Alias, r = l.alias(s.Alias, r)
	d.At = l.pos(r)
	return d, r
}

func (l *lowerer) tableFunc(f *pg.RangeFunction) (ir.TableExpr, rng) {
	t := &ir.TableFunc{Lateral: f.Lateral, Ordinality: f.Ordinality}
	r := nowhere
	for _, n := range f.Functions {
		pair := n.GetList().GetItems()
		if len(pair) == 0 {
			continue
		}
		call, cr := l.callIn(pair[0])
		tc := ir.TableCall{Func: call}
		if len(pair) > 1 && len(pair[1].GetList().GetItems()) > 0 {
			open := cr.hi + 1
			if l.is(open, "AS") {
				open++
			}
			tc.Defs = l.columnDefs(pair[1].GetList().GetItems(), open)
			cr.hi = l.closing(open)
		}
		tc.At = l.pos(cr)
		t.Calls = append(t.Calls, tc)
		r = l.cover(r, cr)
	}
	r = l.or(r)
	if f.IsRowsfrom {
		r = l.lift(r)
		if l.are(r.lo-2, "ROWS", "FROM") {
			r.lo -= 2
		}
	}
	if f.Lateral && l.is(r.lo-1, "LATERAL") {
		r.lo--
	}
	if f.Ordinality && l.are(r.hi+1, "WITH", "ORDINALITY") {
		r.hi += 2
	}
	if len(f.Coldeflist) == 0 {
		t.Alias, r = l.alias(f.Alias, r)
	} else {
		open := r.hi + 1
		if l.is(open, "AS") {
			open++
		}
		if f.Alias != nil {
			t.Alias = &ir.Alias{Name: l.ident(open, f.Alias.Aliasname)}
			t.Alias.At = l.pos(rng{r.hi + 1, open})
			open++
		}
		if len(t.Calls) > 0 {
			last := &t.Calls[len(t.Calls)-1]
			last.Defs = l.columnDefs(f.Coldeflist, open)
			if end := l.closing(open); end > r.hi {
				r.hi = end
			}
			last.At = l.pos(r)
		}
	}
	t.At = l.pos(r)
	return t, r
}

// callIn lowers a function in FROM. CAST(x AS t) may stand there too and is taken as a
// call of the type's name.
func (l *lowerer) callIn(n *pg.Node) (*ir.FuncCall, rng) {
	x, r := l.expr(n)
	r = l.or(r)
	switch x := x.(type) {
	case *ir.FuncCall:
		return x, r
	case *ir.Cast:
		return &ir.FuncCall{At: x.At, Name: x.Type.Name, Args: []ir.Arg{{X: x.X}}}, r
	}
	at := l.pos(r)
	name := ir.Name{At: l.pos(l.one(r.lo)), Parts: []ir.Ident{l.ident(r.lo, l.fold(r.lo))}}
	return &ir.FuncCall{At: at, Name: name, Args: []ir.Arg{{X: x}}}, r
}

// columnDefs lowers a column definition list in brackets at open.
func (l *lowerer) columnDefs(list []*pg.Node, open int) []ir.ColumnDef {
	items := l.inside(open)
	out := make([]ir.ColumnDef, 0, len(list))
	for i, n := range list {
		d := n.GetColumnDef()
		if d == nil {
			continue
		}
		r := l.or(l.at(d.Location))
		if i < len(items) {
			r = items[i]
		}
		out = append(out, l.columnDef(d, r))
	}
	return out
}

func (l *lowerer) xmlTable(f *pg.RangeTableFunc) (ir.TableExpr, rng) {
	r := l.or(l.at(f.Location))
	open := r.lo + 1
	r.hi = l.closing(open)
	name, _ := l.name(r.lo, "xmltable")
	call := &ir.FuncCall{At: l.pos(r), Name: name}
	for _, n := range []*pg.Node{f.Rowexpr, f.Docexpr} {
		if x := l.value(n); x != nil {
			call.Args = append(call.Args, ir.Arg{X: x})
		}
	}
	for _, n := range f.Namespaces {
		if x := l.value(n.GetResTarget().GetVal()); x != nil {
			call.Args = append(call.Args, ir.Arg{X: x})
		}
	}
	tc := ir.TableCall{At: l.pos(r), Func: call}
	// COLUMNS ends the brackets: its items are counted from the last one.
	items := l.inside(open)
	items = items[max(len(items)-len(f.Columns), 0):]
	for i, n := range f.Columns {
		c := n.GetRangeTableFuncCol()
		cr := l.or(l.at(c.GetLocation()))
		if i < len(items) {
			cr.hi = max(items[i].hi, cr.lo)
		}
		d := ir.ColumnDef{At: l.pos(cr), Name: l.ident(cr.lo, c.GetColname()), Ordinality: c.GetForOrdinality()}
		if t := c.GetTypeName(); t != nil {
			tn, _ := l.typeName(t)
			d.Type = &tn
		}
		if c.GetIsNotNull() {
			at := cr
			if k := l.find(cr.lo, cr.hi, "NOT"); k >= 0 {
				at = rng{k, min(k+1, cr.hi)}
			}
			d.Constraints = append(d.Constraints, ir.Constraint{At: l.pos(at), Kind: ir.NotNull})
		}
		if v, vr := l.expr(c.GetColdefexpr()); v != nil {
			d.Constraints = append(d.Constraints, ir.Constraint{At: l.pos(l.or(vr)), Kind: ir.DefaultValue, X: v})
		}
		if x := l.value(c.GetColexpr()); x != nil {
			call.Args = append(call.Args, ir.Arg{X: x})
		}
		tc.Defs = append(tc.Defs, d)
	}
	t := &ir.TableFunc{Calls: []ir.TableCall{tc}, Lateral: f.Lateral}
	if f.Lateral && l.is(r.lo-1, "LATERAL") {
		r.lo--
	}
	t.Alias, r = l.alias(f.Alias, r)
	t.At = l.pos(r)
	return t, r
}

func (l *lowerer) sample(s *pg.RangeTableSample, i int) (ir.TableExpr, rng) {
	t, r := l.table(s.Relation, i)
	at := l.or(l.at(s.Location)) // the method's name
	at.hi = l.closing(l.dotted(at.lo).hi + 1)
	if l.is(at.lo-1, "TABLESAMPLE") {
		at.lo--
	}
	args, _ := l.exprs(s.Args)
	if s.Repeatable != nil && l.is(at.hi+1, "REPEATABLE") {
		args = append(args, l.value(s.Repeatable))
		at.hi = l.closing(at.hi + 2)
	}
	r = l.cover(r, at)
	if ref, ok := t.(*ir.TableRef); ok { // the grammar samples nothing else
		ref.Sample, ref.At = args, l.pos(r)
	}
	return t, r
}

var joinKinds = map[pg.JoinType]ir.JoinKind{
	pg.JoinType_JOIN_INNER: ir.InnerJoin, pg.JoinType_JOIN_LEFT: ir.LeftJoin,
	pg.JoinType_JOIN_RIGHT: ir.RightJoin, pg.JoinType_JOIN_FULL: ir.FullJoin,
}

func (l *lowerer) join(j *pg.JoinExpr, i int) (ir.TableExpr, rng) {
	out := &ir.Join{Kind: joinKinds[j.Jointype], Natural: j.IsNatural}
	left, r := l.table(j.Larg, i)
	out.L = left
	// Brackets that close the left side, then the words up to JOIN.
	i = r.hi + 1
	for l.char(i) == ')' {
		i++
	}
	for i < l.n-1 && !l.is(i, "JOIN") {
		i++
	}
	right, rr := l.table(j.Rarg, i+1)
	out.R = right
	r = l.cover(r, rr)
	out.Cross = j.Jointype == pg.JoinType_JOIN_INNER && !j.IsNatural && j.Quals == nil && len(j.UsingClause) == 0
	switch {
	case j.Quals != nil:
		x, xr := l.expr(j.Quals)
		out.On = x
		r = l.cover(r, l.cover(l.onWord(r), xr))
	case len(j.UsingClause) > 0:
		k := r.hi + 1
		for l.char(k) == ')' {
			k++
		}
		if l.is(k, "USING") {
			out.Using = l.identsIn(k+1, strs(j.UsingClause))
			end := l.closing(k + 1)
			if a := j.JoinUsingAlias; a != nil {
				if l.is(end+1, "AS") {
					end++
				}
				end++
				out.UsingAlias = l.optIdent(end, a.Aliasname)
			}
			r = l.cover(r, rng{k, min(end, l.n-1)})
		}
	}
	if j.Alias != nil {
		r = l.lift(r)
		out.Alias, r = l.alias(j.Alias, r)
	}
	out.At = l.pos(r)
	return out, r
}

// onWord is the ON behind r and the brackets that close its right side.
func (l *lowerer) onWord(r rng) rng {
	i := r.hi + 1
	for l.char(i) == ')' {
		i++
	}
	if l.is(i, "ON") {
		return l.one(i)
	}
	return nowhere
}
