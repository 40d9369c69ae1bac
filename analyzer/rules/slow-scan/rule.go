// Package slowscan is the rule CV5101.
package slowscan

import (
	_ "embed"
	"github.com/covetsql/covetsql/analyzer/plan"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds tables that are read whole for a few of their rows.
var Rule = rule.NewPlan(page, check)

func check(p *rule.Planned) {
	for _, a := range p.Accesses() {
		if !a.Whole() || a.Stock.Rows < plan.Large || a.Repeated() || a.Ordered() {
			continue
		}
		var columns []string
		list := p.Equalities(a.Relation)
		if len(list) == 0 || list[0].Fraction > plan.Selective || list[0].Outer || rule.Leading(a.Relation.Table, list[0].Column) {
			continue
		}
		for _, e := range list {
			if e.Fraction <= 0.5 && len(columns) < 3 {
				columns = append(columns, e.Column.Name)
			}
		}
		few := list[0]
		p.Add(p.At(few.X, "all %s rows of %s are read to find about %s: no index has %s in front", rule.Many(a.Stock.Rows), a.Relation.Table.Name,
			rule.Many(max(1, a.Stock.Rows*few.Fraction)), few.Column.Name).
			WithLabel(few.Column.Span, "the column").
			WithHelp("%s", p.CreateIndex(a.Relation.Table, columns...)))
	}
}
