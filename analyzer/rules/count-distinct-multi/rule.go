// Package countdistinctmulti is the rule CV4118.
package countdistinctmulti

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds counts of distinct rows that pass over rows with a NULL.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, f := range rule.Exprs[*ir.FuncCall](q) {
		if rule.AggregateName(f) != "count" || !f.Distinct {
			continue
		}
		var args []ir.Expr
		for _, a := range f.Args {
			if row, ok := a.X.(*ir.Row); ok {
				args = append(args, row.Items...)
			} else {
				args = append(args, a.X)
			}
		}
		if len(args) < 2 {
			continue
		}
		for _, x := range args {
			if !q.MayBeNull(x) {
				continue
			}
			reason := q.Value(x).Null.Reason
			q.Add(q.At(x, "rows in which %s is NULL are not counted: COUNT(DISTINCT …) passes over a row with a NULL in any column", q.Text(x)).
				WithLabel(reason.At, "%s", reason.Text).
				WithHelp("count the rows of a subquery: SELECT COUNT(*) FROM (SELECT DISTINCT … FROM …) d; or give NULL a value with COALESCE"))
			break
		}
	}
}
