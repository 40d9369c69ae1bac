package sem

import (
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

// provedOfRollup is what of proved, which HAVING proves of columns, holds of the rows that WITH ROLLUP
// adds, where such rows may pass a HAVING that is not true of them
// (dialect.Traits.RollupPassesHaving): nothing of constants, nothing by comparing a column with
// itself, and nothing beside a window function.
func (b *binder) provedOfRollup(q *ir.Select, proved rel.ColSet, s *scope) rel.ColSet {
	if !b.traits.RollupPassesHaving || s.group == nil || s.group.sets == 0 || proved.Empty() {
		return proved
	}
	for i := range q.Items {
		if windowed(q.Items[i].X) {
			return rel.ColSet{}
		}
	}
	for i := range q.OrderBy {
		if windowed(q.OrderBy[i].X) {
			return rel.ColSet{}
		}
	}
	proved = proved.Minus(rel.Stated(s.group.input).Closure(rel.ColSet{}))
	ir.Walk(q.Having, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Binary:
			proved = proved.Minus(b.both(n.L, n.R, s))
		case *ir.Between:
			proved = proved.Minus(b.both(n.X, n.Lo, s)).Minus(b.both(n.X, n.Hi, s))
		case *ir.In:
			for _, it := range n.List {
				proved = proved.Minus(b.both(n.X, it, s))
			}
		}
		return true
	})
	return proved
}

// both is the column that l and r both name.
func (b *binder) both(l, r ir.Expr, s *scope) rel.ColSet {
	x, ok := l.(*ir.ColumnRef)
	y, also := r.(*ir.ColumnRef)
	if !ok || !also {
		return rel.ColSet{}
	}
	if c, d := b.peek(x, s), b.peek(y, s); c != nil && d != nil && c.id == d.id {
		return rel.MakeColSet(c.id)
	}
	return rel.ColSet{}
}

func windowed(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		if call, is := n.(*ir.FuncCall); is && call.Over != nil {
			found = true
		}
		return !found
	})
	return found
}
