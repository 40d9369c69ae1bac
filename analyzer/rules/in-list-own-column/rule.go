// Package inlistowncolumn is the rule CV4123.
package inlistowncolumn

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/diag"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds IN lists that hold what is looked for.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, in := range rule.Exprs[*ir.In](q) {
		for i, x := range in.List {
			if !q.Same(in.X, x) || len(q.Refs(x)) == 0 {
				continue
			}
			holds := "so the condition holds for each row in which it is not NULL"
			if in.Not {
				holds = "so the condition holds for no row"
			}
			d := q.At(x, "%s is in the list that it is looked for in, %s", q.Text(x), holds).
				WithHelp("leave it out, or put quotes around it if it is a text")
			if edit, ok := rule.Without(in.List, i, ","); ok {
				d = d.WithFix(diag.Fix{Title: "leave it out", Edits: []diag.Edit{edit}})
			}
			q.Add(d)
			break
		}
	}
}
