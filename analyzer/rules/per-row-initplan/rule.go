// Package perrowinitplan is the rule CV5110.
package perrowinitplan

import (
	_ "embed"
	"github.com/covetsql/covetsql/analyzer/plan"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// reads is how many rows may be read again and again without harm.
const reads = 1_000_000

// Rule finds subqueries that read a table whole for each row.
var Rule = rule.NewPlan(page, check)

func check(p *rule.Planned) {
	list := p.Accesses()
	for _, a := range list {
		if !a.Whole() || a.Stock.Rows < plan.Tiny || !a.Repeated() {
			continue
		}
		around := p.RowsAround(a)
		if around*a.Stock.Rows < reads {
			continue
		}
		for _, e := range p.Equalities(a.Relation) {
			if !e.Outer || rule.Leading(a.Relation.Table, e.Column) {
				continue
			}
			p.Add(p.At(e.X, "the subquery reads all %s rows of %s, again for each of about %s rows: no index has %s in front",
				rule.Many(a.Stock.Rows), a.Relation.Table.Name, rule.Many(around), e.Column.Name).
				WithHelp("%s", p.CreateIndex(a.Relation.Table, e.Column.Name)).
				WithHelp("or join with the subquery grouped by %s, which is computed once", e.Column.Name))
			break
		}
	}
}
