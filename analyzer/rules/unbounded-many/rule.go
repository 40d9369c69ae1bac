// Package unboundedmany is the rule CV4315.
package unboundedmany

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds results without a bound.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	s, ok := q.Tree.(*ir.Select)
	if !ok || q.Command != "many" || q.Whole.Page != nil || s.Limit != nil || s.GroupBy != nil || q.Rel.Props().Card.AtMost(10000) || !rule.ReadsTable(q.Rel) {
		return
	}
	for _, x := range rule.Conjuncts(s.Where) {
		switch x := x.(type) {
		case *ir.Binary:
			if x.Op == "=" {
				return
			}
		case *ir.In, *ir.Quantified, *ir.Exists:
			return
		}
	}
	q.Add(q.AtName("%s returns all rows of what it reads, however many there are", q.Name).WithHelp("add LIMIT, or make it :iter, which streams"))
}
