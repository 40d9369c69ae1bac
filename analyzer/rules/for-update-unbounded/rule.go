// Package forupdateunbounded is the rule CV4402.
package forupdateunbounded

import (
	_ "embed"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
)

//go:embed page.md
var page string

// Rule finds locks of all rows.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, k := range q.Bound.Blocks() {
		s, ok := k.Query.(*ir.Select)
		if !ok || len(s.Locking) == 0 || s.Where != nil || s.Limit != nil || len(s.From) != 1 {
			continue
		}
		t, ok := s.From[0].(*ir.TableRef)
		if !ok || q.Relation(t) == nil || q.Relation(t).Table == nil || k.Node.Props().Card.AtMost(1) {
			continue
		}
		l := &s.Locking[0]
		if l.Strength == "UPDATE" || l.Strength == "NO KEY UPDATE" {
			q.Add(q.At(l, "this locks all rows of %s until the transaction ends", t.Name.Last()).WithHelp("say with WHERE which ones are to be changed, or take some with LIMIT and SKIP LOCKED"))
		}
	}
}
