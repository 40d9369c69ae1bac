// Package donothingreturningone is the rule CV4405.
package donothingreturningone

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds :one queries that find no row where there is a conflict.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	in, ok := q.Tree.(*ir.Insert)
	if !ok || q.Command != "one" && q.Command != "batchone" || len(in.Returning) == 0 {
		return
	}
	const help = "DO UPDATE gives the row that is there; :maybe gives nil where nothing was written"
	for i := range in.OnConflict {
		if oc := &in.OnConflict[i]; oc.Nothing {
			q.Add(q.At(oc, "where the row is there already nothing is written and RETURNING gives no row: %s, which is :%s, returns an error", q.Name, q.Command).WithHelp(help))
			return
		}
	}
	if in.Or == "IGNORE" {
		q.Add(q.AtName("where the row is there already OR IGNORE writes nothing and RETURNING gives no row: %s, which is :%s, returns an error", q.Name, q.Command).WithHelp(help))
	}
}
