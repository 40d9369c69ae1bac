package mysql

import (
	"github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/covetsql/covetsql/compiler/ir"
)

// query lowers a SELECT, VALUES, TABLE or set operation that starts under the cursor.
func (l *lowering) query(n ast.Node) ir.Query {
	switch n := n.(type) {
	case *ast.SelectStmt:
		return l.selectStmt(n)
	case *ast.SetOprStmt:
		return l.setOperation(n.With, n.SelectList.Selects, n.OrderBy, n.Limit)
	case *ast.SetOprSelectList:
		return l.setOperation(n.With, n.Selects, n.OrderBy, n.Limit)
	case *ast.SubqueryExpr:
		return l.parenthesised(n.Query)
	}
	at := l.here()
	l.notModelled(at, "this form of query")
	return &ir.Values{At: at}
}

// parenthesised lowers the query in the parentheses under the cursor, which ends behind them.
func (l *lowering) parenthesised(n ast.Node) ir.Query {
	open := l.i
	if !l.is(open, "(") {
		return l.query(n)
	}
	l.i++
	q := l.query(n)
	l.i = l.closing(open) + 1
	return q
}

// selectWords may stand between SELECT and the first item.
var selectWords = []string{"ALL", "DISTINCT", "DISTINCTROW", "HIGH_PRIORITY", "STRAIGHT_JOIN",
	"SQL_SMALL_RESULT", "SQL_BIG_RESULT", "SQL_BUFFER_RESULT", "SQL_CACHE", "SQL_NO_CACHE", "SQL_CALC_FOUND_ROWS"}

func (l *lowering) selectStmt(n *ast.SelectStmt) ir.Query {
	start := l.i
	for l.is(l.i, "(") { // redundant ones, which TiDB drops
		l.i++
	}
	var tail ir.Tail
	tail.With = l.with(n.With)
	for l.is(l.i, "(") {
		l.i++
	}
	switch n.Kind {
	case ast.SelectStmtKindValues:
		return l.valuesStmt(n, start, tail)
	case ast.SelectStmtKindTable:
		l.eat("TABLE")
		name := l.tableName(n.From.TableRefs.Left.(*ast.TableSource).Source.(*ast.TableName))
		ref := &ir.TableRef{At: name.At, Name: name}
		star := &ir.Star{At: name.At}
		q := &ir.Select{Items: []ir.SelectItem{{At: name.At, X: star}}, From: []ir.TableExpr{ref}}
		l.tail(&tail, n.OrderBy, n.Limit)
		q.Tail, q.At = tail, l.since(start)
		return q
	}
	q := &ir.Select{Distinct: n.Distinct}
	l.eat("SELECT")
	l.skip(selectWords...)
	q.Items = l.items(n.Fields)
	q.Into = l.into()
	if n.From != nil {
		l.eat("FROM")
		q.From = l.from(n.From.TableRefs)
	} else {
		l.eatAll("FROM", "DUAL")
	}
	if n.Where != nil {
		l.eat("WHERE")
		q.Where = l.expr(n.Where)
	}
	if n.GroupBy != nil {
		q.GroupBy = l.groupBy(n.GroupBy)
	}
	if n.Having != nil {
		l.eat("HAVING")
		q.Having = l.expr(n.Having.Expr)
	}
	if len(n.WindowSpecs) > 0 {
		l.eat("WINDOW")
		for i := range n.WindowSpecs {
			l.eat(",")
			from := l.i
			id := l.find(n.WindowSpecs[i].Name.O)
			l.eat("AS")
			w := l.windowSpec(&n.WindowSpecs[i])
			w.Name, w.At = &id, l.since(from)
			q.Windows = append(q.Windows, w)
		}
	}
	l.tail(&tail, n.OrderBy, n.Limit)
	if into := l.into(); into != nil {
		q.Into = into
		tail.Locking = append(tail.Locking, l.locks()...)
	}
	q.Tail, q.At = tail, l.since(start)
	return q
}

func (l *lowering) valuesStmt(n *ast.SelectStmt, start int, tail ir.Tail) ir.Query {
	v := &ir.Values{}
	l.eat("VALUES")
	for _, row := range n.Lists {
		l.skip(",", "ROW")
		v.Rows = append(v.Rows, l.row(row.Values))
	}
	l.tail(&tail, n.OrderBy, n.Limit)
	v.Tail, v.At = tail, l.since(start)
	return v
}

// row lowers the expressions in the parentheses under the cursor.
func (l *lowering) row(xs []ast.ExprNode) []ir.Expr {
	open := l.i
	l.eat("(")
	out := make([]ir.Expr, 0, len(xs))
	for _, x := range xs {
		l.eat(",")
		out = append(out, l.expr(x))
	}
	if l.is(open, "(") {
		l.i = l.closing(open) + 1
	}
	return out
}

// into reads INTO @a, @b, INTO OUTFILE … and INTO DUMPFILE …, which are not in the tree.
func (l *lowering) into() *ir.Name {
	if !l.is(l.i, "INTO") {
		return nil
	}
	start := l.i
	l.i++
	for l.i < len(l.toks) && !l.is(l.i, "FROM", "FOR", "LOCK", ")") {
		l.i++
	}
	at := l.since(start)
	var parts []ir.Ident
	for i := start + 1; i < l.i; i++ {
		if !l.is(i, ",") {
			parts = append(parts, ir.Ident{At: ir.At{Pos: l.between(i, i+1)}, Name: l.text(i)})
		}
	}
	return &ir.Name{At: at, Parts: parts}
}

func (l *lowering) items(fields *ast.FieldList) []ir.SelectItem {
	if fields == nil {
		return nil
	}
	out := make([]ir.SelectItem, 0, len(fields.Fields))
	for _, f := range fields.Fields {
		l.eat(",")
		out = append(out, l.item(f))
	}
	return out
}

func (l *lowering) item(f *ast.SelectField) ir.SelectItem {
	start := l.i
	if w := f.WildCard; w != nil {
		star := &ir.Star{Qualifier: l.qualified(w.Schema.O, w.Table.O).Parts}
		l.eat(".")
		l.seek(2, "*")
		l.i++
		star.At = l.since(start)
		if start < len(l.toks) {
			star.Embed = l.s.EmbedAt(int(l.toks[start].Start))
		}
		return ir.SelectItem{At: star.At, X: star}
	}
	item := ir.SelectItem{X: l.expr(f.Expr)}
	if f.AsName.O != "" {
		l.eat("AS")
		id := l.find(f.AsName.O)
		item.Alias = &id
	} else {
		l.eatAll("AS", "''")
	}
	item.At = l.since(start)
	return item
}

func (l *lowering) groupBy(n *ast.GroupByClause) *ir.GroupBy {
	start := l.i
	l.eatAll("GROUP", "BY")
	g := &ir.GroupBy{WithRollup: n.Rollup}
	if l.is(l.i, "ROLLUP", "CUBE") && l.is(l.i+1, "(") { // taken out before TiDB saw it
		from, kind := l.i, ir.GroupRollup
		if l.is(l.i, "CUBE") {
			kind = ir.GroupCube
		}
		l.i++
		open := l.i
		e := ir.GroupElem{Kind: kind}
		xs := []ast.ExprNode{}
		for _, it := range n.Items {
			switch x := it.Expr.(type) {
			case *ast.RowExpr:
				xs = append(xs, x.Values...)
			case *ast.ParenthesesExpr:
				xs = append(xs, x.Expr)
			}
		}
		e.Exprs = l.row(xs)
		l.i = l.closing(open) + 1
		e.At = l.since(from)
		g.Elems = []ir.GroupElem{e}
		g.At = l.since(start)
		return g
	}
	for _, it := range n.Items {
		l.eat(",")
		from := l.i
		x := l.expr(it.Expr)
		e := ir.GroupElem{Kind: ir.GroupSimple, Exprs: []ir.Expr{x}}
		if !l.eat("ASC", "DESC") && l.i <= from {
			l.i = from + 1
		}
		e.At = l.since(from)
		g.Elems = append(g.Elems, e)
	}
	if n.Rollup {
		l.eatAll("WITH", "ROLLUP")
	}
	g.At = l.since(start)
	return g
}

// tail reads ORDER BY, LIMIT and the locking clauses.
func (l *lowering) tail(t *ir.Tail, by *ast.OrderByClause, limit *ast.Limit) {
	if by != nil {
		t.OrderBy = l.orderBy(by)
	}
	t.Limit, t.Offset = l.limit(limit)
	t.Locking = append(t.Locking, l.locks()...)
}

func (l *lowering) orderBy(by *ast.OrderByClause) []ir.OrderItem {
	if by == nil {
		return nil
	}
	l.eatAll("ORDER", "BY")
	return l.orderItems(by.Items)
}

func (l *lowering) orderItems(items []*ast.ByItem) []ir.OrderItem {
	out := make([]ir.OrderItem, 0, len(items))
	for _, it := range items {
		l.eat(",")
		start := l.i
		o := ir.OrderItem{X: l.expr(it.Expr), Desc: it.Desc}
		l.eat("ASC", "DESC")
		o.At = l.since(start)
		out = append(out, o)
	}
	return out
}

func (l *lowering) limit(n *ast.Limit) (count, offset ir.Expr) {
	if n == nil {
		return nil, nil
	}
	switch {
	case l.is(l.i, "OFFSET"): // OFFSET n ROWS FETCH FIRST m ROWS ONLY
		l.i++
		offset = l.expr(n.Offset)
		l.skip("ROW", "ROWS", "FETCH", "FIRST", "NEXT")
		count = l.expr(n.Count)
		l.skip("ROW", "ROWS", "ONLY")
	case l.eat("FETCH"):
		l.skip("FIRST", "NEXT")
		if l.is(l.i, "ROW", "ROWS") {
			count = &ir.Literal{At: l.here(), Kind: ir.Integer, Text: "1"}
		} else {
			count = l.expr(n.Count)
		}
		l.skip("ROW", "ROWS", "ONLY")
	default:
		l.eat("LIMIT")
		if n.Offset != nil && l.is(l.i+1, ",") {
			offset = l.expr(n.Offset)
			l.eat(",")
			return l.expr(n.Count), offset
		}
		count = l.expr(n.Count)
		if n.Offset != nil {
			l.eat("OFFSET")
			offset = l.expr(n.Offset)
		}
		if l.eatAll("ROWS", "EXAMINED") {
			l.i++
		}
	}
	return count, offset
}

// locks reads every locking clause under the cursor. TiDB's grammar takes one; further
// ones were taken out before it saw the text.
func (l *lowering) locks() []ir.Lock {
	var out []ir.Lock
	for {
		start := l.i
		k := ir.Lock{Strength: "UPDATE"}
		switch {
		case l.eatAll("LOCK", "IN", "SHARE", "MODE"):
			k.Strength = "SHARE"
		case l.eatAll("FOR", "UPDATE"):
		case l.eatAll("FOR", "SHARE"):
			k.Strength = "SHARE"
		default:
			return out
		}
		if l.eat("OF") {
			k.Of = append(k.Of, l.dotted())
			for l.eat(",") {
				k.Of = append(k.Of, l.dotted())
			}
		}
		switch {
		case l.eat("NOWAIT"):
			k.Wait = "NOWAIT"
		case l.eatAll("SKIP", "LOCKED"):
			k.Wait = "SKIP LOCKED"
		case l.eat("WAIT"):
			k.Wait = "WAIT " + l.text(l.i)
			l.i++
		}
		k.At = l.since(start)
		out = append(out, k)
	}
}

func (l *lowering) with(n *ast.WithClause) *ir.With {
	if n == nil {
		return nil
	}
	start := l.i
	l.eat("WITH")
	l.eat("RECURSIVE")
	w := &ir.With{Recursive: n.IsRecursive}
	for _, c := range n.CTEs {
		l.eat(",")
		from := l.i
		cte := ir.CTE{Name: l.find(c.Name.O)}
		cte.Columns = l.idents()
		l.eat("AS")
		cte.Query = l.parenthesised(c.Query.Query)
		cte.At = l.since(from)
		w.CTEs = append(w.CTEs, cte)
	}
	w.At = l.since(start)
	return w
}

// operand is one side of a set operation, with the operator before it.
type operand struct {
	q   ir.Query
	op  string
	all bool
}

var setOps = map[ast.SetOprType]operand{
	ast.Union: {op: "UNION"}, ast.UnionAll: {op: "UNION", all: true},
	ast.Except: {op: "EXCEPT"}, ast.ExceptAll: {op: "EXCEPT", all: true},
	ast.Intersect: {op: "INTERSECT"}, ast.IntersectAll: {op: "INTERSECT", all: true},
}

// setOperation builds the tree of TiDB's flat list: INTERSECT binds tighter, the others
// associate to the left.
func (l *lowering) setOperation(with *ast.WithClause, selects []ast.Node, by *ast.OrderByClause, limit *ast.Limit) ir.Query {
	start := l.i
	if with != nil {
		for l.is(l.i, "(") && !l.is(l.i, "WITH") {
			l.i++
		}
	}
	w := l.with(with)
	var ops []operand
	for i, n := range selects {
		var after *ast.SetOprType
		switch n := n.(type) {
		case *ast.SelectStmt:
			after = n.AfterSetOperator
		case *ast.SetOprSelectList:
			after = n.AfterSetOperator
		}
		o := operand{op: "UNION"}
		if after != nil {
			o = setOps[*after]
		}
		if i > 0 {
			l.skip("UNION", "EXCEPT", "MINUS", "INTERSECT", "ALL", "DISTINCT")
		}
		switch n := n.(type) {
		case *ast.SetOprSelectList:
			open := l.i
			l.eat("(")
			if len(n.Selects) == 1 && n.OrderBy == nil && n.Limit == nil {
				o.q = l.query(n.Selects[0])
			} else {
				o.q = l.setOperation(n.With, n.Selects, n.OrderBy, n.Limit)
			}
			if l.is(open, "(") {
				l.i = l.closing(open) + 1
			}
		default:
			o.q = l.query(n)
		}
		ops = append(ops, o)
	}
	var tail ir.Tail
	tail.With = w
	l.tail(&tail, by, limit)
	if len(ops) == 1 {
		return l.outerTail(ops[0].q, tail, start)
	}
	ops = fold(ops, true)
	ops = fold(ops, false)
	top := ops[0].q.(*ir.SetOp)
	top.Tail, top.At = tail, l.since(start)
	return top
}

// fold joins neighbours from the left: those under INTERSECT, or all.
func fold(ops []operand, intersect bool) []operand {
	out := ops[:1:1]
	for _, o := range ops[1:] {
		last := &out[len(out)-1]
		if intersect && o.op != "INTERSECT" {
			out = append(out, o)
			continue
		}
		at := ir.At{Pos: last.q.Span().Cover(o.q.Span())}
		last.q = &ir.SetOp{At: at, Op: o.op, All: o.all, L: last.q, R: o.q}
	}
	return out
}

// outerTail gives a parenthesised query the clauses behind the parentheses: they are its
// own where it has none, otherwise it becomes a derived table.
func (l *lowering) outerTail(q ir.Query, tail ir.Tail, start int) ir.Query {
	var own *ir.Tail
	var at *ir.At
	switch q := q.(type) {
	case *ir.Select:
		own, at = &q.Tail, &q.At
	case *ir.SetOp:
		own, at = &q.Tail, &q.At
	case *ir.Values:
		own, at = &q.Tail, &q.At
	}
	if own == nil {
		return q
	}
	free := own.OrderBy == nil && own.Limit == nil && own.Offset == nil
	if free || tail.OrderBy == nil && tail.Limit == nil && tail.Offset == nil {
		if free {
			own.OrderBy, own.Limit, own.Offset = tail.OrderBy, tail.Limit, tail.Offset
		}
		own.Locking = append(own.Locking, tail.Locking...)
		if own.With == nil {
			own.With = tail.With
		}
		*at = l.since(start)
		return q
	}
	inner := ir.At{Pos: q.Span()}
	return &ir.Select{
		At: l.since(start), Tail: tail,
		Items: []ir.SelectItem{{At: inner, X: &ir.Star{At: inner}}},
		From:  []ir.TableExpr{&ir.Derived{At: inner, Query: q}},
	}
}
