// Package notinnullable is the rule CV4101.
package notinnullable

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/types"
)

//go:embed page.md
var page string

// Rule finds NOT IN over values of which one may be NULL.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, in := range rule.Exprs[*ir.In](q) {
		if !in.Not || in.Query == nil {
			continue // NULL in a list is eq-null's
		}
		k := q.Block(in.Query)
		if k == nil {
			continue
		}
		for _, c := range k.Columns {
			if c.Null.IsNever() {
				continue
			}
			d := q.At(in, "NOT IN is never true as soon as the subquery gives a NULL, and %s may be NULL", c.Name)
			if c.Null.Null == types.Always {
				d = q.At(in, "NOT IN is never true, because the subquery gives NULL")
			}
			d = d.WithLabel(c.Null.Reason.At, "%s", c.Null.Reason.Text).
				WithHelp("write NOT EXISTS with the comparison in its WHERE, or leave NULL out: WHERE %s IS NOT NULL", c.Name)
			q.Add(d)
			break
		}
	}
}
