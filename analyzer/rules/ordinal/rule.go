// Package ordinal is the rule CV4207.
package ordinal

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds columns that are named by their number.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, k := range q.Bound.Blocks() {
		if s, ok := k.Query.(*ir.Select); ok && s.GroupBy != nil {
			for i := range s.GroupBy.Elems {
				for _, x := range s.GroupBy.Elems[i].Exprs {
					judge(q, x, "groups")
				}
			}
		}
		if t := rule.Tail(k.Query); t != nil {
			for i := range t.OrderBy {
				judge(q, t.OrderBy[i].X, "sorts")
			}
		}
	}
}

func judge(q *rule.Query, x ir.Expr, does string) {
	if n, ok := rule.Constant(x); ok {
		q.Add(q.At(x, "this %s by column %d of the result, whichever that is when the select list has changed", does, n).WithHelp("write its name"))
	}
}
