// Package disksort is the rule CV5103.
package disksort

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/plan"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds sorts that were written to files.
var Rule = rule.NewPlan(page, check)

func check(p *rule.Planned) {
	p.Plan.Walk(func(n *plan.Node, _ []*plan.Node) {
		if n.Kind != plan.Sort || n.Actual == nil || n.Actual.Disk == 0 {
			return
		}
		p.Add(p.AtName("%s sorts about %s rows by %s, which needed %s KB on disk: they do not fit into work_mem",
			p.Name, rule.Many(n.Actual.Rows), strings.Join(n.Keys, ", "), rule.Many(n.Actual.Disk)).
			WithHelp("make an index in this order, select fewer columns, or SET LOCAL work_mem in the transaction that runs it"))
	})
}
