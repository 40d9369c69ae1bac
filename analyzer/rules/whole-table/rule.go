// Package wholetable is the rule CV5035.
package wholetable

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds statements that return or copy all rows of a table.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	x, ok := q.Tree.(ir.Query)
	if !ok || q.Command == "" || q.Command == "iter" {
		return // a view, or rows that stream
	}
	if ins, ok := x.(*ir.Insert); ok {
		x = ins.Source
	}
	judge(q, x)
}

// judge looks at the outermost query, and at each arm of a set operation whose rows nothing cuts.
func judge(q *rule.Query, x ir.Query) {
	switch x := x.(type) {
	case *ir.SetOp:
		if x.Limit == nil {
			judge(q, x.L)
			judge(q, x.R)
		}
	case *ir.Select:
		if x.Where != nil || x.Limit != nil || x.GroupBy != nil || x.Having != nil || len(x.From) != 1 {
			return
		}
		ref, ok := x.From[0].(*ir.TableRef)
		k := q.Block(x)
		if !ok || k == nil || k.Node == nil || k.Node.Props().Card.AtMost(1) {
			return // an aggregate alone, or a table of one row
		}
		if r := q.Relation(ref); r == nil || r.Table == nil || r.Table.Query != nil || rule.OneRow(r.Table) {
			return
		}
		q.Add(q.At(ref, "there is no condition and no LIMIT: all rows of %s are read, however many there are", q.Text(&ref.Name)).
			WithHelp("say which rows are wanted: WHERE, or LIMIT with ORDER BY"))
	}
}
