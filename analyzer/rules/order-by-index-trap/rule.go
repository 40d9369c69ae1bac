// Package orderbyindextrap is the rule CV5109.
package orderbyindextrap

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/covetsql/covetsql/analyzer/plan"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// Rule finds indexes that are walked for their order.
var Rule = rule.NewPlan(page, check)

func check(p *rule.Planned) {
	for _, a := range p.Accesses() {
		if !a.Ordered() || a.Stock.Rows < plan.Large || !p.Limited(a.Relation) {
			continue
		}
		order := p.OrderColumns(a.Relation)
		list := p.Equalities(a.Relation)
		if len(list) == 0 || len(order) == 0 {
			continue
		}
		few := list[0]
		have := rule.Index(a.Relation.Table, a.Index)
		if few.Fraction > rare || have == nil || slices.ContainsFunc(have, func(c string) bool { return strings.EqualFold(c, few.Column.Name) }) {
			continue
		}
		if p.Limit(a.Relation)/few.Fraction < visits {
			continue
		}
		p.Add(p.At(few.X, "the index %s is walked in its order until enough rows have this %s, which about one row in %s has: up to all %s rows of %s are read",
			a.Index, few.Column.Name, rule.Many(1/few.Fraction), rule.Many(a.Stock.Rows), a.Relation.Table.Name).
			WithHelp("%s", p.CreateIndex(a.Relation.Table, append([]string{few.Column.Name}, order...)...)))
	}
}

// rare is the part of the rows below which it matters that they may stand far behind.
const rare = 0.01

// visits is how many rows may be looked at for the few, on average.
const visits = 500
