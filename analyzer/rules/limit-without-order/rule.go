// Package limitwithoutorder is the rule CV4201.
package limitwithoutorder

import (
	_ "embed"
	"strings"

	"github.com/covetsql/covetsql/analyzer/rule"
	"github.com/covetsql/covetsql/compiler/ir"
	"github.com/covetsql/covetsql/compiler/rel"
)

//go:embed page.md
var page string

// Rule finds LIMIT and OFFSET over rows in no order.
var Rule = rule.New(page, check)

func check(q *rule.Query) {
	for _, c := range q.Cuts() {
		if len(c.Tail.OrderBy) > 0 || c.Into != nil || sorted(q, c.Block.Query) {
			continue
		}
		at, word := c.Tail.Limit, "LIMIT"
		if at == nil {
			at, word = c.Tail.Offset, "OFFSET"
		}
		d := q.At(at, "%s without ORDER BY: which rows are left is up to the server, and may change from one call to the next", word)
		if by := q.TieBreaker(c.Block, c.Ending, rel.ColSet{}); by != nil {
			d = d.WithHelp("say which ones are meant: ORDER BY %s", strings.Join(by, ", "))
		} else {
			d = d.WithHelp("say with ORDER BY which ones are meant")
		}
		q.Add(d)
	}
}

// sorted tells whether a query takes the rows of one in FROM that is sorted, or is a sample: that is order-in-subquery's, and no fault.
func sorted(q *rule.Query, x ir.Query) bool {
	s, ok := x.(*ir.Select)
	if !ok || len(s.From) != 1 {
		return false
	}
	switch t := s.From[0].(type) {
	case *ir.Derived:
		tail := rule.Tail(t.Query)
		return tail != nil && len(tail.OrderBy) > 0
	case *ir.TableRef:
		if len(t.Sample) > 0 {
			return true
		}
		for _, cte := range rule.Exprs[*ir.CTE](q) {
			if len(t.Name.Parts) == 1 && cte.Name.Name == t.Name.Last() {
				tail := rule.Tail(cte.Query)
				return tail != nil && len(tail.OrderBy) > 0
			}
		}
	}
	return false
}
