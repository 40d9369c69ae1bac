// Package forupdatenoorder is the rule CV4401.
package forupdatenoorder

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/catalog"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds several rows that are locked in no order.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	switch q.Command {
	case "one", "maybe", "batchone":
		return // one row is meant; that there may be more is one-may-return-many's
	}
	for _, k := range q.Bound.Blocks() {
		s, ok := k.Query.(*ir.Select)
		if !ok || len(s.OrderBy) > 0 {
			continue
		}
		e, ok := rule.EndingOf(k)
		if !ok || k.Node.Props().Card.AtMost(1) {
			continue
		}
		for i := range s.Locking {
			l := &s.Locking[i]
			if l.Wait != "" || l.Strength != "UPDATE" && l.Strength != "NO KEY UPDATE" || !several(e, l) {
				continue
			}
			d := q.At(l, "these rows are locked in the order in which the plan finds them: two transactions that lock some of the same rows can wait for each other, a deadlock")
			if by := q.TieBreaker(k, e, rel.ColSet{}); by != nil {
				d = d.WithHelp("lock in one order: ORDER BY %s", strings.Join(by, ", "))
			} else {
				d = d.WithHelp("lock in one order: ORDER BY the key")
			}
			q.Add(d)
			break
		}
	}
}

// several tells whether a lock may take several rows of a table.
func several(e rule.Ending, l *ir.Lock) bool {
	fixed := e.Rows.Props().FDs.Closure(rel.ColSet{})
	for _, leaf := range rel.LeavesOf(e.Rows).List {
		s, ok := leaf.Node.(*rel.Scan)
		if !ok || s.Table.Kind != catalog.BaseTable || fixed.Has(leaf.Row) {
			continue
		}
		if len(l.Of) == 0 {
			return true
		}
		for _, of := range l.Of {
			if strings.EqualFold(of.Last(), leaf.Name) {
				return true
			}
		}
	}
	return false
}
