package sqlite

import (
	"fmt"
	"strings"

	"github.com/sqlc-dev/meyer/ast"

	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

// query lowers a whole SELECT: WITH, the compound chain, and the ORDER BY and LIMIT that
// the grammar hangs on the last core but that belong to the chain.
func (l *lowering) query(n *ast.SelectStmt) ir.Query {
	defer l.leave()
	if !l.enter(n) {
		return &ir.Values{At: l.at(n)}
	}
	var q ir.Query
	var tail ir.Tail
	last := len(n.Cores) - 1
	for i, core := range n.Cores {
		next := l.core(core, i == last && last > 0)
		if sel, ok := core.(*ast.SelectQuery); ok {
			if i == last {
				tail.OrderBy = l.orderBy(sel.OrderBy)
				tail.Limit, tail.Offset = l.limit(sel.Limit)
			} else {
				l.misplacedTail(sel, n.Ops[i])
			}
		}
		if i == 0 {
			q = next
			continue
		}
		op := n.Ops[i-1]
		q = &ir.SetOp{
			At: ir.At{Pos: q.Span().Cover(next.Span())}, Op: op.Op, All: op.All, L: q, R: next,
		}
	}
	if n.With != nil {
		tail.With = l.with(n.With)
	}
	whole := l.at(n)
	switch q := q.(type) {
	case *ir.Select:
		q.Tail, q.At = tail, whole
	case *ir.SetOp:
		q.Tail, q.At = tail, whole
	case *ir.Values:
		q.Tail, q.At = tail, whole
	}
	return q
}

// misplacedTail reports an ORDER BY or LIMIT before the last SELECT of a compound.
func (l *lowering) misplacedTail(n *ast.SelectQuery, op ast.CompoundOp) {
	name := op.Op
	if op.All {
		name += " ALL"
	}
	if len(n.OrderBy) > 0 {
		l.syntax(n.OrderBy[0], "ORDER BY clause should come after %s not before", name)
	} else if n.Limit != nil {
		l.syntax(n.Limit, "LIMIT clause should come after %s not before", name)
	}
}

// core lowers one term of a compound. Where trim is set its span stops before ORDER BY
// and LIMIT, which the compound takes over.
func (l *lowering) core(n ast.SelectCore, trim bool) ir.Query {
	switch n := n.(type) {
	case *ast.ValuesClause:
		v := &ir.Values{At: l.at(n)}
		for _, row := range n.Rows {
			v.Rows = append(v.Rows, l.exprs(row))
		}
		return v
	case *ast.SelectQuery:
		return l.selectQuery(n, trim)
	}
	panic(fmt.Sprintf("unknown term of a compound: %T", n))
}

func (l *lowering) selectQuery(n *ast.SelectQuery, trim bool) *ir.Select {
	end := n.End()
	if trim {
		if len(n.OrderBy) > 0 { // … ORDER BY x
			end = l.endBefore(n.OrderBy[0].Pos(), 3)
		} else if n.Limit != nil {
			end = l.endBefore(n.Limit.Pos(), 1)
		}
	}
	out := &ir.Select{
		At:       l.between(n.Pos(), end),
		Distinct: n.Distinct == ast.DistinctDistinct,
		Items:    l.items(n.Columns),
		From:     l.from(n.From),
		Where:    l.optExpr(n.Where),
		Having:   l.optExpr(n.Having),
	}
	if len(n.GroupBy) > 0 {
		g := &ir.GroupBy{At: l.between(n.GroupBy[0].Pos(), n.GroupBy[len(n.GroupBy)-1].End())}
		for _, x := range n.GroupBy {
			g.Elems = append(g.Elems, ir.GroupElem{At: l.at(x), Exprs: []ir.Expr{l.expr(x)}})
		}
		out.GroupBy = g
	}
	for _, w := range n.Windows {
		out.Windows = append(out.Windows, *l.window(w))
	}
	return out
}

func (l *lowering) items(list []*ast.ResultColumn) []ir.SelectItem {
	var out []ir.SelectItem
	for _, c := range list {
		out = append(out, ir.SelectItem{At: l.at(c), X: l.expr(c.Expr), Alias: l.optIdent(c.Alias)})
	}
	return out
}

func (l *lowering) orderBy(list []*ast.OrderingTerm) []ir.OrderItem {
	var out []ir.OrderItem
	for _, t := range list {
		out = append(out, ir.OrderItem{
			At: l.at(t), X: l.expr(t.Expr), Desc: t.Order == ast.SortDesc, Nulls: nulls(t.Nulls),
		})
	}
	return out
}

func nulls(n ast.NullsOrder) string {
	return [...]string{ast.NullsDefault: "", ast.NullsFirst: "FIRST", ast.NullsLast: "LAST"}[n]
}

func (l *lowering) limit(n *ast.Limit) (limit, offset ir.Expr) {
	if n == nil {
		return nil, nil
	}
	return l.expr(n.Count), l.optExpr(n.Offset)
}

func (l *lowering) with(n *ast.With) *ir.With {
	if n == nil {
		return nil
	}
	out := &ir.With{At: l.at(n), Recursive: n.Recursive}
	for _, c := range n.CTEs {
		out.CTEs = append(out.CTEs, ir.CTE{
			At: l.at(c), Name: l.ident(c.Name), Columns: l.idents(c.Columns), Query: l.query(c.Select),
			Materialized: [...]string{
				ast.MaterializedAny: "", ast.MaterializedYes: "MATERIALIZED", ast.MaterializedNo: "NOT MATERIALIZED",
			}[c.Materialized],
		})
	}
	return out
}

// from lowers SQLite's flat FROM list. There a comma binds as tightly as JOIN, so that
// "a, b JOIN c ON …" sees a in the condition; the comma list before a JOIN therefore
// becomes a cross join. A comma with ON or USING is an inner join.
func (l *lowering) from(list []*ast.TableRef) []ir.TableExpr {
	var out []ir.TableExpr
	start := 0
	for i, t := range list {
		item := l.tableItem(t)
		if i == 0 {
			if t.On != nil || len(t.Using) > 0 {
				word := "ON"
				if t.On == nil {
					word = "USING"
				}
				l.syntax(t, "a JOIN clause is required before %s", word)
			}
			start = t.Pos()
			out = append(out, item)
			continue
		}
		if t.Join.Type&ast.JoinComma != 0 && t.On == nil && len(t.Using) == 0 {
			out = append(out, item)
			continue
		}
		j := &ir.Join{
			At: l.between(start, t.End()), L: cross(out), R: item,
			Kind:    l.joinKind(t.Join),
			Natural: t.Join.Type&ast.JoinNatural != 0,
			Using:   l.idents(t.Using),
			On:      l.optExpr(t.On),
		}
		if j.Natural && (j.On != nil || j.Using != nil) {
			l.syntax(t, "a NATURAL join may not have an ON or USING clause")
		}
		j.Cross = j.Kind == ir.InnerJoin && !j.Natural && j.On == nil && j.Using == nil
		out = []ir.TableExpr{j}
	}
	return out
}

// joinWords are the words that may stand before JOIN.
var joinWords = map[string]bool{
	"NATURAL": true, "LEFT": true, "RIGHT": true, "FULL": true, "OUTER": true, "INNER": true, "CROSS": true, "JOIN": true,
}

func (l *lowering) joinKind(op *ast.JoinOperator) ir.JoinKind {
	known := true
	for _, w := range op.Words {
		known = known && joinWords[strings.ToUpper(w)]
	}
	outer := op.Type & (ast.JoinLeft | ast.JoinRight)
	if !known || op.Type&ast.JoinInner != 0 && op.Type&ast.JoinOuter != 0 || op.Type&ast.JoinOuter != 0 && outer == 0 {
		l.syntax(op, "unknown join type: %s", strings.Join(op.Words[:max(len(op.Words)-1, 0)], " "))
	}
	switch outer {
	case ast.JoinLeft:
		return ir.LeftJoin
	case ast.JoinRight:
		return ir.RightJoin
	case ast.JoinLeft | ast.JoinRight:
		return ir.FullJoin
	}
	return ir.InnerJoin
}

// tableItem lowers one item of FROM without the join that attaches it.
func (l *lowering) tableItem(n *ast.TableRef) ir.TableExpr {
	defer l.leave()
	ok := l.enter(n)
	start := n.Pos()
	if n.Join != nil {
		start = l.startAfter(n.Join.End())
	}
	alias := l.alias(n.Alias)
	switch {
	case !ok:
		return &ir.TableRef{At: l.between(start, n.End())}
	case n.Name != nil && n.HasArgs:
		end := l.closing(n.Name.End())
		call := l.between(start, end)
		fn := &ir.FuncCall{At: call, Name: lowerCall(l.name(n.Name)), Args: l.args(n.Args)}
		return &ir.TableFunc{
			At:      l.between(start, max(end, aliasEnd(n.Alias))),
			Calls:   []ir.TableCall{{At: call, Func: fn}},
			Lateral: true, // arguments see every table to the left
			Alias:   alias,
		}
	case n.Name != nil:
		end := max(n.Name.End(), aliasEnd(n.Alias))
		out := &ir.TableRef{Name: l.name(n.Name), Alias: alias}
		if n.IndexedBy != nil {
			end = n.IndexedBy.End()
			out.IndexHints = []ir.Ident{l.ident(n.IndexedBy)}
		}
		out.At = l.between(start, end)
		return out
	case n.Select != nil:
		end := max(l.closing(start), aliasEnd(n.Alias))
		return &ir.Derived{At: l.between(start, end), Query: l.query(n.Select), Alias: alias}
	}
	end := max(l.closing(start), aliasEnd(n.Alias))
	return l.nested(l.from(n.List), l.between(start, end), alias)
}

// nested lowers a parenthesised FROM list. One item in parentheses is that item, under the
// outer alias where there is one.
func (l *lowering) nested(list []ir.TableExpr, at ir.At, alias *ir.Alias) ir.TableExpr {
	if len(list) == 1 {
		switch t := list[0].(type) {
		case *ir.Join:
			t.At = at
			if alias != nil {
				t.Alias = alias
			}
		case *ir.TableRef:
			t.At = at
			if alias != nil {
				t.Alias = alias
			}
		case *ir.Derived:
			t.At = at
			if alias != nil {
				t.Alias = alias
			}
		case *ir.TableFunc:
			t.At = at
			if alias != nil {
				t.Alias = alias
			}
		}
		return list[0]
	}
	j := cross(list).(*ir.Join)
	j.At, j.Alias = at, alias
	return j
}

// cross joins a comma list.
func cross(list []ir.TableExpr) ir.TableExpr {
	left := list[0]
	for _, r := range list[1:] {
		left = &ir.Join{At: ir.At{Pos: left.Span().Cover(r.Span())}, Kind: ir.InnerJoin, Cross: true, L: left, R: r}
	}
	return left
}

// closing is the end of the parenthesis that opens at or behind offset.
func (l *lowering) closing(offset int) int {
	i := l.s.TokenAt(offset)
	if l.s.TokenText(i) != "(" {
		return offset
	}
	return int(l.s.Tokens[l.s.Matching(i)].End)
}

func (l *lowering) alias(n *ast.Ident) *ir.Alias {
	if n == nil {
		return nil
	}
	return &ir.Alias{At: l.at(n), Name: l.ident(n)}
}

func aliasEnd(n *ast.Ident) int {
	if n == nil {
		return 0
	}
	return n.End()
}

func (l *lowering) window(n *ast.WindowDef) *ir.Window {
	if n == nil {
		return nil
	}
	w := &ir.Window{
		At: l.at(n), Name: l.optIdent(n.Name), Ref: l.optIdent(n.Base),
		Partition: l.exprs(n.Partition), OrderBy: l.orderBy(n.OrderBy),
	}
	if n.Frame == ast.FrameNone {
		return w
	}
	// The frame starts at its unit word, which stands before the first bound, with
	// BETWEEN in the middle where both bounds are given, and runs to the definition's
	// closing parenthesis.
	words := 1
	if n.EndBound != nil {
		words = 2
	}
	start := n.StartBound.Pos()
	if i := l.s.TokenAt(start) - words; i >= 0 && i < len(l.s.Tokens) {
		start = int(l.s.Tokens[i].Start)
	}
	end := n.StartBound.End()
	if n.EndBound != nil {
		end = n.EndBound.End()
	}
	if n.Exclude != ast.ExcludeNone {
		end = l.endBefore(n.End()-1, 1)
	}
	f := &ir.Frame{
		At:      l.between(start, end),
		Unit:    [...]string{ast.FrameRange: "RANGE", ast.FrameRows: "ROWS", ast.FrameGroups: "GROUPS"}[n.Frame],
		Start:   l.bound(n.StartBound),
		Exclude: excludes[n.Exclude],
	}
	if n.EndBound != nil {
		f.End = l.bound(n.EndBound)
	}
	w.Frame = f
	return w
}

var excludes = map[ast.FrameExclude]string{
	ast.ExcludeNoOthers: "NO OTHERS", ast.ExcludeCurrentRow: "CURRENT ROW",
	ast.ExcludeGroup: "GROUP", ast.ExcludeTies: "TIES",
}

func (l *lowering) bound(n *ast.FrameBound) ir.Bound {
	return ir.Bound{
		Kind: [...]string{
			ast.BoundUnboundedPreceding: "UNBOUNDED PRECEDING", ast.BoundPreceding: "PRECEDING",
			ast.BoundCurrentRow: "CURRENT ROW", ast.BoundFollowing: "FOLLOWING",
			ast.BoundUnboundedFollowing: "UNBOUNDED FOLLOWING",
		}[n.Type],
		X: l.optExpr(n.Expr),
	}
}

// param lowers a placeholder to the parameter that the lexer found there.
func (l *lowering) param(n *ast.BindParam) ir.Expr {
	ref := l.s.ParamAt(n.Pos())
	if ref < 0 {
		l.diags.Add(diag.New(diag.UnknownParameter, l.at(n).Pos, "parameter %s has no definition", n.Raw))
		return &ir.Opaque{At: l.at(n), What: "parameter"}
	}
	return &ir.Param{At: l.at(n), Ref: ref}
}
