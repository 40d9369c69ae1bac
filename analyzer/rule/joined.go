package rule

import (
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

// Joined is what a block's FROM and WHERE give, before it is grouped and its select list computed; nil for a set operation or
// VALUES. Group is the grouping over it, nil where there is none.
func Joined(k *sem.Block) (joined rel.Node, group *rel.Aggregate) {
	n := k.Node
	for n != nil {
		switch at := n.(type) {
		case *rel.Aggregate:
			group, n = at, at.Input
			continue
		case *rel.Filter:
			if below, of := Joined(&sem.Block{Node: at.Input}); of != nil {
				return below, of // HAVING
			}
			return n, group
		case *rel.With:
			n = at.Input
		case *rel.Modify:
			n = at.Input
		case *rel.Project, *rel.Window, *rel.Distinct, *rel.Sort, *rel.Limit, *rel.Lock:
			n = at.Inputs()[0]
		case *rel.SetOp, *rel.Rows:
			return nil, nil
		default:
			return n, group
		}
	}
	return nil, nil
}

// Literal is the constant that x is, casts and signs aside; nil where it is none.
func (q *Query) Literal(x ir.Expr) *ir.Literal {
	for {
		switch at := x.(type) {
		case *ir.Cast:
			x = at.X
		case *ir.Collate:
			x = at.X
		case *ir.Literal:
			return at
		default:
			return q.Value(x).Constant
		}
	}
}

// Fixed tells whether x reads no column: it is made of constants and parameters.
func (q *Query) Fixed(x ir.Expr) bool { return q.Value(x).Uses.Empty() }
