// Package hashbatches is the rule CV5104.
package hashbatches

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/plan"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds hash tables that were split.
var Rule = rule.NewPlan(page, check)

func check(p *rule.Planned) {
	p.Plan.Walk(func(n *plan.Node, _ []*plan.Node) {
		if n.Actual == nil || n.Actual.Batches <= 1 {
			return
		}
		what := "the hash table of a join"
		if n.Kind == plan.Aggregate {
			what = "the hash table of GROUP BY " + strings.Join(n.Keys, ", ")
		}
		p.Add(p.AtName("%s of %s does not fit into work_mem: it was split into %s parts, which were written to disk", what, p.Name, rule.Many(n.Actual.Batches)).
			WithHelp("let fewer or narrower rows into it, or SET LOCAL work_mem in the transaction that runs it"))
	})
}
