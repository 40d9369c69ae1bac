// Package badnestedloop is the rule CV5108.
package badnestedloop

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/plan"
	"github.com/covetsql/covetsql/compiler/catalog"

	"github.com/covetsql/covetsql/analyzer/rule"
)

//go:embed page.md
var page string

// pairs is how many are looked at without harm.
const pairs = 1_000_000

// Rule finds joins that compare every row of one table with every row of another.
var Rule = rule.NewPlan(page, check)

func check(p *rule.Planned) {
	list := p.Accesses()
	below := func(n *plan.Node) *rule.Access {
		for n != nil && (n.Kind == plan.Materialize || n.Kind == plan.Memoize) && len(n.Inputs) == 1 {
			n = n.Inputs[0]
		}
		for i := range list {
			if list[i].Node == n && n.Whole() {
				return &list[i]
			}
		}
		return nil
	}
	p.Plan.Walk(func(n *plan.Node, _ []*plan.Node) {
		loop := n.Kind == plan.NestedLoop || n.Kind == plan.HashJoin && p.Package.Engine == catalog.MySQL && !strings.Contains(n.Cond, " = ")
		if !loop || len(n.Inputs) < 2 {
			return
		}
		// The outer one may be filtered, of which SQLite tells nothing: it is a whole table without a condition of its own.
		outer, inner := below(n.Inputs[0]), below(n.Inputs[1])
		if outer == nil || inner == nil || len(p.Equalities(outer.Relation)) > 0 || len(p.Equalities(inner.Relation)) > 0 {
			return
		}
		if p.Ranged(outer.Relation) || p.Ranged(inner.Relation) || p.Limited(outer.Relation) {
			return
		}
		product := outer.Stock.Rows * inner.Stock.Rows
		if product < pairs || min(outer.Stock.Rows, inner.Stock.Rows) < plan.Tiny {
			return
		}
		at, ok := p.Joined(outer.Relation, inner.Relation)
		if !ok {
			return
		}
		if column := p.JoinColumn(inner.Relation, outer.Relation); column != "" { // MariaDB, which does not hash by itself
			if n.Kind == plan.HashJoin {
				return
			}
			p.Add(at.WithHelp("%s", p.CreateIndex(inner.Relation.Table, column)))
			return
		}
		p.Add(at.WithHelp("join by an equality, which can be searched or hashed; an OR is two queries with UNION between them"))
	})
}
