// Package upsertunconditional is the rule CV4406.
package upsertunconditional

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds upserts of rows that are the same.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, in := range rule.Exprs[*ir.Insert](q) {
		for i := range in.OnConflict {
			oc := &in.OnConflict[i]
			if len(oc.Set) == 0 || oc.UpdateIf != nil || len(in.Returning) > 0 {
				continue
			}
			all := true
			for j := range oc.Set {
				c, ok := oc.Set[j].Value.(*ir.ColumnRef)
				all = all && ok && len(c.Parts) > 1 && strings.EqualFold(c.Parts[0].Name, "excluded")
			}
			if all {
				q.Add(q.At(oc, "rows that are the same already are written anew").WithHelp("add WHERE with IS DISTINCT FROM behind SET"))
			}
		}
	}
}
