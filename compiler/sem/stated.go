package sem

import (
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

// stated are the equations that l = r states of columns of s: that a column is another one, is a constant, or
// is what a query around s has. A parameter is no constant: the statement is checked without its
// value.
func stated(l, r value, lx, rx ir.Expr, s *scope) []rel.Equality {
	one := func(c *column, other value, x ir.Expr) []rel.Equality {
		switch {
		case other.volatile || len(other.row) > 0:
			return nil
		case other.col != nil:
			return []rel.Equality{{A: c.id, B: other.col.id}}
		case other.uses.Empty() && x != nil && !hasParam(x) && !readsRows(x), !other.uses.Empty() && !other.uses.Intersects(s.local):
			return []rel.Equality{{A: c.id}}
		}
		return nil
	}
	switch {
	case l.col != nil && (r.col != nil || s.local.Has(l.col.id)):
		return one(l.col, r, rx)
	case r.col != nil:
		return one(r.col, l, lx)
	}
	return nil
}

// readsRows tells whether a query in x has a FROM.
func readsRows(x ir.Expr) bool {
	found := false
	ir.Walk(x, func(n ir.Node) bool {
		if q, is := n.(*ir.Select); is && len(q.From) > 0 {
			found = true
		}
		return !found
	})
	return found
}

// onlyItem is the one value of a query without FROM, nil of another.
func onlyItem(q ir.Query) ir.Expr {
	if q, is := q.(*ir.Select); is && len(q.From) == 0 && len(q.Items) == 1 && q.GroupBy == nil && q.Having == nil {
		return q.Items[0].X
	}
	return nil
}

// determinedBy are the columns that the rows of node which agree on cols agree on, as the engine
// finds it.
func (b *binder) determinedBy(cols rel.ColSet, node rel.Node) rel.ColSet {
	if b.traits.StatedDependence {
		return rel.Stated(node).Closure(cols)
	}
	return node.Props().FDs.Closure(cols)
}
