package mysql

import (
	"github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/covetsql/covetsql/compiler/ir"
)

func (l *lowering) windowSpec(n *ast.WindowSpec) ir.Window {
	start := l.i
	if n.OnlyAlias {
		id := l.find(n.Name.O)
		return ir.Window{At: id.At, Ref: &id}
	}
	var w ir.Window
	open := l.i
	l.eat("(")
	if n.Ref.O != "" {
		id := l.find(n.Ref.O)
		w.Ref = &id
	}
	if n.PartitionBy != nil {
		l.eatAll("PARTITION", "BY")
		for _, it := range n.PartitionBy.Items {
			l.eat(",")
			w.Partition = append(w.Partition, l.expr(it.Expr))
			l.eat("ASC", "DESC")
		}
	}
	w.OrderBy = l.orderBy(n.OrderBy)
	if f := n.Frame; f != nil {
		w.Frame = l.frame(f)
	}
	if l.is(open, "(") {
		l.i = l.closing(open) + 1
	}
	w.At = l.since(start)
	return w
}

var frameUnits = map[ast.FrameType]string{ast.Rows: "ROWS", ast.Ranges: "RANGE", ast.Groups: "GROUPS"}

func (l *lowering) frame(n *ast.FrameClause) *ir.Frame {
	start := l.i
	l.eat("ROWS", "RANGE", "GROUPS")
	f := &ir.Frame{Unit: frameUnits[n.Type]}
	if l.eat("BETWEEN") {
		f.Start = l.bound(n.Extent.Start)
		l.eat("AND")
		f.End = l.bound(n.Extent.End)
	} else {
		f.Start = l.bound(n.Extent.Start)
	}
	f.At = l.since(start)
	return f
}

func (l *lowering) bound(n ast.FrameBound) ir.Bound {
	var b ir.Bound
	switch n.Type {
	case ast.CurrentRow:
		l.eatAll("CURRENT", "ROW")
		return ir.Bound{Kind: "CURRENT ROW"}
	case ast.Preceding:
		b.Kind = "PRECEDING"
	case ast.Following:
		b.Kind = "FOLLOWING"
	}
	switch {
	case n.UnBounded:
		l.eat("UNBOUNDED")
		b.Kind = "UNBOUNDED " + b.Kind
	case l.is(l.i, "INTERVAL"):
		b.X = l.interval(n.Expr)
	default:
		b.X = l.expr(n.Expr)
	}
	l.eat("PRECEDING", "FOLLOWING")
	return b
}
