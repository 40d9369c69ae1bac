// Package mixedjoinstyle is the rule CV4601.
package mixedjoinstyle

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds tables that commas part beside ones that JOIN joins.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, f := range q.Froms() {
		items := f.Items
		if u, ok := f.Node.(*ir.Update); ok && len(u.From) > 0 {
			items = u.From // the target is no part of the list
		}
		if d, ok := f.Node.(*ir.Delete); ok && !d.Multi {
			items = d.From
		}
		var join *ir.Join
		var beside ir.TableExpr
		for _, t := range items {
			switch t := t.(type) {
			case *ir.Join:
				if join == nil {
					join = t
					continue
				}
				beside = t
			case *ir.TableRef:
				beside = t
			case *ir.Derived:
				if !t.Lateral {
					beside = t
				}
			}
		}
		if join == nil || beside == nil {
			continue
		}
		q.Add(q.At(beside, "a comma and JOIN stand in one FROM: JOIN binds tighter, so its ON can not see what is parted off by the comma").
			WithLabel(join.Span(), "these are joined first").
			WithHelp("write JOIN … ON, or CROSS JOIN, instead of the comma"))
	}
}
