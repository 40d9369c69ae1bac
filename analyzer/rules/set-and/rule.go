// Package setand is the rule CV4110.
package setand

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
	"github.com/covetsql/covetsql/compiler/source"
)

//go:embed page.md
var page string

// Rule finds AND between what looks like two assignments.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	q.Walk(func(n ir.Node, _ *sem.Block) bool {
		switch n := n.(type) {
		case *ir.Update:
			assignments(q, n.Set)
		case *ir.Insert:
			assignments(q, n.OnDuplicate)
		case *ir.OnConflict:
			assignments(q, n.Set)
		}
		return true
	})
}

func assignments(q *rule.Query, set []ir.Assign) {
	for i := range set {
		all, ok := set[i].Value.(*ir.Logical)
		if !ok || all.Op != "AND" || len(set[i].Targets) != 1 || condition(all.Args[0]) {
			continue
		}
		for _, arm := range all.Args[1:] {
			b, ok := arm.(*ir.Binary)
			if !ok || b.Op != "=" {
				continue
			}
			column, ok := b.L.(*ir.ColumnRef)
			if !ok {
				continue
			}
			target := set[i].Targets[0].Name.Name
			d := q.At(arm, "AND does not set %s: it makes one condition, and %s becomes true or false", q.Text(column), target).
				WithLabel(between(all.Args[0], arm), "this stands between two assignments")
			q.Add(d.WithHelp("write a comma: SET %s = %s, %s", target, q.Text(all.Args[0]), q.Text(arm)))
			break
		}
	}
}

// condition tells whether an expression is one, so that AND may be meant.
func condition(x ir.Expr) bool {
	switch x := x.(type) {
	case *ir.Binary:
		switch x.Op {
		case "=", "<>", "<", "<=", ">", ">=", "<=>", "IS DISTINCT FROM", "IS NOT DISTINCT FROM":
			return true
		}
	case *ir.Not, *ir.IsTest, *ir.Between, *ir.In, *ir.Like, *ir.Quantified, *ir.Exists, *ir.ColumnRef, *ir.Logical:
		return true
	}
	return false
}

func between(a, b ir.Node) source.Span { return a.Span().Cover(b.Span()) }
