// Package sortacrosstables is the rule CV5028.
package sortacrosstables

import (
	_ "embed"
	"slices"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds LIMIT over rows that are sorted by columns of different tables.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, s := range rule.Exprs[*ir.Select](q) {
		k := q.Block(s)
		if k == nil || k.Node == nil || s.Limit == nil || len(s.OrderBy) < 2 || s.GroupBy != nil || k.Node.Props().Card.AtMost(1) {
			continue
		}
		sort, ok := rule.Below[*rel.Sort](k.Node)
		if !ok {
			continue
		}
		leaves := rel.LeavesOf(sort)
		fixed := sort.Props().FDs
		var known rel.ColSet
		var names []string
		for _, id := range sort.Cols {
			if leaf := leaves.Of(id); leaf != nil && !fixed.Closure(known).Has(id) && !slices.Contains(names, leaf.Name) {
				names = append(names, leaf.Name)
			}
			known = known.With(id)
		}
		if len(names) > 1 {
			q.Add(q.At(&s.OrderBy[0], "the rows are sorted by columns of %s: no index has that order, so all rows are joined and sorted before LIMIT cuts them", rule.List(names)).
				WithHelp("sort by columns of one table that an index has in that order, or store the other column there too"))
		}
	}
}
