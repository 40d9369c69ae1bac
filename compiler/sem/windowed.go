package sem

import (
	"strings"

	"github.com/covetsql/covetsql/compiler/ir"
)

// sortsGroups tells whether an aggregate of a block makes the server sort the rows of its groups, where that
// loses what is computed of window functions (dialect.Traits.GroupsLoseWindows).
func (b *binder) sortsGroups(q *ir.Select) bool {
	if len(b.traits.GroupsLoseWindows) == 0 {
		return false
	}
	found := false
	ir.Walk(q, func(n ir.Node) bool {
		if x, ok := n.(*ir.FuncCall); ok && x.Over == nil {
			found = found || x.Distinct || b.traits.GroupsLoseWindows[strings.ToLower(x.Name.Last())]
		}
		return !found
	})
	return found
}

// isWindow tells whether an expression is a window function itself.
func isWindow(x ir.Expr) bool {
	call, ok := x.(*ir.FuncCall)
	return ok && call.Over != nil
}
