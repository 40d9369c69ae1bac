// Package arrayanywrongside is the rule CV5021.
package arrayanywrongside

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/access"
	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds value = ANY (column), which no index over the array serves.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, a := range access.Of(q) {
		if a.Reached() {
			continue
		}
		for _, c := range a.Conds {
			x, ok := c.X.(*ir.Quantified)
			if !ok || c.Operator != "ANY" || x.Op != "=" || c.Within != nil || c.Column == nil {
				continue
			}
			if _, plain := x.Array.(*ir.ColumnRef); !plain {
				continue
			}
			d := q.At(x, "no index serves a value compared with ANY of a column: all rows of %s are read", a.Table.Name)
			help := "@> says the same, and a GIN index serves it: %s @> ARRAY[%s]"
			for _, p := range a.Paths {
				if p.Method == "gin" && p.Has(c.Column) >= 0 {
					d = q.At(x, "%s is not used: it serves @>, not a value compared with ANY of the column, so all rows of %s are read", p, a.Table.Name).WithLabel(p.Span, "the index")
					help = "@> says the same, and the index serves it: %s @> ARRAY[%s]"
				}
			}
			q.Add(d.WithHelp(help, q.Text(x.Array), q.Text(x.X)))
		}
	}
}
