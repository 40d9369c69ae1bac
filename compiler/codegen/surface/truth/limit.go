package truth

import (
	"slices"

	"github.com/covetsql/covetsql/compiler/codegen/surface"
	"github.com/covetsql/covetsql/compiler/facts"
	"github.com/covetsql/covetsql/compiler/ir"
)

// limit is the parameter that bounds a query's rows, its place in out.Params counted from 1; 0 where there is none.
func limit(q *facts.Query, out *surface.Query) int {
	if q.Page != nil { // its argument is an int that is one less
		return 0
	}
	var x ir.Expr
	switch t := q.Tree.(type) {
	case *ir.Select:
		x = t.Limit
	case *ir.SetOp:
		x = t.Limit
	}
	n, ok := numberOf(q, x)
	if !ok {
		return 0
	}
	return 1 + slices.IndexFunc(out.Params, func(p surface.Param) bool { return p.Number == n })
}

// numberOf is the number of the parameter that an expression is, under casts.
func numberOf(q *facts.Query, x ir.Expr) (n int, ok bool) {
	for {
		c, ok := x.(*ir.Cast)
		if !ok {
			break
		}
		x = c.X
	}
	p, ok := x.(*ir.Param)
	if !ok || p.Ref < 0 || p.Ref >= len(q.Source.Params) {
		return 0, false
	}
	return q.Source.Params[p.Ref].Number, true
}
