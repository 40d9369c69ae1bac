// Package uncorrelatedexists is the rule CV4130.
package uncorrelatedexists

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/sem"
)

//go:embed page.md
var page string

// Rule finds EXISTS that has nothing to do with the rows around.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	inserts := map[ir.Query]bool{} // INSERT … SELECT … WHERE NOT EXISTS asks about the table as a whole
	for _, n := range rule.Exprs[*ir.Insert](q) {
		inserts[n.Source] = true
	}
	for _, c := range q.Conditions() {
		if c.Clause != rule.Where || inserts[c.Block.Query] {
			continue
		}
		around := q.RelationsIn(c.Block)
		if len(around) == 0 {
			continue
		}
		for _, x := range rule.Conjuncts(c.X) {
			if not, ok := x.(*ir.Not); ok {
				x = not.X
			}
			if e, ok := x.(*ir.Exists); ok {
				judge(q, e, around)
			}
		}
	}
}

func judge(q *rule.Query, e *ir.Exists, around []*sem.Relation) {
	s, ok := e.Query.(*ir.Select)
	k := q.Block(e.Query)
	if !ok || k == nil || len(s.From) == 0 || !k.Outer.Empty() || s.GroupBy != nil || s.Having != nil {
		return
	}
	asked := false // an argument chooses: a gate for the whole query
	ir.Walk(s, func(n ir.Node) bool {
		_, param := n.(*ir.Param)
		asked = asked || param
		return !asked
	})
	inside := q.RelationsIn(k)
	repeats := ""
	for _, r := range inside {
		if r.Table == nil {
			return // a common table expression or a function: what was found before is asked for
		}
		for _, o := range around {
			if o.Table == r.Table {
				repeats = r.Table.Name
			}
		}
	}
	if asked || len(inside) == 0 || s.Where != nil && repeats == "" {
		return
	}
	d := q.At(e, "this EXISTS does not depend on the row: it holds for all rows, or for none")
	if repeats != "" {
		d = q.At(e, "this EXISTS does not depend on the row, as its %s is not the one around: it holds for all rows, or for none", repeats)
	}
	q.Add(d.WithHelp("compare a column of the subquery with one of %s", names(around)))
}

func names(list []*sem.Relation) string {
	out := ""
	for i, r := range list {
		if i > 0 {
			out += " or "
		}
		out += r.Name
	}
	return out
}
