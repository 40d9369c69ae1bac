package rule

import "github.com/covetsql/covetsql/compiler/ir"

// Parents gives each node of the statement the one that it stands in.
func (q *Query) Parents() map[ir.Node]ir.Node {
	up := map[ir.Node]ir.Node{}
	ir.Walk(q.Tree, func(n ir.Node) bool {
		// Those further in come later, and so the nearest stays.
		ir.Walk(n, func(c ir.Node) bool {
			if c != n {
				up[c] = n
			}
			return true
		})
		return true
	})
	return up
}
