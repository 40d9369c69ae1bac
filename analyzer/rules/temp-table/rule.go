// Package temptable is the rule CV5111.
package temptable

import (
	_ "embed"
	"slices"

	"github.com/covetsql/covetsql/analyzer/plan"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds sorts of many rows under a LIMIT that an index could serve.
var Rule = rule.NewPlan(page, check)

func check(p *rule.Planned) {
	for _, a := range p.Accesses() {
		sorted := slices.ContainsFunc(a.Above, func(n *plan.Node) bool { return n.Kind == plan.Sort })
		if !sorted || a.Stock.Rows < plan.Large || a.Repeated() || !p.Limited(a.Relation) || p.Ranged(a.Relation) {
			continue
		}
		order := p.OrderColumns(a.Relation)
		if len(order) == 0 || !p.Alone(a.Relation) {
			continue
		}
		rows := a.Stock.Rows
		var columns []string
		whole := true
		for _, e := range p.Equalities(a.Relation) {
			rows *= e.Fraction
			columns = append(columns, e.Column.Name)
			whole = whole && e.Fraction < 1
		}
		if rows < plan.Large || !whole {
			continue
		}
		columns = append(columns, order...)
		if slices.ContainsFunc(rule.Indexes(a.Relation.Table), func(ix []string) bool {
			return len(ix) >= len(columns) && slices.Equal(ix[:len(columns)], columns)
		}) {
			continue
		}
		d := p.At(p.OrderBy(a.Relation), "about %s rows of %s are read and sorted to return the first few: no index has this order", rule.Many(rows), a.Relation.Table.Name)
		p.Add(d.WithHelp("%s", p.CreateIndex(a.Relation.Table, columns...)))
	}
}
