package mysql

import (
	"github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/token"
)

func (l *lowering) tableName(n *ast.TableName) ir.Name {
	return l.qualified(n.Schema.O, n.Name.O)
}

// from lowers the comma list of a FROM clause.
func (l *lowering) from(n ast.ResultSetNode) []ir.TableExpr {
	j, ok := n.(*ast.Join)
	if !ok {
		return []ir.TableExpr{l.tableExpr(n)}
	}
	if j.ExplicitParens {
		return []ir.TableExpr{l.parenthesisedJoin(j)}
	}
	return l.join(j)
}

// tableExpr lowers n to one table expression.
func (l *lowering) tableExpr(n ast.ResultSetNode) ir.TableExpr {
	switch n := n.(type) {
	case *ast.Join:
		if n.ExplicitParens {
			return l.parenthesisedJoin(n)
		}
		start := l.i
		return l.crossed(l.join(n), start)
	case *ast.TableSource:
		return l.tableSource(n)
	}
	at := l.here()
	l.notModelled(at, "this table expression")
	return &ir.Derived{At: at, Query: &ir.Values{At: at}}
}

// crossed turns the comma list of (a, b) into cross joins.
func (l *lowering) crossed(list []ir.TableExpr, start int) ir.TableExpr {
	x := list[0]
	for _, r := range list[1:] {
		x = &ir.Join{At: ir.At{Pos: x.Span().Cover(r.Span())}, Cross: true, L: x, R: r}
	}
	return x
}

func (l *lowering) parenthesisedJoin(j *ast.Join) ir.TableExpr {
	if !l.seek(4, "(") { // { OJ … } and the like
		start := l.i
		return l.crossed(l.join(j), start)
	}
	open := l.i
	l.i++
	for l.is(l.i, "(") && !startsInParens(j) {
		l.i++
	}
	x := l.crossed(l.join(j), open)
	l.i = l.closing(open) + 1
	return x
}

// startsInParens tells whether the text of j's inside starts with a parenthesis of its own.
func startsInParens(j *ast.Join) bool {
	for {
		switch n := j.Left.(type) {
		case *ast.Join:
			if n.ExplicitParens {
				return true
			}
			j = n
		case *ast.TableSource:
			_, isTable := n.Source.(*ast.TableName)
			return !isTable
		default:
			return false
		}
	}
}

// join lowers a join without its parentheses; a comma join gives several expressions.
func (l *lowering) join(j *ast.Join) []ir.TableExpr {
	if j.Right == nil {
		return l.from(j.Left)
	}
	start := l.i
	left := l.from(j.Left)
	if l.eat(",") {
		return append(left, l.from(j.Right)...)
	}
	l.skip("NATURAL", "INNER", "CROSS", "LEFT", "RIGHT", "FULL", "OUTER", "JOIN", "STRAIGHT_JOIN")
	x := &ir.Join{Natural: j.NaturalJoin, L: left[len(left)-1]}
	switch j.Tp {
	case ast.LeftJoin:
		x.Kind = ir.LeftJoin
	case ast.RightJoin:
		x.Kind = ir.RightJoin
	}
	x.R = l.tableExpr(j.Right)
	switch {
	case j.On != nil:
		l.seek(2, "ON")
		l.eat("ON")
		x.On = l.expr(j.On.Expr)
	case j.Using != nil:
		l.eat("USING")
		x.Using = l.idents()
	default:
		x.Cross = !x.Natural
	}
	x.At = l.since(start)
	l.eat("}")
	if len(left) > 1 {
		x.Pos = x.L.Span().Cover(x.Pos)
		return append(left[:len(left)-1], x)
	}
	return []ir.TableExpr{x}
}

func (l *lowering) tableSource(n *ast.TableSource) ir.TableExpr {
	switch src := n.Source.(type) {
	case *ast.TableName:
		l.skip("(", "{", "OJ")
		start := l.i
		if l.is(l.i, "JSON_TABLE") && l.is(l.i+1, "(") {
			return l.jsonTable(n)
		}
		return l.tableRef(src, n.AsName.O, start)
	case *ast.Join:
		return l.tableExpr(src)
	}
	start := l.i
	lateral := l.eat("LATERAL")
	d := &ir.Derived{Lateral: lateral, Query: l.parenthesised(n.Source)}
	d.Alias = l.alias(n.AsName.O)
	d.At = l.since(start)
	return d
}

// alias reads [AS] name [(columns)].
func (l *lowering) alias(name string) *ir.Alias {
	if name == "" {
		return nil
	}
	l.eat("AS")
	start := l.i
	a := &ir.Alias{Name: l.find(name)}
	if l.is(l.i, "(") {
		a.Columns = l.idents()
	}
	a.At = l.since(start)
	return a
}

func (l *lowering) tableRef(n *ast.TableName, alias string, start int) *ir.TableRef {
	t := &ir.TableRef{Name: l.tableName(n)}
	if len(n.PartitionNames) > 0 && l.eat("PARTITION") {
		t.Partitions = l.idents()
	}
	if l.is(l.i, "FOR") && l.is(l.i+1, "SYSTEM_TIME") {
		l.systemTime(t)
	}
	if alias != "" {
		l.eat("AS")
		id := l.find(alias)
		t.Alias = &ir.Alias{At: id.At, Name: id}
	}
	for l.is(l.i, "USE", "IGNORE", "FORCE") && l.is(l.i+1, "INDEX", "KEY") {
		l.i += 2
		for l.i < len(l.toks) && !l.is(l.i, "(") {
			l.i++
		}
		t.IndexHints = append(t.IndexHints, l.idents()...)
		l.eat(",")
	}
	if n.TableSample != nil {
		l.seek(3, "(")
		open := l.i
		if n.TableSample.Expr != nil {
			l.i++
			t.Sample = append(t.Sample, l.expr(n.TableSample.Expr))
		}
		l.i = l.closing(open) + 1
	}
	t.At = l.since(start)
	return t
}

// systemTime reads MariaDB's FOR SYSTEM_TIME …, which was taken out before TiDB saw it.
func (l *lowering) systemTime(t *ir.TableRef) {
	if p, ok := l.patched[l.i]; ok {
		start := l.i
		for i := start; i < p.end; i++ {
			if l.kind(i) == token.Placeholder {
				l.i = i
				t.Sample = append(t.Sample, l.param())
			}
		}
		l.i = p.end
	}
}
