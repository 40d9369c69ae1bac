// Package unbatchedchange is the rule CV4413.
package unbatchedchange

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds changes of all rows above or below a value, in one statement.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	q.Walk(func(n ir.Node, in *sem.Block) bool {
		switch n := n.(type) {
		case *ir.Update:
			if n.Limit == nil && len(n.Tables) == 1 && len(n.From) == 0 {
				judge(q, "UPDATE", n.Where)
			}
		case *ir.Delete:
			if n.Limit == nil && len(n.From) == 0 {
				judge(q, "DELETE", n.Where)
			}
		}
		return true
	})
}

// judge reports a condition all parts of which are intervals of columns, one of them with one end.
func judge(q *rule.Query, verb string, where ir.Expr) {
	var open ir.Expr
	ends := map[rel.ColID]int{}
	for _, x := range rule.Conjuncts(where) {
		b, ok := x.(*ir.Binary)
		if !ok || b.Op != "<" && b.Op != "<=" && b.Op != ">" && b.Op != ">=" {
			return
		}
		id := q.Value(b.L).Column
		if id == 0 {
			id = q.Value(b.R).Column
		}
		if id == 0 || ends[id] > 0 {
			return // an interval with two ends is a batch
		}
		ends[id]++
		open = x
	}
	if open == nil {
		return
	}
	q.Add(q.At(open, "the %s changes all rows for which %s, however many there are, in one statement", verb, q.Text(open)).
		WithHelp("change some thousand at a time: LIMIT, or an interval of the key with two ends, until all are done"))
}
