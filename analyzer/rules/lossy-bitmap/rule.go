// Package lossybitmap is the rule CV5105.
package lossybitmap

import (
	_ "embed"
	"github.com/covetsql/covetsql/analyzer/plan"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds bitmaps that lost the rows.
var Rule = rule.NewPlan(page, check)

func check(p *rule.Planned) {
	p.Plan.Walk(func(n *plan.Node, _ []*plan.Node) {
		if a := n.Actual; a != nil && a.Lossy > a.Exact {
			p.Add(p.AtName("the bitmap of what %s finds in %s does not fit into work_mem: %s of %s blocks are read whole and all of their rows looked at again",
				p.Name, n.Table, rule.Many(a.Lossy), rule.Many(a.Lossy+a.Exact)).
				WithHelp("ask for fewer rows at a time, or SET LOCAL work_mem in the transaction that runs it"))
		}
	})
}
