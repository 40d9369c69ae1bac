// Package unjoinedrelation is the rule CV4107.
package unjoinedrelation

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds relations that nothing connects with the others of their FROM.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, f := range q.Froms() {
		g := connect(q, f)
		if g == nil {
			continue
		}
		first := -1
		said := map[int]bool{}
		for i := range g.leaves {
			root := g.find(i)
			if g.free[i] || said[root] {
				continue
			}
			said[root] = true
			if first < 0 {
				first = i
				continue
			}
			report(q, g, first, i)
		}
	}
}

func report(q *rule.Query, g *graph, first, i int) {
	a, b := g.leaves[first], g.leaves[i]
	on := g.on[b.item]
	at := ir.Node(b.item)
	if on != nil {
		at = on
	}
	d := q.At(at, "nothing connects %s with %s: each row of the one comes with every row of the other", b.name(q), a.name(q))
	if on != nil {
		d = q.At(at, "this condition connects %s with nothing: each of its rows comes with every row of %s", b.name(q), a.name(q))
	}
	d = d.WithLabel(a.item.Span(), "%s is joined with it by no condition", a.name(q))
	if x := q.Package.Refers(a.relation, b.relation); x != "" {
		d = d.WithHelp("the foreign key between them says %s", x)
	} else {
		d = d.WithHelp("add the condition that connects them")
	}
	q.Add(d.WithHelp("where all pairs are wanted, write CROSS JOIN"))
}
