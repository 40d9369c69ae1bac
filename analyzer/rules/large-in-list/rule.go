// Package largeinlist is the rule CV4317.
package largeinlist

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds long lists.
var Rule = rule.New(page, check)

const long = 500

func check(q *rule.Query) {
	for _, in := range rule.Exprs[*ir.In](q) {
		n := 0
		for _, x := range in.List {
			if _, ok := x.(*ir.Literal); ok {
				n++
			}
		}
		if n > long {
			q.Add(q.At(in.X, "IN has a list of %d constants, which is parsed and planned in each call", n).
				WithHelp("put the values into a table, or pass them as one argument"))
		}
	}
}
