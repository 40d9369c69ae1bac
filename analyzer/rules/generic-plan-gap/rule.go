// Package genericplangap is the rule CV5112.
package genericplangap

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// gap is how many times as dear the plan for all arguments is, dear a cost below which nobody notices.
const gap, dear = 10, 1_000

// Rule finds queries whose plan for all arguments is far worse than those for values.
var Rule = rule.NewPlan(page, check)

func check(p *rule.Planned) {
	if p.Plan.Cost < dear || p.Plan.Cost < gap*max(1, p.Custom.Cost) {
		return
	}
	p.Add(p.AtName("the plan of %s that holds for all arguments costs %s, and the one for values that its tables have %s: prepared statements may get the first",
		p.Name, rule.Many(p.Plan.Cost), rule.Many(p.Custom.Cost)).
		WithHelp("write a value that never changes into the query, or SET LOCAL plan_cache_mode = force_custom_plan in the transaction"))
}
