// Package insertselectlocks is the rule CV4408.
package insertselectlocks

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds tables that an INSERT locks as it reads them.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, in := range rule.Exprs[*ir.Insert](q) {
		k := q.Block(in.Source)
		if in.Source == nil || k == nil || k.Node.Props().Card.AtMost(1000) {
			continue
		}
		for _, l := range rel.LeavesOf(k.Node).List {
			if s, ok := l.Node.(*rel.Scan); ok && s.Table.Kind == catalog.BaseTable {
				q.Add(q.At(in.Source, "the rows of %s that this reads are locked until the transaction ends", s.Table.Name).WithHelp("run it under READ COMMITTED, or in chunks of the key"))
				break
			}
		}
	}
}
